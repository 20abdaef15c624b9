"""The lists that a Hanweb page draws with ``jpage``: what it says of them, and the records it holds.

``$('#926').jpage({totalRecord:103, perPage:15, groupSize:3, ajaxParam:{columnid:981, unitid:'926'},
dataStore:InitData926})``; the records stand in that array, or in ``<datastore>`` beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple

from gxstats.crawl.platforms.records import pairs

_DRAWN: Final = re.compile(
    r"""\(\s*["']#([\w-]{1,40})["']\s*\)\s*\.jpage\(\s*\{((?:[^{}]++|\{[^{}]*+\})*+)\}"""
)
_INNER: Final = re.compile(r"\{[^{}]*\}")
_FORM: Final = re.compile(r"ajaxParam\s*:\s*(?:\{([^{}]*)\}|(\w{1,40}))")
_PROXY: Final = re.compile(r"""["'(]((?:https?:/)?[\w./:-]{0,200}dataproxy\.jsp)""")
_FOLLOWING: Final = re.compile(r"""<a\s{1,9}href\s{0,9}=\s{0,9}["']([^"'<>]{1,2000})["']""")
_STRING: Final = re.compile(r"""\s*+(?:'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)")\s*+,?""")
_ID: Final = re.compile(r"""\bid\s*=\s*["']?([\w-]{1,40})""")


class Unit(NamedTuple):
    """What a page says of one of its lists.

    Attributes:
        name: number of the unit.
        total: records in all; None if the page does not say.
        per_page: records on a page, 0 if the page does not say.
        group: records that the script asks for at a time.
        form: what it asks with.
        records: HTML of the records that the page holds.
        following: address of the next group of records, if the page gives one.
    """

    name: str
    total: int | None
    per_page: int
    group: int
    form: dict[str, str]
    records: list[str]
    following: str | None


def units(text: str) -> list[Unit]:
    """The lists of a page.

    Example:
        >>> text = (
        ...     "<script>$('#9').jpage({totalRecord:3,perPage:2,ajaxParam:{columnid:7,unitid:'9'}})</script>"
        ... )
        >>> units(text)[0][:5]
        ('9', 3, 2, 2, {'columnid': '7', 'unitid': '9'})
    """
    stores = dict(_stores(text))
    found = []
    for match in _DRAWN.finditer(text):
        said = pairs(_INNER.sub("", match[2]))
        store = stores.pop(match[1], "")
        per_page = whole(said.get("perPage"))
        found.append(
            Unit(
                match[1],
                whole(said["totalRecord"]) if "totalRecord" in said else None,
                per_page,
                per_page * (whole(said.get("groupSize")) or 1),
                _form(text, match[2]),
                records(store) or _array(text, said.get("dataStore", "")),
                following(store),
            )
        )
    return found + [Unit(n, None, 0, 0, {}, records(s), following(s)) for n, s in stores.items()]


def records(text: str) -> list[str]:
    """The HTML of the records of a ``<recordset>``.

    Example:
        >>> records("<recordset><record><![CDATA[<li>x</li>]]></record></recordset>")
        ['<li>x</li>']
    """
    inside = (part.partition("</record>")[0].strip() for part in text.split("<record>")[1:])
    return [part.removeprefix("<![CDATA[").removesuffix("]]>").strip() for part in inside]


def following(text: str) -> str | None:
    """The address that a ``<nextgroup>`` gives."""
    match = _FOLLOWING.search(text.partition("<nextgroup>")[2].partition("</nextgroup>")[0])
    return unescape(match[1]) if match else None


def proxy(text: str) -> str | None:
    """The address that the lists of a page are asked from."""
    match = _PROXY.search(text)
    return match[1] if match else None


def whole(text: str | None) -> int:
    """A count as a script or an address holds it; 0 if it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0


def _stores(text: str) -> Iterator[tuple[str, str]]:
    before, *parts = text.split("<datastore>")
    for number, part in enumerate(parts):
        named = _ID.findall(before[-300:])
        yield named[-1] if named else str(number), part.partition("</datastore>")[0]
        before = part


def _form(text: str, drawn: str) -> dict[str, str]:
    match = _FORM.search(drawn)
    if match and match[2]:
        match = re.search(rf"\b{match[2]}\s*=\s*\{{([^{{}}]*)\}}", text)
    return pairs(match[1]) if match else {}


def _array(text: str, name: str) -> list[str]:
    start = re.search(rf"\b{name}\s*=\s*\[", text) if re.fullmatch(r"\w{1,40}", name) else None
    at, found = start.end() if start else len(text), []
    while match := _STRING.match(text, at):
        held = match[1] or match[2] or ""
        found.append(held.replace("\\'", "'").replace('\\"', '"').replace("\\/", "/"))
        at = match.end()
    return found
