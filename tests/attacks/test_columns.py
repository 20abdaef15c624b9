"""Columns the form does not have, or has in another order: nothing is confirmed in the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

import gxstats as gx
from gxstats.model import Key
from gxstats.testing.compare import Comparison, compare
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.html import render_html
from tests.pages import (
    COLUMNS,
    PARTS,
    Element,
    a_spec,
    codes,
    dump,
    page,
    row_of,
    rows_of_figures,
    td,
    text_of,
    tr,
    truth_of,
)

RESULT_HEADS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def found(root: Element, spec: FormSpec) -> Comparison:
    return compare(gx.read_report(dump(root)).fact_rows, truth_of(spec))


def heads(root: Element, text: str) -> list[Element]:
    """The cells of the head row that begins with, or holds, this text."""
    for row in root.iter("tr"):
        cells = list(row.iter("td"))
        if text in [text_of(cell) for cell in cells]:
            return cells
    raise LookupError(text)


def blank_columns(*measures: str) -> Callable[[Key], bool]:
    return lambda key: key[0] == "applications" and key[2] in measures


BLANKS: list[tuple[str, ...]] = [
    (),
    ("natural_person",),
    ("total",),
    ("natural_person", "total"),
    PARTS,
    COLUMNS[1:],
]


def add_column(
    root: Element, at: int, head: str, figure: Callable[[list[int]], str], skip: Iterable[str] = ()
) -> None:
    """An eighth column before column ``at`` of section three, computed from the row's figures."""
    for row, cells in rows_of_figures(root):
        if not any(label in text_of(row) for label in skip):
            new = td(figure([int(text_of(cell) or 0) for cell in cells]))
            cells[at].addprevious(new) if at < 7 else cells[-1].addnext(new)
    cells = heads(root, "商业企业")
    cells[-1].addnext(td(head)) if at >= 6 else cells[0].addprevious(td(head))


@pytest.mark.parametrize("blank", BLANKS, ids=str)
@pytest.mark.parametrize(
    "skip", [(), ("结转下年度",), ("予以公开", "部分公开", "总计")], ids=["all rows", "one", "three"]
)
@pytest.mark.parametrize(
    ("at", "head", "figure"),
    [
        (6, "小计", lambda row: str(sum(row[1:6]))),
        (1, "小计", lambda row: str(sum(row[1:6]))),
        (1, "合计", lambda row: str(sum(row[1:6]))),
        (6, "占比", lambda row: "12%"),
        (7, "占比", lambda row: "100%"),
        (7, "备注", lambda row: ""),
        (7, "上年总计", lambda row: str(row[6] + 3)),
        (0, "序号", lambda row: ""),
        (0, "单位", lambda row: "件"),
        (0, "上年", lambda row: "7"),
    ],
)
def test_an_eighth_column(blank, skip, at: int, head: str, figure) -> None:
    spec = a_spec(blank=blank_columns(*blank))
    root = page(spec)
    add_column(root, at, head, figure, skip)
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("blank", BLANKS, ids=str)
@pytest.mark.parametrize("first", ["this year", "last year"])
def test_this_year_and_last_year_side_by_side(blank, first: str) -> None:
    spec = a_spec(blank=blank_columns(*blank))
    root = page(spec)
    for _, cells in rows_of_figures(root):
        for place in range(7):
            last = td(str(9000 + place))
            cells[-1].addnext(last) if first == "this year" else cells[0].addprevious(last)
    assert found(root, spec).wrong_confirmed == 0


def test_this_year_and_last_year_side_by_side_where_this_year_is_blank() -> None:
    items = ("granted", "refused.state_secret", "unable.unclear")
    spec = a_spec(blank=lambda key: key[1] in items)
    root = page(spec)
    for row, cells in rows_of_figures(root):
        for place in range(7):
            cells[-1].addnext(td(str(9000 + place)))
        assert row is not None
    for label in ("予以公开", "属于国家秘密"):
        row = row_of(root, label)
        for place in range(7):
            row.append(td(str(9000 + place)))
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("blank", [(), ("natural_person",)], ids=str)
def test_legal_persons_before_natural_persons(blank) -> None:
    spec = a_spec(blank=blank_columns(*blank))
    root = page(spec)
    for _, cells in rows_of_figures(root):
        cells[5].addnext(cells[0])
    top = heads(root, "法人或其他组织")
    names = [text_of(cell) for cell in top]
    top[names.index("自然人")].addprevious(top[names.index("法人或其他组织")])
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("head", ["总数", "合计数", "总 计", "合计", "申请总量", ""])
def test_the_total_first(head: str) -> None:
    root = page(a_spec())
    for _, cells in rows_of_figures(root):
        cells[0].addprevious(cells[6])
    top = heads(root, "法人或其他组织")
    total = next(cell for cell in top if text_of(cell) == "总计")
    total.text = head
    next(cell for cell in top if text_of(cell) == "自然人").addprevious(total)
    assert found(root, a_spec()).wrong_confirmed == 0


