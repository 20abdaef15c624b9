"""Kill a build at random moments, again and again, and see that nothing is lost and little read twice.

python -m benchmarks.build_kills [--kills 50] [--documents 120] [--seed 0] [--processes 2]

The build reads rendered reports in portions of up to 64. It is killed (SIGKILL) at moments drawn
between its start and the end of an uninterrupted build, and started again, until it ends by itself;
then the next one begins in an empty folder, until the kills are used up. The exit code is 0 if every
release is that of the uninterrupted build byte for byte and no kill cost more than one portion for
each process.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.build import corpus

PORTION = 64
# Every reading is logged by the process that makes it, so that what is read twice can be counted.
_READER = """
import hashlib, os
from gxstats.build.worker import answer, hand_over
from gxstats.worker import serve

log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def read(data, request):
    found = answer(data, request)
    os.write(log, (hashlib.sha256(data).hexdigest() + "\\n").encode())
    return found

serve(read, hand_over)
"""
_BUILD = """
import sys
from pathlib import Path
from gxstats.batch import Limits
from gxstats.build.pipeline import run
folder, out, jobs, reader = sys.argv[1:]
run(folder, Path(out), jobs=int(jobs), limits=Limits(600, 3072, (sys.executable, reader)), progress=False)
"""


def start(folder: Path, out: Path, jobs: int) -> subprocess.Popen[bytes]:
    """Start a build; its readers log next to ``out``."""
    reader = out.with_suffix(".py")
    reader.write_text(_READER.format(log=str(out.with_suffix(".log"))))
    command = [sys.executable, "-c", _BUILD, str(folder), str(out), str(jobs), str(reader)]
    return subprocess.Popen(command)


def content_of(out: Path) -> dict[str, str]:
    """Digest of every file of the release, by its path."""
    files = [p for p in sorted(out.rglob("*")) if p.is_file()]
    names = {p.relative_to(out).as_posix(): p for p in files}
    return {n: hashlib.sha256(p.read_bytes()).hexdigest() for n, p in names.items() if not n.startswith(".")}


def read_so_far(out: Path) -> list[str]:
    """The sha256 of every reading made, in order."""
    log = out.with_suffix(".log")
    return log.read_text().split() if log.exists() else []


def kill_until_it_ends(
    folder: Path, out: Path, jobs: int, most: int, longest: float, rng: random.Random
) -> int:
    """Build with kills until a build ends by itself; returns how many were killed, ``most`` of them."""
    killed = 0
    while killed < most:
        process = start(folder, out, jobs)
        try:
            process.wait(rng.random() * longest)
            return killed
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
    if start(folder, out, jobs).wait():
        raise SystemExit("the last build failed")
    return killed


def main(arguments: Sequence[str] | None = None) -> None:
    """Kill, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--documents", type=int, default=120, help="reports; each in three formats")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder, whole = Path(scratch) / "in", Path(scratch) / "whole"
        files = corpus(folder, chosen.documents)
        begun = time.monotonic()
        if start(folder, whole, chosen.processes).wait():
            raise SystemExit("the uninterrupted build failed")
        longest = time.monotonic() - begun
        rng = random.Random(chosen.seed)
        print(f"{files} files; uninterrupted build {longest:.1f} s", flush=True)
        killed, series, good = 0, 0, True
        while killed < chosen.kills:
            series += 1
            out = Path(scratch) / f"out{series}"
            most = chosen.kills - killed
            more = kill_until_it_ends(folder, out, chosen.processes, most, longest, rng)
            read = read_so_far(out)
            twice, allowed = len(read) - files, more * chosen.processes * PORTION
            same = content_of(whole) == content_of(out)
            good = good and same and len(set(read)) == files and twice <= allowed
            killed += more
            print(f"{more} kills: {twice} read again, {allowed} allowed; identical: {same}", flush=True)
        print(f"{killed} kills in all; {'as promised' if good else 'BROKEN'}")
        sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
