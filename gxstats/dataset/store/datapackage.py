"""``datapackage.json``: the files of a release for any program that knows the Data Package standard.

Its version 2, by which a table may be of any format: the tabular profiles of version 1 mean CSV.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from gxstats.dataset.store.layout import KINDS, stored_schema
from gxstats.dataset.store.release import File, Release
from gxstats.dataset.tables import Column, table
from gxstats.errors import UnknownField

PACKAGE = "datapackage.json"
PACKAGE_SCHEMA: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_SCHEMA: Final = "https://datapackage.org/profiles/2.0/dataresource.json"
_TYPES = {"string": "string", "Int64": "integer", "boolean": "boolean", "decimal(18,6)": "number"}
_TITLES = {
    "wide": "Plain figures of one form: one row per report, one column per cell",
    "sparse": "All other cells of one form: one row per cell",
    "locators": "Where the cells of one form stand: one row per report and section",
}


def datapackage(release: Release, schemas: Mapping[str, Any]) -> bytes:
    """The content of ``datapackage.json``: a resource for every table, and every form of the facts.

    Args:
        release: the files.
        schemas: the Arrow schemas of tables that the data dictionary does not know.
    """
    groups: dict[tuple[str, str], list[File]] = {}
    for file in release.files:
        groups.setdefault((file.kind, file.name), []).append(file)
    resources = []
    for (kind, name), files in sorted(groups.items()):
        title, fields = _described(kind, name, schemas)
        resources.append(
            {
                "$schema": RESOURCE_SCHEMA,
                "name": name if kind == "table" else f"{kind}-{name}",
                "type": "table",
                "title": title,
                "path": [f.path for f in files],
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": sum(f.bytes for f in files),
                "schema": {"fields": fields},
            }
        )
    content = {
        "$schema": PACKAGE_SCHEMA,
        "name": "gxstats-dataset",
        "title": "Government information disclosure annual reports as tables",
        "description": "Written by gxstats; release.json lists versions and the sha256 of every file.",
        "resources": resources,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _described(kind: str, name: str, schemas: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The title and the fields of a resource."""
    if kind in KINDS:
        return _TITLES[kind], _plain_fields(stored_schema(kind, name))
    try:
        spec = table(name)
    except UnknownField:
        return name, _plain_fields(schemas[name])
    return spec.en, [_field(column) for column in spec.columns]


def _plain_fields(schema: Any) -> list[dict[str, Any]]:
    import pyarrow as pa

    tests = {
        "string": pa.types.is_string,
        "integer": pa.types.is_integer,
        "number": lambda kind: pa.types.is_decimal(kind) or pa.types.is_floating(kind),
        "boolean": pa.types.is_boolean,
        "array": pa.types.is_list,
    }
    return [
        {"name": field.name, "type": next((n for n, test in tests.items() if test(field.type)), "any")}
        for field in schema
    ]


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.values:
        constraints["enum"] = [*column.values]
    field = {"name": column.column, "type": _TYPES[column.type], "description": column.en}
    return field | ({"constraints": constraints} if constraints else {})
