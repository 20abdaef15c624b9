"""Build a dataset: read every document once, resolve who published it, write a release."""

from __future__ import annotations

from gxstats.build.pipeline import build

__all__ = ["build"]
