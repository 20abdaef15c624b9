"""Code points that look alike: white space and ideographs from compatibility blocks.

PDF fonts often map 一 to the Kangxi radical ⼀ (U+2F00) or 长 to the radical supplement ⻓
(U+2ED3): text copied from them matches no label. NFKC folds the Kangxi and compatibility blocks;
the radical supplement has no decompositions, so its pairs are data (``radicals.csv``).
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

BLANK, ODD, SURROGATE = 1, 2, 4
_KINDS_OF_RANGES = (
    (BLANK, ((9, 13), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x3000, 0x3000), (0xFEFF, 0xFEFF))),
    (BLANK, ((0xFFFE, 0xFFFF), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0xFE00, 0xFE0F))),
    (ODD, ((0x2E80, 0x2FDF), (0xF900, 0xFAFF))),
    (SURROGATE, ((0xD800, 0xDFFF),)),
)
_BEYOND = 0x10000


@cache
def _kinds() -> NDArray[np.uint8]:
    table = np.zeros(_BEYOND + 1, dtype=np.uint8)
    for kind, ranges in _KINDS_OF_RANGES:
        for low, high in ranges:
            table[low : high + 1] = kind
    return table


def kinds_of(codes: NDArray[np.uint16] | NDArray[np.uint32]) -> NDArray[np.uint8]:
    """What each code point is: ``BLANK``, ``ODD``, a ``SURROGATE`` or 0.

    Blanks print nothing: white space, line ends, zero-width marks. Control characters that are no
    white space are 0: they are signs of a font without Unicode. Odd ones stand for other characters.

    Example:
        >>> kinds_of(np.array([0x20, 0x3000, 0x31, 0x01, 0x2F00], dtype=np.uint32)).tolist()
        [1, 1, 0, 0, 2]
    """
    found: NDArray[np.uint8] = _kinds()[codes if codes.dtype == np.uint16 else np.minimum(codes, _BEYOND)]
    return found


def plain(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Code points with radicals and compatibility ideographs replaced by the common characters.

    Args:
        codes: Code points.
        kinds: What :func:`kinds_of` says of them.

    Example:
        >>> signs = np.array([0x2F00, 0x2ED3, 0xFF11], dtype=np.uint32)
        >>> "".join(map(chr, plain(signs, kinds_of(signs)).tolist()))
        '一长１'
    """
    odd = kinds == ODD
    if not odd.any():
        return codes
    table = _radicals()
    result = codes.copy()
    result[odd] = [_fold(code, table) for code in codes[odd].tolist()]
    return result


def _fold(code: int, table: dict[int, int]) -> int:
    folded = unicodedata.normalize("NFKC", chr(code))
    return ord(folded) if len(folded) == 1 and ord(folded) != code else table.get(code, code)


@cache
def _radicals() -> dict[int, int]:
    source = files("gxstats.read").joinpath("radicals.csv").read_text(encoding="utf-8")
    return {int(row["radical"], 16): ord(row["character"]) for row in csv.DictReader(source.splitlines())}
