"""Figures drawn over several columns: the cells behind such a one no longer stand where counting puts them.

Word processors compute spans from rounded widths, so spans never say where a figure stands. But in a
table whose rows agree on theirs, a row that does not agree was merged by hand, and if an empty cell
was added to it elsewhere, its cells are as many as ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from gxstats.align.tables import Entry, Table
from gxstats.align.vocabulary import look_up, sections
from gxstats.model import Cell, Locator

_ROWS = 4
"""Rows that show how a table is drawn."""
_AGREE = 0.6
"""Part of the rows that have the same spans in a table whose spans mean something."""

Spans = tuple[int, ...]


def usual_spans(table: Table, wanted: int, trailing: int = 0) -> Spans | None:
    """The spans of the figures in most rows of a table of equal rows, None if its rows do not agree.

    Example:
        >>> rows = [Entry("", True, (Cell("1"), Cell("2")), "")] * 4
        >>> usual_spans(Table("applications", True, True, rows), 2)
        (1, 1)
    """
    if not table.physical:
        return None
    rows = [e.cells[: len(e.cells) - trailing] for e in table.entries]
    found = Counter(_spans(cells[len(cells) - wanted :]) for cells in rows if len(cells) >= wanted)
    if found.total() < _ROWS:
        return None
    (spans, count), *_ = found.most_common()
    return spans if count >= _AGREE * found.total() else None


def are_merged(entry: Entry, cells: Sequence[Cell], table: Table, usual: Spans | None) -> bool:
    """Whether a row is merged otherwise than its table, so that a figure may stand under another head.

    Args:
        entry: the row.
        cells: its figures.
        table: the rows around it.
        usual: the spans of most rows of a table of equal rows, None if they do not agree.

    Example:
        >>> cells = (Cell("1", colspan=2), Cell(""))
        >>> entry = Entry("granted", True, cells, "予以公开")
        >>> table = Table("applications", True, True, [entry])
        >>> are_merged(entry, cells, table, (1, 1)), are_merged(entry, cells, table, None)
        (True, False)
    """
    if sections()[table.section].layout == "blocks":
        return table.physical and bool(entry.head) and bool(cells) and covers_two_heads(entry)
    return usual is not None and _spans(cells) != usual


def covers_two_heads(entry: Entry) -> bool:
    """Whether a figure is as wide as two whole columns, by the heads above it and the one of the label.

    Example:
        >>> head = (Cell("内容"), Cell("本年制发件数"), Cell("本年废止件数"))
        >>> row = Entry("rules", True, (Cell("1", colspan=2), Cell("")), "规章", head=head)
        >>> covers_two_heads(row), covers_two_heads(row._replace(cells=(Cell("1"), Cell("2"))))
        (True, False)
    """
    cells, head = entry.cells, entry.head
    if all(c.colspan == h.colspan for c, h in zip(cells, head[1:], strict=False)):
        return False
    columns = list(_edges(head, 0))[1:]
    figures = list(_edges(cells, entry.stub))
    if any(sum(start <= first and last <= end for first, last in columns) > 1 for start, end in figures):
        return True
    # A row that sticks out began with an empty cell: its figures may stand beside those heads.
    two = min((one.colspan + other.colspan for one, other in pairwise(head[1:])), default=0)
    sticks_out = bool(columns) and figures[-1][1] > columns[-1][1]
    return sticks_out and 0 < two <= max(c.colspan for c in cells)


def is_uneven(cells: Sequence[Cell], table: Table) -> bool:
    """Whether figures of a single row differ in width though the heads of its columns do not."""
    if all(c.colspan == 1 for c in cells):
        return False
    items = {i.item for i in sections()[table.section].editions[0][1].blocks[0].items}
    leaves = {
        cell.colspan
        for head in table.heads
        for cell in head
        for section, code in look_up(cell.text).columns
        if section == table.section and code not in items
    }
    return len(leaves) == 1 and len({c.colspan for c in cells}) > 1


def where(cells: Sequence[Cell]) -> Locator:
    """The place of the first cell that spans columns."""
    return next((c.at for c in cells if c.colspan > 1), Locator())


def _spans(cells: Iterable[Cell]) -> Spans:
    return tuple([c.colspan for c in cells])


def _edges(cells: Sequence[Cell], start: int) -> Iterable[tuple[int, int]]:
    ends = list(accumulate((c.colspan for c in cells), initial=start))
    return pairwise(ends)
