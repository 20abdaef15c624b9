"""The functions of pdfium that the reader calls, bound so that whole pages are fetched in bulk.

pypdfium2 binds every function with checked pointer types, which costs more than the calls
themselves. Here handles are plain integers and results go straight into numpy memory, so that
``map`` over a range runs without Python code per character. pdfium must not be used from two
threads: :data:`LOCK` is held while a document is open.
"""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gxstats.read import pdf_fonts  # before pypdfium2: it looks whether that is in use already

import pypdfium2.raw as raw  # isort: skip

LOCK = threading.RLock()
BUNDLED_FONT = pdf_fonts.use_bundled_font(raw)

HANDLE = ctypes.c_void_p
Handle = Any
"""A handle made an argument by :func:`handle`: ctypes has no public name for the type."""
_INT, _ULONG, _DOUBLE, _FLOAT = ctypes.c_int, ctypes.c_ulong, ctypes.c_double, ctypes.c_float

TEXT_OBJECT, PATH_OBJECT, IMAGE_OBJECT, SHADING_OBJECT, FORM_OBJECT = 1, 2, 3, 4, 5
LINE_TO, BEZIER_TO, MOVE_TO = 0, 1, 2
ERROR_PASSWORD, ERROR_SECURITY = 4, 5


def _address(name: str) -> int:
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    if address is None:
        raise ImportError(f"pdfium has no function {name}")
    return address


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.CFUNCTYPE(result, *arguments)(_address(name))


def _bind_bulk(name: str, result: Any) -> Callable[..., Any]:
    """A function that is called once per character or object.

    PYFUNCTYPE keeps the interpreter lock: calls of under a microsecond are not worth giving it up.
    Without declared arguments nothing is converted: handles and pointers must be arguments already
    (:func:`handle`, :class:`_Slots`), which halves the price of a call.
    """
    return ctypes.PYFUNCTYPE(result)(_address(name))


handle = ctypes.c_void_p.from_param
"""An address as an argument of any function here."""

count_chars = _bind("FPDFText_CountChars", _INT, HANDLE)
get_text = _bind("FPDFText_GetText", _INT, HANDLE, _INT, _INT, HANDLE)
char_box = _bind("FPDFText_GetCharBox", _INT, HANDLE, _INT, HANDLE, HANDLE, HANDLE, HANDLE)
char_origin = _bind("FPDFText_GetCharOrigin", _INT, HANDLE, _INT, HANDLE, HANDLE)
load_text = _bind("FPDFText_LoadPage", HANDLE, HANDLE)
close_text = _bind("FPDFText_ClosePage", None, HANDLE)
load_page = _bind("FPDF_LoadPage", HANDLE, HANDLE, _INT)
close_page = _bind("FPDF_ClosePage", None, HANDLE)
page_rotation = _bind("FPDFPage_GetRotation", _INT, HANDLE)
set_rotation = _bind("FPDFPage_SetRotation", None, HANDLE, _INT)
page_bounds = _bind("FPDF_GetPageBoundingBox", _INT, HANDLE, HANDLE)
count_objects = _bind("FPDFPage_CountObjects", _INT, HANDLE)
form_count_objects = _bind("FPDFFormObj_CountObjects", _INT, HANDLE)
form_get_object = _bind("FPDFFormObj_GetObject", HANDLE, HANDLE, _ULONG)
object_matrix = _bind("FPDFPageObj_GetMatrix", _INT, HANDLE, HANDLE)
stroke_width = _bind("FPDFPageObj_GetStrokeWidth", _INT, HANDLE, HANDLE)
path_segment = _bind("FPDFPath_GetPathSegment", HANDLE, HANDLE, _INT)
segment_point = _bind("FPDFPathSegment_GetPoint", _INT, HANDLE, HANDLE, HANDLE)
segment_type = _bind("FPDFPathSegment_GetType", _INT, HANDLE)
segment_close = _bind("FPDFPathSegment_GetClose", _INT, HANDLE)

_get_unicode = _bind_bulk("FPDFText_GetUnicode", ctypes.c_uint)
_loose_char_box = _bind_bulk("FPDFText_GetLooseCharBox", None)
_char_angle = _bind_bulk("FPDFText_GetCharAngle", _FLOAT)
_has_map_error = _bind_bulk("FPDFText_HasUnicodeMapError", _INT)
_get_object = _bind_bulk("FPDFPage_GetObject", HANDLE)
_object_type = _bind_bulk("FPDFPageObj_GetType", _INT)
_object_bounds = _bind_bulk("FPDFPageObj_GetBounds", None)
_draw_mode = _bind_bulk("FPDFPath_GetDrawMode", None)
_count_segments = _bind_bulk("FPDFPath_CountSegments", _INT)


