"""The commands that tell coverage, findings and differences of datasets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import gxstats as gx
from gxstats.cli import app
from gxstats.dataset.store import ReleaseWriter


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two datasets: the second lacks a report of the first and has another."""
    folder = tmp_path_factory.mktemp("sets")
    published = sorted(gx.load_published(), key=lambda r: r.document_id)
    for name, reports in (("old", published[:-1]), ("new", published[1:])):
        with ReleaseWriter(folder / name) as release:
            for report in reports:
                release.add(report)
            release.table("across", gx.check_across(gx.Reports(tuple(reports))))
            release.commit({})
    return folder / "old", folder / "new"


@pytest.fixture
def expected(tmp_path: Path) -> Path:
    path = tmp_path / "expected.csv"
    lines = ["agency,year", "宿迁市人民政府,2022", "宿迁市人民政府,2024"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_coverage_prints_a_table_and_counts(datasets: tuple[Path, Path], expected: Path) -> None:
    result = run("coverage", datasets[1], "--expected", expected, "--year", 2024, "--year", 2022)
    assert result.exit_code == 0
    found = {(row["agency"], row["year"]): row for row in rows(result)}
    assert found["宿迁市人民政府", "2022"]["status"] == "missing"
    assert found["宿迁市人民政府", "2024"]["status"] == "read"
    assert found["淮安市人民政府", "2024"]["note"] == "unexpected"
    assert "2 reports expected, 1 missing, 0 late; " in result.stderr


def test_coverage_writes_a_page(datasets: tuple[Path, Path], expected: Path, tmp_path: Path) -> None:
    page = tmp_path / "coverage.html"
    result = run("coverage", datasets[1], "--expected", expected, "--html", page)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "宿迁市人民政府" in page.read_text(encoding="utf-8")
    assert run("coverage", datasets[1], "--html", tmp_path / "no" / "page.html").exit_code == 2


def test_coverage_names_the_line_that_is_wrong(datasets: tuple[Path, Path], expected: Path) -> None:
    expected.write_text("agency,year\n甲,24\n", encoding="utf-8")
    result = run("coverage", datasets[1], "--expected", expected)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "expected.csv:2" in result.stderr


@pytest.mark.parametrize("format", ["csv", "json"])
def test_findings_are_a_table(datasets: tuple[Path, Path], format: str) -> None:
    result = run("findings", datasets[0], "--format", format, "--lang", "en")
    assert result.exit_code == 0  # findings are no error
    found = rows(result) if format == "csv" else json.loads(result.stdout)
    assert [(row["kind"], row["rule"], int(row["difference"])) for row in found] == [
        ("sum", "A-SUM", 6),
        ("sum", "A-SUM", 6),
        ("across", "X-STOCK", 173),
        ("across", "X-STOCK", 59),
    ]
    assert "4 findings about publishers; 0 more" in result.stderr


def test_findings_can_be_read_on_a_terminal(datasets: tuple[Path, Path]) -> None:
    result = run("findings", datasets[0], "--format", "table")
    assert result.exit_code == 0
    assert "平潭综合实验区管委会，2020 年：A-SUM（总计）" in result.stdout


def test_differences_are_no_error(datasets: tuple[Path, Path]) -> None:
    result = run("diff", *datasets)
    assert result.exit_code == 0
    assert [row["kind"] for row in rows(result)] == ["added", "gone"]
    assert "documents: 1 added, 1 gone, 0 revised, 0 reread, 0 identity" in result.stderr
    assert run("diff", *datasets, "--format", "table").stdout.count("gone") == 1
    assert [row["kind"] for row in json.loads(run("diff", *datasets, "-f", "json").stdout)] == [
        "added",
        "gone",
    ]


def test_no_difference_is_a_head_or_an_empty_list(datasets: tuple[Path, Path]) -> None:
    result = run("diff", datasets[0], datasets[0])
    assert (result.exit_code, rows(result)) == (0, [])
    assert result.stdout.startswith("kind,report_id,")
    assert json.loads(run("diff", datasets[0], datasets[0], "-f", "json").stdout) == []


@pytest.mark.parametrize("command", ["coverage", "findings", "diff"])
def test_what_is_no_dataset_is_told(datasets: tuple[Path, Path], tmp_path: Path, command: str) -> None:
    result = run(command, *[datasets[0]] * (command == "diff"), tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no release.json" in result.stderr


def test_the_help_says_what_the_exit_code_means() -> None:
    for command in ("findings", "diff"):
        assert "The exit code is 0 also if there are" in " ".join(run(command, "--help").stdout.split())
