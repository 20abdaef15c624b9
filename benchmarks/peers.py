"""The readers that are compared: ours and the peers, each as one call, and their tables as grids."""

from __future__ import annotations

import io
import logging
import os
import shutil
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measure import version
from gxstats.model import Cell, Grid, Row

OURS = "gxstats"
PACKAGES = ("pandas", "lxml", "pypdfium2", "pdfplumber", "camelot-py", "tabula-py", "jpype1", "python-docx")


class Peer(NamedTuple):
    """Another way to read a format.

    ``tables`` turns what ``read`` returns into rows of texts; None stands for what is no cell of
    its own (the covered part of a merged cell).
    """

    name: str
    kind: str
    read: Callable[[Path, bytes], Any]
    tables: Callable[[Any], Iterable[list[list[str | None]]]]
    package: str
    slow: bool = False

    def grids(self, result: Any) -> list[Grid]:
        """The tables as the aligner takes them."""
        return [grid_of(rows) for rows in self.tables(result)]

    def may_be_asked(self) -> bool:
        """Whether it is installed, with what it needs."""
        if not version(self.package):
            return False
        return self.package != "tabula-py" or shutil.which("java") is not None or "JAVA_HOME" in os.environ


def grid_of(rows: Iterable[Iterable[str | None]]) -> Grid:
    """Rows of texts as a grid; what is None is no cell.

    Example:
        >>> [len(row.cells) for row in grid_of([["a", None], ["b", ""]]).rows]
        [1, 2]
    """
    return Grid(tuple(Row(tuple(Cell(text) for text in row if text is not None)) for row in rows))


def installed(kind: str) -> list[Peer]:
    """The peers for a format that can run here."""
    return [peer for peer in PEERS if peer.kind == kind and peer.may_be_asked()]


def read_ours(_: Path, data: bytes) -> Any:
    """Bytes to facts and checks."""
    from gxstats.api import read_bytes

    return read_bytes(data)


def read_ours_to_facts(path: Path, data: bytes) -> Any:
    """The same of a file that must have facts: a reader that fails is fast, and its time means nothing."""
    reports = read_ours(path, data)
    if not any(report.fact_rows for report in reports):
        raise RuntimeError(f"no facts in {path}: {[issue.message for issue in reports[0].issue_rows]}")
    return reports


def read_ours_with_frames(path: Path, data: bytes) -> Any:
    """Bytes to the frames of facts and checks."""
    reports = read_ours(path, data)
    return [(report.facts, report.checks) for report in reports]


def read_pdfium_text(_: Path, data: bytes) -> Any:
    """The text of all pages: what anything built on pdfium costs at least."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
        return texts


def _read_pdfplumber(_: Path, data: bytes) -> Any:
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [page.extract_tables() for page in document.pages]


def _tables_pdfplumber(pages: Any) -> Iterable[list[list[str | None]]]:
    return [table for page in pages for table in page]


def _read_camelot(path: Path, _: bytes) -> Any:
    import camelot

    logging.getLogger("camelot").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return camelot.read_pdf(str(path), pages="all", flavor="lattice")


def _tables_camelot(found: Any) -> Iterable[list[list[str | None]]]:
    # camelot moves the text of a merged cell to its first part and leaves the others empty.
    return [
        [
            [None if not cell.text and not (cell.left and cell.top) else cell.text for cell in row]
            for row in t.cells
        ]
        for t in found
    ]


def _read_tabula(path: Path, _: bytes) -> Any:
    import tabula

    return tabula.read_pdf(str(path), pages="all", lattice=True, output_format="json", silent=True)


def _tables_tabula(found: Any) -> Iterable[list[list[str | None]]]:
    return [
        [[c["text"].replace("\r", "\n") if c["width"] > 0 else None for c in row] for row in t["data"]]
        for t in found
    ]


def _read_pandas(_: Path, data: bytes) -> Any:
    import pandas as pd

    try:
        return pd.read_html(io.BytesIO(data), flavor="lxml")  # type: ignore[arg-type]
    except ValueError:  # pandas raises when a page has no table
        return []


def _tables_pandas(frames: Any) -> Iterable[list[list[str | None]]]:
    for frame in frames:
        columns = frame.columns
        heads = [list(columns.get_level_values(level)) for level in range(columns.nlevels)]
        rows = [] if columns.dtype.kind in "iu" else heads
        rows += frame.astype(object).to_numpy().tolist()
        yield without_repeats([[_text(value) for value in row] for row in rows])


def without_repeats(rows: list[list[str]]) -> list[list[str | None]]:
    """Undo the filling of merged cells: a word that repeats its neighbour to the left or above is no cell.

    Figures are never dropped, since two equal ones may stand side by side.

    Example:
        >>> without_repeats([["三", "三", "1", "1"], ["三", "四", "1", ""]])
        [['三', None, '1', '1'], [None, '四', '1', '']]
    """
    return [
        [
            None
            if _is_word(text) and text in (row[n - 1] if n else "", rows[m - 1][n] if m else "")
            else text
            for n, text in enumerate(row)
        ]
        for m, row in enumerate(rows)
    ]


def _is_word(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    # pandas makes a column of figures with one blank a column of floats.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_docx(_: Path, data: bytes) -> Any:
    import docx

    document = docx.Document(io.BytesIO(data))
    return [
        [[(cell._tc, cell.text) for cell in row.cells] for row in table.rows] for table in document.tables
    ]


def _tables_docx(tables: Any) -> Iterable[list[list[str | None]]]:
    # python-docx repeats a merged cell in every row and column that it covers.
    for rows in tables:
        seen: list[Any] = []
        table: list[list[str | None]] = []
        for row in rows:
            table.append([None if any(tc is other for other in seen) else text for tc, text in _once(row)])
            seen = [tc for tc, _ in row]
        yield table


def _once(row: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [pair for n, pair in enumerate(row) if not n or row[n - 1][0] is not pair[0]]


PEERS = (
    Peer("pdfplumber extract_tables", "pdf", _read_pdfplumber, _tables_pdfplumber, "pdfplumber"),
    Peer("camelot lattice", "pdf", _read_camelot, _tables_camelot, "camelot-py", True),
    Peer("tabula lattice", "pdf", _read_tabula, _tables_tabula, "tabula-py", True),
    Peer("pandas.read_html (lxml)", "html", _read_pandas, _tables_pandas, "pandas"),
    Peer("python-docx tables", "docx", _read_docx, _tables_docx, "python-docx"),
)
