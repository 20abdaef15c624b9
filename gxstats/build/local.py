"""Read documents on this machine: one process per worker, one portion of documents at a time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from gxstats import batch
from gxstats.build.portion import Given, PortionReader, Step
from gxstats.build.readings import Readings, portions

PORTION = 64
"""Documents whose readings are written together: what a killed worker loses."""


GRACE = 3.0
"""Seconds a process has to finish its document and hand over when the build is stopped."""


class _Done(NamedTuple):
    error: BaseException | None


def read_locally(
    todo: Sequence[Given],
    read: Callable[[str], bytes],
    readings: Readings,
    workers: int,
    limits: batch.Limits,
) -> Iterator[Step]:
    """Read documents in ``workers`` processes.

    Each worker takes a portion, reads it and has all of it stored. So a document that hangs holds up
    nobody else, and a kill loses at most one portion per worker; stopping by an exception (Ctrl-C, a
    closed generator) keeps what was read of it, unless a document hangs just then.

    Args:
        todo: the documents.
        read: gives the bytes of one; called in several threads.
        readings: where they are stored; called in several threads, one at a time.
        workers: processes.
        limits: what one document may cost.

    Yields:
        One step per document, in no particular order.
    """
    steps: queue.SimpleQueue[Step | _Done] = queue.SimpleQueue()
    crew = _Crew(todo, read, readings, workers, limits, steps)
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
        todo: Sequence[Given],
        read: Callable[[str], bytes],
        readings: Readings,
        workers: int,
        limits: batch.Limits,
        steps: queue.SimpleQueue[Step | _Done],
    ) -> None:
        self._portions = portions(todo, workers, PORTION)
        self._read, self._readings, self._limits, self._steps = read, readings, limits, steps
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
        until = time.monotonic() + GRACE
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
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

    def _next(self) -> list[Given] | None:
        with self._one_at_a_time:
            return next(self._portions, None)

    def _read_portion(self, worker: batch.Worker, portion: Sequence[Given]) -> None:
        reader = PortionReader(worker, self._read, self._limits, self._closing.is_set)
        try:
            reader.read(portion, self._steps.put)
        finally:
            if reader.done:
                with self._one_at_a_time:
                    self._readings.keep(reader.done, reader.packs)
