"""Values against size, with the limits that chance allows: a funnel instead of a league table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gxstats.analysis import funnel as judge
from gxstats.analysis.funnel import LIMITS
from gxstats.analysis.funnel_limits import Baseline, exact_limit, normal_limit, transformed
from gxstats.errors import NotComparable, UnknownField
from gxstats.plot.dots import axis_label, factor, in_rows, rows_of
from gxstats.plot.lettering import shorten, wrap
from gxstats.plot.notes import coverage_of, metric_breaks, metric_rows, standard_notes, title_of
from gxstats.plot.page import Page, page
from gxstats.plot.placing import place_beside
from gxstats.plot.style import COLOURS
from gxstats.plot.wording import Lang, listed, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE = 20
"""From this ratio of the largest to the smallest denominator on, the scale of sizes is logarithmic."""
_NAMED = 5
"""More points outside the limits than this are numbered, not named."""
_CHECKED = "to be checked"


def funnel(
    frame: pd.DataFrame, lang: Lang = "zh", ax: Axes | None = None, *, within: Sequence[str] | None = None
) -> tuple[Figure, Axes]:
    """Draw each row against its size, with 95 % and 99.8 % limits; what lies outside is named.

    Args:
        frame: what ``gx.metric`` returns for a share or a rate, or ``gx.funnel`` made of it, of one
            part and one set of peers.
        lang: language of the words; agencies keep their names.
        ax: axes to draw on, new ones by default.
        within: for a frame not judged yet: columns that keep peers apart, by default scope and year.

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: this is no frame of a share or rate, or no row is large enough to be judged.
        NotComparable: there is more than one set of peers, each with limits of its own.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> rates = metric(gx.load_published(), "disclosure_rate")
        >>> figure, axes = funnel(rates[rates.scope == "summary"], "en", within=[])
        >>> axes.get_xlabel()
        'denominator: all outcomes (cases)'
    """
    metric_rows(frame, ("share", "rate"))
    judged = frame if "flag" in frame.columns else judge(frame, within)
    peers = _one_set(judged)
    table = in_rows(judged, lang)
    with page(ax, lang) as sheet:
        sheet.body = sheet.width * (0.62 if sheet.width > 300 else 0.9)
        _limits(sheet, table, peers)
        _points(sheet, table)
        _scales(sheet, table)
        sheet.title = say("funnel.title", lang, metric=title_of(table, lang))
        sheet.notes = [*_base(table, lang), say("funnel.not_ranked", lang), *_how(table, lang)]
        _names(sheet, table)
    return sheet.figure, sheet.axes


def _one_set(judged: pd.DataFrame) -> dict[str, Any]:
    """The set of peers the rows belong to."""
    how = judged.attrs.get("funnel")
    if how is None:
        raise UnknownField("this frame was not judged by gx.funnel", hint="pass what gx.funnel returns")
    known: list[dict[str, Any]] = [each for each in how["peers"] if each["n"]]
    if not known:
        raise UnknownField(
            f"no denominator reaches {how['minimum']}, so no limits can be drawn",
            hint="judge with a smaller minimum, or pool years",
        )
    # Rows chosen after judging may be of one set although several were judged.
    keys = [key for key in known[0] if key in judged.columns]
    there = judged.loc[judged["centre"].notna(), keys].astype(object).drop_duplicates().to_dict("records")
    here = [each for each in known if {key: each[key] for key in keys} in there]
    if len(here) != 1:
        apart = [key for key in keys if len({str(each[key]) for each in here}) > 1]
        raise NotComparable(
            f"these rows are {len(here)} sets of peers with limits of their own ({', '.join(apart)})",
            hint=f"choose one {' and one '.join(apart)}, or say within=",
        )
    return here[0]


def _limits(sheet: Page, table: pd.DataFrame, peers: dict[str, Any]) -> None:
    axes, how, scale = sheet.axes, table.attrs["funnel"], table.attrs["scale"] * factor(table)
    sizes = table.loc[table["denominator"] > 0, "denominator"].astype(float)
    grid = np.geomspace(max(sizes.min() * 0.8, 1), sizes.max() * 1.15, 300)
    if how["model"] == "binomial":
        grid = np.unique(np.rint(grid))  # there is no distribution of half a trial
    base = Baseline(how["model"], peers["target"], grid)
    handles: list[Any] = []
    looks = {"95": ((0, (4, 2)), COLOURS[0]), "998": ("-", COLOURS[1])}
    for name, (dashes, colour) in looks.items():
        for tail in ((1 - LIMITS[name]) / 2, (1 + LIMITS[name]) / 2):
            if how["overdispersion"] == "none":
                limit = exact_limit(base, tail)
            else:
                spread = transformed(base, np.zeros(len(grid)))[2]
                tau2 = peers["tau2"] if how["overdispersion"] == "additive" else 0.0
                limit = normal_limit(base, tail, np.sqrt(peers["phi_used"] * spread**2 + tau2))
            (line,) = axes.plot(grid, limit * scale, color=colour, linestyle=dashes, linewidth=1)
        line.set_label(say(f"funnel.{name}", sheet.lang))
        handles.append(line)
    centre = axes.axhline(peers["target"] * scale, color="black", linewidth=0.8)
    centre.set_label(say("funnel.centre", sheet.lang))
    axes.set_xlim(grid[0], grid[-1])
    sheet.legend = [centre, *handles]


def _points(sheet: Page, table: pd.DataFrame) -> None:
    looks = {
        "within limits": ("o", "#666666", 0.5, "funnel.within"),
        _CHECKED: ("D", COLOURS[1], 0.62, "funnel.checked"),
        "insufficient": ("o", "white", 0.35, ""),
    }
    for flag, (marker, colour, size, key) in looks.items():
        rows = table[table["flag"].eq(flag) & table["value"].notna()]
        look: dict[str, Any] = {"linestyle": "", "marker": marker, "color": colour, "zorder": 3}
        look |= {"markersize": sheet.look.text * size, "markeredgecolor": "black", "markeredgewidth": 0.5}
        (drawn,) = sheet.axes.plot(rows["denominator"].astype(float), rows["value"], **look)
        if key and len(rows):
            drawn.set_label(say(key, sheet.lang))
            sheet.legend = [*sheet.legend, drawn]


def _scales(sheet: Page, table: pd.DataFrame) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

    axes, lang = sheet.axes, sheet.lang
    low, high = axes.get_xlim()
    if high >= _WIDE * low:
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlim(low, high)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
    # The limits of the smallest are far off: the axis is for the values.
    axes.set_ylim(0, _top(table))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    what, size = table.attrs[f"of_{lang}"], sheet.look.text
    axes.set_xlabel(
        "\n".join(wrap(say("axis.size", lang, what=what), sheet.width * 0.8, size)), fontsize=size
    )
    tall = (sheet.body if sheet.own else sheet.height) * 0.7
    axes.set_ylabel("\n".join(wrap(axis_label(table, lang), tall, size)), fontsize=size)


def _top(table: pd.DataFrame) -> float:
    """Where the axis ends: values of few cases may lie far above all that are judged."""
    judged = table[table["centre"].notna()]
    usual = float(judged["high_998"].median()) * factor(table)
    top = max(float(judged["value"].max()) * 1.25, usual * 1.1) or 1.0
    return min(top, 100.0) if factor(table) == 100 else top


def _base(table: pd.DataFrame, lang: Lang) -> list[str]:
    """Source and coverage; years that are drawn together cross the breaks between them."""
    names = table["name"].tolist()
    notes = standard_notes(coverage_of(table, names), lang, (), table.attrs["warnings"])
    why = [(each.year, getattr(each, lang)) for each in metric_breaks(table)]
    return notes + [say("pooled", lang, year=year, why=text) for year, text in why]


def _how(table: pd.DataFrame, lang: Lang) -> list[str]:
    how = table.attrs["funnel"]
    plain = how["overdispersion"] == "none"
    kind = {"multiplicative": "φ", "additive": "τ²"}.get(how["overdispersion"], "")
    notes = [say("funnel.plain", lang) if plain else say("funnel.dispersion", lang, how=kind)]
    if few := int((table["flag"] == "insufficient").sum()):
        notes.append(say("funnel.insufficient", lang, n=few, minimum=how["minimum"]))
    if far := int((table["value"] > _top(table)).sum()):
        notes.append(say("funnel.far", lang, n=far))
    return notes


def _names(sheet: Page, table: pd.DataFrame) -> None:
    """Name what lies outside; with many of them, number it and name it below."""
    out = table[table["flag"] == _CHECKED]
    several = table["name"].duplicated().any()
    who = [row.body + (f" {row.year}" if several and row.year else "") for row in rows_of(out)]
    size = sheet.look.text * 0.85
    if len(who) > _NAMED or sheet.width < 150:
        sheet.notes.append(
            say(
                "funnel.key",
                sheet.lang,
                pairs=listed([f"{n} {w}" for n, w in enumerate(who, 1)], sheet.lang, 60),
            )
        )
        words = [str(number) for number in range(1, len(who) + 1)]
    else:
        words = [shorten(name, sheet.width * 0.35, size) for name in who]
        short = zip(words, who, strict=True)
        sheet.short |= {word.replace("\n", ""): name for word, name in short if "…" in word}
    points = list(zip(out["denominator"].astype(float), out["value"], strict=True))
    seen = table[table["value"].notna()]
    every = list(zip(seen["denominator"].astype(float), seen["value"], strict=True))

    def write() -> None:
        place_beside(sheet.axes, points, words, every, size=size, reach=(4, 12, 22, 34, 50, 70))

    sheet.later.append(write)
