"""The files that a report page carries: links, viewers and frames around them, images of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from gxstats.crawl.page import Page
from gxstats.places.address import split_address

_ENDINGS: Final = "pdf|docx?|wps|ofd|xlsx?|et|rtf|odt|zip"
_FILE: Final = re.compile(rf"\.(?:{_ENDINGS})$", re.I)
_SHOWN_BY: Final = frozenset({"file", "src", "url", "path", "pdf", "fileurl", "filepath", "pdfurl", "furl"})
_IMAGE: Final = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?|webp)$", re.I)
_QUOTED: Final = re.compile(
    rf"""["']([^"'<>\s]{{1,500}}\.(?:{_ENDINGS})(?:\?[^"'<>\s]{{0,200}})?)["']""", re.I
)
_PLACES: Final = (("a", "href"), ("iframe", "src"), ("embed", "src"), ("object", "data"), ("frame", "src"))
_CHROME: Final = re.compile(
    "logo|icon|banner|wza|weixin|wechat|qrcode|erweima|share|jiucuo|dangzheng|bullet", re.I
)
_TABLE: Final = re.compile("本年新收|予以公开|结果维持|收到申请数")
MOST: Final = 20
"""Files taken from one page; a report has one, a few annexes at most."""
_LITTLE_TEXT: Final = 600


class Attachment(NamedTuple):
    """A file that a page links to, and the words of the link."""

    url: str
    title: str = ""


def attachments(page: Page) -> list[Attachment]:
    """The files of a report page, in order, each once.

    Viewers that are given the file as a parameter (``viewer.html?file=``) are seen through. Images
    count only where a page has no table of the form and little text: then its tables are pictures.

    Example:
        >>> body = b'<a href="viewer.html?file=%2Fup%2F2023.pdf">x</a><iframe src="a.ofd"></iframe>'
        >>> [a.url for a in attachments(Page("http://a.gov.cn/nb/1.html", body))]
        ['http://a.gov.cn/up/2023.pdf', 'http://a.gov.cn/nb/a.ofd']
    """
    found: dict[str, Attachment] = {}
    for address, title in _links(page):
        target = _file_behind(address)
        url = page.join(target).split("#")[0] if target else ""
        if split_address(url):
            found.setdefault(url, Attachment(url, title))
    if not found and not _TABLE.search(page.text):
        for url in _pictures(page):
            found.setdefault(url, Attachment(url))
    return list(found.values())[:MOST]


def _links(page: Page) -> Iterator[tuple[str, str]]:
    for tag, attribute in _PLACES:
        for element in page.tree.iter(tag):
            address = element.get(attribute) or ""
            words = "".join(element.itertext()).strip() or element.get("title") or ""
            yield address, " ".join(words.split())[:200]
    for script in page.tree.iter("script"):
        for match in _QUOTED.finditer(script.text or ""):
            yield match[1].replace("\\/", "/"), ""


def _file_behind(address: str) -> str | None:
    """The file an address leads to: itself, or what a viewer is told to show."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https"):
        return None
    for name, value in parse_qsl(parts.query):
        if _FILE.search(value.split("?")[0]):
            # downfile.jsp?filename=1.docx sends the file; viewer.html?file=/up/1.docx shows another address.
            return value if name.lower() in _SHOWN_BY else address
    return address if _FILE.search(unquote(parts.path)) else None


def _pictures(page: Page) -> Iterator[str]:
    shown = "".join("".join(page.tree.itertext("p", "td", "span", "div")).split())
    if len(shown) > _LITTLE_TEXT * 4:
        return
    for element in page.tree.iter("img"):
        source = element.get("src") or element.get("data-src") or ""
        parts = split_address(page.join(source))
        if parts and _IMAGE.search(parts.path) and not _CHROME.search(parts.path):
            yield page.join(source)
