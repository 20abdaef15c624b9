"""Commands on an archive of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gxstats.commands.console import emit, say

if TYPE_CHECKING:
    from gxstats.archive import Archive, Problem
    from gxstats.archive.added import Added

app = typer.Typer()
archive = typer.Typer(
    help="Keep documents as they were found, with a ledger of when and where.", no_args_is_help=True
)
app.add_typer(archive, name="archive")

_WORDS = {
    "new": "new",
    "same": "same",
    "revised": "revised",
    "no_document": "without a document",
    "passed_over": "records passed over",
}
_Archive = Annotated[
    Path, typer.Option("--archive", "-a", metavar="ARCHIVE", help="Folder of the archive.", file_okay=False)
]


@archive.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="DIR|FILE", help="Folders to search for documents, or files.", exists=True),
    ],
    to: _Archive,
) -> None:
    """Add files. An archive that is not there is made."""
    from gxstats.api import _files
    from gxstats.archive.folder import add_files

    with _opened(to, create=True) as opened:
        _report([add_files(opened, (Path(str(path)) for path in _files(paths)))])


@archive.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE.warc[.gz]", help="Web archives.", exists=True, dir_okay=False),
    ],
    to: _Archive,
) -> None:
    """Add the documents of web archives (WARC). An archive that is not there is made."""
    from gxstats.archive.warc_import import import_warc

    with _opened(to, create=True) as opened:
        _report([import_warc(opened, file) for file in files])


@archive.command()
def export(
    source: _Archive,
    warc: Annotated[
        Path, typer.Option("--warc", metavar="FILE.warc.gz", help="The file to write.", dir_okay=False)
    ],
) -> None:
    """Write the archive as one web archive (WARC/1.1)."""
    from gxstats.archive.warc_export import export_warc

    with _opened(source) as opened:
        written = export_warc(opened, warc)
    _name(written.problems)
    _print(f"{written.records} records, {len(written.problems)} failed")
    raise typer.Exit(1 if written.problems else 0)


@archive.command()
def verify(
    source: _Archive,
    repair: Annotated[
        bool, typer.Option("--repair", help="Remove what programs that died have left behind.")
    ] = False,
) -> None:
    """Check that the ledger and the stored documents agree."""
    with _opened(source) as opened:
        problems = opened.verify(repair=repair)
    _name(problems)
    faults = sum(not problem.harmless for problem in problems)
    _print(f"{faults} faults, {len(problems) - faults} harmless leftovers")
    raise typer.Exit(1 if faults else 0)


@archive.command("list")
def list_(source: _Archive) -> None:
    """Print the ledger as CSV: a row per capture."""
    with _opened(source) as opened:
        emit(opened.frame().to_csv(index=False).encode())


@contextmanager
def _opened(folder: Path, *, create: bool = False) -> Iterator[Archive]:
    from gxstats.archive import Archive
    from gxstats.errors import GxError

    try:
        with Archive(folder, create=create) as opened:
            yield opened
    except GxError as error:
        say(str(error))
        raise typer.Exit(1) from None


def _report(parts: list[Added]) -> None:
    for part in parts:
        _name(part.problems)
    counts = {name: sum(part.counts[name] for part in parts) for name in _WORDS}
    shown = [f"{n} {_WORDS[name]}" for name, n in counts.items() if n or name in ("new", "same", "revised")]
    failed = sum(part.failed for part in parts)
    _print(", ".join([*shown, f"{failed} failed"]))
    raise typer.Exit(1 if failed else 0)


def _name(problems: Iterable[Problem]) -> None:
    from gxstats.display.words import visible

    for problem in problems:
        say(visible(str(problem)))


def _print(line: str) -> None:
    emit(f"{line}\n".encode())
