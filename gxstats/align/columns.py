"""The order of columns: what the heads above a table say, and when to believe them.

Heads lie (spans drawn over the wrong columns, tails of labels lost), so figures are taken by
counting; but heads that name every column exactly once in another order are believed, with an
issue; where heads contradict the form only in part, the columns they name are refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gxstats.align.labels import label_key, normalise, plain_text
from gxstats.align.spelt import results_spelt_otherwise, results_spelt_out, spelt_out
from gxstats.align.vocabulary import SectionWords, look_up, sections
from gxstats.model import Cell
from gxstats.schema import Block, Item, Measure

_LABEL_COLUMNS = 3
"""Labels of section 三 are drawn in up to so many columns, each of which may have a head."""
_MORE_COLUMNS = "the heads name more columns than the form has"
_OTHER_PROCEDURES = "the heads print the procedures in another order"
_OUT_OF_ORDER = "the heads do not stand in the order of the form's columns"
_HEAD_UNIT = re.compile(r"\([^()]*?(亿元|万元|千元|元)[^()]*\)")


class ColumnOrder(NamedTuple):
    """Measures in the order of the columns; ``issue`` is set if that is not the form's order.

    ``refused``: columns of which the heads say that something else may stand there.
    ``named``: whether the heads name every column; if not, the order is that of the form.
    """

    measures: tuple[Measure, ...]
    issue: str = ""
    message: str = ""
    refused: frozenset[str] = frozenset()
    named: bool = True


class PairOrder(NamedTuple):
    """(item, measure) in the order of the cells of a single row."""

    pairs: tuple[tuple[Item, Measure], ...]
    usable: bool = True
    issue: str = ""
    message: str = ""
    named: bool = True


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
    return _form_of(tuple([cell.text for cell in head]), words.name) if head else None


@lru_cache(maxsize=1024)
def _form_of(head: tuple[str, ...], section_name: str) -> str | None:
    words = sections()[section_name]
    codes = _named(head, section_name)
    if not codes:
        return None
    scores = {
        form: max(len(codes & {m.measure for m in b.measures}) for b in section.blocks)
        for form, section in words.editions
    }
    best = max(scores.values())
    leaders = [form for form, score in scores.items() if score == best]
    return leaders[0] if best and len(leaders) == 1 else _by_wording(head, words, leaders)


@lru_cache(maxsize=1024)
def _named(head: tuple[str, ...], section: str) -> frozenset[str]:
    return frozenset(code for text in head for name, code in look_up(text).columns if name == section)


def names_all_of(head: tuple[Cell, ...], block: Block, words: SectionWords) -> bool:
    """Whether a head names just the columns of a block, and nothing else stands in it but one label."""
    codes = _named(tuple([cell.text for cell in head]), words.name)
    if codes != {m.measure for m in block.measures}:
        return False
    return sum(1 for c in head if normalise(c.text)) <= len(codes) + 1


def _by_wording(head: tuple[str, ...], words: SectionWords, leaders: list[str]) -> str | None:
    """Two forms share codes but word them differently: the one with the most wordings of its own."""
    texts = {label_key(text) for text in head}
    counts = {
        form: max(sum(label_key(m.zh) in texts for m in b.measures) for b in section.blocks)
        for form, section in words.editions
        if form in leaders
    }
    best = max(counts.values())
    fits = [form for form, count in counts.items() if count == best]
    return fits[0] if best and len(fits) == 1 else None


def order_of(heads: list[tuple[Cell, ...]], block: Block, words: SectionWords, physical: bool) -> ColumnOrder:
    """The measures of a block in the order its heads print them.

    Args:
        heads: the head rows above the figures.
        block: the columns the form has.
        words: the vocabulary of the section.
        physical: whether the heads are cells; if not, each of ``heads`` is the heads of one line.
    """
    if not physical:
        return (
            _order_of_lines(heads, block, words) if len(block.measures) > 1 else ColumnOrder(block.measures)
        )
    printed = _printed_heads(heads, words)
    surplus = len(printed) - len(block.measures)
    label_heads = 1 if words.layout == "blocks" else _LABEL_COLUMNS
    if 0 < surplus <= label_heads and not any(_code(c, words, block) for c in printed[:surplus]):
        printed = printed[surplus:]  # heads of the labels
    if len(printed) > len(block.measures):
        names = " ".join(normalise(c.text) for c in printed)
        return _refusing(block, [m.measure for m in block.measures], f"the heads name other columns: {names}")
    if len(printed) == len(block.measures):
        return _by_position(printed, block, words)
    refused = _contradicted(heads, words, block)
    return _refusing(block, refused) if refused else ColumnOrder(block.measures, named=False)


def _order_of_lines(heads: list[tuple[Cell, ...]], block: Block, words: SectionWords) -> ColumnOrder:
    """Heads in reading order: refused if a line is out of order, doubted if the lines together are.

    The last column may be named before those in the middle, which stand a line lower.
    """
    refused = _contradicted(heads, words, block)
    if refused:
        return _refusing(block, refused)
    expected = [m.measure for m in block.measures]
    named = list(dict.fromkeys(c for head in heads for c in _codes(head, words.name) if c in expected))
    ranks = [expected.index(c) for c in named if c != expected[-1]]
    late = (
        expected[0] in named
        and expected[-1] in named
        and named.index(expected[-1]) < named.index(expected[0])
    )
    early = _span_is_early(heads, words, expected[0])
    if late or early or ranks != sorted(ranks):
        return ColumnOrder(block.measures, "columns_unclear", _OUT_OF_ORDER)
    return ColumnOrder(block.measures, named=spelt_out(heads, block, words))


def _span_is_early(heads: list[tuple[Cell, ...]], words: SectionWords, first: str) -> bool:
    """Whether the head over the middle columns stands before that of the first column."""
    for head in _in_reading_order(heads):
        for cell in head:
            if first in _codes((cell,), words.name):
                break
            if _spans(cell, words) and first in _codes(head, words.name):
                return True
    return False


def _in_reading_order(heads: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """The lines of heads; all as one where each has a line of its own: then the lines tell their order."""
    alone = all(sum(bool(normalise(c.text)) for c in head) <= 1 for head in heads)
    return [tuple(cell for head in heads for cell in head)] if alone else heads


def held_against_places(
    order: ColumnOrder, heads: Sequence[tuple[Cell, ...]], words: SectionWords
) -> ColumnOrder:
    """The order that the lines of heads tell, unless the heads stand otherwise on the page.

    Tall heads have several lines, so that the order of their lines need not be that of the columns.

    Args:
        order: what :func:`order_of` makes of the heads that are no cells.
        heads: the same heads, with their places.
        words: the vocabulary of the section.
    """
    expected = [measure.measure for measure in order.measures]
    places = [
        (cell.at.x0 + (cell.at.x1 or cell.at.x0), expected.index(code))
        for head in heads
        for cell in head
        if cell.at.x0 is not None
        for code in _codes((cell,), words.name)
        if code in expected
    ]
    ranks = [rank for _, rank in sorted(places)]
    return order if ranks == sorted(ranks) else ColumnOrder(order.measures, "columns_unclear", _OUT_OF_ORDER)


def _refusing(block: Block, codes: list[str], message: str = "") -> ColumnOrder:
    if not codes:
        return ColumnOrder(block.measures)
    names = " ".join(m.zh for m in block.measures if m.measure in codes)
    message = message or f"the heads contradict the order of these columns: {names}"
    return ColumnOrder(block.measures, "columns_unclear", message, frozenset(codes))


def _by_position(printed: list[Cell], block: Block, words: SectionWords) -> ColumnOrder:
    """As many heads as columns: each must name its own column, or all of them another order."""
    codes = [_code(cell, words, block) for cell in printed]
    expected = [m.measure for m in block.measures]
    if sorted(c or "" for c in codes) == sorted(expected) and codes != expected:
        by_code = {m.measure: m for m in block.measures}
        order = tuple(by_code[c] for c in codes if c)
        message = f"the heads print the columns in another order: {' '.join(m.zh for m in order)}"
        return ColumnOrder(order, "columns_out_of_order", message)
    right = [_names(cell, code, words, block) for cell, code in zip(printed, expected, strict=True)]
    if all(right):
        return ColumnOrder(block.measures)
    misplaced = any(code and not fits for code, fits in zip(codes, right, strict=True))
    unnamed = [m for m, fits in zip(expected, right, strict=True) if not fits]
    return _refusing(block, unnamed) if misplaced else ColumnOrder(block.measures, named=False)


def _names(cell: Cell, expected: str, words: SectionWords, block: Block) -> bool:
    """Whether a head names its column: in full, cut to a piece no other head has, or among other words."""
    plain = label_key(cell.text)
    if plain in words.columns.wordings[expected] or _code(cell, words, block) == expected:
        return True
    fits = {
        m.measure
        for m in block.measures
        if any(plain in w or (len(w) > 2 and w in plain) for w in words.columns.wordings[m.measure])
    }
    return fits == {expected}


def _code(cell: Cell, words: SectionWords, block: Block) -> str | None:
    """The column of the block that a head names."""
    codes = {m.measure for m in block.measures}
    return next((c for s, c in look_up(cell.text).columns if s == words.name and c in codes), None)


def _printed_heads(heads: list[tuple[Cell, ...]], words: SectionWords) -> list[Cell]:
    """The heads from left to right, known or not: a spanning head gives way to those below it."""
    rows: dict[tuple[str, ...], list[Cell]] = {}
    for head in heads:
        cells = [c for c in head if normalise(c.text)]
        rows.setdefault(tuple(normalise(c.text) for c in cells), cells)
    found = list(rows.values())
    upper = [row for row in found if any(_spans(c, words) for c in row)]
    lower = [row for row in found if row not in upper]
    if not upper:
        return found[0] if len(found) == 1 else []
    if len(upper) > 1 or len(lower) != 1:
        return []
    place = next(i for i, c in enumerate(upper[0]) if _spans(c, words))
    return [*upper[0][:place], *lower[0], *(c for c in upper[0][place + 1 :] if not _spans(c, words))]


def _spans(cell: Cell, words: SectionWords) -> bool:
    return label_key(cell.text) in words.spanning


def _contradicted(heads: list[tuple[Cell, ...]], words: SectionWords, block: Block) -> list[str]:
    """Codes of head rows that do not follow the form's order, though each names a column once."""
    expected = [m.measure for m in block.measures]
    refused: list[str] = []
    for head in heads:
        row = [c for c in _codes(head, words.name) if c in expected]
        ranks = [expected.index(c) for c in row]
        if len(set(row)) == len(row) and ranks != sorted(ranks):
            refused += row
    return refused


