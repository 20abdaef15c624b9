"""An imitation of ``xxgkAnnualReport.jsp``: publishers in a tree, the years of each on its page."""

from __future__ import annotations

from collections.abc import Sequence

from tests.crawl.server import Answer, Asked, Site

PATH = "/module/xxgk/xxgkAnnualReport.jsp"
Report = tuple[str, int, bytes]


def areas(reports: Sequence[Report]) -> dict[str, str]:
    """Codes and names of the publishers, as their titles say."""
    names = dict.fromkeys(title[: title.index("局") + 1] for title, _, _ in reports)
    codes = ("001008003014021", "113304837338351799", "001008003014003", "11330922002643296E", "001008001")
    return dict(zip(codes, names, strict=False))


def site(
    reports: Sequence[Report],
    *,
    named: str = "links",
    years: str = "choice",
    charset: str = "utf-8",
    attachments: dict[str, Answer] | None = None,
) -> Site:
    """The site; ``named`` says how a page offers publishers, ``years`` how it offers their years."""
    names = areas(reports)
    code_of = {name: code for code, name in names.items()}
    held = {(code_of[t[: t.index("局") + 1]], year): body for t, year, body in reports}

    def answer(asked: Asked) -> Answer | None:
        area, year = asked.query.get("area"), asked.query.get("fbtime")
        if asked.path != PATH:
            return (attachments or {}).get(asked.path)
        if year:
            body = held.get((area or "", int(year)))
            return Answer(body, media_type="text/html") if body else Answer("暂无数据".encode())
        own = sorted(y for a, y in held if a == area)
        text = f'<html><meta charset="{charset}"><title>政府信息公开年报</title><body>{_tree(names, named)}'
        text += f"{_years(area or '', own, years) if area else ''}<p>请选择单位</p></body></html>"
        return Answer(text.encode(charset), media_type="text/html")

    return answer


def _tree(names: dict[str, str], named: str) -> str:
    if named == "links":
        return "".join(f'<li><a href="{PATH}?area={code}">{name}</a></li>' for code, name in names.items())
    if named == "choice":
        options = "".join(f'<option value="{code}">{name}</option>' for code, name in names.items())
        return f'<select name="area"><option value="">请选择</option>{options}</select>'
    if named == "tree":
        nodes = ",".join(f'{{id:"{code}",pId:"0",name:"{name}"}}' for code, name in names.items())
        return f"<script>var zNodes=[{nodes}];</script>"
    return ""


def _years(area: str, own: Sequence[int], years: str) -> str:
    if years == "choice":
        return f'<select id="fbtime">{"".join(f"<option value={y}>{y}年</option>" for y in own)}</select>'
    if years == "links":
        return "".join(f'<a href="{PATH}?fbtime={y}&amp;area={area}">{y}年</a>' for y in own)
    return ""
