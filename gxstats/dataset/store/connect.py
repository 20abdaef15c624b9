"""A DuckDB connection that sees the files of one release and nothing else."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from gxstats.dataset.store.layout import facts_schema, places
from gxstats.dataset.store.release import BrokenRelease, File, Release
from gxstats.dataset.store.sql import quoted
from gxstats.dataset.store.views import LOCATED, Asked, Sources, by_item, columns_of_facts, facts_sql
from gxstats.dataset.tables import table
from gxstats.errors import GxError

ALWAYS = ("reports", "checks", "issues", "prose", "statements", "unmatched_rows", "across")
"""Tables of reports that exist even if they have no rows."""


class BadQuery(GxError, ValueError):
    """DuckDB refuses a query, or it is not one ``SELECT``."""


def connect(folder: Path, release: Release, threads: int | None = None) -> Any:
    """Open the files of a release in memory, with a view for each table and kind of file.

    The connection can read these files only: no other file, no network, no extension that is not part of
    DuckDB itself, and queries cannot change that.
    """
    import duckdb

    root = folder.resolve()
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    if threads is not None:
        connection.execute(f"SET threads = {int(threads)}")
    allowed = ", ".join(quoted(str(root / f.path), "'") for f in release.files)
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    try:
        for name, query in _views(root, release):
            connection.execute(f"CREATE VIEW {quoted(name)} AS {query}")
    except duckdb.Error as error:
        connection.close()
        message = str(error).partition("\n")[0]
        raise BrokenRelease(message, hint="build it again", where=str(folder)) from error
    return connection


def select_only(query: str) -> None:
    """Make sure that a query is one statement that changes nothing.

    Raises:
        BadQuery: it is not.

    Example:
        >>> select_only("select 1")
    """
    import duckdb

    try:
        found = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise BadQuery(str(error).partition("\n")[0], hint="check the SQL") from error
    if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:
        raise BadQuery("only one SELECT can be run", hint="write results with pandas")


def sources_of(folder: Path, release: Release, years: Container[object] | None = None) -> Sources:
    """The files of the facts, as DuckDB reads them.

    Args:
        folder: where the release is.
        release: which files there are.
        years: only the files of these years.
    """

    def read(kind: str, name: str | None = None) -> str:
        files = [f for f in release.of_kind(kind, name) if years is None or f.year in years]
        return _read(folder.resolve(), files) if files else ""

    wide = {form: read("wide", form) for form in sorted({f.name for f in release.of_kind("wide")})}
    # Without locator files all cells are such as no form has, and keep their places themselves.
    return Sources({k: v for k, v in wide.items() if v}, read("sparse"), read("locators") or _no_locators())


def long_view(name: str, sources: Sources) -> str:
    """The query behind ``facts`` (with places), or ``cells`` (with year and division)."""
    cells = by_item(cell for form in sources.wide for cell in places(form).values())
    more = ("year", "division_code") if name == "cells" else ()
    query = facts_sql(Asked(cells, locators=name == "facts"), sources, more)
    known = [n for n in columns_of_facts() if name == "facts" or n not in LOCATED]
    nothing = ", NULL::BIGINT AS year, NULL::VARCHAR AS division_code" if more else ""
    return query or f"SELECT {', '.join(known)}{nothing} FROM ({_nothing('facts')})"


def _views(root: Path, release: Release) -> Iterator[tuple[str, str]]:
    given = {f.name for f in release.of_kind("table")}
    for name in sorted(given):
        yield name, f"FROM {_read(root, release.of_kind('table', name))}"
    for name in ALWAYS:
        if name not in given:
            yield name, _nothing(name)
    for form in sorted({f.name for f in release.of_kind("wide")}):
        yield f"wide_{form}", f"FROM {_read(root, release.of_kind('wide', form))}"
    for kind in ("sparse", "locators"):
        if release.of_kind(kind):
            yield kind, f"FROM {_read(root, release.of_kind(kind))}"


def _read(root: Path, files: list[File]) -> str:
    return f"read_parquet([{', '.join(quoted(str(root / f.path), chr(39)) for f in files)}])"


def _nothing(name: str) -> str:
    """A table without rows."""
    kinds = {"string": "VARCHAR", "Int64": "BIGINT", "boolean": "BOOLEAN", "decimal(18,6)": "DECIMAL(18,6)"}
    columns = ", ".join(f"NULL::{kinds[c.type]} AS {quoted(c.column)}" for c in table(name).columns)
    return f"SELECT {columns} WHERE false"


def _no_locators() -> str:
    import pyarrow as pa

    kinds = {pa.string(): "VARCHAR", pa.list_(pa.string()): "VARCHAR[]"}
    fields = facts_schema("locators", "")
    columns = ", ".join(f"NULL::{kinds.get(f.type, 'INTEGER[]')} AS {f.name}" for f in fields)
    return f"(SELECT {columns}, NULL::BIGINT AS year, NULL::VARCHAR AS division_code WHERE false)"
