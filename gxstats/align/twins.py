"""Rows of a list whose labels are the same: told apart by the row they are parts of.

The form of 2014 prints 维持具体行政行为数 under the reviews and under the lawsuits. Such a row belongs to
the row of its parent only if it follows at once, in the order of the form; anything else between them,
a row that no label matches included, leaves it unknown. Positions are never counted.
"""

from __future__ import annotations

from collections.abc import Mapping

from gxstats.align.tables import Entry, Table
from gxstats.align.vocabulary import SectionWords, sections
from gxstats.model import Unmatched


def tell_twins(table: Table) -> None:
    """Give every row of a list the item it stands for; rows that stay ambiguous are left out, with cells.

    Args:
        table: the rows of one section as they stand in the source; is changed.
    """
    words = sections()[table.section]
    if words.layout != "list" or not table.entries:
        return
    twins = _twins(words)
    parents = {parent for choices in twins.values() for parent in choices}
    entries, broken = table.entries, table.broken
    table.entries, table.broken = [], set()
    parent: Entry | None = None
    last = ""
    for index, entry in enumerate(entries):
        if index in broken:
            parent = None
            table.broken.add(len(table.entries))
        choices = twins.get(entry.code)
        if choices is None:
            parent, last = (entry if entry.code in parents else None), ""
            table.entries.append(entry)
            continue
        code = choices.get(parent.code) if parent else None
        if parent is None or code is None or (last and words.order[code] <= words.order[last]):
            parent = None
            raw = (entry.label, *(cell.text for cell in entry.cells))
            table.leave_out(Unmatched(table.section, raw, entry.at))
            continue
        last = code
        table.entries.append(entry._replace(code=code, exact=entry.exact and parent.exact))


def _twins(words: SectionWords) -> Mapping[str, Mapping[str, str]]:
    """Item -> for each parent, the item that bears a label of it there; only for labels that occur twice."""
    bearing: dict[str, dict[str, str]] = {}
    for item, parent in words.under.items():
        for wording in words.items.wordings[item]:
            bearing.setdefault(wording, {})[parent] = item
    found: dict[str, Mapping[str, str]] = {}
    for choices in bearing.values():
        if len(choices) > 1:
            found.update(dict.fromkeys(choices.values(), choices))
    return found
