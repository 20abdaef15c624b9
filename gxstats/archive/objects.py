"""Bytes by their digest: ``objects/ab/abcd...``, complete or not there at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from gxstats.durable import sync
from gxstats.errors import GxError

UNFINISHED: Final = re.compile(r"\.[0-9a-f]{16}\.part")
"""Names of files that were being written."""
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_ATTEMPTS: Final = 5


class NotArchived(GxError, LookupError):
    """The archive holds no such document."""


class ObjectDamaged(GxError, OSError):
    """Stored bytes no longer have their digest."""


class Objects:
    """The folder of stored bytes. A name in it is made of a digest, never of anything a document says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where an object is or would be.

        Raises:
            NotArchived: this is no digest.
        """
        if not DIGEST.fullmatch(sha256):
            raise NotArchived(f"{sha256[:80]!r} is no sha256 digest", hint="64 digits 0-9 a-f")
        return self.folder / sha256[:2] / sha256

    def read(self, sha256: str) -> bytes:
        """The bytes.

        Raises:
            NotArchived: they are not there.
            ObjectDamaged: what is there has another digest.
        """
        path = self.path(sha256)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise NotArchived("the archive has no such object", where=sha256) from None
        except OSError as error:
            raise ObjectDamaged(f"the object cannot be read: {error.strerror}", where=str(path)) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            hint = "restore it from a copy; adding the document again also mends it"
            raise ObjectDamaged("the object no longer has its digest", hint=hint, where=str(path))
        return data

    def has(self, sha256: str) -> bool:
        """Whether there is such an object, damaged or not."""
        return self.path(sha256).is_file()

    def write(self, sha256: str, data: bytes) -> None:
        """Store bytes for good: when this returns they survive a crash of the machine.

        What is there already stays; what is there but damaged is written anew.
        """
        path = self.path(sha256)
        with suppress(NotArchived, ObjectDamaged):
            self.read(sha256)
            sync(path.parent)  # whoever wrote it may not have come to that
            return
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            sync(self.folder)
        for attempt in range(_ATTEMPTS):
            unfinished = path.parent / f".{secrets.token_hex(8)}.part"
            try:
                _write_file(unfinished, data)
                unfinished.replace(path)
                break
            except FileNotFoundError:
                # A repair running beside us took the file for a leftover of a process that died.
                if attempt == _ATTEMPTS - 1:
                    raise
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
        sync(path.parent)

    def files(self, prefix: str) -> list[Path]:
        """Every file of the part of the folder whose digests begin with ``prefix``, sorted."""
        folder = self.folder / prefix
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def strays(self) -> Iterator[Path]:
        """What stands beside the parts of the folder."""
        parts = {f"{n:02x}" for n in range(256)}
        return (path for path in sorted(self.folder.iterdir()) if path.name not in parts)


def _write_file(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
