"""Write Parquet files of a release: the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

# A group of rows is what a filter can skip: as large as a province's reports of a year.
GROUP = {"wide": 16_384, "sparse": 131_072, "locators": 8_192}
_GROUP_OF_TABLE = 65_536
_LEVEL = 9


def write_parquet(path: Path, schema: Any, batches: Iterable[Any], kind: str) -> tuple[int, int]:
    """Write batches of rows; returns how many rows, and how many facts there are.

    Args:
        path: the file to write.
        schema: the Arrow schema of the file.
        batches: Arrow record batches or tables, of any size.
        kind: ``wide``, ``sparse``, ``locators`` or the name of a table.
    """
    import pyarrow.parquet as pq

    size = GROUP.get(kind, _GROUP_OF_TABLE)
    rows = cells = 0
    figures = [name for name in schema.names if kind == "wide" and name.count(".") > 1]
    with pq.ParquetWriter(path, schema, **_options(schema, kind)) as writer:
        for group in _groups(batches, schema, size):
            # Where the rows came in several pieces must not be seen in the pages.
            writer.write_table(group.combine_chunks(), row_group_size=size)
            rows += group.num_rows
            cells += sum(group.num_rows - group[name].null_count for name in figures)
    return rows, rows if kind == "sparse" else cells


def _options(schema: Any, kind: str) -> dict[str, Any]:
    """Whole lists repeat from report to report, which zstd sees only if they are not packed into bits."""
    options: dict[str, Any] = {
        "compression": "zstd",
        "compression_level": _LEVEL,
        "store_schema": False,
        "write_statistics": ["document_id", "division_code", "year", "section", "item", "measure", "state"],
    }
    options["write_statistics"] = [n for n in options["write_statistics"] if n in schema.names] or False
    if kind == "locators":
        options["use_dictionary"] = ["form", "section", "division_code", "templates.list.element"]
    return options


def _groups(batches: Iterable[Any], schema: Any, size: int) -> Iterable[Any]:
    """The rows in tables of exactly ``size`` rows, however they come."""
    import pyarrow as pa

    waiting: list[Any] = []
    count = 0
    for batch in batches:
        table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
        waiting.append(table.select(schema.names).cast(schema))
        count += table.num_rows
        if count >= size:
            whole = pa.concat_tables(waiting)
            for start in range(0, count - count % size, size):
                yield whole.slice(start, size)
            # What is left is copied, or it would keep all that came with it in memory.
            waiting = [whole.slice(count - count % size).take(pa.array(range(count % size), pa.int64()))]
            count %= size
    if count:
        yield pa.concat_tables(waiting)
