"""Verdicts are about the reading, sums about the arithmetic; disagreements are settled or disputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from gxstats.check import judge
from gxstats.check.arbitrate import settle
from gxstats.check.identities import sums_of
from gxstats.check.verdicts import Checked
from gxstats.model import Check, Fact, Field, Figure, Key, State
from tests.pages import COLUMNS, PARTS, RESULTS, distinct_values

VALUES = {key: value for key, value in distinct_values().items() if key[0] == "applications"}
CELL: Key = ("applications", "granted", "enterprise")
ROW = [("applications", "granted", column) for column in COLUMNS]


def said(value: int | None, *, exact: bool = True, odd: bool = False, state: State = "reported") -> Figure:
    return Figure(state if value is None else "reported", value, raw=str(value), exact=exact, odd=odd)


def heard(
    figure: Figure, agreed: int = 1, others: tuple[tuple[str, Figure], ...] = (), *readers: str, **kind
) -> Field:
    return Field(
        form="f2021", figure=figure, agreed=agreed, others=others, readers=readers or ("first",), **kind
    )


def field(
    value: int | None, *, structured: bool = False, agreed: int = 1, physical: bool = True, **kind
) -> Field:
    return heard(said(value, **kind), agreed, structured=structured, physical=physical)


def split(raw: str = "?", **readings: int) -> Field:
    """Readings that disagree, none of which has a majority."""
    others = tuple((name, said(value)) for name, value in readings.items())
    return Field(form="f2021", figure=Figure("unreadable", raw=raw), agreed=0, others=others)


def fields(values: Mapping[Key, int] = VALUES, **changed: Field) -> dict[Key, Field]:
    """Every cell of section three in one unstructured reading; ``changed`` by measure of the row granted."""
    found = {key: field(value) for key, value in values.items()}
    return found | {("applications", "granted", column): change for column, change in changed.items()}


def fact(checked: Checked, key: Key) -> Fact:
    return next(f for f in checked.facts if f.key == key)


def alone(**kind) -> Fact:
    """A figure outside every sum."""
    key = ("disclosure", "licensing", "decisions")
    return fact(judge({key: field(3, **kind)}, "r"), key)


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ({"structured": True}, "confirmed"),
        ({"structured": False}, "unconfirmed"),
        ({"structured": True, "exact": False}, "unconfirmed"),
        ({"structured": True, "odd": True}, "unconfirmed"),
        ({"agreed": 2}, "confirmed"),
        ({"agreed": 2, "exact": False}, "unconfirmed"),
        ({"agreed": 0}, "unconfirmed"),
    ],
)
def test_a_figure_that_no_sum_tests(kind, verdict: str) -> None:
    found = alone(**kind)
    assert (found.verdict, found.sums, found.value) == (verdict, "untested", 3)


@pytest.mark.parametrize("state", ["unreadable", "absent"])
def test_what_is_not_read_is_never_confirmed(state: State) -> None:
    key = ("disclosure", "licensing", "decisions")
    found = fact(judge({key: field(None, structured=True, agreed=2, state=state)}, "r"), key)
    assert (found.verdict, found.value) == ("unconfirmed", None)


@pytest.mark.parametrize("state", ["blank", "dash", "text"])
def test_a_blank_cell_of_a_structured_table_is_confirmed_blank(state: State) -> None:
    key = ("disclosure", "licensing", "decisions")
    found = fact(judge({key: field(None, structured=True, state=state)}, "r"), key)
    assert (found.verdict, found.state, found.value, found.implied) == ("confirmed", state, None, None)


def test_sums_that_hold_confirm_one_reading() -> None:
    checked = judge(fields(), "r")
    assert {f.verdict for f in checked.facts} == {"confirmed"}
    assert {f.sums for f in checked.facts} == {"pass"}
    assert {c.status for c in checked.checks} == {"pass"}
    assert {c.cause for c in checked.checks} == {None}


def test_in_a_stream_every_sum_of_a_figure_must_hold() -> None:
    """Where no cell borders are seen, a row that slipped to the next label still adds up in itself."""
    stream = {key: field(value, physical=False) for key, value in VALUES.items()}
    assert {f.verdict for f in judge(stream, "r").facts} == {"confirmed"}
    blank = stream | {
        ("applications", "unable.unclear", "enterprise"): field(None, state="blank", physical=False)
    }
    verdicts = {key: fact(judge(blank, "r"), key).verdict for key in ROW}
    assert verdicts == {key: "unconfirmed" if key == CELL else "confirmed" for key in ROW}


def test_sums_do_not_confirm_a_label_that_did_not_match() -> None:
    changed = {column: field(VALUES["applications", "granted", column], exact=False) for column in COLUMNS}
    checked = judge(fields(**changed), "r")
    assert {fact(checked, key).verdict for key in ROW} == {"unconfirmed"}
    assert {fact(checked, key).sums for key in ROW} == {"pass"}


def test_a_weak_pass_confirms_nothing() -> None:
    row = {("disputes", "review", m): field(0 if m != "upheld" else 3) for m in RESULTS}
    row["disputes", "review", "corrected"] = field(None, state="blank")
    row["disputes", "review", "total"] = field(3)
    checked = judge(row, "r")
    assert {f.verdict for f in checked.facts} == {"unconfirmed"}
    assert {f.sums for f in checked.facts} == {"pass"}
    assert fact(checked, ("disputes", "review", "corrected")).implied == 0
    assert fact(checked, ("disputes", "review", "corrected")).value is None


def failing(cause_of: Mapping[str, Field]) -> Checked:
    row = {("disputes", "review", m): f for m, f in cause_of.items()}
    return judge(row, "r")


def reviews(checked: Checked) -> list[Check]:
    return [check for check in checked.checks if check.where == "review"]


def test_the_publisher_is_to_blame_if_every_operand_is_confirmed() -> None:
    """A published county report: 10 upheld and 1 corrected with a total of 0."""
    printed = dict(zip((*RESULTS, "total"), (10, 1, 0, 0, 0), strict=True))
    checked = failing({m: field(v, structured=True) for m, v in printed.items()})
    assert [(c.status, c.cause, c.lhs, c.rhs) for c in reviews(checked)] == [("fail", "publisher", 11, 0)]
    assert {f.sums for f in checked.facts} == {"fail"}
    assert {f.verdict for f in checked.facts} == {"confirmed"}
    assert [f.value for f in checked.facts] == [10, 1, 0, 0, 0]


def test_a_disagreement_that_no_reading_wins_makes_no_failing_sum() -> None:
    cells = {m: field(v) for m, v in zip((*RESULTS, "total"), (1, 2, 3, 4, 0), strict=True)}
    checked = failing(cells | {"total": split(a=1, b=11)})
    assert [(c.status, c.cause) for c in reviews(checked)] == [("inconclusive", None)]


def test_the_reading_that_adds_up_wins_against_a_majority() -> None:
    cells = {m: field(v, agreed=2) for m, v in zip((*RESULTS, "total"), (9, 2, 3, 4, 10), strict=True)}
    cells["upheld"] = heard(said(9), 2, (("third", said(1)),), "first", "second")
    checked = failing(cells)
    assert [(c.status, c.cause) for c in reviews(checked)] == [("pass", None)]
    assert fact(checked, ("disputes", "review", "upheld")).value == 1


def test_the_cause_is_unknown_if_one_operand_is_not_confirmed() -> None:
    cells = {m: field(v, structured=True) for m, v in zip((*RESULTS, "total"), (1, 2, 3, 4, 11), strict=True)}
    cells["pending"] = field(4, structured=True, exact=False)
    assert [(c.status, c.cause) for c in reviews(failing(cells))] == [("fail", "unknown")]


def test_a_failing_sum_takes_no_verdict_from_a_structured_cell() -> None:
    checked = judge(fields(enterprise=field(99, structured=True)), "r")
    assert (fact(checked, CELL).verdict, fact(checked, CELL).sums) == ("confirmed", "fail")
    assert {(c.rule, c.where) for c in checked.checks if c.status == "fail"} == {
        ("A-ROW", "granted"),
        ("A-SUM", "enterprise"),
    }


def test_readings_that_disagree_without_any_sum_are_disputed() -> None:
    key = ("disclosure", "licensing", "decisions")
    checked = judge({key: split(a=3, b=8)}, "r")
    found = fact(checked, key)
    assert (found.verdict, found.state, found.value) == ("disputed", "unreadable", None)
    (issue,) = checked.issues
    assert (issue.level, issue.code) == ("error", "disputed")
    assert "a: '3'" in issue.message
    assert "b: '8'" in issue.message


def test_the_sums_settle_a_disagreement() -> None:
    true = VALUES[CELL]
    checked = judge(fields(enterprise=split(a=true, b=true + 5)), "r")
    found = fact(checked, CELL)
    assert (found.state, found.value, found.verdict) == ("reported", true, "confirmed")
    assert found.reader == "r a"
    assert checked.issues == ()


def test_a_majority_of_truncated_readings_loses_against_the_sums() -> None:
    """Digits cut by a page break are cut for two readings alike: 1194 reads 119 twice."""
    true = VALUES[CELL] + 1000
    values = dict(VALUES)
    for key in (CELL, ("applications", "granted", "total")):
        values[key] += 1000
    for column in ("enterprise", "total"):
        values["applications", "outcome_total", column] += 1000
        values["applications", "received", column] += 1000
    cut = heard(said(true // 10), 2, (("third", said(true)),), "first", "second")
    checked = judge(fields(values, enterprise=cut), "r")
    found = fact(checked, CELL)
    assert (found.value, found.verdict, found.reader) == (true, "confirmed", "r third")
    assert {c.status for c in checked.checks} == {"pass"}


def test_a_majority_that_breaks_a_sum_without_a_better_reading_is_withdrawn() -> None:
    true = VALUES[CELL]
    wrong = heard(said(true + 1), 2, (("third", said(true + 2)),), "first", "second")
    found = fact(judge(fields(enterprise=wrong), "r"), CELL)
    assert (found.state, found.value, found.verdict) == ("unreadable", None, "disputed")


def test_a_majority_that_adds_up_stands() -> None:
    right = heard(said(VALUES[CELL]), 2, (("third", said(7)),), "first", "second")
    found = fact(judge(fields(enterprise=right), "r"), CELL)
    assert (found.value, found.verdict, found.reader) == (VALUES[CELL], "confirmed", "r first+second")


def test_the_sums_do_not_choose_what_no_reading_says() -> None:
    found = fact(judge(fields(enterprise=split(a=1, b=2)), "r"), CELL)
    assert (found.value, found.implied, found.verdict) == (None, None, "disputed")


def test_two_rows_that_break_each_others_columns_are_settled_together() -> None:
    changed = fields()
    for item in ("granted", "unable.unclear"):
        key = ("applications", item, "enterprise")
        changed[key] = split(a=VALUES[key], b=VALUES[key] * 10)
    settled = settle(changed, sums_of("f2021", "applications"))
    for item in ("granted", "unable.unclear"):
        key = ("applications", item, "enterprise")
        assert settled[key].figure.value == VALUES[key]
    assert list(settled) == list(changed)


def test_nothing_contested_changes_nothing() -> None:
    plain = fields()
    assert settle(plain, sums_of("f2021", "applications")) == plain


def test_a_swap_between_two_readings_is_not_settled_by_sums_that_cannot_see_it() -> None:
    """One reading has two applicants' figures swapped: every sum of the row holds in both."""
    one, two = VALUES["applications", "granted", PARTS[0]], VALUES["applications", "granted", PARTS[1]]
    changed = fields(
        natural_person=split(a=one, b=two),
        enterprise=split(a=two, b=one),
    )
    checked = judge(changed, "r")
    # The columns tell them apart: only one of the two readings adds up there.
    assert fact(checked, ROW[0]).value == one
    assert fact(checked, ROW[1]).value == two


