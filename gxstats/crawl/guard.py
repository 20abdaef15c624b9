"""What the crawler will not do: talk to private addresses, leave the publisher, insist."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from gxstats.places.trust import assess

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

_SCHEMES = frozenset({"http", "https"})
# IPv6 addresses that only wrap one of IPv4, and where it stands in them (RFC 6052, 3056, 4291).
_WRAPPED = (("64:ff9b::/96", 0), ("64:ff9b:1::/48", 0), ("2002::/16", 80), ("::/96", 0))
_REASONS = {
    "DownloadCancelledError": "the answer is larger than is allowed",
    "DownloadFailedError": "the connection broke",
    "ResponseDataLossError": "the answer was cut",
}
CLOSED: Final[dict[str, tuple[str, str]]] = {}
"""Hosts that are asked nothing more in this run: what becomes of their addresses, and why."""


class Refused(IgnoreRequest):
    """A request that was not sent; ``state`` is what the ledger says of it."""

    def __init__(self, state: str, reason: str) -> None:
        self.state, self.reason = state, reason
        super().__init__(reason)


def leave_alone(crawler: Crawler, host: str, state: str, reason: str) -> None:
    """Ask a host nothing more in this run; what waits for its turn is refused."""
    CLOSED[host] = (state, reason)
    slot = crawler.engine.downloader.slots.get(host) if crawler.engine else None
    while slot is not None and slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(Refused(state, reason))


def refuse_closed(request: Request) -> None:
    """Refuse a request to a host that is left alone.

    Raises:
        Refused: with the reason that the ledger keeps.
    """
    host = (urlsplit(request.url).hostname or "").lower()
    if host in CLOSED:
        raise Refused(*CLOSED[host])


def said_of(error: BaseException) -> str:
    """Why something failed, in words."""
    return str(error) or _REASONS.get(type(error).__name__, type(error).__name__)


def is_private(address: str) -> bool:
    """Whether an IP address leads into a private network, or to this machine.

    Example:
        >>> [is_private(a) for a in ("127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::a00:1", "202.96.128.86")]
        [True, True, True, False]
    """
    try:
        parsed = ipaddress.ip_address(address.strip("[]").split("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        wrapped = parsed.ipv4_mapped or _unwrapped(parsed)
        return bool(wrapped and is_private(str(wrapped))) or (not wrapped and not _is_public(parsed))
    return not _is_public(parsed)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def _unwrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    for network, shift in _WRAPPED:
        if address in ipaddress.IPv6Network(network):
            return ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return None


def numeric_host(host: str) -> str | None:
    """The IP address that a host is, in any of the spellings that resolvers accept; None for a name.

    Example:
        >>> numeric_host("2130706433"), numeric_host("0x7f.1"), numeric_host("a.gov.cn")
        ('127.0.0.1', '127.0.0.1', None)
    """
    import socket

    plain = host.strip("[]").rstrip(".")
    try:
        return str(ipaddress.ip_address(plain))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(plain))
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
        refuse_closed(request)
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
