"""The order of columns: what the heads above a table say, and when to believe them.

Heads lie (spans drawn over the wrong columns, tails of labels lost), so figures are taken by
counting; but heads that name every column exactly once in another order are believed, with an
issue; where heads contradict the form only in part, the columns they name are refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from gxstats.align.labels import normalise
from gxstats.align.vocabulary import SectionWords, look_up
from gxstats.model import Cell, Figure
from gxstats.schema import Block, Item, Measure, Section

_HEAD_UNIT = re.compile(r"\([^()]*?(亿元|万元|千元|元)[^()]*\)")


class ColumnOrder(NamedTuple):
    """Measures in the order of the columns; ``issue`` is set if that is not the form's order.

    ``refused``: columns of which the heads say that something else may stand there.
    """

    measures: tuple[Measure, ...]
    issue: str = ""
    message: str = ""
    refused: frozenset[str] = frozenset()


class PairOrder(NamedTuple):
    """(item, measure) in the order of the cells of a single row."""

    pairs: tuple[tuple[Item, Measure], ...]
    usable: bool = True
    issue: str = ""
    message: str = ""


def out_of_order(ranks: list[int]) -> list[int]:
    """Indexes of the members that keep a sequence from increasing.

    A member is fine if every longest increasing run has it: of two swapped neighbours both are
    named, of one row that moved far only that row.

    Example:
        >>> out_of_order([0, 2, 1, 3]), out_of_order([5, 0, 1, 2, 3])
        ([1, 2], [0])
    """
    ahead, behind = _run_lengths(ranks), _run_lengths([-r for r in reversed(ranks)])[::-1]
    longest = max(a + b - 1 for a, b in zip(ahead, behind, strict=True))
    on_a_run = [i for i in range(len(ranks)) if ahead[i] + behind[i] - 1 == longest]
    at_step: dict[int, int] = {}
    for i in on_a_run:
        at_step[ahead[i]] = at_step.get(ahead[i], 0) + 1
    fine = {i for i in on_a_run if at_step[ahead[i]] == 1}
    return [i for i in range(len(ranks)) if i not in fine]


def _run_lengths(ranks: list[int]) -> list[int]:
    """For each member the length of the longest increasing run that ends in it."""
    tails: list[int] = []
    lengths = []
    for rank in ranks:
        place = bisect_left(tails, rank)
        tails[place : place + 1] = [rank]
        lengths.append(place + 1)
    return lengths


def _codes(cells: tuple[Cell, ...], section: str) -> list[str]:
    return [code for cell in cells for name, code in look_up(cell.text).columns if name == section]


def form_of_head(head: tuple[Cell, ...], words: SectionWords) -> str | None:
    """The form whose block has the most of these column labels, None if that is not one form."""
    codes = set(_codes(head, words.name))
    if not codes:
        return None
    scores = {
        form: max(len(codes & {m.measure for m in b.measures}) for b in section.blocks)
        for form, section in words.editions
    }
    best = max(scores.values())
    leaders = [form for form, score in scores.items() if score == best]
    return leaders[0] if best and len(leaders) == 1 else _by_wording(head, words, leaders)


def _by_wording(head: tuple[Cell, ...], words: SectionWords, leaders: list[str]) -> str | None:
    """Two forms share a code but word it differently (处理决定数量, 本年处理决定数量)."""
    texts = {normalise(c.text).split("(")[0] for c in head}
    fits = [
        form
        for form, section in words.editions
        if form in leaders and any(m.zh.split("（")[0] in texts for b in section.blocks for m in b.measures)
    ]
    return fits[0] if len(fits) == 1 else None


def order_of(heads: list[tuple[Cell, ...]], block: Block, words: SectionWords) -> ColumnOrder:
    """The measures of a block in the order its heads print them."""
    expected = [m.measure for m in block.measures]
    found = _flat_heads(heads, words, set(expected))
    if len(expected) < 2 or found == expected:
        return ColumnOrder(block.measures)
    by_code = {m.measure: m for m in block.measures}
    if sorted(found) == sorted(expected):
        names = " ".join(by_code[c].zh for c in found)
        message = f"the heads print the columns in another order: {names}"
        return ColumnOrder(tuple(by_code[c] for c in found), "columns_out_of_order", message)
    refused = _contradicted(heads, words, expected)
    if refused:
        names = " ".join(by_code[c].zh for c in refused)
        message = f"the heads contradict the order of these columns: {names}"
        return ColumnOrder(block.measures, "columns_unclear", message, frozenset(refused))
    return ColumnOrder(block.measures)


def _contradicted(heads: list[tuple[Cell, ...]], words: SectionWords, expected: list[str]) -> list[str]:
    """Codes of head rows that do not follow the form's order, though each names a column once."""
    refused: list[str] = []
    for head in heads:
        row = [c for c in _codes(head, words.name) if c in expected]
        ranks = [expected.index(c) for c in row]
        if len(set(row)) == len(row) and ranks != sorted(ranks):
            refused += row
    return refused


