"""Where the limits of a funnel lie: exact and interpolated, or normal on a transformed scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gxstats.analysis.strata import Floats


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is expected of bodies of given sizes.

    Attributes:
        model: ``binomial`` or ``poisson``.
        centre: expected share, or events per unit.
        exposure: trials or units of each body.
    """

    model: str
    centre: float
    exposure: Floats

    def distribution(self) -> Any:
        """The frozen scipy distribution of the counts."""
        from scipy import stats

        if self.model == "binomial":
            return stats.binom(self.exposure, self.centre)
        return stats.poisson(self.exposure * self.centre)

    def probabilities(self, events: Floats) -> tuple[Floats, Floats, Floats]:
        """Probability of fewer events, of as many, of more."""
        known = self.distribution()
        return known.cdf(events - 1), known.pmf(events), known.sf(events)


def exact_limit(base: Baseline, tail: float) -> Floats:
    """The exact limit at a probability, interpolated between counts so that it has no steps.

    Source: Spiegelhalter (2005), appendix A.1.1: with r the smallest count whose cumulative probability
    is at least ``tail``, the limit is (r - alpha) / n where alpha = (P(R<=r) - tail) / P(R=r).

    Example:
        >>> limit = exact_limit(Baseline("binomial", 0.1, np.array([100.0])), 0.025)
        >>> f"{limit[0]:.4f}"
        '0.0404'
    """
    if not len(base.exposure):
        return base.exposure
    known = base.distribution()
    count = known.ppf(tail)
    alpha = (known.cdf(count) - tail) / known.pmf(count)
    # No limit lies where no count can: below 0, or above all trials.
    highest = base.exposure if base.model == "binomial" else np.inf
    return np.asarray(np.clip(count - alpha, 0.0, highest) / base.exposure, dtype=np.float64)


def transformed(base: Baseline, events: Floats) -> tuple[Floats, float, Floats]:
    """Values, centre and standard errors on the scale of the normal limits.

    Shares: logit, half an event added on either side so that none and all have a place, standard error
    of the centre. Rates: square root, whose variance is a quarter of one over the units.
    """
    if base.model == "poisson":
        y = np.sqrt(events / base.exposure)
        return y, float(np.sqrt(base.centre)), 0.5 / np.sqrt(base.exposure)
    y = np.log((events + 0.5) / (base.exposure - events + 0.5))
    with np.errstate(divide="ignore"):  # a centre of none or all has no logit and no spread
        y0 = float(np.log(base.centre) - np.log1p(-base.centre))
        spread = 1 / np.sqrt(base.exposure * base.centre * (1 - base.centre))
    return y, y0, spread


def normal_limit(base: Baseline, tail: float, spread: Floats) -> Floats:
    """The normal limit at a probability, back on the scale of shares or rates."""
    from scipy import stats

    z = float(stats.norm.ppf(tail))
    if base.model == "poisson":
        return np.asarray(np.clip(np.sqrt(base.centre) + z * spread, 0.0, None) ** 2)
    if not 0 < base.centre < 1:
        return np.full(len(spread), base.centre)
    y0 = np.log(base.centre / (1 - base.centre))
    return np.asarray(1 / (1 + np.exp(-(y0 + z * spread))))
