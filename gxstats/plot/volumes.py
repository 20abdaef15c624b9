"""Applications received, by year and agency."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from gxstats.analysis.groups import transcribed
from gxstats.display.words import Lang, word
from gxstats.errors import UnknownField
from gxstats.plot.lettering import width_of
from gxstats.plot.notes import source_line
from gxstats.plot.page import Page, page
from gxstats.plot.placing import place_beside
from gxstats.plot.style import COLOURS, MARKERS
from gxstats.plot.wording import listed, say
from gxstats.schema.breaks import Break, series_breaks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FIELD = {"section": "applications", "item": "received", "measure": "total"}
_NEEDED = ("agency", "year", *_FIELD, "value", "implied", "verdict")
_READ = ["agency", "year", "value", "implied", "verdict"]
_MANY = 40
"""Points beyond which figures beside them would only cover each other."""
_CROWD = 2 * len(COLOURS)
"""Lines beyond which nobody tells them apart: the largest have colours, the others are thin and grey."""
_SPREAD = 30
"""From this ratio of the largest to the smallest figure on, the scale is logarithmic."""


class Line(NamedTuple):
    """How a line is drawn: ``thin`` multiplies its width, ``order`` puts it before or behind others."""

    colour: str
    marker: str
    thin: float
    order: float


class Point(NamedTuple):
    """One figure: the year, the number (None if none was read), whether it is implied, and confirmed."""

    year: int
    number: int | None
    implied: bool
    confirmed: bool


def volumes(tidy: pd.DataFrame, lang: Lang = "zh", ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the applications each agency received in each year (section 三, item 一, 总计).

    A printed figure is a full point; where the cell prints nothing but the form's sums prove a
    figure, the point is hollow. Years without a figure are gaps, and named below the axes.

    Args:
        tidy: facts with the columns ``agency`` and ``year``, as :meth:`gxstats.Reports.tidy` gives.
        lang: language of the labels; agencies keep their names.
        ax: axes to draw on, new ones by default.

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: a column is missing, or the table holds no such fact.

    Example:
        >>> from gxstats import read_reports
        >>> from gxstats.paths import data_path
        >>> reports = read_reports(data_path("sample", "pingtan-2019.html"))
        >>> figure, axes = volumes(reports.tidy(warn=False), "en")
        >>> axes.get_ylabel()
        'applications'
    """
    series, left_out = _series(tidy)
    with page(ax, lang) as sheet:
        sheet.body = sheet.width * (0.5 if sheet.width > 300 else 0.8)
        for number, (agency, points) in enumerate(series.items()):
            _draw(sheet, agency, points, _line_of(number, len(series)))
        if len(series) > _CROWD:
            sheet.legend[-1].set_label(say("volumes.rest", lang, n=len(series) - len(COLOURS)))
        _scale(sheet, series)
        for each in _breaks(series):
            sheet.axes.axvline(each.year - 0.5, color="#777777", linewidth=1, linestyle=(0, (2, 3)))
        sheet.title = word("volumes.title", lang)
        sheet.notes = _notes(series, left_out, transcribed(tidy), lang)
        sheet.later.append(lambda: _numbers(sheet, series))
    return sheet.figure, sheet.axes


def _series(tidy: pd.DataFrame) -> tuple[dict[str, list[Point]], int]:
    """The points of each agency by year, the largest agency first; how many rows name no agency or year."""
    missing = [name for name in _NEEDED if name not in tidy.columns]
    if missing:
        raise UnknownField(f"the table has no column {missing[0]!r}", hint="pass reports.tidy()")
    rows = tidy.loc[(tidy[list(_FIELD)] == pd.Series(_FIELD)).all(axis=1), list(_NEEDED)]
    known = rows.dropna(subset=["agency", "year"])
    if known.empty:
        raise UnknownField(
            "no report says how many applications it received", hint="see the issues of the reports"
        )
    found: dict[str, list[Point]] = {}
    for agency, year, value, implied, verdict in known[_READ].itertuples(index=False):
        printed = not pd.isna(value)
        number = int(value) if printed else None if pd.isna(implied) else int(implied)
        point = Point(int(year), number, number is not None and not printed, verdict == "confirmed")
        points = found.setdefault(str(agency), [])
        # The same report twice, from two files, is one point.
        if point not in points:
            points.append(point)
    largest_first = sorted(found, key=lambda agency: (-_top(found[agency]), agency))
    series = {agency: sorted(found[agency], key=lambda p: p.year) for agency in largest_first}
    return series, len(rows) - len(known)


def _top(points: Iterable[Point]) -> int:
    return max((p.number for p in points if p.number is not None), default=0)


