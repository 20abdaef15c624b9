"""A check in words names the rule, the place, both sides and who is to blame, in both languages."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.model import Check
from gxstats.schema import forms
from gxstats.testing.html import render_html
from tests.pages import a_spec

FAILING = Check("D-SUM", "error", "disputes", "review", 11, 0, "fail", "publisher", (), 5)


def test_a_failing_sum_in_chinese_and_english() -> None:
    chinese = gx.explain_check(FAILING)
    assert "D-SUM" in chinese
    assert "行政复议" in chinese
    assert "11 对 0，相差 11" in chinese
    assert "不成立" in chinese
    assert chinese.endswith("发布机关自己的数字不相符")
    english = gx.explain_check(FAILING, "en")
    assert "administrative review" in english
    assert "fails: 11 against 0, difference 11" in english
    assert english.endswith("the publisher's own figures do not add up")


@pytest.mark.parametrize(
    ("cause", "zh", "en"),
    [
        ("publisher", "发布机关", "publisher"),
        ("reading", "读取", "reading"),
        ("unknown", "不明", "not known"),
    ],
)
def test_every_cause_has_words(cause, zh: str, en: str) -> None:
    assert zh in gx.explain_check(FAILING._replace(cause=cause), "zh").split("；")[-1]
    assert en in gx.explain_check(FAILING._replace(cause=cause), "en").split("; ")[-1]


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [
        ("pass", "成立", "holds"),
        ("weak_pass", "成立（有空白单元格）", "holds, with blank cells"),
        ("inconclusive", "无法判断", "cannot be told"),
    ],
)
def test_what_does_not_fail_shows_no_difference(status, zh: str, en: str) -> None:
    check = FAILING._replace(status=status, cause=None)
    assert gx.explain_check(check, "zh").endswith(zh)
    assert gx.explain_check(check, "en").endswith(en)
    assert "11" not in gx.explain_check(check, "zh")


def test_a_difference_may_be_negative() -> None:
    assert "difference -4" in gx.explain_check(FAILING._replace(lhs=6, rhs=10), "en")
    assert "相差 -4" in gx.explain_check(FAILING._replace(lhs=6, rhs=10), "zh")


def test_every_check_of_a_report_has_words_of_its_own() -> None:
    for form in forms():
        report = gx.read_report(render_html(a_spec(form.form)))
        for lang in ("zh", "en"):
            told = [gx.explain_check(check, lang) for check in report.check_rows]
            assert len(set(told)) == len(told)
            assert all(getattr(i, lang) in " ".join(told) for i in form.identities)


def test_the_place_is_the_label_of_its_row_or_column() -> None:
    flow = Check("A-FLOW", "error", "applications", "research", 3, 2, "fail", None, (), 4)
    assert "（科研机构）" in gx.explain_check(flow)
    assert "(research institutions)" in gx.explain_check(flow, "en")
    row = Check("A-ROW", "error", "applications", "other.other", 3, 2, "fail", None, (), 7)
    assert "（其他）" in gx.explain_check(row)
