"""Bytes to text for HTML and plain text, with the encodings Chinese government sites really use.

Pages declare ``gb2312`` and contain GB18030, declare ``gbk`` and are UTF-8, or declare nothing.
So the bytes decide first, and a declaration only where the bytes leave it open.
"""

from __future__ import annotations

import codecs
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_HEAD: Final = 4096
_REPLACEMENT: Final = "\ufffd"
# A wrong byte in UTF-8 costs one or two characters; GBK read as UTF-8 is wrong nearly everywhere.
_DAMAGED_UTF8: Final = 10


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Decode a page or text file, always with the same result for the same bytes.

    In this order: a byte order mark; UTF-8 without an error; a declared encoding without an error,
    where gb2312 and gbk mean GB18030 (pages use characters outside them); damaged UTF-8, if little
    of it is wrong; and else, of the declared encodings, GB18030 and UTF-8, the one with the fewest
    replacement characters. NUL characters are dropped.

    Args:
        data: The bytes as fetched.
        declared: The charset of the HTTP header, if known; else the document's own declaration counts.

    Returns:
        The text, and the Python name of the encoding used.

    Example:
        >>> decode("年报".encode("gbk"), "gb2312")
        ('年报', 'gb18030')
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return _without_nul(text.lstrip("\ufeff")), encoding  # some pages carry two marks
    wide = _wide_without_mark(data)
    if wide:
        return _without_nul(data.decode(wide, "replace")), wide
    try:
        return _without_nul(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _fewest_replacements(data, declared)


def declared_encoding(data: bytes) -> str | None:
    """The encoding an HTML or XML document declares in its first 4 KB, as printed, lower case.

    Example:
        >>> declared_encoding(b'<meta http-equiv=Content-Type content="text/html; charset=GB2312">')
        'gb2312'
    """
    head = data[:_HEAD].lower()
    for key in (b"charset", b"encoding"):
        start = head.find(key)
        while start >= 0:
            rest = head[start + len(key) :].lstrip()
            if rest.startswith(b"="):
                name = rest[1:].lstrip(b" \t\r\n\"'")
                length = next(
                    (i for i, byte in enumerate(name) if not chr(byte).isalnum() and byte not in b"-_"), 0
                )
                if length:
                    return name[:length].decode("ascii", "replace")
            start = head.find(key, start + 1)
    return None


def _wide_without_mark(data: bytes) -> str | None:
    """UTF-16 without a mark: markup and digits leave NULs at every other place."""
    head = data[:_HEAD]
    if head.count(0) * 8 < len(head) or len(head) < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 8 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 8 * odd else None


def _fewest_replacements(data: bytes, declared: str | None) -> tuple[str, str]:
    declarations = _declared_codecs(data, declared)
    for encoding in declarations:
        try:
            return _without_nul(data.decode(encoding)), encoding
        except UnicodeDecodeError:
            continue
    text = data.decode("utf-8", "replace")
    wrong = text.count(_REPLACEMENT)
    decoded = len(text) - len(text.encode("ascii", "ignore")) - wrong
    if wrong * _DAMAGED_UTF8 <= decoded:
        return _without_nul(text), "utf-8"
    best, used = text, "utf-8"
    for encoding in dict.fromkeys([*declarations, "gb18030"]):
        text = data.decode(encoding, "replace")
        count = text.count(_REPLACEMENT)
        if count < wrong or (count == wrong and used == "utf-8"):
            best, used, wrong = text, encoding, count
    return _without_nul(best), used


def _declared_codecs(data: bytes, declared: str | None) -> list[str]:
    names = (_python_name(declared), _python_name(declared_encoding(data)))
    return list(dict.fromkeys(name for name in names if name))


def _python_name(declared: str | None) -> str | None:
    """The codec to try for a declared name; None for the names that would accept any bytes."""
    name = (declared or "").strip().lower()
    if name.startswith(("gb", "x-gb", "cp936", "ms936", "windows-936", "hz")):
        return "gb18030"
    if name.startswith(("big5", "x-big5", "cp950")):
        return "big5hkscs"
    # Latin-1 decodes every byte and so would always win: Chinese pages that declare it are GBK.
    return None


def _without_nul(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text
