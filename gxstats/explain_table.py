"""A cell among its heads: the row it stands in, the heads over its column, the labels of its row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gxstats.model import Cell, Document, Grid, Locator, Row


class Placed(NamedTuple):
    """A cell, the first column it covers, how many columns, and whether it began in an earlier row."""

    cell: Cell
    column: int
    span: int
    carried: bool = False


Placing = list[list[Placed]]


@dataclass(frozen=True, slots=True)
class Context:
    """Where a cell stands in its table.

    Attributes:
        heads: the rows of heads above it; from the table before, if the page breaks in between.
        row: its row, with the labels that reach into it from above.
        target: its position in ``row``.
        marked: the heads over its column.
        labels: what stands before the figures of its row.
    """

    heads: Placing
    row: list[Placed]
    target: int
    marked: tuple[Placed, ...]
    labels: tuple[Placed, ...]

    @property
    def cell(self) -> Cell:
        """The cell itself."""
        return self.row[self.target].cell


def context_of(document: Document, at: Locator, figures: Collection[Locator]) -> Context | None:
    """Find a cell in a document, with its heads and labels.

    Args:
        document: the document as read.
        at: the place of the cell.
        figures: the places of all cells that hold figures of the form.

    Returns:
        None if no reading sees a table with borders there.

    Example:
        >>> from gxstats.read import read_document
        >>> page = "<table><tr><td>项目<td>总计<tr><td>新收<td>7</table>".encode()
        >>> cell = Locator(ref="/html/body[1]/table[1]/tr[2]/td[2]")
        >>> found = context_of(read_document(page), cell, {cell})
        >>> [p.cell.text for p in (*found.marked, *found.labels, found.row[found.target])]
        ['总计', '新收', '7']
    """
    readings = [reading.blocks for reading in document.readings]
    if document.arbiter is not None and not any(_holder(blocks, at) for blocks in readings):
        third = document.arbiter()
        readings += [third.blocks] if third else []
    for blocks in readings:
        grids = [b for b in blocks if isinstance(b, Grid) and b.kind == "cells"]
        for number, grid in enumerate(grids):
            for place, row in enumerate(grid.rows):
                if any(cell.at == at for cell in row.cells):
                    return _context(grids, number, place, at, figures)
    return None


def _holder(blocks: Sequence[object], at: Locator) -> bool:
    return any(
        cell.at == at
        for b in blocks
        if isinstance(b, Grid) and b.kind == "cells"
        for row in b.rows
        for cell in row.cells
    )


def _context(
    grids: Sequence[Grid], number: int, place: int, at: Locator, figures: Collection[Locator]
) -> Context:
    lines = laid_out(grids[number].rows)
    row = lines[place]
    target = next(i for i, placed in enumerate(row) if placed.cell.at == at and not placed.carried)
    first = next((i for i, placed in enumerate(row) if placed.cell.at in figures), target)
    labels = tuple(placed for placed in row[: min(first, target)] if placed.cell.text.strip())
    heads = _heads(lines, place, figures) or _heads_before(grids[:number], row, figures)
    return Context(heads, row, target, tuple(_over(heads, row, target)), labels)


def laid_out(rows: Sequence[Row]) -> Placing:
    """Rows with the column of every cell, and with the cells that reach into them from above.

    Cells that only continue a merge (``rowspan`` 0) are left out: the cell they continue reaches down.

    Example:
        >>> rows = [Row((Cell("甲", rowspan=2), Cell("1"))), Row((Cell("2"),))]
        >>> [[(p.cell.text, p.column, p.carried) for p in row] for row in laid_out(rows)]
        [[('甲', 0, False), ('1', 1, False)], [('甲', 0, True), ('2', 1, False)]]
    """
    reaching: dict[int, tuple[Placed, int]] = {}
    found: Placing = []
    for row in rows:
        line: list[Placed] = []
        column = 0
        queue = [cell for cell in row.cells if cell.rowspan]
        while queue or column in reaching:
            if column in reaching:
                placed, left = reaching.pop(column)
                line.append(placed._replace(carried=True))
                if left > 1:
                    reaching[column] = (placed, left - 1)
                column += placed.span
                continue
            cell = queue.pop(0)
            placed = Placed(cell, column, cell.colspan)
            line.append(placed)
            if cell.rowspan > 1:
                reaching[column] = (placed, cell.rowspan - 1)
            column += cell.colspan
        # What reaches down further right of a short row counts down all the same.
        seen = {placed.column for placed in line}
        for at in [at for at in reaching if at not in seen]:
            placed, left = reaching.pop(at)
            if left > 1:
                reaching[at] = (placed, left - 1)
        found.append(line)
    return found


def width(row: Sequence[Placed]) -> int:
    """How many columns a row covers."""
    return max((placed.column + placed.span for placed in row), default=0)


def _figures(row: Sequence[Placed], figures: Collection[Locator]) -> int:
    return sum(placed.cell.at in figures and not placed.carried for placed in row)


def _has_text(row: Sequence[Placed]) -> bool:
    return any(placed.cell.text.strip() and not placed.carried for placed in row)


def _heads(lines: Placing, place: int, figures: Collection[Locator]) -> Placing:
    """The nearest rows without figures above a row."""
    last = place - 1
    # A page break can leave a row of empty cells, which is no head.
    while last >= 0 and (_figures(lines[last], figures) or not _has_text(lines[last])):
        last -= 1
    first = last
    while first > 0 and not _figures(lines[first - 1], figures):
        first -= 1
    return lines[first : last + 1] if last >= 0 else []


def _heads_before(grids: Sequence[Grid], row: Sequence[Placed], figures: Collection[Locator]) -> Placing:
    """The heads of the table that this page goes on with.

    Either a table before ends with heads as wide as the row, or its first row of figures has as many of
    them: how many columns the labels take changes with the page.
    """
    count = _figures(row, figures)
    for grid in reversed(grids):
        lines = laid_out(grid.rows)
        last = _heads(lines, len(lines), figures) if not _figures(lines[-1], figures) else []
        # A page may break right after the heads.
        alone = not any(_figures(line, figures) for line in lines)
        if last and (max(map(width, last)) == width(row) or (alone and max(map(width, last)) > count)):
            return last
        begin = next((i for i, line in enumerate(lines) if _figures(line, figures)), 0)
        if begin and _figures(lines[begin], figures) == count:
            return _heads(lines, begin, figures)
    return []


def _over(heads: Placing, row: Sequence[Placed], target: int) -> Iterator[Placed]:
    """The heads over a cell; columns are counted from the right, where rows are most often complete."""
    end = width(row) - row[target].column
    begin = end - row[target].span
    for line in heads:
        total = width(line)
        for placed in line:
            right = total - placed.column - placed.span
            if (
                right < end
                and begin < right + placed.span
                and placed.cell.text.strip()
                and not placed.carried
            ):
                yield placed
