"""Not hurrying a server: ``Retry-After``, ``Crawl-delay``, and a robots.txt that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from twisted.internet.defer import Deferred

from gxstats.crawl.guard import Refused, leave_alone, refuse_closed, said_of

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

LONGEST_WAIT = 600.0
"""Seconds; a host that asks for more is left alone for the rest of the run."""
_LONGEST_ROBOTS = 512_000


class Throttle(AutoThrottle):
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
        if slot is not None and key is not None:
            slot.delay = max(slot.delay, self._least.get(key, 0.0))

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        # Here and not in a middleware: the next request to the host is timed right after this.
        key, slot = self._get_slot(request, spider)
        if slot is not None and key in self._usual:
            slot.delay = self._usual.pop(key)
        super()._response_downloaded(response, request, spider)
        if slot is None or key is None:
            return
        slot.delay = max(slot.delay, self._least.get(key, 0.0))
        wait = wait_of(response.headers.getlist("Retry-After")) if response.status in (429, 503) else 0.0
        if wait > LONGEST_WAIT:
            leave_alone(self.crawler, key, "blocked", f"{key} asks to wait for {wait:.0f} seconds")
        elif wait:
            self._usual[key] = slot.delay
            # Scrapy counts from when the request was sent, the server from its answer.
            slot.delay = max(slot.delay, wait + monotonic() - slot.lastseen)

    def _robots(self, robotparser: Any, request: Request) -> None:
        asked = getattr(getattr(robotparser, "rp", None), "crawl_delay", lambda _: None)(self._agent)
        key = self.crawler.engine.downloader.get_slot_key(request)
        if asked and float(asked) > LONGEST_WAIT:
            leave_alone(
                self.crawler,
                key,
                "blocked",
                f"robots.txt of {key} asks for {float(asked):.0f} seconds between requests",
            )
        elif asked:
            self._least[key] = float(asked)
            slot = self.crawler.engine.downloader.slots.get(key)
            if slot is not None:
                slot.delay = max(slot.delay, float(asked))


class Robots(RobotsTxtMiddleware):
    """Obeys robots.txt; one that is not there allows all, one that cannot be read nothing (RFC 9309)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: dict[str, Refused] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Refuse what robots.txt forbids, and all requests to a host whose rules are unknown.

        Raises:
            Refused: with the reason that the ledger keeps.
            IgnoreRequest: robots.txt forbids it.
        """
        await super().process_request(request)
        if _is_robots(request):
            return
        refuse_closed(request)  # what robots.txt said may have closed the host
        unread = self._unread.get(_netloc(request))
        if unread is not None:
            raise Refused(unread.state, unread.reason)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of a host."""
        found = await super().robot_parser(request)
        # Of several requests that wait for one robots.txt, Scrapy 2.19 gives only the first its rules.
        held = self._parsers.get(_netloc(request))
        return found if held is None or isinstance(held, Deferred) else held

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
    asked = request.meta.get("redirect_urls") if _is_robots(request) else None
    return urlsplit(asked[0] if asked else request.url).netloc


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
