"""Groups of reports: which columns they are made by, what they add up to, how a result looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gxstats.analysis.intervals import Interval
from gxstats.analysis.operands import Operand, ReportFigures, evaluate, reports_of
from gxstats.analysis.registry import Metric, Term
from gxstats.errors import UnknownField

COLUMNS = (
    "numerator",
    "denominator",
    "value",
    "low",
    "high",
    "n_reports",
    "n_implied",
    "n_excluded",
    "excluded",
)
"""The columns of every metric frame after those it is grouped by and ``part``."""
_BY_HAND = r" (?:published$|entered by )"
"""What ends the reader of figures that :func:`gxstats.enter` or the bundled transcripts gave."""
_USUAL = ("agency", "year", "division", "scope", "form")
_COUNTS = ("numerator", "denominator", "n_reports", "n_implied", "n_excluded")
_NUMBERS = ("value", "low", "high")


@dataclass(slots=True)
class Tally:
    """What one group of reports adds up to."""

    numerator: int = 0
    denominator: int = 0
    reports: int = 0
    implied: int = 0
    excluded: Counter[str] = field(default_factory=Counter)

    def result(self, below: int | None, value: float, interval: Interval) -> dict[str, Any]:
        """The columns of a result: ``below`` is the denominator to state, None for a metric that has none."""
        return {
            "numerator": self.numerator if self.reports else None,
            "denominator": below if self.reports else None,
            "value": value,
            "low": interval.low,
            "high": interval.high,
            "n_reports": self.reports,
            "n_implied": self.implied,
            "n_excluded": sum(self.excluded.values()),
            "excluded": reasons(self.excluded),
        }


@dataclass(frozen=True, slots=True)
class Groups:
    """The reports at hand, in groups.

    Attributes:
        keys: the columns they are grouped by.
        members: group key -> the documents in it, sorted by key; unknown years and agencies are groups.
        figures: document -> its counts.
        documents: one row per document, with the columns of the frame.
    """

    keys: tuple[str, ...]
    members: dict[tuple[Any, ...], list[str]]
    figures: dict[str, ReportFigures]
    documents: pd.DataFrame

    def named(self, group: tuple[Any, ...]) -> dict[str, Any]:
        """The key of a group as column -> value."""
        return dict(zip(self.keys, group, strict=True))

    def reports(self, group: tuple[Any, ...]) -> list[ReportFigures]:
        """The figures of the reports in a group."""
        return [self.figures[document] for document in self.members[group]]


def group_columns(facts: pd.DataFrame, by: Sequence[str]) -> tuple[str, ...]:
    """The columns to group by: those asked for, and ``scope`` where the frame has more than one.

    Raises:
        UnknownField: the frame has no such column.
    """
    missing = [c for c in by if c not in facts.columns]
    if missing:
        known = [c for c in _USUAL if c in facts.columns]
        hint = f"usual are {', '.join(known)}" if known else "pass gx.tidy(reports)"
        raise UnknownField(f"the frame has no column {', '.join(missing)}", hint=hint)
    keys = tuple(by)
    if "scope" in facts.columns and "scope" not in keys and facts["scope"].nunique(dropna=False) > 1:
        keys = (*keys, "scope")
    return keys


def grouped(facts: pd.DataFrame, by: Sequence[str]) -> Groups:
    """Group the reports of a frame of facts; scopes are kept apart even if ``by`` does not say so."""
    keys = group_columns(facts, by)
    figures = reports_of(facts)
    documents = facts.drop_duplicates("document_id")
    names = [[None if pd.isna(v) else v for v in documents[k]] for k in keys]
    found: dict[tuple[Any, ...], list[str]] = {}
    for document, *group in zip(documents["document_id"], *names, strict=True):
        found.setdefault(tuple(group), []).append(document)
    return Groups(keys, dict(sorted(found.items(), key=_in_order)), figures, documents)


def _in_order(item: tuple[tuple[Any, ...], list[str]]) -> tuple[Any, ...]:
    return tuple((v is None, isinstance(v, str), v if v is not None else 0) for v in item[0])


def transcribed(documents: pd.DataFrame) -> str:
    """Whether people copied the figures of the reports: ``all``, ``some`` or ``none``.

    Args:
        documents: rows of facts, whose column ``reader`` tells (none if it is not there).

    Example:
        >>> transcribed(pd.DataFrame({"reader": ["gxstats 0.1.0 stream", "gxstats 0.1.0 published"]}))
        'some'
    """
    if "reader" not in documents.columns or documents.empty:
        return "none"
    by_hand = documents["reader"].astype("string").str.contains(_BY_HAND).fillna(False)
    return "all" if by_hand.all() else "some" if by_hand.any() else "none"


def add_up(reports: Sequence[ReportFigures], terms: tuple[Term, ...], definition: Metric) -> Tally:
    """Add numerators and denominators over the reports in which both are known."""
    tally = Tally()
    for report in reports:
        add_one(tally, definition, terms, report, report)
    return tally


def add_one(
    tally: Tally, definition: Metric, terms: tuple[Term, ...], above: ReportFigures, below: ReportFigures
) -> None:
    """Add one report: its numerator from ``above``, its denominator from ``below`` (a year before, maybe)."""
    wrong_form = _other_form(above, terms, definition) or _other_form(
        below, definition.denominator, definition
    )
    top = evaluate(terms, above)
    base = evaluate(definition.denominator, below) if definition.denominator else Operand(0)
    why = wrong_form or top.why or base.why
    if why or top.value is None or base.value is None:
        tally.excluded[why] += 1
        return
    tally.numerator += top.value
    tally.denominator += base.value
    tally.reports += 1
    tally.implied += top.implied + base.implied


def _other_form(report: ReportFigures, terms: tuple[Term, ...], definition: Metric) -> str:
    for term in terms:
        edition = report.forms.get(term.section)
        if edition is not None and edition not in definition.forms:
            return f"form {edition} does not have it"
    return ""


def reasons(excluded: Mapping[str, int]) -> str | None:
    """Why reports were left out, with how many: None if none were.

    Example:
        >>> reasons({"received/total is blank": 2})
        'received/total is blank (2)'
    """
    return "; ".join(f"{why} ({n})" for why, n in sorted(excluded.items())) or None


def finish(
    rows: list[dict[str, Any]],
    like: pd.DataFrame,
    keys: tuple[str, ...],
    definition: Metric,
    *,
    interval: str,
    kind: str = "",
) -> pd.DataFrame:
    """Rows as a frame with exact counts, the metric's texts in ``attrs``.

    Args:
        rows: one mapping per row.
        like: a frame whose key columns have the wanted types.
        keys: the columns grouped by.
        definition: the metric.
        interval: what ``low`` and ``high`` are.
        kind: what the value is, if not what the registry says.
    """
    frame = pd.DataFrame(rows, columns=[*keys, "part", *COLUMNS])
    for key in keys:
        frame[key] = frame[key].astype(like[key].dtype)
    frame = frame.astype(
        dict.fromkeys(_COUNTS, "Int64")
        | dict.fromkeys(_NUMBERS, "float64")
        | {"part": "string", "excluded": "string"}
    )
    frame.attrs.update(_about(definition))
    frame.attrs.update(kind=kind or definition.kind, by=keys, interval=interval)
    return frame


def _about(definition: Metric) -> dict[str, Any]:
    return {
        "metric": definition.name,
        "zh": definition.zh,
        "en": definition.en,
        "formula": definition.formula,
        "of_zh": definition.of_zh,
        "of_en": definition.of_en,
        "scale": definition.scale,
        "caveat_zh": definition.caveat_zh,
        "caveat_en": definition.caveat_en,
        "breaks": definition.breaks,
        "warnings": [],
    }
