"""Spans as word processors write them: computed from rounded widths, so that they lie about columns."""

from __future__ import annotations

from collections.abc import Sequence

from gxstats.testing.blocks import CellSpec, RowSpec, Table, place
from gxstats.testing.spec import Spans


def bent(table: Table, spans: Spans) -> Table:
    """The table with the spans a word processor would write for it.

    Each border between columns stands in one of two places, a hair apart, row by row, and the grid
    has a column between the two. ``rounded`` keeps the sum of every row; ``wrong`` makes the first
    cell of some rows too wide as well, so that these rows stick out.

    Example:
        >>> table = Table(((CellSpec("a"), CellSpec("b")), (CellSpec("c"), CellSpec("d"))), (4, 4))
        >>> [[cell.colspan for cell in row] for row in bent(table, "rounded").rows]
        [[2, 2], [3, 1]]
    """
    if spans == "true":
        return table
    width = len(table.widths)
    fixed = _fixed(table.rows)
    rows: list[list[CellSpec]] = [[] for _ in table.rows]
    for p in place(table.rows):
        left = _border(p.row, p.column, width, fixed)
        right = _border(p.row, p.column + p.cell.colspan, width, fixed)
        rows[p.row].append(p.cell._replace(colspan=right - left))
    if spans == "wrong":
        for row in rows[4::5]:
            if row and row[0].rowspan == 1:
                row[0] = row[0]._replace(colspan=row[0].colspan + 1)
    widths = tuple(part for w in table.widths for part in (w - w // 2, w // 2))
    return Table(tuple(tuple(row) for row in rows), widths, table.section)


def _border(row: int, column: int, width: int, fixed: set[tuple[int, int]]) -> int:
    """Where a border between columns stands in the finer grid."""
    moved = 0 < column < width and (row, column) not in fixed and (row * 5 + column * 3) % 4 == 0
    return 2 * column + moved


def _fixed(rows: Sequence[RowSpec]) -> set[tuple[int, int]]:
    """The borders that cells spanning several rows hold in place: (row, column)."""
    return {
        (p.row + down, column)
        for p in place(rows)
        if p.cell.rowspan > 1
        for down in range(p.cell.rowspan)
        for column in (p.column, p.column + p.cell.colspan)
    }
