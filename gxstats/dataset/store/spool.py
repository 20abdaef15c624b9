"""Rows on their way to the files of a release: kept in memory up to a limit, then on disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gxstats.dataset.store.layout import KINDS, facts_schema, table_schema

ROWS = 200_000
"""Rows of one kind that wait in memory."""
WIDE_ROWS = 2_000


class Spool:
    """Rows by kind (``wide``, ``sparse``, ``locators`` or the name of a table) and form.

    Args:
        folder: an existing folder for what does not stay in memory; the caller removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
        self._files: dict[tuple[str, str], list[Path]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, kind: str, form: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows, as tuples in the order of the schema."""
        waiting = self._rows.setdefault((kind, form), [])
        waiting.extend(rows)
        if len(waiting) >= (WIDE_ROWS if kind in ("wide", "locators") else ROWS):
            self._write(kind, form)

    def add_table(self, kind: str, form: str, table: Any) -> None:
        """Add a whole Arrow table."""
        import pyarrow.parquet as pq

        files = self._files.setdefault((kind, form), [])
        path = self._folder / f"{kind}~{form}~{len(files):06}.parquet"
        pq.write_table(table, path, compression="lz4")
        files.append(path)
        self._counts[kind, form] = self._counts.get((kind, form), 0) + table.num_rows

    def forms(self, kind: str) -> list[str]:
        """The forms for which there are rows of a kind."""
        return sorted(form for known, form in {*self._rows, *self._files} if known == kind)

    def files(self, kind: str, form: str = "") -> list[Path]:
        """The files that hold all rows of a kind, in the order they were added."""
        self._write(kind, form)
        return self._files.get((kind, form), [])

    def _write(self, kind: str, form: str) -> None:
        import pyarrow as pa

        rows = self._rows.pop((kind, form), [])
        if not rows:
            return
        schema = facts_schema(kind, form) if kind in KINDS else table_schema(kind)
        columns = zip(*rows, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        self.add_table(kind, form, pa.Table.from_arrays(arrays, schema=schema))
