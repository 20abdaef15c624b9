"""Tables without ruling lines: rows from the baselines of figures, columns from their alignment.

Only places count here, not the order of drawing, so that this reading stays independent of the
stream. Labels are cut into items by their numbers (1. （一） 二、) and, where they have none, by the
nearest line of figures; what is not certain is left to disagree with the other reading.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from gxstats.read.bands import BandCell, Table
from gxstats.read.columns import Column, Places
from gxstats.read.fragments import Fragment, box_around, cut_fragments, piece_of
from gxstats.read.geometry import Box, Characters, Integers, PageView
from gxstats.read.lattice import merge_lines
from gxstats.read.lines import Line
from gxstats.read.page_breaks import NUMBERED
from gxstats.read.stream_table import Segment, StreamRow, find_columns, split_segments

WIDE_GAP = 0.8
"""White space, as a share of the line's height, that sets a figure apart from words."""
SAME_LINE = 0.4
MIN_WIDTH = 0.3
"""Lines that part rows are at least this share of the page's width..."""
FULL = 0.8
"""...and at least this share of the longest line."""
FIRST_IDEOGRAPH = 0x3400
FULL_WIDTH = 0xFF00
SAME_COLUMN = 0.8
"""Label lines begin (or are centred) at one place to within this share of their height."""


@dataclass(slots=True)
class Item:
    """The lines of one label."""

    lines: list[Fragment]

    @property
    def box(self) -> Box:
        """The box around the lines."""
        return box_around([line.box for line in self.lines])

    @property
    def middle(self) -> float:
        """Height of the middle of the lines."""
        return (self.box[1] + self.box[3]) / 2

    def covers(self, middle: float, slack: float) -> bool:
        """Is a height within the label's lines?"""
        return self.box[1] - slack < middle < self.box[3] + slack


def read_borderless(view: PageView, characters: Characters, barriers: list[float]) -> list[Table]:
    """Find tables among characters that stand in no ruled table.

    Args:
        view: The page.
        characters: Those of its characters that are outside ruled tables, line by line.
        barriers: Heights (y) that no table crosses: tops of ruled tables.

    Example:
        >>> import numpy as np
        >>> from gxstats.read.geometry import NO_RULES
        >>> nothing = Characters(np.empty(0, dtype=np.uint32), np.empty((0, 4)))
        >>> read_borderless(PageView(1, 595, 842, nothing, NO_RULES), nothing, [])
        []
    """
    rows = _between_lines(_lines(view, cut_fragments(characters)), _full_lines(view))
    tables = []
    for zone in _zones(rows, barriers):
        for segment in split_segments(zone):
            find_columns(segment)
            if len(segment.columns) >= 1 and sum(row.places is not None for row in segment.rows):
                tables.append(_table(view, segment))
    return [table for table in tables if table.rows]


def may_hold_table(characters: Characters, line: Integers) -> bool:
    """Are there digits or marks set apart by white space?

    Args:
        characters: Characters of a page, line by line.
        line: The number of each one's line.

    Example:
        >>> import numpy as np
        >>> boxes = np.array([[0.0, 0, 10, 10], [40, 0, 45, 10]])
        >>> may_hold_table(Characters(np.array([0x4E00, 0x31], dtype=np.uint32), boxes), np.array([0, 0]))
        True
    """
    boxes, codes = characters.boxes, characters.codes
    height = boxes[1:, 3] - boxes[1:, 1]
    apart = (line[1:] == line[:-1]) & (boxes[1:, 0] - boxes[:-1, 2] > WIDE_GAP * height)
    return bool((apart & ((codes[1:] < FIRST_IDEOGRAPH) | (codes[1:] >= FULL_WIDTH))).any())


def _lines(view: PageView, fragments: list[Fragment]) -> list[StreamRow]:
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda f: f.middle):
        if rows and fragment.middle - rows[-1][-1].middle < SAME_LINE * min(
            fragment.height, rows[-1][-1].height
        ):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return [StreamRow(view, [piece_of([f]) for f in sorted(row, key=lambda f: f.box[0])]) for row in rows]


