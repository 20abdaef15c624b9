"""One figure over time: joined, joined with a warning, or refused."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

import gxstats as gx
from gxstats.dataset import frame


@pytest.fixture(scope="module")
def published() -> gx.Reports:
    return gx.load_published()


@pytest.fixture(scope="module")
def pingtan(published: gx.Reports) -> gx.Reports:
    return published[:7]


@pytest.fixture(scope="module")
def shanghai_office(published: gx.Reports) -> gx.Reports:
    return gx.Reports(tuple(r for r in published if str(r.meta["source"]).startswith("shanghai-office")))


def of_2014(**values: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Facts and reports: Pingtan in 2018 on the form of 2014, made up, and 2019 as published."""
    published = gx.load_published()[:1]
    count = len(values)
    facts = frame(
        "facts",
        {
            "document_id": ["a.1"] * count,
            "section": ["statistics"] * count,
            "item": list(values),
            "measure": ["value"] * count,
            "form": ["f2014"] * count,
            "value": list(values.values()),
            "state": ["reported"] * count,
            "verdict": ["confirmed"] * count,
            "sums": ["untested"] * count,
            "reader": ["made up"] * count,
        },
    )
    who = {"document_id": ["a.1"], "agency": ["平潭综合实验区管委会"], "year": [2018], "sha256": ["0" * 64]}
    reports = frame("reports", {**who, "media_type": ["text/plain"], "scope": ["summary"]})
    return pd.concat([facts, published.facts]), pd.concat([reports, published.reports])


def test_what_is_the_same_in_both_forms_is_joined(pingtan: gx.Reports) -> None:
    table = gx.series(pingtan, "received")
    assert table.year.tolist() == [2019, 2020, 2021, 2022, 2023, 2024, 2025]
    assert table.value.tolist() == [23, 21, 70, 74, 81, 218, 154]
    assert table.form.tolist() == ["f2019"] * 2 + ["f2021"] * 5
    assert table.relation.eq("same").all()
    assert table.warning.isna().all()
    assert table.attrs["warnings"] == []
    assert [b["year"] for b in table.attrs["breaks"]] == [2021]


def test_groups_are_joined_row_by_row(pingtan: gx.Reports) -> None:
    table = gx.series(pingtan, "refused")
    assert table.value.tolist() == [0, 0, 8, 4, 5, 39, 11]
    assert table.relation.eq("same").all()


def test_what_is_near_is_joined_with_a_warning(pingtan: gx.Reports) -> None:
    with pytest.warns(gx.UsageWarning, match="near"):
        table = gx.series(pingtan, "other", lang="en")
    assert table.value.tolist() == [0, 4, 1, 4, 2, 3, 11]
    assert table.relation.tolist() == ["near"] * 2 + ["same"] * 5
    assert table.warning[0].startswith("the 2019 form has one undivided row")
    assert pd.isna(table.warning[2])


def test_disclosed_total_and_in_force_are_never_joined(shanghai_office: gx.Reports) -> None:
    for field in ("rules/disclosed_total", "rules/in_force", "normative_documents/disclosed_total"):
        with pytest.raises(gx.NotComparable, match="in force") as error:
            gx.series(shanghai_office, field)
        assert "现行有效" in str(error.value)
        assert isinstance(error.value, gx.GxError)
        assert isinstance(error.value, ValueError)
    assert gx.series(shanghai_office, "rules/in_force", forms=["f2021"]).value.tolist() == [235]
    assert gx.series(shanghai_office, "rules/disclosed_total", forms=["f2019"]).value.tolist() == [524]


def test_fees_of_2019_and_2021_are_never_joined(shanghai_office: gx.Reports) -> None:
    with pytest.raises(gx.NotComparable):
        gx.series(shanghai_office, "fees")
    table = gx.series(shanghai_office, "fees", forms=["f2021"])
    assert table.value.tolist() == [Decimal(0)]


def test_decisions_are_near(shanghai_office: gx.Reports) -> None:
    with pytest.warns(gx.UsageWarning):
        table = gx.series(shanghai_office, "licensing")
    assert table.relation.tolist() == ["near", "same"]


def test_proved_figures_are_used_and_counted(shanghai_office: gx.Reports) -> None:
    table = gx.series(shanghai_office, "refused", warn=False)
    assert table.value.tolist() == [35, 20]
    assert table.implied.tolist() == [8, 0]


def test_a_report_without_the_table_has_no_figure_and_no_zero(pingtan: gx.Reports) -> None:
    table = gx.series(pingtan, "fees")
    assert table.value.isna().tolist() == [True, True, False, False, False, False, True]
    assert table.missing.tolist() == [1, 1, 0, 0, 0, 0, 1]
    assert table.value[2] == Decimal("24252.311082")


def test_a_figure_of_2014_is_near(recwarn: pytest.WarningsRecorder) -> None:
    facts, reports = of_2014(received=40)
    table = gx.series(facts, "received", reports=reports, lang="en")
    assert table[["year", "value", "form", "relation"]].values.tolist() == [
        [2018, 40, "f2014", "near"],
        [2019, 23, "f2019", "same"],
    ]
    assert "channel" in table.warning[0]
    assert len(recwarn) == 1
    assert [b["year"] for b in table.attrs["breaks"]] == [2019]


