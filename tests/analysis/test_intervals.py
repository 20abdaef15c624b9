"""Intervals against published values."""

from __future__ import annotations

import math

import pytest

from gxstats.analysis import intervals


@pytest.mark.parametrize(
    ("events", "total", "method", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I: methods 3 (Wilson) and 5 (exact)
        (81, 263, "wilson", 0.2553, 0.3662),
        (15, 148, "wilson", 0.0624, 0.1605),
        (0, 20, "wilson", 0.0, 0.1611),
        (1, 29, "wilson", 0.0061, 0.1718),
        (81, 263, "clopper-pearson", 0.2527, 0.3676),
        (15, 148, "clopper-pearson", 0.0578, 0.1617),
        (0, 20, "clopper-pearson", 0.0, 0.1684),
        (1, 29, "clopper-pearson", 0.0009, 0.1776),
        # Brown, Cai and DasGupta, Statistical Science 16 (2001), table 5: Jeffreys, n = 10
        (1, 10, "jeffreys", 0.011, 0.381),
        (5, 10, "jeffreys", 0.224, 0.776),
        (0, 10, "jeffreys", 0.0, 0.217),
        (10, 10, "jeffreys", 0.783, 1.0),
    ],
)
def test_proportions(events: int, total: int, method: intervals.Method, low: float, high: float) -> None:
    found = intervals.proportion(events, total, method)
    places = 3 if method == "jeffreys" else 4
    assert (round(found.low, places), round(found.high, places)) == (low, high)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # Garwood, Biometrika 28 (1936), and every table of exact Poisson limits since
    [(0, 0.0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_garwood(events: int, low: float, high: float) -> None:
    found = intervals.count(events)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


def test_a_rate_is_a_count_over_its_exposure() -> None:
    assert intervals.rate(10, 2.0) == pytest.approx((4.795 / 2, 18.390 / 2), abs=1e-3)
    assert math.isnan(intervals.rate(10, 0).low)


def test_the_ratio_of_two_counts() -> None:
    # p of 20 among 30 by Clopper-Pearson is 0.4719 to 0.8271: odds 0.8937 to 4.785
    found = intervals.count_ratio(20, 10)
    assert (round(found.low, 3), round(found.high, 3)) == (0.894, 4.785)
    assert intervals.count_ratio(0, 5).low == 0.0
    assert math.isinf(intervals.count_ratio(5, 0).high)
    assert math.isnan(intervals.count_ratio(0, 0).low)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="proportion"):
        intervals.proportion(5, 4)
    with pytest.raises(ValueError, match="count"):
        intervals.count(-1)
