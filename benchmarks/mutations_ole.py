"""Damage inside OLE compound files: the allocation chains, the directory, and the tables of a DOC."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

_SECTOR = 512
_ENTRY = 128
_ODD = (0, 1, 2, 3, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0x7FFFFFFF, 0x10000, 0xFFFF)
_FIELDS = (0x18, 0x1A, 0x1E, 0x20, 0x2C, 0x30, 0x38, 0x3C, 0x40, 0x44, 0x48, 0x4C)
_FIB_PAIRS = 0x9A
_PAIRS = 93


def change_header(data: bytes, rng: random.Random) -> bytes:
    """Counts, sector sizes and first sectors in the header."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3))):
        field = rng.choice(_FIELDS)
        _put(changed, field, rng.choice((*_ODD, rng.randrange(2000))), "<H" if field < 0x28 else "<I")
    return bytes(changed)


def bend_chains(data: bytes, rng: random.Random) -> bytes:
    """Allocation chains that run in circles, into each other or out of the file."""
    changed = bytearray(data)
    start = _sector(_word(data, 0x4C))
    count = rng.choice((1, 5, 128))
    for _ in range(count):
        at = start + 4 * rng.randrange(_SECTOR // 4)
        own = (at - start) // 4
        _put(changed, at, rng.choice((*_ODD, own, max(0, own - 1), rng.randrange(400))))
    return bytes(changed)


def change_directory(data: bytes, rng: random.Random) -> bytes:
    """Names, sizes, first sectors and neighbours of streams: trees in circles, streams without end."""
    changed = bytearray(data)
    start = _sector(_word(data, 0x30))
    for _ in range(rng.choice((1, 1, 4))):
        entry = start + _ENTRY * rng.randrange(8)
        field = rng.choice((0, 0x40, 0x42, 0x44, 0x48, 0x4C, 0x74, 0x78, 0x7C))
        _put(changed, entry + field, rng.choice((*_ODD, rng.randrange(9), rng.randrange(5000))))
    return bytes(changed)


def change_tables(data: bytes, rng: random.Random) -> bytes:
    """Where the head of the document says that its tables are, and how long."""
    changed = bytearray(data)
    at = data.find(b"\xec\xa5")
    for _ in range(rng.choice((1, 3, 20)) if at >= 0 else 0):
        field = rng.choice((_FIB_PAIRS + 4 * rng.randrange(2 * _PAIRS), 0x4C, 0x50, 0x0A, 0x18, 0x1C))
        _put(changed, at + field, rng.choice((*_ODD, rng.randrange(100_000))))
    return bytes(changed)


def change_pieces(data: bytes, rng: random.Random) -> bytes:
    """The piece table: characters that overlap, lie nowhere or come in another order."""
    return _near(data, rng, b"\x02", (1, 5, 30), before=_word(data, 0x30))


def change_properties(data: bytes, rng: random.Random) -> bytes:
    """Codes and operands of properties: table rows, deleted and hidden text, nesting."""
    codes = (0x2416, 0x2417, 0x6649, 0x664B, 0xD608, 0x2461, 0x0800, 0x083C, 0x244B, 0x244C, 0x6646, 0xC601)
    changed = bytearray(data)
    known = [struct.pack("<H", code) for code in codes]
    places = [at for code in known if (at := data.find(code, rng.randrange(len(data) + 1))) >= 0]
    for at in rng.sample(places, min(len(places), rng.choice((1, 4)))):
        if rng.random() < 0.5:
            changed[at : at + 2] = rng.choice(known)
        else:
            _put(changed, at + 2, rng.choice(_ODD))
    return bytes(changed)


def _near(data: bytes, rng: random.Random, sign: bytes, counts: tuple[int, ...], before: int) -> bytes:
    """Words behind some places where a sign stands, changed."""
    changed = bytearray(data)
    start = min(_sector(before), len(data) - 1) if before < 1 << 20 else 0
    for _ in range(rng.choice(counts)):
        at = data.find(sign, rng.randrange(max(1, len(data) - start)) + start)
        if at >= 0:
            _put(changed, at + rng.choice((1, 5, 9, 13)), rng.choice((*_ODD, rng.randrange(1 << 20))))
    return bytes(changed)


def _sector(number: int) -> int:
    return (number + 1) * _SECTOR


def _word(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0]) if len(data) >= at + 4 else 0


def _put(changed: bytearray, at: int, value: int, form: str = "<I") -> None:
    if at + struct.calcsize(form) <= len(changed):
        struct.pack_into(form, changed, at, value & (0xFFFF if form == "<H" else 0xFFFFFFFF))


OLE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    function.__name__: function
    for function in (
        change_header,
        bend_chains,
        change_directory,
        change_tables,
        change_pieces,
        change_properties,
    )
}
