"""What stands below a figure: source, coverage, implied figures, breaks and what is not comparable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from gxstats.analysis.registry import find
from gxstats.errors import UnknownField
from gxstats.plot.wording import BREAK, Lang, item_name, reasons_in, say, why_left_out
from gxstats.schema.breaks import Break, series_breaks

_NAMES = ("year", "scope", "division_code", "agency_id", "document_id")
"""Keys that do not name a body to a reader."""
_NEAR = re.compile(r"[（(](?P<item>[\w.]+)/\w+: \w+, \w+[，,] ?(?P<why>.*)[）)]")
"""What a warning says of an item that two forms count nearly alike."""
_UNNAMED = "the agency or year is not known"


class Coverage(NamedTuple):
    """Behind a figure: bodies, reports used, implied figures, reports left out by reason, who read them."""

    bodies: int
    used: int
    implied: int
    left_out: Counter[str]
    transcribed: str = "none"
    """Whether people copied the figures: ``all``, ``some`` or ``none``."""


def standard_notes(
    coverage: Coverage, lang: Lang, breaks: Iterable[Break] = (), warnings: Iterable[dict[str, str]] = ()
) -> list[str]:
    """The paragraphs that every figure has.

    Args:
        coverage: what was used.
        lang: language.
        breaks: those that are drawn.
        warnings: of the metric frame; its breaks are passed over, for they are drawn.

    Example:
        >>> standard_notes(Coverage(1, 2, 0, Counter()), "en")[1]
        'Reports used: 2; none left out. Every figure is printed in its report.'
    """
    left = sum(coverage.left_out.values())
    why = why_left_out(coverage.left_out, lang)
    used = say("used" if left else "used_all", lang, n=coverage.used, left=left, why=why)
    implied = say("implied" if coverage.implied else "implied_none", lang, n=coverage.implied)
    return [
        source_line(coverage.bodies, coverage.used, coverage.transcribed, lang),
        used + ("" if lang == "zh" else " ") + implied,
        *(say("break", lang, year=each.year, why=getattr(each, lang)) for each in breaks),
        *(_warning(w, lang) for w in warnings if not w["name"].startswith("break_")),
    ]


def source_line(bodies: int, reports: int, transcribed: str, lang: Lang) -> str:
    """Where the figures come from: files that were read, or figures that people copied.

    Example:
        >>> source_line(1, 2, "all", "en")
        'Source: 2 annual disclosure reports of 1 body, figures transcribed, sums checked with gxstats.'
    """
    key = "source" if transcribed == "none" else f"source_{transcribed}"
    if lang == "zh":
        return say(key, lang, bodies=bodies, reports=reports)
    counted = f"{reports} annual disclosure report" + "s" * (reports != 1)
    return say(key, lang, bodies="1 body" if bodies == 1 else f"{bodies} bodies", reports=counted)


def _warning(warning: dict[str, str], lang: Lang) -> str:
    """A warning in the words of a figure: what is only near is told without the columns of a table."""
    text = warning[lang]
    detail = _NEAR.search(text)
    if warning["name"] == "near" and detail:
        return say("near", lang, item=item_name(detail["item"], lang), why=detail["why"])
    return say("caveat", lang, text=text.rstrip("。."))


def coverage_of(frame: pd.DataFrame, names: Sequence[str], others: Counter[str] | None = None) -> Coverage:
    """The coverage of a metric frame of one part.

    Args:
        frame: rows of a metric.
        names: the body of each row.
        others: reports left out before the metric was computed.
    """
    left_out = Counter(others or {})
    for text in frame["excluded"]:
        left_out += reasons_in(text)
    bodies = {name for name, used in zip(names, frame["n_reports"], strict=True) if used}
    used, implied = int(frame["n_reports"].sum()), int(frame["n_implied"].sum())
    return Coverage(len(bodies), used, implied, left_out, frame.attrs.get("transcribed", "none"))


def metric_rows(frame: pd.DataFrame, kinds: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of a metric frame that can be drawn: one part, bodies and years that are known.

    Raises:
        UnknownField: this is no metric frame, it has several parts, no rows, or is of another kind.
    """
    if "metric" not in frame.attrs or "part" not in frame.columns:
        raise UnknownField("this is no frame of a metric", hint="pass what gx.metric returns")
    if frame.empty or frame["value"].isna().all():
        raise UnknownField("no report gives a value to draw", hint="the column excluded says why")
    parts = frame["part"].unique().tolist()
    if len(parts) > 1:
        raise UnknownField(
            f"the metric has the parts {', '.join(parts)}", hint="choose one: frame[frame.part == ...]"
        )
    if kinds and frame.attrs["kind"] not in kinds:
        raise UnknownField(
            f"{frame.attrs['metric']} is a {frame.attrs['kind']}, not a {' or '.join(kinds)}",
            hint="gx.metrics() lists the kinds",
        )
    return frame


