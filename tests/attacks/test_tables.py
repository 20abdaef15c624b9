"""Other tables on the page: no figure of theirs may be confirmed as one of the report's."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.model import Key
from gxstats.testing.compare import compare
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.html import render_html
from tests.pages import (
    COLUMNS,
    Element,
    a_spec,
    before,
    codes,
    compared,
    distinct_values,
    dump,
    page,
    row_of,
    rows_of_figures,
    table,
    td,
    text_of,
    tr,
    truth_of,
)

HEADING = {
    "overview": "<p><strong>一、",
    "disclosure": "<p><strong>二、",
    "applications": "<p><strong>三、",
    "disputes": "<p><strong>四、",
    "problems": "<p><strong>五、",
    "end": "</body>",
}
LOCAL = {
    "two columns": table(
        ["项目", "数量"], ["行政许可", "120"], ["行政处罚", "33"], ["其他", "5"], ["总计", "158"]
    ),
    "no head": table(["行政许可", "120"], ["行政处罚", "33"]),
    "years": table(
        ["类别", "2023", "2022", "2021"], ["规章", "3", "2", "1"], ["行政规范性文件", "30", "20", "10"]
    ),
    "shares": table(["信息类别", "条数", "占比"], ["行政许可", "120", "3%"], ["行政强制", "33", "1%"]),
    "channels": table(
        ["渠道", "当面", "网络", "信函", "传真", "电话", "邮件", "合计"],
        ["申请", *"123456", "21"],
        ["其他", *"111111", "6"],
        ["总计", *"234567", "27"],
    ),
    "fees": table(["项目", "金额（元）"], ["行政事业性收费", "251000"], ["政府集中采购", "1530000"]),
    "letters": table(["行政复议", "12"], ["行政诉讼", "3"], ["结果维持", "9"]),
    "fifteen": table([str(n) for n in range(21, 36)]),
}


def body(spec: FormSpec, start: str, end: str) -> str:
    """A part of a rendered report, without its heading."""
    text = render_html(spec).decode()
    part = text[text.index(HEADING[start]) : text.index(HEADING[end])]
    return part[part.index("</p>") + 4 :]


def sure(content: bytes, spec: FormSpec) -> list[str]:
    """What is confirmed and wrong, or confirmed of a cell the report does not have."""
    report = gx.read_report(content)
    found = compare(report.fact_rows, truth_of(spec))
    more = [f"{k} is extra" for k in found.extra if (f := report.fact(*k)) and f.verdict == "confirmed"]
    return [line for line in found.differences if "wrong_confirmed" in line] + more


@pytest.mark.parametrize("local", LOCAL)
@pytest.mark.parametrize("place", HEADING)
@pytest.mark.parametrize("left_out", ["", "disclosure", "applications", "disputes"])
@pytest.mark.parametrize("form", ["f2021", "f2019"])
def test_a_table_of_the_publishers_own(local: str, place: str, left_out: str, form: str) -> None:
    spec = a_spec(form, forms={left_out: ""} if left_out else {})
    content = before(render_html(spec), HEADING[place], LOCAL[local])
    assert sure(content, spec) == []


def test_a_table_of_the_publishers_own_costs_no_table_of_the_form() -> None:
    for local in ("years", "shares", "fees", "letters"):
        content = before(render_html(a_spec()), HEADING["problems"], LOCAL[local])
        assert compared(content, truth_of(a_spec())).exact >= 195, local


@pytest.mark.parametrize("section", ["disclosure", "applications", "disputes"])
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(
    "caption",
    [
        "附：2023年度数据对比表",
        "2023年情况",
        "上年度情况",
        "附件：所属事业单位情况",
        "（二）某某街道办事处",
    ],
)
def test_the_same_table_of_last_year_or_of_another_body(section: str, own: bool, caption: str) -> None:
    spec = a_spec(forms={} if own else {section: ""})
    following = {"disclosure": "applications", "applications": "disputes", "disputes": "problems"}[section]
    other = f"<p>{caption}</p>" + body(a_spec(start=501), section, following)
    content = before(render_html(spec), HEADING[following], other)
    assert sure(content, spec) == []


def test_the_other_table_before_the_reports_own() -> None:
    spec = a_spec()
    other = "<p>2023年度情况</p>" + body(a_spec(start=501), "applications", "disputes")
    assert sure(before(render_html(spec), HEADING["applications"], other), spec) == []


@pytest.mark.parametrize("caption", ["", "附：所属单位收到和处理政府信息公开申请情况"])
def test_a_short_table_of_ones_own_and_the_full_one_of_another_body(caption: str) -> None:
    kept = ("received", "carried_in", "outcome_total", "carried_out")
    rows = {key[1] for key in distinct_values() if key[0] == "applications"} - set(kept)
    spec = a_spec(quirks=Quirks(missing_rows=tuple(sorted(rows))))
    other = f"<p>{caption}</p>" + body(a_spec(start=501), "applications", "disputes")
    assert sure(before(render_html(spec), HEADING["disputes"], other), spec) == []


def test_a_blank_table_of_ones_own_and_the_full_one_of_another_body() -> None:
    spec = a_spec(blank=lambda key: key[0] == "applications")
    other = "<p>附：所属单位</p>" + body(a_spec(start=501), "applications", "disputes")
    assert sure(before(render_html(spec), HEADING["disputes"], other), spec) == []


def test_last_years_rows_below_each_row() -> None:
    root = page(a_spec())
    for row, cells in rows_of_figures(root):
        row.addnext(tr("上年同期", *[str(int(text_of(c)) + 7) for c in cells]))
    assert sure(dump(root), a_spec()) == []


@pytest.mark.parametrize("label", ["（上年）", "(2023年)", "（其中：涉企）"])
def test_rows_of_last_year_with_the_same_label(label: str) -> None:
    root = page(a_spec())
    for row, cells in rows_of_figures(root):
        names = [text_of(c) for c in row.iter("td") if c not in cells]
        row.addnext(tr(names[-1] + label, *[str(int(text_of(c)) + 7) for c in cells]))
    assert sure(dump(root), a_spec()) == []


@pytest.mark.parametrize(
    "label",
    [
        "（三）不予公开总计",
        "（三）不予公开合计",
        "不予公开小计",
        "（三）不予公开",
        "（五）不予处理 6.其他",
        "（六）其他处理",
        "其他处理合计",
        "其中：总计",
        "累计总计",
        "上年总计",
        "总计（上年）",
        "其他（上年）",
        "合计",
    ],
)
@pytest.mark.parametrize(
    "place",
    ["属于国家秘密", "信访举报投诉类申请", "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"],
)
@pytest.mark.parametrize("missing", [(), ("outcome_total",), ("other.other",)])
def test_a_row_of_subtotals(label: str, place: str, missing: tuple[str, ...]) -> None:
    spec = a_spec(quirks=Quirks(missing_rows=missing))
    root = page(spec)
    row = row_of(root, place)
    new = tr(label, *["99"] * 7)
    row.addprevious(new)
    assert sure(dump(root), spec) == []


@pytest.mark.parametrize("part", ["row", "cell"])
@pytest.mark.parametrize("item", ["属于国家秘密", "本年新收政府信息公开申请数量", "结转下年度继续办理"])
def test_figures_merged_over_two_rows(part: str, item: str) -> None:
    root = page(a_spec())
    row = row_of(root, item)
    below = row.getnext()
    if below is None:
        below = row.getprevious()
        row, below = below, row
    ours, theirs = list(row.iter("td"))[-7:], list(below.iter("td"))[-7:]
    for one, two in zip(ours, theirs, strict=True):
        if part == "row" or one is ours[2]:
            one.set("rowspan", "2")
            below.remove(two)
    assert sure(dump(root), a_spec()) == []


@pytest.mark.parametrize("width", [2, 3, 7])
@pytest.mark.parametrize("extra", [0, 1])
def test_figures_merged_over_columns(width: int, extra: int) -> None:
    root = page(a_spec())
    row = row_of(root, "属于国家秘密")
    cells = list(row.iter("td"))[-7:]
    cells[0].set("colspan", str(width))
    for cell in cells[1:width]:
        row.remove(cell)
    for _ in range(extra):
        cells[0].addprevious(td())
    spec = a_spec(changed={("applications", "refused.state_secret", c): "" for c in COLUMNS[1:width]})
    report = gx.read_report(dump(root))
    found = [f for f in report.fact_rows if f.item == "refused.state_secret" and f.value is not None]
    assert not [f for f in found if f.verdict == "confirmed" and str(f.value) != spec.values[f.key]]


def transposed(rows: list[list[str]]) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]


def grid_of(root: Element, number: int) -> tuple[Element, list[list[str]]]:
    found = list(root.iter("table"))[number]
    return found, [[text_of(c) for c in row.iter("td")] for row in found.iter("tr")]


def test_a_transposed_table_of_applications() -> None:
    root = page(a_spec())
    names = {row[-8]: row[-7:] for row in grid_of(root, 1)[1] if len(row) >= 8}
    heads = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    rows = [["", *heads], *[[label, *figures] for label, figures in names.items()]]
    spec = a_spec(forms={"applications": ""})
    content = before(render_html(spec), HEADING["disputes"], table(*transposed(rows)))
    content = before(content, HEADING["disputes"], "<p>三、收到和处理政府信息公开申请情况</p>")
    assert not [line for line in sure(content, a_spec()) if "found nothing" not in line]


def test_a_transposed_table_of_disputes() -> None:
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows = [["", "行政复议", "未经复议直接起诉", "复议后起诉"]]
    values = distinct_values()
    for head, measure in zip(heads, ("upheld", "corrected", "other", "pending", "total"), strict=True):
        items = ("review", "litigation_direct", "litigation_after_review")
        rows.append([head, *[str(values["disputes", item, measure]) for item in items]])
    spec = a_spec(forms={"disputes": ""})
    heading = "<p>四、政府信息公开行政复议、行政诉讼情况</p>"
    for grid in (rows, transposed(rows)):
        content = before(render_html(spec), HEADING["problems"], heading + table(*grid))
        assert not [line for line in sure(content, a_spec()) if "found nothing" not in line]


def test_a_second_body_that_only_has_section_four() -> None:
    first = a_spec(agency="某甲局", forms={"disputes": ""})
    second = a_spec(agency="某乙局", forms={"applications": "", "disclosure": ""}, start=501)
    text = render_html(second).decode()
    content = before(render_html(first), "</body>", text[text.index("<h1>") : text.index("</body>")])
    report = gx.read_reports(content, progress=False)[0]
    assert not [f for f in report.fact_rows if f.section == "disputes" and f.verdict == "confirmed"]


@pytest.mark.parametrize("markup", ["<tr style='display:none'>", "<tr hidden>", "<tr class='gone'>"])
def test_hidden_rows_are_not_printed(markup: str) -> None:
    text = render_html(a_spec()).decode().replace("<style>", "<style>.gone{display:none}")
    at = text.index("<tr>", text.index("属于行政查询事项"))
    row = f"{markup}<td>7.属于行政执法案卷</td>{'<td>9</td>' * 7}</tr>"
    content = (text[:at] + row + text[at:]).encode()
    assert sure(content, a_spec()) == []
    found = gx.read_report(content).fact("applications", "refused.enforcement_file", "total")
    assert found is not None
    assert found.value in (None, distinct_values()["applications", "refused.enforcement_file", "total"])


@pytest.mark.parametrize("markup", ["<table style='display:none'", "<table hidden", "<table class='gone'"])
def test_a_hidden_table_is_not_printed(markup: str) -> None:
    spec = a_spec(forms={"disputes": ""})
    other = body(a_spec(start=501), "disputes", "problems").replace("<table", markup)
    text = render_html(spec).decode().replace("<style>", "<style>.gone{display:none}")
    content = before(text.encode(), HEADING["problems"], other)
    assert sure(content, spec) == []
    assert "table_missing" in codes(gx.read_report(content))


def test_a_form_in_a_comment_is_not_printed() -> None:
    spec = a_spec(forms={"disputes": ""})
    other = f"<!-- {body(a_spec(start=501), 'disputes', 'problems')} -->"
    report = gx.read_report(before(render_html(spec), HEADING["problems"], other))
    assert not [f for f in report.fact_rows if f.section == "disputes"]


def test_instructions_with_numbers_beside_the_form() -> None:
    """填表说明 with an example of the form's own first row."""
    note = table(["填表说明", "示例"], ["本年新收政府信息公开申请数量", *["9"] * 7])
    content = before(render_html(a_spec()), "</body>", note)
    assert sure(content, a_spec()) == []


KEYS: list[Key] = [("disclosure", "rules", "issued"), ("applications", "granted", "total")]


@pytest.mark.parametrize("key", KEYS)
def test_a_report_whose_other_half_stands_on_another_page(key: Key) -> None:
    spec = a_spec(forms={key[0]: ""})
    report = gx.read_report(render_html(spec))
    assert report.fact(*key) is None
    assert "table_missing" in codes(report)
