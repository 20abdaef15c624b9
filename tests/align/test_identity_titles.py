"""Titles and years as publishers word them, and the other places that tell the year."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gxstats.align.identity import UNKNOWN, Identity, identify
from gxstats.model import Cell, Document, Grid, Paragraph, Reading, Row

TABLE = Grid((Row((Cell("一、本年新收政府信息公开申请数量"), Cell("0"))),))


def who(
    *lines: str, url: str | None = None, title: str = "", fields: Mapping[str, str] | None = None
) -> Identity:
    reading = Reading("text", (*(Paragraph(line) for line in lines), TABLE))
    return identify([reading], Document("", "text/html", title=title, url=url, fields=fields or {}))


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("于洪区教育局2023年政府信息公开工作年度报告", 2023),
        ("揭阳市榕城区农业农村局2022年度政府信息公开工作年度报告", 2022),
        ("德化县审计局2010年政府信息公开年度报告", 2010),
        ("2012年北京市朝阳区人民政府政府信息公开工作年度报告", 2012),
        ("2022年上海市政府信息公开工作年度报告", 2022),
        ("云浮市工业和信息化局2024年机关政府信息公开年报", 2024),
        ("代县卫生健康局2023年政务公开年报", 2023),
        ("代县卫生健康局2023年政务公开工作年报", 2023),
        ("代县卫生健康局2023年信息公开年报", 2023),
        ("湘阴县林业局2025年度政府信息公开工作报告", 2025),
        ("连云区教育局政府信息公开工作2025年度报告", 2025),
        ("代县卫生健康局2024政府信息公开工作年度报告", 2024),
        ("代县卫生健康局2021度政府信息公开工作年度报告", 2021),
        ("代县卫生健康局二〇二四年政府信息公开工作年度报告", 2024),
        ("代县卫生健康局二○二四年度政府信息公开工作年度报告", 2024),
        ("代县卫生健康局关于2018年度政府信息公开年度情况的报告", 2018),
        ("广州海关2018年海关信息公开工作年度报告", 2018),
        ("代县卫生健康局政府信息公开工作年度报告（2023年）", 2023),
        ("六盘水市公安局2020年度政府信息\n公开工作年度报告", 2020),
        ("代县卫生健康局2023年政府信息公开工作年度报告.docx", 2023),
        ("标题：代县卫生健康局2023年政府信息公开工作年度报告", 2023),
        ("代县卫生健康局２０２３年政府信息公开工作年度报告", 2023),
        ("開平市農業農村局2020年政府信息公開工作年度報告", 2020),
        ("代县卫生健康局政府信息公开工作年度报告", None),
        ("代县卫生健康局政府信息公开报告", None),
    ],
)
def test_every_wording_of_the_title(title: str, year: int | None) -> None:
    found = who(title.removesuffix(".docx"), title=title)
    assert found.year == year
    assert found.agency is not None
    assert found.agency_id is not None


def test_a_title_of_nothing_but_a_name_of_a_file() -> None:
    found = identify([], Document("", "text/html", title="代县卫生健康局2023年政府信息公开工作年度报告.docx"))
    assert (found.year, found.agency) == (2023, "代县卫生健康局")


def test_the_title_of_the_page_without_the_name_of_the_site() -> None:
    found = who("政府信息公开", title="代县卫生健康局2023年政府信息公开工作年度报告 - 代县人民政府门户网站")
    assert (found.year, found.division_code) == (2023, "140923")


def test_the_inner_title_goes_before_that_of_the_column() -> None:
    found = who("政府信息公开年报", "代县卫生健康局2023年政府信息公开工作年度报告")
    assert (found.year, found.agency) == (2023, "代县卫生健康局")


def test_a_bare_title_is_better_than_none() -> None:
    assert who("政府信息公开年报").title == "政府信息公开年报"


def test_a_title_in_a_metadata_table_stands_alone() -> None:
    row = Row(
        (Cell("发文日期"), Cell("2024-01-20"), Cell("名称"), Cell("宿迁市2023年政府信息公开工作年度报告"))
    )
    found = identify([Reading("t", (Grid((row,)), TABLE))], Document("", "text/html"))
    assert found.title == "宿迁市2023年政府信息公开工作年度报告"


def test_a_breadcrumb_is_no_part_of_the_title() -> None:
    found = who("首页 > 政府信息公开", "宿迁市2023年政府信息公开工作年度报告")
    assert found.title == "宿迁市2023年政府信息公开工作年度报告"


PERIOD = "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。"


@pytest.mark.parametrize(
    ("lines", "url", "fields", "year"),
    [
        (["宿迁市政府信息公开工作年度报告", PERIOD], None, {}, 2023),
        (["宿迁市政府信息公开工作年度报告", "自2023年1月1日到12月31日"], None, {}, 2023),
        (["宿迁市政府信息公开工作年度报告", "自20231月1日起至202312月31日止"], None, {}, None),
        (["宿迁市政府信息公开工作年度报告"], None, {"组配分类": "2018年度"}, 2018),
        (["宿迁市政府信息公开工作年度报告"], "http://a.gov.cn/x.jsp?fbtime=2017", {}, 2017),
        (["宿迁市政府信息公开工作年度报告"], "http://a.gov.cn/t20240110_1.html", {}, None),
    ],
)
def test_other_sources_of_the_year(
    lines: list[str], url: str | None, fields: dict[str, str], year: int | None
) -> None:
    assert who(*lines, url=url, fields=fields).year == year


def test_a_day_of_publication_suggests_a_year_and_proves_none() -> None:
    found = who("宿迁市政府信息公开工作年度报告", url="http://a.gov.cn/t20240110_1.html")
    assert found.year is None
    assert ("year", "2023") in {(c.field, c.value) for c in found.candidates}
    moved = who("宿迁市政府信息公开工作年度报告", url="http://a.gov.cn/t20240910_1.html")
    assert moved.candidates == ()


@pytest.mark.parametrize(
    ("lines", "url", "fields", "said"),
    [
        (["宿迁市2022年政府信息公开工作年度报告", PERIOD], None, {}, ("title", "2022", "period", "2023")),
        (
            ["宿迁市2022年政府信息公开工作年度报告"],
            "http://a.gov.cn/x.jsp?fbtime=2021",
            {},
            ("title", "2022", "address", "2021"),
        ),
        (
            ["宿迁市2022年政府信息公开工作年度报告"],
            None,
            {"组配分类": "2020年度"},
            ("title", "2022", "metadata", "2020"),
        ),
    ],
)
def test_every_contradiction_is_an_issue_with_both_sides(
    lines: list[str], url: str | None, fields: dict[str, str], said: tuple[str, ...]
) -> None:
    found = who(*lines, url=url, fields=fields)
    assert found.year == 2022
    issue = next(i for i in found.issues if i.code == "year_conflict")
    assert issue.level == "warning"
    assert all(word in issue.message for word in said)


def test_sources_that_agree_are_evidence_and_no_issue() -> None:
    found = who("宿迁市2023年政府信息公开工作年度报告", PERIOD, url="http://a.gov.cn/x.jsp?fbtime=2023")
    assert {e.source for e in found.evidence if e.field == "year"} == {"title", "period", "address"}
    assert "year_conflict" not in {i.code for i in found.issues}


def test_a_title_with_two_years_needs_a_second_witness() -> None:
    title = "宿迁市2023年发布2022年度政府信息公开工作年度报告"
    assert who(title).year is None
    assert {c.value for c in who(title).candidates if c.field == "year"} == {"2022", "2023"}
    assert who(title, "统计期限自2022年1月1日至2022年12月31日").year == 2022


def test_days_of_publication() -> None:
    found = who("宿迁市2023年政府信息公开工作年度报告", fields={"发布日期": "2024年1月31日 10:20"})
    assert found.published_on == "2024-01-31"
    assert found.issues == ()


def test_a_report_published_before_its_year_was_over() -> None:
    found = who("滁州市气象局2023年政府信息公开工作年度报告", fields={"发布日期": "2023-12-19"})
    assert "published_before_period_end" in {i.code for i in found.issues}
    assert found.year == 2023


def test_days_that_lie_far_apart_are_an_issue() -> None:
    found = who(
        "宿迁市2013年政府信息公开工作年度报告",
        url="http://www.suqian.gov.cn/t20191220_1.html",
        fields={"发布日期": "2014-03-20"},
    )
    issue = next(i for i in found.issues if i.code == "date_conflict")
    assert "2014-03-20" in issue.message
    assert "2019-12-20" in issue.message


def test_nothing_is_unknown() -> None:
    assert identify([], Document("", "text/plain")) == UNKNOWN
    assert identify([Reading("text", (Paragraph(""),))], Document("", "text/plain")) == UNKNOWN


@pytest.mark.parametrize(
    "menu",
    [
        ("政务公开", "互动交流", "政府信息公开年报"),
        ("当前位置：首页>政务公开>政府信息公开年报",),
        ("首页 政务公开 政府信息公开年报",),
        ("政府信息公开年报", "发布日期：2019年1月3日"),
    ],
)
def test_the_name_of_a_column_is_no_title(menu: tuple[str, ...]) -> None:
    found = who(*menu, "代县卫生健康局2023年政府信息公开工作年度报告")
    assert found.title == "代县卫生健康局2023年政府信息公开工作年度报告"
    assert (found.agency, found.year) == ("代县卫生健康局", 2023)


def test_a_path_through_the_menus_may_end_in_the_title() -> None:
    found = who("首页 > 政务公开 > 代县卫生健康局2023年政府信息公开工作年度报告")
    assert (found.title, found.year) == ("代县卫生健康局2023年政府信息公开工作年度报告", 2023)


@pytest.mark.parametrize(
    ("before", "line", "agency"),
    [
        ("宿迁市", "2023年政府信息公开工作年度报告", "宿迁市"),
        ("代县卫生健康局2023年", "政府信息公开工作年度报告", "代县卫生健康局"),
        ("代县卫生健康局关于202", "3年政府信息公开工作年度报告", "代县卫生健康局"),
        ("代县卫生健康局2023", "年政府信息公开工作年度报告", "代县卫生健康局"),
        ("代县卫生健康局2023年政", "府信息公开工作年度报告", "代县卫生健康局"),
        ("代县卫生健康", "局政府信息公开工作年度报告", "代县卫生健康局"),
        ("代县卫生健康局", "政府信息公开工作年度报告", "代县卫生健康局"),
    ],
)
def test_a_title_on_two_lines(before: str, line: str, agency: str) -> None:
    assert who(before, line).agency == agency


def test_a_title_in_converted_vocabulary() -> None:
    found = who("開平市農業農村局2020年政府資訊公開工作年度報告")
    assert (found.agency, found.year) == ("开平市农业农村局", 2020)