@pytest.mark.parametrize(("one", "two"), [(1, 2), (2, 4), (1, 5), (4, 5)])
@pytest.mark.parametrize("name", ["科研单位", "企业", "", "其它", "？"])
def test_swapped_columns_one_of_which_has_a_strange_name(one: int, two: int, name: str) -> None:
    root = page(a_spec())
    for _, cells in rows_of_figures(root):
        swap(cells[one], cells[two])
    names = heads(root, "商业企业")
    swap(names[one - 1], names[two - 1])
    heads(root, "社会公益组织")
    names[one - 1].text = name
    assert found(root, a_spec()).wrong_confirmed == 0


def swap(one: Element, two: Element) -> None:
    one.text, two.text = two.text, one.text


@pytest.mark.parametrize("head", ["有效总数", "现行有效件数", "现有件数", ""])
def test_another_order_of_the_columns_of_section_two(head: str) -> None:
    root = page(a_spec())
    names = heads(root, "现行有效件数")
    names[1].addprevious(names[3])
    names[3].text = head
    for label in ("规章", "行政规范性文件"):
        cells = list(row_of(root, label).iter("td"))
        cells[1].addprevious(cells[3])
    assert found(root, a_spec()).wrong_confirmed == 0


@pytest.mark.parametrize("blank", [("in_force",), ("issued",), ("issued", "in_force"), ()], ids=str)
@pytest.mark.parametrize("extra", ["before", "behind", "both"])
def test_an_empty_column_in_section_two(blank, extra: str) -> None:
    spec = a_spec(blank=lambda key: key[2] in blank)
    root = page(spec)
    for label in ("规章", "行政规范性文件"):
        cells = list(row_of(root, label).iter("td"))
        if extra != "behind":
            cells[1].addprevious(td())
        if extra != "before":
            cells[-1].addnext(td())
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("head", ["上年制发件数", "2022年制发件数", "累计制发件数"])
def test_last_years_column_in_section_two(head: str) -> None:
    spec = a_spec(blank=lambda key: key == ("disclosure", "rules", "issued"))
    root = page(spec)
    heads(root, "本年制发件数")[1].addprevious(td(head))
    for label in ("规章", "行政规范性文件"):
        list(row_of(root, label).iter("td"))[1].addprevious(td("77"))
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("order", ["last year first", "this year first"])
@pytest.mark.parametrize("figure", ["", "5"])
def test_two_years_of_decisions(order: str, figure: str) -> None:
    key = ("disclosure", "licensing", "decisions")
    spec = a_spec(changed={key: figure})
    root = page(spec)
    head, cells = heads(root, "本年处理决定数量")[-1], list(row_of(root, "行政许可").iter("td"))
    (head.addprevious if order.startswith("last") else head.addnext)(td("上年处理决定数量"))
    (cells[1].addprevious if order.startswith("last") else cells[1].addnext)(td("99"))
    assert found(root, spec).wrong_confirmed == 0


BLANK_DISPUTES: list[tuple[str, ...]] = [
    (),
    ("litigation_after_review",),
    ("review",),
    ("litigation_direct", "litigation_after_review"),
    ("review", "litigation_direct", "litigation_after_review"),
]


def disputes(
    blank: tuple[str, ...], last_total: bool = False
) -> tuple[FormSpec, Element, Element, list[Element]]:
    last = ("disputes", "litigation_after_review", "total")
    spec = a_spec(
        blank=lambda key: (key[0] == "disputes" and key[1] in blank) or (last_total and key == last)
    )
    root = page(spec)
    below = heads(root, "未经复议直接起诉")[0].getparent()
    assert below is not None
    row = below.getnext().getnext()
    return spec, root, row, list(row.iter("td"))


