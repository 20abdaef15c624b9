"""Which reports are computed with: one county under all its names, none from untrusted addresses."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.testing.forms import FormSpec
from gxstats.testing.html import render_html
from gxstats.testing.values import print_values, random_values

COUNTY, DISTRICT = "福建省三明市沙县人民政府", "福建省三明市沙县区人民政府"
NEIGHBOUR = "福建省三明市尤溪县人民政府"
pytestmark = pytest.mark.filterwarnings("ignore::gxstats.UsageWarning")


def report(agency: str, year: int, seed: int, *, form: str = "f2021", url: str | None = None) -> gx.Report:
    texts, _ = print_values(random_values(seed, form))
    return gx.read_report(render_html(FormSpec(form, values=texts, agency=agency, year=year)), url=url)


def received(one: gx.Report) -> int:
    fact = one.fact("applications", "received", "total")
    assert fact is not None
    assert fact.value is not None
    return fact.value


def test_a_renamed_county_is_one_chain_and_one_series() -> None:
    reports = gx.Reports((report(COUNTY, 2020, 1, form="f2019"), report(DISTRICT, 2021, 2)))
    assert reports.reports.division_code.tolist() == ["350427", "350405"]
    assert reports.reports.lineage.tolist() == ["350405", "350405"]
    carried = gx.check_across(reports).query("rule == 'X-CARRY' and year == 2021")
    assert len(carried) == 7
    assert set(carried.status) <= {"pass", "weak_pass", "fail"}
    joined = gx.series(reports, "received", by=["lineage", "year"])
    assert joined.lineage.unique().tolist() == ["350405"]
    assert joined.value.tolist() == [received(one) for one in reports]


def test_reports_from_untrusted_addresses_take_no_part_in_computations() -> None:
    good = report(DISTRICT, 2022, 3, url="http://www.fjsx.gov.cn/a.html")
    other = report(NEIGHBOUR, 2022, 5, url="http://www.fjyx.gov.cn.example.com/a.html")
    reports = gx.Reports((good, other))
    assert reports.reports.trust.tolist() == ["trusted", "untrusted"]
    assert reports.reports.is_current.tolist() == [True, False]
    counted = gx.metric(reports, "received", by=["year"])
    assert (counted.numerator.tolist(), counted.n_reports.tolist()) == ([received(good)], [1])
    assert [w["name"] for w in counted.attrs["warnings"]] == ["untrusted"]
    joined = gx.series(reports, "received")
    assert joined.value.tolist() == [received(good)]
    assert "untrusted" in [w["name"] for w in joined.attrs["warnings"]]
    assert "untrusted" in [w["name"] for w in reports.tidy().attrs["warnings"]]


def test_a_copy_from_an_untrusted_address_replaces_nothing() -> None:
    good = report(DISTRICT, 2022, 3, url="http://www.fjsx.gov.cn/a.html")
    copy = report(DISTRICT, 2022, 4, url="http://replayed.example.com/a.html")
    reports = gx.Reports((good, copy))
    assert reports.reports.report_id.nunique() == 1
    assert reports.reports.is_current.tolist() == [True, False]
    assert gx.metric(reports, "received").numerator.tolist() == [received(good)]


def test_reports_of_unknown_bodies_are_not_added_up() -> None:
    known = report(DISTRICT, 2022, 3)
    texts, _ = print_values(random_values(4))
    nameless = [
        gx.read_report(render_html(FormSpec(values=texts, title="政府信息公开工作年度报告", note=str(n))))
        for n in range(2)
    ]
    counted = gx.metric(gx.Reports((known, *nameless)), "received", by=["agency", "year"])
    assert counted.numerator.tolist() == [received(known)]
    assert "unidentified" in [w["name"] for w in counted.attrs["warnings"]]
