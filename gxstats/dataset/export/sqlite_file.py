"""One SQLite file with keys, indexes and views, and a description of it for Datasette."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

from gxstats.dataset.export.content import Content, labels
from gxstats.dataset.export.database import about_table, facets, indexes, views
from gxstats.dataset.export.single import plain
from gxstats.dataset.export.words import about, word
from gxstats.dataset.frames import frame
from gxstats.dataset.order import Lang
from gxstats.dataset.store.sql import quoted
from gxstats.dataset.tables import tables

_SAID = "facts missing apart codes sqlite_money"
_KEYS = {"reports": ["document_id"], "labels": ["form", "section", "item", "measure"]}
_OF_A_REPORT = ("facts", "checks", "issues", "prose", "unmatched_rows", "across")


def write(content: Content, path: Path, lang: Lang) -> None:
    """Write the database; rows stand in the order of the dataset, so the same input gives the same bytes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "page_size = 4096"):
            base.execute(f"PRAGMA {pragma}")
        base.execute("BEGIN")
        for name, table in [*content.tables.items(), ("labels", labels())]:
            _create(base, name, table)
            _insert(base, name, table)
        _create(base, "facts", frame("facts", {}))
        for batch in content.facts():
            _insert(base, "facts", batch)
        said = about_table(content, lang, _SAID)
        _create(base, "about", said)
        _insert(base, "about", said)
        for name, several in indexes().items():
            for columns in several:
                listed = ", ".join(quoted(c) for c in columns)
                base.execute(f"CREATE INDEX {quoted('_'.join((name, *columns)))} ON {name} ({listed})")
        for view in views():
            base.execute(f"CREATE VIEW {view.view} AS {view.sql}")
        base.execute("COMMIT")


def describe(content: Content, path: Path, lang: Lang) -> Path:
    """Write ``NAME.metadata.json`` beside the database: titles, columns and facets for Datasette."""
    target = path.with_name(f"{path.stem}.metadata.json")
    target.write_bytes(
        (json.dumps(metadata(content, path.stem, lang), ensure_ascii=False, indent=1) + "\n").encode()
    )
    return target


def metadata(content: Content, name: str, lang: Lang) -> dict[str, Any]:
    """What Datasette is told about the database called ``name``."""
    told: dict[str, Any] = {}
    for spec in tables():
        if spec.table == "facts" or spec.table in content.tables:
            told[spec.table] = {
                "title": spec.table,
                "description": f"{spec.en}. {spec.zh}。" if lang == "en" else f"{spec.zh}。{spec.en}.",
                "columns": {c.column: _both(c.en, c.zh, lang) for c in spec.columns},
                "facets": facets().get(spec.table, []),
            }
    if "reports" in told:
        told["reports"] |= {"label_column": "title", "sort": "document_id"}
    for view in views():
        told[view.view] = {
            "title": view.view,
            "description": _both(view.en, view.zh, lang),
            "facets": [*view.facets],
        }
    said = " ".join(about(_SAID, lang))
    return {
        "title": word("dataset_title", lang),
        "description": said,
        "databases": {name: {"description": said, "tables": told}},
    }


def _both(en: str, zh: str, lang: Lang) -> str:
    return f"{en} · {zh}" if lang == "en" else f"{zh} · {en}"


def _create(base: sqlite3.Connection, name: str, table: pd.DataFrame) -> None:
    columns = [f"{quoted(str(c))} {_kind(kind)}" for c, kind in table.dtypes.items()]
    if name in _KEYS:
        columns.append(f"PRIMARY KEY ({', '.join(_KEYS[name])})")
    if name in _OF_A_REPORT:
        # Not enforced: the issues of a file that could not be opened belong to no report.
        columns.append("FOREIGN KEY (document_id) REFERENCES reports(document_id)")
    base.execute(f"CREATE TABLE {quoted(name)} ({', '.join(columns)}) STRICT")


def _kind(kind: Any) -> str:
    """STRICT types: whole numbers and truth values INTEGER, floats REAL, everything else TEXT."""
    name = str(kind).lower()
    if name.startswith(("int", "uint", "bool")):
        return "INTEGER"
    return "REAL" if name.startswith(("float", "double")) else "TEXT"


def _insert(base: sqlite3.Connection, name: str, table: pd.DataFrame) -> None:
    marks = ", ".join("?" * len(table.columns))
    base.executemany(f"INSERT INTO {quoted(name)} VALUES ({marks})", _rows(table))


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    exact = plain(table)
    columns = []
    for name, kind in exact.dtypes.items():
        values = exact[name]
        empty = values.isna().to_numpy()
        convert = {"INTEGER": int, "REAL": float}.get(_kind(kind), str)
        columns.append([None if no else convert(v) for v, no in zip(values, empty, strict=True)])
    return zip(*columns, strict=True)
