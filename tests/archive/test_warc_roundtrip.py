"""An archive written as a web archive and read again is what it was."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from gxstats.archive import Archive, Capture
from gxstats.archive.warc_export import export_warc
from gxstats.archive.warc_import import import_warc
from tests.archive.warc_files import PAGE, URL

WORDS = st.none() | st.text(max_size=12)
TOLD = st.fixed_dictionaries(
    {
        "url": st.none()
        | st.sampled_from([URL, "https://a.gov.cn/年报?a=1 2", "urn:x"])
        | st.text(max_size=9),
        "final_url": WORDS,
        "fetched_at": st.none() | st.sampled_from(["2024-01-01T00:00Z", "1999-12-31T23:59:59.123456Z"]),
        "status": st.none() | st.sampled_from([200, 204, 301, 404, 599, 999]),
        "headers": st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=3)
        | st.just(
            [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]
        ),
        "referrer": WORDS,
        "title": WORDS,
        "source_row": WORDS,
        "name": WORDS,
    }
)
DATA = (
    st.none() | st.binary(max_size=30) | st.sampled_from([PAGE, b"WARC/1.0\r\n\r\n", b"1\r\n2\r\n0\r\n\r\n"])
)


def contents(archive: Archive) -> list[tuple[Capture, bytes | None]]:
    return [(c, archive.read(c.sha256) if c.sha256 else None) for c in archive.captures()]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(captures=st.lists(st.tuples(DATA, TOLD), max_size=6), suffix=st.sampled_from(["warc", "warc.gz"]))
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, captures: list[tuple[bytes | None, Any]], suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("round")
    file = folder / f"a.{suffix}"
    with Archive(folder / "a") as first, Archive(folder / "b") as second:
        for data, told in [*captures, *captures[:1]]:
            first.add(data, **told)
        exported = export_warc(first, file)
        assert (exported.records, exported.problems) == (len([*first.captures()]), [])
        for _ in range(2):
            assert import_warc(second, file).problems == []
            assert contents(second) == contents(first)
        export_warc(second, folder / f"b.{suffix}")
    assert (folder / f"b.{suffix}").read_bytes() == file.read_bytes()


def test_other_programs_read_the_export(tmp_path: Path) -> None:
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", "9")]
    with Archive(tmp_path / "a") as archive:
        archive.add(PAGE, url=URL, status=200, fetched_at="2024-01-31T00:30:00Z", headers=headers)
        archive.add(b"%PDF-1.4", name="年报.pdf")
        export_warc(archive, tmp_path / "a.warc.gz")
    found = []
    for item in ArchiveIterator(io.BytesIO((tmp_path / "a.warc.gz").read_bytes()), check_digests="raise"):
        found.append((item, item.content_stream().read()))
    (_, about), (page, page_body), (file, file_body) = found
    assert b"software: gxstats/" in about
    assert [item.rec_headers.protocol for item, _ in found] == ["WARC/1.1"] * 3
    assert page.http_headers.statusline == "200 OK"
    assert page.http_headers.headers == [("Content-Type", "text/html"), ("Content-Length", str(len(PAGE)))]
    assert page.rec_headers.get_header("WARC-Date") == "2024-01-31T00:30:00Z"
    assert (page_body, file_body, file.rec_type) == (PAGE, b"%PDF-1.4", "resource")
    digest = hashlib.sha256(b"%PDF-1.4").hexdigest()
    assert file.rec_headers.get_header("WARC-Target-URI") == f"urn:sha256:{digest}"


def test_what_a_server_sent_writes_no_headers_of_its_own(tmp_path: Path) -> None:
    with Archive(tmp_path / "a") as archive:
        archive.add(
            PAGE, url=URL + "\r\nX: 1", status=200, headers=[("A\r\nB", "c"), ("C", "d\r\n\r\nWARC/1.0\r\n")]
        )
        export_warc(archive, tmp_path / "a.warc")
    items = [
        (item.rec_headers, item.http_headers)
        for item in ArchiveIterator(io.BytesIO((tmp_path / "a.warc").read_bytes()))
    ]
    assert len(items) == 2
    assert items[1][0].get_header("X") is None
    assert [name for name, _ in items[1][1].headers] == ["C", "Content-Length"]


def test_lost_bytes_are_named_and_the_rest_is_written(tmp_path: Path) -> None:
    with Archive(tmp_path / "a") as archive:
        lost = archive.add(b"1", name="1")
        archive.add(b"2", name="2")
        digest = lost.sha256 or ""
        (tmp_path / "a" / "objects" / digest[:2] / digest).unlink()
        exported = export_warc(archive, tmp_path / "a.warc.gz")
    assert exported.records == 1
    assert [p.where for p in exported.problems] == ["capture 1"]
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []
