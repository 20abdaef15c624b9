"""The rules of CONTRIBUTING.md that a program can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
NAMES_THAT_EXPLAIN_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc"}

# What each part must never import: the arrows of the data flow point one way only.
FORBIDDEN = {
    "errors": {"model", "schema", "read", "align", "check", "dataset"},
    "model": {"read", "align", "check", "dataset"},
    "schema": {"read", "align", "check", "dataset"},
    "read": {"align", "check", "dataset"},
    "align": {"read", "dataset"},
    "check": {"read", "align", "dataset"},
    "places": {"read", "align", "check", "dataset"},
}
# `import gxstats` must not pay for these; they are imported by the functions that need them.
HEAVY = {
    "docx",
    "duckdb",
    "lxml",
    "matplotlib",
    "opencc",
    "openpyxl",
    "pandera",
    "pdfplumber",
    "pypdfium2",
    "reportlab",
    "scipy",
    "scrapy",
    "zhplot",
}
# No character class below matches its own spelling, so this file passes its own test.
MACHINE_PATHS = [
    r"(?<![\w./:-])/(?:wor[k]|roo[t])/",
    r"(?<![\w./:-])/(?:home|Users)/(?!user/|you/|me/)[a-z]\w*/",
    r"/op[t]/(?:pypi|wheels)",
    r"(?i)\bC:\\User[s]\\",
]
PRIVATE_HOSTS = [
    r"(?m)^\s*(?:--)?(?:extra-)?index-ur[l]\b",
    r"(?m)^\s*(?:--)?(?:find-link[s]|trusted-hos[t])\b",
    r"https?://[\w.-]+\.(?:corp|internal|lan|intranet)\b",
    r"https?://(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d+){2,3}\b",
    r"https?://[\w.-]*(?:pypi|mirror)[\w.-]*/simple",
]


def python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imports(tree: ast.AST, package: Path, *, at_runtime_only: bool) -> Iterator[str]:
    """The parts of gxstats that a module imports, anywhere in it; the package's own names are `__init__`."""
    for node in ast.iter_child_nodes(tree):
        if at_runtime_only and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield from imports(other, package, at_runtime_only=True)
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
            yield from (name[1] if len(name) > 1 else "__init__" for name in names if name[0] == "gxstats")
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            name = (node.module or "").split(".")
            if name == ["gxstats"]:
                for alias in node.names:
                    part = package / alias.name
                    yield alias.name if part.is_dir() or part.with_suffix(".py").is_file() else "__init__"
            elif name[0] == "gxstats":
                yield name[1]
        else:
            yield from imports(node, package, at_runtime_only=at_runtime_only)


def import_graph(root: Path, *, at_runtime_only: bool) -> dict[str, set[str]]:
    """Which part (a subpackage or a module at the top) imports which others."""
    package = root / "gxstats"
    graph: dict[str, set[str]] = {}
    for path in python_files(package):
        part = path.relative_to(package).parts[0].removesuffix(".py")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        graph.setdefault(part, set()).update(imports(tree, package, at_runtime_only=at_runtime_only))
    return {part: others - {part} for part, others in graph.items()}


def test_no_file_is_too_long(root: Path) -> None:
    lengths = {
        path.relative_to(root).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("gxstats", "tests")
        for path in python_files(root / folder)
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long(root: Path) -> None:
    too_long = [
        f"{path.relative_to(root).as_posix()}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1}"
        for path in python_files(root / "gxstats")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_every_module_name_explains_something(project_files: list[Path]) -> None:
    names = {part for path in project_files if path.suffix == ".py" for part in (path.stem, path.parent.name)}
    assert names & NAMES_THAT_EXPLAIN_NOTHING == set()


def test_imports_are_absolute(root: Path) -> None:
    relative = [
        f"{path.relative_to(root).as_posix()}:{node.lineno}"
        for path in python_files(root / "gxstats")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert relative == []


def test_no_cycle_between_the_parts(root: Path) -> None:
    graph = import_graph(root, at_runtime_only=True)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("import cycle: " + " <- ".join(error.args[1]))


@pytest.mark.parametrize("part", FORBIDDEN)
def test_imports_follow_the_data_flow(root: Path, part: str) -> None:
    graph = import_graph(root, at_runtime_only=False)
    assert graph.get(part, set()) & (FORBIDDEN[part] | {"__init__"}) == set()


def test_importing_the_package_imports_nothing_heavy(root: Path) -> None:
    program = "import sys, gxstats; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, check=True, encoding="utf-8"
    )
    loaded = set(result.stdout.split())
    assert "gxstats" in loaded
    assert loaded & HEAVY == set()


def outline(readme: Path) -> tuple[list[str], list[int]]:
    """The fenced blocks of a page without their comments, and the levels of its headings, in order."""
    fence = re.compile(
        r"^(?P<fence>`{3,}|~{3,})(?P<language>[^\n]*)\n(?P<body>.*?)^(?P=fence)\s*$", re.M | re.S
    )
    page = readme.read_text(encoding="utf-8")
    blocks = []
    for match in fence.finditer(page):
        lines = [re.sub(r"(^|\s+)#\s.*$", "", line).rstrip() for line in match["body"].splitlines()]
        blocks.append("\n".join([match["language"].strip(), *filter(None, lines)]))
    headings = re.findall(r"^(#{1,6})\s", fence.sub("", page), re.M)
    return blocks, [len(marks) for marks in headings]


def test_both_readmes_show_the_same(root: Path) -> None:
    english_blocks, english_headings = outline(root / "README.md")
    chinese_blocks, chinese_headings = outline(root / "README.zh-CN.md")
    assert english_blocks, "the README shows no command"
    assert chinese_blocks == english_blocks
    assert chinese_headings == english_headings


@pytest.mark.parametrize("pattern", MACHINE_PATHS + PRIVATE_HOSTS)
def test_no_file_names_a_machine(root: Path, project_files: list[Path], pattern: str) -> None:
    found = []
    for path in project_files:
        content = path.read_bytes()
        if b"\0" in content:
            continue
        if match := re.search(pattern, content.decode("utf-8", errors="replace")):
            found.append(f"{path.relative_to(root).as_posix()}: {match[0]!r}")
    assert found == []
