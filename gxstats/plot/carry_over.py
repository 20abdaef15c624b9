"""Whether what one year carried over arrived in the next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from gxstats.analysis.groups import transcribed
from gxstats.dataset.across import check_across
from gxstats.dataset.tidy import Source, joined
from gxstats.errors import UnknownField
from gxstats.plot.matrix import Cell, draw_cells
from gxstats.plot.notes import Coverage, body_names, breaks_in, known_bodies, standard_notes
from gxstats.plot.page import page
from gxstats.plot.rows import Row
from gxstats.plot.style import GREY
from gxstats.plot.wording import Lang, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOOKS = {
    "same": ("#CFE3F2", "", "white"),
    "differs": ("#F0A060", "//", "black"),
    "half": ("#FFFFFF", "", "#CCCCCC"),
}
"""How both sides compare -> face, hatch, edge."""


def carry_over(source: Source, lang: Lang = "zh", ax: Axes | None = None) -> tuple[Figure, Axes]:
    r"""Draw what was carried over: out of one year (四、结转下年度), into the next (二、上年结转).

    Each cell has both figures, the earlier report's above; where they differ it is framed and hatched.

    Args:
        source: a tidy frame (:func:`gxstats.tidy`) or :class:`gxstats.Reports`.
        lang: language of the words; agencies keep their names.
        ax: axes to draw on, new ones by default.

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: no report states what was carried in from a year before.

    Example:
        >>> import gxstats as gx
        >>> figure, axes = carry_over(gx.load_published()[7:9], "en")
        >>> [text.get_text() for text in axes.texts][:2]
        ['?\n96', '121\n121']
    """
    known, left_out = known_bodies(joined(source))
    pairs = _pairs(known, lang)
    rows = list(dict.fromkeys(pairs["name"]))
    years = list(range(int(pairs["year"].min()), int(pairs["year"].max()) + 1))
    breaks = breaks_in(["applications"], [years[0] - 1, *years])
    looks = pairs["look"].value_counts()
    cells = {
        (rows.index(name), int(year) - years[0]): _cell(text, look)
        for name, year, text, look in pairs[["name", "year", "text", "look"]].itertuples(index=False)
    }
    with page(ax, lang) as sheet:
        heads, at = [f"{year - 1}\n→{year}" for year in years], [each.year - years[0] for each in breaks]
        draw_cells(sheet, [Row(name) for name in rows], heads, cells, at, lines=2)
        sheet.legend = _legend(looks, lang)
        sheet.title = say("carry_over.title", lang)
        cover = _coverage(known, len(rows), left_out)
        sheet.notes = [say("carry_over.how", lang), _said(looks, lang), *standard_notes(cover, lang, breaks)]
    return sheet.figure, sheet.axes


def _coverage(known: pd.DataFrame, bodies: int, left_out: Counter[str]) -> Coverage:
    used = int(known["document_id"].nunique())
    return Coverage(bodies, used, _implied(known), left_out, transcribed(known))


def _said(looks: pd.Series, lang: Lang) -> str:
    """How many links of the chain could be compared, and how many of them do not hold."""
    same, differs, half = (int(looks.get(look, 0)) for look in _LOOKS)
    return say("carry_over.count", lang, compared=same + differs, differs=differs, rest=half)


def _pairs(known: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """One row per body and year: what was carried out before and in now, and whether they are equal."""
    found = check_across(known)
    found = found[(found["rule"] == "X-CARRY") & (found["where"] == "total")]
    if found.empty:
        raise UnknownField(
            "no report states what was carried in from the year before",
            hint="the table of section applications is needed",
        )
    columns = [c for c in ("division", "agency", "scope") if c in known.columns]
    who = known.drop_duplicates("document_id")[["document_id", *columns]]
    rows = found[["document_id", "year", "lhs", "rhs", "status"]].merge(who, on="document_id")
    rows = rows.sort_values([*columns, "year"], kind="stable").reset_index(drop=True)
    rows.attrs = {}
    text = [f"{_figure(out)}\n{_figure(into)}" for out, into in zip(rows["lhs"], rows["rhs"], strict=True)]
    look = rows["status"].map({"pass": "same", "weak_pass": "same", "fail": "differs"}).fillna("half")
    return rows.assign(name=body_names(rows, lang), text=text, look=look)


def _figure(number: object) -> str:
    return "?" if pd.isna(number) else f"{number:,}"  # type: ignore[call-overload]


def _cell(text: str, look: str) -> Cell:
    face, hatch, edge = _LOOKS[look]
    return Cell(text, face, False, hatch, edge)


def _legend(looks: pd.Series, lang: Lang) -> list[object]:
    from matplotlib.patches import Patch

    return [
        Patch(
            facecolor=face,
            hatch=hatch,
            edgecolor=GREY if edge == "white" else edge,
            linewidth=0.6,
            label=say(f"carry_over.{look}", lang),
        )
        for look, (face, hatch, edge) in _LOOKS.items()
        if look in looks.index
    ]


def _implied(known: pd.DataFrame) -> int:
    used = known["item"].isin(["carried_in", "carried_out"]) & (known["measure"] == "total")
    return int((used & known["value"].isna() & known["implied"].notna()).sum())
