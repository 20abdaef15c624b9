"""Text objects of an OFD page: which characters stand where, as the file says."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from lxml import etree

from gxstats.errors import LimitExceeded, ReadError
from gxstats.read.ofd_package import name_of
from gxstats.read.ofd_resources import Fonts
from gxstats.read.ofd_values import BLACK, PLAIN, Colour, Matrix, Rectangle, number, spread, whole
from gxstats.read.pdf_limits import MAX_CHARACTERS_ON_A_PAGE

NARROW = 0.55
"""Width of a digit or Latin letter whose step nobody states, as a share of the size..."""
WIDE = 0x1100
"""...and from this code point on characters are as wide as they are high."""


class Look(NamedTuple):
    """What a text object's characters share: ``turn`` is in degrees clockwise, ``rgb`` None if unknown."""

    size: float
    stretch: float
    turn: int
    font: str
    by: Matrix = PLAIN
    clip: Rectangle = (0.0, 0.0, 0.0, 0.0)
    rgb: Colour | None = BLACK
    hidden: bool = False
    order: int = 0


class TextRun(NamedTuple):
    """The characters of one TextCode: each one's origin on the baseline, in the object's space.

    ``placed`` is false if the file does not say where the characters stand, so that it is a guess.
    """

    text: str
    xs: list[float]
    ys: list[float]
    placed: bool
    look: Look


def look_of(element: etree._Element) -> Look:
    """Size, stretch, turn and font of a text object.

    Raises:
        ReadError: It has no size.

    Example:
        >>> look_of(etree.fromstring("<T Font='1' Size='4' HScale='0.5'/>"))[:4]
        (4.0, 0.5, 0, '1')
    """
    size, stretch = number(element.get("Size") or ""), element.get("HScale")
    wide = 1.0 if stretch is None else number(stretch)
    if size <= 0 or wide <= 0:
        raise ReadError("a text has no size")
    turn = element.get("CharDirection")
    return Look(size, wide, 0 if turn is None else whole(turn, 0) % 360, element.get("Font") or "")


def runs_of(element: etree._Element, look: Look, fonts: Fonts) -> list[TextRun]:
    """The runs of a text object.

    Args:
        element: The TextObject.
        look: What its characters share.
        fonts: Takes note of the glyphs it names.

    Raises:
        ReadError: A number in it is damaged or missing.

    Example:
        >>> source = "<T><TextCode X='0' Y='4' DeltaX='g 2 2'>123</TextCode></T>"
        >>> runs_of(etree.fromstring(source), Look(4, 1, 0, "1"), Fonts())[0].xs
        [0.0, 2.0, 4.0]
    """
    glyphs: list[etree._Element] = []
    runs: list[TextRun] = []
    x = y = 0.0
    for child in element:
        name = name_of(child)
        if name == "CGTransform":
            glyphs.append(child)
        if name != "TextCode":
            continue
        # What is not stated is that of the code before.
        if right := child.get("X"):
            x = number(right)
        if down := child.get("Y"):
            y = number(down)
        text = _text(child)
        if len(text) > MAX_CHARACTERS_ON_A_PAGE:
            raise LimitExceeded(f"a text has over {MAX_CHARACTERS_ON_A_PAGE} characters")
        if text:
            runs.append(TextRun(text, *_places(child, text, x, y, look.size * look.stretch), look))
    if glyphs and not _pair(glyphs, "".join([run.text for run in runs]), look.font, fonts):
        runs = [run._replace(placed=False) for run in runs]
    return runs


def _text(code: etree._Element) -> str:
    text = code.text or ""
    # Printed for human eyes, the part has line ends and indents that are no characters.
    return text.strip() if "\n" in text else text


def _places(
    code: etree._Element, text: str, x: float, y: float, size: float
) -> tuple[list[float], list[float], bool]:
    """Origins of the characters, and whether the file states them all."""
    needed = len(text) - 1
    if not needed:
        return [x], [y], True
    across, down = code.get("DeltaX"), code.get("DeltaY")
    right = spread(across, needed) if across else []
    below = spread(down, needed) if down else []
    stated = max(len(right), len(below))
    placed = needed <= stated <= needed + 1
    if len(right) < needed and not below:
        # Viewers go on with the last step, or with the widths of their font: a guess either way.
        steps = [size if ord(character) >= WIDE else NARROW * size for character in text[len(right) : needed]]
        right += [right[-1]] * len(steps) if right else steps
    return _added_up(x, right, needed), _added_up(y, below, needed), placed


def _added_up(start: float, steps: list[float], needed: int) -> list[float]:
    if not steps:
        return [start] * (needed + 1)
    return list(accumulate([*steps[:needed], *[0.0] * (needed - len(steps))], initial=start))


def _pair(transforms: list[etree._Element], text: str, font: str, fonts: Fonts) -> bool:
    """Tell the fonts which glyph is drawn for which character; False if that cannot be told of digits."""
    clear = True
    for transform in transforms:
        start = whole(transform.get("CodePosition"), 0)
        codes, glyphs = whole(transform.get("CodeCount"), 1), whole(transform.get("GlyphCount"), 1)
        part = text[start : start + codes]
        listed = next((child.text or "" for child in transform if name_of(child) == "Glyphs"), "").split()
        if codes == glyphs == len(listed) == len(part):
            fonts.pair(font, part, [whole(glyph, 0) for glyph in listed])
        elif any(character.isdigit() for character in part):
            clear = False
    return clear
