"""Commands that tell what a dataset covers, what does not agree in it, and how it differs from another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxstats.commands.console import InLang, Lang, emit, print_parts, refuse_unwritable, say

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

app = typer.Typer()


class Format(StrEnum):
    """How a table is printed."""

    csv = "csv"
    json = "json"
    table = "table"


_Out = Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a dataset.")]
_Format = Annotated[Format, typer.Option("--format", "-f", help="How the table is printed.")]
_CELL = ("section", "item", "measure")
_COVERAGE = ("division", "agency", "source_id", "year", "scope", "status", "published_on", "due_on", "note")


@app.command()
def coverage(
    dataset: _Out,
    expected: Annotated[
        Path | None,
        typer.Option(
            "--expected",
            metavar="FILE",
            help="CSV of the reports that are due (year, agency or agency_id; division_code, scope,"
            " source_id, note), or of publishers like data/sources.csv, which is the default.",
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page, and print only the counts.")
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option("--archive", "-a", metavar="ARCHIVE", help="Note what the crawler met there."),
    ] = None,
    year: Annotated[list[int] | None, typer.Option("--year", help="Only this year; may be repeated.")] = None,
    format: _Format = Format.csv,
) -> None:
    """Which reports are expected, which are there, and what became of each.

    Late is later than 31 January (bodies) or 31 March (governments) after the year of the report.
    """
    import gxstats

    refuse_unwritable(html)
    with _errors():
        table = gxstats.coverage(gxstats.open(dataset), expected, archive, year)
        if html is not None:
            _write_page(table, html)
    if html is None:
        _print([table], format, _COVERAGE)
    _say_counts(table)


@app.command()
def findings(
    dataset: _Out,
    format: _Format = Format.csv,
    lang: InLang = Lang.zh,
) -> None:
    """What does not agree: sums, years that do not follow from each other, prose against tables.

    Only rows whose cause is publisher are findings about a publisher. The exit code is 0 also if there are
    some, 1 if the dataset cannot be read.
    """
    import gxstats

    with _errors():
        table = gxstats.findings(gxstats.open(dataset), lang.value)
    _print([table], format, ("cause", "words"))
    counts: dict[str, int] = table.attrs["counts"]
    unsure = counts["reading"] + counts["unknown"]
    say(
        f"{counts['publisher']} findings about publishers; {unsure} more rows that do not agree and may be"
        " misread"
    )
    for reason, number in table.attrs["set_aside"].items():
        say(f"{number} rows about {reason} files are left out")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Folder of a dataset.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder of another.")],
    format: _Format = Format.csv,
) -> None:
    """How two datasets differ: reports added, gone, revised by the publisher, or read differently by us.

    The exit code is 0 also if there are differences, 1 if one of the datasets cannot be read.
    """
    import gxstats
    from gxstats.dataset.diff import KINDS, Counted, differences

    counted = Counted()
    with _errors(), gxstats.open(old) as before, gxstats.open(new) as after:
        parts = counted.through(differences(before, after))
        _print(parts, format, ("kind", "agency", "year", *_CELL, "entry", "old", "new"))
    say("documents: " + ", ".join(f"{counted.counts[kind]} {kind}" for kind in KINDS))


def _write_page(table: pd.DataFrame, path: Path) -> None:
    from gxstats.display.coverage_html import coverage_page

    path.write_text(coverage_page(table), encoding="utf-8")


def _say_counts(table: pd.DataFrame) -> None:
    due, told = int(table["expected"].sum()), table.attrs
    missing = told["counts"].get("missing", 0)
    say(
        f"{due} reports expected, {missing} missing, {told['late']} late;"
        f" {told['unexpected']} unexpected, {told['unknown']} of unknown body or year"
    )
    if told.get("unlisted"):
        names = ", ".join(told["unlisted"])
        say(f"documents came from sources that the shipped list lacks ({names}): --expected FILE names yours")


@contextmanager
def _errors() -> Iterator[None]:
    """What cannot be read is told in a line, and the exit code is 1."""
    from gxstats.errors import GxError

    try:
        yield
    except (GxError, OSError) as error:
        say(str(error))
        raise typer.Exit(1) from None


def _print(parts: Iterable[pd.DataFrame], format: Format, columns: Sequence[str]) -> None:
    from gxstats.dataset.export.single import as_csv, as_json
    from gxstats.dataset.frames import stack

    if format is Format.csv:
        # One part after the other: the table may be larger than memory.
        for number, part in enumerate(parts):
            text = as_csv(part)
            emit(text if not number else text.partition(b"\n")[2])
        return
    whole = [*parts]
    table = whole[0] if len(whole) == 1 else stack(str(whole[0].attrs["table"]), whole)
    if format is Format.json:
        emit(as_json(table))
    else:
        print_parts(lambda width: [_shown(table, columns)])


def _shown(table: pd.DataFrame, columns: Sequence[str]) -> RenderableType:
    """The columns that fit a screen."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from gxstats.display import visible

    if "old" in columns:
        table = table.assign(**{side: _said(table, side) for side in ("old", "new")})
    grid = Table(*columns, box=box.SIMPLE, pad_edge=False)
    rows: Any = table[[*columns]].astype(object).where(table[[*columns]].notna(), "")
    for row in rows.itertuples(index=False):
        grid.add_row(*(Text(visible(str(value))) for value in row))
    return grid


def _said(table: pd.DataFrame, side: str) -> list[str]:
    """What a cell says on one side of a comparison: its print, and what it is if that is not all."""
    names = [f"{side}_{name}" for name in ("text", "state", "verdict")]
    rows: Any = table[names].astype(object).where(table[names].notna(), "")
    return [
        " ".join(filter(None, (str(text), "" if state in ("", "reported") else state, verdict)))
        for text, state, verdict in rows.itertuples(index=False)
    ]
