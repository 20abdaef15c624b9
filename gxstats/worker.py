"""The process that reads documents for :mod:`gxstats.batch`: one request, one answer, over pipes.

It never trusts the documents: its memory is limited where the system can do that, its standard
output is its own, and whoever started it kills it when a document takes too long.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from gxstats.pipes import receive, send


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
