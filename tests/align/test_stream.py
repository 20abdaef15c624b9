"""Text has no cells: every style of flattening is read exactly, or refused, never confirmed wrong."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.align import align
from gxstats.model import Cell, Document, Grid, Key, Paragraph, Reading, Row
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.text import Style, render_text
from tests.pages import COLUMNS, a_spec, codes, compared, distinct_values, truth_of

VALUES = distinct_values()
EXACT: list[Style] = ["layout", "flow", "pipes", "pipes_padded", "leading_pipes", "markdown", "one_per_line"]
ALL: list[Style] = [*EXACT, "layout_ragged", "glued_rows", "glued"]
HEADS = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
TITLE = "某县人民政府2024年政府信息公开工作年度报告"
HEADING = "三、收到和处理政府信息公开申请情况"
LABELS = {
    "received": "一、本年新收政府信息公开申请数量",
    "carried_in": "二、上年结转政府信息公开申请数量",
    "granted": "（一）予以公开",
    "granted_in_part": "（二）部分公开",
    "refused.state_secret": "1.属于国家秘密",
    "refused.other_law": "2.其他法律行政法规禁止公开",
    "outcome_total": "（七）总计",
    "carried_out": "四、结转下年度继续办理",
}
FIGURES = {item: " ".join(str(VALUES["applications", item, c]) for c in COLUMNS) for item in LABELS}


def lines(**changes: str) -> dict[str, str]:
    """A small table, a line per row; ``changes`` replaces lines by item."""
    return {item: changes.get(item, f"{label} {FIGURES[item]}") for item, label in LABELS.items()}


def text(*rows: str, heads: str = HEADS, before: str = "") -> bytes:
    return "\n".join([TITLE, HEADING, *filter(None, [before, heads]), *rows]).encode()


def values(content: bytes, item: str) -> list[int | None]:
    report = gx.read_report(content)
    facts = [report.fact("applications", item, column) for column in COLUMNS]
    return [fact.value if fact else None for fact in facts]


def figures(item: str) -> list[int]:
    return [VALUES["applications", item, column] for column in COLUMNS]


@pytest.mark.parametrize("style", EXACT)
@pytest.mark.parametrize("form", ["f2021", "f2019"])
def test_styles_that_lose_nothing_are_exact(style: Style, form: str) -> None:
    spec = a_spec(form)
    found = compared(render_text(spec, style), truth_of(spec))
    assert (found.exact, found.wrong) == (found.total, 0)


@pytest.mark.parametrize("style", ["layout", "flow", "pipes"])
def test_the_sums_confirm_the_figures_of_text(style: Style) -> None:
    report = gx.read_report(render_text(a_spec(), style))
    assert {f.verdict for f in report.fact_rows if f.section != "disclosure"} == {"confirmed"}


@pytest.mark.parametrize("style", ALL)
@pytest.mark.parametrize("form", ["f2021", "f2019"])
@pytest.mark.parametrize("start", [1, 7, 100])
def test_no_style_is_confirmed_wrong(style: Style, form: str, start: int) -> None:
    spec = a_spec(form, start=start)
    assert compared(render_text(spec, style), truth_of(spec)).wrong_confirmed == 0


@pytest.mark.parametrize("style", ALL)
@pytest.mark.parametrize(
    "blank",
    [
        lambda key: key[2] == "natural_person",
        lambda key: key[2] == "total",
        lambda key: key[2] != "total",
        lambda key: key[1].startswith("refused"),
        lambda key: hash_of(key) % 3 == 0,
        lambda key: hash_of(key) % 2 == 0,
        lambda key: True,
    ],
    ids=["persons", "totals", "parts", "refused", "a third", "half", "all"],
)
def test_blank_cells_shift_nothing_that_is_confirmed(style: Style, blank) -> None:
    spec = a_spec(blank=blank)
    assert compared(render_text(spec, style), truth_of(spec)).wrong_confirmed == 0


def hash_of(key: Key) -> int:
    return sum(ord(character) * place for place, character in enumerate("/".join(key)))


@pytest.mark.parametrize("style", ["pipes", "pipes_padded"])
def test_pipes_show_blank_cells(style: Style) -> None:
    spec = a_spec(blank=lambda key: hash_of(key) % 3 == 0)
    found = compared(render_text(spec, style), truth_of(spec))
    assert (found.exact, found.wrong) == (200, 0)


@pytest.mark.parametrize("style", ["glued", "glued_rows"])
def test_glued_figures_are_never_confirmed_wrong_and_never_zero(style: Style) -> None:
    zero = FormSpec(values=dict.fromkeys(VALUES, "0"))
    for spec in (zero, a_spec(), a_spec(start=50)):
        report = gx.read_report(render_text(spec, style))
        found = compared(render_text(spec, style), truth_of(spec))
        assert found.wrong_confirmed == 0
        assert report.issue_rows


@pytest.mark.parametrize(
    "style", ["flow", "leading_pipes", "one_per_line", "layout", "layout_ragged", "pipes"]
)
@pytest.mark.parametrize("pair", [("natural_person", "total"), ("enterprise", "public_interest")])
def test_swapped_columns_are_never_confirmed_wrong(style: Style, pair: tuple[str, str]) -> None:
    spec = a_spec(quirks=Quirks(swap_columns=("applications", *pair)))
    assert compared(render_text(spec, style), truth_of(spec), "applications").wrong_confirmed == 0


@pytest.mark.parametrize("style", EXACT)
def test_swapped_rows_are_read_by_their_labels(style: Style) -> None:
    spec = a_spec(quirks=Quirks(swap_rows=("granted_in_part", "unable.not_held")))
    found = compared(render_text(spec, style), truth_of(spec), "applications")
    assert (found.exact, found.wrong) == (175, 0)


@pytest.mark.parametrize("style", EXACT)
def test_a_missing_row_is_no_zero(style: Style) -> None:
    spec = a_spec(quirks=Quirks(missing_rows=("not_processed.repeat",)))
    report = gx.read_report(render_text(spec, style))
    found = [f for f in report.fact_rows if f.item == "not_processed.repeat"]
    assert {(f.value, f.implied) for f in found} == {(None, None)}
    assert "rows_missing" in codes(report)


def test_a_label_and_its_figures_on_one_line() -> None:
    content = text(*lines().values())
    for item in LABELS:
        assert values(content, item) == figures(item)


def test_a_label_wrapped_around_its_figures() -> None:
    wrapped = f"2.其他法律行政法规\n{FIGURES['refused.other_law']}\n禁止公开"
    content = text(*lines(**{"refused.other_law": wrapped}).values())
    assert values(content, "refused.other_law") == figures("refused.other_law")
    assert values(content, "outcome_total") == figures("outcome_total")


def test_a_label_of_two_lines_before_its_figures() -> None:
    wrapped = f"2.其他法律行政法规\n禁止公开 {FIGURES['refused.other_law']}"
    content = text(*lines(**{"refused.other_law": wrapped}).values())
    assert values(content, "refused.other_law") == figures("refused.other_law")


def test_one_figure_per_line() -> None:
    rows = "\n".join(lines().values()).replace(" ", "\n")
    for item in LABELS:
        assert values(text(rows), item) == figures(item)


@pytest.mark.parametrize("lost", [0, 3, 6])
def test_a_run_of_six_figures_is_refused(lost: int) -> None:
    six = FIGURES["granted"].split()
    del six[lost]
    content = text(*lines(granted=f"（一）予以公开 {' '.join(six)}").values())
    assert values(content, "granted") == [None] * 7
    assert "short_row" in codes(gx.read_report(content))


def test_a_run_of_eight_figures_is_refused() -> None:
    content = text(*lines(granted=f"（一）予以公开 {FIGURES['granted']} 3").values())
    assert values(content, "granted") == [None] * 7


def test_a_page_number_between_rows_is_left_out() -> None:
    rows = lines(granted=f"（一）予以公开 {FIGURES['granted']}\n- 3 -")
    content = text(*rows.values())
    assert values(content, "granted") == figures("granted")
    assert any(
        i.code == "page_furniture" and "lines 7" in i.message for i in gx.read_report(content).issue_rows
    )


def test_a_bare_number_at_a_page_break_is_left_out() -> None:
    content = text(*lines(granted=f"（一）予以公开 {FIGURES['granted']}\n3\f").values())
    assert values(content, "granted") == figures("granted")


@pytest.mark.parametrize("heads", ["", HEADS, HEADS.replace(" ", "\n")])
def test_heads_may_be_missing_or_stand_one_below_the_other(heads: str) -> None:
    content = text(*lines().values(), heads=heads)
    assert values(content, "granted") == figures("granted")


def test_a_heading_in_the_table_of_contents_is_not_the_section() -> None:
    contents = [
        "目录",
        "一、总体情况 1",
        "二、主动公开政府信息情况 2",
        f"{HEADING} 3",
        "四、政府信息公开行政复议、行政诉讼情况 5",
    ]
    content = "\n".join([TITLE, *contents, HEADING, HEADS, *lines().values()]).encode()
    for item in LABELS:
        assert values(content, item) == figures(item)


def test_figures_behind_the_table_belong_to_no_row() -> None:
    content = text(*lines().values(), "五、存在的主要问题及改进情况", "1 2 3 4 5 6 7")
    assert values(content, "carried_out") == figures("carried_out")


@pytest.mark.parametrize("style", ["flow", "one_per_line"])
def test_the_row_of_section_four_under_a_heading_of_its_own(style: Style) -> None:
    spec = a_spec()
    heading = "四、政府信息公开行政复议、行政诉讼情况".encode()
    content = render_text(spec, style)
    assert heading in content
    found = compared(content.replace(heading, "四、因政府信息公开被复议、诉讼".encode()), truth_of(spec))
    assert (found.exact, found.wrong) == (found.total, 0)


def test_paragraphs_of_a_page_that_draw_a_table_with_pipes() -> None:
    spec = a_spec()
    lines = render_text(spec, "pipes").decode().splitlines()
    page = "".join(f"<p>{line}</p>" for line in lines)
    found = compared(f"<html><body>{page}</body></html>".encode(), truth_of(spec))
    assert (found.exact, found.wrong) == (found.total, 0)


def test_heads_that_one_reading_could_not_name_are_no_issue_where_another_could() -> None:
    title = Paragraph(TITLE)
    rows = [(label, *FIGURES[item].split()) for item, label in LABELS.items()]
    cells = [tuple(map(Cell, row)) for row in [("", *HEADS.split()), *rows]]
    bands = Reading("bands", (title, Grid(tuple(map(Row, cells)))))
    stream = Reading("stream", (title, Grid(tuple(map(Row, cells[1:])), kind="lines")))
    report = align(Document("", "application/pdf", (stream, bands)))[0]
    assert "columns_unknown" not in {issue.code for issue in report.issues}


def test_a_label_whose_figures_are_glued_to_it_is_not_blank() -> None:
    rows = lines(granted_in_part="（二）部分公开（区分处理的，只计这一情形），1,2,3,4,5,6,21")
    assert set(values(text(*rows.values()), "granted_in_part")) == {None}
    report = gx.read_report(text(*rows.values()))
    states = {report.fact("applications", "granted_in_part", c).state for c in COLUMNS}
    assert "blank" not in states


def test_labels_that_a_page_sets_as_one_text_are_blank_rows_not_absent_ones() -> None:
    heads = ("信息内容", "本年处理决定数量")
    rows = [
        ("二、主动公开政府信息情况",),
        ("第二十条第（五）项",),
        heads,
        ("行政许可", "9"),
        ("第二十条第（六）项",),
        heads,
    ]
    states = {
        "行政处罚\n行政强制": "blank",
        "行政处罚|7|行政强制|8": "reported",
    }
    for disclosed, state in states.items():
        cells = [*rows, disclosed.split("|")]
        grid = Grid(tuple(Row(tuple(map(Cell, row))) for row in cells), kind="lines")
        reading = Reading("stream", (Paragraph(TITLE), grid))
        fields = align(Document("", "application/pdf", (reading,)))[0].fields
        found = {fields["disclosure", item, "decisions"].figure.state for item in ("penalties", "coercion")}
        assert found == {state}


RESULTS = "结果维持 结果纠正 其他结果 尚未审结 总计"
SECTION_FOUR = (
    "四、政府信息公开行政复议、行政诉讼情况",
    "行政复议 行政诉讼",
    RESULTS,
    "未经复议直接起诉 复议后起诉",
    f"{RESULTS} {RESULTS}",
)
WHOLE = "0 1 0 0 1 2 0 0 1 3 4 0 0 0 4"


@pytest.mark.parametrize(
    "rows",
    [
        (*SECTION_FOUR, "3 3", *SECTION_FOUR, WHOLE),
        (*SECTION_FOUR, WHOLE, *SECTION_FOUR, "3 3 1 1 1 1"),
        (*SECTION_FOUR, "本年 3 3", f"上年 {WHOLE}"),
        (*SECTION_FOUR, f"上年 {WHOLE}", "本年 3 3 1 1 1 1"),
    ],
    ids=["second_table", "first_table", "second_row", "first_row"],
)
def test_a_row_that_lost_its_blanks_does_not_leave_its_place_to_another(rows: tuple[str, ...]) -> None:
    report = gx.read_report("\n".join(("甲县教育局2022年政府信息公开工作年度报告", *rows)).encode())
    found = [f for f in report.fact_rows if f.section == "disputes"]
    assert len(found) == 15
    assert not any(f.verdict == "confirmed" for f in found)


def test_numbers_above_the_heads_are_no_row_of_section_four() -> None:
    rows = (
        "甲县教育局2022年政府信息公开工作年度报告",
        SECTION_FOUR[0],
        "办理 3 2 件",
        *SECTION_FOUR[1:],
        WHOLE,
    )
    report = gx.read_report("\n".join(rows).encode())
    assert [f.value for f in report.fact_rows if f.section == "disputes"] == [int(n) for n in WHOLE.split()]
