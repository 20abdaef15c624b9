"""A build reads each document once, resolves who published it, and writes the same whatever happens."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import gxstats as gx
from gxstats.archive import Archive
from gxstats.build import reader_key as keys
from gxstats.build.pipeline import READINGS, WrongUsage, run
from gxstats.build.readings import AlreadyBuilding, exclusively
from gxstats.cli import app
from tests.build.conftest import Watched, content_of, page, write_pages


def stored(out: Path) -> list[Path]:
    return sorted((out / READINGS).rglob("*.arrow"))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[gx.Dataset, gx.Reports]:
    """The sample, built and read."""
    files = gx.sample_files()
    dataset = gx.build(files, tmp_path_factory.mktemp("sample") / "out", jobs=2, progress=False)
    return dataset, gx.read_reports(files, jobs=0, progress=False)


def test_what_is_built_is_what_is_read(sample: tuple[gx.Dataset, gx.Reports]) -> None:
    dataset, expected = sample
    known = expected.reports.sort_values("document_id", ignore_index=True)
    pd.testing.assert_frame_equal(dataset.reports.reset_index(drop=True)[known.columns], known)
    key = ["document_id", "section", "item", "measure"]
    facts = dataset.facts().sort_values(key, ignore_index=True)
    known = expected.facts.sort_values(key, ignore_index=True)
    assert len(facts) == len(known)
    for column in ("value", "amount", "state", "verdict", "raw", "reader", "page", "ref"):
        assert (
            facts[column].astype(object).fillna("").tolist()
            == known[column].astype(object).fillna("").tolist()
        )


def test_rules_between_reports_are_those_of_the_library(sample: tuple[gx.Dataset, gx.Reports]) -> None:
    dataset, reports = sample
    expected = gx.check_across(reports)
    assert len(expected) > 100
    found = dataset.table("across")
    order = ["document_id", "rule", "section", "where"]
    found, expected = (table.sort_values(order, ignore_index=True) for table in (found, expected))
    for column in expected.columns:
        known = expected[column].astype(object).where(expected[column].notna(), None).tolist()
        assert found[column].astype(object).where(found[column].notna(), None).tolist() == known, column


def test_only_what_is_new_or_changed_is_read(tmp_path: Path, watched: Watched) -> None:
    folder = write_pages(tmp_path / "in", 12)
    out = tmp_path / "out"
    first = run(folder, out, jobs=1, limits=watched.limits, progress=False)
    assert (first.documents, first.read, first.without_facts) == (12, 12, 0)
    (folder / "报告 3.html").write_bytes(page(99))
    (folder / "again.html").write_bytes(page(5, 2023))
    (folder / "new.html").write_bytes(page(100))
    (folder / "报告 7.html").unlink()
    again = run(folder, out, jobs=1, limits=watched.limits, progress=False)
    assert (again.documents, again.read) == (12, 2)
    assert len(watched.read()) == len(set(watched.read())) == 14
    fresh = tmp_path / "fresh"
    run(folder, fresh, jobs=1, limits=watched.limits, progress=False)
    assert content_of(out).keys() & content_of(fresh).keys()
    assert gx.open(out).reports.equals(gx.open(fresh).reports)
    assert gx.open(out).facts().equals(gx.open(fresh).facts())


def test_neither_order_nor_number_of_processes_is_seen_in_the_dataset(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "in", 18)
    files = sorted(folder.iterdir())
    run(folder, tmp_path / "a", jobs=1, progress=False)
    run(files[::-1], tmp_path / "b", jobs=2, progress=False)
    run([str(folder / "*[02468].html"), *files[::-1], folder], tmp_path / "c", jobs=2, progress=False)
    assert content_of(tmp_path / "a") == content_of(tmp_path / "b") == content_of(tmp_path / "c")


def test_a_change_of_the_reader_reads_everything_again(
    tmp_path: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pages(tmp_path / "in", 3)
    run(folder, tmp_path / "out", jobs=1, limits=watched.limits, progress=False)
    keys.reader_key.cache_clear()
    monkeypatch.setattr(keys, "library_versions", lambda: {"lxml": "another"})
    try:
        assert run(folder, tmp_path / "out", jobs=1, limits=watched.limits, progress=False).read == 3
    finally:
        keys.reader_key.cache_clear()


def test_another_version_of_an_external_reader_reads_only_files_of_its_type(
    tmp_path: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pages(tmp_path / "in", 3)
    (folder / "a.txt").write_text("行政许可 | 3 |\n规章 | 0 | 1 | 7 |\n")
    run(folder, tmp_path / "out", jobs=1, limits=watched.limits, progress=False)
    monkeypatch.setitem(keys.EXTERNAL, "text/plain", {"converter": lambda: "25.2"})
    assert run(folder, tmp_path / "out", jobs=1, limits=watched.limits, progress=False).read == 1
    assert run(folder, tmp_path / "out", jobs=1, limits=watched.limits, progress=False).read == 0
    assert keys.external_versions()["converter"] == "25.2"


def test_a_damaged_file_of_readings_is_made_again(tmp_path: Path, watched: Watched) -> None:
    folder = write_pages(tmp_path / "in", 3)
    out = tmp_path / "out"
    run(folder, out, jobs=1, limits=watched.limits, progress=False)
    before = content_of(out)
    (damaged,) = stored(out)
    damaged.write_bytes(damaged.read_bytes()[:-7] + b"\0" * 7)
    again = run(folder, out, jobs=1, limits=watched.limits, progress=False)
    assert (again.read, again.damaged) == (3, (damaged,))
    assert content_of(out) == before


def test_addresses_identify_and_are_all_kept(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        told = {"status": 200, "fetched_at": "2024-02-01T00:00:00Z"}
        archive.add(page(1), url="https://www.hongze.gov.cn/c/2024-01-22/1.html", title="链接", **told)
        archive.add(page(1), url="http://copy.example.com/1.html", **told)
        archive.add(page(2), url="http://copy.example.com/2.html", **told)
        archive.add(page(3), url="https://www.hongze.gov.cn/gone.html", status=404)
    dataset = gx.build(tmp_path / "archive", tmp_path / "out", jobs=1, progress=False)
    reports = dataset.reports.set_index("url")
    assert sorted(reports.index) == [
        "http://copy.example.com/2.html",
        "https://www.hongze.gov.cn/c/2024-01-22/1.html",
    ]
    assert reports.trust.tolist() == ["untrusted", "trusted"] or sorted(reports.trust) == [
        "trusted",
        "untrusted",
    ]
    assert reports.loc["https://www.hongze.gov.cn/c/2024-01-22/1.html", "fetched_at"] == told["fetched_at"]
    captures = dataset.table("captures")
    assert sorted(captures.url) == [
        "http://copy.example.com/1.html",
        "http://copy.example.com/2.html",
        "https://www.hongze.gov.cn/c/2024-01-22/1.html",
        "https://www.hongze.gov.cn/gone.html",
    ]
    assert captures.sha256.isna().sum() == 1


def test_a_better_table_of_hosts_reads_no_document(
    tmp_path: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gxstats.places import trust
    from gxstats.places.address import KnownHost, known_hosts

    with Archive(tmp_path / "archive") as archive:
        archive.add(page(1), url="http://old-site.example.com/1.html", status=200)
    out = tmp_path / "out"
    run(tmp_path / "archive", out, jobs=1, limits=watched.limits, progress=False)
    assert gx.open(out).reports.trust.tolist() == ["untrusted"]
    better = (*known_hosts(), KnownHost("old-site.example.com", "host", ""))
    monkeypatch.setattr(trust, "known_hosts", lambda: better)
    monkeypatch.setattr(keys, "_digest_of_tables", lambda: "of the better one")
    assert run(tmp_path / "archive", out, jobs=1, limits=watched.limits, progress=False).read == 0
    assert gx.open(out).reports.trust.tolist() == ["trusted"]
    assert len(watched.read()) == 1


def test_an_address_that_becomes_known_tells_who_published_without_reading(
    tmp_path: Path, watched: Watched
) -> None:
    folder = write_pages(tmp_path / "in", 2)
    run(folder, tmp_path / "out", jobs=1, limits=watched.limits, progress=False)
    assert gx.open(tmp_path / "out").reports.trust.tolist() == ["unknown", "unknown"]
    with Archive(tmp_path / "archive") as archive:
        for number in range(2):
            address = f"https://copy.example.com/{number}.html"
            archive.add(page(number, 2022 + number % 2), url=address, status=200)
    again = run(tmp_path / "archive", tmp_path / "out", jobs=1, limits=watched.limits, progress=False)
    run(tmp_path / "archive", tmp_path / "fresh", jobs=1, limits=watched.limits, progress=False)
    assert again.read == 0
    assert gx.open(tmp_path / "out").reports.trust.tolist() == ["untrusted", "untrusted"]
    assert content_of(tmp_path / "out")["release.json"] == content_of(tmp_path / "fresh")["release.json"]


def test_what_lies_in_the_output_or_in_an_archive_is_no_document_of_a_folder(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "in", 2)
    with Archive(folder / "archive") as archive:
        archive.add(page(0, 2022), name="again")
        archive.add(page(7), name="other")
    out = folder / "out"
    shutil.copytree(folder / "archive", out / "archive")
    assert run(folder, out, jobs=1, progress=False).documents == 3


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root opens everything")
def test_a_file_that_cannot_be_opened_is_an_issue(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "in", 2)
    (folder / "报告 1.html").chmod(0)
    assert gx.build(folder, tmp_path / "out", jobs=1, progress=False).issues.code.tolist() == ["not_opened"]


def test_a_file_that_is_gone_when_it_is_to_be_read_is_an_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gxstats.build.inputs import Inputs

    folder = write_pages(tmp_path / "in", 3)
    plain = Inputs.read

    def gone(self: Inputs, sha256: str) -> bytes:
        if sha256 == self.documents[0]:
            raise FileNotFoundError(2, "No such file or directory")
        return plain(self, sha256) + (b"<p>more</p>" if sha256 == self.documents[1] else b"")

    monkeypatch.setattr(Inputs, "read", gone)
    done = run(folder, tmp_path / "out", jobs=1, progress=False)
    assert (done.documents, done.read, done.without_facts, done.reports) == (3, 1, 2, 1)
    issues = gx.open(tmp_path / "out").issues
    assert sorted(issues[issues.code == "not_opened"].message) == [
        "No such file or directory",
        "the file has changed since the build began",
    ]
    monkeypatch.undo()
    assert run(folder, tmp_path / "out", jobs=1, progress=False).read == 2


@pytest.mark.parametrize(
    "wrong", [{"jobs": 0}, {"engine": "spark"}, {"scheduler": "tcp://a:1"}, {"timeout": 0}, {"memory": -1}]
)
def test_wrong_usage_is_refused_before_anything_is_read(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(WrongUsage):
        gx.build(write_pages(tmp_path / "in", 1), tmp_path / "out", **wrong)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_sources_must_exist(tmp_path: Path) -> None:
    for source in ("nothing.html", "*.html"):
        with pytest.raises(gx.InputMissing):
            gx.build(tmp_path / source, tmp_path / "out")


@pytest.mark.skipif(os.name == "nt", reason="locks of folders are Unix")
def test_two_builds_of_one_dataset_do_not_mix(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "in", 1)
    with exclusively(tmp_path / "out" / READINGS), pytest.raises(AlreadyBuilding):
        run(folder, tmp_path / "out", progress=False)
    assert run(folder, tmp_path / "out", progress=False).read == 1


def test_nothing_is_an_empty_dataset(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    dataset = gx.build(tmp_path / "in", tmp_path / "out", progress=False)
    assert len(dataset.reports) == 0
    assert socket.gethostname() not in (tmp_path / "out" / "release.json").read_text()


def test_the_command_counts_and_tells_what_gave_nothing(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "in", 2)
    out = str(tmp_path / "out")
    runner = CliRunner()
    first = runner.invoke(app, ["build", str(folder), "-o", out, "--jobs", "1"])
    assert (first.exit_code, first.stdout) == (0, "")
    assert "2 documents: 2 read, 0 known before" in first.stderr
    (folder / "empty.html").write_bytes(b"")
    second = runner.invoke(app, ["build", str(folder), "-o", out, "--jobs", "1"])
    assert second.exit_code == 1
    assert "1 documents gave no facts" in second.stderr
    (tmp_path / "bare").mkdir()
    bare = runner.invoke(app, ["build", str(tmp_path / "bare"), "-o", str(tmp_path / "none")])
    assert bare.exit_code == 1
    assert "the sources hold no documents" in bare.stderr
    for wrong in (["nothing.html"], [str(folder), "--jobs", "0"], [str(folder), "--scheduler", "tcp://a:1"]):
        assert runner.invoke(app, ["build", *wrong, "-o", out]).exit_code == 2
