"""An imitation of a UCAP site: our own markup in the structure such sites have."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from tests.crawl.server import Answer, Site, pages

LIST = "/xxgk/c102429/list.shtml"
Report = tuple[str, int, bytes]


def address(index: int, year: int, ids: str = "hash") -> str:
    """Where a report lies."""
    name = hashlib.md5(str(index).encode()).hexdigest() if ids == "hash" else f"c01_{868731 + index}"
    return f"/xxgk/c102429/{year + 1}01/{name}.shtml"


def paths(
    reports: Sequence[Report],
    *,
    per_page: int = 4,
    ids: str = "hash",
    paging: str = "call",
    charset: str = "utf-8",
    year_columns: bool = False,
) -> dict[str, Answer | bytes | str]:
    """The pages of the site. ``paging`` is ``call``, ``links`` or ``counter``."""
    made: dict[str, Answer | bytes | str] = {}
    items: dict[str, list[str]] = {}
    for index, (title, year, body) in enumerate(reports):
        here = address(index, year, ids)
        made[here] = Answer(body)
        column = f"/xxgk/c{year}00/list.shtml" if year_columns else LIST
        row = f'<tr><td><a href="{here}" target="_blank">{title}</a></td><td>{year + 1}/1/20</td></tr>'
        items.setdefault(column, []).append(row)
    for column, held in items.items():
        count = -(-len(held) // per_page)
        for number in range(1, count + 1):
            part = "".join(held[(number - 1) * per_page : number * per_page])
            body = f"<table>{part}</table>{_pager(paging, count, number, len(held))}"
            stem = column.removesuffix(".shtml")
            made[f"{stem}_{number}.shtml" if number > 1 else column] = _page(body, charset)
    if year_columns:
        years = sorted({year for _, year, _ in reports})
        links = "".join(f'<a href="/xxgk/c{year}00/list.shtml">{year}年</a> ' for year in years)
        made[LIST] = _page(f'<div class="years">{links}</div>', charset)
    return made


def site(reports: Sequence[Report], **quirks: object) -> Site:
    """The site as a server answers it."""
    return pages(paths(reports, **quirks))  # type: ignore[arg-type]


def _pager(paging: str, count: int, number: int, total: int) -> str:
    if paging == "call":
        return f"<script>createPageHTML('page_div',{count}, {number},'list','shtml',{total});</script>"
    if paging == "counter":
        return f"<div>共<b>{count}</b>页 当前第{number}页</div>"
    following = f'<a href="list_{number + 1}.shtml">下一页</a>' if number < count else "<a>下一页</a>"
    return f"<div>{following}</div>"


def _page(body: str, charset: str) -> Answer:
    text = (
        f'<html><head><meta charset="{charset}"><title>政府信息公开年报</title></head><body>'
        f'<div class="crumb"><a href="/">首页</a>&gt;<a href="{LIST}">政府信息公开年报</a></div>{body}'
        '<ul><li><a href="/xxgk/c1/202401/0123456789abcdef0123456789abcdef.shtml">某县召开会议</a></li></ul>'
        "</body></html>"
    )
    return Answer(text.encode(charset), media_type="text/html")
