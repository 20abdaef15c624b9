"""Rows on their way to the files of a release: kept in memory up to a limit, then on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from gxstats.dataset.store.layout import KINDS, facts_schema, table_schema

ROWS = 200_000
"""Rows of one kind that wait as Python values."""
WIDE_ROWS = 2_000
MEMORY = 256 << 20
"""Bytes of tables that stay in memory, some ten thousand reports; what is more goes to disk."""
_Key = tuple[str, str]


class Spool:
    """Rows by kind (``wide``, ``sparse``, ``locators`` or the name of a table) and form.

    Args:
        folder: an existing folder for what does not stay in memory; the caller removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[_Key, list[tuple[Any, ...]]] = {}
        self._tables: dict[_Key, list[Any]] = {}
        self._files: dict[_Key, list[Path]] = {}
        self._held = 0

    def add(self, kind: str, form: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows, as tuples in the order of the schema."""
        waiting = self._rows.setdefault((kind, form), [])
        waiting.extend(rows)
        if len(waiting) >= (WIDE_ROWS if kind in ("wide", "locators") else ROWS):
            self._convert((kind, form))

    def add_table(self, kind: str, form: str, table: Any) -> None:
        """Add a whole Arrow table."""
        self._tables.setdefault((kind, form), []).append(table)
        self._held += table.nbytes
        if self._held > MEMORY:
            for key in [*self._tables]:
                self._spill(key)

    def forms(self, kind: str) -> list[str]:
        """The forms for which there are rows of a kind."""
        return sorted(form for known, form in {*self._rows, *self._tables, *self._files} if known == kind)

    def whole(self, kind: str, form: str = "") -> Any | None:
        """All rows of a kind as one table, in the order they were added; None if some are on disk."""
        import pyarrow as pa

        key = (kind, form)
        self._convert(key)
        if key in self._files:
            return None
        return pa.concat_tables(self._tables.get(key) or [_schema(key).empty_table()])

    def files(self, kind: str, form: str = "") -> list[Path]:
        """The files that hold all rows of a kind, in the order they were added."""
        key = (kind, form)
        self._convert(key)
        self._spill(key)
        return self._files.get(key, [])

    def batches(self, kind: str, form: str = "") -> Iterator[Any]:
        """All rows of a kind in the order they were added, as Arrow tables or record batches."""
        import pyarrow.parquet as pq

        self._convert((kind, form))
        for path in self._files.get((kind, form), []):
            yield from pq.ParquetFile(path).iter_batches()
        yield from self._tables.get((kind, form), [])

    def _convert(self, key: _Key) -> None:
        if rows := self._rows.pop(key, []):
            self.add_table(*key, table_of_rows(*key, rows))

    def _spill(self, key: _Key) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if tables := self._tables.pop(key, []):
            files = self._files.setdefault(key, [])
            path = self._folder / f"{key[0]}~{key[1]}~{len(files):06}.parquet"
            pq.write_table(pa.concat_tables(tables), path, compression="lz4")
            files.append(path)
            self._held -= sum(table.nbytes for table in tables)


def table_of_rows(kind: str, form: str, rows: Sequence[tuple[Any, ...]]) -> Any:
    """Rows, as tuples in the order of the schema, as an Arrow table."""
    import pyarrow as pa

    schema = _schema((kind, form))
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _schema(key: _Key) -> Any:
    kind, form = key
    return facts_schema(kind, form) if kind in KINDS else table_schema(kind)
