"""Reports of many made-up bodies, every figure by name, and the boxes of the words on a figure."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import gxstats as gx
from gxstats.analysis import metric
from gxstats.testing.values import random_values

LONG = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县人民政府办公室"
NAMES = [
    "甲市人民政府",
    LONG,
    "丁县",
    "戊市规划和自然资源局经济技术开发区分局",
    "己市市场监督管理局（知识产权局）",
    "辛市公安局交通警察支队高速公路管理大队",
    *(f"示例市第{number}号区人民政府" for number in "一二三四五六七八九十百千万亿"),
]


@cache
def made_up(count: int = 20, first: int = 2019, last: int = 2024, seed: int = 7) -> gx.Reports:
    """Reports with gaps, failing sums, missing tables and blank cells here and there."""
    chance = random.Random(seed)
    reports = []
    for number, name in enumerate(NAMES[:count]):
        for year in range(first, last + 1):
            values: dict[Any, Any] = dict(
                random_values(chance, "f2019" if year < 2021 else "f2021", size=("mid", "small")[number % 2])
            )
            match chance.randrange(20):
                case 0:
                    continue
                case 1:
                    values["applications", "refused.state_secret", "total"] += 3
                case 2:
                    values = {key: value for key, value in values.items() if key[0] != "disputes"}
                case 3:
                    for item in ("unable.not_held", "outcome_total"):
                        for key in [k for k in values if k[:2] == ("applications", item)]:
                            values[key] = None
            identity = {"agency": name, "year": year, "scope": "body", "division": "示例市"}
            reports.append(gx.enter(values, identity, reviewer="nobody"))
    return gx.Reports(tuple(reports))


Draw = Callable[[gx.Reports, Any, Axes | None], tuple[Figure, Axes]]


def _funnel(reports: gx.Reports, lang: Any, ax: Axes | None) -> tuple[Figure, Axes]:
    rates = metric(reports, "disclosure_rate")
    if "scope" in rates:
        rates = rates[rates["scope"].eq("summary")]
    return gx.plot.funnel(rates, lang, ax, within=[])


FIGURES: dict[str, Draw] = {
    "volumes": lambda r, lang, ax: gx.plot.volumes(r.tidy(warn=False), lang, ax),
    "outcomes": gx.plot.outcomes,
    "refusal_grounds": gx.plot.refusal_grounds,
    "refusal_grounds_by_year": lambda r, lang, ax: gx.plot.refusal_grounds(r, lang, ax, by_year=True),
    "funnel": _funnel,
    "dots": lambda r, lang, ax: gx.plot.dots(metric(r, "disclosure_rate"), lang, ax),
    "disputes": gx.plot.disputes,
    "carry_over": gx.plot.carry_over,
    "multiples": lambda r, lang, ax: gx.plot.multiples(metric(r, "other_rate"), lang, ax),
    "coverage": gx.plot.coverage,
    "forest": lambda r, lang, ax: gx.plot.forest(metric(r, "review_correction_rate"), lang, ax),
}


class Word(NamedTuple):
    """A text that is drawn, and its box in pixels."""

    text: str
    box: Bbox


def words_on(figure: Figure) -> list[Word]:
    """Every text that is drawn; ticks beyond the ends of an axis are not."""
    figure.draw_without_rendering()
    found: list[Text] = [*figure.texts]
    for legend in figure.legends:
        found += legend.get_texts()
    for axes in _all_axes(figure):
        found += [*axes.texts, axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]
        if axes.get_legend() is not None:
            found += axes.get_legend().get_texts()
        if axes.axison:
            for axis in (axes.xaxis, axes.yaxis):
                found.append(axis.label)
                for tick in axis._update_ticks():  # type: ignore[attr-defined]
                    found += [label for label in (tick.label1, tick.label2) if label.get_visible()]
    shown = [text for text in found if text.get_visible() and text.get_text().strip()]
    return [Word(text.get_text(), Text.get_window_extent(text)) for text in shown]


def _all_axes(figure: Figure) -> Iterator[Any]:
    for axes in figure.axes:
        yield axes
        yield from axes.child_axes


def outside(figure: Figure, words: Sequence[Word]) -> list[str]:
    """The words that are cut off by the edge of the figure."""
    width, height = figure.bbox.width, figure.bbox.height
    return [
        word.text
        for word in words
        if word.box.x0 < -1 or word.box.y0 < -1 or word.box.x1 > width + 1 or word.box.y1 > height + 1
    ]


def overlapping(words: Sequence[Word]) -> list[tuple[str, str]]:
    """Pairs of words that cover one another; of a box, the blank above and below letters does not count."""
    boxes = np.array([word.box.extents for word in words])
    blank = 0.12 * (boxes[:, 3] - boxes[:, 1]) / [1 + word.text.count("\n") for word in words]
    left, low, right, high = (
        boxes[:, 0] + 1,
        boxes[:, 1] + blank + 0.5,
        boxes[:, 2] - 1,
        boxes[:, 3] - blank - 0.5,
    )
    cross = (left[:, None] < right) & (left < right[:, None]) & (low[:, None] < high) & (low < high[:, None])
    return [(words[i].text, words[j].text) for i, j in zip(*np.nonzero(np.triu(cross, 1)), strict=True)]
