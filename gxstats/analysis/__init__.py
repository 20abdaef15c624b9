"""Metrics over sets of reports, computed the way the field computes them."""

from __future__ import annotations

from gxstats.analysis.compute import NeedsPopulation, metric, metrics

__all__ = ["NeedsPopulation", "metric", "metrics"]
