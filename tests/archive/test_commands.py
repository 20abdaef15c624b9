"""`gxstats archive`: what it prints, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import gxstats as gx
from gxstats.archive import Archive
from gxstats.cli import app
from tests.archive.warc_files import response, write


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["archive", *(str(argument) for argument in arguments)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    reports = tmp_path / "reports" / "2024"
    reports.mkdir(parents=True)
    (reports / "a.html").write_text("<p>1</p>")
    (reports / "b.html").write_text("<p>2</p>")
    (reports / "notes.md").write_text("mine")
    (reports / ".hidden.html").write_text("<p>")
    monkeypatch.chdir(tmp_path)
    return reports


def test_add_counts_and_is_not_confused_by_itself(folder: Path) -> None:
    result = run("add", "reports", "-a", "reports/archive")
    assert (result.exit_code, result.stdout) == (0, "2 new, 0 same, 0 revised, 0 failed\n")
    (folder / "a.html").write_text("<p>3</p>")
    result = run("add", "reports", "-a", "reports/archive")
    assert result.stdout == "0 new, 1 same, 1 revised, 0 failed\n"
    with Archive("reports/archive", create=False) as archive:
        captures = [*archive.captures()]
    assert [(c.name, c.revision) for c in captures] == [
        ("reports/2024/a.html", 1),
        ("reports/2024/b.html", 1),
        ("reports/2024/a.html", 2),
    ]
    assert {(c.url, c.fetched_at, c.status) for c in captures} == {(None, None, None)}


def test_a_file_that_cannot_be_read_fails_alone(folder: Path) -> None:
    (folder / "c.html").symlink_to(folder / "c.html")
    (folder / "d.html").write_text("<p>4</p>")
    result = run("add", folder / "a.html", folder / "d.html", "-a", "archive")
    assert (result.exit_code, result.stdout) == (0, "2 new, 0 same, 0 revised, 0 failed\n")


def test_import_export_verify_and_list(folder: Path) -> None:
    write(folder / "a.warc.gz", response(), response(b"", status="302 Found"), b"nonsense")
    result = run("import", folder / "a.warc.gz", "-a", "archive")
    assert result.exit_code == 1
    assert result.stdout == "1 new, 0 same, 0 revised, 1 without a document, 1 failed\n"
    assert "gxstats: a.warc.gz, byte" in result.stderr
    assert run("export", "--warc", "out.warc.gz", "-a", "archive").stdout == "2 records, 0 failed\n"
    assert run("import", "out.warc.gz", "-a", "copy").exit_code == 0
    assert run("list", "-a", "copy").stdout == run("list", "-a", "archive").stdout
    assert run("list", "-a", "copy").stdout.count("\n") == 3
    assert run("verify", "-a", "copy").stdout == "0 faults, 0 harmless leftovers\n"


def test_verify_tells_faults_from_leftovers(folder: Path) -> None:
    run("add", folder, "-a", "archive")
    with Archive("archive") as archive:
        digest = next(archive.captures()).sha256 or ""
    kept = Path("archive/objects", digest[:2], digest)
    kept.with_name(".0123456789abcdef.part").write_bytes(b"")
    result = run("verify", "-a", "archive")
    assert (result.exit_code, result.stdout) == (0, "0 faults, 1 harmless leftovers\n")
    assert "a document was not written to its end - harmless" in result.stderr
    assert "- removed" in run("verify", "-a", "archive", "--repair").stderr
    kept.unlink()
    result = run("verify", "-a", "archive")
    assert (result.exit_code, result.stdout) == (1, "1 faults, 0 harmless leftovers\n")


def test_no_archive(folder: Path) -> None:
    for command in (["verify"], ["list"], ["export", "--warc", "x.warc.gz"]):
        result = run(*command, "-a", "none")
        assert result.exit_code == 1
        assert "there is no archive" in result.stderr


def test_the_terminal_is_safe_from_what_a_file_says(folder: Path) -> None:
    write(folder / "a.warc", b"\x1b[31mred\r\n")
    assert "\x1b" not in run("import", folder / "a.warc", "-a", "archive").stderr


def test_the_public_name() -> None:
    assert gx.Archive is Archive
