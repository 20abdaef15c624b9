"""Readings on disk: immutable files of some dozens of documents each, found by sha256.

A file is written aside, flushed and renamed to the sha256 of its content: it is there whole or not
at all, and a damaged one is known by its name. Readings are never changed, only added.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from gxstats.build.pieces import Name, Packed, dump, load, pack, unpack
from gxstats.build.reader_key import external_readers
from gxstats.durable import sync
from gxstats.errors import GxError

if TYPE_CHECKING:
    from gxstats.batch import Limits

_ENDING = ".arrow"
_ASIDE = ".aside-"
_INDEX: Name = ("documents", "")
_OPEN_FILES = 64


class Stored(NamedTuple):
    """A document that was read.

    Attributes:
        sha256: the document.
        media_type: what it is.
        external: external readers of that type, with versions.
        timeout: seconds it was given, null unless the result may be another with more of them.
        memory: megabytes it was given, likewise.
    """

    sha256: str
    media_type: str
    external: str
    timeout: float | None
    memory: int | None


class Readings:
    """The readings of one reader in a folder.

    Args:
        folder: where they are; made if it does not exist.
        limits: what a document may cost now; a reading that fell short of less is made again.

    Attributes:
        damaged: files that do not have their content any more.
        open: gives the tables of a file; those of the last ones stay in memory.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._where: dict[str, Path] = {}
        self._limited: dict[str, tuple[float, int]] = {}
        self.damaged: list[Path] = []
        self.open = lru_cache(_OPEN_FILES)(_tables)
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_ASIDE}*"):
            left.unlink(missing_ok=True)
        for path in sorted(folder.glob(f"*{_ENDING}")):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == path.stem:
                self._enter(path, _index_of(content))
            else:
                self.damaged.append(path)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._where

    def __len__(self) -> int:
        return len(self._where)

    def keep(self, documents: Sequence[Stored], packs: Sequence[Packed]) -> None:
        """Write what was read as one more file.

        Args:
            documents: the documents.
            packs: the tables of all of them, several of a kind if need be.
        """
        import pyarrow as pa

        schema = _schema()
        columns = zip(*sorted(documents, key=lambda d: d.sha256), strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        index = pack(_INDEX, pa.record_batch(arrays, schema=schema))
        content = dump([index, *packs])
        path = self._folder / f"{hashlib.sha256(content).hexdigest()}{_ENDING}"
        aside = self._folder / f"{_ASIDE}{os.getpid()}-{path.stem[:16]}"
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
        sync(self._folder)
        self._enter(path, index)

    def file_of(self, sha256: str) -> Path:
        """The file that holds the reading of a document that counts.

        Raises:
            KeyError: it was not read.
        """
        return self._where[sha256]

    def _enter(self, path: Path, index: Packed) -> None:
        for sha256, media_type, external, timeout, memory in zip(
            *unpack(index).to_pydict().values(), strict=True
        ):
            given = None if timeout is None else (timeout, memory)
            if self._is_usable(media_type, external, given) and self._is_better(sha256, given):
                self._where[sha256] = path
                if given is None:
                    self._limited.pop(sha256, None)
                else:
                    self._limited[sha256] = given

    def _is_usable(self, media_type: str, external: str, given: tuple[float, int] | None) -> bool:
        enough = given is None or (given[0] >= self._limits.timeout and given[1] >= self._limits.memory)
        return enough and external == external_readers(media_type)

    def _is_better(self, sha256: str, given: tuple[float, int] | None) -> bool:
        """Of several readings the one that no limit touched counts, or that with the most of them."""
        if sha256 not in self._where:
            return True
        known = self._limited.get(sha256)
        return known is not None and (given is None or given > known)


_T = TypeVar("_T")


class AlreadyBuilding(GxError, OSError):
    """Another process is building the same dataset."""


@contextmanager
def exclusively(folder: Path) -> Iterator[None]:
    """Hold a folder of readings against other builds; the lock ends with the process, however that ends.

    Raises:
        AlreadyBuilding: another build holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "nt":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise AlreadyBuilding(
            "another build is writing this dataset", hint="wait until it is done", where=str(folder.parent)
        ) from error
    finally:
        os.close(handle)


def _tables(path: Path) -> dict[Name, list[Any]]:
    """The tables of a file, by what they are of."""
    import pyarrow as pa

    found: dict[Name, list[Any]] = {}
    with pa.memory_map(str(path)) as file:
        for packed in load(file):
            if packed[:2] != _INDEX:
                found.setdefault(packed[:2], []).append(unpack(packed))
    return found


def _index_of(content: bytes) -> Packed:
    return next(packed for packed in load(content) if packed[:2] == _INDEX)


def _schema() -> Any:
    import pyarrow as pa

    text = [(name, pa.string()) for name in ("sha256", "media_type", "external")]
    return pa.schema([*text, ("timeout", pa.float64()), ("memory", pa.int64())])


def portions(todo: Sequence[_T], takers: int, most: int, least: int = 8) -> Iterator[list[_T]]:
    """Cut a list into portions, smaller ones towards the end, so that all takers end about together.

    Example:
        >>> [len(p) for p in portions(["a"] * 300, 2, 64)]
        [64, 59, 44, 33, 25, 18, 14, 10, 8, 8, 8, 8, 1]
    """
    start = 0
    while start < len(todo):
        size = min(most, max(least, (len(todo) - start) // (2 * takers)))
        yield list(todo[start : start + size])
        start += size


def missing(readings: Readings, documents: Iterable[str]) -> list[str]:
    """The documents without a usable reading, in order."""
    return sorted(sha256 for sha256 in documents if sha256 not in readings)
