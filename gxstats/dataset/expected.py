"""Which reports are expected: the registry of publishers by year, or a list that a user gives."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gxstats.align.identity.bodies import read_body
from gxstats.align.identity.titles import plain_text
from gxstats.crawl.sources import COLUMNS as SOURCE_COLUMNS
from gxstats.crawl.sources import Source, read_sources, registry
from gxstats.errors import InputMissing, SchemaError
from gxstats.places.divisions import lineage_of
from gxstats.places.typed_csv import Line
from gxstats.schema.due import last_year_due

if TYPE_CHECKING:
    import pandas as pd

EVERYBODY = "*"
"""The agency of a list that many publish on."""
COLUMNS = ("source_id", "division_code", "agency", "agency_id", "year", "scope", "note")
"""The columns a list of expected reports may have; ``year`` and ``agency`` or ``agency_id`` it must have."""
_SCOPES = frozenset({"", "body", "summary"})
_OF_ALL_BELOW = ("government", "zone_committee")


@dataclass(frozen=True, slots=True)
class Expected:
    """One report that is expected; "" and None where the list does not say."""

    year: int
    agency: str = ""
    agency_id: str = ""
    division_code: str = ""
    scope: str | None = None
    source_id: str = ""
    note: str = ""

    @property
    def place(self) -> str:
        """The division over all its names."""
        return lineage_of(self.division_code, self.year) if self.division_code else ""

    @property
    def usual_scope(self) -> str | None:
        """What a report of this body covers unless it says otherwise: a government's, all below it too."""
        if self.scope or not self.agency_id:
            return self.scope
        return "summary" if self.agency_id in _OF_ALL_BELOW else "body"


