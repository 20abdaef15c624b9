"""Have a process read a portion of documents, whatever they do to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gxstats import batch
from gxstats.build.pieces import Collected, Packed, load
from gxstats.build.reader_key import external_readers, identity_key
from gxstats.build.readings import Stored
from gxstats.build.worker import described
from gxstats.errors import GxError

CHANGED = "the file has changed since the build began"


class Given(NamedTuple):
    """A document to read: its digest, and where it was found."""

    sha256: str
    url: str | None = None


class Missed(NamedTuple):
    """A document whose bytes could not be had."""

    sha256: str
    error: Exception


Step = Missed | None
"""One document is done; if its bytes could not be had, it was not read."""


class ChangedMeanwhile(GxError, OSError):
    """A file is no longer the one it was when the build began."""


class PortionReader:
    """Reads the documents of one portion.

    What a process has read it keeps until it is asked to hand over, for tables of many documents are
    made in less time than many tables. So a document that takes its process down takes with it what was
    kept: those are read again, all together, and if that fails too one by one. Of each crash some
    document is done with, so it ends. What is handed over does not depend on any of this.

    Args:
        worker: the process.
        read: gives the bytes of a document.
        limits: those of the worker.
        is_stopping: whether to end: after the document that is being read.

    Attributes:
        done: what was read.
        packs: the tables of all that was read.
    """

    def __init__(
        self,
        worker: batch.Worker,
        read: Callable[[str], bytes],
        limits: batch.Limits,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._worker, self._read, self._limits, self._is_stopping = worker, read, limits, is_stopping
        self._held: list[tuple[Given, Stored]] = []
        self._again: list[Given] = []
        self.done: list[Stored] = []
        self.packs: list[Packed] = []

    def read(self, documents: Sequence[Given], each: Callable[[Step], object]) -> None:
        """Read documents; ``each`` is told of every one."""
        for number, one_by_one in enumerate((False, False, True)):
            self._again = []
            for given in documents:
                if self._is_stopping():
                    break
                missed = self._read_one(given)
                if number == 0 or missed is not None:
                    each(missed)
                if one_by_one or self._worker.worn:
                    self._hand_over(one_by_one)
            self._hand_over(one_by_one)
            documents = self._again

    def _read_one(self, given: Given) -> Step:
        try:
            data = self._read(given.sha256)
        except (OSError, GxError) as error:
            return Missed(given.sha256, error)
        job = batch.Job(data, "", given._asdict())
        fresh = self._worker.fresh
        found = self._asked(job)
        if not fresh and _is_doubtful(found) and not self._is_stopping():
            # The documents before may have been to blame, and a reading must not depend on them.
            self._hand_over()
            self._worker.stop()
            missed = self._take(given, self._asked(job))
            self._hand_over(alone=True)
            return missed
        return self._take(given, found)

    def _asked(self, job: batch.Job) -> dict[str, Any] | batch.Lost:
        found = self._worker.ask(job)
        if isinstance(found, batch.Lost):
            self._lose()
            return found
        told: dict[str, Any] = json.loads(found)
        return told

    def _take(self, given: Given, found: dict[str, Any] | batch.Lost) -> Step:
        """Note what became of a document."""
        if isinstance(found, batch.Lost):
            if not self._is_stopping():  # else it was ended, which says nothing of the document
                self._take_loss(given, found)
            return None
        if not found["same"]:
            return Missed(given.sha256, ChangedMeanwhile(CHANGED))
        self._held.append((given, self._stored(given, found["media_type"], found["limited"])))
        return None

    def _take_loss(self, given: Given, why: batch.Lost) -> None:
        from gxstats.transcript import Transcript

        lost = [Transcript(batch.lost_report(given.sha256, None, why))]
        self.done.append(self._stored(given, described(lost)["media_type"], limited=True))
        collected = Collected()
        collected.add(lost, given.url, identity_key())
        self.packs += collected.packed()

    def _stored(self, given: Given, media_type: str, limited: bool) -> Stored:
        timeout, memory = (self._limits.timeout, self._limits.memory) if limited else (None, None)
        return Stored(given.sha256, media_type, external_readers(media_type), timeout, memory)

    def _hand_over(self, alone: bool = False) -> None:
        """Have the tables of what the process keeps; ``alone``: if it fails, its document is to blame."""
        if not self._held:
            return
        found = self._worker.hand_over()
        if not isinstance(found, batch.Lost):
            self.packs += load(found)
            self.done += [stored for _, stored in self._held]
            self._held = []
        elif alone:
            ((given, _),) = self._held
            self._held = []
            self._take_loss(given, found)
        else:
            self._lose()

    def _lose(self) -> None:
        """The process is gone, and what it kept with it."""
        self._again += [given for given, _ in self._held]
        self._held = []


def _is_doubtful(found: dict[str, Any] | batch.Lost) -> bool:
    if isinstance(found, batch.Lost):
        return found.code == "crashed"
    return bool(found["same"]) and not found["kept"]
