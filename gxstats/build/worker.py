"""The process that reads documents for a build, and what it is told.

It answers each document with a line of JSON and keeps what it read; asked to hand over, it answers with
all of that as tables (:mod:`gxstats.build.pieces`). Where the process dies, so does what it keeps: those
documents are read again by whoever gave them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gxstats.build.pieces import Collected, dump
from gxstats.build.reader_key import identity_key

if TYPE_CHECKING:
    from gxstats.transcript import Transcript

COMMAND = ("-m", "gxstats.build.worker")

_collected = Collected()
_read: list[str] = []


def answer(data: bytes, request: Mapping[str, Any]) -> bytes:
    """Read one document and keep what it says, unless it is another than was meant, or wants a new process.

    Args:
        data: its bytes.
        request: ``hints`` with ``sha256``, which it must have, and ``url``, where it was found. A reading
            depends on the bytes alone; the address only tells who published it.

    Returns:
        JSON: ``kept`` and ``same`` (whether it has that sha256), ``media_type``, and ``limited``: whether
        more time or memory might read more.
    """
    from gxstats.transcript import collector_paused, transcribe

    told = request["hints"]
    with collector_paused():
        if hashlib.sha256(data).hexdigest() != told["sha256"]:
            return json.dumps({"kept": False, "same": False}).encode()
        transcripts = transcribe(data)
        kept = not (_read and _is_starved(transcripts))
        if kept:
            _collected.add(transcripts, told["url"], identity_key())
        _read.append(told["sha256"])
    return json.dumps({"kept": kept, "same": True} | described(transcripts)).encode()


def hand_over() -> bytes:
    """All that was kept since the last time, as :func:`gxstats.build.pieces.load` reads it."""
    from gxstats.transcript import collector_paused

    with collector_paused():
        return dump(_collected.packed())


def described(transcripts: Sequence[Transcript]) -> dict[str, Any]:
    """What must be known of a document to tell whether it is to be read again."""
    issues = [i for t in transcripts for i in t.report.issue_rows]
    limited = any(i.code in ("limit", "internal_error") for i in issues)
    return {"media_type": transcripts[0].report.meta["media_type"], "limited": limited}


def _is_starved(transcripts: Sequence[Transcript]) -> bool:
    return any("MemoryError" in i.message for t in transcripts for i in t.report.issue_rows)


if __name__ == "__main__":
    from gxstats.worker import serve

    serve(answer, hand_over)