def order_of_single_row(
    heads: list[tuple[Cell, ...]], words: SectionWords, physical: bool, structured: bool
) -> PairOrder:
    """The cells of the single row, by the heads where they name every column."""
    section = words.editions[0][1]
    pairs = tuple(section.cells())
    cycle = [m.measure for m in section.blocks[0].measures]
    items = [i.item for i in section.blocks[0].items]
    lines = heads if physical else _in_reading_order(heads)
    rows = list({tuple(normalise(c.text) for c in head): head for head in lines}.values())
    labels = [c for head in rows for c in _codes(head, section.section) if c in cycle]
    procedures = [c for head in rows for c in _codes(head, section.section) if c in items]
    ranks = [items.index(p) for p in dict.fromkeys(procedures)]
    if ranks != sorted(ranks) or _first_is_late(rows, words, items[0]):
        return PairOrder(pairs, False, "columns_out_of_order", _OTHER_PROCEDURES)
    if (structured and _surplus(rows, words, len(pairs), set(items))) or (
        physical and _adds_one(rows, words, set(items))
    ):
        return PairOrder(pairs, False, "columns_unclear", _MORE_COLUMNS)
    broken = _broken_cycle(rows, section.section, cycle) or results_spelt_otherwise(heads, words)
    if not physical and not broken:
        return PairOrder(pairs, named=results_spelt_out(heads, words))
    if labels == cycle * len(items):
        return PairOrder(pairs) if physical else PairOrder(pairs, True, "columns_unclear", _MORE_COLUMNS)
    if swapped := _swapped_results(labels, section.blocks[0]):
        return PairOrder(
            swapped, True, "columns_out_of_order", "the heads print the results in another order"
        )
    following = iter(cycle * len(items))
    if physical and not all(code in following for code in labels):
        return PairOrder(
            pairs, False, "columns_unclear", "the heads do not name the columns as the form does"
        )
    if not physical:
        return PairOrder(pairs, True, "columns_unclear", "the heads print the results in another order")
    return PairOrder(pairs, named=False)


