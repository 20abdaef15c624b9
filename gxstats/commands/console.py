"""What the commands share: how they read their inputs, print, and say what gave no facts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gxstats.dataset.store import Dataset
    from gxstats.report import Report, Reports

_BROKEN_PIPE = 141
"""What a shell reports for a program that the end of a pipe stopped."""


class Lang(StrEnum):
    """The language of labels and sentences."""

    zh = "zh"
    en = "en"


Paths = Annotated[
    list[Path], typer.Argument(metavar="FILE|DIR", help="Reports, or folders to search for them.")
]
PathsOrDataset = Annotated[
    list[Path], typer.Argument(metavar="FILE|DIR", help="Reports, folders to search for them, or a dataset.")
]
File = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="A report.")]
InLang = Annotated[Lang, typer.Option("--lang", help="Language of labels and sentences.")]


def read(paths: Iterable[Path]) -> Reports:
    """Read every file; what gives nothing is told by :func:`name_empty`."""
    import gxstats

    return gxstats.read_reports(paths)


def stored(paths: Sequence[Path]) -> Dataset | None:
    """The dataset, if what is given is the folder of one: the same commands work on it."""
    if len(paths) != 1 or not (paths[0] / "release.json").is_file():
        return None
    import gxstats

    return gxstats.open(paths[0])


def print_parts(parts: Callable[[int], Iterable[RenderableType]], output: Path | None = None) -> None:
    """Print for people: as wide as the terminal, or unfolded into a file or pipe."""
    from gxstats.display.terminal import console

    with output.open("w", encoding="utf-8") if output else nullcontext() as file:
        out = console(file)
        with out.capture() as captured:
            for part in parts(out.width):
                out.print(part, crop=False)
        if file is None:
            emit(_trimmed(captured.get()).encode())
        else:
            file.write(_trimmed(captured.get()))


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def emit(data: bytes) -> None:
    """Write to stdout."""
    # Bytes, for the text layer would use the locale's encoding, and CRLF on Windows.
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # `| head` has seen enough. Python would complain at exit that it cannot flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(_BROKEN_PIPE) from None


def name_empty(paths: Iterable[Path], reports: Reports) -> int:
    """Name on stderr every input that gave no facts; the exit code."""
    from gxstats.display import visible, why_empty
    from gxstats.display.words import word

    empty = [r for r in reports if not r.fact_rows]
    for report in empty:
        say(f"{visible(str(report.meta.get('source')))}: {word('no_facts', 'en')}{why_empty(report)}")
    barren = [path for path in paths if path.is_dir() and not any(_below(path, r) for r in reports)]
    for path in barren:
        dataset = (path / "release.json").is_file()
        why = (
            "this is a dataset, which metric, plot, findings and export read"
            if dataset
            else "the folder holds no files"
        )
        say(f"{visible(str(path))}: {word('no_facts', 'en')} - {why}")
    return 1 if empty or barren else 0


def _below(folder: Path, report: Report) -> bool:
    return Path(str(report.meta.get("source"))).is_relative_to(folder)


def refuse_unwritable(output: Path | None) -> None:
    """A usage error for a path that nothing can be written to, before anything is read."""
    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        raise typer.BadParameter(f"{output} cannot be written: is its folder there?", param_hint="-o")


def say(text: str) -> None:
    """Tell about the run, on stderr."""
    typer.echo(f"gxstats: {text}", err=True)
