"""The words of the figures, in Chinese and English."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from gxstats.dataset.order import label_of
from gxstats.schema import section_names

Lang = Literal["zh", "en"]
_REASONS = {
    "the population is not known": "why.population",
    "the agency or year is not known": "why.identity",
    "no report of the year before": "why.before",
    "several reports of one year": "why.several",
    "not a report of a single body": "why.body",
}
_STATE = re.compile(r"(?P<item>[\w.]+)/(?P<measure>\w+) is (?P<state>.+)")
_FORM = re.compile(r"form (?P<form>\w+) does not have it")
_COUNTED = re.compile(r"(?P<why>.+?) \((?P<n>\d+)\)(?:; |$)")
_SAID = 3
"""Reasons that are spelled out; the rest are counted."""
BREAK = "|"
"""Where a label of ``words.csv`` is best broken in two lines."""


@cache
def _words() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as lines:
        return {row.pop("key"): row for row in csv.DictReader(lines)}


def say(key: str, lang: Lang, **values: object) -> str:
    """A text of ``words.csv`` with its values.

    Example:
        >>> say("carry_over.same", "en"), say("break", "zh", year=2021, why="启用新表")
        ('equal', '虚线：自 2021 年度起，启用新表。')
    """
    return _words()[key][lang].format(**values)


def listed(names: Iterable[str], lang: Lang, most: int = 12) -> str:
    """Names in a row; beyond ``most`` of them only how many more there are.

    Example:
        >>> listed(["a", "b", "c"], "en", most=2)
        'a, b … +1'
    """
    every = list(dict.fromkeys(names))
    rest = f" … +{len(every) - most}" if len(every) > most else ""
    return ("、" if lang == "zh" else ", ").join(every[:most]) + rest


def reasons_in(text: object) -> Counter[str]:
    """The column ``excluded`` of a metric frame taken apart.

    Example:
        >>> reasons_in("received/total is blank (2)")
        Counter({'received/total is blank': 2})
    """
    found: Counter[str] = Counter()
    for match in _COUNTED.finditer(text if isinstance(text, str) else ""):
        found[match["why"]] += int(match["n"])
    return found


def why_left_out(reasons: Mapping[str, int], lang: Lang) -> str:
    """Reasons with how many reports each, the most frequent first.

    Example:
        >>> why_left_out({"received/total is blank": 2}, "zh")
        '本年新收政府信息公开申请数量（总计）为空：2 份'
    """
    often = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    said = [say("why.counted", lang, why=_reason(why, lang), n=n) for why, n in often[:_SAID]]
    if len(often) > _SAID:
        rest = sum(n for _, n in often[_SAID:])
        others = say("more_reasons", lang, n=len(often) - _SAID)
        said.append(say("why.counted", lang, why=others, n=rest))
    return ("；" if lang == "zh" else "; ").join(said)


def _reason(why: str, lang: Lang) -> str:
    if why in _REASONS:
        return say(_REASONS[why], lang)
    if match := _FORM.fullmatch(why):
        return say("why.form", lang, form=match["form"])
    if match := _STATE.fullmatch(why):
        state = f"state.{match['state']}"
        item, measure = item_name(match["item"], lang), _label(match["measure"], lang)
        said = say(state, lang) if state in _words() else match["state"]
        return say("why.state", lang, item=item, measure=measure, state=said)
    return say(why, lang) if why in _words() else why


def item_name(code: str, lang: Lang) -> str:
    """What to call a row of the form, or a group of rows that has no row of its own.

    Example:
        >>> item_name("outcome_total", "zh"), item_name("other", "zh"), item_name("review", "en")
        ('办理结果总计', '其他处理', 'review')
    """
    for key in (f"item.{code}", code):
        if key in _words():
            return say(key, lang)
    return _label(code, lang)


def _label(code: str, lang: Lang) -> str:
    found = (label_of(None, section, code, lang) for section in section_names())
    return next((label for label in found if label != code), code)
