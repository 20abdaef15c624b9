"""Show what gxstats does with the sample reports it comes with: ``make demo``.

Reads them, says in words what was found, writes the tables to ``build/demo`` and runs the first
notebook into a page to open in a browser. Nothing is fetched.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from gxstats.errors import GxError

if TYPE_CHECKING:
    from gxstats.report import Reports

_NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "00_quickstart.ipynb"
_SECONDS = 300
"""Time one cell of the notebook may take."""


def main() -> int:
    """Run the demo; the exit code is 1 if the notebook fails."""
    import gxstats

    started = time.perf_counter()
    reports = gxstats.read_reports(gxstats.sample_files())
    print(f"{summary(reports)}\nread in {time.perf_counter() - started:.1f} s")
    folder = Path("build", "demo")
    print("\ntables:")
    for path in write_tables(reports, folder):
        print(f"  {path}")
    return show_notebook(folder)


def summary(reports: Reports) -> str:
    """What was read, as lines of text: reports, cells, confirmed, implied, and the failing sums in words.

    Example:
        >>> from gxstats.report import Reports
        >>> print(summary(Reports()))
        0 reports, 0 cells: 0 confirmed, 0 not; 0 figures implied
        0 sums: 0 hold, 0 fail, 0 cannot be told
    """
    from gxstats.display import counts_of, name_of, said

    counts = counts_of(*reports)
    lines = [
        f"{len(reports)} reports, {counts.cells} cells: {counts.confirmed} confirmed, "
        f"{counts.cells - counts.confirmed} not; {counts.implied} figures implied",
        f"{counts.sums} sums: {counts.hold} hold, {counts.fail} fail, {counts.untold} cannot be told",
    ]
    for report in reports:
        sentences = zip(said(report, "zh"), said(report, "en"), strict=True)
        if words := [f"    {sentence}" for pair in sentences for sentence in pair]:
            lines += [f"  {name_of(report)}", *words]
    return "\n".join(lines)


def write_tables(reports: Reports, folder: Path) -> list[Path]:
    """Write the facts (Parquet and CSV) and the checks (CSV) into a folder, which is made if missing.

    Returns:
        The files written.

    Example:
        >>> import tempfile
        >>> from gxstats.report import Reports
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [path.name for path in write_tables(Reports(), Path(folder))]
        ['facts.parquet', 'facts.csv', 'checks.csv']
    """
    from gxstats.dataset.export.single import write

    folder.mkdir(parents=True, exist_ok=True)
    facts = reports.tidy(warn=False)
    tables = {"facts.parquet": facts, "facts.csv": facts, "checks.csv": reports.checks}
    for name, table in tables.items():
        write(table, folder / name)
    return [folder / name for name in tables]


def show_notebook(folder: Path) -> int:
    """Run the quickstart notebook into ``folder`` and say where the page is; 1 if it fails."""
    if not _NOTEBOOK.is_file():
        print("\nThe notebook is in the repository, not in the installed package.")
        return 0
    print(f"\nrunning {_NOTEBOOK.name} ...", flush=True)
    try:
        page = execute(_NOTEBOOK, folder)
    except ImportError as error:
        print(f"{error.name} is missing: pip install 'gxstats[notebooks]'", file=sys.stderr)
        return 1
    except GxError as error:
        print(f"{error}\n{error.__cause__}", file=sys.stderr)
        return 1
    print(f"page: {page.resolve().as_uri()}")
    return 0


def execute(notebook: Path, folder: Path) -> Path:
    """Run a notebook from top to bottom and write the result as a web page into ``folder``.

    Raises:
        ImportError: the notebook tools (the extra ``notebooks``) are not installed.
        GxError: a cell failed; the cause says which and how.
    """
    # The kernel of this environment, not one of the same name in the user's home.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, DeadKernelError
    from nbconvert import HTMLExporter

    content = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        content,
        timeout=_SECONDS,
        resources={"metadata": {"path": str(notebook.parent)}},
        extra_arguments=["--log-level=ERROR"],  # it would warn of the port it talks through
    )
    try:
        client.execute()
    except (CellControlSignal, DeadKernelError) as error:
        raise GxError("the notebook stopped", where=notebook.name) from error
    body, _ = HTMLExporter().from_notebook_node(content)  # type: ignore[no-untyped-call]
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{notebook.stem}.html"
    page.write_text(body, encoding="utf-8")
    return page


if __name__ == "__main__":
    sys.exit(main())
