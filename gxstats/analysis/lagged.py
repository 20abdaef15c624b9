"""Metrics that set a year against the one before: both from the reports of one and the same body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from gxstats.analysis import intervals
from gxstats.analysis.groups import Groups, Tally, add_one, finish
from gxstats.analysis.registry import Metric
from gxstats.errors import UnknownField


def compute_lagged(groups: Groups, definition: Metric, level: float) -> pd.DataFrame:
    """Set the numerator of each report against the denominator of the same body's report a year before.

    Adding up bodies first would compare different sets of bodies wherever a report is missing, so
    only bodies with both reports count.

    Args:
        groups: the reports, grouped by ``year`` among others.
        definition: a metric with a lag, or ``growth`` (one year's count over the other's, less one).
        level: confidence level of the interval of growth; other ratios of unlike counts have none.

    Raises:
        UnknownField: the year or the body of the reports is not in the frame.
    """
    _require(groups)
    before = dict(partners(groups.documents))
    growth = definition.name == "growth"
    rows = []
    for group, members in groups.members.items():
        tally = _tally(groups, definition, members, before)
        rows.append(
            groups.named(group) | {"part": definition.name} | _values(tally, definition, growth, level)
        )
    interval = "conditional binomial" if growth else "none"
    return finish(
        rows,
        groups.documents,
        groups.keys,
        definition,
        interval=interval,
        kind="growth" if growth else "",
    )


def _tally(
    groups: Groups, definition: Metric, members: list[str], before: dict[str, tuple[str | None, str]]
) -> Tally:
    tally = Tally()
    for document in members:
        partner, why = before[document]
        if partner is None:
            tally.excluded[why] += 1
        else:
            now, then = groups.figures[document], groups.figures[partner]
            add_one(tally, definition, definition.parts[""], now, then)
    return tally


def _require(groups: Groups) -> None:
    if "year" not in groups.keys:
        raise UnknownField("a comparison with the year before needs year in by", hint='by=("agency", "year")')
    if not {"agency", "agency_id"} & set(groups.documents.columns):
        raise UnknownField("the frame has no column agency", hint="pass gx.tidy(reports)")


def partners(who: pd.DataFrame) -> Iterator[tuple[str, tuple[str | None, str]]]:
    """Document -> the document of the same body for the year before, or why there is none."""
    places = {row["document_id"]: (body_of(row), row["year"]) for row in who.to_dict("records")}
    known: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for document, (body, year) in places.items():
        if body and not pd.isna(year):
            known.setdefault((body, int(year)), []).append(document)
    for document, (body, year) in places.items():
        if not body or pd.isna(year):
            yield document, (None, "the agency or year is not known")
            continue
        earlier = known.get((body, int(year) - 1), [])
        if len(earlier) == 1 and len(known[body, int(year)]) == 1:
            yield document, (earlier[0], "")
        else:
            several = bool(earlier)
            yield (
                document,
                (None, "several reports of one year" if several else "no report of the year before"),
            )


def body_of(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """What tells one publisher from all others, scope included; empty if the agency is not known.

    Example:
        >>> body_of({"agency": "甲县", "scope": "summary"})
        ('', '甲县', 'summary')
    """

    def text(name: str) -> str:
        value = row.get(name)
        return "" if value is None or pd.isna(value) else str(value)

    agency = text("agency_id") or text("agency")
    return (text("division_code"), agency, text("scope")) if agency else ()


def _values(tally: Tally, definition: Metric, growth: bool, level: float) -> dict[str, Any]:
    above, below = tally.numerator, tally.denominator
    value, interval = float("nan"), intervals.NONE
    if tally.reports and below > 0:
        value = definition.scale * above / below
        if growth:
            value -= 1
            low, high = intervals.count_ratio(above, below, level)
            interval = intervals.Interval(low - 1, high - 1)
    return tally.result(below, value, interval)
