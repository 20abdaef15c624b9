"""The coverage of a dataset as a page of its own: a matrix of bodies and years, with counts.

Whatever comes from a document is escaped; the page loads nothing and runs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gxstats.display.words import visible

if TYPE_CHECKING:
    import pandas as pd

_SIGNS: dict[str, tuple[str, str, str]] = {
    "read": ("✓", "已读，勾稽无不成立", "read, no sum fails"),
    "late": ("✓L", "已读，逾期发布", "read, published late"),
    "sums_fail": ("≠", "已读，有勾稽不成立", "read, a sum fails"),
    "no_table": ("∅", "没有表格", "no table"),
    "image_only": ("▣", "页面为图像", "pages are images"),
    "unreadable": ("×", "无法读取", "cannot be read"),
    "untrusted": ("?", "仅有不可信来源的副本", "only copies from untrusted addresses"),
    "missing": ("–", "没有报告", "no report"),
}
"""Status -> sign, Chinese, English; in the order of the counts."""
_SCOPE = {"body": "本机关 body", "summary": "汇总 summary"}
_OPEN = 300
"""Up to so many bodies all parts of the page are open."""
_LISTED = 2000
"""Rows of a list that are shown; the rest are counted."""


def coverage_page(table: pd.DataFrame) -> str:
    """A web page of the table ``coverage``.

    Args:
        table: what :func:`gxstats.coverage` gives.

    Returns:
        HTML in Chinese and English, for light and dark screens. A cell has a sign beside its colour, ``L``
        if the report came late and ``+`` if nobody expected it.

    Example:
        >>> from gxstats.dataset.frames import frame
        >>> row = {"agency": ["<甲县>"], "year": [2024], "status": ["read"], "expected": [True]}
        >>> "&lt;甲县&gt;" in coverage_page(frame("coverage", row))
        True
    """
    plain = table.astype(object).where(table.notna(), None)
    rows = [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
    placed = [r for r in rows if r["year"] is not None and (r["agency"] or r["agency_id"])]
    loose = [r for r in rows if r["year"] is None or not (r["agency"] or r["agency_id"])]
    style = Path(__file__).with_name("coverage.css").read_text(encoding="utf-8")
    title = "报告覆盖情况 Coverage of reports"
    due = sum(bool(r["expected"]) for r in rows)
    had = sum(bool(r["expected"]) and r["status"] != "missing" for r in rows)
    lead = (
        f"<p>应有 {due} 份，其中 {had} 份已有；另有 {len(rows) - due} 份不在应有之列或身份不明。<br>"
        f"<small>{due} expected, of which {had} are at hand; {len(rows) - due} more that nobody expects or"
        f" whose body or year is not known.{_day(table)}</small></p>"
    )
    parts = [f"<h1>{title}</h1>", lead, _counts(rows), *_matrices(placed), _list(loose)]
    return (
        '<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _day(table: pd.DataFrame) -> str:
    on = table.attrs.get("on")
    return f" 截至 as of {escape(str(on))}." if on else ""


def _counts(rows: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(r["status"] for r in rows)
    lines = [
        f'<tr><td class="{status}">{sign}</td><td>{counts[status]}</td><td>{zh} <small>{en}</small></td></tr>'
        for status, (sign, zh, en) in _SIGNS.items()
    ]
    late = sum(bool(r["late"]) for r in rows)
    extra = sum(not r["expected"] for r in rows)
    for sign, number, zh, en in (
        ("L", late, "逾期发布", "published late, whatever the status"),
        ("+", extra, "不在应有之列", "nobody expected it"),
    ):
        lines.append(f"<tr><td>{sign}</td><td>{number}</td><td>{zh} <small>{en}</small></td></tr>")
    head = _head(("符号", "sign"), ("份数", "reports"), ("状况", "status"))
    return f'<table class="counts"><thead>{head}</thead><tbody>{"".join(lines)}</tbody></table>'


def _matrices(rows: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """A matrix for every province, for one of the whole country is too much for a screen."""
    bodies: dict[str, dict[tuple[Any, ...], list[Mapping[str, Any]]]] = {}
    for row in rows:
        who: tuple[Any, ...] = (row["division_code"], row["agency_id"] or row["agency"], row["scope"])
        if row["agency"] == "*":
            who = (*who, row["source_id"])
        bodies.setdefault(str(row["division_code"] or "")[:2], {}).setdefault(who, []).append(row)
    years = sorted({int(row["year"]) for row in rows})
    opened = " open" if sum(map(len, bodies.values())) <= _OPEN else ""
    for code, mine in sorted(bodies.items()):
        had = sum(row["status"] != "missing" for lines in mine.values() for row in lines)
        every = sum(map(len, mine.values()))
        name = _text(_province(code))
        en = f"{len(mine)} bodies, {had} of {every} at hand"
        summary = f"{name}：{len(mine)} 个机关，{had}/{every} <small>{en}</small>"
        yield f"<details{opened}><summary>{summary}</summary>{_matrix(mine.values(), years)}</details>"


def _province(code: str) -> str:
    from gxstats.places import UnknownDivision, division

    if not code:
        return "区划不明 division not known"
    try:
        return division(f"{code}0000").name
    except UnknownDivision:
        return f"{code}0000"


def _matrix(bodies: Iterable[Sequence[Mapping[str, Any]]], years: Sequence[int]) -> str:
    heads = "".join(f"<th>{year}</th>" for year in years)
    head = f"<tr><th>机关 <small>body</small></th>{heads}</tr>"
    lines = []
    for rows in bodies:
        cells: dict[int, list[Mapping[str, Any]]] = {}
        for row in rows:
            cells.setdefault(int(row["year"]), []).append(row)
        shown = "".join(_cell(cells.get(year, ())) for year in years)
        lines.append(f"<tr><th>{_name(rows)}</th>{shown}</tr>")
    body = f"<thead>{head}</thead><tbody>{''.join(lines)}</tbody>"
    return f'<div class="scroll"><table class="grid">{body}</table></div>'


def _head(*names: tuple[str, str]) -> str:
    return f"<tr>{''.join(f'<th>{zh} <small>{en}</small></th>' for zh, en in names)}</tr>"


def _name(rows: Sequence[Mapping[str, Any]]) -> str:
    newest = max(rows, key=lambda row: (row["status"] != "missing", row["year"]))
    agency = newest["agency"] or newest["agency_id"]
    if agency == "*":
        agency = f"* {newest['source_id'] or ''}"
    quiet = " · ".join(str(v) for v in (newest["division"], _SCOPE.get(newest["scope"])) if v)
    return f"{_text(agency)} <small>{_text(quiet)}</small>"


def _cell(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "<td></td>"
    status = rows[0]["status"]
    said = " / ".join(filter(None, (_said(row) for row in rows)))
    title = f' title="{_text(said)}"' if said else ""
    return f'<td class="{escape(str(status))}"{title}>{" ".join(map(_sign, rows))}</td>'


def _sign(row: Mapping[str, Any]) -> str:
    sign = _SIGNS[row["status"]][0] + ("L" if row["late"] and row["status"] != "late" else "")
    sign = escape(sign + ("" if row["expected"] else "+"))
    url = row["url"]
    # Only web addresses become links: a ledger may hold any address, javascript: included.
    if url and str(url).startswith(("https://", "http://")):
        return f'<a href="{_text(url)}" rel="noreferrer noopener">{sign}</a>'
    return sign


def _said(row: Mapping[str, Any]) -> str:
    late = f"{row['published_on']} > {row['due_on']}" if row["late"] else ""
    fails = f"{row['failing']} 条勾稽不成立 sums fail" if row["failing"] else ""
    return "; ".join(filter(None, (late, fails, row["note"])))


def _list(rows: Sequence[Mapping[str, Any]]) -> str:
    """The documents that have no place in a matrix."""
    if not rows:
        return ""
    shown = "".join(
        f'<tr><td class="{escape(str(row["status"]))}">{_sign(row)}</td><td>{_text(row["agency"] or "")}</td>'
        f"<td>{_text(row['year'] or '')}</td><td>{_text(row['note'] or '')}</td></tr>"
        for row in rows[:_LISTED]
    )
    rest = f"<p>……{len(rows) - _LISTED}</p>" if len(rows) > _LISTED else ""
    head = _head(("状况", "status"), ("机关", "body"), ("年度", "year"), ("说明", "note"))
    table = f'<table class="list"><thead>{head}</thead><tbody>{shown}</tbody></table>'
    summary = f"<summary>身份不明 {len(rows)} <small>body or year not known</small></summary>"
    return f'<details open>{summary}<div class="scroll">{table}</div>{rest}</details>'


def _text(value: object) -> str:
    return escape(visible(str(value)))
