"""The ink of a page image, cell by cell: lines of pieces of ink, and cells that only look blank."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from gxstats.read.geometry import Box
from gxstats.read.lattice import OUTSIDE, Lattice, find_lattices
from gxstats.read.scan_image import SCALE
from gxstats.read.scan_rules import Components, Drawn, pieces

FREE: Final = -1
"""Cell of what stands outside all tables."""
_SPECK: Final = 5
"""Pixels: a smaller piece of ink is dust. A decimal point of the smallest print has more."""
_MARK: Final = 3.0
"""Points: a cell with something faint that is as high or wide is not blank."""
_APART: Final = 1.6
"""White space, as a share of the line's height, that parts two figures of a cell."""
_LEAST_HEIGHT: Final = 6.0
"""Points that a line is taken to be high at least: a dash is flat."""
_WHOLE: Final = 1.15
"""A sign is no higher than this share of the usual height of signs."""
_SEAM: Final = 1.2
"""Points between two parts of a sign; lines of text are further apart."""
_STROKE: Final = 0.4
"""...but its flat strokes are lower, and may lie further apart, by up to this share of its height."""
_TALL: Final = 60.0
"""Points: what is higher is no sign but a stamp, a picture or a frame."""

PixelBox = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels."""


class Strip(NamedTuple):
    """A line of ink: its cell (or :data:`FREE`), the cell's box, its own box, and its pieces.

    Pieces are (x0, y0, x1, y1, label) from left to right; ``labels`` of :class:`PageInk` has the labels.
    """

    cell: int
    room: PixelBox
    box: PixelBox
    parts: tuple[tuple[int, int, int, int, int], ...]

    @property
    def height(self) -> float:
        """Pixels that its signs are high, or would be if they were not flat."""
        return max(self.box[3] - self.box[1], _LEAST_HEIGHT * SCALE)


class PageInk(NamedTuple):
    """A page's lines of ink, the boxes of cells that hold only something faint, and its tables."""

    strips: list[Strip]
    faint: list[Box]
    lattices: list[Lattice]
    labels: np.ndarray[tuple[int, int], np.dtype[np.int32]]


def find_ink(drawn: Drawn) -> PageInk:
    """Group the ink of a page into lines: those of each cell, and those outside tables."""
    lattices = find_lattices(drawn.rules)
    height, width = drawn.grey.shape
    rooms = [_pixels(region.box) for lattice in lattices for region in lattice.regions]
    parts, labels = pieces(drawn.ink, _SPECK)
    parts = parts[parts[:, 3] <= _TALL * SCALE]
    cells = _cells_of(parts, lattices)
    size = _size(parts)
    strips: list[Strip] = []
    for cell in np.unique(cells).tolist():
        room = (0, 0, width, height) if cell == FREE else rooms[cell]
        strips.extend(_strips(parts[cells == cell], cell, room, size))
    written = {strip.cell for strip in strips}
    marks, _ = pieces(drawn.faint, _SPECK)
    large = marks[np.maximum(marks[:, 2], marks[:, 3]) >= _MARK * SCALE]
    seen = set(_cells_of(large, lattices).tolist()) - written - {FREE}
    faint = [_points(rooms[cell]) for cell in sorted(seen)]
    return PageInk(strips, faint, lattices, labels)


def _points(box: PixelBox) -> Box:
    return box[0] / SCALE, box[1] / SCALE, box[2] / SCALE, box[3] / SCALE


def _pixels(box: Box) -> PixelBox:
    x0, y0, x1, y1 = box
    return round(x0 * SCALE), round(y0 * SCALE), round(x1 * SCALE), round(y1 * SCALE)


def _cells_of(parts: Components, lattices: Iterable[Lattice]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The cell, counted through all tables of the page, that the middle of each piece stands in."""
    cells = np.full(len(parts), FREE, dtype=np.int64)
    x, y = (parts[:, 0] + parts[:, 2] / 2) / SCALE, (parts[:, 1] + parts[:, 3] / 2) / SCALE
    first = 0
    for lattice in lattices:
        row, column = lattice.ys.searchsorted(y) - 1, lattice.xs.searchsorted(x) - 1
        rows, columns = lattice.owner.shape
        inside = np.flatnonzero((row >= 0) & (row < rows) & (column >= 0) & (column < columns))
        owner = lattice.owner[row[inside], column[inside]]
        owned = owner != OUTSIDE
        cells[inside[owned]] = owner[owned] + first
        first += len(lattice.regions)
    return cells


def _size(parts: Components) -> float:
    """How high a sign of this page is (pixels): its ideographs, whole ones, are most of its large pieces."""
    large = parts[parts[:, 3] >= _LEAST_HEIGHT * SCALE, 3]
    return float(np.percentile(large, 75)) if len(large) else 2 * _LEAST_HEIGHT * SCALE


def _strips(parts: Components, cell: int, room: PixelBox, size: float) -> list[Strip]:
    """Pieces of one cell to lines: what overlaps in height is one line, cut at wide gaps."""
    found: list[Strip] = []
    for line in _rows(parts, size):
        row = line[np.argsort(line[:, 0], kind="stable")]
        high = max(int((row[:, 1] + row[:, 3]).max() - row[:, 1].min()), _LEAST_HEIGHT * SCALE)
        gap = _APART * high * (2 if cell == FREE else 1)
        ends = np.maximum.accumulate(row[:, 0] + row[:, 2])
        for piece in np.split(row, np.flatnonzero(row[1:, 0] - ends[:-1] > gap) + 1):
            boxes = tuple((x, y, x + w, y + h, label) for x, y, w, h, _, label in piece.tolist())
            sides = tuple(zip(*boxes, strict=True))
            box = (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
            found.append(Strip(cell, room, box, boxes))
    return found


def _rows(parts: Components, size: float) -> list[Components]:
    """Pieces by the stretches of height they share; the parts of 三 and 会 stay together."""
    ordered = parts[np.argsort(parts[:, 1], kind="stable")]
    bottoms = np.maximum.accumulate(ordered[:, 1] + ordered[:, 3])
    stretches = np.split(ordered, np.flatnonzero(ordered[1:, 1] >= bottoms[:-1]) + 1)
    joined = [stretches[0]]
    for below in stretches[1:]:
        top, bottom = int(joined[-1][:, 1].min()), int((joined[-1][:, 1] + joined[-1][:, 3]).max())
        start, end = int(below[:, 1].min()), int((below[:, 1] + below[:, 3]).max())
        flat = min(bottom - top, end - start) < _STROKE * size
        near = start - bottom <= (_STROKE * size if flat else _SEAM * SCALE)
        if near and end - top <= _WHOLE * size:
            joined[-1] = np.concatenate((joined[-1], below))
        else:
            joined.append(below)
    return joined
