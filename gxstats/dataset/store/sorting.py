"""Bring spooled rows into the order of a release: by year, division and document.

What fits into memory is sorted there, the rest by DuckDB, on disk; the order is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gxstats.dataset.store.sql import literal, quoted

_BATCH = 8192
_ORDER = ("division_code", "document_id", "rank", "form", "section")


def by_year(table: Any, who: Any, schema: Any) -> Iterator[tuple[int | None, Any]]:
    """The rows of each year in their order; the unknown year comes last.

    Args:
        table: rows of one kind and form, as spooled.
        who: Arrow table with document_id, division_code and year of every report.
        schema: of the tables that are wanted.
    """
    import pyarrow.compute as pc

    told = who.group_by("document_id").aggregate([("division_code", "min"), ("year", "min")])
    at = pc.index_in(table["document_id"], told["document_id"].combine_chunks())
    for name in ("year", "division_code"):
        table = table.append_column(name, told[f"{name}_min"].take(at))
    keys = [("year", "ascending"), *((name, "ascending") for name in _ORDER if name in schema.names)]
    table = table.select(schema.names).take(pc.sort_indices(table, keys))  # nulls come last
    years = table["year"].to_pylist()
    starts = [n for n, year in enumerate(years) if n == 0 or year != years[n - 1]]
    for start, end in zip(starts, [*starts[1:], len(years)], strict=True):
        yield years[start], table.slice(start, end - start)


class Sorter:
    """DuckDB, sorting on disk what does not fit into its memory.

    Args:
        folder: for what does not fit.
        who: Arrow table with document_id, division_code and year of every report.
        memory: limit, such as ``1GB``.
    """

    def __init__(self, folder: Path, who: Any, memory: str) -> None:
        self._folder = folder
        self._who = who
        self._memory = memory

    def __enter__(self) -> Self:
        import duckdb

        self._duckdb = duckdb.connect(
            config={
                "memory_limit": self._memory,
                "temp_directory": str(self._folder),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }
        )
        self._duckdb.register("given", self._who)
        # The same bytes listed twice are one document.
        self._duckdb.execute(
            "CREATE TABLE who AS SELECT document_id, min(division_code) AS division_code, min(year) AS year"
            " FROM given GROUP BY document_id"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._duckdb.close()

    def years(self, files: Sequence[Path]) -> list[int | None]:
        """The years of the reports in these files; None, which comes last, stands for an unknown year."""
        if not files:
            return []
        found = self._duckdb.execute(
            f"SELECT DISTINCT year FROM {_read(files)} LEFT JOIN who USING (document_id) ORDER BY ALL"
        ).fetchall()
        return [year for (year,) in found]

    def batches(self, files: Sequence[Path], schema: Any, year: int | None) -> Iterator[Any]:
        """The rows of one year as Arrow record batches with the columns of ``schema``."""
        columns = ", ".join(quoted(name) for name in schema.names)
        by = ", ".join(f"{name} NULLS LAST" for name in _ORDER if name in schema.names)
        query = (
            f"SELECT {columns} FROM {_read(files)} LEFT JOIN who USING (document_id)"
            f" WHERE year IS NOT DISTINCT FROM {literal(year)} ORDER BY {by}"
        )
        # The reader, not a list: one year of a country does not fit into memory.
        yield from self._duckdb.sql(query).to_arrow_reader(_BATCH)


def _read(files: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(quoted(str(path), mark=chr(39)) for path in files)}])"
