"""The build: find the documents, read what was not read yet, resolve, write the release."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from gxstats import batch
from gxstats.errors import GxError

if TYPE_CHECKING:
    from gxstats.build.inputs import Inputs, Source
    from gxstats.build.portion import Given, Step
    from gxstats.build.readings import Readings
    from gxstats.dataset.store import Dataset

Engine = Literal["local", "dask"]
READINGS = ".readings"
"""Folder of the readings inside that of the dataset."""


class WrongUsage(GxError, ValueError):
    """A build was asked for in a way that cannot be meant."""


class Outcome(NamedTuple):
    """What a build did.

    Attributes:
        documents: different documents behind the sources, files that could not be opened included.
        read: those that were read now; the others had been read before.
        without_facts: those that gave no facts; the table ``issues`` says why.
        reports: rows of the table ``reports``.
        damaged: files of stored readings that no longer have their content, and were made again.
    """

    documents: int
    read: int
    without_facts: int
    reports: int
    damaged: tuple[Path, ...] = ()


def build(
    sources: Source | Iterable[Source],
    out: str | os.PathLike[str],
    *,
    jobs: int | None = None,
    engine: Engine = "local",
    scheduler: str | None = None,
    timeout: float = batch.TIMEOUT,
    memory: int = batch.MEMORY,
    progress: bool = True,
) -> Dataset:
    """Build a dataset from documents, or bring one up to date: only what was not read yet is read.

    Args:
        sources: paths of files, folders to search, archives, or patterns; or a single one.
        out: folder of the dataset.
        jobs: processes, by default one per processor.
        engine: ``local``, or ``dask`` (extra ``scale``). What is written is the same.
        scheduler: address of a Dask scheduler; without one a cluster is started on this machine.
        timeout: seconds one document may take.
        memory: megabytes of address space one process may use (not limited on Windows).
        progress: show progress bars if stderr is a terminal.

    Returns:
        The dataset, open; ``issues`` says what could not be read.

    Raises:
        InputMissing: a source does not exist.
        WrongUsage: a number is not positive, or the engine is unknown or has no scheduler.

    Example:
        >>> import gxstats as gx, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     len(build(gx.sample_files()[:3], folder, jobs=1, progress=False).reports)
        3
    """
    from gxstats.dataset.store import open_dataset

    run(sources, Path(out), jobs, engine, scheduler, batch.Limits(timeout, memory), progress)
    return open_dataset(Path(out))


def run(
    sources: Source | Iterable[Source],
    out: Path,
    jobs: int | None = None,
    engine: Engine = "local",
    scheduler: str | None = None,
    limits: batch.Limits | None = None,
    progress: bool = True,
) -> Outcome:
    """What :func:`build` does, with the counts. ``limits`` may name another command to read with."""
    from gxstats.build.inputs import find_inputs
    from gxstats.build.portion import Given
    from gxstats.build.reader_key import reader_key
    from gxstats.build.readings import Readings, exclusively, missing
    from gxstats.build.resolve import write_release

    limits = with_reader(limits or batch.Limits())
    _refuse_nonsense(jobs, engine, scheduler, limits)
    inputs = find_inputs(sources, out)
    with exclusively(out / READINGS):
        readings = Readings(out / READINGS / reader_key(), limits)
        places = inputs.places()
        todo = [Given(sha256, places[sha256].address) for sha256 in missing(readings, inputs.documents)]
        missed: dict[str, Exception] = {}
        steps = _steps(todo, inputs, readings, limits, jobs, engine, scheduler)
        with closing(steps), _Bar("reading", len(todo), progress) as advance:
            for step in steps:
                if step is not None:
                    missed[step.sha256] = step.error
                advance(1)
        with _Bar("resolving", len(inputs.documents), progress) as advance:
            threads = jobs or os.cpu_count() or 1
            done = write_release(inputs, readings, missed, out, versions(), advance, threads)
    documents = len(inputs.documents) + len(inputs.unopened)
    read = len(todo) - len(missed)
    return Outcome(documents, read, done.without_facts, done.reports, tuple(readings.damaged))


def with_reader(limits: batch.Limits) -> batch.Limits:
    """The limits with the command that reads for a build, unless they name another."""
    import sys
    from dataclasses import replace

    from gxstats.build.worker import COMMAND

    if limits.command != batch.Limits().command:
        return limits
    return replace(limits, command=(sys.executable, *COMMAND))


def versions() -> dict[str, str]:
    """Name -> version of what a dataset depends on."""
    from gxstats.build.reader_key import external_versions, library_versions, reader_key
    from gxstats.version import __version__

    return {"gxstats": __version__, "reader": reader_key()} | library_versions() | external_versions()


def _steps(
    todo: list[Given],
    inputs: Inputs,
    readings: Readings,
    limits: batch.Limits,
    jobs: int | None,
    engine: Engine,
    scheduler: str | None,
) -> Generator[Step]:
    if not todo:
        return
    if engine == "dask":
        from gxstats.build.cluster import read_on_cluster

        yield from read_on_cluster(todo, inputs.read, readings, jobs, limits, scheduler)
    else:
        from gxstats.build.local import read_locally

        workers = min(jobs or os.cpu_count() or 1, len(todo))
        yield from read_locally(todo, inputs.read, readings, workers, limits)


def _refuse_nonsense(jobs: int | None, engine: str, scheduler: str | None, limits: batch.Limits) -> None:
    if jobs is not None and jobs < 1:
        raise WrongUsage(f"{jobs} jobs cannot read anything", hint="give 1 or more")
    if limits.timeout <= 0 or limits.memory <= 0:
        raise WrongUsage("nothing can be read in no time or without memory", hint="raise the limits")
    if engine not in ("local", "dask"):
        raise WrongUsage(f"there is no engine {engine!r}", hint="local or dask")
    if scheduler is not None and engine != "dask":
        raise WrongUsage("only the dask engine has a scheduler", hint='say engine="dask"')


class _Bar:
    """A progress bar on stderr, or nothing where that is no terminal or none is wanted."""

    def __init__(self, what: str, total: int, wanted: bool) -> None:
        from tqdm import tqdm

        self._bar: Any = tqdm(total=total, unit="file", desc=what, disable=None if wanted else True)

    def __enter__(self) -> Callable[[int], object]:
        update: Callable[[int], object] = self._bar.update
        return update

    def __exit__(self, *error: object) -> None:
        self._bar.close()
