"""Which cells of a row are its figures: as many as the form has columns, never padded, never guessed.

Rows carry more cells than columns where labels are drawn in several cells, where spreadsheets and
flattened pages append empty ones, or where the publisher added a column. Only the first two are
harmless, and only if it can be told at which end the surplus stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gxstats.align.numbers import parse
from gxstats.align.spans import Spans, usual_spans
from gxstats.align.tables import Entry, Table
from gxstats.model import Cell


@dataclass(frozen=True, slots=True)
class Extent:
    """How the rows of one table carry their figures.

    ``trailing`` empty cells follow the figures of every row; ``usable`` is false if the table has
    columns that the form has not, or if it cannot be told where the figures begin. ``spans`` are
    those of the figures in most rows, None if the rows do not agree. ``sure``: what is left out at the
    ends of rows is known to be nothing, because the heads leave it out too or all rows are as wide.
    """

    trailing: int = 0
    usable: bool = True
    spans: Spans | None = None
    sure: bool = False


def measure_rows(table: Table, wanted: int) -> Extent:
    """Look at all rows of a table of equal rows.

    Args:
        table: the labelled rows of a section, each with the cells behind its label.
        wanted: columns the form has.
    """
    extent = _measure(table, wanted)
    spans = usual_spans(table, wanted, extent.trailing)
    return replace(extent, spans=spans, sure=_is_sure(table, wanted, extent.trailing))


def _is_sure(table: Table, wanted: int, trailing: int) -> bool:
    """Whether the figures begin and end in the same columns in all rows, whatever is blank there."""
    if not table.physical or (trailing and not all_trail(table.heads, trailing)):
        return False
    if all(len(e.cells) == wanted + trailing for e in table.entries):
        return True
    widths = {e.stub + sum([c.colspan for c in e.cells]) for e in table.entries}
    tall = any(c.rowspan > 1 for e in table.entries for c in e.cells)
    return len(widths) == 1 and not tall


def _measure(table: Table, wanted: int) -> Extent:
    rows = [e for e in table.entries if len(e.cells) >= wanted]
    if not rows or all(len(e.cells) == wanted for e in rows):
        return Extent()
    sizes = Counter(len(e.cells) for e in rows)
    usual = max(sizes, key=lambda size: (sizes[size], -size))
    trailing = 0
    if usual > wanted:
        trailing = min(_blanks(e.cells[::-1]) for e in rows)
        if trailing and all(_blanks(e.cells) for e in rows):
            return Extent(usable=False)  # empty at both ends: the figures may begin at either
    longer = [e for e in rows if len(e.cells) - trailing > wanted]
    filled = [e for e in longer if _blanks(e.cells) < len(e.cells) - trailing - wanted]
    # Cells before the figures are the rest of a label: never filled, and not there in the rows with
    # the deepest labels. Otherwise they are a column that the publisher added.
    shortest = min(len(e.cells) for e in rows) - trailing
    return Extent(trailing, usable=not filled and shortest == wanted)


def _blanks(cells: Sequence[Cell]) -> int:
    """How many blank cells stand first."""
    for count, cell in enumerate(cells):
        if parse(cell.text).state != "blank":
            return count
    return len(cells)


def row_figures(entry: Entry, wanted: int, extent: Extent) -> tuple[Cell, ...] | None:
    """The figures of a row of a table of equal rows: the last ones; None if that cannot be told."""
    cells = entry.cells[: len(entry.cells) - extent.trailing]
    if len(cells) < wanted or not extent.usable:
        return None
    return cells[len(cells) - wanted :]


def leading_figures(
    cells: tuple[Cell, ...], wanted: int, heads: Sequence[tuple[Cell, ...]] = ()
) -> tuple[Cell, ...] | None:
    """The figures of a row whose figures follow its label at once; None if that cannot be told.

    Empty cells may trail the figures if the first figure is in print or they trail the heads too.

    Example:
        >>> [c.text for c in leading_figures((Cell("1"), Cell("2"), Cell("")), 2)]
        ['1', '2']
        >>> leading_figures((Cell(""), Cell("2"), Cell("")), 2) is None
        True
    """
    extra = len(cells) - wanted
    if extra <= 0:
        return cells if extra == 0 else None
    first, last = _blanks(cells), _blanks(cells[::-1])
    if first == len(cells):
        return cells[:wanted]
    if last >= extra and (not first or _trails(heads, extra)):
        return cells[:wanted]
    return None


def single_figures(
    cells: tuple[Cell, ...], wanted: int, heads: Sequence[tuple[Cell, ...]]
) -> tuple[Cell, ...] | None:
    """The figures of the one row of a table without labels; None if that cannot be told.

    Empty cells may trail the figures only if they trail the heads too; one empty cell may stand
    before them, where other tables have their label.
    """
    extra = len(cells) - wanted
    if extra <= 0:
        return cells if extra == 0 else None
    first, last = _blanks(cells), _blanks(cells[::-1])
    if last >= extra and _trails(heads, extra):
        return cells[:wanted]
    return cells[1:] if extra == 1 and first and not last else None


def all_trail(heads: Sequence[tuple[Cell, ...]], count: int) -> bool:
    """Whether so many empty cells stand behind the last head of every row of heads.

    Example:
        >>> all_trail([(Cell("自然人"), Cell("总计"), Cell(""))], 1), all_trail([], 1)
        (True, False)
    """
    return bool(heads) and all(_trails([head], count) for head in heads)


def _trails(heads: Sequence[tuple[Cell, ...]], count: int) -> bool:
    """Whether so many empty cells stand behind the last head of a row of heads."""
    return any(len(head) > count and _blanks(head[::-1]) >= count for head in heads)
