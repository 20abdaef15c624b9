"""Length-prefixed messages over the pipes between a reading process and its caller."""

from __future__ import annotations

import struct
from typing import IO

_LENGTH = struct.Struct(">Q")


def send(stream: IO[bytes], *parts: bytes) -> None:
    """Write length-prefixed parts.

    Example:
        >>> import io
        >>> stream = io.BytesIO()
        >>> send(stream, b"a", b"bc")
        >>> _ = stream.seek(0)
        >>> receive(stream), receive(stream), receive(stream)
        (b'a', b'bc', None)
    """
    for part in parts:
        stream.write(_LENGTH.pack(len(part)))
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one length-prefixed part, None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None
