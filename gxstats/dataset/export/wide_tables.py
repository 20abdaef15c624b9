"""The sections of the form as wide tables over all batches of facts."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gxstats.dataset.export.content import Content
from gxstats.dataset.export.words import word
from gxstats.dataset.order import Lang, columns_of, label_of
from gxstats.dataset.wide import wide
from gxstats.schema import forms, section_names

_DERIVED = "derived."


def wide_tables(content: Content) -> Iterator[tuple[str, pd.DataFrame]]:
    """(section, what :func:`gxstats.wide` makes of it), with codes for names, in form order."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for facts in content.facts(locators=False):
        for section in section_names():
            if facts["section"].eq(section).any():
                parts.setdefault(section, []).append(wide(facts, section, content.reports, warn=False))
    for section in section_names():
        if section in parts:
            whole = pd.concat(parts[section], ignore_index=True)
            yield section, whole[_ordered([str(name) for name in whole.columns], section)]


def _ordered(names: list[str], section: str) -> list[str]:
    editions = tuple(f.form for f in forms())
    places = {f"{item}.{measure}": n for n, (item, measure) in enumerate(columns_of(section, editions))}
    head = [name for name in names if "." not in name]
    cells = [name for name in names if "." in name and not name.startswith(_DERIVED)]
    cells.sort(key=lambda name: (places.get(name, len(places)), name))
    return [*head, *cells, *(name for name in names if name.startswith(_DERIVED))]


def label_of_cell(name: str, section: str, lang: Lang) -> str:
    """The label of a column ``item.measure`` of a wide table; other columns are their own.

    Example:
        >>> label_of_cell("derived.refused.total", "applications", "en")
        'refused (derived) / total'
    """
    if "." not in name:
        return word(name, lang)
    item, _, measure = name.removeprefix(_DERIVED).rpartition(".")
    label = label_of(None, section, item, lang)
    if name.startswith(_DERIVED):
        label += (" " if lang == "en" else "") + word("derived", lang)
    return f"{label} / {label_of(None, section, measure, lang)}"


def labelled(table: pd.DataFrame, section: str, lang: Lang) -> pd.DataFrame:
    """The table with labels for names; the code goes with a label that two columns have."""
    names = [label_of_cell(str(name), section, lang) if "." in str(name) else str(name) for name in table]
    twice = {name for name in names if names.count(name) > 1}
    return table.set_axis(
        [f"{n} [{c}]" if n in twice else n for n, c in zip(names, table, strict=True)], axis="columns"
    )
