"""Rows of a figure that are named: bodies, or years below the name of their body."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from gxstats.plot.lettering import shorten
from gxstats.plot.page import Page
from gxstats.plot.style import GREY
from gxstats.schema.breaks import Break

_UNIT = 1.5
"""Height of a row in letters."""
_SHARE = 0.34
"""Part of the page that names beside the rows may take."""


class Row(NamedTuple):
    """A row to be drawn: whose it is, and of which year (None: of several, or not known)."""

    body: str
    year: int | None = None


class Rows(NamedTuple):
    """Rows with their places, downwards from 0.

    Attributes:
        at: the middle of each row, in the order given.
        labels: what stands beside each.
        headings: (place, name) above the years of a body.
        lines: between the years of a body, where a break lies.
        height: of all.
        unit: points of one row.
    """

    at: list[float]
    labels: list[str]
    headings: list[tuple[float, str]]
    lines: list[float]
    height: float
    unit: float


def arrange(rows: Sequence[Row], page: Page, breaks: Sequence[Break] = (), *, step: float = 1.0) -> Rows:
    """Give every row its place; rows of one body stand together, below its name if there are several.

    Args:
        rows: in the order they shall have.
        page: the page, whose height is set to hold them.
        breaks: years before which a line is drawn.
        step: height of a row.
    """
    together = [(body, list(group)) for body, group in groupby(rows, key=lambda row: row.body)]
    headed = len(together) < len(rows)
    size, at, labels, headings, lines, y = page.look.text, [], [], [], [], 0.0
    for body, group in together:
        room = page.width * (0.86 if headed else _SHARE)
        name = _short(body, room, size, page)
        tall = 0.9 * (1 + name.count("\n"))
        if headed:
            headings.append((y + tall / 2, name))
            y += tall
        for number, row in enumerate(group):
            if number and any(_crosses(group[number - 1], row, each) for each in breaks):
                lines.append(y)
            high = step if headed else max(step, tall + 0.25)
            at.append(y + high / 2)
            labels.append(("" if row.year is None else str(row.year)) if headed else name)
            y += high
        y += 0.3 if headed else 0.0
    unit = size * _UNIT
    if page.own:
        page.body = y * unit + 3.4 * size
    else:
        unit = 0.7 * page.height / max(y, 1)
    return Rows(at, labels, headings, lines, y, unit)


def _crosses(before: Row, after: Row, each: Break) -> bool:
    return before.year is not None and after.year is not None and before.year < each.year <= after.year


def _short(name: str, room: float, size: float, page: Page) -> str:
    found = shorten(name, room, size)
    if "…" in found and "…" not in name:
        page.short[found.replace("\n", "")] = name
    return found


def name_rows(rows: Rows, page: Page) -> float:
    """Write the names of the rows beside or above them; returns the size of letters that fits a row."""
    axes = page.axes
    # On small axes of the caller's, letters shrink with the rows rather than overlap.
    lines = max((label.count("\n") + 1 for label in rows.labels), default=1)
    size = min(page.look.text, rows.unit * 0.72 if lines == 1 or page.own else rows.unit * 0.6)
    axes.set_ylim(rows.height, 0)
    axes.set_yticks(rows.at, rows.labels, fontsize=size * (0.9 if rows.headings else 1))
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    for y, name in rows.headings:
        # Names stand on white, for grid lines run down behind them.
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        axes.text(0.003, y, name, transform=axes.get_yaxis_transform(), va="center", fontsize=size, bbox=box)
    for y in rows.lines:
        axes.axhline(y, color=GREY, linewidth=0.9, linestyle=(0, (2, 3)))
    return size
