"""The third reading of a PDF, by pdfplumber: slow, independent, made only on request."""

from __future__ import annotations

import io
import logging
from typing import Any

from gxstats.model import Block, Cell, Grid, Locator, Reading, Row
from gxstats.read import pdf_library as pdfium


def read_with_pdfplumber(data: bytes, password: str | None, refused: frozenset[int]) -> Reading | None:
    """Tables as pdfplumber finds them, or None if it fails on the file.

    Args:
        data: The PDF's bytes.
        password: Opens encrypted files.
        refused: Page numbers that are not to be read.

    Example:
        >>> read_with_pdfplumber(b"not a pdf", None, frozenset()) is None
        True
    """
    import pdfplumber

    # pdfminer warns of fonts it need not understand for drawing tables.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    blocks: list[Block] = []
    try:
        with pdfium.LOCK, pdfplumber.open(io.BytesIO(data), password=password or "") as document:
            for page in document.pages:
                if page.page_number not in refused:
                    blocks.extend(_grid(page, table) for table in page.find_tables())
                page.close()
    except Exception:  # pdfminer raises what it likes on odd files: then there is no third opinion
        return None
    return Reading("pdfplumber", tuple(blocks))


def _grid(page: Any, table: Any) -> Grid:
    rows = []
    texts = table.extract()
    for row, cells in zip(table.rows, texts, strict=True):
        # pdfplumber pads merged cells with None: the physical cells are those that have a box.
        kept = [
            Cell(text or "", _locate(page, box))
            for box, text in zip(row.cells, cells, strict=True)
            if box is not None
        ]
        if kept:
            rows.append(Row(tuple(kept)))
    return Grid(tuple(rows), _locate(page, table.bbox))


def _locate(page: Any, box: tuple[float, float, float, float]) -> Locator:
    x0, top, x1, bottom = box
    return Locator(page.page_number, round(x0 * 10), round(top * 10), round(x1 * 10), round(bottom * 10))
