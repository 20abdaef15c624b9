"""Lines and pages that hide the order of heads or the rest of a figure: nothing of it is confirmed."""

from __future__ import annotations

import pytest

import gxstats as gx
from gxstats.align.cells import collect
from gxstats.align.glued_sums import withstands_a_slip
from gxstats.model import Cell, Grid, Locator, Reading, Row
from gxstats.testing.text import Style, render_text
from tests.pages import a_spec

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
