"""The command line: each command is one call of the library and prints what comes back.

Tables and words go to stdout, everything about the run to stderr. The exit code is 0 if every input
gave facts, 1 if one did not (it is named on stderr, the rest is still printed), 2 for wrong usage.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gxstats.report import Report, Reports

app = typer.Typer(
    name="gxstats",
    help="China's government information disclosure annual reports as checked, traceable tables.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_INTERRUPTED = 130
_BROKEN_PIPE = 141
"""What a shell reports for a program that the end of a pipe stopped."""


class Format(StrEnum):
    """How `parse` writes facts."""

    csv = "csv"
    json = "json"
    parquet = "parquet"
    table = "table"


class Lang(StrEnum):
    """The language of labels and sentences."""

    zh = "zh"
    en = "en"


class Section(StrEnum):
    """The sections of the form."""

    disclosure = "disclosure"
    applications = "applications"
    disputes = "disputes"


Paths = Annotated[
    list[Path], typer.Argument(metavar="FILE|DIR", help="Reports, or folders to search for them.")
]
File = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="A report.")]
InLang = Annotated[Lang, typer.Option("--lang", help="Language of labels and sentences.")]


def _version(wanted: bool) -> None:
    if wanted:
        from gxstats.version import __version__

        typer.echo(f"gxstats {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def parse(
    paths: Paths,
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="By default that of PATH, or csv.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="By default stdout.")
    ] = None,
) -> None:
    """Read reports and write their facts: one row per cell of the form."""
    chosen = _format(format, output)
    reports = _read(paths)
    _write(reports, chosen, output)
    raise typer.Exit(_name_empty(paths, reports))


@app.command()
def check(
    paths: Paths,
    lang: InLang = Lang.zh,
    across: Annotated[
        bool, typer.Option("--across", help="Also compare the reports with each other.")
    ] = False,
) -> None:
    """Say which sums of the form do not hold: both sides, the difference, the cause."""
    from gxstats.display.terminal import check_text

    reports = _read(paths)
    _print(lambda _: (line for r in reports if r.fact_rows for line in check_text(r, lang.value)))
    if across:
        import gxstats

        found = gxstats.check_across(reports)
        failing = found[found.status == "fail"].itertuples()
        counts = found.status.value_counts()
        told = f"{counts.get('pass', 0)} + {counts.get('weak_pass', 0)} / {counts.get('inconclusive', 0)}"
        rest = {
            "en": f"hold + hold with blanks / cannot be told: {told}",
            "zh": f"成立＋有空白成立／无法判断：{told}",
        }
        _print(lambda _: [*(gxstats.explain_across(row, lang.value) for row in failing), rest[lang.value]])
    raise typer.Exit(_name_empty(paths, reports))


@app.command()
def show(
    path: File,
    section: Annotated[
        list[Section] | None, typer.Option("--section", "-s", help="Only this section.")
    ] = None,
    lang: InLang = Lang.zh,
) -> None:
    """Show the form as it is printed, with what is doubtful or does not add up marked."""
    from gxstats.display.terminal import form_text

    reports = _read([path])
    chosen = [part.value for part in section or ()]
    _print(lambda width: (p for r in reports if r.fact_rows for p in form_text(r, chosen, lang.value, width)))
    raise typer.Exit(_name_empty([path], reports))


@app.command()
def explain(
    path: File,
    item: Annotated[str, typer.Argument(help="Row of the form, such as received.")],
    measure: Annotated[str, typer.Argument(help="Column of the form, such as total.")],
    section: Annotated[
        Section | None, typer.Option("--section", "-s", help="If the row is in several.")
    ] = None,
    lang: InLang = Lang.zh,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help=".html, .txt, or .png for a PDF.")
    ] = None,
) -> None:
    """Show where a figure stands in its source, how it was read and what sums it takes part in."""
    from gxstats.errors import GxError
    from gxstats.explain import explain, find_fact

    reports = _read([path])
    if not reports[0].fact_rows:
        raise typer.Exit(_name_empty([path], reports))
    try:
        fact = find_fact(reports[0], item, measure, section.value if section else None)
        found = explain(fact, report=reports[0], lang=lang.value)
        if output:
            found.save(output)
        else:
            _emit((found.text + "\n").encode())
    except GxError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def metric(
    paths: Paths,
    name: Annotated[str, typer.Argument(help="A metric, by name or id: gx.metrics() lists them.")],
    by: Annotated[
        str, typer.Option("--by", help="Columns to group by, with commas between.")
    ] = "agency,year",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="By default stdout.")
    ] = None,
) -> None:
    """Compute a metric for each group of reports, as CSV."""
    import gxstats
    from gxstats.errors import GxError

    reports = _read(paths)
    try:
        found = gxstats.metric(reports.tidy(warn=False), name, by=tuple(by.split(",")))
    except GxError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    data = found.to_csv(index=False).encode()
    if output:
        output.write_bytes(data)
    else:
        _emit(data)
    raise typer.Exit(_name_empty(paths, reports))


def _format(format: Format | None, output: Path | None) -> Format:
    """The format asked for; usage errors come before anything is read."""
    if format is None and output is not None:
        suffix = output.suffix.lower().removeprefix(".")
        if suffix not in {"csv", "json", "parquet"}:
            raise typer.BadParameter(
                f"{output.name} ends with no known format: add --format", param_hint="-o"
            )
        format = Format(suffix)
    if format is Format.parquet and output is None:
        raise typer.BadParameter("parquet is not for a terminal: say where with -o", param_hint="--format")
    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        raise typer.BadParameter(f"{output} cannot be written: is its folder there?", param_hint="-o")
    return format or Format.csv


def _read(paths: Iterable[Path]) -> Reports:
    import gxstats

    return gxstats.read_reports(paths)


def _write(reports: Reports, format: Format, output: Path | None) -> None:
    from gxstats import export
    from gxstats.display.terminal import facts_text

    if format is Format.table:
        _print(lambda _: [facts_text(reports)], output)
    elif output is not None:
        export.write(reports.tidy(warn=False), output, format.value)
    else:
        _emit((export.as_csv if format is Format.csv else export.as_json)(reports.tidy(warn=False)))


def _print(parts: Callable[[int], Iterable[RenderableType]], output: Path | None = None) -> None:
    """Print for people: as wide as the terminal, or unfolded into a file or pipe."""
    from gxstats.display.terminal import console

    with output.open("w", encoding="utf-8") if output else nullcontext() as file:
        out = console(file)
        with out.capture() as captured:
            for part in parts(out.width):
                out.print(part, crop=False)
        if file is None:
            _emit(_trimmed(captured.get()).encode())
        else:
            file.write(_trimmed(captured.get()))


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _emit(data: bytes) -> None:
    # Bytes, for the text layer would use the locale's encoding, and CRLF on Windows.
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # `| head` has seen enough. Python would complain at exit that it cannot flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(_BROKEN_PIPE) from None


def _name_empty(paths: Iterable[Path], reports: Reports) -> int:
    """Name on stderr every input that gave no facts; the exit code."""
    from gxstats.display import visible, why_empty
    from gxstats.display.words import word

    empty = [r for r in reports if not r.fact_rows]
    for report in empty:
        _say(f"{visible(str(report.meta.get('source')))}: {word('no_facts', 'en')}{why_empty(report)}")
    barren = [path for path in paths if path.is_dir() and not any(_below(path, r) for r in reports)]
    for path in barren:
        _say(f"{visible(str(path))}: {word('no_facts', 'en')} - the folder holds no files")
    return 1 if empty or barren else 0


def _below(folder: Path, report: Report) -> bool:
    return Path(str(report.meta.get("source"))).is_relative_to(folder)


def _say(text: str) -> None:
    typer.echo(f"gxstats: {text}", err=True)


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except KeyboardInterrupt:
        # Before typer is listening, or while it is leaving.
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
