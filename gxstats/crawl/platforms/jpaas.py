"""The publishing server of newer Hanweb sites: ``/api-gateway/jpaas-publish-server/.../page/build/unit``.

A page holds scripts with the attributes ``url`` and ``querydata`` (webId, pageId, parseType, tagId,
tplSetId ...). The answer is JSON with a piece of HTML, which says how many records there are; further
pages are asked for by ``paramJson={"pageNo":2,"pageSize":20}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from gxstats.crawl.page import Ask, Finding, Lost, Page, SourceParams
from gxstats.crawl.platforms.links import is_annual, links
from gxstats.crawl.platforms.lists import MOST_COLUMNS, StaticLists
from gxstats.crawl.platforms.paging import MOST_PAGES
from gxstats.crawl.platforms.records import ARTICLE, most_pages, pairs, reports_in

UNIT: Final = "page/build/unit"
_NAMES: Final = ("webId", "pageId", "parseType", "tagId", "tplSetId", "pageType", "editType")
_NEEDED: Final = ("webId", "pageId")
_ADDRESS: Final = re.compile(rf"""["']([^"'\s<>]{{0,300}}{UNIT}(?:\?[^"'\s<>]{{0,2000}})?)["']""")
_NAMED: Final = re.compile(rf"""["']?\b({"|".join(_NAMES)})["']?\s*[:=]\s*["']([^"'<>]{{1,200}})["']""", re.I)
_MOST_UNITS: Final = 10
_LISTED: Final = re.compile("列表|list|清单", re.I)
_FURNITURE: Final = re.compile("位置|导航|菜单|页头|页脚|面包屑|左侧|nav|menu|crumb|header|footer", re.I)