def test_sums_of_2014_stand_for_one_row_of_2019() -> None:
    parts = {"replied.already_public": 7, "replied.granted": 11}
    facts, reports = of_2014(**parts)
    assert gx.series(facts, "granted", reports=reports, warn=False).value.tolist()[0] == 18
    facts, reports = of_2014(**{"replied.granted": 11})
    assert gx.series(facts, "granted", reports=reports, warn=False).value.isna().tolist() == [True, False]


def test_refusals_across_2019_come_with_and_without_administrative_inquiries() -> None:
    facts, reports = of_2014(**{"replied.refused": 9})
    inquiry = (facts.item == "refused.administrative_inquiry") & (facts.measure == "total")
    facts = facts.assign(value=facts.value.mask(inquiry, 5))
    table = gx.series(facts, "refused", reports=reports, warn=False)
    assert table.attrs["without"] == "refused.administrative_inquiry"
    assert table.value.tolist() == [9, 5]
    assert table.without.isna().tolist() == [True, False]
    assert table.without[1] == 0


@pytest.mark.parametrize(
    "field", ["carried_in", "received/natural_person", "not_processed", "disputes/review/pending"]
)
def test_what_2014_did_not_count_is_refused(field: str) -> None:
    facts, reports = of_2014(received=40)
    with pytest.raises(gx.NotComparable, match="2019"):
        gx.series(facts, field, reports=reports)


def test_channels_end_with_2018() -> None:
    facts, reports = of_2014(**{"received.online": 12})
    with pytest.raises(gx.NotComparable, match="no longer counted since 2019"):
        gx.series(facts, "received.online", reports=reports)
    assert gx.series(facts, "received.online", reports=reports, forms=["f2014"]).value.tolist() == [12]


def test_a_summary_is_never_added_to_bodies(published: gx.Reports) -> None:
    with pytest.raises(gx.NotComparable, match="a summary and reports of single bodies"):
        gx.series(published, "received")


def test_a_summary_is_never_added_to_one_it_covers(published: gx.Reports) -> None:
    summaries = gx.Reports(tuple(r for r in published if r.meta["scope"] == "summary"))
    with pytest.raises(gx.NotComparable, match="320800 > 320813"):
        gx.series(summaries, "received")


def test_one_report_is_never_counted_twice(pingtan: gx.Reports) -> None:
    again = gx.Report({**pingtan[0].meta, "document_id": "b.1"}, pingtan[0].fact_rows)
    facts = pd.concat([pingtan.facts, again.facts.assign(document_id="b.1")])
    reports = pd.concat([pingtan.reports, again.summary])
    with pytest.raises(gx.NotComparable, match="twice"):
        gx.series(facts, "received", reports=reports)
    current = reports.assign(is_current=pd.array(reports.document_id != "b.1", dtype="boolean"))
    with pytest.warns(gx.UsageWarning, match="superseded: 1"):
        assert gx.series(facts, "received", reports=current).value.tolist()[0] == 23


def test_rows_by_more_than_the_year(published: gx.Reports) -> None:
    table = gx.series(published, "review", by=["agency", "year"], warn=False)
    suqian = table[table.agency == "宿迁市人民政府"]
    assert suqian.value.tolist() == [440, 170]
    # The form of this table is not known, but its cells are the same in both.
    hongze = table[table.agency == "淮安市洪泽区人民政府"].iloc[0]
    assert (hongze.value, hongze.relation) == (2, "same")
    received = gx.series(published, "received", by=["agency", "year"], warn=False).set_index(
        ["agency", "year"]
    )
    assert received.value["淮安市洪泽区人民政府", 2024] == 95


def test_adding_up_different_numbers_of_reports_is_a_hazard(published: gx.Reports) -> None:
    chosen = gx.Reports(
        tuple(r for r in published if r.meta["agency"] in ("宿迁市人民政府", "平潭综合实验区管委会"))
    )
    with pytest.warns(gx.UsageWarning, match="uneven"):
        table = gx.series(chosen, "received")
    assert table.set_index("year").value[2024] == 218 + 3525
    assert table.set_index("year").reports.to_dict()[2023] == 2


def test_sums_and_named_forms_and_tuples(pingtan: gx.Reports) -> None:
    both = gx.series(pingtan, "litigation_direct+litigation_after_review").value.tolist()
    direct = gx.series(pingtan, ("disputes", "litigation_direct", "total")).value.tolist()
    after = gx.series(pingtan, ("f2019", "disputes", "litigation_after_review", "total")).value.tolist()
    assert both == [a + b for a, b in zip(direct, after, strict=True)]
    assert sum(both) > 0


@pytest.mark.parametrize(
    ("field", "said"),
    [("no_such", "no form has"), ("rules", "several columns"), ("rules/total", "has no 'total'")],
)
def test_a_field_that_does_not_exist_is_an_error(pingtan: gx.Reports, field: str, said: str) -> None:
    with pytest.raises(gx.UnknownField, match=said):
        gx.series(pingtan, field)
    with pytest.raises(gx.UnknownField, match="no column 'province'"):
        gx.series(pingtan, "received", by="province")
