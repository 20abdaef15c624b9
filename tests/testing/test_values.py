"""Figures add up, are printed as asked, and are expected as printed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxstats.schema import form
from gxstats.testing.forms import FormSpec, Quirks, layout
from gxstats.testing.strategies import form_specs
from gxstats.testing.values import (
    Expected,
    break_identity,
    expected,
    failing,
    print_values,
    random_values,
)

TOTAL = ("applications", "received", "total")


@given(
    st.integers(0, 10**9),
    st.sampled_from(("f2021", "f2019")),
    st.sampled_from(("zero", "small", "mid", "huge")),
)
def test_random_values_satisfy_every_identity(seed: int, name: str, size: str) -> None:
    values = random_values(seed, name, size=size)  # type: ignore[arg-type]
    assert set(values) == set(FormSpec(name).cell_keys())
    assert failing(values, name) == []
    assert all(value >= 0 for key, value in values.items() if key[2] != "items_change")
    assert values == random_values(seed, name, size=size)  # type: ignore[arg-type]


def test_sums_by_hand() -> None:
    values = random_values(7, size="huge")
    rule = next(rule for rule in form("f2021").identities if rule.id == "A-SUM")
    for measure in ("natural_person", "total"):
        outcomes = sum(values["applications", item, measure] for item in rule.lhs)
        assert outcomes == values["applications", "outcome_total", measure] > 0
        came = values["applications", "received", measure] + values["applications", "carried_in", measure]
        assert came == outcomes + values["applications", "carried_out", measure]


@given(st.integers(0, 10**6), st.sampled_from(("f2021", "f2019")))
def test_a_broken_identity_is_broken(seed: int, name: str) -> None:
    values = random_values(seed, name)
    broken = break_identity(values, seed, name)
    assert {key for key in values if values[key] != broken.values[key]} == {broken.key}
    assert list(broken.failures) == failing(broken.values, name)
    assert broken.failures


@pytest.mark.parametrize(
    ("zero", "text", "state"),
    [
        ("0", "0", "reported"),
        ("blank", "", "blank"),
        ("slash", "/", "dash"),
        ("dash", "-", "dash"),
        ("em", "—", "dash"),
        ("wu", "无", "dash"),
    ],
)
def test_zeros(zero: str, text: str, state: str) -> None:
    texts, truth = print_values({TOTAL: 0}, zero=zero)  # type: ignore[arg-type]
    assert texts == {TOTAL: text}
    assert truth[TOTAL].state == state


def test_digits_signs_and_units() -> None:
    change = ("disclosure", "licensing", "items_change")
    amount = ("disclosure", "procurement", "amount")
    values = {TOTAL: 1234567, change: -253, amount: Decimal("8040.5")}
    assert print_values(values, digits="comma", unit="元")[0] == {
        TOTAL: "1,234,567",
        change: "-253",
        amount: "8,040.5元",
    }
    assert print_values(values, digits="full_width", signs="words")[0][change] == "减２５３"
    assert print_values({change: 72}, signs="plus")[0][change] == "+72"


@given(form_specs(quirks=Quirks()), st.data())
@settings(max_examples=30)
def test_what_is_printed_is_what_is_expected(drawn: tuple[FormSpec, object], data: st.DataObject) -> None:
    """Two independent ways to the truth: from the figures, and back from the printed texts."""
    seed = data.draw(st.integers(0, 10**6))
    values = random_values(seed, "f2019", size="huge")
    for zero in ("mixed", "em"):
        for digits in ("plain", "comma", "full_width"):
            texts, truth = print_values(values, zero=zero, digits=digits, signs="words", unit="万元")  # type: ignore[arg-type]
            assert expected(FormSpec("f2019", values=texts)) == truth


def test_quirks_change_what_is_expected() -> None:
    values = dict.fromkeys(FormSpec().cell_keys(), "5")
    truth = expected(FormSpec(values=values, quirks=Quirks(missing_rows=("granted",))))
    assert truth["applications", "granted", "total"] == Expected("absent")
    truth = expected(FormSpec(values=values, quirks=Quirks(duplicate_row="granted", duplicate_differs=True)))
    assert truth["applications", "granted", "total"] == Expected("unreadable")
    truth = expected(FormSpec(values=values, quirks=Quirks(duplicate_row="granted")))
    assert truth["applications", "granted", "total"] == Expected("reported", 5)
    assert expected(FormSpec(values=values, quirks=Quirks(tables="images"))) == {}
    assert expected(FormSpec(values={TOTAL: "详见附件"}))[TOTAL] == Expected("text")


@given(form_specs())
@settings(max_examples=50)
def test_every_drawn_report_can_be_laid_out(drawn: tuple[FormSpec, dict[object, Expected]]) -> None:
    spec, truth = drawn
    assert layout(spec)
    assert set(truth) == set(spec.cell_keys())


@given(form_specs(spans="wrong", tables="images"))
@settings(max_examples=10)
def test_quirks_can_be_held(drawn: tuple[FormSpec, dict[object, Expected]]) -> None:
    spec, truth = drawn
    assert (spec.quirks.spans, spec.quirks.tables, truth) == ("wrong", "images", {})
