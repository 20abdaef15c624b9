"""Find where one report ends and the next begins: a file may hold two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from gxstats.align.labels import normalise
from gxstats.align.vocabulary import look_up, sections
from gxstats.model import Grid, Issue, Paragraph, Reading

if TYPE_CHECKING:
    from gxstats.align.report import Aligned

_TITLE = re.compile(
    r"^.{0,45}(信息公开|政务公开|信息公開|資訊公開|政務公開).{0,14}(报告|年报|報告|年報)(\(20\d{2}年?度?\))?\)?$"
)
_SPLIT_TITLE = re.compile(r"(报告|年报|報告|年報)\)?$")
_NOT_A_TITLE = re.compile(r"[。；;]|解读|目录|上一篇|下一篇|http")

Position = tuple[int, int]
"""(block, row); row is -1 for a paragraph."""


@lru_cache(maxsize=16384)
def is_title(text: str) -> bool:
    """Whether a line is the title of a report.

    Example:
        >>> is_title("宿迁市2023年政府信息公开工作年度报告"), is_title("一、总体情况")
        (True, False)
    """
    # Most paragraphs of a page are menus and sentences.
    if ("开" not in text and "開" not in text) or "。" in text:
        return False
    plain = normalise(text)
    return 6 <= len(plain) <= 60 and bool(_TITLE.match(plain)) and not _NOT_A_TITLE.search(plain)


def split(readings: Sequence[Reading]) -> list[tuple[Reading, ...]]:
    """The readings of each report of a document.

    A report begins at a title behind which the first row of a form stands once more, or at a title
    of its own behind which any table of the form stands. A reading that finds fewer reports than
    another mixes them up and is left out.
    """
    if not readings:
        return []
    parts = [_cut(reading) for reading in readings]
    most = max(len(p) for p in parts)
    return [tuple(p[i] for p in parts if len(p) == most) for i in range(most)]


def _cut(reading: Reading) -> list[Reading]:
    titles = _titles(reading)
    first_row = next(_anchors(reading), None) if titles else None
    if first_row is None or titles[-1][0] <= first_row[0]:
        return [reading]  # as nearly always: no title stands behind a row of a form
    anchors = list(_anchors(reading))
    bounds: list[Position] = []
    for (before, _), (anchor, first) in pairwise(anchors):
        between = [(place, text) for place, text in titles if before < place < anchor]
        earlier = {text for place, text in titles if place < before}
        if between and (first or not earlier & {between[0][1]}):
            bounds.append(between[0][0])
    if not bounds:
        return [reading]
    return [
        reading._replace(blocks=_slice(reading, start, end))
        for start, end in zip([(0, -1), *bounds], [*bounds, (len(reading.blocks), -1)], strict=True)
    ]


def _anchors(reading: Reading) -> Iterator[tuple[Position, bool]]:
    """Where rows of a form stand, and whether each is the first row of one."""
    firsts = {(w.name, next(iter(w.order))) for w in sections().values() if w.layout in ("rows", "list")}
    for index, block in enumerate(reading.blocks):
        if isinstance(block, Grid):
            for number, row in enumerate(block.rows):
                hits = [look_up(cell.text) for cell in row.cells[:4]]
                items = {(h.item[0], h.item[1].code) for h in hits if h.item and h.item[1].exact}
                if items or sum(bool(h.columns) for h in hits) > 1:
                    yield (index, number), bool(items & firsts)


def _titles(reading: Reading) -> list[tuple[Position, str]]:
    titles: list[tuple[Position, str]] = []
    for index, block in enumerate(reading.blocks):
        if isinstance(block, Paragraph):
            if is_title(block.text):
                titles.append(((index, -1), normalise(block.text)))
            continue
        for number, row in enumerate(block.rows):
            title = _row_title(block, number) if len(row.cells) <= 2 else None
            if title:
                titles.append(((index, number), title))
    return titles


def _row_title(grid: Grid, number: int) -> str | None:
    text = "".join([c.text for c in grid.rows[number].cells])
    if is_title(text):
        return normalise(text)
    if grid.kind != "lines" or number + 1 == len(grid.rows):
        return None
    longer = text + "".join([c.text for c in grid.rows[number + 1].cells])
    if is_title(longer) and not _SPLIT_TITLE.search(normalise(text)):
        return normalise(longer)
    return None


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
    if len(reports) == 1:
        return reports
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
