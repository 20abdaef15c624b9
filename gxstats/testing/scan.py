"""Make a scan of a PDF: its pages as images, askew, noisy, blurred, in an image-only PDF.

from gxstats.testing.scan import render_scan
data = render_scan(render_form_pdf(FormSpec()), skew=0.7, noise=6.0)
"""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.Image import Image


def scan_pages(
    pdf: bytes, *, dpi: int = 200, skew: float = 0.0, noise: float = 0.0, blur: float = 0.0, seed: int = 0
) -> list[Image]:
    """The pages of a PDF as scanned, grey.

    Args:
        pdf: What to scan.
        dpi: Pixels per inch.
        skew: Degrees that the pages lie askew, to either side.
        noise: Standard deviation of the grain, in grey values.
        blur: Radius of the blur in pixels.
        seed: Of the grain and of the side of the skew.

    Example:
        >>> from gxstats.testing.blocks import Text
        >>> from gxstats.testing.pdf import render_pdf
        >>> [page.mode for page in scan_pages(render_pdf([Text("总体情况")]), dpi=50, skew=1.0)]
        ['L']
    """
    import pypdfium2
    from PIL import Image, ImageFilter

    rng = random.Random(seed)
    pages = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            image = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
            if skew:
                turn = rng.choice((-skew, skew))
                image = image.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor=255)
            if blur:
                image = image.filter(ImageFilter.GaussianBlur(blur))
            if noise:
                image = _grained(image, noise, rng.randrange(2**32))
            pages.append(image)
    return pages


def render_scan(pdf: bytes, *, quality: int = 80, dpi: int = 200, **faults: float) -> bytes:
    """A PDF as a PDF of page images; ``faults`` are those of :func:`scan_pages`."""
    first, *rest = scan_pages(pdf, dpi=dpi, **faults)  # type: ignore[arg-type]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=dpi, quality=quality)
    return out.getvalue()


def image_file(pages: list[Image], kind: Literal["PNG", "JPEG", "TIFF"]) -> bytes:
    """Pages as an image file: all of them in a TIFF, the first one otherwise."""
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if kind == "TIFF" else {}
    pages[0].save(out, kind, **more)
    return out.getvalue()


def _grained(image: Image, strength: float, seed: int) -> Image:
    import numpy as np
    from PIL import Image

    grain = np.random.default_rng(seed).normal(0.0, strength, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
