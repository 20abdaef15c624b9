"""Pieces of SQL: names and values, quoted."""

from __future__ import annotations

from collections.abc import Iterable


def quoted(text: str, mark: str = '"') -> str:
    """A name in double quotes, or a string in single ones.

    Example:
        >>> quoted("applications.received.total"), quoted("it's", "'")
        ('"applications.received.total"', "'it''s'")
    """
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"


def literal(value: object) -> str:
    """A string, a whole number or null as SQL.

    Example:
        >>> literal("320813"), literal(2024), literal(None)
        ("'320813'", '2024', 'NULL')
    """
    if value is None:
        return "NULL"
    return str(int(value)) if isinstance(value, int) else quoted(str(value), "'")


def one_of(column: str, values: Iterable[object]) -> str:
    """A condition: the column has one of the values; never, if there are none.

    Example:
        >>> one_of("year", [2023, 2024]), one_of("year", [])
        ('year IN (2023, 2024)', 'false')
    """
    listed = ", ".join(literal(value) for value in values)
    return f"{column} IN ({listed})" if listed else "false"
