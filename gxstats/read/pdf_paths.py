"""Path objects of a PDF page to ruling lines.

Programs draw the borders of a table as stroked lines (Word, LibreOffice), as stroked rectangles
around each cell (Chromium), as thin filled rectangles (WPS), as hundreds of dots, or as one path
that holds the whole table. Filled areas are shading and clip paths are invisible: no rules.
"""

from __future__ import annotations

import ctypes
from itertools import compress, repeat

import numpy as np

from gxstats.errors import LimitExceeded
from gxstats.read import pdf_library as pdfium
from gxstats.read.geometry import NO_RULES, Floats, Rules
from gxstats.read.pdf_limits import (
    MAX_FORM_DEPTH,
    MAX_OBJECTS_ON_A_PAGE,
    MAX_PATH_POINTS_ON_A_PAGE,
    MAX_RULES_ON_A_PAGE,
    MAX_TEXTS_ON_A_PAGE,
)

THIN = 3.0
"""A filled rectangle no thicker than this (points) is a line."""
THICK = 12.0
"""A stroke whose bounds are no thicker than this in one direction runs straight in the other."""
RECTANGLE_POINTS = 5
DOT_GAP = 4.5
"""Dots of one line are no further apart than this."""


class Drawn:
    """What is drawn on a page besides text, gathered object by object.

    ``boxes`` are (left, bottom, right, top) in user space: of lines and thin fills as they are, of
    the four edges of stroked rectangles; ``unseen`` holds those of text objects without any width.
    ``image_area`` is in square points.
    """

    def __init__(self) -> None:
        self.boxes: list[Floats] = []
        self.unseen: list[Floats] = []
        self.image_area = 0.0
        self.image_count = 0
        self.texts = 0
        self.objects = 0
        self._points = 0

    def count_objects(self, count: int) -> None:
        """Add to the number of objects seen; refuse pages that have too many."""
        self.objects += count
        if self.objects > MAX_OBJECTS_ON_A_PAGE:
            raise LimitExceeded(f"a page has over {MAX_OBJECTS_ON_A_PAGE} drawing objects")

    def count_texts(self, count: int) -> None:
        """Add to the number of pieces of text seen; refuse pages that have too many."""
        self.texts += count
        if self.texts > MAX_TEXTS_ON_A_PAGE:
            raise LimitExceeded(f"a page has over {MAX_TEXTS_ON_A_PAGE} pieces of text")

    def count_points(self, count: int) -> None:
        """Add to the number of path points seen; refuse pages that have too many."""
        self._points += count
        if self._points > MAX_PATH_POINTS_ON_A_PAGE:
            raise LimitExceeded(f"a page has over {MAX_PATH_POINTS_ON_A_PAGE} path points")


def read_drawn(page: int) -> Drawn:
    """Everything drawn on a page but its text.

    Args:
        page: Handle of a loaded page.

    Raises:
        LimitExceeded: If there are more objects than any report has.
    """
    drawn = Drawn()
    count = pdfium.count_objects(page)
    drawn.count_objects(count)
    _read_objects(pdfium.fetch_objects(page, count), None, drawn, 0)
    return drawn


def _read_objects(objects: list[pdfium.Handle], matrix: Floats | None, drawn: Drawn, depth: int) -> None:
    kinds = pdfium.fetch_types(objects)
    if pdfium.PATH_OBJECT in kinds:
        _read_paths(_of_kind(pdfium.PATH_OBJECT, objects, kinds), matrix, drawn)
    if pdfium.TEXT_OBJECT in kinds:
        drawn.count_texts(kinds.count(pdfium.TEXT_OBJECT))
        _note_unseen(_of_kind(pdfium.TEXT_OBJECT, objects, kinds), matrix, drawn)
    if pdfium.IMAGE_OBJECT in kinds:
        images = _of_kind(pdfium.IMAGE_OBJECT, objects, kinds)
        bounds = _transform(pdfium.fetch_bounds(images), matrix)
        drawn.image_count += len(images)
        drawn.image_area += float(np.sum((bounds[:, 2] - bounds[:, 0]) * (bounds[:, 3] - bounds[:, 1])))
    if pdfium.FORM_OBJECT in kinds:
        for form in _of_kind(pdfium.FORM_OBJECT, objects, kinds):
            if depth < MAX_FORM_DEPTH:
                _read_form(form, matrix, drawn, depth)
            else:
                _count_form(form, drawn)


