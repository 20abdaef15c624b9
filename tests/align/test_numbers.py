"""What a cell says: every state of the spec, exactly, and no guess."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gxstats.align.numbers import MAX_DIGITS, looks_like_figure, parse

FULL_WIDTH = str.maketrans("0123456789,.-+", "０１２３４５６７８９，．－＋")
KINDS = ("count", "signed", "money")


def figure(text: str, kind: str = "count") -> tuple[str, int | Decimal | None]:
    parsed = parse(text, kind)
    return parsed.state, parsed.value if parsed.amount is None else parsed.amount


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u3000", "\n\t ", "\u200b", "\ufeff", " \u00a0\u3000"])
def test_blank(text: str, kind: str) -> None:
    assert figure(text, kind) == ("blank", None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text", ["/", "-", "—", "——", "－", "–", "―", "-–", "／", "\\", "//", "- -", " 无 ", "无", "ー"]
)
def test_marks_that_stand_for_nothing(text: str, kind: str) -> None:
    assert figure(text, kind) == ("dash", None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["0", "０", "零", "〇", " 0", "0 ", "\u00a00", "0\n"])
def test_zero_is_printed(text: str, kind: str) -> None:
    assert figure(text, kind) == ("reported", 0)


@pytest.mark.parametrize(
    "text",
    [
        *[
            "没有",
            "未统计",
            "公务用车10辆",
            "见附件",
            "合计",
            "N/A",
            "约12",
            "12余",
            "5%",
            "5‰",
            "12-13",
            "5/6",
            "3:5",
        ],
        *[
            "(5)",
            "⑸",
            "5、6",
            "5以上",
            ">5",
            "十二",
            "一",
            "二十",
            "#REF!",
            "1e3",
            "12[1]",
            "5*",
            "O",
            "l",
            "√",
        ],
        *["2560万元", "5元", "¥5", "12万", "3月"],
    ],
)
def test_other_words_are_text_in_a_count(text: str) -> None:
    assert figure(text) == ("text", None)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1,23", "malformed_figure"),
        ("1,2345", "malformed_figure"),
        ("1234,567", "malformed_figure"),
        (",123", "malformed_figure"),
        ("1,", "malformed_figure"),
        ("1.5", "malformed_figure"),
        ("0.0", "malformed_figure"),
        ("-5", "malformed_figure"),
        ("-0", "malformed_figure"),
        ("12.", "malformed_figure"),
        ("⒌", "malformed_figure"),
        ("00", "glued_figures"),
        ("0000000", "glued_figures"),
        ("007", "glued_figures"),
        ("640020470", None),
        ("1" * (MAX_DIGITS + 1), "glued_figures"),
        ("1 2", "several_figures"),
        ("1\u00a02", "several_figures"),
        ("1\u30002", "several_figures"),
        ("1\t2", "several_figures"),
        ("0 0 0 0 0 0\n0", "several_figures"),
        ("5 / 3", "several_figures"),
    ],
)
def test_figures_that_cannot_be_trusted_have_no_value(text: str, note: str | None) -> None:
    parsed = parse(text)
    if note is None:  # nine digits may be a count: the sums have to find out
        assert (parsed.state, parsed.value) == ("reported", 640020470)
    else:
        assert parsed == ("unreadable", None, None, None, note)


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("1,234", 1234, ""),
        ("12,345,678", 12345678, ""),
        ("1，234", 1234, ""),
        ("１，２３４", 1234, ""),
        ("12件", 12, ""),
        ("12 件", 12, ""),
        ("3条", 3, ""),
        ("+19", 19, "plus_sign"),
        ("22（其中修订16件）", 22, "annotated_figure"),
        ("22(其中修订16件)", 22, "annotated_figure"),
        ("0(2)", 0, "annotated_figure"),
        ("11\n94", 1194, "wrapped_digits"),
        ("119\n4", 1194, "wrapped_digits"),
        ("1,\n194", 1194, "wrapped_digits"),
        ("12\u200b3", 123, ""),
    ],
)
def test_counts_in_other_dress(text: str, value: int, note: str) -> None:
    parsed = parse(text)
    assert (parsed.state, parsed.value, parsed.note) == ("reported", value, note)


def test_a_remark_in_brackets_may_have_blanks_and_figures() -> None:
    assert figure("22（其中修订 16 件）") == ("reported", 22)
    assert figure("22 （其中修订 16 件）") == ("reported", 22)
    assert figure("5 (5)") == ("reported", 5)


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("+19", 19, ""),
        ("-8", -8, ""),
        ("－８", -8, ""),
        ("﹣5", -5, ""),
        ("增72", 72, ""),
        ("增加72", 72, ""),
        ("减3", -3, ""),
        ("减少3件", -3, ""),
        ("减0", 0, ""),
        ("-0", 0, ""),
        ("--253", -253, "double_sign"),
        ("- 253", -253, ""),
        ("1,234", 1234, ""),
        ("-1,234", -1234, ""),
        ("15", 15, ""),
    ],
)
def test_changes(text: str, value: int, note: str) -> None:
    parsed = parse(text, "signed")
    assert (parsed.state, parsed.value, parsed.note) == ("reported", value, note)


@pytest.mark.parametrize("text", ["---5", "+-5", "-+5", "±5", "5-", "增减5", "增3减1", "↑5", "-8%", "增"])
def test_changes_that_say_nothing_clear(text: str) -> None:
    assert parse(text, "signed").state in ("text", "unreadable")
    assert parse(text, "signed").value is None


@pytest.mark.parametrize("text", ["−5", "–5", "—5"])
def test_every_minus_sign_is_one(text: str) -> None:
    assert figure(text, "signed") == ("reported", -5)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("0", "0", None),
        ("282.1", "282.1", None),
        ("18.8710", "18.8710", None),
        ("4.043万元", "4.043", "万元"),
        ("251000元", "251000", "元"),
        ("2560 万元", "2560", "万元"),
        ("621007.6元", "621007.6", "元"),
        ("1.2亿元", "1.2", "亿元"),
        ("3.5千元", "3.5", "千元"),
        ("¥1,530,000.00", "1530000.00", None),
        ("￥15", "15", None),
        ("１２．５", "12.5", None),
        ("0.123456", "0.123456", None),
        ("0.1234560", "0.1234560", None),
        ("999999999999.999999", "999999999999.999999", None),
    ],
)
def test_money_is_exact_and_keeps_its_unit(text: str, amount: str, unit: str | None) -> None:
    parsed = parse(text, "money")
    assert (parsed.state, parsed.value, parsed.amount, parsed.unit) == (
        "reported",
        None,
        Decimal(amount),
        unit,
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("0.1234567", "seventh_decimal"),
        ("3.1415926", "seventh_decimal"),
        ("1.2.3", "malformed_figure"),
        ("12,5", "malformed_figure"),
        (".5", "malformed_figure"),
        ("-5", "malformed_figure"),
        ("05", "glued_figures"),
        ("1234567890123", "glued_figures"),
        ("1 500", "several_figures"),
    ],
)
def test_money_that_cannot_be_trusted(text: str, note: str) -> None:
    assert parse(text, "money") == ("unreadable", None, None, None, note)


@pytest.mark.parametrize("text", ["5²", "12①", "12¹", "5₂", "⁵", "①", "⑤", "㉑", "0①", "5⁽¹⁾", "1½"])
@pytest.mark.parametrize("kind", KINDS)
def test_marks_of_footnotes_are_no_digits(text: str, kind: str) -> None:
    assert parse(text, kind).state in ("unreadable", "text")


COUNTS = st.integers(0, 10**MAX_DIGITS - 1)


@given(COUNTS)
@example(0)
@example(999)
@example(1000)
def test_digits_commas_and_full_width_say_the_same(number: int) -> None:
    plain, comma = str(number), f"{number:,}"
    for text in (plain, comma, plain.translate(FULL_WIDTH), comma.translate(FULL_WIDTH), f"\u00a0{plain} "):
        assert figure(text) == ("reported", number)
        assert figure(text, "money") == ("reported", Decimal(number))
    assert figure(f"{plain}件") == ("reported", number)
    assert figure(f"增{plain}", "signed") == ("reported", number)
    assert figure(f"减{comma}", "signed") == ("reported", -number)
    assert figure(f"-{comma}".translate(FULL_WIDTH), "signed") == ("reported", -number)


@given(st.decimals(0, 10**11, places=6))
def test_amounts_lose_no_digit(amount: Decimal) -> None:
    for text in (f"{amount:f}", f"{amount:,f}", f"{amount:f}".translate(FULL_WIDTH), f"{amount:f}元"):
        assert figure(text, "money") == ("reported", amount)


@given(COUNTS, st.integers(1, 20))
def test_a_digit_too_many_in_a_group_is_refused(number: int, at: int) -> None:
    text = str(number)
    if 0 < at < len(text) and (len(text) - at) % 3:
        assert figure(f"{text[:at]},{text[at:]}") == ("unreadable", None)


@given(COUNTS, st.integers(1, 5))
def test_leading_zeros_are_never_dropped(number: int, zeros: int) -> None:
    assert figure("0" * zeros + str(number)) == ("unreadable", None)


@given(st.text(max_size=20), st.sampled_from(KINDS))
@example("5²", "count")
@example("٣", "count")
def test_no_text_breaks_the_rules_of_states(text: str, kind: str) -> None:
    parsed = parse(text, kind)
    assert parsed.state in ("reported", "blank", "dash", "text", "unreadable")
    assert ((parsed.value is None) != (parsed.amount is None)) == (parsed.state == "reported")
    if parsed.state == "reported":
        assert (parsed.amount is not None) == (kind == "money")
    if parsed.value is not None and kind == "count":
        assert parsed.value >= 0
    if parsed.state == "reported" and text.isascii() and "(" not in text:
        said = parsed.value if parsed.amount is None else parsed.amount
        assert abs(said or 0) == Decimal(re.sub(r"[^\d.]", "", text))


@given(st.integers(0, 99999), st.sampled_from("abcx%‰*#?[]{}<>=~^&$'\"亩年月第约超"))
def test_a_figure_with_a_strange_sign_has_no_value(number: int, sign: str) -> None:
    for text in (f"{number}{sign}", f"{sign}{number}"):
        assert parse(text).value is None


def test_which_tokens_of_a_stream_are_figures() -> None:
    yes = ["0", "12", "1,234", "/", "—", "无", "12.5", "2560万元", "增72", "--253", "00", "1,23"]
    no = ["规章", "2024年", "总计", "一", "（一）", "", "第二十条", "1.属于国家秘密"]
    assert [text for text in yes if not looks_like_figure(text)] == []
    assert [text for text in no if looks_like_figure(text)] == []