class _Slots:
    """Rows of numbers that pdfium writes into, with ready pointers to each of their fields.

    They are kept from page to page and grow; whoever holds :data:`LOCK` uses them.
    """

    def __init__(self, kind: type[ctypes.c_float] | type[ctypes.c_int], fields: int, step: int) -> None:
        self._kind, self._fields, self._step = kind, fields, step
        self._reserve(512)

    def _reserve(self, count: int) -> None:
        self._count = count
        memory = (self._kind * (self._fields * count))()
        self._array = np.ctypeslib.as_array(memory).reshape(count, self._fields)
        size, end = ctypes.sizeof(self._kind), ctypes.sizeof(memory)
        self.pointers = [
            [ctypes.byref(memory, at) for at in range(first * size, end, self._fields * size)]
            for first in range(0, self._fields, self._step)
        ]

    def fill(self, function: Callable[..., Any], count: int, *arguments: Iterable[Any]) -> NDArray[Any]:
        """Call a function ``count`` times with pointers behind the other arguments; the rows' own memory."""
        if count > self._count:
            self._reserve(2 * count)
        rows = self._array[:count]
        rows.fill(0)
        deque(map(function, *arguments, *self.pointers), maxlen=0)
        return rows


_BOXES = _Slots(_FLOAT, 4, 4)
_BOUNDS = _Slots(_FLOAT, 4, 1)
_MODES = _Slots(_INT, 2, 1)


def fetch_code_points(text: int, count: int) -> NDArray[np.uint32]:
    """Code points of the first ``count`` characters."""
    return np.fromiter(map(_get_unicode, repeat(handle(text)), range(count)), dtype=np.uint32, count=count)


def fetch_angles(text: int, positions: Sequence[int]) -> NDArray[np.float64]:
    """Angles (radians, clockwise) of the characters at ``positions``."""
    return np.fromiter(
        map(_char_angle, repeat(handle(text)), positions), dtype=np.float64, count=len(positions)
    )


def fetch_map_errors(text: int, positions: Sequence[int]) -> list[int]:
    """For each of the characters at ``positions``: 1 if its font has no Unicode for it."""
    return list(map(_has_map_error, repeat(handle(text)), positions))


def fetch_boxes(text: int, positions: Sequence[int]) -> NDArray[np.float64]:
    """Loose boxes (left, top, right, bottom in user space) of the characters at ``positions``."""
    rows = _BOXES.fill(_loose_char_box, len(positions), repeat(handle(text)), positions)
    return rows.astype(np.float64)


def fetch_tight_boxes(text: int, positions: Iterable[int], count: int) -> NDArray[np.float64]:
    """Ink boxes (left, top, right, bottom in user space) of the characters at ``positions``."""
    memory = np.zeros((4, count), dtype=np.float64)
    left, right, bottom, top = (
        range(at, at + 8 * count, 8) for at in (memory.ctypes.data + 8 * count * row for row in range(4))
    )
    deque(map(char_box, repeat(text), positions, left, right, bottom, top), maxlen=0)
    return memory[[0, 3, 1, 2]].T.copy()


def fetch_origins(text: int, positions: Iterable[int], count: int) -> NDArray[np.float64]:
    """Origins (x, y in user space, on the baseline) of the characters at ``positions``."""
    memory = np.zeros((2, count), dtype=np.float64)
    x, y = (range(at, at + 8 * count, 8) for at in (memory.ctypes.data, memory.ctypes.data + 8 * count))
    deque(map(char_origin, repeat(text), positions, x, y), maxlen=0)
    return memory.T.copy()


def fetch_objects(page: int, count: int) -> list[Handle]:
    """The first ``count`` objects of a page."""
    return list(map(handle, map(_get_object, repeat(handle(page)), range(count))))


def fetch_types(objects: list[Handle]) -> list[int]:
    """Kinds of page objects."""
    return list(map(_object_type, objects))


def fetch_segment_counts(paths: list[Handle]) -> NDArray[np.int64]:
    """Number of segments of each path."""
    return np.fromiter(map(_count_segments, paths), dtype=np.int64, count=len(paths))


def fetch_bounds(objects: list[Handle]) -> NDArray[np.float64]:
    """Bounds (left, bottom, right, top) of page objects."""
    return _BOUNDS.fill(_object_bounds, len(objects), objects).astype(np.float64)


def fetch_draw_modes(paths: list[Handle]) -> NDArray[np.int32]:
    """Fill mode and stroke flag of paths."""
    modes: NDArray[np.int32] = _MODES.fill(_draw_mode, len(paths), paths).copy()
    return modes
