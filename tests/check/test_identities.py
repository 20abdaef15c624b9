"""The form's sums: what passes, what fails, what cannot be told, and what they prove for blank cells."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gxstats.check.identities import Sum, evaluate, sums_of
from gxstats.model import Figure, Key, State, Status
from gxstats.schema import form
from gxstats.testing.values import random_values
from tests.pages import COLUMNS, PARTS, PROCEDURES, RESULTS, distinct_values

ROW: tuple[Key, ...] = tuple(("disputes", "review", m) for m in RESULTS)
TOTAL: Key = ("disputes", "review", "total")
REVIEW = Sum("D-SUM", "error", "disputes", "review", ROW, (TOTAL,))
BLANKS: tuple[State, ...] = ("blank", "dash")


def review(*printed: int | str | None) -> dict[Key, Figure]:
    """Figures of the review row: a number, a state, or None for a blank."""
    figures = {}
    for key, value in zip((*ROW, TOTAL), printed, strict=True):
        if isinstance(value, int):
            figures[key] = Figure("reported", value)
        else:
            figures[key] = Figure(value or "blank")  # type: ignore[arg-type]
    return figures


def result(*printed: int | str | None) -> tuple[Status, int | None, int | None, dict[str, int]]:
    results, implied = evaluate([REVIEW], review(*printed))
    (found,) = results
    return found.status, found.lhs, found.rhs, {key[2]: value for key, value in implied.items()}


@pytest.mark.parametrize(
    ("printed", "status", "lhs", "rhs", "implied"),
    [
        ((1, 2, 3, 4, 10), "pass", 10, 10, {}),
        ((0, 0, 0, 0, 0), "pass", 0, 0, {}),
        ((1, 2, 3, 4, 11), "fail", 10, 11, {}),
        ((10, 1, 0, 0, 0), "fail", 11, 0, {}),
        ((3, None, None, None, 3), "weak_pass", 3, 3, {"corrected": 0, "other": 0, "pending": 0}),
        ((3, None, 4, None, 6), "fail", 7, 6, {}),
        ((3, None, None, None, 5), "inconclusive", 3, 5, {}),
        ((None, None, None, None, 0), "weak_pass", 0, 0, dict.fromkeys(RESULTS, 0)),
        ((None, None, None, None, 4), "inconclusive", 0, 4, {}),
        ((1, 2, 3, 4, None), "weak_pass", 10, 10, {"total": 10}),
        ((1, 2, 3, None, None), "inconclusive", 6, 0, {}),
        ((0, 0, 0, None, None), "inconclusive", 0, 0, {}),
        ((None, None, None, None, None), "inconclusive", None, None, {}),
        ((3, "dash", "dash", 0, 3), "weak_pass", 3, 3, {"corrected": 0, "other": 0}),
        ((3, "dash", None, 0, 4), "inconclusive", 3, 4, {}),
    ],
)
def test_one_sum(printed, status: Status, lhs: int | None, rhs: int | None, implied: dict[str, int]) -> None:
    assert result(*printed) == (status, lhs, rhs, implied)


@pytest.mark.parametrize("state", ["unreadable", "absent", "text"])
def test_nothing_is_implied_for_a_cell_that_may_hold_a_figure(state: State) -> None:
    status, _, _, implied = result(3, state, 0, 0, 3)
    assert status in ("weak_pass", "inconclusive")
    assert implied == {}
    assert result(1, 2, 3, 4, state)[3] == {}


@pytest.mark.parametrize("state", ["unreadable", "absent"])
def test_unreadable_parts_still_fail_if_the_rest_is_too_much(state: State) -> None:
    assert result(4, state, 0, 0, 3)[0] == "fail"


def test_a_failing_sum_proves_nothing_even_where_it_has_blanks() -> None:
    assert result(5, None, None, None, 4)[3] == {}


def test_no_figures_at_all() -> None:
    results, implied = evaluate([REVIEW], {})
    assert (results[0].status, results[0].lhs, results[0].rhs, results[0].known) == (
        "inconclusive",
        None,
        None,
        0,
    )
    assert implied == {}
    assert evaluate([], {}) == ([], {})


def test_what_is_proved_proves_more() -> None:
    """A row's total proves its blanks; those complete a column, whose missing total is then proved."""
    table = "applications"
    sums = [s for s in sums_of("f2021", table) if s.where in ("received", "research") and s.rule != "A-FLOW"]
    figures = {key: Figure("blank") for s in sums for key in (*s.lhs, *s.rhs)}
    figures[table, "received", "natural_person"] = Figure("reported", 7)
    figures[table, "received", "total"] = Figure("reported", 7)
    leaves = next(s for s in sums if s.rule == "A-SUM").lhs
    for leaf in leaves:
        figures[leaf] = Figure("reported", 1)
    _, implied = evaluate(sums, figures)
    assert implied[table, "received", "research"] == 0
    assert implied[table, "outcome_total", "research"] == len(leaves) == 21


