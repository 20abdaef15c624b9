"""An imitation of a site of the jpaas publishing server: a shell, and JSON with a piece of HTML."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.crawl.server import Answer, Asked, Site

LIST = "/xxgk/zfxxgknb/index.html"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
ASKED = {
    "parseType": "bulidstatic",
    "webId": "3549",
    "tplSetId": "zfHuDn7pjz",
    "pageType": "column",
    "tagId": "信息列表",
    "editType": "null",
    "pageId": "b5946cb121b84c30",
}
_OTHERS = ((f"/xxgk/zfxxgknb/art/2024/art_{991:032x}.html", "某区2023年政府信息公开工作年度报告图解"),)
Report = tuple[str, int, bytes]


def address(index: int, year: int) -> str:
    """Where a report lies."""
    return f"/xxgk/zfxxgknb/art/{year + 1}/art_{index:032x}.html"


def site(
    reports: Sequence[Report],
    *,
    stated: str = "querydata",
    counted: str = "attributes",
    per_page: int = 4,
    menu: bool = True,
    leave_out: tuple[str, ...] = (),
    attachments: dict[str, Answer] | None = None,
) -> Site:
    """The site; ``stated`` says where the page states what its scripts ask, ``counted`` where an answer
    counts its records."""
    rows = [(address(i, year), title, f"{year + 1}-01-15") for i, (title, year, _) in enumerate(reports)]
    rows[2:2] = [(a, t, "2024-02-01") for a, t in _OTHERS]
    bodies = {address(i, year): body for i, (_, year, body) in enumerate(reports)}
    asked_by_page = {k: v for k, v in ASKED.items() if k not in leave_out}

    def answer(asked: Asked) -> Answer | None:
        if asked.path == LIST:
            return Answer(_shell(stated, asked_by_page, menu).encode())
        if asked.path == UNIT:
            return _built(asked, rows, per_page, counted)
        if asked.path in bodies:
            return Answer(bodies[asked.path], media_type="text/html")
        return (attachments or {}).get(asked.path)

    return answer


def _shell(stated: str, asked: dict[str, str], menu: bool) -> str:
    def quoted(told: dict[str, str]) -> str:
        return "{" + ",".join(f"'{k}':'{v}'" for k, v in told.items()) + "}"

    scripts = ""
    if menu:
        scripts = f'<script url="{UNIT}" queryData="{quoted({**asked, "tagId": "左侧导航"})}"></script>'
    if stated == "querydata":
        scripts += f'<script parseType="ajax" url="{UNIT}" queryData="{quoted(asked)}"></script>'
    elif stated == "script":
        names = "".join(f'var {k} = "{v}";' for k, v in asked.items())
        scripts = f'<script>{names}$.get("{UNIT}", {{webId: webId, pageId: pageId}});</script>'
    elif stated == "address":
        whole = "&amp;".join(f"{k}={v}" for k, v in asked.items())
        scripts = f'<script>load("{UNIT}?{whole}")</script>'
    elif stated == "data":
        held = {"webId": "web-id", "pageId": "page-id", "tplSetId": "tpl-set-id", "tagId": "tag-id"}
        told = "".join(f' data-{held[k]}="{v}"' for k, v in asked.items() if k in held)
        scripts = f'<div class="unit" data-url="{UNIT}"{told}></div>'
    return f"<html><title>政府信息公开年报</title><body><h1>政府信息公开</h1>{scripts}</body></html>"


def _built(asked: Asked, rows: list[tuple[str, str, str]], per_page: int, counted: str) -> Answer:
    said = json.loads(asked.query.get("paramJson", "{}"))
    if any(asked.query.get(name) != ASKED[name] for name in ("webId", "pageId", "tagId")):
        return _json({"success": False, "code": "500", "msg": "模板不存在", "data": None})
    number = said.get("pageNo", 1)
    part = rows[(number - 1) * per_page : number * per_page]
    items = "".join(f'<li><a href="{a}" title="{t}">{t[:16]}...</a><b>{d}</b></li>' for a, t, d in part)
    total = len(rows)
    told = {
        "attributes": f'<div class="pagination" rows="{per_page}" count="{total}" pageNo="{number}"></div>',
        "querydata": f"<p queryData=\"{{'rows':'{per_page}','count':'{total}','pageNo':'{number}'}}\"></p>",
        "data": "",
        "none": '<div class="pagination"><a>下一页</a></div>',
    }[counted]
    data = {"html": f'<div class="page-content"><ul>{items}</ul></div>{told}'}
    beside = {"total": total, "pageSize": per_page} if counted == "data" else {}
    return _json({"success": True, "code": "200", "data": data | beside})


def _json(said: object) -> Answer:
    return Answer(json.dumps(said, ensure_ascii=False).encode(), media_type="application/json;charset=UTF-8")
