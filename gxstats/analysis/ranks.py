"""Ranks with the intervals they deserve, and none for bodies too small to be ranked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from gxstats.analysis.strata import Floats, Peers, model_of, peers, with_columns

_COLUMNS = ("rank", "rank_low", "rank_high")


def ranks(
    frame: pd.DataFrame,
    within: Sequence[str] | None = None,
    *,
    minimum: int = 30,
    draws: int = 10_000,
    seed: int = 2019,
    level: float = 0.95,
    highest_first: bool = True,
) -> pd.DataFrame:
    """Rank bodies with at least ``minimum`` cases, with simulated intervals; others are "insufficient".

    Values are drawn from what the counts leave open (Jeffreys priors: beta for shares, gamma for rates),
    ranked, and the ranks' quantiles taken. No order follows from intervals that overlap widely.

    Args:
        frame: what ``metric`` returns for a share or a rate, one row per body.
        within: columns that keep peers apart; by default ``scope`` and ``year``.
        minimum: least denominator. For a rate per head that is people: choose accordingly.
        draws: simulated sets of values.
        seed: of the simulation, so that a result can be repeated.
        level: of the rank interval.
        highest_first: rank 1 is the highest value.

    Returns:
        The frame with ``rank`` (ties share the best), ``rank_low``, ``rank_high`` (Int64) and
        ``rank_state`` (``ranked`` or ``insufficient``).

    Raises:
        NotComparable: the metric is no share or rate.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> ranked = ranks(metric(gx.load_published(), "disclosure_rate"), ["scope"])
        >>> ranked.rank_state.value_counts().to_dict()
        {'ranked': 12, 'insufficient': 2}
    """
    how = {"minimum": minimum, "draws": draws, "seed": seed, "level": level, "highest_first": highest_first}
    return _with_ranks(frame, within, how)


def _with_ranks(frame: pd.DataFrame, within: Sequence[str] | None, how: dict[str, Any]) -> pd.DataFrame:
    model = model_of(frame)
    columns = {name: np.full(len(frame), np.nan) for name in _COLUMNS}
    for number, group in enumerate(peers(frame, within, how["minimum"])):
        # A generator for each set of peers: leaving one out does not change the others.
        random = np.random.default_rng([how["seed"], number])
        low, high = _simulated(group, model, random, how)
        columns["rank"][group.place] = _ranked(group.events / group.exposure, how["highest_first"])
        columns["rank_low"][group.place], columns["rank_high"][group.place] = low, high
    ranked = np.isfinite(columns["rank"])
    whole = {name: pd.array(values, dtype="Float64").astype("Int64") for name, values in columns.items()}
    state = pd.array(np.where(ranked, "ranked", "insufficient"), dtype="string")
    return with_columns(frame, {**whole, "rank_state": state}, ranks=how)


def _ranked(values: Floats, highest_first: bool) -> Floats:
    from scipy import stats

    found: Floats = stats.rankdata(-values if highest_first else values, method="min", axis=-1)
    return found


def _simulated(
    group: Peers, model: str, random: np.random.Generator, how: dict[str, Any]
) -> tuple[Floats, Floats]:
    size = (how["draws"], len(group.place))
    if not len(group.place):
        return group.events, group.events
    if model == "binomial":
        values = random.beta(group.events + 0.5, group.exposure - group.events + 0.5, size)
    else:
        values = random.gamma(group.events + 0.5, 1 / group.exposure, size)
    places = _ranked(values, how["highest_first"])
    tails = [(1 - how["level"]) / 2, (1 + how["level"]) / 2]
    # Quantiles that are ranks themselves, outwards: an interval of 2.5 places means nothing.
    low = np.quantile(places, tails[0], axis=0, method="lower")
    high = np.quantile(places, tails[1], axis=0, method="higher")
    return low, high
