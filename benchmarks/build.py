"""Build of a dataset: what it costs over reading alone, what a second process gives, what engines cost.

python -m benchmarks.build [--documents N] [--rounds N] [--dask]

Reading alone is one process that reads every file and throws the facts away. Overhead is told in
processor time, which other work on the machine hardly changes; the gain of two processes is one of
wall time, for which the machine should be idle. Rounds take turns, the median counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.documents import render
from benchmarks.measure import machine, table

_READ = """
import sys
from pathlib import Path
from gxstats.api import read_bytes
for path in sorted(Path(sys.argv[1]).iterdir()):
    read_bytes(path.read_bytes())
"""
_BUILD = """
import sys
from pathlib import Path
from gxstats.build.pipeline import run
run(sys.argv[1], Path(sys.argv[2]), jobs=int(sys.argv[3]), engine=sys.argv[4], progress=False)
"""


class Cost(NamedTuple):
    """Seconds one run took."""

    wall: float
    cpu: float


def corpus(folder: Path, count: int) -> int:
    """Write rendered reports, of each as HTML, DOCX and PDF; returns how many files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = 0
    for number in range(count):
        for sample in render(number, folder):
            files += 1
            if sample.truth_path is not None:
                sample.truth_path.unlink(missing_ok=True)
    return files


def timed(program: str, *arguments: str) -> Cost:
    """Run a program to its end; the processor time includes its children."""
    before, start = os.times(), time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], check=True)
    wall, after = time.perf_counter() - start, os.times()
    user = after.children_user - before.children_user
    return Cost(wall, user + after.children_system - before.children_system)


def measure(folder: Path, out: Path, rounds: int, dask: bool) -> dict[str, Cost]:
    """The median cost of each way; the ways take turns."""

    def build(jobs: int, engine: str = "local", keep: str = "") -> Callable[[], Cost]:
        def run() -> Cost:
            target = out / (keep or "fresh")
            if not keep:
                shutil.rmtree(target, ignore_errors=True)
            return timed(_BUILD, str(folder), str(target), str(jobs), engine)

        return run

    ways: dict[str, Callable[[], Cost]] = {
        "reading alone": lambda: timed(_READ, str(folder)),
        "build, 1 process": build(1),
        "build, 2 processes": build(2),
        "again, nothing to read": build(1, keep="kept"),
    }
    if dask:
        ways["build, dask, 2 threads"] = build(2, "dask")
    build(2, keep="kept")()
    found: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return {
        name: Cost(statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs))
        for name, costs in found.items()
    }


def rows(costs: dict[str, Cost], files: int) -> list[dict[str, Any]]:
    """One row per way, with what it costs over reading alone."""
    alone = costs["reading alone"]
    return [
        {
            "way": name,
            "wall s": round(cost.wall, 2),
            "cpu s": round(cost.cpu, 2),
            "cpu ms per file": round(cost.cpu / files * 1000, 1),
            "cpu over reading alone": f"{cost.cpu / alone.cpu - 1:+.0%}",
        }
        for name, cost in costs.items()
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--documents", type=int, default=100, help="reports; each in three formats")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dask", action="store_true", help="also the dask engine")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        files = corpus(Path(folder) / "in", chosen.documents)
        size = sum(p.stat().st_size for p in (Path(folder) / "in").iterdir())
        costs = measure(Path(folder) / "in", Path(folder) / "out", chosen.rounds, chosen.dask)
        print("; ".join(f"{name}: {value}" for name, value in machine().items()))
        print(f"{files} files, {size / 1e6:.1f} MB, load {os.getloadavg()[0]:.1f}")
        print(table(rows(costs, files)))
        one, two = costs["build, 1 process"], costs["build, 2 processes"]
        print(f"two processes: {one.wall / two.wall:.2f} times one (wall)")
        kept = Path(folder) / "out" / "kept"
        shown = {
            part: sum(p.stat().st_size for p in (kept / part).rglob("*")) for part in (".readings", "facts")
        }
        print("; ".join(f"{part}: {size / files:.0f} bytes per file" for part, size in shown.items()))


if __name__ == "__main__":
    main()
