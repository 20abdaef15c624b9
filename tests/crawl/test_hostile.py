"""Servers that mean harm, by design or by fault: what they send ends in the ledger, and nowhere else."""

from __future__ import annotations

import gzip
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from gxstats.archive import Archive
from gxstats.crawl.answers import judge
from gxstats.crawl.page import Page
from gxstats.crawl.platforms import platforms
from gxstats.crawl.sources import Source
from tests.crawl.conftest import Crawl
from tests.crawl.server import Answer, Asked, Site, pages, serve

REPORT = "<html><body><h1>某县人民政府2023年政府信息公开工作年度报告</h1><p>{}</p></body></html>"
HERE = "http://www.a.gov.cn/zfxxgknb/index.html"


def to(address: str) -> Answer:
    return Answer(b"", 302, headers={"Location": address})


def refresh(address: str) -> str:
    return f'<html><head><meta http-equiv="refresh" content="0;url={address}"></head><body>x</body></html>'


BOMB = Answer(gzip.compress(bytes(20_000_000)), headers={"Content-Encoding": "gzip"})
COOKIES = {f"X-{n}": "x" * 1000 for n in range(90)} | {"Set-Cookie": "a=" + "b" * 15_000}
ANSWERS = {
    "/": (b"<html>front page", "fetched", ""),
    "/bomb.html": (BOMB, "failed", "exceeded"),
    "/file.html": (to("file:///etc/passwd"), "failed", "the server answers 302"),
    "/refresh-file.html": (refresh("file:///etc/passwd"), "fetched", ""),
    "/refresh-out.html": (refresh("http://127.0.0.99:9/x"), "outside", "127.0.0.99"),
    "/user.html": (to("http://www.gov.cn@127.0.0.99:9/"), "outside", "neither a government's host"),
    "/front.html": (to("/"), "gone", "it leads to the front page"),
    "/lost.html": (to("/404.html"), "gone", "it leads to /404.html"),
    "/404.html": (b"<html>sorry", "fetched", ""),
    "/headers.html": (Answer(REPORT.format(1).encode(), headers=COOKIES), "fetched", ""),
    "/control.html": (to("/404\x0b\x7f.html"), "gone", ""),
}
LINKS = [
    "javascript:go()",
    "data:text/html,x",
    "file:///etc/passwd",
    "http://[::1",
    "http://a.gov.cn:99999/",
    "//127.0.0.98:9/x.html",
    "/r.html?a=\x01&b=%00",
    *(f"/r.html?session={n}" for n in range(50)),
    *(f"/same-{n}.html" for n in range(3)),
]


def hostile(asked: Asked) -> Answer | None:
    if asked.path == "/list.html":  # a calendar: each page leads to one more
        page = int(asked.query.get("token", "0x0"), 16)
        listed = "".join(f'<a href="{x}">某局2023年政府信息公开工作年度报告</a>' for x in LINKS)
        following = f'<a href="/list.html?token={page + 1:#x}">下一页</a>'
        return Answer(f"<html>{listed if not page else ''}{following}</html>".encode())
    if asked.path.startswith("/same"):
        return Answer(b"<html>please wait")
    if asked.path == "/r.html":
        return Answer(REPORT.format(str(asked.query)).encode())
    return pages({path: answer for path, (answer, _, _) in ANSWERS.items()})(asked)


