"""Digits that run together: all ways to cut them are counted, and chance confirms nothing."""

from __future__ import annotations

import random
import time
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxstats.align.glued_sums import Equation, Figures, Ways, cut_row, cut_table, withstands_a_slip

LEAVES = tuple(range(2, 8))
EQUATIONS = (Equation((0, 1), (8, 9)), Equation(LEAVES, (8,)))
"""Rows: received, carried in, six outcomes, all outcomes, carried out."""


def every_cut(digits: str, groups: tuple[int, ...]) -> list[Figures]:
    """All cuts, by trying all."""
    found = []
    for borders in combinations(range(1, len(digits)), sum(groups) - 1):
        bounds = [0, *borders, len(digits)]
        texts = [digits[a:b] for a, b in pairwise(bounds)]
        if any((len(t) > 1 and t[0] == "0") or len(t) > 7 for t in texts):
            continue
        figures = tuple(map(int, texts))
        start, holds = 0, True
        for size in groups:
            holds &= sum(figures[start : start + size - 1]) == figures[start + size - 1]
            start += size
        if holds:
            found.append(figures)
    return found


def glued(figures: Figures | list[int]) -> str:
    return "".join(map(str, figures))


@settings(max_examples=80, deadline=None)
@given(st.text("0123", min_size=7, max_size=12) | st.text("0123456789", min_size=7, max_size=12))
def test_every_way_to_cut_a_row_is_found(digits: str) -> None:
    ways = cut_row(digits, (7,))
    assert ways.complete
    assert sorted(ways.found) == sorted(every_cut(digits, (7,)))


@settings(max_examples=40, deadline=None)
@given(st.text("012", min_size=6, max_size=13))
def test_every_way_to_cut_a_row_of_groups_is_found(digits: str) -> None:
    assert sorted(cut_row(digits, (3, 3)).found) == sorted(every_cut(digits, (3, 3)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=6, max_size=6))
def test_a_row_that_adds_up_is_among_its_ways(parts: list[int]) -> None:
    figures = (*parts, sum(parts))
    ways = cut_row(glued(figures), (7,))
    assert figures in ways.found
    assert ways.only in (None, figures)


def test_rows_of_real_reports() -> None:
    assert cut_row("0000000", (7,)).only == (0,) * 7
    assert cut_row("200000121", (7,)).only == (20, 0, 0, 0, 0, 1, 21)
    assert cut_row("2200003" + "25", (7,)).number == 2
    assert cut_row("10203120001200000", (5, 5, 5)).only == (1, 0, 2, 0, 3, 12, 0, 0, 0, 12, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("digits", ["", "000000", "12a4567", "１２３４５６７", "-123456", "1" * 400])
def test_what_is_no_row_has_no_way(digits: str) -> None:
    assert (cut_row(digits, (7,)).number, cut_row(digits, (7,)).only) == (0, None)


def test_without_a_sum_only_a_digit_per_cell_is_known() -> None:
    assert cut_row("007", (3,), summed=False).only == (0, 0, 7)
    assert cut_row("693665", (3,), summed=False) == Ways((), 10)


@pytest.mark.parametrize("groups", [(7,), (5, 5, 5)])
@pytest.mark.parametrize("digits", ["1", "12", "19", "10", "123456789"])
def test_the_worst_lines_take_no_time(groups: tuple[int, ...], digits: str) -> None:
    rng = random.Random(1)
    for length in range(15, 61, 5):
        line = "".join(rng.choice(digits) for _ in range(length))
        begun = time.process_time()
        cut_row(line, groups)
        withstands_a_slip(line, groups)
        assert time.process_time() - begun < 0.1


def table(rng: random.Random, largest: int, zeros: float) -> list[list[int]]:
    """Rows that satisfy every sum."""
    rows = [[0 if rng.random() < zeros else rng.randint(0, largest) for _ in range(6)] for _ in range(10)]
    for column in range(6):
        rows[8][column] = sum(rows[leaf][column] for leaf in LEAVES)
        flow = rows[8][column] + rows[9][column] - rows[1][column]
        rows[0][column] = max(0, flow)
        rows[9][column] -= min(0, flow)
    return [[*row, sum(row)] for row in rows]


def read(rows: list[list[int]]) -> list[Figures] | None:
    """The table as it is known from its glued rows, if it is."""
    ways = [cut_row(glued(row), (7,)) for row in rows]
    whole = cut_table(ways, EQUATIONS)
    return whole.only and [way.found[n] for way, n in zip(ways, whole.only, strict=True)]


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([3, 12, 60, 300]), st.sampled_from([0.0, 0.4, 0.8]))
def test_a_table_that_adds_up_is_exact_or_not_known(rng: random.Random, largest: int, zeros: float) -> None:
    rows = table(rng, largest, zeros)
    known = read(rows)
    assert known is None or known == [tuple(row) for row in rows]


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([3, 12, 60]), st.sampled_from([0.0, 0.4, 0.8]))
def test_a_table_that_its_publisher_broke_is_not_known(
    rng: random.Random, largest: int, zeros: float
) -> None:
    rows = table(rng, largest, zeros)
    row, column = rng.randrange(10), rng.randrange(7)
    rows[row][column] += rng.choice([1, 2, 9, 10, -rows[row][column]])
    known = read(rows)
    assert known is None or known == [tuple(r) for r in rows]


def test_several_tables_fit_and_are_counted() -> None:
    ways = [Ways(((1, 11, 12), (11, 1, 12)), 2)] * 2
    assert cut_table([*ways, Ways(((12, 12, 24),), 1)], [Equation((0, 1), (2,))]).number == 2
    assert cut_table([*ways, Ways(((2, 22, 24),), 1)], [Equation((0, 1), (2,))]).only == (0, 0, 0)
    assert cut_table([*ways, Ways(((3, 21, 24),), 1)], [Equation((0, 1), (2,))]).number == 0


def test_too_many_sums_are_given_up() -> None:
    rng = random.Random(2)
    ways = [Ways(tuple((rng.randrange(10**6), 0, 0) for _ in range(60)), 60) for _ in range(12)]
    begun = time.process_time()
    found = cut_table([*ways, Ways(((6 * 10**6, 0, 0),), 1)], [Equation(tuple(range(12)), (12,))])
    assert (found.only, found.complete) == (None, False)
    assert time.process_time() - begun < 1


def test_a_row_that_a_slip_may_have_made_is_not_sure() -> None:
    # 10 and its total 10, or 101 without a total?
    assert not withstands_a_slip("1010", (2,))
    assert not withstands_a_slip("123" * 8, (5, 5))
    assert withstands_a_slip("0" * 15, (5, 5, 5))
