"""Places of cells in their sources, packed: lists of whole numbers, and references as templates.

References of one table differ in a few numbers only (``/html/body[1]/table[2]/tr[4]/td[5]``): a template
``/html/body[1]/table[2]/tr[{1}]/td[{2}]`` and the numbers say the same in a tenth of the room. Boxes are kept
as left, top, width and height, since most cells of a page are equally large.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from gxstats.dataset.store.layout import BOX, SLOTS
from gxstats.model import Locator

_NUMBER = re.compile(r"(0|[1-9][0-9]{0,8})(?![0-9])")
_HALF = (2**31 - 1) // 2
_NO_BOX = (None, None, None, None)


class References(NamedTuple):
    """References of a section: which template each has (0: it has none; null: all the first), and numbers."""

    templates: list[str] | None
    which: list[int | None] | None
    numbers: list[list[int | None] | None]


def can_be_packed(at: Locator) -> bool:
    """Whether a place can be kept in lists: a whole box or none, and no brace, which marks a number.

    Example:
        >>> can_be_packed(Locator(page=1)), can_be_packed(Locator(x0=1)), can_be_packed(Locator(ref="{1}"))
        (True, False, False)
    """
    page, x0, top, x1, bottom, ref = at
    if ref is not None and "{" in ref:
        return False
    if page is None and x0 is None and top is None and x1 is None and bottom is None:
        return True
    edges = (x0, top, x1, bottom)
    if None in edges and edges != _NO_BOX:
        return False
    # Differences of two edges must fit as well.
    return all(-_HALF <= n <= _HALF for n in (page, *edges) if n is not None)


def packed(by_place: Mapping[int, Locator]) -> list[Any]:
    """The columns ``templates``, ``page`` ... ``height``, ``which``, ``n1`` ... of one section.

    Args:
        by_place: place in the form's section, from 1 -> where the cell stands.

    Example:
        >>> row = packed({1: Locator(ref="line 7"), 2: Locator(ref="line 9")})
        >>> row[0], row[-4]
        (['line {1}'], [7, 9])
    """
    length = max(by_place)
    at = [by_place.get(number) for number in range(1, length + 1)]
    boxes = [
        [None if a is None else a.page for a in at],
        [None if a is None else a.x0 for a in at],
        [None if a is None else a.top for a in at],
        [None if a is None or a.x0 is None or a.x1 is None else a.x1 - a.x0 for a in at],
        [None if a is None or a.top is None or a.bottom is None else a.bottom - a.top for a in at],
    ]
    told = _references(tuple(None if a is None else "{" if a.ref is None else a.ref for a in at))
    kept = [numbers if any(n is not None for n in numbers) else None for numbers in boxes]
    return [told.templates, *kept, told.which, *told.numbers]


@lru_cache(maxsize=2048)
def _references(refs: tuple[str | None, ...]) -> References:
    """Pack references; None where there is no cell, ``{`` where a cell has no reference."""
    split = [None if ref is None or ref == "{" else _NUMBER.split(ref) for ref in refs]
    kinds: dict[tuple[str, ...], list[list[str]]] = {}
    for parts in split:
        if parts is not None:
            kinds.setdefault(tuple(parts[::2]), []).append(parts)
    if not kinds:
        return References(None, None, [None] * len(SLOTS))
    varying = {kind: _varying(rows) for kind, rows in kinds.items()}
    known: dict[str, int] = {}
    which: list[int | None] = []
    columns: list[list[int | None]] = [[None] * len(refs) for _ in SLOTS]
    for place, (ref, parts) in enumerate(zip(refs, split, strict=True)):
        if parts is None:
            which.append(None if ref is None else 0)
            continue
        slots = varying[tuple(parts[::2])]
        for number, slot in enumerate(slots):
            columns[number][place] = int(parts[slot])
        marks = {slot: f"{{{number}}}" for number, slot in enumerate(slots, 1)}
        text = "".join(marks.get(i, part) for i, part in enumerate(parts))
        which.append(known.setdefault(text, len(known) + 1))
    plain = len(known) == 1 and all(n != 0 for n in which)
    numbers = [column if any(n is not None for n in column) else None for column in columns]
    return References([*known], None if plain else which, numbers)


def _varying(rows: Sequence[Sequence[str]]) -> list[int]:
    """Where references of one kind differ: at most as many numbers as there are slots, in their order."""
    counts = {slot: len({row[slot] for row in rows}) for slot in range(1, len(rows[0]), 2)}
    ordered = sorted((slot for slot, count in counts.items() if count > 1), key=lambda s: (-counts[s], s))
    return sorted(ordered[: len(SLOTS)])


def unpacked_sql(before: str = "", after: str = "") -> dict[str, str]:
    """SQL that gives the columns of places back from the packed ones.

    Args:
        before: what to put before the name of a packed column.
        after: what to put behind the name of a list to get the element of one cell: ``[place]``, or
            nothing if the lists are taken apart already.
    """
    packed_at = {name: f"{before}{name}{after}" for name in (*BOX, "which", *SLOTS)}
    text = f"{before}templates[coalesce({packed_at['which']}, 1)]"
    for number, slot in enumerate(SLOTS, 1):
        text = f"replace({text}, '{{{number}}}', coalesce({packed_at[slot]}::VARCHAR, ''))"
    edges = {
        "page": packed_at["page"],
        "x0": packed_at["x0"],
        "top": packed_at["top"],
        "x1": f"({packed_at['x0']} + {packed_at['width']})",
        "bottom": f"({packed_at['top']} + {packed_at['height']})",
    }
    return {name: f"{edge}::BIGINT" for name, edge in edges.items()} | {"ref": text}
