"""Tables: what their columns are, and frames that have exactly those."""

from __future__ import annotations

from gxstats.dataset.frames import frame, stack
from gxstats.dataset.tables import SCHEMA_VERSION, Column, TableSpec, table, tables

__all__ = ["SCHEMA_VERSION", "Column", "TableSpec", "frame", "stack", "table", "tables"]
