"""Rule N-TEXT: what a report says in words against its own tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxstats.check import compare_prose, explain
from gxstats.check.prose import load_text_rule
from gxstats.errors import SchemaError
from gxstats.model import NOWHERE, Check, Fact, Statement


def said(
    measure: str, value: int, relation: str = "=", certainty: str = "stated", scope: str | None = None
) -> Statement:
    return Statement(measure, relation, value, scope, certainty, "", "overview", 0, 0, 1)  # type: ignore[arg-type]


def facts(verdict: str = "confirmed", **changed: int | None) -> list[Fact]:
    figures = {
        "received/total": 64,
        "carried_in/total": 1,
        "outcome_total/total": 62,
        "carried_out/total": 3,
        "review/total": 5,
        "review/pending": 2,
        "litigation_direct/total": 4,
        "litigation_direct/pending": 1,
        "litigation_after_review/total": 2,
        "litigation_after_review/pending": 0,
    } | changed
    return [
        Fact(
            "disputes" if key.startswith(("review", "litigation")) else "applications",
            *key.split("/"),
            "f2021",
            value,
            None,
            None,
            None,
            "blank" if value is None else "reported",
            verdict,  # type: ignore[arg-type]
            "pass",
            "",
            NOWHERE,
            "",
        )
        for key, value in figures.items()
    ]


def checked(statement: Statement, known: list[Fact]) -> Check:
    (check,) = compare_prose([statement], known)
    return check


@pytest.mark.parametrize(
    ("measure", "value", "status"),
    [
        ("received", 64, "pass"),
        ("received", 65, "pass"),
        ("handled", 62, "pass"),
        ("handled", 65, "pass"),
        ("received", 60, "fail"),
        ("review.total", 5, "pass"),
        ("review.total", 3, "pass"),
        ("review.total", 4, "fail"),
        ("litigation.total", 6, "pass"),
        ("litigation.total", 5, "pass"),
        ("litigation.total", 4, "fail"),
    ],
)
def test_one_of_the_figures_it_may_be(measure: str, value: int, status: str) -> None:
    check = checked(said(measure, value), facts())
    assert (check.rule, check.severity, check.where, check.lhs, check.status) == (
        "N-TEXT",
        "warning",
        measure,
        value,
        status,
    )


def test_at_least_passes_if_a_figure_is_as_large() -> None:
    assert checked(said("received", 60, ">="), facts()).status == "pass"
    assert checked(said("received", 70, ">="), facts()).status == "fail"


def test_an_unknown_figure_may_be_the_one_meant() -> None:
    known = facts(**{"outcome_total/total": None})
    assert checked(said("received", 60), known).status == "inconclusive"
    assert checked(said("received", 64), known).status == "pass"
    assert checked(said("received", 64), []).status == "inconclusive"


def test_the_nearest_figure_is_shown() -> None:
    assert checked(said("received", 60), facts()).rhs == 62
    assert checked(said("received", 99), facts()).rhs == 65


def test_the_publisher_is_named_only_where_nothing_else_can_be_meant() -> None:
    assert checked(said("received", 60), facts()).cause == "publisher"
    assert checked(said("received", 60), facts("unconfirmed")).cause == "unknown"
    assert checked(said("received", 60, certainty="in_context"), facts()).cause == "unknown"
    assert checked(said("received", 60, certainty="contradicted"), facts()).cause == "unknown"
    assert checked(said("received", 60, scope="body"), facts()).cause == "unknown"
    assert checked(said("received", 70, ">="), facts()).cause == "unknown"
    # 3 is what is carried out: the sentence may be about that.
    assert checked(said("received", 3), facts()).cause == "unknown"
    assert checked(said("received", 64), facts()).cause is None


def test_what_is_derived_or_no_total_is_not_tested() -> None:
    others = [said("received", 60, certainty="derived"), said("granted", 60), said("review.upheld", 9)]
    assert compare_prose(others, facts()) == ()


def test_in_words() -> None:
    check = checked(said("received", 60), facts())
    assert explain(check, "zh") == (
        "N-TEXT（文字所述收到申请数）：文字所述数字与表内数字相符，不成立：60 对 62，相差 -2；"
        "发布机关自己的数字不相符"
    )
    assert explain(check, "en") == (
        "N-TEXT (applications said to be received): a figure said in words is one of the tables' - fails: "
        "60 against 62, difference -2; the publisher's own figures do not add up"
    )


@pytest.mark.parametrize("sum_", ["received/totals", "reviews/total"])
def test_a_rule_about_no_field_is_refused(tmp_path: Path, sum_: str) -> None:
    path = tmp_path / "prose.yaml"
    kind = f"{{kind: a, section: applications, measures: [{{measure: a, zh: a, en: a}}], sums: [{sum_}]}}"
    path.write_text(f"rule: N\nseverity: warning\nzh: a\nen: a\nkinds:\n  - {kind}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"prose.yaml:6"):
        load_text_rule(path)
