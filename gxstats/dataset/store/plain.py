"""Which figures of a report are plain, and what is kept of those that are not.

A figure is plain if nothing but the figure and what its whole section has in common need be kept: it is
reported and confirmed, printed as bare digits, neither implied nor corrected, and its sums and reader are
those of most of its section. All other cells go, whole, to the sparse rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.dataset.store.layout import STRAY, Place, base_rank, places, sections_of
from gxstats.dataset.store.locators import can_be_packed, packed
from gxstats.model import NOWHERE, Fact, Key
from gxstats.schema import forms

if TYPE_CHECKING:
    from gxstats.report import Report

UNKNOWN = "none"
"""Stands in file names for facts whose form is not known, or not one of ours."""
_Row = tuple[Any, ...]
_Common = tuple[str, str, str | None]
_AT = Fact._fields.index("at")


class Parts(NamedTuple):
    """The rows one report adds to each file: (form, row)."""

    wide: list[tuple[str, _Row]]
    sparse: list[tuple[str, _Row]]
    locators: list[tuple[str, _Row]]


_Cell = tuple[Fact, "Place | None", int, "_Common | None"]
"""A fact with its place in the form, if it has one that is free, and its rank among the others.

The last is what its section keeps once (sums, reader and, but for money, the unit) if the figure is plain but
for that; None if it is not. Plain tuples: there are hundreds in a report.
"""


def split(report: Report) -> Parts:
    """Take the facts of a report apart into the rows of the wide, sparse and locator files."""
    document, corrected = report.document_id, report.corrected
    cells = _placed(report.fact_rows, corrected)
    usual = _usual(cells)
    parts = Parts([], [], [])
    wide: dict[str, dict[str, Any]] = {}
    by_section: dict[tuple[str, str], dict[int, Any]] = {}
    for fact, place, rank, common in cells:
        if place is not None:
            part = (place.form, place.section)
            if part not in by_section:
                by_section[part] = {}
            by_section[part][place.place] = fact[_AT]
            if common is not None and common == usual[part]:
                figures = wide.setdefault(place.form, {})
                figures[place.column] = fact.amount if place.money else fact.value
                if place.money:
                    figures[f"{place.section}.unit"] = fact.unit
                continue
        parts.sparse.append(_sparse(document, fact, place, rank, corrected.get(fact[:3])))
    for name, figures in wide.items():
        parts.wide.append((name, _wide(document, name, figures, usual)))
    for (name, section), at in by_section.items():
        parts.locators.append((name, (document, name, section, *packed(at))))
    return parts


def _placed(facts: tuple[Fact, ...], corrected: Mapping[Key, str]) -> list[_Cell]:
    """Every fact with its place; the second of two for one cell, or one no form has, gets none."""
    taken: set[int] = set()
    strays: Counter[int] = Counter()
    forms_known = _places()
    cells: list[_Cell] = []
    for fact in facts:
        # Taken apart at once: asking a fact for its parts by name costs three times as much.
        section, item, measure, name, value, amount, unit, implied, state, verdict, sums, raw, at, reader = (
            fact
        )
        key = (section, item, measure)
        place = forms_known[name].get(key) if name in forms_known else None
        if place is None or id(place) in taken:  # places are made once
            base = base_rank(fact.section)
            cells.append((fact, None, base + STRAY + strays[base], None))
            strays[base] += 1
            continue
        taken.add(id(place))
        common: _Common | None = None
        if not can_be_packed(at):  # its locator does not fit the lists: the row keeps it
            cells.append((fact, None, place.rank, None))
            continue
        if state == "reported" and verdict == "confirmed" and implied is None and key not in corrected:
            if not place.money:
                if amount is None and unit is None and raw == str(value):
                    common = (sums, reader, unit)
            elif value is None and amount is not None and raw == amount_text(amount):
                common = (sums, reader, None)
        cells.append((fact, place, place.rank, common))
    return cells


@cache
def _places() -> dict[str | None, dict[Key, Place]]:
    return {edition.form: places(edition.form) for edition in forms()}


def _usual(cells: list[_Cell]) -> dict[tuple[str, str], _Common]:
    """For each form and section, what most of its plain figures have in common."""
    said = Counter(
        [
            ((place.form, place.section), common)
            for _, place, _, common in cells
            if place is not None and common is not None
        ]
    )
    counts: dict[tuple[str, str], dict[_Common, int]] = {}
    for (part, common), count in said.items():
        counts.setdefault(part, {})[common] = count
    return {part: max(count, key=lambda c: (count[c], c[:2])) for part, count in counts.items()}


def amount_text(amount: Decimal) -> str:
    """How an amount is printed if nothing is odd about it: no exponent, no zeros at the end, no minus zero.

    Example:
        >>> amount_text(Decimal("1194.730000")), amount_text(Decimal("-0"))
        ('1194.73', '0')
    """
    return f"{amount:.6f}".rstrip("0").rstrip(".") if amount else "0"


def _sparse(
    document: str, fact: Fact, place: Place | None, rank: int, corrected: str | None
) -> tuple[str, _Row]:
    at = NOWHERE if place is not None else fact.at
    head = (rank, None if place is None else place.place, document)
    name = fact.form if fact.form in _places() else None
    return name or UNKNOWN, (*head, *fact[:_AT], *at, fact.reader, corrected)


def _wide(
    document: str, name: str, figures: Mapping[str, Any], usual: Mapping[tuple[str, str], _Common]
) -> _Row:
    row: list[Any] = [document]
    for section, money in sections_of(name):
        row += usual.get((name, section), (None, None, None))[:2]
        if money:
            row.append(figures.get(f"{section}.unit"))
    return (*row, *map(figures.get, _columns(name)))


@cache
def _columns(name: str) -> tuple[str, ...]:
    return tuple(cell.column for cell in places(name).values())
