"""What OpenDocument elements mean for text: which are wrappers, which are never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lxml import etree

from gxstats.read.content import Content
from gxstats.read.html_colour import colour_of, is_unseen
from gxstats.read.html_css import judge
from gxstats.read.limits import MAX_DEPTH, MAX_SPAN, too_deep

SKIPPED: Final = 1
PARAGRAPH: Final = 2
TABLE: Final = 3
ROW: Final = 4
CELL: Final = 5
COVERED: Final = 6
SPAN: Final = 7
SIGN: Final = 8
PICTURE: Final = 9
TEXT_BOX: Final = 10
RUBY: Final = 11

_XMLNS: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT: Final = f"{{{_XMLNS}text:1.0}}"
_TABLE: Final = f"{{{_XMLNS}table:1.0}}"
_STYLE: Final = f"{{{_XMLNS}style:1.0}}"
_OFFICE: Final = f"{{{_XMLNS}office:1.0}}"
_DRAW: Final = f"{{{_XMLNS}drawing:1.0}}"
_NAMES: Final = (
    (_OFFICE, SKIPPED, "annotation annotation-end forms scripts font-face-decls automatic-styles"),
    (_TEXT, SKIPPED, "tracked-changes note ruby-text sequence-decls variable-decls hidden-text"),
    (_TABLE, SKIPPED, "table-column table-columns table-header-columns shapes title desc"),
    (_TEXT, PARAGRAPH, "p h"),
    (_TABLE, TABLE, "table"),
    (_TABLE, ROW, "table-row"),
    (_TABLE, CELL, "table-cell"),
    (_TABLE, COVERED, "covered-table-cell"),
    (_TEXT, SPAN, "span"),
    (_TEXT, SIGN, "s tab line-break"),
    (_DRAW, PICTURE, "image object object-ole"),
    (_DRAW, TEXT_BOX, "text-box"),
    (_TEXT, RUBY, "ruby"),
)
KINDS: Final = {f"{space}{name}": kind for space, kind, names in _NAMES for name in names.split()}
"""What each element does; elements not listed are walked: sections, lists, links, frames, row groups."""
_FO: Final = f"{{{_XMLNS}xsl-fo-compatible:1.0}}"
_HIDDEN: Final = "hidden"
_SMALLEST: Final = 4.0
"""Pixels below which text is no more than a dot."""


class Styles:
    """What the styles of a document do to text: hide, strike, raise or shrink it.

    Example:
        >>> Styles(etree.fromstring("<a/>")).mark(None)
        ''
    """

    def __init__(
        self, root: etree._Element, common: Callable[[], etree._Element | None] | None = None
    ) -> None:
        """Take the styles of ``content.xml``; ``common`` reads ``styles.xml`` when one of it is used."""
        self._styles = _styles_of(root)
        self._common = common
        self._marks: dict[str, str] = {"": ""}

    def mark(self, name: str | None) -> str:
        """``hidden``, a mark of ``damage_of`` or nothing, by the name of a style."""
        name = name or ""
        if name not in self._marks:
            self._marks[name] = ""  # a style that is its own parent
            self._marks[name] = self._resolved(name)
        return self._marks[name]

    def _resolved(self, name: str) -> str:
        if name not in self._styles and self._common is not None:
            root, self._common = self._common(), None
            self._styles = ({} if root is None else _styles_of(root)) | self._styles
        style = self._styles.get(name)
        if style is None:
            return ""
        own = next(filter(None, map(_mark_of, style.iter(f"{_STYLE}text-properties"))), "")
        return own or self.mark(style.get(f"{_STYLE}parent-style-name"))


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute of the table namespace.

    Example:
        >>> attribute(etree.fromstring("<a/>"), "number-columns-spanned") is None
        True
    """
    return element.get(f"{_TABLE}{name}")


def is_hidden(element: etree._Element) -> bool:
    """Whether a section is not shown.

    Example:
        >>> is_hidden(etree.fromstring("<a/>"))
        False
    """
    return element.get(f"{_TEXT}display") == "none"


