"""From tidy facts to the operands of a metric: known, implied or unknown, report by report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from gxstats.analysis.registry import Term
from gxstats.errors import UnknownField
from gxstats.model import Key
from gxstats.schema import field_keys, form, forms

IDENTITY = ("document_id", "section", "item", "measure", "form", "value", "implied", "state")


class Operand(NamedTuple):
    """A sum over terms in one report: its value, how many cells were implied, and what is missing.

    ``value`` is None if a cell is unknown; ``why`` then says which.
    """

    value: int | None
    implied: int = 0
    why: str = ""


class ReportFigures(NamedTuple):
    """The counts of one report: key -> (number, whether it was implied), and the form per section."""

    cells: Mapping[Key, tuple[int, bool]]
    forms: Mapping[str, str]
    states: Mapping[Key, str]


def reports_of(facts: pd.DataFrame) -> dict[str, ReportFigures]:
    """document_id -> counts.

    Args:
        facts: rows with at least document_id, section, item, measure, form, value, implied, state.

    Raises:
        UnknownField: a needed column is missing.
    """
    missing = [c for c in IDENTITY if c not in facts.columns]
    if missing:
        raise UnknownField(f"the frame has no column {', '.join(missing)}", hint="pass gx.tidy(reports)")
    found: dict[str, tuple[dict[Key, tuple[int, bool]], dict[str, str], dict[Key, str]]] = {}
    columns = [facts[c].tolist() for c in IDENTITY]
    for document, section, item, measure, edition, value, implied, state in zip(*columns, strict=True):
        cells, editions, states = found.setdefault(document, ({}, {}, {}))
        key = (section, item, measure)
        states[key] = state
        if isinstance(edition, str):
            editions[section] = edition
        if not pd.isna(value):
            cells[key] = (int(value), False)
        elif not pd.isna(implied):
            cells[key] = (int(implied), True)
    return {document: ReportFigures(*parts) for document, parts in found.items()}


def evaluate(terms: Iterable[Term], report: ReportFigures) -> Operand:
    """The sum of terms in one report; unknown if any cell is.

    Example:
        >>> figures = ReportFigures({("applications", "received", "total"): (5, False)}, {}, {})
        >>> evaluate([Term(1, "applications", "received", "total")], figures)
        Operand(value=5, implied=0, why='')
    """
    total = implied = 0
    for term in terms:
        for key in cells_of(term, report.forms.get(term.section)):
            known = report.cells.get(key)
            if known is None:
                state = report.states.get(key, "no such row")
                return Operand(None, 0, f"{key[1]}/{key[2]} is {state}")
            total += term.sign * known[0]
            implied += known[1]
    return Operand(total, implied)


def cells_of(term: Term, edition: str | None) -> list[Key]:
    """The cells a term stands for in a form: one, or all of a group (its subtotal is not printed)."""
    exact = (term.section, term.item, term.measure)
    keys = field_keys(edition, term.section) if edition and _has(edition, term.section) else ()
    if not keys:
        # The form is not known: only what is the same in all of them can be named.
        return [exact]
    if exact in keys:
        return [exact]
    group = [k for k in keys if k[1].startswith(f"{term.item}.") and k[2] == term.measure]
    return group or [exact]


def _has(edition: str, section: str) -> bool:
    known = edition in {f.form for f in forms()}
    return known and any(s.section == section for s in form(edition).sections)
