"""Draw a report as a PDF file; needs reportlab."""

from __future__ import annotations

from gxstats.testing.forms import layout
from gxstats.testing.pdf import render_pdf
from gxstats.testing.pdf_layout import PdfLayout
from gxstats.testing.spec import FormSpec


def render_form_pdf(spec: FormSpec, page: PdfLayout | None = None) -> bytes:
    """The report as the bytes of a PDF; the same figures give the same bytes.

    Args:
        spec: What to draw. Quirks of markup (spans, wrappers, charsets) mean nothing here.
        page: How to draw it: paper, borders, faults at page breaks.

    Example:
        >>> render_form_pdf(FormSpec())[:5]
        b'%PDF-'
    """
    return render_pdf(layout(spec), page)
