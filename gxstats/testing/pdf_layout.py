"""How to draw a PDF: what real files do well and badly, each as one field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Border = Literal[
    "thin", "thick", "hair", "gray", "dotted", "dashed", "double", "none", "open", "rectangles", "fills",
    "across",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PdfLayout:
    """How to draw. Lengths are points.

    ``border``: ``open`` leaves out the outer verticals, ``across`` all verticals, ``rectangles``
    strokes each cell (browsers), ``fills`` draws thin filled rectangles. ``rotate`` sets the page's
    /Rotate; ``turned`` draws everything turned by a quarter on an upright page. ``narrow`` makes
    figures wrap; ``cut_rows`` lets a page break cut rows between lines, ``repeat_heads`` repeats
    that many rows. ``open_breaks`` leaves out the borders at page breaks. ``doubled`` draws all text
    twice, so much to the right. ``shifted_heads`` moves the inner borders of head rows to the right.
    ``by_column`` draws cells column by column.
    """

    width: float = 595.3
    height: float = 841.9
    margin: float = 60.0
    rotate: int = 0
    turned: bool = False
    size: float = 10.5
    leading: float = 1.4
    padding: float = 4.0
    border: Border = "thin"
    shading: bool = False
    narrow: bool = False
    middle: bool = True
    cut_rows: bool = False
    repeat_heads: int = 0
    open_breaks: bool = False
    page_numbers: str = ""
    running_head: str = ""
    doubled: float | None = None
    shifted_heads: float = 0.0
    underlined: bool = False
    boxed: bool = False
    by_column: bool = False
    space_after: float = 14.0
