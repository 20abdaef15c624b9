"""Read documents in processes of their own, with a deadline and a memory limit for each document.

A document that crashes its reader, hangs it or eats its memory costs that document and becomes an
issue; the others are read all the same. The processes are started as commands, not forked: that
is safe in notebooks, needs no ``if __name__ == "__main__"`` in scripts and works on every system.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from gxstats import wire
from gxstats.model import Issue
from gxstats.pipes import receive, send
from gxstats.report import Report

TIMEOUT = 60.0
"""Seconds one document may take."""
MEMORY = 3072
"""Megabytes of address space a process may use; importing the libraries takes about 1,000."""
RENEW_AFTER = 2000
"""Documents a process reads before it is replaced: libraries leak."""
RENEW_ABOVE = 640
"""Megabytes a process may still hold after a document: one that holds more is replaced."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost, and the command that is started to read documents."""

    timeout: float = TIMEOUT
    memory: int = MEMORY
    command: tuple[str, ...] = (sys.executable, "-m", "gxstats.worker")


@dataclass(frozen=True, slots=True)
class Job:
    """One document to read."""

    data: bytes
    name: str
    hints: Mapping[str, Any] | None = None


class Lost(NamedTuple):
    """What became of a document that took its process down: the code of the issue, and the words."""

    code: str
    message: str


class Worker:
    """One process, replaced when it dies; used by one thread only."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = _Deadline()
        self._served = 0
        self._full = False

    @property
    def fresh(self) -> bool:
        """Whether the next document is the first one of its process."""
        return self._process is None or not self._served or self.worn

    @property
    def worn(self) -> bool:
        """Whether the process is replaced before the next document: libraries leak and keep."""
        return self._process is not None and (self._full or self._served >= RENEW_AFTER)

    def ask(self, job: Job) -> bytes | Lost:
        """What the process answers, as it comes; undecoded, for that would cost the caller's time."""
        found = self._exchange(
            json.dumps({"name": job.name, "hints": dict(job.hints or {})}).encode(), job.data
        )
        if self._process is not None:
            self._served += 1
            self._full = held_memory(self._process.pid) > RENEW_ABOVE
        return found

    def hand_over(self) -> bytes | Lost:
        """What the process has kept of the documents before, if it is one that does."""
        return self._exchange(b"")

    def _exchange(self, *parts: bytes) -> bytes | Lost:
        process = self._running()
        self._deadline.begin(process, self._limits.timeout)
        try:
            answer = self._answer(process, parts)
        finally:
            expired = self._deadline.end()
        if answer is not None and not expired:
            return answer
        why = self._why(process, expired)
        self.stop()
        return why

    def read(self, job: Job) -> list[Report]:
        """The reports of a document."""
        answer = self.ask(job)
        if isinstance(answer, Lost):
            return [lost_report(hashlib.sha256(job.data).hexdigest(), job.name or None, answer)]
        return wire.load(answer)

    @staticmethod
    def _answer(process: subprocess.Popen[bytes], parts: Sequence[bytes]) -> bytes | None:
        assert process.stdin is not None and process.stdout is not None
        try:
            send(process.stdin, *parts)
            return receive(process.stdout)
        except (BrokenPipeError, OSError, ValueError):
            return None

    def _why(self, process: subprocess.Popen[bytes], expired: bool) -> Lost:
        if expired:
            return Lost("timeout", f"reading took longer than {self._limits.timeout:g} seconds")
        try:
            code: int | None = process.wait(timeout=5)
        except subprocess.TimeoutExpired:  # it lives, but what it answered was cut
            code = None
        return Lost("crashed", f"the reading process died (exit code {code})")

    def _running(self) -> subprocess.Popen[bytes]:
        if self.worn:
            self.stop()
        if self._process is None:
            command = [*self._limits.command, str(self._limits.memory)]
            path = os.pathsep.join(p or os.getcwd() for p in sys.path)
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
            self._served, self._full = 0, False
        return self._process

    def stop(self) -> None:
        """End the process and forget it; called by the thread that reads from it."""
        self._deadline.close()
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    # Closing sends on what the process never took, and that one is dead.
                    with suppress(OSError):
                        pipe.close()

    def interrupt(self) -> None:
        """End the process from another thread; whoever waits for its answer gets none."""
        process = self._process
        if process is not None:
            process.kill()


class _Deadline:
    """Ends a process that answers too late. One thread for all answers: a timer would start one for each."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None
        self._due = 0.0
        self._expired = False
        self._asleep = False
        self._thread: threading.Thread | None = None

    def begin(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        """From now on the process has so many seconds."""
        with self._changed:
            self._process, self._due, self._expired = process, time.monotonic() + seconds, False
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
            elif self._asleep:
                self._changed.notify()

    def end(self) -> bool:
        """It has answered or is gone; whether it was ended for its time."""
        with self._changed:
            self._process = None
            return self._expired

    def close(self) -> None:
        """End the thread; another :meth:`begin` starts a new one."""
        with self._changed:
            self._thread = None
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while self._thread is threading.current_thread():
                left = self._due - time.monotonic()
                self._asleep = self._process is None
                if self._process is None:
                    # Nobody is told of each answer: the thread finds out when the time of one is over.
                    self._changed.wait()
                elif left > 0:
                    self._changed.wait(left)
                else:
                    self._expired = True
                    self._process.kill()
                    self._process = None


def held_memory(process: int) -> int:
    """Megabytes that a process holds, 0 where the system does not say (it does on Linux)."""
    try:
        with open(f"/proc/{process}/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def lost_report(sha256: str, source: str | None, why: Lost) -> Report:
    """The report of a document that could not be read: without facts, with an issue that says why."""
    meta = {
        "document_id": f"{sha256[:16]}.1",
        "source": source,
        "sha256": sha256,
        "media_type": "application/octet-stream",
    }
    hint = "look at the file by itself; raise the limits if it is a real report"
    return Report(meta, issue_rows=(Issue("error", why.code, why.message, hint=hint),))


def read_jobs(jobs: Sequence[Job] | Iterator[Job], workers: int, limits: Limits) -> Iterator[list[Report]]:
    """Read documents in ``workers`` processes; yields the reports of each job in the order of the jobs.

    At most a few jobs per worker are taken from ``jobs`` ahead of what was yielded, so that a long
    iterator of files is never in memory as a whole.
    """
    todo: queue.SimpleQueue[tuple[Job, Future[list[Report]]] | None] = queue.SimpleQueue()
    pool = [Worker(limits) for _ in range(workers)]
    closing = threading.Event()
    threads = [threading.Thread(target=_serve, args=(worker, todo, closing), daemon=True) for worker in pool]
    waiting: list[Future[list[Report]]] = []
    for thread in threads:
        thread.start()
    try:
        for job in jobs:
            future: Future[list[Report]] = Future()
            waiting.append(future)
            todo.put((job, future))
            if len(waiting) > 4 * workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
    finally:
        closing.set()
        for worker in pool:
            todo.put(None)
            worker.interrupt()
        for thread in threads:
            thread.join()


def _serve(
    worker: Worker,
    todo: queue.SimpleQueue[tuple[Job, Future[list[Report]]] | None],
    closing: threading.Event,
) -> None:
    while (task := todo.get()) is not None:
        job, future = task
        if closing.is_set():
            future.cancel()
            continue
        try:
            future.set_result(worker.read(job))
        except Exception as error:  # handed to whoever waits for the result
            future.set_exception(error)
    worker.stop()
