"""What a rendered report is made of, before any file format: headings, paragraphs, tables, pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Role = Literal["head", "label", "group", "figure", "empty"]


class CellSpec(NamedTuple):
    """One cell to draw; a newline in ``text`` is a line break, spans work as in HTML.

    ``role`` is what the cell is to the form, so that a text renderer knows figures from labels;
    ``empty`` cells belong to no column of the form.
    """

    text: str
    colspan: int = 1
    rowspan: int = 1
    role: Role = "figure"


RowSpec = tuple[CellSpec, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title (level 0) or the heading of a section (level 1)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a picture stands instead of a table."""

    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: ``widths`` are the columns' widths in full-width characters.

    ``section`` is the form's section, "metadata" for the publishing system's own table.
    """

    rows: tuple[RowSpec, ...]
    widths: tuple[int, ...]
    section: str = ""


Block = Heading | Text | Picture | Table


class Placed(NamedTuple):
    """A cell with the row and column of its top left corner."""

    row: int
    column: int
    cell: CellSpec


def place(rows: Sequence[RowSpec]) -> Iterator[Placed]:
    """Where each cell stands when spans are taken at their word, row by row.

    Example:
        >>> [p.column for p in place(((CellSpec("a", rowspan=2), CellSpec("b")), (CellSpec("c"),)))]
        [0, 1, 1]
    """
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            yield Placed(number, column, cell)
            for down in range(cell.rowspan):
                taken.update((number + down, column + across) for across in range(cell.colspan))


def squared(rows: Sequence[RowSpec]) -> list[list[CellSpec | None]]:
    """The rows as a full grid: a spanning cell stands in its top left place, None in the others.

    Example:
        >>> rows = ((CellSpec("a", 2),), (CellSpec("b"), CellSpec("c")))
        >>> [[cell and cell.text for cell in row] for row in squared(rows)]
        [['a', None], ['b', 'c']]
    """
    placed = list(place(rows))
    width = max((p.column + p.cell.colspan for p in placed), default=0)
    grid: list[list[CellSpec | None]] = [[None] * width for _ in rows]
    for p in placed:
        grid[p.row][p.column] = p.cell
    return grid
