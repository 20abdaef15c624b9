"""An imitation of the Anhui system: reports by number with page and file, and columns of units."""

from __future__ import annotations

from collections.abc import Sequence

from tests.crawl.server import Answer, Asked, Site

LIST = "/XxgkAnnualReport/index.html"
UNITS = "/zwgk/units.html"
COLUMN = "/public/column/6981"
Report = tuple[str, int, bytes]


def shown(index: int) -> str:
    """The page of a report; the numbers between are of other publishers."""
    return f"/XxgkAnnualReport/show/{3000 + 2 * index}.html"


def site(
    reports: Sequence[Report],
    *,
    files_only: tuple[int, ...] = (),
    per_page: int = 4,
    years: str = "links",
    attachments: dict[str, Answer] | None = None,
) -> Site:
    """The site: a paged list of numbers at ``LIST``, a unit's column at ``COLUMN`` with the first of
    every year, and a page of units at ``UNITS``; ``files_only`` are listed by their file alone."""
    bodies = {shown(i): body for i, (_, _, body) in enumerate(reports)}
    bodies |= {path.replace("show", "download"): b"%PDF-1.4 " + path.encode() for path in bodies}
    of_year: dict[str, bytes] = {}
    for _, year, body in reports:
        of_year.setdefault(str(year), body)

    def answer(asked: Asked) -> Answer | None:
        if asked.path == LIST:
            return Answer(_list(reports, files_only, int(asked.query.get("pageIndex", 1)), per_page).encode())
        if asked.path == COLUMN and asked.query.get("type") == "3":
            year = asked.query.get("title")
            body = of_year.get(year) if year else _column(sorted(of_year), years).encode()
            return Answer(body, media_type="text/html") if body else None
        if asked.path == UNITS:
            links = "".join(f'<a href="/public/column/{n}?type=3">某区第{n}局</a>' for n in (6981, 6991))
            return Answer(f'<html><body>{links}<a href="/public/column/6981?type=4">政策</a></body>'.encode())
        if asked.path in bodies:
            return Answer(bodies[asked.path], media_type="text/html")
        return (attachments or {}).get(asked.path)

    return answer


def _list(reports: Sequence[Report], files_only: tuple[int, ...], number: int, per_page: int) -> str:
    rows = []
    for index, (title, year, _) in enumerate(reports):
        page, file = shown(index), shown(index).replace("show", "download")
        kept = "" if index in files_only else f'<a href="{page}">{title}</a>'
        words = title if index in files_only else "下载"
        rows.append(f'<tr><td><a href="{file}">{words}</a>{kept}</td><td>{year + 1}/1/20 0:00:00</td></tr>')
    part = rows[(number - 1) * per_page : number * per_page]
    pages = -(-len(rows) // per_page)
    numbers = "".join(f'<a href="?pageIndex={n + 1}">{n + 1}</a>' for n in range(pages))
    rule = '<li><a href="/public/6981/88.html">某区政府信息公开年度报告制度</a></li>'
    return f"<html><title>年度报告</title><table>{''.join(part)}</table>{rule}<p>{numbers}</p></html>"


def _column(years: Sequence[str], offered: str) -> str:
    told = {
        "links": "".join(f'<a href="{COLUMN}?type=3&amp;title={y}">{y}年</a>' for y in years),
        "choice": f"<select>{''.join(f'<option value={y}>{y}</option>' for y in years)}</select>",
        "none": "",
    }[offered]
    other = (
        '<a href="/public/column/6991?type=3">某区第6991局</a><a href="/public/6981/77.html">某区召开大会</a>'
    )
    return f"<html><title>政府信息公开</title><body>{told}{other}<p>年度报告</p></body></html>"
