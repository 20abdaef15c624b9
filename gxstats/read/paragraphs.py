"""Lines of text outside tables to paragraphs: pure geometry."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from gxstats.read.geometry import Box
from gxstats.read.lines import Line

INDENT = 1.1
"""A line indented by more than this share of its height begins a paragraph."""
SHORT_OF_MARGIN = 2.2
"""A line that ends this many heights before the right margin ends its paragraph."""
PITCH = 1.9
"""Lines whose middles are further apart than this share of the height belong to two paragraphs, unless
the page is set with that pitch."""


class Prose(NamedTuple):
    """A paragraph: its lines joined, and its box in reading space."""

    text: str
    box: Box


def join_paragraphs(lines: list[Line], barriers: list[float]) -> list[Prose]:
    """Join lines to paragraphs.

    Args:
        lines: Lines of text, top to bottom.
        barriers: Heights (y) that no paragraph crosses: tops of tables.

    Example:
        >>> lines = [
        ...     Line(0, "收到申请", (0, 0, 400, 10)),
        ...     Line(0, "3件。", (0, 15, 40, 25)),
        ...     Line(0, "二", (20, 30, 30, 40)),
        ... ]
        >>> [prose.text for prose in join_paragraphs(lines, [])]
        ['收到申请3件。', '二']
    """
    if not lines:
        return []
    left, right = min(line.box[0] for line in lines), max(line.box[2] for line in lines)
    usual = _usual_pitch(lines)
    groups = [[lines[0]]]
    for above, line in pairwise(lines):
        height = min(above.box[3] - above.box[1], line.box[3] - line.box[1])
        pitch = line.box[1] - above.box[1]
        parted = (
            line.box[0] > left + INDENT * height
            or above.box[2] < right - SHORT_OF_MARGIN * height
            or pitch > max(PITCH * height, 1.15 * usual)
            or any(above.box[1] < barrier <= line.box[3] for barrier in barriers)
        )
        if parted:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_join(group) for group in groups]


def _usual_pitch(lines: list[Line]) -> float:
    pitches = sorted(line.box[1] - above.box[1] for above, line in pairwise(lines))
    return pitches[len(pitches) // 2] if pitches else 0.0


def _join(lines: list[Line]) -> Prose:
    text = lines[0].text
    for line in lines[1:]:
        # Words of a western language are parted by the line's end; Chinese and figures run on.
        latin = (
            text[-1].isascii() and text[-1].isalpha() and line.text[0].isascii() and line.text[0].isalpha()
        )
        text += " " + line.text if latin else line.text
    boxes = [line.box for line in lines]
    return Prose(
        text,
        (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        ),
    )
