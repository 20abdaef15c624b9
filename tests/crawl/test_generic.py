"""Lists of no known system, and what must hold for all lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxstats.crawl.page import Page
from gxstats.crawl.platforms import platform, platforms, recognise
from gxstats.crawl.sources import Source
from tests.crawl.sites import made_reports, plain
from tests.crawl.walk import ROOT, walk

REPORTS = made_reports.some(11)


def test_every_page_is_reached_and_only_reports_are_found() -> None:
    walked = walk("generic", plain.paths(REPORTS, charset="gb18030"), plain.LIST)
    assert walked.asked == [plain.LIST, f"{plain.LIST}?page=2", f"{plain.LIST}?page=3"]
    found = {path: (f.title, f.published_on) for path, f in walked.found.items()}
    assert found == {f"/show-{i}.html": (t, f"{y + 1}-01-20") for i, (t, y, _) in enumerate(REPORTS)}
    assert walked.lost == []


def test_a_folder_that_serves_a_report_is_one() -> None:
    made = {
        "/zfxxgknb/": '<title>政府信息公开年报</title><a href="2020n/">2020年</a><a href="2021n/">2021年</a>',
        "/zfxxgknb/2020n/": REPORTS[1][2],
        "/zfxxgknb/2021n/": REPORTS[2][2],
    }
    walked = walk("generic", made, "/zfxxgknb/")
    assert {p: f.title for p, f in walked.found.items()} == {
        "/zfxxgknb/2020n/": REPORTS[1][0],
        "/zfxxgknb/2021n/": REPORTS[2][0],
    }


def test_pages_that_are_only_counted_are_an_alarm() -> None:
    body = "<title>年报</title><a href='1.html'>某局2023年政府信息公开工作年度报告</a> 共 3 页"
    walked = walk("generic", {"/l.html": body}, "/l.html")
    assert [lost.what for lost in walked.lost] == ["the list says it has 3 pages, but links to none"]


def test_the_next_article_is_no_next_page() -> None:
    body = "<a href='1.html'>某局2023年政府信息公开工作年度报告</a><a href='2.html'>下一篇</a>"
    assert walk("generic", {"/l.html": body}, "/l.html").asked == ["/l.html"]


def test_pages_of_other_hosts_are_not_asked_for() -> None:
    body = """<title>政府信息公开年报</title><a href="http://www.b.gov.cn/l_2.html">下一页</a>
        <a href="http://www.b.gov.cn/nb/">政府信息公开年报</a>"""
    assert walk("generic", {"/l.html": body}, "/l.html").asked == ["/l.html"]


def test_recognised_as_a_last_resort() -> None:
    body = "<a href='1.html'>某局2023年政府信息公开工作年度报告</a>".encode()
    assert recognise(Page(f"{ROOT}/l.html", body)) == [("generic", 10)]
    assert recognise(Page(f"{ROOT}/l.html", b"<p>x</p>")) == []


@pytest.mark.parametrize("name", ["trs", "ucap", "guangdong", "generic"])
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda t: f"<a href='{t}'>{t}</a>".encode()))
def test_no_page_breaks_a_platform(name: str, body: bytes) -> None:
    page = Page(f"{ROOT}/gknb/", body)
    assert 0 <= platform(name).sniff(page) <= 100
    assert list(platform(name).list_reports(page, Source("s", name, f"{ROOT}/gknb/")))


def test_every_platform_calls_itself_by_its_name() -> None:
    assert all(found.name == name for name, found in platforms().items())
