"""The command line: each command is one call of the library and prints what comes back.

Tables and words go to stdout, everything about the run to stderr. The exit code is 0 if every input
gave facts, 1 if one did not (it is named on stderr, the rest is still printed), 2 for wrong usage.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gxstats.commands import archives, crawling, datasets, exporting, figures, findings, reports

app = typer.Typer(
    name="gxstats",
    help="China's government information disclosure annual reports as checked, traceable tables.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (reports, figures, archives, datasets, exporting, findings, crawling):
    app.add_typer(part.app)

_INTERRUPTED = 130


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


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except KeyboardInterrupt:
        # Before typer is listening, or while it is leaving.
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
