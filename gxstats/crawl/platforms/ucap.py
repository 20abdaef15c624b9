"""UCAP: ``list.shtml``, ``list_2.shtml``; articles named by 32 hexadecimal digits, in months."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from gxstats.crawl.page import Page
from gxstats.crawl.platforms.links import is_markup, links
from gxstats.crawl.platforms.lists import StaticLists
from gxstats.crawl.platforms.paging import drawn_paging

_ARTICLE: Final = re.compile(r"/\d{6}/(?:[0-9a-f]{32}|c\d\d_\d+)\.shtml$", re.I)
_LIST: Final = re.compile(r"/\w{0,24}list(?:_\d+)?\.shtml$", re.I)


class Ucap(StaticLists):
    """Lists of UCAP.

    Pages are counted from 1: of ``createPageHTML('page_div', 3, 1, 'list', 'shtml', 41)`` the last is
    ``list_3.shtml``. The file of a list can have any name, so it is learned from the page, never guessed.
    """

    name = "ucap"
    article = _ARTICLE
    second = 2

    def sniff(self, page: Page) -> int:
        """By the names of articles, the page's own or those it links to, and that of the list."""
        if not is_markup(page):
            return 0
        path = urlsplit(page.url).path
        if _ARTICLE.search(path):
            return 95
        articles = sum(bool(_ARTICLE.search(urlsplit(link.url).path)) for link in links(page))
        drawn = drawn_paging(page)
        own = 15 * bool(_LIST.search(path)) + 10 * (drawn is not None and drawn.ending == "shtml")
        return 60 * (articles > 0) + 15 * (articles > 4) + own if articles else own


PLATFORM: Final = Ucap()
