"""Draw a report as a DOC file of Word 97."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from gxstats.testing.blocks import Block, CellSpec, Heading, Picture, Table, Text, place
from gxstats.testing.doc_file import Line, Run, modifier, write_doc
from gxstats.testing.forms import layout
from gxstats.testing.spans import bent
from gxstats.testing.spec import FormSpec, Quirks

_CHARACTER: Final = 210
"""Width of a full-width character at 10.5 points, in twentieths of a point."""
_IN_TABLE, _DEPTH, _ROW_END = 0x2416, 0x6649, 0x2417
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_DEFINE, _BOLD = 0xD608, 0x0835
_CONTINUED, _RESTART = 1 << 5, 3 << 5


def render_doc(spec: FormSpec, *, pieces: bool = False) -> bytes:
    """The report as the bytes of a DOC file.

    Args:
        spec: The report.
        pieces: As :func:`gxstats.testing.doc_file.write_doc` takes it.

    Example:
        >>> render_doc(FormSpec())[:4].hex()
        'd0cf11e0'
    """
    return write_doc(report_lines(spec), pieces=pieces)


def report_lines(spec: FormSpec) -> list[Line]:
    """The paragraphs of a report.

    Example:
        >>> report_lines(FormSpec(year=2023))[0].runs[0].text
        '某县人民政府2023年政府信息公开工作年度报告'
    """
    blocks = layout(spec)
    if not spec.quirks.layout_table:
        return [*_flow(blocks, spec.quirks, 0), paragraph("")]
    inside = [*_flow(blocks, spec.quirks, 1), *cell_lines([""], 1)]
    return [*inside, row_end([0, 9000], [0], 1), paragraph("")]


def paragraph(text: str, depth: int = 0, look: bytes = b"") -> Line:
    """A paragraph outside tables or, with a depth, inside a cell."""
    return Line((Run(text, look),), _inside(depth))


def cell_lines(texts: Sequence[str], depth: int = 1, looks: Sequence[bytes] = ()) -> list[Line]:
    r"""The paragraphs of a cell; the last one ends it.

    Args:
        texts: One for each paragraph.
        depth: 1, or 2 for a table in a cell.
        looks: The modifiers of the characters of each.

    Example:
        >>> [line.end for line in cell_lines(["a", "b"])]
        ['\r', '\x07']
    """
    lines = [
        Line((Run(text, looks[number] if number < len(looks) else b""),), _inside(depth))
        for number, text in enumerate(texts)
    ]
    lines[-1] = end_of_cell(lines[-1], depth)
    return lines


def end_of_cell(line: Line, depth: int = 1) -> Line:
    """The paragraph as the last one of its cell."""
    if depth == 1:
        return line._replace(end="\x07")
    return line._replace(properties=line.properties + modifier(_INNER_CELL))


def row_end(borders: Sequence[int], merges: Sequence[int], depth: int = 1, mark: bytes = b"") -> Line:
    """The paragraph that ends a row.

    Args:
        borders: Where its cells begin and the last one ends, in twentieths of a point.
        merges: The flags of each cell.
        depth: 1, or 2 for a table in a cell.
        mark: The modifiers of the sign itself.
    """
    shapes = b"".join(struct.pack("<H18x", merge) for merge in merges)
    table = struct.pack(f"<B{len(borders)}h", len(merges), *borders) + shapes
    definition = struct.pack("<HH", _DEFINE, len(table) + 1) + table
    if depth == 1:
        return Line((), _inside(1) + modifier(_ROW_END) + definition, "\x07", mark)
    return Line((), _inside(depth) + modifier(_INNER_ROW_END) + definition, "\r", mark)


def _inside(depth: int) -> bytes:
    return modifier(_IN_TABLE) + modifier(_DEPTH, depth) if depth else b""


def _flow(blocks: Sequence[Block], quirks: Quirks, depth: int) -> Iterator[Line]:
    after_table = False
    for block in blocks:
        if isinstance(block, Table) and after_table:
            yield paragraph("", depth)
        after_table = isinstance(block, Table)
        match block:
            case Table():
                yield from _table(bent(block, quirks.spans), quirks, depth + 1)
            case Picture(name):
                yield paragraph(f"[{name}]", depth)
            case Heading(text, _):
                yield paragraph(text, depth, modifier(_BOLD))
            case Text(text):
                yield paragraph(text, depth)


def _table(table: Table, quirks: Quirks, depth: int) -> Iterator[Line]:
    places = [*accumulate((width * _CHARACTER for width in table.widths), initial=0)]
    places += [places[-1] + _CHARACTER * n for n in range(1, 4 * len(places))]
    for cells in _rows(table):
        borders, merges = [places[cells[0][0]]], []
        for column, cell, continued in cells:
            yield from _cell("" if continued else cell.text, quirks, depth)
            borders.append(places[column + cell.colspan])
            merges.append(_CONTINUED if continued else _RESTART if cell.rowspan > 1 else 0)
        yield row_end(borders, merges, depth)


def _cell(text: str, quirks: Quirks, depth: int) -> Iterator[Line]:
    middle = len(text) // 2 if quirks.wrappers != "none" else 0
    parts = (text[:middle], text[middle:])
    runs = tuple(Run(part.replace("\n", "\x0b"), modifier(_BOLD, n)) for n, part in enumerate(parts) if part)
    yield end_of_cell(Line(runs, _inside(depth)), depth)


def _rows(table: Table) -> Iterator[list[tuple[int, CellSpec, bool]]]:
    """Column, cell, and whether it only continues the one above, for each cell of each row."""
    rows: list[list[tuple[int, CellSpec, bool]]] = [[] for _ in table.rows]
    for p in place(table.rows):
        for down in range(p.cell.rowspan):
            if p.row + down < len(rows):
                rows[p.row + down].append((p.column, p.cell, down > 0))
    for row in rows:
        yield sorted(row, key=lambda cell: cell[0])
