"""Which columns a row has and in which order its heads print them, for every way to word the heads.

Most reports word their heads alike, so what follows from the words is kept for the next report. No
place in a document is part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gxstats.align import columns
from gxstats.align.columns import ColumnOrder, PairOrder
from gxstats.align.tables import Entry
from gxstats.align.vocabulary import SectionWords, sections
from gxstats.model import Cell
from gxstats.schema import Block

Texts = tuple[str, ...]
"""The texts of a row of heads."""


class RowColumns(NamedTuple):
    """The columns of a row.

    ``form`` is the form that they are told by, None if all forms that come into question have the
    same; ``edition`` is the form that ``block`` is taken from, ``head_form`` the one its head speaks for.
    """

    block: Block
    edition: str
    form: str | None
    head_form: str | None

    codes: tuple[str, ...]
    """Of the measures."""


def texts_of(head: Sequence[Cell]) -> Texts:
    """What a row of heads says, without the places."""
    return tuple([cell.text for cell in head])


@lru_cache(maxsize=4096)
def columns_of(section: str, item: str, head: Texts, size: int, evidence: str | None) -> RowColumns | None:
    """The columns of a row: by its own head, else by the section's evidence, else if all forms agree.

    Args:
        section: the section it stands in.
        item: what its label stands for.
        head: the texts of the heads that stood last above it.
        size: how many cells follow its label.
        evidence: the form that the labels of the section speak for, if they do.
    """
    words = sections()[section]
    cells = _cells(head)
    choices = dict(words.blocks_of(item))
    head_form = columns.form_of_head(cells, words) if words.layout == "blocks" else None
    form = head_form
    # 处理决定数量 without 本年 above a single column: just the columns of one form are named.
    named = [f for f, b in choices.items() if columns.names_all_of(cells, b, words)]
    if len(named) == 1 and form not in named:
        form = named[0]
    if form not in choices:
        form = evidence if evidence in choices else None
    if form is not None:
        return RowColumns(choices[form], form, form, head_form, _codes(choices[form]))
    fitting = {f: b for f, b in choices.items() if len(b.measures) == size}
    sets = {_codes(block) for block in (fitting or choices).values()}
    if len(sets) != 1:
        return None
    edition = next(iter(fitting or choices))
    return RowColumns(choices[edition], edition, None, head_form, sets.pop())


def _codes(block: Block) -> tuple[str, ...]:
    return tuple([m.measure for m in block.measures])


@lru_cache(maxsize=1024)
def order_under(
    section: str, item: str, edition: str, heads: tuple[Texts, ...], physical: bool
) -> ColumnOrder:
    """The columns that a form has for an item, in the order in which these heads print them."""
    words = sections()[section]
    block = dict(words.blocks_of(item))[edition]
    return columns.order_of([_cells(head) for head in heads], block, words, physical)


@lru_cache(maxsize=512)
def single_order_under(section: str, heads: tuple[Texts, ...], physical: bool, structured: bool) -> PairOrder:
    """The cells of the single row of a section in the order in which these heads print them."""
    cells = [_cells(head) for head in heads]
    return columns.order_of_single_row(cells, sections()[section], physical, structured)


def _cells(head: Texts) -> tuple[Cell, ...]:
    return tuple([Cell(text) for text in head])


def evidence_of(entries: list[Entry], words: SectionWords) -> str | None:
    """The form that the labels speak for: items that only one form has, or its column heads."""
    votes: Counter[str] = Counter()
    for entry in entries:
        only = words.only_in.get(entry.code)
        if only:
            votes[only] += 1
    if words.layout == "blocks":
        for head in {e.head for e in entries}:
            form = columns.form_of_head(head, words)
            if form:
                votes[form] += 1
    if not votes:
        return None
    (form, count), *rest = votes.most_common()
    return form if not rest or rest[0][1] < count else None
