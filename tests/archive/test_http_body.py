"""Bodies of HTTP answers: encodings undone, lies seen through, bombs refused."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxstats.archive import http_body
from gxstats.archive.http_body import decode_body
from gxstats.errors import LimitExceeded, ReadError

PAGE = "<html><p>新收 21 件</p></html>".encode()


def bare(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def chunked(data: bytes, size: int = 5, end: bytes = b"0\r\n\r\n") -> bytes:
    parts = [data[n : n + size] for n in range(0, len(data), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + end


def encoded_as(name: str) -> list[tuple[str, str]]:
    return [("content-ENCODING", name)]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("x-gzip", gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", bare(PAGE)),
        ("deflate, GZIP", gzip.compress(zlib.compress(PAGE), mtime=0)),
        ("identity", PAGE),
        ("gzip", PAGE),
        ("deflate", PAGE),
        ("br", PAGE),
        ("made-up", PAGE),
        ("gzip", b""),
    ],
)
def test_encodings(name: str, body: bytes) -> None:
    assert decode_body(body, encoded_as(name)) == (PAGE if body else b"")


def test_brotli() -> None:
    brotli = pytest.importorskip("brotli")
    body = brotli.compress(PAGE)
    assert decode_body(body, encoded_as("br")) == PAGE
    with pytest.raises(ReadError, match="cut short"):
        decode_body(brotli.compress(bytes(range(256)) * 9)[:-5], encoded_as("br"))


@given(st.binary(min_size=1), st.integers(1, 9), st.sampled_from([b"0\r\n\r\n", b"0\r\nX: 1\r\n\r\n"]))
def test_chunks_are_joined(data: bytes, size: int, end: bytes) -> None:
    headers = [("Transfer-Encoding", "Chunked")]
    assert decode_body(chunked(data, size, end), headers) == data
    packed = chunked(gzip.compress(data), size, end)
    assert decode_body(packed, [*headers, ("Content-Encoding", "gzip")]) == data


def test_a_body_whose_chunks_were_joined_before() -> None:
    assert decode_body(PAGE, [("Transfer-Encoding", "chunked")]) == PAGE


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        (chunked(PAGE, 30)[:20], [("Transfer-Encoding", "chunked")], "inside a chunk"),
        (chunked(PAGE, end=b""), [("Transfer-Encoding", "chunked")], "between two chunks"),
        (chunked(PAGE, end=b"zz\r\n"), [("Transfer-Encoding", "chunked")], "between two chunks"),
        (gzip.compress(PAGE, mtime=0)[:-9], encoded_as("gzip"), "cut short"),
        (gzip.compress(PAGE, mtime=0)[:-8] + b"12345678", encoded_as("gzip"), "damaged"),
        (bytes(range(128, 256)), encoded_as("zstd"), "'zstd', which cannot be undone"),
        (PAGE[:-1], [("Content-Length", str(len(PAGE)))], f"has {len(PAGE) - 1} of {len(PAGE)} bytes"),
    ],
)
def test_damage_is_refused(body: bytes, headers: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(ReadError, match=words):
        decode_body(body, headers)


def test_a_length_from_before_unpacking() -> None:
    assert decode_body(PAGE, [("Content-Length", "10"), ("Content-Encoding", "gzip")]) == PAGE


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "gzip, gzip", "members"])
def test_bombs_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_body, "MAX_PART_BYTES", 100_000)
    zeros = bytes(100_001)
    if name == "br":
        body = pytest.importorskip("brotli").compress(zeros)
    else:
        packed = gzip.compress(zeros)
        bodies = {"deflate": zlib.compress(zeros), "gzip, gzip": gzip.compress(packed)}
        body = {**bodies, "members": gzip.compress(bytes(50_001)) * 2}.get(name, packed)
    with pytest.raises(LimitExceeded, match="unpacks to more than"):
        decode_body(body, encoded_as("gzip" if name == "members" else name))


def test_a_body_of_just_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_body, "MAX_PART_BYTES", 100_000)
    zeros = bytes(100_000)
    assert decode_body(gzip.compress(zeros), encoded_as("gzip")) == zeros
