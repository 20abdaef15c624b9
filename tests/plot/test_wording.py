"""Labels a reader understands: heads broken at words, axes with units, whole numbers, no raw formulas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

import gxstats as gx
from gxstats.analysis import metric, metrics
from gxstats.analysis.registry import registry
from tests.plot.many_bodies import made_up, words_on
from tests.plot.test_values import APPLICATIONS, report, text_of, together


@pytest.fixture(autouse=True)
def no_screen() -> Iterator[None]:
    pyplot.switch_backend("Agg")
    yield
    pyplot.close("all")


def heads(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_xticklabels()]


def test_heads_of_grounds_are_broken_between_words() -> None:
    published = gx.load_published()
    with gx.plot.style("journal"):
        figure, _ = gx.plot.refusal_grounds(published)
    assert {"第三方\n权益", "三安全\n一稳定", "过程性\n信息"} <= set(heads(figure))
    assert not any("|" in word.text for word in words_on(figure))
    with gx.plot.style("newsroom", width=40):
        figure, _ = gx.plot.refusal_grounds(published)
    assert {"第三方权益", "三安全一稳定", "过程性信息"} <= set(heads(figure))


@pytest.mark.parametrize(
    ("name", "lang", "label"),
    [
        ("disclosure_rate", "zh", "占比（%）"),
        ("reviews_per_1000", "zh", "每千件办结的行政复议数（件）"),
        ("reviews_per_1000", "en", "Reviews per 1,000 decisions"),
        ("clearance_ratio", "zh", "办结比（比值）"),
        ("growth", "en", "growth (%)"),
        ("backlog_change", "zh", "件"),
    ],
)
def test_the_axis_of_dots_has_a_name_and_a_unit(name: str, lang: Any, label: str) -> None:
    _, axes = gx.plot.dots(metric(gx.load_published(), name), lang)
    assert axes.get_xlabel().replace("\n", "") == label


@pytest.mark.parametrize(
    ("name", "lang", "size"),
    [
        ("review_correction_rate", "zh", "分母：已审结的行政复议（件）"),
        ("not_held_rate", "en", "all outcomes (cases)"),
    ],
)
def test_a_funnel_says_what_its_denominator_counts(name: str, lang: Any, size: str) -> None:
    rates = metric(made_up(), name)
    _, axes = gx.plot.funnel(rates, lang, within=["scope"])
    assert size in axes.get_xlabel().replace("\n", " ")
    assert "T3" not in axes.get_ylabel()


def test_every_share_and_rate_says_what_it_is_of() -> None:
    assert [m.name for m in registry() if m.kind in ("share", "rate") and not (m.of_zh and m.of_en)] == []
    assert not metrics()["zh"].str.contains("|", regex=False).any()


def test_a_body_without_outcomes_is_not_unknown() -> None:
    figure, _ = gx.plot.outcomes(together(report("甲县", 2022), report("乙县", 2022, **APPLICATIONS)))
    text = text_of(figure)
    assert "没有办结，无构成" in text and "未知" not in text


def test_few_applications_are_counted_in_whole_numbers() -> None:
    _, axes = gx.plot.volumes(together(report("甲县", 2022), report("乙县", 2022)).tidy(warn=False))
    ticks = [label.get_text() for label in axes.get_yticklabels()]
    assert len(set(ticks)) == len(ticks)


def test_in_a_crowd_the_largest_are_named_and_the_others_grey() -> None:
    figure, axes = gx.plot.volumes(made_up().tidy(warn=False), "en")
    named = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len(named) == 8 and named[-1] == "13 other bodies"
    assert len({line.get_color() for line in axes.get_lines()}) <= 9  # with the line of the break


def test_what_is_only_near_is_named_in_words() -> None:
    figure, _ = gx.plot.outcomes(gx.load_published())
    assert "口径相近而不相同（其他处理）：2019 年版" in text_of(figure)
    assert "f2019" not in text_of(figure)


def test_values_of_few_cases_do_not_squash_a_funnel() -> None:
    few = report(
        "甲县", 2022, **{**APPLICATIONS, "received": 2, "granted": 1, "outcome_total": 1}, review_in_total=1
    )
    many = [
        report(f"{n}县", 2022, received=500, outcome_total=500, granted=500, review_in_total=n)
        for n in range(4, 9)
    ]
    figure, axes = gx.plot.funnel(metric(together(few, *many), "reviews_per_1000"))
    assert axes.get_ylim()[1] < 100
    assert "其中 1 份的数值超出纵轴，未画出。" in text_of(figure)
