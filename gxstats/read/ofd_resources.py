"""What the pages of an OFD document share: fonts, drawing parameters, colour spaces, drawings."""

from __future__ import annotations

import posixpath
import unicodedata
from collections import defaultdict
from typing import Final, NamedTuple

from lxml import etree

from gxstats.errors import LimitExceeded, ReadError
from gxstats.model import Issue, Locator
from gxstats.read.ofd_package import OfdPackage, children, descend, text_of
from gxstats.read.ofd_values import BLACK, Colour, colour, is_false, number

MAX_RELATIVES: Final = 8
"""Drawing parameters refer to others, but not in circles."""
_SYMBOLS: Final = ("wingdings", "webdings", "symbol", "dingbats")


class Paint(NamedTuple):
    """How something is painted: ``rgb`` is None if nobody can tell, ``alpha`` 0 if it is not seen."""

    rgb: Colour | None = BLACK
    alpha: int = 255


class Style(NamedTuple):
    """What an object and its drawing parameters say; None where neither says anything."""

    fill: Paint | None = None
    stroke: Paint | None = None
    width: float | None = None


_UNSTATED: Final = Style()


class Resources:
    """The resources of one document, gathered from the parts that hold some."""

    def __init__(self, package: OfdPackage) -> None:
        self.issues: list[Issue] = []
        self.fonts = Fonts()
        self._package = package
        self._parts: set[str] = set()
        self._parameters: dict[str, etree._Element] = {}
        self._spaces: dict[str, str] = {}
        self._drawings: dict[str, etree._Element] = {}
        self._media: dict[str, tuple[str, str]] = {}
        self._styles: dict[str, Style] = {}

    def load(self, location: str, beside: str) -> None:
        """Add a part; one that is missing or damaged is an issue, for text can be read without."""
        try:
            part = self._package.find(location, beside)
            if part in self._parts:
                return
            self._parts.add(part)
            root = self._package.xml(part)
        except LimitExceeded:
            raise
        except ReadError as error:
            place = Locator(ref=error.where or None)
            self.issues.append(Issue("warning", "resource_missing", error.message, place))
            return
        for font in descend(root, "Fonts", "Font"):
            self.fonts.add(font)
        for space in descend(root, "ColorSpaces", "ColorSpace"):
            self._spaces[space.get("ID") or ""] = (space.get("Type") or "").upper()
        for parameter in descend(root, "DrawParams", "DrawParam"):
            self._parameters[parameter.get("ID") or ""] = parameter
        folder = root.get("BaseLoc") or ""
        for medium in descend(root, "MultiMedias", "MultiMedia"):
            self._media[medium.get("ID") or ""] = (posixpath.join(folder, text_of(medium, "MediaFile")), part)
        for drawing in descend(root, "CompositeGraphicUnits", "CompositeGraphicUnit"):
            self._drawings[drawing.get("ID") or ""] = drawing

    def picture(self, identifier: str) -> bytes:
        """The file of an image that pages refer to.

        Raises:
            ReadError: There is none of this name.
        """
        if identifier not in self._media:
            raise ReadError(f"the page refers to an image {identifier[:40]!r} that is missing")
        return self._package.data(self._package.find(*self._media[identifier]))

    def drawing(self, identifier: str) -> etree._Element:
        """The content of a drawing that pages refer to.

        Raises:
            ReadError: There is none of this name.
        """
        content = children(self._drawings[identifier], "Content") if identifier in self._drawings else []
        if not content:
            raise ReadError(f"the page refers to a drawing {identifier[:40]!r} that is missing")
        return content[0]

    def style(self, element: etree._Element, inherited: Style) -> Style:
        """How an object is painted: what it says itself, then its parameters, then its container."""
        own = self._own(element)
        name = element.get("DrawParam")
        if name is None and own is _UNSTATED:
            return inherited
        if name is not None:
            own = _filled_up(own, self._parameter(name, 0))
        return _filled_up(own, inherited)

    def _parameter(self, name: str, depth: int) -> Style:
        if name not in self._parameters or depth > MAX_RELATIVES:
            return Style()
        if name not in self._styles:
            parameter = self._parameters[name]
            style, relative = self._own(parameter), parameter.get("Relative")
            self._styles[name] = (
                _filled_up(style, self._parameter(relative, depth + 1)) if relative is not None else style
            )
        return self._styles[name]

    def _own(self, element: etree._Element) -> Style:
        width = element.get("LineWidth")
        fill = stroke = None
        for child in element:
            tag = str(child.tag)
            if tag.endswith("FillColor"):
                fill = self._paint(child)
            elif tag.endswith("StrokeColor"):
                stroke = self._paint(child)
        if fill is None and stroke is None and width is None:
            return _UNSTATED
        return Style(fill, stroke, None if width is None else number(width))

    def _paint(self, element: etree._Element) -> Paint:
        alpha = opacity(element)
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        if "Value" not in attributes:
            # A colour without a value is that of its children (a shading), or the black of a space.
            return Paint(None if len(element) or "Index" in attributes else BLACK, alpha)
        return Paint(colour(attributes, self._spaces.get(attributes.get("ColorSpace", ""), "")), alpha)


class Fonts:
    """The fonts of a document, and whether their characters are what they say.

    A text may name the glyph to draw for each character. Then the character is only a claim: fonts
    in which one glyph stands for two characters, or a digit has two glyphs, are not believed.
    """

    def __init__(self) -> None:
        self._symbols: set[str] = set()
        self._glyphs: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        self._characters: defaultdict[tuple[str, str], set[int]] = defaultdict(set)

    def add(self, font: etree._Element) -> None:
        """Take note of a font."""
        names = f"{font.get('FontName') or ''} {font.get('FamilyName') or ''}".lower()
        if (font.get("Charset") or "").lower() == "symbol" or any(name in names for name in _SYMBOLS):
            self._symbols.add(font.get("ID") or "")

    def pair(self, font: str, characters: str, glyphs: list[int]) -> None:
        """Take note of which glyphs a text names for its characters."""
        for character, glyph in zip(characters, glyphs, strict=True):
            self._glyphs[font, glyph].add(unicodedata.normalize("NFKC", character))
            if character.isdigit():
                self._characters[font, character].add(glyph)

    def doubted(self) -> set[str]:
        """Identifiers of the fonts whose digits may be other signs."""
        lying = {
            font
            for (font, _), characters in self._glyphs.items()
            if len(characters) > 1 and any(c.isdigit() for c in characters)
        }
        lying |= {font for (font, _), glyphs in self._characters.items() if len(glyphs) > 1}
        return lying | self._symbols


def opacity(element: etree._Element) -> int:
    """How much an object hides of what lies behind it, 0 to 255."""
    text = element.get("Alpha")
    return 255 if text is None else max(0, min(255, round(number(text))))


def is_hidden(element: etree._Element) -> bool:
    """Whether an object is switched off or wholly transparent."""
    return is_false(element.get("Visible")) or opacity(element) == 0


def _filled_up(style: Style, other: Style) -> Style:
    return Style(
        style.fill if style.fill is not None else other.fill,
        style.stroke if style.stroke is not None else other.stroke,
        style.width if style.width is not None else other.width,
    )
