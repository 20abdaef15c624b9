"""The process that reads damaged files: the real worker, with notes on what each file cost.

Started by :mod:`benchmarks.fuzz`: ``python -m benchmarks.fuzz_worker NOTES with|without MEGABYTES``. For each
file a line of JSON goes to a file of its own below ``NOTES``: seconds, the peak of memory, and the error if
one escapes. ``without``: LibreOffice cannot be found, and images are decoded but not read by OCR.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from gxstats import api, worker
from gxstats.errors import GxError
from gxstats.read.scan_image import decode_image
from gxstats.read.scan_ocr import SWITCH
from gxstats.read.sniff import IMAGES, media_type

_PEAK = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def _forget_peak() -> None:
    if _PEAK.exists():
        try:
            _PEAK.write_text("5")
        except OSError:  # not allowed here: peaks then count the files before, too
            return


def _held_mb(what: str) -> int:
    """``VmRSS``: what the process holds now; ``VmHWM``: the most since the peak was forgotten."""
    if not _STATUS.exists():
        return 0
    lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    return next((int(line.split()[1]) // 1000 for line in lines if line.startswith(what)), 0)


def _told(error: BaseException) -> dict[str, Any]:
    steps = traceback.extract_tb(error.__traceback__)
    return {
        "error": f"{type(error).__name__}: {error}"[:300],
        "trace": [f"{step.filename}:{step.lineno} {step.name}" for step in steps],
    }


def _decode(data: bytes) -> None:
    """An image's pages, which are not looked at before OCR is there."""
    if media_type(data) in IMAGES:
        with suppress(GxError):
            decode_image(data)


class _Errors(logging.Handler):
    """Notes the error that the reader caught at the last moment and logged."""

    def __init__(self, note: dict[str, Any]) -> None:
        super().__init__(logging.ERROR)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            self._note.update(_told(record.exc_info[1]))


def main() -> None:
    """Serve like the real worker."""
    folder, slow, memory = sys.argv[1:4]
    if slow == "without":
        os.environ |= {"PATH": "", SWITCH: "off"}
    notes = (Path(folder) / f"{os.getpid()}-{time.time_ns()}.jsonl").open("a", encoding="utf-8")
    read = api.read_bytes
    note: dict[str, Any] = {}
    logging.getLogger("gxstats").addHandler(_Errors(note))

    def watched(data: bytes, **named: Any) -> Any:
        _forget_peak()
        # Libraries keep what they once had: a file answers for what it needed beyond that.
        note.clear()
        note.update(name=named.get("name", ""), before=_held_mb("VmRSS:"))
        start = time.process_time()
        try:
            if slow == "without":
                _decode(data)
            return read(data, **named)
        except BaseException as error:
            note.update(_told(error))
            raise
        finally:
            note["seconds"] = round(time.process_time() - start, 3)
            note["peak"] = _held_mb("VmHWM:")
            notes.write(json.dumps(note) + "\n")
            notes.flush()

    api.read_bytes = watched
    sys.argv[1:] = [memory]
    worker.main()


if __name__ == "__main__":
    main()
