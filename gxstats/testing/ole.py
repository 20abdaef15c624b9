"""Write OLE compound files: just enough of the format for the streams of a DOC file."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

_SECTOR: Final = 512
_SMALLEST: Final = 4096
"""Streams from this size on stand in ordinary sectors; all written here are made that long."""
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_PER_SECTOR: Final = _SECTOR // 4
_IN_HEADER: Final = 109


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (version 3) with these streams in its outermost storage.

    Shorter streams are filled up with zeros to 4096 bytes, which spares the second allocation table.

    Args:
        streams: Name -> content; together under 7 MB.

    Example:
        >>> compound_file({"WordDocument": b""})[:4].hex()
        'd0cf11e0'
    """
    bodies = {name: body.ljust(_SMALLEST, b"\0") for name, body in sorted(streams.items(), key=_order)}
    lengths = [-(-len(body) // _SECTOR) for body in bodies.values()]
    directory = -(-(len(bodies) + 1) // 4)
    used = directory + sum(lengths)
    tables = 1
    while used + tables > tables * _PER_SECTOR:
        tables += 1
    if tables > _IN_HEADER:
        raise ValueError("the streams are too long")
    chain: list[int] = [_TABLE] * tables
    starts = []
    for length in (directory, *lengths):
        starts.append(len(chain))
        chain += [*range(len(chain) + 1, len(chain) + length), _END]
    chain += [_FREE] * (tables * _PER_SECTOR - len(chain))
    content = _directory(bodies, starts[1:]).ljust(directory * _SECTOR, b"\0")
    content += b"".join(
        body.ljust(length * _SECTOR, b"\0") for body, length in zip(bodies.values(), lengths, strict=True)
    )
    return _header(tables, starts[0]) + struct.pack(f"<{len(chain)}I", *chain) + content


def _order(item: tuple[str, bytes]) -> tuple[int, str]:
    """The order of names in a directory: shorter ones first."""
    return len(item[0]), item[0].upper()


def _header(tables: int, directory: int) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, tables, directory, 0, _SMALLEST, _END, 0, _END, 0)
    places = [*range(tables), *[_FREE] * (_IN_HEADER - tables)]
    return head + struct.pack(f"<{_IN_HEADER}I", *places)


def _directory(bodies: Mapping[str, bytes], starts: list[int]) -> bytes:
    """The root, and the streams as a list in which each has the next as its right neighbour."""
    entries = [_entry("Root Entry", 5, _FREE, 1 if bodies else _FREE, _END, 0)]
    for number, ((name, body), start) in enumerate(zip(bodies.items(), starts, strict=True), 1):
        right = number + 1 if number < len(bodies) else _FREE
        entries.append(_entry(name, 2, right, _FREE, start, len(body)))
    return b"".join(entries)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
