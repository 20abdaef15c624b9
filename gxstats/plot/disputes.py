"""Reviews and lawsuits about disclosure, by procedure and result."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from gxstats.analysis.groups import transcribed
from gxstats.dataset.tidy import Source, joined
from gxstats.errors import NotComparable, UnknownField
from gxstats.plot.lettering import width_of, wrap
from gxstats.plot.notes import (
    Coverage,
    body_columns,
    body_names,
    breaks_in,
    known_bodies,
    mixed_scopes,
    standard_notes,
)
from gxstats.plot.page import Page, page
from gxstats.plot.rows import Row, Rows, arrange, name_rows
from gxstats.plot.style import GREY
from gxstats.plot.wording import Lang, listed, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PROCEDURES = ("review", "litigation_direct", "litigation_after_review")
_RESULTS = {
    "upheld": ("#0072B2", ""),
    "corrected": ("#D55E00", "////"),
    "other": ("#9AD0F5", "...."),
    "pending": ("#FFFFFF", ""),
}


class _Counts(NamedTuple):
    rows: list[Row]
    numbers: list[dict[tuple[str, str], int]]
    """(procedure, result or total) -> number, for each row; what is not known is not there."""
    coverage: Coverage
    mixed: bool


def disputes(source: Source, lang: Lang = "zh", ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw reviews and lawsuits of each agency and year: three blocks of bars, parts by result (section 四).

    All blocks have one scale. The printed total stands behind each bar; where the results do not add up
    to it, the row is marked; where a result is not known, the bar is the total, undivided.

    Args:
        source: a tidy frame (:func:`gxstats.tidy`) or :class:`gxstats.Reports`.
        lang: language of the words; agencies keep their names.
        ax: axes to draw on, new ones by default.

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: no report with agency and year has the table.
        NotComparable: an agency and year has more than one report.

    Example:
        >>> import gxstats as gx
        >>> figure, axes = disputes(gx.load_published()[7:9], "en")
        >>> [int(bar.get_width()) for bar in axes.containers[0]]
        [309, 88]
    """
    counts = _counts(joined(source), lang)
    breaks = breaks_in(["disputes"], [row.year for row in counts.rows])
    with page(ax, lang) as sheet:
        rows = arrange(counts.rows, sheet, breaks)
        size = name_rows(rows, sheet)
        off = _bars(sheet, rows, counts, size)
        sheet.title = say("disputes.title", lang)
        sheet.notes = standard_notes(counts.coverage, lang, breaks if rows.lines else ())
        if off:
            sheet.notes.append(say("disputes.sums", lang, who=listed(off, lang)))
        if any((p, "total") not in numbers for numbers in counts.numbers for p in PROCEDURES):
            sheet.notes.append(say("disputes.unknown", lang))
        if counts.mixed:
            sheet.notes.append(say("scopes", lang))
    return sheet.figure, sheet.axes


def _counts(facts: pd.DataFrame, lang: Lang) -> _Counts:
    known, left_out = known_bodies(facts)
    cells = known[known["section"] == "disputes"]
    if cells.empty:
        raise UnknownField(
            "no report has a table of reviews and lawsuits", hint="the issues of the reports say why"
        )
    left_out["why.section"] = known["document_id"].nunique() - cells["document_id"].nunique()
    columns = [*body_columns(known), *(["scope"] if "scope" in known.columns else [])]
    who = cells.drop_duplicates("document_id")[["document_id", *columns, "year"]]
    who = who.sort_values([*columns, "year"], kind="stable").reset_index(drop=True)
    if who.duplicated([*columns, "year"]).any():
        twice = who[who.duplicated([*columns, "year"])].iloc[0]
        raise NotComparable(
            f"{twice['agency']} has more than one report for {twice['year']}",
            hint="keep one document of each report",
        )
    found: dict[str, dict[tuple[str, str], int]] = {document: {} for document in who["document_id"]}
    implied = 0
    for document, item, measure, value, proved in cells[
        ["document_id", "item", "measure", "value", "implied"]
    ].itertuples(index=False):
        number = proved if pd.isna(value) else value
        if item in PROCEDURES and not pd.isna(number):
            found[document][item, measure] = int(number)
            implied += bool(pd.isna(value))
    who.attrs = {}
    names = body_names(who, lang)
    rows = [Row(name, int(year)) for name, year in zip(names, who["year"], strict=True)]
    coverage = Coverage(len(set(names)), len(who), implied, +Counter(left_out), transcribed(cells))
    return _Counts(rows, [found[d] for d in who["document_id"]], coverage, mixed_scopes(who))


