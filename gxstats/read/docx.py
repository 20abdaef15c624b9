"""DOCX files to grids and paragraphs, from ``word/document.xml`` itself.

python-docx builds an object for every property of every run and takes eight times as long; the
cells as they stand in the file are all that is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree

from gxstats.errors import ReadError
from gxstats.model import Block, Cell, Document, Issue, Level, Locator, Paragraph, Reading, Row
from gxstats.read.content import FIGURE, Content, damage_of
from gxstats.read.docx_idle import without_idle_properties
from gxstats.read.docx_pictures import Relations, is_likely, pictures_of
from gxstats.read.docx_properties import attribute, is_on, properties
from gxstats.read.docx_styles import Styles, Survey, survey
from gxstats.read.docx_text import (
    ALTERNATIVE,
    CELL,
    FOREIGN,
    KINDS,
    PARAGRAPH,
    ROW,
    TABLE,
    WALKED,
    alternative,
    collect,
    plain_text,
)
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
from gxstats.read.package import Package, local_name, parse_xml
from gxstats.read.pictures import with_pictures
from gxstats.read.sniff import DOCX
from gxstats.read.tables import best_title, table_blocks

# Calling the classes takes three times as long, and this happens hundreds of times a document.
_new: Final = tuple.__new__

_MAIN: Final = "word/document.xml"
_CORE: Final = "docProps/core.xml"
_WALKED: Final = (WALKED, ROW, CELL)
_TITLE_LINES: Final = 8


def read_docx(data: bytes) -> Document:
    """Read a DOCX file: its tables and paragraphs in document order.

    Rows keep their physical cells. A cell that continues a vertical merge is kept, with
    ``rowspan=0``, and the cell it continues has the number of rows as ``rowspan``; skip
    ``rowspan=0`` to see what Word shows. ``colspan`` is ``gridSpan``. A table inside a cell is a
    grid of its own after the outer one; a table none of whose rows has two cells is a frame, and
    its contents are read as if it were not there. Deleted and hidden text is not text.

    Args:
        data: The bytes of the file.

    Returns:
        A document with one structured reading, and one of its pictures if it has no table
        (:mod:`gxstats.read.pictures`). ``Locator.ref`` is ``word/document.xml#`` and steps
        such as ``/tbl[2]/tr[3]/tc[1]``, each counting in reading order what its parent holds;
        ``sdt``, ``ins``, ``smartTag`` and other wrappers are not counted as levels. No hash yet.

    Raises:
        ReadError: The package or its XML is damaged.
        LimitExceeded: The package or the document in it is too large.

    Example:
        >>> import io, zipfile
        >>> from gxstats.read.docx_properties import NAMESPACES
        >>> body = "<w:document xmlns:w='%s'><w:p><w:r><w:t>2023年度报告</w:t></w:r></w:p></w:document>"
        >>> with zipfile.ZipFile(buffer := io.BytesIO(), "w") as package:
        ...     package.writestr("word/document.xml", body % NAMESPACES[0])
        >>> read_docx(buffer.getvalue()).readings[0].blocks[0].text
        '2023年度报告'
    """
    package = Package(data)
    name = _main_part(package)
    root, xml = _main_xml(package.read(name), name)
    body = _Body(f"{name}#", survey(root, xml), Styles(package))
    try:
        body.flow(root, f"{name}#", {}, 0)
    except RecursionError as error:
        raise too_deep(name) from error
    return _assembled(body, package, name)


def _assembled(body: _Body, package: Package, name: str) -> Document:
    fields = _core_properties(package)
    blocks = tuple(body.blocks)
    if not blocks:
        body.notice("empty", "the document has no text", "", "warning")
    title = best_title(("".join(body.title_lines), fields.get("title", ""), body.first_text))
    for label, value in name_value_pairs(blocks).items():
        fields.setdefault(label, value)
    document = Document(
        sha256="",
        media_type=DOCX,
        readings=(Reading("structure", blocks, structured=True),),
        issues=tuple(body.issues),
        title=title,
        fields=fields,
    )
    if not body.pictures:
        return document
    return with_pictures(document, pictures_of(body.pictures, Relations(package, name)))


class _Placed(NamedTuple):
    """A cell and where its first column is in the grid of its table."""

    cell: Cell
    column: int
    merge: str
    """``restart``, ``continue`` or nothing: the vertical merge."""


class _Body:
    """One walk over the document part: what has been read so far."""

    def __init__(self, name: str, found: Survey, styles: Styles) -> None:
        self.name = name
        self.found = found
        self.formatted = found.formatted
        self.styles = styles
        self.blocks: list[Block] = []
        self.issues: list[Issue] = []
        self.pictures: list[tuple[str, etree._Element]] = []
        self.title_lines: list[str] = []
        self.first_text = ""
        self.cell_count = 0
        self._head = 0

    def flow(self, node: etree._Element, path: str, counts: dict[str, int], depth: int) -> None:
        """Read the paragraphs and tables below a node; wrappers share the counts of their parent."""
        if depth > MAX_DEPTH:
            raise too_deep(path)
        for child in node:
            kind = KINDS.get(child.tag, WALKED)
            if kind == PARAGRAPH:
                self.paragraph(child, _step(path, "p", counts), depth + 1)
            elif kind == TABLE:
                self.table(child, _step(path, "tbl", counts), depth + 1)
            elif kind == ALTERNATIVE:
                branch = alternative(child)
                if branch is not None:
                    self.flow(branch, path, counts, depth + 1)
            elif kind == FOREIGN:
                self.notice("embedded", "a document embedded here was not read", path, "warning")
            elif kind in _WALKED and len(child):
                self.flow(child, path, counts, depth + 1)

    def paragraph(self, paragraph: etree._Element, path: str, depth: int) -> None:
        """Read one paragraph, then the text boxes that hang on it."""
        content = Content()
        collect(paragraph, content, self.formatted, True, depth)
        text = content.text()
        if len(text) > MAX_TEXT_LENGTH:
            raise too_long("characters in one paragraph", len(text), MAX_TEXT_LENGTH, path)
        if len(self.blocks) >= MAX_PARAGRAPHS:
            raise too_long("paragraphs and tables", len(self.blocks), MAX_PARAGRAPHS, path)
        if text.strip():
            self.blocks.append(Paragraph(text, Locator(ref=path)))
            self.head(paragraph, text)
        self.pictures += [(path, picture) for picture in content.pictures]
        if any(map(is_likely, content.pictures)):
            self.notice("image", "a picture or embedded object stands here and was not read", path)
        counts: dict[str, int] = {}
        for box in content.boxes:
            self.flow(box, _step(path, "txbxContent", counts), {}, depth + 1)

    def head(self, paragraph: etree._Element, text: str) -> None:
        """Take the first run of centred paragraphs near the top for the title."""
        self.first_text = self.first_text or text
        self._head += 1
        if self._head <= _TITLE_LINES:
            alignment = properties(paragraph, "pPr").get("jc")
            if alignment is not None and attribute(alignment, "val") == "center":
                self.title_lines.append(text)
            elif self.title_lines:
                self._head = _TITLE_LINES

    def table(self, table: etree._Element, path: str, depth: int) -> None:
        """Read a table as a frame or as a grid, then the tables in its cells."""
        if depth > MAX_DEPTH:
            raise too_deep(path)
        if not any(len(list(islice(self.shown_cells(row), 2))) == 2 for row in _inside(table, ROW)):
            self.frame(table, path, depth)
            return
        nested: list[tuple[etree._Element, str]] = []
        placed: list[list[_Placed]] = []
        for number, row in enumerate(_inside(table, ROW), 1):
            style = properties(row, "trPr")
            if not _is_left_out(style):
                placed.append(self.row(row, style, f"{path}/tr[{number}]", nested, depth + 1))
        self.blocks.extend(table_blocks(_merged(placed), Locator(ref=path)))
        for inner, inner_path in nested:
            self.table(inner, inner_path, depth + 1)

    def frame(self, table: etree._Element, path: str, depth: int) -> None:
        """Read what stands in a table of single cells as if there were no table."""
        for number, row in enumerate(_inside(table, ROW), 1):
            if not _is_left_out(properties(row, "trPr")):
                shown = list(self.shown_cells(row))
                for place, cell in enumerate(_inside(row, CELL), 1):
                    if cell in shown:
                        self.flow(cell, f"{path}/tr[{number}]/tc[{place}]", {}, depth + 1)

    def shown_cells(self, row: etree._Element) -> Iterator[etree._Element]:
        """The cells of a row that are not deleted and do not only continue a merge."""
        for cell in _inside(row, CELL):
            style = self.found.spans.get(cell)
            if style is None or ("cellDel" not in style and _spans(style)[1]):
                yield cell

    def row(
        self,
        row: etree._Element,
        style: dict[str, etree._Element],
        path: str,
        nested: list[tuple[etree._Element, str]],
        depth: int,
    ) -> list[_Placed]:
        """The physical cells of one row; tables inside them are added to ``nested``."""
        found, formatted = self.found, self.formatted
        column = _number(style["gridBefore"]) if "gridBefore" in style else 0
        placed = []
        for number, element in enumerate(_inside(row, CELL), 1):
            span, rows, vertical = 1, 1, ""
            if element in found.spans:
                merged = found.spans[element]
                if "cellDel" in merged:
                    continue
                span, rows, vertical = _spans(merged)
            where = f"{path}/tc[{number}]"
            text = None if formatted else plain_text(element)
            damage = ""
            if text is None:
                text, damage = self.mixed(element, where, nested, depth)
            elif element in found.styled or element in found.numbered:
                damage = self.doubt(element, text, False)
            at = _new(Locator, (None, None, None, None, None, where))
            placed.append(_new(_Placed, (_new(Cell, (text, at, span, rows, damage)), column, vertical)))
            column += span
        self.cell_count += len(placed)
        if self.cell_count > MAX_CELLS:
            raise too_long("cells", self.cell_count, MAX_CELLS, path)
        return placed

    def mixed(
        self, cell: etree._Element, where: str, nested: list[tuple[etree._Element, str]], depth: int
    ) -> tuple[str, str]:
        """Text and damage of a cell that is more than one text; tables inside it are added to ``nested``."""
        content = self.content(cell, depth)
        text = content.text()
        damage = damage_of(text, content.marks) or self.doubt(cell, text, content.several())
        tables: dict[str, int] = {}
        nested.extend((table, _step(where, "tbl", tables)) for table in content.tables)
        return text, damage

    def content(self, cell: etree._Element, depth: int) -> Content:
        """What stands in one cell, and what is odd about it."""
        content = Content()
        if self.formatted:
            shading = properties(cell, "tcPr").get("shd")
            content.background = "" if shading is None else attribute(shading, "fill") or ""
        collect(cell, content, self.formatted, False, depth)
        if content.tables:
            content.marks.add("nested_table")
        return content

    def doubt(self, cell: etree._Element, text: str, several: bool) -> str:
        """Why the figure in a cell may not be what Word shows, or nothing."""
        if cell in self.found.numbered:
            return "numbering"
        if FIGURE.search(text) is None or not (several or cell in self.found.styled):
            return ""
        return self.styles.damage(cell, several)

    def notice(self, code: str, message: str, path: str, level: Level = "notice") -> None:
        """Add an issue."""
        self.issues.append(Issue(level, code, message, Locator(ref=path or None)))


def _step(path: str, name: str, counts: dict[str, int]) -> str:
    counts[name] = number = counts.get(name, 0) + 1
    return f"{path}/{name}[{number}]"


def _inside(node: etree._Element, wanted: int, depth: int = 0) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those inside wrappers."""
    if depth > MAX_DEPTH:
        raise too_deep()
    for child in node:
        kind = KINDS.get(child.tag, WALKED)
        if kind == wanted:
            yield child
        elif kind == WALKED and len(child):
            yield from _inside(child, wanted, depth + 1)
        elif kind == ALTERNATIVE:
            branch = alternative(child)
            if branch is not None:
                yield from _inside(branch, wanted, depth + 1)