def read_expected(path: str | PathLike[str]) -> tuple[Expected, ...]:
    r"""Read a list of the reports that are due, strictly.

    The file is CSV in UTF-8 with a head. Columns, in any order: ``year`` (four digits) and ``agency`` (its
    name) or ``agency_id`` in every line; if known ``division_code`` (six digits, GB/T 2260), ``scope``
    (``body`` or ``summary``), ``source_id`` (of the registry) and ``note``.

    Raises:
        InputMissing: there is no such file.
        SchemaError: a column or value is wrong, or a line occurs twice; names file and line.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "expected.csv"
        ...     _ = file.write_text("agency,year\n宿迁市人民政府,2024\n", encoding="utf-8")
        ...     read_expected(file)[0].agency_id
        'government'
    """
    path = Path(path)
    try:
        # What a spreadsheet writes as UTF-8 begins with a mark that is no part of the first name.
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return tuple(_unique(_lines(path, csv.reader(stream, strict=True))))
    except FileNotFoundError:
        raise InputMissing("there is no such file", hint="check the path", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise SchemaError("this is not UTF-8", hint="save it as CSV UTF-8", where=str(path)) from error
    except csv.Error as error:
        raise SchemaError("this is not valid CSV", hint=str(error), where=str(path)) from error


def expected_reports(
    given: pd.DataFrame | str | PathLike[str] | None, years: Iterable[int] | None, on: date
) -> tuple[list[Expected], list[Source]]:
    """The reports that are expected by name, and the lists that many publish on.

    Args:
        given: a list of reports (a file, or a frame with the same columns), a registry of publishers (a
            file, or what :func:`gxstats.sources` gives), or None for the registry that is shipped.
        years: only these; of a publisher by default from its first year to the last that is due.
        on: the day that says which years are due.
    """
    wanted = None if years is None else sorted(set(years))
    found = _given(given)
    named, lists = [], []
    for each in found:
        if isinstance(each, Expected):
            if wanted is None or each.year in wanted:
                named.append(each)
        elif each.agency == EVERYBODY:
            lists.append(each)
        else:
            named += _every_year(each, wanted, on)
    return named, lists


def years_of(source: Source, wanted: Iterable[int] | None, scope: str | None, on: date) -> list[int]:
    """The years a publisher is expected to have reported on; without a first year only the last due."""
    if wanted is not None:
        return [*wanted]
    last = last_year_due(scope, on)
    return [*range(min(source.first_year or last, last), last + 1)]


def _every_year(source: Source, wanted: Iterable[int] | None, on: date) -> Iterator[Expected]:
    one = completed(Expected(0, source.agency, "", source.division_code, None, source.source_id))
    for year in years_of(source, wanted, one.usual_scope, on):
        yield replace(one, year=year)


def _given(given: pd.DataFrame | str | PathLike[str] | None) -> Iterable[Expected | Source]:
    if given is None:
        return registry()
    if isinstance(given, str | PathLike):
        with_list = Path(given).is_file() and _head(Path(given)) == list(SOURCE_COLUMNS)
        return read_sources(given) if with_list else read_expected(given)
    rows = given.astype(object).where(given.notna(), "")
    if "list_url" in rows.columns:
        return [_source(row) for row in rows.to_dict("records")]
    head = [str(name) for name in rows.columns if name in COLUMNS]
    table = [[_text(value) for value in row] for row in rows[head].itertuples(index=False)]
    return tuple(_unique(_checked(Path("expected"), head, enumerate(table, 1))))


def _source(row: Mapping[Any, Any]) -> Source:
    first = _text(row.get("first_year", ""))
    return Source(
        source_id=_text(row.get("source_id", "")),
        platform=_text(row.get("platform", "")),
        list_url=_text(row.get("list_url", "")),
        division_code=_text(row.get("division_code", "")),
        agency=_text(row.get("agency", "")),
        first_year=int(first) if first else None,
    )


def _text(value: object) -> str:
    # Years that stood beside missing ones are floats.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _head(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="", errors="replace") as stream:
        return next(csv.reader(stream), [])


def _lines(path: Path, rows: Iterator[list[str]]) -> Iterator[tuple[Line, Expected]]:
    head = next(rows, [])
    if unknown := [name for name in head if name not in COLUMNS]:
        hint = f"there are {', '.join(COLUMNS)}"
        raise SchemaError(f"no column is called {unknown[0]!r}", hint=hint, where=f"{path}:1")
    yield from _checked(path, head, enumerate(rows, 2))


def _checked(
    path: Path, head: list[str], rows: Iterable[tuple[int, list[str]]]
) -> Iterator[tuple[Line, Expected]]:
    if "year" not in head or not {"agency", "agency_id"} & set(head) or len(set(head)) < len(head):
        hint = "each column once: year, and agency or agency_id"
        raise SchemaError("a column is missing or occurs twice", hint=hint, where=f"{path}:1")
    for number, cells in rows:
        if len(cells) != len(head):
            message = f"{len(head)} cells are needed, found {len(cells)}"
            raise SchemaError(message, where=f"{path}:{number}")
        values = dict.fromkeys(COLUMNS, "") | {n: c.strip() for n, c in zip(head, cells, strict=True)}
        line = Line(path, number, values)
        yield line, _expected(line)


def _expected(line: Line) -> Expected:
    year = line.year("year")
    if year is None:
        raise line.fault("year", "a year is needed")
    if not line.optional("agency_id"):
        line.text("agency")
    code = line.code("division_code", 6) if line.optional("division_code") else ""
    scope = line.choice("scope", _SCOPES) or None
    named = Expected(year, line.optional("agency"), line.optional("agency_id"), code, scope)
    return completed(replace(named, source_id=line.optional("source_id"), note=line.optional("note")))


def _unique(lines: Iterable[tuple[Line, Expected]]) -> Iterator[Expected]:
    seen: set[Expected] = set()
    for line, each in lines:
        report = replace(each, source_id="", note="")
        if report in seen:
            raise line.fault("year", f"{each.agency or each.agency_id} {each.year} occurs twice")
        seen.add(report)
        yield each


def completed(each: Expected) -> Expected:
    """With what the name says, where nothing else is said: the division and the kind of body.

    Example:
        >>> completed(Expected(2024, "洪泽区财政局")).agency_id
        'finance'
    """
    division, agency_id = named_body(each.agency)
    code = each.division_code or division
    return replace(each, division_code=code, agency_id=each.agency_id or agency_id)


@cache
def named_body(agency: str) -> tuple[str, str]:
    """Division and kind of the body with a name; "" for what the name does not prove."""
    body = read_body(plain_text(agency))
    places = [place.covers or place.code for place in body.divisions]
    return places[0] if len(places) == 1 else "", body.match.agency_id if body.match else ""
