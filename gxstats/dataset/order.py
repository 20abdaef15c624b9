"""The order and the labels that codes have in the forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

import pandas as pd

from gxstats.schema import form, forms, section_names

Lang = Literal["zh", "en"]
Column = tuple[str, str]
"""(item, measure)."""


def merged(sequences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """One order that fits all sequences as far as it can; the first one always.

    Example:
        >>> merged([["upheld", "total"], ["upheld", "pending", "total"]])
        ('upheld', 'pending', 'total')
    """
    order: list[str] = []
    for sequence in sequences:
        for place, code in enumerate(sequence):
            if code in order:
                continue
            after = [order.index(c) for c in sequence[place + 1 :] if c in order]
            before = [order.index(c) for c in sequence[:place] if c in order]
            order.insert(after[0] if after else before[-1] + 1 if before else len(order), code)
    return tuple(order)


@cache
def form_order(part: Literal["section", "item", "measure"]) -> tuple[str, ...]:
    """All codes of the forms in the order of the newest form, those of older forms in between.

    Example:
        >>> form_order("measure")[-7:-1]
        ('other_org', 'upheld', 'corrected', 'other', 'pending', 'total')
    """
    if part == "section":
        return section_names()
    tables = [[list(s.cells()) for s in edition.sections] for edition in forms()]
    if part == "item":
        return merged(
            [list(dict.fromkeys(i.item for cells in sections for i, _ in cells)) for sections in tables]
        )
    return merged(
        [list(dict.fromkeys(m.measure for _, m in cells)) for sections in tables for cells in sections]
    )


def ordered(codes: pd.Series, part: Literal["section", "item", "measure"]) -> pd.Series:
    """The codes as an ordered categorical in form order; a code no form has comes last."""
    known = form_order(part)
    others = sorted(set(codes.dropna().unique()) - set(known))
    return codes.astype(pd.CategoricalDtype([*known, *others], ordered=True))


@cache
def columns_of(section: str, editions: tuple[str, ...]) -> tuple[Column, ...]:
    """(item, measure) of every cell a section has in any of the forms, in form order.

    Example:
        >>> columns_of("disputes", ("f2021",))[:2]
        (('review', 'upheld'), ('review', 'corrected'))
    """
    names = [
        [f"{i.item}/{m.measure}" for i, m in edition.section(section).cells()]
        for edition in forms()
        if edition.form in editions and any(s.section == section for s in edition.sections)
    ]
    return tuple((item, measure) for item, _, measure in (name.rpartition("/") for name in merged(names)))


@cache
def label_of(edition: str | None, section: str, code: str, lang: Lang) -> str:
    """The label of a section, item, group or measure in a form, or in the newest that has it.

    Example:
        >>> label_of("f2019", "disclosure", "normative_documents", "zh")
        '规范性文件'
    """
    for candidate in [form(edition)] if edition else forms():
        for part in candidate.sections:
            if part.section != section:
                continue
            if code == section:
                return str(getattr(part, lang))
            for item, measure in part.cells():
                if item.item == code:
                    return str(getattr(item, lang))
                if measure.measure == code:
                    return str(getattr(measure, lang))
            for group in part.groups:
                if group.group == code:
                    return str(getattr(group, lang))
    return code
