"""One DuckDB file with the tables, exact in their types, and the views.

Its bytes differ each time, its content does not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from gxstats.dataset.export.content import Content, labels
from gxstats.dataset.export.database import about_table, views
from gxstats.dataset.frames import frame
from gxstats.dataset.order import Lang
from gxstats.dataset.store.layout import table_schema
from gxstats.dataset.store.sql import quoted
from gxstats.errors import UnknownField

_SAID = "facts missing apart codes"


def write(content: Content, path: Path, lang: Lang) -> None:
    """Write the database: counts BIGINT, money DECIMAL(18,6), codes VARCHAR."""
    import duckdb

    with duckdb.connect(str(path)) as base:
        for name, table in [*content.tables.items(), ("labels", labels())]:
            _create(base, name, table)
        _create(base, "facts", frame("facts", {}))
        for batch in content.facts():
            base.register("given", _arrow("facts", batch))
            base.execute("INSERT INTO facts SELECT * FROM given")
            base.unregister("given")
        _create(base, "about", about_table(content, lang, _SAID))
        for view in views():
            base.execute(f"CREATE VIEW {view.view} AS {view.sql}")
            comment = quoted(getattr(view, lang), "'")
            base.execute(f"COMMENT ON VIEW {view.view} IS {comment}")


def _create(base: Any, name: str, table: pd.DataFrame) -> None:
    base.register("given", _arrow(name, table))
    base.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM given")
    base.unregister("given")


def _arrow(name: str, table: pd.DataFrame) -> Any:
    import pyarrow as pa

    try:
        schema = table_schema(name)
    except UnknownField:
        schema = None
    return pa.Table.from_pandas(table, schema=schema, preserve_index=False)
