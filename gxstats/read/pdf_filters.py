"""What the streams of a PDF hold once unpacked, up to a limit, as far as their packing can be followed.

As pdfium does, a filter goes on up to the first byte that makes no sense, and gives what it has.
"""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Callable
from typing import Final

_NAME: Final = re.compile(rb"/(Fl|LZW|A85|ASCII85|AHx|ASCIIHex|RL|RunLength)\w*")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PIECE: Final = 1 << 20
_CLEAR, _END = 256, 257
_EARLY: Final = re.compile(rb"/EarlyChange\s+0")


def unpack(raw: bytes, head: bytes, limit: int) -> bytes:
    """What a stream holds.

    Args:
        raw: Its bytes as they stand in the file; bytes behind its end do no harm.
        head: Its dictionary, or the end of it.
        limit: How many bytes are wanted at most.

    Returns:
        At most ``limit`` bytes; of a filter that is not known (images have their own), its input.

    Example:
        >>> unpack(b"80000B60C1>", b"<</Filter/ASCIIHexDecode>>", 3).hex()
        '80000b'
    """
    if b"#" in head:  # names may be written with codes for their letters
        head = _ESCAPED.sub(lambda match: bytes((int(match[1], 16),)), head)
    at = head.find(b"/Filter")
    if at < 0:
        return raw[:limit]
    names = [match[1] for match in _NAME.finditer(head, at + len(b"/Filter"))]
    for name in names or [b"Fl"]:  # named elsewhere: most likely this
        raw = _FILTERS[name](raw, head, limit)
    return raw[:limit]


def _inflate(raw: bytes, head: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj()
    parts: list[bytes] = []
    left = limit
    try:
        while left > 0 and raw and not unpacker.eof:
            parts.append(unpacker.decompress(raw, min(left, _PIECE)))
            left -= len(parts[-1])
            raw = unpacker.unconsumed_tail
    except zlib.error:
        pass
    return b"".join(parts)


def _lzw(raw: bytes, head: bytes, limit: int) -> bytes:
    early = 0 if _EARLY.search(head) else 1
    table = [bytes((n,)) for n in range(256)] + [b"", b""]
    parts: list[bytes] = []
    made = bits = held = 0
    width, last = 9, b""
    for byte in raw:
        bits, held = (bits << 8 | byte) & 0xFFFFFF, held + 8
        if held < width:
            continue
        held -= width
        code = bits >> held & ((1 << width) - 1)
        if code == _CLEAR:
            del table[258:]
            width, last = 9, b""
            continue
        if code == _END or code > len(table) or (code == len(table) and not last):
            break
        entry = table[code] if code < len(table) else last + last[:1]
        parts.append(entry)
        made += len(entry)
        if made >= limit:
            break
        if last and len(table) < 4096:
            table.append(last + entry[:1])
        last = entry
        width = next((w for w in (9, 10, 11) if len(table) + early < 1 << w), 12)
    return b"".join(parts)


def _base85(raw: bytes, head: bytes, limit: int) -> bytes:
    digits = raw.partition(b"~")[0].translate(None, b"\0\t\n\f\r ")[: limit * 2]
    out = bytearray()
    group: list[int] = []
    for byte in digits:
        if byte == 0x7A and not group:
            out += b"\0\0\0\0"
        elif 33 <= byte <= 117:
            group.append(byte - 33)
        else:
            break
        if len(group) == 5:
            out += _number(group).to_bytes(4, "big")
            group = []
        if len(out) >= limit:
            return bytes(out)
    if len(group) > 1:
        out += _number([*group, 84, 84, 84, 84][:5]).to_bytes(4, "big")[: len(group) - 1]
    return bytes(out)


def _number(digits: list[int]) -> int:
    number = 0
    for digit in digits:
        number = number * 85 + digit
    return number & 0xFFFFFFFF


def _hexadecimal(raw: bytes, head: bytes, limit: int) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", raw.partition(b">")[0])[: 2 * limit]
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])


def _run_lengths(raw: bytes, head: bytes, limit: int) -> bytes:
    out = bytearray()
    at = 0
    while at < len(raw) and raw[at] != 128 and len(out) < limit:
        count = raw[at]
        if count < 128:
            out += raw[at + 1 : at + 2 + count]
            at += 2 + count
        else:
            out += raw[at + 1 : at + 2] * (257 - count)
            at += 2
    return bytes(out)


_FILTERS: Final[dict[bytes, Callable[[bytes, bytes, int], bytes]]] = {
    b"Fl": _inflate,
    b"LZW": _lzw,
    b"A85": _base85,
    b"ASCII85": _base85,
    b"AHx": _hexadecimal,
    b"ASCIIHex": _hexadecimal,
    b"RL": _run_lengths,
    b"RunLength": _run_lengths,
}
