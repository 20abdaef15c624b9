"""Which files of a set are to be used: the current revision of each report, from trusted places."""

from __future__ import annotations

import pandas as pd


def with_revisions(reports: pd.DataFrame) -> pd.DataFrame:
    """Number the different files published for the same report.

    Files of one ``report_id`` are ordered by ``fetched_at``, those without first, as they come; the same
    bytes twice are one revision. The last is current. Files from untrusted addresses are never a revision.

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
    apart = _untrusted(reports)
    revision: dict[int, int] = {}
    current: dict[int, bool] = dict.fromkeys(apart.to_numpy().nonzero()[0].tolist(), False)
    for files in _files_of_one_report(reports, apart).values():
        number = {sha: n for n, sha in enumerate(dict.fromkeys(f[3] for f in sorted(files)), 1)}
        for _, _, row, sha in files:
            revision[row], current[row] = number[sha], number[sha] == len(number)
    rows = range(len(reports))
    numbered["revision"] = pd.array([revision.get(row) for row in rows], dtype="Int64")
    numbered["is_current"] = pd.array([current.get(row) for row in rows], dtype="boolean")
    return numbered


def _files_of_one_report(
    reports: pd.DataFrame, apart: pd.Series
) -> dict[str, list[tuple[bool, str, int, str]]]:
    """report_id -> its files, as whether and when they were fetched, row and sha256."""
    same: dict[str, list[tuple[bool, str, int, str]]] = {}
    columns = (reports[name].astype(object) for name in ("report_id", "fetched_at", "sha256"))
    for row, (report, fetched, sha) in enumerate(zip(*columns, strict=True)):
        if not (pd.isna(report) or apart.iloc[row]):
            when = (False, "") if pd.isna(fetched) else (True, fetched)
            same.setdefault(report, []).append((*when, row, sha))
    return same


def set_aside(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """The rows that may be computed with, and how many documents were left out for which reason.

    Args:
        table: reports, or facts joined with their reports.

    Returns:
        The table without files from untrusted addresses (``untrusted``) and without files that a
        later revision replaces (``superseded``); names of :func:`gxstats.dataset.usage.usage_warnings`.

    Example:
        >>> frame = pd.DataFrame({"document_id": ["a", "b"], "trust": ["trusted", "untrusted"]})
        >>> kept, left = set_aside(frame)
        >>> kept.document_id.tolist(), left
        (['a'], {'untrusted': 1})
    """
    apart = _untrusted(table)
    old = pd.Series(False, index=table.index)
    if "is_current" in table.columns:
        old = table["is_current"].eq(False).fillna(False).astype(bool) & ~apart
    found = {"untrusted": apart, "superseded": old}
    left = {name: int(table.loc[rows, "document_id"].nunique()) for name, rows in found.items() if rows.any()}
    return table[~apart & ~old], left


def _untrusted(table: pd.DataFrame) -> pd.Series:
    if "trust" not in table.columns:
        return pd.Series(False, index=table.index)
    return table["trust"].eq("untrusted").fillna(False).astype(bool)
