"""The chart of applications: what it draws, what it says, and that its labels really render."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import pytest
from matplotlib import font_manager, pyplot
from matplotlib.figure import Figure
from matplotlib.text import Text

import gxstats as gx
from gxstats.plot.style import font_family


@pytest.fixture(autouse=True)
def no_screen() -> Iterator[None]:
    pyplot.switch_backend("Agg")
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def tidy() -> pd.DataFrame:
    return gx.read_reports(gx.sample_files(), progress=False).tidy(warn=False)


def received(*rows: tuple[Any, Any, Any, Any], verdict: str = "confirmed") -> pd.DataFrame:
    """Facts about applications received: agency, year, value, implied."""
    table = pd.DataFrame(rows, columns=["agency", "year", "value", "implied"]).convert_dtypes()
    table = table.astype({"value": "Int64", "implied": "Int64", "year": "Int64", "agency": "string"})
    return table.assign(section="applications", item="received", measure="total", verdict=verdict)


def words(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text) if isinstance(text, Text))


def drawn(axes: Any, hollow: bool = False) -> set[tuple[int, int]]:
    """The points on the axes that are full, or hollow."""
    return {
        (int(x), int(y))
        for line in axes.get_lines()
        if line.get_linestyle() == "None" and (line.get_markerfacecolor() == "white") is hollow
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_character_has_a_glyph(tidy: pd.DataFrame, lang: Any, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure, _ = gx.plot.volumes(tidy, lang)
        # Saved outside the style: what a notebook does at the end of a cell.
        figure.savefig(tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 10_000
    assert {text.get_fontfamily()[0] for text in figure.findobj(Text) if text.get_text()} == {"Noto Sans SC"}  # type: ignore[union-attr]


def test_the_font_is_the_shipped_file_and_no_other() -> None:
    path = Path(font_manager.findfont(font_family(), fallback_to_default=False))
    assert path.parent.parent.name == "zhplot"
    table = font_manager.get_font(path).get_charmap()
    assert all(ord(character) in table for character in "平潭综合实验区政府信息公开申请数量推定，。：（）")


def test_no_setting_of_the_user_changes(tidy: pd.DataFrame) -> None:
    before = dict(matplotlib.rcParams)
    gx.plot.volumes(tidy)
    assert dict(matplotlib.rcParams) == before
    assert "zhplot" not in sys.modules


def test_a_backend_loaded_by_the_first_figure_stays_on() -> None:
    assert not matplotlib.is_interactive()
    try:
        with gx.plot.style():
            pyplot.ion()  # as the backend of a notebook does when it is loaded
        assert matplotlib.is_interactive()
    finally:
        pyplot.ioff()


def test_importing_the_package_leaves_matplotlib_alone() -> None:
    loaded = "print('matplotlib' in sys.modules, 'zhplot' in sys.modules)"
    program = f"import sys, gxstats; {loaded}; gxstats.plot.font_family(); {loaded}"
    root = Path(gx.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout.split() == ["False", "False", "True", "False"]


def test_an_unknown_attribute_is_still_an_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'plots'"):
        gx.plots  # type: ignore[attr-defined]  # noqa: B018


def test_the_points_are_the_figures(tidy: pd.DataFrame) -> None:
    _, axes = gx.plot.volumes(tidy)
    assert drawn(axes) >= {
        (2019, 23),
        (2020, 21),
        (2021, 70),
        (2022, 74),
        (2023, 81),
        (2024, 218),
        (2025, 154),
    }
    assert len(drawn(axes)) == 14
    assert axes.get_yscale() == "log"
    assert "对数刻度" in axes.get_ylabel()


def test_nothing_is_cut_off(tidy: pd.DataFrame) -> None:
    figure, _ = gx.plot.volumes(tidy)
    figure.canvas.draw()
    drawn_box, paper = figure.get_tightbbox(), figure.bbox_inches.padded(0.01)
    assert drawn_box.width > 0.8 * paper.width
    assert paper.x0 <= drawn_box.x0 and drawn_box.x1 <= paper.x1
    assert paper.y0 <= drawn_box.y0 and drawn_box.y1 <= paper.y1


def test_implied_figures_are_hollow_and_counted() -> None:
    figure, axes = gx.plot.volumes(received(("甲市", 2022, 5, None), ("甲市", 2023, None, 7)))
    assert (drawn(axes), drawn(axes, hollow=True)) == ({(2022, 5)}, {(2023, 7)})
    assert "空心点：1 个推定数" in words(figure)


def test_a_printed_figure_wins_over_an_implied_one() -> None:
    _, axes = gx.plot.volumes(received(("甲市", 2022, 5, 6)))
    assert (drawn(axes), drawn(axes, hollow=True)) == ({(2022, 5)}, set())


def test_a_missing_year_breaks_the_line_and_is_named() -> None:
    figure, axes = gx.plot.volumes(
        received(("甲市", 2021, 5, None), ("甲市", 2022, None, None), ("甲市", 2023, 6, None))
    )
    line = next(
        line for line in axes.get_lines() if line.get_linestyle() == "-" and len(line.get_xdata()) > 1
    )
    assert pd.isna(line.get_ydata()[1])
    assert "未读到数字：甲市 2022" in words(figure)


def test_two_figures_for_a_year_are_both_shown_and_never_joined() -> None:
    figure, axes = gx.plot.volumes(received(("甲市", 2022, 5, None), ("甲市", 2022, 9, None)), "en")
    assert drawn(axes) == {(2022, 5), (2022, 9)}
    assert "More than one figure for the year: 甲市 2022" in words(figure)


def test_the_same_report_twice_is_one_point() -> None:
    figure, axes = gx.plot.volumes(received(("甲市", 2022, 5, None), ("甲市", 2022, 5, None)))
    assert drawn(axes) == {(2022, 5)}
    assert "不止一个" not in words(figure)


def test_doubtful_readings_and_unknown_bodies_are_named() -> None:
    figure, _ = gx.plot.volumes(
        received(("甲市", 2022, 5, None), (None, 2022, 9, None), verdict="unconfirmed"), "en"
    )
    assert "Reading not confirmed: 甲市 2022" in words(figure)
    assert "1 more reports are not drawn" in words(figure)


def test_zeros_are_drawn_on_a_plain_scale() -> None:
    _, axes = gx.plot.volumes(received(("甲市", 2022, 0, None), ("乙市", 2022, 5000, None)))
    assert axes.get_yscale() == "linear"
    assert axes.get_ylim()[0] == 0
    assert (2022, 0) in drawn(axes)


def test_a_break_of_the_series_is_drawn_only_where_the_years_cross_it() -> None:
    across, _ = gx.plot.volumes(received(("甲市", 2020, 5, None), ("甲市", 2021, 6, None)))
    after, _ = gx.plot.volumes(received(("甲市", 2022, 5, None), ("甲市", 2023, 6, None)))
    assert "虚线：自 2021 年度起，启用 2021 年版表格" in words(across)
    assert "虚线" not in words(after)


def test_axes_of_the_caller_are_used() -> None:
    figure, mine = pyplot.subplots()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the labels of these axes were made in another font
        returned, axes = gx.plot.volumes(received(("甲市", 2022, 5, None)), ax=mine)
    assert (returned, axes) == (figure, mine)
    assert mine.get_legend() is not None


@pytest.mark.parametrize("count", [1, 12])
def test_many_bodies_stay_apart(count: int) -> None:
    _, axes = gx.plot.volumes(received(*((f"{number}市", 2022, number + 1, None) for number in range(count))))
    looks = {(line.get_color(), line.get_marker()) for line in axes.get_lines() if line.get_label()[0] != "_"}
    assert len(looks) == count


def test_facts_without_agencies_are_refused_with_advice(tidy: pd.DataFrame) -> None:
    with pytest.raises(gx.UnknownField, match=r"agency.*tidy"):
        gx.plot.volumes(tidy.drop(columns="agency"))
    with pytest.raises(gx.UnknownField, match="no report says"):
        gx.plot.volumes(tidy[tidy.section == "disputes"])
