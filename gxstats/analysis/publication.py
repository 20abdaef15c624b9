"""When a report was due, and whether it came on time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from gxstats.schema.due import due_date

FOUND_BY = ("division_code", "division", "agency_id", "agency", "year", "scope")
"""The columns by which a report that is due is told from others."""


def on_time(report: Mapping[Any, Any]) -> bool | str:
    """Whether a report came by the day it was due; a text says why that cannot be told.

    Args:
        report: ``published_on`` (ISO 8601), ``year`` and ``scope``.

    Example:
        >>> on_time({"published_on": "2024-01-30", "year": 2023, "scope": "body"})
        True
    """
    published, year, scope = (report.get(k) for k in ("published_on", "year", "scope"))
    if published is None or pd.isna(published):
        return "the date of publication is not known"
    if year is None or pd.isna(year):
        return "the year is not known"
    due = due_date(int(year), None if scope is None or pd.isna(scope) else str(scope))
    if due is None:
        return "the scope is not known"
    try:
        day = date.fromisoformat(str(published)[:10])
    except ValueError:
        return "the date of publication is no date"
    if day.year <= int(year):
        # An address often carries the date of another page; a report on a year cannot precede its end.
        return "published before its year was over"
    return day <= due