def _full_lines(view: PageView) -> list[float]:
    """Heights of the horizontal lines that part rows: those nearly as long as the longest."""
    lines = merge_lines(view.rules.horizontal) if len(view.rules.horizontal) > 1 else []
    longest = max((line.high - line.low for line in lines), default=0.0)
    if longest < MIN_WIDTH * view.width:
        return []
    return sorted({line.position for line in lines if line.high - line.low > FULL * longest})


def _between_lines(rows: list[StreamRow], lines: list[float]) -> list[StreamRow]:
    """Lines of text between two ruling lines are one row: what stands above each other is one token.

    Only where there are figures: heads span columns, and their lines do not run through.
    """
    if len(lines) < 2:
        return rows
    bands: dict[int, list[StreamRow]] = {}
    for row in rows:
        _, top, _, bottom = row.box
        bands.setdefault(bisect_left(lines, (top + bottom) / 2), []).append(row)
    result: list[StreamRow] = []
    for band, inside in sorted(bands.items()):
        if len(inside) < 2 or band in (0, len(lines)) or not any(row.has_figures for row in inside):
            result.extend(inside)
            continue
        stacks: list[list[Fragment]] = []
        for piece in sorted((p for row in inside for p in row.pieces), key=lambda p: p.box[0]):
            fragment = piece.lines[0]
            if stacks and fragment.box[0] < max(line.box[2] for line in stacks[-1]):
                stacks[-1].append(fragment)
            else:
                stacks.append([fragment])
        pieces = [piece_of(sorted(stack, key=lambda line: line.middle)) for stack in stacks]
        result.append(StreamRow(inside[0].view, pieces))
    return result


def _zones(rows: list[StreamRow], barriers: list[float]) -> list[list[StreamRow]]:
    zones: list[list[StreamRow]] = [[]]
    for row in rows:
        last = zones[-1][-1] if zones[-1] else None
        if _is_prose(row):
            zones.append([])
            continue
        if last and any(last.box[1] < barrier <= row.box[3] for barrier in barriers):
            zones.append([])
        zones[-1].append(row)
    return [zone for zone in zones if any(_set_apart(row) for row in zone)]


def _set_apart(row: StreamRow) -> bool:
    """Does the line hold figures with white space between them and any words?"""
    pieces = row.pieces
    for at, piece in enumerate(pieces):
        if not piece.is_figure:
            continue
        around = [other for other in (pieces[at - 1] if at else None, *pieces[at + 1 : at + 2]) if other]
        gaps = [max(piece.box[0] - o.box[2], o.box[0] - piece.box[2]) for o in around if not o.is_figure]
        if all(gap > WIDE_GAP * piece.lines[0].height for gap in gaps) and len(pieces) > 1:
            return True
    return False


def _is_prose(row: StreamRow) -> bool:
    """Words without gaps over more than half of the page, figures among them or not."""
    if _set_apart(row):
        return False
    box = row.box
    printed = sum(piece.box[2] - piece.box[0] for piece in row.pieces)
    return box[2] - box[0] > 0.5 * row.view.width and printed > 0.8 * (box[2] - box[0])


def _table(view: PageView, segment: Segment) -> Table:
    columns = segment.columns
    figure_rows = [row for row in segment.rows if row.places is not None]
    items = _items(segment, figure_rows)
    if not items:
        figure_rows = _merge_wrapped(figure_rows)
    heads = _head_cells(view, segment, columns)
    labelled = [(row, _label_for(row, items)) for row in figure_rows]
    _label_the_rest(labelled, items)
    rows = _body(view, labelled, columns)
    if all(label for _, label in labelled):
        for item in _blank_items(items, labelled):
            empty = [_empty(view, column, item.box) for column in columns]
            rows.append((item.middle, [_cell(view, item.lines), *empty]))
    rows.sort(key=lambda row: row[0])
    _doubt_unlabelled(rows, [label for _, label in labelled])
    body = [cells for _, cells in rows]
    box = box_around([cell.box for cells in [*heads, *body] for cell in cells])
    return Table(view, box, [*heads, *body])


