"""Read the rows of one section: which cells are its figures, in which columns, and how sure that is.

Figures are the last cells of a row, as many as the form has columns; a row with fewer is not padded.
Two rows of the same name that differ, or columns whose order the heads contradict, are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from gxstats.align import captions, columns, spans
from gxstats.align.extent import Extent, all_trail, leading_figures, measure_rows, row_figures
from gxstats.align.numbers import Parsed, parse
from gxstats.align.row_columns import (
    RowColumns,
    columns_of,
    evidence_of,
    order_under,
    texts_of,
)
from gxstats.align.tables import Entry, Table
from gxstats.align.vocabulary import SectionWords, sections
from gxstats.model import Cell, Figure, Issue, Level, Locator, Unmatched
from gxstats.schema import Block, Measure

_new = tuple.__new__
_NOTES = {
    "several_figures": "several figures stand in one cell",
    "malformed_figure": "the cell is no figure this column can hold",
    "glued_figures": "more digits than a figure has, or a leading zero: cells were glued together",
    "footnote_mark": "a raised or circled character cannot be told from the figure",
    "seventh_decimal": "more than six decimals",
    "double_sign": "a doubled minus sign was read as one",
    "plus_sign": "a plus sign before a count was left out",
    "annotated_figure": "words in brackets behind the figure were left out",
    "wrapped_digits": "the digits stand on several lines and were joined",
}
MERGED = "a figure is drawn over several columns, so that it cannot be told which it stands in"
_PAIR = re.compile(r"\d+\s*[/／→~～-]\s*\d+")
"""Two figures in one cell, such as this year's and last year's: 5/59."""
_ANOTHER_TABLE = 3
"""So many rows that contradict their twins are no slips of the pen but another body's table."""
_HARMLESS = {"double_sign", "plus_sign", "annotated_figure", "wrapped_digits"}


@dataclass(slots=True)
class SectionFigures:
    """One reading of one section: (item, measure) -> figure, with what was odd about it.

    ``item_forms`` says which form's columns each item was read by; ``evidence`` which form the
    labels of the whole section speak for (None if they cannot tell).
    """

    section: str
    evidence: str | None = None
    figures: dict[tuple[str, str], Figure] = field(default_factory=dict)
    item_forms: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)

    @property
    def contradicted(self) -> bool:
        """Whether the heads say that columns stand in another order, or are other columns."""
        return any(i.code in ("columns_unclear", "columns_out_of_order") for i in self.issues)

    @property
    def two_tables(self) -> bool:
        """Whether two tables of this section contradict each other."""
        return any(i.code == "two_tables" for i in self.issues)

    @property
    def doubted(self) -> bool:
        """Whether words above the table speak of another year, unit or table."""
        told = {i.code for i in self.issues if i.level != "notice"}  # a notice is of a table left out
        return bool(told & {"other_year", "other_unit", "other_table"})

    def doubt(self) -> None:
        """Keep every figure from being confirmed."""
        self.figures = {key: figure._replace(exact=False) for key, figure in self.figures.items()}

    def issue(self, level: Level, code: str, message: str, at: Locator, hint: str = "") -> None:
        """Add an issue."""
        self.issues.append(Issue(level, code, message, at, hint))


def read_table(table: Table, year: int | None = None, agency: str | None = None) -> SectionFigures:
    """Read a table of labelled rows; ``year`` and ``agency`` are those of the report, if known."""
    return heed_captions(_read(table), table, year, agency)


def heed_captions(
    result: SectionFigures, table: Table, year: int | None, agency: str | None
) -> SectionFigures:
    """What was read, in doubt where words above the table say that it is not the report's own."""
    doubts = captions.doubts(table, year, agency)
    if doubts:
        result.issues.extend(doubts)
    if doubts or table.doubted:
        result.doubt()
    return result


def _read(table: Table) -> SectionFigures:
    words = sections()[table.section]
    result = SectionFigures(table.section, issues=list(table.issues), unmatched=list(table.unmatched))
    note_unknown_rows(table, result)
    entries = unique_entries(table.entries, words, result, physical=table.physical)
    entries = ordered_entries(entries, words, result)
    result.evidence = evidence_of(entries, words)
    extent = Extent()
    if words.layout == "rows":
        extent = measure_rows(table, len(words.editions[0][1].blocks[0].measures))
    under: dict[tuple[Cell, ...], dict[object, columns.ColumnOrder]] = {}
    head: tuple[Cell, ...] | None = None
    for entry in entries:
        if entry.head is not head:  # mostly all rows of a table stand under the same
            head, heads, orders = entry.head, texts_of(entry.head), under.setdefault(entry.head, {})
        found = columns_of(words.name, entry.code, heads, len(entry.cells), result.evidence)
        if found is None:
            _refuse_row(entry, result)
            continue
        if found.form:
            result.item_forms[entry.code] = found.form
        known = (found.block.block, found.codes)
        if known not in orders:
            orders[known] = _order(entry, found, table, words, result)
        _read_entry(entry, found, table, extent, orders[known], result)
    return result


