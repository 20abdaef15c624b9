"""Rows of tokens that page breaks cut: what goes on is joined, on however many pages."""

from __future__ import annotations

import numpy as np

from gxstats.read.fragments import Fragment, Piece, piece_of
from gxstats.read.geometry import NO_RULES, Characters, PageView
from gxstats.read.stream_table import StreamRow, build_rows

NOTHING = Characters(np.empty(0, dtype=np.uint32), np.empty((0, 4)))


def row(page: int, *pieces: Piece) -> StreamRow:
    return StreamRow(PageView(page, 500.0, 200.0, NOTHING, NO_RULES), list(pieces))


def token(left: float, top: float, *lines: str) -> Piece:
    boxes = [(left, top + 14 * n, left + 10 * len(line), top + 14 * n + 10) for n, line in enumerate(lines)]
    return piece_of([Fragment(line, box, 10) for line, box in zip(lines, boxes, strict=True)])


def test_a_figure_that_begins_on_the_second_page_of_its_row_goes_on_on_the_third() -> None:
    rows = build_rows(
        [
            row(1, token(10, 10, "甲"), token(100, 10, "11"), token(200, 10, "22")),
            row(1, token(10, 100, "乙"), token(100, 100, "12", "34", "56")),
            row(2, token(100, 10, "78"), token(200, 10, "98", "76")),
            row(3, token(200, 10, "54")),
        ]
    )
    assert [cell.text for cell in rows[1].cells] == ["乙", "12\n34\n56\n78", "98\n76\n54"]
