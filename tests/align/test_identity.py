"""Title, year and agency: every wording of titles seen in print, and pages that only look like reports."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.model import Reading
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec
from gxstats.testing.html import render_html
from gxstats.testing.text import render_text

RENDERERS = [render_html, render_docx, render_text, lambda spec: render_text(spec, "pipes")]


def meta(title: str, render=render_html) -> tuple[int | None, str | None]:
    report = gx.read_report(render(FormSpec(title=title, values={("disputes", "review", "total"): "0"})))
    return report.meta["year"], report.meta["agency"]


@pytest.mark.parametrize(
    ("title", "year", "agency"),
    [
        ("某县人民政府2024年政府信息公开工作年度报告", 2024, "某县人民政府"),
        ("某镇2022年度政府信息公开工作年度报告", 2022, "某镇"),
        ("某局2010年政府信息公开年度报告", 2010, "某局"),
        ("2019年某市人民政府办公厅政府信息公开工作年度报告", 2019, "某市人民政府办公厅"),
        ("2012年度某市某区人民政府政府信息公开工作年度报告", 2012, "某市某区人民政府"),
        ("某局政府信息公开工作2025年度报告", 2025, "某局"),
        ("某局2021度政府信息公开工作年度报告", 2021, "某局"),
        ("某局2024政府信息公开工作年度报告", 2024, "某局"),
        ("某局2023年政府信息公开年报", 2023, "某局"),
        ("某局2023年政务公开工作年报", 2023, "某局"),
        ("某局2020年政府信息公开工作报告", 2020, "某局"),
        ("某海关2018年信息公开工作年度报告", 2018, "某海关"),
        ("关于某局2018年度政府信息公开工作年度报告", 2018, "某局"),
        ("某局政府信息公开工作年度报告（2023年）", 2023, "某局"),
        ("某市公安局2020年度政府信息 公开工作年度报告", 2020, "某市公安局"),
        ("某　局 2 0 2 3 年政府信息公开工作年度报告", 2023, "某局"),
        ("某局２０２３年政府信息公开工作年度报告", 2023, "某局"),
        ("開平市農業農村局2020年政府信息公開工作年度報告", 2020, "开平市农业农村局"),
        ("某局政府信息公开工作年度报告", None, "某局"),
    ],
)
def test_titles_seen_in_print(title: str, year: int | None, agency: str) -> None:
    assert meta(title) == (year, agency)


@pytest.mark.parametrize("render", RENDERERS)
def test_every_format_has_its_title(render) -> None:
    spec = FormSpec(
        agency="某省某市自然资源和规划局", year=2023, values={("disputes", "review", "total"): "0"}
    )
    report = gx.read_report(render(spec))
    assert report.meta["title"] == "某省某市自然资源和规划局2023年政府信息公开工作年度报告"
    assert (report.meta["year"], report.meta["agency"]) == (2023, "某省某市自然资源和规划局")


@pytest.mark.parametrize("mark", ["<br>", "</p><p>", "\n", "<br><br>", "&nbsp;"])
def test_a_title_on_two_lines(mark: str) -> None:
    title = f"某市公安局2020年度政府信息{mark}公开工作年度报告"
    page = f"<html><body><p>{title}</p><p>一、总体情况</p></body></html>"
    report = gx.read_report(page.encode())
    assert (report.meta["year"], report.meta["agency"]) == (2020, "某市公安局")


def test_a_title_on_two_lines_of_text() -> None:
    report = gx.read_report("某市公安局2020年度\n政府信息公开工作年度报告\n\n一、总体情况\n".encode())
    assert (report.meta["year"], report.meta["agency"]) == (2020, "某市公安局")


def test_the_inner_title_counts_not_the_name_of_the_site() -> None:
    page = (
        "<html><head><title>某区人民政府门户网站</title></head><body><h1>政府信息公开年报</h1>"
        "<p>某局2023年政府信息公开工作年度报告</p><p>一、总体情况</p></body></html>"
    )
    assert gx.read_report(page.encode()).meta["year"] == 2023


def test_a_title_only_in_the_head_of_the_page() -> None:
    page = (
        "<html><head><title>某局2023年政府信息公开工作年度报告</title></head>"
        "<body><p>一、总体情况</p></body></html>"
    )
    assert gx.read_report(page.encode()).meta["year"] == 2023


@pytest.mark.parametrize("years", [("2023", "2024"), ("2024", "2023")])
def test_the_year_is_that_of_the_title_not_of_its_date(years: tuple[str, str]) -> None:
    title, published = years
    page = (
        f"<html><body><p>发布日期：{published}-01-20</p><h1>某局{title}年政府信息公开工作年度报告</h1>"
        f"<p>本报告由某局依照国办公开办函〔2021〕30号编制，统计期限自{published}年1月1日起。</p></body></html>"
    )
    assert gx.read_report(page.encode()).meta["year"] == int(title)


@pytest.mark.parametrize(
    "title",
    [
        "《某局2023年政府信息公开工作年度报告》解读",
        "某局政府信息公开指南",
        "某局政府信息公开目录",
        "关于做好2023年政府信息公开工作年度报告编制工作的通知",
        "某局政府信息公开工作年度报告制度",
        "上一篇：某局2022年政府信息公开工作年度报告",
        "某网站工作年度报表",
        "某大学2022-2023学年信息公开工作目录",
    ],
)
def test_false_friends_are_no_titles(title: str) -> None:
    page = f"<html><body><h1>{title}</h1><p>正文</p></body></html>"
    report = gx.read_report(page.encode())
    assert (report.meta["title"], report.meta["year"]) == (None, None)


def test_hints_are_used_where_the_document_is_silent() -> None:
    hints = {"year": 2022, "agency": "某局", "title": "某局年报"}
    report = gx.read_report("一、总体情况".encode(), hints=hints)
    assert (report.meta["year"], report.meta["agency"], report.meta["title"]) == (2022, "某局", "某局年报")
    told = gx.read_report(render_html(FormSpec(agency="某镇", year=2024)), hints=hints)
    assert (told.meta["year"], told.meta["agency"]) == (2024, "某镇")


def test_nothing_to_identify() -> None:
    from gxstats.align.identity import UNKNOWN, identify
    from gxstats.model import Document

    assert identify((Reading("empty", ()),), Document("", "text/plain")) == UNKNOWN