def test_flow_has_no_total_and_proves_nothing_but_zeros() -> None:
    table = "applications"
    (flow,) = [s for s in sums_of("f2021", table) if s.rule == "A-FLOW" and s.where == "total"]
    keys = (*flow.lhs, *flow.rhs)
    figures = {key: Figure("blank") for key in keys}
    for key, value in zip(keys[:3], (8, 2, 6), strict=True):
        figures[key] = Figure("reported", value)
    results, implied = evaluate([flow], figures)
    assert implied.get(keys[3]) in (None, 4)
    figures[keys[2]] = Figure("reported", 10)
    results, implied = evaluate([flow], figures)
    assert (results[0].status, implied) == ("weak_pass", {keys[3]: 0})
    figures[keys[2]] = Figure("reported", 11)
    results, implied = evaluate([flow], figures)
    assert (results[0].status, implied) == ("fail", {})


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("f2021", {"A-FLOW": 7, "A-SUM": 7, "A-ROW": 25, "D-SUM": 3}),
        ("f2019", {"A-FLOW": 7, "A-SUM": 7, "A-ROW": 23, "D-SUM": 3}),
    ],
)
def test_the_sums_of_the_forms(name: str, rules: dict[str, int]) -> None:
    sums = [s for section in form(name).sections for s in sums_of(name, section.section)]
    counts: dict[str, int] = {}
    for s in sums:
        counts[s.rule] = counts.get(s.rule, 0) + 1
    assert counts == rules
    assert {s.severity for s in sums} == {"error"}
    assert {len(s.lhs) for s in sums if s.rule == "A-ROW"} == {len(PARTS)}
    assert {len(s.lhs) for s in sums if s.rule == "A-SUM"} == {21 if name == "f2021" else 19}
    assert {s.where for s in sums if s.rule == "A-FLOW"} == set(COLUMNS)
    assert {s.where for s in sums if s.rule == "D-SUM"} == set(PROCEDURES)
    assert sums_of(name, "statistics") == ()


def all_sums(name: str) -> list[Sum]:
    return [s for section in form(name).sections for s in sums_of(name, section.section)]


def counts_of(name: str, seed: int, size: str) -> dict[Key, int]:
    values = random_values(seed, name, size=size)  # type: ignore[arg-type]
    return {key: value for key, value in values.items() if isinstance(value, int)}


def blanked(values: Mapping[Key, int], blanks: set[int], state: State) -> dict[Key, Figure]:
    return {
        key: Figure(state) if number in blanks else Figure("reported", value)
        for number, (key, value) in enumerate(values.items())
    }


NAMES = st.sampled_from(("f2021", "f2019"))
SIZES = st.sampled_from(("zero", "small", "mid", "huge"))
SEEDS = st.integers(0, 10**6)
HOLES = st.sets(st.integers(0, 219), max_size=200)


@given(NAMES, SEEDS, SIZES, HOLES, st.sampled_from(BLANKS))
def test_every_implied_value_is_the_truth(
    name: str, seed: int, size: str, holes: set[int], state: State
) -> None:
    """Also where a blank cell stands for a figure that is not zero: nothing wrong may follow."""
    values = counts_of(name, seed, size)
    results, implied = evaluate(all_sums(name), blanked(values, holes, state))
    assert not [r for r in results if r.status == "fail"]
    assert {key: value for key, value in implied.items() if values[key] != value} == {}


@given(NAMES, SEEDS, SIZES)
def test_blanks_that_stand_for_zero_are_never_a_failure(name: str, seed: int, size: str) -> None:
    values = counts_of(name, seed, size)
    zeros = {number for number, value in enumerate(values.values()) if value == 0}
    results, implied = evaluate(all_sums(name), blanked(values, zeros, "blank"))
    assert not [r for r in results if r.status == "fail"]
    assert set(implied.values()) <= {0}


def test_a_proof_from_a_figure_that_breaks_other_sums_is_withdrawn() -> None:
    """1 printed for 0: the row would prove its blank total 1, but both columns of the cell fail."""
    figures = {key: Figure("reported", 0) for key in distinct_values()}
    figures["applications", "not_processed.publication", "natural_person"] = Figure("reported", 1)
    figures["applications", "not_processed.publication", "total"] = Figure("blank")
    results, implied = evaluate(all_sums("f2021"), figures)
    assert {(r.sum.rule, r.sum.where) for r in results if r.status == "fail"} >= {("A-SUM", "natural_person")}
    assert implied == {}


@example("f2019", 0, "small", {0, 1, 32, 33, 34, 140, *range(22, 32)}, 585, 1)
@given(NAMES, SEEDS, SIZES, HOLES, st.integers(0, 10**6), st.integers(-20, 20).filter(bool))
def test_one_changed_figure_is_found_or_harmless(
    name: str, seed: int, size: str, holes: set[int], pick: int, change: int
) -> None:
    """A wrong figure that breaks its sums implies nothing wrong in those sums."""
    values = counts_of(name, seed, size)
    figures = blanked(values, holes, "blank")
    printed = [
        key for key, figure in figures.items() if figure.state == "reported" and key[0] != "disclosure"
    ]
    if not printed:
        return
    key = printed[pick % len(printed)]
    figures[key] = Figure("reported", max(values[key] + change, 0 if values[key] else 1))
    results, implied = evaluate(all_sums(name), figures)
    touched = {k for r in results if r.status == "fail" for k in (*r.sum.lhs, *r.sum.rhs)}
    if not holes:
        assert touched, "a change of one printed figure breaks a sum that is fully printed"
    assert {k: v for k, v in implied.items() if k in touched and v != values[k]} == {}


@given(NAMES, SEEDS)
def test_a_broken_sum_of_a_whole_report_implies_nothing_at_all(name: str, seed: int) -> None:
    values = counts_of(name, seed, "mid")
    results, implied = evaluate(all_sums(name), blanked(values, set(), "blank"))
    assert {r.status for r in results} == {"pass"}
    assert implied == {}


def test_a_swap_of_two_outcomes_is_invisible() -> None:
    """The known blind spot: this is why sums never stand in for labels."""
    values = {k: v for k, v in distinct_values().items() if k[0] == "applications"}
    for column in COLUMNS:
        one, two = ("applications", "granted", column), ("applications", "unable.unclear", column)
        values[one], values[two] = values[two], values[one]
    results, _ = evaluate(sums_of("f2021", "applications"), blanked(values, set(), "blank"))
    assert {r.status for r in results} == {"pass"}
