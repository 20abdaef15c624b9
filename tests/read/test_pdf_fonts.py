"""What is read from a PDF does not depend on the fonts of the machine, and lost glyphs are noticed."""

from __future__ import annotations

import io

import pytest

import gxstats as gx
from gxstats.read.pdf_fonts import font_folder
from gxstats.testing import pdf
from gxstats.testing.compare import compare
from gxstats.testing.forms import FormSpec
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.values import expected, print_values, random_values


@pytest.mark.parametrize(("zero", "digits"), [("wu", "plain"), ("em", "plain"), ("0", "full_width")])
def test_characters_of_a_font_that_is_not_embedded_are_read(
    zero: str, digits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    monkeypatch.setattr(pdf, "_font", lambda: "STSong-Light")
    texts, _ = print_values(random_values(1), zero=zero, digits=digits, rng=1)  # type: ignore[arg-type]
    spec = FormSpec(values=texts)
    result = compare(gx.read_report(render_form_pdf(spec)).fact_rows, expected(spec))
    assert result.wrong_confirmed == 0
    assert result.exact == 200


def test_a_cell_with_a_glyph_that_is_lost_is_not_read_as_blank() -> None:
    from reportlab.pdfgen.canvas import Canvas

    from gxstats.read.pdf import UNSEEN, read_pdf

    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(300, 200))
    for x in (50, 100, 150, 200):
        canvas.line(x, 50, x, 110)
    for y in (50, 70, 90, 110):
        canvas.line(50, y, 200, y)
    for row, y in enumerate((95, 75, 55)):
        for column, x in enumerate((60, 110, 160)):
            if (row, column) == (1, 1):
                canvas.drawString(x, y, " ")  # a blank and a character without a glyph look the same
            else:
                canvas.drawString(x, y, str(10 * row + column))
    canvas.save()
    (grid,) = [b for b in read_pdf(page.getvalue()).readings[0].blocks if hasattr(b, "rows")]
    damages = [[cell.damage for cell in row.cells] for row in grid.rows]
    assert damages[1][1] == UNSEEN
    assert sum(bool(d) for row in damages for d in row) == 1


def test_the_bundled_font_is_there() -> None:
    folder = font_folder()
    assert folder is not None
    assert any(path.suffix in (".ttf", ".otf", ".ttc", ".otc") for path in folder.iterdir())
