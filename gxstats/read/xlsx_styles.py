"""What the styles of a workbook do to a cell: its number format, and whether its text is struck or unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeVar

from lxml import etree

from gxstats.errors import ReadError
from gxstats.read.package import Package, local_name
from gxstats.read.xlsx_format import BUILT_IN, GENERAL, UNKNOWN

_T = TypeVar("_T")
_WHITE: Final = "FFFFFF"
_THEME_WHITE: Final = "0"
"""The first colour of a theme is that of the paper."""
_INDEXED_WHITE: Final = ("1", "9", "65")


class Look(NamedTuple):
    """How cells of one style look: their number format and oddities by the names ``damage_of`` knows.

    ``ruled``: they have a border, so that they are cells of a table though nothing stands in them.
    """

    pattern: str = GENERAL
    marks: frozenset[str] = frozenset()
    ruled: bool = False


PLAIN: Final = Look()


class Styles:
    """The styles of a workbook by their number, and those that conditions put on top."""

    def __init__(self, package: Package, name: str) -> None:
        """Read the part called ``name``; a workbook without one has plain cells.

        Raises:
            ReadError: the part is damaged.
        """
        self._looks: list[Look] = []
        self.changing: frozenset[str] = frozenset()
        """Numbers of the conditional styles that change what is seen of a figure."""
        if name not in package.names:
            return
        root = package.xml(name)
        patterns = {
            code: node.get("formatCode", UNKNOWN)
            for node in root.iterfind("{*}numFmts/{*}numFmt")
            if (code := node.get("numFmtId")) is not None
        }
        fonts = [_font(node) for node in root.iterfind("{*}fonts/{*}font")]
        fills = [_fill(node) for node in root.iterfind("{*}fills/{*}fill")]
        ruled = {
            str(number)
            for number, node in enumerate(root.iterfind("{*}borders/{*}border"))
            if any(side.get("style", "none") != "none" for side in node)
        }
        self._looks = [
            _look(xf, patterns, fonts, fills)._replace(ruled=xf.get("borderId", "0") in ruled)
            for xf in root.iterfind("{*}cellXfs/{*}xf")
        ]
        self.changing = frozenset(
            str(number)
            for number, node in enumerate(root.iterfind("{*}dxfs/{*}dxf"))
            if any(local_name(part) in ("numFmt", "color", "strike") for part in node.iter("{*}*"))
        )

    def look(self, number: str | None) -> Look:
        """The look of the style with this number.

        Raises:
            ReadError: there is none.
        """
        if number is None or (number == "0" and not self._looks):
            return self._looks[0] if self._looks else PLAIN
        if not number.isdecimal() or int(number[:9]) >= len(self._looks):
            raise ReadError("a cell has a style that the workbook does not have", hint="save it anew")
        return self._looks[int(number)]


def run_marks(run: etree._Element) -> frozenset[str]:
    """The oddities of a piece of rich text, whose properties are ``rPr``."""
    properties = run.find("{*}rPr")
    return _font(properties)[0] if properties is not None else frozenset()


def run_size(run: etree._Element) -> float | None:
    """The size of a piece of rich text in points, None if it states none."""
    size = run.find("{*}rPr/{*}sz")
    text = size.get("val", "") if size is not None else ""
    return float(text) if text.replace(".", "", 1).isdecimal() else None


def _font(node: etree._Element) -> tuple[frozenset[str], str]:
    """The marks of a font and its colour ("white" or another)."""
    marks = set()
    strike = node.find("{*}strike")
    if strike is not None and strike.get("val", "1") not in ("0", "false"):
        marks.add("struck")
    raised = node.find("{*}vertAlign")
    if raised is not None and raised.get("val") in ("superscript", "subscript"):
        marks.add("superscript")
    colour = node.find("{*}color")
    name = _colour(colour) if colour is not None else ""
    return frozenset(marks | ({"hidden"} if name == _WHITE else set())), name


def _fill(node: etree._Element) -> str:
    """The colour of the ground of a cell; white where it has none."""
    pattern = node.find("{*}patternFill")
    if pattern is None:
        return "gradient"
    if pattern.get("patternType", "none") == "none":
        return _WHITE
    colour = pattern.find("{*}fgColor")
    return _colour(colour) if colour is not None else "pattern"


def _colour(node: etree._Element) -> str:
    tint = node.get("tint", "0")
    rgb = node.get("rgb")
    if rgb:
        return rgb[-6:].upper()
    if (node.get("theme") == _THEME_WHITE and tint in ("0", "0.0")) or node.get("indexed") in _INDEXED_WHITE:
        return _WHITE
    return f"theme {node.get('theme')} {node.get('indexed')} {tint}"


def _look(
    xf: etree._Element, patterns: Mapping[str, str], fonts: list[tuple[frozenset[str], str]], fills: list[str]
) -> Look:
    code = xf.get("numFmtId", "0")
    pattern = patterns.get(code) or (BUILT_IN.get(int(code[:9]), UNKNOWN) if code.isdecimal() else UNKNOWN)
    marks, colour = _at(fonts, xf.get("fontId", "0"), (frozenset(), ""))
    ground = _at(fills, xf.get("fillId", "0"), _WHITE)
    unseen = bool(colour) and colour == ground
    return Look(pattern, (marks - {"hidden"}) | ({"hidden"} if unseen else frozenset()))


def _at(things: list[_T], number: str, default: _T) -> _T:
    return things[int(number)] if number.isdecimal() and int(number[:9]) < len(things) else default
