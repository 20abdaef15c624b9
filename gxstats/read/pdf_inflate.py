"""How much the streams of a PDF hold once inflated: told before pdfium is given a page.

pdfium inflates and parses all content of a page at once, and keeps some twenty bytes of objects for
each byte of it: a file of a kilobyte can take gigabytes. Nothing of a PDF's structure is needed to
see that, for streams stand in the file as they are, each behind its dictionary. Images and fonts
are left out: pdfium keeps those as they are until they are drawn. What hides its size from this
(encryption, other compressions, a wrong label) still meets the memory limit of the process that
reads it (:mod:`gxstats.batch`).
"""

from __future__ import annotations

import base64
import re
import zlib
from bisect import bisect_right
from typing import NamedTuple

from gxstats.errors import LimitExceeded
from gxstats.read.pdf_forms import Form, refuse_multiplied
from gxstats.read.pdf_limits import MAX_FORMS, MAX_INFLATED

_RATIO = 1032
"""Deflate makes at most so many bytes of one."""
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 1000
"""Of a dictionary at most so many bytes are looked at, from its end."""
_INERT = re.compile(rb"/Image\b|/Length1\b|/(?:Type1C|CIDFontType0C|OpenType)\b")
_FONTS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf", b"%!PS", b"\1\0")
"""First bytes of font programs."""
_TWICE = re.compile(rb"/Fl[^>]{0,40}/Fl")
"""Deflated twice: no program does that, but it makes a million bytes of one."""


class Stream(NamedTuple):
    """Where a stream's data begins, and where it ends at the latest: where the next one's begins."""

    start: int
    end: int


def refuse_bombs(data: bytes) -> None:
    """Refuse a PDF whose drawing instructions are larger than those of any report.

    Raises:
        LimitExceeded: They are over ``MAX_INFLATED`` bytes, or forms that draw forms multiply.

    Example:
        >>> refuse_bombs(b"%PDF-1.4 ...")
    """
    found = _STREAM.finditer(data)
    starts = [match.end() for match in found if not data.endswith(b"end", 0, match.start())]
    streams = list(map(Stream, starts, [*starts[1:], len(data)]))
    if b"/Form" in data:
        _refuse_forms(data, streams)
    twice = _TWICE.search(data) is not None
    left = len(data)
    total = 0
    for stream in sorted(streams, key=_length, reverse=True):
        if left * _RATIO + total <= MAX_INFLATED and not twice:
            break  # what is left cannot be too much: the largest came first
        left -= _length(stream)
        head = _head(data, stream.start)
        if not _is_inert(data, stream, head):
            total += len(_inflate(data, stream, head, MAX_INFLATED + 1 - total))
        if total > MAX_INFLATED:
            raise _too_much()


def _too_much() -> LimitExceeded:
    return LimitExceeded(
        f"the PDF holds over {MAX_INFLATED >> 20} MB of drawing instructions",
        hint="no report is that large: look at the file by itself",
    )


def _length(stream: Stream) -> int:
    return stream.end - stream.start


def _refuse_forms(data: bytes, streams: list[Stream]) -> None:
    forms = []
    total = 0
    seen = -1
    for match in re.finditer(rb"/Form\b", data):
        at = bisect_right(streams, (match.start(), 0))
        if at == seen or at == len(streams) or streams[at].start - match.start() > _DICTIONARY:
            continue
        seen = at
        head = _head(data, streams[at].start)
        forms.append(Form(head, _inflate(data, streams[at], head, MAX_INFLATED)))
        total += len(forms[-1].content)
        if total > MAX_INFLATED or len(forms) > MAX_FORMS:
            raise _too_much()
    refuse_multiplied(data, forms)


def _head(data: bytes, start: int) -> bytes:
    """The dictionary before a stream, from the number of its object on if that is near."""
    head = data[max(0, start - _DICTIONARY) : start]
    begins = head.rfind(b" obj")
    return head[max(0, begins - 20) :] if begins >= 0 else head


def _is_inert(data: bytes, stream: Stream, head: bytes) -> bool:
    """Whether pdfium leaves a stream as it is when it loads a page: an image, or a font program."""
    found = _INERT.search(head)
    if found is None or found[0] == b"/Image":
        return found is not None
    return _inflate(data, stream, head, 4).startswith(_FONTS)


def _inflate(data: bytes, stream: Stream, head: bytes, limit: int) -> bytes:
    """At most ``limit`` bytes of what a stream holds; nothing if it is packed in another way."""
    raw = data[stream.start : stream.end]
    if b"/Filter" not in head:
        return raw[:limit]
    if b"/A85" in head or b"/ASCII85" in head:
        try:
            raw = base64.a85decode(raw[: raw.find(b"~>")])
        except ValueError:
            return b""
    for _ in range(max(1, head.count(b"/Fl"))):
        try:
            raw = zlib.decompressobj().decompress(raw, limit)
        except zlib.error:
            return b""
    return raw
