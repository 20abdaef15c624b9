"""DOC files of Word 97 to 2003 and of WPS to grids and paragraphs, from their own binary structures.

A converter takes a thousand times as long, and those that print plain text lose the tables.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Final

from gxstats.errors import GxError, UnsupportedFormat
from gxstats.model import Block, Cell, Document, Issue, Level, Locator, Paragraph, Reading
from gxstats.read.content import Content, damage_of
from gxstats.read.doc_body import Builder, Flow, Table, TableRow
from gxstats.read.doc_file import MAIN, DocFile, open_doc
from gxstats.read.doc_rows import Placed, borders_of, rows_of
from gxstats.read.doc_text import Line, Text
from gxstats.read.limits import MAX_PARAGRAPHS, too_long
from gxstats.read.metadata import name_value_pairs
from gxstats.read.ole import Container
from gxstats.read.sniff import DOC
from gxstats.read.tables import best_title, table_blocks

_TITLE_LINES: Final = 8
_WIDE: Final = 300 * 15
"""300 pixels in twentieths of a point."""
_ANCHOR: Final = 26
"""Bytes that say where a drawn object stands."""


def read_doc(data: bytes) -> Document:
    """Read a DOC or WPS file: its tables and paragraphs in document order, then its text boxes.

    Rows and cells are those of :func:`gxstats.read.docx.read_docx`, spans come from where the borders of
    cells stand. Deleted and hidden text is not text. Footnotes, comments, heads and feet are not read.
    Where the structures contradict each other the reading is not ``structured``; LibreOffice, if it is
    installed, then reads the file as well. It also reads files of Word 95 and older programs.

    Args:
        data: The bytes of the file.

    Returns:
        A document with one structured reading. ``Locator.ref`` is ``WordDocument#`` and steps such as
        ``/tbl[2]/tr[3]/tc[1]``, or ``WordDocument#/txbx`` and steps for text boxes.

    Raises:
        ReadError: The file is encrypted or damaged.
        UnsupportedFormat: It is of an old program, and LibreOffice is not installed.
        LimitExceeded: It is larger or more deeply nested than any report.

    Example:
        >>> from gxstats.testing.doc import render_doc
        >>> from gxstats.testing.forms import FormSpec
        >>> read_doc(render_doc(FormSpec(year=2023))).title
        '某县人民政府2023年政府信息公开工作年度报告'
    """
    container = Container(data)
    try:
        file = open_doc(container)
    except UnsupportedFormat:
        from gxstats.read.office import read_converted

        return read_converted(data, "doc")
    text = Text(file)
    builder = Builder(text)
    body = _Body(file)
    body.flow(builder.build(text.lines(*file.main)), f"{MAIN}#")
    body.flow(builder.build(text.lines(*file.boxes)), f"{MAIN}#/txbx")
    doubts = [*builder.doubts, *([] if file.whole else ["the text is longer than its parts"])]
    return _assembled(data, body, doubts, container.summary())


def _assembled(data: bytes, body: _Body, doubts: list[str], fields: dict[str, str]) -> Document:
    blocks = tuple(body.blocks)
    if not blocks:
        body.notice("empty", "the document has no text", "", "warning")
    title = best_title(("".join(body.title_lines), fields.get("title", ""), body.first_text))
    for label, value in name_value_pairs(blocks).items():
        fields.setdefault(label, value)
    readings = [Reading("doc", blocks, structured=not doubts)]
    if doubts:
        body.notice("table_structure", f"the tables are damaged: {'; '.join(doubts[:3])}", "", "warning")
        readings += _second(data, body)
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=DOC,
        readings=tuple(readings),
        issues=tuple(body.issues),
        title=title,
        fields=fields,
    )


def _second(data: bytes, body: _Body) -> list[Reading]:
    """What LibreOffice makes of a file whose structures are in doubt: no more certain than ours."""
    from gxstats.read.office import read_converted

    try:
        found = read_converted(data, "doc").readings
    except GxError as error:
        body.notice("no_second_reading", error.message, "", "notice", error.hint)
        return []
    return [reading._replace(structured=False) for reading in found]


class _Body:
    """What has been read so far, as blocks."""

    def __init__(self, file: DocFile) -> None:
        self.blocks: list[Block] = []
        self.issues: list[Issue] = []
        self.title_lines: list[str] = []
        self.first_text = ""
        self._file = file
        self._head = 0
        self._borders: list[int] = []
        """Of the table read last."""

    def flow(self, flow: Flow, path: str) -> None:
        """Add the paragraphs and tables of a document, a text box or a cell that is only a frame."""
        lines = tables = 0
        for item in flow.items:
            if isinstance(item, Line):
                lines += 1
                self.line(item, f"{path}/p[{lines}]")
            else:
                tables += 1
                self.table(item, f"{path}/tbl[{tables}]")

    def line(self, line: Line, path: str) -> None:
        """Add one paragraph."""
        text = _joined(line.content)
        if text.strip():
            if len(self.blocks) >= MAX_PARAGRAPHS:
                raise too_long("paragraphs and tables", len(self.blocks), MAX_PARAGRAPHS, path)
            self.blocks.append(Paragraph(text, Locator(ref=path)))
            self.head(line, text)
        if any(self.may_be_content(place) for place in line.pictures):
            self.notice("image", "a picture or embedded object stands here and was not read", path)

    def head(self, line: Line, text: str) -> None:
        """Take the first run of centred paragraphs near the top for the title."""
        self.first_text = self.first_text or text
        self._head += 1
        if self._head <= _TITLE_LINES:
            if line.style.centred:
                self.title_lines.append(text)
            elif self.title_lines:
                self._head = _TITLE_LINES

    def table(self, table: Table, path: str) -> None:
        """Add a table, then those in its cells; one whose rows have a single cell is a frame."""
        if not any(sum(shape.is_shown for _, shape in row.cells) > 1 for row in table.rows):
            self.frame(table, path)
            return
        placed = []
        nested = []
        for number, row in enumerate(table.rows, 1):
            if not row.left_out:
                placed.append(_read(row, f"{path}/tr[{number}]"))
                for place, (cell, _) in enumerate(row.cells, 1):
                    inside = enumerate(cell.tables(), 1)
                    nested += [(inner, f"{path}/tr[{number}]/tc[{place}]/tbl[{n}]") for n, inner in inside]
        self.blocks.extend(table_blocks(rows_of(placed, self._borders), Locator(ref=path)))
        self._borders = borders_of(placed, self._borders)
        for inner, inner_path in nested:
            self.table(inner, inner_path)

    def frame(self, table: Table, path: str) -> None:
        """Read what stands in a table of single cells as if there were no table."""
        for number, row in enumerate(table.rows, 1):
            for place, (cell, shape) in enumerate(row.cells, 1):
                if shape.is_shown and not row.left_out:
                    self.flow(cell, f"{path}/tr[{number}]/tc[{place}]")

    def may_be_content(self, place: int) -> bool:
        """Whether a picture is wide enough to be a table, or its width is not known."""
        width = _drawn_width(self._file.shapes, -1 - place) if place < 0 else _width(self._file.data, place)
        return width is None or width >= _WIDE

    def notice(self, code: str, message: str, path: str, level: Level = "notice", hint: str = "") -> None:
        """Add an issue."""
        self.issues.append(Issue(level, code, message, Locator(ref=path or None), hint))


def _read(row: TableRow, path: str) -> list[Placed]:
    return [
        Placed(_cell(flow, f"{path}/tc[{number}]"), shape)
        for number, (flow, shape) in enumerate(row.cells, 1)
    ]


def _cell(flow: Flow, path: str) -> Cell:
    lines = flow.lines()
    whole = Content()
    for number, line in enumerate(lines):
        whole.parts += ["\n", *line.content.parts] if number else line.content.parts
        whole.marks |= line.content.marks
    if flow.tables():
        whole.marks.add("nested_table")
    text = _joined(whole)
    damage = damage_of(text, whole.marks) or next((why for line in lines if (why := line.doubt())), "")
    return Cell(text, Locator(ref=path), damage=damage)


def _joined(content: Content) -> str:
    """The text, with halves of characters put together again."""
    text = content.text()
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _width(data: bytes, place: int) -> int | None:
    """The width of a picture in the text, in twentieths of a point."""
    if not 0 <= place <= len(data) - 0x24:
        return None
    width, scale = struct.unpack_from("<HxxH", data, place + 0x1C)
    return int(width) * int(scale) // 1000


def _drawn_width(shapes: bytes, character: int) -> int | None:
    """The width of a drawn object, by the character it hangs on."""
    count = max(len(shapes) - 4, 0) // (4 + _ANCHOR)
    characters = struct.unpack_from(f"<{count}I", shapes)
    if character not in characters:
        return None
    at = 4 * (count + 1) + _ANCHOR * characters.index(character)
    left, right = struct.unpack_from("<4xi4xi", shapes, at)
    return int(right) - int(left)
