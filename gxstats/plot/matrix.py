"""A table of coloured cells: named rows, columns of years or grounds, a few signs in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gxstats.plot.lettering import shorten, width_of
from gxstats.plot.page import Page
from gxstats.plot.rows import Row, arrange, name_rows
from gxstats.plot.style import GREY
from gxstats.plot.wording import BREAK
from gxstats.schema.breaks import Break

_SMALLEST = 3.5
"""Points below which letters are no letters any more."""


class Cell(NamedTuple):
    """What stands in a cell and how it looks; ``dark`` cells have white signs."""

    text: str
    face: str
    dark: bool = False
    hatch: str = ""
    edge: str = "white"


def draw_cells(
    sheet: Page,
    rows: Sequence[Row],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], Cell],
    breaks: Sequence[int] = (),
    *,
    between: Sequence[Break] = (),
    lines: int = 1,
) -> None:
    """Draw the table; names stand left, columns above.

    Args:
        sheet: the page.
        rows: in order.
        columns: their labels.
        cells: (row, column) -> cell; others stay empty.
        breaks: columns before which a dotted line is drawn.
        between: breaks drawn between rows, where these are years.
        lines: of signs in a cell.
    """
    axes = sheet.axes
    places = arrange(rows, sheet, between, step=1.15 if lines == 1 else 1.7)
    size = name_rows(places, sheet)
    names = max(width_of(label, size) for label in places.labels)
    room = (sheet.width - names * sheet.own) / max(len(columns), 1) - 2
    heights = _heights(places.at, bool(places.headings), 1.15 if lines == 1 else 1.7)
    fits = sorted(_fitting(cell.text, room, size * 0.85) for cell in cells.values())
    # One size for all, but for the longest: figures must not look weightier for being short.
    most = fits[len(fits) // 5] if fits else size
    for (row, column), cell in cells.items():
        corner = (column, places.at[row] - heights[row] / 2 + 0.03)
        letters = min(most, _fitting(cell.text, room, size * 0.85))
        _draw_cell(sheet, cell, corner, heights[row] - 0.06, letters)
    for column in breaks:
        axes.axvline(column, color=GREY, linewidth=1.1, linestyle=(0, (2, 3)))
    _heads(sheet, columns, room, size)


def _draw_cell(sheet: Page, cell: Cell, corner: tuple[float, float], height: float, letters: float) -> None:
    from matplotlib.patches import Rectangle

    look: dict[str, Any] = {"facecolor": cell.face, "hatch": cell.hatch, "edgecolor": cell.edge}
    sheet.axes.add_patch(Rectangle(corner, 1, height, linewidth=0.8, **look))
    box = {"facecolor": cell.face, "edgecolor": "none", "pad": 1} if cell.hatch and cell.text else None
    signs: dict[str, Any] = {"color": "white" if cell.dark else "black", "bbox": box, "linespacing": 1.0}
    # Inside its cell it needs no room of its own, and laying out is quicker without it.
    signs |= {"fontsize": letters, "ha": "center", "va": "center", "in_layout": False}
    sheet.axes.text(corner[0] + 0.5, corner[1] + height / 2, cell.text, **signs)


def _heights(at: Sequence[float], headed: bool, step: float) -> list[float]:
    """Rows without headings touch one another, so each is as high as its neighbours leave it."""
    if headed:
        return [step] * len(at)
    found, top = [], 0.0
    for middle in at:
        found.append(2 * (middle - top))
        top = middle + (middle - top)
    return found


def _fitting(text: str, room: float, size: float) -> float:
    """Points at which a text is no wider than its cell; one long figure does not make all others small."""
    wide = width_of(text, size)
    return max(_SMALLEST, size * min(1.0, room / wide)) if wide else size


def _lines(label: str, width: float, size: float) -> list[str]:
    """A label in lines no wider than its column, broken where its words are marked."""
    whole = label.replace(BREAK, "")
    if width_of(whole, size) <= width:
        return whole.split("\n")
    parts = [part for line in label.split("\n") for part in line.split(BREAK)]
    return [line for part in parts for line in shorten(part, width, size, lines=len(part)).split("\n")]


def _heads(sheet: Page, columns: Sequence[str], room: float, size: float) -> None:
    """The labels of the columns: in lines where every word fits its column, upright otherwise."""
    axes = sheet.axes
    words = [word for label in columns for word in label.split() if word.isascii() or "→" in word]
    widest = max((width_of(word, size) for word in words), default=0.0) or size
    small = size * max(0.7, min(0.9, room / widest))
    fits = widest * small / size <= room and room > 2.2 * small
    labels = [label.replace(BREAK, "") for label in columns]
    if fits:
        labels = ["\n".join(_lines(label, room, small)) for label in columns]
    else:
        small = size * 0.85
    axes.set_xlim(0, len(columns))
    axes.set_xticks([number + 0.5 for number in range(len(columns))], labels, fontsize=small)
    axes.tick_params(axis="x", length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    if not fits:
        axes.tick_params(axis="x", labelrotation=90)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    if sheet.own:
        tall = small * 1.5 * max(label.count("\n") + 1 for label in labels)
        sheet.body += (tall if fits else max(width_of(label, small) for label in labels) + 6) - 1.2 * size
