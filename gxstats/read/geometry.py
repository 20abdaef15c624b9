"""Characters and ruling lines on a page: plain geometry that knows neither PDF nor forms.

All coordinates are points, origin at the top left, y downwards, and text runs upright from left to
right ("reading space"). Whoever supplies characters turns them first and remembers the turn, so
that boxes can be given in the page as displayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gxstats.model import Locator

Floats = NDArray[np.float64]
_new = tuple.__new__
FLAT = 0.7
"""A box lower than this share of the usual height may be that of the ink."""
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""


class Characters(NamedTuple):
    """The printed characters of a page, white space left out, in the order they were drawn.

    ``codes`` are Unicode code points; ``boxes`` has the columns x0, top, x1, bottom, as high as the
    font's ascent and descent and as wide as the advance, so that boxes of one line share a height.
    """

    codes: NDArray[np.uint32]
    boxes: Floats

    def take(self, which: Booleans | Integers) -> Characters:
        """The characters picked by a mask or by positions."""
        # Taking rows by position costs a tenth of indexing by a mask or by positions.
        places = which.nonzero()[0] if which.dtype == bool else which
        return _new(Characters, (self.codes.take(places), self.boxes.take(places, axis=0)))


class Rules(NamedTuple):
    """Ruling lines: ``horizontal`` has the columns y, x0, x1 and ``vertical`` x, top, bottom."""

    horizontal: Floats
    vertical: Floats


class PageView(NamedTuple):
    """One page (or the part of it printed in one direction) in reading space.

    ``turns`` quarter turns clockwise bring reading space to the page as displayed, whose size in
    reading space is ``width`` x ``height``.
    """

    number: int
    width: float
    height: float
    characters: Characters
    rules: Rules
    turns: int = 0
    unseen: tuple[tuple[float, float], ...] = ()
    """Where something stands that may be a character nobody could tell."""
    beside: tuple[tuple[float, float], ...] = ()
    """Where characters stand that the page's own box crops away."""

    def locate(self, box: Box) -> Locator:
        """The place of a box of reading space on the page as displayed."""
        x0, top, x1, bottom = turn_box(box, self.turns, self.width, self.height) if self.turns else box
        # Truncation of a shifted value is rounding at half the price of round(); pages begin at 0.
        left, upper = int(x0 * 10 + 0.5), int(top * 10 + 0.5)
        right, lower = int(x1 * 10 + 0.5), int(bottom * 10 + 0.5)
        # Some 600 places per report: the constructor would double the price.
        return _new(Locator, (self.number, left, upper, right, lower, None))


NO_RULES = Rules(np.empty((0, 3)), np.empty((0, 3)))


def middle_value(values: Floats) -> float:
    """The (upper) median: numpy's own takes five times as long for a page.

    Example:
        >>> middle_value(np.array([3.0, 1.0, 2.0]))
        2.0
    """
    half = len(values) // 2
    return float(np.partition(values, half)[half])


def decode(codes: NDArray[np.uint32]) -> str:
    """Text of an array of code points.

    Example:
        >>> decode(np.array([0x4E2D, 0x31], dtype=np.uint32))
        '中1'
    """
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace")


def join_characters(pages: Sequence[Characters]) -> Characters:
    """Characters of several pages (at least one) as if they were one's.

    Example:
        >>> page = Characters(np.array([49], dtype=np.uint32), np.array([[0.0, 0, 5, 10]]))
        >>> decode(join_characters([page, page]).codes)
        '11'
    """
    if len(pages) == 1:
        return pages[0]
    return Characters(
        np.concatenate([page.codes for page in pages]), np.concatenate([page.boxes for page in pages])
    )


def sorted_within(groups: Integers, values: Floats) -> Integers:
    """The stable order by group and, within each, by value.

    Example:
        >>> sorted_within(np.array([1, 0, 1]), np.array([5.0, 9.0, 2.0])).tolist()
        [1, 2, 0]
    """
    # Complex numbers are sorted by both parts in one pass, which takes a third of the time of
    # lexsort: what is drawn is nearly in order, and only a sort of one key makes use of that.
    keys = np.empty(len(groups), dtype=np.complex128)
    keys.real, keys.imag = groups, values
    return keys.argsort(kind="stable")


