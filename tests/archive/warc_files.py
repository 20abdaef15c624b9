"""WARC files for tests, written byte by byte: each test says just what is in the file."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

URL = "http://www.a.gov.cn/2024/1.html"
PAGE = "<html><p>新收 21 件</p></html>".encode()


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def record(kind: str, block: bytes = b"", url: str | None = URL, **fields: str) -> bytes:
    """A record; ``fields`` are named with _ for -, and replace those that it would have."""
    named = {"WARC-Type": kind, "WARC-Target-URI": url or "", "WARC-Date": "2024-01-31T00:30:00Z"}
    named |= {"WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000000>"}
    named |= {"Content-Length": str(len(block))}
    named |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def http(body: bytes = PAGE, status: str = "200 OK", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def response(body: bytes = PAGE, url: str | None = URL, status: str = "200 OK", **headers: str) -> bytes:
    return record("response", http(body, status, **headers), url)


def write(path: Path, *records: bytes) -> Path:
    """A file; with a member per record if its name ends in .gz."""
    packed = path.suffix == ".gz"
    path.write_bytes(b"".join(gzip.compress(part) if packed else part for part in records))
    return path
