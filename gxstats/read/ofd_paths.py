"""Paths of an OFD page: what is a ruling line, what an area, what perhaps a drawn character.

A path is a text such as ``M 0 0 L 170 0 L 170 0.3 L 0 0.3 C``. Programs draw borders as lines, as
thin rectangles, filled or stroked, or as one path that holds the whole table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from gxstats.errors import LimitExceeded, ReadError
from gxstats.read.ofd_values import POINTS, Matrix, Rectangle, checked
from gxstats.read.pdf_limits import MAX_PATH_POINTS_ON_A_PAGE
from gxstats.read.pdf_paths import THICK, THIN

_NUMBERS_OF = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MARK = 30.0
"""A shape no larger than this (points) may be a character drawn by its outline."""


@dataclass(slots=True)
class Subpath:
    """One stroke of the pen, in points of the page."""

    points: list[tuple[float, float]]
    closed: bool = False
    curved: bool = False

    @property
    def extent(self) -> Rectangle:
        """The box around it."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def is_rectangle(self) -> bool:
        """Whether it is an upright rectangle."""
        corners = (
            self.points[:-1] if len(self.points) == 5 and self.points[0] == self.points[4] else self.points
        )
        if self.curved or len(corners) != 4:
            return False
        x0, top, x1, bottom = self.extent
        return all(min(x - x0, x1 - x) < 0.5 and min(y - top, bottom - y) < 0.5 for x, y in corners)


class Traced(NamedTuple):
    """What a path puts on the page: thin boxes for ruling lines, areas, and shapes like characters."""

    lines: list[Rectangle]
    areas: list[Rectangle]
    marks: list[Rectangle]


def subpaths(data: str, by: Matrix) -> list[Subpath]:
    """Cut a path up and bring it to the page.

    Args:
        data: M, S (begin), L (line), Q, B (curves), A (arc) and C (close), each with coordinates.
        by: Transformation to millimetres of the page.

    Raises:
        ReadError: It is damaged.
        LimitExceeded: It has more points than any page of a report.

    Example:
        >>> subpaths("M 0 0 L 25.4 0", (1, 0, 0, 1, 0, 0))[0].extent
        (0.0, 0.0, 72.0, 0.0)
    """
    a, b, c, d, e, f = (part * POINTS for part in by)
    found: list[Subpath] = []
    for word, values in _steps(data):
        if word == "C":
            if found:
                found[-1].closed = True
            continue
        points = [
            (a * x + c * y + e, b * x + d * y + f) for x, y in zip(values[::2], values[1::2], strict=True)
        ]
        if word in "MS" or not found:
            found.append(Subpath(points[-1:]))
        else:
            found[-1].points += points
            found[-1].curved |= word != "L"
    return found


def _steps(data: str) -> Iterator[tuple[str, list[float]]]:
    """The letters of a path with the coordinates of their points."""
    words = data.replace(",", " ").split()
    if len(words) > 3 * MAX_PATH_POINTS_ON_A_PAGE:
        raise LimitExceeded(f"a path has over {MAX_PATH_POINTS_ON_A_PAGE} points")
    values = checked([word for word in words if word not in _NUMBERS_OF])
    at = 0
    for word in words:
        if word in _NUMBERS_OF:
            end = at + _NUMBERS_OF[word]
            if end > len(values):
                raise ReadError("a path is cut off")
            # Of an arc only the end is a point; the rest are radii and flags.
            yield word, values[end - 2 if word == "A" else at : end]
            at = end
    if at != len(values):
        raise ReadError("a path has more numbers than it can take")


def trace(pieces: list[Subpath], *, stroked: bool, filled: bool, width: float) -> Traced:
    """What a path puts on the page.

    Args:
        pieces: Its subpaths.
        stroked: Whether lines are drawn.
        filled: Whether areas are filled.
        width: Of the line, in points.

    Example:
        >>> border = subpaths("M 0 0 L 60 0 L 60 0.2 L 0 0.2 C", (1, 0, 0, 1, 0, 0))
        >>> traced = trace(border, stroked=True, filled=False, width=0.5)
        >>> [len(kind) for kind in traced]
        [1, 0, 0]
    """
    traced = Traced([], [], [])
    for piece in pieces:
        if len(piece.points) < 2:
            continue
        x0, top, x1, bottom = piece.extent
        least, most = min(x1 - x0, bottom - top), max(x1 - x0, bottom - top)
        if stroked and width > THICK:
            half = width / 2
            traced.areas.append((x0 - half, top - half, x1 + half, bottom + half))
        elif least <= THIN:
            traced.lines.append((x0, top, x1, bottom))
        elif most <= _MARK and (piece.curved or (filled and not stroked and not piece.is_rectangle)):
            traced.marks.append((x0, top, x1, bottom))
            continue
        elif stroked and not piece.curved:
            traced.lines.extend(_edges(piece))
        if filled and least > THIN:
            (traced.areas if piece.is_rectangle else traced.marks).append((x0, top, x1, bottom))
    return traced


def _edges(piece: Subpath) -> list[Rectangle]:
    points = [*piece.points, piece.points[0]] if piece.closed else piece.points
    return [(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)) for (x0, y0), (x1, y1) in pairwise(points)]
