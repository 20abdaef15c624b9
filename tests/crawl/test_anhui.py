"""The Anhui system: reports by number, their files, columns of units by year."""

from __future__ import annotations

import pytest

from gxstats.crawl.page import Page
from gxstats.crawl.platforms import platform, recognise
from gxstats.crawl.sources import Source
from tests.crawl.asking import ROOT, hear
from tests.crawl.sites import anhui, made_reports

REPORTS = made_reports.some(10)
WANTED = {anhui.shown(i): title for i, (title, _, _) in enumerate(REPORTS)}
YEARS = [2019, 2020, 2021, 2022, 2023, 2024]


def test_a_report_and_its_file_are_one_and_the_page_is_taken() -> None:
    heard = hear(anhui.site(REPORTS), "anhui", anhui.LIST)
    assert heard.chosen() == WANTED
    assert heard.lost == []
    assert [*heard.asked] == [anhui.LIST, *(f"{anhui.LIST}?pageIndex={n}" for n in (1, 2, 3))]
    assert heard.found[anhui.shown(0)].published_on == "2020-01-20"


def test_a_report_with_nothing_but_a_file_is_taken_as_it_is() -> None:
    heard = hear(anhui.site(REPORTS, files_only=(3, 5)), "anhui", anhui.LIST)
    files = {path for path in heard.chosen() if "/download/" in path}
    assert files == {anhui.shown(i).replace("show", "download") for i in (3, 5)}
    assert len(heard.chosen()) == 10


@pytest.mark.parametrize("years", ["links", "choice"])
def test_a_column_is_asked_for_the_years_it_offers(years: str) -> None:
    heard = hear(anhui.site(REPORTS, years=years), "anhui", f"{anhui.COLUMN}?type=3")
    assert [f.year for f in heard.found.values()] == YEARS
    assert all(url.startswith(f"{anhui.COLUMN}?") and "type=3" in url for url in heard.found)
    assert (heard.lost, heard.asked) == ([], [f"{anhui.COLUMN}?type=3"])


def test_a_column_that_offers_no_years_is_an_alarm_and_those_asked_for_are_tried() -> None:
    heard = hear(anhui.site(REPORTS, years="none"), "anhui", f"{anhui.COLUMN}?type=3", years=(2022,))
    assert [*heard.found] == [f"{anhui.COLUMN}?action=detail&title=2022&type=3"]
    assert [lost.what for lost in heard.lost] == ["the column offers no years"]


def test_units_come_from_the_source_or_from_a_page_of_units() -> None:
    heard = hear(anhui.site(REPORTS), "anhui", anhui.UNITS)
    assert heard.asked == [anhui.UNITS, f"{anhui.COLUMN}?type=3", "/public/column/6991?type=3"]
    assert [f.year for f in heard.found.values()] == YEARS
    heard = hear(anhui.site(REPORTS), "anhui", f"{anhui.COLUMN}?type=3", units="6981")
    assert heard.asked == [f"{anhui.COLUMN}?type=3"]


def test_numbers_beside_a_report_are_never_tried() -> None:
    heard = hear(anhui.site(REPORTS), "anhui", anhui.shown(2))
    assert [*heard.found] == [anhui.shown(2)]
    assert heard.asked == [anhui.shown(2)]


def test_a_page_that_leads_nowhere_is_an_alarm() -> None:
    page = Page(f"{ROOT}/zwgk/", "<p>政府信息公开</p>".encode())
    found = list(platform("anhui").list_reports(page, Source("s", "anhui", page.url)))
    assert [f.what for f in found] == ["the page leads to no report"]  # type: ignore[union-attr]


def test_it_is_recognised() -> None:
    for path in ("/OpennessAnnualReport/show/3391.html", "/public/column/6981?type=3"):
        assert recognise(Page(ROOT + path, b"<p>x</p>"))[0][0] == "anhui"
