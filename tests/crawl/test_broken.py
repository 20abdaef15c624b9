"""Crawls that cannot go on: a full disk, nobody who listens, another crawl, a file that is no summary."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from gxstats.archive import Archive
from gxstats.archive.ledger import LedgerError
from gxstats.crawl.ledger import CrawlBusy, RunLedger, alone
from gxstats.crawl.page import Ask
from gxstats.crawl.run import CrawlFailed
from gxstats.crawl.sources import Source
from gxstats.crawl.spider import Address
from gxstats.errors import InputMissing, ReadError, UnknownField
from tests.crawl.conftest import Crawl
from tests.crawl.server import Answer, Asked, serve

START = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background has none
from gxstats.crawl.run import crawl
from gxstats.crawl.sources import Source
quick = {"allow_private": True, "delay": 0.05, "retries": 0, "timeout": 5.0}
sources = [Source(f"s{i:02}", "page", f"{sys.argv[2]}/{i}.html") for i in range(40)]
crawl(sources=sources, archive=sys.argv[1], contact="desk@example.org", progress=False, manners=quick)
"""


def site(asked: Asked) -> Answer | None:
    if asked.path == "/robots.txt":
        return None
    return Answer(f"<html><h1>第{asked.path}局2023年政府信息公开工作年度报告</h1></html>".encode())


def start(folder: Path, root: str) -> tuple[subprocess.Popen[bytes], psutil.Process]:
    """A crawl in a process of its own, and the process beside it that crawls."""
    running = subprocess.Popen([sys.executable, "-c", START, str(folder), root], stderr=subprocess.PIPE)
    while not (found := psutil.Process(running.pid).children()):
        time.sleep(0.02)
    return running, found[0]


def wait_for(server_log: list[Asked], count: int) -> None:
    deadline = time.monotonic() + 60
    while len(server_log) < count and time.monotonic() < deadline:
        time.sleep(0.01)


def test_without_anybody_who_listens_a_crawl_stops_and_another_goes_on(
    crawled: Crawl, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    with serve(site) as server:
        running, crawler = start(folder, server.root)
        wait_for(server.log, 8)
        running.kill()
        running.wait()
        crawler.wait(timeout=60)
        stopped_at = len(server.paths())
        assert stopped_at < 40
        with RunLedger(folder) as ledger:
            states = Counter(address.state for address in ledger.addresses(1))
            assert ledger.alarms(1) == []
        assert set(states) == {"fetched", "discovered"}
        assert states["fetched"] == stopped_at

        again, _ = start(folder, server.root)
        wait_for(server.log, stopped_at + 5)
        again.send_signal(signal.SIGINT)
        said = again.communicate(timeout=60)[1]
        assert b"KeyboardInterrupt" in said and b"Traceback" not in said.partition(b"KeyboardInterrupt")[2]
        told = json.loads((folder / "runs" / "000001.json").read_text(encoding="utf-8"))
        assert not told["complete"]
        last = crawled(*(Source(f"s{i:02}", "page", f"{server.root}/{i}.html") for i in range(40)))
    assert last.run == 1 and last.complete and last.sources.fetched.sum() == 40
    assert Counter(server.paths()) == {f"/{i}.html": 1 for i in range(40)}


def test_what_cannot_be_stored_is_not_had(crawled: Crawl, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    Archive(folder).close()
    (folder / "objects").rmdir()
    (folder / "objects").write_bytes(b"")  # no object can be written here
    with serve(site) as server:
        sources = [Source(f"s{i}", "page", f"{server.root}/{i}.html") for i in range(30)]
        with pytest.raises(CrawlFailed, match="archive cannot be written"):
            crawled(*sources)
        assert len(server.paths()) < 20  # it does not fetch what it cannot keep
        (folder / "objects").unlink()
        (folder / "objects").mkdir()
        summary = crawled(*sources)
    assert (summary.run, summary.complete, summary.sources.fetched.sum()) == (1, True, 30)


def test_one_crawl_at_a_time(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(CrawlBusy, match="another crawl"), alone(tmp_path, wait=0.0):
        pass
    with alone(tmp_path, wait=0.0):
        pass


def test_a_ledger_that_others_hold_or_that_is_none(tmp_path: Path) -> None:
    address = Address("s", "list", Ask("http://a.gov.cn/\ud800", "x"), title="\ud800年")
    with RunLedger(tmp_path, wait=0.0) as ledger:
        with ledger.together():
            assert ledger.discover(1, address._replace(ask=Ask("http://a.gov.cn/1", "x")))
        held = sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)
        held.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="locked"):
            ledger.end(1)
        held.close()
        assert [a.title for a in ledger.addresses(1)] == ["?年"]
    (tmp_path / "runs.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(LedgerError, match="no runs can be kept here"):
        RunLedger(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LedgerError, match="no runs can be kept here"):
        RunLedger(tmp_path / "file")


def test_an_old_run_is_not_taken_up_again(tmp_path: Path) -> None:
    with RunLedger(tmp_path) as ledger:
        assert ledger.begin("x") == (1, False)
        assert ledger.begin("x") == (1, True)
        with sqlite3.connect(tmp_path / "runs.sqlite") as db:
            db.execute("UPDATE runs SET began_at = '2020-01-01T00:00:00Z'")
        db.close()
        assert ledger.begin("x") == (2, False)


def test_what_is_asked_wrongly_is_said_before_anything_is_fetched(crawled: Crawl, tmp_path: Path) -> None:
    with pytest.raises(UnknownField, match="no platform is called 'none'"):
        crawled(Source("s", "none", "http://a.gov.cn/"))
    with pytest.raises(InputMissing, match="there is no summary"):
        crawled(Source("s", "page", "http://a.gov.cn/"), retry=tmp_path / "none.json")
    (tmp_path / "other.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(ReadError, match="no summary of a crawl"):
        crawled(Source("s", "page", "http://a.gov.cn/"), retry=tmp_path / "other.json")
    assert not os.listdir(tmp_path / "archive") if (tmp_path / "archive").exists() else True
