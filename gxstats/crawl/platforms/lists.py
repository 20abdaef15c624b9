"""What all publishing systems share whose lists are plain pages of links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final
from urllib.parse import urlsplit

from gxstats.crawl.page import Ask, Finding, Found, Lost, Page, SourceParams
from gxstats.crawl.platforms.links import (
    Link,
    columns_on,
    folder_of,
    holds_form,
    is_annual,
    is_folder,
    is_markup,
    links,
    names_column,
    names_year,
    same_host,
    says_report,
    title_of,
    year_of_folder,
)
from gxstats.crawl.platforms.paging import MOST_PAGES, further_pages
from gxstats.places.address import canonical_address

MOST_COLUMNS: Final = 200
"""Columns inside one column that are followed."""
_MENU_COLUMNS: Final = 5


class StaticLists:
    """A platform of plain lists; a system of its own says what its articles and pages are called.

    Attributes:
        name: the platform.
        article: matches the path of an article.
        second: number in the address of the second page of a list; None if that is not known.
    """

    name: ClassVar[str]
    article: ClassVar[re.Pattern[str]]
    second: ClassVar[int | None]

    def start(self, source: SourceParams) -> Iterator[Ask | Found]:
        """The list, or the report by which the publisher is known."""
        yield Ask(source.list_url, "list")

    def list_reports(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        """The reports of a list, its further pages and the columns inside it.

        If the page is a report, and the one address that is known of the publisher, the column of
        annual reports is looked for where the page says it stands, and in its menu.
        """
        if not is_markup(page):
            yield Lost("this is no page of links", "use the platform `page` for a single file")
            return
        findings = [*(self._of_report(page, source) if self.is_report(page) else self._of_list(page, source))]
        yield from findings
        if not any(isinstance(finding, Ask | Found) for finding in findings):
            yield Lost("the list holds no report", "look at the page: does a script fill it?")

    def is_report(self, page: Page) -> bool:
        """Whether a page is a report, by its address or by what it holds."""
        return bool(self.article.search(urlsplit(page.url).path)) or holds_form(page)

    def column_above(self, page: Page) -> str | None:
        """The column of an article as its address tells it; None if it does not."""
        return None

    def _of_report(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        yield Found(page.url, title_of(page))
        if not _is_start(page, source):
            return
        above = self.column_above(page)
        if columns := self._columns(page, links(page)):
            yield from columns
        elif above:
            yield Ask(above, "folder of the report")
        else:
            hint = "put the address of the list into the source"
            yield Lost("the page does not name the column of annual reports it stands in", hint)

    def _of_list(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        listed = links(page)
        in_column = is_annual(page, listed)
        inside = [x for x in listed if in_column and self._is_inner(page, x)]
        reports = [x for x in listed if x not in inside and self._is_wanted(page, x, in_column)]
        yield from (Found(x.url, x.title, x.dated, year_of_folder(x)) for x in reports)
        yield from (Ask(x.url, "column inside") for x in inside[:MOST_COLUMNS])
        if len(inside) > MOST_COLUMNS:
            yield Lost(
                f"{len(inside)} columns inside, {MOST_COLUMNS} are followed", "give each its own source"
            )
        yield from further_pages(page, self.second, int(source.params.get("most_pages", MOST_PAGES)))
        if not reports and not inside and _is_start(page, source):
            yield from self._columns(page, listed)

    def _is_wanted(self, page: Page, link: Link, in_column: bool) -> bool:
        if self.article.search(urlsplit(link.url).path):
            # A bare "市应急局" is a report where everything else is one.
            own = in_column and folder_of(link.url).startswith(folder_of(page.url))
            return own or says_report(link.title, in_column=in_column)
        if link.in_crumbs or names_column(link.title) or names_year(link.title):
            return False
        here = canonical_address(link.url) == canonical_address(page.url)
        return not here and says_report(link.title, in_column=in_column)

    def _is_inner(self, page: Page, link: Link) -> bool:
        if link.in_crumbs or not is_folder(link.url) or not same_host(link.url, page.url):
            return False
        here, there = folder_of(page.url), folder_of(link.url)
        return there != here and (there.startswith(here) or names_year(link.title))

    def _columns(self, page: Page, listed: list[Link]) -> Sequence[Ask]:
        found = columns_on(page, listed, self.article)
        return [Ask(x.url, "column of annual reports") for x in found[:_MENU_COLUMNS]]


def _is_start(page: Page, source: SourceParams) -> bool:
    return canonical_address(page.url) == canonical_address(source.list_url)
