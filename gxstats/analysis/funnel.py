"""Funnel limits: which bodies differ by more than chance, instead of a league table.

Source: D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine
24 (2005), 1185-1202, with its exact limits (appendix A.1.1), and Handling over-dispersion of performance
indicators, Quality and Safety in Health Care 14 (2005), 347-351: winsorised z-scores, multiplicative phi,
additive tau squared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from gxstats.analysis.funnel_limits import Baseline, exact_limit, normal_limit, transformed
from gxstats.analysis.strata import Floats, Peers, model_of, peers, with_columns

Overdispersion = Literal["multiplicative", "additive", "none"]
LIMITS = {"95": 0.95, "998": 0.998}
_COLUMNS = ("expected", "centre", "z", "p", "q", "low_95", "high_95", "low_998", "high_998")
_FEW = 5
"""Spread cannot be told from fewer bodies."""


class _Judged(NamedTuple):
    columns: dict[str, Floats]
    summary: dict[str, Any]


def funnel(
    frame: pd.DataFrame,
    within: Sequence[str] | None = None,
    *,
    target: float | None = None,
    overdispersion: Overdispersion = "multiplicative",
    minimum: int = 30,
    fdr: float | None = None,
    winsorise: float = 0.1,
) -> pd.DataFrame:
    """Judge each row against the limits its own size allows; what lies outside is "to be checked".

    Args:
        frame: what ``metric`` returns for a share or a rate, one row per body.
        within: columns that keep peers apart; by default ``scope`` and ``year``.
        target: the centre, on the scale of ``value``; by default what the peers add up to.
        overdispersion: ``multiplicative`` phi, ``additive`` tau squared, or ``none``.
        minimum: rows with a smaller denominator are ``insufficient`` and judge nobody.
        fdr: flag by this false discovery rate (Benjamini-Hochberg) instead of the 99.8 % limits.
        winsorise: share of z-scores pulled in at either end before their spread is taken.

    Returns:
        The frame with ``expected`` events, ``centre``, adjusted ``z``, ``p``, ``q``, limits and ``flag``.
        ``attrs["funnel"]`` says how, and the phi, tau2 and correlation with size of each set of peers.

    Raises:
        NotComparable: the metric is no share or rate.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> judged = funnel(metric(gx.load_published(), "disclosure_rate"), ["scope"])
        >>> judged.attrs["funnel"]["limits"], judged.flag.unique().tolist()
        ('normal on the logit', ['to be checked', 'within limits', 'insufficient'])
    """
    how = _how(model_of(frame), overdispersion, minimum, fdr, winsorise)
    sets = list(peers(frame, within, minimum))
    centre = None if target is None else target / frame.attrs["scale"]
    judged = [_judge(group, how["model"], centre, overdispersion, winsorise) for group in sets]
    return _with_limits(frame, sets, judged, how, fdr)


def _with_limits(
    frame: pd.DataFrame,
    sets: Sequence[Peers],
    judged: Sequence[_Judged],
    how: dict[str, Any],
    fdr: float | None,
) -> pd.DataFrame:
    columns = _columns(frame, sets, judged)
    flags = pd.array(_flags(frame, columns, fdr), dtype="string")
    how["peers"] = [group.name | found.summary for group, found in zip(sets, judged, strict=True)]
    return with_columns(frame, {**columns, "flag": flags}, funnel=how)


def _columns(frame: pd.DataFrame, sets: Sequence[Peers], judged: Sequence[_Judged]) -> dict[str, Floats]:
    """The columns of all rows, on the scale of ``value``; NaN where a row is judged by nobody."""
    columns = {name: np.full(len(frame), np.nan) for name in _COLUMNS}
    for group, found in zip(sets, judged, strict=True):
        for name, values in found.columns.items():
            columns[name][group.place] = values
    for name in ("centre", *(n for n in _COLUMNS if n.startswith(("low", "high")))):
        columns[name] *= frame.attrs["scale"]
    columns["q"] = false_discovery(columns["p"])
    return columns


def _judge(
    group: Peers, model: str, target: float | None, overdispersion: Overdispersion, winsorise: float
) -> _Judged:
    pooled = group.events.sum() / group.exposure.sum() if len(group.place) else np.nan
    centre = pooled if target is None else target
    base = Baseline(model, centre, group.exposure)
    y, y0, spread = transformed(base, group.events)
    # Where all have none, or all have all, nothing varies and nobody is odd.
    varies = bool(np.isfinite(spread).all() and np.isfinite(y0))
    phi, tau2 = dispersion((y - y0) / spread, spread, winsorise) if varies else (float("nan"), 0.0)
    used_phi = max(phi, 1.0) if overdispersion == "multiplicative" and np.isfinite(phi) else 1.0
    used_tau2 = tau2 if overdispersion == "additive" else 0.0
    wide = np.sqrt(used_phi * spread**2 + used_tau2)
    if overdispersion == "none":
        z = exact_z(base, group.events)
    else:
        z = (y - y0) / wide if varies else np.zeros(len(y))
    columns = {"expected": centre * group.exposure, "centre": np.full(len(y), centre), "z": z}
    columns["p"] = _two_sided(z)
    for name, level in LIMITS.items():
        for side, tail in (("low", (1 - level) / 2), ("high", (1 + level) / 2)):
            limit = exact_limit(base, tail) if overdispersion == "none" else normal_limit(base, tail, wide)
            columns[f"{side}_{name}"] = limit
    summary = {"n": len(y), "target": float(centre), "phi": phi, "tau2": tau2, "phi_used": used_phi}
    return _Judged(columns, summary | _with_size(group))


def dispersion(z: Floats, spread: Floats, winsorise: float = 0.1) -> tuple[float, float]:
    """Multiplicative phi and additive tau squared from winsorised z-scores; NaN and 0 for under 5 bodies.

    Args:
        z: unadjusted z-scores.
        spread: standard errors they were made with, on the same scale.
        winsorise: share pulled in at either end.

    Example:
        >>> z = np.array([-3.0, -1.0, 0.0, 1.0, 3.0])
        >>> dispersion(z, np.ones(5), winsorise=0.0)
        (4.0, 4.0)
    """
    n = len(z)
    if n < _FEW:
        return float("nan"), 0.0
    low, high = np.quantile(z, [winsorise, 1 - winsorise])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    weight = spread**-2.0
    room = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, float((n * phi - (n - 1)) / room)) if room > 0 else 0.0
    return phi, tau2


def exact_z(base: Baseline, events: Floats) -> Floats:
    """The normal score of the mid-p probability of what was counted."""
    from scipy import stats

    if not len(events):
        return events
    below, here, above = base.probabilities(events)
    # The smaller tail is taken: 1 - p loses all digits far out.
    lower, upper = below + here / 2, above + here / 2
    z: Floats = np.where(lower <= upper, stats.norm.ppf(lower), stats.norm.isf(upper))
    return z


def false_discovery(p: Floats) -> Floats:
    """Benjamini-Hochberg q-values; NaN where ``p`` is.

    Example:
        >>> false_discovery(np.array([0.01, 0.04, 0.03, np.nan])).round(3).tolist()
        [0.03, 0.04, 0.04, nan]
    """
    from scipy import stats

    q = np.full(len(p), np.nan)
    known = np.isfinite(p)
    if known.any():
        q[known] = stats.false_discovery_control(p[known], method="bh")
    return q


def _two_sided(z: Floats) -> Floats:
    from scipy import stats

    p: Floats = 2 * stats.norm.sf(np.abs(z))
    return p


def _with_size(group: Peers) -> dict[str, float]:
    """Rank correlation of value and size: a funnel assumes none."""
    from scipy import stats

    values = group.events / group.exposure
    if len(values) < _FEW or np.ptp(values) == 0 or np.ptp(group.exposure) == 0:
        return {"size_correlation": float("nan"), "size_p": float("nan")}
    found = stats.spearmanr(values, group.exposure)
    return {"size_correlation": float(found.statistic), "size_p": float(found.pvalue)}


def _flags(frame: pd.DataFrame, columns: dict[str, Floats], fdr: float | None) -> list[str]:
    value = frame["value"].to_numpy(np.float64)
    with np.errstate(invalid="ignore"):
        # By the limits themselves, so that what is flagged is what a chart shows outside them.
        odd = (value < columns["low_998"]) | (value > columns["high_998"])
        if fdr is not None:
            odd = columns["q"] <= fdr
    judged = np.isfinite(columns["z"])
    return [
        "to be checked" if out else "within limits" if known else "insufficient"
        for out, known in zip(odd, judged, strict=True)
    ]


def _how(
    model: str, overdispersion: str, minimum: int, fdr: float | None, winsorise: float
) -> dict[str, Any]:
    scale = "logit" if model == "binomial" else "square root"
    exact = overdispersion == "none"
    return {
        "model": model,
        "limits": f"exact {model}, interpolated" if exact else f"normal on the {scale}",
        "overdispersion": overdispersion,
        "winsorised": None if exact else winsorise,
        "minimum": minimum,
        "flagged_by": "99.8 % limits"
        if fdr is None
        else f"false discovery rate {fdr:g} (Benjamini-Hochberg)",
    }