def paragraph_content(node: etree._Element, styles: Styles, depth: int, *, boxes_apart: bool) -> Content:
    """The content of a paragraph or a cell.

    Args:
        node: The paragraph or cell.
        styles: The styles of the document.
        depth: How deep in the calls this is.
        boxes_apart: Whether text boxes are listed in ``boxes`` or read as lines of the text.

    Raises:
        LimitExceeded: The part is nested too deeply.

    Example:
        >>> paragraph = etree.fromstring("<p>1<span>2</span> 3</p>")
        >>> paragraph_content(paragraph, Styles(paragraph), 0, boxes_apart=False).text()
        '12 3'
    """
    content = Content()
    _collect(node, content, styles, boxes_apart, depth)
    return content


def _collect(node: etree._Element, content: Content, styles: Styles, boxes_apart: bool, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise too_deep()
    parts = content.parts
    parts.append(_squeezed(node.text))
    for child in node:
        kind = KINDS.get(child.tag)
        if kind == SIGN:
            parts.append(_sign(child))
        elif kind == TABLE:
            content.tables.append(child)
        elif kind == PICTURE:
            content.marks.add("image")
            content.pictures.append(child)
        elif kind == TEXT_BOX and boxes_apart:
            content.boxes.append(child)
        elif kind != SKIPPED and not is_hidden(child):
            _collect_marked(child, content, styles, boxes_apart, depth)
            if kind in (PARAGRAPH, TEXT_BOX):
                parts.append("\n")
        parts.append(_squeezed(child.tail))


def _collect_marked(
    child: etree._Element, content: Content, styles: Styles, boxes_apart: bool, depth: int
) -> None:
    kind = KINDS.get(child.tag)
    mark = styles.mark(child.get(f"{_TEXT}style-name")) if kind in (SPAN, PARAGRAPH) else ""
    if mark == _HIDDEN:
        if any(not text.isspace() for text in child.itertext()):
            content.marks.add(_HIDDEN)
        return
    if kind in (TEXT_BOX, RUBY):
        mark = "text_box" if kind == TEXT_BOX else "ruby"
    before = len(content.parts)
    if kind in (PARAGRAPH, TEXT_BOX):
        content.parts.append("\n")
    _collect(child, content, styles, boxes_apart, depth + 1)
    if mark and "".join(content.parts[before:]).strip():
        content.marks.add(mark)


def _styles_of(root: etree._Element) -> dict[str, etree._Element]:
    return {style.get(f"{_STYLE}name", ""): style for style in root.iter(f"{_STYLE}style")}


def _mark_of(properties: etree._Element) -> str:
    if properties.get(f"{_TEXT}display") == "none":
        return _HIDDEN
    if properties.get(f"{_STYLE}text-position", "0").split()[0] not in ("0", "0%"):
        return "superscript"
    if properties.get(f"{_STYLE}text-line-through-style", "none") != "none":
        return "struck"
    look = judge(";".join(f"{name}:{properties.get(_FO + name, '')}" for name in ("font-size", "color")))
    small = look.size is not None and look.size < _SMALLEST
    background = colour_of(properties.get(_FO + "background-color", ""))
    return "unseen" if small or is_unseen(look.colour, background) else ""


def _sign(element: etree._Element) -> str:
    if element.tag == f"{_TEXT}s":
        count = element.get(f"{_TEXT}c", "1")
        return " " * (
            min(int(count), MAX_SPAN) if count.isascii() and count.isdigit() and len(count) < 9 else 1
        )
    return "\t" if element.tag == f"{_TEXT}tab" else "\n"


def _squeezed(text: str | None) -> str:
    """Blanks in the file collapse to one space; several are written as ``text:s``."""
    if not text:
        return ""
    if "\n" not in text and "\t" not in text and "  " not in text:
        return text
    first, last = text[0].isspace(), text[-1].isspace()
    inner = b" ".join(text.encode().split()).decode()
    return f"{' ' if first else ''}{inner}{' ' if last else ''}" if inner else " "
