"""Word's XML without the properties no reader looks at: two thirds of it, and of the time to parse it."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import Final

from lxml import etree

_IDLE_NAMES: Final = (
    "szCs b bCs i iCs kern lang noProof spacing snapToGrid rtl u effect fitText "
    "tcW vAlign noWrap tcFitText left right top bottom start end insideH insideV "
    "keepNext keepLines pageBreakBefore widowControl suppressLineNumbers suppressAutoHyphens wordWrap "
    "kinsoku overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd ind contextualSpacing "
    "mirrorIndents textAlignment textDirection outlineLvl tab"
)
"""Nothing here may be a name that :mod:`gxstats.read.docx_properties` or ``docx_styles`` asks for."""
_ATTRIBUTES: Final = rb'(?: w:[A-Za-z]+="[^"<>&]*")*'
# By first letter: the pattern tries one alternative after the other.
_BY_LETTER: Final = "|".join(
    f"{letter}(?:{'|'.join(name[1:] for name in names)})"
    for letter, names in groupby(sorted(_IDLE_NAMES.split()), key=itemgetter(0))
)
_IDLE: Final = re.compile(rb"<w:(?:" + _BY_LETTER.encode() + rb")" + _ATTRIBUTES + rb" ?/>")
_FONTS: Final = re.compile(rb"<w:rFonts" + _ATTRIBUTES + rb" ?/>")
_HOLDERS_OF_IDLE: Final = re.compile(rb"<w:(tcBorders|tcMar|pBdr|tabs)></w:\1>")
_SYMBOL_FONTS: Final = b"dings"
_HOLDERS: Final = (b"rPr", b"tcPr", b"pPr")
_INSIDE: Final = b"w:inside"
_NEXT: Final = b"</" + _INSIDE + b"><" + _INSIDE + b">"
_ALL: Final = b'<w:all xmlns:w="w"><' + _INSIDE + b">%b</" + _INSIDE + b"></w:all>"


def without_idle_properties(xml: bytes) -> bytes:
    """The same part with empty elements left out of ``rPr``, ``tcPr`` and ``pPr``: widths, borders, weights.

    Documents repeat a few dozen sets of properties thousands of times, so each is judged once.

    Args:
        xml: The bytes of the part.

    Returns:
        Bytes that read the same, or the bytes as they were where that is not sure at a glance: they
        have comments or CDATA, another encoding, or properties that are not well-formed.

    Example:
        >>> without_idle_properties(b'<w:p><w:pPr><w:keepNext/><w:jc w:val="center"/></w:pPr></w:p>')
        b'<w:p><w:pPr><w:jc w:val="center"/></w:pPr></w:p>'
    """
    head = xml[: xml.find(b"?>") + 2]
    if b"encoding" in head and b"utf-8" not in head.lower():
        return xml
    slim = xml
    for name in _HOLDERS:
        slim = _shortened(slim, b"<w:" + name + b">", b"</w:" + name + b">")
    # What was left out has neither, so whatever stood in the part is still there.
    return xml if _has(slim, b"!", 0) or _has(slim, b"?", len(head)) else slim


def _has(xml: bytes, sign: bytes, start: int) -> bool:
    """Whether markup such as ``<!`` or ``<?`` stands there; the sign alone is found faster, and is rare."""
    return xml.find(sign, start) >= 0 and xml.find(b"<" + sign, start) >= 0


def _shortened(xml: bytes, opening: bytes, closing: bytes) -> bytes:
    first, *pieces = xml.split(opening)
    cut = [piece.partition(closing) for piece in pieces]
    short = _without_idle(list({inside for inside, _, _ in cut}))
    if short is None:
        return xml
    parts = [first]
    for inside, end, after in cut:
        parts += (opening, short[inside], end, after)
    return b"".join(parts)


def _without_idle(insides: list[bytes]) -> dict[bytes, bytes] | None:
    """What property elements hold, and the same without idle ones; None if one is no XML on its own."""
    joined = _NEXT.join(insides)
    # With no such name in them, they are well-formed together only if each of them is.
    if joined.count(_INSIDE) != 2 * len(insides) - 2 or b"<!" in joined or b"<?" in joined:
        return None
    try:
        etree.fromstring(_ALL % joined, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
    short = _IDLE.sub(b"", joined)
    if _SYMBOL_FONTS not in joined.lower():
        short = _FONTS.sub(b"", short)
    return dict(zip(insides, _HOLDERS_OF_IDLE.sub(b"", short).split(_NEXT), strict=True))
