"""Keep texts of strangers from becoming formulas when a spreadsheet program opens a CSV file.

The signs are those OWASP names for CSV injection, with their full-width forms. Figures and lone dashes,
which reports print all the time, are no danger and stay as they are.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

_HAZARD = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_HARMLESS = re.compile(r"[+-]?(?:\d[\d,]*(?:\.\d*)?%?)?")
_GUARD = "'"


def guarded(text: str) -> str:
    """The text as a CSV file for spreadsheets has it: with an apostrophe before what may be a formula.

    A text of apostrophes before such a sign gets one too, so that :func:`unguarded` gives back any text.

    Example:
        >>> guarded("=1+1"), guarded("-12.5"), guarded("-"), guarded("'=1"), guarded("--253")
        ("'=1+1", '-12.5', '-', "''=1", "'--253")
    """
    bare = text.lstrip(_GUARD)
    if not _HAZARD.match(bare) or (bare == text and _HARMLESS.fullmatch(text)):
        return text
    return _GUARD + text


def unguarded(text: str) -> str:
    """The text that :func:`guarded` was given.

    Example:
        >>> [unguarded(guarded(text)) for text in ("=1", "'=1", "-5", "'quoted'")]
        ['=1', "'=1", '-5', "'quoted'"]
    """
    return text[1:] if text.startswith(_GUARD) and _HAZARD.match(text.lstrip(_GUARD)) else text


def guarded_frame(table: pd.DataFrame) -> pd.DataFrame:
    """The frame with every column of text, and every name of a column, guarded."""
    texts = [n for n, kind in table.dtypes.items() if kind in ("string", object)]
    changed = {str(name): _column(table[name]) for name in texts if _suspect(table[name])}
    return table.assign(**changed).rename(columns=lambda name: guarded(str(name)))


def _suspect(column: pd.Series[Any]) -> bool:
    # Most columns have nothing to guard: one vectorised look spares the slow loop.
    return bool(column.astype("string").str.contains(r"^'*[=+\-@\t\r\n＝＋－＠]", na=False).any())


def _column(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)
