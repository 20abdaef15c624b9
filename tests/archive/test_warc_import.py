"""Web archives: what is taken from them, and what becomes of damaged ones."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from gxstats.archive import Archive, http_body, warc_records
from gxstats.archive.warc_import import import_warc
from tests.archive.warc_files import PAGE, URL, http, record, response, sha1, write


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def urls(archive: Archive) -> list[str | None]:
    return [capture.url for capture in archive.captures()]


def numbered(n: int, size: int = 0) -> bytes:
    return response(PAGE + random.Random(n).randbytes(size), f"http://a.gov.cn/{n}.html")


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_response(archive: Archive, tmp_path: Path, name: str) -> None:
    packed = gzip.compress(PAGE)
    file = write(
        tmp_path / name,
        record("warcinfo", b"software: x\r\n", url=None),
        record("request", b"GET / HTTP/1.1\r\n\r\n"),
        response(packed, Content_Encoding="gzip", ETag='"1"'),
        record("metadata", b"via: x\r\n"),
    )
    added = import_warc(archive, file)
    (capture,) = archive.captures()
    assert (added.counts, added.problems) == ({"new": 1, "passed_over": 3}, [])
    assert (capture.url, capture.status, capture.fetched_at) == (URL, 200, "2024-01-31T00:30:00Z")
    assert capture.headers == (("Content-Encoding", "gzip"), ("ETag", '"1"'))
    assert archive.read(capture.sha256 or "") == PAGE


def test_one_member_for_the_whole_file(archive: Archive, tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(numbered(n, 30_000) for n in range(9)))
    (tmp_path / "a.warc.gz").write_bytes(whole)
    assert import_warc(archive, tmp_path / "a.warc.gz").counts == {"new": 9}
    (tmp_path / "b.warc.gz").write_bytes(whole[:-100_000])
    added = import_warc(archive, tmp_path / "b.warc.gz")
    assert added.counts == {"same": 5}
    assert ["the file ends" in p.message for p in added.problems] == [True]


def test_importing_again_adds_nothing(archive: Archive, tmp_path: Path) -> None:
    file = write(tmp_path / "a.warc.gz", numbered(1), numbered(2), response(b"", status="302 Found"))
    assert import_warc(archive, file).counts == {"new": 1, "same": 1, "no_document": 1}
    assert import_warc(archive, file).counts == {"same": 2, "no_document": 1}
    assert len(urls(archive)) == 3


def test_new_bytes_at_an_address_are_revised(archive: Archive, tmp_path: Path) -> None:
    file = write(tmp_path / "a.warc.gz", response(), response(PAGE + b" "), response(b"no", status="404 No"))
    assert import_warc(archive, file).counts == {"new": 1, "revised": 1, "no_document": 1}
    assert [c.revision for c in archive.captures()] == [1, 2, None]


def test_redirects_have_a_status_and_no_document(archive: Archive, tmp_path: Path) -> None:
    moved = response(b"moved", status="301 Moved Permanently", Location="https://b.gov.cn/")
    import_warc(archive, write(tmp_path / "a.warc", moved))
    (capture,) = archive.captures()
    assert (capture.status, capture.sha256, capture.headers) == (
        301,
        None,
        (("Location", "https://b.gov.cn/"),),
    )


def test_a_resource_and_an_old_way_to_write_addresses(archive: Archive, tmp_path: Path) -> None:
    plain = record("resource", b"%PDF-1.4", "file:///a.pdf", Content_Type="application/pdf")
    import_warc(archive, write(tmp_path / "a.warc", plain, response(url=f"<{URL}>")))
    first, second = archive.captures()
    assert (first.url, first.status, first.media_type) == ("file:///a.pdf", None, "application/pdf")
    assert first.headers == (("Content-Type", "application/pdf"),)
    assert second.url == URL


def test_a_revisit_has_the_bytes_it_names(archive: Archive, tmp_path: Path) -> None:
    packed = gzip.compress(PAGE)
    repeat = record("revisit", http(b""), "http://b.gov.cn/", WARC_Payload_Digest=sha1(packed))
    unknown = record("revisit", http(b""), "http://c.gov.cn/", WARC_Payload_Digest=sha1(b"?"))
    import_warc(archive, write(tmp_path / "a.warc.gz", response(packed, Content_Encoding="gzip")))
    added = import_warc(archive, write(tmp_path / "b.warc.gz", repeat, unknown))
    assert added.counts == {"same": 1}
    assert [p.message for p in added.problems] == [
        f"the record repeats bytes that the archive does not have, {sha1(b'?')}: "
        "import first the file that holds them (http://c.gov.cn/)"
    ]
    first, second = archive.captures()
    assert (second.url, second.sha256, second.status) == ("http://b.gov.cn/", first.sha256, 200)


def test_a_false_digest_does_not_lend_its_bytes(archive: Archive, tmp_path: Path) -> None:
    liar = record("response", http(b"false"), WARC_Payload_Digest=sha1(PAGE))
    repeat = record("revisit", http(b""), "http://b.gov.cn/", WARC_Payload_Digest=sha1(PAGE))
    added = import_warc(archive, write(tmp_path / "a.warc.gz", liar, repeat))
    assert (added.counts, added.failed) == ({"new": 1}, 1)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"nonsense\r\n" * 9, "Invalid WARC record"),
        (record("response", http(), Content_Length="many"), "how long it is"),
        (record("response", http(), Content_Length=""), "how long it is"),
        (record("response", b""), "no answer of an HTTP server"),
        (record("response", b"<html>"), "no answer of an HTTP server"),
        (record("response", http(), url=None), "cannot be read"),
        (record("response", http(), WARC_Block_Digest=sha1(b"other")), "no longer has the digest"),
        (record("response", http(), WARC_Truncated="length"), "not whole, as it says itself"),
        (response(gzip.compress(PAGE)[:-9], Content_Encoding="gzip"), "cut short"),
        (response(Content_Length="999"), "of 999 bytes"),
        (record("response", http(), X="x" * 2_000_000), "headers of the record"),
        (
            record("response", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200_000 + b"\r\n"),
            "headers of the record",
        ),
        (record("resource", b"1", Gxstats_Capture="{"), "Gxstats-Capture is damaged"),
        (record("resource", b"1", Gxstats_Capture='{"document":1,"headers":[]}'), "is damaged"),
        (record("resource", b"1", Gxstats_Capture="[" * 200_000), "is damaged"),
    ],
)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_bad_record_costs_only_itself(
    archive: Archive, tmp_path: Path, bad: bytes, words: str, name: str
) -> None:
    added = import_warc(archive, write(tmp_path / name, numbered(1), bad, numbered(2)))
    assert urls(archive) == ["http://a.gov.cn/1.html", "http://a.gov.cn/2.html"]
    assert len(added.problems) == 1
    assert words in added.problems[0].message
    assert archive.verify() == []


def test_a_time_that_is_no_moment_is_not_made_up(archive: Archive, tmp_path: Path) -> None:
    added = import_warc(archive, write(tmp_path / "a.warc", record("response", http(), WARC_Date="2024-01")))
    assert [c.fetched_at for c in archive.captures()] == [None]
    assert ["'2024-01' is no moment" in p.message for p in added.problems] == [True]
    assert added.failed == 0


def test_records_that_are_too_large(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc_records, "MAX_PART_BYTES", 100_000)
    monkeypatch.setattr(http_body, "MAX_PART_BYTES", 100_000)
    large = response(bytes(200_000))
    bomb = response(gzip.compress(bytes(200_000)), Content_Encoding="gzip")
    added = import_warc(archive, write(tmp_path / "a.warc.gz", numbered(1), large, bomb, numbered(2)))
    assert len(urls(archive)) == 2
    assert ["more than 100,000 bytes" in p.message for p in added.problems] == [True, True]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_file_cut_anywhere_gives_what_is_there(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, *(numbered(n) for n in range(4)))
    data = file.read_bytes()
    ends = [0]
    for n in range(4):
        ends.append(ends[-1] + len(numbered(n) if name == "a.warc" else gzip.compress(numbered(n))))
    chance = random.Random(5)
    with Archive(tmp_path / "archive") as archive:
        for size in sorted(chance.sample(range(1, len(data)), 60)):
            file.write_bytes(data[:size])
            added = import_warc(archive, file)
            # The blank lines behind a record in a plain file say nothing.
            whole = sum(end - (4 if name == "a.warc" else 0) <= size for end in ends[1:])
            assert added.counts.total() == whole, size
            between = any(end - (4 if name == "a.warc" else 0) <= size <= end for end in ends)
            assert added.failed == (0 if between else 1), size


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_damage_anywhere_costs_at_most_what_it_touches(tmp_path: Path, name: str) -> None:
    def with_digest(n: int) -> bytes:
        block = http(PAGE + random.Random(n).randbytes(300))
        return record("response", block, f"http://a.gov.cn/{n}.html", WARC_Block_Digest=sha1(block))

    file = write(tmp_path / name, *(with_digest(n) for n in range(5)))
    data = file.read_bytes()
    with Archive(tmp_path / "whole") as whole:
        import_warc(whole, file)
        true = {c.sha256 for c in whole.captures()}
    chance = random.Random(6)
    for n in range(25):
        at = chance.randrange(len(data))
        file.write_bytes(data[:at] + chance.randbytes(9) + data[at + 9 :])
        with Archive(tmp_path / str(n)) as archive:
            added = import_warc(archive, file)
            kept = {c.sha256 for c in archive.captures()}
            assert len(kept & true) >= 3, at
            assert archive.verify() == []
        # A plain file cannot tell that its headers are other than they were; a compressed one can.
        assert kept <= true, at
        if name == "a.warc.gz":
            assert (len(kept) == 5) == (added.failed == 0), at


def test_no_warc_at_all(archive: Archive, tmp_path: Path) -> None:
    for data in (
        b"",
        b"hello",
        bytes(99_999),
        b"\x1f\x8b",
        random.Random(1).randbytes(99_999),
        b"\r\n" * 999_999,
    ):
        (tmp_path / "a.warc").write_bytes(data)
        added = import_warc(archive, tmp_path / "a.warc")
        assert (added.counts.total(), added.failed) == (0, 1)