def starts_of(new: Booleans) -> Integers:
    """Where runs begin: at 0, and behind each True of what tells every item from the one before it.

    Example:
        >>> starts_of(np.array([False, True, False])).tolist()
        [0, 2]
    """
    found = new.nonzero()[0]
    starts = np.zeros(len(found) + 1, dtype=np.int64)
    np.add(found, 1, out=starts[1:])
    return starts


def extents(boxes: Floats, starts: Integers) -> Floats:
    """Boxes around runs of boxes, one row each for x0, top, x1 and bottom.

    Args:
        boxes: x0, top, x1, bottom of each item.
        starts: Where runs begin.

    Example:
        >>> extents(np.array([[0.0, 1, 2, 3], [2, 0, 4, 2], [9, 9, 9, 9]]), np.array([0, 2])).tolist()
        [[0.0, 9.0], [0.0, 9.0], [4.0, 9.0], [3.0, 9.0]]
    """
    low = np.minimum.reduceat(boxes[:, :2], starts, axis=0)
    high = np.maximum.reduceat(boxes[:, 2:], starts, axis=0)
    return np.concatenate((low, high), axis=1).T


def turn_box(box: Box, turns: int, width: float, height: float) -> Box:
    """Turn a box with its page, ``width`` x ``height``, by quarter turns clockwise.

    Example:
        >>> turn_box((10, 20, 30, 25), 1, 100, 200)
        (175, 10, 180, 30)
    """
    x0, top, x1, bottom = box
    for _ in range(turns % 4):
        x0, top, x1, bottom = height - bottom, x0, height - top, x1
        width, height = height, width
    return x0, top, x1, bottom


def turn_boxes(boxes: Floats, turns: int, width: float, height: float) -> Floats:
    """The same as :func:`turn_box` for an array of boxes.

    Example:
        >>> turn_boxes(np.array([[10.0, 20.0, 30.0, 25.0]]), 1, 100, 200).tolist()
        [[175.0, 10.0, 180.0, 30.0]]
    """
    for _ in range(turns % 4):
        boxes = np.column_stack((height - boxes[:, 3], boxes[:, 0], height - boxes[:, 1], boxes[:, 2]))
        width, height = height, width
    return boxes


def turn_rules(rules: Rules, turns: int, width: float, height: float) -> Rules:
    """Turn ruling lines with their page by quarter turns clockwise.

    Example:
        >>> turned = turn_rules(Rules(np.array([[5.0, 0.0, 50.0]]), np.empty((0, 3))), 1, 100, 200)
        >>> turned.vertical.tolist()
        [[195.0, 0.0, 50.0]]
    """
    horizontal, vertical = rules
    for _ in range(turns % 4):
        horizontal, vertical = (
            np.column_stack((vertical[:, 0], height - vertical[:, 2], height - vertical[:, 1])),
            np.column_stack((height - horizontal[:, 0], horizontal[:, 1], horizontal[:, 2])),
        )
        width, height = height, width
    return Rules(horizontal, vertical)


