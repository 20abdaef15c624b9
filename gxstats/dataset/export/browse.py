"""Show a dataset in Datasette, on this machine only."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from gxstats.dataset.export.run import export
from gxstats.dataset.order import Lang
from gxstats.errors import GxError

if TYPE_CHECKING:
    from gxstats.dataset.store import Dataset

HOST = "127.0.0.1"
_CACHE = ".browse"


class BrowserMissing(GxError, ImportError):
    """Datasette is not installed."""


def browse(dataset: Dataset, port: int = 8001, *, lang: Lang = "zh", open_page: bool = True) -> int:
    """Serve a dataset by Datasette until it is stopped.

    The SQLite file is kept in the folder of the dataset, and made again only if the dataset has changed;
    where that folder cannot be written to, in one that goes when Datasette stops.

    Args:
        dataset: what to show.
        port: of 127.0.0.1; 0 takes a free one.
        lang: language of titles and explanations.
        open_page: open the page in a web browser.

    Returns:
        The exit code of Datasette.

    Raises:
        BrowserMissing: the extra ``browse`` is not installed.
    """
    if find_spec("datasette") is None:
        raise BrowserMissing("Datasette is not installed", hint="pip install 'gxstats[browse]'")
    with _database(dataset, lang) as database:
        return subprocess.run(command(database, port, open_page), check=False).returncode


def command(database: Path, port: int, open_page: bool) -> list[str]:
    """The command that serves a database with its description."""
    described = database.with_name(f"{database.stem}.metadata.json")
    parts = [sys.executable, "-m", "datasette", "serve", "--immutable", str(database)]
    parts += ["--metadata", str(described), "--host", HOST, "--port", str(port)]
    return [*parts, "--open"] if open_page else parts


@contextmanager
def _database(dataset: Dataset, lang: Lang) -> Iterator[Path]:
    from gxstats.version import __version__

    said = dataset.release.as_bytes() + f"{__version__} {lang}".encode()
    folder = dataset.folder / _CACHE / hashlib.sha256(said).hexdigest()[:16]
    try:
        database = _made(dataset, folder, lang)
    except OSError:
        with tempfile.TemporaryDirectory() as scratch:
            yield _made(dataset, Path(scratch), lang)
        return
    _remove_others(folder)
    yield database


def _made(dataset: Dataset, folder: Path, lang: Lang) -> Path:
    database = folder / "gxstats.sqlite"
    if not database.with_name("gxstats.metadata.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        export(dataset, database, "sqlite", lang)
    return database


def _remove_others(folder: Path) -> None:
    """Keep the two newest databases: this release in either language."""
    import shutil

    for other in sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-2]:
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
