"""The commands that draw figures and open notebooks."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import gxstats as gx
from gxstats.cli import app
from gxstats.commands import figures
from gxstats.paths import is_ours, notebook_files

SAMPLES = ("pingtan-2019.html", "pingtan-2020.html", "shanghai-office-2019.html", "suqian-2024.html")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def words_of(svg: Path) -> list[str]:
    """The texts of a figure: letters are outlines, and the text stands in a comment beside them."""
    return re.findall(r"<!-- (.*?) -->", svg.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of reports, as somebody has it who downloaded some."""
    made = tmp_path_factory.mktemp("年报 reports")
    for name in SAMPLES:
        (made / name).write_bytes(gx.data_path("sample", name).read_bytes())
    return made


@pytest.fixture(scope="module")
def read(folder: Path) -> gx.Reports:
    return gx.read_reports(folder, jobs=0, progress=False)


@pytest.fixture
def at_hand(read: gx.Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is not read again for every figure."""
    monkeypatch.setattr(figures, "read", lambda paths: read)


def test_every_figure_can_be_asked_for() -> None:
    functions = {name: getattr(gx.plot, name) for name in gx.plot.__all__}
    drawn = {n for n, f in functions.items() if callable(f) and "ax" in inspect.signature(f).parameters}
    assert set(figures.FIGURES) == drawn


def test_a_folder_becomes_a_figure(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "fig.svg"
    result = run("plot", folder, "outcomes", "-o", path)
    words = words_of(path)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert {"平潭综合实验区管委会（汇总）", "宿迁市人民政府（汇总）", "2020 †"} <= set(words)
    assert {"34", "17"} & set(words), words


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("figure", [f for f in figures.FIGURES if f not in ("outcomes", "funnel")])
def test_no_figure_needs_an_option(folder: Path, tmp_path: Path, figure: str) -> None:
    result = run("plot", folder, figure, "-o", tmp_path / "a.png", "--lang", "en")
    assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("at_hand")
def test_the_same_reports_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for kind in ("svg", "pdf"):
        first, second = tmp_path / f"a.{kind}", tmp_path / f"b.{kind.upper()}"
        assert run("plot", folder, "volumes", "-o", first).exit_code == 0
        assert run("plot", folder, "volumes", "-o", second).exit_code == 0
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.usefixtures("at_hand")
def test_language_and_style(folder: Path, tmp_path: Path) -> None:
    widths = {}
    for style, lang in (("journal", "zh"), ("newsroom", "en")):
        path = tmp_path / f"{style}.svg"
        run("plot", folder, "volumes", "-o", path, "--style", style, "--lang", lang)
        widths[style] = float(re.findall(r'width="([\d.]+)pt"', path.read_text(encoding="utf-8"))[0])
    assert widths == pytest.approx({"journal": 16 / 2.54 * 72, "newsroom": 20 / 2.54 * 72})
    title = "Information disclosure applications received in the year"
    assert title in words_of(tmp_path / "newsroom.svg")
    assert title not in words_of(tmp_path / "journal.svg")


@pytest.mark.usefixtures("at_hand")
def test_metric_part_and_rows_can_be_chosen(folder: Path, tmp_path: Path) -> None:
    path, chosen = tmp_path / "a.svg", ("--metric", "refusal_rate", "--lang", "en")
    several = run("plot", folder, "dots", *chosen, "-o", path)
    assert several.exit_code == 1
    assert "refusal_rate has several parts (choose one with --part: " in several.stderr
    assert not path.exists()
    wrong = run("plot", folder, "dots", *chosen, "--part", "whim", "-o", path)
    assert "has no part 'whim'" in wrong.stderr
    done = run("plot", folder, "dots", *chosen, "--part", "state_secret", "--by", "agency,scope", "-o", path)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "2019" not in words_of(path)
    assert any(words.startswith("Refusal rate, by ground: ") for words in words_of(path))


@pytest.mark.usefixtures("at_hand")
def test_grounds_can_be_told_by_year(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    assert run("plot", folder, "refusal-grounds", "-o", path).exit_code == 0
    assert "2019" not in words_of(path)
    assert run("plot", folder, "refusal-grounds", "--by", "agency,year", "-o", path).exit_code == 0
    assert "2019" in words_of(path)


@pytest.mark.usefixtures("at_hand")
def test_reports_can_be_chosen(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    mixed = run("plot", folder, "funnel", "-o", path)
    assert mixed.exit_code == 1
    assert "sets of peers" in mixed.stderr
    assert "--year and --scope choose among the reports" in mixed.stderr
    assert run("plot", folder, "funnel", "--year", "2019", "--scope", "body", "-o", path).exit_code == 0
    assert run("plot", folder, "outcomes", "--scope", "body", "-o", path).exit_code == 0
    assert not any("平潭" in words for words in words_of(path))


def test_what_gives_no_facts_is_named_and_the_rest_drawn(tmp_path: Path) -> None:
    nothing, path = tmp_path / "空.txt", tmp_path / "a.svg"
    nothing.write_text("没有表格", encoding="utf-8")
    result = run("plot", nothing, gx.data_path("sample", SAMPLES[0]), "volumes", "-o", path)
    assert result.exit_code == 1
    assert "空.txt: no facts were read" in result.stderr
    assert path.exists()


def test_nothing_to_draw_says_why(tmp_path: Path) -> None:
    result = run("plot", tmp_path, "volumes", "-o", tmp_path / "a.svg")
    assert result.exit_code == 1
    assert "the folder holds no files" in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not (tmp_path / "a.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pie", "-o", "a.svg"], "carry_over"),
        (["outcomes"], "--output"),
        (["outcomes", "-o", "a.docx"], ".svg"),
        (["outcomes", "-o", "no such folder/a.svg"], "folder"),
        (["outcomes", "-o", "a.svg", "--metric", "disclosure_rate"], "metric"),
        (["outcomes", "-o", "a.svg", "--part", "refused"], "metric"),
        (["outcomes", "-o", "a.svg", "--by", "agency"], "--by"),
        (["refusal_grounds", "-o", "a.svg", "--by", "year"], "agency,year"),
        (["outcomes", "-o", "a.svg", "--style", "comic"], "newsroom"),
        (["outcomes", "-o", "a.svg", "--lang", "fr"], "zh"),
    ],
)
def test_wrong_usage_is_2_before_anything_is_read(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "read", lambda _: pytest.fail("something was read"))
    result = run("plot", "reports", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


class Lab:
    """Stands in for JupyterLab: keeps what it was started with."""

    def __init__(self) -> None:
        self.arguments: list[list[str]] = []

    def launch_instance(self, argv: list[str]) -> None:
        self.arguments.append(argv)


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Lab:
    module: Any = pytest.importorskip("jupyterlab.labapp")
    made = Lab()
    monkeypatch.setattr(module, "LabApp", made)
    monkeypatch.delenv("JUPYTER_PREFER_ENV_PATH", raising=False)
    return made


def test_notebooks_open_as_a_copy(lab: Lab, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    result = run("notebook", "--folder", target, "--no-browser", "--", "--port=8899")
    assert result.exit_code == 0
    assert result.stderr == f"gxstats: 9 notebooks copied to {target}\n"
    assert lab.arguments == [[f"--ServerApp.root_dir={target}", "--no-browser", "--port=8899"]]
    copies = {path.name: path.read_bytes() for path in target.iterdir()}
    assert copies == {path.name: path.read_bytes() for path in notebook_files()}


def test_a_browser_opens_and_the_copy_is_in_the_home_folder(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert run("notebook").exit_code == 0
    assert lab.arguments == [[f"--ServerApp.root_dir={tmp_path / 'gxstats-notebooks'}"]]


def test_what_was_changed_in_the_copy_stays(lab: Lab, tmp_path: Path) -> None:
    run("notebook", "-d", tmp_path)
    changed = tmp_path / "00_quickstart.ipynb"
    changed.write_text("mine", encoding="utf-8")
    (tmp_path / "07_your_own_reports.ipynb").unlink()
    result = run("notebook", "-d", tmp_path)
    assert result.stderr == f"gxstats: 1 notebooks copied to {tmp_path}, 8 were there already\n"
    assert changed.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("inside", [".", "new folder/below"])
def test_the_notebooks_themselves_are_never_written_to(lab: Lab, inside: str) -> None:
    target = notebook_files()[0].parent / inside
    result = run("notebook", "--folder", target)
    assert result.exit_code == 2
    assert is_ours(target)
    assert lab.arguments == []
    assert not target.exists() or inside == "."


def test_without_jupyterlab_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "find_spec", lambda name: None)
    result = run("notebook", "--folder", tmp_path / "mine")
    assert result.exit_code == 1
    assert "pip install 'gxstats[notebooks]'" in result.stderr
    assert not (tmp_path / "mine").exists()
