"""What an answer really is: a page, a challenge that says 200, or a page that is gone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from gxstats.crawl.page import Page
from gxstats.places.address import canonical_address
from gxstats.schema.source import read_yaml

Kind = Literal["page", "blocked", "gone"]
# No part of a text is looked at twice, whatever is left open in it.
_TAG = re.compile(r"<(?:(script|style)\b|[^<>]*>?)", re.I)
_NOWHERE = re.compile(r"/(?:404|notfound|not_found|page_not_found|error)(?:[./_-]|$)", re.I)
_REFUSALS = frozenset({401, 403, 405, 406, 412, 418, 429, 451, 521, 567})
_LOOKED_AT = 200_000


class Mark(NamedTuple):
    """Words that give an answer away, if it says little besides."""

    kind: Kind
    mark: str
    max_text: int


class Answer(NamedTuple):
    """What an answer is, and by which sign."""

    kind: Kind
    reason: str = ""


@cache
def marks() -> tuple[Mark, ...]:
    """The rows of ``answers.yaml``.

    Raises:
        SchemaError: a row is wrong; names file and line.
    """
    found = []
    for row in read_yaml(Path(__file__).with_name("answers.yaml")).each("answers"):
        row.only("kind mark max_text")
        kind: Kind = "gone" if row.choice("kind", ("blocked", "gone")) == "gone" else "blocked"
        found.append(Mark(kind, row.text("mark"), row.number("max_text")))
    return tuple(found)


def judge(page: Page) -> Answer:
    """Tell pages from challenges and from pages that are gone.

    Challenges and empty shells of scripts answer 200; a person must look at them, and a crawler that
    took them for lists would report success.

    Example:
        >>> judge(Page("http://a.gov.cn/", "<html><body>您访问的页面不存在</body></html>".encode())).kind
        'gone'
        >>> judge(Page("http://a.gov.cn/", b"<html><script>go()</script></html>")).reason
        'nothing but scripts'
    """
    if page.status in _REFUSALS:
        return Answer("blocked", f"the server answers {page.status}")
    if page.status in (404, 410):
        return Answer("gone", f"the server answers {page.status}")
    if not _is_markup(page):
        return Answer("page")
    text = page.text[:_LOOKED_AT]
    shown = "".join(_shown(text).split())
    squeezed = "".join(text.split()).lower()
    for mark in marks():
        if len(shown) <= mark.max_text and mark.mark in squeezed:
            return Answer(mark.kind, f"the page says {mark.mark!r}")
    if not shown and "<script" in text.lower() and "<iframe" not in text.lower():
        return Answer("blocked", "nothing but scripts")
    return Answer("page")


def led_away(asked: str, final: str) -> str:
    """Why a redirect says that a page is gone, "" if it does not: it leads to the front page, or to an error.

    Example:
        >>> led_away("http://www.a.gov.cn/nb/1.html", "https://www.a.gov.cn/index.html")
        'it leads to the front page'
        >>> led_away("http://www.a.gov.cn/nb/1.html", "https://www.a.gov.cn/nb/1.html")
        ''
    """
    there, path = canonical_address(final), urlsplit(final).path
    if there == canonical_address(asked):
        return ""
    if there.partition("/")[2] == "" and canonical_address(asked).partition("/")[2]:
        return "it leads to the front page"
    return f"it leads to {path[:100]}" if _NOWHERE.search(path) else ""


def _shown(text: str) -> str:
    """What markup shows: no tags, no scripts, no styles; a script that is never closed goes to the end."""
    lower, parts, at = text.lower(), [], 0
    while tag := _TAG.search(text, at):
        parts.append(text[at : tag.start()])
        at = tag.end()
        if tag[1]:
            end = lower.find(f"</{tag[1].lower()}", at)
            at = len(text) if end < 0 else end
    return " ".join([*parts, text[at:]])


def _is_markup(page: Page) -> bool:
    start = page.body[:2000].lstrip().lower()
    return start.startswith((b"<", b"\xef\xbb\xbf<")) and not start.startswith(b"<?xml")
