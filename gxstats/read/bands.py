"""Characters and ruling lines of a page to tables of physical cells: the reading by borders.

A table's rows are the bands between horizontal lines; a row holds the cells that begin in its band,
empty ones included, so that its last cells are its data columns whatever the labels span.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gxstats.model import Cell, Grid, Row
from gxstats.read.fragments import box_around, is_figure, is_number
from gxstats.read.geometry import Booleans, Box, Characters, Floats, Integers, PageView
from gxstats.read.lattice import OUTSIDE, Lattice, find_lattices, with_borders
from gxstats.read.lines import Line, lines_of

_new = tuple.__new__
CLEAR = 0.25
"""White space between the figures of two cells, as a share of their height."""
TOUCHING = 0.1
"""Digits closer than this share of their height belong to one number."""
DIGITS = frozenset("0123456789０１２３４５６７８９,，.．")


@dataclass(slots=True, eq=False)
class BandCell:
    """One physical cell: its lines of text, its borders, and what is wrong with it."""

    view: PageView
    box: Box
    lines: list[Line]
    rowspan: int = 1
    colspan: int = 1
    damage: str = ""

    @property
    def text(self) -> str:
        """Lines joined by line ends."""
        return "\n".join(line.text for line in self.lines)

    @property
    def is_number(self) -> bool:
        """Digits only, or nothing."""
        return all(is_number(line.text) for line in self.lines)

    @property
    def is_figure(self) -> bool:
        """Digits, a mark that stands for a figure, or nothing."""
        return not self.lines or is_figure(self.text)

    def to_cell(self) -> Cell:
        """The cell with the place of its printed characters, or of its borders if it is empty."""
        lines = self.lines
        if len(lines) == 1:
            _, text, box = lines[0]
        elif lines:
            text, box = self.text, box_around([line.box for line in lines])
        else:
            text, box = "", self.box
        return _new(Cell, (text, self.view.locate(box), self.colspan, self.rowspan, self.damage))


@dataclass(slots=True, eq=False)
class Table:
    """A table on one page, in reading space; ``rows`` are its physical rows from top to bottom."""

    view: PageView
    box: Box
    rows: list[list[BandCell]] = field(default_factory=list)

    def to_grid(self) -> Grid:
        """The table as the rest of gxstats sees it."""
        rows = tuple([_new(Row, (tuple([cell.to_cell() for cell in row]),)) for row in self.rows if row])
        return Grid(rows, self.view.locate(self.box))


class PageBands(NamedTuple):
    """A page read by borders: its tables and which of its characters are in none."""

    tables: list[Table]
    outside: Booleans


def read_bands(view: PageView) -> PageBands:
    """Read the ruled tables of a page.

    Example:
        >>> from gxstats.read.geometry import NO_RULES, Characters
        >>> nothing = Characters(np.empty(0, dtype=np.uint32), np.empty((0, 4)))
        >>> read_bands(PageView(1, 595, 842, nothing, NO_RULES)).tables
        []
    """
    boxes = view.characters.boxes
    outside = np.ones(len(boxes), dtype=bool)
    tables = []
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    for drawn in find_lattices(view.rules):
        row = drawn.ys.searchsorted(middle_y) - 1
        column = drawn.xs.searchsorted(middle_x) - 1
        rows, columns = drawn.owner.shape
        inside = np.flatnonzero(outside & (row >= 0) & (row < rows) & (column >= 0) & (column < columns))
        row, column = row[inside], column[inside]
        if not len(inside):
            continue
        lattice = _restore_borders(drawn, row, column, view.characters, inside)
        owner = lattice.owner[row, column]
        owned = owner != OUTSIDE
        outside[inside[owned]] = False
        if owned.any():
            tables.append(_table(view, lattice, inside[owned], owner[owned]))
    return PageBands(tables, outside)


def _restore_borders(
    lattice: Lattice, row: Integers, column: Integers, characters: Characters, inside: Integers
) -> Lattice:
    """Draw vertical borders that a row lacks although figures stand on both sides of them.

    Browsers leave out borders of the first row of a page. A border is restored only in a row where
    a cell holds digits of several columns whose borders the row above or below does have, and
    where no digit comes near one.
    """
    wide = [at for at, region in enumerate(lattice.regions) if region.colspan > 1 and region.rowspan == 1]
    if not wide:
        return lattice
    codes = characters.codes[inside]
    digits = (codes >= 0x30) & (codes <= 0x39)
    restored = lattice
    suspects = _with_figures(lattice, wide, lattice.owner[row, column], digits)
    boxes = characters.boxes[inside] if suspects else characters.boxes
    for at in sorted(suspects):
        beside = np.zeros(lattice.down.shape[0], dtype=bool)
        for other in (at - 1, at + 1):
            if 0 <= other < lattice.down.shape[1]:
                beside |= lattice.down[:, other]
        missing: list[int] = []
        proved = False
        for region in (r for r in lattice.regions if r.row == at and r.rowspan == 1 and r.colspan > 1):
            inner = [x for x in range(region.column + 1, region.column + region.colspan) if beside[x]]
            here = (row == at) & (column >= region.column) & (column < region.column + region.colspan)
            if not inner or not digits[here].all():
                continue
            if not _is_clear(boxes[here], lattice.xs[inner]):
                proved = False
                break
            missing += inner
            proved |= len(set(np.searchsorted(inner, column[here], side="right").tolist())) > 1
        if proved:
            restored = with_borders(restored, at, missing)
    return restored


def _with_figures(lattice: Lattice, wide: list[int], owner: Integers, digits: Booleans) -> set[int]:
    """Rows where one of some cells holds digits and nothing else."""
    count = len(lattice.regions) + 1
    # OUTSIDE is -1: all numbers are moved up by one.
    printed = np.bincount(owner + 1, minlength=count).tolist()
    figures = np.bincount(owner[digits] + 1, minlength=count).tolist()
    return {lattice.regions[at].row for at in wide if printed[at + 1] == figures[at + 1] > 0}


def _is_clear(boxes: Floats, borders: Floats) -> bool:
    """Is there white space around each border, rather than a number that runs across?"""
    if len(boxes) < 2:
        return True
    ordered = boxes[np.argsort(boxes[:, 0])]
    middle = (ordered[:, 0] + ordered[:, 2]) / 2
    for border, right in zip(borders.tolist(), np.searchsorted(middle, borders).tolist(), strict=True):
        if 0 < right < len(ordered):
            before, after = ordered[right - 1], ordered[right]
            gap = after[0] - before[2]
            if gap < CLEAR * (after[3] - after[1]) or not before[0] < border < after[2]:
                return False
    return True


def _table(view: PageView, lattice: Lattice, owned: Integers, owner: Integers) -> Table:
    split = _split_numbers(view, owned, owner)
    lines: dict[int, list[Line]] = {}
    for line in lines_of(view.characters.take(owned), owner):
        lines.setdefault(line.group, []).append(line)
    table = Table(view, lattice.box, [[] for _ in range(lattice.owner.shape[0])])
    for number, region in enumerate(lattice.regions):
        cell = BandCell(view, region.box, lines.get(number, []), region.rowspan, region.colspan)
        if number in split:
            cell.damage = "a figure crosses the border"
        elif cell.rowspan > 1 and len(cell.lines) > 1 and cell.is_number:
            cell.damage = "no border between two rows"
        table.rows[region.row].append(cell)
    if lattice.open_bottom and not any(cell.lines for cell in table.rows[-1]):
        # The page ended before the row did, and all its text moved on.
        table.rows.pop()
    return table


def _split_numbers(view: PageView, owned: Integers, owner: Integers) -> set[int]:
    """Cells between whose digits a border runs although the digits touch: overflowing numbers."""
    codes, boxes = view.characters
    crossing = np.flatnonzero((owner[1:] != owner[:-1]) & (owned[1:] - owned[:-1] == 1))
    if not len(crossing):
        return set()
    first, second = boxes[owned[crossing]], boxes[owned[crossing + 1]]
    height = first[:, 3] - first[:, 1]
    gap = second[:, 0] - first[:, 2]
    touching = (np.abs(gap) < TOUCHING * height) & (np.abs(second[:, 1] - first[:, 1]) < 0.2 * height)
    found: set[int] = set()
    for at in crossing[touching].tolist():
        if chr(codes[owned[at]]) in DIGITS and chr(codes[owned[at + 1]]) in DIGITS:
            found.update((int(owner[at]), int(owner[at + 1])))
    return found
