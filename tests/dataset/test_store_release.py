"""What is written, when it counts, and what is left of it: releases, their files and their package."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import gxstats as gx
from gxstats.dataset.store import BrokenRelease, ReleaseWriter, WriteRefused, open_dataset, spool

VERSIONS = {"gxstats": gx.__version__, "reader": "1"}
TYPES = {"string", "integer", "number", "boolean", "array"}


@pytest.fixture(scope="module")
def reports() -> list[gx.Report]:
    read = gx.read_reports(gx.sample_files()[:5], progress=False)
    return sorted(read, key=lambda r: r.document_id)


def write(folder: Path, added: list[gx.Report], /, **tables: pd.DataFrame) -> gx.Dataset:
    with ReleaseWriter(folder) as release:
        for report in added:
            release.add(report)
        for name, frame in tables.items():
            release.table(name, frame)
        release.commit(VERSIONS)
    return open_dataset(folder, threads=1)


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_reports_give_the_same_bytes(reports: list[gx.Report], tmp_path: Path) -> None:
    write(tmp_path / "one", reports)
    write(tmp_path / "two", reports[:2])
    write(tmp_path / "two", reports)
    write(tmp_path / "two", reports)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_what_does_not_fit_into_memory_gives_the_same_bytes(
    reports: list[gx.Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "memory", reports)
    monkeypatch.setattr(spool, "MEMORY", 1)
    monkeypatch.setattr(spool, "WIDE_ROWS", 2)
    write(tmp_path / "disk", reports)
    assert content(tmp_path / "memory") == content(tmp_path / "disk")


def test_release_lists_versions_rows_and_every_file(reports: list[gx.Report], tmp_path: Path) -> None:
    dataset = write(tmp_path, reports)
    release = json.loads((tmp_path / "release.json").read_text(encoding="utf-8"))
    assert release["versions"] == VERSIONS
    assert release["rows"]["facts"] == sum(len(r.fact_rows) for r in reports)
    assert release["rows"]["reports"] == len(reports)
    listed = {f["path"]: f["bytes"] for f in release["files"]}
    assert listed == {n: len(b) for n, b in content(tmp_path).items() if n.endswith(".parquet")}
    assert str(dataset) == f"<Dataset {tmp_path.name}: 5 reports, {release['rows']['facts']} cells>"


def test_nothing_changes_without_commit(reports: list[gx.Report], tmp_path: Path) -> None:
    write(tmp_path, reports[:1])
    before = content(tmp_path)
    with pytest.raises(ZeroDivisionError), ReleaseWriter(tmp_path) as release:
        release.add(reports[1])
        raise ZeroDivisionError
    with ReleaseWriter(tmp_path) as release:
        release.add(reports[1])
    assert content(tmp_path) == before
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_what_a_killed_writer_left_is_swept_up(reports: list[gx.Report], tmp_path: Path) -> None:
    left = tmp_path / ".staging-left"
    left.mkdir()
    (left / "wide~f2021~000000.parquet").write_bytes(b"half")
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "wide-f2021-2024-0123456789abcdef.parquet").write_bytes(b"not listed")
    (tmp_path / "facts" / "mine.parquet").write_bytes(b"somebody's own")
    write(tmp_path, reports[:1])
    assert not left.exists()
    assert "facts/wide-f2021-2024-0123456789abcdef.parquet" not in content(tmp_path)
    assert "facts/mine.parquet" in content(tmp_path)


def test_an_open_dataset_keeps_its_release_until_the_next_but_one(
    reports: list[gx.Report], tmp_path: Path
) -> None:
    first = write(tmp_path, reports[:2])
    old = {f.path for f in first.release.files}
    second = write(tmp_path, reports[2:])
    assert set(first.facts().document_id) == {r.document_id for r in reports[:2]}
    assert set(second.facts().document_id) == {r.document_id for r in reports[2:]}
    third = write(tmp_path, reports)
    assert not old & (set(content(tmp_path)) - {f.path for f in third.release.files})


def test_no_release_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(gx.InputMissing, match=r"release\.json") as caught:
        gx.open(tmp_path)
    assert "build a dataset" in caught.value.hint
    (tmp_path / "release.json").write_text("{", encoding="utf-8")
    with pytest.raises(BrokenRelease, match="not JSON"):
        gx.open(tmp_path)
    (tmp_path / "release.json").write_text('{"format": "99"}', encoding="utf-8")
    with pytest.raises(BrokenRelease, match="99"):
        gx.open(tmp_path)


def test_a_file_that_is_gone_or_changed_is_found(reports: list[gx.Report], tmp_path: Path) -> None:
    dataset = write(tmp_path, reports[:1])
    path = tmp_path / dataset.release.files[0].path
    good = path.read_bytes()
    path.write_bytes(good[:6] + bytes([good[6] ^ 1]) + good[7:])
    gx.open(tmp_path)
    with pytest.raises(BrokenRelease, match="is not what"):
        gx.open(tmp_path, verify=True)
    path.write_bytes(good + b"x")
    with pytest.raises(BrokenRelease, match="is not what"):
        gx.open(tmp_path)
    path.unlink()
    with pytest.raises(BrokenRelease, match="is missing"):
        gx.open(tmp_path)


@pytest.mark.parametrize("path", ["../../x-0123456789abcdef.parquet", "/etc/passwd", "facts/a.parquet"])
def test_a_release_names_no_files_but_its_own(reports: list[gx.Report], tmp_path: Path, path: str) -> None:
    write(tmp_path, reports[:1])
    release = json.loads((tmp_path / "release.json").read_text(encoding="utf-8"))
    release["files"][0]["path"] = path
    (tmp_path / "release.json").write_text(json.dumps(release), encoding="utf-8")
    with pytest.raises(BrokenRelease):
        gx.open(tmp_path)


def test_reports_come_once_and_in_order(reports: list[gx.Report], tmp_path: Path) -> None:
    with ReleaseWriter(tmp_path) as release:
        release.add(reports[1])
        for wrong in (reports[1], reports[0]):
            with pytest.raises(WriteRefused, match="comes after"):
                release.add(wrong)


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    with (
        ReleaseWriter(tmp_path),
        pytest.raises(WriteRefused, match="another process"),
        ReleaseWriter(tmp_path),
    ):
        pass


def test_an_input_without_a_document_adds_its_issues(reports: list[gx.Report], tmp_path: Path) -> None:
    lost = gx.Report({"source": "gone.pdf"}, issue_rows=(gx.Issue("error", "input_missing", "no such file"),))
    dataset = write(tmp_path, [lost, reports[0], lost])
    assert dataset.issues.source.tolist().count("gone.pdf") == 2
    assert dataset.issues.document_id.isna().sum() == 2
    assert dataset.reports.document_id.tolist() == [reports[0].document_id]


def test_an_empty_dataset_opens(tmp_path: Path) -> None:
    dataset = write(tmp_path, [])
    pd.testing.assert_frame_equal(dataset.facts(), gx.Reports().facts)
    assert dataset.reports.empty and dataset.checks.empty
    assert dataset.sql("SELECT count(*) AS n FROM facts").n.tolist() == [0]


def test_given_tables_take_the_place_of_collected_ones(reports: list[gx.Report], tmp_path: Path) -> None:
    who = gx.Reports(tuple(reports)).reports
    moved = who.assign(
        year=pd.array([1999] * len(who), dtype="Int64"),
        division_code=pd.array(["010203"] * len(who), dtype="string"),
    )
    captures = pd.DataFrame({"url": ["https://例.cn/a"], "status": pd.array([200], dtype="Int64")})
    coverage = pd.DataFrame({"division_code": ["010203"], "year": [2024], "status": ["missing"]})
    dataset = write(tmp_path, reports, reports=moved, captures=captures, coverage=coverage)
    pd.testing.assert_frame_equal(dataset.reports, moved)
    assert {f.year for f in dataset.release.of_kind("wide")} == {1999}
    assert len(dataset.facts(year=1999, division="010203")) == dataset.release.rows["facts"]
    assert dataset.facts(year=2024).empty
    assert dataset.table("captures").url.tolist() == ["https://例.cn/a"]
    assert dataset.coverage.status.tolist() == ["missing"]
    assert "captures" in dataset.names


@pytest.mark.parametrize("name", ["facts", "wide", "../x", "A b"])
def test_facts_cannot_be_given_as_a_table(tmp_path: Path, name: str) -> None:
    with ReleaseWriter(tmp_path) as release, pytest.raises(WriteRefused):
        release.table(name, pd.DataFrame({"a": [1]}))


def test_a_table_of_the_wrong_type_is_refused(tmp_path: Path) -> None:
    with ReleaseWriter(tmp_path) as release, pytest.raises(WriteRefused, match="reports"):
        release.table("reports", pd.DataFrame({"document_id": ["a"], "year": ["two thousand"]}))


def test_the_data_package_describes_what_the_files_hold(reports: list[gx.Report], tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    dataset = write(tmp_path, reports, captures=pd.DataFrame({"url": ["a"]}))
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    resources = {r["name"]: r for r in package["resources"]}
    assert len(resources) == len(package["resources"])
    assert all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in (package["name"], *resources))
    assert {p for r in resources.values() for p in r["path"]} == {f.path for f in dataset.release.files}
    for resource in resources.values():
        assert "profile" not in resource  # those of version 1 mean CSV
        assert (resource["type"], resource["format"]) == ("table", "parquet")
        assert resource["$schema"] == "https://datapackage.org/profiles/2.0/dataresource.json"
        fields = resource["schema"]["fields"]
        assert {f["type"] for f in fields} <= TYPES
        for path in resource["path"]:
            assert pq.read_schema(tmp_path / path).names == [f["name"] for f in fields]
    years = {f["name"]: f["type"] for f in resources["reports"]["schema"]["fields"]}
    assert years["year"] == "integer" and years["division_code"] == "string"