def test_two_readings_that_both_add_up_are_disputed() -> None:
    """One reading has the figures of a row in another order: no sum of the row can tell."""
    cells = {m: field(v) for m, v in zip((*RESULTS, "total"), (5, 6, 7, 8, 26), strict=True)}
    cells |= {"upheld": split(a=5, b=6), "corrected": split(a=6, b=7), "other": split(a=7, b=5)}
    checked = failing(cells)
    for measure in ("upheld", "corrected", "other"):
        found = fact(checked, ("disputes", "review", measure))
        assert (found.state, found.value, found.verdict) == ("unreadable", None, "disputed")


def test_facts_keep_the_order_of_the_fields_and_name_their_reader() -> None:
    checked = judge(fields(), "gxstats 9")
    assert [f.key for f in checked.facts] == list(VALUES)
    assert {f.reader for f in checked.facts} == {"gxstats 9 first"}


def test_the_sums_of_an_unknown_form_are_those_all_forms_have() -> None:
    row = {("disputes", "review", m): field(1)._replace(form=None) for m in RESULTS}
    row["disputes", "review", "total"] = field(4)._replace(form=None)
    found = [(c.rule, c.status) for c in judge(row, "r").checks if c.where == "review"]
    assert found == [("D-SUM", "pass")]


def keys_of(checks: Iterable) -> set[Key]:
    return {key for check in checks for key in check.operands}


def test_checks_name_their_operands_and_sides() -> None:
    checked = judge(fields(), "r")
    row = next(c for c in checked.checks if (c.rule, c.where) == ("A-ROW", "granted"))
    assert row.operands == tuple(ROW)
    assert (row.lhs, row.rhs, row.known) == (VALUES[ROW[-1]], VALUES[ROW[-1]], 7)
    assert keys_of(checked.checks) == set(VALUES)


def test_no_fields_no_facts() -> None:
    assert judge({}, "r") == Checked((), (), ())
