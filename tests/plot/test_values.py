"""What is drawn is what was computed, and what cannot be compared is refused or marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

import gxstats as gx
from gxstats.analysis import funnel as judge
from gxstats.analysis import metric
from tests.plot.many_bodies import LONG, made_up, words_on

APPLICATIONS = {"received": 10, "carried_in": 0, "granted": 4, "outcome_total": 8, "carried_out": 2}


@pytest.fixture(autouse=True)
def no_screen() -> Iterator[None]:
    pyplot.switch_backend("Agg")
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def published() -> gx.Reports:
    return gx.load_published()


def report(agency: str, year: int, scope: str = "body", **items: int | None) -> gx.Report:
    """A report of 2021's form in which all is 0 but what is named."""
    values: dict[Any, Any] = {
        (section, item.item, measure.measure): 0
        for section in ("applications", "disputes")
        for item, measure in gx.form("f2021").section(section).cells()
    }
    for item, number in items.items():
        name, _, measure = item.replace("__", ".").partition("_in_")
        section = "disputes" if measure else "applications"
        values[section, name, measure or "total"] = number
    return gx.enter(values, {"agency": agency, "year": year, "scope": scope}, reviewer="nobody")


def together(*reports: gx.Report) -> gx.Reports:
    return gx.Reports(tuple(reports))


def text_of(figure: Any) -> str:
    return "".join(word.text for word in words_on(figure)).replace("\n", "")


def test_bars_of_outcomes_are_the_metrics(published: gx.Reports) -> None:
    _, axes = gx.plot.outcomes(published[7:9])
    names = ("full_disclosure_rate", "partial_disclosure_rate", "refusal_rate", "unable_rate")
    names += ("not_processed_rate", "other_rate")
    end = np.zeros(2)
    for bars, name in zip(axes.containers, names, strict=True):
        frame = metric(published[7:9], name)
        wanted = 100 * frame[frame["part"].isin([name, "refused"])]["value"].to_numpy()
        assert [bar.get_width() for bar in bars] == pytest.approx(wanted)
        assert [bar.get_x() for bar in bars] == pytest.approx(end)
        end += wanted
    assert end == pytest.approx([100, 100])


def test_outcomes_that_miss_the_total_are_marked(published: gx.Reports) -> None:
    figure, axes = gx.plot.outcomes(published[1:2])
    assert "27 ≠ 21" in text_of(figure)
    assert axes.get_xlim()[1] == pytest.approx(100 * 27 / 21)
    assert "†" in axes.get_yticklabels()[0].get_text()


def test_a_report_with_an_unknown_outcome_is_left_out_and_says_why() -> None:
    whole = report("甲县", 2022, **APPLICATIONS)
    torn = report("甲县", 2023, **{**APPLICATIONS, "unable__not_held": None, "granted": None})
    figure, axes = gx.plot.outcomes(together(whole, torn))
    assert [bar.get_width() for bar in axes.containers[0]] == pytest.approx([50, 0])
    assert "用 1 份报告；未计 1 份" in text_of(figure)
    assert "为空" in text_of(figure) and "未知" in text_of(figure)


def test_cells_of_grounds_print_share_and_count(published: gx.Reports) -> None:
    _, axes = gx.plot.refusal_grounds(published[7:9], "en")
    frame = metric(published[7:9], "refusal_ground_share", ("agency",))
    wanted = [
        f"{value:.0%}\n({count})" for value, count in zip(frame["value"], frame["numerator"], strict=True)
    ]
    assert [text.get_text() for text in axes.texts] == ["234", *wanted]


def test_the_darker_a_ground_the_larger_its_share(published: gx.Reports) -> None:
    _, axes = gx.plot.refusal_grounds(published, "en")
    light = {}
    for patch, text in zip(axes.patches, axes.texts, strict=True):
        if "%" in text.get_text():
            red, green, blue = (int(to_hex(patch.get_facecolor())[at : at + 2], 16) for at in (1, 3, 5))
            light[int(text.get_text().split("%")[0])] = 0.3 * red + 0.59 * green + 0.11 * blue
    shown = [light[share] for share in sorted(light)]
    assert shown == sorted(shown, reverse=True)


def test_dots_and_bars_are_the_metric(published: gx.Reports) -> None:
    frame = metric(published, "disclosure_rate")
    _, axes = gx.plot.dots(frame)
    ordered = frame.sort_values(["agency", "year"], kind="stable")
    points = next(line for line in axes.lines if line.get_marker() == "o")
    assert list(points.get_xdata()) == pytest.approx(sorted_like(ordered, frame))
    spans = [segment[:, 0] for segment in axes.collections[0].get_segments()]
    assert sorted(map(tuple, np.round(spans, 6))) == sorted(
        zip((100 * frame["low"]).round(6), (100 * frame["high"]).round(6), strict=True)
    )


def sorted_like(ordered: pd.DataFrame, frame: pd.DataFrame) -> list[float]:
    names = dict.fromkeys(frame["agency"])
    return [100 * value for name in names for value in ordered[ordered["agency"] == name]["value"]]


