"""A crawl that is killed goes on: nothing is lost, and only what was under way is asked for twice."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from pathlib import Path

import psutil

from gxstats.archive import Archive
from gxstats.crawl.run import CrawlFailed
from gxstats.crawl.sources import Source
from tests.crawl.conftest import Crawl
from tests.crawl.server import Answer, Asked, serve

REPORTS = 60


def site(asked: Asked) -> Answer | None:
    name = asked.path.strip("/").removesuffix(".html")
    if not name.isdigit():
        return None
    return Answer(f"<html><h1>第{name}局2023年政府信息公开工作年度报告</h1></html>".encode(), wait=0.02)


def kill_after(seconds: float) -> None:
    """Kill the process that crawls, the hard way."""
    time.sleep(seconds)
    for child in psutil.Process().children():
        if any("gxstats.crawl.process" in part for part in child.cmdline()):
            child.kill()


def test_a_killed_crawl_goes_on(crawled: Crawl, tmp_path: Path) -> None:
    dice = random.Random(7)
    kills = 0
    with serve(site) as server:
        sources = [Source(f"s{i:02}", "page", f"{server.root}/{i}.html") for i in range(REPORTS)]
        summary = None
        while summary is None:
            before = len(server.log)
            killer = threading.Thread(target=kill_after, args=(dice.uniform(1.2, 2.2),))
            if kills < 2:
                killer.start()
            try:
                summary = crawled(*sources)
            except CrawlFailed:
                kills += 1
            if killer.ident:
                killer.join()
            assert len(server.log) > before or summary is None
    assert summary.complete
    assert summary.sources.fetched.sum() == REPORTS
    asked = Counter(server.paths())
    assert set(asked) == {f"/{i}.html" for i in range(REPORTS)}
    # One request at a time is under way, and one answer may be waiting to be written down.
    assert sum(asked.values()) - REPORTS <= 2 * kills
    with Archive(tmp_path / "archive") as archive:
        assert len({capture.sha256 for capture in archive.captures()}) == REPORTS
        assert [p for p in archive.verify() if not p.harmless] == []


def test_a_second_visit_tells_same_from_revised_and_gone(crawled: Crawl) -> None:
    told = {"/1.html": b"<p>one</p>", "/2.html": b"<p>two</p>", "/3.html": b"<p>three</p>"}

    def changing(asked: Asked) -> Answer | None:
        found = told.get(asked.path)
        return Answer(found) if found else None

    with serve(changing) as server:
        sources = [Source(f"s{i}", "page", f"{server.root}/{i}.html") for i in (1, 2, 3)]
        first = crawled(*sources)
        told["/2.html"] = b"<p>two, corrected</p>"
        del told["/3.html"]
        second = crawled(*sources)
    assert first.sources.new.tolist() == [1, 1, 1]
    assert second.sources[["same", "revised", "gone"]].values.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert ("s3", "fewer") in [alarm[:2] for alarm in second.alarms]


def test_only_what_failed_is_tried_again(crawled: Crawl, tmp_path: Path) -> None:
    broken = {"/2.html"}

    def moody(asked: Asked) -> Answer | None:
        if asked.path == "/robots.txt":
            return None
        return Answer(b"x", 500) if asked.path in broken else Answer(b"<p>fine</p>")

    with serve(moody) as server:
        sources = [Source(f"s{i}", "page", f"{server.root}/{i}.html") for i in (1, 2)]
        first = crawled(*sources)
        broken.clear()
        server.log.clear()
        again = crawled(*sources, retry=tmp_path / "archive" / "runs" / f"{first.run:06d}.json")
    assert first.sources.failed.tolist() == [0, 1]
    assert again.sources.source_id.tolist() == ["s2"]
    assert again.sources.fetched.tolist() == [1]
    assert server.paths() == ["/2.html"]


def test_a_dry_run_reads_lists_only(crawled: Crawl) -> None:
    with serve(site) as server:
        summary = crawled(Source("one", "page", f"{server.root}/1.html"), dry_run=True)
    assert server.paths() == []
    assert summary.sources.found.tolist() == [1]
    assert summary.sources.fetched.tolist() == [0]
