"""Draw a report as a web page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from gxstats.testing.blocks import Block, CellSpec, Heading, Picture, Table, Text
from gxstats.testing.forms import layout
from gxstats.testing.spans import bent
from gxstats.testing.spec import FormSpec, Quirks

_STYLE = "table{border-collapse:collapse}td{border:1px solid #000;padding:2px 6px}"


def render_html(spec: FormSpec) -> bytes:
    """The report as the bytes of a web page, in the charset its quirks ask for.

    Example:
        >>> render_html(FormSpec())[:15]
        b'<!DOCTYPE html>'
    """
    quirks = spec.quirks
    declared = quirks.charset if quirks.declared is None else quirks.declared
    meta = f'<meta charset="{declared}">\n' if declared else ""
    body = "\n".join(_block(block, quirks) for block in layout(spec))
    if quirks.layout_table:
        menu = "<tr><td>首页 &gt; 政府信息公开</td></tr>"
        body = f'<table class="page">{menu}<tr><td>\n{body}\n</td></tr></table>'
    page = (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n{meta}<title>{escape(spec.heading)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    return encoded(page, quirks)


def encoded(text: str, quirks: Quirks) -> bytes:
    """The text in the charset of the copy, with its byte order mark if it has one.

    Example:
        >>> encoded("年", Quirks(bom=True)).hex()
        'efbbbfe5b9b4'
    """
    return ("\ufeff" * quirks.bom + text).encode(quirks.charset)


def _block(block: Block, quirks: Quirks) -> str:
    match block:
        case Heading(text, 0):
            return f"<h1>{escape(text)}</h1>"
        case Heading(text, _):
            return f"<p><strong>{escape(text)}</strong></p>"
        case Text(text):
            return f"<p>{escape(text)}</p>"
        case Picture(name):
            return f'<p><img src="{escape(name)}" alt=""></p>'
        case Table():
            rows = bent(block, quirks.spans).rows
            lines = "\n".join(f"<tr>{''.join(_cells(row, quirks))}</tr>" for row in rows)
            return f'<table border="1">\n{lines}\n</table>'


def _cells(row: tuple[CellSpec, ...], quirks: Quirks) -> Iterator[str]:
    for cell in row:
        spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        yield f'<td class="{cell.role}"{spans}>{_content(cell.text, quirks)}</td>'


def _content(text: str, quirks: Quirks) -> str:
    inner = escape(text).replace("\u00a0", "&nbsp;").replace("\n", "<br>")
    if quirks.wrappers == "span":
        return f'<p style="text-align:center"><span style="font-size:14px"><span>{inner}</span></span></p>'
    if quirks.wrappers == "office":
        return _office(inner)
    return inner


def _office(inner: str) -> str:
    """The cell as Word saves it: runs cut between figures and words, namespaced tags, empty runs."""
    style = 'lang="EN-US" style="mso-bidi-font-size:10.5pt"'
    runs = "".join(f"<span {style}>{part}<o:p></o:p></span>" for part in _runs(inner))
    return f'<p class="MsoNormal" align="center"><font face="宋体">{runs}</font></p>'


def _runs(inner: str) -> list[str]:
    """Two runs, cut in the middle of the text, never inside an entity or a tag."""
    middle = len(inner) // 2
    if middle == 0 or any(c in inner for c in "&<"):
        return [inner]
    return [inner[:middle], inner[middle:]]
