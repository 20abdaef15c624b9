"""Rows that a page break cuts in two: repaired when certain, marked as damaged when not.

Word processors cut a row between two lines of its cells and draw a border on both sides, so a cut
row looks like two rows. It shows in the text: the lower part has no label of its own, or goes on in
the middle of a label whose last line was full, and digits go on only where the line above was full.
"""

from __future__ import annotations

import re

from gxstats.read.bands import BandCell, Table
from gxstats.read.lines import Line

SAME_BORDER = 4.0
"""Borders on two pages are one column's if they are closer than this (points)."""
PADDING = 12.5
"""The white space left and right in a cell together is at most about this (Word: 2 x 5.4 points)."""
CUT = "cut by the page break"
NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．,，:：]|第[一二三四五六七八九十\d]+[条项]"
)


def join_pages(upper: Table, lower: Table, heads: list[list[str]]) -> bool:
    """Join the last row of a page to the first of the next if they are one row.

    Args:
        upper: The last table of a page, nothing below it; changed in place.
        lower: The first table of the next page, nothing above it; changed in place.
        heads: The texts of the table's first rows, which may be repeated on the next page.

    Returns:
        Whether the rows were one (joined, or marked as damaged where that is not certain).
    """
    start = count_repeated(lower, heads)
    if start >= len(lower.rows):
        return False
    above, below = bottom_cells(upper), lower.rows[start]
    pairs = _pair(above, below)
    if not pairs:
        return _doubt_rest(above, below)
    verdict = _is_one_row(pairs, (upper, lower))
    if verdict is None:
        return False
    for first, second in pairs:
        if verdict:
            first.damage = first.damage or second.damage
            first.lines = [*first.lines, *second.lines]
            if not first.lines[: len(first.lines) - len(second.lines)]:
                first.view, first.box = second.view, second.box
        else:
            first.damage = second.damage = CUT
    if verdict:
        _drop_row(lower, start)
    return True


def _doubt_rest(above: list[BandCell], below: list[BandCell]) -> bool:
    """Figures without a label on top of a page may be the wrapped digits of the row before: mark both."""
    if len(above) != len(below) + 1 or above[0].is_figure or not all(cell.is_figure for cell in below):
        return False
    for first, second in zip(above[1:], below, strict=True):
        if second.lines:
            first.damage = second.damage = CUT
    return True


def count_repeated(table: Table, heads: list[list[str]]) -> int:
    """How many of a table's first rows repeat the first rows of the page before."""
    count = 0
    for row, head in zip(table.rows, heads, strict=False):
        if [cell.text for cell in row] != head or all(cell.is_figure for cell in row):
            break
        count += 1
    return count


def bottom_cells(table: Table) -> list[BandCell]:
    """Cells that touch the lower edge of the table, left to right."""
    bottom = max((cell.box[3] for row in table.rows for cell in row), default=0.0)
    cells = [cell for row in table.rows for cell in row if cell.box[3] > bottom - 1]
    return sorted(cells, key=lambda cell: cell.box[0])


def _pair(above: list[BandCell], below: list[BandCell]) -> list[tuple[BandCell, BandCell]]:
    if len(above) != len(below) or len(above) < 2:
        return []
    for first, second in zip(above, below, strict=True):
        if abs(first.box[0] - second.box[0]) > SAME_BORDER or abs(first.box[2] - second.box[2]) > SAME_BORDER:
            return []
    return list(zip(above, below, strict=True))


def _capacity(tables: tuple[Table, Table], column: BandCell) -> float:
    """The widest line of figures or words seen in a column on the two pages."""
    left, right = column.box[0], column.box[2]
    widths = [
        line.box[2] - line.box[0]
        for table in tables
        for row in table.rows
        for cell in row
        if abs(cell.box[0] - left) < SAME_BORDER and abs(cell.box[2] - right) < SAME_BORDER
        for line in cell.lines
    ]
    return max(widths, default=0.0)


def _is_one_row(pairs: list[tuple[BandCell, BandCell]], tables: tuple[Table, Table]) -> bool | None:
    """True: one row. False: one row, but how it goes together is not certain. None: two rows."""
    labels = [at for at, (first, second) in enumerate(pairs) if not (first.is_figure and second.is_figure)]
    figures = [at for at in range(len(pairs)) if at not in labels]
    goes_on = [at for at in figures if pairs[at][1].lines]

    def full() -> bool:
        return all(_goes_on(*pairs[at], tables) for at in goes_on)

    if not labels:
        has_both = any(pairs[at][0].lines for at in goes_on)
        return True if has_both and all(pairs[at][0].lines for at in goes_on) and full() else None
    first, second = pairs[labels[-1]]
    if not first.lines:
        return None
    if not second.lines:
        # A row of its own would have a label.
        return full() if goes_on or any(pairs[at][1].lines for at in labels) else None
    if NUMBERED.match(second.text.replace("\n", "")) or first.is_figure != second.is_figure:
        return None
    if not _is_full(first.lines[-1], first, second.lines[0], tables):
        return None
    if not figures:
        return True if all(a.lines and b.lines for a, b in pairs) else None
    return True if full() else None


def _goes_on(first: BandCell, second: BandCell, tables: tuple[Table, Table]) -> bool:
    """Can the digits of the second cell be the rest of the first's?"""
    if not first.lines:
        return True
    if not (first.is_number and second.is_number) or first.text == "0":
        return False
    return _is_full(first.lines[-1], first, second.lines[0], tables)


def _is_full(line: Line, cell: BandCell, rest: Line, tables: tuple[Table, Table]) -> bool:
    """Did the line have no room for one more character?"""
    width = line.box[2] - line.box[0]
    letter = (rest.box[2] - rest.box[0]) / max(len(rest.text), 1)
    room = cell.box[2] - cell.box[0] - width
    return room < letter + PADDING and width > _capacity(tables, cell) - 0.6 * letter


def _drop_row(table: Table, at: int) -> None:
    """Remove a row whose text went to the page before; cells that span further down move on."""
    first = table.rows.pop(at)
    spanning = [cell for cell in first if cell.rowspan > 1]
    for cell in spanning:
        cell.rowspan -= 1
    if spanning and at < len(table.rows):
        table.rows[at] = sorted([*spanning, *table.rows[at]], key=lambda cell: cell.box[0])
