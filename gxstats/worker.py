"""The process that reads documents for :mod:`gxstats.batch`: one request, one answer, over pipes.

It never trusts the documents: its memory is limited where the system can do that, its standard
output is its own, and whoever started it kills it when a document takes too long.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from typing import IO, Any

LENGTH = struct.Struct(">Q")


def send(stream: IO[bytes], *parts: bytes) -> None:
    """Write length-prefixed parts."""
    for part in parts:
        stream.write(LENGTH.pack(len(part)))
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one length-prefixed part, None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None


def limit_memory(megabytes: int) -> bool:
    """Limit the address space of this process; False where the system cannot (Windows)."""
    try:
        import resource
    except ImportError:
        return False
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    return True


def main() -> None:
    """Serve requests until standard input ends."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not talk into the answers
    from gxstats import wire
    from gxstats.api import read_bytes

    limit_memory(int(sys.argv[1]))
    while (head := receive(requests)) is not None:
        request: dict[str, Any] = json.loads(head)
        data = receive(requests)
        if data is None:
            return
        send(answers, wire.dump(read_bytes(data, name=request["name"], hints=request["hints"])))


if __name__ == "__main__":
    main()
