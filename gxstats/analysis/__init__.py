"""Metrics over sets of reports, computed the way the field computes them.

Counts are added up within a group and divided once, so a group of reports is weighted by its
applications. A report in which an operand is unknown is left out and counted, with the reason; implied
figures are used and counted. Reports of different scope (one body, summary of many) are never added, nor
summaries that cover one another, nor one report twice.

Every frame has the columns grouped by, ``part``, the exact integers ``numerator`` and ``denominator``
(residents, for metrics per head), ``value`` (float64, null without a denominator), ``low`` and ``high``,
``n_reports`` that count, ``n_implied`` cells, ``n_excluded`` reports and why (``excluded``).
"""

from __future__ import annotations

from gxstats.analysis.bounds import bounds
from gxstats.analysis.compute import NeedsExpected, NeedsPopulation, NeedsStatements, metric, metrics
from gxstats.analysis.funnel import funnel
from gxstats.analysis.ranks import ranks
from gxstats.analysis.shrinkage import shrink

__all__ = [
    "NeedsExpected",
    "NeedsPopulation",
    "NeedsStatements",
    "bounds",
    "funnel",
    "metric",
    "metrics",
    "ranks",
    "shrink",
]
