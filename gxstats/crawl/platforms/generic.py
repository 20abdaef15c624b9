"""Any plain list: links whose words are those of an annual report, and links to the next page."""

from __future__ import annotations

import re
from typing import Final

from gxstats.crawl.page import Page
from gxstats.crawl.platforms.links import is_markup, links, says_report
from gxstats.crawl.platforms.lists import StaticLists

_NONE: Final = re.compile(r"(?!)")


class Generic(StaticLists):
    """For systems that have no platform of their own.

    Nothing is known of their addresses, so a link counts by its words alone: a bare name of an agency
    is not followed. Pages are followed where the page links to them.
    """

    name = "generic"
    article = _NONE
    second = None

    def sniff(self, page: Page) -> int:
        """A little, if any link has the words of an annual report."""
        return 10 if is_markup(page) and any(says_report(link.title) for link in links(page)) else 0


PLATFORM: Final = Generic()
