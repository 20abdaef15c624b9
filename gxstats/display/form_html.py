"""The tables of a form in HTML, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from gxstats.display.layout import Line, Part, parts_of, section_of
from gxstats.display.marks import Mark, legend, mark
from gxstats.display.words import visible, word
from gxstats.model import Fact, Key

if TYPE_CHECKING:
    from gxstats.report import Report

_NONE = {"blank", "absent"}


def section_html(report: Report, name: str, totals: frozenset[Key], seen: set[str]) -> str:
    """One section: its heading and its tables, or the note that it was not found.

    Args:
        report: a report.
        name: a section.
        totals: the fields that failing sums contradict.
        seen: takes up the keys of the legend that the section needs.

    Example:
        >>> from gxstats.report import Report
        >>> "未找到" in section_html(Report({}), "disputes", frozenset(), set())
        True
    """
    section = section_of(report, name)
    heading = f"{escape(section.number)}、{both(section.zh, section.en)}"
    head = f'<p class="gx-section">{heading}</p>'
    if not any(fact.section == name for fact in report.fact_rows):
        return f"{head}<p>{both(word('not_found'), word('not_found', 'en'))}</p>"
    parts = zip(parts_of(report, name, "zh"), parts_of(report, name, "en"), strict=True)
    tables = "".join(_table(report, name, zh, en, totals, seen) for zh, en in parts)
    return f'{head}<div class="gx-scroll">{tables}</div>'


def both(zh: str, en: str) -> str:
    """A label in both languages, the second one small."""
    return f"{escape(zh)} <small>{escape(en)}</small>"


def legend_html(keys: set[str]) -> str:
    """What the marks mean that were used, in both languages."""
    pairs = {
        key: [legend({key}, lang)[0] for lang in ("zh", "en") if legend({key}, lang)] for key in sorted(keys)
    }
    spans = [
        f'<span><b class="gx-{key}">{escape(zh[0]) or "&nbsp;&nbsp;"}</b> {both(zh[1], en[1])}</span>'
        for key, (zh, en) in pairs.items()
    ]
    return f'<p class="gx-legend">{"".join(spans)}</p>' if spans else ""


def _table(report: Report, name: str, zh: Part, en: Part, totals: frozenset[Key], seen: set[str]) -> str:
    grouped = any(line.group for line in zh.lines)
    corner = f'<th colspan="{1 + grouped}">{both(zh.title, en.title) if zh.title else ""}</th>'
    heads = "".join(f"<th>{both(m.zh, m.en)}</th>" for m in zh.measures)
    rows = []
    for labels, line in _labelled(list(zip(zh.lines, en.lines, strict=True)), grouped):
        facts = [report.fact(name, line.item, m.measure) for m in zh.measures]
        cells = "".join(_cell(fact, totals, seen) for fact in facts)
        rows.append(f"<tr>{labels}{cells}</tr>")
    head = f"<thead><tr>{corner}{heads}</tr></thead>"
    return f'<table class="gx-form">{head}<tbody>{"".join(rows)}</tbody></table>'


def _labelled(lines: list[tuple[Line, Line]], grouped: bool) -> Iterable[tuple[str, Line]]:
    """The label cells of each row; a group's label spans its rows."""
    for group, run in groupby(lines, key=lambda pair: (pair[0].group, pair[1].group)):
        members = list(run)
        for number, (zh, en) in enumerate(members):
            label = both(zh.label, en.label)
            if not grouped:
                yield f"<th>{label}</th>", zh
            elif not zh.group:
                yield f'<th colspan="2">{label}</th>', zh
            elif number == 0:
                yield f'<th rowspan="{len(members)}">{both(*group)}</th><th>{label}</th>', zh
            else:
                yield f"<th>{label}</th>", zh


def _cell(fact: Fact | None, totals: frozenset[Key], seen: set[str]) -> str:
    shown = mark(fact, totals)
    seen.update(shown.keys)
    classes = [f"gx-{key}" for key in shown.keys]
    if _NONE & set(shown.keys):
        classes.append("gx-none")
    if "text" in shown.keys:
        classes.append("gx-words")
    names = f' class="{" ".join(classes)}"' if classes else ""
    return f'<td{names} title="{escape(_note(fact))}">{_content(shown)}</td>'


def _content(shown: Mark) -> str:
    implied = f"<i>={escape(shown.implied)}</i>" if shown.implied else ""
    return f"{escape(shown.text)}{implied}{escape(shown.signs)}"


def _note(fact: Fact | None) -> str:
    """What the pointer shows over a cell: what is printed, how it was read, where it stands."""
    if fact is None:
        return word("absent", "en")
    parts = [
        f"{fact.item} / {fact.measure}",
        f"“{visible(fact.raw)}”",
        fact.state,
        fact.verdict,
        f"sums {fact.sums}",
    ]
    if fact.implied is not None:
        parts.append(f"implied {fact.implied}")
    if str(fact.at):
        parts.append(visible(str(fact.at)))
    return " · ".join(parts)
