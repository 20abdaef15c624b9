"""Paragraphs of a DOC file: their text as Word shows it, and where they stand in tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gxstats.read import doc_sprm as sprm
from gxstats.read.content import FIGURE, Content, may_be_a_mark
from gxstats.read.doc_file import DocFile, Piece
from gxstats.read.doc_look import Look, Looks, symbol_fonts
from gxstats.read.doc_styles import read_styles
from gxstats.read.limits import MAX_DEPTH, MAX_TEXT_LENGTH, too_deep, too_long

_CELL_MARK: Final = "\x07"
_MARKS: Final = re.compile("[\r\x07\x0c]")
_CONTROL: Final = re.compile("[\x00-\x08\x0a-\x1f]")
_PICTURE, _DRAWN = "\x01", "\x08"
_CODE, _RESULT, _END = "\x13", "\x14", "\x15"
_SHOWN: Final = {"\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-"}
_SILENT: Final = "\r\x02\x03\x04\x05\x07\x1f"
"""Ends of paragraphs, marks of notes and comments, and hyphens that are shown only where a line breaks."""
_NO_LIST: Final = (0, 0xF801)
_CENTRED: Final = 1


class Style(NamedTuple):
    """What the properties of a paragraph say."""

    style: int
    depth: int
    row_end: bool
    cell_end: bool
    centred: bool
    numbered: bool


@dataclass(slots=True)
class Line:
    """A paragraph: its text, what is odd about it, and how it ends.

    Attributes:
        content: The text that is shown.
        style: The properties of the paragraph.
        sizes: The sizes of the pieces that hold figures, in half-points.
        pictures: Of each picture or drawn object, its place: below zero for drawn ones.
        mark: The look of the sign that ends it.
        place: The number of that sign in the text of the file.
        covered: Whether the file states the properties of the paragraph.
    """

    style: Style
    mark: Look
    place: int
    covered: bool = True
    content: Content = field(default_factory=Content)
    sizes: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    results: list[int] = field(default_factory=list)
    """For each field that is open: how much text there was where its result began."""

    def doubt(self) -> str:
        """Why the figure in the paragraph may not be one number, or nothing."""
        if self.style.numbered:
            return "numbering"
        return "several_pieces" if may_be_a_mark([(size, True) for size in self.sizes]) else ""


class Text:
    """The text of a file, paragraph by paragraph."""

    def __init__(self, file: DocFile) -> None:
        self._file = file
        self._looks = Looks(read_styles(file.styles), symbol_fonts(file.fonts))
        self._styles: dict[tuple[bytes, bytes], Style] = {}

    def lines(self, start: int, end: int) -> Iterator[Line]:
        """The paragraphs between two characters of the file.

        Raises:
            LimitExceeded: One is too long, or tables are nested too deeply.
        """
        while start < end:
            found = _MARKS.search(self._file.text, start, end)
            stop = found.end() if found else end
            if stop - start > MAX_TEXT_LENGTH:
                raise too_long("characters in one paragraph", stop - start, MAX_TEXT_LENGTH)
            yield self._line(start, stop)
            start = stop

    def is_cell_mark(self, place: int) -> bool:
        """Whether a sign ends a cell or a row."""
        return self._file.text[place] == _CELL_MARK

    def row_properties(self, place: int) -> list[sprm.Modifier]:
        """The modifiers of the paragraph that a sign ends, in the order in which they apply."""
        own, more, _ = self._paragraph(place)
        return list(sprm.modifiers(own[2:] + more, self._file.data))

    def _line(self, start: int, stop: int) -> Line:
        own, more, covered = self._paragraph(stop - 1)
        style = self._style(own, more)
        line = Line(style, Look(), stop - 1, covered)
        for text, look, at in self._segments(start, stop, style.style):
            line.mark = look
            _add(line, text, look, at)
        if any(line.content.codes):
            line.content.marks.add("field")  # its result is elsewhere, or nowhere
        return line

    def _paragraph(self, place: int) -> tuple[bytes, bytes, bool]:
        """The properties of the paragraph a sign ends, those of its piece, and whether there are any."""
        piece = self._file.piece_at(place)
        runs = self._file.paragraphs
        number = runs.at(piece.offset + (place - piece.start) * piece.width)
        more = sprm.of_piece(piece.modifier, self._file.modifiers)
        return (runs.properties[number] or b"\0\0", more, True) if number >= 0 else (b"\0\0", more, False)

    def _style(self, own: bytes, more: bytes) -> Style:
        key = own, more
        if key not in self._styles:
            self._styles[key] = self._worked_out(own, more)
        return self._styles[key]

    def _worked_out(self, own: bytes, more: bytes) -> Style:
        direct = {m.code: m.number for m in sprm.modifiers(own[2:] + more, self._file.data)}
        style = direct.get(sprm.PARAGRAPH_STYLE, int.from_bytes(own[:2], "little"))
        named = self._looks.sheet.paragraph(style)
        found = {m.code: m.number for m in sprm.modifiers(named, self._file.data)} | direct
        depth = found.get(sprm.DEPTH, 1) if found.get(sprm.IN_TABLE) else 0
        if depth > MAX_DEPTH:
            raise too_deep()
        row_end = found.get(sprm.ROW_END if depth == 1 else sprm.INNER_ROW_END, 0)
        centred = found.get(sprm.ALIGNMENT, found.get(sprm.ALIGNMENT_80, 0)) == _CENTRED
        numbered = found.get(sprm.LIST, 0) not in _NO_LIST or sprm.OLD_LIST in found
        inner = depth > 1 and bool(found.get(sprm.INNER_CELL))
        return Style(style, depth, bool(row_end), inner, centred, numbered)

    def _segments(self, start: int, stop: int, style: int) -> Iterator[tuple[str, Look, int]]:
        """The characters of a paragraph in stretches of one look, each with its first one's number."""
        while start < stop:
            piece = self._file.piece_at(start)
            end = min(stop, piece.end)
            properties, end = self._run(piece, start, end)
            look = self._looks.of(style, properties, sprm.of_piece(piece.modifier, self._file.modifiers))
            yield self._file.text[start:end], look, start
            start = end

    def _run(self, piece: Piece, start: int, end: int) -> tuple[bytes, int]:
        """The properties of a character, and up to where they are the same."""
        runs = self._file.characters
        offset = piece.offset + (start - piece.start) * piece.width
        number = runs.at(offset)
        if number < 0:
            return b"", start + 1
        left = (runs.ends[number] - offset) // piece.width
        return runs.properties[number], min(end, start + max(left, 1))


