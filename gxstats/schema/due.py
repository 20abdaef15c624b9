"""The day by which a report must be published."""

from __future__ import annotations

from datetime import date

_REVISED = 2019
"""The first report year under the revised Regulations (in force since 15 May 2019)."""


def due_date(year: int, scope: str | None) -> date | None:
    """The day a report is due, None if that depends on a scope that is not known.

    Source: Article 49 of the Regulations of 2019: bodies publish by 31 January, governments (for the
    whole of their departments and lower governments) by 31 March; before, 31 March for all.

    Example:
        >>> due_date(2023, "body"), due_date(2017, None)
        (datetime.date(2024, 1, 31), datetime.date(2018, 3, 31))
    """
    if year < _REVISED or scope == "summary":
        return date(year + 1, 3, 31)
    return date(year + 1, 1, 31) if scope == "body" else None


def last_year_due(scope: str | None, on: date) -> int:
    """The last year whose report is overdue on a day; of an unknown scope the later day counts.

    Example:
        >>> last_year_due("body", date(2026, 2, 1)), last_year_due(None, date(2026, 2, 1))
        (2025, 2024)
    """
    year = on.year - 1
    return year if (due_date(year, scope) or date(year + 1, 3, 31)) < on else year - 1
