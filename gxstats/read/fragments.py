"""Runs of characters in drawing order: the raw material of the reading without ruling lines.

Every program that sets tables draws them cell by cell and row by row. The order of drawing thus
says which lines are one wrapped cell, independently of any border.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gxstats.read.geometry import (
    Booleans,
    Box,
    Characters,
    Floats,
    Integers,
    decode,
    extents,
    join_characters,
    sorted_within,
    starts_of,
)

WORD_GAP = 0.28
"""A gap wider than this share of the height parts two words..."""
FIGURE_GAP = 0.08
"""...and two digits, or a digit and a letter: cells of narrow columns nearly touch."""
SAME_LINE = 0.4
"""Characters whose middles differ by less than this share of the height stand on one line."""

FIGURE = re.compile(r"[+\-−—–―－/／\\*＊无零〇○０-９\d,，.．\s]+(?:[亿万千]?元|[件个条项宗次])?")
NUMBER = re.compile(r"[+\-−－]?[\d０-９,，.．\s]+")
_new = tuple.__new__


class Fragment(NamedTuple):
    """A run of touching characters on one line, in drawing order."""

    text: str
    box: Box
    height: float

    @property
    def middle(self) -> float:
        """Height of the middle of the line."""
        return (self.box[1] + self.box[3]) / 2


class Piece(NamedTuple):
    """The lines of one cell, as far as drawing order and places tell: a token.

    ``text`` has the lines joined by line ends; ``is_figure``: digits or a mark that stands for some.
    """

    lines: tuple[Fragment, ...]
    box: Box
    text: str
    is_figure: bool


def is_figure(text: str) -> bool:
    """Whether a text is a figure or a mark that stands for one.

    Example:
        >>> is_figure("1,234"), is_figure("12"), is_figure("12件事")
        (True, True, False)
    """
    # Most figures are plain digits, which need no pattern.
    return text.isdecimal() or FIGURE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether a text is printed in digits.

    Example:
        >>> is_number("1,234"), is_number("/")
        (True, False)
    """
    return text.isdecimal() or NUMBER.fullmatch(text) is not None


def piece_of(lines: Sequence[Fragment]) -> Piece:
    """A token of these lines.

    Example:
        >>> piece_of([Fragment("12", (0, 0, 10, 10), 10)]).is_figure
        True
    """
    if len(lines) == 1:
        text, box, _ = lines[0]
    else:
        text, box = "\n".join(line.text for line in lines), box_around([line.box for line in lines])
    return _new(Piece, (tuple(lines), box, text, is_figure(text)))


def cut_fragments(characters: Characters) -> list[Fragment]:
    """Cut characters in drawing order where the line or the word ends.

    Example:
        >>> boxes = np.array([[10.0, 10, 15, 20], [15.0, 10, 20, 20], [30.0, 10, 35, 20]])
        >>> [
        ...     piece.text
        ...     for piece in cut_fragments(Characters(np.array([49, 50, 51], dtype=np.uint32), boxes))
        ... ]
        ['12', '3']
    """
    return cut_pages([characters])[0]


def cut_pages(pages: Sequence[Characters]) -> list[list[Fragment]]:
    """The same for several pages at once: numpy costs as much for one as for all of them.

    Example:
        >>> cut_pages([])
        []
    """
    printed = [page for page in pages if len(page.codes)]
    if not printed:
        return [[] for _ in pages]
    every = join_characters(printed)
    apart = _apart(every)
    ends = np.cumsum([len(page.codes) for page in printed])
    apart[ends[:-1] - 1] = True
    starts = starts_of(apart)
    sides = extents(every.boxes, starts)
    height = np.maximum.reduceat(every.boxes[:, 3] - every.boxes[:, 1], starts)
    text = decode(every.codes)
    begins = starts.tolist()
    found = [
        _new(Fragment, (text[start:end], box, h))
        for start, end, box, h in zip(
            begins,
            [*begins[1:], len(text)],
            zip(*sides.tolist(), strict=True),
            height.tolist(),
            strict=True,
        )
    ]
    joined = iter(_joined(found, sides, starts.searchsorted(ends)))
    return [next(joined) if len(page.codes) else [] for page in pages]


