"""The further pages of a list, as many as its first page says and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from gxstats.crawl.page import Ask, Lost, Page
from gxstats.crawl.platforms.links import absolute, same_host, words_of

MOST_PAGES: Final = 50
"""Pages of one list that are read; ``most_pages=`` in the params of a source says otherwise."""
_CALL: Final = re.compile(r"createPageHTML\s*\(([^()]{1,400})\)", re.I)
_MOST_CALLS: Final = 10
_NOT_CALLED: Final = re.compile(r"(?:function\s+|//[^\n]*)$")
_EXTENSIONS: Final = frozenset({"html", "shtml", "htm", "jhtml"})
_NUMBERED: Final = re.compile(r"^(?P<stem>.*?)(?:_(?P<number>\d{1,4}))?\.(?P<ending>s?html?|jhtml)$")
_IN_QUERY: Final = re.compile(r"[?&](?:\w*page\w*|p|pn)=(\d{1,4})(?:&|$)", re.I)
_NEXT: Final = re.compile(r"(?:下一页|下页|后一页|下一頁|next)[>›»]*|[>›]", re.I)
_COUNT: Final = re.compile(
    r"共\s{0,9}(?:<[^>]{1,80}>)?\s{0,9}(\d{1,4})\s{0,9}(?:</[^>]{1,20}>)?\s{0,9}页|"
    r"\d{1,4}\s{0,9}/\s{0,9}(\d{1,4})\s{0,9}页|"
    r"(?:countPage|pageCount|totalPages?|nPageCount)\W{1,6}(\d{1,4})\b",
    re.I,
)


class Paging(NamedTuple):
    """What a page says of its list: pages, the number of the page it is, and how its files are called."""

    pages: int
    current: int | None
    stem: str | None
    ending: str | None


def further_pages(page: Page, second: int | None, most: int = MOST_PAGES) -> Iterator[Ask | Lost]:
    """The other pages of a list.

    In this order: the call that draws the page numbers (``createPageHTML``), links to the next and to
    numbered pages, a printed count with the way the platform calls its files.

    Args:
        page: a page of the list.
        second: number in the address of the second page, by the custom of the platform; None if unknown.
        most: pages to read at most.

    Example:
        >>> page = Page("http://a.gov.cn/nb/", b'<script>createPageHTML(3, 0, "index", "html");</script>')
        >>> [ask.url for ask in further_pages(page, 1)]
        ['http://a.gov.cn/nb/index_1.html', 'http://a.gov.cn/nb/index_2.html']
    """
    drawn = drawn_paging(page)
    if drawn is not None:
        if _number(page.url) is None:
            start = drawn.current + 1 if drawn.current in (0, 1) else second
            yield from _counted(page, drawn, start, most)
        return
    linked = list(_linked(page))
    for url in linked:
        number = _number(url)
        if number is not None and number > most:
            yield Lost(f"the list has more than {most} pages", "most_pages= in the params reads more")
        else:
            yield Ask(url, "next page")
    if not linked and _number(page.url) is None and (match := _COUNT.search(page.text)):
        count = int(next(group for group in match.groups() if group))
        yield from _counted(page, Paging(count, None, None, None), second, most)


def drawn_paging(page: Page) -> Paging | None:
    """What ``createPageHTML`` is called with, in any of the orders its arguments are known to have.

    Of the first two numbers the count is the larger; a name comes before its ending.

    Example:
        >>> drawn_paging(Page("", b"<script>createPageHTML('page_div',9, 1,'list','shtml',170)</script>"))
        Paging(pages=9, current=1, stem='list', ending='shtml')
    """
    for match in islice(_CALL.finditer(page.text), _MOST_CALLS):
        if _NOT_CALLED.search(page.text[max(0, match.start() - 200) : match.start()]):
            continue
        texts, numbers = _arguments(page, match[1])
        if not numbers:
            continue
        place = next((i for i, text in enumerate(texts) if text in _EXTENSIONS), None)
        named = place is not None and place > 0
        return Paging(
            max(numbers[:2]),
            min(numbers[:2]) if len(numbers) > 1 else None,
            texts[place - 1] if place and named else None,
            texts[place] if place is not None else None,
        )
    return None


def _arguments(page: Page, call: str) -> tuple[list[str], list[int]]:
    texts, numbers = [], []
    for raw in call.split(",")[:12]:
        plain = raw.strip().strip("\"'")
        if plain.isascii() and plain.isdigit():
            numbers.append(int(plain))
        elif plain != raw.strip():
            texts.append(plain)
        elif re.fullmatch(r"\w{1,40}", plain):
            given = re.search(rf"\b{plain}\s*=\s*[\"']?(\d{{1,5}})\b", page.text)
            numbers += [int(given[1])] if given else []
    return texts, numbers


def _counted(page: Page, said: Paging, second: int | None, most: int) -> Iterator[Ask | Lost]:
    if said.pages < 2:
        return
    own = _NUMBERED.match(urlsplit(page.url).path.rpartition("/")[2])
    stem = said.stem or (own["stem"] if own else "index")
    ending = said.ending or (own["ending"] if own else "html")
    if second is None:
        yield Lost(f"the list says it has {said.pages} pages, but links to none", "is it drawn by a script?")
        return
    for number in range(second, second + min(said.pages, most) - 1):
        yield Ask(page.join(f"{stem}_{number}.{ending}"), "page of the list")
    if said.pages > most:
        hint = "most_pages= in the params reads more"
        yield Lost(f"the list says it has {said.pages} pages, {most} are read", hint)


def _linked(page: Page) -> Iterator[str]:
    own = urlsplit(page.url)
    folder, _, file = own.path.rpartition("/")
    stem = (m["stem"] if (m := _NUMBERED.match(file)) else "") or "index"
    seen = {page.url.split("#")[0]}
    for element in page.tree.iter("a", "link"):
        url = absolute(page.url, element.get("href"))
        if url is None:
            continue
        parts = urlsplit(url)
        there, _, name = parts.path.rpartition("/")
        numbered = there == folder and (m := _NUMBERED.match(name)) and m["number"] and m["stem"] == stem
        asked = parts.path == own.path and _IN_QUERY.search(f"?{parts.query}")
        is_next = element.get("rel") == "next" or (element.tag == "a" and _NEXT.fullmatch(words_of(element)))
        if url not in seen and same_host(url, page.url) and (numbered or asked or is_next):
            seen.add(url)
            yield url


def _number(url: str) -> int | None:
    parts = urlsplit(url)
    match = _NUMBERED.match(parts.path.rpartition("/")[2])
    if match and match["number"]:
        return int(match["number"])
    asked = _IN_QUERY.search(f"?{parts.query}")
    return int(asked[1]) if asked else None
