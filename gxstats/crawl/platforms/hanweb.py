"""Hanweb: columns ``/col/col123/index.html`` whose records a script fetches from ``dataproxy.jsp``.

The page states what its script asks for (:mod:`.jpage`), and often holds the first records. Newer
installations ask the publishing server of :mod:`.jpaas` instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from gxstats.crawl.page import Ask, Finding, Found, Lost, Page, SourceParams
from gxstats.crawl.platforms import jpaas, jpage
from gxstats.crawl.platforms.jpage import Unit, whole
from gxstats.crawl.platforms.links import Link
from gxstats.crawl.platforms.paging import MOST_PAGES
from gxstats.crawl.platforms.records import ARTICLE, is_record, most_pages, reports_in

_COLUMN: Final = re.compile(r"/col/col(\d+)/")
_TOTAL: Final = re.compile(r"<total(record|page)>\s*(\d{1,7})\s*</")
_HINT: Final = "unitid= and webid= in the params; a browser shows them in its requests"
_MORE: Final = "most_pages= in the params reads more"
_USUAL: Final = {"page": "1", "appid": "1", "path": "/", "permissiontype": "0"}
_USUAL_PROXY: Final = "/module/web/jpage/dataproxy.jsp"


class Hanweb(jpaas.Jpaas):
    """Lists that ``dataproxy.jsp`` fills, and such as are written into the page."""

    name = "hanweb"

    def sniff(self, page: Page) -> int:
        """By the script of the lists, or the way columns and articles are called."""
        if "dataproxy.jsp" in page.text or ".jpage(" in page.text:
            return 95
        path = urlsplit(page.url).path
        if _COLUMN.search(path) or ARTICLE.search(path):
            return 40 if jpaas.UNIT in page.text else 85
        return 60 if len(ARTICLE.findall(" ".join(page.tree.xpath("//a/@href")))) > 2 else 0

    def column_above(self, page: Page) -> str | None:
        """The column whose number an article has in its name."""
        named = ARTICLE.search(urlsplit(page.url).path)
        if named and named[1]:
            return page.join(f"/col/col{named[1]}/index.html")
        return super().column_above(page)

    def list_reports(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        """The records of a page or of an answer of ``dataproxy.jsp``, and what is still to be asked."""
        if urlsplit(page.url).path.endswith("dataproxy.jsp"):
            yield from _answer(page, source)
        elif jpaas.UNIT not in page.text and not self.is_report(page) and (found := _units(page, source)):
            for unit in found:
                yield from reports_in(unit.records, page, source)
                yield from _rest(unit, page, source)
            yield from self.inside(page)
            if not any(unit.records or unit.total is None or unit.total for unit in found):
                yield Lost("the column says that it holds no record", "look at the list in a browser")
        else:
            findings = [*super().list_reports(page, source)]
            said = any(isinstance(finding, Found | Ask) for finding in findings)
            if not said and _COLUMN.search(urlsplit(page.url).path):
                yield Lost("the column does not state the unit that its script asks for", _HINT)
            yield from findings

    def _is_wanted(self, page: Page, link: Link, in_column: bool) -> bool:
        here = _COLUMN.search(urlsplit(page.url).path)
        there = ARTICLE.search(urlsplit(link.url).path)
        if here and there and here[1] == there[1] and not link.in_crumbs:
            return in_column or is_record(link.title)
        return super()._is_wanted(page, link, in_column)


def _units(page: Page, source: SourceParams) -> list[Unit]:
    """The lists of a page, or of these the one that the source names, or that one unseen."""
    named = {name: source.params[name] for name in ("unitid", "webid", "webname") if name in source.params}
    found = [unit._replace(form=unit.form | named) for unit in jpage.units(page.text)]
    unit_id, column = named.get("unitid"), _COLUMN.search(urlsplit(page.url).path)
    if unit_id is None or not column:
        return found
    asked = urlencode({**_USUAL, "columnid": column[1], **named})
    unseen = Unit(unit_id, None, 0, 0, {}, [], f"{_proxy(page, source) or _USUAL_PROXY}?{asked}")
    return [unit for unit in found if unit.name == unit_id] or [unseen]


def _proxy(page: Page, source: SourceParams) -> str | None:
    return source.params.get("proxy") or jpage.proxy(page.text)


def _rest(unit: Unit, page: Page, source: SourceParams) -> Iterator[Ask | Lost]:
    """The records that the page does not hold: by their numbers, or by the link to the next group."""
    have, proxy = len(unit.records), _proxy(page, source)
    if unit.total is not None and unit.total <= have:
        return
    if unit.total and unit.form and unit.group and proxy:
        most = most_pages(source, MOST_PAGES)
        starts = range(have + 1, unit.total + 1, unit.group)
        form = tuple({"unitid": unit.name, **unit.form}.items())
        for start in starts[:most]:
            end = min(start + unit.group - 1, unit.total)
            asked = {"startrecord": start, "endrecord": end, "perpage": unit.per_page}
            yield Ask(page.join(f"{proxy}?{urlencode(asked)}"), "records of the list", "POST", form)
        if len(starts) > most:
            yield Lost(f"the list has {unit.total} records, {most} groups of them are read", _MORE)
    elif unit.following:
        yield Ask(page.join(unit.following), "next group of records")
    else:
        yield Lost(f"unit {unit.name} does not say how to ask for its records", _HINT)


def _answer(page: Page, source: SourceParams) -> Iterator[Finding]:
    """What ``dataproxy.jsp`` says: records, how many there are in all, and a link to the next group."""
    records = jpage.records(page.text)
    totals = {name: int(count) for name, count in _TOTAL.findall(page.text)}
    asked = {name: whole(value) for name, value in parse_qsl(urlsplit(page.url).query)}
    yield from reports_in(records, page, source)
    if "startrecord" in asked:
        last = min(asked.get("endrecord", 0), totals.get("record", 10**7))
        if len(records) < (expected := last - asked["startrecord"] + 1):
            yield Lost(f"{expected} records were asked for, {len(records)} came", _HINT)
    elif not records:
        yield Lost("the answer holds no record", _HINT)
    elif following := jpage.following(page.text):
        number = whole(dict(parse_qsl(urlsplit(following).query)).get("page"))
        most = most_pages(source, MOST_PAGES)
        if asked.get("page", 0) < number <= min(totals.get("page", most), most):
            yield Ask(page.join(following), "next group of records")
        elif most < number <= totals.get("page", number):
            yield Lost(f"the list has more than {most} groups of records", _MORE)


PLATFORM = Hanweb()
"""Columns of Hanweb."""
