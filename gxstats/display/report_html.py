"""A report, and a list of reports, as a notebook shows them.

Everything that comes from a document is escaped; nothing is loaded from elsewhere and nothing runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from gxstats.display.form_html import both, legend_html, section_html
from gxstats.display.layout import sections_of
from gxstats.display.marks import contradicted
from gxstats.display.summary import Counts, counts_of, name_of, said, why_empty
from gxstats.display.words import visible, word

if TYPE_CHECKING:
    from gxstats.report import Report

_LISTED = 60
"""Reports a list shows before it only counts the rest."""
_FAILURES = 6
"""Failing sums that stand open; the rest are folded."""


@cache
def _style() -> str:
    return f"<style>{Path(__file__).with_name('report.css').read_text(encoding='utf-8')}</style>"


def html_of(report: Report) -> str:
    """A report for a notebook: who and when, what was read, the failing sums, the form, the issues.

    Args:
        report: a report.

    Returns:
        A self-contained piece of HTML that follows the light or dark theme of its host.

    Example:
        >>> from gxstats.report import Report
        >>> "<script>" in html_of(Report({"title": "<script>"}))
        False
    """
    counts = counts_of(report)
    parts = [_head(report)]
    if counts.cells:
        parts += [_numbers(counts), _failing(report)]
        seen: set[str] = set()
        totals = contradicted(report)
        parts += [section_html(report, name, totals, seen) for name in sections_of(report)]
        parts.append(legend_html(seen))
    else:
        parts.append(f"<p>{both(word('no_facts'), word('no_facts', 'en'))}{escape(why_empty(report))}</p>")
    parts += [_issues(report, opened=not counts.cells), _unmatched(report)]
    return f'{_style()}<div class="gx">{"".join(parts)}</div>'


def html_of_many(reports: Iterable[Report]) -> str:
    """A compact list of reports: one row each, and the sum of them.

    Example:
        >>> html_of_many([]).count("<tr>")
        1
    """
    listed = list(reports)
    shown, rest = listed[:_LISTED], len(listed) - _LISTED
    keys = ("agency", "year", "cells", "confirmed", "implied", "sums", "fail", "issues", "source")
    heads = "".join(f"<th>{both(word(key), word(key, 'en'))}</th>" for key in keys)
    rows = "".join(_row(report) for report in shown)
    counts = counts_of(*listed)
    line = f'<p class="gx-name">{len(listed)} 份报告 <small>reports</small></p>{_numbers(counts)}'
    more = f"<p>……另有 {rest} 份 <small>and {rest} more</small></p>" if rest > 0 else ""
    table = f'<table class="gx-form"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return f'{_style()}<div class="gx">{line}<div class="gx-scroll">{table}</div>{more}</div>'


def _head(report: Report) -> str:
    meta = report.meta
    quiet = [f"{word('source')} {meta['source']}"] if meta.get("source") else []
    quiet += [str(meta[key]) for key in ("document_id", "media_type", "fetched_at") if meta.get(key)]
    title = meta.get("title")
    subtitle = f"<p>{escape(visible(str(title)))}</p>" if title and title != name_of(report) else ""
    rest = " · ".join(escape(visible(text)) for text in quiet)
    name = f'<p class="gx-name">{escape(name_of(report))}</p>'
    return f'{name}{subtitle}<p class="gx-quiet">{rest}{_link(meta.get("url"))}</p>'


def _link(url: object) -> str:
    if not url:
        return ""
    text = escape(visible(str(url)))
    # Only web addresses become links: a report may claim any address, javascript: included.
    if str(url).startswith(("https://", "http://")):
        text = f'<a href="{text}" rel="noreferrer noopener" target="_blank">{text}</a>'
    return f" · {text}"


def _numbers(counts: Counts) -> str:
    zh = [f"{counts.cells} 个单元格：{word('confirmed')} {counts.confirmed}"]
    en = [f"{counts.cells} cells: {counts.confirmed} confirmed"]
    for key, number in (("unconfirmed", counts.unconfirmed), ("disputed", counts.disputed)):
        zh.append(f"{word(key)} {number}")
        en.append(f"{number} {word(key, 'en')}")
    if counts.implied:
        zh.append(f"另{word('implied')} {counts.implied}")
        en.append(f"{counts.implied} implied")
    zh_sums = [f"{word(k)} {n}" for k, n in _sums(counts)]
    en_sums = [f"{n} {word(k, 'en')}" for k, n in _sums(counts)]
    sums = both(
        f"{counts.sums} 条勾稽关系：{'，'.join(zh_sums)}", f"{counts.sums} sums: {', '.join(en_sums)}"
    )
    return f"<p>{both('，'.join(zh), ', '.join(en))}</p><p>{sums}</p>"


def _sums(counts: Counts) -> list[tuple[str, int]]:
    return [("hold", counts.hold), ("fail", counts.fail), ("untold", counts.untold)]


def _failing(report: Report) -> str:
    lines = [both(zh, en) for zh, en in zip(said(report, "zh"), said(report, "en"), strict=True)]
    first, rest = lines[:_FAILURES], lines[_FAILURES:]
    if not first:
        return ""
    more = f"<details><summary>……{len(rest)}</summary>{_items('failing', rest)}</details>" if rest else ""
    return _items("failing", first) + more


def _items(name: str, lines: Sequence[str]) -> str:
    return f'<ul class="gx-{name}">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def _issues(report: Report, *, opened: bool) -> str:
    if not report.issue_rows:
        return ""
    lines = []
    for issue in report.issue_rows:
        text = visible(" · ".join(filter(None, (issue.message, issue.hint, str(issue.at)))))
        lines.append(f"<b>{escape(issue.level)}</b> {escape(issue.code)}: {escape(text)}")
    return _folded("issues", lines, opened)


def _unmatched(report: Report) -> str:
    lines = [escape(visible(f"{row.section}: " + " | ".join(row.cells))) for row in report.unmatched]
    return _folded("unmatched", lines, False) if lines else ""


def _folded(key: str, lines: Sequence[str], opened: bool) -> str:
    summary = both(f"{word(key)} {len(lines)}", word(key, "en"))
    return (
        f"<details{' open' if opened else ''}><summary>{summary}</summary>{_items('issues', lines)}</details>"
    )


def _row(report: Report) -> str:
    counts = counts_of(report)
    meta = report.meta
    agency, year = meta.get("agency") or meta.get("title") or "", meta.get("year")
    figures = [
        counts.cells,
        counts.confirmed,
        counts.implied,
        counts.sums,
        counts.fail,
        len(report.issue_rows),
    ]
    cells = [f"<th>{escape(visible(str(agency)))}</th>", f"<td>{escape(str(year or ''))}</td>"]
    for key, number in zip(("", "", "", "", "gx-fail", ""), figures, strict=True):
        cells.append(f'<td class="{key}">{number}</td>' if key and number else f"<td>{number}</td>")
    source = visible(str(meta.get("source") or ""))
    name = PureWindowsPath(source).name  # splits at both kinds of slash
    cells.append(f'<th title="{escape(source)}"><span class="gx-quiet">{escape(name)}</span></th>')
    return f"<tr>{''.join(cells)}</tr>"
