"""Damage inside image files: declared sizes, chunks and markers, with checksums that stay right."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator

_SIZES = (0, 1, 39, 65_535, 100_000, 2**31 - 1, 2**32 - 1)
_PNG = b"\x89PNG\r\n\x1a\n"


def change_size(data: bytes, rng: random.Random) -> bytes:
    """A width or height that is not true, often a giant one."""
    changed = bytearray(data)
    if data.startswith(_PNG):
        struct.pack_into(">I", changed, rng.choice((16, 20)), rng.choice(_SIZES))
        changed[29:33] = struct.pack(">I", zlib.crc32(bytes(changed[12:29])))
    elif data.startswith(b"\xff\xd8"):
        at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
        if 0 < at < len(data) - 9:
            struct.pack_into(">H", changed, at + rng.choice((5, 7)), rng.choice(_SIZES) & 0xFFFF)
    else:
        for at in _tiff_entries(data):
            if rng.random() < 0.2:
                struct.pack_into("<I", changed, at + rng.choice((4, 8)), rng.choice(_SIZES))
    return bytes(changed)


def change_chunks(data: bytes, rng: random.Random) -> bytes:
    """Chunks of a PNG dropped, repeated, or with other contents and a checksum that is right."""
    if not data.startswith(_PNG):
        return change_size(data, rng)
    chunks = list(_chunks(data))
    for _ in range(rng.choice((1, 1, 3)) if chunks else 0):
        at = rng.randrange(len(chunks))
        kind, body = chunks[at]
        match rng.choice(("drop", "repeat", "bomb", "bytes", "kind")):
            case "drop":
                del chunks[at]
            case "repeat":
                chunks[at:at] = [chunks[at]] * rng.choice((1, 50))
            case "bomb":
                what = rng.choice((b"IDAT", b"zTXt", b"iCCP", b"acTL", b"tRNS", b"eXIf"))
                chunks.insert(at, (what, b"k\0\0" + zlib.compress(bytes(rng.choice((9, 20_000_000))))))
            case "bytes" if body:
                cut = rng.randrange(len(body))
                chunks[at] = (kind, body[:cut] + rng.randbytes(4) + body[cut + 4 :])
            case _:
                chunks[at] = (rng.choice((b"IHDR", b"IDAT", b"PLTE", b"IEND", b"abcd")), body)
        if not chunks:
            break
    return _PNG + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 8 <= len(data):
        size = struct.unpack_from(">I", data, at)[0]
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _tiff_entries(data: bytes) -> Iterator[int]:
    """Where the entries of the first directories of a TIFF begin."""
    at = struct.unpack_from("<I", data, 4)[0] if len(data) > 8 else 0
    for _ in range(5):
        if not 8 <= at < len(data) - 2:
            return
        count = struct.unpack_from("<H", data, at)[0]
        yield from (place for n in range(min(count, 40)) if (place := at + 2 + 12 * n) + 12 <= len(data))
        after = at + 2 + 12 * count
        at = struct.unpack_from("<I", data, after)[0] if after + 4 <= len(data) else 0


IMAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    function.__name__: function for function in (change_size, change_chunks)
}