def _flat_heads(heads: list[tuple[Cell, ...]], words: SectionWords, codes: set[str]) -> list[str]:
    """Column codes from left to right: a second head row fills the gap its spanning cell leaves."""
    rows = [[c for c in _codes(head, words.name) if c in codes] for head in heads]
    rows = [list(row) for row in dict.fromkeys(map(tuple, rows)) if row]
    if len(rows) == 2 and not set(rows[0]) & set(rows[1]):
        gap = _gap(next(h for h in heads if _codes(h, words.name)), words.name, codes)
        return rows[0][:gap] + rows[1] + rows[0][gap:]
    return rows[0] if len(rows) == 1 else []


def _gap(head: tuple[Cell, ...], section: str, codes: set[str]) -> int:
    """How many column labels stand before the spanning cell (法人或其他组织) of a head row."""
    before = 0
    for cell in head:
        hit = [code for name, code in look_up(cell.text).columns if name == section and code in codes]
        if not hit and normalise(cell.text) and before:
            return before
        before += len(hit)
    # No spanning cell is in print between labels: the usual place is before the last column.
    return max(before - 1, 0)


def order_of_single_row(heads: list[tuple[Cell, ...]], section: Section) -> PairOrder:
    """The cells of the single row, by the heads where they name every column."""
    pairs = tuple(section.cells())
    block = section.blocks[0]
    cycle = [m.measure for m in block.measures]
    items = [i.item for i in block.items]
    labels: list[str] = []
    procedures: list[str] = []
    for head in heads:
        codes = _codes(head, section.section)
        procedures += [c for c in codes if c in items]
        labels += [c for c in codes if c in cycle]
    ranks = [items.index(p) for p in dict.fromkeys(procedures)]
    if ranks != sorted(ranks):
        message = "the heads print the procedures in another order than the form"
        return PairOrder(pairs, False, "columns_out_of_order", message)
    if len(labels) % len(cycle) or labels == cycle * (len(labels) // len(cycle)):
        return PairOrder(pairs)
    runs = [labels[i : i + len(cycle)] for i in range(0, len(labels), len(cycle))]
    if len(runs) == len(items) and all(sorted(run) == sorted(cycle) for run in runs):
        by_code = {m.measure: m for m in block.measures}
        swapped = tuple((i, by_code[c]) for i, run in zip(block.items, runs, strict=True) for c in run)
        return PairOrder(
            swapped, True, "columns_out_of_order", "the heads print the results in another order"
        )
    return PairOrder(pairs, True, "columns_unclear", "the heads do not name the columns as the form does")


def with_head_unit(figure: Figure, measure: Measure, head: tuple[Cell, ...]) -> Figure:
    """Money without a unit of its own has the unit its column head names, if any."""
    if figure.amount is None or figure.unit:
        return figure
    for cell in head:
        if any(code == measure.measure for _, code in look_up(cell.text).columns):
            match = _HEAD_UNIT.search(normalise(cell.text))
            return figure._replace(unit=match[1]) if match else figure
    return figure
