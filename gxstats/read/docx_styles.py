"""What formatting does to the figures of a DOCX file: hide, strike, raise or shrink them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree

from gxstats.errors import ReadError
from gxstats.read.content import FIGURE, may_be_a_mark
from gxstats.read.docx_properties import NAMESPACES, attribute, effect_of, properties, size_of
from gxstats.read.html_colour import colour_of
from gxstats.read.package import Package, local_name

_STYLES: Final = "word/styles.xml"
_PALE: Final = 200
_USUAL_SIZE: Final = 21
"""Half-points of a text that states none."""
_PALE_THEMES: Final = ("background1", "light1", "bg1", "lt1")
# In the bytes, since a document has thousands of sizes: one of at most 8, or one that is no number.
_UNSEEN: Final = re.compile(rb"sz\s[^>]*val\s*=\s*[\"'](?:[0-8]?[\"']|[^\"'\d])")
_SYMBOLS: Final = b"Wingdings"


def _tags(names: str) -> tuple[str, ...]:
    return tuple(f"{{{space}}}{name}" for space in NAMESPACES for name in names.split())


_SPANS: Final = _tags("gridSpan vMerge hMerge cellDel")
_STYLED: Final = _tags("rStyle pStyle")
_NUMBERED: Final = _tags("numId")
_OFF: Final = ("0", "false", "off", "none", "baseline")
_COLOURS: Final = _tags("color")
_FORMATS: Final = _tags("vanish specVanish strike dstrike vertAlign position")
_LOOKED_FOR: Final = (*_SPANS, *_STYLED, *_NUMBERED, *_COLOURS, *_FORMATS)
_CHARACTER_STYLES: Final = frozenset(_tags("rStyle"))
_CELLS: Final = _tags("tc")
_RUNS: Final = _tags("r")
_TEXTS: Final = _tags("t")


@dataclass(slots=True)
class Survey:
    """What is out of the ordinary in a document, found in one go through all of it."""

    formatted: bool = False
    """Whether a run may be hidden, struck, raised, too small or too pale to be seen."""
    spans: dict[etree._Element, dict[str, etree._Element]] = field(default_factory=dict)
    """For the cells that are merged or deleted: the properties that say so."""
    styled: set[etree._Element] = field(default_factory=set)
    """The cells in which a named style is used."""
    numbered: set[etree._Element] = field(default_factory=set)
    """The cells with a paragraph before which Word prints a number."""


def survey(root: etree._Element, xml: bytes) -> Survey:
    """Look through a document part.

    Args:
        root: Its root element.
        xml: Its bytes.

    Example:
        >>> survey(etree.fromstring("<a/>"), b"<a/>").formatted
        False
    """
    wide = (root.getroottree().docinfo.encoding or "UTF-8").upper() != "UTF-8"
    found = Survey(wide or _UNSEEN.search(xml) is not None or _SYMBOLS in xml)
    for element in root.iter(*_LOOKED_FOR):
        tag = element.tag
        if tag in _SPANS:
            holder = element.getparent()
            cell = None if holder is None else holder.getparent()
            if cell is not None:
                found.spans.setdefault(cell, {})[local_name(element)] = element
        elif tag in _COLOURS:
            found.formatted = found.formatted or _may_be_pale(element)
        elif tag in _FORMATS:
            found.formatted = found.formatted or attribute(element, "val") not in _OFF
        elif tag in _STYLED:
            found.styled.update(islice(element.iterancestors(*_CELLS), 1))
        elif attribute(element, "val") != "0":
            found.numbered.update(islice(element.iterancestors(*_CELLS), 1))
    return found


class Styles:
    """The named styles of a package, read when first needed.

    Example:
        >>> import io, zipfile
        >>> buffer = io.BytesIO()
        >>> zipfile.ZipFile(buffer, "w").close()
        >>> Styles(Package(buffer.getvalue())).damage(etree.fromstring("<a/>"), several=False)
        ''
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles: dict[str, etree._Element] | None = None
        self._effects: dict[str, str | None] = {}

    def damage(self, cell: etree._Element, several: bool) -> str:
        """Why the named styles in a cell leave its figure in doubt, or nothing.

        Args:
            cell: The cell; it should hold a figure.
            several: Whether the figure is made of several runs.
        """
        for named in cell.iter(*_STYLED):
            effect = self._effect(attribute(named, "val") or "")
            if effect:
                return "unseen" if effect == "hidden" else effect
            if effect is None and several and named.tag in _CHARACTER_STYLES:
                return "several_pieces"  # a style that is not in the file
        return "several_pieces" if several and _differ_insize_of(cell) else ""

    def _effect(self, name: str) -> str | None:
        """What a style does to text; None if there is no such style."""
        if name not in self._effects:
            if self._styles is None:
                self._styles = self._read()
            self._effects[name] = self._resolved(name, self._styles)
        return self._effects[name]

    def _read(self) -> dict[str, etree._Element]:
        if _STYLES not in self._package.names:
            return {}
        try:
            root = self._package.xml(_STYLES)
        except ReadError:  # no reason to lose the document
            return {}
        return {attribute(style, "styleId") or "": style for style in root.iter(*_tags("style"))}

    @staticmethod
    def _resolved(name: str, styles: dict[str, etree._Element]) -> str | None:
        if name not in styles:
            return None
        found: dict[str, etree._Element] = {}
        known: set[str] = set()
        while name in styles and name not in known:
            known.add(name)
            style = styles[name]
            found = properties(style, "rPr") | found
            based = next(style.iter(*_tags("basedOn")), None)
            name = "" if based is None else attribute(based, "val") or ""
        return effect_of(found)


def _differ_insize_of(cell: etree._Element) -> bool:
    """Whether the runs with the digits of a cell are of sizes that are not those of one number."""
    sizes = [
        size_of(properties(run, "rPr"))
        for run in cell.iter(*_RUNS)
        if any(text.text and FIGURE.search(text.text) for text in run.iter(*_TEXTS))
    ]
    return may_be_a_mark([(size if size > 0 else _USUAL_SIZE, size > 0 and sizes[0] > 0) for size in sizes])


def _may_be_pale(element: etree._Element) -> bool:
    colour = colour_of((attribute(element, "val") or "").lower())
    pale = colour is not None and min(colour) >= _PALE
    return pale or attribute(element, "themeColor") in _PALE_THEMES
