"""What an archive keeps, what it refuses, and what it notices."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from pathlib import Path

import pytest

import gxstats.archive.objects
from gxstats.archive import Archive, LedgerError, NotArchived, ObjectDamaged, outcome
from gxstats.archive.objects import Objects
from gxstats.errors import GxError, InputMissing

URL = "https://www.a.gov.cn/2024/t20240131_1.html"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def object_of(archive: Archive, data: bytes) -> Path:
    digest = hashlib.sha256(data).hexdigest()
    return archive.folder / "objects" / digest[:2] / digest


def test_a_capture_keeps_what_is_told(archive: Archive) -> None:
    told = {"final_url": URL + "?x", "referrer": "https://a.gov.cn/", "title": "2023年年报", "name": "a.html"}
    headers = [("Set-Cookie", "a"), ("Set-Cookie", "b")]
    added = archive.add(
        b"<p>1</p>",
        url=URL,
        fetched_at="2024-01-31T08:30:00+08:00",
        status=200,
        headers=headers,
        source_row="7",
        **told,
    )
    assert [*archive.captures()] == [added]
    assert {name: getattr(added, name) for name in told} == told
    assert (added.id, added.url, added.status, added.size, added.source_row) == (1, URL, 200, 8, "7")
    assert added.fetched_at == "2024-01-31T00:30:00Z"
    assert added.headers == tuple(headers)
    assert added.media_type == "text/html"
    assert archive.read(added.sha256 or "") == b"<p>1</p>"


def test_same_bytes_are_stored_once_and_new_bytes_are_a_revision(archive: Archive) -> None:
    one, two = b"<p>1</p>", b"<p>2</p>"
    seen = [
        archive.add(one, url=URL),
        archive.add(one, url=URL),
        archive.add(two, url=URL.replace("https://www.", "http://")),
        archive.add(one, url=URL),
        archive.add(one, url="https://b.gov.cn/"),
    ]
    assert [(c.revision, c.seen_before, outcome(c)) for c in seen] == [
        (1, False, "new"),
        (1, True, "same"),
        (2, False, "revised"),
        (1, True, "same"),
        (1, True, "same"),
    ]
    assert len([*archive.folder.glob("objects/*/*")]) == 2


def test_files_are_revised_under_their_name(archive: Archive) -> None:
    assert [archive.add(data, name="a.html").revision for data in (b"1", b"2")] == [1, 2]
    assert archive.add(b"3").revision == 1


def test_redirects_errors_and_parts_are_no_documents(archive: Archive) -> None:
    kept = archive.add(b"<p>1</p>", url=URL, status=200, fetched_at="2024-01-01T00:00Z")
    moved = archive.add(None, url=URL, status=302, fetched_at="2024-01-02T00:00Z")
    gone = archive.add(b"not found", url=URL, status=404, fetched_at="2024-01-03T00:00Z")
    part = archive.add(b"<p", url=URL, status=206, fetched_at="2024-01-04T00:00Z")
    assert (moved.sha256, moved.size, moved.media_type) == (None, 0, None)
    assert [c.is_document for c in (kept, moved, gone, part)] == [True, False, False, False]
    assert [c.revision for c in (kept, moved, gone, part)] == [1, None, None, None]
    assert archive.latest(URL) == kept


def test_the_latest_is_the_latest_in_time(archive: Archive) -> None:
    second = archive.add(b"2", url=URL, fetched_at="2024-01-01T00:00:00.5Z")
    for data, time in ((b"0", None), (b"1", "2024-01-01T00:00:00Z"), (b"3", "2024-01-01T07:59:59+08:00")):
        archive.add(data, url=URL, fetched_at=time)
    assert archive.latest("http://a.gov.cn/2024/t20240131_1_wap.html#top") == second
    assert archive.latest("https://a.gov.cn/other.html") is None


@pytest.mark.parametrize("time", ["2024", "2024-01-31", "2024-01-31T08:30:00", "yesterday", ""])
def test_a_time_without_a_zone_is_refused(archive: Archive, time: str) -> None:
    with pytest.raises(GxError, match="no time with a zone"):
        archive.add(b"1", fetched_at=time)
    assert [*archive.captures()] == []


def test_the_frame_is_typed(archive: Archive) -> None:
    empty = archive.frame()
    archive.add(b"1", url=URL, status=200, fetched_at="2024-01-01T00:00Z", headers=[("ETag", "x")])
    archive.add(None, url=URL, status=301, source_row="007")
    table = archive.frame()
    assert table.dtypes.to_dict() == empty.dtypes.to_dict()
    assert len(empty) == 0
    assert table["status"].tolist() == [200, 301]
    assert table["fetched_at"].iloc[0] == "2024-01-01T00:00:00Z"
    assert table["source_row"].iloc[1] == "007"
    assert table["headers"].iloc[0] == '[["ETag", "x"]]'
    assert table["sha256"].isna().tolist() == [False, True]


def test_text_that_no_encoding_has(archive: Archive) -> None:
    capture = archive.add(b"1", url="https://a.gov.cn/\ud800", title="\udcff\0", headers=[("a", "\ud800")])
    assert (capture.url, capture.title) == ("https://a.gov.cn/?", "?\0")
    assert [*archive.captures()] == [capture]


def test_no_path_is_taken_from_what_is_asked_for(archive: Archive) -> None:
    for wanted in ("../ledger.sqlite", "", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"):
        with pytest.raises(NotArchived):
            archive.read(wanted)
    with pytest.raises(NotArchived, match="no such object"):
        archive.read("0" * 64)


def test_rows_are_never_changed(archive: Archive) -> None:
    archive.add(b"1", url=URL)
    with sqlite3.connect(archive.folder / "ledger.sqlite") as db:
        for change in (
            "UPDATE captures SET url = 'x'",
            "DELETE FROM captures",
            "INSERT OR REPLACE INTO captures (id, headers, size, seen_before) VALUES (1, '[]', 0, 0)",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(change)
    assert [c.url for c in archive.captures()] == [URL]


def test_an_archive_must_be_there_or_be_made(tmp_path: Path) -> None:
    with pytest.raises(InputMissing, match="no archive"):
        Archive(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_other_databases_and_newer_ledgers_are_refused(tmp_path: Path) -> None:
    for name, script in {"other": "CREATE TABLE a (b)", "newer": "PRAGMA user_version = 99"}.items():
        (tmp_path / name).mkdir()
        with sqlite3.connect(tmp_path / name / "ledger.sqlite") as db:
            db.execute(script)
        db.close()
        with pytest.raises(LedgerError):
            Archive(tmp_path / name)
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(LedgerError, match="not a database"):
        Archive(tmp_path)


def test_verify_finds_what_is_lost_or_changed(archive: Archive) -> None:
    for data in (b"1", b"2", b"3"):
        archive.add(data)
    assert archive.verify() == []
    object_of(archive, b"1").unlink()
    object_of(archive, b"2").write_bytes(b"x")
    found = {problem.kind: problem for problem in archive.verify(repair=True)}
    assert set(found) == {"missing", "damaged"}
    assert not any(problem.harmless or problem.repaired for problem in found.values())
    assert found["missing"].where == f"capture 1, {hashlib.sha256(b'1').hexdigest()}"
    with pytest.raises(ObjectDamaged, match="no longer has its digest"):
        archive.read(hashlib.sha256(b"2").hexdigest())


def test_adding_a_document_again_mends_it(archive: Archive) -> None:
    for harm in (lambda path: path.unlink(), lambda path: path.write_bytes(b"x")):
        archive.add(b"1")
        harm(object_of(archive, b"1"))
        assert len(archive.verify()) == 1
        archive.add(b"1")
        assert archive.verify() == []


def test_leftovers_are_named_and_removed_only_on_demand(archive: Archive) -> None:
    archive.add(b"1")
    folder = object_of(archive, b"1").parent
    (folder / ".0123456789abcdef.part").write_bytes(b"half")
    orphan = object_of(archive, b"2")
    orphan.parent.mkdir()
    orphan.write_bytes(b"2")
    (folder / "notes.txt").write_text("mine")
    (archive.folder / "objects" / "README").write_text("mine")
    kinds = ["stray", "unfinished", "stray", "unrecorded"]
    assert sorted(p.kind for p in archive.verify()) == sorted(kinds)
    assert all(p.harmless and not p.repaired for p in archive.verify())
    assert sorted(p.kind for p in archive.verify(repair=True) if p.repaired) == ["unfinished", "unrecorded"]
    assert [p.kind for p in archive.verify()] == ["stray", "stray"]
    assert archive.read(hashlib.sha256(b"1").hexdigest()) == b"1"


def test_a_repair_between_object_and_row_loses_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Objects.write
    other = Archive(archive.folder)

    def write_then_repair(objects: Objects, sha256: str, data: bytes) -> None:
        write(objects, sha256, data)
        monkeypatch.setattr(Objects, "write", write)
        assert [p.repaired for p in other.verify(repair=True)] == [True]

    monkeypatch.setattr(Objects, "write", write_then_repair)
    archive.add(b"1")
    assert archive.verify() == []


def test_a_repair_while_an_object_is_written_loses_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = gxstats.archive.objects._write_file
    other = Archive(archive.folder)

    def write_then_repair(path: Path, data: bytes) -> None:
        write(path, data)
        monkeypatch.setattr(gxstats.archive.objects, "_write_file", write)
        assert [p.kind for p in other.verify(repair=True)] == ["unfinished"]

    monkeypatch.setattr(gxstats.archive.objects, "_write_file", write_then_repair)
    archive.add(b"1")
    assert archive.verify() == []


def test_many_at_once(archive: Archive) -> None:
    def work(opened: Archive) -> None:
        for n in range(20):
            opened.add(str(n % 5).encode(), url=f"https://a.gov.cn/{n}")

    others = [archive, archive, Archive(archive.folder), Archive(archive.folder)]
    threads = [threading.Thread(target=work, args=(opened,)) for opened in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    captures = [*archive.captures()]
    assert [c.id for c in captures] == list(range(1, 81))
    assert sum(not c.seen_before for c in captures) == 5
    assert {c.revision for c in captures} == {1}
    assert archive.verify() == []


def test_rows_added_while_reading_are_left_for_the_next_time(archive: Archive) -> None:
    archive.add(b"1")
    for capture in archive.captures():
        archive.add(str(capture.id).encode() * 2)
    assert archive.frame()["id"].tolist() == [1, 2]
