"""Which figures of a report are plain, and what is kept of those that are not.

A figure is plain if nothing but the figure and what its whole section has in common need be kept: it is
reported and confirmed, printed as bare digits, neither implied nor corrected, and its sums and reader are
those of most of its section. All other cells go, whole, to the sparse rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.dataset.store.layout import STRAY, Place, base_rank, places, sections_of
from gxstats.dataset.store.locators import can_be_packed, packed
from gxstats.model import Fact, Key
from gxstats.schema import forms

if TYPE_CHECKING:
    from gxstats.report import Report

UNKNOWN = "none"
"""Stands in file names for facts whose form is not known, or not one of ours."""
_Row = tuple[Any, ...]
_COLUMNS = [
    name for name in Fact._fields if name not in ("section", "item", "measure", "form", "at", "reader")
]


class Parts(NamedTuple):
    """The rows one report adds to each file: (form, row)."""

    wide: list[tuple[str, _Row]]
    sparse: list[tuple[str, _Row]]
    locators: list[tuple[str, _Row]]


class _Cell(NamedTuple):
    """A fact with its place in the form, if it has one that is free, and its rank among the others."""

    fact: Fact
    place: Place | None
    rank: int


def split(report: Report) -> Parts:
    """Take the facts of a report apart into the rows of the wide, sparse and locator files."""
    cells = _placed(report.fact_rows)
    usual = _usual(cells, report.corrected)
    parts = Parts([], [], [])
    wide: dict[str, dict[str, Any]] = {}
    by_section: dict[tuple[str, str], dict[int, Any]] = {}
    for cell in cells:
        fact, place = cell.fact, cell.place
        corrected = report.corrected.get(fact.key)
        if place is not None:
            by_section.setdefault((place.form, place.section), {})[place.place] = fact.at
            common = _common(fact, place) == usual.get((place.form, place.section))
            if common and corrected is None and _is_plain(fact, place):
                figures = wide.setdefault(place.form, {})
                figures[place.column] = fact.amount if place.money else fact.value
                if place.money:
                    figures[f"{place.section}.unit"] = fact.unit
                continue
        parts.sparse.append(_sparse(report.document_id, cell, corrected))
    for name, figures in wide.items():
        parts.wide.append((name, _wide(report.document_id, name, figures, usual)))
    for (name, section), at in by_section.items():
        parts.locators.append((name, (report.document_id, name, section, *packed(at))))
    return parts


def _placed(facts: tuple[Fact, ...]) -> list[_Cell]:
    """Every fact with its place; the second of two for one cell, or one no form has, gets none."""
    known = {edition.form for edition in forms()}
    taken: set[tuple[str, Key]] = set()
    strays: Counter[int] = Counter()
    cells = []
    for fact in facts:
        place = places(fact.form).get(fact.key) if fact.form in known and fact.form else None
        if place is not None and (place.form, fact.key) not in taken and can_be_packed(fact.at):
            taken.add((place.form, fact.key))
            cells.append(_Cell(fact, place, place.rank))
        elif place is not None and (place.form, fact.key) not in taken:
            # Its locator does not fit the lists: the row keeps it.
            taken.add((place.form, fact.key))
            cells.append(_Cell(fact, None, place.rank))
        else:
            base = base_rank(fact.section)
            cells.append(_Cell(fact, None, base + STRAY + strays[base]))
            strays[base] += 1
    return cells


def _common(fact: Fact, place: Place) -> tuple[str, str, str | None]:
    """What a section keeps once: sums, reader and, for money, the unit, which only one cell has."""
    return (fact.sums, fact.reader, None if place.money else fact.unit)


def _usual(
    cells: list[_Cell], corrected: Mapping[Key, str]
) -> dict[tuple[str, str], tuple[str, str, str | None]]:
    """For each form and section, what most of its plain figures have in common."""
    counts: dict[tuple[str, str], Counter[tuple[str, str, str | None]]] = {}
    for fact, place, _ in cells:
        if place is not None and fact.key not in corrected and _is_plain(fact, place):
            counts.setdefault((place.form, place.section), Counter())[_common(fact, place)] += 1
    return {part: max(count, key=lambda said: (count[said], said[:2])) for part, count in counts.items()}


def _is_plain(fact: Fact, place: Place) -> bool:
    if fact.state != "reported" or fact.verdict != "confirmed" or fact.implied is not None:
        return False
    if place.money:
        return fact.value is None and fact.amount is not None and fact.raw == amount_text(fact.amount)
    return fact.amount is None and fact.unit is None and fact.raw == str(fact.value)


def amount_text(amount: Decimal) -> str:
    """How an amount is printed if nothing is odd about it: no exponent, no zeros at the end, no minus zero.

    Example:
        >>> amount_text(Decimal("1194.730000")), amount_text(Decimal("-0"))
        ('1194.73', '0')
    """
    return f"{amount:.6f}".rstrip("0").rstrip(".") if amount else "0"


def _sparse(document: str, cell: _Cell, corrected: str | None) -> tuple[str, _Row]:
    fact, place, rank = cell
    head = (rank, None if place is None else place.place, document, *fact.key, fact.form)
    body = [getattr(fact, name) for name in _COLUMNS]
    at = (None,) * 6 if place is not None else tuple(fact.at)
    form = fact.form if any(edition.form == fact.form for edition in forms()) else None
    return form or UNKNOWN, (*head, *body, *at, fact.reader, corrected)


def _wide(
    document: str,
    name: str,
    figures: Mapping[str, Any],
    usual: Mapping[tuple[str, str], tuple[str, str, str | None]],
) -> _Row:
    row: list[Any] = [document]
    for section, money in sections_of(name):
        row += usual.get((name, section), (None, None, None))[:2]
        if money:
            row.append(figures.get(f"{section}.unit"))
    return (*row, *(figures.get(cell.column) for cell in places(name).values()))
