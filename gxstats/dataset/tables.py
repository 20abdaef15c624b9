"""The columns of every table as data: names, types, meanings, in ``tables.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gxstats.errors import UnknownField
from gxstats.schema.source import Node, read_yaml

_FILE = Path(__file__).with_name("tables.yaml")
_TYPES = ("string", "Int64", "boolean", "decimal(18,6)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``required`` means never null, ``values`` all it may hold."""

    column: str
    type: str
    required: bool
    en: str
    zh: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table with its columns in order."""

    table: str
    en: str
    zh: str
    columns: tuple[Column, ...]


@cache
def tables() -> tuple[TableSpec, ...]:
    """All tables.

    Raises:
        SchemaError: the data file is faulty; names file and line.

    Example:
        >>> [t.table for t in tables()][:4]
        ['facts', 'reports', 'checks', 'issues']
    """
    node = read_yaml(_FILE)
    node.only("schema_version tables")
    return tuple(_table(n) for n in node.each("tables"))


def table(name: str) -> TableSpec:
    """The table called ``name``.

    Raises:
        UnknownField: no such table.

    Example:
        >>> table("facts").columns[5].type
        'Int64'
    """
    for spec in tables():
        if spec.table == name:
            return spec
    raise UnknownField(
        f"no table is called {name!r}", hint=f"there are {', '.join(t.table for t in tables())}"
    )


def _table(node: Node) -> TableSpec:
    node.only("table en zh columns")
    columns = tuple(_column(n) for n in node.each("columns"))
    node.unique([c.column for c in columns], "column")
    return TableSpec(node.text("table"), node.text("en"), node.text("zh"), columns)


def _column(node: Node) -> Column:
    node.only("column type required values en zh")
    return Column(
        node.text("column"),
        node.choice("type", _TYPES),
        bool(node.get("required")),
        node.text("en"),
        node.text("zh"),
        node.texts("values", optional=True),
    )


SCHEMA_VERSION = "1"
