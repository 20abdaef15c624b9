"""Reports whose every figure is another one, as specs, pages and readings, for tests to disturb."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from lxml import etree
from lxml import html as lxml_html

import gxstats as gx
from gxstats.model import Key
from gxstats.schema import form as get_form
from gxstats.testing.compare import Comparison, compare
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.html import render_html
from gxstats.testing.values import Expected, expected, failing

Element = etree._Element
PARTS = ("natural_person", "enterprise", "research", "public_interest", "legal_service", "other_org")
COLUMNS = (*PARTS, "total")
PROCEDURES = ("review", "litigation_direct", "litigation_after_review")
RESULTS = ("upheld", "corrected", "other", "pending")


def distinct_values(form: str = "f2021", start: int = 1) -> dict[Key, int]:
    """A figure for every cell: none is zero, no two parts are equal, every identity holds.

    Args:
        form: the form.
        start: the first figure; another one gives another report.
    """
    edition = get_form(form)
    keys = [(s.section, i.item, m.measure) for s in edition.sections for i, m in s.cells()]
    values = {key: number for number, key in enumerate(keys, start)}
    if not any(s.section == "applications" for s in edition.sections):
        for rule in sorted(edition.identities, key=lambda r: -len(r.rhs[0])):  # parts before their total
            (total,) = rule.rhs
            section = rule.section
            values[section, total, "value"] = sum(values[section, part, "value"] for part in rule.lhs)
        assert failing(values, form) == []
        return values
    leaves = next(rule.lhs for rule in edition.identities if rule.id == "A-SUM")
    table = "applications"
    for item in (*leaves, "carried_in", "carried_out"):
        values[table, item, "total"] = sum(values[table, item, part] for part in PARTS)
    for column in COLUMNS:
        outcomes = sum(values[table, leaf, column] for leaf in leaves)
        values[table, "outcome_total", column] = outcomes
        flow = values[table, "carried_out", column] - values[table, "carried_in", column]
        values[table, "received", column] = outcomes + flow
    for item in PROCEDURES:
        values["disputes", item, "total"] = sum(values["disputes", item, m] for m in RESULTS)
    assert failing(values, form) == []
    return values


def a_spec(
    form: str = "f2021",
    *,
    blank: Callable[[Key], bool] | None = None,
    changed: Mapping[Key, str] | None = None,
    start: int = 1,
    forms: Mapping[str, str] | None = None,
    quirks: Quirks | None = None,
    agency: str = "某县人民政府",
    year: int = 2024,
) -> FormSpec:
    """A report of distinct figures; cells that ``blank`` names print nothing."""
    printed: dict[Key, str] = {}
    for edition in (*(name for name in (forms or {}).values() if name), form):
        printed |= {key: str(number) for key, number in distinct_values(edition, start).items()}
    for section, edition in (forms or {}).items():
        if edition and "/" not in section:
            own = distinct_values(edition, start)
            printed |= {key: str(number) for key, number in own.items() if key[0] == section}
    printed = {key: "" if blank and blank(key) else text for key, text in printed.items()}
    printed |= changed or {}
    return FormSpec(form, forms or {}, printed, agency, year, quirks=quirks or Quirks())


def page(spec: FormSpec) -> Element:
    """The report as an HTML tree that can be changed."""
    return lxml_html.fromstring(render_html(spec))


def dump(root: Element) -> bytes:
    """A tree as the bytes of a page."""
    return lxml_html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>")


def td(text: str = "", **attributes: str) -> Element:
    """A new cell."""
    cell = etree.Element("td", **attributes)
    cell.text = text
    return cell


def tr(*texts: str) -> Element:
    """A new row."""
    row = etree.Element("tr")
    row.extend([td(text) for text in texts])
    return row


def table(*rows: Iterable[str]) -> str:
    """The markup of a table."""
    lines = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def text_of(element: Element) -> str:
    """The text below an element, without white space."""
    return "".join("".join(element.itertext()).split())


def row_of(root: Element, label: str) -> Element:
    """The first row one of whose own cells bears this label (without its number)."""
    for row in root.iter("tr"):
        if any(re.sub(r"^(\d+\.|[（(].[）)]|.、)*", "", text_of(c)) == label for c in row.iter("td")):
            return row
    raise LookupError(label)


def rows_of_figures(root: Element, width: int = 7) -> list[tuple[Element, list[Element]]]:
    """Every row that ends in exactly so many cells of digits or blanks behind a label, and those cells."""
    found = []
    for row in root.iter("tr"):
        cells = list(row.iter("td"))
        labels = [n for n, c in enumerate(cells) if text_of(c) and not text_of(c).isdecimal()]
        behind = cells[labels[-1] + 1 if labels else 0 :]
        if len(behind) == width and any(text_of(c).isdecimal() for c in behind):
            found.append((row, behind))
    return found


def before(content: bytes, mark: str, markup: str) -> bytes:
    """The page with some markup inserted before the first place where ``mark`` stands."""
    text = content.decode()
    assert mark in text
    return text.replace(mark, markup + mark, 1).encode()


def compared(content: bytes, truth: Mapping[Key, Expected], *sections: str) -> Comparison:
    """Read the bytes and compare the facts of these sections (all if none is named)."""
    report = gx.read_report(content)
    wanted = {key: said for key, said in truth.items() if not sections or key[0] in sections}
    return compare([f for f in report.fact_rows if not sections or f.section in sections], wanted)


def truth_of(spec: FormSpec) -> dict[Key, Expected]:
    """What a right reading says."""
    return expected(spec)


def codes(report: gx.Report) -> set[str]:
    """The codes of a report's issues."""
    return {issue.code for issue in report.issue_rows}
