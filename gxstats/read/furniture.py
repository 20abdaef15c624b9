"""Page numbers, running heads and running feet: found by their repetition, removed before reading.

A page number between two halves of a table is a figure like any other to a reader that sees no
borders, so what stands at the edge of several pages at the same height, with the same words or
with a number that counts the pages, is taken out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from gxstats.model import Issue
from gxstats.read.geometry import Booleans, PageView, decode

EDGE = 0.14
"""Running heads and page numbers stand in this share of the page at its top or bottom."""
MARGIN = 0.075
"""Words that repeat are furniture only this close to the edge: further in, sentences repeat, too."""
SAME_HEIGHT = 4.0
"""...and at the same height to within this (points)."""
LEVELS = 3
"""At most so many lines of furniture at each edge."""
APART = 0.35
"""White space between furniture and text, as a share of the line's height, that text alone has not."""
_DIGITS = re.compile(r"\d+")


class EdgeLine(NamedTuple):
    """The outermost line of a page at one edge."""

    view: int
    page: int
    height: float
    text: str
    which: Booleans
    apart: bool
    margin: bool
    outer: bool


def remove_furniture(views: list[PageView]) -> tuple[list[PageView], list[Issue]]:
    """Views without page numbers and running heads, and the notice that names them.

    Example:
        >>> remove_furniture([])
        ([], [])
    """
    removed: list[str] = []
    views = list(views)
    for at_top in (False, True):
        for _ in range(LEVELS):
            lines = [line for at, view in enumerate(views) if (line := _edge_line(at, view, at_top))]
            furniture = _repeated(lines)
            if not furniture:
                break
            for line in furniture:
                view = views[line.view]
                views[line.view] = view._replace(characters=view.characters.take(~line.which))
            removed.extend(line.text for line in furniture)
    if not removed:
        return views, []
    shown = ", ".join(dict.fromkeys(removed))
    message = f"left out page numbers and running heads: {shown[:300]}"
    return views, [Issue("notice", "page_furniture", message)]


def _edge_line(at: int, view: PageView, at_top: bool) -> EdgeLine | None:
    boxes = view.characters.boxes
    if not len(boxes):
        return None
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    if not at_top:
        middle = view.height - middle
    first = int(middle.argmin())
    outermost = float(middle[first])
    if outermost > EDGE * view.height:
        return None
    height = float(boxes[first, 3] - boxes[first, 1])
    which = middle < outermost + 0.5 * height
    line, rest = view.characters.take(which), middle[~which]
    inner = float(rest.min()) if len(rest) else 0.0
    apart = not len(rest) or inner - float(middle[which].max()) > (1 + APART) * height
    text = decode(line.codes.take(line.boxes[:, 0].argsort(kind="stable")))
    gap = inner - outermost if len(rest) else view.height
    below = rest[rest > outermost + gap + 0.5 * height]
    pitch = float(below.min()) - outermost - gap if len(below) else 0.0
    # The distance of two lines of text, seen just inside, is what furniture must exceed.
    margin = outermost < MARGIN * view.height
    return EdgeLine(at, view.number, outermost, text, which, apart, margin, margin and gap > 1.2 * pitch)


def _repeated(lines: list[EdgeLine]) -> list[EdgeLine]:
    """Lines that other pages have, too: the same words, or numbers that go up with the pages."""
    groups: defaultdict[str, list[EdgeLine]] = defaultdict(list)
    for line in lines:
        if line.apart and len(line.text) < 80:
            groups[_DIGITS.sub("#", line.text)].append(line)
    found: list[EdgeLine] = []
    for pattern, group in groups.items():
        for line in group:
            peers = [o for o in group if o.page != line.page and abs(o.height - line.height) < SAME_HEIGHT]
            if any(_belong(pattern, line, peer, len(peers)) for peer in peers):
                found.append(line)
    return found


def _belong(pattern: str, one: EdgeLine, other: EdgeLine, peers: int) -> bool:
    outer = one.outer or (one.margin and peers >= 2)
    if "#" not in pattern:
        return outer
    numbers, others = _DIGITS.findall(one.text), _DIGITS.findall(other.text)
    counts = [int(b) - int(a) == other.page - one.page for a, b in zip(numbers, others, strict=True)]
    same = [a == b for a, b in zip(numbers, others, strict=True)]
    if all(same):
        # A date or a document number in a running head; bare figures may be a table's.
        return len(pattern) > 4 and outer
    return any(counts) and all(c or s for c, s in zip(counts, same, strict=True))
