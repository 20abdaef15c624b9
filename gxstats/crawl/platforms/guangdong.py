"""Guangdong: lists of ``content/post_123.html``, and the catalogue ``gkmlpt`` that answers in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from gxstats.crawl.page import Ask, Finding, Found, Lost, Page, SourceParams
from gxstats.crawl.platforms.links import is_markup, links, names_column, title_of
from gxstats.crawl.platforms.lists import StaticLists
from gxstats.crawl.platforms.paging import MOST_PAGES

_ARTICLE: Final = re.compile(r"/content/(?:\d+/\d+/)?m?post_\d+\.html$")
_CATALOGUE: Final = re.compile(r"^(?P<site>https?://[^/]+(?:/[^/?#]+)*?)/gkmlpt(?:/|$)")
_API: Final = re.compile(r"/gkmlpt/api/all/(?P<column>\d+)$")
_SITE_ID: Final = re.compile(r"""\bSID["']?\s*:\s*["']?(\d+)""")
_TREE: Final = re.compile(r"""\bTREE["']?\s*:\s*(?=\[)""")
_DEEPEST: Final = 12


class Guangdong(StaticLists):
    """Lists of the province's common system.

    A plain list is a folder, its second page ``index_2.html``. The catalogue is one page filled by a
    script: it names the site (``SID``) and its columns (``TREE``), and a column is had from
    ``gkmlpt/api/all/<column>?page=1&sid=<site>``. Params that the page does not tell: ``column``, ``sid``.
    """

    name = "guangdong"
    article = _ARTICLE
    second = 2

    def sniff(self, page: Page) -> int:
        """By the catalogue's address, and by the names of articles."""
        parts = urlsplit(page.url)
        if _CATALOGUE.match(page.url):
            return 98
        if not is_markup(page):
            return 0
        if _ARTICLE.search(parts.path):
            return 95
        found = [urlsplit(link.url).path for link in links(page)]
        articles = sum(bool(_ARTICLE.search(path)) for path in found)
        return 60 * (articles > 0) + 15 * (articles > 4) + 5 * any("/gkmlpt/" in path for path in found)

    def list_reports(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        """The reports of a list, or of the catalogue's answer."""
        parts = urlsplit(page.url)
        if _API.search(parts.path):
            yield from _of_answer(page, source)
        elif match := _CATALOGUE.match(page.url):
            if _ARTICLE.search(parts.path):
                yield Found(page.url, title_of(page))
            yield from _of_catalogue(page, match["site"], source)
        else:
            yield from super().list_reports(page, source)

    def column_above(self, page: Page) -> str | None:
        """The folder that holds ``content/``."""
        return page.join("../")


def _of_catalogue(page: Page, site: str, source: SourceParams) -> Iterator[Finding]:
    given = _SITE_ID.search(page.text)
    sid = source.params.get("sid") or (given[1] if given else None)
    named = source.params.get("column") or urlsplit(source.list_url).fragment
    columns = [named] if named.isdigit() else [*_annual_columns(_tree(page))]
    if sid and columns:
        for column in columns:
            yield Ask(f"{site}/gkmlpt/api/all/{column}?page=1&sid={sid}", "column of the catalogue")
    elif "/gkmlpt/annualreport" not in page.url:
        yield Ask(f"{site}/gkmlpt/annualreport", "annual reports of the catalogue")
    else:
        missing = "its site (SID)" if not sid else "a column of annual reports (TREE)"
        yield Lost(f"the catalogue does not name {missing}", "put column= and sid= into the params")


def _tree(page: Page) -> Any:
    match = _TREE.search(page.text)
    try:
        return json.JSONDecoder().raw_decode(page.text, match.end())[0] if match else []
    except (ValueError, RecursionError):
        return []


def _annual_columns(nodes: Any, within: bool = False, depth: int = 0) -> Iterator[str]:
    """The ids of the columns of annual reports: the leaves, for those hold the articles."""
    for node in nodes if isinstance(nodes, list) and depth < _DEEPEST else ():
        if not isinstance(node, dict) or node.get("jump_url"):
            continue
        ours = within or names_column(str(node.get("name") or ""))
        below = [*_annual_columns(node.get("children"), ours, depth + 1)]
        if below:
            yield from below
        elif ours and str(node.get("id") or "").isdigit():
            yield str(node["id"])


def _of_answer(page: Page, source: SourceParams) -> Iterator[Finding]:
    try:
        told = json.loads(page.text)
    except (ValueError, RecursionError):
        told = None
    articles = told.get("articles") if isinstance(told, dict) else None
    if not isinstance(articles, list) or not articles:
        yield Lost("the catalogue answers without articles", "look at the column in a browser")
        return
    for article in articles:
        yield _found(page, article)
    yield from _further(page, told, len(articles), int(source.params.get("most_pages", MOST_PAGES)))


def _found(page: Page, article: Any) -> Found | Lost:
    address = (article.get("url") or article.get("post_url")) if isinstance(article, dict) else None
    if not isinstance(address, str) or not address:
        return Lost("an article of the catalogue has no address")
    seconds = next(
        (article[k] for k in ("display_publish_time", "date", "create_time") if article.get(k)), None
    )
    return Found(page.join(address), " ".join(str(article.get("title") or "").split()), _day(seconds))


def _day(seconds: Any) -> str | None:
    try:
        return (datetime.fromtimestamp(int(seconds), UTC) + timedelta(hours=8)).date().isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _further(page: Page, told: dict[str, Any], held: int, most: int) -> Iterator[Finding]:
    asked = parse_qs(urlsplit(page.url).query)
    if asked.get("page") != ["1"]:
        return
    column = told.get("classify")
    total = told.get("total") or (column.get("post_count") if isinstance(column, dict) else None)
    if not re.fullmatch(r"\d{1,7}", str(total)):
        yield Lost("the catalogue does not say how many articles there are", "only its first page is read")
        return
    pages = -(-int(str(total)) // held)
    for number in range(2, min(pages, most) + 1):
        yield Ask(page.url.replace("page=1", f"page={number}", 1), "page of the catalogue")
    if pages > most:
        hint = "most_pages= in the params reads more"
        yield Lost(f"the catalogue has {pages} pages, {most} are read", hint)


PLATFORM: Final = Guangdong()
