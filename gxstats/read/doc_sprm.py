"""Lists of single property modifiers: how a DOC file says what paragraphs, rows and characters look like.

Opcodes, operands and their names are those of [MS-DOC], section 2.6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

IN_TABLE, ROW_END, DEPTH = 0x2416, 0x2417, 0x6649
INNER_CELL, INNER_ROW_END = 0x244B, 0x244C
ALIGNMENT, ALIGNMENT_80, LIST, OLD_LIST = 0x2461, 0x2403, 0x460B, 0xC63E
DEFINE_TABLE, VERTICAL_MERGE, MERGE, SPLIT = 0xD608, 0xD62B, 0x5624, 0x5625
INSERT_CELLS, DELETE_CELLS = 0x7621, 0x5622
DELETED, HIDDEN, STRUCK, STRUCK_TWICE, RAISED, POSITION = 0x0800, 0x083C, 0x0837, 0x2A53, 0x2A48, 0x4845
SIZE, COLOUR, COLOUR_INDEX, SPECIAL_HIDDEN, SYMBOL, STYLE = 0x4A43, 0x6870, 0x2A42, 0x0818, 0x6A09, 0x4A30
PLAIN, PICTURE, PARAGRAPH_STYLE = 0x2A33, 0x6A03, 0x4600
_ELSEWHERE: Final = (0x6645, 0x6646, 0x646B)
"""Operands that are offsets of longer lists in the stream ``Data``."""
_TABS: Final = 0xC615
_SIZES: Final = (1, 1, 2, 4, 2, 2, 0, 3)
_VARIABLE: Final = 6
_LONGEST: Final = 100_000
# The short form of pieces: one byte names the property. Those that matter here.
_SHORT: Final = {
    0x05: ALIGNMENT_80,
    0x18: IN_TABLE,
    0x19: ROW_END,
    0x41: DELETED,
    0x51: SPECIAL_HIDDEN,
    0x53: PLAIN,
    0x57: STRUCK,
    0x5C: HIDDEN,
    0x62: COLOUR_INDEX,
    0x68: RAISED,
    0x73: STRUCK_TWICE,
}


class Modifier(NamedTuple):
    """One property and its new value."""

    code: int
    operand: bytes

    @property
    def number(self) -> int:
        r"""The operand as an unsigned number.

        Example:
            >>> Modifier(DEPTH, b"\2\0\0\0").number
            2
        """
        return int.from_bytes(self.operand[:8], "little")


def modifiers(raw: bytes, data: bytes = b"") -> Iterator[Modifier]:
    r"""The modifiers of a list, in the order in which they apply.

    Args:
        raw: The list; a modifier that is cut short ends it.
        data: The stream that holds the lists too long for their place.

    Example:
        >>> [(hex(m.code), m.number) for m in modifiers(b"\x16\x24\x01\x49\x66\x02\0\0\0")]
        [('0x2416', 1), ('0x6649', 2)]
    """
    at = 0
    while at + 3 <= len(raw):
        code = raw[at] | raw[at + 1] << 8
        at += 2
        size = _SIZES[code >> 13]
        if code >> 13 == _VARIABLE:
            at, size = _variable(code, raw, at)
        operand = raw[at : at + size]
        if len(operand) < size:
            return
        at += size
        if code in _ELSEWHERE:
            yield from modifiers(_long_list(data, operand))  # a list there refers to no other one
        else:
            yield Modifier(code, operand)


def of_piece(modifier: int, lists: tuple[bytes, ...]) -> bytes:
    r"""The list of modifiers a piece of text refers to.

    Args:
        modifier: The 16 bits that stand with the piece.
        lists: The lists of the file.

    Example:
        >>> of_piece(0x01 | 0, (b"list",)), of_piece(0x1 << 8 | 0x5C << 1, ())
        (b'list', b'<\x08\x01')
    """
    if modifier & 1:
        number = modifier >> 1
        return lists[number] if number < len(lists) else b""
    code = _SHORT.get(modifier >> 1 & 0x7F)
    return b"" if code is None or not modifier else struct.pack("<HB", code, modifier >> 8)


def _variable(code: int, raw: bytes, at: int) -> tuple[int, int]:
    """Where an operand of variable length begins, and its length."""
    if code == DEFINE_TABLE:
        return at + 2, max(int.from_bytes(raw[at : at + 2], "little") - 1, 0)
    size = raw[at]
    if code == _TABS and size == 0xFF and at + 1 < len(raw):
        deleted = raw[at + 1]
        added = raw[at + 2 + 4 * deleted] if at + 2 + 4 * deleted < len(raw) else 0
        size = 2 + 4 * deleted + 3 * added
    return at + 1, size


def _long_list(data: bytes, operand: bytes) -> bytes:
    at = int.from_bytes(operand, "little")
    length = int.from_bytes(data[at : at + 2], "little")
    return data[at + 2 : at + 2 + min(length, _LONGEST)]
