"""Draw a report as plain text, in the ways flattened tables are found."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, get_args

from gxstats.testing.blocks import CellSpec, Heading, Picture, Table, Text, squared
from gxstats.testing.canvas import draw, wrap
from gxstats.testing.forms import layout
from gxstats.testing.html import encoded
from gxstats.testing.spec import FormSpec

Style = Literal[
    "layout",
    "layout_ragged",
    "flow",
    "pipes",
    "pipes_padded",
    "leading_pipes",
    "markdown",
    "one_per_line",
    "glued_rows",
    "glued",
]
_LABEL = 34
"""Width at which ``flow`` wraps labels, in half-width characters."""


def render_text(spec: FormSpec, style: Style = "layout") -> bytes:
    """The report as the bytes of a text file.

    Args:
        spec: What to render; quirks of markup (spans, wrappers, layout tables) mean nothing here.
        style: ``layout``: columns aligned with blanks, as ``pdftotext -layout`` writes them
            (``layout_ragged``: with heads in the middle of their cells, so that their order is lost).
            ``flow``: a label and its figures on a line, long labels wrapped, figures behind them.
            ``pipes``: ``a | b |``, cells that span rows only where they begin (``pipes_padded``: as
            empty cells below). ``leading_pipes``: a cell per line, ending in `` |``.
            ``markdown``: tables with a rule. ``one_per_line``: a cell per paragraph, blank cells lost.
            ``glued_rows``: the cells of a row run together. ``glued``: the whole table runs together.

    Example:
        >>> lines = render_text(FormSpec(), "pipes").decode().splitlines()
        >>> next(line for line in lines if line.startswith("规章"))
        '规章 |  |  |  |'
    """
    if style not in get_args(Style):
        raise ValueError(f"no text style is called {style!r}; there are {', '.join(get_args(Style))}")
    parts = []
    for block in layout(spec):
        match block:
            case Heading(text, _) | Text(text):
                parts.append(
                    "\n".join(wrap(text, 80)) if style in ("layout", "layout_ragged", "flow") else text
                )
            case Picture(name):
                parts.append(name)
            case Table():
                parts.append(_STYLES[style](block))
    return encoded("\n\n".join(parts) + "\n", spec.quirks)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _half(text: str) -> str:
    """Half-width punctuation: every flattener that prints pipes was seen to convert it."""
    return _flat(unicodedata.normalize("NFKC", text))


def _flow(table: Table) -> str:
    return "\n\n".join(part for row in table.rows for part in _flow_row(row))


def _flow_row(row: tuple[CellSpec, ...]) -> Iterator[str]:
    figures = [_flat(cell.text) for cell in row if cell.role == "figure"]
    labels = [cell for cell in row if cell.role == "label"]
    for cell in row:
        if cell.role == "group":
            yield "\n".join(wrap(cell.text, 8 if cell.text.startswith("（") else 6))
    if not figures:
        # The heads of applicants and disputes stand in narrow columns, those of a block on one line.
        if len(row) > 4 or any(cell.rowspan > 1 for cell in row):
            yield from ("\n".join(wrap(c.text, 4 if c.colspan == 1 else _LABEL)) for c in row if c.text)
        else:
            yield " ".join(_flat(cell.text) for cell in row if cell.text)
        return
    lines = wrap(" ".join(_flat(cell.text) for cell in labels if cell.text), _LABEL)
    if len(lines) == 1:
        yield " ".join([*lines, *figures])
        return
    if lines:
        yield "\n".join(lines)
    # Beside a label of three lines the last figure was seen to fall onto a line of its own.
    last = len(figures) - 1 if len(lines) > 2 else len(figures)
    yield "\n".join(line for line in (" ".join(figures[:last]), " ".join(figures[last:])) if line)


def _pipes(table: Table) -> str:
    return "\n".join("".join(f"{_half(cell.text)} | " for cell in row).rstrip() for row in table.rows if row)


def _pipes_padded(table: Table) -> str:
    """Cells from above go on as empty cells; a cell that spans columns is one cell."""
    lines = []
    open_cells: dict[int, int] = {}
    for number, row in enumerate(squared(table.rows)):
        cells = []
        for column, cell in enumerate(row):
            if cell is not None:
                cells.append(_half(cell.text))
                open_cells[column] = number + cell.rowspan
            elif open_cells.get(column, 0) > number:
                cells.append("")
        lines.append("".join(f"{cell} | " for cell in cells).rstrip())
    return "\n".join(lines)


def _leading_pipes(table: Table) -> str:
    """A cell per line; the columns that spans swallowed follow as pipes at the end of the row."""
    lines = []
    for row in table.rows:
        lines += [f"{_half(cell.text)} |".lstrip() for cell in row]
        swallowed = len(table.widths) - len(row)
        if swallowed:
            lines.append("|" * swallowed)
    return "\n".join(lines)


def _markdown(table: Table) -> str:
    lines = []
    for number, row in enumerate(squared(table.rows)):
        lines.append("|" + "|".join(f" {_flat(cell.text) if cell else ''} " for cell in row) + "|")
        if number == 0:
            lines.append("|" + "---|" * len(row))
    return "\n".join(lines)


def _one_per_line(table: Table) -> str:
    texts = [cell.text for row in table.rows for cell in row if cell.text.strip()]
    return "\n\n".join(text.replace("\n", "\n\n") for text in texts)


def _glued_rows(table: Table) -> str:
    return "\n".join("".join(_flat(cell.text) for cell in row) for row in table.rows)


def _glued(table: Table) -> str:
    return _glued_rows(table).replace("\n", "")


_STYLES: dict[str, Callable[[Table], str]] = {
    "layout": draw,
    "layout_ragged": partial(draw, ragged=True),
    "flow": _flow,
    "pipes": _pipes,
    "pipes_padded": _pipes_padded,
    "leading_pipes": _leading_pipes,
    "markdown": _markdown,
    "one_per_line": _one_per_line,
    "glued_rows": _glued_rows,
    "glued": _glued,
}
