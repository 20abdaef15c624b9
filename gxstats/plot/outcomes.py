"""What became of applications: the composition of outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from gxstats.analysis import metric
from gxstats.dataset.tidy import Source, joined
from gxstats.plot.notes import (
    Coverage,
    body_columns,
    body_names,
    breaks_in,
    coverage_of,
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

_PARTS = {
    "granted": ("full_disclosure_rate", "#0072B2", ""),
    "granted_in_part": ("partial_disclosure_rate", "#9AD0F5", "////"),
    "refused": ("refusal_rate", "#7F2A00", ""),
    "unable": ("unable_rate", "#F0B040", "...."),
    "not_processed": ("not_processed_rate", "#7A5195", "\\\\\\\\"),
    "other": ("other_rate", "#E4E4E4", ""),
}
"""Outcome -> its metric, colour and hatch: the colours differ in lightness too, neighbours most."""
_DARK = {"granted", "refused", "not_processed"}


class _Shares(NamedTuple):
    """One row per body and year: name, share of each outcome (NaN if not known), sum of parts and total."""

    rows: list[Row]
    shares: pd.DataFrame
    totals: list[tuple[int, int]]
    coverage: Coverage
    warnings: list[dict[str, str]]
    mixed: bool
    nothing: list[bool]
    """Whether a row has no outcomes at all, so that there is nothing to take shares of."""


def outcomes(source: Source, lang: Lang = "zh", ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw what became of the applications of each agency and year, as parts of 100 %.

    The order is that of the form: granted, granted in part, refused, unable to provide, not processed,
    other. The last four are sums that the form does not print. Shares are of the printed total
    (section 三, 总计): where a report's parts do not add up to it, its bar misses 100 % and is marked.

    Args:
        source: a tidy frame (:func:`gxstats.tidy`) or :class:`gxstats.Reports`.
        lang: language of the words; agencies keep their names.
        ax: axes to draw on, new ones by default.

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: no report with agency and year is there.
        NotComparable: an agency and year has more than one report.

    Example:
        >>> import gxstats as gx
        >>> figure, axes = outcomes(gx.load_published()[7:9], "en")
        >>> [round(float(bar.get_width()), 1) for bar in axes.containers[0]]
        [34.2, 40.6]
    """
    shares = _shares(joined(source), lang)
    breaks = breaks_in(["applications"], [row.year for row in shares.rows])
    with page(ax, lang) as sheet:
        rows = arrange(shares.rows, sheet, breaks)
        size = name_rows(rows, sheet)
        _bars(sheet, rows, shares, size)
        sheet.title = say("outcomes.title", lang)
        sheet.notes = standard_notes(shares.coverage, lang, breaks if rows.lines else (), shares.warnings)
        if shares.mixed:
            sheet.notes.append(say("scopes", lang))
        off = _off_by(shares)
        if off:
            sheet.notes.append(say("outcomes.sums", lang, who=listed(off.values(), lang)))
        _mark(sheet, rows, off)
    return sheet.figure, sheet.axes


def _shares(facts: pd.DataFrame, lang: Lang) -> _Shares:
    known, left_out = known_bodies(facts)
    by = (*body_columns(known), "year")
    columns: dict[str, pd.Series] = {}
    counts: dict[str, pd.Series] = {}
    warnings: dict[str, dict[str, str]] = {}
    first = worst = pd.DataFrame()
    for outcome, (name, _, _) in _PARTS.items():
        frame = metric(known, name, by)
        frame = frame[frame["part"].isin([name, outcome])].reset_index(drop=True)
        columns[outcome] = frame["value"] * 100
        counts[outcome] = frame["numerator"]
        warnings |= {w["name"] + w["en"]: w for w in frame.attrs["warnings"]}
        if first.empty:
            first, worst = frame, frame.copy()
        # A report counts as used where all its parts are known; the first that is not says why.
        lacking = frame["n_reports"].lt(worst["n_reports"])
        worst.loc[lacking, ["n_reports", "excluded"]] = frame.loc[lacking, ["n_reports", "excluded"]]
    names = body_names(first, lang)
    rows = [Row(name, int(year)) for name, year in zip(names, first["year"], strict=True)]
    coverage = coverage_of(worst, names, left_out)._replace(implied=_implied(known))
    parts = pd.DataFrame(counts).sum(axis=1, skipna=False)
    totals = [
        (0, 0) if pd.isna(part) or pd.isna(total) else (int(part), int(total))
        for part, total in zip(parts, first["denominator"], strict=True)
    ]
    nothing = first["denominator"].eq(0).fillna(False).tolist()
    shares, told = pd.DataFrame(columns), list(warnings.values())
    return _Shares(rows, shares, totals, coverage, told, mixed_scopes(first), nothing)


def _mark(sheet: Page, rows: Rows, off: dict[int, str]) -> None:
    for number in off:
        rows.labels[number] += " †"
    sheet.axes.set_yticklabels(rows.labels)


def _implied(known: pd.DataFrame) -> int:
    """Cells of outcomes that are proved: each is counted once, though many shares rest on the total."""
    item = known["item"].astype("string")
    outcome = item.str.split(".").str[0].isin([*_PARTS, "outcome_total"])
    here = (known["section"] == "applications") & (known["measure"] == "total") & outcome
    return int((here & known["value"].isna() & known["implied"].notna()).sum())


def _off_by(shares: _Shares) -> dict[int, str]:
    """The rows whose parts do not add up to the total: number -> who and by how much."""
    return {
        number: f"{shares.rows[number].body} {shares.rows[number].year} ({parts:,} ≠ {total:,})"
        for number, (parts, total) in enumerate(shares.totals)
        if parts != total
    }


def _bars(sheet: Page, rows: Rows, shares: _Shares, size: float) -> None:
    axes = sheet.axes
    complete = shares.shares.notna().all(axis=1)
    left = pd.Series(0.0, index=shares.shares.index)
    handles: list[Any] = []
    for outcome, (_, colour, hatch) in _PARTS.items():
        # A bar with a part missing would put all that follow in the wrong place.
        widths = shares.shares[outcome].where(complete, 0.0)
        style: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.5}
        bars = axes.barh(rows.at, widths, left=left, height=0.78, label=say(outcome, sheet.lang), **style)
        handles.append(bars)
        for bar, width in zip(bars, widths, strict=True):
            if width > 0:
                _write(sheet, bar, f"{width:.0f}", colour, outcome in _DARK, size * 0.85)
        left += widths
    for y, known, nothing in zip(rows.at, complete, shares.nothing, strict=True):
        if not known:
            text = say("outcomes.none" if nothing else "unknown", sheet.lang)
            axes.text(1, y, text, va="center", fontsize=size * 0.85, color=GREY)
    axes.set_xlim(0, max(100.0, float(left.max())))
    axes.axvline(100, color="black", linewidth=0.6)
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel(say("outcomes.axis", sheet.lang), fontsize=sheet.look.text)
    sheet.legend = handles


def _write(sheet: Page, bar: Any, text: str, colour: str, dark: bool, size: float) -> None:
    """The figure in its bar; the hatch is kept off it."""
    middle = (bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height() / 2)
    box = {"facecolor": colour, "edgecolor": "none", "pad": 0.6}
    written = sheet.axes.text(
        *middle,
        text,
        ha="center",
        va="center",
        fontsize=size,
        color="white" if dark else "black",
        bbox=box,
    )
    # Inside its bar it needs no room of its own, and laying out is quicker without it.
    written.set_in_layout(False)
    sheet.fits.append((written, bar))
