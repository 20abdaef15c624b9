"""Build pandas frames with exactly the columns and types that ``tables.yaml`` promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from gxstats.dataset.tables import SCHEMA_VERSION, table

_ARROW = {"string": "large_string", "Int64": "int64", "boolean": "bool_"}
"""Type of a column -> how Arrow calls it."""


def _array(values: Any, kind: str) -> Any:
    """A column of one of the types of ``tables.yaml``."""
    import pyarrow as pa  # loaded by the first frame, not by the first import

    if kind == "decimal(18,6)":
        return pd.array(values, dtype=pd.ArrowDtype(pa.decimal128(18, 6)))
    dtype: Any = pd.api.types.pandas_dtype(kind)
    try:  # pandas looks at every value by itself, which takes ten times as long where some are missing
        return dtype.__from_arrow__(pa.array(values, type=getattr(pa, _ARROW[kind])()))
    except (pa.ArrowException, TypeError, ValueError):
        return pd.array(values, dtype=dtype)


def frame(name: str, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """A frame of the table ``name``.

    Args:
        name: a table of :func:`gxstats.dataset.tables.tables`.
        columns: values per column, all of the same length; a missing column is all null.

    Returns:
        A frame with the table's columns in order: strings as ``string``, counts as nullable
        ``Int64``, money as ``decimal128(18, 6)``; ``attrs`` names table and schema version.

    Example:
        >>> f = frame("unmatched_rows", {"document_id": ["a.1"], "section": ["disputes"], "cells": ["[]"]})
        >>> f.page.dtype
        Int64Dtype()
    """
    spec = table(name)
    length = max((len(v) for v in columns.values()), default=0)
    data = {c.column: _array(columns.get(c.column) or [None] * length, c.type) for c in spec.columns}
    built = pd.DataFrame(data, index=pd.RangeIndex(length), copy=False)
    built.attrs = {"table": name, "schema_version": SCHEMA_VERSION}
    return built


def stack(name: str, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frames of one table below each other; an empty frame of that table if there are none."""
    parts = [f for f in frames if len(f)]
    if not parts:
        return frame(name, {})
    stacked = pd.concat(parts, ignore_index=True)
    stacked.attrs = {"table": name, "schema_version": SCHEMA_VERSION}
    return stacked
