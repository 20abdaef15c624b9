"""Commands on reports: read, check, show and explain them, and compute a metric."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gxstats.commands.console import (
    File,
    InLang,
    Lang,
    Paths,
    PathsOrDataset,
    emit,
    name_empty,
    print_parts,
    read,
    refuse_unwritable,
    stored,
)

if TYPE_CHECKING:
    from gxstats.report import Reports

app = typer.Typer()


class Format(StrEnum):
    """How `parse` writes facts."""

    csv = "csv"
    json = "json"
    parquet = "parquet"
    table = "table"


class Section(StrEnum):
    """The sections of the forms; the last is all of the form of 2014."""

    disclosure = "disclosure"
    applications = "applications"
    disputes = "disputes"
    statistics = "statistics"


@app.command()
def parse(
    paths: Paths,
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="By default that of PATH, or csv.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="By default stdout.")
    ] = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Language of a table; other formats have codes.")] = (
        Lang.zh
    ),
) -> None:
    """Read reports and write their facts: one row per cell of the form."""
    chosen = _format(format, output)
    reports = read(paths)
    _write(reports, chosen, output, lang)
    raise typer.Exit(name_empty(paths, reports))


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

    reports = read(paths)
    print_parts(lambda _: (line for r in reports if r.fact_rows for line in check_text(r, lang.value)))
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
        print_parts(
            lambda _: [*(gxstats.explain_across(row, lang.value) for row in failing), rest[lang.value]]
        )
    raise typer.Exit(name_empty(paths, reports))


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

    reports = read([path])
    chosen = [part.value for part in section or ()]
    print_parts(
        lambda width: (p for r in reports if r.fact_rows for p in form_text(r, chosen, lang.value, width))
    )
    raise typer.Exit(name_empty([path], reports))


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

    reports = read([path])
    if not reports[0].fact_rows:
        raise typer.Exit(name_empty([path], reports))
    try:
        fact = find_fact(reports[0], item, measure, section.value if section else None)
        found = explain(fact, report=reports[0], lang=lang.value)
        if output:
            found.save(output)
        else:
            emit((found.text + "\n").encode())
    except GxError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def metric(
    paths: PathsOrDataset,
    name: Annotated[
        str, typer.Argument(help="A metric, by name or id, such as disclosure_rate: gx.metrics() lists them.")
    ],
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

    dataset = stored(paths)
    reports = gxstats.Reports() if dataset else read(paths)
    try:
        found = gxstats.metric((dataset or reports).tidy(warn=False), name, by=tuple(by.split(",")))
    except GxError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    data = found.to_csv(index=False).encode()
    if output:
        output.write_bytes(data)
    else:
        emit(data)
    raise typer.Exit(0 if dataset else name_empty(paths, reports))


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
    refuse_unwritable(output)
    return format or Format.csv


def _write(reports: Reports, format: Format, output: Path | None, lang: Lang) -> None:
    from gxstats.dataset.export import single
    from gxstats.display.terminal import facts_text

    if format is Format.table:
        print_parts(lambda _: [facts_text(reports, lang.value)], output)
    elif output is not None:
        single.write(reports.tidy(warn=False), output, format.value)
    else:
        emit((single.as_csv if format is Format.csv else single.as_json)(reports.tidy(warn=False)))
