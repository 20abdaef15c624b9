"""From grids to figures: match rows to the form by label, never by position alone."""

from __future__ import annotations

from gxstats.align.report import Aligned, align

__all__ = ["Aligned", "align"]
