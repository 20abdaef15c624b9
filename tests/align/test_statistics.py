"""The list of 2014: read by its labels and heads; a running total is never taken for the year's figure."""

from __future__ import annotations

from pathlib import Path

import pytest

import gxstats as gx
from gxstats.align import align
from gxstats.model import Cell, Document, Grid, Paragraph, Reading, Row
from gxstats.testing.compare import compare
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.html import render_html
from gxstats.testing.spec import LocalRow
from gxstats.testing.text import Style, render_text
from gxstats.testing.values import expected, print_values, random_values

SECTION = gx.form("f2014").section("statistics")


def a_spec(seed: int = 1, zero: str = "0", **quirks: object) -> FormSpec:
    texts, _ = print_values(random_values(seed, "f2014", size="mid"), zero=zero, rng=seed)  # type: ignore[arg-type]
    return FormSpec("f2014", values=texts, year=2016, quirks=Quirks(**quirks))  # type: ignore[arg-type]


def codes(report: gx.Report) -> set[str]:
    return {issue.code for issue in report.issue_rows}


def page(head: list[str], rows: list[list[str]]) -> bytes:
    cells = ["<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in [head, *rows] if row]
    return f"<h1>某县2016年政府信息公开工作年度报告</h1><table>{''.join(cells)}</table>".encode()


@pytest.mark.parametrize("render", [render_html, render_docx])
@pytest.mark.parametrize("zero", ["0", "blank", "mixed"])
def test_structured_copies_are_confirmed(render, zero: str) -> None:
    spec = a_spec(3, zero)
    report = gx.read_report(render(spec))
    assert compare(report.fact_rows, expected(spec)).exact == 58
    assert {f.verdict for f in report.fact_rows} == {"confirmed"}
    assert {f.form for f in report.fact_rows} == {"f2014"}
    assert codes(report) == {"form_unverified"}


@pytest.mark.parametrize("style", ["layout", "flow", "pipes", "pipes_padded", "markdown", "one_per_line"])
def test_flattened_copies_are_read_and_never_wrong(style: Style) -> None:
    for seed in range(3):
        read = compare(gx.read_report(render_text(a_spec(seed), style)).fact_rows, expected(a_spec(seed)))
        assert read.exact == 58, str(read)


def test_a_pdf_is_read_by_two_readings() -> None:
    report = gx.read_report(render_form_pdf(a_spec(4)))
    assert compare(report.fact_rows, expected(a_spec(4))).exact == 58


def test_equal_labels_belong_to_the_row_above_them() -> None:
    """A row that no label matches between them leaves them unknown instead."""
    row = LocalRow("litigation", "某项数量", ("5",))
    report = gx.read_report(render_html(a_spec(5, local_row=row)))
    truth = {k: v for k, v in expected(a_spec(5)).items() if not k[1].startswith("litigation.")}
    assert not compare(report.fact_rows, truth).wrong
    assert report.fact("statistics", "litigation.upheld", "value").state != "reported"  # type: ignore[union-attr]
    missing = gx.read_report(render_html(a_spec(5, missing_rows=("litigation",))))
    for code in ("upheld", "corrected", "other"):
        fact, truth_of = missing.fact("statistics", f"review.{code}", "value"), expected(a_spec(5))
        assert fact is not None
        assert fact.value in (None, truth_of["statistics", f"review.{code}", "value"].number)
        lost = missing.fact("statistics", f"litigation.{code}", "value")
        assert lost is not None
        assert lost.state != "reported"


ROWS = [["收到申请数", "件", "12"], ["按时办结数", "件", "11"]]


def test_the_unit_is_no_value_and_money_keeps_it() -> None:
    rows = [*ROWS, ["七、依申请公开信息收取的费用", "元", "250"], ["专职人员数", "万人", "3"]]
    report = gx.read_report(page(["指标名称", "计量单位", "统计数"], rows))
    fees = report.fact("statistics", "fees_10k_cny", "value")
    assert fees is not None
    assert (str(fees.amount), fees.unit, fees.verdict) == ("250", "元", "unconfirmed")
    assert report.fact("statistics", "received", "value").verdict == "confirmed"  # type: ignore[union-attr]
    assert report.fact("statistics", "staff.full_time", "value").verdict == "unconfirmed"  # type: ignore[union-attr]
    assert "row_unit" in codes(report)


@pytest.mark.parametrize(
    "head",
    [
        ["统计指标", "单位", "2016年度", "历年累计"],
        ["指标", "单位", "本期实际", "本年累计"],
        ["统计指标", "单位", "统计数", "累计"],
        ["统计指标", "单位", "累计", "统计数"],
        [],
    ],
)
def test_of_two_columns_none_is_taken(head: list[str]) -> None:
    report = gx.read_report(page(head, [[*row, "999"] for row in ROWS]))
    assert not [f for f in report.fact_rows if f.state == "reported"]
    assert any(i.level == "error" for i in report.issue_rows)


@pytest.mark.parametrize("head", [["统计指标", "单位", "历年累计"], ["指标名称", "单位", "累计数"]])
def test_a_running_total_is_refused_with_its_name(head: list[str]) -> None:
    report = gx.read_report(page(head, ROWS))
    assert report.facts.empty
    assert "local_table" in codes(report)


def test_without_a_head_nothing_is_confirmed() -> None:
    report = gx.read_report(page([], ROWS))
    fact = report.fact("statistics", "received", "value")
    assert fact is not None
    assert (fact.value, fact.verdict) == (12, "unconfirmed")
    assert "columns_unknown" in codes(report)


def test_a_table_of_another_kind_is_left_out() -> None:
    report = gx.read_report(page([], [["工作人员数", "5"], ["专项经费", "3"]]))
    assert report.facts.empty
    assert "other_table" in codes(report)


def test_local_tables_from_before_the_form_are_refused(shared: Path) -> None:
    old = gx.read_report(shared / "reports" / "pingtan-2016-oldtable.txt")
    assert old.facts.empty
    assert "local_table" in codes(old)
    later = gx.read_report(shared / "reports" / "jiaoqu-minzheng-2023-oldtemplate.txt")
    assert {f.form for f in later.fact_rows} == {"f2019"}
    assert "local_table" not in codes(later)


def test_an_old_row_is_enough_to_know_a_local_table() -> None:
    report = gx.read_report(page(["项目", "数量"], [["行政申诉数", "3"], ["网站访问数", "9"]]))
    assert "local_table" in codes(report)


def test_a_form_of_one_table_misses_no_other() -> None:
    assert "table_missing" not in codes(gx.read_report(render_html(a_spec())))
    assert gx.read_report(render_html(a_spec())).table("statistics").shape == (58, 2)


def test_the_metrics_of_the_list_by_hand() -> None:
    figures = {"received": 50, "received.in_person": 5, "received.fax": 0, "received.online": 40}
    figures |= {"received.letter": 5, "closed": 48, "closed.on_time": 45, "closed.extended": 3, "staff": 12}
    figures |= {"staff.full_time": 1, "staff.part_time": 10}  # the printed row counts, not its parts
    values = {f"statistics/{item}/value": number for item, number in figures.items()}
    reports = gx.Reports((gx.enter(values, {"agency": "甲县人民政府", "year": 2016}, reviewer="X"),))
    on_time = gx.metric(reports, "f2014_timeliness")
    assert on_time[["numerator", "denominator"]].to_numpy().tolist() == [[45, 48]]
    assert on_time["value"].tolist() == [45 / 48]
    shares = gx.metric(reports, "f2014_channel_shares").set_index("part")["value"]
    assert shares.to_dict() == {"in_person": 0.1, "fax": 0.0, "online": 0.8, "letter": 0.1}
    assert gx.metric(reports, "f2014_staff_per_1000")["value"].tolist() == [240.0]
    assert gx.metric(reports, "received")["n_reports"].tolist() == [0]


def streamed(lines: list[list[str]]) -> dict[str, tuple[str, int | None]]:
    """What is read of the lines of a page whose columns were seen but not their borders."""
    rows = tuple(Row(tuple(Cell(text) for text in line)) for line in lines)
    reading = Reading("stream", (Paragraph("政府信息公开情况统计表"), Grid(rows, kind="lines")))
    report = align(Document("", "application/pdf", (reading,)))[0]
    return {item: (f.figure.state, f.figure.value) for (_, item, _), f in report.fields.items()}


def test_a_figure_in_the_brackets_of_a_label_is_none_of_the_table() -> None:
    found = streamed(
        [
            ["统计指标", "单位", "统计数"],
            ["（一）主动公开政府信息数（不同渠道公开相同信息计", "1", "条）", "条", "117"],
            ["2.按时办结数", "件", "6"],
        ]
    )
    assert found["proactive.total"] == ("reported", 117)


def test_marks_in_the_column_of_the_units_make_no_column_of_figures() -> None:
    found = streamed(
        [
            ["统计指标", "单位", "统计数"],
            ["一、主动公开情况", "——", ""],
            ["（一）主动公开政府信息数", "条", "", "117"],
            ["1.按时办结数", "件", "", "6"],
            ["2.延期办结数", "件", "", ""],
        ]
    )
    assert found["proactive.total"] == ("reported", 117)
    assert found["closed.on_time"] == ("reported", 6)
    assert found["closed.extended"] == ("blank", None)
