"""An imitation of Guangdong's system: plain lists, and the catalogue that answers in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.crawl.server import Answer, Asked, Site, pages

LIST = "/bmxx/xxgknb/"
CATALOGUE = "/qynyncj/gkmlpt/annualreport"
API = "/qynyncj/gkmlpt/api/all/2629"
SITE_ID = "763014"
Report = tuple[str, int, bytes]


def address(index: int, catalogue: bool = False) -> str:
    """Where a report lies."""
    number = 11106301 + index
    if catalogue:
        return f"/qynyncj/gkmlpt/content/{number // 1_000_000}/{number // 1000}/post_{number}.html"
    return f"{LIST}content/post_{number}.html"


def paths(
    reports: Sequence[Report], *, per_page: int = 4, paging: str = "links", charset: str = "utf-8"
) -> dict[str, Answer | bytes | str]:
    """The pages of a plain list. ``paging`` is ``links`` or ``counter``."""
    made: dict[str, Answer | bytes | str] = {}
    items = []
    for index, (title, year, body) in enumerate(reports):
        made[address(index)] = Answer(body)
        items.append(f'<dd><a href="{address(index)}">{title}</a><i>{year + 1}年1月20日</i></dd>')
    count = -(-len(items) // per_page)
    for number in range(1, count + 1):
        part = "".join(items[(number - 1) * per_page : number * per_page])
        following = (
            f'<a class="next" href="{LIST}index_{number + 1}.html">下一页</a>' if number < count else ""
        )
        pager = following if paging == "links" else f"<span>第{number}/{count}页</span>"
        text = (
            f'<html><head><meta charset="{charset}"><title>信息公开年报</title></head><body><p>您的位置：'
            f'<a href="/">首页</a>/<a href="{LIST}">信息公开年报</a></p><dl>{part}</dl>{pager}'
            '<div><a href="/zx/tzgg/content/post_1.html">关于放假的通知</a></div></body></html>'
        )
        made[f"{LIST}index_{number}.html" if number > 1 else LIST] = Answer(
            text.encode(charset), media_type="text/html"
        )
    return made


def site(reports: Sequence[Report], **quirks: object) -> Site:
    """The plain list as a server answers it."""
    return pages(paths(reports, **quirks))  # type: ignore[arg-type]


def shell(*, sid: str | None = SITE_ID, tree: bool = True) -> str:
    """The page of the catalogue, which a script fills."""
    columns = [
        {"id": 1, "name": "机构概况", "children": []},
        {"id": 2, "name": "年报", "children": [{"id": 2629, "name": "政府信息公开年度报告", "children": []}]},
        {"id": 3, "name": "年度报告", "jump_url": "http://www.gd.gov.cn/"},
    ]
    parts = [f"SID: '{sid}'"] if sid else []
    parts += [f"TREE: {json.dumps(columns, ensure_ascii=False)}, SERVICE_AREA_ID: 7"] if tree else []
    return (
        '<html><head><meta charset="utf-8"><title>政府信息公开年报</title></head><body><div id="app"></div>'
        f"<script>window._CONFIG = {{{', '.join(parts)}}};</script></body></html>"
    )


def catalogue(reports: Sequence[Report], *, per_page: int = 4, sid: str | None = SITE_ID) -> Site:
    """The catalogue as a server answers it."""
    articles = [
        {"id": index, "title": title, "url": address(index, True), "display_publish_time": 1705708800}
        for index, (title, _, _) in enumerate(reports)
    ]
    fixed = pages({address(i, True): Answer(body) for i, (_, _, body) in enumerate(reports)})

    def answer(asked: Asked) -> Answer | None:
        if asked.path == CATALOGUE:
            return Answer(shell(sid=sid).encode())
        if asked.path == API and asked.query.get("sid") == SITE_ID:
            start = (int(asked.query["page"]) - 1) * per_page
            told = {"articles": articles[start : start + per_page], "classify": {"post_count": len(articles)}}
            return Answer(json.dumps(told).encode(), media_type="application/json")
        return fixed(asked)

    return answer