def test_what_hostile_servers_answer(crawled: Crawl, tmp_path: Path) -> None:
    with serve(hostile) as server:
        sources = [Source(path, "page", server.root + path) for path in ANSWERS]
        sources += [Source("list", "generic", f"{server.root}/list.html", params={"most_lists": "9"})]
        summary = crawled(*sources, manners={"max_bytes": 1_000_000}, limit=100)
    rows = summary.sources.set_index("source_id")
    for path, (_, column, why) in ANSWERS.items():
        assert rows.loc[path, column] == 1, (path, summary.lost)
        assert not why or why in summary.reason(path), path
    # Fifty addresses of one page, one that holds control characters, three that say the same.
    assert (rows.loc["list", "fetched"], rows.loc["list", "outside"]) == (54, 1)
    assert {code for source, code, _ in summary.alarms if source == "list"} == {"too_many", "same_bytes"}
    assert sum(asked.path == "/list.html" for asked in server.log) == 10
    with Archive(tmp_path / "archive") as archive:
        captures = {capture.source_row: capture for capture in archive.captures()}
        assert captures["/headers.html"].headers[-1] == ("gxstats-cut", "further headers")
        assert not any(b"root:" in archive.read(c.sha256) for c in captures.values() if c.sha256)
        assert archive.verify() == []


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 300_000,
        b"<html>" + b"<script" * 50_000,
        b"<html>" + b" " * 300_000,
        b"<html>" + b"<a href=x>" * 3_000,
    ],
    ids=["brackets", "scripts", "blanks", "links"],
)
def test_no_page_takes_long_to_look_at(body: bytes) -> None:
    page = Page(HERE, body)
    began = time.process_time()
    judge(page)
    list(platforms()["trs"].list_reports(page, Source("s", "trs", HERE)))
    assert time.process_time() - began < 5.0


def robots(body: str = "", status: int = 200, **headers: str) -> Site:
    """A site of ten reports with this robots.txt."""

    def site(asked: Asked) -> Answer | None:
        if asked.path == "/robots.txt":
            return Answer(body.encode(), status, "text/plain", headers)
        return Answer(REPORT.format(asked.path).encode())

    return site


def refusing(asked: Asked) -> Answer | None:
    return None if asked.path == "/robots.txt" else Answer(b"<html>no", 403)


def waiting(seconds: str) -> Site:
    """A site that answers 429 to its first page, once."""
    answered: list[str] = []

    def site(asked: Asked) -> Answer | None:
        if asked.path == "/robots.txt":
            return None
        answered.append(asked.path)
        return (
            Answer(b"", 429, headers={"Retry-After": seconds})
            if len(answered) == 1
            else Answer(REPORT.encode())
        )

    return site


HOSTS = {
    "robots of 500": (robots(status=500), "blocked", "robots.txt cannot be read: the server answers 500", 0),
    "robots of 403": (robots(status=403), "fetched", "", 12),
    "robots elsewhere": (robots(status=302, Location="http://127.0.0.99:9/robots.txt"), "fetched", "", 12),
    "robots of 5 MB": (robots("#" * 5_000_000 + "\nUser-agent: *\nDisallow: /"), "fetched", "", 12),
    "a day between": (robots("User-agent: *\nCrawl-delay: 86400"), "blocked", "asks for 86400 seconds", 0),
    "come back in years": (waiting("99999999"), "blocked", "asks to wait for 99999999 seconds", 1),
    "refuses": (refusing, "blocked", "the server answers 403", 10),
    "slow, please": (robots("User-agent: *\nCrawl-delay: 0.5"), "fetched", "", 12),
    "wait, please": (waiting("2"), "fetched", "", 13),
}


def test_hosts_that_want_to_be_left_alone_are(crawled: Crawl) -> None:
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(serve(site, f"127.0.0.{10 + number}"))
            for number, (name, (site, *_)) in enumerate(HOSTS.items())
        }
        summary = crawled(
            *(
                Source(f"{name} {n:02}", "page", f"{server.root}/{n}.html")
                for name, server in servers.items()
                for n in range(12)
            )
        )
    rows = summary.sources.set_index("source_id")
    for name, (_, column, why, requests) in HOSTS.items():
        own = rows[rows.index.str.startswith(name)]
        assert own[column].sum() == 12, (name, summary.lost)
        assert not why or why in summary.reason(f"{name} 00"), name
        # One more may be on its way when the answer comes that is too much.
        assert requests <= len(servers[name].paths()) <= requests + (name == "refuses"), name
    assert "in vain" in " ".join(summary.reason(f"refuses {n:02}") for n in range(12))
    times = [asked.at for asked in servers["slow, please"].log]
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.35
    times = [asked.at for asked in servers["wait, please"].log if asked.path != "/robots.txt"]
    assert times[1] - times[0] > 1.9
    assert times[-1] - times[1] < 4.0
