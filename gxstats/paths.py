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
    folder = _shipped("data")
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


def notebook_files() -> list[Path]:
    """The notebooks that come with gxstats, in their order.

    Example:
        >>> notebook_files()[0].name
        '00_quickstart.ipynb'
    """
    return sorted(_shipped("notebooks").glob("*.ipynb"))


def is_ours(path: Path) -> bool:
    """Whether a path lies in the checkout or in the installed package, which nothing may write into.

    Example:
        >>> is_ours(data_path()), is_ours(Path.home())
        (True, False)
    """
    return path.resolve().is_relative_to(_PACKAGE.parent if _in_checkout() else _PACKAGE)


def _in_checkout() -> bool:
    # A `data` beside an installed package is someone else's; a checkout has a project file too.
    return (_PACKAGE.parent / "pyproject.toml").is_file()


def _shipped(name: str) -> Path:
    """A folder of the repository, or what it is called in the installed package."""
    return _PACKAGE.parent / name if _in_checkout() else _PACKAGE / f"_{name}"
