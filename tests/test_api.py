"""Reading through the public names: one report, many, their frames and their lookups."""

from __future__ import annotations

import copy
import hashlib
import pickle
from decimal import Decimal
from pathlib import Path

import pytest

import gxstats as gx
from gxstats.testing.docx import render_docx
from gxstats.testing.html import render_html
from gxstats.testing.text import render_text
from tests.pages import a_spec, codes, distinct_values

SPEC = a_spec(agency="某区司法局", year=2023)
PAGE = render_html(SPEC)
VALUES = distinct_values()


@pytest.fixture(scope="module")
def report() -> gx.Report:
    return gx.read_report(PAGE, url="http://www.example.gov.cn/1.html", fetched_at="2025-01-02T03:04:05Z")


def test_what_a_report_says_of_itself(report: gx.Report) -> None:
    sha256 = hashlib.sha256(PAGE).hexdigest()
    assert report.document_id == f"{sha256[:16]}.1"
    said = {
        "document_id": report.document_id,
        "source": None,
        "title": "某区司法局2023年政府信息公开工作年度报告",
        "agency": "某区司法局",
        "year": 2023,
        "forms": "disclosure=f2021 applications=f2021 disputes=f2021",
        "url": "http://www.example.gov.cn/1.html",
        "sha256": sha256,
        "fetched_at": "2025-01-02T03:04:05Z",
        "media_type": "text/html",
    }
    assert {name: report.meta[name] for name in said} == said


def test_one_fact(report: gx.Report) -> None:
    fact = report.fact("applications", "granted", "natural_person")
    assert fact is not None
    assert (fact.value, fact.amount, fact.unit, fact.implied) == (
        VALUES["applications", "granted", "natural_person"],
        None,
        None,
        None,
    )
    assert (fact.form, fact.state, fact.verdict, fact.sums) == ("f2021", "reported", "confirmed", "pass")
    assert fact.raw == str(fact.value)
    assert fact.at.ref is not None
    fees = report.fact("disclosure", "fees", "amount_10k_cny")
    assert fees is not None
    assert (fees.value, fees.amount, fees.unit) == (None, Decimal(10), "万元")
    assert report.fact("applications", "granted", "nobody") is None
    assert report.fact("applications", "other", "total") is None


def test_frames(report: gx.Report) -> None:
    facts = report.facts
    assert len(facts) == 200
    row = facts[(facts.item == "received") & (facts.measure == "total")].iloc[0]
    assert (row.document_id, row.value, row.verdict) == (
        report.document_id,
        VALUES["applications", "received", "total"],
        "confirmed",
    )
    assert report.checks.shape[0] == 7 + 7 + 25 + 3
    assert (report.checks.difference == 0).all()
    assert report.checks.operands.str.count("/").tolist() == report.checks.known.tolist()
    assert report.issues.empty
    assert report.unmatched_rows.empty
    assert report.summary.year.tolist() == [2023]
    assert {"overview", "problems"} <= set(report.prose.section)
    assert report.facts is report.facts


@pytest.mark.parametrize("source", ["path", "text", "bytes"])
def test_a_path_a_text_or_bytes(tmp_path: Path, source: str) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(PAGE)
    found = gx.read_report({"path": path, "text": str(path), "bytes": PAGE}[source])
    assert len(found.facts) == 200
    assert found.meta["source"] == (None if source == "bytes" else str(path))


def test_reading_is_a_function_of_the_bytes() -> None:
    first, second = gx.read_report(PAGE), gx.read_report(PAGE)
    assert first == second
    assert first.facts.equals(second.facts)
    assert first.checks.equals(second.checks)


def test_formats_agree() -> None:
    facts = [
        {f.key: (f.value, f.amount, f.state) for f in gx.read_report(content).fact_rows}
        for content in (PAGE, render_docx(SPEC), render_text(SPEC, "pipes"))
    ]
    assert facts[0] == facts[1] == facts[2]


