"""The report among several documents of one archive: the only one with figures, or copies that agree.

A zip attachment often holds a report with its scanned cover letter, or the same report as DOCX and PDF.
Only who reads forms can tell these from two different reports, which stay refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from gxstats.errors import GxError
from gxstats.model import Document, Issue
from gxstats.read.zipped import read_members

if TYPE_CHECKING:
    from gxstats.report import Report
    from gxstats.transcript import Transcript

Transcribe = Callable[[Document], "list[Transcript]"]


def the_one_report(data: bytes, transcribe: Transcribe) -> list[Transcript]:
    """Read the documents of an archive one by one and find the report among them.

    Args:
        data: the bytes of an archive with several documents.
        transcribe: makes transcripts of a document.

    Returns:
        The transcripts of the only document that has figures; of several whose figures nowhere
        differ, those of the one with the most. Nothing if none has figures or two differ.

    Example:
        >>> from gxstats.testing.wrapped import as_zip
        >>> the_one_report(as_zip({"a.html": b"<p>1</p>", "b.html": b"<p>2</p>"}), lambda document: [])
        []
    """
    try:
        members = read_members(data)
    except GxError:
        return []
    sha256 = hashlib.sha256(data).hexdigest()
    read = [(name, transcribe(replace(found, sha256=sha256))) for name, found in members]
    with_figures = [(name, transcripts) for name, transcripts in read if _figures(transcripts)]
    if not with_figures or _differ([_figures(transcripts) for _, transcripts in with_figures]):
        return []
    name, best = max(with_figures, key=lambda found: len(_figures(found[1])))
    copies = [other for other, _ in with_figures if other != name]
    return [_noted(found, copies) for found in best] if copies else best


def _figures(transcripts: list[Transcript]) -> dict[object, object]:
    return {
        (n, fact.key): fact.value if fact.amount is None else fact.amount
        for n, report in enumerate(_reports(transcripts))
        for fact in report.fact_rows
        if fact.value is not None or fact.amount is not None
    }


def _reports(transcripts: list[Transcript]) -> Iterator[Report]:
    return (found.report for found in transcripts)


def _differ(figures: list[dict[object, object]]) -> bool:
    first, *others = figures
    return any(_differ_at(first, other) for other in others)


def _differ_at(one: dict[object, object], other: dict[object, object]) -> bool:
    shared = one.keys() & other.keys()
    return not shared or any(one[key] != other[key] for key in shared)


def _noted(found: Transcript, copies: list[str]) -> Transcript:
    note = Issue("notice", "copies", f"the same figures stand in {', '.join(copies[:5])}")
    report = replace(found.report, issue_rows=(note, *found.report.issue_rows), _cells={})
    return replace(found, report=report, before=found.before + 1)
