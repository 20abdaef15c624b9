"""What is drawn on a page image: the page made straight, its ruling lines, and the ink between them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gxstats.read.geometry import Floats, Rules
from gxstats.read.scan_image import SCALE, Grey

MAX_SKEW: Final = 3.0
"""Degrees that a page may be askew."""
_STRAIGHT: Final = 0.03
"""Degrees below which turning a page does more harm than good."""
_COARSE: Final = 4
"""Each side of the image the angle is looked for in is smaller by this factor."""
_PAPER: Final = 9.0
"""Points: no stroke is as wide, no shaded cell as narrow."""
_INK: Final = 0.35
"""Ink is darker than its paper by this share of the page's contrast."""
_FAINT: Final = 0.13
"""So is anything that may be ink, and ruling lines, which are often grey."""
_LONG, _TALL = 20.0, 13.0
"""Points: shorter horizontal and vertical lines are strokes of letters."""
_SURE: Final = 60.0
"""Points: a straight stroke as long is no part of a letter."""
_ROW: Final = 20.0
"""Points: a vertical line no higher divides a row of one line, or is a stroke of a letter there."""
_MANY: Final = 3
"""So many other lines as high, beside it, make it a line of a table of one row."""
_BESIDE, _THROUGH, _CLUTTER = 0.8, 0.4, 0.06
"""Within so many points of a ruling line, hardly a row of pixels (this share) has any ink but the line's."""
_NEAR: Final = 3.5
"""Points by which a ruling line may miss the one it ends on."""
_WIDEST: Final = 5.0
"""Points: a wider line is a bar or a shaded cell."""
_FLAT: Final = 24
"""Grey values: a page with less contrast is empty."""


class Drawn(NamedTuple):
    """A straightened page: its grey values, ink, faint marks and ruling lines.

    ``flat`` is the same on white paper with full contrast. ``ink`` and ``faint`` are masks without the
    ruling lines; ``ruled`` is the mask of those lines, a little widened. ``angle`` (degrees,
    counter-clockwise) is how far the page was turned.
    """

    grey: Grey
    flat: Grey
    ink: Grey
    faint: Grey
    ruled: Grey
    rules: Rules
    angle: float


def draw(grey: Grey) -> Drawn:
    """Straighten a page and part its ink from its ruling lines.

    Args:
        grey: Grey values at :data:`gxstats.read.scan_image.SCALE` pixels per point.
    """
    import cv2

    angle = _skew(_darkness(grey))
    if abs(angle) >= _STRAIGHT:
        height, width = grey.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        paper = int(np.percentile(grey[::8, ::8], 90))
        grey = np.asarray(
            cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper), np.uint8
        )
    else:
        angle = 0.0
    dark = _darkness(grey)
    contrast = max(float(np.percentile(dark[dark > _FLAT], 90)) if (dark > _FLAT).any() else 0.0, 2.0 * _FLAT)
    faint = (dark > _FAINT * contrast).astype(np.uint8)
    ink = (dark > _INK * contrast).astype(np.uint8)
    rules, mask = _rulings(faint)
    ruled = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
    flat = 255 - np.clip(dark * (230 / contrast), 0, 255).astype(np.uint8)
    return Drawn(grey, flat, ink & (1 - ruled), faint & (1 - ruled), ruled, rules, angle)


def turn_back(x: float, y: float, angle: float, width: float, height: float) -> tuple[float, float]:
    """Where a point of the straightened page was before the page was turned.

    Example:
        >>> turn_back(50.0, 50.0, 2.0, 100.0, 100.0)
        (50.0, 50.0)
    """
    radians = np.deg2rad(angle)
    dx, dy = x - width / 2, y - height / 2
    cosine, sine = float(np.cos(radians)), float(np.sin(radians))
    return width / 2 + dx * cosine - dy * sine, height / 2 + dx * sine + dy * cosine


def _darkness(grey: Grey) -> Grey:
    """How much darker each pixel is than the paper (or the shading) around it."""
    import cv2

    size = round(_PAPER * SCALE)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    # Closing fills strokes with the paper beside them, yet keeps what is shaded.
    kernel = np.ones((size // 4 + 1, size // 4 + 1), np.uint8)
    paper = cv2.resize(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), grey.shape[::-1])
    return np.asarray(cv2.subtract(np.asarray(paper, np.uint8), grey), np.uint8)


def _skew(dark: Grey) -> float:
    """The turn (degrees) that makes rows of ink and of paper most distinct."""
    import cv2

    small = cv2.resize(dark, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA)
    height, width = small.shape

    def sharpness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(small, turn, (width, height)).sum(axis=1, dtype=np.float64)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    best = max(np.arange(-MAX_SKEW, MAX_SKEW + 0.01, 0.25).tolist(), key=sharpness)
    return float(max(np.arange(best - 0.2, best + 0.21, 0.05).tolist(), key=sharpness))


def _strokes(mask: Grey, across: bool) -> Grey:
    """The long straight lines of a mask, with gaps of a pixel or two closed first."""
    import cv2

    length = round((_LONG if across else _TALL) * SCALE)
    gap, line = ((3, 1), (length, 1)) if across else ((1, 3), (1, length))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(gap[::-1], np.uint8))
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(line[::-1], np.uint8)), np.uint8)


