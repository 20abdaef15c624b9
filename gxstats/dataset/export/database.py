"""What the databases have in common: views, indexes, and a table that says what is what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from gxstats.dataset.export.content import Content, described
from gxstats.dataset.export.words import about, word
from gxstats.dataset.order import Lang
from gxstats.dataset.tables import tables
from gxstats.schema.source import Node, read_yaml


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, what it shows, what Datasette offers to count by, and its query."""

    view: str
    zh: str
    en: str
    facets: tuple[str, ...]
    sql: str


@cache
def _node() -> Node:
    node = read_yaml(Path(__file__).with_name("views.yaml"))
    node.only("views indexes facets")
    return node


@cache
def views() -> tuple[View, ...]:
    """The views of ``views.yaml``.

    Example:
        >>> [view.view for view in views()]
        ['figures', 'applications', 'failing_sums', 'not_figures']
    """
    return tuple(
        View(n.text("view"), n.text("zh"), n.text("en"), n.texts("facets"), n.text("sql"))
        for n in _node().each("views")
    )


def indexes() -> Mapping[str, list[list[str]]]:
    """Table -> the columns of each of its indexes."""
    found: Mapping[str, list[list[str]]] = _node().get("indexes")
    return found


def facets() -> Mapping[str, list[str]]:
    """Table -> the columns that Datasette counts by."""
    found: Mapping[str, list[str]] = _node().get("facets")
    return found


def about_table(content: Content, lang: Lang, said: str) -> pd.DataFrame:
    """The table ``about``: what marks and types mean, and what every column is."""
    rows = [("", "", text) for text in [word("dataset_title", lang), *about(said, lang)]]
    rows += [("", name, version) for name, version in sorted(content.versions.items())]
    for spec in tables():
        if spec.table == "facts" or spec.table in content.tables:
            rows.append((spec.table, "", getattr(spec, lang)))
            rows += [(spec.table, c.column, described(spec.table, c.column)[lang]) for c in spec.columns]
    return pd.DataFrame(rows, columns=["table", "column", "text"], dtype="string")