def _of_kind(kind: int, objects: list[pdfium.Handle], kinds: list[int]) -> list[pdfium.Handle]:
    return list(compress(objects, map(kind.__eq__, kinds)))


def _note_unseen(texts: list[pdfium.Handle], matrix: Floats | None, drawn: Drawn) -> None:
    """Text without width: a blank, or a character whose glyph the font lacks and pdfium leaves out."""
    bounds = pdfium.fetch_bounds(texts)
    empty = bounds[bounds[:, 0] == bounds[:, 2]]
    if len(empty):
        drawn.unseen.append(_transform(empty, matrix))


def _read_form(form: pdfium.Handle, matrix: Floats | None, drawn: Drawn, depth: int) -> None:
    count = pdfium.form_count_objects(form)
    if count <= 0:
        return
    drawn.count_objects(count)
    inner = _matrix_of(form)
    children = list(map(pdfium.handle, map(pdfium.form_get_object, repeat(form), range(count))))
    _read_objects(children, inner if matrix is None else inner @ matrix, drawn, depth + 1)


def _count_form(form: pdfium.Handle, drawn: Drawn) -> None:
    """Count what a form too deep to be looked at draws, for its text is read all the same."""
    count = max(0, pdfium.form_count_objects(form))
    drawn.count_objects(count)
    children = list(map(pdfium.handle, map(pdfium.form_get_object, repeat(form), range(count))))
    kinds = pdfium.fetch_types(children)
    drawn.count_texts(kinds.count(pdfium.TEXT_OBJECT))
    for child, kind in zip(children, kinds, strict=True):
        if kind == pdfium.FORM_OBJECT:
            _count_form(child, drawn)


def _matrix_of(handle: pdfium.Handle) -> Floats:
    memory = np.zeros(6, dtype=np.float32)
    if not pdfium.object_matrix(handle, memory.ctypes.data):
        return np.eye(3)
    a, b, c, d, e, f = memory.astype(float).tolist()
    return np.array([[a, b, 0.0], [c, d, 0.0], [e, f, 1.0]])


def _transform(boxes: Floats, matrix: Floats | None) -> Floats:
    if matrix is None or not len(boxes):
        return boxes
    ones = np.ones(len(boxes))
    first = np.column_stack((boxes[:, 0], boxes[:, 1], ones)) @ matrix
    second = np.column_stack((boxes[:, 2], boxes[:, 3], ones)) @ matrix
    return np.column_stack((np.minimum(first, second)[:, :2], np.maximum(first, second)[:, :2]))


def _read_paths(paths: list[pdfium.Handle], matrix: Floats | None, drawn: Drawn) -> None:
    bounds = pdfium.fetch_bounds(paths)
    modes = pdfium.fetch_draw_modes(paths)
    points = pdfium.fetch_segment_counts(paths)
    drawn.count_points(int(points.sum()))
    filled, stroked = modes[:, 0] != 0, modes[:, 1] != 0
    # The bounds of a stroke include its width, twice over at the ends: a line of two points is its axis.
    axis = stroked & (points <= 2)
    if axis.all():
        drawn.boxes.append(_transform(_axes(bounds), matrix))
        return
    thin = np.minimum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) <= THIN
    line = thin & ~axis & (filled | stroked) & (points <= RECTANGLE_POINTS)
    if line.all():
        drawn.boxes.append(_transform(bounds, matrix))
        return
    rectangle = stroked & ~thin & (points == RECTANGLE_POINTS)
    other = (filled | stroked) & (points > RECTANGLE_POINTS) | stroked & ~thin & (
        (points == 3) | (points == 4)
    )
    if axis.any():
        drawn.boxes.append(_transform(_axes(bounds[axis]), matrix))
    if line.any():
        drawn.boxes.append(_transform(bounds[line], matrix))
    if rectangle.any():
        drawn.boxes.append(_transform(_sides(bounds[rectangle]), matrix))
    for at in np.flatnonzero(other).tolist():
        drawn.boxes.append(_edges(paths[at], matrix, closed=not stroked[at]))


def _axes(bounds: Floats) -> Floats:
    left, bottom, right, top = bounds.T
    width, height = right - left, top - bottom
    flat = width >= height
    x, y = (left + right) / 2, (bottom + top) / 2
    axes = np.empty(bounds.shape)
    axes[:, 0], axes[:, 1] = np.where(flat, left, x), np.where(flat, y, bottom)
    axes[:, 2], axes[:, 3] = np.where(flat, right, x), np.where(flat, y, top)
    straight = np.minimum(width, height) <= THICK
    return axes if straight.all() else axes[straight]


