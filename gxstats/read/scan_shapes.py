"""What the shape of one piece of ink says of the sign it was read as: a dash, a stroke, a one, a zero.

Recognisers take ``/`` for 1, 0 for O or a frame, and a dash for a one in Chinese: the ink tells them apart.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gxstats.read.scan_ink import PageInk

_DASHES: Final = frozenset("一—–―-_ー─━~")
_STROKES: Final = frozenset("1/lI|!丨丿ノ7J")
_RINGS: Final = frozenset("0OoQD〇○口")
_FLAT: Final = 2.0
"""A dash is wider than high by this factor."""
_UPRIGHT, _LEANING = 0.12, 0.26
"""Steps to the left per step down: a 1 leans less than the first, a ``/`` more than the second."""
_STRAIGHT: Final = 0.05
"""The ink of each row of a ``/`` lies this near to a straight line, as a share of its height."""
_HOLLOW: Final = 0.16
"""The hole of a zero is this share of its box at least; those of 4, 6, 8 and 9 are smaller."""
_SLIM: Final = (0.35, 0.85)
"""Width of a zero as a share of its height; a letter O and a frame are as wide as high."""
_SEEN: Final = 0.8
"""Score of a sign that its shape tells."""

Part = tuple[int, int, int, int, int]
"""x0, y0, x1, y1 in pixels, and the label of a piece of ink."""


def mend(sign: str, place: float, score: float, part: Part, ink: PageInk) -> tuple[str, float, float]:
    """A sign as its shape shows it where the recogniser is known to err; others as they are."""
    seen = sign
    if is_flat(part):
        seen = "-" if not sign or sign in _DASHES else sign
    elif sign in _STROKES and sign != "7" and _lean(part, ink) >= _LEANING and _is_straight(part, ink):
        seen = "/"
    elif sign in _RINGS and _is_ring(part, ink):
        seen = "0"
    else:
        return sign, place, score
    return seen, place, max(score, _SEEN) if seen in "-/0" else score


def is_amiss(sign: str, part: Part, ink: PageInk) -> bool:
    """Whether a sign cannot have the shape of this piece of ink."""
    if (sign == "-") != is_flat(part) and sign not in ".,":
        return True
    if sign == "1":
        return _lean(part, ink) > _UPRIGHT
    return sign == "/" and _lean(part, ink) < _LEANING


def is_flat(part: Part) -> bool:
    """Whether a piece of ink lies like a dash.

    Example:
        >>> is_flat((0, 0, 12, 3, 1)), is_flat((0, 0, 6, 12, 1))
        (True, False)
    """
    x0, y0, x1, y1, _ = part
    return x1 - x0 >= _FLAT * (y1 - y0)


def _rows(part: Part, ink: PageInk) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rows of a piece and the middle of its ink in each, in pixels from its corner."""
    x0, y0, x1, y1, label = part
    mask = ink.labels[y0:y1, x0:x1] == label
    counts = mask.sum(axis=1)
    rows = np.flatnonzero(counts)
    middles = (mask * np.arange(x1 - x0)).sum(axis=1)[rows] / counts[rows]
    return rows, middles


def _lean(part: Part, ink: PageInk) -> float:
    """How far a piece of ink goes to the left per step down, in the middle half of its height."""
    rows, middles = _rows(part, ink)
    quarter = len(rows) // 4
    some = slice(quarter, len(rows) - quarter)
    if len(rows[some]) < 3:
        return 0.0
    return -float(np.polyfit(rows[some], middles[some], 1)[0])


def _is_straight(part: Part, ink: PageInk) -> bool:
    rows, middles = _rows(part, ink)
    if len(rows) < 3:
        return False
    line = np.polyval(np.polyfit(rows, middles, 1), rows)
    return bool(np.abs(middles - line).max() <= max(_STRAIGHT * len(rows), 1.0))


def _is_ring(part: Part, ink: PageInk) -> bool:
    """One hole in the middle, higher than wide."""
    import cv2

    x0, y0, x1, y1, label = part
    if not _SLIM[0] <= (x1 - x0) / (y1 - y0) <= _SLIM[1]:
        return False
    mask = (ink.labels[y0:y1, x0:x1] == label).astype(np.uint8)
    _, _, stats, middles = cv2.connectedComponentsWithStats(1 - np.pad(mask, 1), connectivity=4)
    holes = [
        (area, middle)
        for (left, *_, area), middle in zip(stats[1:], middles[1:], strict=True)
        if left > 0 and area > 2
    ]
    if len(holes) != 1:
        return False
    area, (_, y) = holes[0]
    central = abs(y - 1 - (y1 - y0) / 2) < 0.1 * (y1 - y0)
    return bool(central and area >= _HOLLOW * (x1 - x0) * (y1 - y0))
