"""A web server on this machine that answers as a site is told to, and keeps a log of what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    at: float
    times: int  # how often this path and query were asked for, from 1


@dataclass(frozen=True)
class Answer:
    """What the server says. ``declared`` overrides Content-Length; ``endless`` never stops sending."""

    body: bytes = b""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    declared: int | None = None
    endless: bool = False


Site = Callable[[Asked], Answer | None]
"""Answers a request, or None for 404."""


@dataclass
class Server:
    """A running server."""

    port: int
    host: str = "127.0.0.1"
    log: list[Asked] = field(default_factory=list)

    @property
    def root(self) -> str:
        return f"http://{self.host}:{self.port}"

    def paths(self) -> list[str]:
        """Paths asked for, in order, without robots.txt."""
        return [asked.path for asked in self.log if asked.path != "/robots.txt"]


@contextmanager
def serve(site: Site, host: str = "127.0.0.1") -> Iterator[Server]:
    """Serve a site until the block ends; other hosts of this machine are 127.0.0.2 and so on."""
    httpd = ThreadingHTTPServer((host, 0), _handler(site))
    httpd.daemon_threads = True
    httpd.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that was killed
    server = Server(httpd.server_address[1], host)
    httpd.gx = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def pages(of: Mapping[str, Answer | bytes | str]) -> Site:
    """A site of fixed pages by path (or path?query)."""

    def site(asked: Asked) -> Answer | None:
        query = "&".join(f"{name}={value}" for name, value in asked.query.items())
        found = of.get(f"{asked.path}?{query}" if query else asked.path, of.get(asked.path))
        if found is None or isinstance(found, Answer):
            return found
        return Answer(found if isinstance(found, bytes) else found.encode())

    return site


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._serve(dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True)))

        def _serve(self, form: dict[str, str]) -> None:
            server: Server = self.server.gx  # type: ignore[attr-defined]
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            same = sum(a.path == parts.path and a.query == query and a.form == form for a in server.log)
            headers = dict(self.headers.items())
            asked = Asked(self.command, parts.path, query, form, headers, time.monotonic(), same + 1)
            server.log.append(asked)
            answer = site(asked) or Answer(b"not found", 404, "text/plain")
            self._send(answer)

        def _send(self, answer: Answer) -> None:
            time.sleep(answer.wait)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.endless:
                self.send_header("Connection", "close")
            else:
                declared = len(answer.body) if answer.declared is None else answer.declared
                self.send_header("Content-Length", str(declared))
            try:
                self.end_headers()
                self.wfile.write(answer.body)
                while answer.endless:
                    self.wfile.write(b"<p>more</p>" * 1000)
                if answer.declared is not None:
                    self.close_connection = True
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """The log is kept, not printed."""

    return Handler
