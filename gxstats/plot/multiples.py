"""One metric over the years, a small panel for each body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from gxstats.errors import NotComparable, UnknownField
from gxstats.plot.dots import axis_label, in_rows, notes_of
from gxstats.plot.lettering import shorten, width_of
from gxstats.plot.notes import metric_breaks, title_of
from gxstats.plot.page import Page, page
from gxstats.plot.style import COLOURS, GREY
from gxstats.plot.wording import Lang, say
from gxstats.schema.breaks import Break

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LETTERS, _MOST = 14, 6
"""Width of a panel in letters, at least; panels beside one another, at most."""


def multiples(
    frame: pd.DataFrame, lang: Lang = "zh", ax: Axes | None = None, *, own_scale: bool = False
) -> tuple[Figure, Axes]:
    """Draw a metric over the years in a panel for each body, all on one scale.

    Values are joined only between consecutive years, and never across a break over which the metric
    means something else or is only nearly the same.

    Args:
        frame: what ``gx.metric`` returns by body and year, of one part.
        lang: language of the words; agencies keep their names.
        ax: axes to divide into panels, new ones by default.
        own_scale: give each panel a scale of its own.

    Returns:
        The figure and the axes that hold the panels, which are its ``child_axes``.

    Raises:
        UnknownField: this is no metric frame, it has several parts, no years or no value.
        NotComparable: a body has several values for one year.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> figure, axes = multiples(metric(gx.load_published(), "disclosure_rate"), "en")
        >>> len(axes.child_axes)
        6
    """
    table = _by_year(frame, lang)
    breaks = metric_breaks(table)
    names = list(dict.fromkeys(table["name"]))
    with page(ax, lang) as sheet:
        across, heads = _heads(sheet, names)
        sheet.axes.set_axis_off()
        sheet.title = say("multiples.title", lang, metric=title_of(table, lang))
        sheet.notes = [*notes_of(table, lang, bool(breaks), shaded=True), *_notes(table, lang, own_scale)]
        limits = None if own_scale else _limits(table)
        groups = [table[table["name"] == name] for name in names]
        sheet.later.append(lambda: _panels(sheet, groups, heads, across, breaks, limits))
    return sheet.figure, sheet.axes


def _by_year(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The rows of known years, one for each body and year."""
    table = in_rows(frame, lang)
    if "year" not in table.columns:
        raise UnknownField("the frame has no column year", hint='compute it with by=("agency", "year")')
    table = table.dropna(subset=["year"])
    if table.duplicated(["name", "year"]).any():
        raise NotComparable("a body has several values for one year", hint="draw them with dots instead")
    return table


def _heads(sheet: Page, names: Sequence[str]) -> tuple[int, list[str]]:
    """How many panels stand beside one another, and the name above each; the page gets its height."""
    size = sheet.look.text * 0.9
    across = max(1, min(_MOST, len(names), int(sheet.width // (_LETTERS * size))))
    heads = [shorten(name, sheet.width / across * 0.82, size, 2) for name in names]
    pairs = zip(heads, names, strict=True)
    sheet.short |= {head.replace("\n", ""): name for head, name in pairs if "…" in head}
    sheet.body = -(-len(names) // across) * 9.5 * sheet.look.text + 2 * sheet.look.text
    return across, heads


def _notes(table: pd.DataFrame, lang: Lang, own_scale: bool) -> list[str]:
    unit = axis_label(table, lang) + ("。" if lang == "zh" else ". ")
    found = [
        unit[:1].upper() + unit[1:] + say("multiples.own_scale" if own_scale else "multiples.scale", lang)
    ]
    return [*found, say("multiples.near", lang)] if _cuts(table, metric_breaks(table)) else found


def _cuts(table: pd.DataFrame, breaks: Sequence[Break]) -> list[int]:
    """The years before which no line is drawn on."""
    near = any(warning["name"] == "near" for warning in table.attrs["warnings"])
    return [each.year for each in breaks if near or each.year in table.attrs["breaks"]]


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    low = min(0.0, float(table[["value", "low"]].min().min()))
    high = float(table[["value", "high"]].max().max())
    return low, low + (high - low) * 1.06 or 1.0


def _panels(
    sheet: Page,
    groups: Sequence[pd.DataFrame],
    heads: Sequence[str],
    across: int,
    breaks: Sequence[Break],
    limits: tuple[float, float] | None,
) -> None:
    """Divide the axes, whose size is known by now, so that the labels of all panels stay inside."""
    whole = sheet.axes.get_window_extent()
    scale = 72 / sheet.figure.dpi
    width, height, size = whole.width * scale, whole.height * scale, sheet.look.text * 0.9
    widest = max(limit for group in groups for limit in _limits(group))
    left = width_of(f"{widest:,.0f}00", size * 0.85) + 6
    head = size * 1.35 * max(text.count("\n") + 1 for text in heads) + 3
    foot, down = size * 1.9, -(-len(groups) // across)
    years = [int(year) for group in groups for year in group["year"]]
    wide, tall = width / across, (height - 2) / down
    for number, (group, text) in enumerate(zip(groups, heads, strict=True)):
        row, column = divmod(number, across)
        x, y = column * wide + left, height - (row + 1) * tall + foot
        bounds = (x / width, y / height, (wide - left - size) / width, (tall - head - foot) / height)
        panel = sheet.axes.inset_axes(bounds)
        panel.set_title(text, fontsize=size, loc="left", pad=2, x=-left / (wide - left - size) * 0.6)
        _draw(panel, group, _cuts(group, breaks), sheet.look.line)
        panel.set_ylim(*(limits or _limits(group)))
        _ticks(panel, min(years), max(years), size, wide - left - size)
        for each in breaks:
            panel.axvline(each.year - 0.5, color=GREY, linewidth=0.8, linestyle=(0, (2, 3)))


def _draw(panel: Axes, group: pd.DataFrame, cuts: Sequence[int], line: float) -> None:
    """Stretches of consecutive years as lines over their intervals, every value as a point."""
    known = group.dropna(subset=["value"])
    years = known["year"].astype(int)
    apart = years.diff().ne(1)
    for cut in cuts:
        apart |= years.ge(cut) & years.shift().lt(cut)
    colour: Any = COLOURS[0]
    for _, stretch in known.groupby(apart.cumsum()):
        at = stretch["year"].astype(int)
        panel.plot(at, stretch["value"], color=colour, linewidth=line, marker="o", markersize=line * 2.2)
        bounds = stretch.dropna(subset=["low", "high"])
        where = bounds["year"].astype(int)
        if len(bounds) == 1:
            panel.vlines(where, bounds["low"], bounds["high"], color=colour, linewidth=line * 2.5, alpha=0.3)
        panel.fill_between(where, bounds["low"], bounds["high"], color=colour, alpha=0.22, linewidth=0)


def _ticks(panel: Axes, first: int, last: int, size: float, width: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    panel.set_xlim(first - 0.6, last + 0.6)
    room = width_of("2024 ", size * 0.85) * 1.2
    step = max(1, -(-(last - first) // max(1, int(width // room) - 1)))
    panel.set_xticks(range(first, last + 1, step))
    panel.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,g}"))
    panel.tick_params(labelsize=size * 0.85, length=2, pad=1.5)
