"""The text of a page image: every line recognised, every figure recognised twice and held against its ink.

Both recognitions use one model, so they are no independent readings; what they share is held against
the ink itself: as many pieces as signs, an upright ``1``, a slanting ``/``, a flat dash.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from gxstats.read.geometry import Box, Characters, PageView
from gxstats.read.scan_image import SCALE, Grey, PageImage
from gxstats.read.scan_ink import FREE, PageInk, Strip, find_ink
from gxstats.read.scan_ocr import LINE_HEIGHT, Line, Recogniser
from gxstats.read.scan_rules import Drawn, draw
from gxstats.read.scan_shapes import is_amiss, mend

LOST: Final = "□"
"""Stands for a digit of a sentence that the recogniser is not sure of."""
SURE: Final = 0.6
"""A sign of a figure that the recogniser is less sure of is in doubt."""
_PLAIN: Final = re.compile(r"[0-9.,/\-]+")
_WORDS: Final = re.compile(r"[\u4e00-\u9fff]")
_CONFUSED: Final = str.maketrans("", "", "口一〇丨丶丿")
"""Signs of words that figures and marks are taken for."""
_MARGINS: Final = (0.16, 0.34)
"""White around a line, as shares of its height, in the first and in the second recognition."""
_SPACED: Final = 0.42
"""White space between digits, as a share of their height, that only full-width print has."""


class Doubt(NamedTuple):
    """A place on a page, in points of the straightened page, whose text is not to be trusted, and why."""

    box: Box
    why: str


class PageText(NamedTuple):
    """A page as characters and rules, what is doubtful on it, and how far it was turned (degrees)."""

    view: PageView
    doubts: list[Doubt]
    angle: float


class Page(NamedTuple):
    """A page whose ink was found and whose lines wait to be recognised."""

    image: PageImage
    drawn: Drawn
    ink: PageInk

    @property
    def has_table(self) -> bool:
        """Whether ruling lines enclose cells on it."""
        return bool(self.ink.lattices)

    @property
    def cell_lines(self) -> int:
        """Lines in cells, which are recognised up to twice."""
        return sum(strip.cell != FREE for strip in self.ink.strips)

    @property
    def text_pixels(self) -> int:
        """Width of all lines outside tables, at the height they are recognised at."""
        free = (strip for strip in self.ink.strips if strip.cell == FREE)
        return sum(round((s.box[2] - s.box[0]) / s.height * LINE_HEIGHT) for s in free)


def prepare(image: PageImage) -> Page:
    """Straighten a page and find its tables and its lines of ink."""
    drawn = draw(image.grey)
    return Page(image, drawn, find_ink(drawn))


def recognise(page: Page, recogniser: Recogniser, *, all_text: bool) -> PageText:
    """Read a page.

    Args:
        page: The page.
        recogniser: Reads the lines.
        all_text: Whether to read the text outside tables, too.
    """
    strips = [s for s in page.ink.strips if s.cell != FREE or all_text]
    first = recogniser.read([_crop(page.drawn.grey, page.drawn.ruled, s, _MARGINS[0]) for s in strips])
    texts = [_normal(line, strip, page.ink) for line, strip in zip(first, strips, strict=True)]
    figures = [at for at, s in enumerate(strips) if s.cell != FREE and not _is_words(texts[at].text)]
    flat = page.drawn.flat
    again = recogniser.read([_crop(flat, page.drawn.ruled, strips[at], _MARGINS[1]) for at in figures])
    doubts = [Doubt(box, "something faint stands here") for box in page.ink.faint]
    for at, line in zip(figures, again, strict=True):
        why = _doubt(strips[at], texts[at], _normal(line, strips[at], page.ink), page.ink)
        if why:
            doubts.append(Doubt(_points(strips[at].box), why))
    characters = _characters(strips, texts)
    width, height = page.image.size
    view = PageView(page.image.number, width, height, characters, page.drawn.rules)
    return PageText(view, doubts, page.drawn.angle)


def _points(box: tuple[int, int, int, int]) -> Box:
    return box[0] / SCALE, box[1] / SCALE, box[2] / SCALE, box[3] / SCALE


def _crop(grey: Grey, ruled: Grey, strip: Strip, margin: float) -> Grey:
    """A line with white around it, ruling lines painted over, nothing of the next cell in it."""
    import cv2

    space = max(round(margin * strip.height), 2)
    x0, y0, x1, y1 = strip.box
    more = max(round((strip.height - (y1 - y0)) / 2), 0)
    wanted = (x0 - 2 * space, y0 - space - more, x1 + 2 * space, y1 + space + more)
    left, top, right, bottom = (
        max(wanted[0], strip.room[0], 0), max(wanted[1], strip.room[1], 0),
        min(wanted[2], strip.room[2], grey.shape[1]), min(wanted[3], strip.room[3], grey.shape[0]),
    )  # fmt: skip
    part = grey[top:bottom, left:right].copy()
    lines = ruled[top:bottom, left:right] > 0
    paper = int(np.percentile(part[~lines], 90)) if not lines.all() else 255
    part[lines] = paper
    sides = (top - wanted[1], wanted[3] - bottom, left - wanted[0], wanted[2] - right)
    return np.asarray(cv2.copyMakeBorder(part, *sides, cv2.BORDER_CONSTANT, value=(paper,)), np.uint8)


def _normal(line: Line, strip: Strip, ink: PageInk) -> Line:
    """Full-width signs as plain ones; in a cell, what the ink itself shows to be a dash, stroke or zero."""
    kept = [
        (plain, place, score)
        for sign, place, score in zip(*line, strict=True)
        if len(plain := unicodedata.normalize("NFKC", sign)) == 1
    ]
    if not kept and len(strip.parts) == 1:
        kept = [("", 0.5, 0.0)]
    if strip.cell == FREE:
        # A figure in a sentence is seen once: what is not sure of it must not be taken for a figure.
        kept = [(LOST if s.isdigit() and score < SURE else s, place, score) for s, place, score in kept]
    if strip.cell != FREE and len(kept) == len(strip.parts):
        kept = [mend(*sign, part, ink) for sign, part in zip(kept, strip.parts, strict=True)]
    signs, places, scores = zip(*kept, strict=True) if kept else ((), (), ())
    return Line("".join(signs), places, scores)


def _is_words(text: str) -> bool:
    """Whether a line of a cell is a label: two signs of Chinese that no figure is taken for."""
    return len(_WORDS.findall(text.translate(_CONFUSED))) >= 2


def _doubt(strip: Strip, first: Line, second: Line, ink: PageInk) -> str:
    """Why the figure read in a line is not to be trusted; empty if nothing speaks against it."""
    text = first.text.replace(" ", "")
    if not text:
        return "nothing was read where something is printed"
    if text != second.text.replace(" ", ""):
        return f"two recognitions differ: {first.text!r}, {second.text!r}"
    if not _PLAIN.fullmatch(text):
        return "it was not read as a figure"
    if min(first.surety, second.surety) < SURE:
        return "the recognition is not sure"
    if len(strip.parts) != len(text):
        return f"{len(text)} signs were read in {len(strip.parts)} pieces of ink"
    return _shape_doubt(strip, text, ink)


def _shape_doubt(strip: Strip, text: str, ink: PageInk) -> str:
    if any(is_amiss(sign, part, ink) for sign, part in zip(text, strip.parts, strict=True)):
        return "a sign has not the shape of what it was read as"
    gaps = [after[0] - before[2] for before, after in pairwise(strip.parts)]
    wide = [gap > _SPACED * strip.height for gap in gaps]
    if any(wide) and not all(wide):
        return "there is white space within the figure"
    return ""


def _characters(strips: list[Strip], texts: list[Line]) -> Characters:
    """The signs of all lines with boxes that share each line out between them."""
    codes: list[int] = []
    boxes: list[Box] = []
    for strip, line in zip(strips, texts, strict=True):
        x0, y0, x1, y1 = strip.box
        more = (strip.height - (y1 - y0)) / 2
        middles = [x0 + place * (x1 - x0) for place in line.places]
        edges = [x0, *((a + b) / 2 for a, b in pairwise(middles)), x1]
        for sign, (left, right) in zip(line.text, pairwise(edges), strict=False):
            if sign != " ":
                codes.append(ord(sign))
                boxes.append((left / SCALE, (y0 - more) / SCALE, right / SCALE, (y1 + more) / SCALE))
    return Characters(np.array(codes, dtype=np.uint32), np.array(boxes, dtype=np.float64).reshape(-1, 4))
