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
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.build.reader_key import external_readers
from gxstats.durable import sync
from gxstats.errors import GxError

if TYPE_CHECKING:
    from gxstats.batch import Limits
    from gxstats.transcript import Transcript

_ENDING = ".arrow"
_ASIDE = ".aside-"
_OPEN_FILES = 128
_LARGEST = 1 << 30


class Stored(NamedTuple):
    """What reading one document gave.

    Attributes:
        sha256: the document.
        media_type: what it is.
        external: external readers of that type, with versions.
        timeout: seconds it was given, null unless the result may be another with more of them.
        memory: megabytes it was given, likewise.
        size: length of ``transcripts`` when decompressed.
        transcripts: as :func:`gxstats.wire.dump_transcripts` encodes them, compressed.
    """

    sha256: str
    media_type: str
    external: str
    timeout: float | None
    memory: int | None
    size: int
    transcripts: bytes


def compress(data: bytes) -> bytes:
    """Compress a message.

    Example:
        >>> decompress(compress(b"abc"), 3)
        b'abc'
    """
    import pyarrow as pa

    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def decompress(data: bytes, size: int) -> bytes:
    """The inverse of :func:`compress`; what claims to be larger than any reading is refused."""
    import pyarrow as pa

    if size > _LARGEST:
        raise ValueError(f"a reading of {size} bytes")
    return bytes(pa.Codec("zstd").decompress(data, decompressed_size=size, asbytes=True))


class Readings:
    """The readings of one reader in a folder.

    Args:
        folder: where they are; made if it does not exist.
        limits: what a document may cost now; a reading that fell short of less is made again.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._where: dict[str, tuple[Path, int]] = {}
        self._limited: dict[str, tuple[float, int]] = {}
        self.damaged: list[Path] = []
        self._open = lru_cache(_OPEN_FILES)(_mapped)
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_ASIDE}*"):
            left.unlink(missing_ok=True)
        for path in sorted(folder.glob(f"*{_ENDING}")):
            if hashlib.sha256(path.read_bytes()).hexdigest() == path.stem:
                self._enter(path)
            else:
                self.damaged.append(path)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._where

    def __len__(self) -> int:
        return len(self._where)

    def keep(self, readings: Sequence[Stored]) -> None:
        """Write readings as one more file."""
        import pyarrow as pa

        schema = _schema()
        rows = sorted(readings)
        batch = pa.record_batch([list(column) for column in zip(*rows, strict=True)], schema=schema)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, schema) as writer:
            writer.write_batch(batch)
        content = sink.getvalue().to_pybytes()
        path = self._folder / f"{hashlib.sha256(content).hexdigest()}{_ENDING}"
        aside = self._folder / f"{_ASIDE}{os.getpid()}-{path.stem[:16]}"
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
        sync(self._folder)
        self._enter(path)

    def load(self, sha256: str) -> list[Transcript]:
        """The transcripts of a document, in the order of their document_id.

        Raises:
            KeyError: it was not read.
        """
        from gxstats.wire import load_transcripts

        path, row = self._where[sha256]
        batch = self._open(path)
        size = batch.column("size")[row].as_py()
        found = load_transcripts(decompress(batch.column("transcripts")[row].as_py(), size))
        return sorted(found, key=lambda t: t.report.document_id)

    def _enter(self, path: Path) -> None:
        batch = self._open(path)
        names = ("sha256", "media_type", "external", "timeout", "memory")
        columns = [batch.column(name).to_pylist() for name in names]
        for row, (sha256, media_type, external, timeout, memory) in enumerate(zip(*columns, strict=True)):
            given = None if timeout is None else (timeout, memory)
            if self._is_usable(media_type, external, given) and self._is_better(sha256, given):
                self._where[sha256] = (path, row)
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


def _mapped(path: Path) -> Any:
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).get_batch(0)


def _schema() -> Any:
    import pyarrow as pa

    text = ("sha256", "media_type", "external")
    numbers = [("timeout", pa.float64()), ("memory", pa.int64()), ("size", pa.int64())]
    return pa.schema([*((name, pa.string()) for name in text), *numbers, ("transcripts", pa.binary())])


def portions(todo: Sequence[str], takers: int, most: int, least: int = 8) -> Iterator[list[str]]:
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
