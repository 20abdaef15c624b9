"""Intervals for small numbers: never the normal approximation.

Wilson for proportions (Jeffreys and Clopper-Pearson on request), Garwood for counts and rates, the
conditional binomial for the ratio of two counts.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Method = Literal["wilson", "jeffreys", "clopper-pearson"]


class Interval(NamedTuple):
    """Lower and upper limit."""

    low: float
    high: float


NONE = Interval(float("nan"), float("nan"))


def proportion(events: int, total: int, method: Method = "wilson", level: float = 0.95) -> Interval:
    """Interval of a proportion.

    Args:
        events: successes, 0 to ``total``.
        total: trials; 0 gives no interval.
        method: ``wilson``, ``jeffreys`` (equal tails of Beta(k+1/2, n-k+1/2), its ends fixed at 0
            events and at all) or ``clopper-pearson``.
        level: confidence level.

    Raises:
        ValueError: events are negative or more than the total.

    Example:
        >>> interval = proportion(17, 414)
        >>> f"{interval.low:.4f} {interval.high:.4f}"
        '0.0258 0.0648'
    """
    from scipy import stats

    if not 0 <= events <= total:
        raise ValueError(f"{events} events of {total}: a proportion needs 0 <= events <= total")
    if total == 0:
        return NONE
    if method == "jeffreys":
        tail = (1 - level) / 2
        posterior = stats.beta(events + 0.5, total - events + 0.5)
        low = 0.0 if events == 0 else float(posterior.ppf(tail))
        return Interval(low, 1.0 if events == total else float(posterior.ppf(1 - tail)))
    name = "exact" if method == "clopper-pearson" else "wilson"
    found = stats.binomtest(events, total).proportion_ci(level, method=name)
    return Interval(float(found.low), float(found.high))


def count(events: int, level: float = 0.95) -> Interval:
    """Exact (Garwood) interval of a Poisson count.

    Example:
        >>> interval = count(0)
        >>> f"{interval.low:.2f} {interval.high:.2f}"
        '0.00 3.69'
    """
    from scipy import stats

    if events < 0:
        raise ValueError(f"a count cannot be {events}")
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else float(stats.chi2.ppf(tail, 2 * events)) / 2
    return Interval(low, float(stats.chi2.ppf(1 - tail, 2 * events + 2)) / 2)


def rate(events: int, exposure: float, level: float = 0.95) -> Interval:
    """Garwood interval of events per unit of exposure; none without exposure."""
    if exposure <= 0:
        return NONE
    found = count(events, level)
    return Interval(found.low / exposure, found.high / exposure)


def count_ratio(events: int, before: int, level: float = 0.95) -> Interval:
    """Interval of the ratio of two Poisson counts, by the conditional binomial.

    Example:
        >>> interval = count_ratio(20, 10)
        >>> f"{interval.low:.2f} {interval.high:.2f}"
        '0.89 4.78'
    """
    total = events + before
    if total == 0:
        return NONE
    found = proportion(events, total, "clopper-pearson", level)
    high = float("inf") if found.high >= 1 else found.high / (1 - found.high)
    return Interval(found.low / (1 - found.low) if found.low < 1 else float("inf"), high)
