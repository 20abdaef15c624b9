"""A report drawn as a PDF holds every figure, in print order."""

from __future__ import annotations

import io
import re

import pdfplumber

from gxstats.testing.forms import FormSpec
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.pdf_layout import PdfLayout


def test_every_figure_is_in_its_row() -> None:
    values = {key: str(1000 + n) for n, key in enumerate(FormSpec().cell_keys())}
    spec = FormSpec(values=values)
    content = render_form_pdf(spec, PdfLayout(size=9))
    assert content == render_form_pdf(spec, PdfLayout(size=9))
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        rows = [row for page in pdf.pages for table in page.extract_tables() for row in table]
    found = [cell for row in rows for cell in row if cell and re.fullmatch(r"1\d{3}", cell)]
    assert found == list(values.values())
