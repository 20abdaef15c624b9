"""An OFD page as the readings take it: characters with boxes, ruling lines, and what is in doubt.

What a viewer does not show (switched off, transparent, in the colour of its ground, covered, cut
off) is no figure. Where the file leaves open what is shown, the place is noted as in doubt: a cell
there is not read by its borders.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gxstats.errors import LimitExceeded, ReadError
from gxstats.model import Issue, Locator
from gxstats.read.geometry import (
    Booleans,
    Characters,
    Floats,
    Integers,
    PageView,
    Rules,
    decode,
    middle_value,
    turn_boxes,
    turn_rules,
    without_doubles,
)
from gxstats.read.ofd_page import Drawing
from gxstats.read.ofd_signs import Signs, are_digits, signs_of
from gxstats.read.ofd_values import POINTS, Rectangle
from gxstats.read.pdf_limits import MAX_CHARACTERS_ON_A_PAGE
from gxstats.read.pdf_paths import rules_from_boxes
from gxstats.read.pdf_source import FARTHEST, LEAST, PageContent

CONTRAST: Final = 40
"""A text whose red, green and blue all differ by less from its ground (0 to 255) is not seen."""
TINY: Final = 1.5
"""Characters lower than this (points) are not read by anybody."""
SMALLER: Final = 0.75
"""Digits lower than this share of those they touch are a mark, or part of the figure: in doubt."""
PICTURE: Final = 0.06
"""Images over a larger share of the page are noted as such, smaller ones may stand for a figure."""
COVER: Final = 0.3
"""Images over a larger share of the page hide the text below them; smaller ones are stamps."""
OVERPRINTED: Final = 8
"""From so many digits printed over other characters on, and 2 % of all, a page is not read."""
_MOST_WORK: Final = 30_000_000


class Sheet(NamedTuple):
    """The paper of a page, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def box(self) -> Rectangle:
        """Its edges."""
        return self.left, self.top, self.left + self.width, self.top + self.height


def page_content(
    number: int, box: Rectangle, drawing: Drawing, doubted: set[str]
) -> tuple[PageContent, list[Issue]]:
    """What a page holds, and what of it is not seen.

    Args:
        number: The page's number.
        box: Its sheet, in millimetres.
        drawing: What is drawn on it.
        doubted: Fonts whose digits may be other signs.

    Raises:
        ReadError: The sheet has no size, or texts are printed over each other.
        LimitExceeded: There is more on it than on any page of a report.
    """
    x0, top, x1, bottom = (edge * POINTS for edge in box)
    sheet = Sheet(x0, top, x1 - x0, bottom - top)
    if not (LEAST < sheet.width < FARTHEST and LEAST < sheet.height < FARTHEST):
        raise ReadError(f"the page measures {sheet.width:.0f} x {sheet.height:.0f} points")
    if drawing.characters > MAX_CHARACTERS_ON_A_PAGE:
        raise LimitExceeded(f"a page has over {MAX_CHARACTERS_ON_A_PAGE} characters")
    signs = _look(signs_of(drawing.runs), drawing)
    odd = np.array([run.look.font in doubted for run in drawing.runs], dtype=bool)[signs.run] & signs.seen
    shares = [_share(image, sheet.box) for image in drawing.images]
    views = _views(number, sheet, signs, drawing, shares)
    glyphs = int((signs.seen & _inside(signs.middle, sheet.box)).sum())
    content = PageContent(
        number, sheet.width, sheet.height, views, glyphs, int(odd.sum()), int((odd & signs.digits).sum()),
        glyphs, min(sum(shares), 1.0), sum(share >= PICTURE for share in shares),
    )  # fmt: skip
    return content, _notices(number, signs)


def _views(number: int, sheet: Sheet, signs: Signs, drawing: Drawing, shares: list[float]) -> list[PageView]:
    """One view for each direction of writing; what stands beside the sheet is noted as such."""
    small = [image for image, share in zip(drawing.images, shares, strict=True) if share < PICTURE]
    corner = (sheet.left, sheet.top)
    spots = _spots(signs, drawing, small) - corner
    rules = rules_from_boxes(np.array(drawing.lines).reshape(-1, 4) - (*corner, *corner))
    in_sheet = _inside(signs.middle, sheet.box)
    shown = signs.seen & in_sheet
    quarters = np.unique(signs.quarter[shown]).tolist() or [0]
    beside = tuple(map(tuple, (signs.middle[signs.seen & ~in_sheet] - corner).tolist()))
    return [
        _view(number, sheet, signs, shown & (signs.quarter == quarter), rules, spots, quarter)._replace(
            beside=beside
        )
        for quarter in quarters
    ]


def _look(signs: Signs, drawing: Drawing) -> Signs:
    """Leave out what is covered, or in the colour of what lies below it; doubt what is stamped upon."""
    height = signs.boxes[:, 3] - signs.boxes[:, 1]
    seen, doubt = signs.seen & (height >= TINY), signs.doubt | signs.seen & (height < TINY)
    rgb = np.array([(-1, -1, -1) if run.look.rgb is None else run.look.rgb for run in drawing.runs]).reshape(
        -1, 3
    )[signs.run]
    ground = np.full((len(seen), 3), 255)
    if len(drawing.areas) * len(seen) > _MOST_WORK:
        raise LimitExceeded("a page has too many areas to tell which characters they cover")
    middle = signs.middle
    for area in drawing.areas:
        under = _inside(middle, area.box)
        below, above = under & (signs.order > area.order), under & (signs.order < area.order)
        ground[below] = -1 if area.rgb is None else area.rgb
        if area.is_image and not _is_large(area.box, signs):
            doubt |= above
        else:
            doubt |= above & seen
            seen &= ~above
    known = (rgb[:, 0] >= 0) & (ground[:, 0] >= 0)
    lost = seen & known & (np.abs(rgb - ground).max(1, initial=0) < CONTRAST)
    return signs._replace(seen=seen & ~lost, doubt=doubt | lost)


