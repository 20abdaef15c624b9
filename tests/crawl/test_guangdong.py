"""Guangdong: plain lists, and the catalogue whose columns and site are learned from its page."""

from __future__ import annotations

import json

import pytest

from gxstats.crawl.page import Ask, Found, Lost, Page
from gxstats.crawl.platforms import platform, recognise
from gxstats.crawl.sources import Source
from tests.crawl.sites import guangdong, made_reports
from tests.crawl.walk import ROOT, body_of, walk

REPORTS = made_reports.some(9)
FIRST = f"{ROOT}{guangdong.API}?page=1&sid={guangdong.SITE_ID}"


def listed(page: Page, start: str = guangdong.CATALOGUE, **params: str) -> list[Ask | Found | Lost]:
    source = Source("s", "guangdong", ROOT + start, params=params)
    return list(platform("guangdong").list_reports(page, source))


@pytest.mark.parametrize("paging", ["links", "counter"])
def test_every_page_is_reached(paging: str) -> None:
    walked = walk("guangdong", guangdong.paths(REPORTS, paging=paging), guangdong.LIST)
    assert walked.asked == [guangdong.LIST, *(f"{guangdong.LIST}index_{n}.html" for n in (2, 3))]
    found = {path: (f.title, f.published_on) for path, f in walked.found.items()}
    assert found == {guangdong.address(i): (t, f"{y + 1}-01-20") for i, (t, y, _) in enumerate(REPORTS)}
    assert (walked.lost, walked.missing) == ([], [])


def test_from_a_report_to_the_folder_of_its_list() -> None:
    start = guangdong.address(2)
    walked = walk("guangdong", guangdong.paths(REPORTS), start)
    assert walked.asked[:2] == [start, guangdong.LIST]
    assert len(walked.found) == len(REPORTS)


def test_the_catalogue_names_its_site_and_column() -> None:
    page = Page(ROOT + guangdong.CATALOGUE, guangdong.shell().encode())
    assert [finding.url for finding in listed(page) if isinstance(finding, Ask)] == [FIRST]


def test_the_column_may_stand_behind_the_address() -> None:
    page = Page(ROOT + guangdong.CATALOGUE, guangdong.shell(tree=False).encode())
    (ask,) = listed(page, guangdong.CATALOGUE + "#77")
    assert isinstance(ask, Ask)
    assert ask.url == f"{ROOT}/qynyncj/gkmlpt/api/all/77?page=1&sid={guangdong.SITE_ID}"


@pytest.mark.parametrize(("sid", "tree", "what"), [(None, True, "SID"), ("1", False, "TREE")])
def test_what_the_catalogue_does_not_tell_is_an_alarm(sid: str | None, tree: bool, what: str) -> None:
    page = Page(ROOT + guangdong.CATALOGUE, guangdong.shell(sid=sid, tree=tree).encode())
    (lost,) = listed(page)
    assert isinstance(lost, Lost)
    assert what in lost.what
    assert lost.hint == "put column= and sid= into the params"
    (ask,) = listed(page, column="2629", sid=guangdong.SITE_ID)
    assert ask == Ask(FIRST, "column of the catalogue")


def test_a_report_of_the_catalogue_leads_to_its_annual_reports() -> None:
    start = guangdong.address(0, catalogue=True)
    found, ask = listed(Page(ROOT + start, REPORTS[0][2]), start)
    assert isinstance(found, Found)
    assert found.title == REPORTS[0][0]
    assert ask == Ask(ROOT + guangdong.CATALOGUE, "annual reports of the catalogue")


def test_the_answer_tells_titles_days_and_how_many_pages_there_are() -> None:
    told = {
        "articles": [
            {
                "title": "某局2023年政府信息公开工作年度报告",
                "url": "/x/gkmlpt/content/1/1/post_1.html",
                "date": 1705708800,
            },
            {"title": "没有地址"},
        ],
        "classify": {"post_count": 5},
    }
    found, lost, *asks = listed(Page(FIRST, json.dumps(told).encode()))
    assert found == Found(
        f"{ROOT}/x/gkmlpt/content/1/1/post_1.html", "某局2023年政府信息公开工作年度报告", "2024-01-20"
    )
    assert isinstance(lost, Lost)
    assert [ask.url.partition("?")[2] for ask in asks if isinstance(ask, Ask)] == [
        f"page={n}&sid={guangdong.SITE_ID}" for n in (2, 3)
    ]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"articles": []}', b'{"articles": 3}', b"[" * 99999]
)
def test_an_answer_without_articles_is_an_alarm(body: bytes) -> None:
    (lost,) = listed(Page(FIRST, body))
    assert lost == Lost("the catalogue answers without articles", "look at the column in a browser")


def test_recognised_by_addresses() -> None:
    made = guangdong.paths(REPORTS)
    assert recognise(Page(ROOT + guangdong.LIST, body_of(made[guangdong.LIST])))[0][0] == "guangdong"
    assert recognise(Page(ROOT + guangdong.CATALOGUE, b"<p>x</p>"))[0] == ("guangdong", 98)
