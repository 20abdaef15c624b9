"""A share with what it rests on: a forest plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gxstats.plot.dots import draw_intervals, in_rows, notes_of, rows_of
from gxstats.plot.lettering import width_of
from gxstats.plot.notes import metric_breaks, metric_rows, title_of
from gxstats.plot.page import Page, page
from gxstats.plot.rows import arrange, name_rows
from gxstats.plot.style import COLOURS
from gxstats.plot.wording import Lang, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def forest(frame: pd.DataFrame, lang: Lang = "zh", ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw a share or a rate with interval, numerator and denominator in figures.

    The area of a square is proportional to the denominator, so that what rests on little looks small.

    Args:
        frame: what ``gx.metric`` returns for a share or a rate, of one part.
        lang: language of the words; agencies keep their names.
        ax: axes to draw on, new ones by default.

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: this is no metric frame, no share or rate, it has several parts, or no value.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> figure, axes = forest(metric(gx.load_published()[7:9], "review_correction_rate"), "en")
        >>> [text.get_text() for text in axes.texts if "/" in text.get_text()]
        ['events/n', '17/414', '18/134']
    """
    metric_rows(frame, ("share", "rate"))
    table = in_rows(frame, lang)
    with page(ax, lang) as sheet:
        # A row above the first one is for the heads of the figures.
        places = arrange(rows_of(table), sheet, metric_breaks(table))
        size = name_rows(places, sheet)
        draw_intervals(sheet, table, places.at, marks=False)
        _squares(sheet, table, places.at)
        sheet.axes.set_ylim(places.height, -1.3)
        if sheet.own:
            sheet.body += 1.3 * places.unit
        _figures(sheet, table, places.at, size * 0.85)
        sheet.title = say("forest.title", lang, metric=title_of(table, lang))
        sheet.notes = [*notes_of(table, lang, bool(places.lines)), say("forest.size", lang)]
    return sheet.figure, sheet.axes


def _squares(sheet: Page, table: pd.DataFrame, at: list[float]) -> None:
    largest = table["denominator"].max()
    area = (table["denominator"] / largest).fillna(0).astype(float) * sheet.look.text**2
    marks = sheet.axes.scatter(
        table["value"], at, s=area.clip(lower=2), marker="s", color=COLOURS[0], clip_on=False
    )
    marks.set_zorder(3)
    # A square at 0 reaches over the axis: the names beside it make room.
    sheet.axes.tick_params(axis="y", pad=sheet.look.text / 2 + 1)


def _figures(sheet: Page, table: pd.DataFrame, at: list[float], size: float) -> None:
    """Numerator, denominator, value and interval in figures, in two columns right of the axes."""
    digits = 1 if table["value"].max() >= 1 else 2
    counts, values = [say("forest.events", sheet.lang)], [say("forest.value", sheet.lang)]
    for above, below, value, low, high in table[
        ["numerator", "denominator", "value", "low", "high"]
    ].itertuples(index=False):
        counts.append("—" if pd.isna(below) else f"{above:,}/{below:,}")
        span = "" if pd.isna(low) else f" ({low:.{digits}f}–{high:.{digits}f})"
        values.append("—" if pd.isna(value) else f"{value:.{digits}f}{span}")
    first = max(width_of(text, size) for text in counts) + size * 0.8
    second = first + max(width_of(text, size) for text in values) + size * 0.8
    for right, texts in ((first, counts), (second, values)):
        for y, text in zip([-0.65, *at], texts, strict=True):
            sheet.axes.annotate(
                text,
                (1, y),
                xycoords=sheet.axes.get_yaxis_transform(),
                xytext=(right, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=size,
                annotation_clip=False,
            )
