"""Lines and pages that hide the order of heads or the rest of a figure: nothing of it is confirmed."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.align.cells import collect
from gxstats.align.glued_sums import withstands_a_slip
from gxstats.align.rows import read_table
from gxstats.align.stream import collect as collect_lines
from gxstats.align.stream import lines
from gxstats.model import Cell, Grid, Locator, Paragraph, Reading, Row
from gxstats.testing.compare import compare
from gxstats.testing.forms import FormSpec
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.pdf_layout import PdfLayout
from gxstats.testing.text import Style, render_text
from gxstats.testing.values import print_values, random_values
from tests.pages import a_spec, truth_of

HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


@pytest.mark.parametrize("style", ["one_per_line", "leading_pipes", "flow", "glued_rows"])
@pytest.mark.parametrize("number", range(2, 6))
def test_the_total_among_the_heads_of_organisations(style: Style, number: int) -> None:
    """Heads that have a line each stand in the order in which they are printed."""
    text = render_text(a_spec(), style).decode()
    start = text.index("自然人") if style != "flow" else text.index("申请人情况")
    end = text.index("一、本年新收")
    heads = "申请人情况\n" if style == "flow" else ""
    order = [*HEADS[:-1]]
    order.insert(number, HEADS[-1])
    heads += "\n".join(order) + "\n"
    report = gx.read_report((text[:start] + heads + text[end:]).encode())
    assert not [f for f in report.fact_rows if f.section == "applications" and f.verdict == "confirmed"]


@pytest.mark.parametrize("apart", [False, True])
def test_tall_heads_whose_lines_hide_their_order(apart: bool) -> None:
    """科研机构 is drawn left of 商业企业, but so tall that its words come in a later line."""
    places = [0, 2, 1, 3, 4, 5, 6] if apart else range(7)
    where = [at(1, 100 + 50 * n, 560 + 10 * (i % 3)) for i, n in enumerate(places)]
    heads = [Row((Cell(name, place),)) for name, place in zip(HEADS, where, strict=True)]
    rows = [
        Row((Cell("一、本年新收政府信息公开申请数量", at(1, 0, 700)), *figures(700, "1000001"))),
        Row((Cell("二、上年结转政府信息公开申请数量", at(1, 0, 720)), *figures(720, "0000000"))),
    ]
    blocks = (Paragraph("三、收到和处理政府信息公开申请情况"), Grid((*heads, *rows), kind="lines"))
    table = read_table(collect_lines(lines(Reading("stream", blocks)))["applications"])
    assert {f.exact for f in table.figures.values()} == {not apart}


def figures(top: int, digits: str) -> list[Cell]:
    return [Cell(digit, at(1, 100 + 50 * n, top)) for n, digit in enumerate(digits)]


def at(page: int, x: int, top: int) -> Locator:
    return Locator(page, x, top, x + 20, top + 10)


@pytest.mark.parametrize("fragment", ["", "理"])
@pytest.mark.parametrize("printed", [(6,), (0, 1, 2, 6)])
def test_digits_that_go_on_behind_a_page_break(fragment: str, printed: tuple[int, ...]) -> None:
    """1194 cut into 1194 | 4: the figures above are not all of it."""
    row = [Cell("（一）予以公开", at(1, 0, 700)), *(Cell("11", at(1, 50 * n, 700)) for n in range(1, 8))]
    rest = [Cell("4" if n in printed else "", at(2, 50 * n, 50)) for n in range(7)]
    head = Row(tuple(Cell(name, at(1, 50 * n, 600)) for n, name in enumerate(("", *HEADS))))
    rows = (head, Row(tuple(row)), Row((Cell(fragment, at(2, 0, 50)), *rest)))
    table = collect(Reading("bands", (Grid(rows),)))["applications"]
    cells = table.entries[0].cells
    assert [bool(cell.damage) for cell in cells] == [n in printed for n in range(7)]


def test_a_glued_row_that_two_neighbours_in_each_others_place_explain() -> None:
    """... 1 0 0 10 | 1 2 0 0 12 adds up otherwise too: with 10 and 1 in each other's place."""
    assert withstands_a_slip("10203120001200000", (5, 5, 5))
    assert not withstands_a_slip("00000010010120012", (5, 5, 5))


@pytest.mark.parametrize("repeated", [4, 5, 7])
@pytest.mark.parametrize("height", [700.0, 841.9])
def test_rows_of_the_body_that_are_repeated_on_the_next_page(repeated: int, height: float) -> None:
    """A publisher who repeats three heads and the first rows below them prints those rows twice."""
    for seed in range(2):
        spec = FormSpec(values=print_values(random_values(seed, size="huge"))[0])
        how = PdfLayout(repeat_heads=repeated, cut_rows=True, narrow=True, size=8.0, height=height)
        report = gx.read_report(render_form_pdf(spec, how))
        assert compare(report.fact_rows, truth_of(spec)).wrong_confirmed == 0
