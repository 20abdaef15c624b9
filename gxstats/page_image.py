"""Draw a page of a PDF report with the cells of its facts outlined: every number back to its place."""

from __future__ import annotations

import hashlib
import io
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gxstats.errors import InputMissing, UnknownField, UnsupportedFormat

if TYPE_CHECKING:
    from gxstats.model import Fact
    from gxstats.report import Report

COLOURS = {
    "confirmed": (0, 114, 178),
    "unconfirmed": (213, 94, 0),
    "disputed": (204, 51, 17),
}
"""Outline per verdict, told apart by colour-blind readers too."""
_MARGIN = 1.5


def page_image(
    report: Report, page: int, data: bytes | None = None, resolution: int = 150, highlight: Fact | None = None
) -> Any:
    """A page as an image with the box of every fact outlined in the colour of its verdict.

    Args:
        report: a report read from a PDF.
        page: page number from 1, as in the facts.
        data: the bytes of the PDF, if the file it was read from is not at hand.
        resolution: dots per inch.
        highlight: a fact to fill, so that it stands out.

    Returns:
        A ``pdfplumber`` page image: shows in notebooks, ``.save(path)`` writes it.

    Raises:
        UnsupportedFormat: the report was not read from a PDF.
        InputMissing: the file is gone or has changed, and no ``data`` is given.
        UnknownField: the document has no such page.
    """
    import pdfplumber

    if report.meta.get("media_type") != "application/pdf":
        hint = "gx.explain shows where a figure stands"
        raise UnsupportedFormat("only PDF reports have pages to draw", hint=hint)
    # pdfminer warns of fonts it need not understand for drawing.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    with pdfplumber.open(io.BytesIO(data if data is not None else _source_bytes(report))) as document:
        if not 1 <= page <= len(document.pages):
            raise UnknownField(f"the document has no page {page}", hint=f"it has {len(document.pages)}")
        image = document.pages[page - 1].to_image(resolution=resolution)
    for fact in report.fact_rows:
        at = fact.at
        if at.page == page and at.x0 is not None:
            box = tuple(float(v or 0) / 10 for v in (at.x0, at.top, at.x1, at.bottom))
            outlined = (box[0] - _MARGIN, box[1] - _MARGIN, box[2] + _MARGIN, box[3] + _MARGIN)
            stressed = highlight is not None and fact.key == highlight.key
            fill = (*COLOURS[fact.verdict], 70 if stressed else 0)
            image.draw_rect(outlined, fill=fill, stroke=(*COLOURS[fact.verdict], 255), stroke_width=2)
    return image


def _source_bytes(report: Report) -> bytes:
    """The file the report was read from, if it still is the same."""
    source = report.meta.get("source")
    path = Path(str(source)) if source else None
    if path is None or not path.is_file():
        raise InputMissing("the PDF is not at hand", hint="pass its bytes as data=", where=str(source or ""))
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != report.meta.get("sha256"):
        raise InputMissing("the PDF has changed since it was read", hint="read it again", where=str(path))
    return data
