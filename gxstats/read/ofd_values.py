"""Numbers, boxes, matrices and colours as OFD (GB/T 33190) writes them: text, to be distrusted."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import repeat
from math import cos, isfinite, radians, sin

from gxstats.errors import ReadError

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: x' = a x + c y + e, y' = b x + d y + f, y downwards."""
Rectangle = tuple[float, float, float, float]
"""x0, top, x1, bottom."""
Colour = tuple[int, int, int]

POINTS = 72 / 25.4
"""Points of a millimetre."""
FARTHEST = 7_000.0
"""No coordinate is larger than this (millimetres): no sheet is."""
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
BLACK: Colour = (0, 0, 0)
_RUN = frozenset("gG")


def number(text: str) -> float:
    """One number.

    Raises:
        ReadError: It is none, is not finite, or is larger than any sheet.

    Example:
        >>> number(" 4.25 ")
        4.25
    """
    try:
        value = float(text) if "_" not in text else float("nan")
    except ValueError:
        value = float("nan")
    if not abs(value) <= FARTHEST:
        raise ReadError(f"{text[:40]!r} is no length")
    return value


def numbers(text: str, count: int = 0) -> list[float]:
    """Numbers with white space or commas between; exactly ``count`` of them unless that is 0.

    Raises:
        ReadError: One of them is no number, or there are more or fewer than asked for.

    Example:
        >>> numbers("0 0 210 297", 4)
        [0.0, 0.0, 210.0, 297.0]
    """
    words = text.replace(",", " ").split()
    if count and len(words) != count:
        raise ReadError(f"{text[:40]!r} has {len(words)} numbers instead of {count}")
    return checked(words)


def checked(words: list[str]) -> list[float]:
    """Numbers of words: all at once if they are as they should be, else each by itself.

    Raises:
        ReadError: As :func:`number` does.

    Example:
        >>> checked(["1", "2.5"])
        [1.0, 2.5]
    """
    try:
        values = list(map(float, words))
    except ValueError:
        return [number(word) for word in words]
    # Not a number, and infinity, make the sum fail this test, too.
    return values if sum(map(abs, values)) <= FARTHEST else [number(word) for word in words]


def spread(text: str, needed: int) -> list[float]:
    """The steps from one character to the next, runs (``g 3 2.5``) written out.

    Args:
        text: What DeltaX or DeltaY says.
        needed: How many steps the text has; no more than two above that are made.

    Raises:
        ReadError: It is damaged.

    Example:
        >>> spread("4 g 2 2.5", 5), len(spread("g 999999999 1", 3))
        ([4.0, 2.5, 2.5], 5)
    """
    words = text.replace(",", " ").split()
    most = needed + 2
    if _RUN.isdisjoint(text):
        return checked(words[:most])
    values: list[float] = []
    at = 0
    while at < len(words) and len(values) < most:
        if words[at] not in _RUN:
            values.append(number(words[at]))
            at += 1
            continue
        run = words[at + 1 : at + 3]
        if len(run) < 2 or not (run[0].isascii() and run[0].isdigit()):
            raise ReadError(f"the run of steps {text[:40]!r} is damaged")
        count = int(run[0]) if len(run[0]) < 10 else most
        values.extend(repeat(number(run[1]), min(count, most - len(values))))
        at += 3
    return values


def whole(text: str | None, default: int) -> int:
    """A whole number that is not negative.

    Raises:
        ReadError: It is none.

    Example:
        >>> whole("12", 1), whole(None, 1)
        (12, 1)
    """
    if text is None:
        return default
    word = text.strip()
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise ReadError(f"{text[:40]!r} is no count")
    return int(word)


def is_false(text: str | None) -> bool:
    """Whether a flag says no.

    Example:
        >>> is_false("False"), is_false("true"), is_false(None)
        (True, False, False)
    """
    return text is not None and text.strip().lower() in ("false", "0")


def rectangle(text: str) -> Rectangle:
    """A box given as x, y, width and height.

    Example:
        >>> rectangle("10 20 30 5")
        (10.0, 20.0, 40.0, 25.0)
    """
    x, y, width, height = numbers(text, 4)
    return x, y, x + width, y + height


def matrix(text: str | None) -> Matrix:
    """A transformation (CTM); the plain one if there is none.

    Example:
        >>> matrix("2 0 0 2 1 0")
        (2.0, 0.0, 0.0, 2.0, 1.0, 0.0)
    """
    if text is None:
        return PLAIN
    a, b, c, d, e, f = numbers(text, 6)
    return a, b, c, d, e, f


def combine(first: Matrix, then: Matrix) -> Matrix:
    """One transformation after another.

    Raises:
        ReadError: The result is not finite.

    Example:
        >>> combine((2, 0, 0, 2, 0, 0), (1, 0, 0, 1, 10, 5))
        (2, 0, 0, 2, 10, 5)
    """
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    product = (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip
    if not all(map(isfinite, product)):
        raise ReadError("a transformation is beyond all measure")
    return product


def turned(degrees: float) -> Matrix:
    """A turn clockwise.

    Example:
        >>> [round(part) for part in turned(90)]
        [0, 1, -1, 0, 0, 0]
    """
    angle = radians(degrees)
    return cos(angle), sin(angle), -sin(angle), cos(angle), 0.0, 0.0


def moved(box: Rectangle, by: Matrix) -> Rectangle:
    """The smallest upright box around a transformed one.

    Example:
        >>> moved((0, 0, 2, 1), (0, 1, -1, 0, 10, 0))
        (9, 0, 10, 2)
    """
    a, b, c, d, e, f = by
    x0, top, x1, bottom = box
    corners = ((x0, top), (x1, top), (x1, bottom), (x0, bottom))
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def cut(one: Rectangle, other: Rectangle) -> Rectangle:
    """What two boxes share; its far side lies before the near one if that is nothing.

    Example:
        >>> cut((0, 0, 10, 10), (5, 5, 20, 20))
        (5, 5, 10, 10)
    """
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def colour(attributes: Mapping[str, str], kind: str = "") -> Colour | None:
    """The red, green and blue (0 to 255) of a colour, None if it cannot be told.

    Args:
        attributes: Of the element, ``Value`` among them.
        kind: The type of its colour space (GRAY, RGB, CMYK) where that is known.

    Example:
        >>> colour({"Value": "#FF 0 0"}), colour({"Value": "0"}), colour({"Value": "0 0 0 255"})
        ((255, 0, 0), (0, 0, 0), (0, 0, 0))
    """
    words = attributes.get("Value", "").split()
    try:
        parts = [int(word[1:], 16) if word.startswith("#") else int(float(word)) for word in words]
    except (ValueError, OverflowError):
        return None
    parts = [min(max(part, 0), 255) for part in parts]
    if len(parts) == 1 and kind in ("", "GRAY"):
        return parts[0], parts[0], parts[0]
    if len(parts) == 3 and kind in ("", "RGB"):
        return parts[0], parts[1], parts[2]
    if len(parts) == 4 and kind in ("", "CMYK"):
        left = 255 - parts[3]
        red, green, blue = ((255 - part) * left // 255 for part in parts[:3])
        return red, green, blue
    return None
