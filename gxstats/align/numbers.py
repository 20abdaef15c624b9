"""What a printed cell says: a figure, a blank, a mark, words, or nothing that can be trusted.

Source of the rules: the states of a cell (``reported blank dash text absent unreadable``). Zero,
blank, dash and unreadable are different things; a guess is never a value.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from gxstats.model import State

MAX_DIGITS = 12
"""More digits than any count has: seven cells glued together look like this."""


class Parsed(NamedTuple):
    """One cell, read. ``note`` is an issue code if something about the print is odd."""

    state: State
    value: int | None = None
    amount: Decimal | None = None
    unit: str | None = None
    note: str = ""


BLANK = Parsed("blank")
DASH = Parsed("dash")
TEXT = Parsed("text")

_DASHES = "-‐‑‒–—―−─━ー﹣－/\\"
_MARKS = ("<super>", "<sub>", "<circle>", "<fraction>", "<square>")
"""Characters that NFKC would turn into digits of the figure they stand behind, such as 12①."""
_USUAL = r"\u4e00-\u9fff\u3001-\u3020\uff01-\uff5e“”‘’—…·"
"""Characters of Chinese text, none of which is such a mark: a look-up for each would cost more."""
_NO_MARKS = re.compile(rf"[\x00-\x7f\u3000{_USUAL}]*")
_WORDS = re.compile(
    rf"(?:[0-9０-９]{{1,2}}[.．、])?[\u4e00-\u9fff（(《“](?<![无零增减])[\n\x21-\x7e{_USUAL}]*"
)
"""Words without blanks: no figure, and no mark that stands for one, begins like this."""
_ZEROS = {"零": 0, "〇": 0}
_CLASSIFIER = "件条宗份例次起个项"
_COUNT = re.compile(rf"(\d+|\d{{1,3}}(?:,\d{{3}})+)(?:[{_CLASSIFIER}])?$", re.ASCII)
_ANNOTATED = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)\([^()]*\)$", re.ASCII)
_BRACKET = re.compile(r"\([^()]*\)$")
_SIGNED = re.compile(
    r"(?:(\+|-{1,2})|(增加?)|(减少?))?(\d+|\d{1,3}(?:,\d{3})+)(?:[件条宗份例次起个项])?$", re.ASCII
)
_MONEY = re.compile(r"[¥￥]?(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?(亿元|万元|千元|元|万|亿)?$", re.ASCII)
_LIKE_FIGURE = re.compile(r"[+-]?[\d.,]+$")
_BLANKS = re.compile(r"[\s\u200b\ufeff\u00ad]+")
_DIGIT = re.compile(r"\d")
_MAX_DECIMALS = 6


@lru_cache(maxsize=65536)
def parse(text: str, kind: str = "count") -> Parsed:
    """Read one cell.

    Args:
        text: the printed text, as it stands in the source.
        kind: ``count``, ``signed`` or ``money`` (see the forms).

    Returns:
        State with an exact int (``value``) or Decimal (``amount``, with the printed unit).

    Example:
        >>> parse("１,２３４").value, parse("/").state, parse("减3", "signed").value
        (1234, 'dash', -3)
        >>> parse("2560万元", "money").amount, parse("2560万元", "money").unit
        (Decimal('2560'), '万元')
    """
    bare = _bare(text, kind)
    if bare is not None:
        return bare
    if not _NO_MARKS.fullmatch(text) and any(unicodedata.decomposition(c).startswith(_MARKS) for c in text):
        return Parsed("unreadable", note="footnote_mark")
    plain = unicodedata.normalize("NFKC", text).strip("\u200b\ufeff\u00ad \t\r\n")
    joined = _BLANKS.sub("", plain)
    if not joined:
        return BLANK
    if joined == "无" or all(c in _DASHES for c in joined):
        return DASH
    if joined in _ZEROS:
        return _number(0, kind)
    before = _BRACKET.sub("", joined)
    if before != joined and before.replace(",", "").isdecimal():
        return _single(joined, kind)  # 22（其中修订 16 件）: the blanks stand in the bracket
    if joined != plain and sum(bool(_DIGIT.search(p)) for p in plain.split()) > 1:
        return _parted(plain, joined, kind)
    return _single(joined, kind)


def _bare(text: str, kind: str) -> Parsed | None:
    """The common case, worth a short cut: a bare number, or a count wrapped over lines."""
    digits = text.replace("\n", "")
    if not (digits.isdecimal() and digits.isascii() and len(digits) <= MAX_DIGITS):
        return None
    if digits[0] == "0" and digits != "0":
        return None
    if digits == text:
        return _number(int(text), kind)
    if kind != "money" and text[0] != "\n" != text[-1]:
        return _number(int(digits), kind, "wrapped_digits")
    return None


def _number(value: int, kind: str, note: str = "") -> Parsed:
    if kind == "money":
        return Parsed("reported", None, Decimal(value), None, note)
    return Parsed("reported", value, None, None, note)


def _parted(plain: str, joined: str, kind: str) -> Parsed:
    """Digits in several pieces: one figure wrapped over lines, or several figures in one cell."""
    if any(len(line.split()) > 1 for line in plain.splitlines()):
        return Parsed("unreadable", note="several_figures")
    parsed = _single(joined, kind)
    return parsed._replace(note=parsed.note or "wrapped_digits") if parsed.state == "reported" else parsed


def _single(text: str, kind: str) -> Parsed:
    if kind == "money":
        return _money(text)
    if len(text) > 1 and text[0] in _DASHES and text[1:2].isdecimal():
        text = "-" + text[1:]
    if kind == "signed" and (match := _SIGNED.match(text)):
        sign = -1 if (match[1] or "").startswith("-") or match[3] else 1
        digits = match[4]
        note = "double_sign" if match[1] == "--" else ""
    elif match := _COUNT.match(text):
        sign, digits, note = 1, match[1], ""
    elif match := _ANNOTATED.match(text):
        sign, digits, note = 1, match[1], "annotated_figure"
    elif text.startswith("+") and (match := _COUNT.match(text[1:])):
        sign, digits, note = 1, match[1], "plus_sign"
    elif _LIKE_FIGURE.match(text):
        # A negative count, a count with decimals, a comma in the wrong place.
        return Parsed("unreadable", note="malformed_figure")
    else:
        return TEXT
    plain = digits.replace(",", "")
    if len(plain) > MAX_DIGITS or (len(plain) > 1 and plain[0] == "0"):
        return Parsed("unreadable", note="glued_figures")
    return _number(sign * int(plain), kind, note)


def _money(text: str) -> Parsed:
    match = _MONEY.match(text)
    if not match:
        return Parsed("unreadable", note="malformed_figure") if _LIKE_FIGURE.match(text) else TEXT
    whole = match[1].replace(",", "")
    fraction = (match[2] or "").rstrip("0")
    if len(fraction) - 1 > _MAX_DECIMALS:
        return Parsed("unreadable", note="seventh_decimal")
    if len(whole) > MAX_DIGITS or (len(whole) > 1 and whole[0] == "0"):
        return Parsed("unreadable", note="glued_figures")
    return Parsed("reported", None, Decimal(whole + (match[2] or "")), match[3])


def looks_like_figure(text: str) -> bool:
    """Whether a token can only be a figure or a mark that stands for one.

    Example:
        >>> [looks_like_figure(t) for t in ("1,234", "/", "规章", "2024年", "12.5")]
        [True, True, False, False, True]
    """
    if _WORDS.fullmatch(text):
        return False
    for kind in ("count", "signed", "money"):
        parsed = parse(text, kind)
        if parsed.state in ("reported", "dash", "unreadable"):
            return True
    return False
