"""Pages of an OFD that are one image each: the image on its sheet, as OCR reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from gxstats.errors import GxError, LimitExceeded, ReadError
from gxstats.read.ofd_page import Drawing
from gxstats.read.ofd_values import POINTS, Matrix, Rectangle, moved

if TYPE_CHECKING:
    from gxstats.read.scan import Scanned
    from gxstats.read.scan_image import Grey, PageImage

_UNIT: Final = (0.0, 0.0, 1.0, 1.0)
_SLACK: Final = 2.0
"""Points by which an image and the box that cuts it may differ."""


def read_scans(numbers: list[int], drawn: Mapping[int, tuple[Rectangle, Drawing]]) -> Scanned:
    """Read pages that are images.

    Args:
        numbers: Of the pages.
        drawn: Page number -> its sheet in millimetres, and what is drawn on it.

    Raises:
        UnsupportedFormat: The extra ``ocr`` is not installed.
    """
    from gxstats.read.scan import read_pages
    from gxstats.read.scan_ocr import load

    load()
    return read_pages(_images(numbers, drawn))


def _images(
    numbers: list[int], drawn: Mapping[int, tuple[Rectangle, Drawing]]
) -> Iterator[PageImage | tuple[int, GxError]]:
    from gxstats.read.scan_image import PageImage

    for number in numbers:
        try:
            yield PageImage(number, _sheet(*drawn[number]))
        except GxError as error:
            yield number, error


def _sheet(sheet: Rectangle, drawing: Drawing) -> Grey:
    """The image of a page where it stands on its white sheet."""
    import cv2
    import numpy as np

    from gxstats.read.scan_image import MAX_PIXELS, SCALE, decode_image

    if len(drawing.pictures) != 1:
        raise ReadError(f"the page is made of {len(drawing.pictures)} images", hint="save it as PDF")
    (resource, by), (box,) = drawing.pictures[0], drawing.images
    _check_upright(by, box)
    scale = SCALE * POINTS
    width, height = round((sheet[2] - sheet[0]) * scale), round((sheet[3] - sheet[1]) * scale)
    if width * height > MAX_PIXELS:
        raise LimitExceeded("the page is larger than any page of a report")
    left, top = (
        round((edge - start * POINTS) * SCALE) for edge, start in zip(box[:2], sheet[:2], strict=True)
    )
    wide, high = (round((box[at + 2] - box[at]) * SCALE) for at in (0, 1))
    if left < 0 or top < 0 or left + wide > width + SCALE or top + high > height + SCALE:
        raise ReadError("the image is larger than its page", hint="save it as PDF")
    grey = decode_image(drawing.resources.picture(resource))[0].grey
    method = cv2.INTER_AREA if grey.shape[1] > wide else cv2.INTER_CUBIC
    page = np.full((height, width), 255, dtype=np.uint8)
    placed = cv2.resize(grey, (wide, high), interpolation=method)[: height - top, : width - left]
    page[top : top + placed.shape[0], left : left + placed.shape[1]] = placed
    return page


def _check_upright(by: Matrix, box: Rectangle) -> None:
    """Refuse an image that is turned, mirrored or cut; one without a matrix of its own fills its box."""
    a, b, c, d, *_ = by
    stands = [edge * POINTS for edge in moved(_UNIT, by)]
    is_cut = any(abs(edge - end) > _SLACK for edge, end in zip(stands, box, strict=True))
    if b or c or a <= 0 or d <= 0 or (is_cut and (a, d) != (1, 1)):
        raise ReadError("the image is turned, mirrored or cut", hint="save it as PDF")
