"""Colours of style sheets, as far as they tell whether text can be seen."""

from __future__ import annotations

import re
from typing import Final

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

WHITE: Final = (255, 255, 255)
BLACK: Final = (0, 0, 0)
CLEAR: Final = (-1, -1, -1)
"""Not drawn at all."""
_CLOSE: Final = 30
_NAMES: Final = {
    "white": WHITE,
    "window": WHITE,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "azure": (240, 255, 255),
    "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245),
    "floralwhite": (255, 250, 240),
    "mintcream": (245, 255, 250),
    "aliceblue": (240, 248, 255),
    "gainsboro": (220, 220, 220),
    "black": BLACK,
    "windowtext": BLACK,
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "yellow": (255, 255, 0),
    "navy": (0, 0, 128),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
}
_HEX: Final = re.compile(r"#?([0-9a-f]{3,8})")
_FUNCTION: Final = re.compile(r"rgba?\(([^)]*)\)")
_SHORT: Final = (3, 4)


def colour_of(text: str, *, transparent: bool = False) -> Colour | None:
    """The colour a value names, None if it names none that is known.

    Args:
        text: The value, in lower case.
        transparent: Whether to return ``CLEAR`` for a transparent colour, not None.

    Example:
        >>> colour_of("#FFF".lower()), colour_of("rgb(255, 0,0)"), colour_of("inherit")
        ((255, 255, 255), (255, 0, 0), None)
    """
    text = text.strip()
    if not text:
        return None
    if text in _NAMES:
        return _NAMES[text]
    if text == "transparent":
        return CLEAR if transparent else None
    digits = _HEX.fullmatch(text)
    if digits is not None and (text[0] == "#" or len(digits[1]) in (3, 6)):
        return _from_hex(digits[1], transparent)
    function = _FUNCTION.match(text)
    return None if function is None else _from_numbers(function[1], transparent)


def is_unseen(colour: Colour | None, background: Colour | None) -> bool:
    """Whether text of a colour cannot be told from its background: black on white if not stated.

    Example:
        >>> is_unseen((255, 255, 255), None), is_unseen(None, None), is_unseen(None, (0, 0, 0))
        (True, False, True)
    """
    if colour is None and background is None:
        return False
    front, back = colour or BLACK, background or WHITE
    return front == CLEAR or max(abs(one - other) for one, other in zip(front, back, strict=True)) < _CLOSE


def _from_hex(digits: str, transparent: bool) -> Colour | None:
    if len(digits) in _SHORT:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8):
        return None
    if digits[6:] and int(digits[6:], 16) < _CLOSE:
        return CLEAR if transparent else None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _from_numbers(text: str, transparent: bool) -> Colour | None:
    try:
        red, green, blue, *alpha = (
            float(part[:-1]) / 100 if part.endswith("%") else float(part)
            for part in text.replace(",", " ").replace("/", " ").split()
        )
    except ValueError:
        return None
    if alpha and alpha[0] < 0.2:
        return CLEAR if transparent else None
    if "%" in text.partition(",")[0]:
        red, green, blue = red * 255, green * 255, blue * 255
    return int(red), int(green), int(blue)
