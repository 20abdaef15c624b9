"""Page images: pages of a PDF as they look, and image files, all grey and at one resolution.

Everything here is bounded before it is decoded: an image says how large it is in its first bytes.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gxstats.errors import GxError, LimitExceeded, ReadError
from gxstats.read import pdf_library as pdfium
from gxstats.read.limits import check_input

Grey = NDArray[np.uint8]
SCALE: Final = 200 / 72
"""Pixels per point that pages are read at: more costs time and reads no better, less loses digits."""
MAX_PIXELS: Final = 12_000_000
"""Pixels of a page at that scale: A3 has 7.7 million."""
MAX_IMAGE_PIXELS: Final = 60_000_000
"""Pixels of an image that is decoded: A4 at 600 dots per inch has 35 million."""
MIN_SIDE: Final = 40
"""Pixels of a side below which no table can be read."""
MAX_SHAPE: Final = 12
"""Times that a page may be longer than it is wide, or wider than long."""
MAX_FRAMES: Final = 20
"""Pages of a TIFF."""
_JPEG_2000: Final = b"\xff\x4f\xff\x51"
"""The beginning of an image; the places of its edges follow four bytes behind it."""
_A4: Final = (595.0, 842.0)
FORMATS: Final = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
"""Kinds of image files that are decoded."""
_DEPTH: Final = 5
"""Forms within forms of a PDF page that are searched for images."""


class PageImage(NamedTuple):
    """One page: grey values (0 is black) at :data:`SCALE` pixels per point."""

    number: int
    grey: Grey

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        height, width = self.grey.shape
        return width / SCALE, height / SCALE


def render_page(document: Any, number: int) -> PageImage:
    """A page of an open PDF (``pypdfium2.PdfDocument``) as it is displayed.

    Raises:
        LimitExceeded: It, or an image on it, is larger than any page of a report.
        ReadError: It cannot be drawn.
    """
    import pypdfium2

    try:
        page = document[number - 1]
        width, height = page.get_size()
        _check_shape(width * SCALE, height * SCALE, MAX_PIXELS)
        for item in page.get_objects(filter=[pdfium.IMAGE_OBJECT], max_depth=_DEPTH):
            for wide, high in (item.get_px_size(), _stated_size(item)):
                if wide * high > MAX_IMAGE_PIXELS:
                    raise _too_large(wide, high)
        drawn = page.render(scale=SCALE, grayscale=True).to_numpy()
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"the page cannot be drawn ({error})") from error
    grey = drawn if drawn.ndim == 2 else drawn[:, :, 0]
    return PageImage(number, np.ascontiguousarray(grey, dtype=np.uint8))


def _stated_size(item: Any) -> tuple[int, int]:
    """What a JPEG 2000 image says of its own size, which pdfium believes and not the dictionary's."""
    if "JPXDecode" not in item.get_filters():
        return 0, 0
    data = bytes(item.get_data(decode_simple=False))
    at = data.find(_JPEG_2000)
    if not 0 <= at <= len(data) - len(_JPEG_2000) - 20:
        raise ReadError("an image on the page is damaged")
    right, bottom, left, top = struct.unpack_from(">IIII", data, at + len(_JPEG_2000) + 4)
    return max(0, right - left), max(0, bottom - top)


def render_pages(
    data: bytes, numbers: Iterable[int], password: str | None = None
) -> Iterator[PageImage | tuple[int, GxError]]:
    """Pages of a PDF one after another; of a page that cannot be drawn, its number and why."""
    import pypdfium2

    with pdfium.LOCK:
        document = pypdfium2.PdfDocument(data, password=password)
        try:
            for number in numbers:
                try:
                    yield render_page(document, number)
                except GxError as error:
                    yield number, error
        finally:
            document.close()


def decode_image(data: bytes) -> list[PageImage]:
    """The pages of an image file.

    Nothing says how large an image was printed: it is taken to be as wide as a page of A4.

    Raises:
        LimitExceeded: It has more pixels, or pages, than any scanned report.
        ReadError: It is damaged, or too small to show a table.

    Example:
        >>> from gxstats.errors import ReadError
        >>> try:
        ...     decode_image(b"no image")
        ... except ReadError as error:
        ...     print(error.message)
        the image is damaged or of an unknown kind
    """
    from PIL import Image, ImageOps

    check_input(data)
    pages = []
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if frames > MAX_FRAMES:
                raise LimitExceeded(f"the image has {frames} pages; {MAX_FRAMES} are read at most")
            for at in range(frames):
                image.seek(at)
                _check_shape(*image.size, MAX_IMAGE_PIXELS)
                pages.append(PageImage(at + 1, _at_scale(_grey(ImageOps.exif_transpose(image)))))
    except GxError:
        raise
    except Image.DecompressionBombError as error:
        raise LimitExceeded("the image is larger than any page", hint="save it smaller") from error
    except Exception as error:  # decoders of damaged files fail in many ways
        raise ReadError(
            "the image is damaged or of an unknown kind", hint="save it as PNG or JPEG"
        ) from error
    return pages


def _check_shape(width: float, height: float, most: int) -> None:
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SHAPE * min(width, height):
        raise ReadError(f"an image of {width:.0f} x {height:.0f} pixels shows no page")
    if width * height > most:
        raise _too_large(int(width), int(height))


def _too_large(width: int, height: int) -> LimitExceeded:
    return LimitExceeded(
        f"an image of {width:,} x {height:,} pixels is larger than any page", hint="save it smaller"
    )


def _grey(image: Any) -> Grey:
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    if image.mode.startswith(("I", "F")):
        deep = np.asarray(image, dtype=np.float64)
        return np.clip(deep * (255 / max(float(deep.max()), 1.0)), 0, 255).astype(np.uint8)
    return np.asarray(image.convert("L"))


def _at_scale(grey: Grey) -> Grey:
    import cv2

    height, width = grey.shape
    factor = _A4[width > height] * SCALE / width
    factor = min(factor, (MAX_PIXELS / (width * height)) ** 0.5)
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=method), dtype=np.uint8)
