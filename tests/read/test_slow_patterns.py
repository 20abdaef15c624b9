"""Pages and lines made to keep a pattern busy are read as fast as others."""

from __future__ import annotations

import time

from gxstats.read.html import read_html
from gxstats.read.text import read_text

# Far above what either takes now (under 0.1 s) and far below what they took (20 s): no measurement.
SECONDS = 5


def test_a_style_without_a_brace_is_no_burden() -> None:
    began = time.process_time()
    document = read_html(b"<style>p{color:red}" + b"a " * 100_000 + b"</style><p>12")
    assert [block.text for block in document.readings[0].blocks] == ["12"]  # type: ignore[union-attr]
    assert time.process_time() - began < SECONDS


def test_a_line_of_dashes_is_no_burden() -> None:
    began = time.process_time()
    document = read_text(b"-" * 20_000 + b"x\n" + "规章 | 1 | 2 |\n|---|:--:|\n".encode())
    rows = [[cell.text for cell in row.cells] for row in document.readings[0].blocks[0].rows]  # type: ignore[union-attr]
    assert rows[1:] == [["规章", "1", "2"]]
    assert time.process_time() - began < SECONDS
