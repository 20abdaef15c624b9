"""A folder of CSV files that Excel opens: UTF-8 with a byte order mark, described by a data package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from gxstats.dataset.export.content import Content, described, labels
from gxstats.dataset.export.formulas import guarded_frame
from gxstats.dataset.export.single import plain
from gxstats.dataset.export.targets import MARK
from gxstats.dataset.export.wide_tables import labelled, wide_tables
from gxstats.dataset.export.words import about, word
from gxstats.dataset.frames import frame
from gxstats.dataset.order import Lang
from gxstats.dataset.store.datapackage import PACKAGE_SCHEMA, RESOURCE_SCHEMA
from gxstats.dataset.tables import tables

_SAID = "lead facts wide missing apart codes guard"
_TYPES = {"Int64": "integer", "int64": "integer", "boolean": "boolean"}


def write(content: Content, folder: Path, lang: Lang) -> None:
    """Write a CSV file for every table, one for the facts and one for each section, and what they are."""
    resources = []
    rows = _write_facts(content, folder / "facts.csv")
    resources.append(_resource("facts", rows, frame("facts", {}), lang))
    for name, table in content.tables.items():
        _append(table, folder / f"{name}.csv")
        resources.append(_resource(name, len(table), table, lang))
    for section, table in wide_tables(content):
        shown = labelled(table, section, lang)
        _append(shown, folder / f"wide_{section}.csv")
        resources.append(_resource(f"wide_{section}", len(table), shown, lang))
    codes = labels()
    _append(codes, folder / "labels.csv")
    resources.append(_resource("labels", len(codes), codes, lang))
    describe_folder(folder, resources, content, lang, _SAID)


def _write_facts(content: Content, path: Path) -> int:
    rows = 0
    _append(frame("facts", {}), path)
    for batch in content.facts():
        _append(batch, path, head=False)
        rows += len(batch)
    return rows


def _append(table: pd.DataFrame, path: Path, head: bool = True) -> None:
    with path.open("ab") as file:
        text = guarded_frame(plain(table)).to_csv(index=False, header=head, lineterminator="\r\n")
        file.write((b"\xef\xbb\xbf" if head else b"") + text.encode())


def _resource(name: str, rows: int, table: pd.DataFrame, lang: Lang) -> dict[str, Any]:
    """The entry of a file in the data package."""
    title = next((getattr(t, lang) for t in tables() if t.table == name), name)
    return {
        "$schema": RESOURCE_SCHEMA,
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "rows": rows,
        "schema": {"fields": [_field(name, str(c), table[c], lang) for c in table], "missingValues": [""]},
    }


def _field(name: str, column: str, values: pd.Series[Any], lang: Lang) -> dict[str, str]:
    kind = str(values.dtype)
    field = {"name": column, "type": "number" if kind.startswith("decimal") else _TYPES.get(kind, "string")}
    said = described(name, column)
    return field | ({"description": said[lang]} if said else {})


def describe_folder(
    folder: Path, resources: list[dict[str, Any]], content: Content, lang: Lang, said: str
) -> None:
    """Write ``datapackage.json`` and ``README.txt`` of an export that is a folder."""
    package = {
        "$schema": PACKAGE_SCHEMA,
        "name": "gxstats-export",
        "title": word("dataset_title", lang),
        "versions": dict(sorted(content.versions.items())),
        "resources": resources,
    }
    (folder / MARK).write_bytes((json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode())
    listed = [f"{r['path']}  ({r['rows']} {word('rows', lang)})  {r['title']}" for r in resources]
    lines = [
        word("dataset_title", lang),
        f"{word('made_by', lang)} {content.versions.get('gxstats', '')}",
        "",
        *about(said, lang),
        "",
        f"{word('files', lang)}:",
        *listed,
    ]
    # Notepad needs the mark to see UTF-8.
    (folder / "README.txt").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
