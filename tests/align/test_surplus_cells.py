"""Cells that spreadsheets and sites without spans add: no doubt where all rows and heads show them alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import gxstats as gx
from gxstats.testing.compare import Comparison, compare
from tests.pages import Element, a_spec, codes, dump, page, row_of, td, text_of, truth_of

SPEC = a_spec(blank=lambda key: key[1] in ("carried_in", "rules") or key[2] == "research")


def read(root: Element) -> Comparison:
    return compare(gx.read_report(dump(root)).fact_rows, truth_of(SPEC))


def unconfirmed(root: Element) -> int:
    return sum(f.verdict != "confirmed" for f in gx.read_report(dump(root)).fact_rows)


def with_empty_columns(count: int) -> Element:
    """Every row of every table goes on with empty cells, as pasted spreadsheets do."""
    root = page(SPEC)
    for row in root.iter("tr"):
        row.extend([td() for _ in range(count)])
    return root


def without_spans(fill: Callable[[str], str]) -> Element:
    """Every cell that spans rows is written once a row."""
    root = page(SPEC)
    for table in root.iter("table"):
        waiting: dict[int, tuple[int, str, int]] = {}
        for row in list(table.iter("tr")):
            cells, column = list(row), 0
            for cell in cells:
                row.remove(cell)
            while cells or column in waiting:
                if column in waiting:
                    left, text, width = waiting.pop(column)
                    row.append(td(fill(text), colspan=str(width)))
                    if left > 1:
                        waiting[column] = (left - 1, text, width)
                else:
                    cell = cells.pop(0)
                    row.append(cell)
                    width, tall = int(cell.get("colspan", 1)), int(cell.attrib.pop("rowspan", 1))
                    if tall > 1:
                        waiting[column] = (tall - 1, text_of(cell), width)
                column += width
    return root


@pytest.mark.parametrize("count", [1, 120])
def test_empty_columns_behind_all_rows_and_heads(count: int) -> None:
    root = with_empty_columns(count)
    assert read(root).exact == len(truth_of(SPEC))
    assert unconfirmed(root) == 0


def test_empty_columns_that_the_heads_do_not_have_leave_a_doubt() -> None:
    root = page(SPEC)
    for row in root.iter("tr"):
        if any(text_of(cell).isdecimal() for cell in row):
            row.append(td())
    assert read(root).wrong == 0
    assert unconfirmed(root) > 100


def test_a_row_that_begins_a_column_later_is_not_confirmed_in_the_wrong_one() -> None:
    root = with_empty_columns(3)
    row = row_of(root, "重复申请")
    row.insert(len(row) - 10, td())
    row.remove(row[-1])
    assert read(root).wrong_confirmed == 0


@pytest.mark.parametrize("fill", [str, lambda text: ""], ids=["written again", "left empty"])
def test_tables_without_spans(fill: Callable[[str], str]) -> None:
    root = without_spans(fill)
    assert read(root).exact == len(truth_of(SPEC))
    assert unconfirmed(root) == 0


def test_repeated_heads_in_another_order_are_still_seen() -> None:
    root = without_spans(str)
    cells = [c for c in root.iter("td") if text_of(c) in ("商业企业", "科研机构")]
    cells[0].text, cells[1].text = text_of(cells[1]), text_of(cells[0])
    for cell in cells[:2]:
        del cell[:]
    found = read(root)
    assert found.wrong_confirmed == 0
    assert "columns_out_of_order" in codes(gx.read_report(dump(root)))


def test_a_column_that_numbers_the_rows() -> None:
    root = page(SPEC)
    tables = [t for t in root.iter("table") if "本年新收" in text_of(t)]
    for number, row in enumerate(tables[0].iter("tr")):
        if number == 0:
            row.insert(0, td("序号", rowspan="3"))
        elif number > 2:
            row.insert(0, td(str(number - 2)))
    assert read(root).exact == len(truth_of(SPEC))
