"""Where the data that comes with gxstats lies, in a checkout and in an installed package."""

from __future__ import annotations

import csv
from pathlib import Path

from gxstats.errors import InputMissing

_PACKAGE = Path(__file__).resolve().parent


def data_path(*parts: str) -> Path:
    """A file or folder of the shipped data.

    Args:
        parts: its path below ``data/``; none for the folder itself.

    Returns:
        The path in the repository's ``data/`` when gxstats runs from a checkout, else in the
        ``gxstats/_data`` of the installed package.

    Raises:
        InputMissing: there is no such file or folder.

    Example:
        >>> data_path("sample", "index.csv").name
        'index.csv'
    """
    # A `data` beside an installed package is someone else's; a checkout has a project file too.
    checkout = _PACKAGE.parent
    folder = checkout / "data" if (checkout / "pyproject.toml").is_file() else _PACKAGE / "_data"
    path = folder.joinpath(*parts)
    if not path.exists():
        raise InputMissing("this is not among the shipped data", hint=f"see {folder}", where=str(path))
    return path


def sample_files() -> list[Path]:
    """The sample reports that come with gxstats, in the order of their ``index.csv``.

    They are our own renderings of published figures in mixed formats, made to try things on
    without a network; ``data/sample/README.md`` says what each is.

    Example:
        >>> files = sample_files()
        >>> len(files), files[1].name
        (14, 'pingtan-2020.html')
    """
    with data_path("sample", "index.csv").open(encoding="utf-8", newline="") as lines:
        return [data_path("sample", row["file"]) for row in csv.DictReader(lines)]
