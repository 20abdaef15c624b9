"""Real and generated reports against figures checked by hand: exact, and never confirmed wrong.

Needs the folder of reports beside the checkout; skipped without it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import gxstats as gx
from gxstats.testing.compare import Comparison, compare, load_truth

EXACT = ("shanghai-office-2019.html", "suqian-2023.txt", "jianxi-industry-2024.txt")
NO_TABLES = (
    "baiyun-danganju-2023-imagetables.txt",
    "kaiping-nyncj-2020-notables.txt",
    "pingtan-2016-oldtable.txt",
)
FOLDERS = {"html": 60, "html_word": 10, "docx": 60, "doc": 10, "ofd": 20}
CONFIRMED = {"ofd": 0.93}
"""Shares of figures confirmed, where that is not nearly all: cells of a page have no names."""


class Found(NamedTuple):
    report: gx.Report
    comparison: Comparison


@pytest.fixture(scope="module")
def reports(shared: Path) -> dict[str, Found]:
    found = {}
    for path in sorted((shared / "reports").glob("*.truth.csv")):
        name = path.name.removesuffix(".truth.csv")
        source = next(p for p in (shared / "reports").glob(f"{name}.*") if p.suffix != ".csv")
        if source.suffix != ".pdf":
            report = gx.read_report(source)
            found[source.name] = Found(report, compare(report.fact_rows, load_truth(path)))
    return found


@pytest.mark.parametrize("name", EXACT)
def test_whole_reports_are_exact_in_every_cell(reports: dict[str, Found], name: str) -> None:
    found = reports[name].comparison
    assert found.total >= 198
    assert found.exact == found.total, str(found)
    assert found.extra == ()


def test_shanghai_is_confirmed_and_adds_up(reports: dict[str, Found]) -> None:
    report = reports["shanghai-office-2019.html"].report
    assert {f.verdict for f in report.fact_rows} == {"confirmed"}
    assert not [c for c in report.check_rows if c.status == "fail"]
    assert (report.meta["agency"], report.meta["year"]) == ("上海市人民政府办公厅", 2019)
    blanks = [f for f in report.fact_rows if f.state == "blank" and f.section == "applications"]
    assert sum(f.implied is not None for f in blanks) >= 0.9 * len(blanks)


def test_no_real_report_is_confirmed_wrong(reports: dict[str, Found]) -> None:
    assert len(reports) >= 15
    wrong = {name: str(f.comparison) for name, f in reports.items() if f.comparison.wrong_confirmed}
    assert wrong == {}


def test_hardly_anything_is_wrong_in_real_reports(reports: dict[str, Found]) -> None:
    total = sum(f.comparison.total for f in reports.values())
    wrong = sum(f.comparison.wrong for f in reports.values())
    assert total > 1000
    assert wrong * 200 <= total
    assert {name: f.comparison.extra for name, f in reports.items() if f.comparison.extra} == {}


@pytest.mark.parametrize("name", NO_TABLES)
def test_reports_without_tables_of_a_known_form_give_no_fact(shared: Path, name: str) -> None:
    report = gx.read_report(shared / "reports" / name)
    assert report.facts.empty
    assert any(i.code == "no_tables" and i.level == "error" for i in report.issue_rows)


def test_years_and_bodies_of_real_reports(reports: dict[str, Found]) -> None:
    for name, (report, _) in reports.items():
        year = re.search(r"(20\d\d)", name)
        if report.meta["year"] is not None and year:
            assert report.meta["year"] == int(year[1]), name
    known = Counter(report.meta["year"] is not None for report, _ in reports.values())
    assert known[True] >= len(reports) - 1


class Corpus(NamedTuple):
    reports: dict[tuple[str, str], Found]
    broken: set[str]

    def of(self, folder: str) -> Iterator[tuple[str, Found]]:
        return ((name, found) for (place, name), found in self.reports.items() if place == folder)


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Corpus:
    """Every generated report of three formats, read once."""
    folder = shared / "corpus"

    @cache
    def truth(name: str) -> dict:
        return load_truth(folder / "truth" / f"{name}.csv")

    found = {}
    for kind in FOLDERS:
        for path in sorted((folder / kind).iterdir()):
            name = path.name.split(".")[0]
            report = gx.read_report(path)
            # The web pages have no section two.
            expected = {k: t for k, t in truth(name).items() if kind != "html" or k[0] != "disclosure"}
            found[kind, name] = Found(report, compare(report.fact_rows, expected))
    with (folder / "INDEX.csv").open(encoding="utf-8", newline="") as lines:
        broken = {row["id"] for row in csv.DictReader(lines) if row["error"] == "True"}
    return Corpus(found, broken)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_corpus_is_exact(corpus: Corpus, folder: str) -> None:
    found = [comparison for _, (_, comparison) in corpus.of(folder)]
    assert len(found) == FOLDERS[folder]
    exact, total = sum(c.exact for c in found), sum(c.total for c in found)
    assert exact >= 0.999 * total
    assert sum(c.wrong_confirmed for c in found) == 0
    assert sum(c.wrong for c in found) == 0


@pytest.mark.parametrize("folder", FOLDERS)
def test_hardly_anything_of_the_corpus_is_left_unconfirmed(corpus: Corpus, folder: str) -> None:
    facts = [fact for _, (report, _) in corpus.of(folder) for fact in report.fact_rows]
    confirmed = sum(fact.verdict == "confirmed" for fact in facts)
    assert confirmed >= CONFIRMED.get(folder, 0.99) * len(facts)


@pytest.mark.parametrize("folder", FOLDERS)
def test_publishers_errors_are_found_and_their_figures_kept(corpus: Corpus, folder: str) -> None:
    assert len(corpus.broken) == 7
    for name, (report, comparison) in corpus.of(folder):
        failing = [c for c in report.check_rows if c.status == "fail"]
        assert bool(failing) == (name in corpus.broken), name
        verdicts = {fact.key: fact.verdict for fact in report.fact_rows}
        for check in failing:
            confirmed = all(verdicts[key] == "confirmed" for key in check.operands)
            assert check.cause == ("publisher" if confirmed else "unknown")
            assert (check.lhs, check.rhs) != (None, None)
        if failing:
            assert comparison.exact == comparison.total
        # The generator prints no other figure than 0 as a blank or a mark.
        assert {fact.implied for fact in report.fact_rows} <= {None, 0}


def test_formats_of_one_report_agree(corpus: Corpus) -> None:
    for (kind, name), (report, _) in corpus.reports.items():
        if kind != "docx" or ("html_word", name) not in corpus.reports:
            continue
        twin = corpus.reports["html_word", name].report
        said = [{f.key: (f.value, f.amount, f.state) for f in r.fact_rows} for r in (report, twin)]
        assert said[0] == said[1], name
