"""Peers: rows of a metric frame that may be judged against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gxstats.errors import NotComparable, UnknownField

Floats = NDArray[np.float64]
_APART = ("part", "scope", "year")
"""What is never judged together unless the caller names the columns."""


class Peers(NamedTuple):
    """Rows to be judged together.

    Attributes:
        name: column -> value they share.
        place: their positions in the frame.
        events: numerators.
        exposure: denominators: trials of a share, units of a rate.
    """

    name: dict[str, Any]
    place: NDArray[np.intp]
    events: Floats
    exposure: Floats


def model_of(frame: pd.DataFrame) -> str:
    """``binomial`` for shares, ``poisson`` for rates.

    Raises:
        UnknownField: the frame is no metric frame.
        NotComparable: the metric is no share and no rate, so no distribution describes it.
    """
    kind = frame.attrs.get("kind")
    needed = ["part", "numerator", "denominator", "value"]
    if kind is None or not set(needed) <= set(frame.columns):
        raise UnknownField("this is no frame of a metric", hint="pass what gx.metric returns")
    if kind not in ("share", "rate"):
        name = frame.attrs.get("metric")
        raise NotComparable(
            f"{name} is a {kind}: no binomial or Poisson distribution describes how it varies by chance",
            hint="choose a share or a rate",
        )
    return "binomial" if kind == "share" else "poisson"


def peers(frame: pd.DataFrame, within: Sequence[str] | None, minimum: float) -> Iterator[Peers]:
    """The sets of rows to judge together; rows without a value or with too little exposure are in none.

    Args:
        frame: a metric frame.
        within: columns whose values keep rows apart, besides ``part``; by default ``scope`` and ``year``.
        minimum: least denominator.

    Raises:
        UnknownField: there is no such column.
    """
    keys = stratum_columns(frame, within)
    usable = (frame["denominator"].ge(minimum) & frame["denominator"].gt(0) & frame["value"].notna()).fillna(
        False
    )
    positions = pd.Series(np.arange(len(frame)), index=frame.index)
    for key, rows in frame.groupby(keys, dropna=False, sort=True, observed=True):
        place = positions.loc[rows.index][usable.loc[rows.index].to_numpy(bool)].to_numpy(np.intp)
        chosen = frame.iloc[place]
        events = chosen["numerator"].to_numpy(np.float64)
        exposure = chosen["denominator"].to_numpy(np.float64)
        yield Peers(dict(zip(keys, key, strict=True)), place, events, exposure)


def stratum_columns(frame: pd.DataFrame, within: Sequence[str] | None) -> list[str]:
    """The columns that keep rows apart: ``part`` always, the rest as asked for."""
    if within is None:
        return [c for c in _APART if c in frame.columns]
    # A metric frame has the column scope only where there is more than one.
    within = [c for c in within if c in frame.columns or c != "scope"]
    missing = [c for c in within if c not in frame.columns]
    if missing:
        raise UnknownField(
            f"the frame has no column {', '.join(missing)}", hint="add it to by, or merge it in"
        )
    return list(dict.fromkeys(["part", *within]))


def with_columns(frame: pd.DataFrame, columns: Mapping[str, Any], **attrs: Any) -> pd.DataFrame:
    """A copy of a frame with more columns and attributes."""
    result = frame.assign(**columns)
    result.attrs = dict(frame.attrs) | attrs
    return result
