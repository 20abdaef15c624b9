"""gxstats: China's government information disclosure annual reports as checked, traceable tables.

Example:
    >>> import gxstats as gx
    >>> [form.form for form in gx.forms()]
    ['f2021', 'f2019']
"""

from __future__ import annotations

from gxstats.api import read_report, read_reports
from gxstats.check.words import explain as explain_check
from gxstats.errors import (
    GxError,
    InputIsDirectory,
    InputMissing,
    LimitExceeded,
    ReadError,
    SchemaError,
    UnknownField,
    UnsupportedFormat,
)
from gxstats.model import Check, Fact, Issue
from gxstats.report import Report, Reports, label
from gxstats.schema import form, forms
from gxstats.version import __version__

__all__ = [
    "Check",
    "Fact",
    "GxError",
    "InputIsDirectory",
    "InputMissing",
    "Issue",
    "LimitExceeded",
    "ReadError",
    "Report",
    "Reports",
    "SchemaError",
    "UnknownField",
    "UnsupportedFormat",
    "__version__",
    "explain_check",
    "form",
    "forms",
    "label",
    "read_report",
    "read_reports",
]
