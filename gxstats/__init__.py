"""gxstats: China's government information disclosure annual reports as checked, traceable tables.

Example:
    >>> import gxstats as gx
    >>> [form.form for form in gx.forms()]
    ['f2021', 'f2019', 'f2014']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gxstats.api import read_report, read_reports
from gxstats.build import build
from gxstats.check.words import explain as explain_check
from gxstats.crawl.run import crawl, fetch
from gxstats.crawl.sources import sources
from gxstats.dataset.export.single import write
from gxstats.errors import (
    GxError,
    InputIsDirectory,
    InputMissing,
    LimitExceeded,
    NotComparable,
    ReadError,
    SchemaError,
    UnknownField,
    UnsupportedFormat,
)
from gxstats.explain import explain
from gxstats.model import Check, Fact, Issue
from gxstats.paths import data_path, sample_files
from gxstats.report import Report, Reports, label
from gxstats.schema import form, forms
from gxstats.version import __version__

__all__ = [
    "Archive",
    "Check",
    "Dataset",
    "Explanation",
    "Fact",
    "GxError",
    "InputIsDirectory",
    "InputMissing",
    "Issue",
    "LimitExceeded",
    "NeedsExpected",
    "NeedsPopulation",
    "NeedsStatements",
    "NotComparable",
    "ReadError",
    "Report",
    "Reports",
    "SchemaError",
    "UnknownAgency",
    "UnknownDivision",
    "UnknownField",
    "UnsupportedFormat",
    "UsageWarning",
    "__version__",
    "bounds",
    "build",
    "canonical_address",
    "check_across",
    "comparable",
    "correct",
    "coverage",
    "crawl",
    "data_path",
    "diff",
    "division",
    "divisions",
    "enter",
    "explain",
    "explain_across",
    "explain_check",
    "export",
    "fetch",
    "findings",
    "form",
    "forms",
    "funnel",
    "groups",
    "label",
    "load_corrections",
    "load_published",
    "load_statements",
    "metric",
    "metrics",
    "open",
    "plot",
    "ranks",
    "read_report",
    "read_reports",
    "same_source",
    "sample_files",
    "series",
    "series_breaks",
    "shrink",
    "sources",
    "style",
    "successor",
    "tidy",
    "wide",
    "write",
]

if TYPE_CHECKING:
    from gxstats import plot as plot
    from gxstats.analysis import NeedsExpected as NeedsExpected
    from gxstats.analysis import NeedsPopulation as NeedsPopulation
    from gxstats.analysis import NeedsStatements as NeedsStatements
    from gxstats.analysis import bounds as bounds
    from gxstats.analysis import funnel as funnel
    from gxstats.analysis import metric as metric
    from gxstats.analysis import metrics as metrics
    from gxstats.analysis import ranks as ranks
    from gxstats.analysis import shrink as shrink
    from gxstats.archive import Archive as Archive
    from gxstats.check.across_words import explain_across as explain_across
    from gxstats.dataset.across import check_across as check_across
    from gxstats.dataset.corrections import correct as correct
    from gxstats.dataset.corrections import load_corrections as load_corrections
    from gxstats.dataset.coverage import coverage as coverage
    from gxstats.dataset.derived import groups as groups
    from gxstats.dataset.diff import diff as diff
    from gxstats.dataset.export import export as export
    from gxstats.dataset.findings import findings as findings
    from gxstats.dataset.series import series as series
    from gxstats.dataset.statements import load_statements as load_statements
    from gxstats.dataset.store import Dataset as Dataset
    from gxstats.dataset.store import open_dataset as open
    from gxstats.dataset.tidy import tidy as tidy
    from gxstats.dataset.usage import UsageWarning as UsageWarning
    from gxstats.dataset.wide import wide as wide
    from gxstats.entry import enter as enter
    from gxstats.entry import load_published as load_published
    from gxstats.explain_result import Explanation as Explanation
    from gxstats.places import UnknownAgency as UnknownAgency
    from gxstats.places import UnknownDivision as UnknownDivision
    from gxstats.places import canonical_address as canonical_address
    from gxstats.places import division as division
    from gxstats.places import divisions as divisions
    from gxstats.places import same_source as same_source
    from gxstats.places import successor as successor
    from gxstats.plot import style as style
    from gxstats.schema.breaks import series_breaks as series_breaks
    from gxstats.schema.crosswalk import comparable as comparable
else:
    # What `import gxstats` need not pay for: figures need matplotlib, which takes longer than all the rest.
    _LATER = {
        "Archive": "gxstats.archive",
        "Dataset": "gxstats.dataset.store",
        "Explanation": "gxstats.explain_result",
        "NeedsExpected": "gxstats.analysis",
        "NeedsStatements": "gxstats.analysis",
        "NeedsPopulation": "gxstats.analysis",
        "UnknownAgency": "gxstats.places",
        "UnknownDivision": "gxstats.places",
        "UsageWarning": "gxstats.dataset.usage",
        "bounds": "gxstats.analysis",
        "canonical_address": "gxstats.places",
        "check_across": "gxstats.dataset.across",
        "comparable": "gxstats.schema.crosswalk",
        "correct": "gxstats.dataset.corrections",
        "coverage": "gxstats.dataset.coverage",
        "diff": "gxstats.dataset.diff",
        "division": "gxstats.places",
        "divisions": "gxstats.places",
        "enter": "gxstats.entry",
        "findings": "gxstats.dataset.findings",
        "explain_across": "gxstats.check.across_words",
        "export": "gxstats.dataset.export",
        "funnel": "gxstats.analysis",
        "groups": "gxstats.dataset.derived",
        "load_corrections": "gxstats.dataset.corrections",
        "load_published": "gxstats.entry",
        "load_statements": "gxstats.dataset.statements",
        "metric": "gxstats.analysis",
        "metrics": "gxstats.analysis",
        "ranks": "gxstats.analysis",
        "same_source": "gxstats.places",
        "series": "gxstats.dataset.series",
        "series_breaks": "gxstats.schema.breaks",
        "shrink": "gxstats.analysis",
        "successor": "gxstats.places",
        "style": "gxstats.plot",
        "tidy": "gxstats.dataset.tidy",
        "wide": "gxstats.dataset.wide",
    }

    def __getattr__(name: str) -> Any:
        from importlib import import_module

        if name == "plot":
            return import_module("gxstats.plot")
        if name == "open":
            return import_module("gxstats.dataset.store").open_dataset
        if name in _LATER:
            return getattr(import_module(_LATER[name]), name)
        raise AttributeError(f"module 'gxstats' has no attribute {name!r}")
