"""Read the rows of one section: which cells are its figures, in which columns, and how sure that is.

Figures are the last cells of a row, as many as the form has columns; a row with fewer is not padded.
Two rows of the same name that differ, or columns whose order the heads contradict, are refused.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from gxstats.align import columns
from gxstats.align.numbers import Parsed, parse
from gxstats.align.tables import Entry, Table
from gxstats.align.vocabulary import SectionWords, sections
from gxstats.model import Cell, Figure, Issue, Level, Locator, Unmatched
from gxstats.schema import Block, Measure

_NOTES = {
    "several_figures": "several figures stand in one cell",
    "malformed_figure": "the cell is no figure this column can hold",
    "glued_figures": "more digits than a figure has, or a leading zero: cells were glued together",
    "seventh_decimal": "more than six decimals",
    "double_sign": "a doubled minus sign was read as one",
    "plus_sign": "a plus sign before a count was left out",
    "annotated_figure": "words in brackets behind the figure were left out",
    "wrapped_digits": "the digits stand on several lines and were joined",
}
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

    def issue(self, level: Level, code: str, message: str, at: Locator, hint: str = "") -> None:
        """Add an issue."""
        self.issues.append(Issue(level, code, message, at, hint))


def read_table(table: Table) -> SectionFigures:
    """Read one table of any layout."""
    words = sections()[table.section]
    result = SectionFigures(table.section, issues=list(table.issues), unmatched=list(table.unmatched))
    for row in table.unmatched:
        text = " | ".join(row.cells)[:80]
        result.issue("notice", "unknown_row", f"no label of the form matches this row: {text}", row.at)
    if words.layout == "single_row":
        _read_single_row(table, words, result)
        return result
    entries = _unique(table.entries, words, result)
    entries = _ordered(entries, words, result)
    result.evidence = _evidence(entries, words)
    excess = _excess(entries, words)
    orders: dict[object, columns.ColumnOrder] = {}
    for entry in entries:
        block = _block_for(entry, words, result)
        if block is None:
            result.unmatched.append(
                Unmatched(table.section, (entry.label, *(c.text for c in entry.cells)), entry.at)
            )
            result.issue(
                "warning", "form_unknown", f"nothing says which form's columns {entry.label!r} has", entry.at
            )
            continue
        known = (block.block, tuple(m.measure for m in block.measures), entry.head)
        if known not in orders:
            orders[known] = _order(entry, block, table, words, result)
        _read_entry(entry, block, table, excess, orders[known], result)
    return result


def _unique(entries: list[Entry], words: SectionWords, result: SectionFigures) -> list[Entry]:
    """One entry per item: exact labels win; rows that repeat a label with other figures are refused."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        before = kept.get(entry.code)
        if before is None:
            kept[entry.code] = entry
        elif before.exact != entry.exact:
            loser = entry if before.exact else before
            kept[entry.code] = before if before.exact else entry
            result.unmatched.append(
                Unmatched(words.name, (loser.label, *(c.text for c in loser.cells)), loser.at)
            )
            result.issue(
                "warning", "unknown_row", f"a row like {loser.label!r} stands beside the form's own", loser.at
            )
        elif [c.text.strip() for c in before.cells] == [c.text.strip() for c in entry.cells]:
            result.issue(
                "notice", "repeated_row", f"{entry.label!r} is printed twice with the same figures", entry.at
            )
        else:
            result.issue(
                "error",
                "contradictory_rows",
                f"{entry.label!r} is printed twice with other figures",
                entry.at,
            )
            refused = tuple(c._replace(damage="printed twice with other figures") for c in before.cells)
            kept[entry.code] = before._replace(cells=refused)
    return list(kept.values())


def _ordered(entries: list[Entry], words: SectionWords, result: SectionFigures) -> list[Entry]:
    """Mark rows that stand out of the order of the form: their figures are kept, not confirmed."""
    ranks = [words.order[e.code] for e in entries]
    if words.layout == "rows" and any(b <= a for a, b in pairwise(ranks)):
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


def _evidence(entries: list[Entry], words: SectionWords) -> str | None:
    """The form that the labels speak for: items that only one form has, or its column heads."""
    votes: Counter[str] = Counter()
    for entry in entries:
        only = words.only_in(entry.code)
        if only:
            votes[only] += 1
    if words.layout == "blocks":
        for head in {e.head for e in entries}:
            form = columns.form_of_head(head, words)
            if form:
                votes[form] += 1
    if not votes:
        return None
    (form, count), *rest = votes.most_common()
    return form if not rest or rest[0][1] < count else None


def _block_for(entry: Entry, words: SectionWords, result: SectionFigures) -> Block | None:
    """The columns of this row: by its own head, else by the section's evidence, else if all agree."""
    choices = dict(words.blocks_of(entry.code))
    form = columns.form_of_head(entry.head, words) if words.layout == "blocks" else None
    if form not in choices:
        form = result.evidence if result.evidence in choices else None
    if form is None:
        fitting = {f: b for f, b in choices.items() if len(b.measures) == len(entry.cells)}
        sets = {tuple(m.measure for m in b.measures) for b in (fitting or choices).values()}
        if len(sets) != 1:
            return None
        form = next(iter(fitting or choices))
    else:
        result.item_forms[entry.code] = form
    return choices[form]


def _excess(entries: list[Entry], words: SectionWords) -> int:
    """How many empty columns trail every row (spreadsheets and flattened pages have them)."""
    if words.layout != "rows":
        return 0
    wanted = len(words.editions[0][1].blocks[0].measures)
    sizes = Counter(len(e.cells) for e in entries if len(e.cells) >= wanted)
    if not sizes or sizes.most_common(1)[0][0] == wanted:
        return 0
    trailing = []
    for entry in entries:
        blanks = 0
        while blanks < len(entry.cells) and parse(entry.cells[-1 - blanks].text).state == "blank":
            blanks += 1
        trailing.append(blanks)
    return min((t for t, e in zip(trailing, entries, strict=True) if t < len(e.cells)), default=0)


