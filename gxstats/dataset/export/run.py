"""Export reports or a dataset in one of the formats."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gxstats.dataset.export.targets import ExportRefused, new_file, new_folder
from gxstats.dataset.order import Lang

if TYPE_CHECKING:
    from gxstats.dataset.export.content import Content
    from gxstats.dataset.store import Dataset
    from gxstats.report import Report, Reports

Format = Literal["csv", "xlsx", "sqlite", "duckdb", "stata"]
FORMATS: dict[str, str] = {"csv": "", "xlsx": ".xlsx", "sqlite": ".sqlite", "duckdb": ".duckdb", "stata": ""}
"""Format -> how the name of its file ends; those without are folders."""
_WRITERS = {
    "csv": "csv_folder",
    "xlsx": "workbook",
    "sqlite": "sqlite_file",
    "duckdb": "duckdb_file",
    "stata": "stata_folder",
}


def export(
    source: Dataset | Reports | Report, path: str | Path, format: Format | None = None, lang: Lang = "zh"
) -> Path:
    """Write everything there is of reports, or of a dataset, for other programs.

    What each format holds, and what the marks in it mean, is said inside it: ``README.txt`` of a folder,
    the first sheet of a workbook, the table ``about`` of a database. The same input gives the same bytes,
    except for ``duckdb``.

    Args:
        source: :class:`gxstats.Dataset`, :class:`gxstats.Reports` or :class:`gxstats.Report`.
        path: file, or folder for ``csv`` and ``stata``; an export that is there is replaced.
            ``sqlite`` writes a description for Datasette beside it: ``NAME.metadata.json``.
        format: ``csv``, ``xlsx``, ``sqlite``, ``duckdb`` or ``stata``; by default what the name of the file
            ends with.
        lang: language of heads and explanations. Codes are the same in both.

    Returns:
        The path.

    Raises:
        ExportRefused: there is no such format, or at ``path`` is something else.
        UnknownField: ``source`` is none of the above.

    Example:
        >>> import gxstats as gx, tempfile
        >>> report = gx.read_report(gx.sample_files()[0])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     made = export(report, Path(folder) / "tables", "csv", lang="en")
        ...     sorted(file.name for file in made.iterdir())[:3]
        ['README.txt', 'checks.csv', 'datapackage.json']
    """
    from gxstats.dataset.export.content import content_of

    path = Path(path)
    chosen = format or _told_by(path)
    _refuse_unknown(chosen, lang)
    _write(content_of(source), path, chosen, lang)
    return path


def _refuse_unknown(format: str, lang: str) -> None:
    if format not in FORMATS:
        raise ExportRefused(f"there is no format {format!r}", hint=f"there are {', '.join(FORMATS)}")
    if lang not in ("zh", "en"):
        raise ExportRefused(f"there is no language {lang!r}", hint="zh or en")


def _write(content: Content, path: Path, format: str, lang: Lang) -> None:
    module = import_module(f"gxstats.dataset.export.{_WRITERS[format]}")
    write: Callable[..., None] = module.write
    if not FORMATS[format]:
        with new_folder(path) as target:
            write(content, target, lang)
        return
    with new_file(path) as target:
        write(content, target, lang)
    if format == "sqlite":
        module.describe(content, path, lang)


def _told_by(path: Path) -> str:
    for name, suffix in FORMATS.items():
        if suffix and path.suffix.lower() == suffix:
            return name
    raise ExportRefused(
        f"cannot tell a format from {path.name!r}", hint=f"say which: {', '.join(FORMATS)}", where=str(path)
    )