def _merge_wrapped(rows: list[StreamRow]) -> list[StreamRow]:
    """Join lines of figures that are one row: some wrapped, above and below those that are not.

    Only where no labels tell rows apart, and only if the wrapped ones are centred on the others.
    """
    merged: list[StreamRow] = []
    at = 0
    while at < len(rows):
        if at + 2 < len(rows) and _is_wrapped(*rows[at : at + 3]):
            first, middle, last = (row.places or {} for row in rows[at : at + 3])
            places = dict(middle)
            for column, piece in first.items():
                more = last[column].lines if column in last else ()
                places[column] = piece_of((*piece.lines, *more))
            merged.append(StreamRow(rows[at].view, list(places.values()), places))
            at += 3
        else:
            merged.append(rows[at])
            at += 1
    return merged


def _is_wrapped(above: StreamRow, middle: StreamRow, below: StreamRow) -> bool:
    first, second, third = above.places or {}, middle.places or {}, below.places or {}
    if set(first) & set(second) or set(first) != set(third):
        return False
    height = above.pieces[0].lines[0].height
    centred = abs(_middle(above) + _middle(below) - 2 * _middle(middle)) < 0.5 * height
    return centred and all(len(third[at].text) <= len(piece.text) > 1 for at, piece in first.items())


def _body(
    view: PageView, labelled: list[tuple[StreamRow, Item | None]], columns: list[Column]
) -> list[tuple[float, list[BandCell]]]:
    """Rows of cells; lines of figures that share a label are one row if they share no column."""
    rows: list[tuple[float, list[BandCell]]] = []
    merged: dict[int, list[StreamRow]] = {}
    for row, label in labelled:
        merged.setdefault(id(label) if label else id(row), []).append(row)
    labels = {id(label): label for _, label in labelled if label}
    for key, parts in merged.items():
        label = labels.get(key)
        places: dict[int, list[Fragment]] = {}
        for part in parts:
            for at, piece in (part.places or {}).items():
                places.setdefault(at, []).extend(piece.lines)
        clash = sum(len(part.places or {}) for part in parts) > len(places)
        box = box_around([line.box for lines in places.values() for line in lines])
        cells = [_cell(view, label.lines)] if label else []
        for at, column in enumerate(columns):
            cell = _cell(view, places[at]) if at in places else _empty(view, column, box)
            cell.damage = "two lines of figures beside one label" if clash else ""
            cells.append(cell)
        rows.append((_middle(parts[0]), cells))
    return rows


def _doubt_unlabelled(rows: list[tuple[float, list[BandCell]]], labels: list[Item | None]) -> None:
    """Figures below a labelled row that have no label may be its wrapped digits: damage both."""
    if not any(labels):
        return
    for (_, above), (_, below) in pairwise(rows):
        if len(below) < len(above):
            for first, second in zip(above[1:], below, strict=False):
                if first.lines and second.lines:
                    first.damage = second.damage = "figures without a label stand below"


def _middle(row: StreamRow) -> float:
    boxes = [piece.box for piece in (row.places or {}).values()]
    return sum(box[1] + box[3] for box in boxes) / (2 * len(boxes))


def _cell(view: PageView, lines: list[Fragment]) -> BandCell:
    return BandCell(view, box_around([f.box for f in lines]), [Line(0, f.text, f.box) for f in lines])


def _empty(view: PageView, column: Column, beside: Box) -> BandCell:
    return BandCell(view, (column.low, beside[1], column.high, beside[3]), [])


def _head_cells(view: PageView, segment: Segment, columns: list[Column]) -> list[list[BandCell]]:
    """One row of heads: per column the words that stand over it alone."""
    over: dict[int, list[Fragment]] = {}
    places = Places(columns)
    for row in segment.heads:
        for piece in row.pieces:
            at = places.find(piece.box[0], piece.box[2])
            if at is not None:
                over.setdefault(at, []).extend(piece.lines)
    return [[_cell(view, over[at]) for at in sorted(over)]] if over else []