def test_the_published_example_is_drawn(published: gx.Reports) -> None:
    _, axes = gx.plot.forest(metric(published[7:9], "review_correction_rate"), "en")
    shown = [text.get_text() for text in axes.texts]
    assert {"17/414", "18/134", "4.1 (2.6–6.5)", "13.4 (8.7–20.2)"} <= set(shown)
    squares = axes.collections[-1]
    assert [x for x, _ in squares.get_offsets()] == pytest.approx([100 * 17 / 414, 100 * 18 / 134])
    assert squares.get_sizes()[1] / squares.get_sizes()[0] == pytest.approx(134 / 414)


@pytest.mark.parametrize("spread", ["multiplicative", "additive", "none"])
@pytest.mark.parametrize("name", ["disclosure_rate", "reviews_per_1000"])
def test_points_and_limits_of_a_funnel_are_the_judged_frame(
    name: str, spread: Any, published: gx.Reports
) -> None:
    rates = metric(published, name)
    judged = judge(rates[rates["scope"].eq("summary")], [], overdispersion=spread)
    times = 100 if name == "disclosure_rate" else 1
    _, axes = gx.plot.funnel(judged)
    drawn = {
        (round(float(x)), round(float(y), 6))
        for line in axes.lines
        if line.get_linestyle() == "None"
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    assert drawn == {
        (int(d), round(times * v, 6)) for d, v in zip(judged["denominator"], judged["value"], strict=True)
    }
    curves = [line for line in axes.lines if len(line.get_xdata()) > 100]
    known = judged[judged["centre"].notna()]
    for curve, column in zip(curves, ("low_95", "high_95", "low_998", "high_998"), strict=True):
        at = np.interp(known["denominator"].astype(float), curve.get_xdata(), curve.get_ydata())
        assert at == pytest.approx(times * known[column].to_numpy(), rel=0.01, abs=0.05)


def test_a_funnel_of_several_sets_of_peers_is_refused(published: gx.Reports) -> None:
    with pytest.raises(gx.NotComparable, match="scope"):
        gx.plot.funnel(metric(published, "disclosure_rate"), within=["scope"])
    with pytest.raises(gx.UnknownField, match="no denominator reaches 30"):
        gx.plot.funnel(metric(published[13:14], "review_correction_rate"))


def test_many_outside_a_funnel_are_numbered_and_named_below() -> None:
    rates = metric(made_up(), "disclosure_rate")
    judged = judge(rates[rates["year"] == 2022], overdispersion="none")
    with gx.plot.style("journal", width=8):
        figure, axes = gx.plot.funnel(judged)
    out = int((judged["flag"] == "to be checked").sum())
    assert out > 5
    assert f"{out} " in text_of(figure)
    assert {text.get_text() for text in axes.texts} & {str(n) for n in range(1, out + 1)}


def test_bars_of_disputes_are_the_figures(published: gx.Reports) -> None:
    _, axes = gx.plot.disputes(published[7:9])
    widths = [[bar.get_width() for bar in bars] for bars in axes.containers]
    assert widths[:4] == [[309, 88], [17, 18], [88, 28], [26, 36]]
    assert widths[4:8] == [[1, 7], [1, 0], [16, 11], [6, 7]]
    assert {"440", "170", "24", "25", "89", "52"} <= {text.get_text() for text in axes.texts}


def test_results_that_miss_their_total_are_marked_and_unknown_ones_are_not_divided() -> None:
    wrong = report("甲县", 2022, review_in_upheld=3, review_in_total=5)
    torn = report("甲县", 2023, review_in_upheld=None, review_in_pending=None, review_in_total=7)
    figure, axes = gx.plot.disputes(together(wrong, torn), "en")
    assert "5 †" in {text.get_text() for text in axes.texts}
    assert "†: the results do not add up" in text_of(figure).replace("†:the", "†: the")
    assert 7 in [bar.get_width() for bars in axes.containers for bar in bars]


def test_links_of_the_chain_are_compared() -> None:
    a, b = report("甲县", 2021, carried_out=5), report("甲县", 2022, carried_in=5, carried_out=2)
    c, d = report("甲县", 2023, carried_in=3), report("乙县", 2023, carried_in=4)
    figure, axes = gx.plot.carry_over(together(a, b, c, d), "en")
    assert {text.get_text() for text in axes.texts} == {"?\n0", "5\n5", "2\n3", "?\n4"}
    hatched = [patch for patch in axes.patches if patch.get_hatch()]
    assert len(hatched) == 1
    assert "2 could be compared, 1 differ; 2 have one side only" in text_of(figure).replace(
        "sideonly", "side only"
    )


def test_panels_hold_the_metric_and_no_line_crosses_what_is_only_near(published: gx.Reports) -> None:
    frame = metric(published, "other_rate")
    figure, axes = gx.plot.multiples(frame)
    assert len(axes.child_axes) == frame["agency"].nunique()
    panel = next(p for p in axes.child_axes if "平潭" in p.get_title(loc="left"))
    lines = [line for line in panel.lines if line.get_marker() == "o"]
    assert [list(line.get_xdata()) for line in lines] == [[2019, 2020], [2021, 2022, 2023, 2024, 2025]]
    wanted = 100 * frame[frame["agency"].str.contains("平潭")]["value"]
    assert [y for line in lines for y in line.get_ydata()] == pytest.approx(list(wanted))
    assert "口径相近而不相同的两段不连线" in text_of(figure)


def test_a_gap_between_years_is_not_bridged() -> None:
    reports = [report("甲县", year, **APPLICATIONS) for year in (2021, 2022, 2024)]
    _, axes = gx.plot.multiples(metric(together(*reports), "disclosure_rate"))
    lines = [line for line in axes.child_axes[0].lines if line.get_marker() == "o"]
    assert [list(line.get_xdata()) for line in lines] == [[2021, 2022], [2024]]


def test_coverage_shows_each_state() -> None:
    good, bad = report("甲县", 2021), report("甲县", 2022, granted=5)
    figure, axes = gx.plot.coverage(together(good, bad, report("乙县", 2022)), "zh")
    assert [text.get_text() for text in axes.texts] == ["–", "2/3", "2/3", "≠ 2/3"]
    assert "没有应有报告的清单" in text_of(figure)
    due = pd.DataFrame({"agency": ["甲县", "甲县", "丙县"], "year": [2021, 2022, 2022]})
    figure, axes = gx.plot.coverage(together(good, bad), "zh", expected=due)
    assert sorted(text.get_text() for text in axes.texts) == sorted(["–", "2/3", "≠ 2/3"])
    assert "应有报告 3 份，有 2 份" in text_of(figure)


def test_a_report_without_a_table_is_shown_if_its_title_is_known() -> None:
    empty = gx.read_report(
        "甲县人民政府2022年政府信息公开工作年度报告".encode(), hints={"agency": "甲县", "year": 2022}
    )
    _, axes = gx.plot.coverage(together(empty, report("乙县", 2022)))
    assert "∅" in {text.get_text() for text in axes.texts}


@pytest.mark.parametrize("name", ["outcomes", "refusal_grounds", "disputes"])
def test_one_report_twice_is_refused(name: str) -> None:
    once = report("甲县", 2022, **APPLICATIONS)
    again = report("甲县", 2022, **{**APPLICATIONS, "granted": 3})
    with pytest.raises(gx.NotComparable, match=r"more than one report|one report twice"):
        getattr(gx.plot, name)(together(once, again))


def test_breaks_are_drawn_where_the_years_cross_them() -> None:
    across = together(report("甲县", 2023, **APPLICATIONS), report("甲县", 2024, **APPLICATIONS))
    for name, crossed in (("disputes", True), ("outcomes", False)):
        figure, axes = getattr(gx.plot, name)(across)
        dotted = [line for line in axes.lines if line.get_linestyle() not in ("-", "None")]
        assert (len(dotted), "自 2024 年度起" in text_of(figure)) == (crossed, crossed)


def test_scopes_are_named_where_both_are_there(published: gx.Reports) -> None:
    figure, _ = gx.plot.dots(metric(published, "disclosure_rate"))
    assert "宿迁市人民政府（汇总）" in text_of(figure) and "不宜互相比较" in text_of(figure)
    figure, _ = gx.plot.dots(metric(published[7:9], "disclosure_rate"))
    assert "（汇总）" not in text_of(figure)


def test_bodies_of_one_name_are_told_apart_by_their_division() -> None:
    values = {"applications/received/total": 5, "applications/received/natural_person": 5}
    places = [
        gx.enter(values, {"agency": "财政局", "year": 2022, "division": place}, reviewer="nobody")
        for place in ("甲县", "乙县")
    ]
    figure, _ = gx.plot.coverage(together(*places))
    assert {"甲县 财政局", "乙县 财政局"} <= {word.text.replace("\n", " ") for word in words_on(figure)}


def test_a_name_that_is_shortened_is_given_in_full_below() -> None:
    reports = [report(LONG, 2022, **APPLICATIONS), report("乙县", 2022, **APPLICATIONS)]
    with gx.plot.style("journal", width=8):
        figure, _ = gx.plot.coverage(together(*reports))
    assert f"= {LONG}" in text_of(figure).replace("=新", "= 新")


def test_a_frame_of_several_parts_or_of_none_is_refused(published: gx.Reports) -> None:
    with pytest.raises(gx.UnknownField, match=r"has the parts.*choose one"):
        gx.plot.dots(metric(published, "refusal_rate"))
    with pytest.raises(gx.UnknownField, match=r"no frame of a metric.*gx\.metric"):
        gx.plot.forest(published.tidy(warn=False))
    with pytest.raises(gx.UnknownField, match="not a share or rate"):
        gx.plot.forest(metric(published, "clearance_ratio"))
    with pytest.raises(gx.UnknownField, match="no column year"):
        gx.plot.multiples(metric(published[7:9], "disclosure_rate", ("agency",)))
