"""What can go wrong when a table is used: named warnings, kept with the table and shown once per call."""

from __future__ import annotations

import csv
import sys
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

import pandas as pd

from gxstats.dataset.revisions import set_aside
from gxstats.errors import SchemaError
from gxstats.schema.crosswalk import counterpart
from gxstats.schema.quantity import Quantity, form_cells

Lang = Literal["zh", "en"]
_FILE = Path(__file__).with_name("usage_warnings.csv")
_PACKAGE = Path(__file__).parents[1]


class UsageWarning(UserWarning):
    """A table invites a mistake; its names and texts are in ``df.attrs["warnings"]``."""


@cache
def usage_warnings() -> dict[str, dict[str, str]]:
    """The texts of all warnings, by name, in Chinese and English.

    Raises:
        SchemaError: a text is missing or a name occurs twice; names file and line.

    Example:
        >>> list(usage_warnings())[:4]
        ['aggregation', 'form_break', 'scope_mix', 'nested']
    """
    found: dict[str, dict[str, str]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            name = row.pop("name")
            if name in found or not all(row.get(lang) for lang in ("zh", "en")):
                raise SchemaError(
                    f"{name!r} occurs twice or lacks a text", where=f"{_FILE}:{reader.line_num}"
                )
            found[name] = row
    return found


def attach(
    df: pd.DataFrame, named: Iterable[tuple[str, str]], lang: Lang | None, shown: bool
) -> pd.DataFrame:
    """Keep warnings with a frame and show them, as one Python warning.

    Args:
        df: the frame; its ``attrs["warnings"]`` is replaced.
        named: (name, detail) of each warning.
        lang: language of what is shown, English by default.
        shown: whether to show them, or only to keep them.
    """
    kept = [
        {"name": name} | {key: text.format(detail=detail) for key, text in usage_warnings()[name].items()}
        for name, detail in named
    ]
    df.attrs = {**df.attrs, "warnings": kept}
    if kept and shown:
        text = "; ".join(f"{w['name']}: {w[lang or 'en']}" for w in kept)
        warnings.warn(text, UsageWarning, stacklevel=_outside())
    return df


def _outside() -> int:
    """How many calls up the user's own line is, for the warning to name it."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and Path(frame.f_code.co_filename).is_relative_to(_PACKAGE):
        level, frame = level + 1, frame.f_back
    return level


def hazards(df: pd.DataFrame) -> list[tuple[str, str]]:
    """The warnings that rows of facts, joined with their reports or not, deserve: (name, detail)."""
    found = []
    measures = set(df["measure"].dropna().unique())
    if "total" in measures and len(measures) > 1:
        found.append(("aggregation", ""))
    editions = (
        df[["section", "form"]].drop_duplicates().dropna().groupby("section", observed=True)["form"].unique()
    )
    broken = {
        str(name): forms for name, forms in editions.items() if _differ(str(name), tuple(sorted(forms)))
    }
    if broken:
        found.append(
            ("form_break", ", ".join(f"{name}: {' '.join(sorted(f))}" for name, f in broken.items()))
        )
    if "scope" in df:
        found.extend(scope_hazards(df))
    found.extend((name, str(count)) for name, count in set_aside(df)[1].items())
    return found


@cache
def _differ(section: str, editions: tuple[str, ...]) -> bool:
    """Whether some cell of the section has no twin in another of the forms."""
    cells = form_cells()
    return any(
        counterpart(Quantity(one, section, (key[1],), key[2]), other).relation != "same"
        for one in editions
        for other in editions
        for key in cells.get(one, ())
        if key[0] == section
    )


def scope_hazards(reports: pd.DataFrame) -> list[tuple[str, str]]:
    """The warnings that a set of reports deserves for whom they cover."""
    found = []
    if {"body", "summary"} <= set(reports["scope"].dropna().unique()):
        found.append(("scope_mix", ""))
    inside = nested(reports)
    if inside:
        upper, lower = inside
        found.append(("nested", f"{upper} > {lower}"))
    return found


def nested(reports: pd.DataFrame) -> tuple[str, str] | None:
    """The first two division codes of which one's summary covers the other's in the same year.

    Example:
        >>> nested(pd.DataFrame({"division_code": ["320800", "320813"], "scope": "summary", "year": 2024}))
        ('320800', '320813')
    """
    if not {"scope", "division_code", "year"} <= set(reports.columns):
        return None
    rows = reports.loc[reports["scope"].eq("summary").fillna(False), ["year", "division_code"]]
    for _, codes in rows.dropna().drop_duplicates().groupby("year")["division_code"]:
        # A code ends in the zeros of the levels below its own: 320800 covers 3208xx.
        stems = {code: code.removesuffix("00").removesuffix("00") for code in sorted(codes)}
        for upper, stem in stems.items():
            for lower in stems:
                if lower != upper and len(stem) < 6 and lower.startswith(stem):
                    return upper, lower
    return None
