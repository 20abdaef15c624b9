"""The archive: what was captured, when and where, and the bytes themselves."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from gxstats.archive.capture import Capture, Told, clean, headers_text, utc
from gxstats.archive.ledger import COLUMNS, Ledger
from gxstats.archive.objects import Objects
from gxstats.archive.verify import Problem, verify
from gxstats.errors import GxError, InputMissing
from gxstats.places import canonical_address
from gxstats.read.sniff import media_type

if TYPE_CHECKING:
    import pandas as pd

LEDGER = "ledger.sqlite"
_OBJECTS = "objects"
_COUNTS = {"id": "Int64", "status": "Int64", "size": "Int64", "revision": "Int64", "seen_before": "boolean"}


class Archive:
    """Documents by the digest of their bytes, and a ledger of captures that only grows.

    The same bytes are stored once, and every capture of them is a row. A row is written after its
    bytes are safely on the disk, so a process that dies at any moment leaves at worst a file that no
    row names; :meth:`verify` finds it. Several processes may add to an archive at the same time.

    Args:
        folder: where the archive is.
        create: make it if it is not there.

    Raises:
        InputMissing: there is no archive and ``create`` is false.
        LedgerError: the ledger cannot be opened, or a newer gxstats made it.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder, Archive(folder) as archive:
        ...     first = archive.add(b"<p>2023</p>", url="http://www.a.gov.cn/", status=200)
        ...     second = archive.add(b"<p>2024</p>", url="https://a.gov.cn/", status=200)
        ...     second.revision, archive.read(archive.latest("http://a.gov.cn").sha256)
        (2, b'<p>2024</p>')
    """

    def __init__(self, folder: str | PathLike[str], *, create: bool = True) -> None:
        self.folder = Path(folder)
        ledger = self.folder / LEDGER
        if not ledger.is_file():
            if not create:
                hint = "check the path; an archive is a folder with a ledger.sqlite"
                raise InputMissing("there is no archive", hint=hint, where=str(folder))
            self._create_folders()
        self._objects = Objects(self.folder / _OBJECTS)
        self._ledger = Ledger(ledger)

    def _create_folders(self) -> None:
        try:
            (self.folder / _OBJECTS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = f"no archive can be made here: {error.strerror}"
            raise GxError(problem, where=str(self.folder)) from error

    def add(
        self,
        data: bytes | None,
        *,
        url: str | None = None,
        final_url: str | None = None,
        fetched_at: str | None = None,
        status: int | None = None,
        headers: Sequence[tuple[str, str]] | None = None,
        referrer: str | None = None,
        title: str | None = None,
        source_row: str | None = None,
        name: str | None = None,
    ) -> Capture:
        """Record a capture, and store its bytes unless the archive has them.

        Args:
            data: the bytes of the document; None if the answer brought none, as a redirect does.
            url: address that was asked for.
            final_url: address the answer came from, if another.
            fetched_at: when, as ISO 8601 text with a zone.
            status: HTTP status.
            headers: HTTP headers, in order.
            referrer: address of the page that links here.
            title: text of that link.
            source_row: the row of the source list that led here.
            name: name of the file; kept, never used as a path.

        Returns:
            The capture. When this returns it survives a crash of the machine.

        Raises:
            GxError: ``fetched_at`` is no time with a zone.
            LedgerError: the ledger cannot be written.
            OSError: the bytes cannot be written; the ledger then says nothing of them.
        """
        told = Told(url=url, final_url=final_url, fetched_at=fetched_at, status=status, headers=headers)
        besides = Told(referrer=referrer, title=title, source_row=source_row, name=name)
        return self._record(data, {**told, **besides})[0]

    def include(
        self, data: bytes | None, *, times: int = 1, sent_as: str | None = None, **told: Unpack[Told]
    ) -> tuple[Capture, bool]:
        """Record a capture unless the ledger already says exactly the same that many times.

        An import that was interrupted, or is run twice, so adds nothing twice.

        Args:
            data: as for :meth:`add`.
            times: how often the ledger is to say it.
            sent_as: ``sha1:`` and the digest (base 32) of the body before its encodings were undone, by
                which records of web archives refer to it.
            told: what else :meth:`add` takes.

        Returns:
            The capture, and whether it is new in the ledger.
        """
        return self._record(data, told, times, sent_as)

    def _record(
        self, data: bytes | None, told: Told, times: int | None = None, sent_as: str | None = None
    ) -> tuple[Capture, bool]:
        row = _row(data, told)
        if times and (known := self._ledger.equal(row, times)):
            return known, False
        if data is not None:
            self._objects.write(row["sha256"], data)
        with self._ledger.writing():
            if data is not None and not self._objects.has(row["sha256"]):
                # A repair removed it, for no row named it yet. None can run while we hold the ledger.
                self._objects.write(row["sha256"], data)
            if times and (known := self._ledger.equal(row, times)):
                return known, False
            if sent_as is not None:
                self._ledger.note_payload(sent_as, row["sha256"])
            return self._ledger.append(row), True

    def captures(self) -> Iterator[Capture]:
        """Every capture, in the order in which they were recorded; rows added meanwhile are left out."""
        return self._ledger.captures()

    def frame(self) -> pd.DataFrame:
        """The ledger as a table.

        Returns:
            One row per capture with the attributes of :class:`Capture`: counts as ``Int64``, the rest
            as ``string``; ``fetched_at`` is ISO 8601 in UTC, ``headers`` is JSON.
        """
        import pandas as pd

        columns = zip(*self._ledger.rows(), strict=True)
        values = dict(zip(COLUMNS, columns, strict=True)) if self._ledger.last_id() else {}
        data: dict[str, Any] = {}
        for name in COLUMNS:
            held: Any = values.get(name, ())
            if name == "seen_before":
                held = [bool(value) for value in held]
            data[name] = pd.array(held, dtype=_COUNTS.get(name, "string"))
        table = pd.DataFrame(data)
        table.attrs = {"table": "captures"}
        return table

    def read(self, sha256: str) -> bytes:
        """The bytes of a document, checked against their digest.

        Raises:
            NotArchived: the archive does not have them.
            ObjectDamaged: the file no longer has its digest.
        """
        return self._objects.read(sha256)

    def latest(self, url: str) -> Capture | None:
        """The latest capture that holds the document of an address, by time, then by place in the ledger.

        Args:
            url: compared as :func:`gxstats.canonical_address` writes it.
        """
        return self._ledger.latest(canonical_address(clean(url) or ""))

    def verify(self, repair: bool = False) -> list[Problem]:
        """Check that the ledger and the objects agree, and that every object has its digest.

        Args:
            repair: remove what processes that died have left; nothing that a capture names is touched.

        Returns:
            What is wrong, and the leftovers, which are harmless. An empty list if there is nothing.
        """
        return verify(self._ledger, self._objects, repair)

    def payload(self, digest: str) -> str | None:
        """The digest of the object that web archives refer to by ``digest``, None if it is not known."""
        return self._ledger.payload(digest)

    def holds(self, sha256: str) -> bool:
        """Whether a capture has these bytes."""
        return self._ledger.has_object(sha256)

    def last_time(self) -> str | None:
        """The latest time of a capture."""
        return self._ledger.last_time()

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Archive({os.fspath(self.folder)!r})"


def _row(data: bytes | None, told: Told) -> dict[str, Any]:
    """The row of a capture, without what only the ledger knows."""
    row: dict[str, Any] = {
        name: clean(told.get(name))
        for name in ("url", "final_url", "referrer", "title", "source_row", "name")
    }
    url, name, status = row["url"], row["name"], told.get("status")
    return row | {
        "place": canonical_address(url) if url is not None else f"name:{name}" if name is not None else None,
        "fetched_at": utc(told.get("fetched_at")),
        "status": None if status is None else int(status),
        "headers": headers_text(told.get("headers")),
        "sha256": None if data is None else hashlib.sha256(data).hexdigest(),
        "size": len(data or b""),
        "media_type": None if data is None else media_type(data, name or url or ""),
    }
