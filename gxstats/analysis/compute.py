"""Compute metrics over sets of reports, with intervals, counts of what was left out, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gxstats.analysis import intervals
from gxstats.analysis.comparable_years import refuse_overlap, warnings_of
from gxstats.analysis.counted import Request
from gxstats.analysis.groups import Groups, Tally, add_up, finish, grouped, transcribed
from gxstats.analysis.lagged import compute_lagged
from gxstats.analysis.prose import NeedsStatements
from gxstats.analysis.registry import find, registry
from gxstats.analysis.special import NeedsExpected, compute_special
from gxstats.dataset.revisions import set_aside
from gxstats.dataset.tidy import Source, joined
from gxstats.errors import GxError

__all__ = ["NeedsExpected", "NeedsPopulation", "NeedsStatements", "metric", "metrics"]
Population = Mapping[Any, float] | Callable[[Mapping[str, Any]], float | None]


class NeedsPopulation(GxError, ValueError):
    """A metric per head was asked for without a population."""


_LISTED = ("id", "name", "zh", "en", "kind", "formula", "of_zh", "of_en", "caveat_zh", "caveat_en")


def metrics() -> pd.DataFrame:
    """Every metric: id, name, titles, formula, what its denominator counts, caveats and forms.

    Example:
        >>> metrics().set_index("name").loc["release_rate", "formula"]
        '(T3.3.1 + T3.3.2) / (T3.3.1 + T3.3.2 + REF)'
    """
    named = [{name: getattr(m, name) for name in _LISTED} | {"forms": " ".join(m.forms)} for m in registry()]
    return pd.DataFrame(named, columns=[*_LISTED, "forms"], dtype="string")


def metric(
    facts: Source,
    name: str,
    by: Sequence[str] = ("agency", "year"),
    *,
    population: Population | None = None,
    expected: pd.DataFrame | None = None,
    statements: pd.DataFrame | None = None,
    method: intervals.Method = "wilson",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compute one metric for each group of reports: see the guide in :mod:`gxstats.analysis`.

    Args:
        facts: :class:`gxstats.Reports`, or their tidy facts.
        name: a metric of :func:`metrics`, by name or id.
        by: columns to group by; reports of different scope are kept apart in any case.
        population: residents, for metrics per head: by group key (a tuple for several) or a function of it.
        expected: for ``coverage``: one row per report due, with the columns of ``by``.
        statements: for ``prose_agreement``: as ``gx.load_statements()``, or with a ``document_id`` each.
        method: interval of shares: ``wilson``, ``jeffreys`` or ``clopper-pearson``.
        level: confidence level.

    Returns:
        A row per group and part; ``attrs`` hold title, formula, caveat, breaks and warnings.

    Raises:
        UnknownField, NeedsPopulation, NeedsExpected, NeedsStatements: something is missing.
        NotComparable: a group would count twice, or join what does not mean the same.

    Example:
        >>> import gxstats as gx
        >>> rates = metric(gx.load_published(), "disclosure_rate").set_index(["agency", "year"]).value
        >>> rates["宿迁市人民政府"].round(4).tolist()
        [0.4357, 0.5402]
    """
    request = Request(find(name), tuple(by), level, method, expected, statements)
    if request.definition.per_population and population is None:
        raise NeedsPopulation(f"{name} is per head", hint="pass population={group: residents}")
    return _computed(facts, request, population)


def _identified(table: pd.DataFrame, by: tuple[str, ...]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Reports of which nobody knows the group would be added up as if they were of one body."""
    unknown = table[[c for c in by if c in table.columns]].isna().any(axis=1)
    count = int(table.loc[unknown, "document_id"].nunique()) if "document_id" in table.columns else 0
    return table[~unknown], {"unidentified": count} if count else {}


def _computed(source: Source, request: Request, population: Population | None) -> pd.DataFrame:
    definition = request.definition
    table = source if isinstance(source, pd.DataFrame) else joined(source)
    table, left = set_aside(table)
    table, unknown = _identified(table, request.by)
    groups = grouped(table, request.by)
    if definition.additive:
        refuse_overlap(groups, definition)
    warnings = warnings_of(groups, definition, left | unknown)
    if definition.kind == "special":
        result = compute_special(table, groups, request)
    elif definition.lag:
        result = compute_lagged(groups, definition, request.level)
    else:
        result = _plain(groups, request, population)
    result.attrs["warnings"] = [*warnings, *result.attrs["warnings"]]
    result.attrs["transcribed"] = transcribed(groups.documents)
    return result


@dataclass(frozen=True, slots=True)
class _People:
    """Residents of a group; ``known`` is false if the metric needs them and there are none."""

    number: int | None = None
    known: bool = True


def _plain(groups: Groups, request: Request, population: Population | None) -> pd.DataFrame:
    """A metric that is a sum, or a quotient of two sums."""
    definition = request.definition
    rows = []
    for group in groups.members:
        named = groups.named(group)
        people = _people(population, named, request.by) if definition.per_population else _People()
        for part, terms in definition.parts.items():
            tally = add_up(groups.reports(group), terms, definition)
            if not people.known:
                tally = Tally(excluded=tally.excluded)
                tally.excluded["the population is not known"] = len(groups.members[group])
            rows.append(named | {"part": part or definition.name} | _values(tally, request, people.number))
    interval = {"count": "garwood", "rate": "garwood", "share": request.method}.get(definition.kind, "none")
    return finish(rows, groups.documents, groups.keys, definition, interval=interval)


def _people(population: Population | None, named: Mapping[str, Any], by: Sequence[str]) -> _People:
    wanted = tuple(named[k] for k in by)
    if callable(population):
        found = population(named)
    else:
        found = (population or {}).get(wanted[0] if len(wanted) == 1 else wanted)
    if found is None or not found > 0:  # a NaN is not above 0 either
        return _People(None, known=False)
    return _People(round(found))


def _values(tally: Tally, request: Request, people: int | None) -> dict[str, Any]:
    definition, level = request.definition, request.level
    above, below = tally.numerator, tally.denominator if people is None else people
    value, interval = float("nan"), intervals.NONE
    if tally.reports and definition.kind in ("count", "difference"):
        value = float(above)
        interval = intervals.count(above, level) if definition.kind == "count" else intervals.NONE
    elif tally.reports and below > 0:
        value = definition.scale * above / below
        if definition.kind == "rate":
            low, high = intervals.rate(above, below, level)
            interval = intervals.Interval(definition.scale * low, definition.scale * high)
        elif definition.kind == "share" and 0 <= above <= below:
            interval = intervals.proportion(above, below, request.method, level)
    divides = bool(definition.denominator) or people is not None
    return tally.result(below if divides else None, value, interval)
