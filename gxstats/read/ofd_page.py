"""One page of an OFD document: what its objects draw, in order, in millimetres of the page."""

from __future__ import annotations

from typing import Final, NamedTuple

from lxml import etree

from gxstats.errors import LimitExceeded, ReadError
from gxstats.read.ofd_package import name_of
from gxstats.read.ofd_paths import subpaths, trace
from gxstats.read.ofd_resources import Paint, Resources, Style, is_hidden, opacity
from gxstats.read.ofd_text import Look, TextRun, look_of, runs_of
from gxstats.read.ofd_values import (
    FARTHEST,
    PLAIN,
    POINTS,
    Colour,
    Matrix,
    Rectangle,
    combine,
    cut,
    is_false,
    matrix,
    moved,
    rectangle,
)
from gxstats.read.pdf_limits import MAX_OBJECTS_ON_A_PAGE, MAX_PATH_POINTS_ON_A_PAGE

MAX_NESTING: Final = 12
"""Blocks and drawings within each other; in circles, too."""
_SLACK: Final = 0.5
"""Millimetres by which a line may leave the box of its object: a thin one has no height."""
_USUAL_WIDTH: Final = 0.353
"""Millimetres of a line that states no width."""
_LAYERS: Final = {"Background": 0, "Foreground": 2}
_SOLID: Final = 250
"""From this opacity on (of 255) nothing shines through..."""
_FAINT: Final = 16
"""...and below this one nothing is seen."""


class Area(NamedTuple):
    """Something that covers what was drawn before it: a filled rectangle or an image, in points.

    ``rgb`` is None if nobody can tell.
    """

    order: int
    box: Rectangle
    rgb: Colour | None
    is_image: bool = False


class Frame(NamedTuple):
    """What a container passes on to its objects."""

    by: Matrix = PLAIN
    clip: Rectangle = (-FARTHEST, -FARTHEST, FARTHEST, FARTHEST)
    style: Style = Style()
    hidden: bool = False
    opacity: float = 1.0


