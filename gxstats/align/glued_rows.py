"""Rows whose figures are one run of digits: cut them where the form's arithmetic leaves one way.

Source of the rules: a row unique under its own sum with all cells printed is kept but not confirmed;
one joint solution for the whole table confirms; rows that need a sum which the publisher broke, and
rows that can be cut in several ways, are not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from gxstats.align import columns
from gxstats.align.glued_sums import Equation, Figures, Ways, cut_row, cut_table, withstands_a_slip
from gxstats.align.tables import Entry, Table
from gxstats.align.vocabulary import SectionWords, sections
from gxstats.model import Cell, Issue, Locator
from gxstats.schema import form

_COLUMN = re.compile(r"^(line \d+ column )(\d+)$")


def place(cell: Cell, offset: int) -> Locator:
    """Where a character of a cell stands.

    Example:
        >>> print(place(Cell("规章007", Locator(ref="line 3 column 5")), 2))
        line 3 column 7
    """
    match = _COLUMN.match(cell.at.ref or "")
    return cell.at._replace(ref=f"{match[1]}{int(match[2]) + offset}") if match else cell.at


def has_runs(table: Table) -> bool:
    """Whether a row of a table prints all its figures as one run of digits."""
    words = sections()[table.section]
    return words.layout == "rows" and any(
        _is_glued(entry, _size(entry, words)) and _is_one_run(entry, words) for entry in table.entries
    )


def cut(tables: Collection[Table], apart: Collection[str] = ()) -> None:
    """Give each row whose figures are glued its figures, or say why it has none.

    Args:
        tables: the tables of one text; are changed.
        apart: the sections whose labels run into their figures too. In others a row without a sum is
            cut only if it is one run of digits and no figure: ``007``, not ``125``, which may stand among
            blanks.

    Tables whose rows mostly have a cell per figure are left alone. Where a row has fewer digits than
    the form has cells blank cells vanish, and then no row of any table of the text is surely whole.
    """
    streams = [t for t in tables if not t.physical and sections()[t.section].layout != "list"]
    lost = any(
        max(len(entry.cells), len(_digits(entry))) < _size(entry, sections()[table.section])
        for table in streams
        for entry in table.entries
    )
    for table in streams:
        _cut(table, lost, table.section in apart)


def _cut(table: Table, lost: bool, apart: bool) -> None:
    words = sections()[table.section]
    sizes = [_size(entry, words) for entry in table.entries]
    glued = [
        n
        for n, entry in enumerate(table.entries)
        if _is_glued(entry, sizes[n]) and (apart or _is_one_run(entry, words))
    ]
    filled = sum(bool(entry.cells) and sizes[n] > 1 for n, entry in enumerate(table.entries))
    if not glued or 2 * len(glued) < filled:
        return
    table.doubted = table.doubted or words.layout == "blocks"
    if words.layout == "single_row":
        ways = [_single_ways(table, entry, words) for entry in table.entries]
    else:
        ways = [_ways(entry, size, words) for entry, size in zip(table.entries, sizes, strict=True)]
    if lost:
        _without_blanks(table, ways)
    elif words.layout == "rows":
        _jointly(table, ways, words)
    for number in glued:
        _apply(table, number, ways[number])


def _size(entry: Entry, words: SectionWords) -> int:
    """How many figures the form has in a row; 0 if its head does not say."""
    if words.layout != "blocks":
        edition = words.editions[0][1]
        return len(list(edition.cells())) if words.layout == "single_row" else len(edition.blocks[0].measures)
    named = columns.form_of_head(entry.head, words)
    block = dict(words.blocks_of(entry.code)).get(named or "")
    return len(block.measures) if block else 0


def _digits(entry: Entry) -> str:
    return "".join(cell.text for cell in entry.cells)


def _is_glued(entry: Entry, size: int) -> bool:
    if not 0 < len(entry.cells) < size <= len(_digits(entry)):
        return False
    return all(cell.text.isdecimal() and cell.text.isascii() for cell in entry.cells)


def _is_one_run(entry: Entry, words: SectionWords) -> bool:
    """Whether all figures of a row are one run of digits, and cannot be one figure among blanks."""
    return len(entry.cells) == 1 and (words.layout != "blocks" or entry.cells[0].text.startswith("0"))


def _ways(entry: Entry, size: int, words: SectionWords) -> Ways:
    if len(entry.cells) == size and all(c.text.isdecimal() and c.text.isascii() for c in entry.cells):
        return Ways((tuple([int(c.text) for c in entry.cells]),), 1)
    return cut_row(_digits(entry), (size,), summed=words.layout == "rows")


def _without_blanks(table: Table, ways: list[Ways]) -> None:
    """Blank cells vanish: only a row that has a zero for every cell is surely whole."""
    message = "blank cells are lost where figures run together: only rows of zeros can be read"
    table.issues.append(Issue("warning", "glued_figures", message, table.entries[0].at))
    table.doubted = True
    for number, way in enumerate(ways):
        if way.only is None or any(way.only):
            ways[number] = Ways((), 0)


def _jointly(table: Table, ways: list[Ways], words: SectionWords) -> None:
    """Choose the cuts with which the columns add up too, if that is one choice for the whole table."""
    equations = list(_equations(table, words))
    if not equations:
        table.doubted = True
        return
    whole = cut_table(ways, equations)
    if whole.only is not None:
        ways[:] = [Ways((way.found[n],), 1) for way, n in zip(ways, whole.only, strict=True)]
        message = "the figures of a row run together; one way to cut them makes the whole table add up"
        table.issues.append(Issue("notice", "glued_figures", message, table.entries[0].at))
        return
    table.doubted = True
    message = f"the figures of a row run together, and {_ways_said(whole)} makes the whole table add up"
    table.issues.append(Issue("warning", "glued_figures", message, table.entries[0].at))


def _equations(table: Table, words: SectionWords) -> Iterator[Equation]:
    """The sums down the columns, if the table has every row of one form once."""
    codes = [entry.code for entry in table.entries]
    for name, section in words.editions:
        if sorted(codes) == sorted(i.item for b in section.blocks for i in b.items):
            for rule in form(name).identities:
                if rule.section == table.section and rule.each == "measure":
                    sides = [tuple(codes.index(c) for c in side) for side in (rule.lhs, rule.rhs)]
                    yield Equation(*sides)


def _single_ways(table: Table, entry: Entry, words: SectionWords) -> Ways:
    block = words.editions[0][1].blocks[0]
    groups = (len(block.measures),) * len(block.items)
    found = cut_row(_digits(entry), groups)
    table.doubted = table.doubted or (
        found.only is not None and not withstands_a_slip(_digits(entry), groups)
    )
    return found


def _apply(table: Table, number: int, ways: Ways) -> None:
    """Put the figures in place of the digits, or leave these and say how many ways there are."""
    entry = table.entries[number]
    if ways.only is not None:
        table.entries[number] = entry._replace(cells=tuple(_parts(entry, ways.only)))
        return
    name = entry.label or table.section
    message = f"{name!r}: the figures run together as {_digits(entry)}, and {_ways_said(ways)} is right"
    table.issues.append(Issue("error", "glued_figures", message, entry.at, "look at the source"))


def _ways_said(ways: Ways) -> str:
    if not ways.complete:
        return "there are too many ways to cut them to say which of them"
    return f"each of {ways.number} ways to cut them" if ways.number else "no way to cut them"


def _parts(entry: Entry, figures: Figures) -> Iterator[Cell]:
    """A cell for each figure, at the place of its first digit."""
    places = [place(cell, offset) for cell in entry.cells for offset in range(len(cell.text))]
    start = 0
    for figure in figures:
        yield Cell(str(figure), places[start])
        start += len(str(figure))
