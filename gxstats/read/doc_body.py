"""From the paragraphs of a DOC file to nested tables: cells end with a mark, rows with a marked paragraph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gxstats.read.doc_rows import CellShape, shapes
from gxstats.read.doc_text import Line, Text
from gxstats.read.limits import MAX_CELLS, too_long


@dataclass(slots=True)
class Flow:
    """Paragraphs and tables in order: a document, a text box or a cell."""

    items: list[Line | Table] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """The paragraphs that stand in no further table."""
        return [item for item in self.items if isinstance(item, Line)]

    def tables(self) -> list[Table]:
        """The tables."""
        return [item for item in self.items if isinstance(item, Table)]


@dataclass(slots=True)
class TableRow:
    """The cells of a row and their shapes."""

    cells: list[tuple[Flow, CellShape]]
    left_out: bool = False
    """Deleted by a tracked change, or hidden."""


@dataclass(slots=True)
class Table:
    """Rows that are complete, and the cells of the next one."""

    rows: list[TableRow] = field(default_factory=list)
    cells: list[Flow] = field(default_factory=list)
    cell: Flow = field(default_factory=Flow)


class Builder:
    """Sorts paragraphs into tables.

    Attributes:
        doubts: What does not fit together, in words: then no border of a cell is sure.
    """

    def __init__(self, text: Text) -> None:
        self._text = text
        self._count = 0
        self.doubts: list[str] = []

    def build(self, lines: Iterable[Line]) -> Flow:
        """The paragraphs and tables of one stretch of text.

        Raises:
            LimitExceeded: There are too many cells.
        """
        body, open_tables = Flow(), list[Table]()
        for line in lines:
            depth = line.style.depth
            self._close(open_tables, depth)
            while len(open_tables) < depth:
                table = Table()
                (open_tables[-1].cell if open_tables else body).items.append(table)
                open_tables.append(table)
            self._add(line, open_tables[-1] if open_tables else None, body)
        self._close(open_tables, 0)
        return body

    def _add(self, line: Line, table: Table | None, body: Flow) -> None:
        ends_with_mark = self._text.is_cell_mark(line.place)
        if not line.covered:
            self._doubt("the properties of a paragraph are missing")
        if table is None:
            if ends_with_mark:
                self._doubt("a mark of a cell stands outside of tables")
            body.items.append(line)
        elif line.style.row_end and (ends_with_mark or line.style.depth > 1):
            self._end_row(line, table)
        else:
            if line.style.row_end:
                self._doubt("the end of a row has no mark")
            table.cell.items.append(line)
            if line.style.cell_end if line.style.depth > 1 else ends_with_mark:
                self._end_cell(table)

    def _end_cell(self, table: Table) -> None:
        table.cells.append(table.cell)
        table.cell = Flow()
        self._count += 1
        if self._count > MAX_CELLS:
            raise too_long("cells", self._count, MAX_CELLS)

    def _end_row(self, line: Line, table: Table) -> None:
        if table.cell.items or line.content.text():
            self._doubt("a row ends inside a cell")
            table.cell.items.append(line)
            self._end_cell(table)
        stated = shapes(self._text.row_properties(line.place))
        if stated is None or len(stated) != len(table.cells):
            said = "none" if stated is None else str(len(stated))
            self._doubt(f"a row has {len(table.cells)} cells where {said} are stated")
            stated = [CellShape(number, number + 1) for number in range(len(table.cells))]
        hidden = line.mark.effect == "hidden" and not any(
            part.content.text() for cell in table.cells for part in cell.lines()
        )
        cells = list(zip(table.cells, stated, strict=True))
        table.rows.append(TableRow(cells, hidden or line.mark.effect == "deleted"))
        table.cells = []

    def _close(self, open_tables: list[Table], depth: int) -> None:
        while len(open_tables) > depth:
            table = open_tables.pop()
            if table.cells or table.cell.items:
                self._doubt("a table ends inside a row")
                if table.cell.items:
                    self._end_cell(table)
                loose = [(cell, CellShape(number, number + 1)) for number, cell in enumerate(table.cells)]
                table.rows.append(TableRow(loose))

    def _doubt(self, what: str) -> None:
        if what not in self.doubts:
            self.doubts.append(what)
