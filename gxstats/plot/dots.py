"""A metric as dots with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gxstats.plot.lettering import wrap
from gxstats.plot.notes import (
    body_names,
    coverage_of,
    metric_breaks,
    metric_rows,
    mixed_scopes,
    standard_notes,
    title_of,
)
from gxstats.plot.page import Page, page
from gxstats.plot.rows import Row, arrange, name_rows
from gxstats.plot.style import COLOURS
from gxstats.plot.wording import Lang, listed, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def dots(frame: pd.DataFrame, lang: Lang = "zh", ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw a metric: a dot per row, with its interval, below the name of the body.

    Rows are not ranked: they stand in the order of the frame, and years of a body together.

    Args:
        frame: what ``gx.metric`` returns, of one part.
        lang: language of the words; agencies keep their names.
        ax: axes to draw on, new ones by default.

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: this is no metric frame, it has several parts, or no value.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> figure, axes = dots(metric(gx.load_published()[7:9], "disclosure_rate"), "en")
        >>> [round(float(x), 1) for x in axes.lines[0].get_xdata()]
        [43.6, 54.0]
    """
    table = in_rows(frame, lang)
    breaks = metric_breaks(table)
    with page(ax, lang) as sheet:
        places = arrange(rows_of(table), sheet, breaks)
        name_rows(places, sheet)
        draw_intervals(sheet, table, places.at)
        sheet.title = title_of(table, lang)
        sheet.notes = notes_of(table, lang, bool(places.lines))
    return sheet.figure, sheet.axes


def in_rows(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The rows to draw with the ``name`` of their body, years of a body together; values as shown."""
    table = metric_rows(frame).copy()
    table["name"] = body_names(table, lang)
    order = {name: number for number, name in enumerate(dict.fromkeys(table["name"]))}
    keys = pd.DataFrame({"name": table["name"].map(order)}, index=table.index)
    if "year" in table:
        keys["year"] = table["year"]
    table = table.loc[keys.sort_values(list(keys.columns), kind="stable").index]
    for column in ("value", "low", "high"):
        table[column] = table[column] * factor(table)
    return table.reset_index(drop=True)


def factor(frame: pd.DataFrame) -> int:
    """By what values are multiplied to be shown: shares are shown in per cent."""
    return 100 if frame.attrs["kind"] in ("share", "growth") else 1


def rows_of(table: pd.DataFrame) -> list[Row]:
    """Body and year of each row."""
    years = table["year"] if "year" in table.columns else [None] * len(table)
    return [
        Row(name, None if pd.isna(year) else int(year))
        for name, year in zip(table["name"], years, strict=True)
    ]


def draw_intervals(sheet: Page, table: pd.DataFrame, at: list[float], *, marks: bool = True) -> None:
    """Intervals as bars, values as dots; the axis in the unit of the metric."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes, colour = sheet.axes, COLOURS[0]
    if marks:
        axes.plot(
            table["value"], at, "o", color=colour, markersize=sheet.look.text * 0.55, zorder=3, clip_on=False
        )
    known = table["low"].notna() & table["high"].notna()
    places = pd.Series(at)[known]
    axes.hlines(places, table["low"][known], table["high"][known], color=colour, linewidth=sheet.look.line)
    axes.grid(visible=True, axis="x")
    low = min(0.0, float(table[["value", "low"]].min().min()))
    high = float(table[["value", "high"]].max().max())
    axes.set_xlim(low - 0.02 * (high - low) * (low < 0), low + (high - low) * 1.04 or 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(5 if sheet.width > 250 else 4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,g}"))
    if low < 0:
        axes.axvline(0, color="black", linewidth=0.6)
    size = sheet.look.text
    axes.set_xlabel("\n".join(wrap(axis_label(table, sheet.lang), sheet.width * 0.6, size)), fontsize=size)


def axis_label(table: pd.DataFrame, lang: Lang) -> str:
    """What the axis of a metric counts, with its unit.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> axis_label(metric(gx.load_published(), "reviews_per_1000"), "en")
        'Reviews per 1,000 decisions'
    """
    kind, name = table.attrs["kind"], str(table.attrs[lang])
    if kind in ("share", "growth"):
        return say(kind, lang)
    if kind in ("count", "difference"):
        return say("count", lang)
    return say(f"axis.{kind}", lang, metric=name[:1].upper() + name[1:])


def notes_of(table: pd.DataFrame, lang: Lang, crossed: bool, *, shaded: bool = False) -> list[str]:
    """The notes of a figure of one metric.

    Args:
        table: of :func:`in_rows`.
        lang: language.
        crossed: whether breaks are drawn.
        shaded: whether intervals are areas, not bars.
    """
    names = table["name"].tolist()
    breaks = metric_breaks(table) if crossed else []
    notes = standard_notes(coverage_of(table, names), lang, breaks, table.attrs["warnings"])
    interval = table.attrs["interval"]
    if interval != "none":
        name = say(f"interval.{interval}", lang)
        notes.append(say("shaded" if shaded else "dots.interval", lang, level=95, name=name))
    else:
        notes.append(say("dots.none", lang))
    if caveat := table.attrs[f"caveat_{lang}"]:
        notes.append(say("caveat", lang, text=caveat))
    if mixed_scopes(table):
        notes.append(say("scopes", lang))
    silent = table["value"].isna()
    if silent.any():
        years = [f" {row.year}" if row.year else "" for row in rows_of(table)]
        who = [name + year for name, year, none in zip(names, years, silent, strict=True) if none]
        notes.append(say("no_value", lang, who=listed(who, lang)))
    return notes
