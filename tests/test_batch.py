"""Documents are read in processes of their own: what one of them does there costs only itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import gxstats as gx
from gxstats import batch
from gxstats.batch import Job, Limits, read_jobs

GOOD = "二、主动公开政府信息情况\n规章 | 0 | 1 | 7 |\n行政规范性文件 | 5 | 0 | 9 |\n行政许可 | 3 |\n".encode()

HOSTILE_WORKER = """
from gxstats import wire
from gxstats.api import read_bytes
from gxstats.testing.hostile_reader import take_down
from gxstats.worker import serve

def read(data, request):
    take_down(data)
    return wire.dump(read_bytes(data))

serve(read)
"""


@pytest.fixture
def hostile(tmp_path: Path) -> Limits:
    script = tmp_path / "hostile.py"
    script.write_text(HOSTILE_WORKER)
    return Limits(timeout=4, memory=3072, command=(sys.executable, str(script)))


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"hang", "timeout"), (b"crash", "crashed"), (b"memory", "crashed"), (b"cut", "crashed")],
)
def test_a_document_that_takes_its_reader_down_becomes_an_issue_and_costs_no_other(
    hostile: Limits, data: bytes, code: str
) -> None:
    jobs = [Job(GOOD, "a"), Job(data, "bad"), Job(GOOD, "b"), Job(GOOD, "c")]
    found = [reports[0] for reports in read_jobs(jobs, 1, hostile)]
    assert [len(r.fact_rows) for r in found] == [10, 0, 10, 10]
    assert [i.code for i in found[1].issue_rows] == [code]
    assert found[1].meta["source"] == "bad"


def test_a_process_that_dies_before_it_has_taken_the_document_costs_that_document(tmp_path: Path) -> None:
    script = tmp_path / "dead.py"
    script.write_text("import os; os._exit(3)")
    limits = Limits(timeout=20, memory=3072, command=(sys.executable, str(script)))
    found = [reports[0] for reports in read_jobs([Job(bytes(5_000_000), "a"), Job(GOOD, "b")], 1, limits)]
    assert [report.issue_rows[0].code for report in found] == ["crashed", "crashed"]


def test_processes_give_the_same_tables_as_this_process(tmp_path: Path) -> None:
    files = []
    for number in range(5):
        files.append(tmp_path / f"报告 {number}.txt")
        files[-1].write_bytes(GOOD.replace(b"9", str(number).encode()))
    files.insert(2, tmp_path / "not there.txt")
    alone = gx.read_reports(files, jobs=0, progress=False)
    apart = gx.read_reports(files, jobs=2, progress=False)
    for table in ("facts", "checks", "issues", "reports", "prose", "unmatched_rows"):
        assert getattr(alone, table).equals(getattr(apart, table)), table
    assert [r.meta["source"] for r in apart] == [str(f) for f in files]
    assert apart[2].issues.code.tolist() == ["not_opened"]


def test_money_crosses_processes_exactly(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(
            "行政事业性收费 | 0.100001 |\n行政许可 | 1 |\n规章 | 1 | 2 | 3 |\n本年收费金额 | 1 |"
        )
    reports = gx.read_reports(tmp_path, jobs=2, progress=False)
    amounts = {str(f.amount) for r in reports for f in r.fact_rows if f.amount is not None}
    assert amounts == {"0.100001"}


@pytest.mark.skipif(os.name == "nt", reason="signals are Unix")
def test_ctrl_c_ends_the_processes_too(tmp_path: Path) -> None:
    script = tmp_path / "hostile.py"
    script.write_text(HOSTILE_WORKER)
    program = textwrap.dedent(f"""
        from gxstats.batch import Job, Limits, read_jobs
        limits = Limits(600, 3072, ({sys.executable!r}, {str(script)!r}))
        print("started", flush=True)
        list(read_jobs([Job(b"hang", "h")] * 2, 2, limits))
    """)
    root = Path(gx.__file__).parents[1]
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) != 0
    process.stdout.close()
    assert str(script) not in _commands()


def _commands() -> str:
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout


def test_a_process_that_holds_much_after_a_document_is_replaced(
    monkeypatch: pytest.MonkeyPatch, hostile: Limits
) -> None:
    worker = batch.Worker(hostile)
    try:
        seen = []
        for above in (10**6, 10**6, 0, 10**6):
            monkeypatch.setattr(batch, "RENEW_ABOVE", above)
            assert len(worker.read(Job(GOOD, "a"))[0].fact_rows) == 10
            seen.append(worker.fresh)
        assert seen == [False, False, batch.held_memory(os.getpid()) > 0, False]
    finally:
        worker.stop()
    assert batch.held_memory(-1) == 0
