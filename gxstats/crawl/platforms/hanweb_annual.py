"""Hanweb's reports by publisher and year: ``/module/xxgk/xxgkAnnualReport.jsp?area=..&fbtime=..``.

``area`` is the code of a publisher in the site's own tree (001008003014021), or its unified social
credit code; ``fbtime`` is the year that the report is about. There is no list to read: the publishers
come from ``areas=a|b`` of the source or from the page, the years from the page of each publisher.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from gxstats.crawl.page import Ask, Finding, Found, Lost, Page, SourceParams
from gxstats.crawl.platforms.links import words_of
from gxstats.crawl.platforms.records import pairs

PATH: Final = "/module/xxgk/xxgkAnnualReport.jsp"
_CODE: Final = r"[0-9A-Z]{3,30}"
_ASKED: Final = re.compile(r"""xxgkAnnualReport\.jsp\?([^"'\s<>()]{1,300})""", re.I)
_NODE: Final = re.compile(r"\{[^{}]{1,1000}\}")
_YEAR: Final = re.compile(r"(20\d\d)年?度?")
_PLAIN: Final = re.compile(r"20\d\d")
_AREA_NAME: Final = re.compile("area|dept|unit|bm|dw", re.I)
_YEAR_NAME: Final = re.compile("fbtime|year|nian|nd", re.I)
MOST_AREAS: Final = 1000
"""Publishers of one site that are asked for."""


class HanwebAnnual:
    """Publishers times years."""

    name = "hanweb_annual"

    def sniff(self, page: Page) -> int:
        """By the name of the script."""
        if urlsplit(page.url).path.endswith("xxgkAnnualReport.jsp"):
            return 98
        return 70 if "xxgkAnnualReport.jsp" in page.text else 0

    def start(self, source: SourceParams) -> Iterator[Ask | Found]:
        """The page of each publisher that the source names, else the page it names."""
        named = _areas_of(source)
        for area in named:
            yield Ask(_address(source.list_url, area), "publisher")
        if not named:
            yield Ask(source.list_url, "publishers")

    def list_reports(self, page: Page, source: SourceParams) -> Iterator[Finding]:
        """The years that the page of a publisher offers, and the publishers of the page."""
        said = {name.lower(): value for name, value in parse_qsl(urlsplit(page.url).query)}
        here = said.get("area") if urlsplit(page.url).path.endswith("xxgkAnnualReport.jsp") else None
        areas, pairs_said = _areas(page), _pairs(page)
        reports = {(area, year) for area, year in pairs_said if here is None or area == here}
        if here:
            reports |= {(here, year) for year in _years(page)}
            reports |= {(here, int(said["fbtime"]))} if _PLAIN.fullmatch(said.get("fbtime", "")) else set()
            reports = reports or {(here, year) for year in source.years}
        # A page without a list of years may still be asked for each of them.
        for area, year in sorted(reports):
            yield Found(_address(page.url, area, year), areas.get(area, ""), None, year)
        more = [] if _areas_of(source) else [area for area in areas if area != here]
        yield from (Ask(_address(page.url, area), "publisher") for area in more[:MOST_AREAS])
        if len(more) > MOST_AREAS:
            yield Lost(f"{len(more)} publishers, {MOST_AREAS} are asked for", "areas=a|b in the params")
        if here and not reports:
            yield Lost(f"the page of {here} offers no years", "ask for years, as 2019-2024")
        elif not here and not more:
            yield Lost("the page names no publishers", "areas=a|b in the params; codes stand in addresses")


def _areas_of(source: SourceParams) -> list[str]:
    return [area for area in source.params.get("areas", "").split("|") if re.fullmatch(_CODE, area)]


def _address(url: str, area: str, year: int | None = None) -> str:
    parts = urlsplit(url)
    asked = {"area": area} | ({"fbtime": str(year)} if year else {})
    return f"{parts.scheme}://{parts.netloc}{PATH}?{urlencode(asked)}"


def _areas(page: Page) -> dict[str, str]:
    """The publishers that a page offers in links, in a choice, or in the nodes of a tree, with names."""
    found: dict[str, str] = {}
    for element in page.tree.iter("a", "option", "li"):
        code = _asked(" ".join((element.get("href") or "", element.get("onclick") or ""))).get("area", "")
        if element.tag == "option" and _AREA_NAME.search(_name_of_choice(element)):
            code = element.get("value") or ""
        if re.fullmatch(_CODE, code):
            words = words_of(element)
            found[code] = found.get(code) or ("" if _YEAR.search(words) else words)
    for script in page.tree.iter("script"):
        for node in _NODE.finditer((script.text or "")[:1_000_000]):
            said = pairs(node[0])
            code = said.get("area") or said.get("id") or ""
            if said.get("name") and re.fullmatch(_CODE, code):
                found[code] = found.get(code) or said["name"]
    return found


def _pairs(page: Page) -> set[tuple[str, int]]:
    said = [_asked(match[0]) for match in _ASKED.finditer(page.text)]
    both = ((s.get("area", ""), s.get("fbtime", "")) for s in said)
    return {(area, int(year)) for area, year in both if re.fullmatch(_CODE, area) and _PLAIN.fullmatch(year)}


def _asked(text: str) -> dict[str, str]:
    match = _ASKED.search(text)
    return dict(parse_qsl(match[1].replace("&amp;", "&"))) if match else {}


def _years(page: Page) -> set[int]:
    """The years of a choice or of links that name no publisher: they are those of the page."""
    found = set()
    for element in page.tree.iter("option", "a", "li"):
        if element.tag == "option" and not _YEAR_NAME.search(_name_of_choice(element)):
            continue
        leads = element.get("href") or ""
        match = _YEAR.fullmatch(element.get("value") or "".join(words_of(element).split()))
        own = not leads or leads[0] in "#?" or leads.startswith("javascript:") or "AnnualReport.jsp" in leads
        if match and own and "area" not in _asked(leads) and element.find(".//a") is None:
            found.add(int(match[1]))
    return found


def _name_of_choice(element: object) -> str:
    parent = element.getparent()  # type: ignore[attr-defined]
    while parent is not None and parent.tag != "select":
        parent = parent.getparent()
    return "" if parent is None else f"{parent.get('name') or ''} {parent.get('id') or ''}"


PLATFORM = HanwebAnnual()
"""Sites with ``xxgkAnnualReport.jsp``."""
