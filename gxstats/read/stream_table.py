"""Rows of tokens to tables: columns found, empty cells shown, cut rows joined.

A row of figures that stand in columns shows what it leaves out. Columns are found per segment:
some rows of heads, then rows of labels and figures, possibly over several pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gxstats.model import Cell, Row
from gxstats.read.columns import Column, Places, figure_columns, head_columns
from gxstats.read.fragments import NUMBER, Piece, box_around, piece_of
from gxstats.read.geometry import Box, PageView
from gxstats.read.page_breaks import CUT, NUMBERED

_new = tuple.__new__
WIDER = 1.5
"""A head wider than this share of the head below it belongs to more than that one's column."""


@dataclass(slots=True, eq=False)
class StreamRow:
    """Tokens of one row, in reading space; ``places`` says in which column each figure stands."""

    view: PageView
    pieces: list[Piece]
    places: dict[int, Piece] | None = None
    damaged: set[int] = field(default_factory=set)
    doubt: str = ""
    """Why no figure of the row can be trusted."""

    box: Box = field(init=False)
    """The box around all tokens."""
    has_figures: bool = field(init=False)
    """Is any token but a lone number of an item a figure?"""

    def __post_init__(self) -> None:
        _, boxes, _, are_figures = zip(*self.pieces, strict=True)
        self.box = box_around(boxes)
        self.has_figures = True in are_figures

    @property
    def labels(self) -> list[Piece]:
        """Tokens that are not in a column."""
        if not self.places:
            return self.pieces
        placed = set(map(id, self.places.values()))
        return [piece for piece in self.pieces if id(piece) not in placed]

    def to_row(self, columns: list[Column]) -> Row:
        """The row with its empty tokens, if the columns are known."""
        locate, places = self.view.locate, self.places
        if places is None:
            doubt = self.doubt
            found = [
                _new(Cell, (text, locate(box), 1, 1, doubt if is_figure else ""))
                for _, box, text, is_figure in self.pieces
            ]
            return _new(Row, (tuple(found),))
        _, top, _, bottom = self.box
        cells = [_new(Cell, (text, locate(box), 1, 1, "")) for _, box, text, _ in self.labels]
        damaged = self.damaged
        for at, (low, high) in enumerate(columns):
            piece = places.get(at)
            text, box = (piece.text, piece.box) if piece else ("", (low, top, high, bottom))
            cells.append(_new(Cell, (text, locate(box), 1, 1, CUT if at in damaged else self.doubt)))
        return _new(Row, (tuple(cells),))


@dataclass(slots=True, eq=False)
class Segment:
    """Rows of heads, then rows that may have figures; ``columns`` are theirs."""

    heads: list[StreamRow] = field(default_factory=list)
    rows: list[StreamRow] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)

    @property
    def label_right(self) -> float:
        """Right end of the labels in rows that have figures."""
        rights = [_label_right(row.pieces) for row in self.rows if row.has_figures]
        return max(rights, default=float("-inf"))


def _label_right(pieces: list[Piece]) -> float:
    rights = [box[2] for _, box, _, is_figure in pieces if not is_figure]
    return rights[0] if len(rights) == 1 else max(rights[:3], default=float("-inf"))


def build_rows(rows: list[StreamRow]) -> list[Row]:
    """Rows of a table with empty tokens where a column has no figure.

    Example:
        >>> build_rows([])
        []
    """
    segments = split_segments(rows)
    for segment in segments:
        find_columns(segment)
    _join_cut_rows(segments)
    result: list[Row] = []
    for segment in segments:
        result.extend(_head_rows(segment))
        result.extend(row.to_row(segment.columns) for row in segment.rows)
    return result


def split_segments(rows: list[StreamRow]) -> list[Segment]:
    """Cut rows where words over the figures' columns begin another table.

    Example:
        >>> split_segments([])
        []
    """
    if not rows:
        return []
    segments = [Segment()]
    right = float("-inf")
    for row in rows:
        current = segments[-1]
        if row.has_figures:
            current.rows.append(row)
            right = max(right, _label_right(row.pieces))
        elif not current.rows:
            current.heads.append(row)
        elif True in [piece.box[0] > right for piece in row.pieces]:
            # Words over the figures' columns: the heads of another table.
            segments.append(Segment([row]))
            right = float("-inf")
        else:
            current.rows.append(row)
    return segments


def find_columns(segment: Segment) -> None:
    """Find the segment's columns and in which of them each figure stands; changes the segment.

    Example:
        >>> find_columns(Segment())
    """
    right = segment.label_right
    figure_rows = [row for row in segment.rows if row.has_figures]
    columns = figure_columns([row.pieces for row in figure_rows], right)
    columns = head_columns([row.pieces for row in segment.heads], columns, right)
    if not columns:
        return
    segment.columns = columns
    stretches = Places(columns)
    for row in figure_rows:
        row.places = _places(row, stretches, columns[0].low, right)


