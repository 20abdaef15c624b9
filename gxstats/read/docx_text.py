"""What WordprocessingML elements mean for text: which are wrappers, which are never shown."""

from __future__ import annotations

from typing import Final

from lxml import etree

from gxstats.read.content import BLANKS, Content
from gxstats.read.docx_properties import HOLDERS, NAMESPACES, attribute, effect_of, properties
from gxstats.read.limits import MAX_DEPTH, too_deep
from gxstats.read.package import local_name

WALKED: Final = 0
SKIPPED: Final = 1
TEXT: Final = 2
RUN: Final = 3
PARAGRAPH: Final = 4
TABLE: Final = 5
SIGN: Final = 6
PICTURE: Final = 7
ALTERNATIVE: Final = 8
TEXT_BOX: Final = 9
SYMBOL: Final = 10
FOREIGN: Final = 11
ROW: Final = 12
CELL: Final = 13
FIELD: Final = 14
MARKED: Final = 15

_NAMES: Final = {
    SKIPPED: "pPr rPr tblPr tblPrEx tblGrid trPr tcPr sectPr sdtPr sdtEndPr smartTagPr customXmlPr rubyPr "
    "del moveFrom delText instrText delInstrText fldData rt softHyphen",
    TEXT: "t",
    RUN: "r",
    PARAGRAPH: "p",
    TABLE: "tbl",
    SIGN: "tab ptab br cr noBreakHyphen",
    PICTURE: "drawing pict object",
    TEXT_BOX: "txbxContent",
    SYMBOL: "sym",
    FOREIGN: "altChunk",
    ROW: "tr",
    CELL: "tc",
    FIELD: "fldChar",
    MARKED: "ruby bdo dir pgNum",
}
KINDS: Final = {
    f"{{{namespace}}}{name}": kind
    for namespace in NAMESPACES
    for kind, names in _NAMES.items()
    for name in names.split()
} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent": ALTERNATIVE,
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t": TEXT,
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": MARKED,
}
"""What each element does; elements not listed are walked: sdt, smartTag, ins, hyperlink, fldSimple, ..."""
_NESTING: Final = (PARAGRAPH, RUN, TEXT)
_MARKS: Final = {"ruby": "ruby", "bdo": "reordered", "dir": "reordered", "pgNum": "field", "oMath": "math"}
_LINES: Final = (PARAGRAPH, ROW, CELL)  # the last two only where a table has lost its beginning
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def alternative(element: etree._Element) -> etree._Element | None:
    """The one branch of an ``mc:AlternateContent`` to read: both say the same thing twice."""
    return next(iter(element), None)


def plain_text(cell: etree._Element) -> str | None:
    """The text of a cell of one paragraph with at most one run of one text, as most are.

    A third of the time of :func:`collect`; None if it is anything else.

    Example:
        >>> cell = f"<w:tc xmlns:w='{NAMESPACES[0]}'><w:tcPr/><w:p><w:r><w:t>1 </w:t></w:r></w:p></w:tc>"
        >>> plain_text(etree.fromstring(cell))
        '1'
    """
    node = cell
    for wanted in _NESTING:
        inside = len(node)
        if inside > 2 or (inside == 2 and node[0].tag not in HOLDERS):
            return None
        if not inside:
            return ""
        node = node[-1]
        tag = node.tag
        if tag in HOLDERS:
            return "" if inside == 1 else None
        if KINDS.get(tag) != wanted:
            return None
    text = node.text or ""
    return None if "\n" in text else text.strip(BLANKS)


