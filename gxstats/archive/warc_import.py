"""Web archives (WARC) into an archive."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gxstats.archive.added import Added
from gxstats.archive.capture import Headers, Told, outcome, utc
from gxstats.archive.http_body import decode_body
from gxstats.archive.objects import NotArchived, ObjectDamaged
from gxstats.archive.store import Archive
from gxstats.archive.verify import Problem
from gxstats.archive.warc_records import Record, read_records
from gxstats.errors import GxError, InputMissing, ReadError

CAPTURE_FIELD: Final = "Gxstats-Capture"
"""The named field in which an exported record keeps what no standard field can, as JSON."""
_MAX_TIMES: Final = 10**9
_Text = Literal["url", "final_url", "fetched_at", "referrer", "title", "source_row", "name"]
_TEXTS: Final[tuple[_Text, ...]] = get_args(_Text)


def import_warc(archive: Archive, path: str | PathLike[str]) -> Added:
    """Add what a WARC file holds: its ``response``, ``resource`` and ``revisit`` records.

    A record that cannot be read is a problem and does not end the import. A file that is imported
    again adds nothing.

    Args:
        archive: where to.
        path: a file, compressed or not; nothing in it is used as a path.

    Returns:
        Counts and problems.

    Raises:
        InputMissing: there is no such file.
        LedgerError: the ledger cannot be written.
    """
    if not Path(path).is_file():
        raise InputMissing("there is no such file", hint="check the path", where=str(path))
    added = Added()
    for item in read_records(Path(path)):
        if isinstance(item, Problem):
            added.problems.append(item)
        elif item.type not in _ADDERS:
            added.counts["passed_over"] += 1
        else:
            try:
                _ADDERS[item.type](archive, item, added)
            except (ReadError, NotArchived, ObjectDamaged) as error:
                added.problems.append(Problem("record", item.where, _told(item, error.message)))
    return added


def _told(record: Record, message: str) -> str:
    return f"{message} ({record.field('WARC-Target-URI')})"


def _response(archive: Archive, record: Record, added: Added) -> None:
    if record.headers is None or record.status is None:
        if str(record.field("WARC-Target-URI")).lower().startswith(("http:", "https:")):
            raise ReadError("the record holds no answer of an HTTP server")
        added.counts["passed_over"] += 1  # of name servers, FTP, ...
        return
    _refuse_cut(record)
    kept = _kept(record)
    brings_document = kept["document"] if kept is not None else not 300 <= record.status < 400
    data = decode_body(record.body, record.headers) if brings_document else None
    _include(archive, record, data, kept, added)


def _resource(archive: Archive, record: Record, added: Added) -> None:
    if str(record.field("WARC-Target-URI")).lower().startswith("metadata:") and not _kept(record):
        added.counts["passed_over"] += 1  # wget's log and its list of files
        return
    _refuse_cut(record)
    kept = _kept(record)
    _include(archive, record, record.body if kept is None or kept["document"] else None, kept, added)


def _revisit(archive: Archive, record: Record, added: Added) -> None:
    """A capture of bytes that another record holds; it names them by their digest as they were sent."""
    digest = record.field("WARC-Payload-Digest") or ""
    sha256 = _object_of(archive, digest)
    if sha256 is None:
        raise ReadError(
            f"the record repeats bytes that the archive does not have, {digest[:80] or 'without a digest'}:"
            " import first the file that holds them"
        )
    _include(archive, record, archive.read(sha256), None, added)


_ADDERS: Final = {"response": _response, "resource": _resource, "revisit": _revisit}


def _object_of(archive: Archive, digest: str) -> str | None:
    algorithm, _, value = digest.strip().partition(":")
    algorithm = algorithm.lower().replace("-", "")
    digits = {"sha1": 40, "sha256": 64}.get(algorithm)
    try:
        plain = bytes.fromhex(value) if len(value) == digits else base64.b32decode(value.upper())
    except (ValueError, binascii.Error):
        return None
    if algorithm == "sha1":
        return archive.payload(f"sha1:{base64.b32encode(plain).decode()}")
    sha256 = plain.hex()
    return sha256 if algorithm == "sha256" and archive.holds(sha256) else None


def _sha1(body: bytes) -> str:
    # Not what the record says of itself: another record must not get these bytes by a false digest.
    return f"sha1:{base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()}"


def _refuse_cut(record: Record) -> None:
    if reason := record.field("WARC-Truncated"):
        raise ReadError(f"the record is not whole, as it says itself: {reason[:40]}")


def _include(
    archive: Archive, record: Record, data: bytes | None, kept: dict[str, Any] | None, added: Added
) -> None:
    told = _description(record, added) if kept is None else _description_kept(kept)
    sent_as = None if data is None or record.type == "revisit" else _sha1(record.body)
    times = kept["times"] if kept else 1
    capture, is_new = archive.include(data, times=times, sent_as=sent_as, **told)
    added.counts[outcome(capture) if is_new or not capture.is_document else "same"] += 1


def _description(record: Record, added: Added) -> Told:
    url = record.field("WARC-Target-URI")
    if not url:
        raise ReadError("the record names no address")
    time = record.field("WARC-Date")
    try:
        fetched_at = utc(time)
    except GxError:
        # WARC 1.1 allows a year or a day alone; a moment is not made up from it.
        fetched_at = None
    if fetched_at is None:
        words = _told(record, f"its time {time!r} is no moment; the capture is kept without one")
        added.problems.append(Problem("record", record.where, words, harmless=True))
    headers: Headers = record.headers or ()
    if record.type == "resource" and (kind := record.field("Content-Type")):
        headers = (("Content-Type", kind),)
    return Told(url=url, fetched_at=fetched_at, status=record.status, headers=headers)


def _kept(record: Record) -> dict[str, Any] | None:
    """What an export of an archive wrote of a capture; None in files of others."""
    text = record.field(CAPTURE_FIELD)
    if text is None:
        return None
    try:
        kept = json.loads(text)
        headers = [(name, value) for name, value in kept["headers"]]
        faulty = (
            not isinstance(kept["document"], bool)
            or any(not isinstance(kept.get(name), str | None) for name in _TEXTS)
            or kept["times"] not in range(1, _MAX_TIMES)
            or kept.get("status") not in (None, *range(1000))
            or any(not isinstance(part, str) for pair in headers for part in pair)
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        faulty = True
    if faulty:
        raise ReadError(f"the field {CAPTURE_FIELD} is damaged")
    return {**kept, "headers": headers}


def _description_kept(kept: dict[str, Any]) -> Told:
    try:
        utc(kept.get("fetched_at"))
    except GxError as error:
        raise ReadError(error.message) from error
    told = Told(status=kept.get("status"), headers=kept["headers"])
    for name in _TEXTS:
        told[name] = kept.get(name)
    return told
