"""Who published a report, about whom and which year, and what that rests on."""

from __future__ import annotations

from gxstats.align.identity.record import UNKNOWN, Candidate, Evidence, Identity
from gxstats.align.identity.resolve import identify

__all__ = ["UNKNOWN", "Candidate", "Evidence", "Identity", "identify"]
