"""Characters to lines of text: pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gxstats.read.geometry import (
    Box,
    Characters,
    Integers,
    decode,
    extents,
    join_characters,
    sorted_within,
    starts_of,
)

_new = tuple.__new__
LINE_STEP = 0.5
"""Two characters stand on one line if their middles differ by less than this share of the height."""
WORD_GAP = 0.28
"""A gap wider than this share of the height between two characters of a line is a blank."""


class Line(NamedTuple):
    """One line of text inside its group (a table cell, or the page)."""

    group: int
    text: str
    box: Box


def order_lines(characters: Characters, groups: Integers) -> tuple[Integers, Integers]:
    """Order characters by group, line and x.

    Returns:
        The order (positions of characters) and, per ordered character, the number of its line.

    Example:
        >>> boxes = np.array([[10.0, 30, 15, 40], [16.0, 10, 20, 20], [10.0, 10, 15, 20]])
        >>> order_lines(Characters(np.array([51, 50, 49], dtype=np.uint32), boxes), np.zeros(3, int))[
        ...     0
        ... ].tolist()
        [2, 1, 0]
    """
    left, top, _, bottom = characters.boxes.T
    middle = (top + bottom) / 2
    order = sorted_within(groups, middle)
    middle, group = middle.take(order), groups.take(order)
    height = (bottom - top).take(order)
    step = np.zeros(len(order), dtype=bool)
    # The smaller height decides: footnote marks and small print must not bridge two lines.
    near = LINE_STEP * np.minimum(height[1:], height[:-1])
    step[1:] = (group[1:] != group[:-1]) | (middle[1:] - middle[:-1] > near)
    line = step.cumsum()
    inner = sorted_within(line, left.take(order))
    return order.take(inner), line


def lines_of(characters: Characters, groups: Integers) -> list[Line]:
    """Lines of text, ordered by group and from top to bottom.

    Args:
        characters: What is printed.
        groups: One number per character; characters of different groups share no line.

    Example:
        >>> boxes = np.array([[10.0, 10, 15, 20], [15.0, 10, 20, 20], [30.0, 10, 35, 20]])
        >>> text = Characters(np.array([49, 50, 51], dtype=np.uint32), boxes)
        >>> [line.text for line in lines_of(text, np.array([0, 0, 1]))]
        ['12', '3']
    """
    if not len(characters.codes):
        return []
    order, line = order_lines(characters, groups)
    ordered = characters.take(order)
    starts = starts_of(line[1:] != line[:-1])
    text = decode(ordered.codes)
    begins = starts.tolist()
    return [
        _new(Line, (group, text[start:end], box))
        for group, start, end, box in zip(
            groups.take(order.take(starts)).tolist(),
            begins,
            [*begins[1:], len(text)],
            zip(*extents(ordered.boxes, starts).tolist(), strict=True),
            strict=True,
        )
    ]


class PageLines(NamedTuple):
    """The characters of a page line by line, the number of each one's line, and the lines' text."""

    ordered: Characters
    line: Integers
    lines: list[Line]


def page_lines(pages: Sequence[Characters]) -> list[PageLines]:
    """Lines of text of pages, with spaces where :func:`spaced_lines` sets them.

    All pages are put in order at once: numpy costs as much for one.

    Example:
        >>> boxes = np.array([[15.0, 10, 20, 20], [10.0, 10, 15, 20]])
        >>> page = Characters(np.array([50, 49], dtype=np.uint32), boxes)
        >>> [[line.text for line in found.lines] for found in page_lines([page, page])]
        [['12'], ['12']]
    """
    if not pages:
        return []
    every = join_characters(pages)
    counts = [len(page.codes) for page in pages]
    order, line = order_lines(every, np.repeat(np.arange(len(pages)), counts))
    ordered = every.take(order)
    lines = spaced_lines(ordered, line)
    found, end, read = [], 0, 0
    for count in counts:
        start, end = end, end + count
        # Lines are numbered through all pages, and no page shares one with another.
        until = int(line[end - 1]) + 1 if count else read
        here = Characters(ordered.codes[start:end], ordered.boxes[start:end])
        found.append(PageLines(here, line[start:end], lines[read:until]))
        read = until
    return found


def spaced_lines(ordered: Characters, line: Integers) -> list[Line]:
    """Lines of text with a space where the gap between two characters is wider than a letter's.

    Args:
        ordered: Characters line by line, as :func:`order_lines` orders them.
        line: The number of each one's line.

    Example:
        >>> boxes = np.array([[10.0, 10, 15, 20], [15.0, 10, 20, 20], [30.0, 10, 35, 20]])
        >>> text = Characters(np.array([49, 50, 51], dtype=np.uint32), boxes)
        >>> [line.text for line in spaced_lines(text, np.zeros(3, int))]
        ['12 3']
    """
    if not len(line):
        return []
    boxes = ordered.boxes
    starts = starts_of(line[1:] != line[:-1])
    wide = np.zeros(len(line), dtype=bool)
    wide[1:] = boxes[1:, 0] - boxes[:-1, 2] > WORD_GAP * (boxes[1:, 3] - boxes[1:, 1])
    wide[starts] = False
    # A space before each character that has a gap before it shifts all that follow by one.
    shift = wide.cumsum()
    spaced = np.full(len(line) + int(shift[-1]), 0x20, dtype=np.uint32)
    spaced[np.arange(len(line)) + shift] = ordered.codes
    text = decode(spaced)
    begins = (starts + shift[starts]).tolist()
    ends = [*begins[1:], len(text)]
    return [
        _new(Line, (0, text[start:end], box))
        for start, end, box in zip(
            begins, ends, zip(*extents(boxes, starts).tolist(), strict=True), strict=True
        )
    ]
