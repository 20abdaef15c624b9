"""``release.json``: what belongs to a release. It is written last; nothing it does not list is read."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gxstats.durable import sync
from gxstats.errors import GxError, InputMissing

NAME = "release.json"
FORMAT = "1"
FOLDERS = ("facts", "tables")
# Names are ours, with a digest of the content: a path from a document can never get here.
_PATH = re.compile(r"(?:facts|tables)/[a-z0-9_]+(?:-[a-z0-9_]+)*-[0-9a-f]{16}\.parquet")
_HINT = "build it again"


class BrokenRelease(GxError, ValueError):
    """The folder of a dataset does not hold what its ``release.json`` lists."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a release: what it holds, and the sha256 of its bytes."""

    path: str
    sha256: str
    bytes: int
    rows: int
    cells: int
    """How many facts it holds."""
    kind: str
    name: str
    """Of a ``table``, which; else the form of ``wide``, ``sparse`` and ``locators``."""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """What ``release.json`` says.

    Attributes:
        versions: name -> version of what made the data.
        rows: table -> how many rows; ``facts`` counts the cells.
        files: all files, ordered by path.
    """

    versions: Mapping[str, str]
    schema_version: str
    rows: Mapping[str, int]
    files: tuple[File, ...]
    package_sha256: str = ""

    def of_kind(self, kind: str, name: str | None = None) -> list[File]:
        """The files of a kind, and of a form or table."""
        return [f for f in self.files if f.kind == kind and name in (None, f.name)]

    def as_bytes(self) -> bytes:
        """The content of ``release.json``: the same release gives the same bytes."""
        content = {
            "format": FORMAT,
            "schema_version": self.schema_version,
            "versions": dict(sorted(self.versions.items())),
            "rows": dict(sorted(self.rows.items())),
            "datapackage_sha256": self.package_sha256,
            "files": [asdict(f) for f in self.files],
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def read_release(folder: Path) -> Release:
    """Read the ``release.json`` of a folder.

    Raises:
        InputMissing: there is none.
        BrokenRelease: it is not one this version can read.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        hint = "build a dataset there first, or give the folder that holds release.json"
        raise InputMissing(
            f"there is no {NAME}: this is no finished dataset", hint=hint, where=str(folder)
        ) from None
    except ValueError as error:
        raise BrokenRelease(f"{NAME} is not JSON", hint=_HINT, where=str(folder)) from error
    try:
        if content["format"] != FORMAT:
            raise BrokenRelease(
                f"{NAME} has format {content['format']!r}, not {FORMAT!r}",
                hint="use the version of gxstats that wrote it",
                where=str(folder),
            )
        files = tuple(_file(entry) for entry in content["files"])
        rows = {str(k): int(v) for k, v in content["rows"].items()}
        versions = {str(k): str(v) for k, v in content["versions"].items()}
        return Release(
            versions, str(content["schema_version"]), rows, files, str(content["datapackage_sha256"])
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, GxError):
            raise
        raise BrokenRelease(f"{NAME} is not as expected", hint=_HINT, where=str(folder)) from error


def _file(entry: Mapping[str, Any]) -> File:
    file = File(**entry)
    if not _PATH.fullmatch(file.path):
        raise ValueError(f"{file.path!r} is not a path of a release")
    return file


def check_files(folder: Path, release: Release, *, content: bool = False) -> None:
    """Make sure that every listed file is there.

    Args:
        folder: where ``release.json`` is.
        release: what it says.
        content: also compare the sha256 of every file, not only its size.

    Raises:
        BrokenRelease: a file is missing or has changed.
    """
    for file in release.files:
        path = folder / file.path
        if not path.is_file():
            raise BrokenRelease(f"{file.path} is missing", hint=_HINT, where=str(folder))
        if path.stat().st_size != file.bytes or (content and sha256_of(path) != file.sha256):
            raise BrokenRelease(f"{file.path} is not what {NAME} lists", hint=_HINT, where=str(folder))


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def take_in(staged: Path, folder: Path, stem: str) -> tuple[str, str, int]:
    """Move a finished file to its place, under a name that carries its digest.

    Returns:
        Its path in ``folder``, its sha256 and its size. A file that is there already is kept.
    """
    digest, size = sha256_of(staged), staged.stat().st_size
    path = f"{stem}-{digest[:16]}.parquet"
    target = folder / path
    if not (target.is_file() and target.stat().st_size == size and sha256_of(target) == digest):
        target.parent.mkdir(exist_ok=True)
        sync(staged)
        os.replace(staged, target)
    return path, digest, size


def replace_file(path: Path, content: bytes) -> None:
    """Put a small file in place, all of it or nothing."""
    staged = path.with_name(f".{path.name}.new")
    staged.write_bytes(content)
    sync(staged)
    os.replace(staged, path)
    sync(path.parent)


def remove_others(folder: Path, releases: Iterable[Release]) -> None:
    """Remove data files that none of the releases lists; nothing but files named as ours is touched."""
    kept = {file.path for release in releases for file in release.files}
    for name in FOLDERS:
        for path in sorted((folder / name).glob("*.parquet")):
            relative = f"{name}/{path.name}"
            if _PATH.fullmatch(relative) and relative not in kept:
                path.unlink()
