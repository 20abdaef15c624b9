"""The archive: documents as they were found, by their digest, and a ledger of every capture."""

from __future__ import annotations

from gxstats.archive.capture import Capture, outcome
from gxstats.archive.ledger import LedgerError
from gxstats.archive.objects import NotArchived, ObjectDamaged
from gxstats.archive.store import Archive
from gxstats.archive.verify import Problem

__all__ = ["Archive", "Capture", "LedgerError", "NotArchived", "ObjectDamaged", "Problem", "outcome"]
