"""Compute metrics over sets of reports, with intervals, counts of what was left out, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from gxstats.analysis import intervals
from gxstats.analysis.groups import Tally, add_up, finish, group_columns, grouped
from gxstats.analysis.registry import Metric, find, registry
from gxstats.analysis.special import compute_special
from gxstats.errors import GxError

Population = Mapping[Any, float] | Callable[[Mapping[str, Any]], float | None]


class NeedsPopulation(GxError, ValueError):
    """A metric per head was asked for without a population."""


def metrics() -> pd.DataFrame:
    """Every metric: id, name, titles, formula, kind, forms and caveats.

    Example:
        >>> metrics().set_index("name").loc["release_rate", "formula"]
        '(T3.3.1 + T3.3.2) / (T3.3.1 + T3.3.2 + REF)'
    """
    rows = [
        {
            "id": m.id,
            "name": m.name,
            "zh": m.zh,
            "en": m.en,
            "kind": m.kind,
            "formula": m.formula,
            "forms": " ".join(m.forms),
            "caveat_zh": m.caveat_zh,
            "caveat_en": m.caveat_en,
        }
        for m in registry()
    ]
    return pd.DataFrame(rows, dtype="string")


def metric(
    facts: pd.DataFrame,
    name: str,
    by: Sequence[str] = ("agency", "year"),
    *,
    population: Population | None = None,
    method: intervals.Method = "wilson",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compute one metric for each group of reports.

    Counts are added up within a group and divided once, so that a group of reports is weighted by
    its applications. Reports of different scope (one body, summary of many) are never added: the
    groups are split by ``scope`` where the frame has it. A report in which an operand is unknown is
    left out and counted; implied figures are used and counted.

    Args:
        facts: tidy facts (``gx.tidy``): one row per cell with the identity of its report.
        name: a metric of :func:`metrics`, by name or id.
        by: columns to group by, such as ``division``, ``agency``, ``year``.
        population: residents, for metrics per head: a mapping from the group's key (the value of
            ``by``, a tuple if there are several) or a function of the group as a mapping.
        method: interval of shares: ``wilson``, ``jeffreys`` or ``clopper-pearson``.
        level: confidence level.

    Returns:
        A row per group (and part): the ``by`` columns, ``part``, exact integer ``numerator`` and
        ``denominator``, ``value`` (float64, null without a denominator), ``low`` and ``high``,
        ``n_reports`` that count, ``n_implied`` cells, ``n_excluded`` reports and why. ``attrs``
        holds title, formula, caveat and the method.

    Raises:
        UnknownField: no such metric or column.
        NeedsPopulation: a metric per head without ``population``.

    Source of the formulas: metrics.yaml beside this module.
    """
    definition = find(name)
    if definition.kind == "special":
        return compute_special(facts, definition, tuple(by), level)
    if definition.per_population and population is None:
        raise NeedsPopulation(f"{definition.name} is per head", hint="pass population={group: residents}")
    keys = group_columns(facts, by)
    groups = grouped(facts, keys)
    rows = []
    for group, reports in groups.items():
        people = _people(population, keys, group, by) if definition.per_population else None
        for part, terms in definition.parts.items():
            tally = add_up(reports, terms, definition)
            values = _values(tally, definition, people, method, level)
            rows.append(dict(zip(keys, group, strict=True)) | {"part": part or definition.name} | values)
    return finish(rows, keys, definition, method)


def _people(
    population: Population | None, keys: tuple[str, ...], group: tuple[Any, ...], by: Sequence[str]
) -> float:
    named = dict(zip(keys, group, strict=True))
    wanted = tuple(named[k] for k in by)
    if callable(population):
        found = population(named)
    else:
        found = (population or {}).get(wanted[0] if len(wanted) == 1 else wanted)
    return float(found) if found else float("nan")


def _values(
    tally: Tally, definition: Metric, people: float | None, method: intervals.Method, level: float
) -> dict[str, Any]:
    above, below = tally.numerator, tally.denominator
    value, interval = float("nan"), intervals.NONE
    if tally.reports:
        if definition.kind in ("count", "difference"):
            value = float(above)
            interval = intervals.count(above, level) if definition.kind == "count" else intervals.NONE
        elif definition.per_population or definition.kind == "rate":
            exposure = people if people is not None else float(below)
            if exposure > 0:
                value = definition.scale * above / exposure
                low, high = intervals.rate(above, exposure, level)
                interval = intervals.Interval(definition.scale * low, definition.scale * high)
        elif below > 0:
            value = definition.scale * above / below
            if definition.kind == "share" and 0 <= above <= below:
                interval = intervals.proportion(above, below, method, level)
    return {
        "numerator": above if tally.reports else None,
        "denominator": below if tally.reports and definition.denominator else None,
        "value": value,
        "low": interval.low,
        "high": interval.high,
        "n_reports": tally.reports,
        "n_implied": tally.implied,
        "n_excluded": sum(tally.excluded.values()),
        "excluded": "; ".join(f"{why} ({n})" for why, n in sorted(tally.excluded.items())) or None,
    }
