"""Every label of every form in one place, so that a printed text can be looked up once.

The form of a table is chosen from its labels, so labels of all forms are known at the same time:
the sections of all forms that bear the same name are merged into one :class:`SectionWords`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from gxstats.align.labels import AnyLabel, Labels, Match, label_key, normalise, simplified, strip_numbering
from gxstats.align.numbers import looks_like_figure, parse
from gxstats.schema import Block, Form, Item, Layout, Measure, Section, forms


@dataclass(frozen=True, slots=True)
class SectionWords:
    """One section over all forms: its rows, columns and how they are told apart."""

    name: str
    layout: Layout
    editions: tuple[tuple[str, Section], ...]
    items: Labels
    columns: Labels
    order: dict[str, int]
    headings: tuple[str, ...]
    spanning: frozenset[str]
    groups: tuple[str, ...]
    container: tuple[str, ...]
    blocks: dict[str, tuple[tuple[str, Block], ...]]
    only_in: dict[str, str]
    """Item -> the one form that has it, for items that a single form has."""
    landmarks: tuple[str, ...]
    """Labels of the first row, or of the first column where rows have none, or those the form names."""
    unit_heads: frozenset[str]
    units: frozenset[str]
    under: dict[str, str]
    """Item -> the item it is a part of, where its label alone does not tell it from another."""

    def blocks_of(self, item: str) -> tuple[tuple[str, Block], ...]:
        """(form, block) for every edition that has this item."""
        return self.blocks[item]


class Hit(NamedTuple):
    """What one printed text may stand for; several fields can be set (其他 is a row and a column)."""

    figure: bool = False
    blank: bool = False
    item: tuple[str, Match] | None = None
    columns: tuple[tuple[str, str], ...] = ()
    spanning: str | None = None
    """The section in which this text spans several columns."""
    block: str | None = None
    """The section whose block this text is the title of."""
    group: bool = False


_FIGURE = Hit(figure=True)


@cache
def sections() -> dict[str, SectionWords]:
    """Section name -> its merged vocabulary, in print order."""
    names = dict.fromkeys(s.section for f in forms() for s in f.sections)
    return {name: _merge(name, forms()) for name in names}


def _merge(name: str, all_forms: tuple[Form, ...]) -> SectionWords:
    editions = tuple((f.form, s) for f in all_forms for s in f.sections if s.section == name)
    items = [i for _, s in editions for b in s.blocks for i in b.items]
    measures = [m for _, s in editions for b in s.blocks for m in b.measures]
    blocks = {
        i.item: tuple((f, b) for f, s in editions for b in s.blocks if any(x.item == i.item for x in b.items))
        for i in items
    }
    prefixes = [g.zh for _, s in editions for g in s.groups] + [
        s.container for _, s in editions if s.container
    ]
    return SectionWords(
        name=name,
        layout=editions[0][1].layout,
        editions=editions,
        items=Labels(_wordings(items), {i.item: i.core for i in items}, prefixes),
        columns=Labels(_wordings(measures)),
        order=_merged_order([[i.item for b in s.blocks for i in b.items] for _, s in editions]),
        headings=tuple(dict.fromkeys(normalise(h) for _, s in editions for h in s.heading)),
        spanning=frozenset(label_key(h) for _, s in editions for h in (*s.spanning, *s.unit_heads)),
        blocks=blocks,
        only_in={item: found[0][0] for item, found in blocks.items() if len(found) == 1},
        groups=tuple(dict.fromkeys(label_key(g.zh) for _, s in editions for g in s.groups)),
        container=tuple(dict.fromkeys(label_key(s.container) for _, s in editions if s.container)),
        landmarks=tuple(label_key(w) for _, s in editions for w in s.landmarks)
        or (label_key((measures if editions[0][1].layout == "single_row" else items)[0].zh),),
        unit_heads=frozenset(label_key(h) for _, s in editions for h in s.unit_heads),
        units=frozenset(normalise(u) for _, s in editions for u in s.units),
        under={i.item: i.under for i in items if i.under},
    )


def _wordings(things: list[Item] | list[Measure]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for thing in things:
        code = thing.item if isinstance(thing, Item) else thing.measure
        found.setdefault(code, []).extend((thing.zh, *thing.aliases))
    return found


def _merged_order(orders: list[list[str]]) -> dict[str, int]:
    """One order of codes that keeps each form's own: new codes go before their successor."""
    merged = list(orders[0])
    for order in orders[1:]:
        for position, code in enumerate(order):
            if code not in merged:
                following = next((c for c in order[position + 1 :] if c in merged), None)
                merged.insert(merged.index(following) if following else len(merged), code)
    return {code: index for index, code in enumerate(merged)}


