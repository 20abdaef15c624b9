"""Figures of what reports say, with labels that render wherever they are drawn.

Example:
    >>> import gxstats as gx
    >>> with gx.plot.style():
    ...     pass
"""

from __future__ import annotations

from gxstats.plot.carry_over import carry_over
from gxstats.plot.coverage import coverage
from gxstats.plot.disputes import disputes
from gxstats.plot.dots import dots
from gxstats.plot.forest import forest
from gxstats.plot.funnel import funnel
from gxstats.plot.multiples import multiples
from gxstats.plot.outcomes import outcomes
from gxstats.plot.refusal_grounds import refusal_grounds
from gxstats.plot.style import COLOURS, MARKERS, font_family, style
from gxstats.plot.volumes import volumes

__all__ = [
    "COLOURS",
    "MARKERS",
    "carry_over",
    "coverage",
    "disputes",
    "dots",
    "font_family",
    "forest",
    "funnel",
    "multiples",
    "outcomes",
    "refusal_grounds",
    "style",
    "volumes",
]
