"""Saved web pages (MHT, MHTML) and messages that hold one: the page inside, read as HTML.

Word, WPS and browsers save a page with its pictures as one MIME message. The page itself is read, and its
pictures if it has no table; its frames and attachments are named and left out.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final
from urllib.parse import urljoin

from gxstats.errors import LimitExceeded, ReadError
from gxstats.model import Document, Issue
from gxstats.read.html import read_html
from gxstats.read.limits import MAX_PARTS, check_input, too_deep
from gxstats.read.sniff import MHT

_MAX_NESTED: Final = 20
"""Messages within messages; the parser calls itself for each."""
_MAX_LINES: Final = 600_000
"""Lines of a message, which are parsed one by one: 30 MB written as base64 have 400,000."""
_MAX_HEADER: Final = 20_000
"""Bytes of a header with parameters: the parser copies what is left of it for each of them."""
_DESCRIBING: Final = re.compile(rb"^content-[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)
_BOUNDARY: Final = re.compile(rb"^--", re.MULTILINE)
_NESTED: Final = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
# The parser of the standard library fails in many ways on headers made to confuse it.
_FAULTS: Final = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
_DOCUMENTS: Final = ("application/", "message/")
_NAME: Final = 80


def read_mht(data: bytes) -> Document:
    r"""Read the page of a saved web page.

    Args:
        data: The bytes of the file.

    Returns:
        What :func:`gxstats.read.html.read_html` makes of its main HTML part; places are those in that part.

    Raises:
        ReadError: It holds no HTML page, or is no such file at all.
        LimitExceeded: It has too many parts, or is nested too deeply.

    Example:
        >>> page = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
        >>> page += b"--x\nContent-Type: text/html; charset=utf-8\n\n<p>2023</p>\n--x--"
        >>> read_mht(page).readings[0].blocks[0].text
        '2023'
    """
    check_input(data)
    _check_parts(data)
    try:
        message = BytesParser(policy=compat32).parsebytes(data)
        pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
        page = _main(message, pages)
        html, charset = _payload(page), page.get_content_charset()
        issues = tuple(_left_out(message, page))
        pictures = _Pictures(message, str(page.get("Content-Location") or ""))
    except RecursionError as error:
        raise too_deep() from error
    except _FAULTS as error:
        raise ReadError(f"the saved page is damaged: {error}", hint="save the page as HTML") from error
    document = read_html(html, _known(charset), pictures)
    return replace(
        document,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MHT,
        issues=(*document.issues, *issues),
    )


def _check_parts(data: bytes) -> None:
    """Refuse before anything is parsed what would take long to parse."""
    lines = data.count(b"\n")
    if lines > _MAX_LINES:
        raise LimitExceeded(f"the saved page has {lines:,} lines; {_MAX_LINES:,} are read at most")
    if any(match.end() - match.start() > _MAX_HEADER for match in _DESCRIBING.finditer(data)):
        raise LimitExceeded(f"a header of the saved page has over {_MAX_HEADER:,} bytes")
    parts = sum(1 for _ in _BOUNDARY.finditer(data))
    # A line of the page itself may begin with two dashes; no page has so many more than parts.
    if parts > 2 * MAX_PARTS:
        raise LimitExceeded(f"the saved page has {parts:,} parts; {MAX_PARTS:,} are read at most")
    if sum(1 for _ in _NESTED.finditer(data)) > _MAX_NESTED:
        raise too_deep()


class _Pictures:
    """The pictures saved with a page, by the addresses it may give them."""

    def __init__(self, message: Message, base: str) -> None:
        self._base = base
        self._parts: dict[str, Message] = {}
        for part in message.walk():
            if part.get_content_maintype() == "image":
                identifier = str(part.get("Content-ID") or "").strip("<> ")
                for address in (str(part.get("Content-Location") or "").strip(), f"cid:{identifier}"):
                    self._parts.setdefault(address, part)

    def __call__(self, source: str) -> bytes | None:
        """The bytes of a picture, None if it was not saved with the page."""
        try:
            addresses = (source, urljoin(self._base, source))
            part = next((self._parts[address] for address in addresses if address in self._parts), None)
            found = None if part is None else part.get_payload(decode=True)
        except _FAULTS as error:
            raise ReadError(f"the picture cannot be decoded: {error}") from error
        return found if isinstance(found, bytes) else None


def _main(message: Message, pages: list[Message]) -> Message:
    """The page: the part the message begins with, else its first HTML part."""
    if not pages:
        raise ReadError("the message holds no web page", hint="save the page as HTML")
    start = str(message.get_param("start") or "")
    return next((p for p in pages if start and p.get("Content-ID") == start), pages[0])


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    if not isinstance(found, bytes):
        raise ReadError("the page of the message cannot be decoded", hint="save the page as HTML")
    return found


def _known(charset: str | None) -> str | None:
    try:
        return codecs.lookup(charset).name if charset else None
    except (LookupError, ValueError):
        return None


def _left_out(whole: Message, page: Message) -> Iterator[Issue]:
    """Other pages and documents in the message, by name; pictures and styles are not worth a word."""
    names = [
        _name(part)
        for part in whole.walk()
        if part is not page and not part.is_multipart() and _may_hold_text(part.get_content_type())
    ]
    if names:
        shown = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
        yield Issue(
            "warning", "frame", f"{len(names)} other pages or files of the message were not read: {shown}"
        )


def _may_hold_text(kind: str) -> bool:
    return kind == "text/html" or (kind.startswith(_DOCUMENTS) and "javascript" not in kind)


def _name(part: Message) -> str:
    name = str(part.get("Content-Location") or part.get_filename() or part.get_content_type())
    return "".join(sign for sign in name if sign.isprintable())[:_NAME]
