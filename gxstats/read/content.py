"""What a cell or paragraph holds while it is being read, and why its text may not be trusted."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

FIGURE: Final = re.compile(r"[\d.．,，+\-－−–—%％‰〇一二三四五六七八九十百千万萬亿億零²³¹⁰-⁹₀-₉①-⑳]")
"""A character that is, or may be part of, a figure."""
BLANKS: Final = " \t\r\n"
_OTHER_SIZE: Final = 1.5
_MARK_SIZE: Final = 1.19
"""So many times smaller may be the mark of a footnote; sizes next to each other (12, 10.5) are less apart."""


@dataclass(slots=True)
class Content:
    """The text found below an element, and what stands there that is no text."""

    parts: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    """Oddities, by the names :func:`damage_of` knows."""
    pictures: list[etree._Element] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    """Text boxes, where they are wanted apart from the text."""
    tables: list[etree._Element] = field(default_factory=list)
    codes: list[bool] = field(default_factory=list)
    """For each field that has begun and not ended: whether its code, not its result, is being read."""
    background: str = ""
    """The fill of the cell, as ``RRGGBB``."""

    def several(self) -> bool:
        r"""Whether more than one piece of the text may be part of a figure.

        Example:
            >>> Content(parts=["1", "\n", "2"]).several(), Content(parts=["1", " "]).several()
            (True, False)
        """
        return len(self.parts) > 1 and sum(FIGURE.search(part) is not None for part in self.parts) > 1

    def text(self) -> str:
        r"""The text: lines without surrounding blanks, empty ones left out.

        Example:
            >>> Content(parts=["1", "\n", " ", "\n", "2 "]).text()
            '1\n2'
        """
        text = "".join(self.parts).strip(BLANKS)
        if "\n" not in text:
            return text
        return "\n".join(line for line in (line.strip(BLANKS) for line in text.split("\n")) if line)


def may_be_a_mark(sizes: Sequence[tuple[float, bool]]) -> bool:
    """Whether digits beside each other may be a figure and the mark of a footnote, by their sizes.

    Args:
        sizes: Of each piece its size, and whether that is stated of the piece itself and not guessed.

    Example:
        >>> may_be_a_mark([(14, False), (11.6, True)]), may_be_a_mark([(14, True), (14, True)])
        (True, False)
        >>> may_be_a_mark([(14, True), (11, False)]), may_be_a_mark([(21, True), (14, False)])
        (False, True)
    """
    if len(sizes) < 2:
        return False
    first, largest = sizes[0][0], max(size for size, _ in sizes)
    return any(
        largest >= _OTHER_SIZE * size or (stated and first >= _MARK_SIZE * size) for size, stated in sizes
    )


_WHY: Final = (
    "superscript",
    "struck",
    "math",
    "ruby",
    "reordered",
    "symbol_font",
    "unseen",
    "nested_table",
    "generated",
    "script",
    "embedded",
    "field",
    "text_box",
    "image",
    "numbering",
    "several_pieces",
)


def damage_of(text: str, marks: Collection[str]) -> str:
    """The ``damage`` of a cell.

    Args:
        text: Its text.
        marks: What is odd about it. ``superscript``, ``struck``: such text is part of the text (5 with
            a footnote mark 2 reads 52, a struck 12 before 13 reads 1213). ``math``, ``ruby``,
            ``reordered``, ``symbol_font``, ``unseen``, ``several_pieces``, ``numbering``: it is shown
            otherwise, not shown, or not one number. ``image``, ``text_box``, ``nested_table``, ``script``,
            ``embedded``, ``field``: something stands there that may show a figure. Other marks are no
            damage, but where ``hidden`` text leaves nothing, ``hidden`` is.

    Returns:
        ``encoding`` if a character could not be decoded, the gravest mark, or nothing.

    Example:
        >>> damage_of("52", {"superscript", "image"}), damage_of("52", {"hidden"}), damage_of(" ", {"hidden"})
        ('superscript', '', 'hidden')
    """
    if "\ufffd" in text:
        return "encoding"
    if not marks:
        return ""
    if "hidden" in marks and not text.strip():
        return "hidden"
    return next((mark for mark in _WHY if mark in marks), "")
