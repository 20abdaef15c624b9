"""The form's own arithmetic: does the report add up, and what does that prove?"""

from __future__ import annotations

from gxstats.check.identities import evaluate
from gxstats.check.prose import compare_prose
from gxstats.check.verdicts import Checked, judge
from gxstats.check.words import explain

__all__ = ["Checked", "compare_prose", "evaluate", "explain", "judge"]