def _apart(characters: Characters) -> Booleans:
    """For each character but the first: does it begin another run than the one drawn before it?"""
    codes = characters.codes
    left, top, right, bottom = characters.boxes.T
    height = bottom - top
    middle = (top + bottom) / 2
    digit = ((codes >= 0x30) & (codes <= 0x39)) | ((codes >= 0xFF10) & (codes <= 0xFF19))
    letter = digit | (codes >= 0x3400) & (codes < 0xFE00)
    least = np.minimum(height[1:], height[:-1])
    gap = left[1:] - right[:-1]
    # Behind the number of an item (1. 1、) a blank is usual; cells begin with neither mark.
    narrow = (digit[1:] | digit[:-1]) & letter[1:] & letter[:-1]
    allowed = np.where(narrow, FIGURE_GAP, WORD_GAP) * least
    found: Booleans = (gap > allowed) | (gap < -0.45 * least)
    found |= np.abs(middle[1:] - middle[:-1]) > SAME_LINE * least
    return found


def _joined(fragments: list[Fragment], sides: Floats, ends: Integers) -> list[list[Fragment]]:
    """Join runs that touch on a line but were drawn apart: numbers of items, changes of font.

    A joined run stands in the order of drawing where its longer part stood.

    Args:
        fragments: Those of all pages.
        sides: Their boxes, one row each for left, top, right and bottom.
        ends: Where each page's end.
    """
    left, top, right, bottom = sides
    page = ends.searchsorted(np.arange(len(fragments)), side="right")
    height = bottom - top
    middle = (top + bottom) / 2
    by_height = sorted_within(page, middle)
    level, sheet = middle.take(by_height), page.take(by_height)
    step = np.zeros(len(fragments), dtype=bool)
    step[1:] = (level[1:] - level[:-1] > SAME_LINE * height.take(by_height)[1:]) | (sheet[1:] != sheet[:-1])
    line = np.empty(len(fragments), dtype=np.int64)
    line[by_height] = step.cumsum()
    order = sorted_within(line, left)
    height, line = height.take(order), line.take(order)
    gap = left.take(order[1:]) - right.take(order[:-1])
    least = np.minimum(height[1:], height[:-1])
    close = (line[1:] == line[:-1]) & (gap > -0.3 * least) & (gap <= WORD_GAP * least)
    merged = _merged(fragments, order, close.nonzero()[0].tolist())
    last = ends.tolist()
    return [
        [run for at in range(start, end) if (run := merged.get(at, fragments[at])) is not None]
        if merged
        else fragments[start:end]
        for start, end in zip([0, *last[:-1]], last, strict=True)
    ]


def _merged(fragments: list[Fragment], order: Integers, close: list[int]) -> dict[int, Fragment | None]:
    """By position: the runs that others were joined to, and None for those that were joined to them.

    Args:
        fragments: All runs.
        order: Line by line, from left to right; changed.
        close: Places in that order whose run may touch the next one.
    """
    merged: dict[int, Fragment | None] = {}
    for position in close:
        at, other = int(order[position]), int(order[position + 1])
        first, second = merged.get(at, fragments[at]), fragments[other]
        if first is None or not _touch(first, second):
            continue
        keep, drop, kept = (at, other, first) if len(first.text) > len(second.text) else (other, at, second)
        box = box_around([first.box, second.box])
        merged[keep], merged[drop] = Fragment(first.text + second.text, box, kept.height), None
        if keep == at:
            # The next neighbour to the right touches the joined run, which stands in another place.
            order[position + 1] = at
    return merged


def _touch(left: Fragment, right: Fragment) -> bool:
    least = min(left.height, right.height)
    end, start = left.text[-1], right.text[0]
    narrow = (end.isdigit() or start.isdigit()) and end.isalnum() and start.isalnum()
    return -0.3 * least < right.box[0] - left.box[2] <= (FIGURE_GAP if narrow else WORD_GAP) * least


def box_around(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes.

    Example:
        >>> box_around([(0, 0, 1, 1), (2, 3, 4, 5)])
        (0, 0, 4, 5)
    """
    if len(boxes) == 1:
        return boxes[0]
    if len(boxes) == 2:
        (a0, a1, a2, a3), (b0, b1, b2, b3) = boxes
        return min(a0, b0), min(a1, b1), max(a2, b2), max(a3, b3)
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)
