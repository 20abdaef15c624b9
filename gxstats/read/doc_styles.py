"""The style sheet of a DOC file: what its named styles do to characters and paragraphs."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_NO_STYLE: Final = 0xFFF
_PARAGRAPH, _CHARACTER = 1, 2
_BASE: Final = 10


class Style(NamedTuple):
    """One style: its own modifiers, and the style it is based on."""

    base: int
    paragraph: bytes
    character: bytes


@dataclass(slots=True)
class StyleSheet:
    """The styles by number.

    Attributes:
        styles: Those that could be read.

    Example:
        >>> StyleSheet({1: Style(0, b"", b"b"), 0: Style(0xFFF, b"", b"a")}).character(1)
        b'ab'
    """

    styles: dict[int, Style] = field(default_factory=dict)

    def character(self, number: int) -> bytes:
        """The modifiers of characters of a style, those of the styles it is based on first."""
        return b"".join(style.character for style in self._line(number))

    def paragraph(self, number: int) -> bytes:
        """The modifiers of paragraphs, likewise."""
        return b"".join(style.paragraph for style in self._line(number))

    def _line(self, number: int) -> list[Style]:
        line: list[Style] = []
        known: set[int] = set()
        while number in self.styles and number not in known:
            known.add(number)
            line.append(self.styles[number])
            number = self.styles[number].base
        return line[::-1]


def read_styles(table: bytes) -> StyleSheet:
    """Read a style sheet; what is damaged is left out.

    Example:
        >>> read_styles(b"").styles
        {}
    """
    sheet = StyleSheet()
    if len(table) < 6:
        return sheet
    head, count, base = struct.unpack_from("<HHH", table)
    at = 2 + head
    for number in range(min(count, _NO_STYLE)):
        if at + 2 > len(table):
            break
        length = int.from_bytes(table[at : at + 2], "little")
        try:
            style = _style(table[at + 2 : at + 2 + length], base)
        except (struct.error, IndexError):
            style = None
        if style is not None:
            sheet.styles[number] = style
        at += 2 + length
    return sheet


def _style(raw: bytes, base: int) -> Style | None:
    if len(raw) < _BASE:
        return None
    _, kind_and_base, counts = struct.unpack_from("<HHH", raw)
    kind = kind_and_base & 0xF
    at = max(base, _BASE)
    at += 2 + 2 * int.from_bytes(raw[at : at + 2], "little") + 2  # the name and the zero behind it
    lists = []
    for _ in range(counts & 0xF):
        at += at & 1
        length = struct.unpack_from("<H", raw, at)[0]
        lists.append(raw[at + 2 : at + 2 + length])
        at += 2 + length
    if kind == _PARAGRAPH and lists:
        return Style(kind_and_base >> 4, lists[0][2:], lists[1] if len(lists) > 1 else b"")
    if kind == _CHARACTER and lists:
        return Style(kind_and_base >> 4, b"", lists[0])
    return None
