"""How wide words are in the font of the figures, so that they are broken before they are cut off."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from gxstats.plot.style import font_family

_OPEN, _CLOSE = "（〔「『“‘《[(", "，。、；：）〕」』”’》…"
_PIECES = re.compile(rf"\s+|[{re.escape(_OPEN)}]*(?:[^\s⺀-￿（“‘]+|[⺀-￿“‘])[{_CLOSE}]*")
"""What a line is not broken within: words, a Chinese character with the marks that belong to it."""
_ROOM = 1.03
"""Letters on a screen are rounded to whole pixels and so a little wider than in the font."""


@cache
def _font() -> Any:
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    # The file is loaded anew: a size set on matplotlib's own copy would change all its texts.
    face: Any = FT2Font(font_manager.findfont(font_family(), fallback_to_default=False))
    face.set_size(100, 72)
    return face


@cache
def _advance(letter: str) -> float:
    from matplotlib.ft2font import LoadFlags

    glyph = _font().load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / 100


def width_of(text: str, size: float) -> float:
    """Width of the widest line of a text in points.

    Args:
        text: one or more lines.
        size: of the letters, in points.

    Example:
        >>> round(width_of("政府", 10))
        21
    """
    return max((sum(map(_advance, line)) for line in text.split("\n")), default=0.0) * size * _ROOM


def wrap(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines no wider than ``width`` points; no line begins with a closing mark.

    Args:
        text: one paragraph.
        width: of a line, in points.
        size: of the letters, in points.

    Example:
        >>> wrap("新收申请，21 件", 45, 10)
        ['新收申', '请，21 件']
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        if width_of(lines[-1] + piece.rstrip(), size) <= width or not lines[-1].strip():
            lines[-1] += piece
        else:
            lines[-1] = lines[-1].rstrip()
            lines.append(piece.lstrip())
        while width_of(lines[-1].rstrip(), size) > width and len(lines[-1]) > 1:
            whole, kept = lines.pop(), 1
            while kept < len(whole) - 1 and width_of(whole[: kept + 1], size) <= width:
                kept += 1
            lines += [whole[:kept], whole[kept:]]
    lines[-1] = lines[-1].rstrip()
    return [line for line in lines if line] or [""]


def shorten(text: str, width: float, size: float, lines: int = 2) -> str:
    """A name in at most so many lines: broken, and its middle left out where that is not enough.

    Args:
        text: the name.
        width: of a line, in points.
        size: of the letters, in points.
        lines: how many there may be.

    Example:
        >>> shorten("江苏省淮安市洪泽区人民政府", 62, 10, lines=1)
        '江苏省…政府'
    """
    found = wrap(text, width, size)
    for left_out in range(1, len(text)):
        if len(found) <= lines:
            break
        head = (len(text) - left_out + 1) // 2
        tail = len(text) - left_out - head
        found = wrap(f"{text[:head]}…{text[len(text) - tail :] if tail else ''}", width, size)
    return "\n".join(_even(found[:lines], width, size))


def _even(lines: list[str], width: float, size: float) -> list[str]:
    """Lines of about the same length: a single character is not left over for the last one."""
    text, best, narrow = "".join(lines), lines, width
    if len(lines) < 2 or any(" " in line or line[-1].isascii() for line in lines):
        return lines
    while narrow > width / 2:
        narrow -= size / 2
        found = wrap(text, narrow, size)
        if len(found) > len(lines):
            break
        best = found
    return best
