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

_BLANKS = (0x00A0, 0x1680, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF)
_KANGXI = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF))


def is_blank(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which code points print nothing: white space, line ends, zero-width marks.

    Control characters that are no white space stay: they are signs of a font without Unicode.

    Example:
        >>> is_blank(np.array([0x20, 0x3000, 0x31, 0x01], dtype=np.uint32)).tolist()
        [True, True, False, False]
    """
    blank: NDArray[np.bool_] = (codes == 0x20) | ((codes >= 9) & (codes <= 13))
    for code in _BLANKS:
        blank |= codes == code
    if ((codes >= 0x2000) & (codes <= 0x206F) | (codes >= 0xFE00) & (codes <= 0xFE0F)).any():
        blank |= ((codes >= 0x2000) & (codes <= 0x200F)) | ((codes >= 0x2028) & (codes <= 0x202F))
        blank |= ((codes >= 0x205F) & (codes <= 0x206F)) | ((codes >= 0xFE00) & (codes <= 0xFE0F))
    return blank


def plain(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Code points with radicals and compatibility ideographs replaced by the common characters.

    Example:
        >>> "".join(map(chr, plain(np.array([0x2F00, 0x2ED3, 0xFF11], dtype=np.uint32)).tolist()))
        '一长１'
    """
    odd = np.zeros(len(codes), dtype=bool)
    for low, high in _KANGXI:
        odd |= (codes >= low) & (codes <= high)
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
