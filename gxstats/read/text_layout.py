"""Text that keeps the layout of a page: the reading by columns.

Programs that turn PDFs into text put figures below each other with spaces. Read as characters on
a page, such text shows which column a figure stands in, and so which cells are blank.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable

import numpy as np

from gxstats.model import Block, Cell, Grid, Locator, Paragraph, Row
from gxstats.read.geometry import NO_RULES, Characters, PageView
from gxstats.read.stream import read_stream

WIDTH, HEIGHT = 5.0, 10.0
"""Points a narrow character is drawn wide, and a line high."""
_GAPS = re.compile(r"\S {2,}\S")
_FIGURE = re.compile(r"(?<!\S)[\d,.]+(?!\S)")
_ROW = 4
"""So many figures on a line make it a table row whose columns can be compared with those of others."""

Lines = list[tuple[int, str]]
"""(line number, text)."""


def keeps_layout(lines: Lines) -> bool:
    """Whether figures are set apart by runs of spaces, as a page's columns are.

    Example:
        >>> keeps_layout([(1, "规章      0     2     7"), (2, "行政许可    12"), (3, "其他    1   0")])
        True
    """
    return sum(bool(_GAPS.search(line)) and bool(_FIGURE.search(line)) for _, line in lines) >= 3


def read_layout(lines: Lines) -> tuple[Block, ...]:
    """Read lines as a page of characters of equal width.

    Returns:
        Blocks of kind ``lines`` whose rows show blank cells as empty tokens, placed by
        ``line N column C``.
    """
    width = _width(lines)
    starts = {number: _starts(line, width) for number, line in lines}
    codes, boxes = [], []
    for index, (number, line) in enumerate(lines):
        for char, start in zip(line, starts[number], strict=False):
            if not char.isspace():
                codes.append(ord(char))
                x, y = start * WIDTH, index * 1.2 * HEIGHT
                boxes.append((x, y, x + width(char) * WIDTH, y + HEIGHT))
    if not codes:
        return ()
    characters = Characters(np.array(codes, dtype=np.uint32), np.array(boxes, dtype=np.float64))
    right = float(characters.boxes[:, 2].max())
    view = PageView(1, right, len(lines) * 1.2 * HEIGHT, characters, NO_RULES)

    def place(at: Locator) -> Locator:
        number, _ = lines[min(len(lines) - 1, int((at.top or 0) / 12 / HEIGHT))]
        column = bisect_left(starts[number], ((at.x0 or 0) - 1) / (WIDTH * 10))
        return Locator(ref=f"line {number} column {column + 1}")

    return tuple(_placed(block, place) for block in read_stream([view], {}))


def _width(lines: Lines) -> Callable[[str], int]:
    """How wide characters are: so that figures of long rows, else of short ones, stand below each other."""
    for fewest in (_ROW, 2):
        one, two = (_scatter(lines, width, fewest) for width in (_one_each, _two_if_wide))
        if one != two:
            break
    return _one_each if one <= two else _two_if_wide


def _one_each(_: str) -> int:
    return 1


def _two_if_wide(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _starts(line: str, width: Callable[[str], int]) -> list[int]:
    """Where each character begins."""
    starts, at = [], 0
    for char in line:
        starts.append(at)
        at += width(char)
    return starts


def _scatter(lines: Lines, width: Callable[[str], int], fewest: int) -> int:
    """How many different places figures of table rows begin, end or centre at: few where widths are right."""
    first: set[int] = set()
    middle: set[int] = set()
    last: set[int] = set()
    for _, line in lines:
        found = list(_FIGURE.finditer(line))
        if len(found) >= fewest:
            starts = _starts(line, width)
            edges = [(starts[m.start()], starts[m.end() - 1]) for m in found]
            first |= {begin for begin, _ in edges}
            middle |= {(begin + end + 1) // 2 for begin, end in edges}
            last |= {end for _, end in edges}
    return min(map(len, (first, middle, last)))


def _placed(block: Block, place: Callable[[Locator], Locator]) -> Block:
    if isinstance(block, Paragraph):
        return block._replace(at=place(block.at))
    rows = [Row(tuple(Cell(c.text, place(c.at), damage=c.damage) for c in row.cells)) for row in block.rows]
    return Grid(tuple(rows), place(block.place), block.kind)