@pytest.mark.parametrize("blank", BLANK_DISPUTES, ids=str)
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("before", [1, 2])
@pytest.mark.parametrize("behind", [0, 1])
def test_empty_cells_around_the_row_of_disputes(blank, last: bool, before: int, behind: int) -> None:
    spec, root, row, cells = disputes(blank, last)
    assert len(cells) == 15
    for _ in range(before):
        cells[0].addprevious(td())
    for _ in range(behind):
        row.append(td())
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("blank", BLANK_DISPUTES, ids=str)
@pytest.mark.parametrize("figure", ["7", ""])
@pytest.mark.parametrize("place", [0, 4])
def test_a_sixth_result_in_every_procedure(blank, figure: str, place: int) -> None:
    spec, root, _, cells = disputes(blank)
    for start in (0, 5, 10):
        cells[start + place].addprevious(td(figure))
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("blank", BLANK_DISPUTES, ids=str)
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_fourth_procedure(blank, named: bool, place: str) -> None:
    """合计 of all procedures, before or behind the three."""
    spec, root, row, cells = disputes(blank)
    add = cells[0].addprevious if place == "before" else row.append
    for number in range(5):
        add(td(str(70 + number)))
    if named:
        second = heads(root, "结果维持")
        add = second[0].addprevious if place == "before" else second[0].getparent().append  # type: ignore[union-attr]
        for head in RESULT_HEADS:
            add(td(head))
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_row_that_numbers_the_columns_of_disputes(lost: int, place: str) -> None:
    spec, root, row, cells = disputes(())
    for cell in cells[:lost]:
        row.remove(cell)
    numbers = tr(*[str(n) for n in range(1, 16)])
    (row.addprevious if place == "above" else row.addnext)(numbers)
    assert found(root, spec).wrong_confirmed == 0


@pytest.mark.parametrize("first", ["", "栏次", "序号", "甲"])
def test_a_row_that_numbers_the_columns_of_applications(first: str) -> None:
    root = page(a_spec())
    row_of(root, "本年新收政府信息公开申请数量").addprevious(tr(first, *[str(n) for n in range(1, 8)]))
    assert found(root, a_spec()).wrong_confirmed == 0


def test_figures_in_a_head() -> None:
    root = page(a_spec())
    for name in COLUMN_NAMES:
        head = next(c for c in root.iter("td") if text_of(c) == name)
        head.text = f"{name}12"
    result = found(root, a_spec())
    assert result.wrong_confirmed == 0


COLUMN_NAMES = ("自然人", "商业企业", "科研机构")


@pytest.mark.parametrize("render", [render_html, render_docx])
@pytest.mark.parametrize("pair", [("review", "litigation_direct"), ("review", "litigation_after_review")])
def test_lawsuits_before_the_review(render, pair) -> None:
    spec = a_spec(quirks=Quirks(swap_rows=pair))
    assert compare(gx.read_report(render(spec)).fact_rows, truth_of(spec)).wrong_confirmed == 0


@pytest.mark.parametrize("text", ["单位：万件", "计量单位：百件", "单位:千件"])
@pytest.mark.parametrize("place", ["caption", "row", "head"])
def test_counts_in_another_unit_are_told(text: str, place: str) -> None:
    spec = a_spec(forms={"disclosure": "", "disputes": ""})
    root = page(spec)
    first = row_of(root, "本年新收政府信息公开申请数量")
    if place == "caption":
        table = next(iter(root.iter("table")))
        caption = td(text)
        caption.tag = "p"
        table.addprevious(caption)
    elif place == "row":
        first.getparent()[0].addprevious(tr(text))  # type: ignore[index,union-attr]
    else:
        heads(root, "法人或其他组织")[-1].text = f"总计（{text}）"
    assert "other_unit" in codes(gx.read_report(dump(root)))


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("本年收费金额（单位：元）", "元"),
        ("本年收费金额（元）", "元"),
        ("本年收费金额（单位：万元）", "万元"),
    ],
)
def test_the_unit_of_fees_is_that_of_the_head(head: str, unit: str) -> None:
    root = page(a_spec())
    heads(root, "本年收费金额（单位：万元）")[-1].text = head
    fact = gx.read_report(dump(root)).fact("disclosure", "fees", "amount_10k_cny")
    assert fact is not None
    assert fact.unit == unit
    assert fact.verdict == "confirmed" or unit != "万元"
