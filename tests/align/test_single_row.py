"""The row of section four cut in parts, or with empty rows behind it: heads or labels tell the parts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import gxstats as gx
from gxstats.testing.compare import Comparison, compare
from gxstats.testing.html import render_html
from tests.pages import PROCEDURES, a_spec, table, truth_of

RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
REVIEW, DIRECT, AFTER = ("行政复议", "未经复议直接起诉", "复议后起诉")
SPEC = a_spec()
FIGURES = [
    SPEC.values["disputes", i, m]
    for i in PROCEDURES
    for m in ("upheld", "corrected", "other", "pending", "total")
]
FIVES = (FIGURES[:5], FIGURES[5:10], FIGURES[10:])


def read(*rows: Sequence[str], split: int = 0) -> Comparison:
    """The report with these rows as its section four, in two tables if ``split`` is set."""
    text = render_html(SPEC).decode()
    start = text.index("<table", text.index("四、政府信息公开行政复议"))
    end = text.index("</table>", start) + len("</table>")
    markup = table(*rows[:split]) + table(*rows[split:]) if split else table(*rows)
    facts = gx.read_report((text[:start] + markup + text[end:]).encode()).fact_rows
    truth = {key: said for key, said in truth_of(SPEC).items() if key[0] == "disputes"}
    return compare([f for f in facts if f.section == "disputes"], truth)


WHOLE = ((REVIEW, "行政诉讼"), (*RESULTS, DIRECT, AFTER), RESULTS * 2)


def test_empty_rows_that_hold_the_widths_of_columns() -> None:
    assert read(*WHOLE, FIGURES, [""] * 15).exact == 15


def test_an_empty_row_before_the_figures_may_be_the_years() -> None:
    found = read(*WHOLE, [""] * 15, FIGURES)
    assert (found.refused, found.wrong) == (15, 0)


def test_a_column_behind_those_of_the_procedures_leaves_no_blank_for_a_label() -> None:
    heads = ((REVIEW, "行政诉讼", "案件合计"), *WHOLE[1:])
    found = read(*heads, ["", *FIGURES[1:], "40"])
    assert (found.refused, found.wrong) == (15, 0)


def test_a_table_for_reviews_and_one_for_lawsuits() -> None:
    found = read(
        (REVIEW,), RESULTS, FIVES[0], ("行政诉讼",), (DIRECT, AFTER), RESULTS * 2, FIGURES[5:], split=3
    )
    assert found.exact == 15


def test_a_row_for_each_procedure() -> None:
    rows = [(label, *five) for label, five in zip((REVIEW, DIRECT, AFTER), FIVES, strict=True)]
    assert read(("", *RESULTS), *rows).exact == 15


@pytest.mark.parametrize(
    "rows",
    [
        [("", *RESULTS), (REVIEW, *FIVES[0]), (AFTER, *FIVES[2]), (DIRECT, *FIVES[1])],  # another order
        [("", *RESULTS), (REVIEW, *FIVES[0]), (DIRECT, *FIVES[1])],  # one is missing
        [("", *RESULTS[::-1]), (REVIEW, *FIVES[0]), (DIRECT, *FIVES[1]), (AFTER, *FIVES[2])],
        [("", *RESULTS[:4]), (REVIEW, *FIVES[0]), (DIRECT, *FIVES[1]), (AFTER, *FIVES[2])],
        [("", *RESULTS), (REVIEW, *FIVES[0]), ("行政诉讼", *FIVES[1]), ("其他", *FIVES[2])],
    ],
)
def test_parts_that_nothing_tells_apart(rows: list[Sequence[str]]) -> None:
    assert read(*rows).wrong_confirmed == 0
    assert read(*rows).exact == 0


@pytest.mark.parametrize(
    "heading",
    ["四、政府信息公开行政复议和行政诉讼情况", "四、政府信息公开行政复议及行政诉讼情况"],
)
def test_wordings_of_the_heading(heading: str) -> None:
    text = render_html(SPEC).decode().replace("四、政府信息公开行政复议、行政诉讼情况", heading)
    report = gx.read_report(text.encode())
    assert any(row.section == "disputes" for row in report.fact_rows)