def _refuse_row(entry: Entry, result: SectionFigures) -> None:
    """Leave out a row whose columns are not known."""
    raw = (entry.label, *(c.text for c in entry.cells))
    result.unmatched.append(Unmatched(result.section, raw, entry.at))
    message = f"nothing says which form's columns {entry.label!r} has"
    result.issue("warning", "form_unknown", message, entry.at)


def note_unknown_rows(table: Table, result: SectionFigures) -> None:
    """Add an issue for every row that no label matches."""
    for row in table.unmatched:
        text = " | ".join(row.cells)[:80]
        result.issue("notice", "unknown_row", f"no label of the form matches this row: {text}", row.at)


def unique_entries(
    entries: list[Entry], words: SectionWords, result: SectionFigures, *, physical: bool = True
) -> list[Entry]:
    """One entry per item: exact labels win; rows that repeat a label with other figures are refused."""
    kept: dict[str, Entry] = {}
    contradicted: set[str] = set()
    beside: set[str] = set()
    for entry in entries:
        before = kept.setdefault(entry.code, entry)
        if before is entry:
            continue
        if before.exact != entry.exact:
            loser = entry if before.exact else before
            beside.add(entry.code)
            kept[entry.code] = before if before.exact else entry
            result.unmatched.append(
                Unmatched(words.name, (loser.label, *(c.text for c in loser.cells)), loser.at)
            )
            message = f"a row like {loser.label!r} stands beside the form's own"
            result.issue("warning", "unknown_row", message, loser.at)
        elif [c.text.strip() for c in before.cells] == [c.text.strip() for c in entry.cells]:
            message = f"{entry.label!r} is printed twice with the same figures"
            result.issue("notice", "repeated_row", message, entry.at)
        else:
            message = f"{entry.label!r} is printed twice with other figures"
            result.issue("error", "contradictory_rows", message, entry.at)
            contradicted.add(entry.code)
    # In a stream rows are inexact too where others are missing beside them, as in a short table.
    if len(contradicted if physical else contradicted | beside) >= _ANOTHER_TABLE:
        message = "two tables of this section contradict each other; which is the report's own cannot be told"
        result.issue("error", "two_tables", message, next(iter(kept.values())).at, "look at the source")
        contradicted = set(kept)
    return [_refused(e) if e.code in contradicted else e for e in kept.values()]


def _refused(entry: Entry) -> Entry:
    damage = "printed twice with other figures"
    return entry._replace(cells=tuple(c._replace(damage=damage) for c in entry.cells))


def ordered_entries(entries: list[Entry], words: SectionWords, result: SectionFigures) -> list[Entry]:
    """Mark rows that stand out of the order of the form: their figures are kept, not confirmed."""
    ranks = [words.order[e.code] for e in entries]
    if words.layout in ("rows", "list") and any(b <= a for a, b in pairwise(ranks)):
        for index in columns.out_of_order(ranks):
            entry = entries[index]
            result.issue(
                "warning",
                "row_out_of_order",
                f"{entry.label!r} does not stand where the form has it",
                entry.at,
            )
            entries[index] = entry._replace(exact=False)
    return entries


def _order(
    entry: Entry, found: RowColumns, table: Table, words: SectionWords, result: SectionFigures
) -> columns.ColumnOrder:
    """The columns by their heads; what is odd about them is said once for all rows."""
    in_blocks = words.layout == "blocks"
    heads = tuple([texts_of(head) for head in ([entry.head] if in_blocks else table.heads)])
    order = order_under(words.name, entry.code, found.edition, heads, table.physical)
    if not (table.physical or order.issue):
        order = columns.held_against_places(order, [entry.head] if in_blocks else table.heads, words)
    if order.issue:
        result.issue("error", order.issue, order.message, entry.at if in_blocks else table_head(table))
    elif not order.named or (in_blocks and not found.head_form):
        message = "the heads do not name all columns of the form; no figure under them is confirmed"
        result.issue("warning", "columns_unknown", message, entry.at if in_blocks else table_head(table))
    return order


def _read_entry(
    entry: Entry,
    found: RowColumns,
    table: Table,
    extent: Extent,
    order: columns.ColumnOrder,
    result: SectionFigures,
) -> None:
    words, block = sections()[table.section], found.block
    result.seen.append(entry.code)
    if not entry.exact and not any(i.code == "row_out_of_order" and i.at == entry.at for i in result.issues):
        result.issue("warning", "inexact_label", f"{entry.label!r} was taken for {entry.code}", entry.at)
    if not entry.cells and _nothing_lost(table, words):
        for measure in block.measures:
            result.figures[entry.code, measure.measure] = Figure("blank", at=entry.at)
        return
    wanted = len(block.measures)
    if words.layout == "rows":
        cells = row_figures(entry, wanted, extent)
    else:
        cells = leading_figures(entry.cells, wanted, [entry.head])
    if cells is None:
        why = f"the row has {len(entry.cells)} cells, the form {wanted}"
        if not extent.usable:
            why = "the rows of this table have other columns than the form"
        _refuse(entry, block.measures, result, why)
        return
    # Where empty cells were cut off at either end counting the others is no proof by itself.
    cut = len(entry.cells) - len(cells)
    sure = extent.sure if words.layout == "rows" else table.physical and all_trail([entry.head], cut)
    doubtful = cut > 0 and not sure
    exact = _is_exact(entry, found, cells, table, extent, order, result)
    for cell, measure in zip(cells, order.measures, strict=True):
        if measure.measure in order.refused:  # said once, of the heads
            figure = Figure("unreadable", raw=cell.text, at=cell.at)
        else:
            figure = read_cell(cell, measure, exact, result, entry.head)
        result.figures[entry.code, measure.measure] = figure._replace(odd=True) if doubtful else figure
    if extent.trailing or not table.physical:
        _doubt_lost_cells(entry, block, table, result)


