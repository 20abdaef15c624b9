"""UCAP lists: list.shtml, list_2.shtml, pages named by digests."""

from __future__ import annotations

import pytest

from gxstats.crawl.page import Page
from gxstats.crawl.platforms import recognise
from tests.crawl.sites import made_reports, ucap
from tests.crawl.walk import ROOT, body_of, walk

REPORTS = made_reports.some(9)


def wanted(ids: str = "hash") -> dict[str, str]:
    return {ucap.address(i, year, ids): title for i, (title, year, _) in enumerate(REPORTS)}


@pytest.mark.parametrize("paging", ["call", "links", "counter"])
@pytest.mark.parametrize("ids", ["hash", "c01"])
def test_every_page_is_reached(paging: str, ids: str) -> None:
    made = ucap.paths(REPORTS, paging=paging, ids=ids, charset="gb18030")
    walked = walk("ucap", made, ucap.LIST)
    stem = ucap.LIST.removesuffix(".shtml")
    assert walked.asked == [ucap.LIST, f"{stem}_2.shtml", f"{stem}_3.shtml"]
    assert {path: f.title for path, f in walked.found.items()} == wanted(ids)
    assert {f.published_on for f in walked.found.values()} == {f"{y}-01-20" for y in range(2020, 2026)}
    assert (walked.lost, walked.missing) == ([], [])


def test_columns_named_by_a_year_are_followed_though_they_lie_elsewhere() -> None:
    walked = walk("ucap", ucap.paths(REPORTS, year_columns=True), ucap.LIST)
    assert {path: f.title for path, f in walked.found.items()} == wanted()
    assert "/xxgk/c201900/list.shtml" in walked.asked


def test_from_a_report_to_its_column() -> None:
    made = ucap.paths(REPORTS)
    start = ucap.address(0, 2019)
    where = '<div class="crumb"><a href="/">首页</a>&gt;<a href="../list.shtml">政府信息公开年报</a></div>'
    walked = walk("ucap", {**made, start: where.encode() + REPORTS[0][2]}, start)
    assert {path: f.title for path, f in walked.found.items()} == wanted()


def test_a_report_that_names_no_column_is_found_and_an_alarm() -> None:
    start = ucap.address(0, 2019)
    walked = walk("ucap", {start: REPORTS[0][2]}, start)
    assert list(walked.found) == [start]
    assert [lost.what for lost in walked.lost] == [
        "the page does not name the column of annual reports it stands in"
    ]


def test_recognised_by_its_articles() -> None:
    page = Page(ROOT + ucap.LIST, body_of(ucap.paths(REPORTS)[ucap.LIST]))
    assert recognise(page)[0][0] == "ucap"
    assert recognise(Page(ROOT + ucap.address(0, 2019, "c01"), b"<p>x</p>"))[0] == ("ucap", 95)
