"""``xxgkAnnualReport.jsp``: publishers times years, of which the address names both."""

from __future__ import annotations

import pytest

from gxstats.crawl.page import Page
from gxstats.crawl.platforms import recognise
from tests.crawl.asking import ROOT, hear
from tests.crawl.sites import hanweb_annual as imitated
from tests.crawl.sites import made_reports

REPORTS = made_reports.some(12)
AREAS = imitated.areas(REPORTS)
CODE = {name: code for code, name in AREAS.items()}
WANTED = {
    (f"{imitated.PATH}?area={CODE[title[: title.index('局') + 1]]}&fbtime={year}", year)
    for title, year, _ in REPORTS
}


@pytest.mark.parametrize("named", ["links", "choice", "tree"])
@pytest.mark.parametrize("years", ["choice", "links"])
def test_publishers_and_years_are_learned_from_the_pages(named: str, years: str) -> None:
    heard = hear(imitated.site(REPORTS, named=named, years=years), "hanweb_annual", imitated.PATH)
    assert {(url, f.year) for url, f in heard.found.items()} == WANTED
    assert {f.title for f in heard.found.values()} == set(AREAS.values())
    assert (heard.lost, len(heard.asked)) == ([], 1 + len(AREAS))


def test_only_the_publishers_that_the_source_names() -> None:
    code = CODE["某区水利局"]
    heard = hear(imitated.site(REPORTS), "hanweb_annual", imitated.PATH, areas=code)
    assert [f.year for f in heard.found.values()] == [2019, 2020, 2024]
    assert heard.asked == [f"{imitated.PATH}?area={code}"]


def test_a_report_known_leads_to_all() -> None:
    start = f"{imitated.PATH}?area={CODE['某区水利局']}&fbtime=2020"
    heard = hear(imitated.site(REPORTS), "hanweb_annual", start)
    assert {url for url, _ in WANTED} >= heard.found.keys()
    assert start in heard.found


def test_years_that_a_page_does_not_offer_must_be_asked_for() -> None:
    made, area = imitated.site(REPORTS, years="none"), CODE["某区财政局"]
    heard = hear(made, "hanweb_annual", imitated.PATH, areas=area)
    assert heard.found == {}
    assert [lost.what for lost in heard.lost] == [f"the page of {area} offers no years"]
    heard = hear(made, "hanweb_annual", imitated.PATH, years=(2021, 2022), areas=area)
    assert [f.year for f in heard.found.values()] == [2021, 2022]


def test_a_page_without_publishers_is_an_alarm() -> None:
    heard = hear(imitated.site(REPORTS, named="none"), "hanweb_annual", imitated.PATH)
    assert [lost.what for lost in heard.lost] == ["the page names no publishers"]
    assert "areas=" in heard.lost[0].hint


def test_it_is_recognised() -> None:
    assert recognise(Page(f"{ROOT}{imitated.PATH}?area=1", b"<p>x</p>"))[0] == ("hanweb_annual", 98)
