"""A site of no known system: plain lists and links to the next page."""

from __future__ import annotations

from collections.abc import Sequence

from tests.crawl.server import Answer, Site, pages

LIST = "/zfxxgknb.html"
Report = tuple[str, int, bytes]


def paths(
    reports: Sequence[Report], *, per_page: int = 5, charset: str = "utf-8"
) -> dict[str, Answer | bytes | str]:
    """The pages of the site."""
    made: dict[str, Answer | bytes | str] = {
        f"/show-{i}.html": Answer(b) for i, (_, _, b) in enumerate(reports)
    }
    items = [
        f'<div class="row"><a href="show-{index}.html">{title}</a> [{year + 1}.01.20]</div>'
        for index, (title, year, _) in enumerate(reports)
    ]
    count = -(-len(items) // per_page)
    for number in range(1, count + 1):
        part = "".join(items[(number - 1) * per_page : number * per_page])
        following = f'<a href="?page={number + 1}">下一页&gt;</a>' if number < count else ""
        text = (
            f'<html><head><meta charset="{charset}"><title>政府信息公开年报</title></head><body>'
            f'<a href="/about.html">关于我们</a>{part}<p>{following}</p></body></html>'
        )
        made[f"{LIST}?page={number}" if number > 1 else LIST] = Answer(
            text.encode(charset), media_type="text/html"
        )
    return made


def site(reports: Sequence[Report], **quirks: object) -> Site:
    """The site as a server answers it."""
    return pages(paths(reports, **quirks))  # type: ignore[arg-type]
