"""Numbers as sentences write them: digits, Chinese numerals, and how exactly they are meant."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

CLASSIFIERS = (
    "(?:件(?![次数套])|条(?![例款])|宗(?!旨)|份(?!额)|例(?![如会])|次(?!数)|起(?![诉草来])|项(?!目)"
    "|个(?=$|[,，;、)(]|政府|信息|依申请|申请|行政|诉讼|复议))(?!左右|上下)"
)
"""What counts applications, reviews and lawsuits, where no longer word begins with it."""
CHINESE = "[零〇一二两三四五六七八九十百千]{1,9}"
NUMBER = (
    rf"(?:(?<![\d.,:])(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}})(?![\d.%‰])"
    rf"|(?<![零〇一二两三四五六七八九十百千万第几数]){CHINESE})"
)
AT_LEAST = "(?:超过|超|逾|不少于|不低于|至少|突破)"
MYRIADS = r"(?<![\d.,])\d{1,4}(?:\.\d{1,4})?万(?:余|多)"
COUNT = rf"{AT_LEAST}?(?:{NUMBER}(?:余|多)?|{MYRIADS}){CLASSIFIERS}(?:以上)?"
_PARTS = re.compile(
    rf"(?P<before>{AT_LEAST}?)(?P<digits>[\d,.]+)?(?P<chinese>{CHINESE})?(?P<myriads>万)?(?P<more>余|多)?"
)
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


class Count(NamedTuple):
    """A count and whether it is exactly (``=``) or at least (``>=``) that many."""

    value: int
    relation: Literal["=", ">="]


def count_of(text: str) -> Count | None:
    """What a number with its classifier says; None if it is not written as numbers are.

    Example:
        >>> count_of("一百零五件"), count_of("20余宗"), count_of("一二件")
        (Count(value=105, relation='='), Count(value=20, relation='>='), None)
    """
    parts = _PARTS.match(text)
    if parts is None or not (parts["digits"] or parts["chinese"]):
        return None
    more = parts["before"] or parts["more"] or text.endswith("以上")
    if parts["myriads"]:
        whole, _, rest = (parts["digits"] or "").partition(".")
        value: int | None = int(whole + rest.ljust(4, "0")) if whole else None
    else:
        digits = (parts["digits"] or "").replace(",", "")
        value = int(digits) if digits.isdigit() else chinese_number(parts["chinese"] or "")
    return None if value is None else Count(value, ">=" if more else "=")


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral below ten thousand, written in full; None for anything else.

    Example:
        >>> [chinese_number(t) for t in ("二十三", "一百零五", "十", "两", "二〇", "五十百")]
        [23, 105, 10, 2, None, None]
    """
    if text in _DIGITS:
        return _DIGITS[text]
    total, digit, last_unit, gap = 0, 0, 10000, False
    for sign in text:
        if sign in "零〇":
            if digit or gap or not total:
                return None
            gap = True
        elif sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
        else:
            unit = _UNITS[sign]
            if unit >= last_unit or (not digit and (unit != 10 or total)):
                return None
            total, digit, last_unit, gap = total + (digit or 1) * unit, 0, unit, False
    # 一百五 means 150 as often as it is a slip: only 一百零五 and 一百五十 are clear.
    if digit and last_unit > 10 and total and not gap:
        return None
    return None if gap and not digit else total + digit
