"""An imitation of a Hanweb site: a column whose records ``dataproxy.jsp`` gives, in groups."""

from __future__ import annotations

from collections.abc import Sequence

from tests.crawl.server import Answer, Asked, Site

COLUMN, UNIT = "1229040376", "4417"
LIST = f"/col/col{COLUMN}/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
FORM = {
    "col": "1",
    "appid": "1",
    "webid": "33",
    "path": "/",
    "columnid": COLUMN,
    "sourceContentType": "1",
    "unitid": UNIT,
    "webname": "某区人民政府",
    "permissiontype": "0",
}
_OTHERS = (
    ("/art/2024/2/9/art_1229040376_9001.html", "某区2023年政府信息公开工作年度报告解读"),
    ("/art/2020/2/9/art_1229040376_9002.html", "某区政府信息公开年度报告制度"),
    ("/art/2024/3/1/art_1229040376_9003.html", "某区举行春季运动会"),
)
Report = tuple[str, int, bytes]


def address(index: int, year: int) -> str:
    """Where a report lies; one in three has a hash for a name, as newer installations give."""
    if index % 3 == 2:
        return f"/zfxxgk/nb/art/{year + 1}/art_{index:032x}.html"
    return f"/art/{year + 1}/1/{index % 28 + 1}/art_{COLUMN}_{5000 + index}.html"


def site(
    reports: Sequence[Report],
    *,
    store: str = "array",
    held: int = 2,
    per_page: int = 2,
    group_size: int = 2,
    charset: str = "utf-8",
    total: bool = True,
    drawn: bool = True,
    attachments: dict[str, Answer] | None = None,
    short: int = 0,
) -> Site:
    """The site.

    ``store`` says how the page holds its first ``held`` records: in an ``array``, in a ``datastore``, or
    not; ``total`` and ``drawn`` whether it states their number, and anything; ``short`` leaves out
    records of every answer.
    """
    records = [
        _record(address(i, y), t, f"{y + 1}-01-{i % 28 + 1:02}") for i, (t, y, _) in enumerate(reports)
    ]
    records[1:1] = [_record(a, t, "2024-02-09") for a, t in _OTHERS]
    bodies = {address(i, year): body for i, (_, year, body) in enumerate(reports)}

    def answer(asked: Asked) -> Answer | None:
        if asked.path == PROXY:
            return _given(asked, records, per_page * group_size, charset, short)
        if asked.path == LIST:
            shown = (store, records[:held] if drawn and store != "none" else [])
            script = _script(*shown, len(records) if total else None, per_page, group_size) if drawn else ""
            return Answer(_column(script).format(charset=charset).encode(charset), media_type="text/html")
        if asked.path in bodies:
            return Answer(bodies[asked.path], media_type="text/html")
        return (attachments or {}).get(asked.path)

    return answer


def _record(address: str, title: str, day: str) -> str:
    shown = title if len(title) < 20 else title[:18] + "..."
    return f"<li><a href='{address}' title='{title}' target=\"_blank\">{shown}</a><span>{day}</span></li>"


def _script(store: str, held: list[str], total: int | None, per_page: int, group_size: int) -> str:
    recordset = "".join(f"<record><![CDATA[{record}]]></record>" for record in held)
    data, init = "", ""
    if store == "datastore":
        inside = f"{_next(1)}<recordset>{recordset}</recordset>"
        data = f'<script type="text/xml"><datastore>{inside}</datastore></script>'
    elif store == "array":
        quoted = ",".join("'" + record.replace("'", "\\'") + "'" for record in held)
        init = f"var InitData{UNIT} = [{quoted}];"
    told = ",".join(f"{k}:'{v}'" if not v.isdigit() else f"{k}:{v}" for k, v in FORM.items())
    count = f"totalRecord:{total}," if total is not None else ""
    return (
        f"<div id='{UNIT}'>{data}</div><script>{init}$(function(){{$('#{UNIT}').jpage({{themeName:'default',"
        f"showMode:'full',{count}openCookies:false,dataBefore:'<ul>',dataStore:InitData{UNIT},dataAfter:'</ul>',"
        f"groupSize:{group_size},proxyUrl:'{PROXY}',perPage:{per_page},barPosition:'bottom',"
        f"ajaxParam:{{{told}}}}});}});</script>"
    )


def _next(number: int) -> str:
    told = "&amp;".join(f"{k}={v}" for k, v in FORM.items())
    return f'<nextgroup><![CDATA[<a href="{PROXY}?page={number}&{told}"></a>]]></nextgroup>'.replace(
        "&amp;", "&"
    )


def _given(asked: Asked, records: list[str], group: int, charset: str, short: int) -> Answer:
    said = {**asked.query, **asked.form}
    if any(said.get(name) != FORM[name] for name in ("columnid", "unitid", "webid")):
        return Answer(b"<datastore><totalrecord>0</totalrecord><recordset></recordset></datastore>")
    page = int(said.get("page", 0))
    first = int(said.get("startrecord", (page - 1) * group + 1))
    last = int(said.get("endrecord", page * group))
    given = "".join(f"<record><![CDATA[{record}]]></record>" for record in records[first - 1 : last - short])
    total = f"<totalrecord>{len(records)}</totalrecord><totalpage>{-(-len(records) // group)}</totalpage>"
    text = f"<datastore>{total}{_next(page + 1) if page else ''}<recordset>{given}</recordset></datastore>"
    return Answer(text.encode(charset), media_type="text/xml")


def _column(script: str) -> str:
    script = script.replace("{", "{{").replace("}", "}}")
    return (
        '<!DOCTYPE html><html><head><meta charset="{charset}">'
        "<title>某区人民政府 政府信息公开年报</title></head>"
        '<body><ul><li><a href="/">首页</a></li><li><a href="/col/col1/index.html">政府信息公开制度</a></li>'
        '<li><a href="/art/2024/3/2/art_1_7.html">某区召开会议</a></li></ul>'
        f"<h2>政府信息公开年报</h2>{script}<p>版权所有</p></body></html>"
    )
