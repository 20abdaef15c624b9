"""Crop a page of a PDF around a cell, with the cell, its labels and its heads outlined."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.explain_table import Context, Placed
from gxstats.model import Fact, Locator
from gxstats.page_image import COLOURS, page_image

if TYPE_CHECKING:
    from gxstats.report import Report

_HEAD = (117, 112, 179)
"""Heads and labels: a violet that is none of the colours of a verdict."""
_MARGIN = 1.5
_CELL_MARGIN = 3.5
_AROUND = 14.0
_FAR = 60.0
"""Points between heads and row from which they are shown as two strips."""
_RESOLUTION = 160


class Box(NamedTuple):
    """A rectangle on a page, in points."""

    x0: float
    top: float
    x1: float
    bottom: float

    @classmethod
    def of(cls, at: Locator) -> Box:
        """The box of a place."""
        return cls(*(float(v or 0) / 10 for v in (at.x0, at.top, at.x1, at.bottom)))

    def grown(self, by: float) -> Box:
        """A box larger by so many points on every side."""
        return Box(self.x0 - by, self.top - by, self.x1 + by, self.bottom + by)

    def around(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0),
            min(self.top, other.top),
            max(self.x1, other.x1),
            max(self.bottom, other.bottom),
        )


class _Strip(NamedTuple):
    """A part of a page to show."""

    page: int
    box: Box


def crop(report: Report, fact: Fact, context: Context | None, data: bytes) -> bytes:
    """A PNG of the row of a fact and of its heads, the fact outlined in the colour of its verdict.

    Args:
        report: the report, read from a PDF.
        fact: one of its facts, with a page and box.
        context: its row and heads, None if no reading saw them: then the cell's surroundings.
        data: the PDF.

    Raises:
        UnknownField: the PDF has no such page.
    """
    bare = _without_facts(report)
    strips = _strips(fact, context)
    pages = {page: page_image(bare, page, data, _RESOLUTION) for page in sorted({s.page for s in strips})}
    if context is not None:
        for placed in (*context.marked, *context.labels):
            _outline(pages, placed.cell.at, _HEAD, 28, 2, _MARGIN)
    _outline(pages, fact.at, COLOURS[fact.verdict], 50, 3, _CELL_MARGIN)
    turn = _turned(context)
    pieces = [_cut(pages[strip.page], strip.box) for strip in strips]
    pieces = [piece.rotate(turn, expand=True) if turn else piece for piece in pieces]
    out = io.BytesIO()
    _stacked(pieces).save(out, "PNG", optimize=True)
    return out.getvalue()


def _without_facts(report: Report) -> Report:
    """The same report with nothing to outline: only the cell asked for is to stand out."""
    from gxstats.report import Report

    return Report(report.meta)


def _strips(fact: Fact, context: Context | None) -> list[_Strip]:
    page = fact.at.page or 1
    cell = Box.of(fact.at)
    if context is None:
        return [_Strip(page, Box(0, cell.top - 5 * _AROUND, 10_000, cell.bottom + 5 * _AROUND))]
    # Cells that reach over many rows would pull the whole table in.
    row = _union([p for p in context.row if not p.carried and p.cell.rowspan == 1], page) or cell
    row = row.around(cell)
    for placed in context.labels:
        if placed.cell.at.page == page:
            row = row.around(_near(Box.of(placed.cell.at), row, _is_turned(context)))
    heads = [placed for line in context.heads for placed in line]
    before = heads[0].cell.at.page if heads else None
    over = _union(heads, before) if before else None
    if over is None or before is None:
        return [_Strip(page, row.grown(_AROUND))]
    if before == page and _apart(row, over) < _FAR:
        return [_Strip(page, row.around(over).grown(_AROUND))]
    # Both strips are as wide as the wider one, so that columns stand below each other.
    if _is_turned(context):
        low, high = min(row.top, over.top), max(row.bottom, over.bottom)
        row, over = row._replace(top=low, bottom=high), over._replace(top=low, bottom=high)
    else:
        low, high = min(row.x0, over.x0), max(row.x1, over.x1)
        row, over = row._replace(x0=low, x1=high), over._replace(x0=low, x1=high)
    return [_Strip(before, over.grown(_AROUND)), _Strip(page, row.grown(_AROUND))]


def _near(label: Box, row: Box, turned: bool) -> Box:
    """A label, but no further away than two lines: one that spans many rows is cut."""
    reach = 2 * _AROUND
    if turned:
        return label._replace(x0=max(label.x0, row.x0 - reach), x1=min(label.x1, row.x1 + reach))
    return label._replace(top=max(label.top, row.top - reach), bottom=min(label.bottom, row.bottom + reach))


def _union(cells: list[Placed], page: int | None) -> Box | None:
    boxes = [Box.of(p.cell.at) for p in cells if p.cell.at.page == page and p.cell.at.x0 is not None]
    if not boxes:
        return None
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.around(box)
    return whole


def _apart(one: Box, other: Box) -> float:
    across = max(one.x0, other.x0) - min(one.x1, other.x1)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(across, down)


def _turned(context: Context | None) -> int:
    """By how many degrees a crop is to be turned for its row to run from left to right."""
    if context is None:
        return 0
    boxes = [Box.of(p.cell.at) for p in context.row if p.cell.at.x0 is not None and not p.carried]
    if len(boxes) < 2:
        boxes = [Box.of(p.cell.at) for line in context.heads for p in line if p.cell.at.x0 is not None]
    if len(boxes) < 2:
        return 0
    first, last = boxes[0], boxes[-1]
    right, down = last.x0 - first.x0, last.top - first.top
    if abs(right) >= abs(down):
        return 180 if right < 0 else 0
    return 90 if down > 0 else 270


def _is_turned(context: Context) -> bool:
    return _turned(context) in (90, 270)


def _outline(
    pages: dict[int, Any], at: Locator, colour: tuple[int, int, int], fill: int, width: int, margin: float
) -> None:
    if at.page in pages and at.x0 is not None:
        box = tuple(Box.of(at).grown(margin))
        pages[at.page].draw_rect(box, fill=(*colour, fill), stroke=(*colour, 255), stroke_width=width)


def _cut(page: Any, box: Box) -> Any:
    image = page.annotated.convert("RGB")
    scale = page.scale
    whole = Box(0.0, 0.0, image.width, image.height)
    left, top = max(whole.x0, box.x0 * scale), max(whole.top, box.top * scale)
    right, bottom = min(whole.x1, box.x1 * scale), min(whole.bottom, box.bottom * scale)
    return image.crop((int(left), int(top), max(int(right), int(left) + 1), max(int(bottom), int(top) + 1)))


def _stacked(pieces: list[Any]) -> Any:
    from PIL import Image

    if len(pieces) == 1:
        return pieces[0]
    gap = 12
    size = max(p.width for p in pieces), sum(p.height for p in pieces) + gap * (len(pieces) - 1)
    whole = Image.new("RGB", size, (160, 160, 160))
    top = 0
    for piece in pieces:
        whole.paste(piece, (0, top))
        top += piece.height + gap
    return whole
