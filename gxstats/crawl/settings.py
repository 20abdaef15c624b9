"""How the crawler behaves: honest, slow and careful unless a test says otherwise."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from gxstats.errors import GxError
from gxstats.version import __version__

CONTACT = "GXSTATS_CONTACT"
"""Environment variable with an address of a person whom a server's operator can write to."""
MAX_BYTES = 60_000_000
_ROBOTS_FIRST = 100


class NoContact(GxError, ValueError):
    """Nobody is named whom the operator of a server could write to."""


@dataclass(frozen=True)
class Manners:
    """How to treat servers.

    Attributes:
        contact: mail or web address in the User-Agent.
        delay: seconds between requests to a host, at least 1 outside tests.
        timeout: seconds for one answer, its body included.
        retries: how often a failed request is repeated.
        max_bytes: largest answer.
        allow_private: talk to private addresses; only tests need this.
    """

    contact: str
    delay: float = 1.0
    timeout: float = 180.0
    retries: int = 3
    max_bytes: int = MAX_BYTES
    allow_private: bool = False

    def __post_init__(self) -> None:
        """Check.

        Raises:
            GxError: servers of others would be asked more than once a second.
        """
        if self.delay < 1 and not self.allow_private:
            raise GxError("at most one request a second", hint="delay is at least 1")


def contact_of(contact: str | None) -> str:
    """The contact that is told to servers: the one given, or that of the environment.

    Raises:
        NoContact: there is none, or it is neither a mail nor a web address.

    Example:
        >>> contact_of("mailto:desk@example.org")
        'mailto:desk@example.org'
    """
    found = (contact or os.environ.get(CONTACT, "")).strip()
    if not re.fullmatch(r"[^\s()@]+@[^\s()@]+\.[^\s()@]+|https?://[^\s()]+", found):
        raise NoContact(
            "the crawler tells every server whom to write to: a mail or web address is needed",
            hint=f"pass contact= (--contact), or set {CONTACT}",
        )
    return found


_THROTTLE = {"scrapy.extensions.throttle.AutoThrottle": None, "gxstats.crawl.patience.Throttle": 0}
_MIDDLEWARES = {
    "gxstats.crawl.guard.Guard": _ROBOTS_FIRST - 50,  # before robots.txt of a host is asked for
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "gxstats.crawl.patience.Robots": _ROBOTS_FIRST,
}


def scrapy_settings(manners: Manners, hosts: list[str], excused: list[str]) -> dict[str, Any]:
    """The settings of Scrapy: robots obeyed, one request at a time and a second per host, answers bounded."""
    # Without any delay Scrapy would send all it has to a host at once.
    delay = max(manners.delay, 0.001)
    return {
        "USER_AGENT": f"gxstats/{__version__} (+{manners.contact})",
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "gxstats",
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_MAX_DELAY": 600,
        "EXTENSIONS": _THROTTLE,
        "DOWNLOAD_TIMEOUT": manners.timeout,
        "DOWNLOAD_MAXSIZE": manners.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOADER_CLIENTCONTEXTFACTORY": "gxstats.crawl.guard.Certificates",
        "DNS_RESOLVER": "gxstats.crawl.guard.SafeResolver",
        "DNS_TIMEOUT": 20,
        "DOWNLOAD_HANDLERS": {"file": None, "ftp": None, "s3": None, "data": None},
        "RETRY_TIMES": manners.retries,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_MAXDELAY": 5,
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names where nobody checks the address
        "COOKIES_ENABLED": True,
        "LOG_LEVEL": "CRITICAL",  # what fails is in the ledger and in the summary
        "TELNETCONSOLE_ENABLED": False,
        "GX_ALLOW_PRIVATE": manners.allow_private,
        "GX_HOSTS": hosts,
        "GX_TLS_EXCUSED": excused,
        "DOWNLOADER_MIDDLEWARES": _MIDDLEWARES,
    }
