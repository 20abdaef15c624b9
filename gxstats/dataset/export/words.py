"""The words of exports that neither forms nor tables have, in Chinese and English."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from gxstats.dataset.order import Lang


@cache
def _words() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as lines:
        return {row.pop("key"): row for row in csv.DictReader(lines)}


def word(key: str, lang: Lang) -> str:
    """One word of ``words.csv``; what is not there is its own word.

    Example:
        >>> word("agency", "zh"), word("agency", "en"), word("x0", "en")
        ('机关', 'Agency', 'x0')
    """
    return _words().get(key, {}).get(lang, key)


def about(keys: str, lang: Lang) -> list[str]:
    """The sentences of these keys, which stand in ``words.csv`` under ``about.``.

    Example:
        >>> about("missing", "en")
        ['A missing value is an empty cell.']
    """
    return [word(f"about.{key}", lang) for key in keys.split()]
