"""Groups of reports: which columns they are made by, what they add up to, how a result looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gxstats.analysis.operands import Operand, ReportFigures, evaluate, reports_of
from gxstats.analysis.registry import Metric, Term
from gxstats.errors import UnknownField

_COLUMNS = (
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


@dataclass(slots=True)
class Tally:
    """What one group of reports adds up to."""

    numerator: int = 0
    denominator: int = 0
    reports: int = 0
    implied: int = 0
    excluded: Counter[str] = field(default_factory=Counter)


def group_columns(facts: pd.DataFrame, by: Sequence[str]) -> tuple[str, ...]:
    """The columns to group by: those asked for, and ``scope`` where the frame has it."""
    missing = [c for c in by if c not in facts.columns]
    if missing:
        raise UnknownField(f"the frame has no column {', '.join(missing)}", hint="pass gx.tidy(reports)")
    keys = tuple(by)
    if "scope" in facts.columns and "scope" not in keys and facts["scope"].nunique(dropna=False) > 1:
        keys = (*keys, "scope")
    return keys


def grouped(facts: pd.DataFrame, keys: tuple[str, ...]) -> dict[tuple[Any, ...], list[ReportFigures]]:
    """Group key -> the figures of its reports, sorted by key; unknown years and agencies stay groups."""
    documents = facts.drop_duplicates("document_id")
    figures = reports_of(facts)
    names = [[None if pd.isna(v) else v for v in documents[k]] for k in keys]
    found: dict[tuple[Any, ...], list[ReportFigures]] = {}
    for document, *group in zip(documents["document_id"], *names, strict=True):
        found.setdefault(tuple(group), []).append(figures[document])
    return dict(sorted(found.items(), key=lambda kv: tuple((v is None, str(v)) for v in kv[0])))


def add_up(reports: list[ReportFigures], terms: tuple[Term, ...], definition: Metric) -> Tally:
    """Add numerators and denominators over the reports in which both are known."""
    tally = Tally()
    for report in reports:
        wrong_form = _other_form(report, (*terms, *definition.denominator), definition)
        above = evaluate(terms, report)
        below = evaluate(definition.denominator, report) if definition.denominator else Operand(0)
        why = wrong_form or above.why or below.why
        if why or above.value is None or below.value is None:
            tally.excluded[why] += 1
            continue
        tally.numerator += above.value
        tally.denominator += below.value
        tally.reports += 1
        tally.implied += above.implied + below.implied
    return tally


def _other_form(report: ReportFigures, terms: tuple[Term, ...], definition: Metric) -> str:
    for term in terms:
        edition = report.forms.get(term.section)
        if edition is not None and edition not in definition.forms:
            return f"form {edition} does not have it"
    return ""


def finish(
    rows: list[dict[str, Any]], keys: tuple[str, ...], definition: Metric, method: str
) -> pd.DataFrame:
    """Rows as a frame with exact counts, the metric's texts in ``attrs``."""
    frame = pd.DataFrame(rows, columns=[*keys, "part", *_COLUMNS])
    for column in ("numerator", "denominator", "n_reports", "n_implied", "n_excluded"):
        frame[column] = frame[column].astype("Int64")
    for column in ("value", "low", "high"):
        frame[column] = frame[column].astype("float64")
    frame.attrs = {
        "metric": definition.name,
        "zh": definition.zh,
        "en": definition.en,
        "formula": definition.formula,
        "caveat_zh": definition.caveat_zh,
        "caveat_en": definition.caveat_en,
        "breaks": definition.breaks,
        "interval": "garwood" if definition.kind in ("count", "rate") else method,
    }
    return frame
