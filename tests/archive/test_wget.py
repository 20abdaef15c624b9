"""A web archive that wget wrote is imported whole: heavy, for wget is no Python package."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gxstats.archive import Archive
from gxstats.archive.warc_export import export_warc
from gxstats.archive.warc_import import import_warc
from tests.archive.warc_files import PAGE

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed"),
]
LIST = (
    b'<a href="/1.html">1</a> <a href="/packed.html">2</a> <a href="/moved">3</a> <a href="/none.html">4</a>'
)
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 400


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        bodies = {"/": LIST, "/1.html": PAGE, "/packed.html": gzip.compress(PAGE * 50), "/a.pdf": PDF}
        status = {"/moved": 302}.get(self.path, 200 if self.path in bodies else 404)
        body = bodies.get(self.path, b"not here" if status == 404 else b"")
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/a.pdf")
        if self.path == "/packed.html":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", "application/pdf" if self.path == "/a.pdf" else "text/html")
        if self.path == "/1.html":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[:9], body[9:])) + b"0\r\n\r\n"
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def wget(folder: Path, name: str, *options: str) -> Path:
    command = ["wget", "--no-config", "--quiet", "--no-proxy", "--recursive", "--level=2", "--warc-cdx"]
    subprocess.run(
        [*command, "--compression=none", f"--warc-file={name}", *options], cwd=folder, timeout=60, check=False
    )
    return folder / f"{name}.warc.gz"


def test_what_wget_wrote(address: str, tmp_path: Path) -> None:
    file = wget(tmp_path, "a", "--header=Accept-Encoding: gzip", address + "/")
    with Archive(tmp_path / "a") as archive:
        added = import_warc(archive, file)
        assert added.problems == []
        answers = {c.url: c for c in archive.captures()}
        assert {str(url).removeprefix(address): c.status for url, c in answers.items()} == {
            "/": 200,
            "/1.html": 200,
            "/a.pdf": 200,
            "/moved": 302,
            "/none.html": 404,
            "/packed.html": 200,
            "/robots.txt": 404,
        }
        read = {url: archive.read(c.sha256) for url, c in answers.items() if c.sha256}
        assert read[f"{address}/1.html"] == PAGE
        assert read[f"{address}/packed.html"] == PAGE * 50
        assert read[f"{address}/a.pdf"] == PDF
        assert answers[f"{address}/a.pdf"].media_type == "application/pdf"
        assert all(c.fetched_at for c in answers.values())
        assert archive.verify() == []
        export_warc(archive, tmp_path / "b.warc.gz")
        with Archive(tmp_path / "b") as copy:
            import_warc(copy, tmp_path / "b.warc.gz")
            assert [*copy.captures()] == [*archive.captures()]


def test_what_wget_left_out_because_it_had_it(address: str, tmp_path: Path) -> None:
    first = wget(tmp_path, "a", address + "/a.pdf")
    second = wget(tmp_path, "b", "--warc-dedup=a.cdx", address + "/a.pdf")
    assert b"WARC-Type: revisit" in gzip.decompress(second.read_bytes())
    with Archive(tmp_path / "archive") as archive:
        import_warc(archive, first)
        added = import_warc(archive, second)
        assert (added.problems, added.counts["same"], added.counts["new"]) == ([], 1, 0)
        latest = archive.latest(address + "/a.pdf")
        assert latest is not None
        assert archive.read(latest.sha256 or "") == PDF
    with Archive(tmp_path / "other") as archive:
        assert import_warc(archive, second).failed == 1
