"""Pages that only look like a report, contradictions about the publisher, and where a page comes from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import gxstats as gx
from gxstats.align.identity import Identity, identify
from gxstats.model import Cell, Document, Grid, Paragraph, Reading, Row

TABLE = Grid((Row((Cell("一、本年新收政府信息公开申请数量"), Cell("0"))),))
TITLE = "淮安市洪泽区教育局2023年政府信息公开工作年度报告"
WORDS = "本年度主动公开信息若干条，" * 20


def who(
    *blocks: str | Grid, url: str | None = None, title: str = "", fields: Mapping[str, str] | None = None
) -> Identity:
    made = tuple(Paragraph(b) if isinstance(b, str) else b for b in blocks)
    document = Document("", "text/html", title=title, url=url, fields=fields or {})
    return identify([Reading("text", made)], document)


@pytest.mark.parametrize(
    ("blocks", "kind"),
    [
        ((TITLE, TABLE), "report"),
        ((TITLE, "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", WORDS), "report"),
        ((TITLE, WORDS), "narrative"),
        ((f"《{TITLE}》解读", WORDS), "interpretation"),
        ((f"一图读懂{TITLE}", WORDS), "interpretation"),
        ((f"{TITLE}说明", "暂无内容"), "placeholder"),
        ((TITLE, "该单位年度报告由区人民政府统一发布，不单独编制。详见附件"), "placeholder"),
        (("洪泽区政府信息公开工作年度报告制度", WORDS), "rules"),
        (("关于做好2023年政府信息公开工作年度报告编制工作的通知", WORDS), "rules"),
        (("洪泽区政府网站工作年度报表（2023年度）", "政府网站工作年度报表", WORDS), "website_report"),
        (("某大学2021-2022学年信息公开工作年度报告", WORDS), "school_year"),
        (("某学院2021—2022学年度信息公开年度报告", TABLE), "school_year"),
        (("某某通知公告", WORDS), None),
    ],
)
def test_what_a_page_is(blocks: tuple[str | Grid, ...], kind: str | None) -> None:
    found = who(*blocks)
    assert found.kind == kind
    if kind != "report":
        assert found.report_id is None
    if kind not in ("report", "narrative", None):
        assert "not_the_report" in {i.code for i in found.issues}
        assert (found.year, found.division_code) == (None, None)


def test_a_narrative_report_still_says_whose_it_is() -> None:
    found = who(TITLE, WORDS)
    assert (found.division_code, found.agency_id, found.year) == ("320813", "education", 2023)


def test_a_real_report_in_a_column_of_another_name() -> None:
    found = who("政府网站工作年度报表", "宁县卫生健康局2023年政府信息公开工作年度报告", TABLE)
    assert (found.kind, found.report_id) == ("report", "621026-health-2023-body")


def test_an_interpretation_that_links_to_the_report() -> None:
    assert who(f"《{TITLE}》解读", WORDS, TITLE).kind == "interpretation"


def test_the_words_of_a_menu_make_no_interpretation() -> None:
    assert who("政府信息公开 政策解读 互动交流", TITLE, WORDS).kind == "narrative"


def test_a_publisher_that_contradicts_the_title_is_an_issue_with_both_sides() -> None:
    found = who(TITLE, TABLE, fields={"发布机构": "苏州市司法局"})
    agency = next(i for i in found.issues if i.code == "agency_conflict")
    assert "education" in agency.message
    assert "justice" in agency.message
    division = next(i for i in found.issues if i.code == "division_conflict")
    assert "320813" in division.message
    assert "320500" in division.message
    assert found.report_id == "320813-education-2023-body"


@pytest.mark.parametrize(
    "publisher",
    [
        "洪泽区教育局",
        "淮安市洪泽区教育体育局",
        "洪泽区人民政府办公室",
        "淮安市人民政府",
        "洪泽县教育局",
        "教育局",
    ],
)
def test_publishers_that_agree_are_no_issue(publisher: str) -> None:
    assert who(TITLE, TABLE, fields={"发布机构": publisher}).issues == ()


def test_a_credit_code_of_another_place_is_an_issue() -> None:
    found = who(TITLE, TABLE, fields={"索引号": "113304837338351799/2024-0001"})
    issue = next(i for i in found.issues if i.code == "division_conflict")
    assert "320813" in issue.message
    assert "330483" in issue.message


def test_a_credit_code_by_an_old_list_agrees() -> None:
    """Lishui's organs are still registered under 332500, the code of the prefecture until 2000."""
    url = "http://www.lishui.gov.cn/module/xxgk/xxgkAnnualReport.jsp?fbtime=2017&area=113325000026455663"
    found = who("丽水市人民政府2017年政府信息公开工作年度报告", TABLE, url=url)
    assert found.report_id == "331100-government-2017-summary"
    assert found.issues == ()
    assert ("division_code", "332500") in {(e.field, e.value) for e in found.evidence}


@pytest.mark.parametrize(
    ("url", "trust"),
    [
        (None, "unknown"),
        ("http://www.hongze.gov.cn/a.html", "trusted"),
        ("http://www.hongze.gov.cn.evil.com/a.html", "untrusted"),
    ],
)
def test_where_a_page_comes_from(url: str | None, trust: str) -> None:
    found = who(TITLE, TABLE, url=url)
    assert found.trust == trust
    assert ("untrusted_source" in {i.code for i in found.issues}) == (trust == "untrusted")
    assert found.report_id == "320813-education-2023-body"


def test_marks_of_copies_are_issues() -> None:
    found = who(TITLE, "某某娱乐城服務(wù)", TABLE, url="http://copy.example.com/a.html")
    marks = {i.message.rpartition(" ")[2] for i in found.issues if i.code == "replayed_page"}
    assert marks == {"advertising_words", "readings_in_brackets"}


def test_universities_keep_their_own_hosts() -> None:
    title = "某大学2021-2022学年信息公开工作年度报告"
    assert who(title, WORDS, url="https://www.x.edu.cn/a").trust == "trusted"
    assert who(TITLE, TABLE, url="https://www.x.edu.cn/a").trust == "untrusted"


def test_every_sample_report_is_resolved() -> None:
    from gxstats.align import align
    from gxstats.paths import sample_files
    from gxstats.read import read_document

    found = {}
    for path in sample_files():
        document = read_document(path.read_bytes(), name=str(path))
        found[path.name] = [a.identity.report_id for a in align(document)]
    assert all(len(ids) == 1 and ids[0] for ids in found.values()), found
    assert len({ids[0] for ids in found.values()}) == len(found)


def test_the_facts_stay_usable_where_nothing_is_resolved() -> None:
    page = "<h1>某某局2023年政府信息公开工作年度报告</h1><p>统计</p>"
    assert gx.read_report(page.encode()).meta["year"] == 2023


def test_nothing_measured_is_wrong(shared: Path) -> None:
    from benchmarks.identity import measure

    counts, lines, milliseconds = measure(shared / "data")
    assert {source: results["wrong"] for source, results in counts.items()} == dict.fromkeys(counts, 0), lines
    assert counts["published_reports"]["unresolved"] == 0
    assert sum(results["right"] for results in counts.values()) >= 310
    assert milliseconds < 3  # ten times what it takes: only a slip in the loops would show