def _is_exact(
    entry: Entry,
    found: RowColumns,
    cells: tuple[Cell, ...],
    table: Table,
    extent: Extent,
    order: columns.ColumnOrder,
    result: SectionFigures,
) -> bool:
    """Whether it is beyond doubt which figures of the form the cells of a row are."""
    words = sections()[table.section]
    if not entry.exact or order.issue or not order.named:
        return False  # sums do not notice swapped columns: only heads that name them all do
    if words.layout == "blocks" and not found.head_form:
        return False  # without a head of its block the row may be of some local table
    if spans.are_merged(entry, cells, table, extent.spans):
        result.issue("warning", "merged_cells", f"{entry.label!r}: {MERGED}", entry.at, "look at the source")
        return False
    return True


def _nothing_lost(table: Table, words: SectionWords) -> bool:
    """Whether labels without figures are blank rows: so they are if no other row is incomplete."""
    if table.physical:
        return False
    return all(
        not e.cells or any(len(e.cells) == len(b.measures) for _, b in words.blocks_of(e.code))
        for e in table.entries
    )


def table_head(table: Table) -> Locator:
    """Where the heads of a table stand."""
    return table.heads[0][0].at if table.heads and table.heads[0] else Locator()


def _refuse(entry: Entry, measures: tuple[Measure, ...], result: SectionFigures, why: str) -> None:
    raw = " | ".join(c.text for c in entry.cells)
    result.issue("error", "short_row", f"{entry.label!r}: {why}", entry.at, "look at the source")
    for measure in measures:
        result.figures[entry.code, measure.measure] = Figure("unreadable", raw=raw, at=entry.at)


def _doubt_lost_cells(entry: Entry, block: Block, table: Table, result: SectionFigures) -> None:
    """Flattened text drops empty cells: parts without their total may have moved to the left."""
    last = result.figures[entry.code, block.measures[-1].measure]
    if table.structured or len(block.measures) < 2 or last.state != "blank":
        return
    keys = [(entry.code, m.measure) for m in block.measures]
    if sections()[table.section].layout == "rows" and any(
        result.figures[k].state == "reported" for k in keys
    ):
        for key in keys:
            result.figures[key] = result.figures[key]._replace(state="unreadable", value=None, amount=None)
        result.issue("error", "short_row", f"{entry.label!r}: cells may have been lost on the way", entry.at)


def read_cell(
    cell: Cell, measure: Measure, exact: bool, result: SectionFigures, head: tuple[Cell, ...] = ()
) -> Figure:
    """Read one cell as a figure of this measure; ``head`` may name the unit of money."""
    text, at, _, _, damage = cell
    if damage:
        result.issue("error", "damaged_cell", f"{measure.zh}: {damage}", at)
        return Figure("unreadable", raw=text, at=at)
    parsed: Parsed = parse(text, measure.kind)
    state, value, amount, _, note = parsed
    if not note and amount is None and state != "text":
        # Some 400 figures per report: the constructor would double the price.
        return _new(Figure, (state, value, None, None, text, at, exact, False))
    return _read_odd_cell(cell, parsed, measure, exact, result, head)


def _read_odd_cell(
    cell: Cell,
    parsed: Parsed,
    measure: Measure,
    exact: bool,
    result: SectionFigures,
    head: tuple[Cell, ...],
) -> Figure:
    """A cell of which something is to be said, or that has a unit."""
    if parsed.note:
        level: Level = "warning" if parsed.note in _HARMLESS else "error"
        result.issue(level, parsed.note, f"{measure.zh} {cell.text!r}: {_NOTES[parsed.note]}", cell.at)
    elif parsed.state == "text" and _PAIR.fullmatch(cell.text.strip()):
        message = f"{measure.zh} {cell.text!r}: {_NOTES['several_figures']}"
        result.issue("warning", "several_figures", message, cell.at, "look at the source")
    odd = bool(parsed.note)
    unit = None
    if parsed.amount is not None:
        named = columns.head_unit(measure, head)
        unit = parsed.unit or named or measure.unit
        if measure.unit and unit != measure.unit:
            odd = True
            result.issue(
                "warning", "other_unit", f"{measure.zh} is printed in {unit}", cell.at, "see the unit column"
            )
    return Figure(parsed.state, parsed.value, parsed.amount, unit, cell.text, cell.at, exact, odd)