def _items(segment: Segment, figure_rows: list[StreamRow]) -> list[Item]:
    """Labels of the segment: lines that begin at one place, cut where a number begins another."""
    left = segment.columns[0].low
    middles = [_middle(row) for row in figure_rows]
    groups: list[list[Fragment]] = []
    for row in segment.rows:
        for piece in row.pieces:
            fragment = piece.lines[0]
            if fragment.box[0] >= left or piece in (row.places or {}).values():
                continue
            if len(piece.lines) > 1:
                # Ruling lines have said already what one label is.
                groups.append(list(piece.lines))
                continue
            group = next((g for g in reversed(groups) if _continues(g[-1], fragment)), None)
            if group is None or NUMBERED.match(fragment.text):
                groups.append([fragment])
            else:
                group.append(fragment)
    items: list[Item] = []
    for group in groups:
        items.extend(_cut_by_rows(group, middles))
    return items


def _continues(above: Fragment, below: Fragment) -> bool:
    near = SAME_COLUMN * min(above.height, below.height)
    step = below.middle - above.middle
    if not 0 < step < 3.2 * above.height:
        return False
    (a0, _, a1, _), (b0, _, b1, _) = above.box, below.box
    return abs(a0 - b0) < near or abs(a0 + a1 - b0 - b1) < near


def _cut_by_rows(group: list[Fragment], middles: list[float]) -> list[Item]:
    """Where several rows of figures stand beside one run of label lines, each line goes to the nearest.

    A run that begins with a number and has no other is one label: its figures are set at two heights.
    """
    if NUMBERED.match(group[0].text):
        return [Item(group)]
    top, bottom = group[0].box[1], group[-1].box[3]
    inside = [middle for middle in middles if top < middle < bottom]
    if len(inside) < 2:
        return [Item(group)]
    nearest: dict[float, list[Fragment]] = {}
    for line in group:
        key = min(inside, key=lambda middle: abs(middle - line.middle))
        nearest.setdefault(key, []).append(line)
    return [Item(lines) for _, lines in sorted(nearest.items())]


def _label_for(row: StreamRow, items: list[Item]) -> Item | None:
    """The label beside a row of figures: the innermost, nearest to the figures."""
    middle = _middle(row)
    for slack in (0.0, 0.5 * row.pieces[0].lines[0].height):
        beside = [item for item in items if item.covers(middle, slack)]
        if beside:
            return max(beside, key=lambda item: item.lines[0].box[0])
    return None


def _label_the_rest(labelled: list[tuple[StreamRow, Item | None]], items: list[Item]) -> None:
    """Give a row of figures that stands a little off its label the one free label between its neighbours'."""
    used = {id(label) for _, label in labelled if label}
    for at, (row, label) in enumerate(labelled):
        if label:
            continue
        before = labelled[at - 1][1] if at else None
        after = labelled[at + 1][1] if at + 1 < len(labelled) else None
        if not before or not after:
            continue
        free = [i for i in items if id(i) not in used and before.middle < i.middle < after.middle]
        free = [i for i in free if i.box[0] >= min(before.box[0], after.box[0]) - 1]
        if len(free) == 1:
            labelled[at] = (row, free[0])
            used.add(id(free[0]))


def _blank_items(items: list[Item], labelled: list[tuple[StreamRow, Item | None]]) -> list[Item]:
    """Labels of rows that print no figure: numbered ones with no other label to their right.

    Only between rows that print some: beyond them a heading looks like a label.
    """
    used = {id(label) for _, label in labelled if label}
    middles = [_middle(row) for row, _ in labelled]
    blank = []
    for item in items:
        x0, top, _, bottom = item.box
        if id(item) in used or not NUMBERED.match(item.lines[0].text):
            continue
        if not min(middles) < item.middle < max(middles):
            continue
        if not any(
            i is not item and i.box[0] > x0 + 1 and i.box[1] < bottom and top < i.box[3] for i in items
        ):
            blank.append(item)
    return blank
