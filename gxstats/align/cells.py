"""Collect the rows of each section from grids whose cell borders are known."""

from __future__ import annotations

from gxstats.align.head_rows import unrepeated
from gxstats.align.labels import normalise
from gxstats.align.numbers import parse
from gxstats.align.tables import Entry, Table, row_place
from gxstats.align.twins import tell_twins
from gxstats.align.vocabulary import Hit, heading_of, look_up, sections
from gxstats.model import Cell, Grid, Issue, Paragraph, Reading, Unmatched

_FRAGMENT = 3
"""No label of the form is that short and unknown; a piece of one may be."""
_MIN_COLUMNS = 2
"""So many column labels in one row make it a head row."""


def collect(reading: Reading) -> dict[str, Table]:
    """Section name -> table, from every grid of physical cells, in document order."""
    collector = _Collector(reading.structured)
    for block in reading.blocks:
        if isinstance(block, Paragraph):
            collector.paragraph(block)
        elif block.kind == "cells":
            collector.grid(block)
    collector.flush()
    for table in collector.tables.values():
        table.heads = unrepeated(table.heads)
        tell_twins(table)
    return collector.tables


class _Collector:
    """Walks rows in document order, remembering the section and the heads it is under."""

    def __init__(self, structured: bool) -> None:
        self.structured = structured
        self.tables: dict[str, Table] = {}
        self._section: str | None = None
        self._head: tuple[Cell, ...] = ()
        self._pending: tuple[Cell, ...] = ()
        self._begun: Entry | None = None
        self._heads_used = 0

    def table(self, section: str) -> Table:
        if section not in self.tables:
            self.tables[section] = Table(section, physical=True, structured=self.structured)
        return self.tables[section]

    def paragraph(self, block: Paragraph) -> None:
        section = heading_of(block.text) if len(block.text) < 80 else None
        if section:
            self._enter(section)
        self._caption(Cell(block.text, block.at))

    def _caption(self, words: Cell) -> None:
        """Keep what is said above the first row of a table: another year, another unit."""
        table = self.table(self._section) if self._section else None
        if table and not table.entries and normalise(words.text):
            table.captions.append(words)

    def _enter(self, section: str | None) -> None:
        if section != self._section:
            self.flush()
            self._section = section
            self._head = ()

    def grid(self, grid: Grid) -> None:
        self._head = ()
        used = False
        for row in grid.rows:
            cells = tuple([c for c in row.cells if c.rowspan != 0])
            if cells:
                used |= self._row(cells)
        self.flush()
        if not used and self._section and any(look_up(c.text).figure for r in grid.rows for c in r.cells):
            self.table(self._section).issues.append(
                Issue(
                    "notice", "other_table", "a table that is not part of the form was left out", grid.place
                )
            )

    def _row(self, cells: tuple[Cell, ...]) -> bool:
        """Sort one row; True if it belongs to the form."""
        hits = [look_up(c.text) for c in cells]
        if self._is_head(cells, hits):
            return True
        labelled = self._labelled(hits)
        if labelled is not None:
            if self._begun and _guesses_blanks(hits, labelled):
                if self._completes(cells[labelled].text):
                    return True
                why = "its figures may stand in the row before"
                cells = (*cells[: labelled + 1], *(c._replace(damage=why) for c in cells[labelled + 1 :]))
            self._entry(cells, hits, labelled)
            return True
        if len(cells) == 1 or not any(h.figure for h in hits):
            return self._words(cells, hits)
        return self._figures(cells, hits)

    def _is_head(self, cells: tuple[Cell, ...], hits: list[Hit]) -> bool:
        if any(h.figure and not h.blank for h in hits):
            return False
        counts: dict[str, int] = {}
        for hit in hits:
            for section in {s for s, _ in hit.columns} | ({hit.spanning} if hit.spanning else set()):
                counts[section] = counts.get(section, 0) + 1
        for section, count in counts.items():
            if (
                count >= _MIN_COLUMNS
                or (sections()[section].layout == "blocks" and not any(h.item for h in hits))
                or self._heads_part(section, count, hits)
            ):
                best = max(counts, key=lambda s: (counts[s], s == self._section))
                self._enter(best)
                self._head = cells
                self.table(best).heads.append(cells)
                return True
        title = next((h.block for h in hits if h.block), None)
        if title:
            self.flush()
            self._enter(title)
            self._head = ()
            return True
        return False

    def _heads_part(self, section: str, count: int, hits: list[Hit]) -> bool:
        """Whether a row of one cell is the head of a part of a row that was cut in parts."""
        if section != self._section or sections()[section].layout != "single_row":
            return False
        return count == sum(not h.blank for h in hits)

    def _labelled(self, hits: list[Hit]) -> int | None:
        """Index of the cell that names the row: the last label before the figures."""
        found: int | None = None
        for index, hit in enumerate(hits):
            if hit.figure and not hit.blank:
                numbered = found is None or hits[found].group
                if (
                    numbered
                    and self._names_row(hits[index + 1 : index + 2])
                    and _all_figures(hits[index + 2 :])
                ):
                    return index + 1  # behind the number of the row
                break
            if self._names_row([hit]):
                found = index
            elif found is not None and hits[found].group and not hit.figure:
                found = None  # the head of a group, beside a label that is cut or not known
        return found

    def _names_row(self, hits: list[Hit]) -> bool:
        return any(hit.item and (self._section == hit.item[0] or self._distinct(hit)) for hit in hits)

    @staticmethod
    def _distinct(hit: Hit) -> bool:
        """Whether the label says by itself what section it is in.

        其他 and 总计 do not, nor do words such as 行政许可, which head rows of local tables too.
        """
        if not hit.item or not hit.item[1].exact or hit.columns:
            return False
        return sections()[hit.item[0]].layout != "blocks"

    def _entry(self, cells: tuple[Cell, ...], hits: list[Hit], index: int) -> None:
        item = hits[index].item
        assert item is not None
        section, match = item
        after = cells[index + 1 :]
        if not after:
            # A label alone: the head of a group, or text in a layout cell.
            self._hold(cells)
            return
        self._enter(section)
        self._begun = None
        pending = self._take_pending()
        if pending and not match.exact:
            joined = sections()[section].items.match(_last_words(pending) + cells[index].text)
            match = joined if joined and joined.exact else match
        stub = sum([c.colspan for c in cells[: index + 1]])
        entry = Entry(match.code, match.exact, after, cells[index].text, row_place(cells), self._head, stub)
        self.table(section).entries.append(entry)

    def _words(self, cells: tuple[Cell, ...], hits: list[Hit]) -> bool:
        """A row without figures: the rest of a label cut by a page break, a group head, a caption."""
        heading = heading_of(cells[0].text) if len(cells) <= 2 else None
        if heading:
            self._enter(heading)
        text = _last_words(cells)
        if self._section and text and not any(h.group for h in hits) and self._completes(text):
            return True
        self._hold(cells)
        for cell in cells:
            self._caption(cell)
        return bool(heading) or any(h.group for h in hits)

    def _hold(self, cells: tuple[Cell, ...]) -> None:
        self._pending = cells

    def _take_pending(self) -> tuple[Cell, ...]:
        pending, self._pending = self._pending, ()
        return pending

    def _figures(self, cells: tuple[Cell, ...], hits: list[Hit]) -> bool:
        """A row with figures that no label names: a single-row section, a cut label, a local row."""
        if not self._section:
            return False
        words = sections()[self._section]
        labels = [i for i, h in enumerate(hits) if not h.figure]
        if words.layout == "single_row":
            return self._single_row(cells, hits, labels)
        if words.layout == "list" and any(h.group for h in hits) and not _prints_figure(cells):
            return True  # the title of a part of the list, with marks where it has no figure
        pending = self._take_pending()
        last = labels[-1] if labels else -1
        text = _last_words(pending) + (cells[last].text if labels else "")
        match = words.items.match(text)
        if match and match.exact and last + 1 < len(cells):
            # A label that stands in another row altogether may belong to other figures.
            entry = Entry(match.code, bool(labels), cells[last + 1 :], text, row_place(cells), self._head)
            self.table(self._section).entries.append(entry)
            return True
        if labels and not any(h.figure and not h.blank for h in hits) and self._completes(cells[last].text):
            return True
        if any(h.figure and not h.blank for h in hits):
            raw = tuple(c.text for c in cells)
            table = self.table(self._section)
            table.leave_out(Unmatched(self._section, raw, row_place(cells)))
            if not labels and table.entries and len(table.entries[-1].cells) == len(cells):
                # Two rows of figures under one label: which of them is this year's?
                table.entries[-1] = table.entries[-1]._replace(exact=False)
            elif table.entries and _is_behind_a_break(table.entries[-1], cells):
                table.entries[-1] = _cut_off(table.entries[-1], cells)
            self._begun = (
                Entry("", False, cells[last + 1 :], text, row_place(cells), self._head) if labels else None
            )
        return bool(labels)

    def _completes(self, text: str) -> bool:
        """Whether this is the rest of a label whose figures stand in the row before.

        A page break cuts rows in two; the label's first half may or may not have been recognised.
        """
        assert self._section is not None
        table, begun = self.tables.get(self._section), self._begun
        if not table:
            return False
        match = sections()[self._section].items.match
        if begun:
            self._begun = None
            joined = match(begun.label + text)
            if joined and joined.exact:
                table.unmatched.pop()
                table.broken.discard(len(table.entries))
                table.entries.append(begun._replace(code=joined.code, exact=True, label=begun.label + text))
                return True
        if table.entries and not table.entries[-1].exact:
            last = table.entries[-1]
            joined = match(last.label + text)
            if joined and joined.exact:
                table.entries[-1] = last._replace(code=joined.code, exact=True, label=last.label + text)
                return True
        return False

    def _single_row(self, cells: tuple[Cell, ...], hits: list[Hit], labels: list[int]) -> bool:
        assert self._section is not None
        wanted = sum(1 for _ in sections()[self._section].editions[0][1].cells())
        start = labels[-1] + 1 if labels and len(cells) != wanted else 0
        if labels and len(cells) - start != wanted and self._whole_row_found(wanted):
            raw = tuple(c.text for c in cells)
            self.table(self._section).unmatched.append(Unmatched(self._section, raw, row_place(cells)))
            return False
        headed = bool(self._section in self.tables and self.tables[self._section].heads)
        if len(cells) - start != wanted and not (headed and len(cells) - start >= _MIN_COLUMNS):
            return False
        table = self.table(self._section)
        label = cells[labels[-1]].text if start else ""
        heads = tuple([cell for head in table.heads[self._heads_used :] for cell in head])
        self._heads_used = len(table.heads)
        table.entries.append(Entry("", True, cells[start:], label, row_place(cells), heads))
        return True

    def _whole_row_found(self, wanted: int) -> bool:
        table = self.tables.get(self._section or "")
        return bool(table and any(len(e.cells) == wanted for e in table.entries))

    def flush(self) -> None:
        """Forget what only the next row could have completed."""
        self._pending = ()


