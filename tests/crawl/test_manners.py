"""What the crawler will not do, read off the log of the server it talks to."""

from __future__ import annotations

from itertools import pairwise

import pytest

import gxstats as gx
from gxstats.archive import Archive
from gxstats.crawl.run import crawl, fetch
from gxstats.crawl.settings import NoContact
from gxstats.crawl.sources import Source
from tests.crawl.conftest import CONTACT, QUICK, Crawl
from tests.crawl.server import Answer, pages, serve

LINK_LOCAL = ".".join(["169", "254", "169", "254"])  # where clouds keep their secrets
REPORT = "<html><body><h1>某县人民政府2023年政府信息公开工作年度报告</h1></body></html>"


def one(url: str, **told: object) -> Source:
    return Source("one", "page", url, **told)  # type: ignore[arg-type]


def test_what_a_crawler_with_manners_does(crawled: Crawl, tmp_path: object) -> None:
    robots = Answer(b"User-agent: *\nDisallow: /nb/", 200, "text/plain")
    evil = Answer(REPORT.encode(), headers={"Content-Disposition": 'attachment; filename="../../evil.html"'})
    with serve(pages({"/x": REPORT}), "127.0.0.2") as stranger:
        site: dict[str, Answer | bytes | str] = {
            "/robots.txt": robots,
            "/nb/1.html": REPORT,
            "/stranger.html": Answer(b"", 302, headers={"Location": f"{stranger.root}/x"}),
            "/loop.html": Answer(b"", 302, headers={"Location": "/loop.html"}),
            "/evil.html": evil,
        }
        with serve(pages(site)) as server:
            summary = crawled(*(Source(path, "page", server.root + path) for path in site if "html" in path))
    rows = summary.sources.set_index("source_id")
    # Robots are asked for first, and obeyed.
    assert server.log[0].path == "/robots.txt"
    assert "/nb/1.html" not in server.paths()
    assert rows.loc["/nb/1.html", "blocked"] == 1
    assert "robots.txt" in summary.reason("/nb/1.html")
    # A redirect to a stranger is recorded and not followed; one that never ends is given up.
    assert stranger.log == []
    assert rows.loc["/stranger.html", "outside"] == 1
    assert "127.0.0.2" in summary.reason("/stranger.html")
    assert rows.loc["/loop.html", "failed"] == 1
    assert server.paths().count("/loop.html") <= 7
    # The crawler says who it is.
    agents = {asked.headers["User-Agent"] for asked in server.log}
    assert agents == {f"gxstats/{gx.__version__} (+{CONTACT})"}
    # Names that the server gives choose no path.
    with Archive(f"{tmp_path}/archive") as archive:
        assert [capture.name for capture in archive.captures()] == [None]


def test_nobody_to_write_to(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.delenv("GXSTATS_CONTACT", raising=False)
    for contact in (None, "me", "a@b", "x y@example.org"):
        with pytest.raises(NoContact, match="address is needed"):
            crawl(sources=[one("http://www.a.gov.cn/1.html")], contact=contact, archive=str(tmp_path))


def test_one_request_at_a_time_and_no_faster_than_asked(crawled: Crawl) -> None:
    sources = [Source(f"s{i}", "page", "") for i in range(4)]
    with serve(pages({f"/{i}.html": REPORT for i in range(4)})) as server:
        sources = [Source(f"s{i}", "page", f"{server.root}/{i}.html") for i in range(4)]
        crawled(*sources, manners={"delay": 0.4})
    times = [asked.at for asked in server.log]
    assert len(times) == 5
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.35


def test_a_hurried_crawl_of_the_real_web_is_refused(tmp_path: object) -> None:
    with pytest.raises(gx.GxError, match="one request a second"):
        crawl(
            sources=[one("http://www.a.gov.cn/1.html")],
            contact=CONTACT,
            archive=str(tmp_path),
            manners={"delay": 0.1},
        )


def test_private_addresses_are_not_talked_to(crawled: Crawl) -> None:
    hosts = ["127.0.0.1:9", "localhost:9", "10.0.0.8", "[::1]", "2130706433", "0x7f.1", LINK_LOCAL]
    sources = [Source(host, "page", f"http://{host}/1.html") for host in hosts]
    summary = crawled(*sources, manners={"allow_private": False, "delay": 1.0})
    assert summary.sources.outside.tolist() == [1] * len(hosts)
    assert all("is a private address" in summary.reason(host) for host in hosts)


NOT_REPORTS = {
    "500": (Answer(b"x", 500), "failed", "the server answers 500"),
    "403": (Answer(b"x", 403), "blocked", "the server answers 403"),
    "404": (Answer(b"x", 404), "gone", "the server answers 404"),
    "soft-404": (Answer("<html>您访问的页面不存在</html>".encode()), "gone", "the page says '页面不存在'"),
    "challenge": (Answer(b"<html><script>$_ts=window['x'];go()</script></html>"), "blocked", "$_ts=window"),
    "shell": (Answer(b"<html><script>go()</script></html>"), "blocked", "nothing but scripts"),
    "cut": (Answer(b"<html><p>half", declared=90_000), "failed", "the answer was cut"),
    "endless": (Answer(b"<html>", endless=True), "failed", "larger than is allowed"),
    "late": (Answer(b"<html>late", wait=3.0), "failed", "took longer than 1.5 seconds"),
}


def test_answers_that_are_no_report(crawled: Crawl) -> None:
    with serve(pages({f"/{name}.html": answer for name, (answer, _, _) in NOT_REPORTS.items()})) as server:
        sources = [Source(name, "page", f"{server.root}/{name}.html") for name in NOT_REPORTS]
        summary = crawled(*sources, manners={"max_bytes": 200_000, "timeout": 1.5})
    rows = summary.sources.set_index("source_id")
    for name, (_, column, why) in NOT_REPORTS.items():
        assert rows.loc[name, column] == 1, (name, summary.lost)
        assert why in summary.reason(name), name
    assert rows.fetched.sum() == 0


def test_fetch_gives_a_document_that_can_be_read(tmp_path: object) -> None:
    body = REPORT.replace("</body>", '<a href="/annex.pdf">annex</a></body>')
    with serve(pages({"/1.html": body})) as server:
        url, folder = f"{server.root}/1.html", f"{tmp_path}/a"
        found = fetch(url, archive=folder, contact=CONTACT, manners=QUICK, attachments=False)
    assert server.paths() == ["/1.html"]
    report = gx.read_report(found)
    assert report.meta["url"] == f"{server.root}/1.html"
    assert report.meta["fetched_at"] == found.fetched_at
