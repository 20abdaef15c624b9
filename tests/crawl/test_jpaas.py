"""The jpaas publishing server: what a page states, answers in JSON, and further pages."""

from __future__ import annotations

import pytest

from gxstats.crawl.page import Lost, Page
from gxstats.crawl.platforms import platform, recognise
from gxstats.crawl.sources import Source
from tests.crawl.asking import ROOT, hear
from tests.crawl.server import Asked
from tests.crawl.sites import jpaas, made_reports

REPORTS = made_reports.some(10)
WANTED = {jpaas.address(i, year): title for i, (title, year, _) in enumerate(REPORTS)}


@pytest.mark.parametrize("stated", ["querydata", "script", "address", "data"])
@pytest.mark.parametrize("name", ["jpaas", "hanweb"])
def test_the_unit_is_learned_from_the_page(stated: str, name: str) -> None:
    heard = hear(jpaas.site(REPORTS, stated=stated, menu=False), name, jpaas.LIST)
    assert (heard.chosen(), heard.lost, heard.missing) == (WANTED, [], [])
    assert len(heard.asked) == 1 + 3


@pytest.mark.parametrize("counted", ["attributes", "querydata", "data"])
def test_the_pages_are_as_many_as_the_answer_counts(counted: str) -> None:
    heard = hear(jpaas.site(REPORTS, counted=counted), "jpaas", jpaas.LIST)
    assert (heard.chosen(), heard.lost) == (WANTED, [])
    assert len(heard.asked) == 1 + 3  # the menu is a unit as well and is not asked for
    assert "pageNo%22%3A3%2C%22pageSize%22%3A4" in heard.asked[-1]


def test_more_pages_without_a_count_are_an_alarm() -> None:
    heard = hear(jpaas.site(REPORTS, counted="none"), "jpaas", jpaas.LIST)
    assert len(heard.chosen()) == 3
    assert heard.lost[0].what == "the list has more pages, but does not say how many"


def test_what_the_page_does_not_state_the_source_may() -> None:
    made = jpaas.site(REPORTS, leave_out=("pageId",))
    heard = hear(made, "jpaas", jpaas.LIST)
    assert heard.lost[0].what == "the page does not state pageId of its list"
    heard = hear(made, "jpaas", jpaas.LIST, pageId=jpaas.ASKED["pageId"])
    assert (heard.chosen(), heard.lost) == (WANTED, [])


def test_an_answer_that_refuses_is_an_alarm() -> None:
    heard = hear(jpaas.site(REPORTS), "jpaas", jpaas.LIST, webId="1")
    assert [lost.what for lost in heard.lost] == ["the publishing server answers: 模板不存在"]


def test_a_report_leads_to_the_folder_it_lies_in() -> None:
    heard = hear(jpaas.site(REPORTS), "jpaas", jpaas.address(4, 2023))
    assert (heard.chosen(), heard.lost) == (WANTED, [])


def test_never_more_pages_than_most_pages() -> None:
    heard = hear(jpaas.site(REPORTS, per_page=1), "jpaas", jpaas.LIST, most_pages="2")
    assert len(heard.asked) == 1 + 2
    assert heard.lost[0].what == "the list has 11 pages, 2 are read"


def test_it_is_recognised() -> None:
    made = jpaas.site(REPORTS)(Asked("GET", jpaas.LIST, {}, {}, {}, 0.0, 1))
    assert recognise(Page(ROOT + jpaas.LIST, made.body))[0] == ("jpaas", 90)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[" * 30_000, '{"data":7}', '{"data":{"html":" "}}', '{"data":{"html":"<li>x</li>"}}', "null"],
)
def test_whatever_a_server_answers_is_no_crash_and_no_silence(body: str) -> None:
    page = Page(ROOT + jpaas.UNIT + "?webId=1&pageId=2", body.encode())
    found = list(platform("jpaas").list_reports(page, Source("s", "jpaas", ROOT + jpaas.LIST)))
    assert found
    assert all(isinstance(f, Lost) for f in found)
