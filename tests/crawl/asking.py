"""Reading an imitated site with a platform, forms included, without a network."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from gxstats.crawl.page import Ask, Found, Lost, Page
from gxstats.crawl.platforms import platform
from gxstats.crawl.sources import Source
from gxstats.crawl.titles import choose
from tests.crawl.server import Asked, Site

ROOT = "http://www.a.gov.cn"


class Heard(NamedTuple):
    """What reading a site came to: requests in order, reports by address, what was lost or is not there."""

    asked: list[str]
    found: dict[str, Found]
    lost: list[Lost]
    missing: list[str]

    def chosen(self, *years: int) -> dict[str, str]:
        """Titles of what the crawler would fetch, by address."""
        return {url: f.title for url, f in self.found.items() if choose(f, years).fetch}


def hear(site: Site, name: str, start: str, years: tuple[int, ...] = (), **params: str) -> Heard:
    """Read a site from an address on, as the crawler does."""
    source = Source("s", name, ROOT + start, params=params, years=years)
    heard, known = Heard([], {}, [], []), set()
    to_ask = list(platform(name).start(source))
    while to_ask:
        finding = to_ask.pop(0)
        if isinstance(finding, Found):
            heard.found.setdefault(finding.url.removeprefix(ROOT), finding)
        elif isinstance(finding, Lost):
            heard.lost.append(finding)
        elif finding not in known:
            known.add(finding)
            to_ask += (
                platform(name).list_reports(page, source) if (page := _got(site, finding, heard)) else []
            )
    return heard


def _got(site: Site, ask: Ask, heard: Heard) -> Page | None:
    parts = urlsplit(ask.url)
    path = ask.url.removeprefix(ROOT)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    heard.asked.append(path)
    answer = site(Asked(ask.method, parts.path, query, dict(ask.form), {}, 0.0, 1))
    if answer is None:
        heard.missing.append(path)
        return None
    return Page(ask.url, answer.body)
