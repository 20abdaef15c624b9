"""Reports in traditional characters: marks, signs, units and heads mean what they mean in simplified ones."""

from __future__ import annotations

from decimal import Decimal

import opencc
import pytest

import gxstats as gx
from gxstats.align.numbers import looks_like_figure, parse
from gxstats.testing.html import render_html
from tests.pages import a_spec, compared, truth_of

TRADITIONAL = opencc.OpenCC("s2t")


@pytest.mark.parametrize(
    ("text", "kind", "state", "value"),
    [
        ("無", "count", "dash", None),
        ("減3", "signed", "reported", -3),
        ("12條", "count", "reported", 12),
        ("5個", "count", "reported", 5),
    ],
)
def test_marks_signs_and_classifiers(text: str, kind: str, state: str, value: int | None) -> None:
    parsed = parse(text, kind)
    assert (parsed.state, parsed.value) == (state, value)
    assert looks_like_figure(text)


def test_the_unit_of_money_keeps_its_size() -> None:
    parsed = parse("2.5億元", "money")
    assert (parsed.amount, parsed.unit) == (Decimal("2.5"), "亿元")


@pytest.mark.parametrize("form", ["f2019", "f2021", "f2014"])
def test_a_converted_page_is_read_like_its_original(form: str) -> None:
    spec = a_spec(form=form)
    simplified = render_html(spec)
    converted = TRADITIONAL.convert(simplified.decode()).encode()
    assert compared(converted, truth_of(spec)) == compared(simplified, truth_of(spec))


def test_ten_thousand_in_a_head_is_no_unit_of_one() -> None:
    page = TRADITIONAL.convert(render_html(a_spec(form="f2021")).decode())
    fees = gx.read_report(page.encode()).fact("disclosure", "fees", "amount_10k_cny")
    assert fees.unit == "万元"
    assert fees.verdict == "confirmed"
