"""A synthetic corpus reads back as its table of truth says, and says that it is synthetic."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Any

import pytest

import gxstats as gx
from gxstats.testing.corpus import write_corpus
from gxstats.testing.hostile import HOSTILE


@pytest.mark.parametrize("written_as", ["html", "docx", "pdf"])
def test_reports_read_back_equal(tmp_path: Path, written_as: Any) -> None:
    made = write_corpus(tmp_path, 4, seed=3, formats=[written_as])
    assert {record.form for record in made} == {"f2019", "f2021"}
    for record in made:
        report = gx.read_report(tmp_path / record.file)
        assert {fact.key: fact.raw for fact in report.fact_rows} == record.values
        assert all(fact.state == "reported" for fact in report.fact_rows)
        assert (report.meta["agency"], report.meta["year"]) == (record.agency, record.year)
        assert not any(check.status == "fail" for check in report.check_rows)


def test_the_table_of_truth_says_the_same(tmp_path: Path) -> None:
    made = write_corpus(tmp_path, 5, formats=["html"], hostile=0.4)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == [record.file for record in made]
    assert sum(row["kind"] != "report" for row in rows) == 2
    for row, record in zip(rows, made, strict=True):
        found = {key: row[".".join(key)] for key in record.values}
        assert found == record.values
        assert (tmp_path / row["file"]).is_file()


@pytest.mark.parametrize("written_as", ["html", "docx", "pdf"])
def test_every_report_says_that_it_is_synthetic(tmp_path: Path, written_as: Any) -> None:
    (record,) = write_corpus(tmp_path, 1, formats=[written_as])
    report = gx.read_report(tmp_path / record.file)
    assert "合成样例" in "".join("".join(prose.text.split()) for prose in report.prose_rows)
    content = (tmp_path / record.file).read_bytes()
    mark = {"html": "<title>合成样例".encode(), "pdf": b"/Title(SYNTHETIC)", "docx": b"docProps/core.xml"}
    assert mark[written_as] in content


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_corpus(tmp_path / name, 6, seed=seed)
    first = digests(tmp_path / "a")
    assert first == digests(tmp_path / "b") and first != digests(tmp_path / "c")
    assert len(set(first.values())) == 7


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_documents_are_refused_or_read_with_an_issue(kind: str, tmp_path: Path) -> None:
    suffix, make = HOSTILE[kind]
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(make("1"))
    assert path.stat().st_size < 3_000_000 and make("1") == path.read_bytes()
    assert kind == "empty" or make("1") != make("2")
    (report,) = gx.read_reports([path], progress=False)
    assert report.issue_rows
    assert not report.fact_rows or kind == "truncated"


def test_a_share_is_a_share(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        write_corpus(tmp_path, 1, hostile=2)
