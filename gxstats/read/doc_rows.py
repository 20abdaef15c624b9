"""Rows of DOC tables: what the mark at the end of a row says of its cells."""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gxstats.model import Cell, Row
from gxstats.read import doc_sprm as sprm
from gxstats.read.limits import MAX_SPAN

_CELL: Final = 20
_CONTINUES, _FIRST = 1, 3
_SAME_BORDER: Final = 15
"""Twentieths of a point within which borders of different rows are one."""


class CellShape(NamedTuple):
    """Where a cell stands, and whether it goes on with the one to the left or above.

    ``horizontal`` and ``vertical`` are 0 for a cell of its own, 1 for one that goes on with another,
    more for the first of several.
    """

    left: int
    right: int
    horizontal: int = 0
    vertical: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether Word shows what is in the cell."""
        return _CONTINUES not in (self.horizontal, self.vertical)


class Placed(NamedTuple):
    """A cell that was read, and its shape."""

    cell: Cell
    shape: CellShape


def shapes(found: Iterable[sprm.Modifier]) -> list[CellShape] | None:
    """The cells a row mark defines; None if it defines none.

    Args:
        found: The modifiers of the paragraph that ends the row.

    Example:
        >>> widths = struct.pack("<B3h", 2, 0, 500, 900)
        >>> [cell.right for cell in shapes([sprm.Modifier(sprm.DEFINE_TABLE, widths)])]
        [500, 900]
    """
    cells: list[CellShape] | None = None
    for code, operand in found:
        if code == sprm.DEFINE_TABLE:
            cells = _defined(operand)
        elif cells is not None and len(operand) >= 2:
            _change(cells, code, operand[0], operand[1])
    return None if cells is None else _led(cells)


def _led(cells: list[CellShape]) -> list[CellShape]:
    """The cells, with the first of several that are merged horizontally told from the others.

    Two descriptions of the format contradict each other: in that of 1997, the first is marked 1 and the
    others 2; in [MS-DOC], the first is marked 2 or 3 and the others 1. The leftmost is always the first.
    """
    led: list[CellShape] = []
    lead = 0
    for cell in cells:
        lead = (lead or cell.horizontal) if cell.horizontal else 0
        first = cell.horizontal in (lead, _FIRST)
        led.append(cell._replace(horizontal=_FIRST if first else _CONTINUES) if lead else cell)
    return led


def _defined(operand: bytes) -> list[CellShape] | None:
    if not operand or len(operand) < 3 + 2 * operand[0]:
        return None
    count = operand[0]
    borders = struct.unpack_from(f"<{count + 1}h", operand, 1)
    cells = []
    for number in range(count):
        at = 3 + 2 * count + _CELL * number
        flags = int.from_bytes(operand[at : at + 2], "little")
        cells.append(CellShape(borders[number], borders[number + 1], flags & 3, flags >> 5 & 3))
    return cells


def _change(cells: list[CellShape], code: int, first: int, second: int) -> None:
    if code == sprm.VERTICAL_MERGE and first < len(cells):
        cells[first] = cells[first]._replace(vertical=second)
    elif code in (sprm.MERGE, sprm.SPLIT):
        for number in range(first, min(second, len(cells))):
            state = 0 if code == sprm.SPLIT else _FIRST if number == first else _CONTINUES
            cells[number] = cells[number]._replace(horizontal=state)
    elif code == sprm.DELETE_CELLS:
        del cells[first:second]
    elif code == sprm.INSERT_CELLS:
        border = cells[first - 1].right if 0 < first <= len(cells) else 0
        cells[first:first] = [CellShape(border, border)] * min(second, MAX_SPAN)


def borders_of(table: Sequence[Sequence[Placed]], above: Sequence[int] = ()) -> list[int]:
    """Where the columns of a table begin and the last one ends, in twentieths of a point.

    A row that stands alone in a table shows by itself no column that two of its cells are wide. If its
    borders are those of the table above, as far as that goes, it was parted from it, and has its columns.

    Args:
        table: The rows.
        above: The borders of the table before it.

    Example:
        >>> row = [Placed(Cell("1"), CellShape(0, 500)), Placed(Cell("2"), CellShape(500, 1500))]
        >>> borders_of([row]), borders_of([row], [0, 500, 1000, 1500])
        ([0, 500, 1500], [0, 500, 1000, 1500])
    """
    borders = _borders(shape for row in table for _, shape in row)
    if len(table) > 1 or not above or not borders:
        return borders
    inside = [border for border in borders if border <= above[-1] + _SAME_BORDER]
    fits = all(any(abs(border - other) <= _SAME_BORDER for other in above) for border in inside)
    if not fits or len(inside) < 2:
        return borders
    return [*above, *(border for border in borders if border > above[-1] + _SAME_BORDER)]


def rows_of(table: Sequence[Sequence[Placed]], above: Sequence[int] = ()) -> list[Row]:
    """Rows whose cells know how many columns and rows they span.

    A column begins wherever a cell of any row does; a vertical merge goes on below the cell with the
    same left border.

    Args:
        table: The rows.
        above: The borders of the table before it.

    Example:
        >>> top = [Placed(Cell("a"), CellShape(0, 900))]
        >>> below = [Placed(Cell("b"), CellShape(0, 500)), Placed(Cell("c"), CellShape(500, 900))]
        >>> rows_of([top, below])[0].cells[0].colspan
        2
    """
    borders = borders_of(table, above)
    spans: dict[tuple[int, int], int] = {}
    began: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(table):
        still: dict[int, tuple[int, int]] = {}
        for place, (_, shape) in enumerate(row):
            column = _column(borders, shape.left)
            if shape.vertical > _CONTINUES:
                still[column] = (number, place)
            elif shape.vertical == _CONTINUES and column in began:
                still[column] = began[column]
                spans[began[column]] = number - began[column][0] + 1
        began = still
    return [
        Row(
            tuple(
                _spanning(placed, borders, spans.get((number, place), 1)) for place, placed in enumerate(row)
            )
        )
        for number, row in enumerate(table)
    ]


def _spanning(placed: Placed, borders: list[int], rows: int) -> Cell:
    shape = placed.shape
    columns = _column(borders, shape.right) - _column(borders, shape.left)
    return placed.cell._replace(colspan=min(max(columns, 1), MAX_SPAN), rowspan=rows if shape.is_shown else 0)


def _borders(found: Iterable[CellShape]) -> list[int]:
    borders: list[int] = []
    for place in sorted({side for shape in found for side in (shape.left, shape.right)}):
        if not borders or place - borders[-1] > _SAME_BORDER:
            borders.append(place)
    return borders


def _column(borders: list[int], place: int) -> int:
    """The border at a place; places of one border differ by what programs round."""
    return bisect_left(borders, place - _SAME_BORDER)
