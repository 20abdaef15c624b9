"""The records of a list that a script fetches: pieces of HTML, with nothing around that says what list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from gxstats.crawl.page import Finding, Found, Lost, Page, SourceParams
from gxstats.crawl.platforms.links import is_folder, links, names_year, says_report, year_of_folder

ARTICLE: Final = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/art_(\d+)_\d+|art_[0-9a-f]{32})\.html?$")
"""Articles of Hanweb and of its publishing server: with the number of their column, or a hash."""
_BARE: Final = re.compile(
    r"(?:20\d\d年?度?)?[\u4e00-\u9fff()（）·、—-]{2,30}(?:局|委|办|府|院|处|所|厅|署|镇|乡|街道|中心|办公室|"
    r"委员会|联合会|总工会|妇联|残联|科协|团委|大队|支队|总队|公司|学校|医院|管委会|开发区|区|县|市|旗)"
)
_DISCLOSURE: Final = re.compile("(?:信息|政务)公开")
_PAIR: Final = re.compile(
    r"""["']?(\w{1,40})["']?\s*:\s*(?:'([^']{0,500})'|"([^"]{0,500})"|([\w./%+-]{1,100}))"""
)


def reports_in(pieces: Iterable[str], page: Page, source: SourceParams) -> Iterator[Finding]:
    """The reports among the records of a list, with their titles and dates.

    A record is taken by its words: those of a report, a year, or the bare name of a publisher (some
    give no other title). Addresses that are not absolute belong to the list, not to the script behind it.

    Args:
        pieces: the HTML of the records.
        page: where they were found.
        source: whose list it is.
    """
    given = [*pieces]
    held = Page(source.list_url, f"<div>{''.join(given)}</div>".encode())
    listed = [x for x in links(held) if not is_folder(x.url)]
    taken = [x for x in listed if is_record(x.title)]
    yield from (Found(x.url, x.title, x.dated, year_of_folder(x)) for x in taken)
    if given and not listed:
        yield Lost("the records hold no link to an article", "look at the list in a browser")
    elif listed and not taken:
        words = ", ".join(x.title[:30] for x in listed[:3])
        yield Lost(
            f"none of {len(listed)} records is a report: {words}", "is it the column of annual reports?"
        )


def is_record(title: str) -> bool:
    """Whether the words of a record may be those of a report.

    Example:
        >>> [is_record(t) for t in ("某市应急管理局", "某局2023年信息公开年报", "某县举行运动会")]
        [True, True, False]
    """
    plain = "".join(title.split())
    return bool(
        not plain
        or says_report(plain, in_column=True)
        or names_year(plain)
        or _BARE.fullmatch(plain)
        or _DISCLOSURE.search(plain)
    )


def pairs(script: str) -> dict[str, str]:
    """The names and plain values of an object as scripts write it.

    Example:
        >>> pairs("{columnid:981,unitid:'926',webname:'某县'}")
        {'columnid': '981', 'unitid': '926', 'webname': '某县'}
    """
    found = _PAIR.finditer(script[:100_000])
    return {m[1]: next(v for v in (m[2], m[3], m[4]) if v is not None) for m in found}


def most_pages(source: SourceParams, usual: int) -> int:
    """Pages of one list that are read at most: ``most_pages=`` of the source, or as usual."""
    said = source.params.get("most_pages", "")
    return int(said) if said.isascii() and said.isdigit() else usual
