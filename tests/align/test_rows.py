"""Rows and columns are matched by label, never padded, never shifted; what is odd is said."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.model import Fact, Key
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import LocalRow, Quirks
from gxstats.testing.html import render_html
from tests.pages import (
    COLUMNS,
    a_spec,
    codes,
    compared,
    distinct_values,
    dump,
    page,
    row_of,
    rows_of_figures,
    td,
    text_of,
    tr,
    truth_of,
)

VALUES = distinct_values()
RENDERERS = [render_html, render_docx]


def facts_of(report: gx.Report, item: str, section: str = "applications") -> list[Fact]:
    return [f for f in report.fact_rows if f.section == section and f.item == item]


def right(report: gx.Report, item: str, section: str = "applications") -> bool:
    found = facts_of(report, item, section)
    return bool(found) and all(f.value == VALUES[f.key] for f in found if f.measure != "amount_10k_cny")


def verdicts(report: gx.Report, item: str, section: str = "applications") -> set[str]:
    return {f.verdict for f in facts_of(report, item, section)}


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("form", ["f2021", "f2019"])
def test_a_report_that_follows_the_form_is_exact_and_confirmed(render, form) -> None:
    spec = a_spec(form)
    report = gx.read_report(render(spec))
    truth = truth_of(spec)
    assert {f.key: f.value if f.amount is None else f.amount for f in report.fact_rows} == {
        key: said.number for key, said in truth.items()
    }
    assert {f.verdict for f in report.fact_rows} == {"confirmed"}
    assert report.issue_rows == ()
    assert [f.key for f in report.fact_rows] == list(truth)


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("granted_in_part", "unable.not_held"),
        ("refused.state_secret", "refused.other_law"),
        ("received", "carried_in"),
    ],
)
def test_swapped_rows_are_read_by_their_labels_and_not_confirmed(render, one: str, two: str) -> None:
    report = gx.read_report(render(a_spec(quirks=Quirks(swap_rows=(one, two)))))
    for item in (one, two):
        assert right(report, item)
        assert verdicts(report, item) == {"unconfirmed"}
    assert "row_out_of_order" in codes(report)
    others = {f.item for f in report.fact_rows} - {one, two}
    assert all(right(report, item) for item in others if facts_of(report, item))


def test_swapped_rows_of_section_two_are_read_by_their_labels() -> None:
    report = gx.read_report(render_html(a_spec(quirks=Quirks(swap_rows=("rules", "normative_documents")))))
    assert right(report, "rules", "disclosure")
    assert right(report, "normative_documents", "disclosure")


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize(
    "pair", [("natural_person", "total"), ("enterprise", "research"), ("natural_person", "other_org")]
)
def test_swapped_applicant_columns_are_never_confirmed_wrong(render, pair: tuple[str, str]) -> None:
    spec = a_spec(quirks=Quirks(swap_columns=("applications", *pair)))
    content = render(spec)
    found = compared(content, truth_of(spec), "applications")
    assert found.wrong == 0
    assert codes(gx.read_report(content)) & {"columns_out_of_order", "columns_unclear"}
    assert all(
        f.verdict == "unconfirmed"
        for f in gx.read_report(content).fact_rows
        if f.measure in pair and f.section == "applications"
    )


@pytest.mark.parametrize("pair", [("upheld", "corrected"), ("other", "total"), ("upheld", "total")])
def test_swapped_result_columns_of_disputes_are_never_confirmed_wrong(pair: tuple[str, str]) -> None:
    spec = a_spec(quirks=Quirks(swap_columns=("disputes", *pair)))
    report = gx.read_report(render_html(spec))
    found = compared(render_html(spec), truth_of(spec), "disputes")
    assert (found.exact, found.wrong) == (15, 0)
    assert "columns_out_of_order" in codes(report)
    assert {f.verdict for f in report.fact_rows if f.section == "disputes"} == {"unconfirmed"}


@pytest.mark.parametrize(
    "pair",
    [
        ("review", "litigation_direct"),
        ("litigation_direct", "litigation_after_review"),
        ("review", "litigation_after_review"),
    ],
)
def test_swapped_procedures_of_disputes_are_never_confirmed_wrong(pair: tuple[str, str]) -> None:
    spec = a_spec(quirks=Quirks(swap_rows=pair))
    found = compared(render_html(spec), truth_of(spec), "disputes")
    assert found.wrong == 0
    assert codes(gx.read_report(render_html(spec))) & {"columns_out_of_order", "columns_unclear"}


@pytest.mark.parametrize("pair", [("issued", "repealed"), ("issued", "in_force")])
def test_swapped_columns_of_section_two_are_read_by_their_heads(pair: tuple[str, str]) -> None:
    spec = a_spec(quirks=Quirks(swap_columns=("disclosure", *pair)))
    found = compared(render_html(spec), truth_of(spec), "disclosure")
    assert (found.exact, found.wrong) == (10, 0)
    assert "columns_out_of_order" in codes(gx.read_report(render_html(spec)))


@pytest.mark.parametrize("render", RENDERERS)
def test_a_row_printed_twice_with_the_same_figures_counts_once(render) -> None:
    report = gx.read_report(render(a_spec(quirks=Quirks(duplicate_row="refused.third_party"))))
    assert right(report, "refused.third_party")
    assert len(facts_of(report, "refused.third_party")) == 7
    assert "repeated_row" in codes(report)
    assert not any(issue.level == "error" for issue in report.issue_rows)


@pytest.mark.parametrize("render", RENDERERS)
def test_a_row_printed_twice_with_other_figures_is_refused(render) -> None:
    report = gx.read_report(
        render(a_spec(quirks=Quirks(duplicate_row="refused.third_party", duplicate_differs=True)))
    )
    assert {f.state for f in facts_of(report, "refused.third_party")} == {"unreadable"}
    assert {f.value for f in facts_of(report, "refused.third_party")} == {None}
    assert "contradictory_rows" in codes(report)


@pytest.mark.parametrize("render", RENDERERS)
def test_a_local_row_is_kept_apart_and_shifts_nothing(render) -> None:
    row = LocalRow("normative_documents", "其他主动公开文件", ("186", "86", "255"))
    spec = a_spec("f2019", quirks=Quirks(local_row=row))
    report = gx.read_report(render(spec))
    assert compared(render(spec), truth_of(spec)).exact == len(truth_of(spec))
    assert [r.cells for r in report.unmatched] == [("其他主动公开文件", "186", "86", "255")]
    assert report.unmatched_rows.cells.tolist() == ['["其他主动公开文件", "186", "86", "255"]']
    assert "unknown_row" in codes(report)


def test_a_local_row_of_seven_figures_between_the_outcomes_shifts_nothing() -> None:
    row = LocalRow("not_processed.petition", "1之1.涉法涉诉类申请", tuple("9876543"))
    spec = a_spec(quirks=Quirks(local_row=row))
    assert compared(render_html(spec), truth_of(spec)).exact == 200
    assert "unknown_row" in codes(gx.read_report(render_html(spec)))


@pytest.mark.parametrize("render", RENDERERS)
def test_a_missing_row_is_absent_not_zero(render) -> None:
    report = gx.read_report(render(a_spec(quirks=Quirks(missing_rows=("not_processed.repeat",)))))
    found = facts_of(report, "not_processed.repeat")
    assert len(found) == 7
    assert {(f.state, f.value, f.implied, f.verdict) for f in found} == {
        ("absent", None, None, "unconfirmed")
    }
    assert any(i.code == "rows_missing" and "not_processed.repeat" in i.message for i in report.issue_rows)
    assert right(report, "not_processed.petition")
    assert right(report, "not_processed.publication")


@pytest.mark.parametrize("lost", [0, 3, 6])
def test_a_short_row_is_unreadable_and_never_padded(lost: int) -> None:
    root = page(a_spec())
    row = row_of(root, "属于国家秘密")
    row.remove(list(row.iter("td"))[-7 + lost])
    report = gx.read_report(dump(root))
    found = facts_of(report, "refused.state_secret")
    assert {(f.state, f.value, f.verdict) for f in found} == {("unreadable", None, "unconfirmed")}
    assert any(i.code == "short_row" and "国家秘密" in i.message for i in report.issue_rows)
    assert right(report, "refused.other_law")


def test_a_short_row_of_disputes_is_unreadable() -> None:
    root = page(a_spec())
    row, cells = rows_of_figures(root, 15)[-1]
    row.remove(cells[7])
    report = gx.read_report(dump(root))
    assert {f.state for f in report.fact_rows if f.section == "disputes"} == {"unreadable"}
    assert "short_row" in codes(report)


def test_a_merged_blank_cell_makes_the_row_short() -> None:
    root = page(a_spec())
    row = row_of(root, "属于国家秘密")
    cells = list(row.iter("td"))[-7:]
    row.remove(cells[3])
    cells[2].set("colspan", "2")
    cells[2].text = ""
    assert {f.state for f in facts_of(gx.read_report(dump(root)), "refused.state_secret")} == {"unreadable"}


@pytest.mark.parametrize("render", RENDERERS)
def test_the_empty_cell_behind_the_undivided_sixth_row_is_no_figure(render) -> None:
    spec = a_spec("f2019", quirks=Quirks(extra_other_cell=True))
    found = compared(render(spec), truth_of(spec))
    assert (found.exact, found.wrong) == (found.total, 0)


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("columns", [1, 5, 100])
def test_empty_columns_behind_the_table_mean_nothing(render, columns: int) -> None:
    spec = a_spec(quirks=Quirks(trailing_columns=columns))
    assert compared(render(spec), truth_of(spec)).exact == 200


def test_empty_columns_behind_a_table_of_blanks_mean_nothing() -> None:
    def blank(key: Key) -> bool:
        return key[2] in ("total", "other_org") or key[1] == "litigation_after_review"

    spec = a_spec(blank=blank, quirks=Quirks(trailing_columns=3))
    found = compared(render_html(spec), truth_of(spec))
    assert found.wrong == 0


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("split", ["head", "tables", "tables_with_head"])
@pytest.mark.parametrize("continued", ["repeat", "empty", "cut"])
def test_a_page_break_inside_a_group_changes_nothing(render, split: str, continued: str) -> None:
    spec = a_spec(quirks=Quirks(split=split, continued=continued, split_after="unable.not_held"))
    found = compared(render(spec), truth_of(spec))
    assert (found.exact, found.wrong) == (200, 0)


def test_a_label_cut_in_two_by_a_page_break_is_put_together() -> None:
    root = page(a_spec())
    row = row_of(root, "本机关不掌握相关政府信息")
    label = list(row.iter("td"))[-8]
    assert label.text is not None
    label.text, rest = label.text[:6], label.text[6:]
    row.addnext(tr(rest, *[""] * 7))
    report = gx.read_report(dump(root))
    assert right(report, "unable.not_held")
    assert right(report, "unable.needs_creation")
    assert not [
        f.key
        for f in report.fact_rows
        if f.state == "reported" and f.value != VALUES.get(f.key) and f.amount is None
    ]


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize(
    "quirks", [Quirks(glued_groups=True), Quirks(glued_groups=True, glued_container=True)]
)
def test_groups_glued_to_labels(render, quirks: Quirks) -> None:
    spec = a_spec(quirks=quirks)
    assert compared(render(spec), truth_of(spec)).exact == 200


@pytest.mark.parametrize("render", RENDERERS)
def test_typos_within_tolerance_are_read_but_not_confirmed(render) -> None:
    spec = a_spec(quirks=Quirks(labels="typo"))
    report = gx.read_report(render(spec))
    for item in ("unable.needs_creation", "not_processed.excessive", "not_processed.reissue", "carried_out"):
        assert right(report, item)
        assert verdicts(report, item) == {"unconfirmed"}
    assert [i.code for i in report.issue_rows].count("inexact_label") == 4


@pytest.mark.parametrize(
    ("item", "label"),
    [("granted", "给予公开"), ("granted_in_part", "部份公开"), ("refused.state_secret", "属于国有密件")],
)
def test_a_label_beyond_tolerance_is_an_unknown_row(item: str, label: str) -> None:
    report = gx.read_report(render_html(a_spec(quirks=Quirks(relabel={item: label}))))
    assert {f.value for f in facts_of(report, item)} == {None}
    assert any(label in cell for row in report.unmatched for cell in row.cells)
    assert "unknown_row" in codes(report)
    assert right(report, "refused.other_law")


def test_a_row_called_refused_is_not_taken_for_granted_in_part() -> None:
    report = gx.read_report(render_html(a_spec(quirks=Quirks(relabel={"granted_in_part": "不予公开"}))))
    assert {f.value for f in facts_of(report, "granted_in_part")} == {None}
    assert right(report, "granted")


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(numbering="lost"),
        Quirks(numbering="none", labels="spaced"),
        Quirks(layout_table=True, metadata_table=True),
        Quirks(block_tables=True, lone_dispute_row=True),
        Quirks(wrong_dispute_heads=True, dispute_typo=True, captions=True),
        Quirks(spans="rounded"),
        Quirks(spans="wrong", wrappers="office"),
        Quirks(script="traditional"),
        Quirks(script="taiwan"),
        Quirks(labels="annotated", padding="nbsp"),
        Quirks(labels="short", broken_heads=True),
    ],
    ids=str,
)
@pytest.mark.parametrize("render", RENDERERS)
def test_quirks_that_change_nothing(render, quirks: Quirks) -> None:
    spec = a_spec(quirks=quirks)
    assert compared(render(spec), truth_of(spec)).exact == 200


def test_identical_heads_are_told_apart_by_their_place() -> None:
    spec = a_spec("f2019", quirks=Quirks(identical_heads=True))
    assert compared(render_html(spec), truth_of(spec), "disclosure").exact == 22


def test_a_serial_number_before_the_label_is_never_a_figure() -> None:
    root = page(a_spec())
    for number, (_, cells) in enumerate(rows_of_figures(root)):
        label = cells[0].getprevious()
        assert label is not None
        label.addprevious(td(str(number + 1)))
    found = compared(dump(root), truth_of(a_spec()), "applications")
    assert found.wrong == 0
    assert found.refused + found.exact == 25 * len(COLUMNS)


def cut_by_a_page(rest: str) -> list[Fact | None]:
    """A row whose label goes on, with empty cells, in a row of its own on the next page."""
    root = page(a_spec())
    row = row_of(root, "要求行政机关确认或重新出具已获取信息")
    cells = list(row.iter("td"))
    label = next(c for c in cells if "重新出具" in text_of(c))
    del label[:]
    label.text = "5.要求行政机关确"
    row.addnext(tr(rest, *[""] * 7))
    report = gx.read_report(dump(root))
    return [report.fact("applications", "not_processed.reissue", c) for c in COLUMNS]


def test_the_rest_of_a_label_with_empty_cells_takes_the_figures_before_it() -> None:
    values = [fact.value for fact in cut_by_a_page("认或重新出具已获取信息")]
    assert values == [VALUES["applications", "not_processed.reissue", c] for c in COLUMNS]


def test_a_guessed_label_behind_figures_without_one_is_not_blank() -> None:
    assert {fact.state for fact in cut_by_a_page("另行确认并重新出具信息")} == {"unreadable"}


def test_the_head_of_a_group_beside_a_cut_label_is_not_the_undivided_row() -> None:
    root = page(a_spec())
    row = row_of(root, "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请")
    label = next(c for c in row.iter("td") if "不补正" in text_of(c))
    del label[:]
    label.text = "1.申请人无正当理由逾"
    row.addnext(tr("期不补正、行政机关不再处理其政府信息公开申请", *[""] * 7))
    found = compared(dump(root), truth_of(a_spec()), "applications")
    assert (found.exact, found.wrong) == (175, 0)
