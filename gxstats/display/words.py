"""The few words around a form that the form itself does not print, in Chinese and English."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Literal
from unicodedata import east_asian_width

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


def wrap_wide(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` columns; a Chinese character is two columns wide.

    Lines break after a blank or a Chinese character, elsewhere only if a word is longer than a line.

    Example:
        >>> wrap_wide("新收申请 21 件", 8)
        ['新收申请', '21 件']
    """
    lines, line, room = [], "", width
    for piece in re.findall(r"[^\s\u2e80-\uffff]+|[\u2e80-\uffff]|\s+", text):
        size = sum(2 if east_asian_width(c) in "WF" else 1 for c in piece)
        if size > room and line.strip():
            lines.append(line.rstrip())
            line, room = "", width
        line += piece if line else piece.lstrip()
        room -= size
    return [*lines, line.rstrip()] if line.strip() else lines
