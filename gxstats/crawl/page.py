"""What a platform sees and says: a fetched page, the source it belongs to, and what it finds on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import urljoin

from gxstats.read.encoding import decode

Method = Literal["GET", "POST"]


@dataclass(frozen=True)
class Page:
    """An answer of a server: bytes as sent, after redirects; nothing here touches the network."""

    url: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The body as text; the page's own bytes decide the charset, not its header.

        Example:
            >>> Page("http://a.gov.cn/", "年报".encode("gb18030")).text
            '年报'
        """
        return decode(self.body, self.headers.get("charset"))[0]

    @cached_property
    def tree(self) -> Any:
        """The body as an lxml element, without network and without external entities.

        What cannot be parsed is an empty page: a server may answer anything.
        """
        from lxml import etree, html

        parser = html.HTMLParser(no_network=True, encoding="utf-8", huge_tree=False)
        try:
            text = self.text.strip().encode("utf-8", "replace")
            return html.document_fromstring(text or b"<html/>", parser=parser)
        except (etree.LxmlError, ValueError):
            return html.document_fromstring(b"<html/>")

    def join(self, address: str) -> str:
        """An address on this page as an absolute one; a malformed one stays as it is.

        Example:
            >>> Page("http://a.gov.cn/nb/index.html", b"").join("./t1.html")
            'http://a.gov.cn/nb/t1.html'
        """
        try:
            return urljoin(self.url, address.strip())
        except ValueError:
            return address.strip()


class Ask(NamedTuple):
    """Another address to fetch before the list is complete: a next page, or the JSON behind a page."""

    url: str
    why: str
    method: Method = "GET"
    form: tuple[tuple[str, str], ...] = ()


class Found(NamedTuple):
    """A page that may be a report; the spider decides by title and year whether to fetch it."""

    url: str
    title: str = ""
    published_on: str | None = None
    year: int | None = None


class Lost(NamedTuple):
    """Something of the list that could not be understood: an alarm, never silence."""

    what: str
    hint: str = ""


Finding = Ask | Found | Lost


class SourceParams(Protocol):
    """What a platform may ask of a row of the registry."""

    @property
    def list_url(self) -> str:
        """Where the list begins."""

    @property
    def params(self) -> Mapping[str, str]:
        """Settings of this publisher that no page tells (area code, column, unit)."""

    @property
    def years(self) -> tuple[int, ...]:
        """The years asked for; empty for all."""


class Platform(Protocol):
    """A publishing system: recognised by a page, and read."""

    name: str

    def sniff(self, page: Page) -> int:
        """How sure this page is one of the platform: 0 not at all, 100 beyond doubt."""

    def start(self, source: SourceParams) -> Iterable[Ask | Found]:
        """The first addresses to fetch for a source: lists, or reports whose addresses are known."""

    def list_reports(self, page: Page, source: SourceParams) -> Iterable[Finding]:
        """What a fetched list page (or its JSON) holds, and what to ask next."""
