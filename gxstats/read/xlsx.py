"""XLSX files to grids: what the sheets of a workbook show, cell by cell.

Only stored results are read; no formula is computed, no other file is opened. Hidden sheets, rows and
columns show nothing and are left out with an issue.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from lxml import etree

from gxstats.errors import ReadError
from gxstats.model import Block, Cell, Document, Issue, Level, Locator, Paragraph, Reading, Row
from gxstats.read.content import FIGURE, damage_of, may_be_a_mark
from gxstats.read.limits import MAX_CELLS, MAX_SPAN, MAX_TEXT, MAX_TEXT_LENGTH, check_input, too_long
from gxstats.read.metadata import name_value_pairs
from gxstats.read.package import Package, local_name
from gxstats.read.sniff import XLSX
from gxstats.read.tables import best_title, table_blocks
from gxstats.read.xlsx_format import show
from gxstats.read.xlsx_regions import last_columns
from gxstats.read.xlsx_styles import Look, Styles, run_marks, run_size

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_USUAL_SIZE: Final = 11.0
"""Points of a text that states none."""
_REF: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_MAX_COLUMNS: Final = 1_000
"""Columns from the first to the last that is written to: an export of a page has up to 200."""
_MAX_RANGES: Final = 500
"""Ranges of one kind that one sheet may name."""
_NO_RESULT: Final = "a formula without a stored result"
Box = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


def read_xlsx(data: bytes) -> Document:
    """Read an XLSX file: every visible sheet as a grid of the cells it shows, in the order of the sheets.

    A merged cell is one cell with its spans, whatever the cells beneath it store. The cells of a row reach
    from the first column that is written to up to the last one of its table
    (:mod:`gxstats.read.xlsx_regions`). Figures are the texts
    that the number formats make of them (:mod:`gxstats.read.xlsx_format`).

    Args:
        data: The bytes of the file.

    Returns:
        A document with one structured reading; ``Locator.ref`` is the sheet and the cell: ``Sheet1!B7``.

    Raises:
        ReadError: The package or its XML is damaged.
        LimitExceeded: The package or a sheet in it is too large.

    Example:
        >>> from gxstats.testing.forms import FormSpec
        >>> from gxstats.testing.xlsx import render_xlsx
        >>> document = read_xlsx(render_xlsx(FormSpec()))
        >>> document.readings[0].blocks[0].text
        '某县人民政府2024年政府信息公开工作年度报告'
    """
    check_input(data)
    book = _Book(Package(data))
    for name, part in book.sheets():
        book.read(name, part)
    return _assembled(data, book)


def _assembled(data: bytes, book: _Book) -> Document:
    blocks = tuple(book.blocks)
    if not blocks:
        book.notice("empty", "the workbook shows no text", "", "warning")
    fields = name_value_pairs(blocks)
    first = next((b.text for b in blocks if isinstance(b, Paragraph)), "")
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=XLSX,
        readings=(Reading("structure", blocks, structured=True),),
        issues=tuple(book.issues),
        title=best_title((first,)),
        fields=fields,
    )


class _Sheet(NamedTuple):
    """What holds for a whole sheet."""

    name: str
    hidden: tuple[tuple[int, int], ...]
    """Ranges of columns that are not shown."""
    merged: dict[tuple[int, int], tuple[int, int]]
    """Top left place -> rows and columns."""
    covered: frozenset[tuple[int, int]]
    doubtful: tuple[Box, ...]
    """Where conditions change how figures look."""
    zeros: bool
    formulas: bool


class _Book:
    """One walk over the sheets: what has been read so far."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.relations = {
            node.get("Id", ""): (node.get("Type", ""), _target(node.get("Target", "")))
            for node in (package.xml(_RELATIONS) if _RELATIONS in package.names else ())
        }
        self.styles = Styles(package, self.part_of("styles", "xl/styles.xml"))
        self.strings = self._strings(self.part_of("sharedStrings", "xl/sharedStrings.xml"))
        self.blocks: list[Block] = []
        self.issues: list[Issue] = []
        self.count = 0
        self.length = 0

    def part_of(self, kind: str, usual: str) -> str:
        """The part that the workbook is related to in this way."""
        return next((part for t, part in self.relations.values() if t.endswith(f"/{kind}")), usual)

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Name and part of every sheet that is shown."""
        sheets = list(self.package.xml(_WORKBOOK).iterfind("{*}sheets/{*}sheet"))
        if not sheets:
            raise ReadError("the workbook has no sheets", where=_WORKBOOK)
        for node in sheets:
            name = node.get("name", "")
            relation = next((v for k, v in node.attrib.items() if str(k).endswith("}id")), "")
            kind, part = self.relations.get(str(relation), ("", ""))
            if node.get("state", "visible") != "visible":
                self.notice("hidden", f"the hidden sheet {name!r} was not read", name)
            elif kind.endswith("/worksheet"):
                yield name, part
            elif part:
                self.notice("image", f"the sheet {name!r} is a chart and was not read", name)
            else:
                raise ReadError("a sheet is missing from the workbook", where=name)

    def _strings(self, name: str) -> list[tuple[str, frozenset[str]]]:
        return [_rich(node) for node in self.package.xml(name)] if name in self.package.names else []

    def read(self, name: str, part: str) -> None:
        """Read one sheet into blocks: lines of one cell above its tables are paragraphs."""
        root = self.package.xml(part)
        sheet = _described(name, root, self.styles)
        rows, edges = self.rows_and_edges(root, sheet)
        used = [c for _, cells in rows for c, cell in cells.items() if _is_filled(cell)]
        if not used:
            return
        first, last = min(used), max(used)
        if last - first >= _MAX_COLUMNS:
            raise too_long("columns in one sheet", last - first + 1, _MAX_COLUMNS, name)
        grid: list[Row] = []
        ends = last_columns([cells for _, cells in rows], edges)
        for (number, cells), end in zip(rows, ends, strict=True):
            filled = [cell for cell in cells.values() if _is_filled(cell)]
            if not filled and not grid:
                continue
            if len(filled) == 1 and not grid and filled[0].text:
                self.blocks.extend(
                    Paragraph(t, filled[0].at) for t in filled[0].text.split("\n") if t.strip()
                )
                continue
            shown = [c for c in range(first, (end or 0) + 1) if not any(a <= c <= b for a, b in sheet.hidden)]
            row = tuple(_row(number, cells, shown, sheet)) if end else tuple(filled)
            grid.append(Row(row))
            self.count += len(row)
            if self.count > MAX_CELLS:
                raise too_long("cells", self.count, MAX_CELLS, name)
        self.blocks.extend(table_blocks(grid, Locator(ref=name)))
        if root.find("{*}drawing") is not None or root.find("{*}legacyDrawing") is not None:
            self.notice("image", "pictures, boxes or notes on the sheet were not read", name)

    def rows_and_edges(
        self, root: etree._Element, sheet: _Sheet
    ) -> tuple[list[tuple[int, dict[int, Cell]]], list[int]]:
        """Every row that is shown, and the last column in which it has a border, 0 if it has hardly any."""
        found = list(self.rows(root, sheet))
        return [(number, cells) for number, cells, _ in found], [edge for _, _, edge in found]

    def rows(self, root: etree._Element, sheet: _Sheet) -> Iterator[tuple[int, dict[int, Cell], int]]:
        """Number, written cells and last border of every row that is shown."""
        plan = root.find("{*}sheetFormatPr")
        hidden_by_default = plan is not None and plan.get("zeroHeight") in ("1", "true")
        left_out, number, count = 0, 0, 0
        for node in root.iterfind("{*}sheetData/{*}row"):
            given = node.get("r", "")
            number = int(given) if given.isdecimal() and len(given) < 9 else number + 1
            hidden = node.get("hidden", "1" if hidden_by_default else "0") in ("1", "true")
            if hidden or node.get("ht") == "0":
                left_out += len(node) > 0
                continue
            count += len(node)
            if count > MAX_CELLS:
                raise too_long("cells", count, MAX_CELLS, sheet.name)
            cells = dict(self.cells(node, number, sheet))
            edge = self.edge(node, number, sheet)
            if edge or any(map(_is_filled, cells.values())):
                yield number, cells, edge
        if left_out:
            self.notice("hidden", f"{left_out} hidden rows were not read", sheet.name)
        if sheet.hidden:
            self.notice("hidden", "hidden columns were not read", sheet.name)

    def edge(self, row: etree._Element, number: int, sheet: _Sheet) -> int:
        """The last column of a row of a table, several cells of which have borders; 0 of any other row."""
        ends: list[int] = []
        column = 0
        for node in row.iterfind("{*}c"):
            match = _REF.fullmatch(node.get("r", ""))
            column = _column(match[1]) if match else column + 1
            if self.styles.look(node.get("s")).ruled:
                ends.append(column + sheet.merged.get((number, column), (1, 1))[1] - 1)
        return max(ends) if len(ends) > 1 else 0

    def cells(self, row: etree._Element, number: int, sheet: _Sheet) -> Iterator[tuple[int, Cell]]:
        """Column and content of the cells written in one row."""
        column = 0
        for node in row.iterfind("{*}c"):
            match = _REF.fullmatch(node.get("r", ""))
            column = _column(match[1]) if match else column + 1
            if (number, column) in sheet.covered or any(a <= column <= b for a, b in sheet.hidden):
                continue
            text, damage = self.content(node, sheet)
            self.length += len(text)
            if self.length > MAX_TEXT:  # many cells may show one long text
                raise too_long("characters", self.length, MAX_TEXT, sheet.name)
            if any(a <= number <= c and b <= column <= d for a, b, c, d in sheet.doubtful):
                damage = damage or "a condition changes how this figure looks"
            at = Locator(ref=f"{sheet.name}!{_letters(column)}{number}")
            rows, columns = sheet.merged.get((number, column), (1, 1))
            yield column, Cell(text, at, columns, rows, damage)

    def content(self, node: etree._Element, sheet: _Sheet) -> tuple[str, str]:
        """What one cell shows, and why that may be no figure."""
        look = self.styles.look(node.get("s"))
        stored = node.find("{*}v")
        value = (stored.text or "") if stored is not None else ""
        kind = node.get("t", "n")
        formula = node.find("{*}f") is not None
        if kind in ("s", "inlineStr"):
            return self.words(node, kind, value, look)
        if formula and (not value or sheet.formulas):
            return "", _NO_RESULT
        if kind == "n":
            return _number(value, look, sheet)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value), ""
        if kind == "d":
            return value, "a date is no figure"
        return _marked(value, look.marks) if kind == "str" else (value, "an error of the spreadsheet")

    def words(self, node: etree._Element, kind: str, value: str, look: Look) -> tuple[str, str]:
        """The text of a cell that holds no number."""
        if kind == "inlineStr":
            inline = node.find("{*}is")
            text, marks = _rich(inline) if inline is not None else ("", frozenset())
        elif value.isdecimal() and int(value[:9]) < len(self.strings):
            text, marks = self.strings[int(value)]
        else:
            raise ReadError("a cell names a text that the workbook does not have", where=node.get("r", ""))
        if len(text) > MAX_TEXT_LENGTH:
            raise too_long("characters in one cell", len(text), MAX_TEXT_LENGTH, node.get("r", ""))
        return _marked(text, marks | look.marks)

    def notice(self, code: str, message: str, where: str, level: Level = "notice") -> None:
        """Add an issue."""
        self.issues.append(Issue(level, code, message, Locator(ref=where or None)))


def _is_filled(cell: Cell) -> bool:
    return bool(cell.text or cell.damage)


def _number(value: str, look: Look, sheet: _Sheet) -> tuple[str, str]:
    if not value:
        return "", ""
    shown = show(value.strip(), look.pattern)
    if not sheet.zeros and shown.text.strip("0.,") == "" and shown.text:
        return "", ""
    text, damage = _marked(shown.text, look.marks)
    return text, shown.damage or damage


def _marked(text: str, marks: frozenset[str]) -> tuple[str, str]:
    """A text with what is odd about it; text in the colour of its ground is not seen."""
    if "hidden" in marks and text.strip():
        return "", "hidden"
    return text.strip(" \t\r\n"), damage_of(text, marks) if text.strip() else ""


def _rich(node: etree._Element) -> tuple[str, frozenset[str]]:
    """The text of a string item; the readings of its characters (``rPh``) are not part of it."""
    parts: list[str] = []
    marks: set[str] = set()
    sizes: list[float | None] = []
    for child in node:
        name = local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            found = run_marks(child)
            text = "".join(t.text or "" for t in child.iterfind("{*}t"))
            marks |= found if text.strip() else set()
            parts.append("" if "hidden" in found else text)
            sizes += [run_size(child)] if FIGURE.search(parts[-1]) else []
    if may_be_a_mark([(size or _USUAL_SIZE, bool(size and sizes[0])) for size in sizes]):
        marks.add("several_pieces")
    if "hidden" in marks:  # a part that is not seen: the rest is all there is
        marks = (marks - {"hidden"}) | ({"unseen"} if "".join(parts).strip() else {"hidden"})
    return "".join(parts).replace("_x000D_", "").replace("\r\n", "\n"), frozenset(marks)


def _described(name: str, root: etree._Element, styles: Styles) -> _Sheet:
    hidden = []
    for node in root.iterfind("{*}cols/{*}col"):
        if node.get("hidden") in ("1", "true") or node.get("width") == "0":
            first, last = node.get("min", "0"), node.get("max", "0")
            if first.isdecimal() and last.isdecimal():
                hidden.append((int(first[:9]), int(last[:9])))
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for box in _boxes([node.get("ref", "") for node in root.iterfind("{*}mergeCells/{*}mergeCell")]):
        top, left, bottom, right = box
        rows, columns = bottom - top + 1, right - left + 1
        if rows > MAX_SPAN or columns > MAX_SPAN or len(covered) + rows * columns > MAX_CELLS:
            raise too_long("cells merged into one", rows * columns, MAX_SPAN, name)
        merged[top, left] = (rows, columns)
        covered |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)} - {(top, left)}
    conditions = [
        box
        for node in root.iterfind("{*}conditionalFormatting")
        if any(rule.get("dxfId") in styles.changing for rule in node.iterfind("{*}cfRule"))
        for box in _boxes(node.get("sqref", "").split())
    ]
    for what, ranges in (("hidden ranges of columns", hidden), ("ranges with a condition", conditions)):
        if len(ranges) > _MAX_RANGES:  # each cell is held against each of them
            raise too_long(what, len(ranges), _MAX_RANGES, name)
    view = root.find("{*}sheetViews/{*}sheetView")
    zeros = view is None or view.get("showZeros", "1") not in ("0", "false")
    formulas = view is not None and view.get("showFormulas", "0") in ("1", "true")
    return _Sheet(name, tuple(hidden), merged, frozenset(covered), tuple(conditions), zeros, formulas)


def _boxes(references: Sequence[str]) -> Iterator[Box]:
    for reference in references:
        first, _, last = reference.replace("$", "").partition(":")
        one, other = _REF.fullmatch(first), _REF.fullmatch(last or first)
        if one and other:
            yield int(one[2]), _column(one[1]), int(other[2]), _column(other[1])


def _row(number: int, cells: dict[int, Cell], shown: Sequence[int], sheet: _Sheet) -> Iterator[Cell]:
    """The cells of one row, the empty ones too."""
    for column in shown:
        if (number, column) not in sheet.covered:
            rows, columns = sheet.merged.get((number, column), (1, 1))
            empty = Cell("", Locator(ref=f"{sheet.name}!{_letters(column)}{number}"), columns, rows)
            yield cells.get(column, empty)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _target(target: str) -> str:
    """The part a relation of the workbook names; never a path outside the package."""
    return target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
