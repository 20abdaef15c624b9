"""Reviewed corrections of readings: ``data/corrections.csv``, for what no reader can know.

A line holds for the bytes it was made for and for the reading it was made of. If either is another
now, the line is refused: somebody must look at the source again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from gxstats.check import compare_prose, judge
from gxstats.errors import SchemaError
from gxstats.model import Fact, Field, Figure, Key
from gxstats.paths import data_path
from gxstats.schema import Kind, forms

if TYPE_CHECKING:
    from gxstats.report import Report, Reports

_COLUMNS = ["sha256", "section", "item", "measure", "read", "true", "reason", "reviewer", "date"]
_STATES = ("blank", "dash", "text", "absent", "unreadable")
_MONEY = re.compile(r"(-?\d+(?:\.\d{1,6})?)\s*(\D*)")
Others = Literal["refuse", "leave"]


class Correction(NamedTuple):
    """One line: ``read`` and ``true`` are figures, or the state of a cell that holds none."""

    sha256: str
    key: Key
    read: str
    true: str
    reason: str
    reviewer: str
    date: str
    where: str


Given = Iterable[Correction] | Path | None


def load_corrections(path: Path | None = None) -> tuple[Correction, ...]:
    """Read corrections.

    Args:
        path: a CSV with the columns of ``data/corrections.csv``, which is read by default.

    Raises:
        SchemaError: a column or cell is missing, a figure is none, a field does not exist, or a cell is
            corrected twice; names file and line.

    Example:
        >>> all(c.reviewer and c.reason for c in load_corrections())
        True
    """
    path = path or data_path("corrections.csv")
    found: dict[tuple[str, Key], Correction] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise SchemaError("the columns must be " + ", ".join(_COLUMNS), where=f"{path}:1")
        for row in reader:
            correction = _correction(row, f"{path}:{reader.line_num}")
            if (correction.sha256, correction.key) in found:
                raise SchemaError("this cell is corrected twice", where=correction.where)
            found[correction.sha256, correction.key] = correction
    return tuple(found.values())


@overload
def correct(reports: Report, corrections: Given = None, *, others: Others = "refuse") -> Report: ...
@overload
def correct(reports: Reports, corrections: Given = None, *, others: Others = "refuse") -> Reports: ...
def correct(
    reports: Report | Reports, corrections: Given = None, *, others: Others = "refuse"
) -> Report | Reports:
    """Apply corrections and check every report that changes anew.

    Args:
        reports: a report or several.
        corrections: the corrections or their file; by default those shipped with gxstats.
        others: what becomes of corrections for files that are not here: ``refuse`` them, for they are
            stale if this is everything, or ``leave`` them alone.

    Returns:
        New reports. A corrected fact has the true figure, ``corrected_from`` (what was read), and a
        ``reader`` that names the reviewer; ``implied``, ``sums`` and the checks follow from it.

    Raises:
        SchemaError: the sha256 is not that of a file here, the file has no such cell, or another figure
            was read; ``where`` names the line of the correction.

    Example:
        >>> import gxstats as gx
        >>> reports = gx.load_published()
        >>> sha256 = reports[0].meta["sha256"]
        >>> len(correct(reports, others="leave")) == len(reports)
        True
    """
    if corrections is None or isinstance(corrections, Path):
        corrections = load_corrections(corrections)
    items: list[Report] = list(reports) if isinstance(reports, Sequence) else [reports]
    found: dict[str, dict[Key, Correction]] = {}
    for correction in corrections:
        document = _document(items, correction, others)
        if document is not None:
            found.setdefault(document, {})[correction.key] = correction
    changed = [_corrected(r, found[r.document_id]) if r.document_id in found else r for r in items]
    if isinstance(reports, Sequence):
        return type(reports)(tuple(changed))
    return changed[0]


def _document(items: Iterable[Report], correction: Correction, others: str) -> str | None:
    """The document_id of the report whose cell a correction means; None if it is to be left alone."""
    here = {r.document_id: r for r in items if str(r.meta.get("sha256"))[:16] == correction.sha256[:16]}
    if any(r.meta["sha256"] != correction.sha256 for r in here.values()) or (not here and others == "refuse"):
        raise SchemaError(
            f"no file has the sha256 {correction.sha256[:16]}...",
            hint="the file has changed or is not here: look at the source again",
            where=correction.where,
        )
    if not here:
        return None
    cells = {name: fact for name, r in here.items() if (fact := r.fact(*correction.key)) is not None}
    read = {name: fact for name, fact in cells.items() if _was_read(fact, correction.read)}
    if not read:
        said = ", ".join(dict.fromkeys(_read(fact) for fact in cells.values())) or "no such cell"
        raise SchemaError(
            f"{'/'.join(correction.key)}: {said} is read here, not {correction.read}",
            hint="look at the source again",
            where=correction.where,
        )
    if len(read) > 1:
        raise SchemaError(
            "the file holds several reports with this reading of the cell", where=correction.where
        )
    return next(iter(read))


def _correction(row: dict[str, str], where: str) -> Correction:
    if None in row or not all(row.values()):
        raise SchemaError("every column must be filled", where=where)
    if not re.fullmatch(r"[0-9a-f]{64}", row["sha256"]):
        raise SchemaError(f"{row['sha256']!r} is no sha256", where=where)
    try:
        date.fromisoformat(row["date"])
    except ValueError as error:
        raise SchemaError(f"{row['date']!r} is no date", hint="write 2026-01-31", where=where) from error
    key = (row["section"], row["item"], row["measure"])
    kinds = _kinds(key)
    if not kinds:
        raise SchemaError(f"no form has {'/'.join(key)}", where=where)
    for name in ("read", "true"):
        pattern = _MONEY if kinds == {"money"} else re.compile(r"-?\d+" if "signed" in kinds else r"\d+")
        if row[name] not in _STATES and not pattern.fullmatch(row[name]):
            raise SchemaError(
                f"{name}: {row[name]!r} is neither a figure nor one of {', '.join(_STATES)}", where=where
            )
    if row["read"] == row["true"]:
        raise SchemaError("what was read is what is true", where=where)
    return Correction(
        row["sha256"], key, row["read"], row["true"], row["reason"], row["reviewer"], row["date"], where
    )


def _kinds(key: Key) -> set[Kind]:
    return {
        measure.kind
        for edition in forms()
        for part in edition.sections
        if part.section == key[0]
        for item, measure in part.cells()
        if (item.item, measure.measure) == key[1:]
    }


def _corrected(report: Report, corrections: dict[Key, Correction]) -> Report:
    """The report with its corrections, checked anew."""
    fields: dict[Key, Field] = {}
    readers: dict[Key, str] = {}
    for fact in report.fact_rows:
        figure = Figure(
            fact.state, fact.value, fact.amount, fact.unit, fact.raw, fact.at, fact.verdict == "confirmed"
        )
        correction = corrections.get(fact.key)
        readers[fact.key] = fact.reader
        if correction is not None:
            figure = _figure(figure, correction.true, fact)
            readers[fact.key] += f"; corrected by {correction.reviewer}"
        # Verdicts stay as they are: two readings stand for confirmed, one that says otherwise for disputed.
        doubted = (("", figure),) if fact.verdict == "disputed" and correction is None else ()
        fields[fact.key] = Field(fact.form, figure, 2 if figure.exact else 1, others=doubted)
    checked = judge(fields, "")
    facts = tuple(fact._replace(reader=readers[fact.key]) for fact in checked.facts)
    # What a check says stands if it says the same: the causes were told with all readings at hand.
    before = {(c.rule, c.section, c.where, c.lhs, c.rhs, c.status): c for c in report.check_rows}
    checks = tuple(
        before.get((c.rule, c.section, c.where, c.lhs, c.rhs, c.status), c)
        for c in (*checked.checks, *compare_prose(report.statement_rows, facts))
    )
    corrected = {**report.corrected, **{key: c.read for key, c in corrections.items()}}
    # Built anew: what the report has cached is about the old facts.
    return type(report)(
        report.meta,
        facts,
        checks,
        report.issue_rows,
        report.prose_rows,
        report.unmatched,
        corrected,
        report.statement_rows,
    )


def _read(fact: Fact) -> str:
    """What was read, as a line of the corrections says it."""
    if fact.value is not None:
        return str(fact.value)
    if fact.amount is not None:
        return f"{fact.amount:f}{fact.unit or ''}"
    return fact.state


def _was_read(fact: Fact, text: str) -> bool:
    match = _MONEY.fullmatch(text)
    if fact.amount is not None and match:
        return Decimal(match[1]) == fact.amount and match[2] in ("", fact.unit)
    return _read(fact) == text


def _figure(read: Figure, true: str, fact: Fact) -> Figure:
    if true in _STATES:
        return read._replace(state=true, value=None, amount=None, exact=True)  # type: ignore[arg-type]
    if _kinds(fact.key) == {"money"}:
        match = _MONEY.fullmatch(true)
        assert match is not None, "the loader has seen to it"
        return read._replace(
            state="reported", value=None, amount=Decimal(match[1]), unit=match[2] or fact.unit, exact=True
        )
    return read._replace(state="reported", value=int(true), amount=None, exact=True)