@cache
def _group_labels() -> frozenset[str]:
    found = {label_key(g.zh) for f in forms() for s in f.sections for g in s.groups}
    found |= {label_key(s.container) for f in forms() for s in f.sections if s.container}
    found |= {label_key(b.zh) for f in forms() for s in f.sections if s.layout == "list" for b in s.blocks}
    return frozenset(found)


@cache
def _block_titles() -> dict[str, str]:
    return {
        normalise(b.zh): s.section
        for f in forms()
        for s in f.sections
        if s.layout == "blocks"
        for b in s.blocks
    }


@lru_cache(maxsize=65536)
def look_up(text: str) -> Hit:
    r"""What a printed text may stand for.

    Example:
        >>> look_up("1.属于国家秘密").item
        ('applications', Match(code='refused.state_secret', exact=True))
        >>> look_up("12").figure, look_up("&nbsp;".replace("&nbsp;", "\xa0")).blank
        (True, True)
    """
    if text.isascii() and text.replace("\n", "").isdecimal():
        return _FIGURE  # digits alone, perhaps on several lines: most cells, and each of them once
    if not normalise(text):
        return Hit(figure=True, blank=True)
    if looks_like_figure(text):
        return Hit(figure=True, blank=parse(text).state == "blank")
    item, columns = _labels_of(text) if _any_label().may_match(text) else (None, ())
    keys = {label_key(t) for t in (text, *simplified(normalise(text)))} if len(text) < 40 else set()
    return Hit(
        item=item,
        columns=columns,
        spanning=next((w.name for w in sections().values() if keys & w.spanning), None),
        block=_heads_block(text),
        group=bool(keys & _group_labels()),
    )


@cache
def _any_label() -> AnyLabel:
    return AnyLabel(labels for words in sections().values() for labels in (words.items, words.columns))


def _labels_of(text: str) -> tuple[tuple[str, Match] | None, tuple[tuple[str, str], ...]]:
    """The item of some section that a text names, and the columns."""
    known = [words for words in sections().values() if words.layout != "single_row"]
    # Mostly a label of one section is exact, and what it resembles in the others need not be looked for.
    exact = ((w.name, Match(c, True)) for w in known if (c := w.items.wording(text)) is not None)
    near = ((w.name, match) for w in known if (match := w.items.match(text)) is not None)
    columns: list[tuple[str, str]] = []
    for words in sections().values():
        if words.layout == "single_row":
            found = words.items.exact(text) or words.items.exact(simplified(normalise(text))[0])
            if found:
                columns.append((words.name, found))
        column = words.columns.wording(text)
        if column:
            columns.append((words.name, column))
    return next(chain(exact, near), None), tuple(columns)


def _heads_block(text: str) -> str | None:
    plain = simplified(normalise(text))[0]
    if len(plain) >= 20:
        return None
    return next((section for title, section in _block_titles().items() if title in plain), None)


@cache
def _headings() -> dict[str, str]:
    """Heading -> the first section that it announces."""
    found: dict[str, str] = {}
    for words in sections().values():
        for heading in words.headings:
            found.setdefault(heading, words.name)
    return found


@cache
def _like_headings() -> re.Pattern[str] | None:
    """Labels of a list that hold the words of a heading: 主动公开政府信息数 announces no section."""
    headings = [h for words in sections().values() for h in words.headings]
    labels = [
        re.escape(label)
        for words in sections().values()
        if words.layout == "list"
        for wordings in words.items.wordings.values()
        for label in wordings
        if any(h in label for h in headings)
    ]
    return re.compile(f"(?:{'|'.join(labels)})(?!量)") if labels else None


@lru_cache(maxsize=4096)
def heading_of(text: str) -> str | None:
    """The section a heading announces, None for other text.

    Example:
        >>> heading_of("四、政府信息公开行政复议、行政诉讼情况")
        'disputes'
    """
    plain = normalise(text)
    plain = "" if plain.isascii() else strip_numbering(simplified(plain)[0])
    if len(plain) > 45:
        return None
    for heading, section in _headings().items():
        if heading in plain:
            labels = _like_headings()
            return None if labels and labels.search(plain) else section
    return None
