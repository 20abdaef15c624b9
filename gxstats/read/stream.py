"""Pages to lines of tokens: the reading that knows no ruling lines.

Drawing order and places alone decide: runs of characters become tokens, lines of one wrapped cell
become one token, tokens that follow each other to the right become a row. Where the figures of
a table stand in columns, a row that leaves one of them out gets an empty token there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from gxstats.model import Block, Grid, Paragraph
from gxstats.read.fragments import Fragment, Piece, box_around, cut_pages, is_number, piece_of
from gxstats.read.geometry import Box, PageView
from gxstats.read.lines import Line
from gxstats.read.lost_pages import doubt_rows
from gxstats.read.page_breaks import NUMBERED
from gxstats.read.paragraphs import Prose, join_paragraphs
from gxstats.read.stream_table import StreamRow, build_rows

PITCH = 3.2
"""Lines of one cell are at most this many heights apart."""
ITEM = re.compile(r"[（(]?[一二三四五六七八九十\d０-９]{1,3}[)）、.．,，]+")
"""The number of an item of a list."""
STACK = 7
"""No figure is wrapped over more lines than this."""


def read_stream(
    views: list[PageView], prose: Mapping[int, list[Prose]], lost: frozenset[int] = frozenset()
) -> list[Block]:
    """Read pages as lines of tokens and paragraphs.

    Args:
        views: The pages.
        prose: Paragraphs of the pages (by ``id`` of the view) that are known to hold nothing else.
        lost: Numbers of pages that show nothing, or not all they hold.

    Example:
        >>> read_stream([], {})
        []
    """
    blocks: list[Block] = []
    table: list[StreamRow] = []
    cut = iter(cut_pages([view.characters for view in views if id(view) not in prose]))
    for view in views:
        if id(view) in prose:
            _close(table, blocks)
            table = []
            blocks.extend(Paragraph(part.text, view.locate(part.box)) for part in prose[id(view)])
            continue
        rows = _rows(stack(next(cut)), view)
        for run, is_table in _runs(rows):
            if is_table:
                table.extend(run)
                continue
            _close(table, blocks)
            table = []
            blocks.extend(_paragraphs(run, view))
        doubt_rows(table, view, lost)
    _close(table, blocks)
    return blocks


def _close(table: list[StreamRow], blocks: list[Block]) -> None:
    if not table:
        return
    first, last = table[0].view.locate(table[0].box), table[-1].view.locate(table[-1].box)
    place = first if first.page != last.page else first._replace(bottom=last.bottom)
    blocks.append(Grid(tuple(build_rows(table)), place, "lines"))


def stack(fragments: list[Fragment]) -> list[Piece]:
    r"""Join runs that are the lines of one wrapped cell.

    Example:
        >>> wrapped = [Fragment("25", (10, 10, 20, 20), 10), Fragment("7", (10, 24, 15, 34), 10)]
        >>> [piece.text for piece in stack([*wrapped, Fragment("0", (30, 10, 35, 20), 10)])]
        ['25\n7', '0']
    """
    pieces: list[Piece] = []
    lines: list[Fragment] = []
    above = 0.0
    for fragment in fragments:
        _, (_, top, _, bottom), height = fragment
        middle = (top + bottom) / 2
        step = middle - above
        above = middle
        # Most runs stand beside the one before them: no need to look closer.
        if 0.0 < step < PITCH * height and lines and _continues(lines, fragment, step):
            lines.append(fragment)
            continue
        if lines:
            pieces.append(piece_of(lines))
        lines = [fragment]
    if lines:
        pieces.append(piece_of(lines))
    return pieces


def _continues(lines: list[Fragment], below: Fragment, step: float) -> bool:
    """Is a run the next line of a cell? ``step``: how far it stands below the line before."""
    above, (a0, _, a1, _), a_height = lines[-1]
    text, (b0, _, b1, _), b_height = below
    height = a_height if a_height < b_height else b_height
    if not 0.6 * height < step < PITCH * height or abs(a_height - b_height) > 0.35 * height:
        return False
    if len(lines) > 1 and abs(step - (lines[-1].middle - lines[-2].middle)) > 0.3 * height:
        return False
    number = is_number(above)
    if number != is_number(text):
        return False
    if number:
        return _wraps(lines, below, height)
    near = 0.6 * height
    aligned = abs(a0 - b0) < near or abs(a1 - b1) < near or abs(a0 + a1 - b0 - b1) < 2 * near
    # A wrapped line is full, so that the next is no wider; the number of an item begins another.
    return aligned and b0 < a1 and a0 < b1 and b1 - b0 < a1 - a0 + height and not NUMBERED.match(text)


def _wraps(lines: list[Fragment], below: Fragment, height: float) -> bool:
    """Is a figure's line full, so that the next digits had to go below?"""
    above = lines[-1]
    if (
        len(lines) >= STACK
        or len(below.text) > len(lines[0].text)
        or len(above.text) < len(lines[0].text) - 1
    ):
        return False
    (a0, _, a1, _), (b0, _, b1, _) = above.box, below.box
    return b0 > a0 - 0.3 * height and b1 < a1 + 0.3 * height


