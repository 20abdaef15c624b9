"""Read a section whose one row has no label: exactly as many figures as the form has cells.

Publishers also cut that row in parts, each under heads of its own or behind the label of its item.
"""

from __future__ import annotations

from collections.abc import Sequence

from gxstats.align import spans
from gxstats.align.columns import PairOrder
from gxstats.align.extent import all_trail, single_figures
from gxstats.align.numbers import parse
from gxstats.align.row_columns import single_order_under, texts_of
from gxstats.align.rows import MERGED, SectionFigures, heed_captions, note_unknown_rows, read_cell, table_head
from gxstats.align.tables import Entry, Table
from gxstats.align.vocabulary import SectionWords, look_up, sections
from gxstats.model import Cell, Figure
from gxstats.schema import Item, Measure

_Pairs = Sequence[tuple[Item, Measure]]


def read_single_row(table: Table, year: int | None = None, agency: str | None = None) -> SectionFigures:
    """Read the row; ``year`` and ``agency`` are those of the report, if known."""
    words = sections()[table.section]
    result = SectionFigures(table.section, issues=list(table.issues), unmatched=list(table.unmatched))
    note_unknown_rows(table, result)
    pairs = list(words.editions[0][1].cells())
    entries = [e for e in table.entries if not _numbers_columns(e)]
    if parts := _parts(entries, table, words):
        _read_cells(parts, pairs, table, result, exact=True)
    elif entries := _without_empty_end(entries):
        _read_row(entries, pairs, table, result)
    return heed_captions(result, table, year, agency)


def _read_row(entries: list[Entry], pairs: _Pairs, table: Table, result: SectionFigures) -> None:
    cells = single_figures(entries[0].cells, len(pairs), table.heads)
    heads = tuple([texts_of(head) for head in table.heads])
    order = single_order_under(table.section, heads, table.physical, table.structured)
    if order.issue:
        result.issue("error", order.issue, order.message, table_head(table))
    same = len({tuple(c.text.strip() for c in e.cells) for e in entries}) == 1
    if cells is None or not same or not order.usable:
        _refuse(entries[0], pairs, order, result, same)
        return
    cut = len(entries[0].cells) - len(pairs)
    doubtful = cut > 0 and not (table.physical and all_trail(table.heads, cut))
    odd = doubtful or not order.named
    _read_cells(cells, order.pairs, table, result, exact=not order.issue, odd=odd)


def _read_cells(
    cells: Sequence[Cell],
    pairs: _Pairs,
    table: Table,
    result: SectionFigures,
    *,
    exact: bool,
    odd: bool = False,
) -> None:
    result.seen.append("")
    if table.physical and spans.is_uneven(cells, table):
        result.issue("warning", "merged_cells", MERGED, spans.where(cells), "look at the source")
        exact = False
    for cell, (item, measure) in zip(cells, pairs, strict=True):
        figure = read_cell(cell, measure, exact, result)
        result.figures[item.item, measure.measure] = figure._replace(odd=True) if odd else figure


def _refuse(entry: Entry, pairs: _Pairs, order: PairOrder, result: SectionFigures, same: bool) -> None:
    why = f"the row has {len(entry.cells)} cells, the form {len(pairs)}"
    if not same:
        why = "several rows of figures stand where the form has one"
    if not order.usable:
        why = order.message
    result.issue("error", "short_row", why, entry.at, "look at the source")
    raw = " | ".join(c.text for c in entry.cells)
    for item, measure in pairs:
        result.figures[item.item, measure.measure] = Figure("unreadable", raw=raw, at=entry.at)


def _without_empty_end(entries: list[Entry]) -> list[Entry]:
    """The rows without those at the end that print nothing, such as word processors add to hold widths."""
    last = next((n for n in range(len(entries), 0, -1) if _prints(entries[n - 1])), 1)
    return entries[:last]


def _prints(entry: Entry) -> bool:
    return any(parse(cell.text).state != "blank" for cell in entry.cells)


def _parts(entries: list[Entry], table: Table, words: SectionWords) -> tuple[Cell, ...]:
    """The cells of a row cut in parts, each of which is told by its own heads or its label; () if it is not.

    Heads of a part name its items and, for each of them, all results in the form's order.
    """
    block = words.editions[0][1].blocks[0]
    items, cycle = [i.item for i in block.items], [m.measure for m in block.measures]
    if not table.physical or not 1 < len(entries) <= len(items):
        return ()
    found: list[str] = []
    results: list[str] = []
    for entry in entries:
        codes = [c for cell in entry.head for s, c in look_up(cell.text).columns if s == words.name]
        named = [c for c in codes if c in items]
        results = [c for c in codes if c in cycle] or results
        if label := words.items.exact(entry.label):
            named = [] if named else [label]
            if len(results) != len(cycle):
                return ()
        if not named or results != cycle * len(named) or len(entry.cells) != len(results):
            return ()
        found += named
    return tuple(c for e in entries for c in e.cells) if found == items else ()


def _numbers_columns(entry: Entry) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 and so on."""
    return len(entry.cells) > 2 and [c.text.strip() for c in entry.cells] == [
        str(n) for n in range(1, len(entry.cells) + 1)
    ]
