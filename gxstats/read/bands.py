"""Characters and ruling lines of a page to tables of physical cells: the reading by borders.

A table's rows are the bands between horizontal lines; a row holds the cells that begin in its band,
empty ones included, so that its last cells are its data columns whatever the labels span.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from gxstats.model import Cell, Grid, Row
from gxstats.read.fragments import box_around, is_figure, is_number
from gxstats.read.geometry import Booleans, Box, Characters, Floats, Integers, PageView, join_characters
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


class _Ruled(NamedTuple):
    """A lattice on a page, with the positions of the characters inside it and the cells they stand in."""

    view: PageView
    lattice: Lattice
    inside: Integers
    owner: Integers


def read_bands(views: Sequence[PageView]) -> list[PageBands]:
    """Read the ruled tables of pages.

    Example:
        >>> from gxstats.read.geometry import NO_RULES, Characters
        >>> nothing = Characters(np.empty(0, dtype=np.uint32), np.empty((0, 4)))
        >>> read_bands([PageView(1, 595, 842, nothing, NO_RULES)])[0].tables
        []
    """
    ruled: list[_Ruled] = []
    pages = [PageBands([], _find_ruled(view, ruled)) for view in views]
    tables_of = {id(view): page.tables for view, page in zip(views, pages, strict=True)}
    for table in _tables(ruled):
        tables_of[id(table.view)].append(table)
    return pages


def _find_ruled(view: PageView, ruled: list[_Ruled]) -> Booleans:
    """Add a page's lattices that have characters inside; which characters are in none."""
    boxes = view.characters.boxes
    outside = np.ones(len(boxes), dtype=bool)
    lattices = find_lattices(view.rules)
    if not lattices:
        return outside
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    for drawn in lattices:
        row = drawn.ys.searchsorted(middle_y) - 1
        column = drawn.xs.searchsorted(middle_x) - 1
        rows, columns = drawn.owner.shape
        inside = (outside & (row >= 0) & (row < rows) & (column >= 0) & (column < columns)).nonzero()[0]
        if not len(inside):
            continue
        row, column = row.take(inside), column.take(inside)
        lattice = _restore_borders(drawn, row, column, view.characters, inside)
        owner = lattice.owner[row, column]
        owned = owner != OUTSIDE
        if not owned.all():
            inside, owner = inside[owned], owner[owned]
        outside[inside] = False
        if len(inside):
            ruled.append(_Ruled(view, lattice, inside, owner))
    return outside


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


def _tables(ruled: list[_Ruled]) -> Iterator[Table]:
    """The tables of lattices; the characters of all of them are put in order at once."""
    if not ruled:
        return
    characters = join_characters([one.view.characters.take(one.inside) for one in ruled])
    firsts = [0, *accumulate(len(one.lattice.regions) for one in ruled)]
    owner = np.concatenate([one.owner + first for one, first in zip(ruled, firsts, strict=False)])
    lines: list[list[Line]] = [[] for _ in range(firsts[-1])]
    for line in lines_of(characters, owner):
        lines[line.group].append(line)
    split = _split_numbers(ruled, characters, owner)
    for one, first in zip(ruled, firsts, strict=False):
        yield _table(one, lines[first:], split and {number - first for number in split})


def _table(ruled: _Ruled, lines: list[list[Line]], split: set[int]) -> Table:
    """A table.

    Args:
        ruled: Its lattice.
        lines: The lines of each of its cells, and others behind them.
        split: Cells that a figure leaves or enters across a border.
    """
    view, lattice = ruled.view, ruled.lattice
    table = Table(view, lattice.box, [[] for _ in range(lattice.owner.shape[0])])
    for number, (row, _, rowspan, colspan, box) in enumerate(lattice.regions):
        cell = BandCell(view, box, lines[number], rowspan, colspan)
        if number in split:
            cell.damage = "a figure crosses the border"
        elif rowspan > 1 and len(cell.lines) > 1 and cell.is_number:
            cell.damage = "no border between two rows"
        table.rows[row].append(cell)
    if lattice.open_bottom and not any(cell.lines for cell in table.rows[-1]):
        # The page ended before the row did, and all its text moved on.
        table.rows.pop()
    return table


def _split_numbers(ruled: list[_Ruled], characters: Characters, owner: Integers) -> set[int]:
    """Cells between whose digits a border runs although the digits touch: overflowing numbers.

    Args:
        ruled: The lattices.
        characters: Those inside them.
        owner: The cell of each one, counted through all lattices.
    """
    codes, boxes = characters
    place = np.concatenate([one.inside for one in ruled])
    follows = (owner[1:] != owner[:-1]) & (place[1:] - place[:-1] == 1)
    ends = list(accumulate(len(one.inside) for one in ruled))
    follows[np.array(ends[:-1], dtype=np.int64) - 1] = False
    crossing = follows.nonzero()[0]
    if not len(crossing):
        return set()
    first, second = boxes.take(crossing, axis=0), boxes.take(crossing + 1, axis=0)
    height = first[:, 3] - first[:, 1]
    gap = second[:, 0] - first[:, 2]
    touching = (np.abs(gap) < TOUCHING * height) & (np.abs(second[:, 1] - first[:, 1]) < 0.2 * height)
    found: set[int] = set()
    for at in crossing[touching].tolist():
        if chr(codes[at]) in DIGITS and chr(codes[at + 1]) in DIGITS:
            found.update((int(owner[at]), int(owner[at + 1])))
    return found
