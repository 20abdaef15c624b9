"""How a report shows: as a frame of the form, in a notebook, in a terminal, in one line."""

from __future__ import annotations

from gxstats.display.marks import Mark, contradicted, legend, mark
from gxstats.display.printed import printed_table
from gxstats.display.report_html import html_of, html_of_many
from gxstats.display.summary import Counts, counts_of, line_of, name_of, said, why_empty
from gxstats.display.words import visible, word

__all__ = [
    "Counts",
    "Mark",
    "contradicted",
    "counts_of",
    "html_of",
    "html_of_many",
    "legend",
    "line_of",
    "mark",
    "name_of",
    "printed_table",
    "said",
    "visible",
    "why_empty",
    "word",
]
