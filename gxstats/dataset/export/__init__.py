"""Write reports and datasets for other programs: CSV, Excel, SQLite, DuckDB and Stata."""

from __future__ import annotations

from gxstats.dataset.export.run import FORMATS, export
from gxstats.dataset.export.single import as_csv, as_json, write
from gxstats.dataset.export.targets import ExportRefused

__all__ = ["FORMATS", "ExportRefused", "as_csv", "as_json", "export", "write"]
