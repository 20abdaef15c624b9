"""Ruling lines to tables: which cells do the lines of a page enclose? Pure geometry."""

from __future__ import annotations

from itertools import chain
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gxstats.read.geometry import Box, Floats, Rules

_new = tuple.__new__
SAME_LINE = 3.0
"""Lines of one direction closer than this are one line: double borders, cell spacing, rounding."""
LINE_SPREAD = 5.0
"""...but a chain of such lines never grows wider than this: text needs the room."""
BRIDGE = 4.5
"""A gap in a line no longer than this (points) is a dash or an imprecise corner."""
SHORT = 9.0
"""A line shorter than this after bridging its gaps is no border: no cell is that small."""
OUTSIDE = -1
"""Owner of the unit squares that belong to no cell."""
COVERED = 0.5
"""A cell has a border where a line runs along at least this share of its side."""


_END = [float("inf"), 0.0, 0.0]


class Line(NamedTuple):
    """A merged ruling line: its position and the stretch it covers, with gaps bridged."""

    position: float
    low: float
    high: float


class Region(NamedTuple):
    """One cell of a lattice: its first row and column, its spans and its box."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box


class Lattice(NamedTuple):
    """A ruled table: row and column borders, its cells, and which cell owns each unit square.

    ``open_top`` and ``open_bottom`` say that no line closes the table there: the page ends first.
    ``across[y, column]`` and ``down[x, row]`` say where borders are drawn.
    """

    xs: Floats
    ys: Floats
    regions: tuple[Region, ...]
    owner: NDArray[np.int64]
    open_top: bool
    open_bottom: bool
    across: NDArray[np.bool_]
    down: NDArray[np.bool_]

    @property
    def box(self) -> Box:
        """Outer borders."""
        return float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1])


def merge_lines(rules: Floats) -> list[Line]:
    """Lines of one direction: doubles merged, dashes joined, specks dropped.

    Args:
        rules: Columns position, low, high.

    Example:
        >>> merge_lines(np.array([[10.0, 0, 20], [11.5, 0, 20], [10.0, 22, 40], [10.0, 60, 80]]))
        [Line(position=10.75, low=0.0, high=40.0), Line(position=10.75, low=60.0, high=80.0)]
    """
    merged: list[Line] = []
    if not len(rules):
        return merged
    ordered = rules[rules[:, 0].argsort(kind="stable")].tolist()
    cluster = ordered[:1]
    for line in [*ordered[1:], _END]:
        at = line[0]
        if at - cluster[-1][0] <= SAME_LINE and at - cluster[0][0] <= LINE_SPREAD:
            cluster.append(line)
            continue
        # The middle of the extremes: of a double border both lines count alike, however they are cut up.
        position = (cluster[0][0] + cluster[-1][0]) / 2
        merged.extend(
            [_new(Line, (position, low, high)) for low, high in _stretches(cluster) if high - low >= SHORT]
        )
        cluster = [line]
    return merged


def _stretches(cluster: list[list[float]]) -> list[tuple[float, float]]:
    ordered = sorted(cluster, key=itemgetter(1)) if len(cluster) > 1 else cluster
    stretches: list[tuple[float, float]] = []
    _, low, high = ordered[0]
    for _, start, end in ordered[1:]:
        if start > high + BRIDGE:
            stretches.append((low, high))
            low, high = start, end
        elif end > high:
            high = end
    stretches.append((low, high))
    return stretches


def find_lattices(rules: Rules) -> list[Lattice]:
    """Tables drawn by ruling lines, from top to bottom.

    Lines that touch belong together. A lone line (an underline), a frame around a page or a text
    box (one column only, however many lines are underlined in it) are no tables.

    Example:
        >>> horizontal = np.array([[0.0, 0, 100], [20, 0, 100], [40, 0, 100]])
        >>> vertical = np.array([[0.0, 0, 40], [50, 0, 40], [100, 0, 40]])
        >>> [len(lattice.regions) for lattice in find_lattices(Rules(horizontal, vertical))]
        [4]
    """
    if not len(rules.horizontal) or not len(rules.vertical):
        return []
    lattices = []
    for horizontals, verticals in _zones(rules):
        across, down = merge_lines(horizontals), merge_lines(verticals)
        if not across or not down:
            continue
        for horizontal, vertical in _connected(across, down):
            lattice = _build(horizontal, vertical)
            if lattice is not None and any(region.column for region in lattice.regions):
                lattices.append(lattice)
    lattices.sort(key=lambda lattice: (lattice.ys[0], lattice.xs[0]))
    return lattices


def _zones(rules: Rules) -> list[tuple[Floats, Floats]]:
    """Horizontal and vertical lines by stretch of the page without a gap between vertical ones.

    Borders of one table must not be merged with nearly equal ones of the next.
    """
    vertical = rules.vertical[np.argsort(rules.vertical[:, 1], kind="stable")]
    reach = np.maximum.accumulate(vertical[:, 2])
    starts = np.flatnonzero(vertical[1:, 1] > reach[:-1] + BRIDGE) + 1
    zones = []
    for start, end in zip([0, *starts.tolist()], [*starts.tolist(), len(vertical)], strict=True):
        top, bottom = vertical[start, 1] - BRIDGE, reach[end - 1] + BRIDGE
        inside = (rules.horizontal[:, 0] >= top) & (rules.horizontal[:, 0] <= bottom)
        zones.append((rules.horizontal[inside], vertical[start:end]))
    return zones


def _array(lines: list[Line]) -> Floats:
    """One row per line: numpy's own way to make an array of tuples takes three times as long."""
    return np.fromiter(chain.from_iterable(lines), np.float64, 3 * len(lines)).reshape(-1, 3)


