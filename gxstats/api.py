"""The two ways in: read one report, read many."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from gxstats import batch
from gxstats.errors import InputIsDirectory, InputMissing
from gxstats.model import Issue
from gxstats.report import Report, Reports
from gxstats.transcript import collector_paused, transcribe

Source = str | PathLike[str] | bytes
NOT_DOCUMENTS = frozenset(
    {".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".toml", ".md", ".rst", ".py", ".ipynb", ".js"}
    | {".css", ".parquet", ".db", ".sqlite", ".log", ".lock"}
)
"""Endings of files that are passed over in a searched directory: none is that of a published report."""
_HINTS = ("media_type", "title", "year", "agency")


class Fetched(Protocol):
    """Bytes that know where and when they were fetched, as :func:`gxstats.fetch` gives them."""

    @property
    def data(self) -> bytes:
        """The file."""

    @property
    def url(self) -> str | None:
        """Where it was."""

    @property
    def fetched_at(self) -> str | None:
        """When, as ISO 8601 text."""


def read_report(
    path_or_bytes: Source | Fetched,
    *,
    url: str | None = None,
    fetched_at: str | None = None,
    hints: Mapping[str, Any] | None = None,
) -> Report:
    """Read one published report.

    Args:
        path_or_bytes: a path, the bytes of the file, or what :func:`gxstats.fetch` gives.
        url: where the bytes were fetched from; kept, never visited.
        fetched_at: when, as ISO 8601 text.
        hints: what is known besides: ``media_type`` overrides what the content says; ``title``,
            ``year`` and ``agency`` are used where the document itself does not say.

    Returns:
        The report, the first if there are several. If nothing could be read its frames are empty
        and ``issues`` says why.

    Raises:
        InputMissing: the path does not exist.
        InputIsDirectory: the path is a directory; use :func:`read_reports`.

    Example:
        >>> read_report("二、主动公开政府信息情况".encode()).issues.code.tolist()
        ['no_tables']
    """
    if not isinstance(path_or_bytes, (str, PathLike, bytes)):
        url, fetched_at = url or path_or_bytes.url, fetched_at or path_or_bytes.fetched_at
        path_or_bytes = path_or_bytes.data
    data, name = _bytes_of(path_or_bytes)
    reports = read_bytes(data, name=name, url=url, fetched_at=fetched_at, hints=hints)
    if len(reports) == 1:
        return reports[0]
    message = f"the file holds {len(reports)} reports; this is the first"
    note = Issue("warning", "several_reports", message, hint="read_reports gives all of them")
    return replace(reports[0], issue_rows=(*reports[0].issue_rows, note), _cells={})


def read_reports(
    paths: Source | Iterable[Source],
    *,
    progress: bool = True,
    jobs: int | None = None,
    timeout: float = batch.TIMEOUT,
    memory: int = batch.MEMORY,
    hints: Mapping[str, Any] | None = None,
) -> Reports:
    r"""Read many reports, several at a time, each in a process that it may crash, hang or exhaust.

    Args:
        paths: paths of files or directories (or bytes), or a single one. Directories are searched;
            what is no document by its name (tables, notes, code: ``NOT_DOCUMENTS``) is passed over.
        progress: show a progress bar on stderr if it is a terminal.
        jobs: processes, by default one per processor; 0 reads in this process, unprotected.
        timeout: seconds one document may take.
        memory: megabytes of address space one process may use (not limited on Windows).
        hints: as in :func:`read_report`, for all of them.

    Returns:
        The reports with their tables stacked. Never raises for content: what cannot be read, a
        path that does not exist included, is a report without facts and an issue that says why.

    Example:
        >>> reports = read_reports([b"", b"\x00\x01"], progress=False, jobs=0)
        >>> sorted(set(reports.issues.code) - {"no_tables"})
        ['empty_file', 'unsupported_format']
    """
    sources = list(_files(paths))
    workers = min(jobs if jobs is not None else os.cpu_count() or 1, len(sources))
    if len(sources) < 2:
        workers = 0
    limits = batch.Limits(timeout, memory)
    found: list[Report] = []
    opened = (_opened(source, hints) for source in sources)
    for reports in _progress(_read(opened, workers, limits), len(sources), progress):
        found.extend(reports)
    return Reports(tuple(found))


def _opened(source: Source, hints: Mapping[str, Any] | None) -> batch.Job | Report:
    try:
        data, name = _bytes_of(source)
    except OSError as error:
        return _unopened(str(source), error)
    return batch.Job(data, name, hints)


def _read(opened: Iterator[batch.Job | Report], workers: int, limits: batch.Limits) -> Iterator[list[Report]]:
    """The reports of each source, in order; sources that could not be opened pass through."""
    if not workers:
        for item in opened:
            yield (
                [item]
                if isinstance(item, Report)
                else read_bytes(item.data, name=item.name, hints=item.hints)
            )
        return
    unread: deque[Report | None] = deque()

    def readable() -> Iterator[batch.Job]:
        for item in opened:
            unread.append(item if isinstance(item, Report) else None)
            if isinstance(item, batch.Job):
                yield item

    for reports in batch.read_jobs(readable(), workers, limits):
        while unread and (failed := unread.popleft()) is not None:
            yield [failed]
        yield reports
    yield from ([failed] for failed in unread if failed is not None)


def read_bytes(
    data: bytes,
    *,
    name: str = "",
    url: str | None = None,
    fetched_at: str | None = None,
    hints: Mapping[str, Any] | None = None,
) -> list[Report]:
    """Every report of one file, at least one; never raises for content."""
    hints = dict(hints or {})
    unknown = [h for h in hints if h not in _HINTS]
    if unknown:
        raise TypeError(f"unknown hints: {', '.join(unknown)}; known are {', '.join(_HINTS)}")
    with collector_paused():  # until the readings, which are most of what was made, are gone again
        return [
            t.resolved(source=name, url=url, fetched_at=fetched_at, hints=hints)
            for t in transcribe(data, name=name, media_type=hints.get("media_type"))
        ]


def _bytes_of(source: Source) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, ""
    if not str(source):  # Path("") is the current directory
        raise InputMissing("the path is empty", hint="check the variable it came from")
    path = Path(source)
    if path.is_dir():
        raise InputIsDirectory("this is a directory", hint="read_reports reads directories", where=str(path))
    if not path.exists():
        raise InputMissing("there is no such file", hint="check the path", where=str(path))
    return path.read_bytes(), str(path)


def _files(paths: Source | Iterable[Source]) -> Iterator[Source]:
    """The files behind paths and directories, in a stable order."""
    listed = [paths] if isinstance(paths, (str, PathLike, bytes)) else paths
    for source in listed:
        if isinstance(source, bytes) or not str(source) or not Path(source).is_dir():
            yield source
            continue
        yield from files_below(Path(source))


def files_below(folder: Path) -> list[Path]:
    """The files in a folder that may be documents, in a stable order."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and _may_be_document(p, folder))


def _may_be_document(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
    return not hidden and path.suffix.lower() not in NOT_DOCUMENTS


def _progress(steps: Iterator[list[Report]], total: int, wanted: bool) -> Iterable[list[Report]]:
    if not wanted or total < 2:
        return steps
    from tqdm import tqdm

    return tqdm(steps, total=total, unit="file", desc="reading", disable=None)


def _unopened(source: str, error: OSError) -> Report:
    message = getattr(error, "message", "") or error.strerror or str(error)
    issue = Issue("error", "not_opened", message, hint="check the path and its permissions")
    return Report({"document_id": None, "source": source}, issue_rows=(issue,))
