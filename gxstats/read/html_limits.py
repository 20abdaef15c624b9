"""Pages that libxml2 would be busy with for minutes: refused before they are parsed."""

from __future__ import annotations

import re
from typing import Final

from gxstats.errors import LimitExceeded

MAX_TAGS: Final = 500_000
"""Signs ``<`` of one page; libxml2 takes some 500 bytes for each element."""
MAX_ATTRIBUTES: Final = 1_000
"""Attributes of one element: libxml2 compares each new one with all before, 40,000 take it 12 seconds."""
_SMALL, _LARGE = 64_000, 250_000
"""A page of so many bytes has no room for attributes that take a second; one of so many may hide them."""
_STRETCH: Final = 8_000
"""Bytes without a sign that may end a tag, from which the tags of a page of middle size are looked at."""
_ATTRIBUTE: Final = rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)?+)?+"""
_RAW: Final = b"|".join(
    # A group that refers to what the tag was called is more than re can do in a possessive repeat.
    rb"<%b(?![a-z])(?s:.*?)(?:</%b|\Z)" % (name, name)
    for name in b"script style textarea title xmp iframe noembed noframes".split()
)
_PAGE: Final = re.compile(
    rb"(?:[^<]++"
    rb"|<!--(?s:.*?)(?:-->|\Z)"
    rb"|" + _RAW + rb"|<[a-z][^\s/>]*+"
    rb"(?:" + _ATTRIBUTE + rb"){0,%d}+(?!" % MAX_ATTRIBUTES + _ATTRIBUTE + rb")"
    rb"|<(?![a-z]))*+",
    re.IGNORECASE,
)  # fmt: skip
"""A page up to the first tag with too many attributes; takes one step for each byte, whatever the bytes."""


def refuse_bombs(page: bytes) -> None:
    """Refuse a page with more elements, or attributes of one element, than any page of a report.

    Args:
        page: The bytes of the page, in an encoding that keeps ASCII.

    Raises:
        LimitExceeded: There are too many of either.

    Example:
        >>> refuse_bombs(b"<p class='a' title='>'>12</p>")
    """
    if len(page) < _SMALL:
        return
    tags = page.count(b"<")
    if tags > MAX_TAGS:
        raise LimitExceeded(
            f"the page has {tags:,} tags; {MAX_TAGS:,} are read at most",
            hint="is this the report itself, or an export of a whole site?",
        )
    if len(page) < _LARGE and not _has_stretch(page):
        return  # as nearly all pages: looking at every tag takes a sixth of the time of reading it
    found = _PAGE.match(page)
    if found is None or found.end() < len(page):
        raise LimitExceeded(
            f"an element has more than {MAX_ATTRIBUTES:,} attributes",
            hint="save the page again from a browser",
            where=f"byte {found.end() if found else 0:,}",
        )


def _has_stretch(page: bytes) -> bool:
    """Whether so many bytes stand together without a sign that may end a tag."""
    start = 0
    while len(page) - start >= _STRETCH:
        # The last sign within reach is found at once, wherever the others stand.
        last = page.rfind(b">", start, start + _STRETCH)
        if last < 0:
            return True
        start = last + 1
    return False