def test_many_reports_are_stacked(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "b.docx").write_bytes(render_docx(a_spec("f2019", agency="某镇", year=2020)))
    reports = gx.read_reports([tmp_path, PAGE], progress=False)
    assert len(reports) == 3
    assert reports.facts.groupby("document_id", sort=False).size().tolist() == [200 + 200, 198]
    assert reports.reports.agency.tolist() == ["某区司法局", "某镇", "某区司法局"]
    assert reports.reports.year.tolist() == [2023, 2020, 2023]
    assert isinstance(reports[:2], gx.Reports)
    assert [r.meta["year"] for r in reports[:2]] == [2023, 2020]
    assert reports[-1].meta["source"] is None
    assert len(reports.checks) == 42 + 40 + 42
    assert reports.facts.index.is_unique


def test_tidy_joins_facts_and_reports(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "b.html").write_bytes(render_html(a_spec("f2019", agency="某镇", year=2020)))
    with pytest.warns(gx.UsageWarning, match="aggregation"):
        tidy = gx.read_reports(tmp_path, progress=False).tidy()
    assert len(tidy) == 398
    assert tidy.groupby("agency").size().to_dict() == {"某区司法局": 200, "某镇": 198}
    assert tidy.value.dtype == "Int64"
    one = tidy[(tidy.agency == "某镇") & (tidy.item == "other") & (tidy.measure == "total")]
    assert one.value.tolist() == [distinct_values("f2019")["applications", "other", "total"]]
    assert one.year.tolist() == [2020]
    assert one.form.tolist() == ["f2019"]


def test_no_reports_have_frames_all_the_same() -> None:
    reports = gx.read_reports([], progress=False)
    assert list(reports) == []
    assert len(reports.facts) == len(reports.checks) == len(reports.issues) == len(reports.reports) == 0
    assert list(reports.facts.columns)[:4] == ["document_id", "section", "item", "measure"]
    assert reports.tidy().empty


def test_hints() -> None:
    bare = gx.read_report("一、总体情况".encode(), hints={"year": 2021, "agency": "某镇"})
    assert (bare.meta["year"], bare.meta["agency"]) == (2021, "某镇")
    forced = gx.read_report(PAGE, hints={"media_type": "text/plain"})
    assert forced.meta["media_type"] == "text/plain"
    with pytest.raises(TypeError, match="unknown hints: yaer"):
        gx.read_report(PAGE, hints={"yaer": 2021})


def test_an_unknown_media_type_is_an_issue() -> None:
    report = gx.read_report(PAGE, hints={"media_type": "video/mp4"})
    assert report.facts.empty
    assert "unsupported_format" in codes(report)


def test_reports_travel_between_processes(report: gx.Report) -> None:
    assert pickle.loads(pickle.dumps(report)) == report
    assert copy.deepcopy(report) == report


def test_errors_travel_between_processes() -> None:
    error = gx.InputMissing("gone", hint="look", where="a.pdf")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.message, again.hint, again.where) == (gx.InputMissing, "gone", "look", "a.pdf")
    assert str(again) == "a.pdf: gone (look)"
    assert isinstance(again, gx.GxError)


def test_labels() -> None:
    assert gx.label("applications", "refused.state_secret") == "属于国家秘密"
    assert gx.label("applications", "refused.state_secret", "en") == "refused: state secret"
    assert gx.label("applications", "other", form="f2019") == "其他处理"
    assert gx.label("disclosure", "normative_documents", form="f2019") == "规范性文件"
    assert gx.label("disclosure", "normative_documents") == "行政规范性文件"
    assert gx.label("disputes", "total") == "总计"
    with pytest.raises(LookupError):
        gx.label("disputes", "total", form="f1999")


def test_the_public_names() -> None:
    for name in gx.__all__:
        assert getattr(gx, name) is not None, name
    assert {f.form for f in gx.forms()} == {"f2021", "f2019", "f2014"}
    assert gx.form("f2019").instrument == "国办公开办函〔2019〕60号"