def _is_behind_a_break(entry: Entry, cells: tuple[Cell, ...]) -> bool:
    """Whether a row stands on the page behind that of an entry, so that it may be the rest of it."""
    page = entry.at.page
    return page is not None and cells[0].at.page == page + 1 and _is_rest(cells)


def _is_rest(cells: tuple[Cell, ...]) -> bool:
    """Whether a row without a label of the form may be what did not fit on the page before."""
    words = [normalise(cell.text) for cell in cells]
    printed = [word for word, cell in zip(words, cells, strict=True) if word and look_up(cell.text).figure]
    return len("".join(words)) - len("".join(printed)) <= _FRAGMENT or 2 * len(printed) < len(cells)


def _cut_off(entry: Entry, rest: tuple[Cell, ...]) -> Entry:
    """An entry whose figures are in doubt where the row behind it prints digits in the same column."""
    cells = list(entry.cells)
    for number, below in enumerate(reversed(rest[-len(cells) :]), 1):
        if parse(below.text).state == "reported":
            cells[-number] = cells[-number]._replace(damage="its digits may go on on the next page")
    return entry._replace(cells=tuple(cells))


def _guesses_blanks(hits: list[Hit], index: int) -> bool:
    """Whether a row prints no figure under what may be a label, or the rest of one cut in the row before."""
    item = hits[index].item
    return item is not None and not item[1].exact and not any(h.figure and not h.blank for h in hits)


def _all_figures(hits: list[Hit]) -> bool:
    return bool(hits) and all(hit.figure for hit in hits)


def _prints_figure(cells: tuple[Cell, ...]) -> bool:
    return any(parse(cell.text).state in ("reported", "unreadable") for cell in cells)


def _last_words(cells: tuple[Cell, ...]) -> str:
    """The text of the last cell that has any."""
    for cell in reversed(cells):
        if normalise(cell.text):
            return cell.text
    return ""
