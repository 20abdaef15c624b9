"""Whether the ledger and the objects of an archive agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gxstats.archive.ledger import Ledger, Stored
from gxstats.archive.objects import DIGEST, UNFINISHED, NotArchived, ObjectDamaged, Objects
from gxstats.errors import GxError

Kind = Literal["unfinished", "unrecorded", "stray", "missing", "damaged", "ledger", "record", "file"]
_PREFIXES = tuple(f"{n:02x}" for n in range(256))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be.

    Attributes:
        kind: ``unfinished`` and ``unrecorded`` are leftovers of a process that died; ``stray`` is a file
            that is no part of an archive; ``missing`` and ``damaged`` are objects that captures name;
            ``ledger`` is the ledger itself; ``record`` and ``file`` are inputs that could not be added.
        where: the file, record or capture.
        message: what is wrong, in one sentence.
        harmless: nothing that was captured is lost or wrong.
        repaired: it was removed.
    """

    kind: Kind
    where: str
    message: str
    harmless: bool = False
    repaired: bool = False

    def __str__(self) -> str:
        state = " - removed" if self.repaired else " - harmless" if self.harmless else ""
        return f"{self.where}: {self.message}{state}"


def verify(ledger: Ledger, objects: Objects, repair: bool) -> list[Problem]:
    """What is wrong with an archive; see :meth:`gxstats.archive.Archive.verify`."""
    found = [Problem("ledger", str(ledger.path), f"SQLite says: {fault}") for fault in ledger.faults()]
    if not objects.folder.is_dir():
        return found if not ledger.last_id() else [*found, _no_folder(objects)]
    found += [_stray(path) for path in objects.strays()]
    for prefix in _PREFIXES:
        # The files first: one whose row is written meanwhile is then in the ledger when we look.
        files = objects.files(prefix)
        recorded = ledger.objects(prefix)
        named = {stored.sha256 for stored in recorded}
        for stored in recorded:
            found += _check(objects, stored)
        found += _leftovers(ledger, [path for path in files if path.name not in named], repair)
    return found


def _check(objects: Objects, stored: Stored) -> Iterator[Problem]:
    where = f"capture {stored.capture_id}, {stored.sha256}"
    try:
        size = len(objects.read(stored.sha256))
    except NotArchived:
        yield Problem("missing", where, "the bytes of this capture are gone")
    except ObjectDamaged as error:
        yield Problem("damaged", where, error.message)
    else:
        if size != stored.size:
            yield Problem("ledger", where, f"the ledger says {stored.size:,} bytes, there are {size:,}")


def _leftovers(ledger: Ledger, paths: list[Path], repair: bool) -> Iterator[Problem]:
    for path in paths:
        if UNFINISHED.fullmatch(path.name):
            yield _leftover(ledger, path, "unfinished", "a document was not written to its end", repair)
        elif DIGEST.fullmatch(path.name) and path.name[:2] == path.parent.name:
            yield _leftover(ledger, path, "unrecorded", "no capture names this object", repair)
        else:
            yield _stray(path)


def _leftover(
    ledger: Ledger, path: Path, kind: Literal["unfinished", "unrecorded"], message: str, repair: bool
) -> Problem:
    removed = False
    if repair:
        # Nobody adds a row while we hold the ledger, so what no row names now is not about to be named.
        with ledger.writing():
            if not ledger.has_object(path.name):
                try:
                    path.unlink(missing_ok=True)
                    removed = True
                except OSError as error:
                    raise GxError(f"cannot be removed: {error.strerror}", where=str(path)) from error
    return Problem(kind, str(path), message, harmless=True, repaired=removed)


def _stray(path: Path) -> Problem:
    return Problem("stray", str(path), "this is no part of an archive; it is left alone", harmless=True)


def _no_folder(objects: Objects) -> Problem:
    return Problem("missing", str(objects.folder), "the folder of the objects is gone")