def without_doubles(characters: Characters) -> Characters:
    """Characters without those drawn twice at (nearly) the same place.

    Bold, shadow and outline text is often the same text drawn two to four times with an offset
    well under the width of a stroke; searchable scans can carry two text layers.

    Example:
        >>> boxes = np.array([[10.0, 10, 15, 20], [10.2, 10, 15.2, 20], [15.0, 10, 20, 20]])
        >>> decode(without_doubles(Characters(np.array([49, 49, 49], dtype=np.uint32), boxes)).codes)
        '11'
    """
    count = len(characters.codes)
    if count < 2:
        return characters
    x0, top, x1, bottom = characters.boxes.T
    size = np.minimum(x1 - x0, bottom - top)
    near = max(middle_value(size) * 0.3, 0.5)
    # In the key's sixteenths of a point: a double stands within a third of its own width.
    reach = size * (16 * 0.35)
    level = top / (2 * near)
    place = (characters.codes.astype(np.int64) << 40) + (x0 * 16 + 8000).astype(np.int64)
    # Two grids shifted by half a cell: near neighbours share a row of the one or of the other.
    keys = place + (np.floor(level + [[0.0], [0.5]] + 1000).astype(np.int64) << 20)
    ordered = np.sort(keys)
    if int((ordered[:, 1:] - ordered[:, :-1]).min()) >= float(reach.max()):
        return characters
    drop = np.zeros(count, dtype=bool)
    for key in keys:
        order = key.argsort(kind="stable")
        ordered = key.take(order)
        close = ordered[1:] - ordered[:-1] < reach.take(order[1:])
        if close.any():
            later = np.flatnonzero(close) + 1
            drop[np.maximum(order[later], order[later - 1])] = True
    return characters.take(~drop) if drop.any() else characters


def even_heights(boxes: Floats) -> Floats:
    """Boxes of a page where flat glyphs (一, -) are made as high as their neighbours.

    Fonts that state no ascent (Type 3) give the box of the ink instead of that of the line.

    Example:
        >>> even_heights(np.array([[0.0, 10, 8, 18], [8, 13.5, 16, 14.5], [16, 10, 24, 18]]))[1].tolist()
        [8.0, 10.0, 16.0, 18.0]
    """
    if len(boxes) < 2:
        return boxes
    height = boxes[:, 3] - boxes[:, 1]
    low = height < FLAT * middle_value(height)
    if not low.any() or low.all():
        return boxes
    result = boxes.copy()
    places = np.flatnonzero(~low)
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    flat = np.flatnonzero(low)
    after = np.searchsorted(places, flat)
    for neighbour in (places[np.maximum(after - 1, 0)], places[np.minimum(after, len(places) - 1)]):
        fits = (boxes[neighbour, 1] < middle[flat]) & (middle[flat] < boxes[neighbour, 3])
        result[flat[fits], 1], result[flat[fits], 3] = boxes[neighbour[fits], 1], boxes[neighbour[fits], 3]
    return result


def boxes_from_ink(inked: Floats, origins: Floats, codes: NDArray[np.uint32]) -> Floats:
    """Boxes as high as the line and as wide as the advance, from the ink and the origins of characters.

    Args:
        inked: Boxes of the ink.
        origins: Where each character begins on the baseline, in columns 0 and 1.
        codes: Code points: digits are narrower than ideographs.

    Example:
        >>> ink = np.array([[0.5, 2, 5, 10], [6.5, 2, 10, 10]])
        >>> digits = np.array([49, 50], dtype=np.uint32)
        >>> boxes_from_ink(ink, np.array([[0.0, 10], [6, 10]]), digits).round(1).tolist()
        [[0.0, 2.3, 6.0, 11.1], [6.0, 2.3, 10.4, 11.1]]
    """
    x, baseline = origins[:, 0], origins[:, 1]
    _, line = np.unique(np.rint(baseline), return_inverse=True)
    tallest = np.zeros(int(line.max()) + 1 if len(line) else 0)
    np.maximum.at(tallest, line, inked[:, 3] - inked[:, 1])
    size = 1.1 * tallest[line]
    end = inked[:, 2] + 0.05 * size
    step = x[1:] - x[:-1]
    widest = np.where((codes[:-1] < 0x80) & (codes[1:] < 0x80), 0.75, 1.15) * size[:-1]
    near = (line[1:] == line[:-1]) & (step > 0.15 * size[:-1]) & (step < widest)
    end[:-1][near] = x[1:][near]
    return np.column_stack((np.minimum(x, inked[:, 0]), baseline - 0.88 * size, end, baseline + 0.12 * size))
