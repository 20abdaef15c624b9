"""TRS WCM: folders of static lists, ``index_1.html`` the second page, ``t20240126_123.html`` an article."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from gxstats.crawl.page import Page
from gxstats.crawl.platforms.links import is_markup, links
from gxstats.crawl.platforms.lists import StaticLists
from gxstats.crawl.platforms.paging import drawn_paging

_ARTICLE: Final = re.compile(r"/t(?:\d{8}_\d+|_?\d{6,})(?:_wap)?\.s?html?$", re.I)
_DATED: Final = re.compile(r"/t\d{8}_\d+(?:_wap)?\.s?html?$", re.I)
_MONTH: Final = re.compile(r"\d{6}/t\d{8}_\d+(?:_wap)?\.s?html?$", re.I)


class Trs(StaticLists):
    """Lists of TRS WCM.

    The first page is ``index.html`` of a folder and counts as page 0: of ``createPageHTML(3, 0, "index",
    "html")`` the last is ``index_2.html``. Articles lie in a folder for their month below the list;
    the date in their names is that of publication, or of the move to a new system.
    """

    name = "trs"
    article = _ARTICLE
    second = 1

    def sniff(self, page: Page) -> int:
        """By the names of articles, the page's own or those it links to, and the way pages are drawn."""
        if not is_markup(page):
            return 0
        if _DATED.search(urlsplit(page.url).path):
            return 95
        dated = sum(bool(_DATED.search(urlsplit(link.url).path)) for link in links(page))
        drawn = drawn_paging(page)
        score = 60 * (dated > 0) + 15 * (dated > 4) + 20 * (drawn is not None and drawn.current == 0)
        return score or 40 * bool(_ARTICLE.search(urlsplit(page.url).path))

    def column_above(self, page: Page) -> str | None:
        """The folder above that of the month."""
        return page.join("../") if _MONTH.search(urlsplit(page.url).path) else page.join("./")


PLATFORM: Final = Trs()
