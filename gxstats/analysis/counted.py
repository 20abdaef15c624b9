"""What metrics share that count things, not figures: reports, sums, sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gxstats.analysis import intervals
from gxstats.analysis.groups import Groups, finish
from gxstats.analysis.registry import Metric

_PASSED = ("pass", "weak_pass")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of :func:`gxstats.metric`."""

    definition: Metric
    by: tuple[str, ...]
    level: float = 0.95
    method: intervals.Method = "wilson"
    expected: pd.DataFrame | None = None
    statements: pd.DataFrame | None = None


def row_of(group: dict[str, Any], part: str, **values: Any) -> dict[str, Any]:
    """A row of a metric frame; what is not said is null, or 0 of the counts."""
    row: dict[str, Any] = {"numerator": None, "denominator": None, "value": float("nan")}
    row |= {"low": float("nan"), "high": float("nan")}
    row |= {"n_reports": 0, "n_implied": 0, "n_excluded": 0, "excluded": None}
    return group | {"part": part} | row | values


def share_of(above: int, below: int, request: Request) -> dict[str, Any]:
    """Numerator, denominator, value and interval of a share of things counted."""
    if not below:
        return {"numerator": above, "denominator": below}
    low, high = intervals.proportion(above, below, request.method, request.level)
    return {"numerator": above, "denominator": below, "value": above / below, "low": low, "high": high}


def by_rule(
    group: dict[str, Any],
    verdicts: Iterable[tuple[str, str]],
    request: Request,
    seen: dict[str, Any],
    untold_are: str = "inconclusive sums",
) -> list[dict[str, Any]]:
    """One row for all rules and one for each: what passed of what can be told.

    Args:
        group: the columns grouped by.
        verdicts: rule and status (``pass``, ``weak_pass``, ``fail``, ``inconclusive``).
        request: what was asked.
        seen: what is said of the reports.
        untold_are: what the inconclusive ones are called.
    """
    listed = list(verdicts)
    rows = []
    for part in (request.definition.name, *sorted({rule for rule, _ in listed})):
        found = [status for rule, status in listed if part in (rule, request.definition.name)]
        untold = found.count("inconclusive")
        values = share_of(sum(s in _PASSED for s in found), len(found) - untold, request)
        why = f"{untold_are} ({untold})" if untold else None
        rows.append(row_of(group, part, **values, **seen, excluded=why))
    return rows


def finished(rows: list[dict[str, Any]], groups: Groups, request: Request) -> pd.DataFrame:
    """The frame of a share of things counted."""
    return finish(
        rows, groups.documents, groups.keys, request.definition, interval=request.method, kind="share"
    )
