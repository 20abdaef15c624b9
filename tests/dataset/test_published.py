"""The published figures that come with gxstats, and figures entered by hand."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any

import pytest

import gxstats as gx


@pytest.fixture(scope="module")
def published() -> gx.Reports:
    return gx.load_published()


def test_every_published_figure_is_there_as_it_stands_in_the_file(published: gx.Reports) -> None:
    with gx.data_path("published", "facts.csv").open(encoding="utf-8", newline="") as lines:
        rows = {
            (r["report_id"], r["section"], r["item"], r["measure"]): r["value"] for r in csv.DictReader(lines)
        }
    facts = {(r.meta["source"], *fact.key): fact for r in published for fact in r.fact_rows}
    assert facts.keys() == rows.keys()
    assert len(rows) == 2726
    for key, text in rows.items():
        fact = facts[key]
        figure = fact.value if fact.amount is None else fact.amount
        assert (fact.state, figure) == (("reported", Decimal(text)) if text else ("blank", None))


def test_who_where_and_when(published: gx.Reports) -> None:
    reports = published.reports.set_index("source")
    assert reports.loc["hongze-2024", ["division_code", "year", "scope"]].tolist() == [
        "320813",
        2024,
        "summary",
    ]
    assert reports.loc["shanghai-office-2019", "agency"] == "上海市人民政府办公厅"
    assert reports.trust.eq("unknown").all()
    assert published.issues.code.eq("no_address").sum() == 14


def test_forms_are_told_from_the_fields_and_never_from_the_year(published: gx.Reports) -> None:
    forms = published.reports.set_index("source").forms
    assert forms["hongze-2024"] == "disclosure=f2021 applications=f2019"
    assert forms["pingtan-2020"] == "applications=f2019 disputes=f2019"
    unsure = published.issues[published.issues.code == "form_unknown"]
    assert unsure.source.tolist() == ["hongze-2024"]


def test_the_only_sums_that_fail_are_those_the_publisher_got_wrong(published: gx.Reports) -> None:
    failing = published.checks[published.checks.status == "fail"]
    names = published.reports.set_index("document_id").source
    assert failing.document_id.map(names).unique().tolist() == ["pingtan-2020"]
    assert failing[["rule", "where", "lhs", "rhs", "cause"]].values.tolist() == [
        ["A-SUM", "natural_person", 26, 20, "publisher"],
        ["A-SUM", "total", 27, 21, "publisher"],
    ]


def test_blank_cells_are_proved_and_stay_blank(published: gx.Reports) -> None:
    names = published.reports.set_index("source").document_id
    blank = published.facts[
        (published.facts.document_id == names["shanghai-office-2019"]) & (published.facts.state == "blank")
    ]
    assert len(blank) == 135
    assert blank.value.isna().all()
    assert int(blank.implied.notna().sum()) == 130


def test_every_fact_says_who_read_it_and_on_which_line_it_stands(published: gx.Reports) -> None:
    assert published.facts.reader.str.endswith(" published").all()
    assert published.facts.ref.tolist()[:2] == ["line 2", "line 3"]
    assert published.facts.verdict.eq("confirmed").all()


def test_statements_say_what_was_counted_and_where() -> None:
    statements = gx.load_statements()
    assert len(statements) == 232
    shanghai = statements[(statements.body == "上海市") & (statements.year == 2023)].set_index("measure")
    assert shanghai.value.to_dict() == {
        "received": 34290,
        "outcome_total": 34430,
        "granted+granted_in_part": 10538,
    }
    beijing = statements[statements.body == "北京市"].iloc[0]
    assert (beijing.relation, beijing.value) == (">=", 38000)
    fees = statements[statements.amount.notna()].iloc[0]
    assert (fees.body, fees.amount, fees.unit) == ("广东省", Decimal("2585000"), "万元")
    assert statements[statements.url.isna()].note.str.contains("address was not recorded").all()


def test_statements_hold_every_figure_of_the_lists_they_came_from(shared: Any) -> None:
    statements = gx.load_statements()
    said = set(zip(statements.url, statements.measure, statements.value, strict=True))
    codes = {"applications_received": "received", "reviews": "review.total", "lawsuits": "litigation.total"}
    with (shared / "data" / "narrative_figures.csv").open(encoding="utf-8", newline="") as lines:
        expected = {
            (row["url"], code, int(row[name]))
            for row in csv.DictReader(lines)
            for name, code in codes.items()
            if row[name]
        }
    assert len(expected) == 190
    assert expected <= said


def test_outcomes_said_of_songjiang_add_up() -> None:
    statements = gx.load_statements()
    rows = statements[statements.body == "上海市松江区"].set_index("measure").value
    six = rows[["granted", "granted_in_part", "refused", "unable", "not_processed", "other"]]
    assert six.sum() == rows["outcome_total"] == 1336


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("甲市,,,2023,recieved,=,1,,http://a.gov.cn,prose,", "no statement counts"),
        ("甲市,,,2023,received,~,1,,http://a.gov.cn,prose,", "relation"),
        ("甲市,,,2023,received,=,1,,,prose,", "must say so in its note"),
        ("甲市,,,2023,received,=,1.5,,http://a.gov.cn,prose,", "a count"),
        ("甲市,,,2023,received,=,1,万元,http://a.gov.cn,prose,", "a count"),
        (",,,2023,received,=,1,,http://a.gov.cn,prose,", "body is empty"),
        ("甲市,,all,2023,received,=,1,,http://a.gov.cn,prose,", "scope"),
    ],
)
def test_a_faulty_statement_is_named(tmp_path: Any, cells: str, said: str) -> None:
    from gxstats.dataset.statements import load_statements

    path = tmp_path / "statements.csv"
    path.write_text(
        "body,division,scope,year,measure,relation,value,unit,url,place,note\n" + cells + "\n",
        encoding="utf-8",
    )
    with pytest.raises(gx.SchemaError, match=said) as error:
        load_statements(path)
    assert error.value.where == f"{path}:2"


META = {"agency": "甲县人民政府", "year": 2023}


def test_a_hand_entered_report_goes_through_the_same_checks() -> None:
    values = {"applications/received/natural_person": 3, "applications/received/total": "3"}
    values |= {f"applications/received/{m}": None for m in ("enterprise", "research", "public_interest")}
    values |= {f"applications/received/{m}": "" for m in ("legal_service", "other_org")}
    report = gx.enter({**values, "applications/other.other/total": 0}, META, "李 雷")
    assert report.checks.query("rule == 'A-ROW' and where == 'received'").status.tolist() == ["weak_pass"]
    blank = report.fact("applications", "received", "research")
    assert blank is not None
    assert (blank.state, blank.value, blank.implied) == ("blank", None, 0)
    assert blank.reader.endswith("entered by 李 雷")
    assert report.meta["forms"] == "applications=f2021"
    assert gx.tidy(gx.Reports((report,)), warn=False).agency.unique().tolist() == ["甲县人民政府"]


def test_money_is_entered_exactly_and_keeps_its_unit() -> None:
    fees = ("disclosure", "fees", "amount_10k_cny")
    for value, unit in (
        ("24252.311082", "万元"),
        (Decimal("24252.311082"), "万元"),
        ("24252.311082 元", "元"),
    ):
        fact = gx.enter({fees: value}, META, "x").fact(*fees)
        assert fact is not None
        assert (fact.amount, fact.unit, fact.value) == (Decimal("24252.311082"), unit, None)


@pytest.mark.parametrize(
    ("values", "meta", "reviewer", "said"),
    [
        ({"disputes/review/total": 1.0}, META, "x", "neither an int"),
        ({"disputes/review/total": True}, META, "x", "neither an int"),
        ({"disputes/review/total": "1 件"}, META, "x", "no count"),
        ({"disputes/review/total": -1}, META, "x", "no count"),
        ({"disclosure/fees/amount_10k_cny": "1.1234567"}, META, "x", "no money"),
        ({}, META, "  ", "name of who read it"),
        ({}, {"agency": "甲县人民政府"}, "x", "year"),
        ({}, {**META, "agent": 1}, "x", "unknown keys: agent"),
        ({}, {**META, "sha256": "abc"}, "x", "no sha256"),
    ],
)
def test_nothing_is_guessed(values: Any, meta: Any, reviewer: str, said: str) -> None:
    with pytest.raises(gx.SchemaError, match=said):
        gx.enter(values, meta, reviewer)


def test_fields_of_no_form_and_of_two_forms_are_refused() -> None:
    with pytest.raises(gx.UnknownField):
        gx.enter({"disputes/review/withdrawn": 1}, META, "x")
    mixed = {"applications/other/total": 1, "applications/other.other/total": 1}
    with pytest.raises(gx.UnknownField, match="no single form"):
        gx.enter(mixed, META, "x")


def test_the_form_can_be_named_where_the_fields_do_not_tell_it() -> None:
    row = {"disputes/review/total": 1}
    assert gx.enter(row, META, "x").meta["forms"] is None
    assert gx.enter(row, {**META, "form": "f2021"}, "x").meta["forms"] == "disputes=f2021"


def test_what_was_entered_makes_the_document_id_unless_the_file_is_known() -> None:
    row = {"disputes/review/total": 1}
    assert gx.enter(row, META, "x").document_id == gx.enter(row, META, "x").document_id
    assert (
        gx.enter(row, META, "x").document_id != gx.enter({"disputes/review/total": 2}, META, "x").document_id
    )
    assert gx.enter(row, {**META, "sha256": "ab" * 32}, "x").document_id == "abababababababab.1"
