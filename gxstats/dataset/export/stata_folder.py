"""A folder of Stata files (format 118, UTF-8) with labels on their variables."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from gxstats.dataset.export.content import Content, described, labels
from gxstats.dataset.export.csv_folder import describe_folder
from gxstats.dataset.export.single import plain
from gxstats.dataset.export.targets import ExportRefused
from gxstats.dataset.export.wide_tables import label_of_cell, wide_tables
from gxstats.dataset.export.words import word
from gxstats.dataset.order import Lang

_SAID = "lead facts wide apart codes stata_money stata_names"
_LONGEST_NAME, _LONGEST_LABEL, _LONGEST_TEXT = 32, 80, 2045
_MOST_ROWS = 2**31 - 1
_EXACT = 2**53


def write(content: Content, folder: Path, lang: Lang) -> None:
    """Write a file for every table, the facts and each section."""
    resources = []
    facts = [*content.facts()]
    whole = pd.concat(facts, ignore_index=True) if facts else content.reports.head(0)
    for name, table in [("facts", whole), *content.tables.items(), ("labels", labels())]:
        said = {str(c): described(name, str(c)).get(lang, str(c)) for c in table}
        resources.append(_write(folder, name, table, said))
    for section, table in wide_tables(content):
        said = {str(c): label_of_cell(str(c), section, lang) for c in table}
        resources.append(_write(folder, f"wide_{section}", table, said))
    describe_folder(folder, resources, content, lang, _SAID)


def _write(folder: Path, name: str, table: pd.DataFrame, said: dict[str, str]) -> dict[str, Any]:
    if len(table) > _MOST_ROWS:
        raise ExportRefused(f"{name} has {len(table)} rows", hint=f"Stata holds {_MOST_ROWS}")
    names = variables([str(c) for c in table])
    stored = _storable(plain(table)).set_axis([*names.values()], axis="columns")
    texts = [c for c in stored if str(stored[c].dtype) == "object" and _is_long(stored[c])]
    stored.to_stata(
        folder / f"{name}.dta",
        write_index=False,
        version=118,
        # Stata needs a date; this one is nobody's clock.
        time_stamp=datetime(1980, 1, 1),
        data_label=name[:_LONGEST_LABEL],
        variable_labels={names[c]: text[:_LONGEST_LABEL] for c, text in said.items()},
        convert_strl=texts,
    )
    fields = [{"name": n, "title": c, "description": said[c]} for c, n in names.items()]
    resource = {"name": name, "path": f"{name}.dta", "title": word(f"sheet.{name}", "en"), "rows": len(table)}
    return resource | {"format": "dta", "schema": {"fields": fields}}


def variables(columns: list[str]) -> dict[str, str]:
    """Column -> a name Stata can have: at most 32 letters, digits and underlines, each once.

    Example:
        >>> variables(["derived.refused.total", "if", "other.other"])
        {'derived.refused.total': 'derived_refused_total', 'if': 'if_', 'other.other': 'other_other'}
    """
    names: dict[str, str] = {}
    for column in columns:
        name = re.sub(r"\W", "_", column, flags=re.ASCII)
        name = f"{name}_" if name in _reserved() else name
        name = f"_{name}" if name[:1].isdigit() else name
        short, number = name[:_LONGEST_NAME], 1
        while short in names.values():
            number += 1
            short = f"{name[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
        names[column] = short
    return names


@cache
def _reserved() -> frozenset[str]:
    """Words that no variable may be called by."""
    text = Path(__file__).with_name("stata_reserved.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _storable(table: pd.DataFrame) -> pd.DataFrame:
    """Texts as Python strings, "" for none; counts a double cannot hold exactly as text."""
    changed: dict[str, pd.Series[Any]] = {}
    for name, kind in table.dtypes.items():
        column = table[name]
        if str(kind) == "Int64":
            if column.abs().gt(_EXACT).any():
                changed[str(name)] = column.astype("string").fillna("").astype(object)
            elif column.isna().all():
                # pandas cannot tell how wide a variable without values is.
                changed[str(name)] = pd.Series(float("nan"), index=table.index)
        elif str(kind) == "boolean":
            changed[str(name)] = column.astype("Int64")
        elif not str(kind).startswith(("int", "float")):
            texts = ["" if pd.isna(v) else str(v).replace("\0", " ") for v in column]
            changed[str(name)] = pd.Series(texts, index=table.index, dtype=object)
    return table.assign(**changed)


def _is_long(column: pd.Series[Any]) -> bool:
    return any(len(text.encode()) > _LONGEST_TEXT for text in column)
