"""Plain text: which lines, tabs and places of figures are cells."""

from __future__ import annotations

import pytest

from gxstats.model import Grid
from gxstats.read.text import read_text


def cells(text: str, reading: str) -> list[list[str]]:
    found = next(r for r in read_text(text.encode()).readings if r.name == reading)
    return [[c.text for c in row.cells] for b in found.blocks if isinstance(b, Grid) for row in b.rows]


def test_a_blank_cell_behind_the_last_tab() -> None:
    assert cells("规章\t1\t2\t\n行政许可\t5\t\t\n其他\t\t\t7\n", "cells") == [
        ["规章", "1", "2", ""],
        ["行政许可", "5", "", ""],
        ["其他", "", "", "7"],
    ]


def test_a_tab_that_only_ends_a_cell() -> None:
    assert cells("规章\t\n1\t\n2\t\n3\n", "cells") == [["规章"], ["1"], ["2"], ["3"]]


@pytest.mark.parametrize("wide", [1, 2], ids=["narrow", "wide"])
def test_figures_of_short_rows_tell_how_wide_characters_are(wide: int) -> None:
    def line(label: str, *figures: str) -> str:
        width = len(label) * wide
        return label + " " * (16 - width) + "".join(f.ljust(10) for f in figures).rstrip()

    text = "\n".join(
        [
            line("规章", "4", "", "273"),
            line("规范性文件", "12", "", "5"),
            line("其他主动公开", "", "7", "61"),
        ]
    )
    assert cells(text, "layout") == [
        ["规章", "4", "", "273"],
        ["规范性文件", "12", "", "5"],
        ["其他主动公开", "", "7", "61"],
    ]
