"""How much the streams of a PDF hold once inflated: told before pdfium is given a page.

pdfium inflates and parses all content of a page at once, and keeps some twenty bytes of objects for
each byte of it: a file of a kilobyte can take gigabytes. Nothing of a PDF's structure is needed to
see that, for streams stand in the file as they are, each behind its dictionary. Images and fonts
are left out: pdfium keeps those as they are until they are drawn. What hides its size from this
(a filter named in another object, a wrong label) still meets the memory limit of the process that
reads it (:mod:`gxstats.batch`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import NamedTuple

from gxstats.errors import LimitExceeded
from gxstats.read.pdf_cipher import decipherer
from gxstats.read.pdf_filters import unpack
from gxstats.read.pdf_forms import Form, refuse_multiplied
from gxstats.read.pdf_limits import MAX_DECIPHERED, MAX_FORMS, MAX_INFLATED, MAX_LISTED, MAX_PACKED

_RATIO = 1032
"""Deflate makes at most so many bytes of one; a stream packed otherwise is looked at in any case."""
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 1000
"""Of a dictionary at most so many bytes are looked at, from its end."""
_OBJECT = re.compile(rb"(\d{1,10})\s{1,9}(\d{1,5})\s{1,9}obj\b")
_CONTENTS = re.compile(rb"/Contents\s*(?:\d{1,10}\s+\d{1,5}\s+R|\[[^\]]*+)")
_KIDS = re.compile(rb"/Kids\s*\[[^\]]*+")
_NUMBERS = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R")
_INERT = re.compile(rb"/Image\b|/Length1\b|/(?:Type1C|CIDFontType0C|OpenType)\b")
_FONTS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf", b"%!PS", b"\1\0")
"""First bytes of font programs."""
_ODD = re.compile(rb"/Fl[^>]{0,40}/Fl|/(?:LZW|RL|RunLength|#)")
"""Filters that make more of a byte than one deflation does: twice it, and the old ones."""
_SLOW = re.compile(rb"/(?:LZW|A85|ASCII85|RL|RunLength)")
"""Filters that are followed byte by byte."""


class Stream(NamedTuple):
    """Where a stream's data begins, and where it ends at the latest: where the next one's begins."""

    start: int
    end: int


def refuse_bombs(data: bytes, password: str | None = None) -> None:
    """Refuse a PDF whose drawing instructions are larger than those of any report.

    Args:
        data: The file.
        password: What it is opened with.

    Raises:
        LimitExceeded: They are over ``MAX_INFLATED`` bytes, or forms that draw forms multiply.

    Example:
        >>> refuse_bombs(b"%PDF-1.4 ...")
    """
    file = _File(data, password)
    _refuse_repeated(file)
    if b"/Form" in data:
        _refuse_forms(file)
    odd = _ODD.search(data) is not None
    left = len(data)
    total = 0
    for stream in sorted(file.streams, key=_length, reverse=True):
        if left * _RATIO + total <= MAX_INFLATED and not odd:
            break  # what is left cannot be too much: the largest came first
        left -= _length(stream)
        head = file.head(stream.start)
        if not _is_inert(file, stream, head):
            total += len(file.content(stream, head, MAX_INFLATED + 1 - total))
        if total > MAX_INFLATED:
            raise _too_much()


class _File:
    """The streams of a file, and what has been spent on looking at them."""

    def __init__(self, data: bytes, password: str | None) -> None:
        self.data = data
        found = _STREAM.finditer(data)
        starts = [match.end() for match in found if not data.endswith(b"end", 0, match.start())]
        self.streams = list(map(Stream, starts, [*starts[1:], len(data)]))
        self._decipher = decipherer(data, password)
        self._deciphered = 0
        self._slow = 0

    def head(self, start: int) -> bytes:
        """The dictionary before a stream, from the number of its object on if that is near."""
        head = self.data[max(0, start - _DICTIONARY) : start]
        begins = head.rfind(b" obj")
        return head[max(0, begins - 20) :] if begins >= 0 else head

    def content(self, stream: Stream, head: bytes, limit: int, longest: int | None = None) -> bytes:
        """At most ``limit`` bytes of what a stream holds, of whose raw bytes ``longest`` are looked at."""
        raw = self.data[stream.start : stream.end]
        if longest is not None:
            raw = raw[:longest]
        number = None if self._decipher is None or b"/XRef" in head else _OBJECT.search(head)
        if self._decipher is not None and number is not None:
            self._deciphered += len(raw)
            if self._deciphered > MAX_DECIPHERED:
                raise _too_much("encrypted content", MAX_DECIPHERED)
            raw = self._decipher(int(number[1]), int(number[2]), raw)
        if b"/Fil" in head and _SLOW.search(head):
            self._slow += len(raw)
            if self._slow > MAX_PACKED:
                raise _too_much("content in old packings", MAX_PACKED)
        return unpack(raw, head, limit)


def _too_much(what: str = "drawing instructions", limit: int = MAX_INFLATED) -> LimitExceeded:
    return LimitExceeded(
        f"the PDF holds over {limit >> 20} MB of {what}",
        hint="no report is that large: look at the file by itself",
    )


def _length(stream: Stream) -> int:
    return stream.end - stream.start


def _refuse_repeated(file: _File) -> None:
    """Pages may share their contents, or be listed more than once: each time these are parsed anew."""
    kids = Counter(n for match in _KIDS.finditer(file.data) for n in _NUMBERS.findall(match[0]))
    if max(kids.values(), default=0) > MAX_LISTED:
        raise LimitExceeded(f"the PDF lists a page more than {MAX_LISTED} times")
    named = Counter(
        number for match in _CONTENTS.finditer(file.data) for number in _NUMBERS.findall(match[0])
    )
    total = 0
    for stream in file.streams if any(count > 1 for count in named.values()) else ():
        head = file.head(stream.start)
        number = _OBJECT.search(head)
        if number is not None and named[number[1]] > 1:
            total += (named[number[1]] - 1) * len(file.content(stream, head, MAX_INFLATED))
        if total > MAX_INFLATED:
            raise _too_much()


def _refuse_forms(file: _File) -> None:
    forms = []
    total = 0
    seen = -1
    for match in re.finditer(rb"/Form\b", file.data):
        at = bisect_right(file.streams, (match.start(), 0))
        if at == seen or at == len(file.streams) or file.streams[at].start - match.start() > _DICTIONARY:
            continue
        seen = at
        head = file.head(file.streams[at].start)
        forms.append(Form(head, file.content(file.streams[at], head, MAX_INFLATED)))
        total += len(forms[-1].content)
        if total > MAX_INFLATED or len(forms) > MAX_FORMS:
            raise _too_much()
    refuse_multiplied(file.data, forms)


def _is_inert(file: _File, stream: Stream, head: bytes) -> bool:
    """Whether pdfium leaves a stream as it is when it loads a page: an image, or a font program."""
    found = _INERT.search(head)
    if found is None or found[0] == b"/Image":
        return found is not None
    return file.content(stream, head, 4, 1024).startswith(_FONTS)
