"""Pages of a PDF that show nothing, or only a part of what they hold: rows may go on there unseen.

A word processor cuts a row between two lines of a cell, so the figures at the foot of a page can be
the first digits of longer ones. Where the next page is blank, was refused or is cropped by its own
page box, nobody can tell: such a row is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gxstats.model import Issue, Locator
from gxstats.read.bands import Table
from gxstats.read.geometry import PageView
from gxstats.read.page_breaks import bottom_cells
from gxstats.read.stream_table import StreamRow

LOST = "the row may go on on the next page, which shows nothing or is cropped"
FOOT = 0.75
"""A table that ends below this share of its page may go on on the next one."""


def find_lost(views: Sequence[PageView], count: int) -> frozenset[int]:
    """Numbers of the pages, of ``count``, that show no text, or not all of it.

    Example:
        >>> find_lost([], 2)
        frozenset({1, 2})
    """
    whole = {view.number for view in views if len(view.characters.codes)}
    whole -= {view.number for view in views if view.beside}
    return frozenset(range(1, count + 1)) - whole


def tell_cropped(views: Iterable[PageView]) -> list[Issue]:
    """A warning for each page with characters that stand beside it."""
    cropped: dict[int, int] = {}
    for view in views:
        if view.beside:
            cropped[view.number] = cropped.get(view.number, 0) + len(view.beside)
    return [
        Issue(
            "warning",
            "page_cropped",
            f"{count} characters stand beside the page, which is cropped or damaged",
            Locator(number),
        )
        for number, count in cropped.items()
    ]


def doubt_table(table: Table, lost: frozenset[int]) -> None:
    """Damage the figures at the foot of a page's last table if they may go on on a lost page."""
    view = table.view
    if view.number + 1 in lost and table.box[3] > FOOT * view.height:
        for cell in bottom_cells(table):
            if cell.is_figure:
                cell.damage = cell.damage or LOST


def doubt_rows(rows: Sequence[StreamRow], view: PageView, lost: frozenset[int]) -> None:
    """The same for the last rows of tokens of a page."""
    if rows and view.number + 1 in lost and rows[-1].box[3] > FOOT * view.height:
        rows[-1].doubt = LOST
