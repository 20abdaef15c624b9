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
from operator import attrgetter
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
_Common = tuple[str, str, str | None]
_body = attrgetter(
    *(n for n in Fact._fields if n not in ("section", "item", "measure", "form", "at", "reader"))
)
"""What a sparse row says of a fact besides its key and place, in the order of the facts."""


class Parts(NamedTuple):
    """The rows one report adds to each file: (form, row)."""

    wide: list[tuple[str, _Row]]
    sparse: list[tuple[str, _Row]]
    locators: list[tuple[str, _Row]]


class _Cell(NamedTuple):
    """A fact with its place in the form, if it has one that is free, and its rank among the others.

    ``common`` is what its section keeps once (sums, reader and, but for money, the unit) if the figure is
    plain but for that; None if it is not.
    """

    fact: Fact
    key: Key
    place: Place | None
    rank: int
    common: _Common | None


def split(report: Report) -> Parts:
    """Take the facts of a report apart into the rows of the wide, sparse and locator files."""
    cells = _placed(report.fact_rows, report.corrected)
    usual = _usual(cells)
    parts = Parts([], [], [])
    wide: dict[str, dict[str, Any]] = {}
    by_section: dict[tuple[str, str], dict[int, Any]] = {}
    for cell in cells:
        fact, key, place, _, common = cell
        if place is not None:
            part = (place.form, place.section)
            by_section.setdefault(part, {})[place.place] = fact.at
            if common is not None and common == usual[part]:
                figures = wide.setdefault(place.form, {})
                figures[place.column] = fact.amount if place.money else fact.value
                if place.money:
                    figures[f"{place.section}.unit"] = fact.unit
                continue
        parts.sparse.append(_sparse(report.document_id, cell, report.corrected.get(key)))
    for name, figures in wide.items():
        parts.wide.append((name, _wide(report.document_id, name, figures, usual)))
    for (name, section), at in by_section.items():
        parts.locators.append((name, (report.document_id, name, section, *packed(at))))
    return parts


def _placed(facts: tuple[Fact, ...], corrected: Mapping[Key, str]) -> list[_Cell]:
    """Every fact with its place; the second of two for one cell, or one no form has, gets none."""
    taken: set[tuple[str, Key]] = set()
    strays: Counter[int] = Counter()
    cells = []
    for fact in facts:
        key = fact[:3]  # section, item and measure: asked for by name, this costs three times as much
        name = fact.form
        place = places(name).get(key) if name is not None and name in _known() else None
        if place is None or (name, key) in taken:
            base = base_rank(fact.section)
            cells.append(_Cell(fact, key, None, base + STRAY + strays[base], None))
            strays[base] += 1
            continue
        taken.add((place.form, key))
        if not can_be_packed(fact.at):  # its locator does not fit the lists: the row keeps it
            cells.append(_Cell(fact, key, None, place.rank, None))
            continue
        plain = _is_plain(fact, place) and key not in corrected
        common = (fact.sums, fact.reader, None if place.money else fact.unit) if plain else None
        cells.append(_Cell(fact, key, place, place.rank, common))
    return cells


@cache
def _known() -> frozenset[str]:
    return frozenset(edition.form for edition in forms())


def _usual(cells: list[_Cell]) -> dict[tuple[str, str], _Common]:
    """For each form and section, what most of its plain figures have in common."""
    counts: dict[tuple[str, str], Counter[_Common]] = {}
    for _, _, place, _, common in cells:
        if place is not None and common is not None:
            counts.setdefault((place.form, place.section), Counter())[common] += 1
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
    fact, key, place, rank, _ = cell
    head = (rank, None if place is None else place.place, document, *key, fact.form)
    at = (None,) * 6 if place is not None else tuple(fact.at)
    form = fact.form if fact.form in _known() else None
    return form or UNKNOWN, (*head, *_body(fact), *at, fact.reader, corrected)


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