def _is_large(box: Rectangle, signs: Signs) -> bool:
    """Whether an image covers the page's text rather than a part of it."""
    if not len(signs.boxes):
        return False
    low, high = signs.boxes[:, :2].min(0), signs.boxes[:, 2:].max(0)
    return _share(box, (*low.tolist(), *high.tolist())) > COVER


def _inside(points: Floats, box: Rectangle) -> Booleans:
    found: Booleans = (
        (points[:, 0] > box[0]) & (points[:, 0] < box[2]) & (points[:, 1] > box[1]) & (points[:, 1] < box[3])
    )
    return found


def _share(box: Rectangle, page: Rectangle) -> float:
    """The share of a page that a box covers."""
    across = min(box[2], page[2]) - max(box[0], page[0])
    down = min(box[3], page[3]) - max(box[1], page[1])
    return max(across, 0.0) * max(down, 0.0) / max((page[2] - page[0]) * (page[3] - page[1]), LEAST)


def _spots(signs: Signs, drawing: Drawing, pictures: list[Rectangle]) -> Floats:
    """Where a figure may stand that is not, or not surely, among the characters."""
    doubted = signs.middle[signs.doubt & signs.digits]
    shapes = np.array([*drawing.marks, *pictures]).reshape(-1, 4)
    return np.concatenate((doubted, (shapes[:, :2] + shapes[:, 2:]) / 2))


def _view(
    number: int, sheet: Sheet, signs: Signs, which: Booleans, rules: Rules, spots: Floats, quarter: int
) -> PageView:
    """The characters that run in one direction, brought upright."""
    turns, width, height = -quarter % 4, sheet.width, sheet.height
    boxes = signs.boxes[which] - (sheet.left, sheet.top, sheet.left, sheet.top)
    points = np.tile(spots, 2)
    if turns:
        boxes, points = turn_boxes(boxes, turns, width, height), turn_boxes(points, turns, width, height)
        rules = turn_rules(rules, turns, width, height)
        if turns % 2:
            width, height = height, width
    characters = without_doubles(Characters(signs.codes[which], boxes))
    unseen = tuple((float(x), float(y)) for x, y in np.concatenate((points[:, :2], _crowded(characters))))
    return PageView(number, width, height, characters, rules, quarter, unseen)


def _crowded(characters: Characters) -> Floats:
    """Places of digits printed over other characters, or touching larger digits.

    Raises:
        ReadError: So many are that two texts are printed over each other.
    """
    codes, boxes = characters
    digit = np.flatnonzero(are_digits(codes))
    if not len(digit):
        return np.empty((0, 2))
    over = _overprinted(boxes, codes)
    if len(over) > max(OVERPRINTED, 0.02 * len(digit)):
        raise ReadError("texts are printed over each other: nobody can tell which of them is shown")
    height, middle = boxes[:, 3] - boxes[:, 1], (boxes[:, :2] + boxes[:, 2:]) / 2
    found = [middle[over]]
    small = digit[height[digit] < SMALLER * height[digit].max()]
    for part in np.array_split(small, max(1, len(small) * len(digit) // 1_000_000)):
        near = 0.35 * height[digit][None, :]
        touching = (
            (height[part][:, None] < SMALLER * height[digit][None, :])
            & (boxes[part, 0][:, None] < boxes[digit, 2][None, :] + near)
            & (boxes[part, 2][:, None] > boxes[digit, 0][None, :] - near)
            & (boxes[part, 1][:, None] < boxes[digit, 3][None, :])
            & (boxes[part, 3][:, None] > boxes[digit, 1][None, :])
        )
        found += [middle[part[touching.any(1)]], middle[digit[touching.any(0)]]]
    return np.concatenate(found)


def _overprinted(boxes: Floats, codes: NDArray[np.uint32]) -> Integers:
    """Digits that share their place with another character, and those characters."""
    found: list[Integers] = []
    height, width = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    level = middle / max(middle_value(height), LEAST)
    digit = are_digits(codes)
    # Two grids shifted by half a line: near neighbours share a row of the one or of the other.
    for shift in (0.0, 0.5):
        row = np.floor(level + shift)
        order = np.lexsort((boxes[:, 0], row))
        one, other = order[:-1], order[1:]
        least = np.minimum(width[one], width[other])
        near = (row[one] == row[other]) & (boxes[one, 2] - boxes[other, 0] > 0.4 * least)
        near &= np.abs(middle[other] - middle[one]) < 0.5 * np.maximum(height[one], height[other])
        near &= digit[one] | digit[other]
        found += [one[near], other[near]]
    return np.unique(np.concatenate(found))


def _notices(number: int, signs: Signs) -> list[Issue]:
    """One notice for the characters of a page that are not shown."""
    lost = ~signs.seen
    if not lost.any():
        return []
    words = decode(signs.codes[lost])
    message = f"{int(lost.sum())} characters that are not seen on the page were left out: {words[:60]}"
    return [Issue("notice", "hidden_text", message, Locator(number))]
