"""What a document says about itself: all that its identity is resolved from, and nothing else.

Identity rests on tables of divisions, agencies and hosts that grow, and on addresses that are no
part of the bytes. They are stored with a reading, so that a better table resolves a report
anew without reading its file again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gxstats.align.identity.record import Identity
from gxstats.align.identity.resolve import identify
from gxstats.align.identity.titles import LOOK_AT, first_blocks, has_table
from gxstats.model import Block, Cell, Document, Grid, Paragraph, Reading, Row


class OwnWords(NamedTuple):
    """The words that identity is resolved from.

    Attributes:
        title: the title the file gives itself.
        fields: what the publishing system states.
        readings: those of one report, whole or reduced.
    """

    title: str
    fields: Mapping[str, str]
    readings: tuple[Reading, ...]

    def identify(self, url: str | None = None) -> Identity:
        """The identity of the report if it was fetched from ``url``.

        Example:
            >>> said = OwnWords("淮安市洪泽区人民政府2024年政府信息公开工作年度报告", {}, ())
            >>> said.identify().year, said.identify("https://a.example.com/").trust
            (2024, 'untrusted')
        """
        return identify(self.readings, Document("", "", title=self.title, fields=self.fields, url=url))

    def reduced(self) -> OwnWords:
        """The same without the cells and places that :func:`identify` does not look at.

        Of the first reading all words outside tables stay; of tables and of other readings the
        lines in which a title may stand, and one row that shows whether there is a table of a form.
        A page without such a table is short of words: it stays whole.
        """
        shown = has_table(self.readings)
        kept = [_reduced(r, whole=n == 0, table=shown) for n, r in enumerate(self.readings)]
        if shown and not has_table(kept):
            # So far down that no title is looked for in it.
            kept.append(Reading("", (Grid((Row(()),) * LOOK_AT + (_row_of_a_form(self.readings),)),)))
        return OwnWords(self.title, dict(self.fields), tuple(kept))


def _reduced(reading: Reading, whole: bool, table: bool) -> Reading:
    if whole and not table:
        return Reading("", tuple(_bare(b) for b in reading.blocks))
    first = first_blocks(reading)
    if not whole:
        return Reading("", tuple(_bare(b) for b in first))
    heads = (b for b in first if isinstance(b, Grid) and b.kind == "cells")
    kept: list[Block] = []
    for block in reading.blocks:
        if isinstance(block, Paragraph) or block.kind == "lines":
            kept.append(_joined(block))
        elif (head := next(heads, None)) is not None:
            kept.append(_bare(head))
    return Reading("", tuple(kept))


def _bare(block: Block) -> Block:
    """A block without places and marks."""
    if isinstance(block, Paragraph):
        return Paragraph(block.text)
    return Grid(tuple(Row(tuple(Cell(c.text) for c in r.cells)) for r in block.rows), kind=block.kind)


def _joined(block: Block) -> Block:
    """Lines whose tokens need no telling apart."""
    if isinstance(block, Paragraph):
        return Paragraph(block.text)
    return Grid(tuple(Row((Cell("".join(c.text for c in r.cells)),)) for r in block.rows), kind=block.kind)


def _row_of_a_form(readings: Sequence[Reading]) -> Row:
    rows = (r for reading in readings for b in reading.blocks if isinstance(b, Grid) for r in b.rows)
    row = next(row for row in rows if has_table([Reading("", (Grid((row,)),))]))
    return Row(tuple(Cell(c.text) for c in row.cells[:3]))


def as_rows(said: OwnWords) -> list[Any]:
    """Own words as lists of text, for JSON.

    Example:
        >>> said = OwnWords("甲", {}, (Reading("", (Paragraph("乙"), Grid((Row((Cell("丙"),)),)))),))
        >>> as_rows(said)
        ['甲', {}, [['乙', ['cells', [['丙']]]]]]
        >>> of_rows(as_rows(said)) == said
        True
    """
    return [said.title, dict(said.fields), [[_as_row(b) for b in r.blocks] for r in said.readings]]


def _as_row(block: Block) -> Any:
    if isinstance(block, Paragraph):
        return block.text
    return [block.kind, [[c.text for c in row.cells] for row in block.rows]]


def of_rows(rows: Sequence[Any]) -> OwnWords:
    """The own words that :func:`as_rows` gave the rows of."""
    title, fields, readings = rows
    return OwnWords(title, fields, tuple(Reading("", tuple(_blocks(r))) for r in readings))


def _blocks(rows: Sequence[Any]) -> Iterator[Block]:
    for row in rows:
        if isinstance(row, str):
            yield Paragraph(row)
        else:
            kind, cells = row
            yield Grid(tuple(Row(tuple(Cell(text) for text in r)) for r in cells), kind=kind)