def _connected(across: list[Line], down: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    h, v = _array(across), _array(down)
    touch = (
        (h[:, None, 1] - BRIDGE <= v[None, :, 0])
        & (v[None, :, 0] <= h[:, None, 2] + BRIDGE)
        & (v[None, :, 1] - BRIDGE <= h[:, None, 0])
        & (h[:, None, 0] <= v[None, :, 2] + BRIDGE)
    )
    groups: list[tuple[list[Line], list[Line]]] = []
    touched = touch.any(axis=0)
    if touch.all(axis=0).any():
        # One vertical line touches all horizontal ones: a single table, as nearly always.
        if touched.all():
            return [(across, down)]
        groups.append((across, [down[at] for at in np.flatnonzero(touched).tolist()]))
    left = set() if groups else set(range(len(across)))
    while left:
        rows = {left.pop()}
        columns: set[int] = set()
        while True:
            new_columns = set(np.flatnonzero(touch[sorted(rows)].any(axis=0)).tolist())
            new_rows = set(np.flatnonzero(touch[:, sorted(new_columns)].any(axis=1)).tolist()) | rows
            if new_rows == rows and new_columns == columns:
                break
            rows, columns = new_rows, new_columns
        left -= rows
        if columns:
            groups.append(([across[at] for at in sorted(rows)], [down[at] for at in sorted(columns)]))
    loose = [down[at] for at in np.flatnonzero(~touched).tolist()]
    for _, columns_of in groups:
        columns_of.extend(_sides_of(columns_of, loose))
    return groups


def _sides_of(columns: list[Line], loose: list[Line]) -> list[Line]:
    """Vertical lines that nothing touches, yet run along the whole table.

    They close a cell that goes on from the page before to the page behind.
    """
    top, bottom = min(line.low for line in columns), max(line.high for line in columns)
    return [line for line in loose if line.low < top + SHORT and line.high > bottom - SHORT]


def _build(across: list[Line], down: list[Line]) -> Lattice | None:
    ys, xs = sorted({line.position for line in across}), sorted({line.position for line in down})
    top, bottom = min(line.low for line in down), max(line.high for line in down)
    left, right = min(line.low for line in across), max(line.high for line in across)
    # A side without a line is closed where the lines across it end: open borders, cut tables.
    open_top, open_bottom = top < ys[0] - SHORT, bottom > ys[-1] + SHORT
    if open_top:
        ys.insert(0, top)
        across = [Line(top, left, right), *across]
    if open_bottom:
        ys.append(bottom)
        across = [*across, Line(bottom, left, right)]
    if left < xs[0] - SHORT:
        xs.insert(0, left)
        down = [Line(left, ys[0], ys[-1]), *down]
    if right > xs[-1] + SHORT:
        xs.append(right)
        down = [*down, Line(right, ys[0], ys[-1])]
    if len(xs) < 2 or len(ys) < 2:
        return None
    x, y = np.array(xs), np.array(ys)
    borders_across, borders_down = _coverage(across, y, x), _coverage(down, x, y)
    regions, owner = _regions(borders_across, borders_down, xs, ys)
    return Lattice(x, y, regions, owner, open_top, open_bottom, borders_across, borders_down)


def with_borders(lattice: Lattice, row: int, columns: list[int]) -> Lattice:
    """The lattice with the left borders of these columns drawn in one row, too."""
    down = lattice.down.copy()
    down[columns, row] = True
    regions, owner = _regions(lattice.across, down, lattice.xs.tolist(), lattice.ys.tolist())
    return lattice._replace(regions=regions, owner=owner, down=down)


def _coverage(lines: list[Line], positions: Floats, ticks: Floats) -> NDArray[np.bool_]:
    """Per position and interval between ticks: does a line run along it?"""
    found = _array(lines)
    at = positions.searchsorted(found[:, 0])
    along = np.minimum(found[:, 2:], ticks[1:]) - np.maximum(found[:, 1:2], ticks[:-1])
    covered = np.zeros((len(positions), len(ticks) - 1))
    if len(lines) == len(positions):
        covered[at] = along
    else:
        np.add.at(covered, at, np.maximum(along, 0.0))
    result: NDArray[np.bool_] = covered >= COVERED * (ticks[1:] - ticks[:-1])
    return result


def _regions(
    across: NDArray[np.bool_], down: NDArray[np.bool_], xs: list[float], ys: list[float]
) -> tuple[tuple[Region, ...], NDArray[np.int64]]:
    """Unit squares joined to cells where no border parts them.

    A square joins its left neighbour, and a run of squares the equal run above it. Runs that do
    not match stay apart: a missing piece of border must not melt two rows together.
    """
    columns = len(xs) - 1
    owners: list[int] = []
    widths: list[int] = []
    spans: list[int] = []
    places: list[tuple[int, int, int]] = []
    above: dict[tuple[int, int], int] = {}
    ruled_rows, side_rows = across.tolist(), down.T.tolist()
    for row, (sides, ruled) in enumerate(zip(side_rows, ruled_rows, strict=False)):
        here: dict[tuple[int, int], int] = {}
        closed = sides[0] and sides[-1]
        ends = [at for at, drawn in enumerate(sides) if drawn and 0 < at < columns]
        start = 0
        for end in [*ends, columns]:
            run, width = (start, end), end - start
            number = OUTSIDE
            if closed or not _outside(ruled, ruled_rows[row + 1], sides, start, end):
                number = above.get(run, -1)
                if number < 0 or (ruled[start] if width == 1 else 2 * sum(ruled[start:end]) >= width):
                    number = len(spans)
                    places.append((row, start, end))
                    spans.append(0)
                spans[number] += 1
                here[run] = number
            owners.append(number)
            widths.append(width)
            start = end
        above = here
    regions = [
        _new(Region, (row, start, span, end - start, (xs[start], ys[row], xs[end], ys[row + span])))
        for (row, start, end), span in zip(places, spans, strict=True)
    ]
    return tuple(regions), np.repeat(owners, widths).reshape(len(side_rows), columns)


def _outside(over: list[bool], under: list[bool], sides: list[bool], start: int, end: int) -> bool:
    """Is this run of squares beside the table, in a row shorter than the widest one?"""
    if (start or sides[0]) and (end < len(sides) - 1 or sides[-1]):
        return False
    return not any(over[start:end]) and not any(under[start:end])
