"""Draw blocks (:mod:`~gxstats.testing.blocks`) as a PDF, with the faults real files have.

    from gxstats.testing.pdf import render_pdf
    from gxstats.testing.pdf_layout import PdfLayout
    data = render_pdf(layout(FormSpec()), PdfLayout(border="dotted", narrow=True, cut_rows=True))

reportlab places every line of text and every border itself here, so that each fault of
:class:`PdfLayout` is exactly where a test wants it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from gxstats.testing.blocks import Block, Heading, Picture, Placed, Table, Text, place
from gxstats.testing.pdf_layout import PdfLayout

_WIDTHS = {"thick": 1.5, "hair": 0.1}


class _Part(NamedTuple):
    """The part of a table row that stands on one page: from which height to which."""

    row: int
    top: float
    bottom: float


@cache
def _font() -> str:
    """Name of a registered font with Chinese characters: zhplot's, or reportlab's own."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    spec = find_spec("zhplot")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in sorted(
            p for p in Path(folder).rglob("*") if p.suffix.lower() in {".ttf", ".otf", ".ttc"}
        ):
            try:
                pdfmetrics.registerFont(TTFont("gxstats-zh", str(path)))
            except TTFError:  # outlines that reportlab cannot embed
                continue
            return "gxstats-zh"
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"


def render_pdf(blocks: Sequence[Block], layout: PdfLayout | None = None) -> bytes:
    """The blocks as the bytes of a PDF.

    Args:
        blocks: What to draw, from top to bottom.
        layout: How to draw it.

    Example:
        >>> render_pdf([Text("总体情况")])[:5]
        b'%PDF-'
    """
    page = Page(layout or PdfLayout())
    page.draw(blocks)
    return page.finish()


class Page:
    """The canvas and how far down the current page is drawn (logical coordinates, y downwards)."""

    def __init__(self, layout: PdfLayout) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.layout = layout
        self.buffer = io.BytesIO()
        # reportlab exchanges width and height of a page with /Rotate 90 or 270: here they are as drawn.
        size = (layout.height, layout.width) if layout.rotate % 180 else (layout.width, layout.height)
        self.canvas: Any = Canvas(self.buffer, pagesize=size, invariant=1)
        self.width, self.height = layout.width, layout.height
        if layout.turned:
            self.width, self.height = self.height, self.width
        self.number = 0
        self._begin()

    def _begin(self) -> None:
        layout, canvas = self.layout, self.canvas
        self.number += 1
        self.y = layout.margin
        if layout.rotate:
            canvas.setPageRotation(layout.rotate)
        if layout.turned:
            canvas.translate(layout.width, 0)
            canvas.rotate(90)
        if layout.running_head:
            self.write(layout.running_head, layout.margin, 30, 9)
        if layout.page_numbers:
            text = layout.page_numbers.format(self.number)
            self.write(text, self.width / 2 - self.measure(text, 9) / 2, self.height - 36, 9)

    def draw(self, blocks: Sequence[Block]) -> None:
        """Draw one block below the other."""
        for block in blocks:
            match block:
                case Heading(text, level):
                    self.draw_text(text, self.layout.size * (1.6 if level == 0 else 1.1), indent=0)
                case Text(text):
                    self.draw_text(text, self.layout.size, indent=2)
                case Picture(_):
                    self.draw_picture()
                case Table():
                    self.draw_table(block)

    def next_page(self) -> None:
        """Begin another page."""
        self.canvas.showPage()
        self._begin()

    def finish(self) -> bytes:
        """The bytes of the file."""
        self.canvas.save()
        return self.buffer.getvalue()

    @property
    def room(self) -> float:
        """Height left on the page."""
        return self.height - self.layout.margin - self.y

    def measure(self, text: str, size: float) -> float:
        """Width of a text."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(text, _font(), size))

    def write(self, text: str, x: float, baseline: float, size: float) -> None:
        """Write one line."""
        self.canvas.setFont(_font(), size)
        for shift in (0.0,) if self.layout.doubled is None else (0.0, self.layout.doubled):
            self.canvas.drawString(x + shift, self.height - baseline, text)

    def wrap(self, text: str, width: float, size: float) -> list[str]:
        """The text cut into lines no wider than ``width``, anywhere."""
        lines = []
        for line in text.split("\n"):
            part = ""
            for letter in line:
                if part and self.measure(part + letter, size) > width:
                    lines.append(part)
                    part = ""
                part += letter
            lines.append(part)
        return [line for line in lines if line]

    def draw_text(self, text: str, size: float, indent: int) -> None:
        """Write a paragraph, underlined or in a box if the layout says so."""
        step = size * self.layout.leading
        left, width = self.layout.margin, self.width - 2 * self.layout.margin
        top = self.y
        for line in self.wrap("　" * indent + text, width, size):
            if self.room < step:
                self.next_page()
                top = self.y
            self.write(line, left, self.y + size, size)
            if self.layout.underlined:
                self.line(left, self.y + size + 2, left + self.measure(line, size), self.y + size + 2)
            self.y += step
        if self.layout.boxed:
            self.canvas.rect(left - 3, self.height - self.y - 2, width + 6, self.y - top + 4)
        self.y += self.layout.space_after

    def draw_picture(self) -> None:
        """A gray area that stands for a picture: an image object over the width of the text."""
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        width = self.width - 2 * self.layout.margin
        height = min(self.room, width)
        image = ImageReader(Image.new("L", (40, 40), 200))
        self.canvas.drawImage(image, self.layout.margin, self.height - self.y - height, width, height)
        self.y += height

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A ruling line in the style of the layout."""
        canvas, style = self.canvas, self.layout.border
        canvas.setLineWidth(_WIDTHS.get(style, 0.5))
        canvas.setStrokeGray(0.6 if style == "gray" else 0)
        a, b = self.height - y0, self.height - y1
        across = y0 == y1
        if style == "dotted":
            length = (x1 - x0) if across else (y1 - y0)
            for at in range(int(length / 1.5) + 1):
                x, y = (x0 + at * 1.5, a) if across else (x0, a - at * 1.5)
                canvas.rect(x - 0.35, y - 0.35, 0.7, 0.7, stroke=0, fill=1)
        elif style == "double":
            for shift in (-0.9, 0.9):
                dx, dy = (0, shift) if across else (shift, 0)
                canvas.line(x0 + dx, a + dy, x1 + dx, b + dy)
        elif style == "fills":
            canvas.rect(x0 - 0.25, min(a, b) - 0.25, x1 - x0 + 0.5, abs(a - b) + 0.5, stroke=0, fill=1)
        else:
            canvas.setDash([3, 3] if style == "dashed" else [])
            canvas.line(x0, a, x1, b)
            canvas.setDash([])

    def draw_table(self, table: Table) -> None:
        """Draw a table over as many pages as it takes."""
        _Drawing(self, table).draw()
        self.y += self.layout.space_after


