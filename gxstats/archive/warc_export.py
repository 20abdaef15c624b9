"""An archive as a WARC file that other programs read, and that imports as what it was."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from os import PathLike
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from gxstats.archive.capture import Capture
from gxstats.archive.objects import NotArchived, ObjectDamaged
from gxstats.archive.store import Archive
from gxstats.archive.verify import Problem
from gxstats.archive.warc_import import CAPTURE_FIELD
from gxstats.errors import GxError
from gxstats.version import __version__

_NAMESPACE: Final = UUID("6f1d0a52-5f0e-5c1f-9d53-6b2f3a6a1c77")
_NO_TIME: Final = "1970-01-01T00:00:00Z"
"""Every record must have a time; the field of the capture says that there is none."""
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OF_TRANSPORT: Final = frozenset({"transfer-encoding", "content-encoding", "content-length", "trailer"})


@dataclass
class Exported:
    """How many records were written, and the captures that could not be."""

    records: int = 0
    problems: list[Problem] = field(default_factory=list)


def export_warc(archive: Archive, path: str | PathLike[str]) -> Exported:
    """Write every capture as a record of a WARC/1.1 file (ISO 28500:2017), one gzip member each.

    Answers of servers are ``response`` records, files are ``resource`` records. Bodies are written as
    documents, so headers that describe how they were sent are left out and the length is theirs. The
    same archive gives the same bytes: there is no clock in them, and record ids follow from content.

    Args:
        archive: where from.
        path: the file to write; compressed if it ends in ``.gz``. It is there when it is complete.

    Returns:
        The count, and a problem for every capture whose bytes are missing or damaged.

    Raises:
        GxError: the file cannot be written.
    """
    from warcio.warcwriter import WARCWriter

    target = Path(path)
    unfinished = target.with_name(f".{target.name}.part")
    exported = Exported()
    try:
        with unfinished.open("wb") as file:
            _write(WARCWriter(file, gzip=target.suffix == ".gz", warc_version="WARC/1.1"), archive, exported)
        unfinished.replace(target)
    except OSError as error:
        if isinstance(error, GxError):
            raise
        raise GxError(f"cannot be written: {error.strerror}", where=str(path)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return exported


def _write(writer: Any, archive: Archive, exported: Exported) -> None:
    writer.write_record(_about(writer, archive))
    said: Counter[str] = Counter()
    for capture in archive.captures():
        try:
            data = archive.read(capture.sha256) if capture.sha256 else None
        except (NotArchived, ObjectDamaged) as error:
            exported.problems.append(Problem("damaged", f"capture {capture.id}", str(error)))
            continue
        writer.write_record(_record(writer, capture, data, said))
        exported.records += 1


def _about(writer: Any, archive: Archive) -> Any:
    words = (
        f"software: gxstats/{__version__}\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    ).encode()
    fields = {"WARC-Record-ID": _id(words.hex()), "WARC-Date": archive.last_time() or _NO_TIME}
    return writer.create_warc_record("", "warcinfo", io.BytesIO(words), len(words), warc_headers_dict=fields)


def _record(writer: Any, capture: Capture, data: bytes | None, said: Counter[str]) -> Any:
    """One record; ``said`` counts captures that are told apart by nothing but their place in the ledger."""
    from warcio.statusandheaders import StatusAndHeaders

    told = _told(capture)
    digest = hashlib.sha256(f"{capture.sha256} {json.dumps(told)}".encode()).hexdigest()
    said[digest] += 1
    fields = {
        "WARC-Record-ID": _id(f"{digest} {said[digest]}"),
        "WARC-Date": capture.fetched_at or _NO_TIME,
        CAPTURE_FIELD: json.dumps({**told, "times": said[digest]}, separators=(",", ":")),
    }
    body = data or b""
    address = _address(capture)
    if capture.status is None or not address.lower().startswith(("http:", "https:")):
        fields["Content-Type"] = capture.media_type or "application/octet-stream"
        kind, http = "resource", None
    else:
        kind = "response"
        http = StatusAndHeaders(_status_line(capture.status), _headers(capture, body), protocol="HTTP/1.1")
    return writer.create_warc_record(
        address, kind, io.BytesIO(body), len(body), warc_headers_dict=fields, http_headers=http
    )


def _id(content: str) -> str:
    return f"<urn:uuid:{uuid5(_NAMESPACE, content)}>"


def _address(capture: Capture) -> str:
    if capture.url:
        return _one_line(capture.url).replace(" ", "%20")
    return f"urn:sha256:{capture.sha256}" if capture.sha256 else f"urn:gxstats:capture:{capture.id}"


def _told(capture: Capture) -> dict[str, Any]:
    names = ("url", "final_url", "fetched_at", "status", "referrer", "title", "source_row", "name", "headers")
    values = {name: value for name in names if (value := getattr(capture, name)) is not None}
    return {"document": capture.sha256 is not None, **values}


def _status_line(status: int) -> str:
    try:
        return f"{status:03} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status:03} Unknown"


def _headers(capture: Capture, body: bytes) -> list[tuple[str, str]]:
    sent = [(n, _one_line(v)) for n, v in capture.headers if n.lower() not in _OF_TRANSPORT]
    return [*((n, v) for n, v in sent if _HEADER_NAME.fullmatch(n)), ("Content-Length", str(len(body)))]


def _one_line(text: str) -> str:
    """Text that cannot end a header: what a server sent must not write records of its own."""
    return "".join(c if c.isprintable() else " " for c in text).strip()
