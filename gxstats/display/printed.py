"""A section as a frame of what its cells print."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from gxstats.display.layout import Part, parts_of, section_of
from gxstats.display.words import Lang, word
from gxstats.model import Fact

if TYPE_CHECKING:
    from gxstats.report import Report


def printed_cell(fact: Fact | None) -> int | Decimal | str | None:
    """What a cell prints: a figure, the text of what is none, or None where nothing is known.

    A blank cell prints the empty text; nothing is known of a cell that is absent, was not found, or
    was unreadable down to the last character.

    Example:
        >>> printed_cell(None) is None
        True
    """
    if fact is None or fact.state == "absent":
        return None
    if fact.state == "reported":
        return fact.amount if fact.value is None else fact.value
    return fact.raw.strip() or (None if fact.state == "unreadable" else "")


def printed_table(report: Report, section: str, lang: Lang = "zh") -> pd.DataFrame:
    """One section as the form prints it; see :meth:`gxstats.Report.table`.

    Args:
        report: a report.
        section: ``disclosure``, ``applications``, ``disputes`` or (before 2019) ``statistics``.
        lang: language of the labels.

    Returns:
        A frame of objects. ``applications`` has one row per item under (group, label) and one column
        per kind of applicant; ``disputes`` one row per procedure and one column per result;
        ``disclosure``, whose blocks have different heads, and ``statistics`` one row per cell under
        (block, item) with the head and the figure as columns.

    Raises:
        UnknownField: no form has such a section.

    Example:
        >>> from gxstats.report import Report
        >>> printed_table(Report({}), "disputes", "en").shape
        (3, 5)
    """
    parts = parts_of(report, section, lang)
    if section_of(report, section).layout in ("blocks", "list"):
        return _stacked(report, section, parts, lang)
    part = parts[0]
    rows = [
        [printed_cell(report.fact(section, line.item, m.measure)) for m in part.measures]
        for line in part.lines
    ]
    index: pd.Index = pd.Index([line.label for line in part.lines])
    if any(line.group for line in part.lines):
        index = pd.MultiIndex.from_tuples([(line.group, line.label) for line in part.lines])
    return pd.DataFrame(rows, index=index, columns=[getattr(m, lang) for m in part.measures], dtype=object)


def _stacked(report: Report, section: str, parts: list[Part], lang: Lang) -> pd.DataFrame:
    cells = [
        (part.title, line, measure) for part in parts for line in part.lines for measure in part.measures
    ]
    return pd.DataFrame(
        [
            [getattr(m, lang), printed_cell(report.fact(section, line.item, m.measure))]
            for _, line, m in cells
        ],
        index=pd.MultiIndex.from_tuples([(title, line.label) for title, line, _ in cells]),
        columns=[word("measure", lang), word("figure", lang)],
        dtype=object,
    )
