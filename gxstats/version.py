"""The version of the package and the name facts carry of the reader that made them."""

from __future__ import annotations

__version__ = "0.1.0"
READER = f"gxstats {__version__}"
