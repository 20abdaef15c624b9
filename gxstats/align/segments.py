"""Find where one report ends and the next begins: a file may hold two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from gxstats.align.labels import normalise
from gxstats.align.vocabulary import look_up, sections
from gxstats.model import Grid, Issue, Paragraph, Reading, Row

if TYPE_CHECKING:
    from gxstats.align.report import Aligned

_TITLE = re.compile(r"^.{0,45}(信息公开|政务公开|信息公開|政務公開).{0,14}(报告|年报|報告|年報)\)?$")
_SPLIT_TITLE = re.compile(r"(报告|年报|報告|年報)\)?$")
_NOT_A_TITLE = re.compile(r"[。；;]|解读|目录|上一篇|下一篇|http")

Position = tuple[int, int]
"""(block, row); row is -1 for a paragraph."""


def is_title(text: str) -> bool:
    """Whether a line is the title of a report.

    Example:
        >>> is_title("宿迁市2023年政府信息公开工作年度报告"), is_title("一、总体情况")
        (True, False)
    """
    if "开" not in text and "開" not in text:  # most paragraphs of a page are menus
        return False
    plain = normalise(text)
    return 6 <= len(plain) <= 60 and bool(_TITLE.match(plain)) and not _NOT_A_TITLE.search(plain)


def split(readings: Sequence[Reading]) -> list[tuple[Reading, ...]]:
    """The readings of each report of a document.

    A report begins at a title behind which the first row of a form stands once more. Readings that
    find different numbers of reports are not split: their rows then contradict each other.
    """
    if not readings:
        return []
    parts = [_cut(reading) for reading in readings]
    if len({len(p) for p in parts}) > 1:
        return [tuple(readings)]
    return [tuple(p[i] for p in parts) for i in range(len(parts[0]))]


def _cut(reading: Reading) -> list[Reading]:
    anchors = _anchors(reading)
    titles = _titles(reading) if len(anchors) > 1 else []
    bounds: list[Position] = []
    for before, anchor in pairwise(anchors):
        between = [t for t in titles if before < t < anchor]
        if between:
            bounds.append(between[0])
    if not bounds:
        return [reading]
    return [
        reading._replace(blocks=_slice(reading, start, end))
        for start, end in zip([(0, -1), *bounds], [*bounds, (len(reading.blocks), -1)], strict=True)
    ]


def _anchors(reading: Reading) -> list[Position]:
    """Where the first row of a form stands."""
    firsts = {(w.name, next(iter(w.order))) for w in sections().values() if w.layout == "rows"}
    return [
        (index, number)
        for index, block in enumerate(reading.blocks)
        if isinstance(block, Grid)
        for number, row in enumerate(block.rows)
        if _starts_form(row, firsts)
    ]


def _titles(reading: Reading) -> list[Position]:
    titles: list[Position] = []
    for index, block in enumerate(reading.blocks):
        if isinstance(block, Paragraph):
            if is_title(block.text):
                titles.append((index, -1))
            continue
        rows = enumerate(block.rows)
        titles += [(index, n) for n, row in rows if len(row.cells) <= 2 and _row_title(block, n)]
    return titles


def _starts_form(row: Row, firsts: set[tuple[str, str]]) -> bool:
    for cell in row.cells[:3]:
        item = look_up(cell.text).item
        if item and item[1].exact and (item[0], item[1].code) in firsts:
            return True
    return False


def _row_title(grid: Grid, number: int) -> bool:
    text = "".join(c.text for c in grid.rows[number].cells)
    if is_title(text):
        return True
    if not _SPLIT_TITLE.search(normalise(text)) and number + 1 < len(grid.rows) and grid.kind == "lines":
        return is_title(text + "".join(c.text for c in grid.rows[number + 1].cells))
    return False


def _slice(reading: Reading, start: Position, end: Position) -> tuple[Grid | Paragraph, ...]:
    kept: list[Grid | Paragraph] = []
    for index, block in enumerate(reading.blocks):
        if isinstance(block, Paragraph):
            if start <= (index, -1) < end:
                kept.append(block)
            continue
        rows = tuple(r for n, r in enumerate(block.rows) if start <= (index, n) < end)
        if rows:
            kept.append(block._replace(rows=rows))
    return tuple(kept)


def without_repeats(reports: list[Aligned]) -> list[Aligned]:
    """Drop reports that only repeat an earlier one (pages print themselves twice for small screens)."""
    kept: list[Aligned] = []
    for report in reports:
        said = {k: (f.figure.state, f.figure.value, f.figure.amount) for k, f in report.fields.items()}
        twin = next(
            (k for k in kept if said and k.identity.year == report.identity.year and said == _said(k)), None
        )
        if twin:
            twin.issues.append(Issue("notice", "repeated_report", "the whole report is printed twice"))
        else:
            kept.append(report)
    return kept


def _said(report: Aligned) -> dict[tuple[str, str, str], tuple[object, ...]]:
    return {k: (f.figure.state, f.figure.value, f.figure.amount) for k, f in report.fields.items()}
