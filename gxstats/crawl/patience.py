"""Not hurrying a server: ``Retry-After``, ``Crawl-delay``, and a robots.txt that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from twisted.python.failure import Failure

from gxstats.crawl.guard import CLOSED, Refused, said_of

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response

LONGEST_WAIT = 600.0
"""Seconds; a host that asks for more is left alone for the rest of the run."""
_LONGEST_ROBOTS = 512_000


class Throttle(AutoThrottle):  # type: ignore[misc]
    """AutoThrottle that never goes below ``Crawl-delay`` and waits as long as ``Retry-After`` says."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"])
        self._least: dict[str, float] = {}
        self._usual: dict[str, float] = {}  # of hosts that asked to wait, until the wait is over
        crawler.signals.connect(self._robots, signal=signals.robots_parsed)
        crawler.signals.connect(self._asked, signal=signals.request_reached_downloader)

    def _asked(self, request: Request, spider: Spider) -> None:
        # Scrapy forgets the slot of a host that is not asked for a while.
        key, slot = self._get_slot(request, spider)
        if slot is not None:
            slot.delay = max(slot.delay, self._least.get(key, 0.0))

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        # Here and not in a middleware: the next request to the host is timed right after this.
        key, slot = self._get_slot(request, spider)
        if slot is not None and key in self._usual:
            slot.delay = self._usual.pop(key)
        super()._response_downloaded(response, request, spider)
        if slot is None:
            return
        slot.delay = max(slot.delay, self._least.get(key, 0.0))
        wait = wait_of(response.headers.getlist("Retry-After")) if response.status in (429, 503) else 0.0
        if wait > LONGEST_WAIT:
            self._close(key, f"{key} asks to wait for {wait:.0f} seconds")
        elif wait:
            self._usual[key] = slot.delay
            # Scrapy counts from when the request was sent, the server from its answer.
            slot.delay = max(slot.delay, wait + monotonic() - slot.lastseen)

    def _robots(self, robotparser: Any, request: Request) -> None:
        asked = getattr(getattr(robotparser, "rp", None), "crawl_delay", lambda _: None)(self._agent)
        key = self.crawler.engine.downloader.get_slot_key(request)
        if asked and float(asked) > LONGEST_WAIT:
            self._close(key, f"robots.txt of {key} asks for {float(asked):.0f} seconds between requests")
        elif asked:
            self._least[key] = float(asked)
            slot = self.crawler.engine.downloader.slots.get(key)
            if slot is not None:
                slot.delay = max(slot.delay, float(asked))

    def _close(self, key: str, reason: str) -> None:
        CLOSED[key] = ("blocked", reason)
        slot = self.crawler.engine.downloader.slots.get(key)
        while slot is not None and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(Refused("blocked", reason)))


class RobotsRule:
    """What RFC 9309 says of a robots.txt that is not there (all is allowed) or cannot be read (nothing)."""

    def __init__(self) -> None:
        self._unread: dict[str, Refused] = {}

    def process_request(self, request: Request) -> None:
        """Refuse a request to a host whose rules are unknown.

        Raises:
            Refused: with the reason that the ledger keeps.
        """
        unread = self._unread.get(_netloc(request))
        if unread is not None and not _is_robots(request):
            raise Refused(unread.state, unread.reason)

    def process_response(self, request: Request, response: Response) -> Response:
        """Cut a robots.txt to what is read of it; note one that the server fails to give."""
        if not _is_robots(request):
            return response
        if response.status >= 500:
            reason = f"robots.txt cannot be read: the server answers {response.status}"
            self._unread[_netloc(request)] = Refused("blocked", reason)
        return response.replace(body=b"" if response.status >= 400 else response.body[:_LONGEST_ROBOTS])

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that a host does not even answer for its robots.txt."""
        if _is_robots(request) and not isinstance(exception, IgnoreRequest):
            reason = f"robots.txt cannot be read: {said_of(exception)}"
            self._unread[_netloc(request)] = Refused("failed", reason)


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))


def _netloc(request: Request) -> str:
    # A redirect of robots.txt speaks for the host that was asked first.
    return str((request.meta.get("redirect_urls") or [request.url])[0]).split("/")[2].lower()


def wait_of(values: Iterable[bytes]) -> float:
    """Seconds that ``Retry-After`` asks for: a number, or a date.

    Example:
        >>> wait_of([b"7"]), wait_of([b"soon"]), wait_of([])
        (7.0, 0.0, 0.0)
    """
    for value in values:
        text = value.decode("latin-1").strip()[:40]
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - time())
        except (ValueError, TypeError, OverflowError):
            continue
    return 0.0