class Jpaas(StaticLists):
    """Lists that the publishing server builds."""

    name = "jpaas"
    article = ARTICLE
    second = None

    def sniff(self, page: Page) -> int:
        """By the address that the scripts of a page ask."""
        return 90 if UNIT in page.text else 0

    def column_above(self, page: Page) -> str | None:
        """The folder that the years of a column lie in."""
        path = urlsplit(page.url).path
        above = re.match(r"(.*/)art/\d{4}/art_[0-9a-f]{32}\.html?$", path)
        return page.join(f"{above[1]}index.html") if above else None

    def list_reports(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        """The units of a page, or the records that an answer holds."""
        if page.text.lstrip()[:1] in ("{", "["):
            yield from _answer(page, source)
        elif UNIT in page.text and not self.is_report(page):
            yield from _units(page, source)
            yield from self.inside(page)
        else:
            yield from super().list_reports(page, source)

    def inside(self, page: Page) -> Iterator[Ask]:
        """The columns of years inside a column."""
        listed = links(page)
        found = [x for x in listed if is_annual(page, listed) and self._is_inner(page, x)]
        yield from (Ask(x.url, "column inside") for x in found[:MOST_COLUMNS])


def _units(page: Page, source: SourceParams) -> Iterator[Ask | Lost]:
    said = [(url, query | _of_source(source)) for url, query in _stated(page)]
    whole = [(url, query) for url, query in said if all(query.get(name) for name in _NEEDED)]
    # Menus and crumbs are units as well; where one says that it is the list, it is.
    lists = [(url, query) for url, query in whole if _LISTED.search(query.get("tagId", ""))]
    lists = lists or [(u, query) for u, query in whole if not _FURNITURE.search(query.get("tagId", ""))]
    for url, query in lists[:_MOST_UNITS]:
        yield Ask(f"{page.join(url)}?{urlencode(query)}", "unit of the page")
    if not lists:
        missing = [name for name in _NEEDED if not any(query.get(name) for _, query in said)]
        yield Lost(f"the page does not state {', '.join(missing)} of its list", "put them into the params")


def _of_source(source: SourceParams) -> dict[str, str]:
    return {name: value for name, value in source.params.items() if name in _NAMES}


def _stated(page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    """The units that a page states: in attributes, as a whole address, or piecemeal in its scripts."""
    found = False
    for element in page.tree.iter():
        attributes = {str(name): value for name, value in element.items()}
        data = attributes.get("querydata") or attributes.get("data-querydata") or ""
        url = attributes.get("url") or attributes.get("uniturl") or attributes.get("data-url") or ""
        if UNIT in url:
            found = True
            yield (
                url.partition("?")[0],
                dict(parse_qsl(urlsplit(url).query)) | pairs(data) | _data(attributes),
            )
    addresses = [m[1].replace("&amp;", "&") for m in _ADDRESS.finditer(page.text)] if not found else []
    whole = [url for url in addresses if "?" in url]
    for url in whole:
        yield url.partition("?")[0], dict(parse_qsl(urlsplit(url).query))
    if addresses and not whole:
        proper = {name.lower(): name for name in _NAMES}
        yield addresses[0], {proper[m[1].lower()]: m[2] for m in _NAMED.finditer(page.text)}


def _data(attributes: dict[str, str]) -> dict[str, str]:
    held = {name.removeprefix("data-").replace("-", ""): value for name, value in attributes.items()}
    return {name: held[name.lower()] for name in _NAMES if held.get(name.lower())}


def _answer(page: Page, source: SourceParams) -> Iterator[Finding]:
    try:
        said = json.loads(page.text)
        data = said.get("data")
        piece = data.get("html") if isinstance(data, dict) else data
    except (ValueError, RecursionError, AttributeError):
        piece = None
        said = {}
    if not isinstance(piece, str) or not piece.strip():
        words = str(said.get("msg") or said.get("message") or "no list")[:100]
        yield Lost(f"the publishing server answers: {words}", "webId=, pageId=, tplSetId= may be out of date")
        return
    findings = [*reports_in([piece], page, source)]
    yield from findings
    query = dict(parse_qsl(urlsplit(page.url).query))
    number = _page_number(query)
    if not findings:
        yield Lost(f"page {number} of the list is empty", "look at the list in a browser")
    if number == 1:
        yield from _further(piece, data, page, source, query)


def _page_number(query: dict[str, str]) -> int:
    asked = pairs(query.get("paramJson", ""))
    return int(asked["pageNo"]) if asked.get("pageNo", "").isdigit() else 1


def _further(
    piece: str, data: Any, page: Page, source: SourceParams, query: dict[str, str]
) -> Iterator[Ask | Lost]:
    counted = _count(piece, data)
    if counted is None:
        if re.search("下一页|下页|pagination", piece):
            yield Lost("the list has more pages, but does not say how many", "look at the list in a browser")
        return
    total, size = counted
    pages, most = -(-total // size), most_pages(source, MOST_PAGES)
    for number in range(2, min(pages, most) + 1):
        asked = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
        whole = urlencode({**query, "paramJson": asked})
        yield Ask(f"{page.url.partition('?')[0]}?{whole}", "page of the list")
    if pages > most:
        yield Lost(f"the list has {pages} pages, {most} are read", "most_pages= in the params reads more")


def _count(piece: str, data: Any) -> tuple[int, int] | None:
    """Records in all and records on a page, where the piece or the data beside it says both."""
    held = Page("http://localhost/", f"<div>{piece}</div>".encode())
    told = [data if isinstance(data, dict) else {}]
    for element in held.tree.iter():
        attributes = {str(name): value for name, value in element.items()}
        told.append(attributes | pairs(attributes.get("querydata", "")))
    for row in told:
        said = {str(name).lower(): _whole(value) for name, value in row.items()}
        total = next((said[n] for n in ("count", "total", "totalcount") if said.get(n)), 0)
        size = next((said[n] for n in ("rows", "pagesize") if said.get(n)), 0)
        if total and size:
            return total, size
    return None


def _whole(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


PLATFORM = Jpaas()
"""Sites of the publishing server."""
