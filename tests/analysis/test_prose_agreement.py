"""Figures said in words against the tables: rule N-TEXT, from values worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import gxstats as gx
from gxstats.analysis import NeedsStatements, metric

Make = Callable[..., pd.DataFrame]
# The report of the fixture: received 100, carried in 20, outcomes 100, carried out 20; reviews 10, of
# which 1 pending; lawsuits 5 + 4, of which 1 + 1 pending.


def said(*rows: tuple[str, Any], **others: Any) -> pd.DataFrame:
    """Statements of 甲县 about 2023: measure and number."""
    made = [
        {"body": "甲县", "year": 2023, "measure": m, "relation": "=", "value": v} | others for m, v in rows
    ]
    return pd.DataFrame(made).astype({"value": "Int64"})


def test_any_figure_the_words_may_stand_for_agrees(make: Make) -> None:
    words = said(
        ("received", 100),
        ("handled", 120),  # with what was carried in, or out
        ("received_and_handled", 90),  # none of the four
        ("review.total", 10),
        ("review.total", 9),  # without the pending one
        ("litigation.total", 7),
        ("litigation.total", 5),  # direct ones alone: the rule knows no such reading
    )
    found = metric(make(), "prose_agreement", statements=words).set_index("part")
    assert found[["numerator", "denominator"]].to_dict("index") == {
        "prose_agreement": {"numerator": 5, "denominator": 7},
        "applications": {"numerator": 2, "denominator": 3},
        "reviews": {"numerator": 2, "denominator": 2},
        "lawsuits": {"numerator": 1, "denominator": 2},
    }
    assert found.value["prose_agreement"] == pytest.approx(5 / 7)
    assert found.n_reports.tolist() == [1, 1, 1, 1]


def test_more_than_a_number_is_borne_out_by_any_larger_one(make: Make) -> None:
    found = metric(make(), "Q3", statements=said(("received", 110), ("received", 121), relation=">="))
    assert (found.numerator[0], found.denominator[0]) == (1, 2)


def test_what_an_unknown_figure_leaves_open_is_no_disagreement(make: Make) -> None:
    torn = make({"received/total": 100, "carried_in/total": "unreadable", "outcome_total/total": 100})
    row = metric(torn, "Q3", statements=said(("received", 100), ("handled", 130))).iloc[0]
    assert (row.numerator, row.denominator) == (1, 1)
    assert row.excluded == "figures that cannot be told (1)"


def test_figures_that_are_implied_count_and_are_counted(make: Make) -> None:
    blank = make({"review/total": "blank"}, implied={"review/total": 0})
    row = metric(blank, "Q3", statements=said(("review.total", 0))).iloc[0]
    assert (row.numerator, row.denominator, row.n_implied) == (1, 1, 1)


def test_only_the_words_of_a_report_itself_are_judged(make: Make) -> None:
    words = pd.concat(
        [said(("received", 1), place="article"), said(("granted", 1)), said(("fees.amount", None))]
    )
    row = metric(make(), "Q3", statements=words).iloc[0]
    assert (row.denominator, row.n_reports, row.n_excluded) == (0, 0, 1)
    assert row.excluded == "no figure in words that the rule tests (1)"


def test_words_find_their_report_by_body_year_division_and_scope_or_by_document(make: Make) -> None:
    whole = make(scope="summary", document_id="whole", division="某省某市")
    own = make({"received/total": 7}, document_id="own", division="某省某市")
    both = pd.concat([whole, own])
    words = said(("received", 100), ("received", 8))
    found = metric(both, "Q3", ["scope"], statements=words.assign(scope="body", division="某市"))
    assert found[found.part == "prose_agreement"].set_index("scope").denominator.to_dict() == {
        "body": 2,
        "summary": 0,
    }
    unclear = metric(both, "Q3", ["scope"], statements=words)
    assert unclear.denominator.sum() == 0
    assert [w["name"] for w in unclear.attrs["warnings"]] == ["statements_several"]
    strange = metric(both, "Q3", ["scope"], statements=words.assign(division="乙省"))
    assert [w["name"] for w in strange.attrs["warnings"]] == ["statements_none"]
    marked = metric(both, "Q3", ["scope"], statements=words.assign(document_id="whole"))
    assert marked.set_index(["scope", "part"]).numerator["summary", "applications"] == 1


def test_without_words_nothing_is_computed(make: Make) -> None:
    with pytest.raises(NeedsStatements, match="needs what they say in words"):
        metric(make(), "prose_agreement")
    with pytest.raises(gx.UnknownField, match="relation"):
        metric(make(), "prose_agreement", statements=said(("received", 1)).drop(columns="relation"))


def test_bundled_statements_are_of_other_bodies_than_bundled_reports() -> None:
    found = metric(gx.load_published(), "prose_agreement", ["year"], statements=gx.load_statements())
    assert found.denominator.sum() == 0
    assert "statements_none" in [w["name"] for w in found.attrs["warnings"]]
