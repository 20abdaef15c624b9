"""Scans and images: pages of ink to a document, by OCR.

A page image gives the same characters and ruling lines as a page of a PDF, and is read from there on
like one. Its one reading proves nothing by itself (:attr:`gxstats.model.Reading.independent`): a figure
of it is confirmed only by sums that are printed in full. Cells in doubt keep their text, as damaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from gxstats.errors import GxError
from gxstats.model import Block, Cell, Document, Grid, Issue, Locator, Paragraph, Reading, Row
from gxstats.read.furniture import remove_furniture
from gxstats.read.lost_pages import find_lost
from gxstats.read.scan_image import PageImage, decode_image, render_pages
from gxstats.read.scan_ocr import load, reader_name
from gxstats.read.scan_text import Doubt, PageText, prepare, recognise

MAX_PAGES: Final = 30
"""Pages of a document that are looked at."""
MAX_CELL_LINES: Final = 1_500
"""Lines in cells that are recognised: a report has some 400, each takes about 10 ms."""
MAX_TEXT_PIXELS: Final = 200_000
"""Width of the lines outside tables that are recognised, at the recogniser's height: some 15 seconds."""


class Scanned(NamedTuple):
    """What OCR makes of some pages: a reading if there is any text, and what should be known."""

    reading: Reading | None
    issues: list[Issue]


def read_image(data: bytes) -> Document:
    """Read an image file (PNG, JPEG, TIFF, GIF, BMP, WEBP).

    Args:
        data: The file's bytes.

    Returns:
        A document with one reading, by OCR. Places are those of a page as wide as A4. Its hash and
        type are left to :func:`gxstats.read.read_document`.

    Raises:
        UnsupportedFormat: The extra ``ocr`` is not installed.
        ReadError: The image is damaged.
        LimitExceeded: It is larger than any scan of a report.
    """
    load()
    scanned = read_pages(decode_image(data))
    return Document("", "", (scanned.reading,) if scanned.reading else (), tuple(scanned.issues))


def read_pdf_pages(data: bytes, numbers: Iterable[int], password: str | None = None) -> Scanned:
    """Read pages of a PDF as the images they look like.

    Raises:
        UnsupportedFormat: The extra ``ocr`` is not installed.
    """
    load()
    return read_pages(render_pages(data, numbers, password))


def read_pages(images: Iterable[PageImage | tuple[int, GxError]]) -> Scanned:
    """Read page images.

    Raises:
        UnsupportedFormat: The extra ``ocr`` is not installed.
    """
    issues: list[Issue] = []
    texts = list(_recognise(images, issues))
    if not any(len(text.view.characters.codes) for text in texts):
        issues.append(Issue("error", "no_text", "no text was recognised in the image"))
        return Scanned(None, issues)
    from gxstats.read.pdf import read_views  # it reads its own image-only pages by this module

    views, notices = remove_furniture([text.view for text in texts])
    bands, _ = read_views(views, find_lost(views, max(view.number for view in views)))
    pages = {text.view.number: text for text in texts}
    blocks = tuple(_placed(block, pages) for block in bands.blocks)
    return Scanned(Reading(reader_name(), blocks, independent=False), issues + notices)


def _recognise(images: Iterable[PageImage | tuple[int, GxError]], issues: list[Issue]) -> Iterator[PageText]:
    """One page after the other, for each takes 35 MB: all tables, and text while there is time.

    Time is counted in lines and pixels, so that a document gives the same on a slow machine.
    """
    recogniser = load()
    lines = pixels = 0
    for at, image in enumerate(images):
        if not isinstance(image, PageImage):
            number, error = image
            issues.append(Issue("error", "page_damaged", error.message, Locator(number), error.hint))
            continue
        place = Locator(image.number)
        page = prepare(image) if at < MAX_PAGES else None
        lines += page.cell_lines if page else 0
        if page is None or lines > MAX_CELL_LINES:
            message = "this page and those behind it were not read: OCR of so many takes too long"
            issues.append(Issue("error", "page_unread", message, place, "split the file"))
            return
        pixels += 0 if page.has_table else page.text_pixels
        has_time = page.has_table or pixels <= MAX_TEXT_PIXELS
        if not has_time:
            message = "the page has no table, and its text was not read: OCR of so many takes too long"
            issues.append(Issue("warning", "text_unread", message, place))
        yield recognise(page, recogniser, all_text=has_time)


def _placed(block: Block, pages: dict[int, PageText]) -> Block:
    """A block with what is in doubt marked, and its places as on the page before it was straightened."""
    text = pages[block.place.page or 0] if isinstance(block, Grid) else pages[block.at.page or 0]
    if isinstance(block, Paragraph):
        return block._replace(at=_turned(block.at, text))
    rows = tuple(Row(tuple(_checked(cell, pages) for cell in row.cells)) for row in block.rows)
    return block._replace(rows=rows, place=_turned(block.place, text))


def _checked(cell: Cell, pages: dict[int, PageText]) -> Cell:
    text = pages[cell.at.page or 0]
    why = next((doubt.why for doubt in text.doubts if _stands_in(doubt, cell.at)), "")
    return cell._replace(damage=cell.damage or why, at=_turned(cell.at, text))


def _stands_in(doubt: Doubt, at: Locator) -> bool:
    x, y = 5 * (doubt.box[0] + doubt.box[2]), 5 * (doubt.box[1] + doubt.box[3])
    return (at.x0 or 0) <= x <= (at.x1 or 0) and (at.top or 0) <= y <= (at.bottom or 0)


def _turned(at: Locator, text: PageText) -> Locator:
    if not text.angle or at.x0 is None or at.x1 is None or at.top is None or at.bottom is None:
        return at
    from gxstats.read.scan_rules import turn_back

    x, y = (at.x0 + at.x1) / 2, (at.top + at.bottom) / 2
    back = turn_back(x, y, text.angle, 10 * text.view.width, 10 * text.view.height)
    dx, dy = round(back[0] - x), round(back[1] - y)
    return at._replace(x0=at.x0 + dx, x1=at.x1 + dx, top=at.top + dy, bottom=at.bottom + dy)
