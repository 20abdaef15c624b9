"""environment.yml, pyproject.toml and the locks say the same; what they say installs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

EXTRAS = {"crawl", "ocr", "notebooks", "scale", "browse", "bench", "docs", "dev", "testing"}
LOCKED_BY = {
    "requirements.lock": ["notebooks", "dev", "testing", "crawl", "scale"],
    "requirements-extras.lock": ["ocr", "browse", "docs", "bench"],
}


@pytest.fixture(scope="module")
def pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def environment(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))


def conda_requirements(environment: dict[str, Any]) -> dict[str, Requirement]:
    """The conda names; a single `=` means "this version and what begins with it"."""
    texts = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    parsed = [Requirement(re.sub(r"^([\w-]+)=([\d.]+)$", r"\1==\2.*", text)) for text in texts]
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


def pip_lines(environment: dict[str, Any]) -> list[str]:
    return next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))


def declared(pyproject: dict[str, Any], *extras: str) -> list[Requirement]:
    optional = pyproject["project"]["optional-dependencies"]
    texts = [*pyproject["project"]["dependencies"], *(text for extra in extras for text in optional[extra])]
    return [Requirement(text) for text in texts]


def locked(path: Path) -> dict[str, set[Version]]:
    """Name -> the versions pinned (more than one where Pythons or systems need different ones)."""
    pins: dict[str, set[Version]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.lstrip().startswith("#"):
            pin = re.fullmatch(r"([\w.-]+)==([\w.+!]+)(?: ; .+)?", line)
            assert pin, f"{path.name}: not a pin: {line}"
            pins.setdefault(canonicalize_name(pin[1]), set()).add(Version(pin[2]))
    return pins


def test_the_extras_are_the_ones_documented(pyproject: dict[str, Any]) -> None:
    assert set(pyproject["project"]["optional-dependencies"]) == EXTRAS


def test_conda_asks_for_what_the_project_asks_for(
    pyproject: dict[str, Any], environment: dict[str, Any]
) -> None:
    conda = conda_requirements(environment)
    python = conda.pop("python").specifier
    conda.pop("pip")
    asked = {canonicalize_name(each.name): each.specifier for each in declared(pyproject, "notebooks")}
    assert {name: each.specifier for name, each in conda.items()} == {name: asked[name] for name in conda}
    oldest = pyproject["project"]["requires-python"].removeprefix(">=")
    assert python.contains(f"{oldest}.0")
    assert environment["name"] == pyproject["project"]["name"]


def test_conda_leaves_the_rest_to_the_notebooks_extra(
    pyproject: dict[str, Any], environment: dict[str, Any]
) -> None:
    assert pip_lines(environment) == ["-e .[notebooks]"]
    assert "notebooks" in pyproject["project"]["optional-dependencies"]


@pytest.mark.parametrize("name", LOCKED_BY)
def test_the_lock_fits_the_project(root: Path, pyproject: dict[str, Any], name: str) -> None:
    pins = locked(root / name)
    asked = declared(pyproject, *LOCKED_BY[name])
    if name == "requirements.lock":
        asked += [Requirement(text) for text in pyproject["dependency-groups"]["build"]]
    for requirement in asked:
        versions = pins.get(canonicalize_name(requirement.name), set())
        assert versions, f"{name} lacks {requirement}: run `make lock`"
        assert all(requirement.specifier.contains(version) for version in versions), str(requirement)
    assert not {"torch", "torchvision", "tensorflow", "pymupdf"} & set(pins)


def test_the_locks_agree(root: Path) -> None:
    first, second = (locked(root / name) for name in LOCKED_BY)
    assert {
        name: second[name] for name in first.keys() & second.keys() if not second[name] <= first[name]
    } == {}


@pytest.fixture
def checkout(root: Path, project_files: list[Path], tmp_path: Path) -> Path:
    """A copy of the project, so that installing it leaves the real one alone."""
    copy = tmp_path / "checkout"
    for path in project_files:
        target = copy / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return copy


@pytest.mark.heavy
def test_the_pip_part_installs_in_an_empty_environment(
    checkout: Path, environment: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    asked = [word for line in pip_lines(environment) for word in line.split()]
    install = [python, "-m", "pip", "install", "--quiet", "-c", "requirements.lock", *asked]
    subprocess.run(install, cwd=checkout, check=True)
    program = "import gxstats, jupyterlab, pathlib; print(pathlib.Path(gxstats.__path__[0]).resolve())"
    result = subprocess.run(
        [python, "-c", program], cwd=tmp_path, capture_output=True, check=True, encoding="utf-8"
    )
    assert Path(result.stdout.strip()) == (checkout / "gxstats").resolve()
    subprocess.run([python, "-m", "pip", "check"], check=True)


@pytest.mark.heavy
def test_the_wheel_carries_its_data(checkout: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", tmp_path, "."], cwd=checkout, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("gxstats-*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    package = [path for path in (checkout / "gxstats").rglob("*") if path.is_file()]
    expected = {path.relative_to(checkout).as_posix() for path in package}
    for name in ("data", "notebooks"):
        shipped = [path for path in (checkout / name).rglob("*") if path.is_file()]
        expected |= {f"gxstats/_{name}/{path.relative_to(checkout / name).as_posix()}" for path in shipped}
    assert packed == expected
    assert "gxstats/py.typed" in packed
