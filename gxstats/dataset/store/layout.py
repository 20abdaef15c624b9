"""Where each cell of a form stands in the files of a release, and the columns those files have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from gxstats.dataset.order import columns_of
from gxstats.dataset.tables import table
from gxstats.model import Key
from gxstats.schema import form, forms, section_names

SPAN = 100_000
"""Ranks of one section; its cells come first, what no form has comes from ``STRAY`` on."""
STRAY = 50_000
SLOTS = ("n1", "n2", "n3", "n4")
BOX = ("page", "x0", "top", "width", "height")
KINDS = ("wide", "sparse", "locators")


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a form: ``place`` counts from 1 in its section, ``rank`` orders the cells of all forms."""

    form: str
    section: str
    item: str
    measure: str
    place: int
    rank: int
    money: bool
    column: str
    """Its column in the wide files of the form."""


@cache
def places(name: str) -> dict[Key, Place]:
    """The cells of a form by (section, item, measure), in print order.

    Example:
        >>> cell = places("f2021")["applications", "received", "total"]
        >>> cell.column, cell.place
        ('applications.received.total', 7)
    """
    order = _ranks()
    found = {}
    for part in form(name).sections:
        for number, (item, measure) in enumerate(part.cells(), 1):
            key = (part.section, item.item, measure.measure)
            found[key] = Place(name, *key, number, order[key], measure.kind == "money", ".".join(key))
    return found


@cache
def _ranks() -> dict[Key, int]:
    editions = tuple(f.form for f in forms())
    return {
        (section, item, measure): base_rank(section) + number
        for section in section_names()
        for number, (item, measure) in enumerate(columns_of(section, editions))
    }


def base_rank(section: str) -> int:
    """The rank at which a section begins; a section no form has comes last.

    Example:
        >>> base_rank("disclosure"), base_rank("disputes") - base_rank("applications") == SPAN
        (0, True)
    """
    names = section_names()
    return SPAN * (names.index(section) if section in names else len(names))


@cache
def sections_of(name: str) -> tuple[tuple[str, bool], ...]:
    """The sections of a form, and whether each holds money.

    Example:
        >>> sections_of("f2021")
        (('disclosure', True), ('applications', False), ('disputes', False))
    """
    cells = places(name).values()
    money = {c.section for c in cells if c.money}
    return tuple((s, s in money) for s in dict.fromkeys(c.section for c in cells))


def arrow_type(kind: str) -> Any:
    """The Arrow type of a type of ``tables.yaml``."""
    import pyarrow as pa

    return {
        "string": pa.string(),
        "Int64": pa.int64(),
        "boolean": pa.bool_(),
        "decimal(18,6)": pa.decimal128(18, 6),
    }[kind]


@cache
def table_schema(name: str) -> Any:
    """The Arrow schema of a table of ``tables.yaml``."""
    import pyarrow as pa

    return pa.schema([(c.column, arrow_type(c.type)) for c in table(name).columns])


@cache
def facts_schema(kind: str, edition: str) -> Any:
    """The Arrow schema of the files of one kind, as spooled: without what the reports say."""
    import pyarrow as pa

    if kind == "wide":
        fields: list[Any] = [("document_id", pa.string())]
        for section, money in sections_of(edition):
            usual = ("sums", "reader", "unit") if money else ("sums", "reader")
            fields += [(f"{section}.{name}", pa.string()) for name in usual]
        kinds = {True: pa.decimal128(18, 6), False: pa.int64()}
        return pa.schema([*fields, *((c.column, kinds[c.money]) for c in places(edition).values())])
    if kind == "sparse":
        own = [("rank", pa.int32()), ("place", pa.int16())]
        return pa.schema([*own, *((f.name, f.type) for f in table_schema("facts"))])
    names: list[Any] = [(name, pa.string()) for name in ("document_id", "form", "section")]
    lists = [(name, pa.list_(pa.int32())) for name in (*BOX, "which", *SLOTS)]
    return pa.schema([*names, ("templates", pa.list_(pa.string())), *lists])


@cache
def stored_schema(kind: str, edition: str) -> Any:
    """The Arrow schema of the files of one kind as released: year and division stand beside the document."""
    import pyarrow as pa

    known = [pa.field("year", pa.int64()), pa.field("division_code", pa.string())]
    return pa.schema([*facts_schema(kind, edition), *known])
