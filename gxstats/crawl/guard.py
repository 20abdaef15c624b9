"""What the crawler will not do: talk to private addresses, leave the publisher, hurry a server."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from time import time
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from gxstats.places.trust import assess

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_SCHEMES = frozenset({"http", "https"})
_LONGEST_WAIT = 600.0


class Refused(IgnoreRequest):
    """A request that was not sent; ``state`` is what the ledger says of it."""

    def __init__(self, state: str, reason: str) -> None:
        self.state, self.reason = state, reason
        super().__init__(reason)


def is_private(address: str) -> bool:
    """Whether an IP address leads into a private network, or to this machine.

    Example:
        >>> [is_private(a) for a in ("127.0.0.1", "10.1.2.3", "::ffff:192.168.0.1", "202.96.128.86")]
        [True, True, True, False]
    """
    try:
        parsed = ipaddress.ip_address(address.strip("[]").split("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return not (mapped or parsed).is_global or parsed.is_multicast


def numeric_host(host: str) -> str | None:
    """The IP address that a host is, in any of the spellings that resolvers accept; None for a name.

    Example:
        >>> numeric_host("2130706433"), numeric_host("0x7f.1"), numeric_host("a.gov.cn")
        ('127.0.0.1', '127.0.0.1', None)
    """
    import socket

    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


class SafeResolver(CachingThreadedResolver):
    """Names that lead to private addresses do not resolve: checked on the address that is connected to."""

    allow_private = False
    refused: ClassVar[dict[str, str]] = {}
    """Name -> private address it led to, for the spider to tell."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> SafeResolver:
        """Made by Scrapy."""
        made: SafeResolver = super().from_crawler(crawler, reactor)
        made.allow_private = crawler.settings.getbool("GX_ALLOW_PRIVATE")
        return made

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:
        """The address of a name, refused if it is private."""
        found = super().getHostByName(name, timeout)
        found.addCallback(self._public, name)
        return found

    def _public(self, address: str, name: str) -> str:
        if not self.allow_private and is_private(address):
            self.refused[name] = address
            raise DNSLookupError(f"{name} leads to the private address {address}")
        return address


class Guard:
    """Looks at every request before it is sent, those after redirects included."""

    def __init__(self, crawler: Crawler) -> None:
        self._private = crawler.settings.getbool("GX_ALLOW_PRIVATE")
        self._hosts = frozenset(crawler.settings.getlist("GX_HOSTS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Guard:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse what must not be fetched.

        Raises:
            Refused: with the reason that the ledger keeps.
        """
        parts = urlsplit(request.url)
        host = (parts.hostname or "").lower()
        if parts.scheme not in _SCHEMES:
            raise Refused("outside", f"{parts.scheme} is not fetched")
        if host in SafeResolver.refused:
            raise Refused("outside", f"{host} leads to the private address {SafeResolver.refused[host]}")
        numeric = numeric_host(host)
        if not self._private and (host == "localhost" or (numeric and is_private(numeric))):
            raise Refused("outside", f"{host} is a private address")
        if not self.trusts(request.url):
            raise Refused("outside", f"{parts.netloc} is neither a government's host nor the source's own")

    def trusts(self, url: str) -> bool:
        """Whether an address is one of a government, or of a source that was asked for."""
        return urlsplit(url).netloc.lower() in self._hosts or assess(url).standing == "trusted"


class Patience:
    """Keeps to ``Retry-After`` and to ``Crawl-delay``: the next request to the host waits that long."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["USER_AGENT"])
        crawler.signals.connect(self._robots, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Patience:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Slow down when told to; the answer itself goes on to be retried."""
        wait = wait_of(response.headers.getlist("Retry-After")) if response.status in (429, 503) else 0.0
        if wait:
            self._slow(request, wait)
        return response

    def _robots(self, robotparser: Any, request: Request) -> None:
        asked = getattr(getattr(robotparser, "rp", None), "crawl_delay", lambda _: None)(self._agent)
        if asked:
            self._slow(request, float(asked))

    def _slow(self, request: Request, seconds: float) -> None:
        engine = self._crawler.engine
        downloader = getattr(engine, "downloader", None)
        if downloader is not None:
            # AutoThrottle brings the delay down again, step by step, when answers are good.
            slot = downloader.slots.get(request.meta.get("download_slot") or urlsplit(request.url).hostname)
            if slot is not None:
                slot.delay = max(slot.delay, min(seconds, _LONGEST_WAIT))


def wait_of(values: Iterable[bytes]) -> float:
    """Seconds that ``Retry-After`` asks for: a number, or a date.

    Example:
        >>> wait_of([b"7"]), wait_of([b"soon"]), wait_of([])
        (7.0, 0.0, 0.0)
    """
    for value in values:
        text = value.decode("latin-1").strip()
        if text.isdigit():
            return float(text)
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - time())
        except (ValueError, TypeError):
            continue
    return 0.0


class Certificates(_ScrapyClientContextFactory):
    """Certificates are checked, but for hosts whose row in the registry says that theirs is broken."""

    excused: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Certificates:
        """Made by Scrapy."""
        made: Certificates = super().from_crawler(crawler, *args, **kwargs)
        made.excused = frozenset(crawler.settings.getlist("GX_TLS_EXCUSED"))
        return made

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """The rules for one connection."""
        self._verify_certificates = hostname.decode("ascii") not in self.excused
        return super().creatorForNetloc(hostname, port)
