"""What is collected of a section before it is read: its rows with a label, its heads, its leftovers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from gxstats.model import NOWHERE, Cell, Issue, Locator, Unmatched


class Entry(NamedTuple):
    """A row whose label stands for an item, with every cell that follows the label.

    ``code`` is empty in a section whose single row has no label. ``head`` holds the column labels
    that stood last above the row (sections made of blocks only). ``stub`` is how many columns the
    cells up to the label span.
    """

    code: str
    exact: bool
    cells: tuple[Cell, ...]
    label: str
    at: Locator = NOWHERE
    head: tuple[Cell, ...] = ()
    stub: int = 1


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
    broken: set[int] = field(default_factory=set)
    """Numbers of the entries before which an unmatched row stands."""

    doubted: bool = False
    """What tells its figures apart is too little to confirm any of them."""

    def leave_out(self, row: Unmatched) -> None:
        """Keep a row that no label matches, and where among the others it stands."""
        self.unmatched.append(row)
        self.broken.add(len(self.entries))


def row_place(cells: tuple[Cell, ...]) -> Locator:
    """The place of a row: from its first cell to its last on the same page."""
    if not cells:
        return NOWHERE
    first, last = cells[0].at, cells[-1].at
    if first.x0 is None or last.x0 is None or first.page != last.page:
        return first
    assert first.top is not None and last.top is not None
    assert first.bottom is not None and last.bottom is not None
    return Locator(
        first.page, first.x0, min(first.top, last.top), last.x1, max(first.bottom, last.bottom), first.ref
    )
