"""The process that reads documents for :mod:`gxstats.batch`: one request, one answer, over pipes.

It never trusts the documents: its memory is limited where the system can do that, its standard
output is its own, and whoever started it kills it when a document takes too long.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
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


def end_with_parent() -> None:
    """Have the system end this process when the one that started it is gone, where it can (Linux).

    A process that hangs in a document never sees that its standard input has ended.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    parent = os.getppid()
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


_SET_PARENT_DEATH_SIGNAL = 1


def serve(
    answer: Callable[[bytes, Mapping[str, Any]], bytes], hand_over: Callable[[], bytes] = bytes
) -> None:
    """Answer requests until standard input ends.

    Args:
        answer: from the bytes of a document, and the rest of the request, to what is sent back.
        hand_over: what is sent back to an empty request: what was kept of the documents before.
    """
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not talk into the answers
    end_with_parent()
    # Ctrl-C reaches every process of a terminal; whoever started this one ends it when it has handed over.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(int(sys.argv[1]))
    while (head := receive(requests)) is not None:
        if not head:
            send(answers, hand_over())
            continue
        data = receive(requests)
        if data is None:
            return
        send(answers, answer(data, json.loads(head)))


def main() -> None:
    """Read the documents that are sent."""
    from gxstats import wire
    from gxstats.api import read_bytes

    serve(lambda data, request: wire.dump(read_bytes(data, name=request["name"], hints=request["hints"])))


if __name__ == "__main__":
    main()