def _bars(sheet: Page, rows: Rows, counts: _Counts, size: float) -> list[str]:
    """The three blocks; returns the rows whose results do not add up."""
    axes = sheet.axes
    longest = max((_length(numbers, p) for numbers in counts.numbers for p in PROCEDURES), default=0) or 1
    step = longest * _block(sheet, counts, size)
    off: list[str] = []
    handles: dict[str, Any] = {}
    for block, procedure in enumerate(PROCEDURES):
        start = block * step
        left = [start] * len(rows.at)
        for result, (colour, hatch) in _RESULTS.items():
            widths = [_parts(numbers, procedure).get(result, 0) for numbers in counts.numbers]
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "linewidth": 0.5}
            look["edgecolor"] = GREY if result == "pending" else "white"
            bars = axes.barh(rows.at, widths, left=left, height=0.74, **look)
            left = [begin + wide for begin, wide in zip(left, widths, strict=True)]
            handles.setdefault(result, bars)
        for row, (y, numbers) in enumerate(zip(rows.at, counts.numbers, strict=True)):
            mark = _total(sheet, numbers, procedure, start, y, size * 0.8)
            if mark:
                off.append(f"{counts.rows[row].body} {counts.rows[row].year} {say(procedure, sheet.lang)}")
        for y in rows.at:
            axes.plot([start, start], [y - 0.5, y + 0.5], color="black", linewidth=0.6)
    for result, bars in handles.items():
        bars.set_label(say("disputes.other" if result == "other" else result, sheet.lang))
    sheet.legend = list(handles.values())
    _axis(sheet, longest, step, size)
    return off


def _block(sheet: Page, counts: _Counts, size: float) -> float:
    """Width of a block of bars in longest bars: behind them there is room for the widest total."""
    totals = [f"{n:,} †" for numbers in counts.numbers for (_, what), n in numbers.items() if what == "total"]
    behind = max((width_of(total, size * 0.8) for total in totals), default=0.0) + 6
    whole = (sheet.width - 3.5 * size) / len(PROCEDURES)
    return whole / max(whole - behind, size)


def _parts(numbers: dict[tuple[str, str], int], procedure: str) -> dict[str, int]:
    """The number of each result; nothing if one of them is not known."""
    parts = {result: numbers[procedure, result] for result in _RESULTS if (procedure, result) in numbers}
    return parts if len(parts) == len(_RESULTS) else {}


def _length(numbers: dict[tuple[str, str], int], procedure: str) -> int:
    return max(sum(_parts(numbers, procedure).values()), numbers.get((procedure, "total"), 0))


def _total(
    sheet: Page, numbers: dict[tuple[str, str], int], procedure: str, start: float, y: float, size: float
) -> bool:
    """Write the printed total behind the bar; says whether the results miss it."""
    parts, total = _parts(numbers, procedure), numbers.get((procedure, "total"))
    if not parts and total:
        sheet.axes.barh([y], [total], left=[start], height=0.74, color="#EEEEEE", edgecolor=GREY, hatch="xx")
    misses = bool(parts) and total is not None and sum(parts.values()) != total
    text = "?" if total is None else f"{total:,}" + " †" * misses
    end = start + _length(numbers, procedure)
    sheet.axes.annotate(
        text, (end, y), xytext=(2, 0), textcoords="offset points", va="center", fontsize=size, color="black"
    )
    return misses


def _axis(sheet: Page, longest: int, step: float, size: float) -> None:
    """A scale from 0 for each block, its procedure above it."""
    from matplotlib.ticker import MaxNLocator

    axes = sheet.axes
    shown = [t for t in MaxNLocator(2, integer=True).tick_values(0, longest) if 0 <= t <= longest]
    ticks = [(block * step + tick, tick) for block in range(len(PROCEDURES)) for tick in shown]
    axes.set_xticks([at for at, _ in ticks], [f"{tick:,.0f}" for _, tick in ticks], fontsize=size * 0.85)
    axes.set_xlim(0, len(PROCEDURES) * step)
    axes.spines["left"].set_visible(False)
    room = (sheet.width - 4 * size) / 3.2
    heads = ["\n".join(wrap(say(p, sheet.lang), room, size * 0.9)) for p in PROCEDURES]
    tall = max(head.count("\n") for head in heads) + 1
    bottom = axes.get_ylim()[0]
    axes.set_ylim(bottom, -tall * 0.95 - 0.25)
    if sheet.own:
        sheet.body += (tall * 0.95 + 0.25) * size * 1.5
    for block, head in enumerate(heads):
        axes.text(block * step, -0.2, head, va="bottom", fontsize=size * 0.9, color="#333333")
    axes.set_xlabel(say("disputes.axis", sheet.lang), fontsize=sheet.look.text)
