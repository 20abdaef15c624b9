"""The spider: lists, report pages and their attachments, each noted before it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from gxstats.archive import Archive
from gxstats.archive.capture import clean, outcome
from gxstats.crawl.answers import Answer, judge, led_away
from gxstats.crawl.attachments import attachments
from gxstats.crawl.guard import leave_alone, said_of
from gxstats.crawl.ledger import Address, Kind, RunLedger, State, now
from gxstats.crawl.page import Ask, Found, Page
from gxstats.crawl.platforms import platform
from gxstats.crawl.sources import Source
from gxstats.crawl.titles import choose
from gxstats.places.address import same_source, split_address

_PRIORITY = {"list": 0, "report": 1, "attachment": 2}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MOST: Final[dict[Kind, int]] = {"list": 2_000, "report": 10_000}
"""Addresses that a source may name; ``most_lists=`` and ``most_reports=`` in its params say otherwise."""
MOST_IN_VAIN: Final = 10
"""Answers in a row that are no page, after which a host is left alone for the rest of the run."""
_ALIKE = 3
_MOST_HEADERS = 100_000


class ReportsSpider(Spider):
    """Fetches the reports of sources into an archive; the ledger of runs says where a run stands."""

    name = "reports"

    def __init__(
        self, archive: Archive, ledger: RunLedger, run: int, sources: list[Source], **options: Any
    ) -> None:
        super().__init__()
        self._archive, self._ledger, self._run = archive, ledger, run
        self._sources = {source.source_id: source for source in sources}
        self._limit: int | None = options.get("limit")
        self._dry: bool = options.get("dry_run", False)
        self._tell = options["tell"]
        self._named: Counter[tuple[str, Kind]] = Counter()
        self._in_vain: Counter[str] = Counter()
        self._same: dict[tuple[str, str | None], set[str]] = {}
        self._taken = sum(a.kind == "report" and a.state == "fetched" for a in ledger.addresses(run))

    async def start(self) -> AsyncIterator[Request]:
        """The first addresses of every source, or what an interrupted run has left to do."""
        for request in [*self._seeds()]:
            yield request

    def _seeds(self) -> Iterator[Request]:
        for address in self._ledger.addresses(self._run, "discovered"):
            if address.source_id in self._sources and self._wanted(address):
                yield self._request(address)

    def _wanted(self, address: Address) -> bool:
        if address.kind == "list":
            return True
        if self._dry or (self._limit is not None and address.kind == "report" and self._taken >= self._limit):
            return False
        self._taken += address.kind == "report"
        return True

    def _request(self, address: Address) -> Request:
        ask = address.ask
        body, headers = (urlencode(ask.form), _FORM) if ask.method == "POST" else ("", {})
        if address.referrer:
            headers = {**headers, "Referer": address.referrer}
        return Request(
            ask.url,
            self._answered,
            method=ask.method,
            body=body,
            headers=headers,
            errback=self._failed,
            dont_filter=True,  # the ledger knows what was asked for
            priority=_PRIORITY[address.kind],
            cb_kwargs={"address": address},
            # Answers that say no are judged here; those worth repeating are repeated first.
            meta={"handle_httpstatus_list": [401, 403, 404, 405, 406, 410, 412, 418, 429, 451, 521, 567]},
        )

    def _noted(self, source: Source, kind: Kind, ask: Ask, **told: Any) -> Iterator[Address]:
        """Note an address; given back if it is to be fetched in this run."""
        url = clean(ask.url) or ""
        if not _is_address(url):
            self._alarm(source, "not_understood", f"this is no http address: {url[:200]!r}")
            return
        address = Address(source.source_id, kind, ask._replace(url=url), **told)
        if self._ledger.discover(self._run, address) and address.state == "discovered":
            self._tell("found", kind=kind)
            if self._wanted(address):
                yield address

    def _answered(self, response: Response, address: Address) -> list[Request]:
        try:
            further = [*self._heard(response, address)]
        except OSError as error:  # those of the ledgers as well; the address stays to be fetched
            raise CloseSpider(f"the archive cannot be written: {error}") from error
        return [self._request(a) for a in further]

    def _heard(self, response: Response, address: Address) -> Iterator[Address]:
        page = Page(response.url, response.body, response.status, _charset(response))
        answer = judge(page)
        if answer.kind == "page" and (away := led_away(address.ask.url, response.url)):
            answer = Answer("gone", away)
        if answer.kind != "page":
            self._settle(address, answer.kind, reason=answer.reason)
        elif address.kind == "list":
            # Lists are no documents: what they said is in the ledger of runs.
            with self._ledger.together():
                further = [*self._listed(page, address)]
                self._ledger.settle(self._run, address, "fetched")
            self._note(address, "fetched")
            # Some publishers keep the newest report itself where a list would be.
            here = [a for a in further if a.kind == "report" and same_source(a.ask.url, page.url)]
            for report in here:
                yield from self._had(page, response, report)
            yield from (a for a in further if a not in here)
        else:
            yield from self._had(page, response, address)

    def _had(self, page: Page, response: Response, address: Address) -> list[Address]:
        """Keep a report or file that came; the addresses of its files."""
        got = self._kept(response, address)
        with self._ledger.together():
            further = [*self._attached(page, address)]
            self._ledger.settle(self._run, address, "fetched", outcome=got)
        self._note(address, "fetched")
        return further

    def _kept(self, response: Response, address: Address) -> str:
        capture = self._archive.add(
            response.body,
            url=address.ask.url,
            final_url=response.url if response.url != address.ask.url else None,
            fetched_at=now(),
            status=response.status,
            headers=_headers(response),
            title=address.title,
            referrer=address.referrer,
            source_row=address.source_id,
        )
        if address.kind == "report":
            self._compare(address, capture.sha256)
        return outcome(capture)

    def _compare(self, address: Address, sha256: str | None) -> None:
        """Many reports of a source with the same bytes are a challenge or an error that no mark gave away."""
        same = self._same.setdefault((address.source_id, sha256), set())
        same.add(address.place)
        if len(same) == _ALIKE:
            message = f"{_ALIKE} addresses or more have the same bytes, such as {address.ask.url}"
            self._alarm(self._sources[address.source_id], "same_bytes", message)

    def _attached(self, page: Page, address: Address) -> Iterator[Address]:
        source = self._sources[address.source_id]
        if address.kind != "report" or source.params.get("attachments") == "no":
            return
        if page.body.lstrip()[:1] == b"<":
            for file in attachments(page):
                told = {"referrer": page.url, "title": file.title or address.title, "year": address.year}
                yield from self._noted(source, "attachment", Ask(file.url, "attached"), **told)

    def _listed(self, page: Page, address: Address) -> Iterator[Address]:
        source = self._sources[address.source_id]
        try:
            findings = list(platform(source.platform).list_reports(page, source))
        except Exception as error:  # a page may be anything: a fault of ours must not end the run
            self._alarm(source, "not_understood", f"{page.url}: {type(error).__name__}: {error}")
            return
        for finding in findings:
            if isinstance(finding, Ask):
                if self._room(source, "list"):
                    yield from self._noted(source, "list", finding, referrer=page.url)
            elif isinstance(finding, Found):
                if self._room(source, "report"):
                    yield from self._found(finding, page, source)
            else:
                self._alarm(source, "not_understood", f"{page.url}: {finding.what}")

    def _found(self, finding: Found, page: Page, source: Source) -> Iterator[Address]:
        choice = choose(finding, source.years)
        told = {"referrer": page.url, "title": finding.title, "year": choice.year}
        if not choice.fetch:
            told |= {"state": "passed_over", "reason": choice.reason}
        yield from self._noted(source, "report", Ask(finding.url, "listed"), **told)

    def _room(self, source: Source, kind: Kind) -> bool:
        """Whether a source may still name addresses: calendars and pages of tags never end."""
        said = source.params.get(f"most_{kind}s", "")
        most = int(said) if said.isascii() and said.isdigit() else MOST[kind]
        self._named[source.source_id, kind] += 1
        if self._named[source.source_id, kind] <= most:
            return True
        self._alarm(source, "too_many", f"more than {most:,} {kind}s are named; the rest is not asked for")
        return False

    def _failed(self, failure: Failure) -> None:
        address: Address = failure.request.cb_kwargs["address"]  # type: ignore[attr-defined]
        error: Any = failure.value
        state: State = getattr(error, "state", "failed")
        reason = said_of(error)
        if isinstance(error, IgnoreRequest) and "robots.txt" in reason:
            state = "blocked"
        response = getattr(error, "response", None)
        if response is not None:
            reason = f"the server answers {response.status}"
        asked = response is not None or not isinstance(error, IgnoreRequest)
        try:
            self._settle(address, state, asked=asked, reason=reason)
        except OSError as broken:
            raise CloseSpider(f"the archive cannot be written: {broken}") from broken

    def fault(self, failure: Failure, response: Response) -> None:
        """A mistake of ours on one answer: it becomes an alarm, the run goes on."""
        address: Address = response.cb_kwargs["address"]
        said = f"{type(failure.value).__name__}: {failure.value}"
        self._ledger.alarm(self._run, address.source_id, "internal_error", f"{response.url}: {said}")
        self._settle(address, "failed", asked=False, reason=said)

    def _settle(self, address: Address, state: State, *, asked: bool = True, **told: str | None) -> None:
        self._ledger.settle(self._run, address, state, **told)
        self._note(address, state if asked else None)

    def _note(self, address: Address, state: State | None) -> None:
        """Tell that an address is done; a host that only fails is left alone. None: it was not asked."""
        self._tell("done", kind=address.kind)
        host = urlsplit(address.ask.url).hostname or ""
        if state in ("failed", "blocked"):
            self._in_vain[host] += 1
            if self._in_vain[host] == MOST_IN_VAIN:
                said = f"{host} was asked {MOST_IN_VAIN} times in vain, and is not asked any more"
                leave_alone(self.crawler, host, state, said)
        elif state:
            self._in_vain[host] = 0

    def _alarm(self, source: Source, code: str, message: str) -> None:
        self._ledger.alarm(self._run, source.source_id, code, message)


def note_starts(ledger: RunLedger, run: int, sources: list[Source]) -> None:
    """Note the first addresses of sources; outside the loop, where a fault would only be logged."""
    for source in sources:
        for first in platform(source.platform).start(source):
            ledger.discover(run, _first(source, first))


def _first(source: Source, first: Ask | Found) -> Address:
    if isinstance(first, Ask):
        return Address(source.source_id, "list", first)
    year = choose(first, source.years).year
    return Address(source.source_id, "report", Ask(first.url, "known"), None, first.title or None, year)


def _charset(response: Response) -> dict[str, str]:
    """The charset that the server names; the page's own bytes are heard first."""
    named: bytes = response.headers.get("Content-Type") or b""
    return (
        {"charset": str(response.encoding)} if b"charset" in named and hasattr(response, "encoding") else {}
    )


def _headers(response: Response) -> list[tuple[str, str]]:
    """The headers as received, as far as they are of a size that answers have."""
    kept: list[tuple[str, str]] = []
    room = _MOST_HEADERS
    for name, values in response.headers.items():
        for value in values:
            room -= len(name) + len(value)
            if room < 0:
                return [*kept, ("gxstats-cut", "further headers")]
            kept.append((name.decode("latin-1"), value.decode("latin-1")))
    return kept


def _is_address(url: str) -> bool:
    if split_address(url) is None:
        return False
    try:
        Request(url)
    except ValueError:
        return False
    return True
