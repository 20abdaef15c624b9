"""The columns in which the figures of a table stand, from the places of tokens alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gxstats.read.fragments import Piece

CLOSEST = 0.6
"""A head closer to a column than this share of the columns' distance is not another column's."""


class Column(NamedTuple):
    """The stretch (x) that a column's figures, or its head, cover."""

    low: float
    high: float


def figure_columns(rows: Sequence[Sequence[Piece]], label_right: float = float("-inf")) -> list[Column]:
    """Stretches covered by figures, overlapping ones joined, left to right.

    Args:
        rows: Tokens of the rows that have figures.
        label_right: Figures left of this belong to labels (numbers of items).

    Example:
        >>> figure_columns([])
        []
    """
    spans = sorted(
        [
            (box[0], box[2])
            for row in rows
            for _, box, _, is_figure in row
            if is_figure and box[2] > label_right
        ]
    )
    columns: list[Column] = []
    first, last = spans[0] if spans else (0.0, 0.0)
    for low, high in spans[1:]:
        if low < last:
            last = max(high, last)
        else:
            columns.append(Column(first, last))
            first, last = low, high
    return [*columns, Column(first, last)] if spans else columns


def head_columns(heads: Sequence[Sequence[Piece]], columns: list[Column], label_right: float) -> list[Column]:
    """Columns that have a head but no figure, added to those that have figures.

    Heads are taken from the lowest row up, so that a head over several columns meets the heads of
    those columns first. One that falls between two of them, or a letter of a spaced head, is too
    close to a column to be one itself.
    """
    found = list(columns)
    for row in reversed(heads):
        pitch = _pitch(found)
        for piece in row:
            low, high = piece.box[0], piece.box[2]
            if low <= label_right or any(low < c.high and c.low < high for c in found):
                continue
            if all(abs(low + high - c.low - c.high) >= 2 * CLOSEST * pitch for c in found):
                found.append(Column(low, high))
    return sorted(found)


def _pitch(columns: list[Column]) -> float:
    """Smallest distance of the middles of neighbouring columns; 0 if there are less than two."""
    middles = sorted((c.low + c.high) / 2 for c in columns)
    return min((b - a for a, b in pairwise(middles)), default=0.0)


class Places:
    """Columns, left to right, none of which overlap, to place things in.

    Example:
        >>> Places([Column(0, 10), Column(20, 30)]).find(22, 26)
        1
    """

    __slots__ = ("_highs", "_lows")

    def __init__(self, columns: Sequence[Column]) -> None:
        self._lows = [column.low for column in columns]
        self._highs = [column.high for column in columns]

    def find(self, low: float, high: float) -> int | None:
        """The one column that a stretch overlaps; None if there is none, or more than one."""
        first = bisect_right(self._highs, low)
        return first if bisect_left(self._lows, high, first) == first + 1 else None
