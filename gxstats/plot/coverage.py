"""Which reports are at hand, and in what state: to be looked at before anything is compared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from gxstats.analysis.groups import transcribed
from gxstats.dataset.tidy import Source, facts_and_reports
from gxstats.errors import UnknownField
from gxstats.plot.matrix import Cell, draw_cells
from gxstats.plot.notes import Coverage, body_names, breaks_in, known_bodies, standard_notes
from gxstats.plot.page import page
from gxstats.plot.rows import Row
from gxstats.plot.style import GREY
from gxstats.plot.wording import Lang, say
from gxstats.schema import form_of_year

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOOKS = {
    "read": ("#5A9CC8", "", "✓", False),
    "sums_fail": ("#F0A060", "////", "≠", False),
    "partial": ("#CFE3F2", "....", "", False),
    "no_table": ("#4D4D4D", "", "∅", True),
    "late": ("#B9A6D3", "", "✓", False),
    "image_only": ("#7A7A7A", "", "▣", True),
    "unreadable": ("#7A7A7A", "xxxx", "×", False),
    "untrusted": ("#E8E0C8", "", "?", False),
    "missing": ("#FFFFFF", "", "–", False),
}
"""State -> face, hatch, sign, whether the sign is white; without a sign, how many tables there are."""


class _Seen(NamedTuple):
    """A report: how many tables it has of those due, whether a sum fails, its status where one was given."""

    tables: int
    fails: bool
    status: str = ""
    due: int = 3


class _Grid(NamedTuple):
    rows: list[str]
    years: list[int]
    cells: dict[tuple[int, int], Cell]
    states: Counter[str]
    reports: int
    left_out: Counter[str]
    due: int | None
    found: int


def coverage(
    source: Source, lang: Lang = "zh", ax: Axes | None = None, *, expected: pd.DataFrame | None = None
) -> tuple[Figure, Axes]:
    """Draw a matrix of agencies and years: read, sums fail, tables missing, no table, no report.

    Args:
        source: :class:`gxstats.Reports`; what :func:`gxstats.coverage` gives, which also says what is
            due; or a tidy frame, in which reports without any table are not seen.
        lang: language of the words; agencies keep their names.
        ax: axes to draw on, new ones by default.
        expected: the reports that are due: a row each, with ``agency`` and ``year`` (and ``division`` and
            ``scope`` if they are needed to tell agencies apart). Without it a gap is only "not at hand".

    Returns:
        The figure and its axes.

    Raises:
        UnknownField: no report with agency and year is there, or a column is missing.

    Example:
        >>> import gxstats as gx
        >>> figure, axes = coverage(gx.load_published()[7:9], "en")
        >>> [text.get_text() for text in axes.texts]
        ['✓', '✓']
    """
    documents, expected = _documents(source, expected)
    grid = _grid(documents, expected, lang)
    breaks = breaks_in(["applications"], grid.years)
    with page(ax, lang) as sheet:
        lines = [each.year - grid.years[0] for each in breaks]
        heads = [str(year) for year in grid.years]
        draw_cells(sheet, [Row(name) for name in grid.rows], heads, grid.cells, lines)
        sheet.legend = _legend(grid.states, lang)
        sheet.title = say("coverage.title", lang)
        cover = Coverage(len(grid.rows), grid.reports, 0, grid.left_out, transcribed(documents))
        notes = standard_notes(cover, lang, breaks)
        notes[1] = notes[1].removesuffix(say("implied_none", lang)).rstrip()
        due = say("coverage.due", lang, due=grid.due, found=grid.found)
        sheet.notes = [*notes, say("coverage.unknown_due", lang) if grid.due is None else due]
    return sheet.figure, sheet.axes


def _documents(source: Source, expected: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """One row per report: who, when, how many tables it has, whether a sum fails; and what is due."""
    if isinstance(source, pd.DataFrame) and {"status", "tables", "due_on"} <= set(source.columns):
        return _of_table(source, expected)
    facts, reports = facts_and_reports(source, None)
    if reports is None and "year" not in facts.columns:
        raise UnknownField("these are facts without their reports", hint="pass gx.tidy(reports)")
    who = (facts if reports is None else reports).drop_duplicates("document_id").reset_index(drop=True)
    seen = facts.groupby("document_id", observed=True)
    tables = seen["section"].nunique()
    fails = seen["sums"].agg(lambda sums: bool(sums.eq("fail").any()))
    readers: Any = seen["reader"].first() if "reader" in facts.columns else {}
    kept = ["document_id", "division", "agency", "year", "scope", "is_current"]
    documents = who[[c for c in kept if c in who.columns]].assign(
        section="",
        tables=who["document_id"].map(tables).fillna(0).astype(int),
        fails=who["document_id"].map(fails).fillna(False).astype(bool),
        reader=who["document_id"].map(readers),
    )
    return documents, expected


def _of_table(table: pd.DataFrame, expected: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The same of the table ``coverage``, and what is due; its rows say themselves what they are."""
    names = ["division", "agency", "year", "scope"]
    here = table[table["status"].ne("missing")].reset_index(drop=True)
    documents = here[["document_id", *names, "tables", "status"]].assign(
        section="", fails=here["failing"].gt(0), reader=None
    )
    due = table.loc[table["expected"], names]
    return documents, due if expected is None and len(due) else expected


