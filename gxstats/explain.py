"""From a number back to its source: the cell as it stands there, its reading, its sums."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

import pandas as pd

from gxstats.explain_result import Explanation
from gxstats.explain_target import find_fact

if TYPE_CHECKING:
    from gxstats.dataset.tidy import Source
    from gxstats.explain_sums import Lang

__all__ = ["Explanation", "explain", "find_fact"]


def explain(
    what: Any,
    *,
    report: Any = None,
    source: bytes | str | PathLike[str] | None = None,
    facts: Source | None = None,
    metric: str | None = None,
    lang: Lang = "zh",
) -> Explanation:
    """Explain a number: show its cell in the source, how it was read and what sums it takes part in.

    Args:
        what: a fact; a row of facts, tidy or not; ``(report, section, item, measure)``, the section only
            if needed; or a row of a metric frame, then ``facts`` is needed.
        report: the report, or reports, that the fact is of.
        source: the bytes it was read from, or a path, if they are no longer where they were.
        facts: what the metric was computed from; its facts beneath the row are listed.
        metric: name of the metric, if the row no longer says so.
        lang: language of ``text``; notebooks show both.

    Raises:
        UnknownField: it does not say which fact is meant.
        InputMissing: the bytes are gone or are others.

    Example:
        >>> import gxstats as gx
        >>> report = gx.read_report("| 项目 | 总计 |".encode())
        >>> explain((report, "received", "total"))
        Traceback (most recent call last):
        ...
        gxstats.errors.UnknownField: the report has no fact received/total (no facts were read from it)
    """
    if isinstance(what, pd.Series) and {"part", "numerator", "value"} <= set(what.index):
        from gxstats.explain_metric import explain_metric

        return explain_metric(what, facts, metric, lang)
    from gxstats.explain_fact import explain_fact
    from gxstats.explain_target import resolve

    return explain_fact(resolve(what, report, source), lang)
