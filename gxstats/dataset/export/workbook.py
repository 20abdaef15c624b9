"""An Excel workbook: a legend, a sheet for each section and form, reports, failing sums, issues."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from gxstats.check.words import explain
from gxstats.dataset.export.book import Book, Content, Head, Layout, Shown, can_be_opened
from gxstats.dataset.export.content import Content as Exported
from gxstats.dataset.export.section_sheets import SectionSheets, failing_of, plain_cell
from gxstats.dataset.export.words import about, word
from gxstats.dataset.order import Lang
from gxstats.model import Check
from gxstats.schema import forms

_LEGEND: tuple[tuple[str, tuple[int | float | str | None, str]], ...] = (
    ("number", (12, "")),
    ("blank", (None, "")),
    ("dash", ("—", "state")),
    ("unreadable", ("unreadable", "state")),
    ("absent", ("absent", "state")),
    ("disputed", ("disputed", "state")),
    ("no_fact", ("no_fact", "state")),
    ("implied", ("[0]", "state")),
    ("unconfirmed", (12, "figure unconfirmed")),
    ("failing", (12, "figure failing")),
    ("contradicted", (12, "figure failing contradicted")),
)
_SAID = "apart exact links split codes"
_LONG = ("operands", "explained", "message", "hint", "candidates")
_WIDTHS = {"title": 48, "message": 60, "hint": 40, "operands": 50, "source": 40, "url": 44, "explained": 80}
_WIDTHS |= {"agency": 30, "sha256": 20, "candidates": 20, "document_id": 21, "report_id": 30, "ref": 24}


def write(content: Exported, path: Path, lang: Lang, book: Book | None = None) -> None:
    """Write the workbook, section by section, with the facts of one year in memory at a time."""
    book = book or Book()
    _write_about(book, content, lang)
    sections = SectionSheets(book, content.reports, failing_of(content.tables["checks"]), lang)
    kinds: set[tuple[str, str]] = set()
    for facts in content.facts(locators=False):
        pairs = facts[["section", "form"]].fillna("").drop_duplicates()
        kinds |= {(str(s), str(f)) for s, f in pairs.itertuples(index=False)}
    sections.open(kinds)
    for facts in content.facts(locators=False):
        sections.add(facts)
    _write_table(book, "reports", content.reports, lang)
    checks = content.tables["checks"]
    failed = checks[checks["status"] == "fail"]
    _write_table(book, "checks", _with_words(_with_names(failed, content.reports), lang), lang)
    if "across" in content.tables:
        across = content.tables["across"]
        _write_table(book, "across", across[across["status"] == "fail"], lang)
    _write_table(book, "issues", _with_names(content.tables["issues"], content.reports), lang)
    book.save(path)


def _write_about(book: Book, content: Exported, lang: Lang) -> None:
    heads = (Head(word("legend", lang), "", 24), Head(word("dataset_title", lang), "", 110))
    sheet = book.sheet(Layout(word("about", lang), heads))
    sheet.append([None, Shown(about("lead", lang)[0], "lead")])
    for key, (value, look) in _LEGEND:
        text = word(value, lang) if isinstance(value, str) else value
        sheet.append([Shown(text, look) if look else text, Shown(about(key, lang)[0], "wrapped")])  # type: ignore[list-item]
    for sentence in about(_SAID, lang):
        sheet.append([None, Shown(sentence, "wrapped")])
    failed = content.tables["checks"]["status"].eq("fail").sum()
    counted = {"reports": len(content.reports), "checks": failed, "issues": len(content.tables["issues"])}
    for name, rows in counted.items():
        sheet.append([word(f"sheet.{name}", lang), f"{rows} {word('rows', lang)}"])
    for name, version in sorted(content.versions.items()):
        sheet.append([name, version])


def _with_names(table: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table with agency and year in front."""
    who = [name for name in ("agency", "year") if name in reports and name not in table]
    named = table.merge(reports[["document_id", *who]], on="document_id", how="left")
    return named[[*who, *(name for name in table.columns)]]


def _with_words(checks: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The failing sums with a sentence for each."""
    known = {i.id for f in forms() for i in f.identities}
    said = [explain(_check(row), lang) if row["rule"] in known else "" for _, row in checks.iterrows()]
    with_words = checks.copy()
    with_words.insert(2, "explained", pd.Series(said, index=checks.index, dtype="string"))
    return with_words


def _check(row: Any) -> Check:
    values: dict[str, Any] = {n: None if pd.isna(row[n]) else row[n] for n in Check._fields}
    return Check(**values | {"operands": ()})


def _write_table(book: Book, name: str, table: pd.DataFrame, lang: Lang) -> None:
    columns = [str(column) for column in table]
    heads = tuple(Head(word(c, lang), c, _WIDTHS.get(c, 14)) for c in columns)
    frozen = 2 if columns[:2] == ["agency", "year"] else 1
    sheet = book.sheet(Layout(word(f"sheet.{name}", lang), heads, frozen))
    trust = table["trust"] if "trust" in columns else [None] * len(table)
    for row, trusted in zip(table.itertuples(index=False, name=None), trust, strict=True):
        sheet.append(_cells(columns, row, trusted, lang))


def _cells(columns: Sequence[str], row: Sequence[Any], trust: object, lang: Lang) -> list[Content]:
    cells: list[Content] = [plain_cell(value, lang) for value in row]
    for place, name in enumerate(columns):
        text = cells[place]
        if name in _LONG and isinstance(text, str):
            cells[place] = Shown(text, "wrapped")
    if "url" in columns:
        place = columns.index("url")
        if can_be_opened(row[place], trust):
            cells[place] = Shown(row[place], "link", row[place])
    return cells
