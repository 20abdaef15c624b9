"""The ledger of runs: addresses discovered and what became of them, so that a killed run can go on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

from gxstats.archive.capture import clean
from gxstats.archive.ledger import LedgerError
from gxstats.crawl.page import Ask
from gxstats.errors import GxError
from gxstats.places.address import canonical_address

Kind = Literal["list", "report", "attachment"]
State = Literal["discovered", "fetched", "failed", "blocked", "gone", "outside", "passed_over"]
FILE = "runs.sqlite"
_LOCK = "crawl.lock"
GOES_ON_FOR = timedelta(days=30)
"""After this a run that was interrupted is not taken up again: its lists are too old to go by."""


class CrawlBusy(GxError, RuntimeError):
    """Another crawl is at work in the archive."""


class Address(NamedTuple):
    """One thing to fetch, or fetched, in a run."""

    source_id: str
    kind: Kind
    ask: Ask
    referrer: str | None = None
    title: str | None = None
    year: int | None = None
    state: State = "discovered"
    outcome: str | None = None
    reason: str | None = None

    @property
    def place(self) -> str:
        """What makes two addresses the same: mobile twins and schemes do not count, form data does."""
        form = f" {json.dumps(self.ask.form, ensure_ascii=False)}" if self.ask.form else ""
        # Some publishers keep the newest report itself where a list would be.
        return ("list " if self.kind == "list" else "") + canonical_address(self.ask.url) + form


def now() -> str:
    """The time as the ledgers keep it."""
    return _as_kept(datetime.now(UTC))


def _as_kept(time: datetime) -> str:
    return time.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


@contextmanager
def alone(folder: str | PathLike[str], wait: float = 10.0) -> Iterator[None]:
    """Be the only one who crawls into an archive; a process that dies no longer is.

    Two crawls would ask the same hosts twice as often as either means to.

    Args:
        folder: of the archive.
        wait: seconds to wait for another crawl to end.

    Raises:
        CrawlBusy: it did not.
    """
    db = sqlite3.connect(Path(folder) / _LOCK, timeout=wait, isolation_level=None)
    try:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            hint = "wait for it, or name another archive"
            raise CrawlBusy("another crawl is at work in this archive", hint=hint) from error
        yield
    finally:
        db.close()


class RunLedger:
    """Runs and their addresses in ``runs.sqlite`` of an archive; every change is on disk when made.

    Args:
        folder: of the archive; made if it is not there.
        wait: seconds to wait for another process that writes.

    Raises:
        LedgerError: it cannot be opened; any method raises it if it cannot be read or written.
    """

    def __init__(self, folder: str | PathLike[str], *, wait: float = 30.0) -> None:
        self._path = Path(folder) / FILE
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self._path, timeout=wait, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(Path(__file__).with_name("ledger.sql").read_text(encoding="utf-8"))
        except (OSError, sqlite3.Error) as error:
            raise LedgerError(f"no runs can be kept here: {error}", where=str(self._path)) from error

    def _do(self, query: str, values: Any = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(query, values)
        except sqlite3.Error as error:
            problem = f"the ledger of runs cannot be used: {error}"
            raise LedgerError(problem, where=str(self._path)) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written in this block is on disk when it ends, all of it or nothing."""
        self._do("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._do("ROLLBACK")
            raise
        self._do("COMMIT")

    def begin(self, selection: Any) -> tuple[int, bool]:
        """The run for a selection: the unfinished one that asked for the same, or a new one.

        Returns:
            Number of the run, and whether it goes on with an earlier one.
        """
        text = json.dumps(selection, ensure_ascii=False, sort_keys=True)
        query = "SELECT max(run) FROM runs WHERE selection = ? AND ended_at IS NULL AND began_at > ?"
        (found,) = self._do(query, [text, _as_kept(datetime.now(UTC) - GOES_ON_FOR)]).fetchone()
        if found:
            return int(found), True
        made = self._do("INSERT INTO runs (selection, began_at) VALUES (?, ?)", [text, now()])
        return int(made.lastrowid or 0), False

    def end(self, run: int) -> None:
        """Mark a run as finished."""
        self._do("UPDATE runs SET ended_at = ? WHERE run = ?", [now(), run])

    def discover(self, run: int, address: Address) -> bool:
        """Note an address; False if the run knows it already."""
        ask = address.ask
        form = json.dumps(ask.form, ensure_ascii=False)
        row: list[Any] = [run, address.source_id, address.place, ask.url, address.kind, ask.method, form]
        row += [*address[3:]]
        row = [clean(value) if isinstance(value, str) else value for value in row]
        holes = ",".join("?" * len(row))
        made = self._do(f"INSERT OR IGNORE INTO addresses VALUES ({holes})", row)
        return made.rowcount > 0

    def settle(self, run: int, address: Address, state: State, **told: str | None) -> None:
        """Say what became of an address: its state, ``outcome`` and ``reason``."""
        self._do(
            "UPDATE addresses SET state = ?, outcome = ?, reason = ? "
            "WHERE run = ? AND source_id = ? AND place = ?",
            [
                *(state, told.get("outcome"), clean(told.get("reason"))),
                *(run, address.source_id, clean(address.place)),
            ],
        )

    def addresses(self, run: int, state: State | None = None) -> Iterator[Address]:
        """The addresses of a run, in a stable order."""
        query = (
            "SELECT source_id, kind, url, method, form, referrer, title, year, state, outcome, reason "
            "FROM addresses WHERE run = ? AND (? IS NULL OR state = ?) ORDER BY source_id, kind, place"
        )
        for row in self._do(query, [run, state, state]).fetchall():
            form = tuple((name, value) for name, value in json.loads(row[4]))
            ask = Ask(row[2], "as noted", row[3], form)
            yield Address(row[0], row[1], ask, *row[5:])

    def alarm(self, run: int, source_id: str, code: str, message: str) -> None:
        """Note what a person must look at."""
        row = [run, source_id, code, clean(message)]
        self._do("INSERT OR IGNORE INTO alarms VALUES (?, ?, ?, ?)", row)

    def alarms(self, run: int) -> list[tuple[str, str, str]]:
        """(source, code, message) of every alarm of a run."""
        query = "SELECT source_id, code, message FROM alarms WHERE run = ? ORDER BY 1, 2, 3"
        return list(self._do(query, [run]))

    def before(self, run: int, source_id: str, selection: Any) -> dict[int | None, int] | None:
        """Reports by year that the last finished run of the same selection had for a source."""
        text = json.dumps(selection, ensure_ascii=False, sort_keys=True)
        query = "SELECT max(run) FROM runs WHERE run < ? AND ended_at IS NOT NULL AND selection = ?"
        (last,) = self._do(query, [run, text]).fetchone()
        if last is None:
            return None
        counts = (
            "SELECT year, count(*) FROM addresses WHERE run = ? AND source_id = ? AND kind = 'report' "
            "AND state = 'fetched' GROUP BY year"
        )
        return dict(self._do(counts, [last, source_id]))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
