"""The process that reads documents for a build: it answers with transcripts, compressed.

The first line of an answer is what the build must know of it, as JSON; the rest is stored as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gxstats import batch
from gxstats.build.reader_key import external_readers
from gxstats.build.readings import Stored, compress

if TYPE_CHECKING:
    from gxstats.transcript import Transcript

COMMAND = ("-m", "gxstats.build.worker")


def answer(data: bytes, request: Mapping[str, Any]) -> bytes:
    """Read one document; of the request nothing counts, for a reading depends on the bytes alone."""
    from gxstats.transcript import collector_paused, transcribe

    with collector_paused():
        return packed(data, transcribe(data))


def packed(data: bytes, transcripts: Sequence[Transcript]) -> bytes:
    """Transcripts as they travel."""
    from gxstats import wire

    encoded = wire.dump_transcripts(transcripts)
    issues = [i for t in transcripts for i in t.report.issue_rows]
    head = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "media_type": transcripts[0].report.meta["media_type"],
        "size": len(encoded),
        "limited": any(i.code in ("limit", "internal_error") for i in issues),
        "starved": any("MemoryError" in i.message for i in issues),
    }
    return json.dumps(head).encode() + b"\n" + compress(encoded)


def read_one(
    worker: batch.Worker,
    sha256: str,
    data: bytes,
    limits: batch.Limits,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Stored | None:
    """Have a process read a document.

    What took a process down, or ran out of memory in it, is given to a new one once: the documents
    before it may have been to blame, and a reading must not depend on them.

    Args:
        worker: the process.
        sha256: the document as it is known.
        data: its bytes.
        limits: those of the worker.
        is_stopping: whether the process was ended on purpose, so that nothing is to be tried again.

    Returns:
        The reading; None if the bytes are not those of ``sha256`` any more.
    """
    fresh = worker.fresh
    found = worker.ask(batch.Job(data, ""))
    if not fresh and _is_doubtful(found) and not is_stopping():
        worker.stop()
        found = worker.ask(batch.Job(data, ""))
    return _stored(sha256, data, found, limits)


def _stored(sha256: str, data: bytes, found: bytes | batch.Lost, limits: batch.Limits) -> Stored | None:
    """What is kept of an answer; None if it is one about other bytes."""
    lost = isinstance(found, batch.Lost)
    if isinstance(found, batch.Lost):
        found = _packed_loss(data, found)
    line, _, transcripts = found.partition(b"\n")
    head = json.loads(line)
    if head["sha256"] != sha256:
        return None
    limited = lost or bool(head["limited"])
    return Stored(
        sha256,
        str(head["media_type"]),
        external_readers(str(head["media_type"])),
        limits.timeout if limited else None,
        limits.memory if limited else None,
        int(head["size"]),
        transcripts,
    )


def _is_doubtful(found: bytes | batch.Lost) -> bool:
    if isinstance(found, batch.Lost):
        return found.code == "crashed"
    return bool(json.loads(found.partition(b"\n")[0])["starved"])


def _packed_loss(data: bytes, why: batch.Lost) -> bytes:
    from gxstats.transcript import Transcript

    report = batch.lost_report(batch.Job(data, ""), why)
    return packed(data, [Transcript(report)])


if __name__ == "__main__":
    from gxstats.worker import serve

    serve(answer)
