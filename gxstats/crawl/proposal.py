"""A new row for the registry: look at one address, recognise its system, say what its list holds."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any
from urllib.parse import urlsplit

from gxstats.crawl.page import Ask, Finding, Found, Lost, Page
from gxstats.crawl.platforms import platform, recognise
from gxstats.crawl.run import ARCHIVE, fetch
from gxstats.crawl.sources import COLUMNS, Source, registry
from gxstats.crawl.titles import choose
from gxstats.places.address import host_of, split_address

MOST_FETCHED = 3
"""Pages looked at: a report leads to its column, and a column may be filled by an answer in JSON."""
_PAUSE = 1.0


@dataclass(frozen=True)
class Proposal:
    """What was found at an address.

    Attributes:
        source: the row to add; whose reports they are, and the division, a person must check.
        platforms: systems it may be of, with how sure that is (1-100).
        reports: links that may be reports: year if the link tells it, title, address, and why a link
            would not be fetched ("" if it would).
        further: lists that a crawl would ask for next, without those that were looked at.
        lost: what could not be understood.
    """

    source: Source
    platforms: Sequence[tuple[str, int]]
    reports: Sequence[tuple[int | None, str, str, str]]
    further: Sequence[str]
    lost: Sequence[Lost]

    def row(self) -> str:
        """The line for ``data/sources.csv``."""
        held = {name: getattr(self.source, name) for name in COLUMNS}
        held["params"] = "&".join(f"{k}={v}" for k, v in self.source.params.items())
        line = io.StringIO()
        values = ["" if held[name] is None else held[name] for name in COLUMNS]
        csv.writer(line, lineterminator="\n").writerow(values)
        return line.getvalue()


def propose(
    url: str,
    *,
    archive: str | PathLike[str] = ARCHIVE,
    contact: str | None = None,
    manners: Mapping[str, Any] | None = None,
) -> Proposal:
    """Look at an address, as carefully as a crawl does, and propose a row for the registry.

    Args:
        url: a list of annual reports, or one report.
        archive: folder that keeps what was fetched.
        contact: as for :func:`gxstats.crawl`.
        manners: as for :func:`gxstats.crawl`.

    Raises:
        CrawlFailed: it could not be fetched; says why.
        NoContact: no contact is given.
    """
    waits = 0.0

    def get(address: str) -> Page:
        nonlocal waits
        time.sleep(waits)  # each page is a crawl of its own, which knows nothing of the one before
        waits = _PAUSE
        got = fetch(address, archive=archive, contact=contact, manners=manners, attachments=False)
        fragment = urlsplit(address).fragment  # some systems name the column there
        return Page((got.url or address) + (f"#{fragment}" if fragment else ""), got.data)

    return look(get(url), get)


def look(page: Page, get: Callable[[str], Page]) -> Proposal:
    """What a page of an unknown publisher holds; ``get`` fetches what it leads to."""
    known = recognise(page)
    name = known[0][0] if known else "page"
    source = Source(_free_id(page.url), name, page.url, how_known="looked at with new-source")
    findings = list(platform(name).list_reports(page, source)) if known else [Found(page.url)]
    held, seen = findings, {page.url}
    while len(seen) < MOST_FETCHED and (following := _following(held, page.url, seen)):
        seen.add(following)
        led_to = get(following)
        if not _is_data(led_to):
            source = replace(source, list_url=following)
        held = list(platform(name).list_reports(led_to, source))
        findings += held
    reports = _reports(f for f in findings if isinstance(f, Found))
    years = [year for year, _, _, reason in reports if year and not reason]
    further = dict.fromkeys(f.url for f in findings if isinstance(f, Ask) and f.url not in seen)
    lost = [f for f in findings if isinstance(f, Lost)]
    return Proposal(replace(source, first_year=min(years, default=None)), known, reports, [*further], lost)


def _following(findings: Sequence[Finding], start: str, seen: set[str]) -> str | None:
    """What to look at next, as long as nothing but the page itself was found."""
    if any(isinstance(f, Found) and f.url != start for f in findings):
        return None
    asks = (f.url for f in findings if isinstance(f, Ask) and f.method == "GET")
    return next((url for url in asks if url not in seen), None)


def _is_data(page: Page) -> bool:
    return page.text[:200].lstrip()[:1] in ("{", "[")


def _reports(found: Iterable[Found]) -> list[tuple[int | None, str, str, str]]:
    rows: dict[str, tuple[int | None, str, str, str]] = {}
    for link in found:
        choice = choose(link, ())
        row = (choice.year, link.title, link.url, choice.reason)
        if link.url not in rows or not rows[link.url][1]:
            rows[link.url] = row
    return list(rows.values())


def _free_id(url: str) -> str:
    """A name for the source that no other has: its host, then with the folders of its address."""
    parts = split_address(url)
    stem = host_of(parts).replace(":", "-") if parts else "source"
    taken = {source.source_id for source in registry()}
    folders = [part for part in urlsplit(url).path.split("/") if part and "." not in part]
    names = [stem, *(f"{stem}-{folder}" for folder in folders), *(f"{stem}-{n}" for n in range(2, 1000))]
    return next(name for name in names if name not in taken)
