"""Tables from before the national form, or beside it, whose columns are not those of a form.

Until 2013, and in places until 2018, bodies printed local lists of indicators. Their heads are 本期实际 and
本年累计, or the year and 历年累计; no column of theirs is taken for a figure of the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gxstats.align.labels import plain_text
from gxstats.model import NOWHERE, Grid, Issue, Locator, Paragraph, Reading

_RUNNING_TOTAL = re.compile(r"(?:\D|\d{4}年){0,10}累计\D{0,6}|本期(?:实际|数|累计|发生)\D{0,4}")
_HEAD = re.compile(r"(?:指标名称|统计指标|指标).{0,24}?(历年累计|本年累计|累计|本期实际)")
_OLD_ROW = re.compile(r"(?:\d{1,3}[.、]?)?行政申诉(?:数|件数|数量)")
_LONG = 20_000
"""Characters of a page that are searched for glued heads."""


def running_total(readings: Sequence[Reading]) -> tuple[str, Locator] | None:
    """The first head that announces a running total instead of the year's figure, and its place.

    Example:
        >>> from gxstats.model import Cell, Row
        >>> grid = Grid((Row((Cell("指标"), Cell("单位"), Cell("本期实际"), Cell("本年累计"))),))
        >>> running_total([Reading("r", (grid,))])[0]
        '本期实际'
    """
    for text, at in _texts(readings):
        plain = plain_text(text)
        if len(plain) < 16 and _RUNNING_TOTAL.fullmatch(plain):
            return plain, at
        if "指标" in plain and (match := _HEAD.search(plain[:_LONG])):
            return match[1], at
    return None


def refusal(readings: Sequence[Reading]) -> Issue | None:
    """Why a document holds no table of a form though it holds a local one; None if it holds none.

    Example:
        >>> refusal([Reading("r", (Paragraph("指标名称计量单位2016年度历年累计主动公开文件数"),))]).code
        'local_table'
    """
    found = running_total(readings)
    if found is None:
        found = next(
            (
                (plain, at)
                for text, at in _texts(readings)
                if _OLD_ROW.fullmatch(plain := plain_text(text)[:20])
            ),
            None,
        )
    return local_table(*found) if found else None


def local_table(head: str, at: Locator = NOWHERE) -> Issue:
    """The issue that refuses a local table.

    Args:
        head: the head or label it is known by.
        at: where that stands.
    """
    message = (
        f"a local table of indicators ({head}), not the national form: its columns are running totals or "
        "of another definition, and nothing is read from it"
    )
    return Issue("error", "local_table", message, at, "enter its figures by hand under names of your own")


def _texts(readings: Sequence[Reading]) -> Iterator[tuple[str, Locator]]:
    for reading in readings:
        for block in reading.blocks:
            if isinstance(block, Paragraph):
                yield from ((line, block.at) for line in block.text.splitlines())
                yield from (
                    (word, block.at) for line in block.text.splitlines()[:400] for word in _words(line)
                )
            elif isinstance(block, Grid):
                yield from ((cell.text, cell.at) for row in block.rows for cell in row.cells)


def _words(line: str) -> list[str]:
    """The cells of a line that has lost its table."""
    words = re.split(r"[\s|]+", line[:400])
    return words if len(words) > 1 else []