def _line_of(number: int, count: int) -> Line:
    """How the line of an agency looks; in a crowd only the largest are told apart."""
    if count > _CROWD and number >= len(COLOURS):
        return Line("#B5B5B5", "o", 0.45, 1.8)
    marker = MARKERS[(number + number // len(COLOURS)) % len(MARKERS)]
    return Line(COLOURS[number % len(COLOURS)], marker, 1.0, 2.0)


def _draw(sheet: Page, agency: str, points: Sequence[Point], look: Line) -> None:
    """The line of one agency: broken where a year is missing or has more than one figure."""
    ax, colour, marker = sheet.axes, look.colour, look.marker
    line, size = sheet.look.line * look.thin, sheet.look.text * 0.6 * look.thin
    seen = [(p.year, p.number, p.implied) for p in points if p.number is not None]
    each = Counter(year for year, _, _ in seen)
    single = {year: float(number) for year, number, _ in seen if each[year] == 1}
    if single:
        span = range(min(single), max(single) + 1)
        ax.plot(
            span,
            [single.get(year, math.nan) for year in span],
            color=colour,
            linewidth=line,
            zorder=look.order,
        )
    for implied in (False, True):
        chosen = [(year, number) for year, number, proved in seen if proved is implied]
        years, numbers = [year for year, _ in chosen], [number for _, number in chosen]
        face = "white" if implied else colour
        dots: dict[str, Any] = {"linestyle": "", "marker": marker, "markersize": size, "color": colour}
        ax.plot(years, numbers, markerfacecolor=face, zorder=look.order, **dots)
    if look.thin < 1 and sheet.legend[-1].get_color() == colour:
        return  # one entry stands for all of them
    sheet.legend = [
        *sheet.legend,
        *ax.plot([], [], color=colour, marker=marker, markersize=size, linewidth=line, label=agency),
    ]


def _scale(sheet: Page, series: Mapping[str, Sequence[Point]]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

    ax = sheet.axes
    numbers = [p.number for points in series.values() for p in points if p.number is not None]
    years = [p.year for points in series.values() for p in points]
    wide = bool(numbers) and min(numbers) > 0 and max(numbers) >= _SPREAD * min(numbers)
    if wide:
        ax.set_yscale("log")
        ax.set_ylim(min(numbers) / 2, max(numbers) * 2)
        ax.yaxis.set_minor_formatter(NullFormatter())
    else:
        ax.set_ylim(0, max(numbers, default=1) * 1.15 or 1)
        ax.yaxis.set_major_locator(MaxNLocator(7, integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
    ax.set_ylabel(word("volumes.log" if wide else "volumes.count", sheet.lang))
    ax.set_xlim(min(years) - 0.5, max(years) + 0.5)
    room = (sheet.width - 6 * sheet.look.text) / width_of("2024 ", sheet.look.text)
    ax.set_xticks(range(min(years), max(years) + 1, max(1, math.ceil((max(years) - min(years) + 1) / room))))
    ax.tick_params(length=3)
    ax.grid(visible=True, axis="y")


def _numbers(sheet: Page, series: Mapping[str, Sequence[Point]]) -> None:
    """Write each figure beside its point, where there is room for all of them to be told apart."""
    drawn = {(float(p.year), p.number) for points in series.values() for p in points if p.number is not None}
    if len(drawn) > _MANY:
        return
    points = [(year, float(number)) for year, number in sorted(drawn)]
    words = [f"{number:,.0f}" for _, number in points]
    place_beside(sheet.axes, points, words, points, size=sheet.look.text * 0.8, colour="#333333")


def _breaks(series: Mapping[str, Sequence[Point]]) -> list[Break]:
    """The breaks of the series that lie between the years shown."""
    years = {p.year for points in series.values() for p in points}
    return [b for b in series_breaks(_FIELD["section"]) if min(years) < b.year <= max(years)]


def _notes(series: Mapping[str, Sequence[Point]], left_out: int, by_hand: str, lang: Lang) -> list[str]:
    """The source line, and what a reader must know of the points."""
    points = [(agency, p) for agency, each in series.items() for p in each]
    figures = [(agency, p) for agency, p in points if p.number is not None]
    times = Counter((agency, p.year) for agency, p in figures)
    named = {
        "unconfirmed": [f"{agency} {p.year}" for agency, p in figures if not p.confirmed],
        "missing": [f"{agency} {p.year}" for agency, p in points if p.number is None],
        "double": [f"{agency} {year}" for (agency, year), number in times.items() if number > 1],
    }
    reports = len({(agency, p.year) for agency, p in points})
    notes = [source_line(len(series), reports, by_hand, lang)]
    if implied := sum(p.implied for _, p in points):
        notes.append(word("volumes.implied", lang).format(n=implied))
    notes += [word(f"volumes.{key}", lang).format(who=listed(who, lang)) for key, who in named.items() if who]
    for each in _breaks(series):
        notes.append(word("volumes.break", lang).format(year=each.year, why=getattr(each, lang)))
    if left_out:
        notes.append(word("volumes.left_out", lang).format(n=left_out))
    return notes
