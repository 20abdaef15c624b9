"""The rules for notebooks; that they run is tested by running them (`make notebooks`)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
MOST_CELLS = 12
MOST_LINES = 8


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook: nbformat.NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_there_are_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "00_quickstart",
        "01_application_volumes",
        "02_outcomes_and_refusals",
        "03_reviews_and_litigation",
        "04_comparing_fairly",
        "05_sums_that_do_not_add_up",
        "06_published_figures",
        "07_your_own_reports",
        "08_series_across_forms",
    ]


def test_notebooks_define_nothing(notebook: nbformat.NotebookNode) -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert not any(
        isinstance(node, kinds) for source in code(notebook) for node in ast.walk(ast.parse(source))
    )


def test_notebooks_are_short(notebook: nbformat.NotebookNode) -> None:
    sources = code(notebook)
    assert 0 < len(sources) <= MOST_CELLS
    assert max(len(source.splitlines()) for source in sources) <= MOST_LINES


def test_outputs_are_stripped(notebook: nbformat.NotebookNode) -> None:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_headings_are_in_both_languages(notebook: nbformat.NotebookNode) -> None:
    headings = re.findall(r"^#+ (.+)$", prose(notebook), re.M)
    assert headings
    for heading in headings:
        assert re.search(r"[\u4e00-\u9fff]", heading), heading
        assert re.search(r"[A-Za-z]{3}", heading), heading


def test_questions_have_answers_and_caveats(notebook: nbformat.NotebookNode) -> None:
    text = prose(notebook)
    for words in ("问 Question", "答 Answer", "注意 Caveat"):
        assert words in text


def test_nothing_is_fetched(notebook: nbformat.NotebookNode) -> None:
    assert not re.search(r"https?://|requests|urllib|pip install|^[!%]", "\n".join(code(notebook)), re.M)


def test_the_kernel_is_a_plain_python(notebook: nbformat.NotebookNode) -> None:
    assert notebook.metadata.kernelspec.name == "python3"
