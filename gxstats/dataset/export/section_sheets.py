"""Sheets of the sections: a row per report, a column per cell of the form, one sheet for each edition."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from gxstats.dataset.export.book import Book, Content, Head, Layout, Sheet, Shown, can_be_opened
from gxstats.dataset.export.looks import UNCONFIRMED, figure_look
from gxstats.dataset.export.words import word
from gxstats.dataset.order import Lang
from gxstats.dataset.store.plain import amount_text
from gxstats.model import Fact, Key
from gxstats.schema import Item, Section, form, forms, section_names

_EXACT_DIGITS = 15
_FROZEN = 2
_WHO = (("agency", 30), ("year", 7), ("division", 14), ("division_code", 10), ("scope", 9))
_APART = (("trust", 10), ("is_current", 9), ("source", 14), ("failing", 44))


class Failing(NamedTuple):
    """What fails in the sums of a dataset.

    Attributes:
        named: (document, section) -> the rules and their places, as a text.
        contradicted: (document, section, item, measure) of totals that their parts contradict.
    """

    named: dict[tuple[str, str], str]
    contradicted: set[tuple[str, str, str, str]]


class Cell(NamedTuple):
    """What a workbook shows of one fact."""

    document_id: str
    section: str
    item: str
    measure: str
    form: str | None
    value: int | None
    amount: Decimal | None
    implied: int | None
    state: str
    verdict: str
    sums: str
    raw: str | None


def cells_of(facts: pd.DataFrame) -> Iterator[Cell]:
    """The rows of a frame of facts; what is null is None."""
    columns = []
    for name in Cell._fields:
        values = facts[name].astype(object)
        columns.append(values.where(values.notna(), None).tolist())
    return map(Cell, *columns)


def failing_of(checks: pd.DataFrame) -> Failing:
    """The failing sums of the table ``checks``."""
    named: dict[tuple[str, str], list[str]] = {}
    contradicted = set()
    failed = checks[checks["status"] == "fail"]
    keys = ("document_id", "section", "rule", "where", "operands")
    for document, section, rule, where, operands in zip(*(failed[k] for k in keys), strict=True):
        named.setdefault((document, section), []).append(f"{rule} ({where})")
        each, totals = _right_side(rule)
        for operand in operands.split():
            item, _, measure = operand.partition("/")
            if (measure if each == "item" else item) in totals:
                contradicted.add((document, section, item, measure))
    return Failing({key: "; ".join(rules) for key, rules in named.items()}, contradicted)


@cache
def _right_side(rule: str) -> tuple[str, frozenset[str]]:
    """What an identity is tried on, and the codes of its right side."""
    found = [i for f in forms() for i in f.identities if i.id == rule]
    return found[0].each if found else "", frozenset(code for i in found for code in i.rhs)


class SectionSheets:
    """The sheets of all sections, and one for cells that no form has, made when their first row comes."""

    def __init__(self, book: Book, reports: pd.DataFrame, failing: Failing, lang: Lang) -> None:
        self._book, self._lang, self._failing = book, lang, failing
        self._reports = reports.set_index("document_id")
        self._sheets: dict[tuple[str, str], Sheet] = {}
        self._strays: Sheet | None = None

    def open(self, kinds: set[tuple[str, str]]) -> None:
        """Make the sheets for these (section, form), newest form first; an unknown form is ""."""
        for section, edition in ((s, e) for s in section_names() for e in (*(f.form for f in forms()), "")):
            if (section, edition) in kinds:
                name = edition or word("no_form", self._lang)
                title = f"{word(f'sheet.{section}', self._lang)} {name}"
                heads = (*_who(self._lang), *_cell_heads(_part(edition, section), self._lang))
                self._sheets[section, edition] = self._book.sheet(Layout(title, heads, _FROZEN))

    def add(self, facts: pd.DataFrame) -> None:
        """Add the reports of one batch, by division and agency."""
        grouped: dict[tuple[str, str, str], list[Cell]] = {}
        for cell in cells_of(facts):
            grouped.setdefault((cell.document_id, cell.section, cell.form or ""), []).append(cell)
        order = self._order({document for document, _, _ in grouped})
        for section, edition in self._sheets:
            for document in order:
                cells = grouped.pop((document, section, edition), None)
                if cells is not None:
                    self._add_row(document, section, edition, cells)
        for cells in grouped.values():
            self._add_strays(cells)

    def _order(self, documents: set[str]) -> list[str]:
        known = self._reports.loc[self._reports.index.isin(documents)]
        by = [n for n in ("year", "division_code", "agency") if n in known]
        return [str(d) for d in known.sort_values(by, kind="stable", na_position="last").index]

    def _add_row(self, document: str, section: str, edition: str, cells: list[Cell]) -> None:
        found: dict[tuple[str, str], Cell] = {}
        strays = []
        codes = _codes(edition, section)
        for cell in cells:
            key = (cell.item, cell.measure)
            if key in codes and key not in found:
                found[key] = cell
            else:
                strays.append(cell)
        row: list[Content] = [*self._who(document, section)]
        row += [self._shown(document, (section, *key), found.get(key)) for key in codes]
        self._sheets[section, edition].append(row)
        self._add_strays(strays)

    def _who(self, document: str, section: str) -> Iterator[Content]:
        report = self._reports.loc[document]
        for name, _ in _WHO:
            yield plain_cell(report.get(name), self._lang)
        yield plain_cell(report.get("trust"), self._lang)
        yield plain_cell(report.get("is_current"), self._lang)
        url = report.get("url")
        if can_be_opened(url, report.get("trust")):
            yield Shown(word("open", self._lang), "link", str(url))
        else:
            yield word("untrusted", self._lang) if report.get("trust") == "untrusted" else None
        failing = self._failing.named.get((document, section))
        yield Shown(failing, "wrapped") if failing else None

    def _shown(self, document: str, key: Key, fact: Cell | None) -> Content:
        if fact is None:
            return Shown(word("no_fact", self._lang), "state")
        return shown(fact, (document, *key) in self._failing.contradicted, self._lang)

    def _add_strays(self, cells: list[Cell]) -> None:
        if not cells:
            return
        names = ("document_id", "form", "section", "item", "measure", "state", "verdict", "raw")
        if self._strays is None:
            widths = {"document_id": 21, "item": 28, "measure": 16, "raw": 24}
            heads = tuple(Head(word(n, self._lang), n, widths.get(n, 12)) for n in (*names, "value"))
            self._strays = self._book.sheet(Layout(word("strays", self._lang), heads, 1))
        for fact in cells:
            said: list[Content] = [getattr(fact, name) for name in names]
            self._strays.append([*said, shown(fact, False, self._lang)])


def shown(fact: Cell | Fact, contradicted: bool, lang: Lang) -> Content:
    """What the cell of one fact shows."""
    failing, unconfirmed = fact.sums == "fail", fact.verdict == "unconfirmed"
    if fact.state == "reported" and fact.verdict != "disputed":
        number = fact.value if fact.amount is None else fact.amount
        return _figure(number, failing, contradicted, unconfirmed)
    if fact.verdict == "disputed":
        text = word("disputed", lang)
    elif fact.state in ("dash", "text"):
        text = " ".join((fact.raw or "").split())
    elif fact.state == "blank":
        text = ""
    else:
        text = word(fact.state, lang)
    if fact.implied is not None:
        text = f"{text} [{fact.implied}]".strip()
    # An unreadable or absent cell says by itself that nothing is confirmed.
    doubtful = unconfirmed and fact.state in ("dash", "text")
    look = " ".join(["state", *["failing"] * failing, *["unconfirmed"] * doubtful])
    text += UNCONFIRMED * doubtful
    return Shown(text or None, look) if text or failing else None


def _figure(number: int | Decimal | None, failing: bool, contradicted: bool, unconfirmed: bool) -> Content:
    decimals = 0
    if number is None:
        return None
    if isinstance(number, Decimal):
        text = amount_text(number)
        decimals = len(text.partition(".")[2])
    else:
        text = str(number)
    look = figure_look(decimals, failing=failing, contradicted=contradicted, unconfirmed=unconfirmed)
    if sum(sign.isdigit() for sign in text) > _EXACT_DIGITS:
        marks = UNCONFIRMED * unconfirmed + " ✗" * contradicted
        return Shown(text + marks, " ".join(["state", *["failing"] * failing]))
    if not look:
        return int(number)
    # Of 15 digits the binary fraction shows each as it was printed.
    return Shown(float(text) if decimals else int(number), look)


def plain_cell(value: Any, lang: Lang) -> Content:
    """A value of any table as a cell: truth values as words, what is null as nothing.

    Example:
        >>> plain_cell(True, "en"), plain_cell("=1", "en"), plain_cell(None, "en"), plain_cell(2024, "en")
        ('yes', '=1', None, 2024)
    """
    if value is None or pd.isna(value):
        return None
    if pd.api.types.is_bool(value):
        return word("yes" if value else "no", lang)
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else str(value)


def _who(lang: Lang) -> Iterator[Head]:
    for name, width in (*_WHO, *_APART):
        yield Head(word(name, lang), "", width)


def _cell_heads(part: Section, lang: Lang) -> Iterator[Head]:
    for item, measure in part.cells():
        single = sum(i.item == item.item for i, _ in part.cells()) == 1
        upper = item_head(part, item, lang)
        yield Head(upper, getattr(measure, lang), 24.0 if single else 11.0 if lang == "zh" else 15.0)


def item_head(part: Section, item: Item, lang: Lang) -> str:
    """The upper head of the cells of an item: its number, its group and its label.

    Example:
        >>> applications = form("f2021").section("applications")
        >>> items = {item.item: item for item, _ in applications.cells()}
        >>> item_head(applications, items["refused.state_secret"], "zh")
        '三（三）1 不予公开：属于国家秘密'
        >>> item_head(applications, items["refused.state_secret"], "en")
        'refused: state secret'
    """
    label = str(getattr(item, lang))
    if lang == "en":
        return label
    inside = next((g.zh for g in part.groups if item.item.startswith(f"{g.group}.")), "")
    return f"{item.number} {inside}{'：' if inside else ''}{label}".strip()


@cache
def _codes(edition: str, section: str) -> dict[tuple[str, str], None]:
    return dict.fromkeys((i.item, m.measure) for i, m in _part(edition, section).cells())


def _part(edition: str, section: str) -> Section:
    """A section of a form; of the newest form that has it where the form is unknown."""
    if edition:
        return form(edition).section(section)
    return next(s for f in forms() for s in f.sections if s.section == section)
