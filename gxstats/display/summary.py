"""A report in numbers and in one line: who, when, how much was read and how surely, which sums fail."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.check.words import explain
from gxstats.display.words import Lang, visible, word
from gxstats.model import Check

if TYPE_CHECKING:
    from gxstats.report import Report


class Counts(NamedTuple):
    """How many cells were read and how surely, and how the sums came out."""

    cells: int
    confirmed: int
    unconfirmed: int
    disputed: int
    implied: int
    hold: int
    fail: int
    untold: int

    @property
    def sums(self) -> int:
        """All sums that were tried."""
        return self.hold + self.fail + self.untold


def counts_of(*reports: Report) -> Counts:
    """Count over one or several reports.

    Example:
        >>> counts_of().cells
        0
    """
    facts = [fact for report in reports for fact in report.fact_rows]
    verdicts = Counter(fact.verdict for fact in facts)
    status = Counter(check.status for report in reports for check in report.check_rows)
    return Counts(
        len(facts),
        verdicts["confirmed"],
        verdicts["unconfirmed"],
        verdicts["disputed"],
        sum(fact.implied is not None for fact in facts),
        status["pass"] + status["weak_pass"],
        status["fail"],
        status["inconclusive"],
    )


def failing(report: Report) -> list[Check]:
    """The sums of a report that do not hold, in form order.

    Example:
        >>> from gxstats.report import Report
        >>> failing(Report({}))
        []
    """
    return [check for check in report.check_rows if check.status == "fail"]


def said(report: Report, lang: Lang = "zh") -> list[str]:
    """The failing sums of a report in words: both sides, the difference and the cause.

    Example:
        >>> from gxstats.report import Report
        >>> said(Report({}))
        []
    """
    return [explain(check, lang) for check in failing(report)]


def name_of(report: Report) -> str:
    """Agency and year, else the title, else the file, as one line fit for a terminal.

    Example:
        >>> from gxstats.report import Report
        >>> name_of(Report({"agency": "甲市人民政府", "year": 2023}))
        '甲市人民政府 2023'
    """
    agency, year = _known(report, "agency"), _known(report, "year")
    words = [visible(str(part)) for part in (agency, year) if part is not None] if agency else []
    spare = _known(report, "title") or _known(report, "source") or word("untitled")
    return " ".join(words) or visible(str(spare))


def line_of(report: Report) -> str:
    """The report in one line.

    Example:
        >>> from gxstats.report import Report
        >>> line_of(Report({"source": "a.html", "document_id": "0.1"}))
        'a.html (0.1): no facts were read'
    """
    counts = counts_of(report)
    head = f"{name_of(report)} ({_known(report, 'document_id') or 'no document'})"
    if not counts.cells:
        return f"{head}: {word('no_facts', 'en')}{why_empty(report)}"
    sums = f"{counts.sums} sums" + (f", {counts.fail} fail" if counts.fail else "")
    return f"{head}: {counts.cells} cells, {counts.confirmed} confirmed; {sums}"


def why_empty(report: Report) -> str:
    """The gravest issue of a report without facts, as the end of a sentence.

    Example:
        >>> from gxstats.model import Issue
        >>> from gxstats.report import Report
        >>> why_empty(Report({}, issue_rows=(Issue("error", "empty_file", "the file is empty"),)))
        ' - the file is empty'
    """
    order = ("error", "warning", "notice")
    worst = min(report.issue_rows, key=lambda i: order.index(i.level), default=None)
    if worst is None:
        return ""
    return f" - {visible(worst.message)}" + (f" ({visible(worst.hint)})" if worst.hint else "")


def _known(report: Report, key: str) -> Any:
    """A value of the report's identity; the empty text and a missing value are both None."""
    value = report.meta.get(key)
    return None if value is None or value != value or value == "" else value
