"""An imitation of a TRS WCM site: our own markup in the structure such sites have."""

from __future__ import annotations

from collections.abc import Sequence

from tests.crawl.server import Answer, Site, pages

LIST = "/zwgk/zfxxgknb/"
Report = tuple[str, int, bytes]
CALLS = {
    "count first": 'createPageHTML({count}, {current}, "index", "html");',
    "container first": "createPageHTML('page_div',{count}, {current},'index','html',{total});",
    "variables": "var currentPage = {current};var countPage = {count};\n"
    "function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){{}}\n"
    'createPageHTML(countPage,currentPage,"index","html")',
    "name first": 'createPageHTML("index", "html", {count}, {current})',
}


def address(index: int, year: int) -> str:
    """Where a report lies below its list."""
    return f"{year + 1}01/t{year + 1}01{index % 28 + 1:02}_{4000 + index}.html"


def paths(
    reports: Sequence[Report],
    *,
    per_page: int = 3,
    call: str = "count first",
    charset: str = "utf-8",
    twins: bool = False,
    script: bool = False,
    year_folders: bool = False,
    attachment: bytes | None = None,
) -> dict[str, Answer | bytes | str]:
    """The pages of the site."""
    made: dict[str, Answer | bytes | str] = {}
    items: dict[str, list[str]] = {}
    for index, (title, year, body) in enumerate(reports):
        folder = f"{LIST}{year}n/" if year_folders else LIST
        here = address(index, year)
        annex = b""
        if attachment is not None:
            annex = f'<p>附件：<a href="./P0{index}.pdf">{title}.pdf</a></p>'.encode()
            made[f"{folder}{here.rpartition('/')[0]}/P0{index}.pdf"] = Answer(
                attachment + b"%%%d" % index, media_type="application/pdf"
            )
        made[folder + here] = Answer(body + annex)
        items.setdefault(folder, []).append(_item(here, title, year, script))
        if twins:
            twin = here.replace(".html", "_wap.html")
            made[folder + twin] = Answer(body + annex)
            items[folder].append(_item(twin, title, year, script))
    for folder, held in items.items():
        _lists(made, folder, held if script else [*held, *_DECOYS], per_page, CALLS[call], charset, script)
    if year_folders:
        inner = "".join(f'<li><a href="./{f[len(LIST) :]}">{f[-6:-2]}年</a></li>' for f in items)
        made[LIST] = _page("政府信息公开年报", f"<ul>{inner}</ul>", charset)
    made["/zwgk/xw/202401/t20240105_77.html"] = "<p>news</p>"
    return made


def site(reports: Sequence[Report], **quirks: object) -> Site:
    """The site as a server answers it."""
    return pages(paths(reports, **quirks))  # type: ignore[arg-type]


_DECOYS = [
    '<li><a href="./202402/t20240210_9001.html">2023年政府信息公开工作年度报告解读</a></li>',
    '<li><a href="./202002/t20200210_9002.html">某区政府信息公开年度报告制度</a></li>',
]


def _item(address: str, title: str, year: int, script: bool) -> str:
    if script:
        return f'{{"url":"./{address}","title":"{title}","time":"{year + 1}-01-20"}}'
    shown = title if len(title) < 20 else title[:18] + "..."
    return f'<li><a href="./{address}" title="{title}">{shown}</a><span>{year + 1}-01-20</span></li>'


def _lists(
    made: dict[str, Answer | bytes | str],
    folder: str,
    items: list[str],
    per_page: int,
    call: str,
    charset: str,
    script: bool,
) -> None:
    count = -(-len(items) // per_page)
    for number in range(count):
        part = items[number * per_page : (number + 1) * per_page]
        held = f"<script>var list = [{','.join(part)}];</script>" if script else f"<ul>{''.join(part)}</ul>"
        drawn = call.format(count=count, current=number, total=len(items))
        page = _page("政府信息公开年报", f"{held}<script>{drawn}</script>", charset)
        made[f"{folder}index_{number}.html" if number else folder] = page
        if number == 0:
            made[f"{folder}index.html"] = page


def _page(title: str, body: str, charset: str) -> Answer:
    crumbs = (
        f'当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="{LIST}">{title}</a>'
    )
    text = (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}_某区人民政府</title></head>'
        '<body><ul class="nav"><li><a href="/zwgk/xw/">要闻</a></li>'
        '<li><a href="/zwgk/zfxxgkzn/">政府信息公开指南</a></li></ul>'
        f'<div class="where">{crumbs}</div><div class="list">{body}</div>'
        '<div class="hot"><a href="../xw/202401/t20240105_77.html">某区召开会议</a></div></body></html>'
    )
    return Answer(text.encode(charset), media_type="text/html")
