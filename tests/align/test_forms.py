"""The form is chosen per section from its labels, never from the year; forms are data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

import gxstats as gx
from gxstats.errors import SchemaError, UnknownField
from gxstats.schema import Form, field_keys, form, forms, load_form, section_names
from gxstats.testing.forms import Quirks
from gxstats.testing.html import render_html
from tests.pages import a_spec, codes, compared, truth_of

SHIPPED = Path(gx.__file__).parent / "schema"


def forms_of(report: gx.Report) -> dict[str, set[str | None]]:
    found: dict[str, set[str | None]] = {}
    for fact in report.fact_rows:
        found.setdefault(fact.section, set()).add(fact.form)
    return found


@pytest.mark.parametrize("name", ["f2021", "f2019"])
@pytest.mark.parametrize("year", [2019, 2020, 2021, 2024])
def test_the_year_decides_nothing(name: str, year: int) -> None:
    report = gx.read_report(render_html(a_spec(name, year=year)))
    assert report.meta["year"] == year
    assert forms_of(report) == {s: {name} for s in ("disclosure", "applications", "disputes")}
    assert report.meta["forms"] == f"disclosure={name} applications={name} disputes={name}"


@pytest.mark.parametrize(
    "exceptions",
    [{"applications": "f2019"}, {"disclosure": "f2019"}],
    ids=["old applications", "old disclosure"],
)
def test_each_section_has_its_own_form(exceptions: dict[str, str]) -> None:
    spec = a_spec(forms=exceptions)
    report = gx.read_report(render_html(spec))
    found = compared(render_html(spec), truth_of(spec), "disclosure", "applications")
    assert (found.exact, found.wrong) == (found.total, 0)
    expected = {"disclosure": {"f2021"}, "applications": {"f2021"}} | {
        section: {name} for section, name in exceptions.items()
    }
    assert {s: f for s, f in forms_of(report).items() if s != "disputes"} == expected


def test_disputes_follow_the_other_sections() -> None:
    assert forms_of(gx.read_report(render_html(a_spec("f2019"))))["disputes"] == {"f2019"}
    alone = a_spec("f2019", forms={"disclosure": ""})
    assert forms_of(gx.read_report(render_html(alone)))["disputes"] == {"f2019"}


def test_disputes_have_no_form_if_the_other_sections_disagree() -> None:
    spec = a_spec(forms={"applications": "f2019"})
    report = gx.read_report(render_html(spec))
    assert forms_of(report)["disputes"] == {None}
    assert any(i.code == "form_unknown" and "disputes" in i.message for i in report.issue_rows)
    assert compared(render_html(spec), truth_of(spec), "disputes").exact == 15
    assert [c.rule for c in report.check_rows if c.section == "disputes"] == ["D-SUM"] * 3


def test_disputes_alone_have_no_form() -> None:
    report = gx.read_report(render_html(a_spec(forms={"applications": "", "disclosure": ""})))
    assert forms_of(report) == {"disputes": {None}}
    assert {f.verdict for f in report.fact_rows} == {"confirmed"}
    assert report.facts.form.isna().all()


def test_an_old_head_over_one_block_only() -> None:
    spec = a_spec(forms={"disclosure/article_20_1": "f2019"})
    report = gx.read_report(render_html(spec))
    found = compared(render_html(spec), truth_of(spec), "disclosure")
    assert (found.exact, found.wrong) == (found.total, 0)
    by_item = {f.item: f.form for f in report.fact_rows if f.section == "disclosure"}
    assert by_item["rules"] == by_item["normative_documents"] == "f2019"
    assert by_item["licensing"] == by_item["fees"] == "f2021"
    assert "hybrid_form" in codes(report)


def test_rows_both_forms_have_do_not_decide() -> None:
    """A table cut before （六）: nothing tells the forms apart."""
    only = ("received", "carried_in", "granted", "granted_in_part")
    items = {k[1] for k in field_keys("f2021", "applications")}
    spec = a_spec(
        forms={"disclosure": "", "disputes": ""}, quirks=Quirks(missing_rows=tuple(sorted(items - set(only))))
    )
    report = gx.read_report(render_html(spec))
    assert forms_of(report)["applications"] == {None}
    assert "form_unknown" in codes(report)
    assert {f.key[1] for f in report.fact_rows if f.state == "reported"} == set(only)


def test_counts_of_cells() -> None:
    counts = {(f.form, s.section): sum(1 for _ in s.cells()) for f in forms() for s in f.sections}
    assert counts == {
        ("f2021", "disclosure"): 10,
        ("f2021", "applications"): 175,
        ("f2021", "disputes"): 15,
        ("f2019", "disclosure"): 22,
        ("f2019", "applications"): 161,
        ("f2019", "disputes"): 15,
        ("f2014", "statistics"): 58,
    }
    assert section_names() == ("disclosure", "applications", "disputes", "statistics")


def test_unknown_forms_and_sections_are_named() -> None:
    with pytest.raises(UnknownField, match="no form is called 'f2008'") as error:
        form("f2008")
    assert "f2021" in error.value.hint
    with pytest.raises(LookupError, match="no section 'statistics'"):
        form("f2021").section("statistics")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copy(SHIPPED / "f2021.yaml", tmp_path / "f2021.yaml"))


def edited(path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def test_a_third_form_is_a_file(tmp_path: Path) -> None:
    content = {
        "form": "f2030",
        "years": "2030 onward",
        "first_year": 2030,
        "last_year": None,
        "instrument": "invented",
        "verified": False,
        "sections": [
            {
                "section": "appeals",
                "number": "五",
                "zh": "申诉情况",
                "en": "Appeals",
                "layout": "rows",
                "heading": ["申诉情况"],
                "measures": [{"measure": "cases", "zh": "件数", "en": "cases"}],
                "items": [
                    {"item": "upheld", "zh": "维持", "en": "upheld"},
                    {"item": "all", "zh": "总计", "en": "all", "aliases": ["合计"]},
                ],
            }
        ],
        "identities": [
            {
                "id": "P-SUM",
                "section": "appeals",
                "each": "measure",
                "lhs": ["upheld"],
                "rhs": ["all"],
                "severity": "error",
                "zh": "相等",
                "en": "equal",
            }
        ],
    }
    path = tmp_path / "f2030.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    loaded = load_form(path)
    assert isinstance(loaded, Form)
    assert (loaded.form, loaded.last_year, loaded.verified) == ("f2030", None, False)
    cells = [(i.item, m.measure, m.kind) for i, m in loaded.section("appeals").cells()]
    assert cells == [("upheld", "cases", "count"), ("all", "cases", "count")]
    assert loaded.identities[0].lhs == ("upheld",)
    assert loaded.section("appeals").blocks[0].items[1].aliases == ("合计",)


def test_the_shipped_forms_load_from_anywhere(copy: Path) -> None:
    assert load_form(copy) == form("f2021")


@pytest.mark.parametrize(
    ("old", "new", "message", "at"),
    [
        ("{item: licensing,", "{itme: licensing,", "unknown key", "{itme:"),
        ('zh: "自然人", ', "", "a text is needed", "{measure: natural_person"),
        ("{measure: enterprise", "{measure: natural_person", "occurs twice", "section: applications"),
        ("{item: coercion", "{item: penalties", "occurs twice", "section: disclosure"),
        ("kind: money", "kind: coins", "'coins' is none of", "amount_10k_cny"),
        ("layout: rows", "layout: heap", "'heap' is none of", "section: applications"),
        ("aliases: [商业]", "aliases: 商业", "a list of texts", "{measure: enterprise"),
        ("each: measure", "each: cell", "'cell' is none of", "id: A-FLOW"),
        ("lhs: [received, carried_in]", "lhs: [recieved, carried_in]", "has no 'recieved'", "id: A-FLOW"),
        ("severity: error", "severity: bad", "'bad' is none of", "id: A-FLOW"),
        ("section: disputes\n    each", "section: appeals\n    each", "no section is called", "id: D-SUM"),
        ("first_year: 2021", "first_year: soon", "a whole number", "form: f2021"),
    ],
)
def test_a_fault_in_a_form_names_file_and_line(copy: Path, old: str, new: str, message: str, at: str) -> None:
    with pytest.raises(SchemaError, match=message) as error:
        load_form(edited(copy, old, new))
    assert error.value.where == f"{copy}:{line_of(copy, at)}"
    assert isinstance(error.value, ValueError)


def test_a_file_that_is_no_yaml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "f2030.yaml"
    path.write_text("form: f2030\nsections: [\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="not valid YAML") as error:
        load_form(path)
    assert error.value.where.startswith(f"{path}:")
    path.write_text("- a\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="a mapping is needed"):
        load_form(path)


def test_a_form_stands_in_the_file_of_its_name(copy: Path) -> None:
    with pytest.raises(SchemaError, match=r"stands in a file called f2022\.yaml"):
        load_form(copy.rename(copy.with_name("f2022.yaml")))


def test_two_rows_with_the_same_label_are_a_fault(copy: Path) -> None:
    with pytest.raises(SchemaError, match="重复申请"):
        load_form(edited(copy, 'zh: "要求提供公开出版物"', 'zh: "重复申请"'))
