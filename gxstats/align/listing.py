"""Read a list: a label, perhaps a unit, and one figure per row (the form of 2014).

Which cell holds the figure is read from the heads. A table with another column of figures (累计, last
year's) is refused whole, and without heads that name the column nothing is confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gxstats.align import captions
from gxstats.align.labels import label_key, plain_text
from gxstats.align.local_tables import local_table, running_total
from gxstats.align.merge import Source
from gxstats.align.numbers import parse
from gxstats.align.row_columns import evidence_of
from gxstats.align.rows import (
    SectionFigures,
    note_unknown_rows,
    ordered_entries,
    read_cell,
    table_head,
    unique_entries,
)
from gxstats.align.tables import Entry, Table
from gxstats.align.vocabulary import SectionWords, look_up, sections
from gxstats.model import Cell, Figure, Issue, Reading
from gxstats.schema import Measure

_MONEY = ("元", "千元", "万元", "亿元")


class Shape(NamedTuple):
    """Which of so many cells behind a label are its unit (None: there is none) and its figure.

    ``named``: whether a head says that this is the figure of the form.
    """

    width: int
    figure: int
    unit: int | None
    named: bool


def read_list(table: Table, year: int | None = None, agency: str | None = None) -> SectionFigures:
    """Read the rows of a list.

    Args:
        table: the rows of the section in one reading, twins told apart.
        year: that of the report, if known.
        agency: its publisher, if known.
    """
    words = sections()[table.section]
    result = SectionFigures(table.section, issues=list(table.issues), unmatched=list(table.unmatched))
    note_unknown_rows(table, result)
    entries = ordered_entries(unique_entries(table.entries, words, result), words, result)
    result.evidence = evidence_of(entries, words)
    found = shapes(table, words)
    if len(found) > 1 or None in found:
        message = "the heads name other columns than the form: which figure is the year's cannot be told"
        result.issue("error", "columns_unclear", message, table_head(table), "look at the source")
    elif not any(shape and shape.named for shape in found):
        message = "no head names the column of the figures; none is confirmed"
        result.issue("warning", "columns_unknown", message, table_head(table))
    complete = all(len(e.cells) == 1 for e in entries if e.cells)
    for entry in entries:
        result.seen.append(entry.code)
        if not entry.exact:
            result.issue("warning", "inexact_label", f"{entry.label!r} was taken for {entry.code}", entry.at)
        result.figures[entry.code, "value"] = _figure(entry, table, found, complete, words, result)
    if doubts := captions.doubts(table, year, agency):
        result.issues.extend(doubts)
        result.doubt()
    return result


def refused(sources: Sequence[Source], words: SectionWords, readings: Sequence[Reading]) -> Issue | None:
    """Why the rows found are not taken for those of the form; None if they are.

    Heads that name the form's one column of figures are proof. Without them the rows must have a label
    that nothing but the form has, and no head anywhere may announce a running total.
    """
    doubtful = ("columns_unknown", "columns_unclear")
    if any(s.physical and not any(i.code in doubtful for i in s.figures.issues) for s in sources):
        return None
    if total := running_total(readings):
        return local_table(*total)
    seen = {item for source in sources for item in source.figures.seen}
    if any(set(words.items.wordings[item]) & set(words.landmarks) for item in seen):
        return None
    zh = words.editions[0][1].zh
    message = f"rows that bear names of {zh} stand in a table of another kind and were left out"
    return Issue("notice", "other_table", f"{message}: {', '.join(sorted(seen))}")


def shapes(table: Table, words: SectionWords) -> frozenset[Shape | None]:
    """What the heads of a table say of its columns: one shape, several that contradict each other, or none.

    None stands for heads that name more columns of figures than the form has.
    """
    if not table.physical:
        text = "".join(plain_text(c.text) for head in table.heads for c in head)
        named = any(w in text for wordings in words.columns.wordings.values() for w in wordings)
        return frozenset([Shape(1, 0, None, named)])
    return frozenset(_shape(head, words) for head in table.heads)


def _shape(head: tuple[Cell, ...], words: SectionWords) -> Shape | None:
    keys = [label_key(cell.text) for cell in head]
    stubs = [i for i, key in enumerate(keys) if key in words.spanning - words.unit_heads]
    known = [i for i, key in enumerate(keys) if key in words.unit_heads or _names_figure(head[i], words)]
    start = stubs[-1] + 1 if stubs else min(known, default=len(keys))
    units = [i for i in range(start, len(keys)) if keys[i] in words.unit_heads]
    figures = [i for i in range(start, len(keys)) if keys[i] and i not in units]
    if len(units) > 1 or len(figures) != 1 or len(stubs) > 1:
        return None
    place = figures[0]
    return Shape(
        len(keys) - start,
        place - start,
        units[0] - start if units else None,
        _names_figure(head[place], words),
    )


def _names_figure(cell: Cell, words: SectionWords) -> bool:
    return any(section == words.name for section, _ in look_up(cell.text).columns)


def _shape_of(entry: Entry, found: frozenset[Shape | None], words: SectionWords) -> Shape | None:
    """The columns of one row: as the heads say, else a unit and a figure, or a figure alone."""
    if found:
        return next(iter(found)) if len(found) == 1 else None
    if len(entry.cells) == 2 and plain_text(entry.cells[0].text) in words.units:
        return Shape(2, 1, 0, False)
    return Shape(1, 0, None, False)


def _figure(
    entry: Entry,
    table: Table,
    found: frozenset[Shape | None],
    complete: bool,
    words: SectionWords,
    result: SectionFigures,
) -> Figure:
    if not entry.cells and complete and not table.physical:
        return Figure("blank", at=entry.at)
    shape = _shape_of(entry, found, words)
    if shape is None or len(entry.cells) != shape.width:
        raw = " | ".join(c.text for c in entry.cells)
        if shape is not None:
            message = (
                f"{entry.label!r}: the row has {len(entry.cells)} cells behind its label, not {shape.width}"
            )
            result.issue("error", "short_row", message, entry.at, "look at the source")
        return Figure("unreadable", raw=raw, at=entry.at)
    ((_, block),) = words.blocks_of(entry.code)
    measure = block.measures[0]
    cell = entry.cells[shape.figure]
    unit = plain_text(entry.cells[shape.unit].text) if shape.unit is not None else ""
    if parse(unit).state == "reported":
        cell = cell._replace(damage="a figure stands in the column of the units")
    figure = read_cell(cell, measure, entry.exact and shape.named, result)
    return _with_unit(figure, unit, cell, measure, words, result)


def _with_unit(
    figure: Figure, unit: str, cell: Cell, measure: Measure, words: SectionWords, result: SectionFigures
) -> Figure:
    """The figure with the unit of its row: money keeps it, and counts must be counted one by one."""
    if figure.state != "reported" or not unit or parse(unit).state == "dash":
        return figure
    if figure.amount is not None and unit in _MONEY and parse(cell.text, "money").unit is None:
        figure = figure._replace(unit=unit)
    usual = unit == measure.unit if measure.kind == "money" else unit in words.units - set(_MONEY)
    if usual:
        return figure
    message = f"the figure is counted in {unit}"
    result.issues.append(Issue("warning", "row_unit", message, cell.at, "see the unit column"))
    return figure._replace(exact=False)
