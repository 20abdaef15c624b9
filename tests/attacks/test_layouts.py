"""The form laid out in ways nobody foresaw: read rightly, or not with confidence."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
from lxml import etree

import gxstats as gx
from gxstats.testing.compare import Comparison, compare
from tests.pages import (
    COLUMNS,
    Element,
    a_spec,
    codes,
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

SPEC = a_spec()
HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
VALUES = distinct_values()


def found(content: bytes | Element) -> Comparison:
    report = gx.read_report(content if isinstance(content, bytes) else dump(content))
    return compare(report.fact_rows, truth_of(SPEC))


def pairs() -> list[tuple[str, list[str]]]:
    """Label and figures of every row of section three."""
    rows = rows_of_figures(page(SPEC))
    return [(text_of(cells[0].getprevious()), [text_of(c) for c in cells]) for _, cells in rows]  # type: ignore[arg-type]


def instead(markup: str) -> bytes:
    """The report with this in the place of the table of applications."""
    text = dump(page(SPEC)).decode()
    start = text.index("<table", text.index("三、收到"))
    end = text.index("</table>", start) + len("</table>")
    return (text[:start] + markup + text[end:]).encode()


def test_rows_of_figures_above_rows_of_labels() -> None:
    root = page(SPEC)
    for row, cells in rows_of_figures(root):
        new = etree.Element("tr")
        new.extend(cells)
        row.addprevious(new)
    assert found(root).wrong_confirmed == 0


def test_rows_of_figures_below_rows_of_labels() -> None:
    root = page(SPEC)
    for row, cells in rows_of_figures(root):
        new = etree.Element("tr")
        new.extend(cells)
        row.addnext(new)
    assert found(root).wrong == 0


@pytest.mark.parametrize("first", ["this year", "last year"])
def test_a_second_row_of_figures_without_a_label(first: str) -> None:
    root = page(SPEC)
    for row, cells in rows_of_figures(root):
        new = tr(*[str(int(text_of(c)) + 7) for c in cells])
        if first == "last year":
            for one, two in zip(cells, new, strict=True):
                one.text, two.text = two.text, one.text
        row.addnext(new)
    assert found(root).wrong_confirmed == 0


@pytest.mark.parametrize(
    "names", [("本年", "上年"), ("上年", "本年"), ("2023年", "2024年"), ("件数", "占比")]
)
def test_two_named_rows_of_figures_per_label(names: tuple[str, str]) -> None:
    root = page(SPEC)
    for row, cells in rows_of_figures(root):
        cells[0].addprevious(td(names[0]))
        row.addnext(tr(names[1], *[str(int(text_of(c)) + 7) for c in cells]))
    assert found(root).wrong_confirmed == 0


def test_labels_at_the_right() -> None:
    root = page(SPEC)
    for row, cells in rows_of_figures(root):
        row.extend([c for c in row.iter("td") if c not in cells])
    assert found(root).wrong == 0


def test_rows_from_the_bottom_to_the_top() -> None:
    root = page(SPEC)
    rows = [row for row, _ in rows_of_figures(root)]
    parent = rows[0].getparent()
    assert parent is not None
    for row in rows:
        parent.remove(row)
    parent.extend(reversed(rows))
    assert found(root).wrong == 0
    assert "row_out_of_order" in codes(gx.read_report(dump(root)))


def test_a_wide_table_cut_into_two_narrow_ones() -> None:
    root = page(SPEC)
    left = list(root.iter("table"))[1]
    left.addnext(deepcopy(left))
    for row, cells in rows_of_figures(root):
        for cell in cells[4:] if row.getparent() is left else cells[:4]:
            row.remove(cell)
    assert found(root).wrong_confirmed == 0


def test_labels_in_one_table_and_figures_in_the_next() -> None:
    labels = table(*[[label, ""] for label, _ in pairs()])
    figures = table(HEADS, *[row for _, row in pairs()])
    beside = f"<table><tr><td>{labels}</td><td>{figures}</td></tr></table>"
    for markup in (labels + figures, figures + labels, beside):
        assert found(instead(markup)).wrong_confirmed == 0


@pytest.mark.parametrize("blank", [True, False])
def test_two_halves_side_by_side(blank: bool) -> None:
    rows = pairs()
    halves = [
        [
            *([rows[n][0], *[""] * 7] if blank else [rows[n][0], *rows[n][1]]),
            rows[n + 12][0],
            *rows[n + 12][1],
        ]
        for n in range(12)
    ]
    result = found(instead(table(*halves)))
    assert [d for d in result.differences if "wrong_confirmed" in d and "found confirmed reported" in d] == []


LAYOUTS: dict[str, Callable[[str, list[str]], str]] = {
    "lines": lambda label, row: f"{label} {' '.join(row)}\n",
    "figures above": lambda label, row: f"{' '.join(row)}\n{label}\n",
    "divisions": lambda label, row: f"<div>{label}</div>" + "".join(f"<div>{n}</div>" for n in row),
    "divisions, figures first": lambda label, row: (
        "".join(f"<div>{n}</div>" for n in row) + f"<div>{label}</div>"
    ),
    "definitions": lambda label, row: f"<dl><dt>{label}</dt><dd>{' '.join(row)}</dd></dl>",
    "glued": lambda label, row: f"<p>{label}{''.join(row)}</p>",
    "tables of one row": lambda label, row: table([label, *row]),
    "nested": lambda label, row: f"<table><tr><td>{label}</td><td>{table(row)}</td></tr></table>",
    "one cell": lambda label, row: table([label, " ".join(row)]),
    "one cell, lines": lambda label, row: table([label, "<br>".join(row)]),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("heads", [" ".join(HEADS), ""])
def test_no_table_at_all(name: str, heads: str) -> None:
    body = "".join(LAYOUTS[name](label, row) for label, row in pairs())
    wrap = "pre" if name in ("lines", "figures above") else "div"
    result = found(instead(f"<{wrap}>{heads}\n{body}</{wrap}>"))
    assert result.wrong_confirmed == 0


def test_departments_for_applicants() -> None:
    """Six departments and their sum: every row adds up."""
    names = dict(zip(HEADS[:6], ["办公室", "财政局", "教育局", "民政局", "公安局", "司法局"], strict=True))
    root = page(SPEC)
    for cell in root.iter("td"):
        if text_of(cell) in names and cell.getparent() is not None and not cell.getparent().xpath("td[8]"):  # type: ignore[union-attr]
            cell.text = names[text_of(cell)]
    for cell in root.iter("td"):
        if text_of(cell) == "法人或其他组织":
            cell.text = "各部门"
    report = gx.read_report(dump(root))
    parts = [f for f in report.fact_rows if f.section == "applications" and f.measure in COLUMNS[:6]]
    assert not [f for f in parts if f.verdict == "confirmed"]
    assert report.issue_rows


@pytest.mark.parametrize(
    "years",
    [
        [f"{year}年" for year in range(2018, 2025)],
        ["一季度", "二季度", "三季度", "四季度", "上半年", "下半年", "全年"],
    ],
)
def test_periods_for_applicants(years: list[str]) -> None:
    heads = table(["项目", *years], *[[label, *row] for label, row in pairs()])
    report = gx.read_report(instead(heads))
    assert not [f for f in report.fact_rows if f.section == "applications" and f.verdict == "confirmed"]
    assert report.issue_rows


@pytest.mark.parametrize("heads", [True, False])
def test_figures_that_stand_result_by_result(heads: bool) -> None:
    """The fifteen figures of the disputes as five results of three procedures each."""
    root = page(SPEC)
    rows = [
        r for r in root.iter("tr") if len(list(r.iter("td"))) == 15 and text_of(next(r.iter("td"))).isdigit()
    ]
    cells = list(rows[0].iter("td"))
    texts = [text_of(c) for c in cells]
    for number, cell in enumerate(cells):
        cell.text = texts[(number % 3) * 5 + number // 3]
    names = [r for r in root.iter("tr") if text_of(r).startswith(("行政复议行政诉讼", "结果维持"))]
    for row in names:
        row.getparent().remove(row)  # type: ignore[union-attr]
    if heads:
        rows[0].addprevious(tr("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"))
        rows[0].addprevious(tr(*["行政复议", "未经复议直接起诉", "复议后起诉"] * 5))
    assert found(root).wrong_confirmed == 0


def test_disputes_as_three_rows_of_five() -> None:
    values = [str(VALUES[k]) for k in VALUES if k[0] == "disputes"]
    rows = [values[n : n + 5] for n in (0, 5, 10)]
    labels = ["行政复议", "未经复议直接起诉", "复议后起诉"]
    heads = ["", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    text = dump(page(SPEC)).decode()
    start = text.index("<table", text.index("四、政府信息公开行政复议"))
    end = text.index("</table>", start) + len("</table>")
    for order in ((0, 1, 2), (1, 2, 0), (2, 1, 0)):
        markup = table(heads, *[[labels[n], *rows[n]] for n in order])
        assert found((text[:start] + markup + text[end:]).encode()).wrong_confirmed == 0


@pytest.mark.parametrize("label", ["行政许可", "行政处罚", "行政强制", "行政事业性收费"])
def test_a_second_figure_below_the_only_one_of_a_row(label: str) -> None:
    """Last year's above this year's: a row of one cell is no caption if it is a figure."""
    root = page(SPEC)
    row = row_of(root, label)
    last = list(row.iter("td"))[-1]
    row.addnext(tr(text_of(last)))
    last.text = "77"
    assert found(root).wrong_confirmed == 0
