"""Damage that knows markup: tags, attributes, entities, nesting, encodings (HTML, and XML in packages)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_TAG = re.compile(rb"<[^<>]{1,2000}>")
_NUMBER = re.compile(rb"(?<==[\"'])-?\d+(?=[^\"'<>]{0,8}[\"'])")
_TEXT = re.compile(rb">([^<>]+)<")
_EXTREMES = (b"0", b"-1", b"1000", b"65536", b"2147483648", b"99999999999999999999", b"1e9", b"", b"NaN")
_SIGNS = (
    *b"&#0; &#xD800; &#x110000; &#xFFFF; &nbsp; &unknown; ]]> <![CDATA[ <!-- 1e999 0.1234567 -0".split(),
    *(b"\0", b"\x0b", b"\xff\xfe", b"\xed\xa0\x80", b"9" * 30, b"9" * 5000),
    *(sign.encode() for sign in ("\u202e", "\ufeff", "\U0001d7d8", "٣", "²", "½", "－")),
)
RUNS = (
    *(
        " ",
        "\n",
        "\t",
        "( ",
        "（",
        "/*",
        "<!--",
        "{",
        "}",
        "1,",
        "1 ",
        "9",
        "、",
        "一、",
        "|",
        "- ",
        "&nbsp;",
        "2024年",
    ),
    *("第", ";", "-", "_", ". ", ":a", "&", "信息公开", "报告", "．"),
)
_CHARSETS = (
    b"utf-8",
    b"gb2312",
    b"gb18030",
    b"utf-16",
    b"utf-7",
    b"big5",
    b"hz",
    b"x-none",
    b"\xff",
    b"idna",
)
_NESTS = (
    b"<table><tr><td>",
    b"<div>",
    b"<b>",
    b"<ul><li>",
    b"<w:tbl><w:tr><w:tc><w:p/>",
    b"<w:p>",
    b"<a><a><a>",
)
_ENTITIES = (
    b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
_FILE = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def drop_tags(data: bytes, rng: random.Random) -> bytes:
    """Some tags less: cells and rows that never end."""
    doomed = _some(list(_TAG.finditer(data)), rng)
    return _replaced(data, [(m.start(), m.end(), b"") for m in doomed])


def repeat_tags(data: bytes, rng: random.Random) -> bytes:
    """Some tags twice or more."""
    times = rng.choice((2, 3, 300))
    return _replaced(data, [(m.start(), m.end(), m[0] * times) for m in _some(_tags(data), rng)])


def exchange_tags(data: bytes, rng: random.Random) -> bytes:
    """Some tags replaced by others of the document."""
    tags = _tags(data)
    return _replaced(data, [(m.start(), m.end(), rng.choice(tags)[0]) for m in _some(tags, rng)])


def change_numbers(data: bytes, rng: random.Random) -> bytes:
    """Numbers in attributes replaced by extreme ones: spans, widths, repeats."""
    found = _some(list(_NUMBER.finditer(data)), rng)
    return _replaced(data, [(m.start(), m.end(), rng.choice(_EXTREMES)) for m in found])


def add_spans(data: bytes, rng: random.Random) -> bytes:
    """Spans where there were none, huge ones too."""
    name = rng.choice((b"colspan", b"rowspan"))
    found = _some([m for m in _tags(data) if m[0][:3].lower() in (b"<td", b"<th", b"<tr")], rng)
    return _replaced(
        data, [(m.start() + 3, m.start() + 3, b' %s="%s"' % (name, rng.choice(_EXTREMES))) for m in found]
    )


def insert_signs(data: bytes, rng: random.Random) -> bytes:
    """Odd characters and broken entities in texts."""
    found = _some(list(_TEXT.finditer(data)), rng)
    places = [rng.randrange(m.start(1), m.end(1) + 1) for m in found]
    return _replaced(data, [(at, at, rng.choice(_SIGNS)) for at in sorted(set(places))])


def insert_runs(data: bytes, rng: random.Random) -> bytes:
    """A sign repeated thousands of times in a text, a style or an attribute: patterns must not blow up."""
    run = (rng.choice(RUNS) * rng.choice((300, 5000, 40_000))).encode()[:200_000]
    wrapped = rng.choice(
        (b"%s", b"%s", b"%s", b"<style>%s", b"<style>.a{%s</style>", b"<p style='%s'>", b"<!--%s")
    )
    found = rng.sample(texts, 1) if (texts := list(_TEXT.finditer(data))) else []
    return _replaced(data, [(m.start(1), m.start(1), wrapped % run) for m in found])


def repeat_subtree(data: bytes, rng: random.Random) -> bytes:
    """The piece between two tags once more, or very often: doubled rows, doubled tables."""
    tags = _tags(data)
    if len(tags) < 2:
        return data
    first = rng.randrange(len(tags) - 1)
    last = min(len(tags) - 1, first + rng.choice((2, 20, 200, 2000)))
    start, end = tags[first].start(), tags[last].end()
    return data[:end] + (data[start:end] * rng.choice((1, 1, 5, 200)))[:3_000_000] + data[end:]


def delete_subtree(data: bytes, rng: random.Random) -> bytes:
    """The piece between two tags less."""
    tags = _tags(data)
    if len(tags) < 2:
        return data
    first = rng.randrange(len(tags) - 1)
    last = min(len(tags) - 1, first + rng.choice((2, 20, 200)))
    return data[: tags[first].start()] + data[tags[last].end() :]


def nest_deeply(data: bytes, rng: random.Random) -> bytes:
    """Thousands of tags opened, closed again or not."""
    opening = rng.choice(_NESTS)
    count = rng.choice((100, 255, 3000, 50_000))
    at = rng.choice([m.start() for m in _tags(data)] or [0])
    return data[:at] + opening * count + data[at:]


def change_charset(data: bytes, rng: random.Random) -> bytes:
    """Another encoding declared, or the bytes put into another encoding."""
    if rng.random() < 0.6:
        return re.sub(rb"((?:charset|encoding)=[\"']?)[\w-]+", rb"\g<1>" + rng.choice(_CHARSETS), data)
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-32", "gb18030", "big5", "utf-8-sig")), "replace")


def declare_entities(data: bytes, rng: random.Random) -> bytes:
    """Entities that grow to gigabytes, or that name a file of the reader's machine."""
    head, used = rng.choice(((_ENTITIES, b"&j;"), (_ENTITIES, b"&e;"), (_FILE, b"&x;")))
    changed = _TEXT.sub(lambda m: b">" + used + m[1] + b"<", data, count=3)
    declared = re.match(rb"\s*<\?xml[^>]*\?>", changed)
    at = declared.end() if declared else 0
    return changed[:at] + head + changed[at:]


