"""What a dataset is built from: documents by sha256, with every place they were found at."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gxstats.api import files_below
from gxstats.errors import GxError, InputMissing
from gxstats.places.trust import assess

if TYPE_CHECKING:
    from gxstats.archive import Archive

_LEDGER = "ledger.sqlite"
_STANDING = ("trusted", "untrusted", "unknown")


class Found(NamedTuple):
    """One place a document was found at; a row of the table ``captures``.

    ``sha256`` is null where a capture holds no document: a redirect, an error page.
    """

    sha256: str | None
    url: str | None = None
    final_url: str | None = None
    fetched_at: str | None = None
    status: int | None = None
    title: str | None = None
    source: str | None = None
    source_row: str | None = None

    @property
    def address(self) -> str | None:
        """Where the bytes came from in the end."""
        return self.final_url or self.url


class Unopened(NamedTuple):
    """A file that could not be opened, and why."""

    source: str
    error: Exception


@dataclass
class Inputs:
    """Documents and where they were found.

    Attributes:
        found: every place, those without a document included.
        unopened: files that could not be opened.
    """

    found: list[Found] = field(default_factory=list)
    unopened: list[Unopened] = field(default_factory=list)
    _openers: dict[str, Path | Archive] = field(default_factory=dict)

    @property
    def documents(self) -> list[str]:
        """The sha256 of every document, in order."""
        return sorted(self._openers)

    def read(self, sha256: str) -> bytes:
        """The bytes of a document.

        Raises:
            OSError: the file is gone.
            GxError: the archive does not have it or it is damaged.
        """
        holder = self._openers[sha256]
        return holder.read_bytes() if isinstance(holder, Path) else holder.read(sha256)

    def places(self) -> dict[str, Found]:
        """The place that speaks for each document.

        Of several the most trusted counts, for the same bytes lie there; of those the first in time.
        """
        best: dict[str, Found] = {}
        for place in self.found:
            if place.sha256 is not None:
                known = best.get(place.sha256)
                best[place.sha256] = place if known is None else min(known, place, key=_order)
        return best

    def add_file(self, path: Path) -> None:
        """Add a file on disk."""
        try:
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            self.unopened.append(Unopened(str(path), error))
            return
        self._openers.setdefault(sha256, path)
        self.found.append(Found(sha256, source=str(path)))

    def add_archive(self, folder: Path) -> None:
        """Add every capture of an archive."""
        from gxstats.archive import Archive

        archive = Archive(folder, create=False)
        for c in archive.captures():
            held = c.sha256 if c.is_document else None
            if held is not None:
                self._openers.setdefault(held, archive)
            self.found.append(
                Found(held, c.url, c.final_url, c.fetched_at, c.status, c.title, c.name, c.source_row)
            )


def _order(place: Found) -> tuple[int, tuple[str, ...]]:
    standing = _STANDING.index(assess(place.address).standing)
    texts = ("" if value is None else str(value) for value in place[1:])
    return standing, (place.fetched_at or "~", *texts)


Source = str | PathLike[str]


def find_inputs(sources: Source | Iterable[Source], out: Path) -> Inputs:
    """Every document behind files, folders, patterns and archives; what lies below ``out`` is passed over.

    Args:
        sources: paths of files, of folders to search, of archives (folders with a ledger, also
            inside others), or patterns such as ``reports/*/2023*.pdf``.
        out: the folder the dataset is written to.

    Raises:
        InputMissing: a path does not exist or a pattern fits nothing.
    """
    listed = [sources] if isinstance(sources, (str, PathLike)) else list(sources)
    inputs = Inputs()
    for path in sorted(set(_paths(listed))):
        if path.is_dir():
            _add_folder(inputs, path, out.absolute())
        else:
            inputs.add_file(path)
    return inputs


def _paths(sources: Sequence[Source]) -> Iterator[Path]:
    for source in sources:
        path = Path(source)
        if str(source) and path.exists():
            yield path
            continue
        fitting = glob.glob(str(source), recursive=True) if glob.has_magic(str(source)) else []
        if not fitting:
            raise InputMissing("there is no such file", hint="check the path", where=str(source))
        yield from map(Path, fitting)


def _add_folder(inputs: Inputs, folder: Path, out: Path) -> None:
    archives = [ledger.parent for ledger in sorted(folder.rglob(_LEDGER)) if ledger.is_file()]
    for archive in archives:
        inputs.add_archive(archive)
    apart = [*(a.absolute() for a in archives), out]
    for path in files_below(folder):
        if not any(path.absolute().is_relative_to(other) for other in apart):
            inputs.add_file(path)


def message_of(error: Exception) -> str:
    """What to say of a file that could not be opened."""
    if isinstance(error, GxError):
        return error.message
    return getattr(error, "strerror", None) or str(error)
