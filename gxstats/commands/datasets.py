"""Commands on a dataset: build it, ask it, export it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gxstats.batch import MEMORY, TIMEOUT, Limits
from gxstats.commands.console import say

if TYPE_CHECKING:
    from gxstats.build.pipeline import Outcome

app = typer.Typer()


class Engine(StrEnum):
    """Where documents are read."""

    local = "local"
    dask = "dask"


_WRONG_USAGE = 2


@app.command()
def build(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SRC...", help="Files, folders, archives, or patterns in quotes."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="Folder of the dataset.")],
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes; by default one per processor.")
    ] = None,
    engine: Annotated[Engine, typer.Option("--engine", help="This machine, or a cluster.")] = Engine.local,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDR", help="Of the cluster; without it one is started here."),
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", min=1, help="Seconds one document may take.")
    ] = TIMEOUT,
    memory: Annotated[
        int, typer.Option("--memory", metavar="MB", min=256, help="Megabytes one process may use.")
    ] = MEMORY,
) -> None:
    """Read documents into a dataset, or bring it up to date; stopped, the same command goes on."""
    from gxstats.build.pipeline import WrongUsage, run
    from gxstats.errors import GxError, InputMissing

    limits = Limits(timeout, memory)
    try:
        done = run(sources, output, jobs=jobs, engine=engine.value, scheduler=scheduler, limits=limits)
    except (WrongUsage, InputMissing) as error:
        say(str(error))
        raise typer.Exit(_WRONG_USAGE) from None
    except GxError as error:
        say(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say("stopped; the same command goes on from here")
        raise
    _tell(done, output)
    raise typer.Exit(1 if done.without_facts or not done.documents else 0)


def _tell(done: Outcome, output: Path) -> None:
    for path in done.damaged:
        say(f"{path}: was damaged, its documents were read again")
    if not done.documents:
        say(f"the sources hold no documents; {output} is an empty dataset")
        return
    rest = done.documents - done.read
    say(
        f"{done.documents} documents: {done.read} read, {rest} known before or not opened; "
        f"{done.reports} reports in {output}"
    )
    if done.without_facts:
        say(f"{done.without_facts} documents gave no facts: see the table issues")
