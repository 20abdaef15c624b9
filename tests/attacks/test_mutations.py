"""Cells, rows and heads that a careless hand added or lost: what they shift is never confirmed.

GXSTATS_EXAMPLES=200 tries more of them than a test run has time for.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import NamedTuple

import pytest

import gxstats as gx
from gxstats.model import Key
from gxstats.testing.compare import compare
from tests.pages import Element, a_spec, distinct_values, dump, page, td, truth_of

SECTIONS = ("disclosure", "applications", "disputes")
SEEDS = int(os.environ.get("GXSTATS_EXAMPLES", "5"))
Figures = list[tuple[Element, Key]]


class Drawn(NamedTuple):
    """A table about to be changed: its rows of figures with their keys, and the hand that changes it."""

    table: Element
    rows: Sequence[tuple[Element, Figures]]
    rng: random.Random

    @property
    def chosen(self) -> list[tuple[Element, Figures]]:
        """One row, three, all but one, or all."""
        count = self.rng.choice((1, 3, len(self.rows) - 1, len(self.rows)))
        return self.rng.sample(self.rows, max(1, min(count, len(self.rows))))


def insert(text: str, everywhere: bool = False) -> Callable[[Drawn], set[Key]]:
    def change(drawn: Drawn) -> set[Key]:
        at = drawn.rng.randrange(9)
        for row, figures in drawn.rows if everywhere else drawn.chosen:
            if at < len(figures):
                figures[at][0].addprevious(td(text))
            else:
                row.append(td(text))
        return set()

    return change


def delete(drawn: Drawn) -> set[Key]:
    gone = set()
    at = drawn.rng.randrange(7)
    for row, figures in drawn.chosen:
        cell, key = figures[min(at, len(figures) - 1)]
        row.remove(cell)
        gone.add(key)
    return gone


def delete_rows(drawn: Drawn) -> set[Key]:
    gone = set()
    for row, figures in drawn.chosen:
        drawn.table.remove(row)
        gone |= {key for _, key in figures}
    return gone


def repeat_rows(drawn: Drawn) -> set[Key]:
    for row, _ in drawn.chosen:
        row.addnext(deepcopy(row))
    return set()


def merge(drawn: Drawn) -> set[Key]:
    """Two cells become one that spans both columns and shows the first."""
    gone = set()
    at = drawn.rng.randrange(7)
    for row, figures in drawn.chosen:
        if at + 1 < len(figures):
            figures[at][0].set("colspan", "2")
            row.remove(figures[at + 1][0])
            gone.add(figures[at + 1][1])
    return gone


def rename_head(drawn: Drawn) -> set[Key]:
    heads = [cell for cell in drawn.table.iter("td") if cell.get("class") == "head"]
    drawn.rng.choice(heads).text = drawn.rng.choice(("", "？", "其中", "其他", "总计", "小计"))
    return set()


def delete_head_row(drawn: Drawn) -> set[Key]:
    rows = [r for r in drawn.table.iter("tr") if all(c.get("class") == "head" for c in r.iter("td"))]
    drawn.table.remove(drawn.rng.choice(rows))
    return set()


CHANGES: dict[str, Callable[[Drawn], set[Key]]] = {
    "a figure inserted": insert("7"),
    "a zero inserted": insert("0"),
    "a blank inserted": insert(""),
    "a column of figures": insert("7", everywhere=True),
    "a column of blanks": insert("", everywhere=True),
    "a cell lost": delete,
    "rows lost": delete_rows,
    "rows repeated": repeat_rows,
    "cells merged": merge,
    "a head renamed": rename_head,
    "a head row lost": delete_head_row,
}


def figures_of(table: Element, keys: list[Key]) -> list[tuple[Element, Figures]]:
    """Rows that hold figures, each figure with its key; keys come in the order of print."""
    left = iter(keys)
    rows = []
    for row in table.iter("tr"):
        cells = [cell for cell in row.iter("td") if cell.get("class") == "figure"]
        if cells:
            rows.append((row, [(cell, next(left)) for cell in cells]))
    return rows


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("blanks", [0, 10, 50, 90], ids="{}% blank".format)
def test_a_careless_hand(name: str, section: str, blanks: int) -> None:
    for seed in range(SEEDS):
        rng = random.Random(f"{name} {section} {blanks} {seed}")
        form = rng.choice(("f2021", "f2019"))
        column = rng.choice(("", "", "natural_person", "total", "other_org", "in_force", "upheld"))
        empty = {key for key in distinct_values(form) if key[2] == column or rng.random() * 100 < blanks}
        spec = a_spec(form, blank=empty.__contains__)
        root = page(spec)
        truth = truth_of(spec)
        table = list(root.iter("table"))[SECTIONS.index(section)]
        rows = figures_of(table, [key for key in truth if key[0] == section])
        gone = CHANGES[name](Drawn(table, rows, rng))
        found = compare(gx.read_report(dump(root)).fact_rows, truth)
        wrong = [k for k, outcome in found.outcomes.items() if outcome == "wrong_confirmed" and k not in gone]
        assert wrong == [], f"seed {seed}, {form}, {column}"


@pytest.mark.parametrize("kept", ["received", "granted", "carried_out"])
@pytest.mark.parametrize("text", ["7", "0", ""])
@pytest.mark.parametrize("at", [2, 5, 6])
def test_a_cell_too_many_in_all_rows_but_one(kept: str, text: str, at: int) -> None:
    """Sums of columns hold for columns that are shifted as a whole."""
    spec = a_spec(blank=lambda key: key[0] == "applications" and key[2] == "natural_person")
    root = page(spec)
    truth = truth_of(spec)
    table = list(root.iter("table"))[1]
    for _, figures in figures_of(table, [key for key in truth if key[0] == "applications"]):
        if figures[0][1][1] != kept:
            figures[at][0].addprevious(td(text))
    assert compare(gx.read_report(dump(root)).fact_rows, truth).wrong_confirmed == 0