def _sides(bounds: Floats) -> Floats:
    left, bottom, right, top = bounds.T
    return np.concatenate(
        (
            np.column_stack((left, bottom, right, bottom)),
            np.column_stack((left, top, right, top)),
            np.column_stack((left, bottom, left, top)),
            np.column_stack((right, bottom, right, top)),
        )
    )


def _edges(path: pdfium.Handle, matrix: Floats | None, *, closed: bool) -> Floats:
    """Straight pieces of a path; of a filled one (``closed``), its subpaths that are thin."""
    own = _matrix_of(path)
    matrix = own if matrix is None else own @ matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    to_x, to_y = ctypes.addressof(x), ctypes.addressof(y)
    subpaths: list[list[tuple[float, float]]] = []
    pieces: list[tuple[float, float, float, float]] = []
    for number in range(int(pdfium.fetch_segment_counts([path])[0])):
        segment = pdfium.path_segment(path, number)
        pdfium.segment_point(segment, to_x, to_y)
        kind, point = pdfium.segment_type(segment), (x.value, y.value)
        if kind == pdfium.MOVE_TO or not subpaths:
            subpaths.append([point])
            continue
        if kind == pdfium.LINE_TO:
            pieces.append((*subpaths[-1][-1], *point))
        subpaths[-1].append(point)
        if pdfium.segment_close(segment):
            pieces.append((*point, *subpaths[-1][0]))
    if closed:
        pieces = [box for box in map(_extent, subpaths) if min(box[2] - box[0], box[3] - box[1]) <= THIN]
    if not pieces:
        return np.empty((0, 4))
    found = np.array(pieces)
    ordered = np.column_stack(
        (
            np.minimum(found[:, 0], found[:, 2]),
            np.minimum(found[:, 1], found[:, 3]),
            np.maximum(found[:, 0], found[:, 2]),
            np.maximum(found[:, 1], found[:, 3]),
        )
    )
    return _transform(ordered, matrix)


def _extent(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def rules_from_boxes(boxes: Floats) -> Rules:
    """Ruling lines from thin boxes in reading space (x0, top, x1, bottom).

    Boxes as wide as they are high are the dots of dotted lines: those in a row are joined first.

    Raises:
        LimitExceeded: If there are more lines than any report has.

    Example:
        >>> rules_from_boxes(np.array([[10.0, 20.0, 90.0, 20.5]])).horizontal.tolist()
        [[20.25, 10.0, 90.0]]
    """
    if not len(boxes):
        return NO_RULES
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    lying = width >= height
    dot = np.where(lying, width, height) <= THIN
    flat = lying & (height <= THIN) & ~dot
    upright = ~lying & (width <= THIN) & ~dot
    across, down, dots = boxes[flat], boxes[upright], boxes[dot]
    horizontal, vertical = across[:, [1, 0, 2]], down[:, [0, 1, 3]]
    horizontal[:, 0] = (across[:, 1] + across[:, 3]) / 2
    vertical[:, 0] = (down[:, 0] + down[:, 2]) / 2
    if len(dots):
        horizontal = np.concatenate((horizontal, _dotted(dots)))
        vertical = np.concatenate((vertical, _dotted(dots[:, [1, 0, 3, 2]])))
    if len(horizontal) + len(vertical) > MAX_RULES_ON_A_PAGE:
        raise LimitExceeded(f"a page has over {MAX_RULES_ON_A_PAGE} ruling lines")
    return Rules(horizontal, vertical)


def _dotted(dots: Floats) -> Floats:
    """Lines (y, x0, x1) of at least four dots side by side.

    Dots are sorted into levels of half a point twice, with the limits between levels shifted, lest
    a line on a limit falls apart.
    """
    height = dots[:, 1] + dots[:, 3]
    return np.concatenate((_runs_of_dots(dots, np.rint(height)), _runs_of_dots(dots, np.floor(height) + 0.5)))


def _runs_of_dots(dots: Floats, level: Floats) -> Floats:
    order = np.lexsort((dots[:, 0], level))
    level, dots = level[order], dots[order]
    new = np.ones(len(dots), dtype=bool)
    new[1:] = (np.diff(level) != 0) | (dots[1:, 0] - dots[:-1, 2] > DOT_GAP)
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(dots)))
    lines = np.column_stack((level[starts] / 2, dots[starts, 0], np.maximum.reduceat(dots[:, 2], starts)))
    joined: Floats = lines[counts >= 4]
    return joined
