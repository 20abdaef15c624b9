"""What is collected of a section before it is read: its rows with a label, its heads, its leftovers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from gxstats.model import NOWHERE, Cell, Issue, Locator, Unmatched


class Entry(NamedTuple):
    """A row whose label stands for an item, with every cell that follows the label.

    ``code`` is empty in a section whose single row has no label. ``head`` holds the column labels
    that stood last above the row (sections made of blocks only).
    """

    code: str
    exact: bool
    cells: tuple[Cell, ...]
    label: str
    at: Locator = NOWHERE
    head: tuple[Cell, ...] = ()


@dataclass(slots=True)
class Table:
    """All that one reading shows of one section.

    ``physical`` is true when the borders of cells are known, so that a blank cell can be seen;
    ``structured`` when, besides, the format itself delimits cells.
    """

    section: str
    physical: bool
    structured: bool
    entries: list[Entry] = field(default_factory=list)
    heads: list[tuple[Cell, ...]] = field(default_factory=list)
    captions: list[Cell] = field(default_factory=list)
    """Words between the heading of the section and its first row."""
    unmatched: list[Unmatched] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def row_place(cells: tuple[Cell, ...]) -> Locator:
    """The place of a row: that of its first cell, as wide as its boxes."""
    if not cells:
        return NOWHERE
    first = cells[0].at
    boxes = [c.at for c in cells if c.at.x0 is not None and c.at.page == first.page]
    if not boxes:
        return first
    return Locator(
        first.page,
        min(b.x0 for b in boxes if b.x0 is not None),
        min(b.top for b in boxes if b.top is not None),
        max(b.x1 for b in boxes if b.x1 is not None),
        max(b.bottom for b in boxes if b.bottom is not None),
        first.ref,
    )
