"""Draw a table with blanks: text at its place, full-width characters two columns wide."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width

from gxstats.testing.blocks import Placed, Table, place


def wide(text: str) -> int:
    """Width of a text in half-width characters.

    Example:
        >>> wide("总计10")
        6
    """
    return sum(2 if east_asian_width(c) in "WFA" else 1 for c in text)


def wrap(text: str, width: int) -> list[str]:
    """The text cut into lines no wider than ``width`` half-width characters; words are not kept whole.

    Example:
        >>> wrap("法律服务机构", 4)
        ['法律', '服务', '机构']
    """
    lines = []
    for line in text.split("\n"):
        part = ""
        for character in line:
            if part and wide(part + character) > width and not character.isdigit():
                lines.append(part)
                part = ""
            part += character
        lines.append(part)
    return [line.strip() for line in lines if line.strip()]


def draw(table: Table, *, ragged: bool = False) -> str:
    """The table as ``pdftotext -layout`` would print it.

    Rows have half lines: the figures beside a label of two lines stand on a line of their own,
    between the two. Cells that span rows are written down beside them, one short line after another.
    Heads begin on one line, or stand in the middle of their row if ``ragged``: then short heads are
    printed below the first lines of long ones, and the order of the heads is lost.

    Example:
        >>> from gxstats.testing.blocks import CellSpec
        >>> print(draw(Table(((CellSpec("规章", role="label"), CellSpec("2")),), (4, 3))))
        规章         2
    """
    # A column is as wide as its widest unbreakable text, and a blank apart from the next one.
    placed = list(place(table.rows))
    edges = _edges(table, placed)
    boxes = [(p, wrap(p.cell.text, edges[p.column + p.cell.colspan] - edges[p.column] - 1)) for p in placed]
    tops = _tops(len(table.rows), boxes)
    canvas: dict[int, list[tuple[int, str]]] = {}
    for p, lines in sorted(boxes, key=lambda box: box[0].cell.rowspan > 1):
        height = tops[p.row + p.cell.rowspan] - tops[p.row]
        level_heads = not ragged and p.cell.role == "head" and p.cell.rowspan == 1
        start = tops[p.row] + (0 if level_heads else max(0, height // 2 - len(lines)))
        for number, line in enumerate(lines):
            level = start + 2 * number
            if p.cell.rowspan > 1:
                level = _nearest(level, canvas, tops[p.row], tops[p.row + p.cell.rowspan])
            room = edges[p.column + p.cell.colspan] - edges[p.column] - 1
            indent = 0 if p.cell.role in ("label", "group") else max(0, (room - wide(line)) // 2)
            canvas.setdefault(level, []).append((edges[p.column] + indent, line))
    return "\n".join(_line(canvas.get(level, ())) for level in _levels(canvas, tops))


def _edges(table: Table, placed: Iterable[Placed]) -> list[int]:
    widths = [2 * w + 1 for w in table.widths]
    for p in placed:
        if p.cell.colspan == 1 and p.cell.role == "figure":
            widths[p.column] = max(widths[p.column], wide(p.cell.text) + 2)
    edges = [0]
    for width in widths:
        edges.append(edges[-1] + width)
    return edges


def _tops(count: int, boxes: Iterable[tuple[Placed, list[str]]]) -> list[int]:
    """The half line on which each row begins, and the one on which the last ends."""
    heights = [1] * count
    for p, lines in boxes:
        if p.cell.rowspan == 1:
            heights[p.row] = max(heights[p.row], len(lines))
    tops = [0]
    for height in heights:
        tops.append(tops[-1] + 2 * height)
    return tops


def _nearest(level: int, canvas: dict[int, list[tuple[int, str]]], top: int, bottom: int) -> int:
    """The level itself, or a neighbour that has text already: lines a hair apart are printed as one."""
    for candidate in (level, level + 1, level - 1):
        if candidate in canvas and top <= candidate < bottom:
            return candidate
    return level


def _levels(canvas: dict[int, list[tuple[int, str]]], tops: list[int]) -> Iterable[int]:
    """The half lines to print: those with text, and an empty one before each row."""
    bounds = set(tops[1:-1])
    previous = -1
    for level in sorted(canvas):
        if any(previous < bound <= level for bound in bounds) and previous >= 0:
            yield -1
        yield level
        previous = level


def _line(pieces: Iterable[tuple[int, str]]) -> str:
    line = ""
    for at, text in sorted(pieces):
        gap = at - wide(line)
        line += " " * (gap if gap > 0 or not line else 1) + text
    return line
