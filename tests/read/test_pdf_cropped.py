"""Pages that show nothing or only a part: no figure that may go on there is trusted."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from gxstats.model import Cell, Document, Grid, Reading
from gxstats.read.lost_pages import LOST
from gxstats.read.pdf import CROPPED, read_pdf
from gxstats.testing.blocks import Text
from gxstats.testing.pdf import render_pdf
from gxstats.testing.pdf_cases import expected, figures, seven_columns
from gxstats.testing.pdf_layout import PdfLayout


def changed(data: bytes, page: int, box: tuple[float, float, float, float] | None) -> bytes:
    """The PDF with another box of one page, or with that page blank."""
    document = pypdfium2.PdfDocument(data)
    if box is None:
        size = document[page].get_size()
        del document[page]
        document.new_page(*size, index=page)
    else:
        document[page].set_mediabox(*box)
        document[page].set_cropbox(*box)
    document.save(out := io.BytesIO())
    return out.getvalue()


def cut_in_digits() -> bytes:
    """A table whose last row on page one goes on in the middle of its digits on page two."""
    for filler in range(900, 2600, 40):
        data = render_pdf(
            [Text("字" * filler), seven_columns(factor=98765)],
            PdfLayout(narrow=True, cut_rows=True, middle=False),
        )
        whole = read_pdf(data)
        lower = read_pdf(changed(data, 1, None)) if len(pypdfium2.PdfDocument(data)) > 1 else whole
        last = _last_row(lower.readings[0])
        if last and "".join(last[-1].split()) not in {f for row in figures(whole.readings[0]) for f in row}:
            return data
    raise AssertionError("no filler makes the page break cut digits")


def grids(*readings: Reading) -> list[Grid]:
    return [block for reading in readings for block in reading.blocks if isinstance(block, Grid)]


def _last_row(reading: Reading) -> list[str]:
    found = grids(reading)
    return [cell.text for cell in found[-1].rows[-1].cells] if found else []


def damages(document: Document) -> list[set[str]]:
    """What is said against the figures of the last row, in either reading."""
    return [{cell.damage for cell in grids(reading)[-1].rows[-1].cells[-7:]} for reading in document.readings]


@pytest.fixture(scope="module")
def cut() -> bytes:
    return cut_in_digits()


@pytest.mark.parametrize("box", [None, (0, 0, 595, 1), (0, 0, 40, 842)])
def test_digits_that_go_on_on_a_lost_page_are_not_trusted(
    cut: bytes, box: tuple[float, float, float, float] | None
) -> None:
    document = read_pdf(changed(cut, 1, box))
    assert damages(document) == [{LOST}, {LOST}]
    assert ("page_cropped" in {issue.code for issue in document.issues}) == (box is not None)


def test_the_same_digits_are_whole_where_both_pages_are(cut: bytes) -> None:
    document = read_pdf(cut)
    assert all(row in expected(factor=98765) for row in figures(document.readings[0]))
    assert LOST not in {cell.damage for cell in _cells(document)}


def _cells(document: Document) -> list[Cell]:
    return [cell for grid in grids(*document.readings) for row in grid.rows for cell in row.cells]


def test_cells_that_stand_beside_the_page_are_damaged_and_not_blank() -> None:
    data = changed(render_pdf([seven_columns()]), 0, (0, 0, 500, 842))
    bands = read_pdf(data).readings[0]
    rows = [row.cells[1:] for row in grids(bands)[0].rows[1:]]
    for row, printed in zip(rows, expected(), strict=True):
        for cell, figure in zip(row, printed, strict=True):
            assert cell.damage == CROPPED or cell.text == figure
    assert any(cell.damage == CROPPED for row in rows for cell in row)


def test_a_figure_cut_by_the_lower_edge_is_damaged() -> None:
    layout = PdfLayout(narrow=True, middle=False)
    data = render_pdf([seven_columns(factor=98765)], layout)
    (grid,) = grids(read_pdf(data).readings[0])
    cell = grid.rows[3].cells[-1]
    assert cell.at.top is not None and cell.at.bottom is not None and "\n" in cell.text
    edge = 841.9 - (cell.at.top + cell.at.bottom) / 20
    document = read_pdf(changed(data, 0, (0, edge, 595.3, 841.9)))
    whole = {f for row in expected(factor=98765) for f in row}
    sound = [
        "".join(c.text.split())
        for row in grids(document.readings[0])[0].rows[1:]
        for c in row.cells[-7:]
        if not c.damage
    ]
    assert sound and set(sound) <= whole


def test_a_blank_page_behind_a_table_that_ends_higher_up_changes_nothing() -> None:
    data = render_pdf([seven_columns()])
    document = pypdfium2.PdfDocument(data)
    document.new_page(595, 842)
    document.save(out := io.BytesIO())
    found = read_pdf(out.getvalue())
    assert [figures(reading) for reading in found.readings] == [expected(), expected()]
    assert {cell.damage for cell in _cells(found)} == {""}