def _rulings(faint: Grey) -> tuple[Rules, Grey]:
    """The ruling lines among the straight strokes of a page, and the mask of their pixels.

    A ruling line is long, or both its ends lie on others and, unlike with strokes of letters, nothing
    is attached to it between them.
    """
    import cv2

    rows, row_labels = _lines(_strokes(faint, True), True)
    columns, column_labels = _lines(_strokes(faint, False), False)
    wide, high = rows[:, 2] - rows[:, 1] >= _SURE, columns[:, 2] - columns[:, 1] >= _SURE
    drawn = np.append(False, wide)[row_labels].astype(np.uint8)
    crossed = np.asarray(cv2.dilate(drawn, np.ones((5, 3), np.uint8)), np.uint8)
    lone = _are_lone(columns, faint & (1 - crossed))
    kept_rows, kept_columns = wide, high & _ends_on(columns, rows[wide], any_end=True)
    for _ in range(2):
        likely = kept_columns | (_ends_on(columns, rows[kept_rows]) & lone)
        kept_columns = likely & (high | _have_fellows(columns, columns[likely]))
        kept_rows = kept_rows | _ends_on(rows, columns[kept_columns])
    mask = np.append(False, kept_rows)[row_labels] | np.append(False, kept_columns)[column_labels]
    return Rules(rows[kept_rows], columns[kept_columns]), mask.astype(np.uint8)


def _are_lone(columns: Floats, faint: Grey) -> NDArray[np.bool_]:
    """Which vertical strokes have nothing beside them, but for where they begin and end."""
    found = np.ones(len(columns), dtype=bool)
    side = round(_BESIDE * SCALE)
    for at, (x, top, bottom) in enumerate((columns * SCALE).round().astype(int).tolist()):
        space = min(side, (bottom - top) // 4)
        part = faint[top + space : bottom - space, max(x - 3 * side, 0) : x + 3 * side + 1]
        if not part.size:
            continue
        # The stroke itself is where ink runs all the way down, and a pixel more: its edges are soft.
        through = np.asarray(part.mean(axis=0) > _THROUGH)
        stroke = np.convolve(through, np.ones(3), "same") > 0
        near = np.convolve(through, np.ones(2 * side + 3), "same") > 0
        beside = part[:, near & ~stroke]
        found[at] = not beside.size or float(np.mean(beside.any(axis=1))) < _CLUTTER
    return found


def _have_fellows(columns: Floats, others: Floats) -> NDArray[np.bool_]:
    """Which vertical lines go on above or below, or stand in a row of such lines; all but short ones do."""
    ends = np.abs(columns[:, None, 1:] - others[None, :, 1:]).max(axis=2) <= _NEAR
    above = (np.abs(columns[:, None, 0] - others[None, :, 0]) <= _NEAR) & ~ends
    # A line is among the others itself.
    return np.asarray(
        (columns[:, 2] - columns[:, 1] >= _ROW) | above.any(axis=1) | (ends.sum(axis=1) > _MANY)
    )


def _ends_on(lines: Floats, others: Floats, *, any_end: bool = False) -> NDArray[np.bool_]:
    """Which lines of one direction end on lines of the other at both ends, or at any."""
    if not len(lines) or not len(others):
        return np.zeros(len(lines), dtype=bool)
    reached = (others[:, 1] - _NEAR <= lines[:, :1]) & (lines[:, :1] <= others[:, 2] + _NEAR)
    begins = np.any(reached & (np.abs(lines[:, 1:2] - others[:, 0]) <= _NEAR), axis=1)
    ends = np.any(reached & (np.abs(lines[:, 2:3] - others[:, 0]) <= _NEAR), axis=1)
    return np.asarray(begins | ends if any_end else begins & ends)


def _lines(mask: Grey, across: bool) -> tuple[Floats, NDArray[np.int32]]:
    """Straight strokes as position, low, high in points, and which of them (from 1) each pixel is of."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    x, y, wide, high = (stats[1:, at].astype(np.float64) for at in range(4))
    if not across:
        x, y, wide, high = y, x, high, wide
    # What is wider is a bar or a blot: it gets no length, and so is no line.
    length = np.where(high <= _WIDEST * SCALE, wide, 0.0)
    return np.column_stack((y + high / 2, x, x + length)) / SCALE, np.asarray(labels, np.int32)


Components = NDArray[Any]
"""Columns x, y, width, height, area of the connected pieces of a mask, in pixels."""


def pieces(mask: Grey, least: float) -> tuple[Components, NDArray[np.int32]]:
    """The connected pieces of a mask with at least so many pixels, and which piece each pixel is of.

    A pixel's label is the piece's row plus one among all pieces, small ones included.
    """
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    kept = stats[1:, 4] >= least
    found = np.column_stack((stats[1:], np.arange(1, len(stats))))[kept]
    return found, np.asarray(labels, np.int32)
