"""The spider: lists, report pages and their attachments, each noted before it is asked for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from gxstats.archive import Archive
from gxstats.archive.capture import outcome
from gxstats.crawl.answers import judge
from gxstats.crawl.attachments import attachments
from gxstats.crawl.ledger import Address, RunLedger, now
from gxstats.crawl.page import Ask, Found, Page
from gxstats.crawl.platforms import platform
from gxstats.crawl.sources import Source
from gxstats.crawl.titles import choose
from gxstats.places.address import split_address

_PRIORITY = {"list": 0, "report": 1, "attachment": 2}
_REASONS = {
    "DownloadCancelledError": "the answer is larger than is allowed",
    "DownloadFailedError": "the connection broke",
    "ResponseDataLossError": "the answer was cut",
}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


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

    def _noted(self, source: Source, kind: Any, ask: Ask, **told: Any) -> Iterator[Request]:
        if split_address(ask.url) is None:
            self._alarm(source, "not_understood", f"this is no http address: {ask.url[:200]!r}")
            return
        address = Address(source.source_id, kind, ask, **told)
        if self._ledger.discover(self._run, address) and address.state == "discovered":
            self._tell("found", kind=kind)
            if self._wanted(address):
                yield self._request(address)

    def _answered(self, response: Response, address: Address) -> Iterator[Request]:
        page = Page(response.url, response.body, response.status, _charset(response))
        answer = judge(page)
        if answer.kind != "page":
            self._settle(address, answer.kind, reason=answer.reason)
            return
        # Lists are no documents: what they said is in the ledger of runs.
        got = None if address.kind == "list" else self._kept(response, address)
        yield from self._follow(page, address)
        self._settle(address, "fetched", outcome=got)

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
        return outcome(capture)

    def _follow(self, page: Page, address: Address) -> Iterator[Request]:
        source = self._sources[address.source_id]
        if address.kind == "list":
            yield from self._listed(page, source)
        elif address.kind == "report" and page.body.lstrip()[:1] == b"<":
            for file in attachments(page):
                told = {"referrer": page.url, "title": file.title or address.title, "year": address.year}
                yield from self._noted(source, "attachment", Ask(file.url, "attached"), **told)

    def _listed(self, page: Page, source: Source) -> Iterator[Request]:
        try:
            findings = list(platform(source.platform).list_reports(page, source))
        except Exception as error:  # a page may be anything: a fault of ours must not end the run
            self._alarm(source, "not_understood", f"{page.url}: {type(error).__name__}: {error}")
            return
        for finding in findings:
            if isinstance(finding, Ask):
                yield from self._noted(source, "list", finding, referrer=page.url)
            elif isinstance(finding, Found):
                choice = choose(finding, source.years)
                told = {"referrer": page.url, "title": finding.title, "year": choice.year}
                if not choice.fetch:
                    told |= {"state": "passed_over", "reason": choice.reason}
                yield from self._noted(source, "report", Ask(finding.url, "listed"), **told)
            else:
                self._alarm(source, "not_understood", f"{page.url}: {finding.what}")

    def _failed(self, failure: Failure) -> None:
        address: Address = failure.request.cb_kwargs["address"]  # type: ignore[attr-defined]
        error = failure.value
        state = getattr(error, "state", "failed")
        reason = str(error) or _REASONS.get(type(error).__name__, type(error).__name__)
        if isinstance(error, IgnoreRequest) and "robots.txt" in reason:
            state = "blocked"
        response = getattr(error, "response", None)
        if response is not None:
            reason = f"the server answers {response.status}"
        self._settle(address, state, reason=reason)

    def fault(self, failure: Failure, response: Response) -> None:
        """A mistake of ours on one answer: it becomes an alarm, the run goes on."""
        address: Address = response.cb_kwargs["address"]
        said = f"{type(failure.value).__name__}: {failure.value}"
        self._ledger.alarm(self._run, address.source_id, "internal_error", f"{response.url}: {said}")
        self._settle(address, "failed", reason=said)

    def _settle(self, address: Address, state: Any, **told: str | None) -> None:
        self._ledger.settle(self._run, address, state, **told)
        self._tell("done", kind=address.kind, state=state)

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
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def as_line(event: str, **told: Any) -> str:
    """An event for the process that waits."""
    return json.dumps({"event": event, **told}, ensure_ascii=False)