def _places(row: StreamRow, columns: Places, first: float, right: float) -> dict[int, Piece] | None:
    """Which of the columns, ``first`` being the left end of them all, each figure stands in."""
    places: dict[int, Piece] = {}
    for piece in row.pieces:
        _, (low, _, high, _), _, is_figure = piece
        if high <= right or (low < first and not is_figure):
            continue
        at = columns.find(low, high)
        if at is None or at in places:
            return None
        places[at] = piece
    return places or None


def _head_rows(segment: Segment) -> list[Row]:
    """Rows of heads; those of single columns come last and in the order of the columns.

    Heads are drawn row by row, and the head of the last column often spans the rows of its
    neighbours: in drawing order it would stand before them.
    """
    if not segment.columns:
        return [row.to_row([]) for row in segment.heads]
    columns = Places(segment.columns)
    leaves: dict[int, list[tuple[float, Cell]]] = {}
    widths: dict[int, float] = {}
    rows: list[Row] = []
    for row in reversed(segment.heads):
        rest = []
        for piece in row.pieces:
            at = columns.find(piece.box[0], piece.box[2])
            width = piece.box[2] - piece.box[0]
            cell = Cell(piece.text, row.view.locate(piece.box))
            if at is None or width > WIDER * widths.get(at, width):
                # Wider than the head below it: it stands over several columns.
                rest.append(cell)
            else:
                widths.setdefault(at, width)
                leaves.setdefault(at, []).append((piece.box[1], cell))
        if rest:
            rows.insert(0, Row(tuple(rest)))
    if leaves:
        ordered = [
            cell for _, cells in sorted(leaves.items()) for _, cell in sorted(cells, key=lambda leaf: leaf[0])
        ]
        rows.append(Row(tuple(ordered)))
    return rows


def _join_cut_rows(segments: list[Segment]) -> None:
    """Join rows of figures that a page break cut in two."""
    before: tuple[Segment, StreamRow] | None = None
    right = max((segment.label_right for segment in segments), default=0.0)
    for segment in segments:
        for row in list(segment.rows):
            if not row.has_figures:
                continue
            if before and before[1].view.number != row.view.number and _same_columns(before[0], segment):
                _join(before, (segment, row), right)
            before = (segment, row) if row in segment.rows else before


def _same_columns(first: Segment, second: Segment) -> bool:
    if first is second:
        return bool(first.columns)
    if len(first.columns) != len(second.columns) or not first.columns:
        return False
    return all(a.low < b.high and b.low < a.high for a, b in zip(first.columns, second.columns, strict=True))


def _join(before: tuple[Segment, StreamRow], after: tuple[Segment, StreamRow], right: float) -> None:
    (first, above), (second, below) = before, after
    # What stands further left is the rest of a group's label.
    inner = above.labels[-1].box[0] - 3 if above.labels else 0.0
    labels = "".join(piece.text for piece in below.labels if piece.box[0] >= inner).replace("\n", "")
    if above.places is None or below.places is None or NUMBERED.match(labels):
        return
    if not above.labels or (labels and not _label_is_full(above, right)):
        return
    shared = [at for at, piece in below.places.items() if piece.text.strip()]
    fits = all(at not in above.places or _is_full(above.places[at], at, (first, second)) for at in shared)
    wraps = any(
        len(p.lines) > 1 for s in {id(first): first, id(second): second}.values() for p in _numbers(s)
    )
    if not (fits and wraps):
        if not labels:
            above.damaged.update(shared)
            below.damaged.update(shared)
        return
    for at in shared:
        piece = below.places[at]
        if at in above.places:
            old = above.places[at]
            above.places[at] = joined = piece_of((*old.lines, *piece.lines))._replace(box=old.box)
            above.pieces[above.pieces.index(old)] = joined
        else:
            above.places[at] = piece
            above.pieces.append(piece)  # it may go on on the page behind that one
    second.rows.remove(below)


def _numbers(segment: Segment) -> list[Piece]:
    return [p for row in segment.rows for p in (row.places or {}).values() if NUMBER.fullmatch(p.text)]


def _label_is_full(row: StreamRow, right: float) -> bool:
    """Does the label's last line end where no label on these pages goes on further to the right?"""
    last = row.labels[-1].lines[-1]
    return last.box[2] > right - 0.9 * last.height


def _is_full(piece: Piece, at: int, segments: tuple[Segment, Segment]) -> bool:
    if not NUMBER.fullmatch(piece.text):
        return False
    widest = max(
        line.box[2] - line.box[0]
        for segment in segments
        for row in segment.rows
        if row.places and at in row.places
        for line in row.places[at].lines
    )
    line = piece.lines[-1]
    width = line.box[2] - line.box[0]
    return width > widest - 0.6 * width / len(line.text)
