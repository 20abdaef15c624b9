"""Metrics that are no quotient of sums: growth, zero reports, concentration, passed sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from gxstats.analysis import intervals
from gxstats.analysis.groups import add_up, finish, group_columns, grouped
from gxstats.analysis.operands import ReportFigures, evaluate
from gxstats.analysis.registry import Metric
from gxstats.check.identities import evaluate as evaluate_sums
from gxstats.check.identities import sums_of
from gxstats.errors import UnknownField
from gxstats.model import Figure

BREAKS = (2019, 2021)
"""Years in which the form changed: growth over them is marked."""


def compute_special(
    facts: pd.DataFrame, definition: Metric, by: tuple[str, ...], level: float
) -> pd.DataFrame:
    """Compute a metric of kind ``special``; columns as in :func:`gxstats.analysis.metric`."""
    compute: Callable[[pd.DataFrame, Metric, tuple[str, ...], float], pd.DataFrame] = _SPECIAL[
        definition.name
    ]
    return compute(facts, definition, by, level)


def _row(
    group: dict[str, Any], part: str, above: int | None, below: int | None, **values: Any
) -> dict[str, Any]:
    row = {"numerator": above, "denominator": below, "value": float("nan"), "low": float("nan")}
    row |= {"high": float("nan"), "n_reports": 0, "n_implied": 0, "n_excluded": 0, "excluded": None}
    return group | {"part": part} | row | values


def _growth(facts: pd.DataFrame, definition: Metric, by: tuple[str, ...], level: float) -> pd.DataFrame:
    """Received this year over received the year before, minus one; only where both are known."""
    if "year" not in by:
        raise UnknownField("growth needs the column year in by", hint='by=("agency", "year")')
    keys = group_columns(facts, by)
    tallies = {g: add_up(r, definition.parts[""], definition) for g, r in grouped(facts, keys).items()}
    place = keys.index("year")
    rows = []
    for group, now in tallies.items():
        year = group[place]
        before = tallies.get((*group[:place], year - 1, *group[place + 1 :])) if year is not None else None
        named = dict(zip(keys, group, strict=True))
        if before is None or not before.reports or not now.reports:
            missing = "no report of the year before" if now.reports else "received is unknown"
            rows.append(_row(named, definition.name, None, None, n_excluded=1, excluded=missing))
            continue
        low, high = intervals.count_ratio(now.numerator, before.numerator, level)
        values: dict[str, Any] = {"n_reports": now.reports, "n_implied": now.implied + before.implied}
        if before.numerator:
            values |= {"value": now.numerator / before.numerator - 1, "low": low - 1, "high": high - 1}
        if year in BREAKS:
            values["excluded"] = f"the form changed in {year}"
        rows.append(_row(named, definition.name, now.numerator, before.numerator, **values))
    return finish(rows, keys, definition, "conditional binomial")


def _zero_reports(facts: pd.DataFrame, definition: Metric, by: tuple[str, ...], level: float) -> pd.DataFrame:
    keys = group_columns(facts, by)
    rows = []
    for group, reports in grouped(facts, keys).items():
        known = [v for r in reports if (v := evaluate(definition.parts[""], r)).value is not None]
        zero = sum(v.value == 0 for v in known)
        values: dict[str, Any] = {"n_reports": len(known), "n_implied": sum(v.implied for v in known)}
        unknown = len(reports) - len(known)
        values |= {"n_excluded": unknown, "excluded": f"received is unknown ({unknown})" if unknown else None}
        if known:
            low, high = intervals.proportion(zero, len(known), level=level)
            values |= {"value": zero / len(known), "low": low, "high": high}
        rows.append(_row(dict(zip(keys, group, strict=True)), definition.name, zero, len(known), **values))
    return finish(rows, keys, definition, "wilson")


def _concentration(
    facts: pd.DataFrame, definition: Metric, by: tuple[str, ...], level: float
) -> pd.DataFrame:
    """Top-1 and top-5 shares and the Gini coefficient of received over single bodies."""
    del level  # a description of all bodies at hand, not an estimate
    if "scope" in facts.columns:
        facts = facts[facts["scope"].fillna("body") == "body"]
    keys = tuple(by)
    rows = []
    for group, reports in grouped(facts, group_columns(facts, by)).items():
        counts = sorted(
            (n for n in (_received(r, definition) for r in reports) if n is not None), reverse=True
        )
        named = dict(zip(keys, group, strict=False))
        for part, value in (("top1", _top(counts, 1)), ("top5", _top(counts, 5)), ("gini", _gini(counts))):
            above = sum(counts[: int(part[3:])]) if part.startswith("top") else None
            excluded = {"n_reports": len(counts), "n_excluded": len(reports) - len(counts)}
            rows.append(_row(named, part, above, sum(counts), value=value, **excluded))
    return finish(rows, keys, definition, "none")


def _received(report: ReportFigures, definition: Metric) -> int | None:
    return evaluate(definition.parts[""], report).value


def _top(counts: list[int], k: int) -> float:
    return sum(counts[:k]) / sum(counts) if sum(counts) else float("nan")


def _gini(counts: list[int]) -> float:
    """Gini coefficient of counts in falling order: 0 all equal, towards 1 all at one body."""
    n, total = len(counts), sum(counts)
    if not total:
        return float("nan")
    return (n + 1 - 2 * sum((i + 1) * c for i, c in enumerate(counts)) / total) / n


def _arithmetic(facts: pd.DataFrame, definition: Metric, by: tuple[str, ...], level: float) -> pd.DataFrame:
    """Share of identities that hold among those that can be told, from the checks of the reports."""
    keys = group_columns(facts, by)
    rows = []
    for group, reports in grouped(facts, keys).items():
        passed = told = untold = 0
        for report in reports:
            figures = {k: Figure("reported", n) for k, (n, implied) in report.cells.items() if not implied}
            figures |= {k: Figure("blank") for k, s in report.states.items() if s in ("blank", "dash")}
            sums = [s for section, form in report.forms.items() for s in sums_of(form, section)]
            for result in evaluate_sums(sums, figures)[0]:
                passed += result.status in ("pass", "weak_pass")
                told += result.status != "inconclusive"
                untold += result.status == "inconclusive"
        why = f"inconclusive sums ({untold})" if untold else None
        values: dict[str, Any] = {"n_reports": len(reports), "excluded": why}
        if told:
            low, high = intervals.proportion(passed, told, level=level)
            values |= {"value": passed / told, "low": low, "high": high}
        rows.append(_row(dict(zip(keys, group, strict=True)), definition.name, passed, told, **values))
    return finish(rows, keys, definition, "wilson")


_SPECIAL: dict[str, Callable[[pd.DataFrame, Metric, tuple[str, ...], float], pd.DataFrame]] = {
    "growth": _growth,
    "zero_report_share": _zero_reports,
    "concentration": _concentration,
    "arithmetic_pass_rate": _arithmetic,
}
