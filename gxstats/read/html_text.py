"""What HTML elements mean for text: which break lines, which are never shown, what a cell says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lxml import etree

from gxstats.read.content import FIGURE
from gxstats.read.limits import MAX_DEPTH, too_deep

INLINE: Final = 0
BLOCK: Final = 1
SKIPPED: Final = 2
BREAK: Final = 3
TABLE: Final = 4
PICTURE: Final = 5
INPUT: Final = 6
PREFORMATTED: Final = 7
MARKED: Final = 8

_TAGS: Final = {
    BLOCK: "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p "
    "section summary tbody td tfoot th thead tr ul",
    SKIPPED: "script style noscript noframes template head title meta link base col colgroup iframe audio "
    "video datalist param source track map area",
    BREAK: "br",
    TABLE: "table",
    PICTURE: "img image canvas svg object embed v:imagedata",
    INPUT: "input select",
    PREFORMATTED: "pre xmp listing",
    MARKED: "sup sub s strike del",
}
KINDS: Final = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
"""What each element does to text; elements not listed (and all unknown ones) are inline."""
_NAMEABLE: Final = frozenset(tag for tag in KINDS if ":" not in tag)
CELL_TAGS: Final = frozenset(("td", "th"))
_WRAPPERS: Final = frozenset(
    (
        "p",
        "div",
        "span",
        "font",
        "a",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "center",
        "section",
        "li",
        "tr",
        "td",
        "tbody",
        "o:p",
    )
)
_WRAPPINGS: Final = range(12)
_SOURCE_BLANKS: Final = " \t\n\r\f"
LINE_BREAK: Final = "\0"
"""Stands for a line break while text is collected: it cannot occur in a parsed page."""

_NOT_SHOWN_INPUTS: Final = frozenset(
    ("hidden", "submit", "button", "reset", "image", "checkbox", "radio", "file", "password")
)
_FILLERS: Final = {
    "script": "script",
    "noscript": "script",
    "noframes": "script",
    "template": "script",
    "iframe": "embedded",
    "audio": "embedded",
    "video": "embedded",
    "frame": "embedded",
}
"""Elements that a script or another file fills, and what to call it."""
_BOUND: Final = ("v-", "ng-", "x-text", "x-html", "data-bind", "data-v", "data-text", "data-num", ":", "th:")
"""Beginnings of attributes by which scripts find the element to fill."""
_SPACER: Final = ("0", "1", "2")


def tidy(raw: str) -> str:
    r"""Collected text as shown: source blanks collapse, line breaks separate non-empty lines.

    Non-breaking and ideographic spaces stay: only the aligner knows what they mean in a cell.

    Example:
        >>> tidy("  规\n 章\0\0 12 ")
        '规 章\n12'
    """
    if LINE_BREAK not in raw:
        return _squeezed(raw)
    lines: Iterable[str] = raw.split(LINE_BREAK)
    if _has_blanks(raw):
        lines = map(_squeezed, lines)
    return "\n".join(filter(None, lines))


def filler(tag: str) -> str:
    """What fills an element that has no text of its own: ``script``, ``embedded`` or nothing.

    Example:
        >>> filler("iframe"), filler("td")
        ('embedded', '')
    """
    return _FILLERS.get(tag, "")


def awaits_script(cell: etree._Element) -> bool:
    """Whether a blank cell names what a script is to fill in.

    Example:
        >>> [awaits_script(cell) for cell in etree.HTML("<td v-text='n'><td>").iter("td")]
        [True, False]
    """
    elements = cell.iter() if len(cell) else (cell,)
    return any(str(name).startswith(_BOUND) for element in elements for name in element.keys())  # noqa: SIM118


def input_text(element: etree._Element) -> str:
    """What a form control shows: the value of an input, the chosen option of a select.

    Example:
        >>> input_text(etree.HTML("<input value='12'>").find(".//input"))
        '12'
    """
    if element.tag == "input":
        return "" if element.get("type", "").lower() in _NOT_SHOWN_INPUTS else element.get("value", "")
    options = list(element.iter("option"))
    chosen = next((option for option in options if option.get("selected") is not None), None)
    shown = chosen if chosen is not None else next(iter(options), None)
    return "" if shown is None else shown.text or ""


def menu_text(items: etree._Element, hidden: set[etree._Element]) -> str | None:
    """The lines of a list of links, None if the list holds anything else.

    Pages have hundreds of links around the report; as one paragraph they cost a tenth.

    Example:
        >>> menu = etree.HTML("<ul><li><a>首页</a><li><a>公开</a></ul>").find(".//ul")
        >>> menu_text(menu, set()).split(LINE_BREAK)
        ['首页', '公开']
    """
    lines: list[str] = []
    for item in items:
        if item.tag != "li" or len(item) != 1 or (item.text and not item.text.isspace()):
            return None
        link = item[0]
        if link.tag != "a" or len(link) or (link.tail and not link.tail.isspace()):
            return None
        lines.append(link.text or "")
    if not lines or (hidden and not hidden.isdisjoint(items.iter())):
        return None
    return LINE_BREAK.join(lines)


def plain_text(cell: etree._Element, hidden: set[etree._Element]) -> str | None:
    """The text of a cell or block that is one element within another around one text, as most are.

    A third of the time of :func:`cell_text`; None if it is anything else.

    Example:
        >>> root = etree.HTML("<table><td><p><span>12</span></p></td><td>1<br>2</td></table>")
        >>> [plain_text(cell, set()) for cell in root.iter("td")]
        ['12', None]
    """
    node = cell
    for _ in _WRAPPINGS:
        inside = len(node)
        if not inside:
            return node.text or ""
        if inside > 1:
            return None
        text = node.text
        if text and text.strip(_SOURCE_BLANKS):
            return None
        node = node[0]
        if node.tag not in _WRAPPERS or (hidden and node in hidden):
            return None
        text = node.tail
        if text and text.strip(_SOURCE_BLANKS):
            return None
    return None


def cell_text(cell: etree._Element, hidden: set[etree._Element]) -> tuple[str, list[str]]:
    r"""The text of one cell and what is odd about it.

    Args:
        cell: The cell.
        hidden: The elements not shown.

    Returns:
        The text, with a line break for ``<br>`` and between block elements; and the marks that
        :func:`gxstats.read.content.damage_of` knows, ``hidden_table`` for each table not shown, and
        ``several`` if more than one piece of the text may be part of a figure.

    Raises:
        LimitExceeded: The cell is nested too deeply.

    Example:
        >>> root = etree.HTML("<table><td><p>本年新<br>公开<p>数量</td></table>")
        >>> cell_text(root.find(".//td"), set())
        ('本年新\n公开\n数量', [])
    """
    marks: list[str] = []
    parts: list[str] = []
    collect(cell, parts, marks, hidden, 0)
    if len(parts) > 1 and sum(map(_has_figure, parts)) > 1:
        marks.append("several")
    return tidy("".join(parts)), marks


def collect(
    node: etree._Element, parts: list[str], marks: list[str], hidden: set[etree._Element], depth: int
) -> None:
    r"""Append the shown text below a node to ``parts``, line breaks as ``LINE_BREAK``.

    Example:
        >>> parts = []
        >>> collect(etree.HTML("<p>1<br>2</p>").find(".//p"), parts, [], set(), 0)
        >>> parts
        ['1', '\x00', '2']
    """
    if depth > MAX_DEPTH:
        raise too_deep()
    if node.text:
        parts.append(node.text)
    for child in node:
        kind = KINDS.get(child.tag, INLINE)
        if hidden and child in hidden:
            if any(not text.isspace() for text in child.itertext()):
                marks.append("hidden")
            if child.tag == "table" or next(child.iterdescendants("table"), None) is not None:
                marks.append("hidden_table")
        elif kind == INLINE:
            if len(child):
                collect(child, parts, marks, hidden, depth + 1)
            elif child.text:
                parts.append(child.text)
        elif kind in (BLOCK, TABLE):
            if kind == TABLE:
                marks.append("nested_table")
            parts.append(LINE_BREAK)
            collect(child, parts, marks, hidden, depth + 1)
            parts.append(LINE_BREAK)
        elif kind == BREAK:
            parts.append(LINE_BREAK)
        else:
            _collect_special(kind, child, parts, marks, hidden, depth)
        if child.tail:
            parts.append(child.tail)


def _mark_input(element: etree._Element, marks: list[str]) -> None:
    """Buttons, boxes and lists show something that is no text of the page."""
    kind = element.get("type", "").lower()
    if element.get("multiple") is not None or (kind in _NOT_SHOWN_INPUTS and kind != "hidden"):
        marks.append("field")


def _is_spacer(picture: etree._Element) -> bool:
    return any(element in _SPACER for element in (picture.get("width"), picture.get("height")))


def _collect_special(
    kind: int,
    child: etree._Element,
    parts: list[str],
    marks: list[str],
    hidden: set[etree._Element],
    depth: int,
) -> None:
    if kind == PICTURE:
        if not _is_spacer(child):
            marks.append("image")
    elif kind == SKIPPED:
        if child.tag in _FILLERS:
            marks.append(_FILLERS[child.tag])
    elif kind == INPUT:
        parts.append(input_text(child))
        _mark_input(child, marks)
    elif kind == PREFORMATTED:
        inner: list[str] = []
        collect(child, inner, marks, hidden, depth + 1)
        parts.extend((LINE_BREAK, "".join(inner).replace("\n", LINE_BREAK), LINE_BREAK))
    elif kind == MARKED:
        before = len(parts)
        collect(child, parts, marks, hidden, depth + 1)
        if "".join(parts[before:]).strip():
            marks.append("superscript" if child.tag in ("sup", "sub") else "struck")


def _has_figure(part: str) -> bool:
    return FIGURE.search(part) is not None


def _has_blanks(text: str) -> bool:
    return " " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text


def _squeezed(line: str) -> str:
    if _has_blanks(line):
        # Splitting bytes, unlike str, leaves the non-breaking and ideographic spaces alone.
        return b" ".join(line.encode("utf-8", "replace").split()).decode("utf-8")
    return line


def step_name(tag: str, number: int, position: int) -> str:
    """The XPath step to a child, by its tag if XPath can name it (``o:p`` it cannot), else by its place.

    Args:
        tag: The tag of the child.
        number: Its place among the children with the same tag, from 1.
        position: Its place among all element children, from 1.

    Example:
        >>> step_name("td", 2, 3), step_name("o:p", 2, 3)
        ('td[2]', '*[3]')
    """
    return f"{tag}[{number}]" if tag in _NAMEABLE or (tag.isascii() and tag.isalnum()) else f"*[{position}]"
