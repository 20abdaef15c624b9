"""What may be compared between the forms, and what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

import gxstats as gx
from gxstats.schema.breaks import load_breaks
from gxstats.schema.crosswalk import crosswalk, load_crosswalk
from gxstats.schema.quantity import Quantity

HEAD = "form_a,field_a,form_b,field_b,relation,without,zh,en\n"
OUTCOMES = ("granted", "granted_in_part", "refused.state_secret", "unable.not_held", "not_processed.petition")


@pytest.mark.parametrize("item", ["received", "carried_in", "carried_out", "outcome_total", *OUTCOMES])
@pytest.mark.parametrize("measure", ["natural_person", "legal_service", "total"])
def test_applications_are_the_same_in_2019_and_2021(item: str, measure: str) -> None:
    found = gx.comparable(("f2019", "applications", item, measure), ("f2021", "applications", item, measure))
    assert found.relation == "same"
    assert found.zh
    assert found.en


@pytest.mark.parametrize("item", ["review", "litigation_direct", "litigation_after_review"])
@pytest.mark.parametrize("measure", ["upheld", "corrected", "other", "pending", "total"])
def test_disputes_are_the_same_in_2019_and_2021(item: str, measure: str) -> None:
    assert gx.comparable(f"f2019:{item}/{measure}", f"f2021:{item}/{measure}").relation == "same"


@pytest.mark.parametrize(
    ("older", "newer", "relation"),
    [
        ("f2014:received", "f2019:received", "near"),
        ("f2014:replied.already_public+replied.granted", "f2021:granted", "near"),
        ("f2014:replied.granted_in_part", "f2021:granted_in_part", "same"),
        ("f2014:replied.refused", "f2019:refused", "near"),
        ("f2014:replied.refused.state_secret", "f2021:refused.state_secret", "same"),
        ("f2014:replied.refused.security_stability", "f2021:refused.security_stability", "same"),
        (
            "f2014:replied.refused.commercial_secret+replied.refused.privacy",
            "f2019:refused.third_party",
            "near",
        ),
        ("f2014:replied.not_this_body+replied.not_exist", "f2021:unable.not_held", "near"),
        ("f2014:review", "f2021:review", "near"),
        ("f2014:litigation", "f2019:litigation_direct+litigation_after_review", "near"),
        ("f2014:received", "f2019:carried_in", "none"),
        ("f2014:received", "f2021:received/natural_person", "none"),
        ("f2014:litigation", "f2019:litigation_direct", "none"),
        ("f2014:closed.on_time", "f2021:outcome_total", "none"),
        ("f2014:staff", "f2021:received", "none"),
        ("f2014:channel.website", "f2019:received", "none"),
        ("f2019:refused", "f2021:refused", "same"),
        ("f2019:other", "f2021:other", "near"),
        ("f2019:licensing/decisions", "f2021:licensing", "near"),
        ("f2019:penalties/decisions", "f2021:penalties", "near"),
        ("f2019:coercion/decisions", "f2021:coercion", "near"),
        ("f2019:rules/disclosed_total", "f2021:rules/in_force", "none"),
        ("f2019:fees/items_last_year", "f2021:fees", "none"),
        ("f2019:received", "f2021:granted", "none"),
    ],
)
def test_relations_of_the_specification(older: str, newer: str, relation: str) -> None:
    assert gx.comparable(older, newer).relation == relation
    assert gx.comparable(newer, older).relation == relation


def test_the_order_of_the_parts_of_a_sum_does_not_matter() -> None:
    parts = ("replied.refused.commercial_secret", "replied.refused.privacy")
    for text in ("+".join(parts), "+".join(reversed(parts))):
        assert gx.comparable(f"f2014:{text}", "f2019:refused.third_party").relation == "near"


def test_says_why_in_both_languages() -> None:
    found = gx.comparable("f2019:rules/disclosed_total", "f2021:rules/in_force")
    assert "现行有效" in found.zh
    assert "in force" in found.en
    assert found.line is not None


def test_a_part_is_not_comparable_where_its_sum_is_near() -> None:
    found = gx.comparable("f2019:other", "f2021:other.other")
    assert found.relation == "none"
    assert found.en.startswith("only a part of f2021:applications/other.not_corrected+other.fee_unpaid")


def test_refusals_since_2019_are_to_be_seen_without_administrative_inquiries() -> None:
    assert gx.comparable("f2014:replied.refused", "f2021:refused").without == "refused.administrative_inquiry"
    assert gx.comparable("f2019:refused", "f2021:refused").without == ""


def test_within_one_form_only_a_field_is_the_same_as_itself() -> None:
    assert gx.comparable("f2021:received", "f2021:applications/received/total").relation == "same"
    assert gx.comparable("f2021:received", "f2021:received/enterprise").relation == "none"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("received", "names no form"),
        ("f1999:received", "no form is called"),
        ("f2021:rules", "several columns"),
        ("f2021:rules/made", "has no 'made'"),
        ("f2021:procurement", "has no item"),
        ("f2014:no_such_thing", "has no item"),
        ("f2021:refused+refused.other_law", "twice"),
    ],
)
def test_a_field_that_does_not_exist_is_an_error(text: str, said: str) -> None:
    with pytest.raises(gx.UnknownField, match=said):
        gx.comparable(text, "f2021:received")


@pytest.mark.parametrize("one", ["f2014", "f2019", "f2021"])
@pytest.mark.parametrize("other", ["f2014", "f2019", "f2021"])
def test_every_field_has_a_reviewed_line_against_every_other_form(one: str, other: str) -> None:
    if one == other:
        return
    table = crosswalk()
    fields = [Quantity(one, section, (item,), measure) for section, item, measure in table.cells[one]]
    assert fields
    assert [str(f) for f in fields if (f, other) not in table.joined and (f, other) not in table.sums] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("f2019,applications/received/*,f2021,applications/received/*,alike,,甲,a", "'alike' is none of"),
        ("f2019,applications/received/*,f2021,applications/received/*,same,,,a", "must be filled"),
        (
            "f2019,applications/recieved/total,f2021,applications/received/total,same,,甲,a",
            "no item 'recieved'",
        ),
        ("f2019,applications/received/*,f2021,applications/received/total,same,,甲,a", "different codes"),
        ("f2019,applications/received,f2021,-,none,,甲,a", "section/item/measure"),
        ("f2019,-,f2021,-,none,,甲,a", "neither side"),
        ("f2019,-,f1999,applications/received/total,none,,甲,a", "no form is called 'f1999'"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "crosswalk.csv"
    path.write_text(HEAD + line + "\n", encoding="utf-8")
    with pytest.raises(gx.SchemaError, match=said) as error:
        load_crosswalk(path)
    assert error.value.where == f"{path}:2"


def test_a_pair_that_occurs_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.csv"
    line = "f2019,applications/received/total,f2021,applications/received/total,same,,甲,a\n"
    path.write_text(HEAD + line + line, encoding="utf-8")
    with pytest.raises(gx.SchemaError, match="occurs twice") as error:
        load_crosswalk(path)
    assert error.value.where == f"{path}:3"


def test_breaks_of_all_series_and_of_disputes() -> None:
    assert [b.year for b in gx.series_breaks("disclosure")] == [2014, 2019, 2021]
    assert [b.year for b in gx.series_breaks("disputes")] == [2014, 2019, 2021, 2024]
    assert "行政复议法" in gx.series_breaks()[-1].zh


@pytest.mark.parametrize(
    ("lines", "said"),
    [("2019,,甲,a\n2014,,甲,a\n", "rising"), ("2019,tables,甲,a\n", "no section"), ("2019,,,a\n", "reason")],
)
def test_a_faulty_break_is_named(tmp_path: Path, lines: str, said: str) -> None:
    path = tmp_path / "breaks.csv"
    path.write_text("year,sections,zh,en\n" + lines, encoding="utf-8")
    with pytest.raises(gx.SchemaError, match=said) as error:
        load_breaks(path)
    assert error.value.where.startswith(f"{path}:")