def _rows(pieces: list[Piece], view: PageView) -> list[StreamRow]:
    rows: list[list[Piece]] = []
    right, highest, lowest = 0.0, 0.0, 0.0
    for piece in pieces:
        lines, (x0, top, x1, bottom), _, is_figure = piece
        height = lines[0].height
        near = -0.8 * height if is_figure else 0.3 * height
        # Figures at the top of a cell beside a label in its middle are a little off; the next row
        # begins further left.
        if x0 > right - 0.3 * height and top < lowest - near and bottom > highest + near and rows:
            rows[-1].append(piece)
            highest = top if top < highest else highest
            lowest = bottom if bottom > lowest else lowest
        else:
            rows.append([piece])
            highest, lowest = top, bottom
        right = x1
    return [StreamRow(view, _with_numbers(row)) for row in rows]


def _with_numbers(pieces: list[Piece]) -> list[Piece]:
    """Join the number of an item (1．) to the words behind it: alone it looks like a figure."""
    for at, (number, words) in enumerate(pairwise(pieces)):
        if words.is_figure or len(number.text) > 4 or not ITEM.fullmatch(number.text):
            continue
        if words.box[0] - number.box[2] < 1.5 * number.lines[0].height:
            first = words.lines[0]
            box = box_around([number.box, first.box])
            joined = piece_of((Fragment(number.text + first.text, box, first.height), *words.lines[1:]))
            return [*pieces[:at], joined, *_with_numbers(pieces[at + 2 :])]
    return pieces


def _runs(rows: list[StreamRow]) -> list[tuple[list[StreamRow], bool]]:
    """Rows in runs of table rows and of prose."""
    runs: list[tuple[list[StreamRow], bool]] = []
    for row in rows:
        is_table = not _is_prose(row)
        if runs and runs[-1][1] == is_table:
            runs[-1][0].append(row)
        else:
            runs.append(([row], is_table))
    return runs


def _is_prose(row: StreamRow) -> bool:
    """Sentences: words wider than half of the page that fill their line, or end with a full stop."""
    if any(piece.is_figure for piece in row.pieces[-1:]) and len(row.pieces) > 1:
        return False
    pieces, (x0, _, x1, _) = row.pieces, row.box
    text = "".join([piece.text for piece in pieces])
    width = x1 - x0
    filled = width > 0.6 * row.view.width and sum([p.box[2] - p.box[0] for p in pieces]) > 0.8 * width
    if not filled and text[-1] not in "。；：":
        return False
    return sum(len(line.text) for p in pieces for line in p.lines if not is_number(line.text)) >= 4


def _paragraphs(rows: list[StreamRow], view: PageView) -> list[Block]:
    lines: list[Line] = []
    for row in rows:
        by_height: dict[float, list[Fragment]] = {}
        for piece in row.pieces:
            for line in piece.lines:
                key = next((at for at in by_height if abs(at - line.middle) < 0.4 * line.height), line.middle)
                by_height.setdefault(key, []).append(line)
        for _, parts in sorted(by_height.items()):
            parts.sort(key=lambda part: part.box[0])
            box: Box = box_around([part.box for part in parts])
            lines.append(Line(0, "".join(part.text for part in parts), box))
    return [Paragraph(prose.text, view.locate(prose.box)) for prose in join_paragraphs(lines, [])]
