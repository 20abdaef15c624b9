"""Plain text: PDF text dumps, pages saved as text, tables drawn with pipes or tabs.

Two readings are offered: ``stream``, the bare tokens in reading order, and one that also sees blank
cells: ``cells`` where separators show them, ``layout`` where figures stand below each other.
"""

from __future__ import annotations

import re
from itertools import islice

from gxstats.model import Block, Cell, Document, Grid, Issue, Locator, Paragraph, Reading, Row
from gxstats.read import text_layout
from gxstats.read.encoding import decode
from gxstats.read.limits import MAX_CELLS, MAX_TEXT, check_input, too_long

_PAGE_NUMBER = re.compile(
    r"\s*(?:[-—–－]+\s*\d{1,3}\s*[-—–－]+|第\s*\d{1,3}\s*页(?:\s*共\s*\d{1,3}\s*页)?|P(?:age|\.)?\s*\d{1,3})\s*$"
)
_BARE_NUMBER = re.compile(r"\s*\d{1,3}\s*$")
_RULE = re.compile(r"[\s|:+=_-]+")
_TOKEN = re.compile(r"[^\s|]+")


def read_text(data: bytes) -> Document:
    """Read plain text in any of its layouts.

    Returns:
        A document whose cells are placed by ``line N column C`` (both from 1).

    Raises:
        LimitExceeded: the text is too long to be a report.

    Example:
        >>> document = read_text("规章 | 0 |  | 7 |".encode())
        >>> [r.name for r in document.readings]
        ['stream', 'cells']
        >>> [c.text for c in document.readings[1].blocks[0].rows[0].cells]
        ['规章', '0', '', '7']
    """
    check_input(data)
    text, encoding = decode(data)
    if len(text) > MAX_TEXT:
        raise too_long("characters", len(text), MAX_TEXT)
    lines, furniture = _without_page_numbers(text)
    readings = [Reading("stream", _stream(lines), independent=False)]
    separator = _separator(lines)
    if separator:
        readings.append(Reading("cells", _separated(lines, separator), independent=False))
    elif text_layout.keeps_layout(lines):
        readings.append(Reading("layout", text_layout.read_layout(lines), independent=False))
    issues = []
    if furniture:
        message = f"page numbers were left out at lines {', '.join(map(str, furniture[:20]))}"
        issues.append(Issue("notice", "page_furniture", message))
    return Document("", "text/plain", tuple(readings), tuple(issues), fields={"encoding": encoding})


def _without_page_numbers(text: str) -> tuple[list[tuple[int, str]], list[int]]:
    """(line number, text) without lines that only number a page; a bare number only at a page break."""
    pages = text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    kept: list[tuple[int, str]] = []
    dropped: list[int] = []
    number = 0
    for page in pages:
        lines = page.split("\n")
        printed = [i for i, line in enumerate(lines) if line.strip()]
        edges = {printed[0], printed[-1]} if printed and len(pages) > 1 else set()
        for index, line in enumerate(lines):
            number += 1 if index or number == 0 else 0
            if _PAGE_NUMBER.match(line) or (index in edges and _BARE_NUMBER.match(line)):
                dropped.append(number)
            else:
                kept.append((number, line))
    return kept, dropped


def _is_rule(line: str) -> bool:
    """Whether a line only draws a border between rows."""
    return "---" in line and _RULE.fullmatch(line) is not None


def _stream(lines: list[tuple[int, str]]) -> tuple[Block, ...]:
    rows = []
    count = 0
    for number, line in lines:
        if _is_rule(line):
            continue  # drawn lines between rows, no dashes of cells
        cells = tuple(
            Cell(m[0], Locator(ref=f"line {number} column {m.start() + 1}"))
            for m in islice(_TOKEN.finditer(line), MAX_CELLS + 1)
        )
        if cells:
            rows.append(Row(cells))
            count += len(cells)
            if count > MAX_CELLS:
                raise too_long("words", count, MAX_CELLS)
    return (Grid(tuple(rows), Locator(ref="line 1"), "lines"),) if rows else ()


def _separator(lines: list[tuple[int, str]]) -> str | None:
    """The character that separates cells, None if no character does so over and over."""
    for separator in ("|", "\t"):
        if (
            sum(separator in line for _, line in lines) >= 3
            or sum(line.count(separator) for _, line in lines) >= 3
        ):
            return separator
    return None


def _separated(lines: list[tuple[int, str]], separator: str) -> tuple[Block, ...]:
    """Grids of separated cells; where every cell has a line of its own, a stream that sees blanks."""
    split = [
        (n, line, _split(n, line, separator)) for n, line in lines if line.strip() and not _is_rule(line)
    ]
    whole = sum(len(cells) > 1 and bool(cells[0].text) for _, _, cells in split)
    single = sum(len(cells) == 1 and bool(cells[0].text) for _, line, cells in split if separator in line)
    if single > whole:
        rows = tuple(Row(cells) for _, _, cells in split if cells)
        return (Grid(rows, Locator(ref="line 1"), "lines"),)
    blocks: list[Block] = []
    table: list[Row] = []
    for number, line, cells in split:
        if separator in line:
            table.append(Row(cells))
            continue
        if table:
            blocks.append(Grid(tuple(table), table[0].cells[0].at if table[0].cells else Locator()))
            table = []
        blocks.append(Paragraph(line.strip(), Locator(ref=f"line {number}")))
    if table:
        blocks.append(Grid(tuple(table), table[0].cells[0].at if table[0].cells else Locator()))
    return tuple(blocks)


def _split(number: int, line: str, separator: str) -> tuple[Cell, ...]:
    """The cells of a line; behind the last pipe or the only tab is no cell unless something stands there."""
    if separator not in line:
        return (Cell(line.strip(), Locator(ref=f"line {number} column 1")),)
    pieces = line.split(separator)
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece) + 1)
    cells = [
        Cell(piece.strip(), Locator(ref=f"line {number} column {start + 1}"))
        for piece, start in zip(pieces, starts, strict=False)
    ]
    if not cells[-1].text and (separator == "|" or len(cells) == 2):
        cells.pop()
    # A leading pipe with nothing before it opens the first cell, it does not close one; a line of
    # pipes only, and a row whose first labels span from above, keep theirs.
    if line.startswith("|") and any(c.text for c in cells):
        cells = cells[1:]
    return tuple(cells)
