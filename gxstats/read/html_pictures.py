"""Where the pictures of an HTML page come from: written into the page itself, or kept elsewhere."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import unquote_to_bytes

from lxml import etree

from gxstats.errors import ReadError
from gxstats.read.pictures import Picture

Lookup = Callable[[str], bytes | None]
"""Address of a picture -> its bytes, if they came with the page."""
_LATER: Final = ("data-src", "data-original", "original", "data-lazy-src")
"""Attributes from which scripts take the address of a picture when it comes into view."""
_INLINE: Final = "data:"
_WIDE: Final = 300
_ICON: Final = 100
_PHOTO_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff")
_HEAD: Final = 40


def is_likely(element: etree._Element, owner: str) -> bool:
    """Whether a picture outside tables may be content: wide, or a photo format inside a ``<p>``.

    Example:
        >>> is_likely(etree.fromstring("<img src='/a.png'/>"), "/html/body[1]/p[1]")
        True
    """
    width = _width(element)
    source = (element.get("src") or "").partition("?")[0].lower()
    in_paragraph = owner.rpartition("/")[2].startswith("p[")
    return width >= _WIDE or (not width and in_paragraph and source.endswith(_PHOTO_ENDINGS))


def picture_of(element: etree._Element, path: str, likely: bool, lookup: Lookup | None) -> Picture | None:
    """A picture that may be a table; None if it is stated to be no larger than an icon, or is not at hand.

    Example:
        >>> picture_of(
        ...     etree.fromstring("<img src='/icon.gif'/>"), "/html/body[1]/img[1]", False, None
        ... ) is None
        True
    """
    source = source_of(element)
    at_hand = _is_inline(source) or lookup is not None
    if not source or 0 < _width(element) < _ICON or not (likely or at_hand):
        return None
    return Picture(path, name_of(source), partial(bytes_of, source, lookup), likely or _is_inline(source))


def _width(element: etree._Element) -> int:
    """The stated width in pixels, 0 if none is stated."""
    style = "".join(element.get("style", "").lower().split())
    for stated in (element.get("width", ""), f";{style}".partition(";width:")[2]):
        digits = stated[: len(stated) - len(stated.lstrip("0123456789"))]
        if digits and "%" not in stated[len(digits) : len(digits) + 1]:
            return int(digits[:6])
    return 0


def source_of(element: etree._Element) -> str:
    """The address of a picture, or nothing.

    Example:
        >>> source_of(etree.fromstring("<img src='blank.gif' data-src='/a.png'/>"))
        '/a.png'
    """
    return next(filter(None, (element.get(name) for name in (*_LATER, "src"))), "").strip()


def name_of(source: str) -> str:
    """A source as it can be shown: of a picture written into the page, what kind it is.

    Example:
        >>> name_of("data:image/png;base64,iVBORw0KGgo"), name_of("/a.png")
        ('data:image/png', '/a.png')
    """
    return source[:_HEAD].partition(",")[0].partition(";")[0] if _is_inline(source) else source


def bytes_of(source: str, lookup: Lookup | None = None) -> bytes | None:
    """The bytes of a picture, None if they did not come with the page.

    Raises:
        ReadError: They are written into the page, but not as they should be.

    Example:
        >>> bytes_of("data:image/gif;base64,R0lG"), bytes_of("/a.png")
        (b'GIF', None)
    """
    if not _is_inline(source):
        return lookup(source) if lookup else None
    head, _, body = source.partition(",")
    written = unquote_to_bytes(body)
    if not head.lower().rstrip().endswith(";base64"):
        return written
    try:
        return base64.b64decode(written + b"==")  # padding is often lost, and too much of it does no harm
    except binascii.Error as error:
        raise ReadError("the picture written into the page is damaged") from error


def _is_inline(source: str) -> bool:
    return source[: len(_INLINE)].lower() == _INLINE
