"""How a spreadsheet shows a stored number: as its number format says, or not at all.

Only formats whose result is certain are applied. A date, a fraction, an exponent, a scale (``0,``: shows
thousands), a condition or Chinese numerals give ``damage``: a person sees another number than is stored.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, NamedTuple

GENERAL: Final = "General"
BUILT_IN: Final = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"',
    42: '#,##0;-#,##0;"-"',
    43: '#,##0.00;-#,##0.00;"-"',
    44: '#,##0.00;-#,##0.00;"-"',
    49: "@",
}
"""ECMA-376, 18.8.30; the others there are dates, times, fractions and exponents."""
UNKNOWN: Final = "\0"
"""A format that is none of those above: nothing is known of what is shown."""
_DAMAGE: Final = "the number format shows something else than the stored number"
_LITERAL: Final = re.compile(
    r'"([^"]*)"|\\(.)|[_*](.)|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|\$[^\]]*)\]', re.I
)
_NUMBER: Final = re.compile(r"([#0?]*(?:,[#0?]{3})*|[#0?]+(?:,[#0?]+)*)(\.[#0?]*)?(%?)")
_PLACES: Final = 0xF0000
"""Private characters that stand for the literal texts of a format while it is taken apart."""
_SHOWN_DIGITS: Final = 11
"""A cell of the format General shows no more digits."""


class Shown(NamedTuple):
    """The text a cell shows, and why that is no figure to be trusted ("" if it is one)."""

    text: str
    damage: str = ""


@lru_cache(maxsize=4096)
def show(stored: str, pattern: str) -> Shown:
    """What a cell shows.

    Args:
        stored: the number as the file has it.
        pattern: its number format.

    Example:
        >>> show("1234", "#,##0").text, show("0", "0;-0;;@").text, show("0.5", "0%").text
        ('1,234', '', '50%')
        >>> show("45000", "yyyy/m/d").damage != "", show("12", '0"件"').text
        (True, '12件')
    """
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return Shown(stored, "this is not a number")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return Shown(stored, "this is not a number")
    if pattern in (GENERAL, "@", "GENERAL"):
        return _general(number)
    sections = _sections(pattern)
    chosen = sections[0]
    if number < 0 and len(sections) > 1:
        chosen, number = sections[1], -number
    elif number == 0 and len(sections) > 2:
        chosen = sections[2]
    if not any(part.strip() for part in sections[:3]):
        return Shown("", "hidden")
    return _by_section(number, chosen)


def _sections(pattern: str) -> list[str]:
    """The parts of a format for positive, negative and zero numbers; a semicolon in quotes parts nothing."""
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', pattern)


def _general(number: Decimal) -> Shown:
    # Stored numbers are binary ones: 0.1 + 0.2 is stored as 0.30000000000000004 and shown as 0.3.
    plain = Decimal(f"{number:.15g}") if number else Decimal(0)
    text = f"{plain:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if len(text.replace("-", "").replace(".", "")) > _SHOWN_DIGITS:
        return Shown(text, _DAMAGE)
    return Shown(text)


def _by_section(number: Decimal, section: str) -> Shown:
    if section.strip() in (GENERAL, "@"):
        return _general(number)
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or "")
        return chr(_PLACES + len(literals) - 1) if literals[-1] else ""

    plain = _LITERAL.sub(keep, section)
    core = "".join(sign for sign in plain if not _PLACES <= ord(sign) < _PLACES + len(literals))
    bare = core.strip(" +-()（）¥￥$")
    if not bare:
        return Shown(_filled(plain, literals).strip())
    if not _NUMBER.fullmatch(bare) or plain.count(bare) != 1:
        return Shown(f"{number:f}", _DAMAGE)
    shown = _written(number, bare)
    before, after = plain.split(bare)
    text = f"{_filled(before, literals)}{shown.text}{_filled(after, literals)}".strip()
    return Shown(text, shown.damage)


def _filled(text: str, literals: list[str]) -> str:
    return "".join(
        literals[ord(sign) - _PLACES] if _PLACES <= ord(sign) < _PLACES + len(literals) else sign
        for sign in text
    )


def _written(number: Decimal, pattern: str) -> Shown:
    match = _NUMBER.fullmatch(pattern)
    assert match is not None
    whole, fraction, percent = match[1], match[2] or "", match[3]
    if whole.endswith(","):
        return Shown(f"{number:f}", _DAMAGE)
    value = Decimal(f"{number:.15g}") if number else Decimal(0)
    value = value * 100 if percent else value
    places = len(fraction) - 1 if fraction else 0
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    optional = len(fraction) - len(fraction.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    if not rounded and "0" not in whole + fraction:
        text = ""
    # A count that is no whole number though it is shown as one cannot be what was meant.
    return Shown(text + percent, _DAMAGE if not places and not percent and rounded != value else "")
