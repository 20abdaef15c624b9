"""Outcomes of a comparison, and truths as files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gxstats.model import NOWHERE, Fact
from gxstats.testing.compare import compare, load_truth
from gxstats.testing.values import Expected

KEY = ("applications", "received", "total")


def fact(
    state: Any, value: int | None = None, verdict: Any = "confirmed", amount: Decimal | None = None
) -> Fact:
    return Fact(*KEY, "f2021", value, amount, None, None, state, verdict, "untested", "", NOWHERE, "test")


@pytest.mark.parametrize(
    ("found", "truth", "outcome"),
    [
        (fact("reported", 3), Expected("reported", 3), "exact"),
        (fact("reported", 4), Expected("reported", 3), "wrong_confirmed"),
        (fact("reported", 4, "unconfirmed"), Expected("reported", 3), "wrong_unconfirmed"),
        (fact("reported", amount=Decimal("2.50")), Expected("reported", Decimal("2.5")), "exact"),
        (fact("reported", 0), Expected("blank"), "wrong_confirmed"),
        (fact("blank"), Expected("blank"), "exact"),
        (fact("dash"), Expected("blank"), "wrong_confirmed"),
        (fact("blank"), Expected("reported", 3), "wrong_confirmed"),
        (fact("unreadable", verdict="disputed"), Expected("reported", 3), "refused"),
        (fact("unreadable"), Expected("unreadable"), "exact"),
        (fact("reported", 3), Expected("unreadable"), "wrong_confirmed"),
        (fact("absent", verdict="unconfirmed"), Expected("reported", 3), "missing"),
        (fact("absent"), Expected("reported", 3), "wrong_confirmed"),
        (fact("absent"), Expected("absent"), "exact"),
        (None, Expected("reported", 3), "missing"),
        (None, Expected("absent"), "exact"),
        (None, Expected(None), "exact"),
        (fact("blank"), Expected(None), "exact"),
        (fact("unreadable"), Expected(None), "exact"),
        (fact("reported", 0), Expected(None), "wrong_confirmed"),
        (fact("reported", 0), Expected("any"), "exact"),
        (fact("dash"), Expected("any"), "exact"),
        (fact("reported", 1), Expected("any"), "wrong_confirmed"),
        (fact("unreadable"), Expected("any"), "refused"),
    ],
)
def test_outcomes(found: Fact | None, truth: Expected, outcome: str) -> None:
    result = compare([found] if found else [], {KEY: truth})
    assert result.outcomes == {KEY: outcome}
    assert result.total == 1
    assert bool(result.differences) == (outcome != "exact")
    assert result.wrong == outcome.startswith("wrong")


def test_extra_figures_are_listed() -> None:
    assert compare([fact("reported", 3)], {}).extra == (KEY,)
    assert compare([fact("absent")], {}).extra == ()


def test_two_facts_of_a_cell_are_refused() -> None:
    with pytest.raises(ValueError, match="one report at a time"):
        compare([fact("blank"), fact("blank")], {})


def test_truth_files(tmp_path: Path) -> None:
    path = tmp_path / "a.truth.csv"
    path.write_text(
        "section,item,measure,value,state\na,b,c,3,reported\na,b,d,,any\na,b,e,,\na,b,f,,dash\nz,b,g,1.50,\n",
        encoding="utf-8",
    )
    truth = load_truth(path)
    assert list(truth.values()) == [
        Expected("reported", 3),
        Expected("any"),
        Expected(None),
        Expected("dash"),
        Expected("reported", Decimal("1.50")),
    ]
    assert len(load_truth(path, without=["z"])) == 4


@pytest.mark.parametrize("row", ["a,b,c,three,", "a,b,c,,nothing"])
def test_faulty_truth_names_its_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "a.truth.csv"
    path.write_text(f"section,item,measure,value,state\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.truth\.csv:2"):
        load_truth(path)


def test_every_shared_truth_can_be_loaded(shared: Path) -> None:
    paths = [*shared.glob("reports/*.truth.csv"), *shared.glob("corpus/truth/*.csv")]
    assert len(paths) > 60
    assert sum(len(load_truth(path)) for path in paths) > 10000
