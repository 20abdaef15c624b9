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
from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

LOCK = threading.RLock()

HANDLE = ctypes.c_void_p
_INT, _ULONG, _DOUBLE, _FLOAT = ctypes.c_int, ctypes.c_ulong, ctypes.c_double, ctypes.c_float

PATH_OBJECT, IMAGE_OBJECT, SHADING_OBJECT, FORM_OBJECT = 2, 3, 4, 5
LINE_TO, BEZIER_TO, MOVE_TO = 0, 1, 2
ERROR_PASSWORD, ERROR_SECURITY = 4, 5


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    if address is None:
        raise ImportError(f"pdfium has no function {name}")
    # PYFUNCTYPE keeps the interpreter lock: calls of under a microsecond are not worth giving it up.
    prototype = ctypes.PYFUNCTYPE if name in _QUICK else ctypes.CFUNCTYPE
    return prototype(result, *arguments)(address)


_QUICK = frozenset(
    {
        "FPDFText_GetLooseCharBox",
        "FPDFText_GetCharBox",
        "FPDFText_GetCharOrigin",
        "FPDFText_GetUnicode",
        "FPDFText_GetCharAngle",
        "FPDFText_HasUnicodeMapError",
        "FPDFPage_GetObject",
        "FPDFPageObj_GetType",
        "FPDFPageObj_GetBounds",
        "FPDFPath_GetDrawMode",
        "FPDFPath_CountSegments",
    }
)

count_chars = _bind("FPDFText_CountChars", _INT, HANDLE)
get_text = _bind("FPDFText_GetText", _INT, HANDLE, _INT, _INT, HANDLE)
get_unicode = _bind("FPDFText_GetUnicode", ctypes.c_uint, HANDLE, _INT)
loose_char_box = _bind("FPDFText_GetLooseCharBox", _INT, HANDLE, _INT, HANDLE)
char_box = _bind("FPDFText_GetCharBox", _INT, HANDLE, _INT, HANDLE, HANDLE, HANDLE, HANDLE)
char_origin = _bind("FPDFText_GetCharOrigin", _INT, HANDLE, _INT, HANDLE, HANDLE)
char_angle = _bind("FPDFText_GetCharAngle", _FLOAT, HANDLE, _INT)
has_map_error = _bind("FPDFText_HasUnicodeMapError", _INT, HANDLE, _INT)
load_text = _bind("FPDFText_LoadPage", HANDLE, HANDLE)
close_text = _bind("FPDFText_ClosePage", None, HANDLE)
load_page = _bind("FPDF_LoadPage", HANDLE, HANDLE, _INT)
close_page = _bind("FPDF_ClosePage", None, HANDLE)
page_rotation = _bind("FPDFPage_GetRotation", _INT, HANDLE)
set_rotation = _bind("FPDFPage_SetRotation", None, HANDLE, _INT)
page_bounds = _bind("FPDF_GetPageBoundingBox", _INT, HANDLE, HANDLE)
count_objects = _bind("FPDFPage_CountObjects", _INT, HANDLE)
get_object = _bind("FPDFPage_GetObject", HANDLE, HANDLE, _INT)
form_count_objects = _bind("FPDFFormObj_CountObjects", _INT, HANDLE)
form_get_object = _bind("FPDFFormObj_GetObject", HANDLE, HANDLE, _ULONG)
object_type = _bind("FPDFPageObj_GetType", _INT, HANDLE)
object_bounds = _bind("FPDFPageObj_GetBounds", _INT, HANDLE, HANDLE, HANDLE, HANDLE, HANDLE)
object_matrix = _bind("FPDFPageObj_GetMatrix", _INT, HANDLE, HANDLE)
stroke_width = _bind("FPDFPageObj_GetStrokeWidth", _INT, HANDLE, HANDLE)
draw_mode = _bind("FPDFPath_GetDrawMode", _INT, HANDLE, HANDLE, HANDLE)
count_segments = _bind("FPDFPath_CountSegments", _INT, HANDLE)
path_segment = _bind("FPDFPath_GetPathSegment", HANDLE, HANDLE, _INT)
segment_point = _bind("FPDFPathSegment_GetPoint", _INT, HANDLE, HANDLE, HANDLE)
segment_type = _bind("FPDFPathSegment_GetType", _INT, HANDLE)
segment_close = _bind("FPDFPathSegment_GetClose", _INT, HANDLE)


def fetch_boxes(text: int, positions: Iterable[int], count: int) -> NDArray[np.float64]:
    """Loose boxes (left, top, right, bottom in user space) of the characters at ``positions``."""
    memory = np.zeros((count, 4), dtype=np.float32)
    start = memory.ctypes.data
    deque(map(loose_char_box, repeat(text), positions, range(start, start + 16 * count, 16)), maxlen=0)
    return memory.astype(np.float64)


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


def fetch_bounds(objects: list[int]) -> NDArray[np.float64]:
    """Bounds (left, bottom, right, top) of page objects."""
    count = len(objects)
    memory = np.zeros((count, 4), dtype=np.float32)
    start = memory.ctypes.data
    columns = (range(start + 4 * column, start + 16 * count, 16) for column in range(4))
    deque(map(object_bounds, objects, *columns), maxlen=0)
    return memory.astype(np.float64)


def fetch_draw_modes(paths: list[int]) -> NDArray[np.int32]:
    """Fill mode and stroke flag of paths."""
    count = len(paths)
    memory = np.zeros((count, 2), dtype=np.int32)
    start = memory.ctypes.data
    deque(
        map(draw_mode, paths, range(start, start + 8 * count, 8), range(start + 4, start + 8 * count, 8)),
        maxlen=0,
    )
    return memory
