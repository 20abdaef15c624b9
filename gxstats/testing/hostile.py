"""Documents made to exhaust or confuse a reader. They are harmless as files; none of them is a report."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

from gxstats.testing.html import render_html
from gxstats.testing.spec import FormSpec

_EPOCH = (1980, 1, 1, 0, 0, 0)
_BOMB = 256_000_000
"""Bytes that the zip bomb unpacks to."""
_DEEP, _SPAN = 20_000, 1_000_000
_PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>合成样例</title></head><body>{}</body></html>"
)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def zip_bomb(salt: str) -> bytes:
    """A DOCX file of some hundred kilobytes whose document has 256 million bytes."""
    return _package({"[Content_Types].xml": _TYPES.encode(), "salt.txt": salt.encode()}, _zeros())


def entity_bomb(salt: str) -> bytes:
    """A DOCX file whose document defines entities by entities, a thousand million characters in all."""
    lines = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    text = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "{salt}">{lines}]><d>&e9;</d>'
    return _package({"[Content_Types].xml": _TYPES.encode(), "word/document.xml": text.encode()})


def deep_nesting(salt: str) -> bytes:
    """A page of elements within elements."""
    return _PAGE.format("<div>" * _DEEP + salt + "</div>" * _DEEP).encode()


def huge_spans(salt: str) -> bytes:
    """A table whose cells claim a million columns and rows."""
    cell = f'<td colspan="{_SPAN}" rowspan="{_SPAN}">{salt}</td>'
    return _PAGE.format(f"<table>{f'<tr>{cell * 20}</tr>' * 20}</table>").encode()


def truncated(salt: str) -> bytes:
    """A report that ends within its second table."""
    text = render_html(FormSpec(forms={"disclosure": ""}, agency=f"虚构{salt}县人民政府"))
    return text[: len(text) // 3]


def empty(_: str) -> bytes:
    """No bytes: the same document every time."""
    return b""


def random_bytes(salt: str) -> bytes:
    """Bytes of no format."""
    return random.Random(salt).randbytes(20_000)


HOSTILE: Mapping[str, tuple[str, Callable[[str], bytes]]] = {
    "zip_bomb": ("docx", zip_bomb),
    "entity_bomb": ("docx", entity_bomb),
    "deep_nesting": ("html", deep_nesting),
    "huge_spans": ("html", huge_spans),
    "truncated": ("html", truncated),
    "empty": ("html", empty),
    "random_bytes": ("pdf", random_bytes),
}
"""Kind -> how its file name ends, and what makes its bytes from a text that tells it from others."""


def _package(parts: Mapping[str, bytes], packed: bytes = b"") -> bytes:
    """A ZIP package; ``packed`` is one more that already holds a part."""
    stream = io.BytesIO(packed)
    with zipfile.ZipFile(stream, "a" if packed else "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


@cache
def _zeros() -> bytes:
    """A package with the huge part; packing it takes a second, so it is done once."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        part = zipfile.ZipInfo("word/document.xml", _EPOCH)
        part.compress_type = zipfile.ZIP_DEFLATED
        with package.open(part, "w") as target:
            block = b" " * 1_000_000
            for _ in range(_BOMB // len(block)):
                target.write(block)
    return stream.getvalue()