def _swapped_results(labels: list[str], block: Block) -> tuple[tuple[Item, Measure], ...]:
    """The cells of the row where the heads name all results of every item, in whatever order."""
    by_code = {m.measure: m for m in block.measures}
    runs = [labels[i : i + len(by_code)] for i in range(0, len(labels), len(by_code))]
    if len(runs) != len(block.items) or any(sorted(run) != sorted(by_code) for run in runs):
        return ()
    return tuple((item, by_code[c]) for item, run in zip(block.items, runs, strict=True) for c in run)


def _first_is_late(rows: list[tuple[Cell, ...]], words: SectionWords, first: str) -> bool:
    """Whether a head that spans the other items (行政诉讼) stands before that of the first."""
    for row in rows:
        for cell in row:
            if first in _codes((cell,), words.name):
                break
            if _spans(cell, words) and any(first in _codes((c,), words.name) for c in row):
                return True
    return False


def _broken_cycle(lines: list[tuple[Cell, ...]], section: str, cycle: list[str]) -> bool:
    """Whether a line that names a whole set of results names them in another order."""
    everything = tuple(cell for line in lines for cell in line)
    for line in (*lines, everything):
        codes = [c for c in _codes(line, section) if c in cycle]
        if len(codes) >= len(cycle) and any(
            sorted(codes[i : i + len(cycle)]) == sorted(cycle) and codes[i : i + len(cycle)] != cycle
            for i in range(0, len(codes) - len(cycle) + 1, len(cycle))
        ):
            return True
    return False


def _surplus(rows: list[tuple[Cell, ...]], words: SectionWords, wanted: int, items: set[str]) -> bool:
    """Whether the rows of heads have more cells than there are columns."""
    count = 0
    for row in rows:
        codes = _codes(row, words.name)
        if any(c not in items for c in codes):
            names = [c for c in row if normalise(c.text)]
            count += len(names) - sum(c in items for c in codes)
    return count > wanted


def _adds_one(rows: list[tuple[Cell, ...]], words: SectionWords, items: set[str]) -> bool:
    """Whether an unknown head stands behind those of several procedures: a column beside theirs."""
    for row in rows:
        named = [(set(_codes((c,), words.name)), _spans(c, words)) for c in row if normalise(c.text)]
        if sum(bool(codes & items) or spans for codes, spans in named) > 1 and not any(named[-1]):
            return True
    return False


def head_unit(measure: Measure, head: tuple[Cell, ...]) -> str | None:
    """The unit that the head of a money column prints in brackets."""
    for cell in head:
        if any(code == measure.measure for _, code in look_up(cell.text).columns):
            match = _HEAD_UNIT.search(plain_text(cell.text))
            return match[1] if match else None
    return None
