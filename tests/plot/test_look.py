"""What every figure keeps to: words that render, stay inside and apart; notes; the caller's settings."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from matplotlib import pyplot

import gxstats as gx
from gxstats.plot.style import LOOKS, look
from tests.plot.many_bodies import FIGURES, made_up, outside, overlapping, words_on

PAPERS = [("real", 8, "zh"), ("real", 16, "en"), ("two", 8, "en"), ("many", 8, "zh"), ("many", 16, "en")]


@pytest.fixture(autouse=True)
def no_screen() -> Iterator[None]:
    pyplot.switch_backend("Agg")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph, a layout that failed
        warnings.simplefilter("ignore", gx.UsageWarning)
        yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def published() -> gx.Reports:
    return gx.load_published()


@pytest.fixture(scope="module")
def read() -> gx.Reports:
    return gx.read_reports([f for f in gx.sample_files() if "pingtan-202" in str(f)], progress=False)


def reports(which: str, published: gx.Reports) -> gx.Reports:
    if which == "real":
        return published
    # Two bodies, one of them with the longest name.
    return made_up() if which == "many" else made_up(2, seed=3)


@pytest.mark.parametrize(("which", "width", "lang"), PAPERS)
@pytest.mark.parametrize("name", FIGURES)
def test_words_stay_inside_and_apart(
    name: str, which: str, width: float, lang: Any, published: gx.Reports
) -> None:
    before = dict(matplotlib.rcParams)
    with gx.plot.style("journal", width=width):
        figure, _ = FIGURES[name](reports(which, published), lang, None)
    words = words_on(figure)
    assert outside(figure, words) == []
    assert overlapping(words) == []
    assert figure.get_figwidth() == pytest.approx(width / 2.54)
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FIGURES)
def test_axes_of_the_caller_are_used(name: str, lang: Any, published: gx.Reports) -> None:
    figure, mine = pyplot.subplots(figsize=(7, 8))
    returned, axes = FIGURES[name](published, lang, mine)
    assert (returned, axes) == (figure, mine)
    words = words_on(figure)
    assert outside(figure, words) == []
    assert overlapping(words) == []


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_saved_as_vectors(name: str, published: gx.Reports, tmp_path: Path) -> None:
    figure, _ = FIGURES[name](published, "zh", None)
    for kind in ("svg", "pdf"):
        figure.savefig(tmp_path / f"a.{kind}")
        assert (tmp_path / f"a.{kind}").stat().st_size > 5_000
    assert "<path" in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_its_source_and_what_it_rests_on(name: str, published: gx.Reports) -> None:
    figure, _ = FIGURES[name](published, "zh", None)
    text = "".join(word.text for word in words_on(figure)).replace("\n", "")
    assert "份政府信息公开工作年度报告，数字为抄录，勾稽由 gxstats 核对。" in text
    if name != "volumes":
        assert "用 1" in text
        assert "推定数" in text or "所用数字均为原表所印" in text or name == "coverage"


@pytest.mark.parametrize("name", ["volumes", "disputes", "carry_over", "coverage", "dots"])
def test_figures_read_from_files_say_so(name: str, read: gx.Reports, published: gx.Reports) -> None:
    figure, _ = FIGURES[name](read, "en", None)
    text = " ".join("".join(word.text for word in words_on(figure)).split())
    assert "annual disclosure reports of" in text and " of 1 body, read with gxstats." in text
    figure, _ = FIGURES[name](gx.Reports((*read.items, *published.items[7:9])), "en", None)
    text = " ".join("".join(word.text for word in words_on(figure)).split())
    assert "some figures transcribed." in text


def test_words_that_are_cut_off_or_covered_would_be_found() -> None:
    figure, axes = pyplot.subplots()
    axes.text(0.5, 0.5, "here")
    axes.text(0.51, 0.5, "there")
    figure.text(0.99, 0.5, "beyond the edge")
    words = words_on(figure)
    assert outside(figure, words) == ["beyond the edge"]
    assert overlapping(words) == [("here", "there")]


@pytest.mark.parametrize("name", ["newsroom", "journal", "screen"])
def test_a_look_changes_letters_and_width(name: Any, published: gx.Reports) -> None:
    with gx.plot.style(name):
        figure, _ = gx.plot.outcomes(published, "zh")
    assert figure.get_figwidth() == pytest.approx(LOOKS[name].width / 2.54)
    words = words_on(figure)
    assert outside(figure, words) == []
    assert overlapping(words) == []


def test_looks_may_be_nested_and_end() -> None:
    with gx.plot.style("newsroom"):
        with gx.plot.style("journal", width=8):
            assert (look().width, look().text) == (8, 8)
        assert look() == LOOKS["newsroom"]
        with gx.plot.style():
            assert look() == LOOKS["newsroom"]
    assert look() == LOOKS["screen"]


def test_an_unknown_look_is_refused() -> None:
    with pytest.raises(gx.UnknownField, match=r"no look.*journal"), gx.plot.style("poster"):  # type: ignore[arg-type]
        pass


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_to_draw_is_said(name: str) -> None:
    with pytest.raises(gx.GxError) as raised:
        FIGURES[name](gx.read_reports([b""], progress=False, jobs=0), "zh", None)
    assert raised.value.message and raised.value.hint
    assert pyplot.get_fignums() == []
