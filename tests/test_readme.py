"""What the READMEs tell to type works when it is typed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")


def blocks(language: str) -> list[str]:
    """The fenced blocks of the English page; the Chinese one has the same, but for comments."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.M | re.S)


def commands() -> list[str]:
    lines = [re.sub(r"\s+#.*", "", line) for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith(".venv/bin/gxstats ")]


def run(*command: str, folder: Path, shell: bool = False) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command[0] if shell else command,
        cwd=folder,
        shell=shell,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like the repository from inside, and takes what the commands write."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


def test_the_python_of_the_readme_runs(folder: Path) -> None:
    done = run(sys.executable, "-c", "\n".join(blocks("python")), folder=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("21 confirmed ")
    assert "27 against 21, difference 6" in done.stdout


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command that builds leaves for those that follow it."""
    import gxstats as gx

    out = tmp_path_factory.mktemp("built") / "out"
    gx.build(gx.data_path("sample"), out, progress=False).close()
    return out


@pytest.mark.skipif(os.name == "nt", reason="written for a POSIX shell")
@pytest.mark.parametrize("command", commands())
def test_the_commands_of_the_readme_run(folder: Path, command: str, dataset: Path) -> None:
    if " out " in command and " build " not in command:
        shutil.copytree(dataset, folder / "out")
    program = f"{shlex.quote(sys.executable)} -m gxstats.cli "
    done = run(command.replace(".venv/bin/gxstats ", program), folder=folder, shell=True)
    assert done.returncode == 0, done.stderr
    # What is done to a dataset is counted on stderr.
    assert " out" in command or done.stderr == "", done.stderr
    written = [path for path in folder.iterdir() if path.name != "data"]
    assert done.stdout or any(path.stat().st_size for path in written if path.name in command)


def test_every_make_target_it_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^make (\w+)", "\n".join(blocks("sh")), re.M)
    assert named == ["demo", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in named)


@pytest.mark.parametrize("name", READMES)
def test_every_file_it_links_to_exists(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert len(links) > 5
    missing = [link for link in links if not link.startswith("http") and not (ROOT / link).exists()]
    assert missing == []


@pytest.mark.parametrize("name", READMES)
def test_it_names_every_body_and_form_it_ships(name: str) -> None:
    import pandas as pd

    import gxstats as gx

    page = (ROOT / name).read_text(encoding="utf-8")
    bodies = pd.read_csv(gx.data_path("published", "reports.csv"), dtype="string").agency.unique()
    assert [body for body in bodies if body not in page] == []
    assert all(form.instrument in page for form in gx.forms())