def _add(line: Line, text: str, look: Look, at: int) -> None:
    """Add characters of one look to a paragraph, as far as they are shown."""
    content = line.content
    if look.effect == "deleted":
        return
    before = len(content.parts)
    if look.symbol:
        text = look.symbol * len(text)
    start = 0
    for found in _CONTROL.finditer(text):
        if found[0] not in _SILENT:
            _add_plain(line, text[start : found.start()])
            _add_sign(line, found[0], look, at + found.start())
        elif start < found.start():
            _add_plain(line, text[start : found.start()])
        start = found.end()
    if start < len(text):
        _add_plain(line, text[start:])
    if len(content.parts) == before:
        return
    shown = "".join(content.parts[before:])
    if shown.strip() and look.effect == "hidden":
        content.marks.add("hidden")
    elif shown.strip() and look.effect:
        content.marks.add(look.effect)
    if look.effect == "hidden":
        del content.parts[before:]
    elif FIGURE.search(shown):
        line.sizes.append(look.size)


def _add_plain(line: Line, text: str) -> None:
    if text and not any(line.content.codes):
        line.content.parts.append(text)


def _add_sign(line: Line, sign: str, look: Look, at: int) -> None:
    """A character that is no text: part of a field, a picture, a break."""
    content = line.content
    if sign == _CODE:
        content.codes.append(True)
        line.results.append(-1)
    elif sign == _RESULT and content.codes:
        content.codes[-1] = False
        line.results[-1] = len(content.parts)
    elif sign == _END and content.codes:
        content.codes.pop()
        if line.results.pop() in (-1, len(content.parts)) and not any(content.codes):
            content.marks.add("field")  # Word draws it, as a box or an equation, or has not worked it out
    elif any(content.codes):
        return
    elif sign in (_RESULT, _END, "\0"):
        content.marks.add("field")
    elif sign in (_PICTURE, _DRAWN):
        if look.effect != "hidden":
            content.marks.add("image")
            line.pictures.append(look.picture if sign == _PICTURE else -1 - at)
    else:
        content.parts.append(_SHOWN.get(sign, "\ufffd"))
