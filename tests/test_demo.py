"""The demo: what it prints and writes. The notebook it runs is tested with the other notebooks."""

from __future__ import annotations

import csv
from pathlib import Path

import nbformat
import pytest

import gxstats as gx
from gxstats import demo


@pytest.fixture(scope="module")
def reports() -> gx.Reports:
    return gx.read_reports(gx.sample_files(), progress=False)


def test_the_summary_counts_and_says_what_fails(reports: gx.Reports) -> None:
    lines = demo.summary(reports).splitlines()
    assert lines[0].startswith(f"14 reports, {len(reports.facts)} cells: ")
    assert ", 2 fail, " in lines[1]
    assert len(lines) == 2 + 1 + 2 * 2, "one report, two sums, two languages"
    assert "27 对 21，相差 6" in lines[5]
    assert "27 against 21, difference 6" in lines[6]


def test_the_tables_are_written(reports: gx.Reports, tmp_path: Path) -> None:
    written = demo.write_tables(reports, tmp_path / "build" / "demo")
    assert [path.name for path in written] == ["facts.parquet", "facts.csv", "checks.csv"]
    with written[1].open(encoding="utf-8", newline="") as lines:
        assert sum(1 for _ in csv.DictReader(lines)) == len(reports.facts)


def test_a_failing_notebook_fails_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    monkeypatch.setattr(demo, "_NOTEBOOK", tmp_path / "bad.ipynb")
    assert demo.show_notebook(tmp_path) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_notebook_becomes_a_page(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(6 * 7)")])
    nbformat.write(notebook, tmp_path / "good.ipynb")
    page = demo.execute(tmp_path / "good.ipynb", tmp_path / "pages")
    assert page == tmp_path / "pages" / "good.html"
    assert "42" in page.read_text(encoding="utf-8")


def test_the_quickstart_shows_its_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(gx.__file__).resolve().parents[1]
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    page = demo.execute(root / "notebooks" / "00_quickstart.ipynb", tmp_path).read_text(encoding="utf-8")
    assert page.count('src="data:image/png') == 2
    assert "27 against 21" in page
    assert "Warning" not in page


def test_without_a_checkout_there_is_no_notebook_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "_NOTEBOOK", tmp_path / "missing.ipynb")
    assert demo.show_notebook(tmp_path) == 0
    assert "repository" in capsys.readouterr().out
