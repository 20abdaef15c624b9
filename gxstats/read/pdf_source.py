"""Pages of a PDF as characters and ruling lines, through pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from gxstats.errors import LimitExceeded, ReadError
from gxstats.read import pdf_library as pdfium
from gxstats.read.code_points import BLANK, SURROGATE, kinds_of, plain
from gxstats.read.geometry import (
    NO_RULES,
    Characters,
    Floats,
    PageView,
    Rules,
    boxes_from_ink,
    even_heights,
    middle_value,
    turn_boxes,
    turn_rules,
    without_doubles,
)
from gxstats.read.pdf_inflate import refuse_bombs
from gxstats.read.pdf_limits import MAX_BYTES, MAX_CHARACTERS_ON_A_PAGE, MAX_PAGES
from gxstats.read.pdf_paths import Drawn, read_drawn, rules_from_boxes

SAMPLE = 8
"""Of every so many characters one is asked whether its font maps it to Unicode (and every digit is)."""
STEEP = 0.2
"""If more than this share of successive characters stand above each other, angles are looked up."""
IDEOGRAPHS = 0x3400
LEAST = 0.1
"""No character is smaller than this (points)."""
FARTHEST = 20_000.0
"""No page is larger than this (points): the format allows 14,400."""

_FLIP = np.array((1.0, -1.0, 1.0, -1.0))


class PageContent(NamedTuple):
    """What a page holds: its views (one per direction of text) and how far it can be trusted.

    ``unmapped`` of ``asked`` sampled characters have no Unicode in their font.
    """

    number: int
    width: float
    height: float
    views: list[PageView]
    asked: int
    unmapped: int
    unmapped_digits: int
    glyphs: int
    image_share: float
    images: int
    texts: int = 0
    objects: int = 0


class EncryptedPdf(ReadError):
    """The PDF needs a password, and none or a wrong one was given."""


@contextmanager
def open_pdf(data: bytes, password: str | None = None) -> Iterator[tuple[int, int]]:
    """Open a PDF for reading, alone: pdfium is not thread-safe.

    Yields:
        The document's handle and its number of pages.

    Raises:
        EncryptedPdf: If it needs a password.
        LimitExceeded: If it is larger than :mod:`gxstats.read.pdf_limits` allows.
        ReadError: If it is no PDF or damaged beyond opening.
    """
    if len(data) > MAX_BYTES:
        raise LimitExceeded(f"the PDF has over {MAX_BYTES} bytes")
    refuse_bombs(data, password)
    with pdfium.LOCK:
        # Importing pypdfium2 initialises the library.
        import pypdfium2  # noqa: F401

        secret = None if password is None else password.encode()
        document = raw.FPDF_LoadMemDocument64(data, len(data), secret)
        if not document:
            reason = raw.FPDF_GetLastError()
            if reason in (pdfium.ERROR_PASSWORD, pdfium.ERROR_SECURITY):
                raise EncryptedPdf("the PDF is encrypted", hint="pass its password")
            raise ReadError("not a PDF, or damaged beyond opening", hint="fetch the file again")
        try:
            count = raw.FPDF_GetPageCount(document)
            if count > MAX_PAGES:
                raise LimitExceeded(f"the PDF has {count} pages, over the limit of {MAX_PAGES}")
            yield ctypes.cast(document, ctypes.c_void_p).value or 0, count
        finally:
            raw.FPDF_CloseDocument(document)


def read_page(document: int, index: int) -> PageContent | None:
    """Characters and ruling lines of one page, or None if the page is damaged.

    Raises:
        LimitExceeded: If the page is larger than any report's.
    """
    page = pdfium.load_page(document, index)
    if not page:
        return None
    try:
        drawn = read_drawn(page)  # before its text: of too much of that pdfium would not come back
        rotation = pdfium.page_rotation(page) % 4
        if rotation:
            # pdfium sorts characters into the lines of the page as displayed, which tears up text
            # that runs across: the text is read with the page as it was written.
            pdfium.set_rotation(page, 0)
        with _text_of(page) as text:
            if not text:
                return None
            turn, one_way = _main_direction(text)
            if not turn:
                return _read_loaded(page, text, index + 1, rotation, one_way, drawn)
        # The same for text that is written turned: the page is turned until it stands upright.
        pdfium.set_rotation(page, turn)
        with _text_of(page) as text:
            return _read_loaded(page, text, index + 1, rotation, False, drawn) if text else None
    finally:
        pdfium.close_page(page)


@contextmanager
def _text_of(page: int) -> Iterator[int]:
    text = pdfium.load_text(page)
    try:
        yield text
    finally:
        if text:
            pdfium.close_text(text)


def _main_direction(text: int) -> tuple[int, bool]:
    """Quarter turns clockwise that bring most of a page's text upright, and whether all samples agree."""
    count = pdfium.count_chars(text)
    some = range(0, count, max(1, count // 40))
    if not some:
        return 0, True
    angles = pdfium.fetch_angles(text, some)
    if not angles.any():
        return 0, True
    quarters = -np.rint(angles / (np.pi / 2)).astype(np.int64) % 4
    votes = np.bincount(quarters, minlength=4)
    return int(votes.argmax()), int(votes.max()) == len(quarters)


def _read_loaded(
    page: int, text: int, number: int, rotation: int, one_way: bool, drawn: Drawn
) -> PageContent:
    bounds = np.zeros(4, dtype=np.float32)
    pdfium.page_bounds(page, bounds.ctypes.data)
    left, top, right, bottom = bounds.astype(float).tolist()
    width, height = right - left, top - bottom
    codes, positions = _codes(text)
    asked, unmapped, unmapped_digits = _unmapped(text, codes, positions)
    rules = NO_RULES
    if drawn.boxes:
        rules = rules_from_boxes(_downwards(np.concatenate(drawn.boxes)[:, [0, 3, 2, 1]], left, top))
    unseen: tuple[tuple[float, float], ...] = ()
    if drawn.unseen:
        spots = _downwards(np.concatenate(drawn.unseen)[:, [0, 3, 2, 1]], left, top)
        unseen = tuple((float(x), float(y)) for x, y in spots[:, :2])
    views = [
        _view(
            number, text, codes[which], positions[which], quarter, (left, top, width, height), rules, rotation
        )
        for quarter, which in ([(0, slice(None))] if one_way else _directions(text, positions))
    ]
    if unseen:
        views = [view._replace(unseen=unseen) for view in views]
    if rotation % 2:
        width, height = height, width
    area = max(width * height, 1.0)
    return PageContent(
        number, width, height, views, asked, unmapped, unmapped_digits, len(codes), drawn.image_area / area,
        drawn.image_count, drawn.texts, drawn.objects,
    )  # fmt: skip


def _downwards(boxes: Floats, left: float, top: float) -> Floats:
    """Boxes (left, top, right, bottom) of user space with the origin moved to the top left, y down."""
    moved: Floats = (boxes - np.array((left, top, left, top))) * _FLIP
    if not moved.size or float(np.abs(moved).max()) <= FARTHEST:
        return moved
    # Damaged files place things at infinity.
    return np.clip(np.nan_to_num(moved), -FARTHEST, FARTHEST)


def _codes(text: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Code points of the printed characters, white space left out, and their positions."""
    count = pdfium.count_chars(text)
    if count > MAX_CHARACTERS_ON_A_PAGE:
        raise LimitExceeded(f"a page has {count} characters, over the limit of {MAX_CHARACTERS_ON_A_PAGE}")
    if count <= 0:
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.int64)
    memory = np.zeros(count + 1, dtype=np.uint16)
    written = pdfium.get_text(text, 0, count, memory.ctypes.data)
    codes: NDArray[np.uint32] = memory[:count].astype(np.uint32)
    kinds = kinds_of(memory[:count])
    # The bulk call leaves out characters without Unicode and writes two units beyond the basic plane.
    if written != count + 1 or int(kinds.max()) >= SURROGATE:
        codes = pdfium.fetch_code_points(text, count)
        kinds = kinds_of(codes)
    printed = np.flatnonzero(kinds != BLANK)
    return plain(codes[printed], kinds[printed]), printed


def _unmapped(text: int, codes: NDArray[np.uint32], positions: NDArray[np.int64]) -> tuple[int, int, int]:
    digits = (codes >= 0x30) & (codes <= 0x39)
    asked = digits.copy()
    asked[::SAMPLE] = True
    chosen = positions[asked].tolist()
    answers = pdfium.fetch_map_errors(text, chosen)
    if 1 not in answers:
        return len(chosen), 0, 0
    unmapped = np.array(answers) == 1
    return len(chosen), int(unmapped.sum()), int(unmapped[digits[asked]].sum())


def _directions(text: int, positions: NDArray[np.int64]) -> list[tuple[int, NDArray[np.bool_] | slice]]:
    """Characters by direction of writing: quarter turns (counter-clockwise in user space) and which."""
    angles = pdfium.fetch_angles(text, positions.tolist())
    quarters = -np.rint(angles / (np.pi / 2)).astype(np.int64) % 4
    return [(int(quarter), quarters == quarter) for quarter in np.unique(quarters)]


def _view(
    number: int,
    text: int,
    codes: NDArray[np.uint32],
    positions: NDArray[np.int64],
    quarter: int,
    page: tuple[float, float, float, float],
    rules: Rules,
    rotation: int,
) -> PageView:
    left, top, width, height = page
    where = positions.tolist()
    if not quarter:
        boxes = pdfium.fetch_boxes(text, where)
        _mend(text, codes, positions, boxes)
        boxes = _downwards(boxes, left, top)
    else:
        # Text that runs upwards (one quarter counter-clockwise) comes upright by a quarter clockwise.
        inked = _downwards(pdfium.fetch_tight_boxes(text, where, len(where)), left, top)
        origins = _downwards(np.tile(pdfium.fetch_origins(text, where, len(where)), 2), left, top)
        boxes = boxes_from_ink(
            turn_boxes(inked, quarter, width, height), turn_boxes(origins, quarter, width, height), codes
        )
        rules = turn_rules(rules, quarter, width, height)
        if quarter % 2:
            width, height = height, width
    boxes[:, 2:] = np.maximum(boxes[:, 2:], boxes[:, :2] + LEAST)
    characters = Characters(codes, even_heights(boxes))
    # What stands beside the page is not printed.
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    shown = (x > 0) & (x < width) & (y > 0) & (y < height)
    beside: tuple[tuple[float, float], ...] = ()
    if not shown.all():
        beside = tuple(zip(x[~shown].tolist(), y[~shown].tolist(), strict=True))
        characters = characters.take(shown)
    return PageView(
        number, width, height, without_doubles(characters), rules, (rotation - quarter) % 4, beside=beside
    )


def _mend(text: int, codes: NDArray[np.uint32], positions: NDArray[np.int64], boxes: Floats) -> None:
    """Replace impossible line boxes (fonts for vertical writing, absurd ascents) by those of the ink."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 1] - boxes[:, 3]
    if not len(boxes):
        return
    usual = middle_value(height)
    wrong = (width > 1.7 * height) & (width > 8) | (codes >= IDEOGRAPHS) & (height > 2.6 * width)
    wrong |= height > 3 * usual
    if wrong.any():
        some = positions[wrong].tolist()
        boxes[wrong] = pdfium.fetch_tight_boxes(text, some, len(some))
