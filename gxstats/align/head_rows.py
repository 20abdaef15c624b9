"""Rows of heads without spans: what would be one tall cell is written again in the row below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from gxstats.align.labels import normalise
from gxstats.model import Cell

Head = tuple[Cell, ...]


def unrepeated(heads: Sequence[Head]) -> list[Head]:
    """The rows of heads, each without the cells that the row below repeats in the same columns.

    Only rows that are equally wide and have no tall cells are compared: nothing else says that cells
    of two rows stand in the same columns.

    Example:
        >>> upper = (Cell("自然人"), Cell("法人或其他组织", colspan=2), Cell("总计"))
        >>> lower = tuple(map(Cell, ("自然人", "商业企业", "其他", "总计")))
        >>> [[cell.text for cell in head] for head in unrepeated([upper, lower])]
        [['法人或其他组织'], ['自然人', '商业企业', '其他', '总计']]
    """
    kept = [_without(head, below) for head, below in pairwise(heads)]
    return [head for head in (*kept, *heads[-1:]) if head]


def _without(head: Head, below: Head) -> Head:
    if any(cell.rowspan != 1 for cell in head):
        return head
    ends, ends_below = _ends(head), _ends(below)
    if not ends or not ends_below or ends[-1] != ends_below[-1]:
        return head
    same = {
        (end, text) for end, cell in zip(ends_below, below, strict=True) if (text := normalise(cell.text))
    }
    return tuple(
        cell for end, cell in zip(ends, head, strict=True) if (end, normalise(cell.text)) not in same
    )


def _ends(head: Head) -> list[int]:
    return list(accumulate(cell.colspan for cell in head))
