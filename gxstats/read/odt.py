"""ODT files to grids and paragraphs, from ``content.xml`` itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from lxml import etree

from gxstats.model import Block, Cell, Document, Issue, Level, Locator, Paragraph, Reading, Row
from gxstats.read.content import damage_of
from gxstats.read.limits import (
    MAX_CELLS,
    MAX_DEPTH,
    MAX_PARAGRAPHS,
    MAX_SPAN,
    MAX_TEXT_LENGTH,
    too_deep,
    too_long,
)
from gxstats.read.metadata import name_value_pairs
from gxstats.read.odt_text import (
    CELL,
    COVERED,
    KINDS,
    PARAGRAPH,
    ROW,
    SKIPPED,
    TABLE,
    Styles,
    attribute,
    is_hidden,
    paragraph_content,
)
from gxstats.read.package import Package, local_name
from gxstats.read.sniff import ODT
from gxstats.read.tables import best_title, table_blocks

_CONTENT: Final = "content.xml"
_STYLES: Final = "styles.xml"
_META: Final = "meta.xml"


def read_odt(data: bytes) -> Document:
    """Read an ODT file: its tables and paragraphs in document order.

    As :func:`gxstats.read.docx.read_docx` does: rows keep their physical cells, cells covered by a
    span have ``rowspan=0``, a repeated cell or row is repeated, a table inside a cell is a grid of
    its own after the outer one, and a table of single cells is read as if it were not there.

    Args:
        data: The bytes of the file.

    Returns:
        A document with one structured reading. ``Locator.ref`` is ``content.xml#`` and steps such
        as ``/table[2]/table-row[3]/table-cell[1]``; sections, row groups and other wrappers are not
        counted as levels, and the copies of a repeated cell share its place.

    Raises:
        ReadError: The package or its XML is damaged.
        LimitExceeded: The package or the document in it is too large.

    Example:
        >>> import io, zipfile
        >>> buffer = io.BytesIO()
        >>> with zipfile.ZipFile(buffer, "w") as package:
        ...     package.writestr(
        ...         "content.xml", "<p xmlns='urn:oasis:names:tc:opendocument:xmlns:text:1.0'>12</p>"
        ...     )
        >>> read_odt(buffer.getvalue()).title
        ''
    """
    package = Package(data)
    root = package.xml(_CONTENT)
    body = _Body(Styles(root, lambda: package.xml(_STYLES) if _STYLES in package.names else None))
    try:
        body.flow(root, f"{_CONTENT}#", {}, 0)
    except RecursionError as error:
        raise too_deep(_CONTENT) from error
    return _assembled(data, body, _properties(package))


def _assembled(data: bytes, body: _Body, fields: dict[str, str]) -> Document:
    blocks = tuple(body.blocks)
    if not blocks:
        body.notice("empty", "the document has no text", "", "warning")
    first = next((block.text for block in blocks if isinstance(block, Paragraph)), "")
    title = best_title((first, fields.get("title", "")))
    for name, value in name_value_pairs(blocks).items():
        fields.setdefault(name, value)
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=ODT,
        readings=(Reading("structure", blocks, structured=True),),
        issues=tuple(body.issues),
        title=title,
        fields=fields,
    )


class _Body:
    """One walk over ``content.xml``: what has been read so far."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.blocks: list[Block] = []
        self.issues: list[Issue] = []
        self.cell_count = 0

    def flow(self, node: etree._Element, path: str, counts: dict[str, int], depth: int) -> None:
        """Read the paragraphs and tables below a node; wrappers share the counts of their parent."""
        if depth > MAX_DEPTH:
            raise too_deep(path)
        for child in node:
            kind = KINDS.get(child.tag)
            if kind == SKIPPED or is_hidden(child):
                continue
            if kind == PARAGRAPH:
                self.paragraph(child, _step(path, child, counts), depth + 1)
            elif kind == TABLE:
                self.table(child, _step(path, child, counts), depth + 1)
            else:
                self.flow(child, path, counts, depth + 1)

    def paragraph(self, paragraph: etree._Element, path: str, depth: int) -> None:
        """Read one paragraph, then the text boxes that hang on it."""
        content = paragraph_content(paragraph, self.styles, depth, boxes_apart=True)
        text = content.text()
        if len(text) > MAX_TEXT_LENGTH:
            raise too_long("characters in one paragraph", len(text), MAX_TEXT_LENGTH, path)
        if len(self.blocks) >= MAX_PARAGRAPHS:
            raise too_long("paragraphs and tables", len(self.blocks), MAX_PARAGRAPHS, path)
        if text.strip():
            self.blocks.append(Paragraph(text, Locator(ref=path)))
        if content.pictures:
            self.notice("image", "a picture or embedded object stands here and was not read", path)
        counts: dict[str, int] = {}
        for box in content.boxes:
            self.flow(box, _step(path, box, counts), {}, depth + 1)

    def table(self, table: etree._Element, path: str, depth: int) -> None:
        """Read a table as a frame or as a grid, then the tables in its cells."""
        if depth > MAX_DEPTH:
            raise too_deep(path)
        rows = list(_inside(table, (ROW,)))
        cells = [list(_inside(row, (CELL, COVERED))) for row in rows]
        if not any(sum(KINDS[cell.tag] == CELL for cell in row) > 1 for row in cells):
            for number, inside in enumerate(cells, 1):
                for cell in inside:
                    self.flow(cell, f"{path}/table-row[{number}]/{local_name(cell)}[1]", {}, depth + 1)
            return
        nested: list[tuple[etree._Element, str]] = []
        read: list[Row] = []
        for number, (row, inside) in enumerate(zip(rows, cells, strict=True), 1):
            one = self.row(inside, f"{path}/table-row[{number}]", nested, depth + 1)
            repeated = _number(row, "number-rows-repeated")
            self.count(repeated * len(one.cells), path)
            read.extend([one] * repeated)
        self.blocks.extend(table_blocks(read, Locator(ref=path)))
        for inner, inner_path in nested:
            self.table(inner, inner_path, depth + 1)

    def row(
        self, cells: list[etree._Element], path: str, nested: list[tuple[etree._Element, str]], depth: int
    ) -> Row:
        """The physical cells of one row; tables inside them are added to ``nested``."""
        read: list[Cell] = []
        counts: dict[str, int] = {}
        for element in cells:
            where = _step(path, element, counts)
            content = paragraph_content(element, self.styles, depth, boxes_apart=False)
            tables: dict[str, int] = {}
            nested.extend((table, _step(where, table, tables)) for table in content.tables)
            if content.tables:
                content.marks.add("nested_table")
            text = content.text()
            covered = KINDS[element.tag] == COVERED
            cell = Cell(
                text,
                Locator(ref=where),
                _number(element, "number-columns-spanned"),
                0 if covered else _number(element, "number-rows-spanned"),
                damage_of(text, content.marks),
            )
            read.extend([cell] * _number(element, "number-columns-repeated"))
        return Row(tuple(read))

    def count(self, cells: int, path: str) -> None:
        """Count the cells of the document, up to the limit."""
        self.cell_count += cells
        if self.cell_count > MAX_CELLS:
            raise too_long("cells", self.cell_count, MAX_CELLS, path)

    def notice(self, code: str, message: str, path: str, level: Level = "notice") -> None:
        """Add an issue."""
        self.issues.append(Issue(level, code, message, Locator(ref=path or None)))


def _step(path: str, element: etree._Element, counts: dict[str, int]) -> str:
    name = local_name(element)
    counts[name] = number = counts.get(name, 0) + 1
    return f"{path}/{name}[{number}]"


def _inside(node: etree._Element, wanted: tuple[int, ...], depth: int = 0) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those inside header rows and row groups."""
    if depth > MAX_DEPTH:
        raise too_deep()
    for child in node:
        kind = KINDS.get(child.tag)
        if kind in wanted:
            yield child
        elif kind is None:
            yield from _inside(child, wanted, depth + 1)


def _number(element: etree._Element, name: str) -> int:
    value = (attribute(element, name) or "").strip()
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _properties(package: Package) -> dict[str, str]:
    """Title, creator, dates and so on."""
    if _META not in package.names:
        return {}
    return {
        local_name(item): item.text.strip()
        for item in package.xml(_META).iter("{*}*")
        if not len(item) and item.text and item.text.strip()
    }