def _grid(documents: pd.DataFrame, expected: pd.DataFrame | None, lang: Lang) -> _Grid:
    known, left_out = known_bodies(documents)
    due = pd.DataFrame() if expected is None else expected.reset_index(drop=True)
    if missing := [c for c in ("agency", "year") if expected is not None and c not in due.columns]:
        raise UnknownField(f"expected has no column {missing[0]!r}")
    every = pd.concat([known, due], ignore_index=True)
    every.attrs = {}
    shared = [c for c in ("division", "scope") if c in due.columns or expected is None]
    every = every.drop(columns=[c for c in ("division", "scope") if c not in shared], errors="ignore")
    every["name"] = body_names(every, lang)
    rows = list(dict.fromkeys(every.sort_values("name", kind="stable")["name"]))
    years = list(range(int(every["year"].min()), int(every["year"].max()) + 1))
    here, wanted = every.iloc[: len(known)], every.iloc[len(known) :].dropna(subset=["year"])
    found: dict[tuple[str, int], list[_Seen]] = {}
    columns = ["name", "year", "tables", "fails", "status"]
    for name, year, tables, fails, status in here.reindex(columns=columns).itertuples(index=False):
        said = "" if pd.isna(status) else str(status)
        found.setdefault((name, int(year)), []).append(
            _Seen(int(tables), bool(fails), said, len(form_of_year(int(year)).sections))
        )
    wanted_keys = set(zip(wanted["name"], wanted["year"].astype(int), strict=True))
    cells, states = {}, Counter[str]()
    for row, name in enumerate(rows):
        for column, year in enumerate(years):
            here_now = found.get((name, year))
            if here_now is None and expected is not None and (name, year) not in wanted_keys:
                continue
            state = _state(here_now)
            states[state] += 1
            cells[row, column] = _cell(state, here_now)
    count = None if expected is None else len(wanted_keys)
    both = len(wanted_keys & found.keys())
    return _Grid(rows, years, cells, states, len(known), left_out, count, both)


def _state(reports: list[_Seen] | None) -> str:
    if reports is None:
        return "missing"
    good = [r for r in reports if r.status != "untrusted"]
    if not good:
        return "untrusted"
    tables, fails = max(r.tables for r in good), any(r.fails for r in good)
    if tables == 0:
        return next((r.status for r in good if r.status in _LOOKS), "no_table")
    if all(r.status == "late" for r in good):
        return "late"
    if fails:
        return "sums_fail"
    return "read" if tables >= good[0].due else "partial"


def _cell(state: str, reports: list[_Seen] | None) -> Cell:
    face, hatch, sign, dark = _LOOKS[state]
    if reports:
        tables = max(r.tables for r in reports)
        part = f"{tables}/{reports[0].due}" if 0 < tables < reports[0].due else ""
        several = f"×{len(reports)}" if len(reports) > 1 else ""
        sign = " ".join(filter(None, [sign, part, several]))
    return Cell(sign, face, dark, hatch, "#CCCCCC" if state == "missing" else "white")


def _legend(states: Counter[str], lang: Lang) -> list[Any]:
    from matplotlib.patches import Patch

    found = []
    for state, (face, hatch, sign, _) in _LOOKS.items():
        if states[state]:
            label = f"{sign or 'n/3'} {say(f'coverage.{state}', lang)}"
            found.append(Patch(facecolor=face, hatch=hatch, edgecolor=GREY, linewidth=0.6, label=label))
    return found
