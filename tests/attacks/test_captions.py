"""Words above a table that give it to another body, or call it a draft: nothing under them is confirmed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import gxstats as gx
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.html import render_html
from gxstats.testing.spec import Split
from gxstats.testing.text import Style, render_text
from gxstats.testing.values import print_values, random_values
from tests.pages import a_spec, before, codes

SPEC = a_spec()
TABLE = '<table border="1">'


def under(caption: str, agency: str = "某县人民政府") -> gx.Report:
    """A report whose table of applications stands under these words."""
    text = render_html(a_spec(agency=agency)).decode()
    at = text.index(TABLE, text.index("三、收到"))
    return gx.read_report((text[:at] + f"<p>{caption}</p>" + text[at:]).encode())


def confirmed(report: gx.Report) -> int:
    return sum(f.section == "applications" and f.verdict == "confirmed" for f in report.fact_rows)


@pytest.mark.parametrize(
    "caption",
    [
        "（二）某某街道办事处",
        "2.某某镇人民政府",
        "县教育局",
        "填报单位：县教育局",
        "某县司法局2024年数据",
        "本级以外各单位汇总",
        "初稿",
        "修改前",
        "样表",
    ],
)
def test_the_table_of_another_body_or_a_draft(caption: str) -> None:
    report = under(caption)
    assert confirmed(report) == 0
    assert "other_table" in codes(report)


@pytest.mark.parametrize(
    ("caption", "agency"),
    [
        ("单位：某县人民政府", "某县人民政府"),
        ("某县人民政府办公室", "某县人民政府"),
        ("填报单位（盖章）：淮安市洪泽区教育局", "洪泽区教育局"),
        ("教育局", "某县教育局"),
        ("本机关", "某县人民政府"),
        ("单位：件", "某县人民政府"),
        ("（一）收到申请情况", "某县人民政府"),
        ("行政机关", "某县人民政府"),
    ],
)
def test_words_about_the_publisher_cost_nothing(caption: str, agency: str) -> None:
    assert confirmed(under(caption, agency)) == 175


@pytest.mark.parametrize("style", ["one_per_line", "markdown", "glued_rows"])
@pytest.mark.parametrize("caption", ["（2023年）", "（二）某某街道办事处", "附：2023年度数据对比表"])
def test_a_row_of_disputes_that_lost_blanks_and_the_whole_one_of_another_table(
    style: Style, caption: str
) -> None:
    blank = ("review", "litigation_after_review")
    spec = a_spec(blank=lambda key: key[0] == "disputes" and key[1] in blank)
    other = render_text(a_spec(start=501), style).decode()
    part = other[other.index("四、") : other.index("五、")].split("\n", 1)[1]
    content = before(render_text(spec, style), "五、", f"{caption}\n{part}")
    report = gx.read_report(content)
    assert not [f for f in report.fact_rows if f.section == "disputes" and f.verdict == "confirmed"]


@pytest.mark.parametrize(
    "caption",
    [
        "附件1：所属事业单位政府信息公开情况",
        "附件2：下属单位行政复议、行政诉讼情况",
        "附件一：所属单位",
        "（附件1）",
        "附录：直属单位情况",
        "二级单位汇总情况",
    ],
)
@pytest.mark.parametrize("style", ["glued", "glued_rows", "one_per_line", "pipes"])
@pytest.mark.parametrize("table", ["三、收到和处理", "四、政府信息公开"])
def test_the_only_table_is_that_of_attached_bodies(style: Style, table: str, caption: str) -> None:
    """Glued text was cut at the number of 附件1, and at the heading within 附件2：…行政复议、行政诉讼情况."""
    section = {"三": "applications", "四": "disputes"}[table[0]]
    for seed in range(3):
        values = print_values(random_values(seed, size="small"))[0]
        text = render_text(FormSpec(values=values), style).decode()
        end = text.index("\n", text.index(table))
        report = gx.read_report(f"{text[:end]}\n{caption}{text[end:]}".encode())
        sure = [f for f in report.fact_rows if f.section == section and f.verdict == "confirmed"]
        assert (sure, "other_table" in codes(report)) == ([], True), seed


@pytest.mark.parametrize("caption", ["附：2023年度数据", "（二）某某街道办事处", "附件1", "2023年"])
@pytest.mark.parametrize("split", ["tables", "tables_with_head"])
@pytest.mark.parametrize("render", [render_html, lambda spec: render_text(spec, "flow")])
def test_words_above_the_second_part_of_a_table(
    render: Callable[[FormSpec], bytes], split: Split, caption: str
) -> None:
    """The rest of the table is of another one; which rows are whose is not known."""
    content = render(a_spec(quirks=Quirks(split=split))).decode()
    last = content.rindex("<table", 0, content.index("四、政府信息公开")) if "<table" in content else 0
    at = last or content.index("（四）无")
    words = f"<p>{caption}</p>" if last else f"{caption}\n\n"
    report = gx.read_report((content[:at] + words + content[at:]).encode())
    sure = [f.item for f in report.fact_rows if f.section == "applications" and f.verdict == "confirmed"]
    assert sure == []


@pytest.mark.parametrize(
    "caption", ["发布日期：2025年1月20日", "附近单位未收到申请", "本级及所属单位未收到申请。"]
)
def test_dates_after_the_year_and_sentences_are_no_captions(caption: str) -> None:
    assert confirmed(under(caption)) == 175
