"""Reports made to be slow or silent: the smallest that showed each."""

from __future__ import annotations

import time

from gxstats.align.labels import simplified
from gxstats.align.statements import extract
from gxstats.align.statements.passages import passages
from gxstats.api import read_bytes
from gxstats.model import Prose

# Far above what each takes now (some hundredths) and far below what it took (20 and more): no measurement.
SECONDS = 6


def test_long_text_is_simplified_sign_by_sign() -> None:
    began = time.process_time()
    assert simplified("規章" * 400_000) == ("规章" * 400_000,)
    assert time.process_time() - began < SECONDS


def test_lines_of_bars_and_runs_of_digits_are_no_burden() -> None:
    began = time.process_time()
    bars = Prose("overview", "1" + "| " * 60_000 + "x")
    assert len(list(passages([bars, bars]))) == 2
    assert not extract([Prose("overview", "政府信息公开申请" + "6" * 200_000)]).statements
    assert time.process_time() - began < SECONDS


def test_lines_of_a_table_are_none_of_the_prose() -> None:
    for line, of_table in (("规章 1 2 3", True), ("1 2", True), ("规章 1 2", False), ("| 1 | 2 | 3 ", True)):
        assert list(passages([Prose("overview", line)])) == ([] if of_table else [(0, 1)])


def test_a_part_of_a_page_without_a_table_says_so() -> None:
    title = "某县2024年政府信息公开工作年度报告"
    table = "规章 | 0 | 1 | 7 |\n行政规范性文件 | 5 | 0 | 9 |\n行政许可 | 3 |\n"
    text = f"{title}\n二、主动公开政府信息情况\n{table}" + "（七）总计\n" * 300
    for report in read_bytes(text.encode()):
        assert report.fact_rows or report.issue_rows
