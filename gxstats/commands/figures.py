"""Commands that draw figures and open notebooks."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from gxstats.commands.console import (
    InLang,
    Lang,
    PathsOrDataset,
    name_empty,
    read,
    refuse_unwritable,
    say,
    stored,
)
from gxstats.dataset.tidy import joined
from gxstats.errors import GxError, NotComparable, UnknownField
from gxstats.report import Report, Reports

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from gxstats.dataset.store import Dataset

app = typer.Typer()

_OF_REPORTS = ("volumes", "outcomes", "refusal_grounds", "disputes", "carry_over", "coverage")
_OF_METRIC = ("dots", "forest", "funnel", "multiples")
FIGURES = (*_OF_REPORTS, *_OF_METRIC)
"""Every figure of :mod:`gxstats.plot`: those drawn of reports, then those drawn of one metric."""
_BY, _METRIC = "agency,year", "disclosure_rate"
_UNDATED = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}
"""Ending -> the metadata without which the same reports give the same bytes."""


class Look(StrEnum):
    """The look of a figure on paper."""

    journal = "journal"
    newsroom = "newsroom"


class Scope(StrEnum):
    """What a report covers."""

    body = "body"
    summary = "summary"


class _Wish(NamedTuple):
    """What to draw; ``by``, ``metric`` and ``part`` are None where nothing was said."""

    figure: str
    lang: str
    by: str | None
    metric: str | None
    part: str | None


def _figure(name: str) -> str:
    found = name.replace("-", "_")
    if found not in FIGURES:
        raise typer.BadParameter(f"no figure is called {name!r}: there are {', '.join(FIGURES)}")
    return found


@app.command()
def plot(
    paths: PathsOrDataset,
    figure: Annotated[
        str, typer.Argument(metavar="FIGURE", callback=_figure, help=f"One of {', '.join(FIGURES)}.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PATH", help="Ends with .svg, .pdf or .png.")
    ],
    lang: InLang = Lang.zh,
    style: Annotated[Look, typer.Option("--style", help="For print, or for a newsroom.")] = Look.journal,
    metric: Annotated[
        str | None, typer.Option("--metric", help=f"For {', '.join(_OF_METRIC)}: by default {_METRIC}.")
    ] = None,
    part: Annotated[str | None, typer.Option("--part", help="Of a metric that has several.")] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help=f"Rows of a metric ({_BY}) or of refusal_grounds (agency)."),
    ] = None,
    year: Annotated[list[int] | None, typer.Option("--year", help="Only reports for this year.")] = None,
    scope: Annotated[Scope | None, typer.Option("--scope", help="Only reports that cover this.")] = None,
) -> None:
    """Draw a figure of reports and write it to a file."""
    wish = _Wish(figure, lang.value, by, metric, part)
    _refuse(wish, output)
    dataset = stored(paths)
    reports = Reports() if dataset else read(paths)
    try:
        chosen = _chosen(dataset or reports, year, scope)
        _save(chosen, wish, style.value, output)
    except GxError as error:
        # Why some inputs gave nothing may be why there is no figure.
        _ = dataset or name_empty(paths, reports)
        typer.echo(str(error), err=True)
        if isinstance(error, NotComparable):
            say("--year and --scope choose among the reports")
        raise typer.Exit(1) from None
    raise typer.Exit(0 if dataset else name_empty(paths, reports))


@app.command()
def notebook(
    folder: Annotated[
        Path | None,
        typer.Option("--folder", "-d", file_okay=False, help="By default ~/gxstats-notebooks."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Start no browser.")] = False,
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTION...]", help="Passed on to JupyterLab.")
    ] = None,
) -> None:
    """Open JupyterLab on a copy of the notebooks; what you changed in that copy stays."""
    from gxstats.paths import is_ours

    target = (folder or Path.home() / "gxstats-notebooks").expanduser().absolute()
    if is_ours(target):
        raise typer.BadParameter(f"{target} belongs to gxstats: choose a folder of yours", param_hint="-d")
    if find_spec("jupyterlab") is None:
        say("JupyterLab is missing: pip install 'gxstats[notebooks]'")
        raise typer.Exit(1)
    try:
        copied, kept = _copy(target)
    except OSError as error:
        say(f"{target}: the notebooks cannot be copied there: {error.strerror}")
        raise typer.Exit(1) from None
    say(f"{copied} notebooks copied to {target}" + (f", {kept} were there already" if kept else ""))
    _open(target, [*["--no-browser"] * no_browser, *(arguments or ())])


def _refuse(wish: _Wish, output: Path) -> None:
    """Usage errors, before anything is read."""
    if output.suffix.lower() not in _UNDATED:
        raise typer.BadParameter(f"{output.name} ends with none of .svg, .pdf, .png", param_hint="-o")
    refuse_unwritable(output)
    of_metric = wish.figure in _OF_METRIC
    for option, value in (("--metric", wish.metric), ("--part", wish.part)):
        if value is not None and not of_metric:
            raise typer.BadParameter(
                f"{wish.figure} shows no metric: {', '.join(_OF_METRIC)} do", param_hint=option
            )
    if wish.by is None or of_metric:
        return
    if wish.figure != "refusal_grounds":
        raise typer.BadParameter(f"{wish.figure} has rows of its own", param_hint="--by")
    if wish.by not in ("agency", _BY):
        raise typer.BadParameter(f"refusal_grounds goes by agency or by {_BY}", param_hint="--by")


def _chosen(
    source: Reports | Dataset, years: Sequence[int] | None, scope: Scope | None
) -> Reports | pd.DataFrame:
    """The reports asked for; of a dataset their facts, which are not read before they are chosen."""
    if isinstance(source, Reports):
        return Reports(tuple(r for r in source if _wanted(r, years, scope)))
    frame = source.tidy(warn=False, year=list(years)) if years else source.tidy(warn=False)
    return frame if scope is None else frame[frame["scope"].eq(scope.value).fillna(False)]


def _wanted(report: Report, years: Sequence[int] | None, scope: Scope | None) -> bool:
    meta = report.meta
    return (not years or meta.get("year") in years) and (scope is None or meta.get("scope") == scope.value)


def _save(reports: Reports | pd.DataFrame, wish: _Wish, style: Any, output: Path) -> None:
    import matplotlib
    from matplotlib import pyplot

    import gxstats

    matplotlib.use("agg")  # no window for a file
    with gxstats.plot.style(style):
        drawn = _drawn(reports, wish)
    suffix = output.suffix.lower()
    with matplotlib.rc_context({"svg.hashsalt": "gxstats"}):
        drawn.savefig(output, format=suffix[1:], dpi=300, metadata=_UNDATED[suffix])
    pyplot.close(drawn)


def _drawn(reports: Reports | pd.DataFrame, wish: _Wish) -> Figure:
    import gxstats

    draw: Any = getattr(gxstats.plot, wish.figure)
    options: dict[str, Any] = {"by_year": wish.by == _BY} if wish.figure == "refusal_grounds" else {}
    source: Any = reports
    if wish.figure in _OF_METRIC:
        source = _metric(reports, wish)
    elif wish.figure == "volumes":
        source = joined(reports)
    figure: Figure = draw(source, wish.lang, **options)[0]
    return figure


def _metric(reports: Reports | pd.DataFrame, wish: _Wish) -> pd.DataFrame:
    """The rows of the metric; of one part, which the figures need."""
    import gxstats

    by = tuple((wish.by or _BY).split(","))
    frame = gxstats.metric(joined(reports), wish.metric or _METRIC, by=by)
    parts = frame["part"].unique().tolist()
    if wish.part is None and len(parts) < 2:
        return frame
    if wish.part not in parts:
        said = "has several parts" if wish.part is None else f"has no part {wish.part!r}"
        raise UnknownField(
            f"{wish.metric or _METRIC} {said}", hint=f"choose one with --part: {', '.join(parts)}"
        )
    return frame[frame["part"] == wish.part]


def _copy(folder: Path) -> tuple[int, int]:
    """Copy the notebooks that are not there yet: how many were copied, how many left as they are."""
    from gxstats.paths import notebook_files

    folder.mkdir(parents=True, exist_ok=True)
    files = notebook_files()
    missing = [path for path in files if not (folder / path.name).exists()]
    for path in missing:
        copyfile(path, folder / path.name)
    return len(missing), len(files) - len(missing)


def _open(folder: Path, options: Sequence[str]) -> None:
    """Run JupyterLab until it is stopped."""
    # Otherwise a kernel that the user once installed under the same name would run, without gxstats.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    from jupyterlab.labapp import LabApp

    sys.exit(LabApp.launch_instance([f"--ServerApp.root_dir={folder}", *options]))