class _Drawing:
    """One table being drawn: where its columns and rows stand, and its wrapped texts."""

    def __init__(self, page: Page, table: Table) -> None:
        self.page, self.layout = page, page.layout
        self.placed = list(place(table.rows))
        self.rows = len(table.rows)
        self.columns = len(table.widths)
        self.xs = self._columns(table)
        self.step = self.layout.size * self.layout.leading
        self.texts = [
            page.wrap(
                p.cell.text, self._right(p) - self.xs[p.column] - 2 * self.layout.padding, self.layout.size
            )
            for p in self.placed
        ]
        self.written = [0] * len(self.placed)
        self.heights = self._heights()

    def _columns(self, table: Table) -> list[float]:
        room = self.page.width - 2 * self.layout.margin
        labels = {p.column for p in self.placed if p.cell.role in ("label", "group")}
        shares = [float(width) for width in table.widths]
        if self.layout.narrow and labels:
            narrow = 2.3 * self.page.measure("0", self.layout.size) + 2 * self.layout.padding
            first = max(labels) + 1
            widths = sum(shares[:first])
            left = room - narrow * (self.columns - first)
            steps = [share / widths * left for share in shares[:first]] + [narrow] * (self.columns - first)
        else:
            steps = [share / sum(shares) * room for share in shares]
        xs = [self.layout.margin]
        for step in steps:
            xs.append(xs[-1] + step)
        return xs

    def _right(self, placed: Placed) -> float:
        return self.xs[min(placed.column + placed.cell.colspan, self.columns)]

    def _is_head(self, row: int) -> bool:
        return all(p.cell.role == "head" for p in self.placed if p.row == row)

    def _heights(self) -> list[float]:
        needed = [self.step + 2 * self.layout.padding] * self.rows
        for p, lines in sorted(
            zip(self.placed, self.texts, strict=True), key=lambda item: item[0].cell.rowspan
        ):
            last = min(p.row + p.cell.rowspan, self.rows) - 1
            missing = len(lines) * self.step + 2 * self.layout.padding - sum(needed[p.row : last + 1])
            needed[last] += max(missing, 0.0)
        return needed

    def draw(self) -> None:
        """Draw page by page: first decide which part of which row stands where."""
        for number, parts in enumerate(self._pages()):
            if number:
                self.page.next_page()
            if not parts:
                continue
            shift = self.page.y - parts[0].top
            moved = [_Part(part.row, part.top + shift, part.bottom + shift) for part in parts]
            self._draw_parts(moved, broken_above=number > 0 and not self.layout.repeat_heads)
            self.page.y = moved[-1].bottom

    def _pages(self) -> Iterator[list[_Part]]:
        full = self.page.height - 2 * self.layout.margin
        room, y = self.page.room, 0.0
        parts: list[_Part] = []
        for row, height in enumerate(self.heights):
            left = height
            while left > room - y:
                lines = int((room - y - 2 * self.layout.padding) / self.step)
                if self.layout.cut_rows and lines >= 1:
                    cut = lines * self.step + 2 * self.layout.padding
                    parts.append(_Part(row, y, y + cut))
                    left = left - cut + 2 * self.layout.padding
                yield parts
                parts, room, y = [], full, 0.0
                for head in range(self.layout.repeat_heads):
                    parts.append(_Part(head, y, y + self.heights[head]))
                    y += self.heights[head]
            parts.append(_Part(row, y, y + left))
            y += left
        yield parts

    def _draw_parts(self, parts: list[_Part], *, broken_above: bool) -> None:
        order = range(len(self.placed))
        if self.layout.by_column:
            order_by = sorted(order, key=lambda at: (self.placed[at].column, self.placed[at].row))
        else:
            order_by = list(order)
        boxes: list[tuple[Placed, float, float]] = []
        for at in order_by:
            p = self.placed[at]
            own = [part for part in parts if p.row <= part.row < p.row + p.cell.rowspan]
            if not own:
                continue
            top, bottom = own[0].top, own[-1].bottom
            boxes.append((p, top, bottom))
            if p.row < self.layout.repeat_heads:
                self.written[at] = 0
            self._write(at, top, bottom, whole=len({part.row for part in own}) == p.cell.rowspan)
        self._borders(boxes, parts, broken_above=broken_above)

    def _write(self, at: int, top: float, bottom: float, *, whole: bool) -> None:
        p, lines = self.placed[at], self.texts[at][self.written[at] :]
        room = max(int((bottom - top - 2 * self.layout.padding) / self.step + 0.01), 0)
        lines = lines[:room]
        self.written[at] += len(lines)
        y = top + self.layout.padding
        if self.layout.middle and whole:
            y = (top + bottom - len(lines) * self.step) / 2
        left, right = self.xs[p.column], self._right(p)
        for number, line in enumerate(lines):
            x = left + self.layout.padding
            if p.cell.role in ("figure", "head"):
                x = (left + right - self.page.measure(line, self.layout.size)) / 2
            self.page.write(line, x, y + number * self.step + 1.1 * self.layout.size, self.layout.size)

    def _borders(
        self, boxes: list[tuple[Placed, float, float]], parts: list[_Part], *, broken_above: bool
    ) -> None:
        style, page = self.layout.border, self.page
        top, bottom = parts[0].top, parts[-1].bottom
        ends_here = parts[-1].row == self.rows - 1
        for p, upper, lower in boxes:
            left, right = self._edges(p)
            if self.layout.shading and p.cell.role == "head" and p.cell.colspan == self.columns:
                page.canvas.setFillGray(0.85)
                page.canvas.rect(left, page.height - lower, right - left, lower - upper, stroke=0, fill=1)
                page.canvas.setFillGray(0)
            if style == "none":
                continue
            if style == "rectangles":
                page.canvas.rect(left, page.height - lower, right - left, lower - upper)
                continue
            if not (self.layout.open_breaks and upper == top and broken_above):
                page.line(left, upper, right, upper)
            if not (self.layout.open_breaks and lower == bottom and not ends_here):
                page.line(left, lower, right, lower)
            outer = (p.column == 0, p.column + p.cell.colspan >= self.columns)
            for x, is_outer in zip((left, right), outer, strict=True):
                if style != "across" and not (style == "open" and is_outer):
                    page.line(x, upper, x, lower)

    def _edges(self, p: Placed) -> tuple[float, float]:
        left, right = self.xs[p.column], self._right(p)
        if self.layout.shifted_heads and p.cell.role == "head" and p.cell.colspan < self.columns:
            left += self.layout.shifted_heads if p.column else 0.0
            right += self.layout.shifted_heads if p.column + p.cell.colspan < self.columns else 0.0
        return left, right
