"""Coverage says of every report that is expected or at hand what became of it, and drops none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gxstats as gx
from gxstats.archive import Archive
from gxstats.crawl.crawled import missed
from gxstats.crawl.ledger import Address, RunLedger
from gxstats.crawl.page import Ask
from gxstats.dataset.documents import AtHand
from gxstats.dataset.expected import Expected, read_expected
from gxstats.dataset.store import ReleaseWriter, open_dataset
from gxstats.display.coverage_html import coverage_page
from gxstats.model import Issue
from gxstats.schema.due import due_date, last_year_due

DAY = date(2026, 5, 1)
FINANCE = "甲县财政局"
HOLDS, FAILS = 8, 1
"""Bundled reports of which all sums hold, and of which two fail."""
STATUSES = ["read", "late", "sums_fail", "no_table", "image_only", "unreadable", "untrusted", "missing"]


@pytest.fixture(scope="module")
def published() -> gx.Reports:
    return gx.load_published()


def named(
    report: gx.Report, number: int, year: int | None, agency: str | None = FINANCE, **meta: Any
) -> gx.Report:
    """A report under another name."""
    ids = {"document_id": f"{number:016x}.1", "sha256": f"{number:064x}", "agency": agency, "year": year}
    place = {"division_code": "320813", "division": None, "scope": "body"}
    return replace(report, meta={**report.meta, **ids, **place, **meta}, issue_rows=())


def bare(report: gx.Report, code: str | None = None) -> gx.Report:
    """The same without a table, and with an issue."""
    issues = (Issue("error", code, "because"),) if code else ()
    return replace(report, fact_rows=(), check_rows=(), issue_rows=issues)


def each_status(published: gx.Reports) -> gx.Reports:
    good, bad = published[HOLDS], published[FAILS]
    return gx.Reports(
        (
            named(good, 1, 2016, published_on="2017-03-31"),
            named(good, 2, 2017, published_on="2018-04-01"),
            named(bad, 3, 2018, published_on="2019-04-20"),
            bare(named(good, 4, 2019)),
            bare(named(good, 5, 2020), "image_only"),
            bare(named(good, 6, 2021), "damaged"),
            named(good, 7, 2022, trust="untrusted"),
        )
    )


def due(*years: int, **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"agency": FINANCE, "year": years} | columns)


def stored(reports: gx.Reports, folder: Path) -> gx.Dataset:
    with ReleaseWriter(folder) as release:
        for report in sorted(reports, key=lambda r: r.document_id):
            release.add(report)
        release.commit({})
    return open_dataset(folder, threads=1)


def test_every_report_has_one_status(published: gx.Reports) -> None:
    table = gx.coverage(each_status(published), due(*range(2016, 2024)), on=DAY)
    assert table.status.tolist() == STATUSES
    assert table.year.tolist() == list(range(2016, 2024))
    assert table.expected.all() and table.note.isna().all()
    # A failing sum hides neither that the report came late nor who is to blame.
    assert table.late.tolist() == [False, True, True, *[pd.NA] * 5]
    assert table.failing.tolist() == table.failing_publisher.tolist() == [0, 0, 2, *[0] * 5]
    assert table.tables.tolist() == [3, 3, 2, 0, 0, 0, 3, 0]
    assert table.attrs["counts"] == dict.fromkeys(STATUSES, 1)
    assert [table.attrs[name] for name in ("late", "unexpected", "unknown")] == [2, 0, 0]


def test_a_dataset_gives_the_same_as_its_reports(published: gx.Reports, tmp_path: Path) -> None:
    reports = gx.Reports((*each_status(published), *published[9:11], bare(named(published[0], 9, None))))
    wanted = gx.coverage(reports, due(2016, 2024), on=DAY)
    pd.testing.assert_frame_equal(gx.coverage(stored(reports, tmp_path), due(2016, 2024), on=DAY), wanted)
    assert str(wanted.year.dtype) == "Int64" and wanted.attrs["table"] == "coverage"


def test_reports_nobody_expects_are_listed(published: gx.Reports) -> None:
    good = published[HOLDS]
    reports = gx.Reports(
        (
            named(good, 1, 2020, "乙县教育局"),
            named(good, 2, 2021, None, title="某报告"),
            named(good, 3, None, title="无年份"),
            bare(named(good, 4, 2021, kind="interpretation")),
        )
    )
    table = gx.coverage(reports, due(2021), on=DAY)
    notes = dict(zip(table.document_id.fillna("-"), table.note.fillna(""), strict=True))
    assert notes == {
        "0000000000000001.1": "unexpected",
        "0000000000000002.1": "unknown identity; 某报告",
        "0000000000000003.1": "unknown identity; 无年份",
        # An interpretation of a report is no report: that one is still missing.
        "0000000000000004.1": "unexpected; this is no report: interpretation",
        "-": "",
    }
    assert table.status[table.document_id.isna()].tolist() == ["missing"]
    assert (table.attrs["unexpected"], table.attrs["unknown"]) == (2, 2)


def test_what_could_not_be_opened_is_listed(published: gx.Reports, tmp_path: Path) -> None:
    issue = Issue("error", "not_opened", "permission denied")
    lost = gx.Report({"document_id": None, "source": "a.pdf"}, issue_rows=(issue,))
    reports = gx.Reports((lost, named(published[HOLDS], 1, 2021)))
    for source in (reports, stored(reports, tmp_path)):
        table = gx.coverage(source, due(2021), on=DAY)
        assert table[["status", "note"]].fillna("").values.tolist() == [
            ["read", ""],
            ["unreadable", "unknown identity; a.pdf: permission denied"],
        ]


def test_of_several_files_the_current_trusted_one_counts(published: gx.Reports) -> None:
    good, bad = published[HOLDS], published[FAILS]
    same = {"report_id": "320813-finance-2021-body"}
    old = named(bad, 1, 2021, **same, fetched_at="2022-01-01T00:00:00Z")
    new = named(good, 2, 2021, **same, fetched_at="2023-01-01T00:00:00Z")
    copy = named(bad, 3, 2021, **same, trust="untrusted")
    [row] = gx.coverage(gx.Reports((copy, old, new)), due(2021), on=DAY).to_dict("records")
    assert (row["status"], row["document_id"]) == ("read", new.document_id)
    assert row["note"] == "also 1 superseded, 1 untrusted"
    # A wrapper page that was fetched last has no table; the file that has one is the report.
    page = bare(named(good, 4, 2021, **same, fetched_at="2024-01-01T00:00:00Z"))
    [row] = gx.coverage(gx.Reports((new, page)), due(2021), on=DAY).to_dict("records")
    assert (row["status"], row["document_id"]) == ("read", new.document_id)
    assert row["note"] == "also 1 other file; the current file gives no figures"


def test_a_table_of_which_no_cell_can_be_read_is_unreadable() -> None:
    meta = dict.fromkeys(("trust", "kind", "published_on", "year", "scope"))
    assert AtHand(meta, tables=0, found=1).status == "unreadable"
    assert AtHand(meta, tables=0, found=0).status == "no_table"
    assert AtHand(meta, 1, 1, codes=frozenset({("error", "image_only")})).status == "read"


@pytest.mark.parametrize(
    ("year", "scope", "published_on", "late"),
    [
        (2018, "body", "2019-03-31", False),
        (2018, "body", "2019-04-01", True),
        (2019, "body", "2020-01-31", False),
        (2019, "body", "2020-02-01", True),
        (2023, "summary", "2024-03-31", False),
        (2023, "summary", "2024-04-01", True),
        (2023, None, "2024-04-01", None),
        (2023, "body", "2023-06-01", None),  # the date of another page
        (2023, "body", "spring", None),
    ],
)
def test_late_is_by_article_49(year: int, scope: str | None, published_on: str, late: bool | None) -> None:
    meta = {"year": year, "scope": scope, "published_on": published_on}
    assert AtHand(meta).late is late


def test_years_are_expected_up_to_the_last_that_is_due(published: gx.Reports) -> None:
    sources = gx.sources("630000")
    named_ones = sources[sources.agency == "青海省邮政管理局"]
    assert len(named_ones) == 1
    first = int(named_ones.first_year.iloc[0])
    table = gx.coverage(published[:0], named_ones, on=date(2026, 1, 31))
    assert table.year.tolist() == [*range(first, 2025)]
    assert (table.agency_id.unique(), table.due_on.iloc[-1]) == (["postal"], "2025-01-31")
    assert gx.coverage(published[:0], named_ones, on=date(2026, 2, 1)).year.max() == 2025
    assert gx.coverage(published[:0], named_ones, years=[2023], on=DAY).year.tolist() == [2023]
    assert last_year_due(None, date(2026, 3, 31)) == 2024
    assert due_date(2019, None) is None


def test_a_list_of_many_bodies_expects_each_from_when_it_is_first_seen(published: gx.Reports) -> None:
    everybody = pd.DataFrame(
        {
            "source_id": ["a"],
            "division_code": ["320800"],
            "agency": ["*"],
            "list_url": ["-"],
            "first_year": [2021],
        }
    )
    reports = gx.Reports((named(published[HOLDS], 1, 2022), named(published[HOLDS], 2, 2024)))
    table = gx.coverage(reports, everybody, on=DAY)
    assert table[["agency", "year", "status"]].values.tolist() == [
        ["*", 2021, "missing"],
        [FINANCE, 2022, "read"],
        [FINANCE, 2023, "missing"],
        [FINANCE, 2024, "read"],
        [FINANCE, 2025, "missing"],
    ]
    assert table.source_id.eq("a").all() and table.expected.all()
    assert table.note[2] == "inferred: the list has its report on 2022"
    # What only an untrusted copy knows of is not expected of the publisher.
    untrusted = gx.Reports((named(published[HOLDS], 1, 2022, trust="untrusted"),))
    seen = gx.coverage(untrusted, everybody, on=DAY)
    assert sorted(seen.agency) == ["*"] * 4 + [FINANCE]
    assert seen.status[seen.agency == FINANCE].tolist() == ["untrusted"]


def test_the_registry_is_expected_by_default(published: gx.Reports) -> None:
    table = gx.coverage(published, years=[2024], on=DAY)
    at_hand = table[table.status != "missing"]
    assert len(at_hand) == 5
    shanghai = at_hand[at_hand.division_code == "310000"]
    assert shanghai[["source_id", "expected"]].values.tolist() == [["shanghai.gov.cn", True]]
    assert set(gx.sources().source_id) - set(table.source_id.dropna()) == set()


def test_a_list_of_expected_reports_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "expected.csv"
    path.write_text("﻿year,agency,division_code\n2024,洪泽区财政局,\n2024, 某局 ,\n", encoding="utf-8")
    assert read_expected(path) == (
        Expected(2024, "洪泽区财政局", "finance", "320813"),
        Expected(2024, "某局"),
    )
    assert Expected(2024, "", "government").usual_scope == "summary"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("agency\n甲\n", "a column is missing"),
        ("year\n2024\n", "a column is missing"),
        ("year,agency,colour\n", "no column is called 'colour'"),
        ("year,agency\n24,甲\n", "a year of four digits"),
        ("year,agency\n,甲\n", "a year is needed"),
        ("year,agency\n2024,\n", "a text is needed"),
        ("year,agency,scope\n2024,甲,all\n", "none of"),
        ("year,agency,division_code\n2024,甲,32\n", "a code of 6"),
        ("year,agency\n2024\n", "2 cells are needed"),
        ("year,agency\n2024,甲\n2024,甲\n", "occurs twice"),
    ],
)
def test_a_faulty_list_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "expected.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(gx.SchemaError, match=message) as caught:
        read_expected(path)
    assert str(path) in str(caught.value)
    with pytest.raises(gx.GxError, match="no such file"):
        read_expected(tmp_path / "nothing.csv")


def test_what_the_crawler_met_stands_beside_what_is_missing(published: gx.Reports, tmp_path: Path) -> None:
    with Archive(tmp_path) as archive, RunLedger(tmp_path) as runs:
        run, _ = runs.begin({"all": True})
        address = Address("a", "report", Ask("https://a.gov.cn/1", "first"), year=2021)
        runs.discover(run, address)
        runs.settle(run, address, "blocked", reason="status 412")
        runs.alarm(run, "a", "fewer", "1 reports about 2022, 2 last time")
        archive.add(b"x", url="https://a.gov.cn/2")
    assert [m.state for m in missed(tmp_path)] == ["blocked", "fewer"]
    table = gx.coverage(published[:0], due(2021, 2022, source_id="a"), archive=tmp_path, on=DAY)
    assert table.note.tolist() == [
        "crawler: blocked: status 412 (https://a.gov.cn/1)",
        "crawler: fewer: 1 reports about 2022, 2 last time",
    ]


def test_sources_that_the_shipped_registry_lacks_are_named(published: gx.Reports, tmp_path: Path) -> None:
    shipped = gx.sources().source_id.iloc[0]
    with Archive(tmp_path) as archive:
        archive.add(b"x", url="https://a.gov.cn/2", source_row="my_own")
        archive.add(b"y", url="https://a.gov.cn/3", source_row=shipped)
    table = gx.coverage(published[:1], archive=tmp_path, years=[2024], on=DAY)
    assert table.attrs["unlisted"] == ["my_own"]


def test_the_archive_says_which_list_led_to_a_report(published: gx.Reports, tmp_path: Path) -> None:
    everybody = pd.DataFrame(
        {"source_id": ["a"], "division_code": [""], "agency": ["*"], "list_url": ["-"], "first_year": [2024]}
    )
    with Archive(tmp_path) as archive:
        capture = archive.add(b"x", url="https://a.gov.cn/2", source_row="a")
    report = named(published[HOLDS], 1, 2024, sha256=capture.sha256)
    table = gx.coverage(gx.Reports((report,)), everybody, archive=tmp_path, years=[2024], on=DAY)
    assert table[["source_id", "status", "expected"]].values.tolist() == [["a", "read", True]]
    assert gx.coverage(gx.Reports((report,)), everybody, years=[2024], on=DAY).expected.tolist() == [
        False,
        True,
    ]


def test_the_figure_takes_the_table(published: gx.Reports) -> None:
    from matplotlib import pyplot

    pyplot.switch_backend("Agg")
    table = gx.coverage(each_status(published), due(*range(2016, 2024)), on=DAY)
    figure, axes = gx.plot.coverage(table, "en")
    signs = [text.get_text().split()[0] for text in axes.texts]
    assert signs[2:] == ["≠", "∅", "▣", "×", "?", "–"] and signs[1] == "✓"
    pyplot.close(figure)


def test_the_page_is_self_contained_and_escaped(published: gx.Reports) -> None:
    evil = '<script>alert("甲")</script>'
    reports = gx.Reports(
        (
            *each_status(published),
            named(published[HOLDS], 20, 2021, evil, url="javascript:alert(1)"),
            named(published[HOLDS], 21, None, evil, title=evil),
        )
    )
    page = coverage_page(gx.coverage(reports, due(*range(2016, 2024)), on=DAY))
    assert "<script" not in page and "javascript:" not in page
    assert "http://" not in page and "https://" not in page and "@import" not in page
    assert "prefers-color-scheme: dark" in page and 'lang="zh-Hans"' in page
    for sign in ("✓</td>", "✓L</td>", "≠L</td>", "∅</td>", "▣</td>", "×</td>", "?</td>", "–</td>", "✓+</td>"):
        assert sign in page, sign
    assert "应有 8 份，其中 7 份已有；另有 2 份" in page
    assert "8 expected, of which 7 are at hand; 2 more" in page
