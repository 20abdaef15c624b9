"""The binary structures of a DOC file: where its text, its pieces and their properties are.

Names and offsets are those of [MS-DOC], the published description of the format. WPS writes the same.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from gxstats.errors import ReadError, UnsupportedFormat
from gxstats.read.ole import Container

MAIN: Final = "WordDocument"
_WORD_97, _WORD_95, _WORD_6 = 0xA5EC, 0xA5DC, 0xA5DB
_COMPLEX, _ENCRYPTED, _WHICH_TABLE, _OBFUSCATED = 0x0004, 0x0100, 0x0200, 0x8000
_TABLES: Final = ("0Table", "1Table")
_PAGE: Final = 512
_PAGE_NUMBER: Final = 0x3FFFFF
_COMPRESSED: Final = 0x40000000
_PIECE: Final = 8
_PROPERTIES, _PIECES = 1, 2
_DAMAGED_HINT: Final = "open it in Word, WPS or LibreOffice and save it as DOCX"
# Places of pairs of offset and length in the file information block, after the fixed parts.
_STYLES, _CHARACTER_RUNS, _PARAGRAPH_RUNS, _FONTS, _CLX, _SHAPES = 1, 12, 13, 15, 33, 40
_PAIRS: Final = 0x9A
_PARTS: Final = 0x4C
"""Eight counts of characters: the text, footnotes, heads and feet, macros, comments, endnotes, boxes."""


class Piece(NamedTuple):
    """Characters ``start`` to ``end`` of the document, from byte ``offset`` on, 1 or 2 bytes each."""

    start: int
    end: int
    offset: int
    width: int
    modifier: int


class Runs(NamedTuple):
    """Stretches of the main stream with equal properties, in the order of their offsets."""

    starts: list[int]
    ends: list[int]
    properties: list[bytes]

    def at(self, offset: int) -> int:
        """The number of the run that covers a byte, -1 if none does.

        Example:
            >>> Runs([0, 4], [4, 8], [b"", b""]).at(5)
            1
        """
        place = bisect_right(self.starts, offset) - 1
        return place if place >= 0 and offset < self.ends[place] else -1


@dataclass(frozen=True, slots=True)
class DocFile:
    """An opened DOC file.

    Attributes:
        text: All characters of the file, one for each UTF-16 unit: surrogates stay apart.
        main, boxes: First and last character of the text and of the text boxes.
        pieces: Where the characters stand in the main stream.
        modifiers: The property lists pieces refer to.
        whole: Whether the parts of the text are as long together as the text is.
        characters, paragraphs: Properties by place in the main stream.
        styles, fonts, shapes: The style sheet, the fonts, the table of drawn objects.
        data: The stream of long properties and pictures.
    """

    text: str
    main: tuple[int, int]
    boxes: tuple[int, int]
    whole: bool
    pieces: tuple[Piece, ...]
    modifiers: tuple[bytes, ...]
    characters: Runs
    paragraphs: Runs
    styles: bytes
    fonts: bytes
    shapes: bytes
    data: bytes

    def piece_at(self, character: int) -> Piece:
        """The piece a character belongs to."""
        low, high = 0, len(self.pieces) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.pieces[middle].start <= character else (low, middle - 1)
        return self.pieces[low]


def open_doc(container: Container) -> DocFile:
    """Find the parts of a DOC file.

    Raises:
        UnsupportedFormat: The file is of Word 95 or older.
        ReadError: It is encrypted or damaged.
    """
    stream = container.read(MAIN)
    flags = _flags(stream)
    table = container.read(_TABLES[bool(flags & _WHICH_TABLE)])
    try:
        return _parts(container, stream, table)
    except (struct.error, IndexError) as error:
        raise _damaged(f"a structure ends too early ({error})") from error


def _flags(stream: bytes) -> int:
    if len(stream) < _PAIRS:
        raise _damaged("the file information block is cut short")
    magic, flags = struct.unpack_from("<H8xH", stream)
    if magic in (_WORD_95, _WORD_6):
        raise UnsupportedFormat(
            "the file was written by Word 95 or an older program", hint=_DAMAGED_HINT, where=MAIN
        )
    if magic != _WORD_97:
        raise _damaged("it does not begin as DOC files do")
    if flags & (_ENCRYPTED | _OBFUSCATED):
        raise ReadError(
            "the document is encrypted", hint="open it with its password and save it without", where=MAIN
        )
    return int(flags)


def _parts(container: Container, stream: bytes, table: bytes) -> DocFile:
    pieces, modifiers = _clx(_pointed(stream, table, _CLX))
    counts = struct.unpack_from("<8I", stream, _PARTS)
    text = _text(stream, pieces)
    if counts[0] == 0 or counts[0] > len(text) or sum(counts[1:]) > len(text):
        raise _damaged("its text has another length than it states")
    before_boxes = counts[0] + sum(counts[1:6])
    return DocFile(
        text=text,
        main=(0, counts[0]),
        boxes=(before_boxes, min(before_boxes + counts[6], len(text))),
        whole=len(text) - sum(counts) in (0, 1),
        pieces=pieces,
        modifiers=modifiers,
        characters=_runs(stream, _pointed(stream, table, _CHARACTER_RUNS), 1),
        paragraphs=_runs(stream, _pointed(stream, table, _PARAGRAPH_RUNS), 13),
        styles=_pointed(stream, table, _STYLES),
        fonts=_pointed(stream, table, _FONTS),
        shapes=_pointed(stream, table, _SHAPES),
        data=container.read("Data") if "Data" in container.names() else b"",
    )


def _pointed(stream: bytes, table: bytes, number: int) -> bytes:
    offset, length = struct.unpack_from("<II", stream, _PAIRS + 8 * number)
    if offset + length > len(table):
        raise _damaged("it refers to a place beyond its end")
    return table[offset : offset + length]


def _clx(clx: bytes) -> tuple[tuple[Piece, ...], tuple[bytes, ...]]:
    modifiers: list[bytes] = []
    at = 0
    while clx[at] == _PROPERTIES:
        length = struct.unpack_from("<H", clx, at + 1)[0]
        modifiers.append(clx[at + 3 : at + 3 + length])
        at += 3 + length
    if clx[at] != _PIECES:
        raise _damaged("it has no table of pieces")
    length = struct.unpack_from("<I", clx, at + 1)[0]
    body = clx[at + 5 : at + 5 + length]
    count = (len(body) - 4) // (4 + _PIECE)
    if len(body) != length or count < 1:
        raise _damaged("its table of pieces is cut short")
    bounds = struct.unpack_from(f"<{count + 1}I", body)
    pieces = []
    for number in range(count):
        _, place, modifier = struct.unpack_from("<HIH", body, 4 * (count + 1) + _PIECE * number)
        narrow = bool(place & _COMPRESSED)
        offset = (place & (_COMPRESSED - 1)) >> narrow
        pieces.append(Piece(bounds[number], bounds[number + 1], offset, 1 if narrow else 2, modifier))
    return tuple(pieces), tuple(modifiers)


def _text(stream: bytes, pieces: tuple[Piece, ...]) -> str:
    if pieces[0].start != 0 or pieces[-1].end > 2 * len(stream):
        raise _damaged("its table of pieces is damaged")
    parts = []
    for piece in pieces:
        length = piece.end - piece.start
        end = piece.offset + length * piece.width
        if length < 0 or end > len(stream):
            raise _damaged("a piece of its text lies beyond its end")
        raw = stream[piece.offset : end]
        text = (
            raw.decode("cp1252", "replace") if piece.width == 1 else raw.decode("utf-16-le", "surrogatepass")
        )
        if len(text) != length:  # pairs of surrogates: keep one character for each unit
            text = "".join(map(chr, struct.unpack(f"<{length}H", raw)))
        parts.append(text)
    return "".join(parts)


def _runs(stream: bytes, bounds: bytes, width: int) -> Runs:
    """The runs of all formatted disk pages of one kind.

    Args:
        stream: The main stream, in which the pages stand.
        bounds: The table of pages: offsets, then page numbers.
        width: Bytes of one reference inside a page: 1 for characters, 13 for paragraphs.
    """
    count = max(len(bounds) - 4, 0) // 8
    if not count or count > len(stream) // _PAGE:
        raise _damaged("its tables of properties are missing or too long")
    runs = Runs([], [], [])
    last = 0
    for number in struct.unpack_from(f"<{count}I", bounds, 4 * (count + 1)):
        start = (number & _PAGE_NUMBER) * _PAGE
        page = stream[start : start + _PAGE]
        if len(page) < _PAGE:
            raise _damaged("a page of properties lies beyond its end")
        size = page[-1]
        places = struct.unpack_from(f"<{size + 1}I", page)
        for index, (begin, end) in enumerate(pairwise(places)):
            if not last <= begin <= end:
                raise _damaged("its pages of properties are out of order")
            last = end
            if begin < end:
                reference = 4 * (size + 1) + width * index
                runs.starts.append(begin)
                runs.ends.append(end)
                runs.properties.append(_properties(page, page[reference] * 2, width == 1))
    return runs


def _properties(page: bytes, at: int, of_characters: bool) -> bytes:
    if not at:
        return b""
    length = page[at]
    if of_characters:
        return page[at + 1 : at + 1 + length]
    if length:
        return page[at + 1 : at + 2 * length]
    return page[at + 2 : at + 2 + 2 * page[at + 1]]


def _damaged(what: str) -> ReadError:
    return ReadError(f"the DOC file is damaged: {what}", hint=_DAMAGED_HINT, where=MAIN)
