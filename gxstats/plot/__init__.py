"""Figures of what reports say, with labels that render wherever they are drawn.

Example:
    >>> import gxstats as gx
    >>> with gx.plot.style():
    ...     pass
"""

from __future__ import annotations

from gxstats.plot.style import COLOURS, MARKERS, font_family, style
from gxstats.plot.volumes import volumes

__all__ = ["COLOURS", "MARKERS", "font_family", "style", "volumes"]
