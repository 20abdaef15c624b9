"""How far the rows of a sheet reach: each table on it to its own last column, not to that of the widest.

Tables of several widths stand below each other on one sheet, parted by headings that are merged over the
whole width of the table above or below. Between two such headings all rows reach equally far, but for
those whose borders end elsewhere: out of them a cell was taken, or one was put in, and the others moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from gxstats.model import Cell

_LABEL_COLUMNS = 3
"""Labels are merged over so many columns at most."""


def last_columns(rows: Sequence[Mapping[int, Cell]], edges: Sequence[int] = ()) -> list[int | None]:
    """The last column of each row; None for a heading that stands alone in its row, over a whole table.

    Args:
        rows: column -> cell of every row that is shown.
        edges: the last column in which each row has a border, 0 if it has none; empty if not known.

    Example:
        >>> heading, wide = {1: Cell("二、", colspan=4)}, {1: Cell("a"), 4: Cell("1")}
        >>> last_columns([heading, wide, {1: Cell("b")}, {1: Cell("三、", colspan=4)}, {1: Cell("c")}])
        [None, 4, 4, None, 1]
        >>> last_columns([heading, wide, wide, {1: Cell("b"), 3: Cell("1")}], [4, 4, 4, 3])
        [None, 4, 4, 3]
    """
    used = [max((c for c, cell in row.items() if cell.text or cell.damage), default=0) for row in rows]
    headings = _headings(used, [_right_edge(row) for row in rows])
    result: list[int | None] = [None] * len(rows)
    run: list[int] = []
    for index in range(len(rows) + 1):
        if index < len(rows) and index not in headings:
            run.append(index)
            continue
        end = max((used[i] for i in run), default=0)
        usual = _usual([edges[i] for i in run]) if edges else 0
        for member in run:
            result[member] = _end(end, used[member], edges[member] if edges else 0, usual)
        run = []
    return result


def _usual(edges: Sequence[int]) -> int:
    """Where the borders of most rows end, 0 if there are none."""
    found = Counter(edge for edge in edges if edge)
    return max(found, key=lambda edge: (found[edge], edge)) if found else 0


def _end(end: int, used: int, edge: int, usual: int) -> int:
    """The last column of a row: that of its table, unless its own borders end elsewhere."""
    if 0 < edge < end:
        return max(edge, used)
    return max(edge, end) if edge > usual else end


def _headings(used: Sequence[int], edges: Sequence[int | None]) -> set[int]:
    """Numbers of the headings: they reach over all rows since the last one, or as far as another did.

    A merged label beside blank figures does not.
    """
    found: set[int] = set()
    known: set[int] = set()
    above, begun = 0, False
    for index, edge in enumerate(edges):
        if edge is not None and (not begun or edge in known or edge >= above > 0):
            found.add(index)
            known.add(edge)
            above = 0
        else:
            above = max(above, used[index])
            begun = begun or edge is None
    return found


def _right_edge(row: Mapping[int, Cell]) -> int | None:
    """The last column under the one cell of a row that has text, if it is merged over several columns."""
    filled = [(c, cell) for c, cell in row.items() if cell.text or cell.damage]
    if len(filled) != 1 or filled[0][1].colspan <= _LABEL_COLUMNS or filled[0][1].rowspan > 1:
        return None
    edge = filled[0][0] + filled[0][1].colspan - 1
    # Cells beside it, blank as they are, make it the label of a row.
    return None if any(column > edge for column in row) else edge
