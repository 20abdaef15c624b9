"""Words beside points, where they cover neither one another nor other points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]
_SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
_ANCHORS = {-1: ("right", "top"), 0: ("center", "center"), 1: ("left", "bottom")}


def place_beside(
    axes: Axes,
    points: Sequence[Point],
    words: Sequence[str],
    every: Sequence[Point],
    *,
    size: float,
    reach: Sequence[float] = (5,),
    colour: str = "black",
) -> list[int]:
    """Write a word beside each point, at the first place that is free.

    Args:
        axes: laid out already, for the room is measured on it.
        points: in data coordinates.
        words: one for each point.
        every: all points that must not be covered.
        size: of the letters, in points.
        reach: distances in points to try, nearest first; from the second on with a thin line.
        colour: of the words.

    Returns:
        The numbers of the points that found no place.
    """
    from matplotlib.patheffects import withStroke

    taken, without = _marks(axes, every), []
    for number, (point, word) in enumerate(zip(points, words, strict=True)):
        written = axes.annotate(word, point, (0, 0), textcoords="offset points", fontsize=size, color=colour)
        # A white rim keeps words legible where a line runs behind them.
        written.set_path_effects([withStroke(linewidth=2, foreground="white")])
        away = _moved(written, axes, taken, reach)
        if away is None:
            written.remove()
            without.append(number)
        elif away > reach[0]:
            _join(axes, point, written.get_position(), colour)
    return without


def _marks(axes: Axes, every: Sequence[Point]) -> list[Any]:
    """The boxes of all points."""
    from matplotlib.transforms import Bbox

    scale = axes.figure.dpi / 72
    places: Any = axes.transData.transform(every) if len(every) else []
    return [Bbox.from_bounds(x - 2.2 * scale, y - 2.2 * scale, 4.4 * scale, 4.4 * scale) for x, y in places]


def _moved(written: Any, axes: Axes, taken: list[Any], reach: Sequence[float]) -> float | None:
    """Move a word to the first free place, which is taken then; how far that is, None if there is none."""
    inside = axes.get_window_extent()
    for away, (right, up) in product(reach, _SIDES):
        written.set_position((right * away, up * away))
        written.set(ha=_ANCHORS[right][0], va=_ANCHORS[up][1])
        box = written.get_window_extent()
        if inside.contains(*box.min) and inside.contains(*box.max) and not box.count_overlaps(taken):
            taken.append(box)
            return away
    return None


def _join(axes: Axes, point: Point, offset: Point, colour: str) -> None:
    """A thin line from a point to its word."""
    look = {"arrowstyle": "-", "color": colour, "linewidth": 0.4, "shrinkA": 0, "shrinkB": 2}
    axes.annotate("", point, offset, textcoords="offset points", arrowprops=look)
