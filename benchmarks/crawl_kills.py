"""A crawl that is killed again and again, and the memory that a crawl takes.

    python -m benchmarks.crawl_kills [--reports N] [--kills N] [--seed N] [--documents N] [--kilobytes N]

A server on this machine lists reports as Hanweb does. The processes that crawl are killed at random
moments, while they start, read lists, or fetch, and the same crawl is asked for again. At the end every
report must be in the archive, its files sound, and nothing fetched twice but what was under way at a
kill, read off the log of the server. Memory is the peak of the process that crawls (VmHWM).
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from gxstats.archive import Archive
from tests.crawl.server import Answer, Asked, Server, Site, serve
from tests.crawl.sites import hanweb, made_reports

_CRAWL = """
import json, sys
from gxstats.crawl.run import crawl
from gxstats.crawl.sources import Source
quick = {"allow_private": True, "delay": 0.0, "retries": 1, "timeout": 20.0}
summary = crawl(sources=[Source("s", "hanweb", sys.argv[2])], archive=sys.argv[1],
                contact="desk@example.org", progress=False, manners=quick)
print(json.dumps({"complete": summary.complete, **summary.rows[0], "alarms": summary.alarms}))
"""


def main() -> None:
    """Run both measurements and print what they found; fails if anything was lost."""
    parser = argparse.ArgumentParser(description="killed crawls, and the memory of a crawl")
    for name, usual in (
        ("reports", 500),
        ("kills", 30),
        ("seed", 20),
        ("documents", 1000),
        ("kilobytes", 200),
    ):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    print(json.dumps(measure_kills(asked.reports, asked.kills, asked.seed), indent=1), flush=True)
    print(json.dumps(measure_memory(asked.documents, asked.kilobytes, asked.seed), indent=1), flush=True)


def measure_kills(reports: int, kills: int, seed: int) -> dict[str, Any]:
    """Kill a crawl of so many reports so many times, let it end, and check what it brought."""
    dice = random.Random(seed)
    made = _made(reports, 0, dice)
    folder = Path(tempfile.mkdtemp(prefix="gx-crawl-kills-"))
    ends: list[int] = []
    with serve(_slow(hanweb.site(made, per_page=15, group_size=3, held=15))) as server:
        for _ in range(kills):
            if _killed(folder, server, dice):
                ends.append(len(server.log))
        last = _run(folder, server)
        said = json.loads(last.communicate()[0])
    with Archive(folder) as archive:
        frame = archive.frame()
        bodies = {archive.read(sha) for sha in set(frame.sha256)}
        problems = [problem for problem in archive.verify() if not problem.harmless]
    again = _asked_again(server, ends)
    assert bodies == {body for *_, body in made}, "reports are lost, or there is something else"
    assert said["complete"] and said["fetched"] == reports, said
    assert not problems, problems
    assert all(since <= 1 for _, since in again), again
    shutil.rmtree(folder)
    return {
        "reports": reports,
        "kills": len(ends),
        "in the archive": len(bodies),
        "requests without robots.txt": len(server.paths()),
        "asked for twice": len(again),
        "requests between such a one and its kill, at most": max((since for _, since in again), default=0),
        "lists asked for twice": sum(path in (hanweb.LIST, hanweb.PROXY) for path, _ in again),
    }


def measure_memory(documents: int, kilobytes: int, seed: int) -> dict[str, Any]:
    """The peak memory of a crawl of so many documents of so many kilobytes."""
    made = _made(documents, kilobytes * 1000, random.Random(seed))
    folder = Path(tempfile.mkdtemp(prefix="gx-crawl-memory-"))
    peak, began = 0, time.perf_counter()
    with serve(hanweb.site(made, per_page=15, group_size=3, held=15)) as server:
        running = _run(folder, server)
        while running.poll() is None:
            peak = max([peak, *(_peak_of(child.pid) for child in _crawling(running.pid))])
            time.sleep(0.1)
    said = json.loads(running.communicate()[0])
    assert said["fetched"] == documents, said
    assert peak < 300_000, f"{peak} kilobytes"
    shutil.rmtree(folder)
    return {
        "documents": documents,
        "kilobytes each": kilobytes,
        "peak megabytes": round(peak / 1e3, 1),
        "seconds": round(time.perf_counter() - began, 1),
    }


def _made(count: int, size: int, dice: random.Random) -> list[made_reports.Report]:
    return [
        (title, year, body + f"<p>{index}: {dice.randbytes(size // 2).hex()}</p>".encode())
        for index, (title, year, body) in enumerate(made_reports.some(count))
    ]


def _slow(site: Site) -> Site:
    def answer(asked: Asked) -> Answer | None:
        time.sleep(0.02)
        return site(asked)

    return answer


def _run(folder: Path, server: Server) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _CRAWL, str(folder), server.root + hanweb.LIST]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _crawling(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children()
    except psutil.Error:
        return []


def _killed(folder: Path, server: Server, dice: random.Random) -> bool:
    """Start the crawl and kill it: one time in five while it starts, else soon after its first request."""
    before, running = len(server.log), _run(folder, server)
    if dice.random() < 0.8:
        while len(server.log) == before and running.poll() is None:
            time.sleep(0.005)
        time.sleep(dice.uniform(0.0, 0.6))
    else:
        time.sleep(dice.uniform(0.2, 2.5))
    alive = running.poll() is None
    for child in _crawling(running.pid):
        child.kill()
        child.wait()
    running.kill()
    running.communicate()
    time.sleep(0.05)  # what the server was answering is in its log
    return alive


def _asked_again(server: Server, ends: list[int]) -> list[tuple[str, int]]:
    """What was asked for twice: its path, and how many requests came between the first and the kill."""
    found = []
    for number, asked in enumerate(server.log):
        if asked.times > 1 and asked.path != "/robots.txt":
            same = (asked.path, asked.query, asked.form)
            first = max(
                i for i in range(number) if (a := server.log[i]) and (a.path, a.query, a.form) == same
            )
            kill = min(end for end in ends if end > first)
            found.append((asked.path, kill - first - 1 if kill <= number else number))
    return found


def _peak_of(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
