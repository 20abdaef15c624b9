"""The ledger: an append-only table of captures in SQLite that several processes may write at once."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from gxstats.archive.capture import Capture, headers_of, holds_document
from gxstats.errors import GxError

VERSION: Final = 1
_APPLICATION: Final = 0x67787374  # "gxst", in the header of the file
_BUSY_SECONDS: Final = 60.0
_PAGE: Final = 2_000
_TOLD: Final = ("url", "final_url", "fetched_at", "status", "headers", "sha256")
_TOLD_BESIDES: Final = ("referrer", "title", "source_row", "name")
COLUMNS: Final = ("id", *_TOLD, "size", "media_type", *_TOLD_BESIDES, "revision", "seen_before")
"""The columns of a row, in the order of the attributes of :class:`Capture`."""
_DESCRIPTION: Final = ("place", *_TOLD, *_TOLD_BESIDES)
_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM captures"


class LedgerError(GxError, OSError):
    """The ledger cannot be opened, read or written."""


class Stored(NamedTuple):
    """An object that the ledger says there is."""

    sha256: str
    size: int
    capture_id: int


class Ledger:
    """The table of captures. Threads of one process may share it; another process opens its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._explained():
            # autocommit: every transaction below is opened in words
            self._db = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise LedgerError(
                f"the ledger has version {version}, this gxstats knows {VERSION}",
                hint="update gxstats",
                where=str(self.path),
            )
        self._use_wal()
        # A capture that was reported as added is on the disk.
        self._db.execute("PRAGMA synchronous = FULL")
        if version < VERSION:
            self._create()

    def _use_wal(self) -> None:
        """Switching needs the file for itself, and SQLite does not wait for that by its own."""
        until = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def _create(self) -> None:
        script = Path(__file__).with_name("ledger.sql").read_text(encoding="utf-8")
        with self.writing():
            if self._db.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                return  # another process was quicker
            if self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise LedgerError("this is the database of another program", where=str(self.path))
            for statement in _statements(script):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._db.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that no other process writes beside; it is on the disk when it is left."""
        with self._lock, self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            hint = "is the folder writable, and the file the ledger of an archive?"
            raise LedgerError(f"the ledger: {error}", hint=hint, where=str(self.path)) from error

    def _all(self, query: str, *values: Any) -> list[Any]:
        with self._lock, self._explained():
            return self._db.execute(query, values).fetchall()

    def append(self, row: Mapping[str, Any]) -> Capture:
        """Add a capture and number its bytes; call it in :meth:`writing`."""
        document = row["sha256"] is not None and holds_document(row["status"])
        revision = self._revision(row["place"], row["sha256"]) if document else None
        values = {**row, "revision": revision, "seen_before": self.has_object(row["sha256"])}
        names = [*values]
        marks = ", ".join("?" * len(names))
        added = self._db.execute(
            f"INSERT INTO captures ({', '.join(names)}) VALUES ({marks})", [*values.values()]
        )
        return self._captures("WHERE id = ?", added.lastrowid)[0]

    def _revision(self, place: str | None, sha256: str) -> int:
        if place is None:
            return 1
        where = "FROM captures WHERE place = ? AND revision IS NOT NULL"
        known = self._all(f"SELECT revision {where} AND sha256 = ? LIMIT 1", place, sha256)
        if known:
            return int(known[0][0])
        return int(self._all(f"SELECT coalesce(max(revision), 0) + 1 {where}", place)[0][0])

    def has_object(self, sha256: str | None) -> bool:
        """Whether a capture has these bytes."""
        return bool(sha256 and self._all("SELECT 1 FROM captures WHERE sha256 = ? LIMIT 1", sha256))

    def equal(self, row: Mapping[str, Any], times: int) -> Capture | None:
        """The capture that says, for the n-th time, just what this row would say."""
        where = " AND ".join(f"{name} IS ?" for name in _DESCRIPTION)
        values = [row[name] for name in _DESCRIPTION]
        found = self._captures(f"WHERE {where} ORDER BY id LIMIT 1 OFFSET ?", *values, times - 1)
        return found[0] if found else None

    def latest(self, place: str) -> Capture | None:
        """The capture with the latest time that holds the document of a place."""
        # Without its Z a time sorts before the same second with a fraction.
        order = "ORDER BY fetched_at IS NULL, rtrim(fetched_at, 'Z') DESC, id DESC LIMIT 1"
        found = self._captures(f"WHERE place = ? AND revision IS NOT NULL {order}", place)
        return found[0] if found else None

    def captures(self) -> Iterator[Capture]:
        """Every capture that is there now, page by page: no lock is held between them."""
        last = self.last_id()
        after = 0
        while page := self._captures("WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", after, last, _PAGE):
            yield from page
            after = page[-1].id

    def rows(self) -> list[tuple[Any, ...]]:
        """Every row, with the values of ``COLUMNS``."""
        return self._all(f"{_SELECT} ORDER BY id")

    def last_id(self) -> int:
        """The newest id, 0 if there is none."""
        return int(self._all("SELECT coalesce(max(id), 0) FROM captures")[0][0])

    def last_time(self) -> str | None:
        """The latest time of a capture."""
        found = self._all("SELECT fetched_at FROM captures ORDER BY rtrim(fetched_at, 'Z') DESC LIMIT 1")
        return found[0][0] if found else None

    def objects(self, prefix: str) -> list[Stored]:
        """The objects whose digests begin with two characters, each with its first capture."""
        query = """SELECT sha256, size, min(id) FROM captures
            WHERE sha256 >= ? AND sha256 < ? GROUP BY sha256 ORDER BY sha256"""
        return [Stored(*row) for row in self._all(query, prefix, prefix + "g")]

    def note_payload(self, digest: str, sha256: str) -> None:
        """Remember by which digest later records may refer to an object; call it in :meth:`writing`."""
        self._db.execute("INSERT OR IGNORE INTO payloads VALUES (?, ?)", (digest, sha256))

    def payload(self, digest: str) -> str | None:
        """The object that has this digest as it was sent."""
        found = self._all("SELECT sha256 FROM payloads WHERE digest = ?", digest)
        return found[0][0] if found else None

    def faults(self) -> list[str]:
        """What SQLite itself finds wrong with the file."""
        found = [str(row[0]) for row in self._all("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def _captures(self, rest: str, *values: Any) -> list[Capture]:
        return [_capture(row) for row in self._all(f"{_SELECT} {rest}", *values)]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _capture(row: tuple[Any, ...]) -> Capture:
    values = [*row]
    values[5], values[14] = headers_of(row[5]), bool(row[14])
    return Capture(*values)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; triggers have semicolons inside, so SQLite says where one ends."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
