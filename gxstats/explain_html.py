"""Explanations as HTML for notebooks and files: escaped, self-contained, nothing loaded, nothing run."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path

from gxstats.display.words import visible
from gxstats.explain_place import Line
from gxstats.explain_table import Context, Placed, width

_LONGEST = 160
"""Characters of a line of text to show on either side of what is meant."""

_PAGE = """<!doctype html>
<html lang="zh">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{title}</title>
<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">
<style>
body {{ margin: 1.5em;
  font-family: system-ui, "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }}
</style>
</head><body>{body}</body></html>
"""


@cache
def style() -> str:
    """The style of all explanations."""
    return Path(__file__).with_name("explain.css").read_text(encoding="utf-8")


def page(title: str, body: str) -> str:
    """A whole HTML page around a fragment that is HTML already."""
    return _PAGE.format(title=text(title), body=body)


def text(raw: object) -> str:
    """Text from a document or a user, safe to stand in HTML.

    Example:
        >>> text("<script>")
        '&lt;script&gt;'
    """
    return escape(visible(str(raw)))


def both(zh: str, en: str) -> str:
    """A label in both languages, the second one small."""
    return text(zh) if zh == en else f"{text(zh)} <small>{text(en)}</small>"


def link(url: str) -> str:
    """An address; a link only if it is one of the web: a report may claim any, ``javascript:`` included.

    Example:
        >>> link("javascript:alert(1)")
        'javascript:alert(1)'
    """
    shown = text(url)
    if not url.startswith(("https://", "http://")):
        return shown
    return f'<a href="{shown}" rel="noreferrer noopener" target="_blank">{shown}</a>'


def picture(png: bytes, words: str) -> str:
    """An image inside the page itself."""
    data = base64.b64encode(png).decode("ascii")
    return f'<div class="gx-scroll"><img alt="{text(words)}" src="data:image/png;base64,{data}"></div>'


def source_table(context: Context) -> str:
    """The row of a cell under its heads as a small clean table; the cell, its heads and labels marked."""
    widest = max([width(context.row), *(width(line) for line in context.heads)])
    rows = []
    for number, line in enumerate(context.heads):
        own = [p for p in line if not p.carried or number == 0]
        left = len(context.heads) - number
        cells = "".join(_cell(p, context, rows=min(p.cell.rowspan, left)) for p in own)
        rows.append(f"<tr>{cells}</tr>")
    short = widest - width(context.row)
    cells = "".join(
        _cell(p, context, short if i == 0 and short and context.target else 0)
        for i, p in enumerate(context.row)
    )
    rows.append(f"<tr>{cells}</tr>")
    return f'<div class="gx-scroll"><table class="gx-source"><tbody>{"".join(rows)}</tbody></table></div>'


def _cell(placed: Placed, context: Context, wider: int = 0, rows: int = 1) -> str:
    span = placed.span + wider
    attributes = f' colspan="{span}"' if span > 1 else ""
    attributes += f' rowspan="{rows}"' if rows > 1 else ""
    shown = text(placed.cell.text.replace("\n", "")) or "&nbsp;"
    if placed is context.row[context.target]:
        return f'<td{attributes} class="gx-mark"><mark class="gx-mark">{shown}</mark></td>'
    kind = ' class="gx-head"' if placed in (*context.marked, *context.labels) else ""
    return f"<td{attributes}{kind}>{shown}</td>"


def source_lines(lines: Sequence[Line]) -> str:
    """Numbered lines of a text with what is meant marked."""
    shown = []
    for line in lines:
        start, end = line.start, line.end
        before, meant = line.text[max(0, start - _LONGEST) : start], line.text[start:end]
        after = line.text[end : end + _LONGEST]
        begin = "…" if start > _LONGEST else ""
        rest = "…" if end + _LONGEST < len(line.text) else ""
        mark = f'<mark class="gx-mark">{text(meant) or "&nbsp;"}</mark>' if line.meant else ""
        shown.append(f"<i>{line.number:>5}</i>  {begin}{text(before)}{mark}{text(after)}{rest}")
    return f"<pre>{chr(10).join(shown)}</pre>"


def pairs(rows: Iterable[tuple[str, str, str]]) -> str:
    """Label in Chinese, in English, and a value that is HTML already."""
    cells = "".join(f"<tr><th>{both(zh, en)}</th><td>{value}</td></tr>" for zh, en, value in rows)
    return f'<div class="gx-scroll"><table><tbody>{cells}</tbody></table></div>'


def listing(heads: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]) -> str:
    """A table of values from documents."""
    head = "".join(f"<th>{both(zh, en)}</th>" for zh, en in heads)
    body = "".join("<tr>" + "".join(f"<td>{text(v)}</td>" for v in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="gx-scroll">{table}</div>'
