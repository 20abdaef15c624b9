"""Write DOC files from paragraphs and their binary properties: what a reader needs, and no more."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from gxstats.testing.ole import compound_file

_TEXT: Final = 0x800
_PAGE: Final = 512
_PAIRS: Final = 0x9A
_STYLES, _CHARACTER_RUNS, _PARAGRAPH_RUNS, _CLX = 1, 12, 13, 33
_LONG: Final = 160
_ELSEWHERE: Final = 0x6646
_COMPRESSED: Final = 0x40000000


class Run(NamedTuple):
    """Characters with the same properties: modifiers as :func:`modifier` writes them."""

    text: str
    properties: bytes = b""


class Line(NamedTuple):
    r"""A paragraph; ``end`` is ``\r``, or ``\x07`` for the last one of a cell and for the end of a row."""

    runs: tuple[Run, ...]
    properties: bytes = b""
    end: str = "\r"
    mark: bytes = b""
    """The properties of the sign at the end."""


class NamedStyle(NamedTuple):
    """A named style; ``base`` is the number of the one it is based on."""

    of_paragraphs: bool = False
    base: int = 0xFFF
    properties: bytes = b""
    """What it does to characters."""


class _Stretch(NamedTuple):
    start: int
    end: int
    properties: bytes


def modifier(code: int, operand: bytes | int = 1) -> bytes:
    r"""One property modifier: the code, and an operand of as many bytes as the code asks for.

    Example:
        >>> modifier(0x2416), modifier(0x6649, 2)
        (b'\x16$\x01', b'If\x02\x00\x00\x00')
    """
    if isinstance(operand, int):
        operand = operand.to_bytes((1, 1, 2, 4, 2, 2, 0, 3)[code >> 13], "little")
    return struct.pack("<H", code) + operand


def write_doc(
    lines: Sequence[Line],
    *,
    boxes: Sequence[Line] = (),
    styles: Sequence[NamedStyle] = (),
    pieces: bool = False,
    flags: int = 0x0200,
) -> bytes:
    """A DOC file of Word 97.

    Args:
        lines: The text.
        boxes: The text of the text boxes.
        styles: The named styles; the first one is that of every paragraph.
        pieces: Whether every paragraph is a piece of its own, the last one first in the file, and those
            of ASCII signs are stored with one byte each: as after many quick saves.
        flags: The flags of the file; 0x0200 says that the tables are in ``1Table``.

    Example:
        >>> write_doc([Line((Run("一"),))])[:4].hex()
        'd0cf11e0'
    """
    data = bytearray(4)
    order = [*lines, *boxes, *([Line(())] if boxes else [])]  # one more sign ends all parts but the first
    stored, places, characters, paragraphs = _stored(order, pieces, data)
    first = (_TEXT + len(stored)) // _PAGE
    character_pages = list(_pages([s for s in characters if s.end > s.start], 1))
    paragraph_pages = list(_pages(paragraphs, 13))
    parts = {
        _STYLES: _style_sheet(styles),
        _CHARACTER_RUNS: _references(character_pages, first),
        _PARAGRAPH_RUNS: _references(paragraph_pages, first + len(character_pages)),
        _CLX: _clx(order, places, merged=not pieces),
    }
    counts = [_length(lines), 0, 0, 0, 0, 0, _length(boxes), 0]
    head, table = _head(flags, counts, parts)
    main = head + bytes(stored) + b"".join(page for _, _, page in (*character_pages, *paragraph_pages))
    return compound_file({"WordDocument": main, "1Table": table, "Data": bytes(data)})


_Stored = tuple[bytearray, dict[int, tuple[int, int]], list[_Stretch], list[_Stretch]]


def _stored(order: Sequence[Line], pieces: bool, data: bytearray) -> _Stored:
    """The text as it lies in the file, where each line is, and the stretches of characters and lines."""
    stored = bytearray()
    places: dict[int, tuple[int, int]] = {}
    characters: list[_Stretch] = []
    paragraphs: list[_Stretch] = []
    for number in reversed(range(len(order))) if pieces else range(len(order)):
        line = order[number]
        width = 1 if pieces and "".join(run.text for run in line.runs).isascii() else 2
        start = _TEXT + len(stored)
        places[number] = start, width
        for text, properties in (*line.runs, Run(line.end, line.mark)):
            begin = _TEXT + len(stored)
            stored += text.encode("ascii" if width == 1 else "utf-16-le", "surrogatepass")
            characters.append(_Stretch(begin, _TEXT + len(stored), properties))
        paragraphs.append(_Stretch(start, _TEXT + len(stored), _short(line.properties, data)))
    stored += bytes(-len(stored) % _PAGE)
    return stored, places, characters, paragraphs


def _length(lines: Sequence[Line]) -> int:
    return sum(
        len(run.text.encode("utf-16-le", "surrogatepass")) // 2 for li in lines for run in li.runs
    ) + len(lines)


def _short(properties: bytes, data: bytearray) -> bytes:
    """Style 0 and the modifiers, those of long lists stored apart."""
    if len(properties) > _LONG:
        place = len(data)
        data += struct.pack("<H", len(properties)) + properties
        properties = modifier(_ELSEWHERE, place)
    return b"\0\0" + properties


def _clx(order: Sequence[Line], places: dict[int, tuple[int, int]], *, merged: bool) -> bytes:
    bounds, descriptors, at = [0], b"", 0
    for number, line in enumerate(order):
        at += _length([line])
        offset, width = places[number]
        if merged and number + 1 < len(order):
            continue
        start = places[0][0] if merged else offset
        bounds.append(at)
        descriptors += struct.pack("<HIH", 0, start if width == 2 else start * 2 | _COMPRESSED, 0)
    body = struct.pack(f"<{len(bounds)}I", *bounds) + descriptors
    return b"\x02" + struct.pack("<I", len(body)) + body


def _pages(stretches: Sequence[_Stretch], width: int) -> Iterator[tuple[int, int, bytes]]:
    """Pages of properties, each with the offsets it begins and ends with."""
    waiting: list[_Stretch] = []
    used = 0
    for stretch in stretches:
        needed = 4 + width + len(stretch.properties) + 4
        if waiting and used + needed > _PAGE - 8:
            yield _page(waiting, width)
            waiting, used = [], 0
        waiting.append(stretch)
        used += needed
    if waiting:
        yield _page(waiting, width)


def _page(stretches: Sequence[_Stretch], width: int) -> tuple[int, int, bytes]:
    page = bytearray(_PAGE)
    page[-1] = len(stretches)
    bounds = [stretch.start for stretch in stretches] + [stretches[-1].end]
    struct.pack_into(f"<{len(bounds)}I", page, 0, *bounds)
    at = _PAGE - 1
    for number, (_, _, properties) in enumerate(stretches):
        if not properties:
            continue
        if width == 1:
            entry = bytes([len(properties)]) + properties
        elif len(properties) % 2:
            entry = bytes([(len(properties) + 1) // 2]) + properties
        else:
            entry = bytes([0, len(properties) // 2]) + properties
        at = (at - len(entry)) & ~1
        page[at : at + len(entry)] = entry
        page[4 * len(bounds) + width * number] = at // 2
    return bounds[0], bounds[-1], bytes(page)


def _style_sheet(styles: Sequence[NamedStyle]) -> bytes:
    sheet = struct.pack("<HHH14x", 18, len(styles), 10)
    for style in styles:
        lists = [b"\0\0", style.properties] if style.of_paragraphs else [style.properties]
        kind = (1 if style.of_paragraphs else 2) | style.base << 4
        entry = struct.pack("<HHHHHHHH", 0, kind, len(lists), 0, 0, 1, ord("a"), 0)
        for properties in lists:
            entry += bytes(len(entry) % 2) + struct.pack("<H", len(properties)) + properties
        sheet += struct.pack("<H", len(entry) + len(entry) % 2) + entry + bytes(len(entry) % 2)
    return sheet


def _references(pages: Sequence[tuple[int, int, bytes]], first: int) -> bytes:
    bounds = [start for start, _, _ in pages] + [pages[-1][1]]
    numbers = range(first, first + len(pages))
    return struct.pack(f"<{len(bounds)}I{len(numbers)}I", *bounds, *numbers)


def _head(flags: int, counts: Sequence[int], parts: dict[int, bytes]) -> tuple[bytes, bytes]:
    """The file information block and the stream of tables it refers to."""
    head = bytearray(_TEXT)
    struct.pack_into("<HHHHHHH", head, 0, 0xA5EC, 0xC1, 0, 0x804, 0, flags, 0xBF)
    struct.pack_into("<H", head, 0x20, 14)
    struct.pack_into("<H", head, 0x3E, 22)
    struct.pack_into(f"<{len(counts)}I", head, 0x4C, *counts)
    struct.pack_into("<H", head, 0x98, 93)
    table = b""
    for number, part in parts.items():
        struct.pack_into("<II", head, _PAIRS + 8 * number, len(table), len(part))
        table += part
    return bytes(head), table
