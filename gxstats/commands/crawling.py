"""Commands that crawl: what there is to fetch, and fetching it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from gxstats.commands.console import emit, say

app = typer.Typer()


def _option(name: str, help: str, *, metavar: str | None = None) -> Any:
    return typer.Option(name, metavar=metavar, help=help)


Division = Annotated[
    str | None, _option("--division", "Sources of a division and of those in it.", metavar="CODE")
]
Ids = Annotated[list[str] | None, _option("--source", "A source; may be repeated.", metavar="ID")]
Years = Annotated[str, _option("--years", "Report years: 2024, 2019-2024 or 2019,2021.", metavar="YEARS")]
Folder = Annotated[
    Path, typer.Option("--archive", "-o", "-a", metavar="ARCHIVE", help="Folder of the archive.")
]
Registry = Annotated[
    Path | None, typer.Option("--sources", metavar="CSV", help="Another list of sources.", exists=True)
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many reports.")]
Retry = Annotated[
    Path | None,
    typer.Option("--retry", metavar="SUMMARY.json", help="Only what failed in that run.", exists=True),
]
Contact = Annotated[
    str | None, _option("--contact", "Mail or web address told to the servers, or set GXSTATS_CONTACT.")
]


@app.command()
def crawl(
    division: Division = None,
    source: Ids = None,
    years: Years = "",
    archive: Folder = Path("archive"),
    sources: Registry = None,
    limit: Limit = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read the lists only.")] = False,
    retry: Retry = None,
    everything: Annotated[bool, typer.Option("--all", help="Every source there is.")] = False,
    contact: Contact = None,
) -> None:
    """Fetch the reports that publishers list into an archive. Asked again, an interrupted run goes on."""
    from gxstats.crawl.run import Options, crawl
    from gxstats.display.words import visible
    from gxstats.errors import GxError

    if not (division or source or sources or retry or everything):
        raise typer.BadParameter("say what to fetch: --division, --source, --sources, --retry or --all")
    options: Options = {"sources": sources, "limit": limit, "dry_run": dry_run, "retry": retry}
    asked = _years(years)
    try:
        summary = crawl(division, source=source, years=asked, archive=archive, contact=contact, **options)
    except GxError as error:
        say(visible(str(error)))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say("stopped; the same command goes on where it was")
        raise typer.Exit(130) from None
    for line in str(summary).splitlines():
        emit(f"{visible(line)}\n".encode())
    say(f"the summary is {archive / 'runs' / f'{summary.run:06d}.json'}")
    raise typer.Exit(0 if summary.complete and not summary.alarms and not summary.retry else 1)


@app.command("sources")
def sources_(division: Division = None) -> None:
    """Print the publishers that gxstats knows as CSV: a row per source."""
    from gxstats.crawl.sources import sources

    found = sources(division)
    emit(found.to_csv(index=False).encode())
    if found.empty:
        say(f"no source is known in division {division} (`gxstats new-source URL` looks at one to add)")


@app.command()
def new_source(
    url: Annotated[str, typer.Argument(metavar="URL", help="A list of annual reports, or one report.")],
    archive: Folder = Path("archive"),
    contact: Contact = None,
) -> None:
    """Look at a publisher's list: its system, what it holds, and the row to add to data/sources.csv."""
    from gxstats.crawl.proposal import propose
    from gxstats.display.words import visible
    from gxstats.errors import GxError

    try:
        proposal = propose(url, archive=archive, contact=contact)
    except GxError as error:
        say(visible(str(error)))
        raise typer.Exit(1) from None
    known = ", ".join(f"{name} ({score})" for name, score in proposal.platforms)
    say(f"platform: {known or 'none that gxstats knows; only this page can be fetched'}")
    for year, title, address, reason in proposal.reports:
        say(
            visible(
                f"{year or '????'}  {title or '(no title)'}  {address}{'  - ' + reason if reason else ''}"
            )
        )
    say(f"{len(proposal.reports)} links here, {len(proposal.further)} further lists or pages to ask for")
    for lost in proposal.lost:
        say(visible(f"not understood: {lost.what}{f' ({lost.hint})' if lost.hint else ''}"))
    emit(proposal.row().encode())
    raise typer.Exit(0 if any(not reason for *_, reason in proposal.reports) else 1)


def _years(text: str) -> tuple[int, ...]:
    """The years that a text like ``2019-2021,2023`` names."""
    years: list[int] = []
    for part in filter(None, text.replace(" ", "").split(",")):
        match = re.fullmatch(r"(20\d\d)(?:-(20\d\d))?", part)
        if not match:
            raise typer.BadParameter(f"{part} is neither a year nor a range of years", param_hint="--years")
        years += range(int(match[1]), int(match[2] or match[1]) + 1)
    return tuple(years)
