"""What stands at a place in a file, looked up anew: independent of the reader that reported the place.

HTML places are XPaths on the tree of :mod:`gxstats.read.html_tree`; DOCX and ODT places count in reading
order what each parent holds, wrappers left out; text places are line and column, both from 1. DOC and RTF
are read anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from gxstats.errors import UnknownField

if TYPE_CHECKING:
    from lxml import etree

_STEP = re.compile(r"/([A-Za-z-]+)\[(\d+)\]")
_LINE = re.compile(r"line (\d+)(?: column (\d+))?")
_WORD_STEPS = ("p", "tbl", "tr", "tc", "txbxContent")


Children = Callable[["etree._Element", str], Iterator["etree._Element"]]


class Line(NamedTuple):
    """A line of a text and the part of it that is meant (``start`` to ``end``, from 0)."""

    number: int
    text: str
    start: int = 0
    end: int = 0
    meant: bool = False


def text_at(data: bytes, media_type: str, ref: str) -> str:
    """The text at a place, without what separates it into runs or paragraphs.

    Args:
        data: the file.
        media_type: its format.
        ref: the place, as in the column ``ref`` of the facts.

    Raises:
        UnknownField: there is no such place in the file.

    Example:
        >>> text_at("<p>年报<p>1<b>2</b>".encode(), "text/html", "/html/body[1]/p[2]")
        '12'
    """
    from gxstats.read.sniff import DOC, DOCX, HTML, ODT, RTF

    if media_type == HTML:
        return _joined(_html_element(data, ref).itertext())
    if media_type == DOCX:
        element = word_element(data, ref)
        kept = (t for t in element.iter("{*}t") if not _is_deleted(t, element))
        return _joined(t.text or "" for t in kept)
    if media_type == ODT:
        return _joined(open_document_element(data, ref).itertext())
    if media_type in (DOC, RTF):
        return _read_anew(data, media_type, ref)
    return lines_at(data, ref, "")[0].text


def _read_anew(data: bytes, media_type: str, ref: str) -> str:
    """What the reader finds at a place: DOC and RTF have no tree in which it could be looked up otherwise."""
    from gxstats.model import Grid
    from gxstats.read.document import read_document

    for reading in read_document(data, media_type=media_type).readings:
        for block in reading.blocks:
            cells = [c for row in block.rows for c in row.cells] if isinstance(block, Grid) else [block]
            for cell in cells:
                if cell.at.ref == ref:
                    return _joined([cell.text])
    raise UnknownField(f"the file has no {ref}", hint="was it read from these bytes?")


def _joined(texts: Iterable[str | bytes]) -> str:
    return " ".join("".join(map(str, texts)).split())


def _is_deleted(text: etree._Element, within: etree._Element) -> bool:
    for around in text.iterancestors():
        if around is within:
            return False
        if str(around.tag).rpartition("}")[2] in ("del", "moveFrom"):
            return True
    return False


def _html_element(data: bytes, ref: str) -> etree._Element:
    from lxml import etree

    from gxstats.read.html_tree import html_tree

    root = html_tree(data).root
    try:
        found = root.getroottree().xpath(ref)
    except etree.XPathError as error:
        raise UnknownField(f"{ref!r} is no XPath: {error}") from error
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], etree._Element):
        raise UnknownField(f"the page has no element {ref}", hint="was it read from these bytes?")
    return found[0]


def word_element(data: bytes, ref: str) -> etree._Element:
    """The element a DOCX place names, such as ``word/document.xml#/tbl[2]/tr[3]/tc[1]``.

    Each step counts, in reading order, what its parent holds; ``sdt``, ``ins`` and other wrappers are
    no levels, and of two alternatives of one drawing the first counts.

    Raises:
        UnknownField: there is no such element.
    """
    from gxstats.read.package import Package

    part, _, path = ref.partition("#")
    return _walked(Package(data).xml(part), path, ref, _word_children)


def _word_children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    from gxstats.read.docx_text import ALTERNATIVE, KINDS, SKIPPED, alternative

    for child in node:
        kind = KINDS.get(child.tag)
        local = str(child.tag).rpartition("}")[2]
        if local == name:
            yield child
        elif kind == ALTERNATIVE:
            branch = alternative(child)
            if branch is not None:
                yield from _word_children(branch, name)
        elif kind != SKIPPED and (local not in _WORD_STEPS or _passes(local, name)):
            yield from _word_children(child, name)


def _passes(local: str, wanted: str) -> bool:
    """Whether the search goes through a level: to a text box through its paragraph's runs only."""
    return local == "p" and wanted == "tbl"


def open_document_element(data: bytes, ref: str) -> etree._Element:
    """The element an ODT place names, such as ``content.xml#/table[2]/table-row[3]/table-cell[1]``.

    Raises:
        UnknownField: there is no such element.
    """
    from gxstats.read.package import Package

    part, _, path = ref.partition("#")
    return _walked(Package(data).xml(part), path, ref, _open_document_children)


def _open_document_children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    from gxstats.read.odt_text import KINDS, PARAGRAPH, SKIPPED, is_hidden

    for child in node:
        kind = KINDS.get(child.tag)
        local = str(child.tag).rpartition("}")[2]
        if kind == SKIPPED or is_hidden(child):
            continue
        if local == name:
            yield child
        elif kind is None or (kind == PARAGRAPH and name == "table"):
            yield from _open_document_children(child, name)


def _walked(root: etree._Element, path: str, ref: str, children: Children) -> etree._Element:
    steps = _STEP.findall(path)
    if not steps or "".join(f"/{name}[{n}]" for name, n in steps) != path:
        raise UnknownField(f"{ref!r} is no place in an office document")
    node = root
    for name, number in steps:
        found = list(children(node, name))
        if not 1 <= int(number) <= len(found):
            raise UnknownField(f"the document has no {ref}", hint="was it read from these bytes?")
        node = found[int(number) - 1]
    return node


def lines_at(data: bytes, ref: str, raw: str, before: int = 0, after: int = 0) -> list[Line]:
    r"""The line a text place names, and those around it; the line itself carries the part that is meant.

    Args:
        data: the text.
        ref: ``line N`` or ``line N column C``.
        raw: what was read there; marks as many characters.
        before: lines to give before it.
        after: lines to give after it.

    Raises:
        UnknownField: the text has no such line.

    Example:
        >>> lines_at("规章 0\n许可 12".encode(), "line 2 column 4", "12")
        [Line(number=2, text='许可 12', start=3, end=5, meant=True)]
    """
    from gxstats.read.encoding import decode

    match = _LINE.fullmatch(ref)
    text = decode(data)[0].replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if match is None or not 1 <= int(match[1]) <= len(lines):
        raise UnknownField(f"the text has no {ref}", hint="was it read from these bytes?")
    number = int(match[1])
    # A table of one figure per line says no column: there the figure comes last.
    column = int(match[2] or lines[number - 1].rfind(raw.strip()) + 1 or 1)
    found = []
    for at in range(max(1, number - before), min(len(lines), number + after) + 1):
        found.append(_marked(at, lines[at - 1], column, raw) if at == number else Line(at, lines[at - 1]))
    return found


def _marked(number: int, line: str, column: int, raw: str) -> Line:
    # A form feed begins a page, not a line: columns count within the page's own piece.
    for piece in reversed(line.split("\f")):
        start = column - 1
        while raw.strip() and start < len(piece) and piece[start].isspace():
            start += 1  # a cell between separators begins with its blanks
        if not raw or piece[start : start + 1] == raw.strip()[:1]:
            return Line(number, piece, start, min(len(piece), start + len(raw.strip())), True)
    return Line(number, line, meant=True)
