"""Stored readings in the order of their documents, however they came to be stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gxstats.build.pieces import Name
from gxstats.build.readings import Readings

BLOCK = 1024
"""Documents that are in memory at once."""
Tables = Mapping[Name, Any]


def blocks(readings: Readings, documents: Sequence[str]) -> Iterator[tuple[Sequence[str], Tables]]:
    """The documents in blocks, each with the tables of those that were read, ordered by ``document_id``.

    Args:
        readings: the readings.
        documents: sha256 of the documents, in order.
    """
    for start in range(0, len(documents), BLOCK):
        block = documents[start : start + BLOCK]
        yield block, _tables_of(readings, [sha256 for sha256 in block if sha256 in readings])


def _tables_of(readings: Readings, documents: Sequence[str]) -> Tables:
    """The tables of some documents."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted: dict[Path, list[str]] = {}
    for sha256 in documents:
        wanted.setdefault(readings.file_of(sha256), []).append(sha256[:16])
    parts: dict[Name, list[Any]] = {}
    for path, own in wanted.items():
        for name, tables in readings.open(path).items():
            parts.setdefault(name, []).extend(_rows_of(table, own) for table in tables)
    found = {}
    for name, tables in parts.items():
        table = pa.concat_tables(tables)
        # What one document has of a table comes from one file, and stays in its order.
        order = pc.sort_indices(table["document_id"])
        found[name] = table if _is_sorted(order) else table.take(order)
    return found


def _rows_of(table: Any, documents: Sequence[str]) -> Any:
    """The rows of these documents, given by the first half of their document_id; most often all of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    own = pc.utf8_slice_codeunits(table["document_id"], 0, 16)
    mask = pc.is_in(own, value_set=pa.array(documents, pa.string()))
    return table if pc.all(mask).as_py() else table.filter(mask)


def _is_sorted(order: Any) -> bool:
    import numpy as np

    return bool((np.diff(order.to_numpy().astype("int64")) > 0).all())