def figure_cells(
    cells: tuple[Cell, ...], wanted: int, excess: int, trailing_pads: bool
) -> tuple[Cell, ...] | None:
    """The cells that hold the figures of a row, None if it cannot be told which they are.

    ``trailing_pads``: the figures follow the label at once and empty cells may trail them (blocks,
    whose rows differ in length); otherwise the figures are the last ones (rows of equal length).
    """
    if len(cells) == wanted:
        return cells
    if trailing_pads:
        extra = cells[wanted:]
        return cells[:wanted] if extra and all(parse(c.text).state == "blank" for c in extra) else None
    if excess and len(cells) >= wanted + excess:
        cells = cells[: len(cells) - excess]
    lead = cells[: len(cells) - wanted]
    if len(cells) < wanted or any(parse(c.text).state != "blank" for c in lead):
        return None
    return cells[len(lead) :]


def _order(
    entry: Entry, block: Block, table: Table, words: SectionWords, result: SectionFigures
) -> columns.ColumnOrder:
    """The columns by their heads; what is odd about them is said once for all rows."""
    in_blocks = words.layout == "blocks"
    order = columns.order_of([entry.head] if in_blocks else table.heads, block, words)
    if order.issue:
        result.issue("error", order.issue, order.message, entry.at if in_blocks else table_head(table))
    return order


def _read_entry(
    entry: Entry, block: Block, table: Table, excess: int, order: columns.ColumnOrder, result: SectionFigures
) -> None:
    words = sections()[table.section]
    result.seen.append(entry.code)
    if not entry.exact and not any(i.code == "row_out_of_order" and i.at == entry.at for i in result.issues):
        result.issue("warning", "inexact_label", f"{entry.label!r} was taken for {entry.code}", entry.at)
    if not entry.cells and _nothing_lost(table, words):
        for measure in block.measures:
            result.figures[entry.code, measure.measure] = Figure("blank", at=entry.at)
        return
    wanted = len(block.measures)
    cells = figure_cells(entry.cells, wanted, excess, words.layout == "blocks")
    if words.layout == "rows" and min(len(e.cells) for e in table.entries if e.cells) - excess > wanted:
        # Not even the rows with the deepest labels have only the form's columns: one was added.
        cells = None
    if cells is None:
        _refuse(
            entry, block.measures, result, f"the row has {len(entry.cells)} cells, not {len(block.measures)}"
        )
        return
    for index, measure in enumerate(order.measures):
        cell = cells[index]
        if measure.measure in order.refused:
            cell = cell._replace(damage="the heads contradict the order of the columns")
        figure = read_cell(cell, measure, entry.exact and not order.issue, result)
        result.figures[entry.code, measure.measure] = columns.with_head_unit(figure, measure, entry.head)
    _doubt_lost_cells(entry, block, table, result)


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
    keys = [(entry.code, m.measure) for m in block.measures]
    last = result.figures[keys[-1]]
    if table.structured or len(keys) < 2 or last.state != "blank":
        return
    if sections()[table.section].layout == "rows" and any(
        result.figures[k].state == "reported" for k in keys
    ):
        for key in keys:
            result.figures[key] = result.figures[key]._replace(state="unreadable", value=None, amount=None)
        result.issue("error", "short_row", f"{entry.label!r}: cells may have been lost on the way", entry.at)


def read_cell(cell: Cell, measure: Measure, exact: bool, result: SectionFigures) -> Figure:
    """Read one cell as a figure of this measure."""
    if cell.damage:
        result.issue("error", "damaged_cell", f"{measure.zh}: {cell.damage}", cell.at)
        return Figure("unreadable", raw=cell.text, at=cell.at)
    parsed: Parsed = parse(cell.text, measure.kind)
    if parsed.note:
        level: Level = "warning" if parsed.note in _HARMLESS else "error"
        result.issue(level, parsed.note, f"{measure.zh} {cell.text!r}: {_NOTES[parsed.note]}", cell.at)
    unit = parsed.unit or (measure.unit if parsed.amount is not None else None)
    return Figure(
        parsed.state, parsed.value, parsed.amount, unit, cell.text, cell.at, exact, bool(parsed.note)
    )


def _read_single_row(table: Table, words: SectionWords, result: SectionFigures) -> None:
    """A section whose one row has no label: exactly as many figures as the form has cells."""
    if not table.entries:
        return
    section = words.editions[0][1]
    pairs = list(section.cells())
    candidates = [(e, figure_cells(e.cells, len(pairs), 0, trailing_pads=True)) for e in table.entries]
    whole = [cells for _, cells in candidates if cells is not None]
    texts = {tuple(c.text.strip() for c in cells) for cells in whole}
    order = columns.order_of_single_row(table.heads, section)
    if order.issue:
        result.issue("error", order.issue, order.message, table_head(table))
    if len(texts) == 1 and order.usable:
        result.seen.append("")
        for cell, (item, measure) in zip(whole[0], order.pairs, strict=True):
            result.figures[item.item, measure.measure] = read_cell(cell, measure, not order.issue, result)
        return
    entry = table.entries[0]
    why = (
        "is printed twice with other figures"
        if len(texts) > 1
        else f"has {len(entry.cells)} cells, not {len(pairs)}"
    )
    result.issue("error", "short_row", f"the row of figures {why}", entry.at, "look at the source")
    raw = " | ".join(c.text for c in entry.cells)
    for item, measure in pairs:
        result.figures[item.item, measure.measure] = Figure("unreadable", raw=raw, at=entry.at)
