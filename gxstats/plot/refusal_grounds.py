"""Why information was refused: a heat map of the eight grounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from gxstats.analysis import metric
from gxstats.dataset.tidy import Source, joined
from gxstats.plot.dots import rows_of
from gxstats.plot.matrix import Cell, draw_cells
from gxstats.plot.notes import (
    body_columns,
    body_names,
    breaks_in,
    coverage_of,
    known_bodies,
    mixed_scopes,
    standard_notes,
)
from gxstats.plot.page import page
from gxstats.plot.rows import Row
from gxstats.plot.wording import Lang, say
from gxstats.schema.breaks import Break

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHADES = ("#FFFFFF", "#E3EEF7", "#BFD9EC", "#8FBEDD", "#5A9CC8", "#2B77AD", "#0F4F86", "#08306B")
"""From none to all: even steps of lightness, so that they stay apart in grey."""
_WHITE_FROM = 4
"""From this shade on, signs are white."""


def refusal_grounds(
    source: Source, lang: Lang = "zh", ax: Axes | None = None, *, by_year: bool = False
) -> tuple[Figure, Axes]:
    r"""Draw which grounds each agency refused information on, as shares of its refusals, with the counts.

    Args:
        source: a tidy frame (:func:`gxstats.tidy`) or :class:`gxstats.Reports`.
        lang: language of the words; agencies keep their names.
        ax: axes to draw on, new ones by default.
        by_year: a row for every year; by default years are added up, for their counts are small.

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: no report with agency and year is there.
        NotComparable: a row would count a report twice.

    Example:
        >>> import gxstats as gx
        >>> figure, axes = refusal_grounds(gx.load_published()[7:9], "en")
        >>> axes.texts[0].get_text(), axes.texts[1].get_text()
        ('234', '1%\n(2)')
    """
    known, left_out = known_bodies(joined(source))
    frame = metric(known, "refusal_ground_share", (*body_columns(known), *["year"] * by_year))
    frame["name"] = body_names(frame, lang)
    grounds = list(dict.fromkeys(frame["part"]))
    one = frame[frame["part"] == grounds[0]].reset_index(drop=True)
    rows = rows_of(one) if by_year else [Row(name) for name in one["name"]]
    breaks = breaks_in(["applications"], known["year"])
    with page(ax, lang) as sheet:
        heads = [say(key, lang) for key in ("refusal_grounds.total", *(f"ground.{g}" for g in grounds))]
        draw_cells(sheet, rows, heads, _cells(frame, grounds, one), between=breaks, lines=2)
        sheet.title = say("refusal_grounds.title", lang)
        cover = coverage_of(one, one["name"].tolist(), left_out)
        drawn, pooled = (breaks, []) if by_year else ([], breaks)
        sheet.notes = standard_notes(cover, lang, drawn, frame.attrs["warnings"])
        sheet.notes += _notes(one, pooled, lang)
    return sheet.figure, sheet.axes


def _notes(one: pd.DataFrame, pooled: Sequence[Break], lang: Lang) -> list[str]:
    notes = [say("refusal_grounds.small", lang)]
    if one["denominator"].eq(0).any():
        notes.append(say("refusal_grounds.none", lang))
    if mixed_scopes(one):
        notes.append(say("scopes", lang))
    # Years that are added up cross the breaks that lie between them.
    return notes + [say("pooled", lang, year=each.year, why=getattr(each, lang)) for each in pooled]


def _cells(frame: pd.DataFrame, grounds: Sequence[str], one: pd.DataFrame) -> dict[tuple[int, int], Cell]:
    found = {}
    for row, total in enumerate(one["denominator"]):
        found[row, 0] = Cell("?" if pd.isna(total) else f"{total:,}", "#F2F2F2")
    for column, ground in enumerate(grounds, 1):
        part = frame[frame["part"] == ground]
        for row, (share, count) in enumerate(zip(part["value"], part["numerator"], strict=True)):
            if pd.isna(share):
                found[row, column] = Cell("?" if pd.isna(count) else "—", "#FFFFFF", edge="#DDDDDD")
                continue
            # No refusal on a ground is white; any at all is not.
            shade = 0 if count == 0 else min(len(_SHADES) - 1, 1 + int(share * (len(_SHADES) - 1)))
            text = f"{share * 100:.0f}%\n({count:,})"
            found[row, column] = Cell(text, _SHADES[shade], shade >= _WHITE_FROM, edge="#DDDDDD")
    return found