def add_attributes(data: bytes, rng: random.Random) -> bytes:
    """Very many or very long attributes in one tag."""
    names = [b" a%d=''" % n for n in range(rng.choice((10, 5000)))]
    text = rng.choice(
        (b"".join(names), b' title="' + b"x" * 200_000 + b'"', b" hidden", b' style="display:none"')
    )
    found = _some([m for m in _tags(data) if m[0][1:2].isalpha()], rng)[:5]
    return _replaced(data, [(m.end() - 1, m.end() - 1, text) for m in found if m[0][-2:] != b"/>"])


def change_texts(data: bytes, rng: random.Random) -> bytes:
    """Texts exchanged: labels where figures were, figures where labels were, nothing, or a long story."""
    found = list(_TEXT.finditer(data))
    return _replaced(
        data,
        [
            (m.start(1), m.end(1), rng.choice((b"", rng.choice(found)[1], m[1] * rng.choice((2, 500)))))
            for m in _some(found, rng)
        ],
    )


def _tags(data: bytes) -> list[re.Match[bytes]]:
    return list(_TAG.finditer(data))


def _some(found: list[re.Match[bytes]], rng: random.Random) -> list[re.Match[bytes]]:
    """A few of them, or many, in order."""
    count = min(len(found), rng.choice((1, 2, 5, 40)))
    return sorted(rng.sample(found, count), key=lambda match: match.start())


def _replaced(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    parts: list[bytes] = []
    last = 0
    for start, end, text in edits:
        parts += [data[last:start], text]
        last = end
    return b"".join([*parts, data[last:]])


MARKUP: dict[str, Callable[[bytes, random.Random], bytes]] = {
    function.__name__: function
    for function in (
        drop_tags,
        repeat_tags,
        exchange_tags,
        change_numbers,
        add_spans,
        insert_signs,
        insert_runs,
        repeat_subtree,
        delete_subtree,
        nest_deeply,
        change_charset,
        declare_entities,
        add_attributes,
        change_texts,
    )
}