def title_of(frame: pd.DataFrame, lang: Lang) -> str:
    """The title of a metric; of one part of it, with that part."""
    name, part = str(frame.attrs[lang]), str(frame["part"].iloc[0])
    if part == frame.attrs["metric"]:
        return name[:1].upper() + name[1:] if lang == "en" else name
    try:
        shown = say(f"ground.{part}", lang).replace(BREAK, "")
    except KeyError:
        shown = part.replace("_", " ")
    return f"{name}：{shown}" if lang == "zh" else f"{name[:1].upper()}{name[1:]}: {shown}"


def body_names(frame: pd.DataFrame, lang: Lang) -> list[str]:
    """What to call the body of each row: the agency, the division where that is not enough, the scope.

    Args:
        frame: a metric frame, or one with the columns ``agency`` and perhaps ``division`` and ``scope``.
        lang: language of the scope.
    """
    keys = frame.attrs.get("by", ("division", "agency", "scope"))
    columns = [c for c in keys if c in frame.columns and c not in _NAMES]
    if not columns:
        columns = [c for c in ("division_code", "agency_id") if c in keys]
    if {"agency", "division"} <= set(columns):
        several = frame[["agency", "division"]].drop_duplicates().groupby("agency").size().max() > 1
        columns = [c for c in columns if c != "division" or several]
    scopes = frame["scope"] if "scope" in frame.columns else pd.Series(pd.NA, index=frame.index)
    mixed = mixed_scopes(frame)
    names = []
    for place, scope in zip(frame[columns].itertuples(index=False), scopes, strict=True):
        name = " ".join(str(part) for part in place if not pd.isna(part)) or "—"
        names.append(name + (say(str(scope), lang) if mixed and not pd.isna(scope) else ""))
    return names


def mixed_scopes(frame: pd.DataFrame) -> bool:
    """Whether summaries stand beside reports of single bodies."""
    return "scope" in frame.columns and frame["scope"].nunique() > 1


def known_bodies(facts: pd.DataFrame) -> tuple[pd.DataFrame, Counter[str]]:
    """The facts of current reports whose agency and year are known, and what was left out.

    Raises:
        UnknownField: a column is missing, or nothing is left.
    """
    if missing := [c for c in ("document_id", "agency", "year", "section") if c not in facts.columns]:
        raise UnknownField(f"the table has no column {missing[0]!r}", hint="pass gx.tidy(reports)")
    current = facts
    left_out: Counter[str] = Counter()
    if "is_current" in facts.columns:
        current = facts[facts["is_current"].fillna(True).astype(bool)]
        left_out["why.superseded"] = int(facts["document_id"].nunique() - current["document_id"].nunique())
    known = current.dropna(subset=["agency", "year"])
    left_out[_UNNAMED] = int(current["document_id"].nunique() - known["document_id"].nunique())
    if known.empty:
        raise UnknownField(
            "no report with a known agency and year is there to draw", hint="see the issues of the reports"
        )
    return known, +left_out


def body_columns(facts: pd.DataFrame) -> tuple[str, ...]:
    """The columns that tell one body of a tidy frame from another."""
    if "division" in facts.columns:
        who = facts[["agency", "division"]].drop_duplicates()
        if who.groupby("agency").size().max() > 1:
            return ("division", "agency")
    return ("agency",)


def breaks_in(sections: Iterable[str], years: Iterable[Any]) -> list[Break]:
    """The breaks of sections that lie between the first and the last of the years.

    Example:
        >>> [each.year for each in breaks_in(["disputes"], [2020, 2024])]
        [2021, 2024]
    """
    shown = [int(year) for year in years if not pd.isna(year)]
    found = {each.year: each for section in sections for each in series_breaks(section)}
    return [found[year] for year in sorted(found) if shown and min(shown) < year <= max(shown)]


def metric_breaks(frame: pd.DataFrame) -> list[Break]:
    """The breaks between the years of a metric frame, those of the metric itself included."""
    if "year" not in frame.columns:
        return []
    definition = find(frame.attrs["metric"])
    terms = [*definition.denominator, *(t for part in definition.parts.values() for t in part)]
    found = breaks_in(dict.fromkeys(t.section for t in terms), frame["year"])
    years = [int(year) for year in frame["year"].dropna()]
    own = [
        Break(year, (), definition.caveat_zh, definition.caveat_en)
        for year in definition.breaks
        if year not in {each.year for each in found} and years and min(years) < year <= max(years)
    ]
    return sorted([*found, *own])
