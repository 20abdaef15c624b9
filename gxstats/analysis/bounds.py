"""What a total could be if the missing reports were there: none of it, or as much as their peers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from gxstats.analysis.groups import COLUMNS
from gxstats.errors import NotComparable, UnknownField

_RESULT = {
    "n_expected": "Int64",
    "n_known": "Int64",
    "n_missing": "Int64",
    "total": "float64",
    "total_peer_mean": "float64",
}


def bounds(
    frame: pd.DataFrame,
    expected: pd.DataFrame,
    by: Sequence[str] = ("year",),
    *,
    peers: Sequence[str] = (),
) -> pd.DataFrame:
    """Bound a total over all bodies that owe a report, some of which are missing.

    Args:
        frame: what ``metric`` returns for a count or a difference, one row per body.
        expected: one row per report due; its columns that ``frame`` has too say which is which.
        by: columns to total by.
        peers: further columns of ``expected`` (such as a level) within which the mean is taken.

    Returns:
        A row per group: ``n_expected``, ``n_known``, ``n_missing``; ``total`` of those known (all
        missing = 0) and ``total_peer_mean`` (each missing = the mean of its known peers; null where
        one has no peers). ``attrs["unexpected"]`` counts rows of ``frame`` that nobody expected: they
        are in no total.

    Raises:
        UnknownField: a column is missing.
        NotComparable: the metric cannot be added, or scopes would be mixed.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> bodies = ["宿迁市人民政府", "平潭综合实验区管委会", "乙市人民政府"]
        >>> due = pd.DataFrame({"agency": bodies, "year": 2024, "scope": "summary"})
        >>> totals = bounds(metric(gx.load_published(), "received"), due)
        >>> totals[["n_missing", "total", "total_peer_mean"]].values.tolist()
        [[1, 3743.0, 5614.5]]
    """
    keys = _keys(frame, expected, [*by, *peers])
    result, unexpected = _totals(frame, expected, keys, by, peers)
    result.attrs = {**frame.attrs, "matched_by": tuple(keys), "unexpected": unexpected}
    return result


def _totals(
    frame: pd.DataFrame, expected: pd.DataFrame, keys: list[str], by: Sequence[str], peers: Sequence[str]
) -> tuple[pd.DataFrame, int]:
    """A row per group, and how many rows of the frame nobody expected."""
    due = expected.drop_duplicates(keys)
    found = due.merge(frame[[*keys, "value"]], on=keys, how="left", validate="one_to_one")
    means = found.groupby([*by, *peers], dropna=False, observed=True)["value"].transform("mean")
    missing = found["value"].isna()
    found["_filled"] = found["value"].where(~missing, means)
    rows = []
    for key, group in found.groupby(list(by), dropna=False, sort=True, observed=True):
        known = group["value"].notna()
        row: dict[str, Any] = dict(zip(by, key, strict=True))
        row |= {"n_expected": len(group), "n_known": int(known.sum()), "n_missing": int((~known).sum())}
        row["total"] = float(group["value"].sum()) if known.any() else float("nan")
        row["total_peer_mean"] = float(group["_filled"].sum(skipna=False))
        rows.append(row)
    result = pd.DataFrame(rows, columns=[*by, *_RESULT]).astype(_RESULT)
    for name in by:
        result[name] = result[name].astype(expected[name].dtype)
    return result, _unexpected(frame, due, keys)


def _keys(frame: pd.DataFrame, expected: pd.DataFrame, wanted: Sequence[str]) -> list[str]:
    """The columns that say which row of either frame is which."""
    if frame.attrs.get("kind") not in ("count", "difference"):
        raise NotComparable(
            f"{frame.attrs.get('metric', 'this')} cannot be added up over bodies",
            hint="bound a count, such as received",
        )
    missing = [c for c in wanted if c not in expected.columns]
    if missing:
        raise UnknownField(f"expected has no column {', '.join(missing)}")
    keys = [c for c in frame.columns if c in expected.columns and c not in (*COLUMNS, "part")]
    if not keys:
        raise UnknownField("expected shares no column with the frame", hint="name bodies by agency, say")
    if "scope" in frame.columns and "scope" not in keys and frame["scope"].nunique(dropna=False) > 1:
        raise NotComparable("the reports are of different scope", hint="add the column scope to expected")
    if frame.duplicated(keys).any():
        raise NotComparable("a body has several rows", hint="add the columns of by to expected")
    return keys


def _unexpected(frame: pd.DataFrame, due: pd.DataFrame, keys: list[str]) -> int:
    both = frame[keys].merge(due[keys], on=keys, how="left", indicator=True)
    return int((both["_merge"] == "left_only").sum())
