"""The few words around a form that the form itself does not print, in Chinese and English."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Literal

Lang = Literal["zh", "en"]


@cache
def _words() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as lines:
        return {row.pop("key"): row for row in csv.DictReader(lines)}


def word(key: str, lang: Lang = "zh") -> str:
    """One word of ``words.csv``.

    Example:
        >>> word("blank"), word("blank", "en")
        ('空', 'blank')
    """
    return _words()[key][lang]


def visible(text: str) -> str:
    r"""The text without control characters, each replaced by a blank.

    Reports come from strangers: an escape sequence in one must not reach a terminal or a page.

    Example:
        >>> visible("1\x1b[31m2\n3")
        '1 [31m2 3'
    """
    return "".join(c if c.isprintable() or c in "\u3000\u00a0" else " " for c in text)
