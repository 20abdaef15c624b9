"""Funnels, shrinkage, ranks and bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import gxstats as gx
from gxstats.analysis import bounds, funnel, metric, ranks, shrink
from gxstats.analysis.funnel import dispersion
from gxstats.analysis.funnel_limits import Baseline, exact_limit
from gxstats.analysis.shrinkage import fit_prior

Make = Callable[..., pd.DataFrame]


def shares(
    events: list[int], totals: list[int], kind: str = "share", scale: int = 1, **more: Any
) -> pd.DataFrame:
    """A metric frame as `metric` returns it."""
    names = [f"{i:03}" for i in range(len(events))]
    frame = pd.DataFrame({"agency": names, "part": "x", "numerator": events, "denominator": totals} | more)
    frame = frame.astype({"numerator": "Int64", "denominator": "Int64"})
    frame["value"] = scale * frame.numerator.astype(float) / frame.denominator.astype(float)
    frame.attrs = {"metric": "x", "kind": kind, "scale": scale}
    return frame


@pytest.mark.parametrize("model", ["binomial", "poisson"])
@pytest.mark.parametrize("tail", [0.001, 0.025, 0.975, 0.999])
def test_exact_limits_against_their_definition(model: str, tail: float) -> None:
    sizes = np.array([40.0, 100.0, 357.0])
    base = Baseline(model, 0.13, sizes)
    for n, limit in zip(sizes, exact_limit(base, tail), strict=True):
        law = stats.binom(n, 0.13) if model == "binomial" else stats.poisson(n * 0.13)
        r = next(k for k in range(1000) if law.cdf(k) >= tail)
        alpha = (law.cdf(r) - tail) / (law.cdf(r) - law.cdf(r - 1))
        assert limit == pytest.approx(max(0.0, r - alpha) / n)


def test_a_funnel_without_overdispersion() -> None:
    judged = funnel(shares([10, 12, 9, 40, 3], [100, 100, 100, 100, 10]), overdispersion="none")
    assert judged.flag.tolist() == ["within limits"] * 3 + ["to be checked", "insufficient"]
    # The small body counts for nothing: 71 of 400.
    assert judged.centre[0] == pytest.approx(71 / 400)
    assert judged.expected[0] == pytest.approx(17.75)
    assert judged.attrs["funnel"]["limits"] == "exact binomial, interpolated"
    assert judged.loc[4, ["z", "low_95", "high_998"]].isna().all()
    z = stats.norm.ppf(stats.binom.cdf(9, 100, 71 / 400) + stats.binom.pmf(10, 100, 71 / 400) / 2)
    assert judged.z[0] == pytest.approx(z)
    assert (judged.low_998 < judged.low_95).head(4).all() and (judged.high_95 < judged.high_998).head(4).all()


def test_overdispersion_widens_the_limits() -> None:
    random = np.random.default_rng(1)
    totals = random.integers(100, 900, 60)
    events = random.binomial(totals, random.beta(4, 12, 60))
    frame = shares(events.tolist(), totals.tolist())
    plain, phi, tau = (funnel(frame, overdispersion=k) for k in ("none", "multiplicative", "additive"))
    assert phi.attrs["funnel"]["peers"][0]["phi"] > 3
    assert tau.attrs["funnel"]["peers"][0]["tau2"] > 0.05
    flagged = [int((f.flag == "to be checked").sum()) for f in (plain, phi, tau)]
    assert flagged[0] > 20 and max(flagged[1:]) <= 3
    assert phi.attrs["funnel"]["winsorised"] == 0.1
    assert ((phi.high_95 - phi.low_95) > (plain.high_95 - plain.low_95)).all()
    assert phi[["low_998", "high_998"]].stack().between(0, 1).all()


def test_the_spread_of_chance_alone_is_one() -> None:
    z = np.random.default_rng(3).normal(size=4000)
    phi, tau2 = dispersion(z, np.full(4000, 0.2), winsorise=0.0)
    assert phi == pytest.approx(1, abs=0.06) and tau2 < 0.003
    pulled = dispersion(np.array([-9.0, -1, -1, 0, 0, 0, 0, 1, 1, 50.0]), np.ones(10), winsorise=0.1)[0]
    # quantiles 0.1 and 0.9 by linear interpolation: -1.8 and 5.9
    assert pulled == pytest.approx((1.8**2 + 4 + 5.9**2) / 10)


def test_rates_keep_their_scale() -> None:
    frame = shares([5, 10, 20, 200], [1000, 2000, 4000, 4000], "rate", scale=1000)
    judged = funnel(frame, target=5.0, overdispersion="none")
    assert judged.centre.tolist() == [5.0] * 4
    assert judged.expected.tolist() == [5, 10, 20, 20]
    assert judged.flag.tolist() == ["within limits"] * 3 + ["to be checked"]
    assert funnel(frame).attrs["funnel"]["limits"] == "normal on the square root"


def test_flags_by_false_discovery_rate() -> None:
    frame = shares([10] * 40 + [25, 22], [100] * 42)
    judged = funnel(frame, overdispersion="none", target=0.1, fdr=0.05)
    expected = stats.false_discovery_control(judged.p.to_numpy())
    assert judged.q.tolist() == pytest.approx(expected.tolist())
    assert judged.flag.tolist() == ["within limits"] * 40 + ["to be checked"] * 2
    assert "Benjamini-Hochberg" in judged.attrs["funnel"]["flagged_by"]


def test_peers_are_of_one_year_and_scope() -> None:
    frame = shares([10, 12, 60, 58], [100] * 4, year=[2020, 2020, 2021, 2021])
    judged = funnel(frame, overdispersion="none")
    assert judged.centre.tolist() == pytest.approx([0.11, 0.11, 0.59, 0.59])
    assert funnel(frame, within=[], overdispersion="none").centre.tolist() == pytest.approx([0.35] * 4)


@pytest.mark.parametrize("judge", [funnel, ranks, lambda frame: shrink(frame.assign(level="a"))])
def test_only_shares_and_rates_are_judged(make: Make, judge: Callable[[pd.DataFrame], object]) -> None:
    with pytest.raises(gx.NotComparable, match="is a count"):
        judge(metric(make(), "received"))
    with pytest.raises(gx.UnknownField):
        judge(pd.DataFrame({"value": [1.0]}))


def test_empty_and_hopeless_frames() -> None:
    empty = shares([], [])
    for found in (funnel(empty), ranks(empty), shrink(empty.assign(level="a"))):
        assert len(found) == 0
    nothing = funnel(shares([0, 0, 0, 0, 0, 0], [50] * 6))
    assert nothing.flag.unique().tolist() == ["within limits"]
    assert funnel(shares([0] * 6, [50] * 6, "rate")).flag.unique().tolist() == ["within limits"]


@pytest.mark.parametrize("model", ["binomial", "poisson"])
def test_priors_are_of_maximum_likelihood(model: str) -> None:
    random = np.random.default_rng(5)
    size = random.integers(20, 400, 80).astype(float)
    true = random.beta(6, 18, 80) if model == "binomial" else random.gamma(6, 0.25 / 6, 80)
    draw = random.binomial(size.astype(int), true) if model == "binomial" else random.poisson(size * true)
    events = draw.astype(float)

    def likelihood(mean: float, strength: float) -> float:
        if model == "binomial":
            return float(stats.betabinom.logpmf(events, size, strength * mean, strength * (1 - mean)).sum())
        return float(stats.nbinom.logpmf(events, strength * mean, strength / (strength + size)).sum())

    prior = fit_prior(model, events, size)
    grid = max(
        ((m, s) for m in np.linspace(0.15, 0.35, 41) for s in np.geomspace(5, 200, 60)),
        key=lambda at: likelihood(*at),
    )
    assert likelihood(*prior) >= likelihood(*grid)
    assert prior.mean == pytest.approx(grid[0], abs=0.01)
    assert prior.strength == pytest.approx(grid[1], rel=0.1)


def test_shrinking_by_hand() -> None:
    random = np.random.default_rng(6)
    totals = random.integers(10, 500, 30)
    events = random.binomial(totals, random.beta(5, 5, 30))
    shrunk = shrink(shares(events.tolist(), totals.tolist(), level="county"))
    mean, strength = shrunk.prior_mean[0], shrunk.prior_strength[0]
    assert shrunk.shrunk[3] == pytest.approx((events[3] + strength * mean) / (totals[3] + strength))
    assert shrunk.weight[3] == pytest.approx(totals[3] / (totals[3] + strength))
    assert (shrunk.shrunk_low < shrunk.shrunk).all() and (shrunk.shrunk < shrunk.shrunk_high).all()
    assert ((shrunk.shrunk - mean).abs() <= (shrunk.value - mean).abs() + 1e-12).all()


def test_never_across_levels() -> None:
    low, high = [10, 12, 8, 9, 11, 10], [70, 75, 80, 72, 68, 77]
    frame = shares(low + high, [100] * 12, level=["county"] * 6 + ["city"] * 6)
    shrunk = shrink(frame)
    assert shrunk.shrunk.head(6).max() < 0.15 and shrunk.shrunk.tail(6).min() > 0.6
    assert [p["level"] for p in shrunk.attrs["shrinkage"]["priors"]] == ["city", "county"]
    alone = shrink(frame.head(4))
    assert alone.shrunk.isna().all()
    with pytest.raises(gx.UnknownField, match="level"):
        shrink(frame.drop(columns="level"))


def test_peers_that_differ_by_chance_alone() -> None:
    shrunk = shrink(shares([10, 10, 10, 10, 10], [100] * 5, level="a"))
    assert np.isinf(shrunk.prior_strength).all()
    assert shrunk.shrunk.tolist() == pytest.approx([0.1] * 5)
    assert (shrunk.weight == 0).all()


def test_rates_are_shrunk_on_their_own_scale() -> None:
    frame = shares([1, 5, 9, 30, 60, 4], [100, 200, 300, 400, 500, 600], "rate", 1000, level="a")
    shrunk = shrink(frame)
    assert shrunk.prior_mean.between(20, 120).all()
    assert shrunk.attrs["shrinkage"]["model"] == "gamma-Poisson"


def test_ranks_need_thirty_cases() -> None:
    ranked = ranks(shares([29, 10, 20, 90], [29, 100, 100, 100]))
    assert ranked["rank"].tolist() == [pd.NA, 3, 2, 1]
    assert ranked.rank_state.tolist() == ["insufficient", "ranked", "ranked", "ranked"]
    assert ranked.rank_low.tolist()[3] == ranked.rank_high.tolist()[3] == 1
    assert str(ranked["rank"].dtype) == "Int64"


def test_rank_intervals_are_wide_where_bodies_are_alike_and_repeatable() -> None:
    frame = shares([50, 51, 49, 52, 48], [100] * 5)
    ranked = ranks(frame, seed=7)
    assert (ranked.rank_high - ranked.rank_low >= 3).all()
    assert ranks(frame, seed=7).equals(ranked)
    lowest = ranks(frame, highest_first=False)
    assert lowest["rank"].tolist() == [3, 4, 2, 5, 1]


def test_ties_share_the_best_rank() -> None:
    assert ranks(shares([50, 50, 10], [100] * 3))["rank"].tolist() == [1, 1, 3]


def test_bounds_of_a_total(make: Make) -> None:
    facts = pd.concat([make(agency="甲"), make({"received/total": 50}, agency="乙"), make({}, agency="戊")])
    due = pd.DataFrame(
        {"agency": ["甲", "乙", "丙", "丁"], "year": 2023, "level": ["city", "county", "county", "city"]}
    )
    found = bounds(metric(facts, "received"), due).iloc[0]
    assert (found.n_expected, found.n_known, found.n_missing) == (4, 2, 2)
    assert (found.total, found.total_peer_mean) == (150.0, 300.0)
    by_level = bounds(metric(facts, "received"), due, peers=["level"]).iloc[0]
    assert by_level.total_peer_mean == 150 + 50 + 100
    assert bounds(metric(facts, "received"), due).attrs["unexpected"] == 1


def test_bounds_know_no_peers_where_there_are_none(make: Make) -> None:
    due = pd.DataFrame({"agency": ["甲县", "乙"], "year": [2023, 2022]})
    found = bounds(metric(make(), "received"), due).set_index("year")
    assert pd.isna(found.total[2022]) and pd.isna(found.total_peer_mean[2022])


def test_bounds_refuse_what_cannot_be_added(make: Make) -> None:
    due = pd.DataFrame({"agency": ["甲县"], "year": [2023]})
    with pytest.raises(gx.NotComparable, match="cannot be added"):
        bounds(metric(make(), "disclosure_rate"), due)
    mixed = pd.concat([make(), make(agency="市", scope="summary")])
    with pytest.raises(gx.NotComparable, match="scope"):
        bounds(metric(mixed, "received"), due)
    with pytest.raises(gx.UnknownField):
        bounds(metric(make(), "received"), due, ["province"])


@pytest.mark.parametrize("judged", [gx.funnel, gx.ranks])
def test_scope_may_be_named_where_there_is_only_one(judged: Callable[..., pd.DataFrame]) -> None:
    suqian = gx.tidy(gx.load_published(), warn=False).query("agency == '宿迁市人民政府'")
    rates = metric(suqian, "disclosure_rate")
    assert "scope" not in rates.columns
    pd.testing.assert_frame_equal(judged(rates, within=["scope"]), judged(rates, within=[]))
    drawn = gx.shrink(rates.assign(level="city"), within=["scope"])
    assert drawn["shrunk"].isna().all()  # two peers are too few
    with pytest.raises(gx.UnknownField, match="colour"):
        judged(rates, within=["scope", "colour"])
