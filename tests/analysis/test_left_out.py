"""What is unknown, implied, of another scope, of another form, or counted twice."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import gxstats as gx
from gxstats.analysis import NeedsPopulation, metric
from tests.analysis.conftest import EXAMPLE

Make = Callable[..., pd.DataFrame]
COUNTS = ("numerator", "denominator", "n_reports", "n_implied", "n_excluded")


@pytest.mark.parametrize("state", ["blank", "dash", "text", "absent", "unreadable"])
def test_an_unknown_operand_leaves_its_report_out(make: Make, state: str) -> None:
    hidden = make({**EXAMPLE, "granted/total": state}, agency="乙县")
    row = metric(pd.concat([make(), hidden]), "disclosure_rate", ["year"]).iloc[0]
    assert (row.numerator, row.denominator, row.n_reports, row.n_excluded) == (40, 100, 1, 1)
    assert row.excluded == f"granted/total is {state} (1)"


def test_a_row_that_is_not_there(make: Make) -> None:
    facts = make()
    row = metric(facts[facts.item != "granted"], "disclosure_rate").iloc[0]
    assert row.excluded == "granted/total is no such row (1)"
    assert pd.isna(row.numerator) and pd.isna(row.value)


def test_implied_figures_are_used_and_counted(make: Make) -> None:
    facts = make({**EXAMPLE, "granted/total": "blank"}, implied={"granted/total": 30})
    row = metric(facts, "disclosure_rate").iloc[0]
    assert (row.numerator, row.n_implied, row.n_excluded) == (40, 1, 0)


def test_scopes_are_never_mixed(make: Make) -> None:
    facts = pd.concat([make(), make(agency="某市", scope="summary")])
    found = metric(facts, "received", ["year"])
    assert found[["scope", "numerator"]].values.tolist() == [["body", 100], ["summary", 100]]


def test_summaries_inside_each_other_are_refused(make: Make) -> None:
    city = make(agency="某市", scope="summary", division_code="320800")
    county = make(agency="某县", scope="summary", division_code="320813")
    with pytest.raises(gx.NotComparable, match="320800 > 320813"):
        metric(pd.concat([city, county]), "received", ["year"])
    assert len(metric(pd.concat([city, county]), "received")) == 2


def test_one_report_twice_is_refused(make: Make) -> None:
    with pytest.raises(gx.NotComparable, match="twice"):
        metric(pd.concat([make(), make(document_id="copy")]), "received")


def test_superseded_revisions_are_left_out(make: Make) -> None:
    old = make({"received/total": 7}, document_id="old", is_current=False)
    found = metric(pd.concat([make(is_current=True), old]), "received")
    assert found.numerator.tolist() == [100]
    assert found.attrs["warnings"][0]["name"] == "superseded"


def test_other_is_one_row_before_2021_and_three_after(make: Make) -> None:
    old = {k: v for k, v in EXAMPLE.items() if not k.startswith("other.")} | {"other/total": 10}
    facts = pd.concat([make(old, form="f2019", year=2020), make(year=2021)])
    found = metric(facts, "other_rate")
    assert found.value.tolist() == [0.1, 0.1]
    near = [w for w in found.attrs["warnings"] if w["name"] == "near"]
    assert "2021 form has three" in near[0]["en"]
    assert "break_2021" in [w["name"] for w in found.attrs["warnings"]]


def test_a_form_without_the_field_is_left_out(make: Make) -> None:
    found = metric(pd.concat([make(form="f2019", year=2020), make()]), "fee_burden")
    assert found.excluded.fillna("").tolist() == ["form f2019 does not have it (1)", ""]


def test_fields_that_no_crosswalk_joins_are_refused(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from gxstats.analysis import compute
    from gxstats.analysis.registry import find

    wide = replace(find("norm_turnover"), forms=("f2019", "f2021"))
    monkeypatch.setattr(compute, "find", lambda name: wide)
    with pytest.raises(gx.NotComparable, match="differs in f2019 and f2021"):
        metric(pd.concat([make(form="f2019", year=2020), make()]), "norm_turnover")


def test_pooling_over_the_break_of_2024_is_refused(make: Make) -> None:
    facts = pd.concat([make(), make(year=2024)])
    with pytest.raises(gx.NotComparable, match="2024"):
        metric(facts, "direct_litigation_share", ["agency"])
    found = metric(facts, "direct_litigation_share")
    assert [w["name"] for w in found.attrs["warnings"]] == ["break_2024"]
    assert metric(make(), "direct_litigation_share").attrs["warnings"] == []


def test_population_is_an_argument(make: Make) -> None:
    with pytest.raises(NeedsPopulation):
        metric(make(), "received_per_100k")
    by_key = metric(make(), "received_per_100k", population={("甲县", 2023): 50_000})
    assert by_key.value.tolist() == [200.0]
    assert by_key.denominator.tolist() == [50_000]
    one = metric(make(), "received_per_100k", ["agency"], population={"甲县": 50_000})
    assert one.value.tolist() == [200.0]
    for nobody in ({}, {("甲县", 2023): 0}, {("甲县", 2023): float("nan")}):
        row = metric(make(), "received_per_100k", population=nobody).iloc[0]
        assert pd.isna(row.value) and row.excluded == "the population is not known (1)"


def test_a_denominator_of_zero_gives_no_value(make: Make) -> None:
    row = metric(make({}), "disclosure_rate").iloc[0]
    assert (row.numerator, row.denominator, row.n_reports) == (0, 0, 1)
    assert pd.isna(row.value) and pd.isna(row.low)


@pytest.mark.parametrize(
    "name", ["received", "disclosure_rate", "growth", "concentration", "arithmetic_pass_rate"]
)
def test_empty_frames_keep_their_types(make: Make, name: str) -> None:
    full = metric(make(), name)
    empty = metric(make().iloc[:0], name)
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert full.dtypes[list(COUNTS)].astype(str).unique().tolist() == ["Int64"]
    assert full.dtypes[["value", "low", "high"]].astype(str).unique().tolist() == ["float64"]
    assert str(full.year.dtype) == "Int64"


def test_an_unknown_year_is_left_out_and_said(make: Make) -> None:
    found = metric(pd.concat([make(), make(agency="乙县", year=None)]), "received", ["year"])
    assert found[["year", "numerator"]].values.tolist() == [[2023, 100]]
    assert str(found.year.dtype) == "Int64"
    assert {w["name"] for w in found.attrs["warnings"]} == {"unidentified"}


def test_unknown_names_are_refused(make: Make) -> None:
    with pytest.raises(gx.UnknownField):
        metric(make(), "transparency")
    with pytest.raises(gx.UnknownField, match="colour"):
        metric(make(), "received", ["colour"])
    with pytest.raises(gx.UnknownField, match="year"):
        metric(make(), "growth", ["agency"])


def test_reports_are_taken_as_well_as_facts() -> None:
    published = gx.load_published()
    frame = gx.tidy(published, warn=False)
    assert metric(published, "received").equals(metric(frame, "received"))