def collect(node: etree._Element, content: Content, formatted: bool, boxes_apart: bool, depth: int) -> None:
    r"""Add what stands below a node.

    Args:
        node: A paragraph, a cell or anything inside them.
        content: What has been found so far; is added to.
        formatted: Whether any run of the document may be hidden, struck or raised.
        boxes_apart: Whether text boxes are listed in ``content.boxes`` or read as lines of the text.
        depth: How deep in the calls this is.

    Raises:
        LimitExceeded: The part is nested too deeply.

    Example:
        >>> content = Content()
        >>> paragraph = f"<w:p xmlns:w='{NAMESPACES[0]}'><w:r><w:t>1</w:t><w:tab/></w:r></w:p>"
        >>> collect(etree.fromstring(paragraph), content, False, False, 0)
        >>> content.parts
        ['1', '\t']
    """
    if depth > MAX_DEPTH:
        raise too_deep()
    for child in node:
        kind = KINDS.get(child.tag, WALKED)
        if kind == SKIPPED:
            continue
        if kind == TEXT:
            _add_text(child, content)
        elif kind == RUN and not formatted:
            collect(child, content, formatted, boxes_apart, depth + 1)
        elif kind in _LINES:
            content.parts.append("\n")
            collect(child, content, formatted, boxes_apart, depth + 1)
            content.parts.append("\n")
        elif kind == WALKED:
            if len(child):
                collect(child, content, formatted, boxes_apart, depth + 1)
        else:
            _collect_special(kind, child, content, formatted, boxes_apart, depth)


def _add_text(node: etree._Element, content: Content) -> None:
    if content.codes and any(content.codes):
        content.marks.add("field")
    else:
        content.parts.append(node.text or "")


def _collect_special(
    kind: int, child: etree._Element, content: Content, formatted: bool, boxes_apart: bool, depth: int
) -> None:
    if kind == RUN:
        _collect_formatted(child, content, boxes_apart, depth)
    elif kind == SIGN:
        content.parts.append(_SIGNS[local_name(child)])
    elif kind == SYMBOL:
        content.parts.append(_symbol(child))
        content.marks.add("symbol_font")
    elif kind == FIELD:
        _follow_field(child, content)
    elif kind == MARKED:
        before = len(content.parts)
        collect(child, content, formatted, boxes_apart, depth + 1)
        if local_name(child) == "pgNum" or "".join(content.parts[before:]).strip():
            content.marks.add(_MARKS[local_name(child)])
    elif kind == TABLE:
        content.tables.append(child)
    elif kind == ALTERNATIVE:
        branch = alternative(child)
        if branch is not None:
            content.marks.add("text_box")
            collect(branch, content, formatted, boxes_apart, depth + 1)
    elif kind == TEXT_BOX:
        if boxes_apart:
            content.boxes.append(child)
        else:
            content.marks.add("text_box")
            content.parts.append("\n")
            collect(child, content, formatted, boxes_apart, depth + 1)
            content.parts.append("\n")
    elif kind == PICTURE:
        known = len(content.boxes), len(content.parts)
        collect(child, content, formatted, boxes_apart, depth + 1)
        if known == (len(content.boxes), len(content.parts)):
            content.marks.add("image")
            content.pictures.append(child)


def _follow_field(sign: etree._Element, content: Content) -> None:
    """A field is a code, a separator and a result; only the result is shown, and there may be none."""
    kind = attribute(sign, "fldCharType")
    if kind == "begin":
        content.codes.append(True)
    elif kind == "separate" and content.codes:
        content.codes[-1] = False
    elif kind == "end" and content.codes and content.codes.pop():
        content.marks.add("field")  # Word draws it: a box, an equation


def _collect_formatted(run: etree._Element, content: Content, boxes_apart: bool, depth: int) -> None:
    """A run of a document in which some run is hidden, struck or raised."""
    effect = effect_of(properties(run, "rPr"), content.background)
    if effect == "hidden":
        if next((True for text in run.itertext() if text.strip()), False):
            content.marks.add("hidden")
        return
    before = len(content.parts)
    collect(run, content, True, boxes_apart, depth + 1)
    if effect and "".join(content.parts[before:]).strip():
        content.marks.add(effect)


def _symbol(element: etree._Element) -> str:
    """A character of a symbol font; what it looks like is not known, but the cell is not blank."""
    code = attribute(element, "char") or ""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return "\ufffd"
