"""Cells taken out of a sheet, or put in, move those behind them: borders show where the row ends."""

from __future__ import annotations

import io
from copy import copy
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Border

import gxstats as gx
from gxstats.model import Key
from gxstats.testing.xlsx import render_xlsx
from tests.pages import a_spec, distinct_values

ENDS: dict[Key, int] = {
    ("applications", "granted", "natural_person"): 10,
    ("disputes", "review", "upheld"): 15,
}
"""A figure of the row to disturb -> the last column of its table."""


def shifted(key: Key, by: int) -> bytes:
    """The report with the cells from a figure on moved to the left over the one before, or to the right."""
    book = load_workbook(io.BytesIO(render_xlsx(a_spec())))
    sheet: Any = book.active
    value = distinct_values()[key]
    place = [cell for row in sheet.iter_rows() for cell in row if cell.value == value][-1]
    end = ENDS[key]
    first = place.column if by > 0 else max(2, end - 5)
    columns = range(end, first - 1, -1) if by > 0 else range(first, end + 1)
    for column in columns:
        source, target = sheet.cell(place.row, column), sheet.cell(place.row, column + by)
        target.value, target.border = source.value, copy(source.border)
        source.value = None
    if by < 0:
        sheet.cell(place.row, end).border = Border()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("key", list(ENDS))
def test_a_cell_taken_out_of_a_row_or_put_in(key: Key, by: int) -> None:
    right = distinct_values()
    facts = gx.read_report(shifted(key, by)).fact_rows
    wrong = [f.key for f in facts if f.verdict == "confirmed" and f.key in right and f.value != right[f.key]]
    assert not [key for key in wrong if key[0] != "disclosure"]
    assert sum(f.verdict == "confirmed" for f in facts) > 150  # the rest of the report is as good as ever


def test_a_sheet_whose_rows_end_alike_is_confirmed() -> None:
    facts = gx.read_report(render_xlsx(a_spec())).fact_rows
    assert all(f.verdict == "confirmed" for f in facts)
