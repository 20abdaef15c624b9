"""The characters of an OFD page as arrays: boxes in points, direction, and whether they are shown."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gxstats.read.code_points import BLANK, kinds_of, plain
from gxstats.read.geometry import Booleans, Floats, Integers
from gxstats.read.ofd_text import NARROW, WIDE, Look, TextRun
from gxstats.read.ofd_values import POINTS, turned
from gxstats.read.pdf_source import FARTHEST, LEAST

ASCENT: Final = 0.88
"""Of the box of a line above the baseline, as a share of the size; the rest is below it."""
SLANT: Final = 8.0
"""Degrees off the upright from which a text is a watermark."""


class Signs(NamedTuple):
    """The printed characters of a page, one array entry each, in points of the page.

    ``core`` is where the ink of a character certainly is; ``quarter`` is the direction of writing
    in quarter turns clockwise; ``doubt``: not certain to be seen, or where, or as what.
    """

    codes: NDArray[np.uint32]
    boxes: Floats
    core: Floats
    quarter: Integers
    order: Integers
    run: Integers
    seen: Booleans
    doubt: Booleans

    @property
    def digits(self) -> Booleans:
        """Which of them are digits."""
        return are_digits(self.codes)

    @property
    def middle(self) -> Floats:
        """Middles of the ink."""
        return (self.core[:, :2] + self.core[:, 2:]) / 2


class _Looks(NamedTuple):
    """What the looks of characters say, one row for each character."""

    size: Floats
    wide: Floats
    by: Floats
    turn: Floats
    clip: Floats
    hidden: Booleans
    order: Integers


def signs_of(runs: list[TextRun]) -> Signs:
    """All characters of a page that print something.

    Example:
        >>> run = TextRun("1 2", [0.0, 2, 4], [4.0, 4, 4], True, Look(4, 1, 0, "", clip=(0, 0, 9, 9)))
        >>> signs_of([run]).seen.tolist()
        [True, True]
    """
    text = "".join([run.text for run in runs])
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    run = np.repeat(np.arange(len(runs)), [len(one.text) for one in runs])
    x = np.array([value for one in runs for value in one.xs], dtype=float)
    y = np.array([value for one in runs for value in one.ys], dtype=float)
    kinds = kinds_of(codes)
    keep = np.flatnonzero(kinds != BLANK)
    widths = _widths(codes, x, y, run, runs)[keep]
    codes, run, place = plain(codes[keep], kinds[keep]), run[keep], np.column_stack((x, y))[keep]
    looks = _looks([one.look for one in runs], run)
    size = looks.size
    boxes = _boxes(0 * widths, -ASCENT * size, widths, (1 - ASCENT) * size, place, looks)
    core = _boxes(0.25 * widths, -0.5 * size, 0.75 * widths, -0.15 * size, place, looks)
    boxes[:, 2:] = np.maximum(boxes[:, 2:], boxes[:, :2] + LEAST)
    quarter, upright = _directions(looks)
    within = _clipped(core, looks.clip)
    placed = np.array([one.placed for one in runs], dtype=bool)[run]
    seen = upright & ~looks.hidden & (within > 0)
    doubt = seen & ((within < 2) | ~placed) | ~looks.hidden & ~seen
    return Signs(codes, boxes, core, quarter, looks.order, run, seen, doubt)


def are_digits(codes: NDArray[np.uint32]) -> Booleans:
    """Which code points are digits.

    Example:
        >>> are_digits(np.array([0x31, 0xFF11, 0x4E00], dtype=np.uint32)).tolist()
        [True, True, False]
    """
    return (codes >= 0x30) & (codes <= 0x39) | (codes >= 0xFF10) & (codes <= 0xFF19)


def _looks(looks: list[Look], run: Integers) -> _Looks:
    floats = np.array(
        [(o.size, o.size * o.stretch, *o.by, *turned(o.turn)[:2], *o.clip) for o in looks], dtype=float
    ).reshape(-1, 14)[run]
    hidden = np.array([one.hidden for one in looks], dtype=bool)[run]
    order = np.array([one.order for one in looks], dtype=np.int64)[run]
    size, wide, by, turn, clip = floats[:, 0], floats[:, 1], floats[:, 2:8], floats[:, 8:10], floats[:, 10:]
    return _Looks(size, wide, by, turn, clip * POINTS, hidden, order)


def _directions(looks: _Looks) -> tuple[Integers, Booleans]:
    """Quarter turns clockwise of the direction of writing, and which characters stand so and unmirrored."""
    by, turn = looks.by, looks.turn
    across = by[:, 0] * turn[:, 0] + by[:, 2] * turn[:, 1]
    down = by[:, 1] * turn[:, 0] + by[:, 3] * turn[:, 1]
    angle = np.degrees(np.arctan2(down, across))
    quarter = np.rint(angle / 90).astype(np.int64)
    upright = np.abs(angle - 90 * quarter) < SLANT
    return quarter % 4, upright & (by[:, 0] * by[:, 3] - by[:, 1] * by[:, 2] > 0)


def _widths(codes: NDArray[np.uint32], x: Floats, y: Floats, run: Integers, runs: list[TextRun]) -> Floats:
    """Widths of characters: the step to the next one where that is likely, else that of most fonts."""
    narrow = codes < WIDE
    size = np.array([one.look.size * one.look.stretch for one in runs], dtype=float)[run]
    along = np.array([not one.look.turn for one in runs], dtype=bool)[run]
    width: Floats = np.where(narrow, NARROW, 1.0) * size
    if len(codes) > 1:
        step = x[1:] - x[:-1]
        likely = np.where(narrow[:-1], (step > 0.25 * size[:-1]) & (step < 0.75 * size[:-1]),
                          (step > 0.5 * size[:-1]) & (step < 1.15 * size[:-1]))  # fmt: skip
        near = (run[1:] == run[:-1]) & likely & (y[1:] == y[:-1]) & along[:-1]
        width[:-1][near] = step[near]
    return width


def _boxes(left: Floats, top: Floats, right: Floats, bottom: Floats, place: Floats, looks: _Looks) -> Floats:
    """Upright boxes, in points of the page, around boxes about the origins of characters."""
    x, y, turn, by = place[:, 0], place[:, 1], looks.turn, looks.by
    corners = []
    for u, v in ((left, top), (right, top), (right, bottom), (left, bottom)):
        a, b = x + u * turn[:, 0] - v * turn[:, 1], y + u * turn[:, 1] + v * turn[:, 0]
        corners.append((by[:, 0] * a + by[:, 2] * b + by[:, 4], by[:, 1] * a + by[:, 3] * b + by[:, 5]))
    across, down = np.array([c[0] for c in corners]), np.array([c[1] for c in corners])
    boxes = np.column_stack((across.min(0), down.min(0), across.max(0), down.max(0))) * POINTS
    near: Floats = np.clip(boxes, -FARTHEST, FARTHEST)
    return near


def _clipped(core: Floats, clip: Floats) -> Integers:
    """2 for characters inside the box that cuts them, 1 for those it cuts through, 0 for those outside."""
    slack = 0.5
    inside = (core[:, :2] >= clip[:, :2] - slack).all(1) & (core[:, 2:] <= clip[:, 2:] + slack).all(1)
    middle = (core[:, :2] + core[:, 2:]) / 2
    partly = (middle >= clip[:, :2]).all(1) & (middle <= clip[:, 2:]).all(1)
    return np.where(inside, 2, np.where(partly, 1, 0))
