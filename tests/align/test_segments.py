"""Two reports in one file give two; a report printed twice gives one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import gxstats as gx
from gxstats.align.segments import is_title
from gxstats.testing.compare import compare
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec
from gxstats.testing.html import render_html
from gxstats.testing.text import render_text
from tests.pages import a_spec, codes, distinct_values, truth_of

RENDERERS = [render_html, render_docx, render_text, lambda spec: render_text(spec, "pipes")]


def two(first: FormSpec, second: FormSpec) -> FormSpec:
    return replace(first, second=second)


@pytest.mark.parametrize("render", RENDERERS)
def test_two_reports_in_one_file(render) -> None:
    first = a_spec(agency="某甲局", year=2024)
    second = a_spec(agency="某乙局", year=2023, start=501)
    reports = gx.read_reports(render(two(first, second)))
    assert [(r.meta["agency"], r.meta["year"]) for r in reports] == [("某甲局", 2024), ("某乙局", 2023)]
    for report, spec in zip(reports, (first, second), strict=True):
        found = compare(report.fact_rows, truth_of(spec))
        assert (found.exact, found.wrong_confirmed) == (200, 0)
    ids = [r.document_id for r in reports]
    assert [i[-2:] for i in ids] == [".1", ".2"]
    assert len({i[:-2] for i in ids}) == 1


def test_two_reports_of_different_forms() -> None:
    reports = gx.read_reports(
        render_html(two(a_spec(agency="某甲局"), a_spec("f2019", agency="某乙局", year=2020)))
    )
    assert [r.meta["forms"].split()[0] for r in reports] == ["disclosure=f2021", "disclosure=f2019"]


def test_read_report_gives_the_first_and_says_so() -> None:
    content = render_html(two(a_spec(agency="某甲局"), a_spec(agency="某乙局", start=501)))
    report = gx.read_report(content)
    assert report.meta["agency"] == "某甲局"
    issue = next(i for i in report.issue_rows if i.code == "several_reports")
    assert issue.level == "warning"
    assert "2 reports" in issue.message
    assert "read_reports" in issue.hint


@pytest.mark.parametrize("render", [render_html, render_docx])
def test_a_report_printed_twice_is_one(render) -> None:
    spec = a_spec()
    reports = gx.read_reports(render(two(spec, spec)))
    assert len(reports) == 1
    assert compare(reports[0].fact_rows, truth_of(spec)).exact == 200
    assert codes(reports[0]) & {"repeated_report", "repeated_row"}


def test_tables_printed_twice_under_one_title_are_one_report() -> None:
    """Pages print their tables a second time for small screens."""
    text = render_html(a_spec()).decode()
    body = re.search(r"<body>(.*)</body>", text, re.S)
    assert body
    tables = body[1][body[1].index("<p><strong>二、") :]
    content = text.replace("</body>", f"{tables}</body>").encode()
    reports = gx.read_reports(content)
    assert len(reports) == 1
    found = compare(reports[0].fact_rows, truth_of(a_spec()))
    assert (found.exact, found.wrong) == (200, 0)
    assert "repeated_row" in codes(reports[0])


def test_the_same_title_twice_splits_nothing() -> None:
    text = render_html(a_spec()).decode()
    title = re.search(r"<h1>.*?</h1>", text)
    assert title
    reports = gx.read_reports(text.replace(title[0], title[0] * 3).encode())
    assert len(reports) == 1


def test_other_tables_under_the_same_title_are_never_mixed() -> None:
    """本级 and 汇总: the same body, the same year, other figures."""
    reports = gx.read_reports(render_html(two(a_spec(), a_spec(start=501))))
    key = ("applications", "granted", "total")
    for report, start in zip(reports, (1, 501), strict=False):
        fact = report.fact(*key)
        assert fact is not None
        assert fact.value in (None, distinct_values(start=start)[key])
        assert len(reports) == 2 or fact.value is None


def test_two_sets_of_tables_without_a_title_between_are_refused() -> None:
    text = render_html(a_spec()).decode()
    other = render_html(a_spec(start=501)).decode()
    tables = other[other.index("<p><strong>二、") : other.index("</body>")]
    report = gx.read_report(text.replace("</body>", f"{tables}</body>").encode())
    found = compare(report.fact_rows, truth_of(a_spec()))
    assert found.wrong_confirmed == 0
    assert "contradictory_rows" in codes(report)


def test_a_second_report_with_only_one_table_does_not_fill_up_the_first() -> None:
    first = a_spec(agency="某甲局", forms={"disputes": ""})
    second = a_spec(agency="某乙局", forms={"applications": "", "disclosure": ""}, start=501)
    for report in gx.read_reports(render_html(two(first, second))):
        if report.meta["agency"] == "某甲局":
            assert not [f for f in report.fact_rows if f.section == "disputes" and f.value is not None]


def test_three_reports() -> None:
    specs = [
        a_spec(agency=f"某{name}局", start=start) for name, start in (("甲", 1), ("乙", 301), ("丙", 601))
    ]
    content = render_html(two(specs[0], two(specs[1], specs[2])))
    assert [r.meta["agency"] for r in gx.read_reports(content)] == ["某甲局", "某乙局", "某丙局"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("某县人民政府2024年政府信息公开工作年度报告", True),
        ("某局政府信息公开年报", True),
        ("某局政务公开工作年报", True),
        ("宿遷市2023年政府信息公開工作年度報告", True),
        ("一、总体情况", False),
        ("三、收到和处理政府信息公开申请情况", False),
        ("《某局2023年政府信息公开工作年度报告》解读", False),
        ("某局2023年政府信息公开工作年度报告。", False),
        ("上一篇：某局2022年政府信息公开工作年度报告", False),
        (
            "本报告由某局依照政府信息公开条例的规定编制，全文见某局2023年政府信息公开工作年度报告及其附件所列各表",
            False,
        ),
    ],
)
def test_what_is_a_title(text: str, answer: bool) -> None:
    assert is_title(text) is answer
