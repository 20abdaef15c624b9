"""Which of several files for one report came first, and which is the one to use."""

from __future__ import annotations

import pandas as pd


def with_revisions(reports: pd.DataFrame) -> pd.DataFrame:
    """Number the different files published for the same report.

    Files of one ``report_id`` are ordered by ``fetched_at``, files without that time first and in
    their order; the same bytes twice are one revision. The last revision is the current one.

    Args:
        reports: frame of the ``reports`` table.

    Returns:
        The same rows with ``revision`` (from 1) and ``is_current`` set where ``report_id`` is known.

    Example:
        >>> frame = pd.DataFrame(
        ...     {
        ...         "report_id": ["a", "a", None],
        ...         "sha256": ["1", "2", "3"],
        ...         "fetched_at": ["2024-02-01", "2024-01-01", None],
        ...     }
        ... )
        >>> with_revisions(frame)[["revision", "is_current"]].values.tolist()
        [[2, True], [1, False], [<NA>, <NA>]]
    """
    numbered = reports.copy()
    revision: dict[object, int] = {}
    current: dict[object, bool] = {}
    known = reports[reports["report_id"].notna()]
    for _, same in known.groupby("report_id", sort=False):
        order = same.sort_values("fetched_at", kind="stable", na_position="first")
        files = {sha: number for number, sha in enumerate(dict.fromkeys(order["sha256"]), 1)}
        for label, sha in same["sha256"].items():
            revision[label], current[label] = files[sha], files[sha] == len(files)
    numbered["revision"] = pd.array([revision.get(i) for i in reports.index], dtype="Int64")
    numbered["is_current"] = pd.array([current.get(i) for i in reports.index], dtype="boolean")
    return numbered
