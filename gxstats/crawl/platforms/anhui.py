"""The system of many Anhui sites: ``XxgkAnnualReport/show/ID`` and columns ``public/column/ID?type=3``.

A report has a page (``show``) and a file (``download``) of the same number: one report, the page is
taken. A unit's column is asked for a year by ``title=2023``. Numbers are dense, and numbers beside
those that a page gives are never tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from gxstats.crawl.page import Ask, Finding, Found, Lost, Page, SourceParams
from gxstats.crawl.platforms.links import Link, links, says_report, title_of
from gxstats.crawl.platforms.paging import MOST_PAGES, further_pages
from gxstats.crawl.platforms.records import is_record, most_pages
from gxstats.crawl.titles import report_year
from gxstats.places.address import canonical_address

_REPORT: Final = re.compile(r"/(?:Xxgk|Openness)AnnualReport/(show|download)/(\d+)\.html$", re.I)
_COLUMN: Final = re.compile(r"/public/column/(\d+)/?$")
_DOCUMENT: Final = re.compile(r"/public/\d+/\d+\.html$")
_YEAR: Final = re.compile(r"20\d\d")
MOST_UNITS: Final = 500
"""Columns of units that one page of units leads to."""


class Anhui:
    """Reports by number, and columns of units."""

    name = "anhui"

    def sniff(self, page: Page) -> int:
        """By the addresses of reports and columns."""
        path = urlsplit(page.url).path
        if _REPORT.search(path) or "AnnualReport/show/" in page.text:
            return 95
        return 85 if _COLUMN.search(path) or "/public/column/" in page.text else 0

    def start(self, source: SourceParams) -> Iterator[Ask | Found]:
        """The columns that the source names (``units=1|2``), else its address: a column or a list."""
        numbers = [n for n in source.params.get("units", "").split("|") if n.isascii() and n.isdigit()]
        stem = re.sub(r"public/column/.*", "", source.list_url)
        yield from (Ask(f"{stem}public/column/{number}?type=3", "column of a unit") for number in numbers)
        if not numbers:
            yield Ask(source.list_url, "list")

    def list_reports(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        """The reports that a page leads to, by year or by number; of a page of units, their columns."""
        listed = links(page)
        reports = [*_of_numbers(listed), *_of_documents(page, listed)]
        own = _REPORT.search(urlsplit(page.url).path)
        if own and not any(canonical_address(r.url) == canonical_address(page.url) for r in reports):
            reports.append(Found(page.url, title_of(page)))
        have = {report_year(report) for report in reports}
        reports += [report for report in _of_years(page, listed) if report.year not in have]
        yield from reports
        units = {} if own or _number(page.url) else _units(listed)
        yield from (Ask(url, "column of a unit") for url in [*units.values()][:MOST_UNITS])
        if len(units) > MOST_UNITS:
            yield Lost(f"{len(units)} units, {MOST_UNITS} are followed", "units=1|2 in the params")
        yield from further_pages(page, None, most_pages(source, MOST_PAGES))
        if not reports and not units:
            yield from _untold(page, source)


def _of_numbers(listed: list[Link]) -> Iterator[Found]:
    """Reports with a number; the file only where the page of the same number is not linked."""
    held: dict[str, Link] = {}
    for link in sorted(listed, key=lambda x: "download" in x.url):
        if _REPORT.search(urlsplit(link.url).path):
            kept = held.setdefault(canonical_address(link.url), link)
            if len(link.title) > len(kept.title):
                held[canonical_address(link.url)] = kept._replace(title=link.title)
    yield from (Found(x.url, x.title, x.dated) for x in held.values())


def _of_years(page: Page, listed: list[Link]) -> Iterator[Found]:
    """The years that a unit's column offers: by links, in a choice, and that of its own address."""
    number, asked = _number(page.url), dict(parse_qsl(urlsplit(page.url).query))
    if number is None or asked.get("type") != "3":
        return
    offered = {}
    if _YEAR.fullmatch(asked.get("title", "")):
        offered[int(asked["title"])] = page.url
    for link in listed:
        said = dict(parse_qsl(urlsplit(link.url).query))
        if _number(link.url) == number and said.get("type") == "3" and _YEAR.fullmatch(said.get("title", "")):
            offered[int(said["title"])] = link.url
    for option in page.tree.iter("option"):
        if _YEAR.fullmatch(year := (option.get("value") or "").strip()):
            offered.setdefault(int(year), _of_year(page.url, int(year)))
    yield from (Found(url, "", None, year) for year, url in sorted(offered.items()))


def _untold(page: Page, source: SourceParams) -> Iterator[Found | Lost]:
    """What is left where a page leads nowhere: a column can be asked for a year that it does not offer."""
    if _number(page.url) and "type=3" in page.url:
        yield from (Found(_of_year(page.url, year), "", None, year) for year in source.years)
        yield Lost("the column offers no years", "those asked for are tried; is it the unit's column?")
    else:
        yield Lost("the page leads to no report", "use the address of the unit's column with type=3")


def _of_year(url: str, year: int) -> str:
    return f"{url.partition('?')[0]}?{urlencode({'action': 'detail', 'title': year, 'type': 3})}"


def _number(url: str) -> str | None:
    match = _COLUMN.search(urlsplit(url).path)
    return match[1] if match else None


def _of_documents(page: Page, listed: list[Link]) -> Iterator[Found]:
    in_column = _number(page.url) is not None
    for link in listed:
        if link.in_crumbs or not _DOCUMENT.search(urlsplit(link.url).path):
            continue
        if says_report(link.title, in_column=in_column) or (in_column and is_record(link.title)):
            yield Found(link.url, link.title, link.dated)


def _units(listed: list[Link]) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in listed:
        number = _number(link.url)
        if number and dict(parse_qsl(urlsplit(link.url).query)).get("type") == "3":
            found.setdefault(number, link.url)
    return found


PLATFORM = Anhui()
"""Sites of that system."""
