"""Empirical Bayes: small bodies drawn towards their peers of the same level, large ones hardly.

Beta-binomial for shares, gamma-Poisson for rates; the prior is fitted by maximum likelihood to the peers
themselves. Raw and shrunk values stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from gxstats.analysis.strata import Floats, model_of, peers, with_columns

_FEW = 5
"""A prior cannot be told from fewer peers."""
_NO_SPREAD = 1e6
"""A prior stronger than this many trials (or times the mean exposure) is chance alone: no spread at all."""
_COLUMNS = ("shrunk", "shrunk_low", "shrunk_high", "weight", "prior_mean", "prior_strength")


class Prior(NamedTuple):
    """How peers vary: their mean, and the exposure that weighs as much as the prior does.

    ``strength`` is in trials (shares) or units (rates); infinite if the peers differ by chance alone.
    """

    mean: float
    strength: float


def shrink(
    frame: pd.DataFrame,
    level: str = "level",
    within: Sequence[str] | None = None,
    *,
    minimum: int = 1,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Draw each value towards its peers of the same level, the more the smaller it is.

    Args:
        frame: what ``metric`` returns for a share or a rate, one row per body.
        level: column with the level (province, city, county, kind of department); never shrinks across.
        within: further columns that keep peers apart; by default ``scope`` and ``year``.
        minimum: rows with a smaller denominator are left alone.
        confidence: of the interval, which knows nothing of the uncertainty of the prior itself.

    Returns:
        The frame with ``shrunk``, its interval, ``weight`` (of the body's own figures, 0 to 1),
        ``prior_mean`` and ``prior_strength``; null where there are fewer than 5 peers.
        ``attrs["shrinkage"]`` lists the priors.

    Raises:
        UnknownField: the frame has no such level.
        NotComparable: the metric is no share or rate.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> rates = metric(gx.load_published(), "disclosure_rate").assign(level="county")
        >>> int(shrink(rates, within=["scope"]).weight.between(0, 1).sum())
        11
    """
    apart = [c for c in ("scope", "year") if c in frame.columns] if within is None else within
    columns, priors = _shrunk(frame, [level, *apart], max(minimum, 1), confidence)
    how = "beta-binomial" if model_of(frame) == "binomial" else "gamma-Poisson"
    return with_columns(frame, columns, shrinkage={"model": how, "within": level, "priors": priors})


def _shrunk(
    frame: pd.DataFrame, within: list[str], minimum: int, confidence: float
) -> tuple[dict[str, Floats], list[dict[str, Any]]]:
    """The new columns, and the prior of each set of peers."""
    model = model_of(frame)
    columns = {name: np.full(len(frame), np.nan) for name in _COLUMNS}
    priors = []
    for group in peers(frame, within, minimum):
        known = len(group.place) >= _FEW
        prior = fit_prior(model, group.events, group.exposure) if known else Prior(float("nan"), float("nan"))
        priors.append(group.name | {"n": len(group.place)} | prior._asdict())
        if known:
            found = _posterior(model, prior, group.events, group.exposure, confidence)
            for name, values in found.items():
                columns[name][group.place] = values
    for name in ("shrunk", "shrunk_low", "shrunk_high", "prior_mean"):
        columns[name] *= frame.attrs["scale"]
    return columns, priors


def fit_prior(model: str, events: Floats, exposure: Floats) -> Prior:
    """The prior of maximum likelihood: beta for shares, gamma for rates.

    Args:
        model: ``binomial`` or ``poisson``.
        events: counts of the peers.
        exposure: their trials or units.

    Example:
        >>> fit_prior("binomial", np.array([5.0, 5, 5, 5, 5]), np.full(5, 10.0))
        Prior(mean=0.5, strength=inf)
    """
    from scipy import optimize

    pooled = float(events.sum() / exposure.sum())
    if pooled <= 0 or (model == "binomial" and pooled >= 1):
        return Prior(pooled, float("inf"))  # nothing varies: all have none, or all
    unit = float(exposure.mean())

    def loss(at: Floats) -> float:
        return -_likelihood(model, events, exposure, _mean(model, at[0]), unit * float(np.exp(at[1])))

    start_mean = np.log(pooled / (1 - pooled)) if model == "binomial" else np.log(pooled)
    widest = np.log(_NO_SPREAD)
    bounds = [(start_mean - 5, start_mean + 5), (-9.0, widest)]
    starts = (-2.0, 0.0, 3.0)
    tried = [optimize.minimize(loss, [start_mean, s], method="L-BFGS-B", bounds=bounds) for s in starts]
    best = min(tried, key=lambda found: float(found.fun))
    # Where spread does not help, the likelihood only creeps up towards a prior without any.
    if loss(np.array([start_mean, widest])) <= float(best.fun) + 1e-4:
        return Prior(pooled, float("inf"))
    return Prior(_mean(model, best.x[0]), unit * float(np.exp(best.x[1])))


def _mean(model: str, at: float) -> float:
    return float(1 / (1 + np.exp(-at))) if model == "binomial" else float(np.exp(at))


def _likelihood(model: str, events: Floats, exposure: Floats, mean: float, strength: float) -> float:
    """Log-likelihood without the terms that the prior does not change."""
    from scipy import special

    if model == "binomial":
        a, b = strength * mean, strength * (1 - mean)
        each = special.betaln(events + a, exposure - events + b) - special.betaln(a, b)
    else:
        a = strength * mean
        each = special.gammaln(events + a) - special.gammaln(a)
        each -= a * np.log1p(exposure / strength) + events * np.log(exposure + strength)
    return float(each.sum())


def _posterior(
    model: str, prior: Prior, events: Floats, exposure: Floats, confidence: float
) -> dict[str, Floats]:
    from scipy import stats

    filled = {"prior_mean": prior.mean, "prior_strength": prior.strength}
    columns = {name: np.full(len(events), value) for name, value in filled.items()}
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    if np.isinf(prior.strength):
        flat = np.full(len(events), prior.mean)
        return columns | {"shrunk": flat, "shrunk_low": flat, "shrunk_high": flat, "weight": 0 * flat}
    a = events + prior.strength * prior.mean
    total = exposure + prior.strength
    known = stats.beta(a, total - a) if model == "binomial" else stats.gamma(a, scale=1 / total)
    return columns | {
        "shrunk": a / total,
        "shrunk_low": known.ppf(tails[0]),
        "shrunk_high": known.ppf(tails[1]),
        "weight": exposure / total,
    }
