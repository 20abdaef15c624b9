"""Read documents on a Dask cluster: batches travel to its workers, stored readings come back.

Dask survives a worker that dies, but not a document that takes it down each time it is tried. So
the workers do not read: each thread of theirs has a process of its own that does, as on one machine.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from gxstats import batch
from gxstats.build.local import PORTION
from gxstats.build.pieces import Packed
from gxstats.build.portion import Given, Missed, PortionReader, Step
from gxstats.build.reader_key import reader_key
from gxstats.build.readings import Readings, Stored, portions
from gxstats.build.worker import COMMAND
from gxstats.errors import GxError

SMALLEST = 20
"""Documents of a task at least: a task costs some milliseconds whatever it does."""
_AHEAD = 2


class MissingExtra(GxError, ImportError):
    """Something that only an extra installs is needed."""


class OtherReader(GxError, RuntimeError):
    """A worker of the cluster has another version of the reader."""


def read_on_cluster(
    todo: Sequence[Given],
    read: Callable[[str], bytes],
    readings: Readings,
    jobs: int | None,
    limits: batch.Limits,
    scheduler: str | None,
) -> Iterator[Step]:
    """Read documents on a cluster.

    Args:
        todo: the documents.
        read: gives the bytes of one, here; the cluster needs no access to them.
        readings: where they are stored, here.
        jobs: threads of the cluster that is started if ``scheduler`` is None.
        limits: what one document may cost.
        scheduler: address of a running scheduler.

    Yields:
        One step per document, in no particular order.

    Raises:
        MissingExtra: Dask is not installed.
        OtherReader: a worker of the cluster would read otherwise.
    """
    with _client(jobs, scheduler) as (dask, client):
        threads = max(1, sum(client.nthreads().values()))
        waiting = portions(todo, threads, PORTION, SMALLEST)
        running = dask.as_completed()
        for _ in range(_AHEAD * threads):
            yield from _send(client, running, waiting, read, limits)
        for future in running:
            done: Done = future.result()
            future.release()
            if done.documents:
                readings.keep(done.documents, done.packs)
            yield from done.steps
            yield from _send(client, running, waiting, read, limits)


def _send(
    client: Any,
    running: Any,
    waiting: Iterator[list[Given]],
    read: Callable[[str], bytes],
    limits: batch.Limits,
) -> Iterator[Missed]:
    """Send the next portion, if there is one; documents whose bytes cannot be had are told."""
    documents: list[tuple[Given, bytes]] = []
    missed: list[Missed] = []
    for given in next(waiting, ()):
        try:
            documents.append((given, read(given.sha256)))
        except (OSError, GxError) as error:
            missed.append(Missed(given.sha256, error))
    if documents:
        # Sent apart from the task: the scheduler should not carry the bytes.
        data = client.scatter([documents], hash=False)[0]
        running.add(client.submit(read_documents, data, limits, reader_key(), pure=False))
    yield from missed


class Done(NamedTuple):
    """What a task gives back."""

    documents: list[Stored]
    packs: list[Packed]
    steps: list[Step]


def read_documents(documents: Sequence[tuple[Given, bytes]], limits: batch.Limits, key: str) -> Done:
    """What a task does: read documents in the process of this thread.

    Raises:
        OtherReader: this machine has another reader than the one that asks.
    """
    if key != reader_key():
        raise OtherReader(
            f"this worker reads with {reader_key()}, the build with {key}",
            hint="install the same versions on every machine of the cluster",
        )
    if limits.command[1:] == COMMAND:  # named by the machine that asks, whose interpreter lies elsewhere
        limits = replace(limits, command=(sys.executable, *COMMAND))
    worker = _process_of_thread(limits)
    held = {given.sha256: data for given, data in documents}
    reader = PortionReader(worker, held.__getitem__, limits)
    steps: list[Step] = []
    reader.read([given for given, _ in documents], steps.append)
    return Done(reader.done, reader.packs, steps)


_processes = threading.local()
_started: list[batch.Worker] = []


def _process_of_thread(limits: batch.Limits) -> batch.Worker:
    """The reading process of this thread: starting one for each task would cost more than reading."""
    known: tuple[batch.Limits, batch.Worker] | None = getattr(_processes, "known", None)
    if known is not None and known[0] == limits:
        return known[1]
    if known is not None:
        known[1].stop()
    worker = batch.Worker(limits)
    _processes.known = (limits, worker)
    _started.append(worker)
    return worker


def _stop_processes() -> None:
    while _started:
        _started.pop().stop()


atexit.register(_stop_processes)


@contextmanager
def _client(jobs: int | None, scheduler: str | None) -> Iterator[tuple[Any, Any]]:
    """Dask and a client of the cluster."""
    try:
        import distributed
    except ImportError as error:
        raise MissingExtra(
            "the dask engine needs Dask", hint="pip install 'gxstats[scale]', or use the local engine"
        ) from error
    dask: Any = distributed  # it has no types
    if scheduler is not None:
        with dask.Client(scheduler) as client:
            yield dask, client
        return
    # Threads suffice, for their documents are read in processes; and they need no `if __name__ == ...`.
    cluster = dask.LocalCluster(
        n_workers=1,
        threads_per_worker=jobs or os.cpu_count() or 1,
        processes=False,
        dashboard_address=None,
    )
    try:
        with cluster, dask.Client(cluster) as client:
            yield dask, client
    finally:
        _stop_processes()
