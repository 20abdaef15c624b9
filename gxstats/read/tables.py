"""Rows to blocks: what HTML, DOCX and ODT tables have in common once their cells are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from gxstats.model import Block, Cell, Grid, Locator, Paragraph, Row
from gxstats.read.limits import MAX_TEXT_LENGTH, too_long

RUNNING_TEXT: Final = 400
"""Characters from which a cell holds running text; the longest printed label of a form has 60."""
_TITLE_LENGTH: Final = 120


def table_blocks(rows: Sequence[Row], place: Locator) -> list[Block]:
    """A table as blocks: one grid, cut where a row holds running text instead of fields.

    Old pages and some Word files put a whole report into one table. A row with a cell of at least
    ``RUNNING_TEXT`` characters and at most one other filled cell is prose: its lines become
    paragraphs, in place, and the rows before and after it become grids of their own.

    Args:
        rows: The physical rows in order.
        place: Where the table stands; every grid cut from it keeps this place.

    Returns:
        Grids and paragraphs in document order; no text is lost.

    Raises:
        LimitExceeded: A cell is longer than ``MAX_TEXT_LENGTH``.

    Example:
        >>> rows = [Row((Cell("a"), Cell("1"))), Row((Cell("long " * 100),))]
        >>> [type(block).__name__ for block in table_blocks(rows, Locator())]
        ['Grid', 'Paragraph']
    """
    longest = max((len(cell.text) for row in rows for cell in row.cells), default=0)
    if longest > MAX_TEXT_LENGTH:
        raise too_long("characters in one cell", longest, MAX_TEXT_LENGTH, str(place))
    if longest < RUNNING_TEXT:
        return [Grid(tuple(rows), place)] if rows else []
    blocks: list[Block] = []
    pending: list[Row] = []
    for row in rows:
        if _is_running_text(row):
            if pending:
                blocks.append(Grid(tuple(pending), place))
                pending = []
            blocks.extend(cell_paragraphs(row.cells))
        else:
            pending.append(row)
    if pending:
        blocks.append(Grid(tuple(pending), place))
    return blocks


def cell_paragraphs(cells: Iterable[Cell]) -> list[Paragraph]:
    r"""The lines of cells as paragraphs, each with the place of its cell.

    Example:
        >>> [paragraph.text for paragraph in cell_paragraphs([Cell("一、\n二、"), Cell("")])]
        ['一、', '二、']
    """
    return [Paragraph(line, cell.at) for cell in cells for line in cell.text.split("\n") if line.strip()]


def best_title(candidates: Iterable[str]) -> str:
    """The most telling of several titles, given best source first: the first with a year in it.

    A site's heading is often the name of the site, and a page title often just the column's name.

    Example:
        >>> best_title(["某某区人民政府", "某某局2023年度报告", "年报"])
        '某某局2023年度报告'
    """
    titles = [
        title for title in ("".join(text.split()) for text in candidates) if 0 < len(title) <= _TITLE_LENGTH
    ]
    return next(
        (title for title in titles if any(sign.isdigit() for sign in title)), titles[0] if titles else ""
    )


def _is_running_text(row: Row) -> bool:
    filled = [cell for cell in row.cells if cell.text.strip()]
    return len(filled) <= 2 and any(len(cell.text) >= RUNNING_TEXT for cell in filled)
