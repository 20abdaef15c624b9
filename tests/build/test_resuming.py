"""A build that is killed or stopped goes on where it was, and ends the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import gxstats as gx
from gxstats.build.pipeline import READINGS, run
from tests.build.conftest import Watched, content_of, write_pages

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are Unix")
JOBS, PORTION, KILLS = 2, 4, 2
PROGRAM = """
    from pathlib import Path
    from gxstats.batch import Limits
    from gxstats.build import local
    from gxstats.build.pipeline import run

    local.PORTION = {portion}
    limits = Limits(60, 3072, ({python!r}, {script!r}))
    print(run(Path({folder!r}), Path({out!r}), jobs={jobs}, limits=limits, progress=False), flush=True)
"""


def start(watched: Watched, folder: Path, out: Path) -> subprocess.Popen[bytes]:
    program = textwrap.dedent(PROGRAM).format(
        portion=PORTION,
        python=sys.executable,
        script=str(watched.script),
        folder=str(folder),
        out=str(out),
        jobs=JOBS,
    )
    root = Path(gx.__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def wait_for_readings(watched: Watched, count: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while len(watched.read()) < count and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)


def test_kills_cost_one_portion_per_process_and_change_nothing(tmp_path: Path, watched: Watched) -> None:
    folder = write_pages(tmp_path / "in", 30)
    run(folder, tmp_path / "whole", jobs=1, progress=False)
    rng = random.Random(6)
    seen = 0
    for _ in range(KILLS):
        process = start(watched, folder, tmp_path / "out")
        wait_for_readings(watched, seen + rng.randint(2, 12), process)
        time.sleep(rng.random() * 0.05)
        process.kill()
        process.communicate()
        time.sleep(0.1)  # the readers end with their parent, but not in the same instant
        seen = len(watched.read())
    process = start(watched, folder, tmp_path / "out")
    told, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()
    assert b"documents=30" in told
    assert content_of(tmp_path / "out") == content_of(tmp_path / "whole")
    read = watched.read()
    assert len(set(read)) == 30
    assert len(read) - 30 <= KILLS * JOBS * PORTION
    leftovers = [p for p in (tmp_path / "out" / READINGS).rglob(".aside*") if p.is_file()]
    assert leftovers == []


def test_ctrl_c_keeps_what_was_read_and_ends_the_processes(tmp_path: Path, watched: Watched) -> None:
    folder = write_pages(tmp_path / "in", 40)
    process = start(watched, folder, tmp_path / "out")
    wait_for_readings(watched, 10, process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert b"KeyboardInterrupt" in errors
    assert (
        str(watched.script)
        not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout
    )
    before = len(watched.read())
    assert not (tmp_path / "out" / "release.json").exists()
    done = run(folder, tmp_path / "out", jobs=1, limits=watched.limits, progress=False)
    # Two were being read when it was stopped.
    assert 40 - before <= done.read <= 40 - before + JOBS