class Drawing:
    """Everything drawn on a page so far.

    ``lines``, ``areas``, ``marks`` (shapes that may be characters) and ``images`` are in points of
    the page, ``runs`` are its texts; of each image, ``pictures`` has the resource and the matrix.
    """

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.runs: list[TextRun] = []
        self.lines: list[Rectangle] = []
        self.areas: list[Area] = []
        self.marks: list[Rectangle] = []
        self.images: list[Rectangle] = []
        self.pictures: list[tuple[str, Matrix]] = []
        self.order = 0
        self.characters = 0
        self._points = 0

    def content(self, root: etree._Element) -> None:
        """Draw the layers of a page or template.

        Raises:
            ReadError: An object has no place, or names what is missing.
            LimitExceeded: There is more than on any page of a report.
        """
        layers = [layer for part in root if name_of(part) == "Content" for layer in part]
        for layer in sorted(layers, key=lambda layer: _LAYERS.get(layer.get("Type") or "", 1)):
            self.block(layer, Frame(), 0)

    def block(self, block: etree._Element, outer: Frame, depth: int) -> None:
        """Draw the objects of a layer, block or drawing."""
        if depth > MAX_NESTING:
            raise LimitExceeded(f"blocks are nested more than {MAX_NESTING} deep")
        frame = outer._replace(
            hidden=outer.hidden or is_hidden(block),
            style=self.resources.style(block, outer.style) if block.get("DrawParam") else outer.style,
            opacity=outer.opacity * opacity(block) / 255,
        )
        for child in block:
            self.order += 1
            if self.order > MAX_OBJECTS_ON_A_PAGE:
                raise LimitExceeded(f"a page has over {MAX_OBJECTS_ON_A_PAGE} drawing objects")
            name = name_of(child)
            if name == "TextObject":
                self._text(child, frame)
            elif name == "PathObject":
                self._path(child, frame)
            elif name == "ImageObject":
                self._image(child, frame)
            elif name == "CompositeObject":
                drawing = self.resources.drawing(child.get("ResourceID") or "")
                self.block(drawing, self._inside(child, frame), depth + 1)
            elif name in ("PageBlock", "Layer"):
                self.block(child, frame, depth + 1)

    def _inside(self, element: etree._Element, outer: Frame) -> Frame:
        """The frame of an object: its box cuts what it draws, its own matrix comes first."""
        box = element.get("Boundary")
        if box is None:
            raise ReadError(f"a {name_of(element)} has no place")
        boundary = rectangle(box)
        by: Matrix = (1.0, 0.0, 0.0, 1.0, boundary[0], boundary[1])
        if (own := element.get("CTM")) is not None:
            by = combine(matrix(own), by)
        return Frame(
            by if outer.by is PLAIN else combine(by, outer.by),
            cut(boundary if outer.by is PLAIN else moved(boundary, outer.by), outer.clip),
            self.resources.style(element, outer.style),
            outer.hidden or is_hidden(element),
            outer.opacity * opacity(element) / 255,
        )

    def _text(self, element: etree._Element, outer: Frame) -> None:
        frame = self._inside(element, outer)
        drawn: list[Paint] = []
        if not is_false(element.get("Fill")):
            drawn.append(frame.style.fill or Paint())
        if element.get("Stroke", "").strip().lower() in ("true", "1"):
            drawn.append(frame.style.stroke or Paint())
        seen = [paint for paint in drawn if paint.alpha * frame.opacity >= _FAINT]
        hidden = frame.hidden or not seen
        clip = _clipped(element, frame)
        known = [paint.rgb for paint in seen if paint.rgb is not None]
        rgb = min(known, key=sum) if known and len(known) == len(seen) else None
        size, stretch, turn, font, *_ = look_of(element)
        look = Look(size, stretch, turn, font, frame.by, clip, rgb, hidden, self.order)
        runs = runs_of(element, look, self.resources.fonts)
        self.characters += sum([len(run.text) for run in runs])
        self.runs.extend(runs)

    def _path(self, element: etree._Element, outer: Frame) -> None:
        frame = self._inside(element, outer)
        stroke, fill = frame.style.stroke or Paint(), frame.style.fill or Paint()
        stroked = not is_false(element.get("Stroke")) and stroke.alpha * frame.opacity >= 1
        filled = element.get("Fill", "").strip().lower() in ("true", "1") and fill.alpha * frame.opacity >= 1
        if frame.hidden or not (stroked or filled):
            return
        data = next((child.text or "" for child in element if name_of(child) == "AbbreviatedData"), "")
        pieces = subpaths(data, frame.by)
        self._points += sum(len(piece.points) for piece in pieces)
        if self._points > MAX_PATH_POINTS_ON_A_PAGE:
            raise LimitExceeded(f"a page has over {MAX_PATH_POINTS_ON_A_PAGE} path points")
        width = frame.style.width if frame.style.width is not None else _USUAL_WIDTH
        a, b, _, _, _, _ = frame.by
        traced = trace(
            pieces, stroked=stroked, filled=filled, width=abs(width) * (a * a + b * b) ** 0.5 * POINTS
        )
        clip = _points(_grown(frame.clip, max(abs(width), _SLACK)))
        self.lines.extend(_within(traced.lines, clip))
        self.marks.extend(_within(traced.marks, clip))
        paint = fill if filled else stroke
        if paint.alpha * frame.opacity >= _SOLID:
            self.areas.extend(Area(self.order, box, paint.rgb) for box in _within(traced.areas, clip))

    def _image(self, element: etree._Element, outer: Frame) -> None:
        frame = self._inside(element, outer)
        if frame.hidden:
            return
        box = _points(frame.clip)
        if box[2] > box[0] and box[3] > box[1]:
            self.images.append(box)
            self.pictures.append((element.get("ResourceID") or "", frame.by))
            self.areas.append(Area(self.order, box, None, is_image=True))


def _clipped(element: etree._Element, frame: Frame) -> Rectangle:
    """The box that cuts a text: that of its object, and of the paths that are to clip it."""
    clip = frame.clip
    for clips in (child for child in element if name_of(child) == "Clips"):
        for one in clips:
            boxes = [
                moved(rectangle(path.get("Boundary") or "0 0 0 0"), frame.by) for path in one.iter("{*}Path")
            ]
            if boxes:
                clip = cut(clip, (
                    min(b[0] for b in boxes), min(b[1] for b in boxes),
                    max(b[2] for b in boxes), max(b[3] for b in boxes),
                ))  # fmt: skip
    return clip


def _grown(box: Rectangle, by: float) -> Rectangle:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _points(box: Rectangle) -> Rectangle:
    return box[0] * POINTS, box[1] * POINTS, box[2] * POINTS, box[3] * POINTS


def _within(boxes: list[Rectangle], clip: Rectangle) -> list[Rectangle]:
    """The parts of boxes that a clip leaves."""
    left = [cut(box, clip) for box in boxes]
    return [box for box in left if box[2] >= box[0] and box[3] >= box[1]]
