"""Texts of which a program dropped repeated lines: what is missing in a row cannot be told.

Where every cell has a line of its own, zeros stand below each other all over the form. If no figure
stands twice in a row in such a text, lines that repeat the one before (or any before) were dropped:
then an empty cell may have been a figure, and figures behind it may stand in the wrong column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from gxstats.align.labels import normalise
from gxstats.align.tables import Entry, Table
from gxstats.model import Issue, Row

_FIGURES = 10
"""So many figures on lines of their own show how a text is printed."""
_WHY = "repeated lines were dropped from the text, so that a row with an empty cell is not known"


def refuse(lines: Iterable[Row], tables: Mapping[str, Table]) -> None:
    """Damage every row that is not printed in full, if the text lost repeated lines.

    Args:
        lines: the text, line by line.
        tables: section name -> what was collected from it; are changed.

    Example:
        >>> from gxstats.model import Cell
        >>> lines = tuple(Row((Cell(str(n % 2)),)) for n in range(12))
        >>> table = Table("disputes", False, False, [Entry("", True, (Cell("0"), Cell("")), "")])
        >>> refuse(lines, {"disputes": table})
        >>> table.issues[0].code, [cell.damage != "" for cell in table.entries[0].cells]
        ('lines_lost', [True, True])
    """
    if not _lost_lines(lines):
        return
    for table in tables.values():
        partly = [n for n, entry in enumerate(table.entries) if not _in_full(entry)]
        for number in partly:
            entry = table.entries[number]
            cells = tuple(cell._replace(damage=_WHY) for cell in entry.cells)
            table.entries[number] = entry._replace(cells=cells)
        if partly:
            at = table.entries[partly[0]].at
            table.issues.append(Issue("error", "lines_lost", _WHY, at, "look at the source"))


def _in_full(entry: Entry) -> bool:
    return bool(entry.cells) and all(normalise(cell.text) for cell in entry.cells)


def _lost_lines(lines: Iterable[Row]) -> bool:
    alone: list[str] = []
    for line in lines:
        texts = [text for cell in line.cells if (text := normalise(cell.text))]
        alone.append(texts[0] if len(texts) == 1 and texts[0].isdecimal() else "")
    return sum(map(bool, alone)) >= _FIGURES and not any(a and a == b for a, b in pairwise(alone))
