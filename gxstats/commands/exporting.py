"""Commands that hand a dataset to other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gxstats.commands.console import InLang, Lang, say

app = typer.Typer()
_WRONG_USAGE = 2
_Dataset = Annotated[
    Path, typer.Argument(metavar="OUT", help="Folder of a dataset: what build was given.", file_okay=False)
]


class Format(StrEnum):
    """What other programs read."""

    csv = "csv"
    xlsx = "xlsx"
    sqlite = "sqlite"
    duckdb = "duckdb"
    stata = "stata"


@app.command()
def export(
    dataset: _Dataset,
    format: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="By default what the name of the output ends with."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="File, or folder for csv and stata; by default beside the dataset.",
        ),
    ] = None,
    lang: InLang = Lang.zh,
) -> None:
    """Write a dataset as CSV, Excel workbook, SQLite, DuckDB or Stata files."""
    from gxstats.dataset.export import FORMATS, ExportRefused
    from gxstats.dataset.export import export as write
    from gxstats.dataset.store import open_dataset
    from gxstats.errors import GxError

    if format is None and output is None:
        raise typer.BadParameter(
            f"say which format: {', '.join(Format)}; or name the output with -o", param_hint="--format"
        )
    if output is None and format is not None:
        stem = dataset.resolve()
        output = stem.with_name(f"{stem.name}{FORMATS[format.value] or f'-{format.value}'}")
    try:
        with open_dataset(dataset) as opened:
            written = write(opened, output or "", None if format is None else format.value, lang.value)
    except ExportRefused as error:
        say(str(error))
        raise typer.Exit(_WRONG_USAGE) from None
    except (GxError, OSError) as error:
        say(str(error))
        raise typer.Exit(1) from None
    say(f"written: {written}")


@app.command()
def browse(
    dataset: _Dataset,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port of this machine.")] = 8001,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a web browser.")] = False,
    lang: InLang = Lang.zh,
) -> None:
    """Show a dataset in Datasette, on this machine only; stop it with Ctrl-C."""
    from gxstats.dataset.export.browse import browse as serve
    from gxstats.dataset.store import open_dataset
    from gxstats.errors import GxError

    try:
        with open_dataset(dataset) as opened:
            code = serve(opened, port, lang=lang.value, open_page=not no_open)
    except GxError as error:
        say(str(error))
        raise typer.Exit(1) from None
    raise typer.Exit(code)
