"""Reviewed corrections: applied to the bytes and the reading they were made for, refused otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

import gxstats as gx

HEAD = "sha256,section,item,measure,read,true,reason,reviewer,date\n"
SHA = "ab" * 32
CELL = "applications,received,total"


def report(sha256: str = SHA, total: int = 5) -> gx.Report:
    values: dict[str, int | None] = dict.fromkeys(
        (
            f"applications/received/{m}"
            for m in ("enterprise", "research", "public_interest", "legal_service", "other_org")
        ),
        0,
    )
    values |= {"applications/received/natural_person": 3, "applications/received/total": total}
    values |= {"applications/other.other/total": None, "disclosure/fees/amount_10k_cny": "12.50"}  # type: ignore[dict-item]
    return gx.enter(values, {"agency": "甲县人民政府", "year": 2023, "sha256": sha256}, "Li Lei")


def file(folder: Path, *lines: str) -> Path:
    path = folder / "corrections.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_correction_changes_the_figure_and_what_follows_from_it(tmp_path: Path) -> None:
    read = report()
    assert read.checks.query("rule == 'A-ROW' and where == 'received'").status.tolist() == ["fail"]
    mended = gx.correct(read, file(tmp_path, f"{SHA},{CELL},5,3,a smudge,Han Meimei,2026-01-31"))
    fact = mended.fact("applications", "received", "total")
    assert fact is not None
    assert (fact.value, fact.verdict, fact.sums) == (3, "confirmed", "pass")
    assert fact.reader.endswith("; corrected by Han Meimei")
    assert mended.checks.query("rule == 'A-ROW' and where == 'received'").status.tolist() == ["pass"]
    corrected = mended.facts.dropna(subset=["corrected_from"])
    assert corrected[["item", "measure", "value", "corrected_from"]].values.tolist() == [
        ["received", "total", 3, "5"]
    ]
    original = read.fact("applications", "received", "total")
    assert original is not None
    assert original.value == 5


@pytest.mark.parametrize(
    ("line", "state", "value", "amount"),
    [
        ("applications,received,total,5,unreadable", "unreadable", None, None),
        ("applications,other.other,total,blank,7", "reported", 7, None),
        ("disclosure,fees,amount_10k_cny,12.5,125.00", "reported", None, "125.00"),
        ("disclosure,fees,amount_10k_cny,12.50万元,125元", "reported", None, "125"),
    ],
)
def test_figures_states_and_money(
    tmp_path: Path, line: str, state: str, value: int | None, amount: str | None
) -> None:
    mended = gx.correct(report(), file(tmp_path, f"{SHA},{line},a reason,Han Meimei,2026-01-31"))
    section, item, measure, *_ = line.split(",")
    fact = mended.fact(section, item, measure)
    assert fact is not None
    assert (fact.state, fact.value) == (state, value)
    assert (None if fact.amount is None else str(fact.amount)) == amount


def test_a_correction_of_another_reading_is_refused_with_its_line(tmp_path: Path) -> None:
    path = file(tmp_path, f"{SHA},{CELL},6,3,a smudge,Han Meimei,2026-01-31")
    with pytest.raises(gx.SchemaError, match="5 is read here, not 6") as error:
        gx.correct(report(), path)
    assert error.value.where == f"{path}:2"


@pytest.mark.parametrize("sha256", ["cd" * 32, SHA[:16] + "0" * 48])
def test_a_correction_of_other_bytes_is_refused_with_its_line(tmp_path: Path, sha256: str) -> None:
    path = file(tmp_path, f"{sha256},{CELL},5,3,a smudge,Han Meimei,2026-01-31")
    with pytest.raises(gx.SchemaError, match="no file has the sha256") as error:
        gx.correct(gx.Reports((report(),)), path)
    assert error.value.where == f"{path}:2"


def test_corrections_of_files_that_are_elsewhere_can_be_left_alone(tmp_path: Path) -> None:
    path = file(tmp_path, f"{'cd' * 32},{CELL},5,3,a smudge,Han Meimei,2026-01-31")
    read = gx.Reports((report(),))
    assert gx.correct(read, path, others="leave").facts.equals(read.facts)


def test_a_missing_cell_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, f"{SHA},disputes,review,total,5,3,a smudge,Han Meimei,2026-01-31")
    with pytest.raises(gx.SchemaError, match="no such cell is read here"):
        gx.correct(report(), path)


def test_only_the_report_that_is_meant_changes(tmp_path: Path) -> None:
    reports = gx.Reports((report(), report("cd" * 32, total=9)))
    mended = gx.correct(reports, file(tmp_path, f"{SHA},{CELL},5,3,a smudge,Han Meimei,2026-01-31"))
    totals = mended.facts.query("item == 'received' and measure == 'total'")
    assert totals.value.tolist() == [3, 9]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{SHA},{CELL},5,3,,Han Meimei,2026-01-31", "every column"),
        (f"{SHA},{CELL},5,3,a smudge,,2026-01-31", "every column"),
        (f"abc,{CELL},5,3,a smudge,Han Meimei,2026-01-31", "no sha256"),
        (f"{SHA},{CELL},5,3,a smudge,Han Meimei,31.1.2026", "no date"),
        (f"{SHA},applications,recieved,total,5,3,a smudge,Han Meimei,2026-01-31", "no form has"),
        (f"{SHA},{CELL},5,3.5,a smudge,Han Meimei,2026-01-31", "neither a figure"),
        (f"{SHA},{CELL},5,-3,a smudge,Han Meimei,2026-01-31", "neither a figure"),
        (f"{SHA},{CELL},5,5,a smudge,Han Meimei,2026-01-31", "what was read is what is true"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = file(tmp_path, line)
    with pytest.raises(gx.SchemaError, match=said) as error:
        gx.load_corrections(path)
    assert error.value.where == f"{path}:2"


def test_one_cell_is_corrected_once(tmp_path: Path) -> None:
    line = f"{SHA},{CELL},5,3,a smudge,Han Meimei,2026-01-31"
    with pytest.raises(gx.SchemaError, match="twice"):
        gx.load_corrections(file(tmp_path, line, line))


def test_the_shipped_corrections_are_sound() -> None:
    assert all(c.reason and c.reviewer for c in gx.load_corrections())
