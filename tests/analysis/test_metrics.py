"""Every metric from values worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import gxstats as gx
from gxstats.analysis import metric, metrics
from gxstats.analysis.registry import registry

Make = Callable[..., pd.DataFrame]
PLAIN: dict[str, dict[str, tuple[int, int | None, float]]] = {
    "received": {"received": (100, None, 100)},
    "applicant_shares": {
        "natural_person": (80, 100, 0.8),
        "enterprise": (15, 100, 0.15),
        "legal_service": (4, 100, 0.04),
    },
    "full_disclosure_rate": {"full_disclosure_rate": (30, 100, 0.3)},
    "partial_disclosure_rate": {"partial_disclosure_rate": (10, 100, 0.1)},
    "disclosure_rate": {"disclosure_rate": (40, 100, 0.4)},
    "disclosure_rate_without_petitions": {"disclosure_rate_without_petitions": (40, 96, 40 / 96)},
    "release_rate": {"release_rate": (40, 60, 2 / 3)},
    "resolvable_full_rate": {"resolvable_full_rate": (30, 66, 30 / 66)},
    "resolvable_full_rate_without_inquiries": {"resolvable_full_rate_without_inquiries": (30, 61, 30 / 61)},
    "refusal_rate": {
        "refused": (20, 100, 0.2),
        "state_secret": (1, 100, 0.01),
        "other_law": (2, 100, 0.02),
        "security_stability": (0, 100, 0.0),
        "third_party": (3, 100, 0.03),
        "internal_affairs": (4, 100, 0.04),
        "process_information": (5, 100, 0.05),
        "enforcement_file": (0, 100, 0.0),
        "administrative_inquiry": (5, 100, 0.05),
    },
    "refusal_ground_share": {
        "state_secret": (1, 20, 0.05),
        "other_law": (2, 20, 0.1),
        "security_stability": (0, 20, 0.0),
        "third_party": (3, 20, 0.15),
        "internal_affairs": (4, 20, 0.2),
        "process_information": (5, 20, 0.25),
        "enforcement_file": (0, 20, 0.0),
        "administrative_inquiry": (5, 20, 0.25),
    },
    "not_held_rate": {"not_held_rate": (12, 100, 0.12)},
    "unable_rate": {"unable_rate": (20, 100, 0.2)},
    "not_processed_rate": {"not_processed_rate": (10, 100, 0.1)},
    "not_processed_shares": {
        "petition": (4, 100, 0.04),
        "repeat": (2, 100, 0.02),
        "excessive": (3, 100, 0.03),
    },
    "other_rate": {"other_rate": (10, 100, 0.1)},
    "legal_ground_share": {"legal_ground_share": (20, 40, 0.5)},
    "carry_over_ratio": {"carry_over_ratio": (20, 120, 1 / 6)},
    "clearance_ratio": {"clearance_ratio": (100, 100, 1.0)},
    "backlog_change": {"backlog_change": (0, None, 0.0)},
    "reviews_per_1000": {"reviews_per_1000": (10, 100, 100.0)},
    "reviews_per_1000_adverse": {"reviews_per_1000_adverse": (10, 70, 1000 / 7)},
    "review_correction_rate": {"review_correction_rate": (2, 9, 2 / 9)},
    "review_correction_rate_of_all": {"review_correction_rate_of_all": (2, 10, 0.2)},
    "review_other_share": {"review_other_share": (1, 9, 1 / 9)},
    "lawsuits_per_1000": {"lawsuits_per_1000": (9, 100, 90.0)},
    "direct_litigation_share": {"direct_litigation_share": (5, 9, 5 / 9)},
    "escalation_rate": {"escalation_rate": (4, 9, 4 / 9)},
    "litigation_loss_rate": {"litigation_loss_rate": (1, 7, 1 / 7)},
    "dispute_conversion": {"dispute_conversion": (15, 100, 0.15)},
    "fee_burden": {"fee_burden": (2, 100, 0.02)},
    "norm_turnover": {"norm_turnover": (5, 50, 0.1)},
    "received_per_100k": {"received_per_100k": (100, 1_000_000, 10.0)},
    "decisions_per_10k": {
        "licensing": (200, 1_000_000, 2.0),
        "penalties": (50, 1_000_000, 0.5),
        "coercion": (3, 1_000_000, 0.03),
    },
}
LATER = {  # the year before: 80 received, 8 reviews decided, 40 documents in force
    "growth": (100, 80, 0.25),
    "escalation_rate_lag1": (4, 8, 0.5),
    "norm_repeal_ratio": (2, 40, 0.05),
}
REPORTS = {
    "zero_report_share",
    "concentration",
    "arithmetic_pass_rate",
    "cross_year_pass_rate",
    "prose_agreement",
    "on_time_rate",
    "coverage",
}
LIST_OF_2014 = {"f2014_timeliness", "f2014_channel_shares", "f2014_staff_per_1000"}
"""Tested beside their form, in tests/align/test_statistics.py."""


def test_every_metric_is_tested() -> None:
    assert {m.name for m in registry()} == {*PLAIN, *LATER, *REPORTS, *LIST_OF_2014}


@pytest.mark.parametrize("name", PLAIN)
def test_values_worked_by_hand(make: Make, name: str) -> None:
    found = metric(make(), name, population=lambda _: 1_000_000)
    rows = {row.part: row for row in found.itertuples()}
    assert list(rows) == list(PLAIN[name])
    for part, (above, below, value) in PLAIN[name].items():
        assert rows[part].numerator == above
        assert pd.isna(rows[part].denominator) if below is None else rows[part].denominator == below
        assert rows[part].value == pytest.approx(value)


@pytest.mark.parametrize("name", LATER)
def test_a_year_against_the_one_before(make: Make, name: str) -> None:
    from tests.analysis.conftest import EXAMPLE

    earlier = {**EXAMPLE, "received/total": 80, "review/pending": 2, "normative_documents/in_force": 40}
    facts = pd.concat([make(), make(earlier, year=2022)], ignore_index=True)
    found = metric(facts, name).set_index("year")
    above, below, value = LATER[name]
    assert (found.numerator[2023], found.denominator[2023]) == (above, below)
    assert found.value[2023] == pytest.approx(value)
    assert pd.isna(found.value[2022])
    assert found.excluded[2022] == "no report of the year before (1)"


def test_only_bodies_with_both_years_grow(make: Make) -> None:
    facts = pd.concat(
        [make(), make({"received/total": 80}, year=2022), make({"received/total": 999}, agency="乙县")]
    )
    found = metric(facts, "growth", ["year"]).set_index("year").loc[2023]
    assert (found.numerator, found.denominator, found.n_reports, found.n_excluded) == (100, 80, 1, 1)


def test_units_without_applications(make: Make) -> None:
    facts = pd.concat(
        [make({}, agency="甲"), make(agency="乙"), make({}, agency="丙"), make({"received/total": "blank"})]
    )
    row = metric(facts, "zero_report_share", ["year"]).iloc[0]
    assert (row.numerator, row.denominator, row.n_excluded) == (2, 3, 1)
    assert row.excluded == "received/total is blank (1)"


def test_concentration_of_single_bodies(make: Make) -> None:
    numbers = {"甲": 60, "乙": 30, "丙": 10, "丁": 0, "戊": 0, "己": 0}
    frames = [make({"received/total": n}, agency=a) for a, n in numbers.items()]
    facts = pd.concat([*frames, make({"received/total": 100}, agency="市", scope="summary")])
    found = metric(facts, "concentration", ["year"])
    body = found[found.scope == "body"].set_index("part")
    assert body.value["top1"] == pytest.approx(0.6)
    assert body.value["top5"] == pytest.approx(1.0)
    # Gini: mean difference of all pairs over twice the mean
    pairs = sum(abs(a - b) for a in numbers.values() for b in numbers.values())
    assert body.value["gini"] == pytest.approx(pairs / (2 * 6 * 6 * (100 / 6)))
    assert found[found.scope == "summary"].value.isna().all()
    unsaid = metric(facts.assign(scope=pd.NA), "concentration", ["year"])
    assert unsaid.numerator[0] == 100 and unsaid.denominator[0] == 200
    assert unsaid.attrs["warnings"][0]["name"] == "unknown_scope"


def test_sums_that_hold(make: Make) -> None:
    from tests.analysis.conftest import EXAMPLE

    good = metric(make(), "arithmetic_pass_rate").set_index("part")
    assert good.value["D-SUM"] == 1.0 and good.denominator["D-SUM"] == 3
    bad = metric(make({**EXAMPLE, "review/total": 11}), "arithmetic_pass_rate").set_index("part")
    assert (bad.numerator["D-SUM"], bad.denominator["D-SUM"]) == (2, 3)
    assert bad.numerator["arithmetic_pass_rate"] == good.numerator["arithmetic_pass_rate"] - 1


def test_rules_between_years(make: Make) -> None:
    from tests.analysis.conftest import EXAMPLE

    # carried out 20 -> carried in 20 holds; 40 in force + 5 - 2 is not 50.
    earlier = {**EXAMPLE, "normative_documents/in_force": 40}
    found = metric(pd.concat([make(), make(earlier, year=2022)]), "cross_year_pass_rate")
    later = found[found.year == 2023].set_index("part")
    assert (later.numerator["X-STOCK"], later.denominator["X-STOCK"]) == (1, 2)  # rules hold: all 0
    assert later.value["X-CARRY"] == 1.0
    first = found[(found.year == 2022) & (found.part == "cross_year_pass_rate")].iloc[0]
    assert first.denominator == 0 and pd.isna(first.value)


@pytest.mark.parametrize(
    ("scope", "year", "published", "expected"),
    [
        ("body", 2023, "2024-01-31", True),
        ("body", 2023, "2024-02-01", False),
        ("summary", 2023, "2024-03-31T09:00:00", True),
        ("summary", 2023, "2024-04-01", False),
        ("body", 2018, "2019-03-31", True),
        (None, 2017, "2018-04-01", False),
        (None, 2023, "2024-01-02", "the scope is not known"),
        ("body", 2023, None, "the date of publication is not known"),
        ("body", 2023, "2024年1月", "the date of publication is no date"),
        ("body", 2023, "2023-06-01", "published before its year was over"),
    ],
)
def test_on_time(make: Make, scope: str, year: int, published: str, expected: Any) -> None:
    form = "f2021" if year >= 2021 else "f2019"
    row = metric(make(scope=scope, year=year, published_on=published, form=form), "on_time_rate").iloc[0]
    if isinstance(expected, bool):
        assert (row.numerator, row.denominator) == (int(expected), 1)
    else:
        assert row.denominator == 0 and row.excluded == f"{expected} (1)"


def test_on_time_needs_dates(make: Make) -> None:
    with pytest.raises(gx.UnknownField, match="published_on"):
        metric(make(), "on_time_rate")


def test_coverage_counts_bodies_without_any_report(make: Make) -> None:
    due = pd.DataFrame({"agency": ["甲县", "乙县", "丙县", "甲县"], "year": [2023, 2023, 2022, 2022]})
    found = metric(make(), "coverage", ["year"], expected=due).set_index("year")
    assert found.value.to_dict() == {2022: 0.0, 2023: 0.5}
    assert found.denominator.tolist() == [2, 2]
    assert found.excluded[2022] == "no report found (2)"
    assert found.low.isna().all()
    with pytest.raises(gx.GxError, match="which reports are due"):
        metric(make(), "coverage", ["year"])


def test_metrics_lists_them_all() -> None:
    listed = metrics()
    assert listed["name"].is_unique and listed["id"].is_unique
    assert listed[["zh", "en", "formula", "forms"]].notna().all(axis=None)
    said = listed.set_index("name").loc["disclosure_rate"]
    assert "outcome" in said.formula.lower() or "T3.3" in said.formula
    assert said.of_zh and said.of_en and said.forms == "f2021 f2019"
