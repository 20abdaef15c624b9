"""Runs of characters in drawing order: the raw material of the reading without ruling lines.

Every program that sets tables draws them cell by cell and row by row. The order of drawing thus
says which lines are one wrapped cell, independently of any border.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gxstats.read.geometry import Box, Characters, Floats, decode

WORD_GAP = 0.28
"""A gap wider than this share of the height parts two words..."""
FIGURE_GAP = 0.08
"""...and two digits, or a digit and a letter: cells of narrow columns nearly touch."""
SAME_LINE = 0.4
"""Characters whose middles differ by less than this share of the height stand on one line."""

FIGURE = re.compile(r"[+\-−—–―－/／\\*＊无零〇○０-９\d,，.．\s]+(?:[亿万千]?元|[件个条项宗次])?")
NUMBER = re.compile(r"[+\-−－]?[\d０-９,，.．\s]+")
_is_figure = FIGURE.fullmatch
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
    return _new(Piece, (tuple(lines), box, text, _is_figure(text) is not None))


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
    if not len(characters.codes):
        return []
    boxes = characters.boxes
    height = boxes[:, 3] - boxes[:, 1]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    codes = characters.codes
    digit = ((codes >= 0x30) & (codes <= 0x39)) | ((codes >= 0xFF10) & (codes <= 0xFF19))
    letter = digit | (codes >= 0x3400) & (codes < 0xFE00)
    least = np.minimum(height[1:], height[:-1])
    gap = boxes[1:, 0] - boxes[:-1, 2]
    # Behind the number of an item (1. 1、) a blank is usual; cells begin with neither mark.
    narrow = (digit[1:] | digit[:-1]) & letter[1:] & letter[:-1]
    allowed = np.where(narrow, FIGURE_GAP, WORD_GAP) * least
    apart = (gap > allowed) | (gap < -0.45 * least) | (np.abs(middle[1:] - middle[:-1]) > SAME_LINE * least)
    starts = np.concatenate(([0], np.flatnonzero(apart) + 1))
    low = np.minimum.reduceat(boxes[:, :2], starts, axis=0)
    high = np.maximum.reduceat(boxes[:, 2:], starts, axis=0)
    tall = np.maximum.reduceat(height, starts).tolist()
    text = decode(codes)
    begins = starts.tolist()
    around = np.concatenate((low, high), axis=1)
    found = [
        _new(Fragment, (text[start:end], box, h))
        for start, end, box, h in zip(
            begins, [*begins[1:], len(text)], map(tuple, around.tolist()), tall, strict=True
        )
    ]
    return _joined(found, around)


def _joined(fragments: list[Fragment], boxes: Floats) -> list[Fragment]:
    """Join runs that touch on a line but were drawn apart: numbers of items, changes of font.

    A joined run stands in the order of drawing where its longer part stood.
    """
    if len(fragments) < 2:
        return fragments
    height = boxes[:, 3] - boxes[:, 1]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    by_height = np.argsort(middle, kind="stable")
    line = np.empty(len(fragments), dtype=np.int64)
    step = np.zeros(len(fragments), dtype=bool)
    step[1:] = middle[by_height[1:]] - middle[by_height[:-1]] > SAME_LINE * height[by_height[1:]]
    line[by_height] = np.cumsum(step)
    order = np.lexsort((boxes[:, 0], line))
    gap = boxes[order[1:], 0] - boxes[order[:-1], 2]
    least = np.minimum(height[order[1:]], height[order[:-1]])
    close = (line[order[1:]] == line[order[:-1]]) & (gap > -0.3 * least) & (gap <= WORD_GAP * least)
    merged: dict[int, Fragment | None] = {}
    for position in np.flatnonzero(close).tolist():
        at, other = int(order[position]), int(order[position + 1])
        left, right = merged.get(at, fragments[at]), fragments[other]
        if left is None or not _touch(left, right):
            continue
        keep, drop, kept = (at, other, left) if len(left.text) > len(right.text) else (other, at, right)
        box = box_around([left.box, right.box])
        merged[keep], merged[drop] = Fragment(left.text + right.text, box, kept.height), None
        if keep == at:
            # The next neighbour to the right touches the joined run, which stands in another place.
            order[position + 1] = at
    if not merged:
        return fragments
    found = (merged.get(at, fragment) for at, fragment in enumerate(fragments))
    return [fragment for fragment in found if fragment is not None]


def _touch(left: Fragment, right: Fragment) -> bool:
    least = min(left.height, right.height)
    end, start = left.text[-1], right.text[0]
    narrow = (end.isdigit() or start.isdigit()) and end.isalnum() and start.isalnum()
    return -0.3 * least < right.box[0] - left.box[2] <= (FIGURE_GAP if narrow else WORD_GAP) * least


def box_around(boxes: list[Box]) -> Box:
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
