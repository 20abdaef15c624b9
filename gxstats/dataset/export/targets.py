"""Write a file or a folder so that nobody ever sees half of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gxstats.errors import GxError

MARK = "datapackage.json"
"""Every folder of an export has this file: a folder without it is not ours to replace."""


class ExportRefused(GxError, ValueError):
    """An export cannot be written as asked: an unknown format, or a place that holds something else."""


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of ``path`` when all went well.

    Raises:
        ExportRefused: ``path`` is a folder.
    """
    if path.is_dir():
        raise ExportRefused("this is a folder", hint="name a file", where=str(path))
    with _beside(path) as scratch:
        yield scratch / path.name
        os.replace(scratch / path.name, path)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to write to, which takes the place of ``path`` when all went well.

    Raises:
        ExportRefused: ``path`` is a file, or a folder that holds anything but an export.
    """
    if path.exists() and not path.is_dir():
        raise ExportRefused("this is a file", hint="name a folder", where=str(path))
    if path.is_dir() and any(path.iterdir()) and not (path / MARK).is_file():
        raise ExportRefused("the folder holds other files", hint="name a new folder", where=str(path))
    if (path / "release.json").exists():
        raise ExportRefused("this is a dataset", hint="name a new folder", where=str(path))
    with _beside(path) as scratch:
        fresh, old = scratch / "new", scratch / "old"
        fresh.mkdir()
        yield fresh
        if path.exists():
            os.replace(path, old)
        os.replace(fresh, path)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A scratch folder on the same disk."""
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.absolute().parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
