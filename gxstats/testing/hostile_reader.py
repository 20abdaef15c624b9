"""A process that reads documents for a build, and that some documents take down.

No real document is known that hangs or crashes a reader; to see what a build does then, this process does
so itself when it sees their first words.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any, Final

COMMAND: Final = ("-m", "gxstats.testing.hostile_reader")
"""What starts it, behind the interpreter."""
KINDS: Final = ("hang", "crash", "memory", "cut")
"""First words of the documents that take it down."""
_ANSWERS = 3  # gxstats.worker.serve keeps standard output there


def take_down(data: bytes) -> None:
    """Do to this process what the document says, if it begins with one of ``KINDS``.

    Args:
        data: The document. ``hang`` never comes back, ``crash`` aborts, ``memory`` asks for 256 GiB,
            ``cut`` ends inside its answer.

    Example:
        >>> take_down(b"<p>harmless</p>")
    """
    if data.startswith(b"hang"):
        time.sleep(3600)
    if data.startswith(b"crash"):
        os.abort()
    if data.startswith(b"memory"):
        bytearray(1 << 38)
    if data.startswith(b"cut"):
        os.write(_ANSWERS, b"\0" * 4)
        os._exit(0)


def read(data: bytes, request: Mapping[str, Any]) -> bytes:
    """Read one document as :func:`gxstats.build.worker.answer` does, unless it takes this process down."""
    from gxstats.build.worker import answer

    take_down(data)
    return answer(data, request)


def main() -> None:
    """Read the documents that are sent."""
    from gxstats.build.worker import hand_over
    from gxstats.worker import serve

    serve(read, hand_over)


if __name__ == "__main__":
    main()
