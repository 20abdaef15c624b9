"""HTML pages to grids and paragraphs: what a browser would show, in document order.

The tree is libxml2's, with three repairs that keep it from losing text (see :func:`html_tree`).
Places are XPaths on that tree.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import Final

from lxml import etree

from gxstats.model import Block, Cell, Document, Issue, Level, Locator, Paragraph, Reading, Row
from gxstats.read.content import damage_of
from gxstats.read.html_head import head_fields
from gxstats.read.html_look import Looks
from gxstats.read.html_pictures import Lookup, is_likely, picture_of
from gxstats.read.html_text import (
    BLOCK,
    BREAK,
    CELL_TAGS,
    INLINE,
    INPUT,
    KINDS,
    LINE_BREAK,
    PICTURE,
    PREFORMATTED,
    SKIPPED,
    TABLE,
    awaits_script,
    cell_text,
    collect,
    filler,
    input_text,
    menu_text,
    plain_text,
    step_name,
    tidy,
)
from gxstats.read.html_tree import html_tree
from gxstats.read.limits import (
    MAX_CELLS,
    MAX_DEPTH,
    MAX_PARAGRAPHS,
    MAX_SPAN,
    too_deep,
    too_long,
)
from gxstats.read.metadata import name_value_pairs
from gxstats.read.pictures import MAX_PICTURES, Picture, with_pictures
from gxstats.read.sniff import HTML
from gxstats.read.tables import best_title, table_blocks

# Calling the classes takes three times as long, and this happens a thousand times a page.
_new: Final = tuple.__new__

_UNTIDY: Final = re.compile("[ \t\n\r\f\0\ufffd]").search
"""What :func:`tidy` or :func:`damage_of` would change or object to."""
_SHORT: Final = 40


def read_html(data: bytes, declared: str | None = None, lookup: Lookup | None = None) -> Document:
    """Read an HTML page: its data tables and the text around them, in document order.

    A table that holds other tables in its cells is page layout (one short text in a table of its own
    does not count): its own text becomes paragraphs, its inner tables become grids. So is a table
    none of whose rows has two cells. Every other table is a grid of its physical rows (see
    :func:`gxstats.read.tables.table_blocks` for the one exception). Nothing that a browser would not
    show is text, and a cell whose figure may not be what a person sees has ``damage``
    (:mod:`gxstats.read.html_look`). ``Document.fields`` holds the ``<meta name=...>`` pairs,
    ``<title>``, ``<h1>`` and the pairs of :func:`gxstats.read.metadata.name_value_pairs`.

    Args:
        data: The bytes of the page or of a fragment of one.
        declared: The charset of the HTTP header, if known.
        lookup: Gives the bytes of pictures that came with the page, by their address.

    Returns:
        A document with one structured reading, and one of its pictures if it has no table
        (:mod:`gxstats.read.pictures`); ``Locator.ref`` of cells and paragraphs is an XPath
        on :func:`gxstats.read.html_tree.html_tree` (for a paragraph: of the block it
        stands in, or of one around that holds nothing else). Its hash is left to
        :func:`gxstats.read.read_document`.

    Raises:
        LimitExceeded: The page is too large, too deep, or has too many cells or paragraphs.
        ReadError: The page cannot be parsed at all.

    Example:
        >>> document = read_html("<h1>2023年度报告</h1><table><tr><td>规章<td>1</table>".encode())
        >>> document.title, document.readings[0].blocks[1].rows[0].cells[1].at.ref
        ('2023年度报告', '/html/body[1]/table[1]/tr[1]/td[2]')
    """
    root, undecoded, footnotes, cut = html_tree(data, declared)
    page = _Page(Looks(root, footnotes, cut), lookup)
    try:
        page.flow(root, "/html", "/html", 0)
    except RecursionError as error:  # a caller already deep in its own calls
        raise too_deep() from error
    page.flush("/html")
    return _assembled(page, root, undecoded)


def _assembled(page: _Page, root: etree._Element, undecoded: int) -> Document:
    if undecoded:
        page.notice("encoding", f"{undecoded} characters could not be decoded", "", "warning")
    if not page.blocks:
        page.notice(
            "empty", "the page shows no text: scripts fill it, or it is the wrong page", "", "warning"
        )
    fields = head_fields(root, page.hidden)
    blocks = tuple(page.blocks)
    title = best_title(
        (fields.get("ArticleTitle", ""), fields.get("<h1>", ""), fields.get("<title>", ""), _first_text(page))
    )
    for name, value in name_value_pairs(blocks).items():
        fields.setdefault(name, value)
    document = Document(
        sha256="",
        media_type=HTML,
        readings=(Reading("structure", blocks, structured=True),),
        issues=tuple(page.issues),
        title=title,
        fields=fields,
    )
    return with_pictures(document, page.pictures) if page.pictures else document


class _Page:
    """One walk over one page: what has been read so far, and the text of the paragraph under way."""

    def __init__(self, looks: Looks, lookup: Lookup | None = None) -> None:
        self.looks = looks
        self.lookup = lookup
        self.hidden = looks.hidden
        self.odd = bool(looks.odd)
        self.blocks: list[Block] = []
        self.issues: list[Issue] = []
        self.parts: list[str] = []
        self.pictures: list[Picture] = []
        self.cell_count = 0

    def flow(self, node: etree._Element, path: str, owner: str, depth: int) -> None:
        """Read what is below a node; ``owner`` is the path of the innermost block around it."""
        if depth > MAX_DEPTH:
            raise too_deep(owner)
        parts, hidden = self.parts, self.hidden
        text = node.text
        if text:
            parts.append(text)
        counts: dict[str, int] = {}
        for position, child in enumerate(node, 1):
            tag = child.tag
            counts[tag] = number = counts.get(tag, 0) + 1
            kind = KINDS.get(tag, INLINE)
            if hidden and child in hidden:
                self.skip_hidden(child, f"{path}/{step_name(tag, number, position)}")
            elif kind == INLINE:
                if len(child):
                    self.flow(child, f"{path}/{step_name(tag, number, position)}", owner, depth + 1)
                elif child.text:
                    parts.append(child.text)
            elif kind == BLOCK:
                if parts:
                    self.flush(owner)
                step = f"{path}/{tag}[{number}]"
                raw = plain_text(child, hidden) if tag != "ul" else menu_text(child, hidden)
                if raw is None:
                    self.flow(child, step, step, depth + 1)
                    self.flush(step)
                elif raw:
                    self.paragraph(raw, step)
            elif kind != SKIPPED:
                self.special(kind, child, f"{path}/{step_name(tag, number, position)}", owner, depth)
            if child.tail:
                parts.append(child.tail)

    def special(self, kind: int, child: etree._Element, path: str, owner: str, depth: int) -> None:
        """Read an element that is neither text, a block nor skipped."""
        if kind == TABLE:
            self.flush(owner)
            self.table(child, path, depth + 1)
        elif kind == BREAK:
            self.parts.append(LINE_BREAK)
        elif kind == PICTURE:
            self.picture(child, path, owner)
        elif kind == INPUT:
            self.parts.append(input_text(child))
        elif kind == PREFORMATTED and next(child.iterdescendants("table"), None) is None:
            self.flush(owner)
            inner: list[str] = []
            collect(child, inner, [], self.hidden, depth + 1)
            text = "".join(inner).replace(LINE_BREAK, "\n").strip("\r\n")
            self.add(text, path)
        else:
            self.flow(child, path, owner, depth + 1)

    def flush(self, owner: str) -> None:
        """End the paragraph under way, if it has text."""
        if self.parts:
            text = "".join(self.parts)
            self.parts.clear()
            self.paragraph(text, owner)

    def paragraph(self, raw: str, path: str) -> None:
        """Add a paragraph as collected."""
        if raw.isalnum():  # nothing to tidy
            self.add(raw, path)
        elif not raw.isspace():
            self.add(tidy(raw), path)

    def add(self, text: str, path: str) -> None:
        """Add a paragraph that is not blank."""
        blocks = self.blocks
        if len(blocks) >= MAX_PARAGRAPHS:
            raise too_long("paragraphs and tables", len(blocks), MAX_PARAGRAPHS, path)
        if text and not text.isspace():
            blocks.append(_new(Paragraph, (text, _new(Locator, (None, None, None, None, None, path)))))

    def table(self, table: etree._Element, path: str, depth: int) -> None:
        """Read a table as layout or as a grid."""
        if _is_layout(table, self.hidden):
            self.flow(table, path, path, depth)
            self.flush(path)
            return
        rows: list[Row] = []
        unclosed: list[tuple[etree._Element, str]] = []
        self.rows(table, path, rows, unclosed, depth)
        self.flush(path)  # text between the rows: browsers show it above the table
        self.cell_count += sum(len(row.cells) for row in rows)
        if self.cell_count > MAX_CELLS:
            raise too_long("cells", self.cell_count, MAX_CELLS, path)
        self.blocks.extend(table_blocks(rows, Locator(ref=path)))
        for inner, inner_path in unclosed:
            self.table(inner, inner_path, depth + 1)
            self.flush(path)

    def rows(
        self,
        node: etree._Element,
        path: str,
        rows: list[Row],
        unclosed: list[tuple[etree._Element, str]],
        depth: int,
    ) -> None:
        """Collect the rows below a table or one of its sections; text outside cells becomes a paragraph."""
        if depth > MAX_DEPTH:
            raise too_deep(path)
        hidden = self.hidden
        self.stray(node.text)
        counts: dict[str, int] = {}
        loose: list[Cell] = []
        for position, child in enumerate(node, 1):
            tag = child.tag
            counts[tag] = number = counts.get(tag, 0) + 1
            step = f"{path}/tr[{number}]" if tag == "tr" else f"{path}/{step_name(tag, number, position)}"
            if hidden and child in hidden:
                self.skip_hidden(child, step)
            elif tag in CELL_TAGS:  # cells without a row
                loose.append(self.cell(child, step))
            else:
                if loose:
                    rows.append(Row(tuple(loose)))
                    loose = []
                if tag == "tr":
                    cells: list[Cell] = []
                    self.cells(child, step, cells, depth + 1)
                    if cells:
                        rows.append(_new(Row, (tuple(cells),)))
                elif tag == "table":  # never closed: the next table began inside it
                    unclosed.append((child, step))
                elif KINDS.get(tag) != SKIPPED:  # tbody, caption, or a form around the rows
                    self.rows(child, step, rows, unclosed, depth + 1)
            self.stray(child.tail)
        if loose:
            rows.append(Row(tuple(loose)))

    def cells(self, row: etree._Element, path: str, cells: list[Cell], depth: int) -> None:
        """Collect the physical cells of a row, also those inside a form around them."""
        if depth > MAX_DEPTH:
            raise too_deep(path)
        hidden = self.hidden
        filled = ""
        self.stray(row.text)
        counts: dict[str, int] = {}
        for position, child in enumerate(row, 1):
            tag = child.tag
            counts[tag] = number = counts.get(tag, 0) + 1
            if hidden and child in hidden:
                self.skip_hidden(child, f"{path}/{step_name(tag, number, position)}")
            elif tag in CELL_TAGS:
                cells.append(self.cell(child, f"{path}/{tag}[{number}]"))
            elif KINDS.get(tag) != SKIPPED:
                self.cells(child, f"{path}/{step_name(tag, number, position)}", cells, depth + 1)
            else:
                filled = filled or filler(tag)
            text = child.tail
            if text and not text.isspace():
                self.stray(text)
        if filled:  # a script between the cells may write cells
            cells[:] = [cell._replace(damage=cell.damage or filled) for cell in cells]

    def stray(self, text: str | None) -> None:
        """Keep text that stands between rows or cells; mostly there is none."""
        if text and not text.isspace():
            self.parts.extend((LINE_BREAK, text, LINE_BREAK))

    def cell(self, cell: etree._Element, path: str) -> Cell:
        """One physical cell."""
        raw = plain_text(cell, self.hidden) if len(cell) else cell.text or ""
        if raw is None:
            text, damage = self.mixed(cell, path)
        elif raw.isalnum() or (raw and _UNTIDY(raw) is None):  # most cells
            text, damage = raw, self.looks.damage(cell) if self.odd else ""
        else:
            text = tidy(raw)
            damage = damage_of(text, ()) or (self.looks.damage(cell) if self.odd else "")
            if not raw and awaits_script(cell):
                damage = "script"
        columns, rows = cell.get("colspan"), cell.get("rowspan")
        return _new(
            Cell,
            (
                text,
                _new(Locator, (None, None, None, None, None, path)),
                1 if columns is None else _span(columns),
                1 if rows is None else _span(rows),
                damage,
            ),
        )

    def mixed(self, cell: etree._Element, path: str) -> tuple[str, str]:
        """Text and damage of a cell that is more than one text in one element within another."""
        text, marks = cell_text(cell, self.hidden)
        damage = damage_of(text, marks) or self.looks.damage(cell, "several" in marks)
        if not text and not damage and awaits_script(cell):
            damage = "script"
        if "hidden_table" in marks:
            self.notice("hidden_table", "a table inside this cell is not shown and was not read", path)
        return text, damage

    def skip_hidden(self, element: etree._Element, path: str) -> None:
        """Leave out what is not shown; say so if it holds a table."""
        if element.tag == "table" or next(element.iterdescendants("table"), None) is not None:
            self.notice("hidden_table", "a table on this page is not shown and was not read", path)

    def picture(self, element: etree._Element, path: str, owner: str) -> None:
        """Keep a picture outside tables; note it if it may be content."""
        likely = is_likely(element, owner)
        if likely:
            self.notice(
                "image", "a picture stands here; its text or table cannot be read from the page", path
            )
        picture = picture_of(element, path, likely, self.lookup)
        if picture is not None and len(self.pictures) <= MAX_PICTURES:
            self.pictures.append(picture)

    def notice(self, code: str, message: str, path: str, level: Level = "notice") -> None:
        """Add an issue."""
        self.issues.append(Issue(level, code, message, Locator(ref=path or None)))


def _is_layout(table: etree._Element, hidden: set[etree._Element]) -> bool:
    """Whether a table only arranges the page: a cell holds a table, or no row has two cells.

    A table of one short text in a cell is no more than a cell of its own, and that cell is damaged.
    """
    for inner in table.iterdescendants("table"):
        if len(list(islice(inner.iter("td", "th"), 2))) < 2 and sum(map(len, inner.itertext())) < _SHORT:
            continue
        around = [inner, *takewhile(lambda element: element is not table, inner.iterancestors())]
        if any(element.tag in CELL_TAGS for element in around) and hidden.isdisjoint(around):
            return True
    return not any(next(cell.itersiblings("td", "th"), None) is not None for cell in table.iter("td", "th"))


def _span(attribute: str) -> int:
    """A span as printed, 1 if it makes no sense; 0 ("to the end") is 1, since 0 marks merged cells."""
    digits = attribute.strip()
    return (
        min(max(int(digits), 1), MAX_SPAN) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1
    )


def _first_text(page: _Page) -> str:
    return next((block.text for block in page.blocks if isinstance(block, Paragraph)), "")
