"""Read documents on this machine: one process per worker, one portion of documents at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from gxstats import batch
from gxstats.build.readings import Stored, portions
from gxstats.build.worker import read_one
from gxstats.errors import GxError

PORTION = 64
"""Documents whose readings are written together: what a killed worker loses."""


CHANGED = "the file has changed since the build began"


class Missed(NamedTuple):
    """A document whose bytes could not be had."""

    sha256: str
    error: Exception


Step = Missed | None
"""One document is done; if its bytes could not be had, it was not read."""


class _Done(NamedTuple):
    error: BaseException | None


class ChangedMeanwhile(GxError, OSError):
    """A file is no longer the one it was when the build began."""


def read_locally(
    todo: Sequence[str],
    read: Callable[[str], bytes],
    keep: Callable[[Sequence[Stored]], None],
    workers: int,
    limits: batch.Limits,
) -> Iterator[Step]:
    """Read documents in ``workers`` processes.

    Each worker takes a portion, reads it and hands all of its readings to ``keep``. So a document
    that hangs holds up nobody else, and stopping loses at most one portion per worker; stopping by
    an exception (Ctrl-C, a closed generator) keeps what was read of it.

    Args:
        todo: sha256 of the documents.
        read: gives the bytes of one; called in several threads.
        keep: stores readings; called in several threads, one at a time.
        workers: processes.
        limits: what one document may cost.

    Yields:
        One step per document, in no particular order.
    """
    steps: queue.SimpleQueue[Step | _Done] = queue.SimpleQueue()
    crew = _Crew(todo, read, keep, workers, limits, steps)
    try:
        crew.start()
        left = workers
        while left:
            step = steps.get()
            if not isinstance(step, _Done):
                yield step
                continue
            left -= 1
            if step.error is not None:
                raise step.error
    finally:
        crew.stop()


class _Crew:
    """The threads that wait for the processes."""

    def __init__(
        self,
        todo: Sequence[str],
        read: Callable[[str], bytes],
        keep: Callable[[Sequence[Stored]], None],
        workers: int,
        limits: batch.Limits,
        steps: queue.SimpleQueue[Step | _Done],
    ) -> None:
        self._portions = portions(todo, workers, PORTION)
        self._read, self._keep, self._limits, self._steps = read, keep, limits, steps
        self._one_at_a_time = threading.Lock()
        self._closing = threading.Event()
        self._workers = [batch.Worker(limits) for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._serve, args=(worker,), daemon=True) for worker in self._workers
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the processes and wait until what they have read is stored."""
        self._closing.set()
        for worker, thread in zip(self._workers, self._threads, strict=True):
            while thread.is_alive():
                worker.interrupt()
                thread.join(0.1)

    def _serve(self, worker: batch.Worker) -> None:
        error: BaseException | None = None
        try:
            while not self._closing.is_set() and (portion := self._next()):
                self._read_portion(worker, portion)
        except BaseException as raised:  # handed to whoever waits for the steps
            error = raised
        finally:
            worker.stop()
            self._steps.put(_Done(error))

    def _next(self) -> list[str] | None:
        with self._one_at_a_time:
            return next(self._portions, None)

    def _read_portion(self, worker: batch.Worker, portion: Sequence[str]) -> None:
        done: list[Stored] = []
        try:
            for sha256 in portion:
                missed = self._read_document(worker, sha256, done)
                if self._closing.is_set():
                    break
                self._steps.put(missed)
        finally:
            if done:
                with self._one_at_a_time:
                    self._keep(done)

    def _read_document(self, worker: batch.Worker, sha256: str, done: list[Stored]) -> Step:
        try:
            data = self._read(sha256)
        except (OSError, GxError) as error:
            return Missed(sha256, error)
        reading = read_one(worker, sha256, data, self._limits, self._closing.is_set)
        if self._closing.is_set():  # the process was ended, its answer says nothing of the document
            return None
        if reading is None:
            return Missed(sha256, ChangedMeanwhile(CHANGED))
        done.append(reading)
        return None