def _is_left_out(style: dict[str, etree._Element]) -> bool:
    """Whether a row with these properties is deleted by a tracked change, or hidden."""
    return "del" in style or ("hidden" in style and is_on(style["hidden"]))


def _spans(style: dict[str, etree._Element]) -> tuple[int, int, str]:
    """Columns, rows and vertical merge of a cell; no row if it only continues a merge."""
    vertical = _merge(style, "vMerge")
    # The old horizontal merge: Word shows nothing of the cells it swallows either.
    continues = "continue" in (vertical, _merge(style, "hMerge"))
    return max(_number(style["gridSpan"]), 1) if "gridSpan" in style else 1, 0 if continues else 1, vertical


def _merge(style: dict[str, etree._Element], name: str) -> str:
    return (attribute(style[name], "val") or "continue") if name in style else ""


def _merged(rows: list[list[_Placed]]) -> list[Row]:
    """Rows of cells whose ``rowspan`` counts the cells that continue them in the same column."""
    spans: dict[tuple[int, int], int] = {}
    began: dict[int, tuple[int, int]] = {}  # column -> row and place of the cell a merge began with
    for number, row in enumerate(rows):
        still: dict[int, tuple[int, int]] = {}
        for place, (_, column, merge) in enumerate(row):
            if merge == "restart":
                still[column] = (number, place)
            elif merge == "continue" and column in began:
                still[column] = began[column]
                spans[began[column]] = number - began[column][0] + 1
        began = still
    if not spans:
        return [Row(tuple([cell for cell, _, _ in row])) for row in rows]
    return [
        Row(
            tuple(
                cell._replace(rowspan=spans[number, place]) if (number, place) in spans else cell
                for place, (cell, _, _) in enumerate(row)
            )
        )
        for number, row in enumerate(rows)
    ]


def _number(element: etree._Element) -> int:
    value = (attribute(element, "val") or "").strip()
    return min(int(value), MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def _main_part(package: Package) -> str:
    if _MAIN in package.names:
        return _MAIN
    # Some programs number it: word/document2.xml.
    for name in package.names:
        if name.startswith("word/document") and name.endswith(".xml"):
            return name
    raise ReadError("the package has no Word document", hint="is it really a DOCX file?", where=_MAIN)


def _main_xml(xml: bytes, name: str) -> tuple[etree._Element, bytes]:
    """The root of the document part, and the bytes it stands for."""
    slim = without_idle_properties(xml)
    try:
        return parse_xml(slim, name), slim
    except ReadError:
        if slim == xml:
            raise
    return parse_xml(xml, name), xml  # an error names a place in the file as it is


def _core_properties(package: Package) -> dict[str, str]:
    """Title, creator, dates and so on; a document without them is as good."""
    try:
        root = package.xml(_CORE)
    except ReadError:
        return {}
    return {local_name(item): item.text.strip() for item in root if item.text and item.text.strip()}
