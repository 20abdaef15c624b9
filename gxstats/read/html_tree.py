"""HTML bytes to the element tree that every place in an HTML document refers to."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Final, NamedTuple

from lxml import etree

from gxstats.errors import LimitExceeded, ReadError
from gxstats.read.encoding import decode
from gxstats.read.html_limits import refuse_bombs
from gxstats.read.limits import MAX_DEPTH, check_input

_SUSPECT: Final = re.compile(rb"</(?:body|html|br)[\s/>]", re.IGNORECASE)
_END_OF_CELL: Final = re.compile(rb"</t[dhrab]|<tr|</body|</html")
"""What ends a cell besides another cell."""
_END_OF_PAGE: Final = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_BREAK: Final = re.compile(rb"</br\s*/?>", re.IGNORECASE)
_NOTHING: Final = b"<html><body></body></html>"


class Tree(NamedTuple):
    """A parsed page."""

    root: etree._Element
    """The ``html`` element."""
    undecoded: int
    """How many characters could not be decoded."""
    footnotes: bool
    """Whether links may be the marks of Word's footnotes; if not, looking for them is saved."""
    cut: bool = False
    """Whether the page ends inside its last cell, as a download that broke off does."""


def html_tree(data: bytes, declared: str | None = None) -> Tree:
    """Parse a page or a fragment of one.

    It is lxml's HTML tree of the decoded bytes, except where that would lose or glue text:
    libxml2 drops whatever follows a ``</html>`` in the middle of the page (reports pasted whole
    into an article have one), so such end tags are removed, as browsers ignore them; ``</br>``
    is read as ``<br>``, as browsers do, or ``1</br>2`` would be 12.

    Args:
        data: The bytes of the page.
        declared: The charset of the HTTP header, if known.

    Returns:
        The tree and what the bytes tell about it.

    Raises:
        LimitExceeded: The page is too large, too deep, has a text or attribute of over 10 MB, or more tags
            or attributes than any page.
            libxml2 would return the page up to that point without a word.
        ReadError: libxml2 gave up for another reason.

    Example:
        >>> tree = html_tree("<p>年报</p></html><p>12".encode())
        >>> [paragraph.text for paragraph in tree.root.iter("p")]
        ['年报', '12']
    """
    check_input(data)
    text, encoding = decode(data, declared)
    undecoded = text.count("\ufffd")
    # Encoding again what was decoded without a change is saved.
    same = encoding == "utf-8" and not undecoded and not data.startswith(BOM_UTF8) and b"\0" not in data
    page = _repaired(data if same else text.encode("utf-8", "replace"))
    refuse_bombs(page)
    return Tree(_parsed(page), undecoded, b"#_ftn" in page, _is_cut(page))


def _is_cut(page: bytes) -> bool:
    lower = page.lower()
    last = max(lower.rfind(b"<td"), lower.rfind(b"<th"))
    return last >= 0 and _END_OF_CELL.search(lower, last) is None


def _parsed(page: bytes) -> etree._Element:
    parser = etree.HTMLParser(
        encoding="utf-8",
        recover=True,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root: etree._Element | None = etree.fromstring(page, parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(getattr(error, "code", None), str(error.msg), error.lineno) from error
    except ValueError as error:
        raise ReadError(f"the page cannot be parsed: {error}") from error
    last = parser.error_log.last_error
    if last is not None and last.level == etree.ErrorLevels.FATAL:
        raise _refusal(last.type, last.message, last.line)
    if root is None:  # nothing but comments and blanks
        root = etree.fromstring(_NOTHING, parser)
    return root


def _refusal(code: int | None, message: str, line: int | None) -> ReadError:
    """What libxml2's giving up means for the caller."""
    where = f"line {line}" if line else ""
    if code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return LimitExceeded(
            f"the markup is nested more than {MAX_DEPTH} deep, or one text or attribute has over 10 MB",
            hint="save the page again from a browser",
            where=where,
        )
    return ReadError(f"the page cannot be parsed: {message.strip()}", where=where)


def _repaired(page: bytes) -> bytes:
    suspect = _SUSPECT.search(page)
    if suspect is None:
        return page
    start = suspect.start()
    rest = _END_OF_PAGE.sub(b"", page[start:])
    # Nothing left: the page ends as a page should, and its tree is that of the bytes as they are.
    return page[:start] + _BREAK.sub(b"<br>", rest) if rest.strip() else page
