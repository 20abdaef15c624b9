"""Streams of an encrypted PDF that opens without a password, or with the one that is given."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

Decipher = Callable[[int, int, bytes], bytes]
"""From the number and the generation of an object, and the bytes of its stream, to what these say."""
_ENCRYPT: Final = re.compile(rb"/Encrypt\s*(?:(\d{1,9})\s+(\d{1,5})\s+R|(?=<<))")
_ID: Final = re.compile(rb"/ID\s*(?=\[)")
_LONGEST: Final = 4_000
_BLOCK: Final = 16
"""Bytes that AES works on at once; what stands behind the end of a stream may be cut off."""


def decipherer(data: bytes, password: str | None = None) -> Decipher | None:
    """What makes the streams of an encrypted PDF readable.

    Args:
        data: The file.
        password: Its password; none is needed for many files that only forbid printing.

    Returns:
        None if the file is not encrypted, needs another password, or in a way that is not known:
        pdfium will not open it either.

    Example:
        >>> decipherer(b"%PDF-1.4 ...")
    """
    if b"/Encrypt" not in data:
        return None
    try:
        return _handler(data, password or "")
    except Exception:  # pdfminer raises what it meets in tables made to confuse it
        return None


def _handler(data: bytes, password: str) -> Decipher | None:
    from pdfminer.pdfdocument import PDFDocument

    found = list(_ENCRYPT.finditer(data))[-1]
    at = found.end()
    if found[1]:
        begins = list(re.finditer(rb"(?<!\d)%b\s+%b\s+obj\b" % (found[1], found[2]), data))
        at = begins[-1].end()
    marks = list(_ID.finditer(data))
    name = _value(data, marks[-1].end()) if marks else [b"", b""]
    table = _value(data, at)
    kind = PDFDocument.security_handler_registry.get(table.get("V", 0))
    if kind is None:
        return None
    handler = kind(name, table, password)

    def decipher(number: int, generation: int, raw: bytes) -> bytes:
        try:
            return bytes(handler.decrypt(number, generation, raw[: len(raw) // _BLOCK * _BLOCK], {}))
        except ValueError:  # too short to be one block
            return b""

    return decipher


def _value(data: bytes, at: int) -> Any:
    """The dictionary or array that begins here."""
    import io

    from pdfminer.pdfparser import PDFParser

    parser = PDFParser(io.BytesIO(data[at : at + _LONGEST]))
    return parser.nextobject()[1]
