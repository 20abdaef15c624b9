"""Write a release: reports in, files out, ``release.json`` last."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gxstats.dataset.revisions import with_revisions
from gxstats.dataset.store.datapackage import PACKAGE, datapackage
from gxstats.dataset.store.frames import frame_of
from gxstats.dataset.store.layout import KINDS, stored_schema, table_schema
from gxstats.dataset.store.parquet import write_parquet
from gxstats.dataset.store.plain import split
from gxstats.dataset.store.release import (
    FOLDERS,
    NAME,
    File,
    Release,
    read_release,
    remove_others,
    replace_file,
    take_in,
)
from gxstats.dataset.store.sorting import Sorter, by_year
from gxstats.dataset.store.spool import Spool
from gxstats.dataset.tables import SCHEMA_VERSION, table
from gxstats.durable import sync
from gxstats.errors import GxError, UnknownField

if TYPE_CHECKING:
    import pandas as pd

    from gxstats.report import Report

_COLLECTED = ("checks", "issues", "prose", "statements", "unmatched_rows")
_STAGING = ".staging-"


class WriteRefused(GxError, ValueError):
    """A release cannot be written as asked: reports out of order, an unknown table, two writers."""


class ReleaseWriter:
    """Write the dataset of a folder anew, from reports that come one by one.

    Nothing that readers see changes before :meth:`commit`; without it nothing changes at all. Reports are
    kept on disk, so memory does not grow with their number.

    Args:
        out: the folder; it is made if it does not exist.
        memory: how much memory sorting may use, as DuckDB says it.

    Raises:
        WriteRefused: another process is writing to this folder.

    Example:
        >>> import gxstats as gx, tempfile
        >>> from gxstats.dataset.store import open_dataset
        >>> reports = gx.read_reports(gx.sample_files()[:3], progress=False)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with ReleaseWriter(folder) as release:
        ...         for report in sorted(reports, key=lambda r: r.document_id):
        ...             release.add(report)
        ...         written = release.commit({"gxstats": gx.__version__})
        ...     written.rows["reports"], len(open_dataset(folder).reports)
        (3, 3)
    """

    def __init__(self, out: Path | str, *, memory: str = "1GB") -> None:
        self.folder = Path(out)
        self._memory = memory
        self._frames: dict[str, Any] = {}
        self._last = ""
        self._lock = -1

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.folder)
        for left in self.folder.glob(f"{_STAGING}*"):
            shutil.rmtree(left)
        self._staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self.folder))
        self.spool = Spool(self._staging)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._staging, ignore_errors=True)
        os.close(self._lock)

    def add(self, report: Report) -> None:
        """Add one report, in ascending order of ``document_id``; one that has none adds its issues only.

        Raises:
            WriteRefused: the report does not come after the one before.
        """
        known = report.meta.get("document_id")
        if known is not None:
            if str(known) <= self._last:
                raise WriteRefused(
                    f"report {known} comes after {self._last}", hint="add each report once, by document_id"
                )
            self._last = str(known)
            for kind, rows in zip(KINDS, split(report), strict=True):
                for form, row in rows:
                    self.spool.add(kind, form, [row])
        names = _COLLECTED if not report.meta.get("sha256") else (*_COLLECTED, "reports")
        for name in names:
            columns = report.columns(name)
            length = len(next(iter(columns.values())))
            if length:
                spec = table(name).columns
                lists = [columns.get(c.column) or [None] * length for c in spec]
                self.spool.add(name, "", zip(*lists, strict=True))

    def add_table(self, kind: str, form: str, table: Any) -> None:
        """Add rows of many reports at once, in ascending order of ``document_id``: all of a report or none.

        Args:
            kind: ``wide``, ``sparse``, ``locators`` or a table that :meth:`add` collects.
            form: of the facts; "" for a table.
            table: an Arrow table with the columns of that kind.
        """
        self.spool.add_table(kind, form, table)

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Give a whole table, instead of what :meth:`add` collects for it.

        A table of the data dictionary gets its columns and types; any other keeps its own.

        Raises:
            WriteRefused: the facts come from the reports, or a column has values of another type.
        """
        import pyarrow as pa

        if name in ("facts", *KINDS) or not name.isidentifier() or not name.isascii() or name != name.lower():
            raise WriteRefused(f"{name!r} cannot be given as a table", hint="facts come with the reports")
        try:
            schema = table_schema(name)
            lacking = [c for c in schema.names if c not in frame.columns]
            whole = frame.assign(**dict.fromkeys(lacking))[schema.names]
        except UnknownField:
            schema, whole = None, frame
        try:
            given = pa.Table.from_pandas(whole, schema=schema, preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
            raise WriteRefused(f"table {name}: {error}", hint="see the data dictionary") from error
        # Large strings depend on how pandas happens to hold them: the same table has one schema.
        plain = {pa.large_string(): pa.string(), pa.string_view(): pa.string()}
        fields = [pa.field(f.name, plain.get(f.type, f.type)) for f in given.schema]
        self._frames[name] = given.cast(pa.schema(fields))

    def commit(self, versions: Mapping[str, str], threads: int = 1) -> Release:
        """Write the files and, last of all, ``release.json``.

        Files of the release before stay until the next commit, for those who still read them.

        Args:
            versions: name -> version of everything the data depends on.
            threads: how many files are written at once; the files are the same.
        """
        if "reports" not in self._frames:
            self._frames["reports"] = self._collected_reports()
        who = self._frames["reports"].select(["document_id", "division_code", "year"])
        spooled = {
            (kind, form): self.spool.whole(kind, form) for kind in KINDS for form in self.spool.forms(kind)
        }
        files = self._sorted_on_disk(who, [name for name, whole in spooled.items() if whole is None])
        with ThreadPoolExecutor(threads) as pool:
            waiting = [pool.submit(self._written, *each) for each in self._tables()]
            for (kind, form), whole in spooled.items():
                if whole is not None:
                    for year, part in by_year(whole, who, stored_schema(kind, form)):
                        waiting.append(pool.submit(self._written, *_facts(kind, form, year, [part])))
            files += [written.result() for written in waiting]
        rows = dict.fromkeys(_COLLECTED, 0) | {f.name: f.rows for f in files if f.kind == "table"}
        rows["facts"] = sum(f.cells for f in files)
        files.sort(key=lambda f: f.path)
        return self._publish(Release(dict(versions), SCHEMA_VERSION, rows, tuple(files)))

    def _sorted_on_disk(self, who: Any, wanted: Sequence[tuple[str, str]]) -> list[File]:
        """The files of facts that do not fit into memory."""
        if not wanted:
            return []
        found = []
        with Sorter(self._staging, who, self._memory) as sorter:
            for kind, form in wanted:
                spooled = self.spool.files(kind, form)
                for year in sorter.years(spooled):
                    rows = sorter.batches(spooled, stored_schema(kind, form), year)
                    found.append(self._written(*_facts(kind, form, year, rows)))
        return found

    def _tables(self) -> Iterator[tuple[str, Any, Iterable[Any], str, str]]:
        """What to write of each table, as :meth:`_written` takes it."""
        for name, whole in sorted(self._frames.items()):
            yield f"tables/{name}", whole.schema, whole.to_batches(), "table", name
        for name in _COLLECTED:
            if name not in self._frames and self.spool.forms(name):
                yield f"tables/{name}", table_schema(name), self.spool.batches(name), "table", name

    def _written(
        self, stem: str, schema: Any, batches: Iterable[Any], kind: str, name: str, year: int | None = None
    ) -> File:
        staged = self._staging / stem.replace("/", "~")
        rows, cells = write_parquet(staged, schema, batches, kind)
        path, digest, size = take_in(staged, self.folder, stem)
        return File(path, digest, size, rows, cells, kind, name, year)

    def _collected_reports(self) -> Any:
        import pyarrow as pa

        schema = table_schema("reports")
        parts = [
            p if isinstance(p, pa.Table) else pa.Table.from_batches([p])
            for p in self.spool.batches("reports")
        ]
        found = frame_of(pa.concat_tables(parts) if parts else schema.empty_table(), "reports")
        return pa.Table.from_pandas(with_revisions(found), schema=schema, preserve_index=False)

    def _publish(self, release: Release) -> Release:
        """From here on readers see the new release; what neither it nor the one before lists goes."""
        package = datapackage(release, {name: t.schema for name, t in self._frames.items()})
        release = replace(release, package_sha256=hashlib.sha256(package).hexdigest())
        try:
            before = [read_release(self.folder)]
        except GxError:
            before = []
        for name in FOLDERS:
            if (self.folder / name).is_dir():
                sync(self.folder / name)
        replace_file(self.folder / PACKAGE, package)
        replace_file(self.folder / NAME, release.as_bytes())
        remove_others(self.folder, [release, *before])
        return release


def _facts(
    kind: str, form: str, year: int | None, rows: Iterable[Any]
) -> tuple[str, Any, Iterable[Any], str, str, int | None]:
    """What to write of one kind, form and year, as ``_written`` takes it."""
    stem = f"facts/{kind}-{form}-{'undated' if year is None else year}"
    return stem, stored_schema(kind, form), rows, kind, form, year


def _locked(folder: Path) -> int:
    """A lock on the folder that ends with the process, however that ends."""
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        hint = "wait until it is done"
        raise WriteRefused("another process is writing this dataset", hint=hint, where=str(folder)) from error
    return handle
