"""The two ways in: read one report, read many."""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from gxstats import batch
from gxstats.errors import InputIsDirectory, InputMissing
from gxstats.model import Document, Issue
from gxstats.report import Report, Reports
from gxstats.version import READER

Source = str | PathLike[str] | bytes
NOT_DOCUMENTS = frozenset(
    {".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".toml", ".md", ".rst", ".py", ".ipynb", ".js"}
    | {".css", ".parquet", ".db", ".sqlite", ".log", ".lock"}
)
"""Endings of files that are passed over in a searched directory: none is that of a published report."""
_IDENTITY = ("report_id", "kind", "division_code", "division", "agency_id", "scope", "published_on", "trust")
_HINTS = ("media_type", "title", "year", "agency")


def read_report(
    path_or_bytes: Source,
    *,
    url: str | None = None,
    fetched_at: str | None = None,
    hints: Mapping[str, Any] | None = None,
) -> Report:
    """Read one published report.

    Args:
        path_or_bytes: a path, or the bytes of the file.
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
    from gxstats.read import read_document

    hints = dict(hints or {})
    unknown = [h for h in hints if h not in _HINTS]
    if unknown:
        raise TypeError(f"unknown hints: {', '.join(unknown)}; known are {', '.join(_HINTS)}")
    document = Document(
        hashlib.sha256(data).hexdigest(), hints.get("media_type") or "application/octet-stream"
    )
    try:
        with _collector_paused():
            document = read_document(
                data, name=name, url=url, fetched_at=fetched_at, media_type=hints.get("media_type")
            )
            return _reports_of(document, name, hints)
    except Exception as error:
        # A mistake of ours in one document must not end a batch: it is reported like any other issue.
        logging.getLogger("gxstats").exception("reading %s failed", name or document.sha256)
        issue = Issue(
            "error",
            "internal_error",
            f"gxstats itself failed: {type(error).__name__}: {error}",
            hint="please report this with the file",
        )
        return [Report(_meta(document, 1, name), issue_rows=(issue,))]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A document is thousands of small tuples: collecting garbage among them costs a tenth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _reports_of(document: Document, name: str, hints: Mapping[str, Any]) -> list[Report]:
    from gxstats.align import align
    from gxstats.check import judge
    from gxstats.places.divisions import lineage_of

    reports = []
    for ordinal, aligned in enumerate(align(document), 1):
        checked = judge(aligned.fields, READER)
        identity = aligned.identity
        forms = {key[0]: f.form for key, f in aligned.fields.items() if f.form}
        meta = _meta(document, ordinal, name) | {n: getattr(identity, n) for n in _IDENTITY}
        meta |= {
            "lineage": lineage_of(identity.division_code, identity.year) if identity.division_code else None,
            "title": identity.title or hints.get("title"),
            "agency": identity.agency or hints.get("agency"),
            "year": identity.year or hints.get("year"),
            "forms": " ".join(f"{s}={f}" for s, f in forms.items()) or None,
            "candidates": json.dumps([c._asdict() for c in identity.candidates], ensure_ascii=False)
            if identity.candidates
            else None,
        }
        issues = (*aligned.issues, *identity.issues, *checked.issues)
        reports.append(
            Report(meta, checked.facts, checked.checks, issues, aligned.prose, tuple(aligned.unmatched))
        )
    return reports


def _meta(document: Document, ordinal: int, name: str) -> dict[str, Any]:
    return {
        "document_id": f"{document.sha256[:16]}.{ordinal}",
        "source": name or None,
        "url": document.url,
        "sha256": document.sha256,
        "fetched_at": document.fetched_at,
        "media_type": document.media_type,
    }


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
        yield from sorted(
            p for p in Path(source).rglob("*") if p.is_file() and _may_be_document(p, Path(source))
        )


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
