"""Properties of WordprocessingML elements, and what those of a run do to its text."""

from __future__ import annotations

from itertools import islice
from typing import Final

from lxml import etree

from gxstats.read.html_colour import BLACK, WHITE, colour_of, is_unseen

NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
"""The transitional and the strict namespace: same names, same meaning."""
_TRANSITIONAL: Final = f"{{{NAMESPACES[0]}}}"
_STRICT: Final = f"{{{NAMESPACES[1]}}}"
_PROPERTY_NAMES: Final = (
    "gridSpan gridBefore vMerge hMerge cellDel del hidden jc vanish specVanish strike dstrike vertAlign "
    "position color sz shd rFonts"
)
_PROPERTIES: Final = {
    f"{{{namespace}}}{name}": name for namespace in NAMESPACES for name in _PROPERTY_NAMES.split()
}
HOLDERS: Final = {
    f"{{{namespace}}}{name}": name for namespace in NAMESPACES for name in ("pPr", "rPr", "trPr", "tcPr")
}
_OFF: Final = ("0", "false", "off", "none")
SMALLEST: Final = 8
"""Half-points up to which text is no more than a dot."""
_PALE_THEMES: Final = ("background1", "light1", "bg1", "lt1")


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute in either namespace.

    Example:
        >>> attribute(etree.fromstring(f"<w:jc xmlns:w='{NAMESPACES[1]}' w:val='center'/>"), "val")
        'center'
    """
    value = element.get(_TRANSITIONAL + name)
    return element.get(_STRICT + name) if value is None else value


def is_on(element: etree._Element) -> bool:
    """Whether an on-off property is on: it is, unless its value says otherwise.

    Example:
        >>> is_on(etree.fromstring(f"<w:vanish xmlns:w='{NAMESPACES[0]}' w:val='0'/>"))
        False
    """
    return (attribute(element, "val") or "on") not in _OFF


def properties(element: etree._Element, name: str) -> dict[str, etree._Element]:
    """The properties of an element that matter for reading, from its ``tcPr``, ``rPr``, ..., by name.

    Example:
        >>> cell = etree.fromstring(f"<w:tc xmlns:w='{NAMESPACES[0]}'><w:tcPr><w:vMerge/></w:tcPr></w:tc>")
        >>> list(properties(cell, "tcPr"))
        ['vMerge']
    """
    for child in islice(element, 3):  # properties come first, some after older ones
        if HOLDERS.get(child.tag) == name:
            return {known: item for item in child if (known := _PROPERTIES.get(item.tag, ""))}
    return {}


def effect_of(style: dict[str, etree._Element], background: str = "") -> str:
    """What run properties do to text: ``hidden``, a mark of ``damage_of``, or nothing.

    Args:
        style: The properties, by name.
        background: The fill of the cell, as ``RRGGBB``.

    Example:
        >>> raised = etree.fromstring(f"<w:position xmlns:w='{NAMESPACES[0]}' w:val='8'/>")
        >>> effect_of({"position": raised}), effect_of({})
        ('superscript', '')
    """
    if _is_set(style, "vanish"):
        return "hidden"
    if _is_set(style, "strike") or _is_set(style, "dstrike"):
        return "struck"
    if "vertAlign" in style and attribute(style["vertAlign"], "val") in ("superscript", "subscript"):
        return "superscript"
    if "position" in style and attribute(style["position"], "val") not in (None, "0"):
        return "superscript"
    if _is_set(style, "specVanish") or 0 <= size_of(style) <= SMALLEST or _is_pale(style, background):
        return "unseen"
    fonts = style.get("rFonts")
    if fonts is not None and any("dings" in (attribute(fonts, n) or "").lower() for n in ("ascii", "hAnsi")):
        return "symbol_font"
    return ""


def _is_set(style: dict[str, etree._Element], name: str) -> bool:
    return name in style and is_on(style[name])


def size_of(style: dict[str, etree._Element]) -> int:
    """The size in half-points, -1 if none is stated.

    Example:
        >>> size_of({})
        -1
    """
    value = (attribute(style["sz"], "val") or "") if "sz" in style else ""
    return int(value) if value.isascii() and value.isdigit() else -1


def _is_pale(style: dict[str, etree._Element], background: str) -> bool:
    """Whether text has a colour close to that of its background, as far as that is stated."""
    if "color" not in style:
        return False
    theme = attribute(style["color"], "themeColor")
    colour = WHITE if theme in _PALE_THEMES else colour_of((attribute(style["color"], "val") or "").lower())
    if "shd" in style:
        background = attribute(style["shd"], "fill") or background
    fill = colour_of(background.lower())
    return colour is not None and colour != BLACK and is_unseen(colour, fill)
