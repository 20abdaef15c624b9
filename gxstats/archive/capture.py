"""What is known of one capture of a document."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypedDict

from gxstats.errors import GxError

Headers = tuple[tuple[str, str], ...]
Outcome = Literal["new", "same", "revised", "no_document"]


class Told(TypedDict, total=False):
    """What may be told of a capture besides its bytes; the attributes of :class:`Capture`."""

    url: str | None
    final_url: str | None
    fetched_at: str | None
    status: int | None
    headers: Sequence[tuple[str, str]] | None
    referrer: str | None
    title: str | None
    source_row: str | None
    name: str | None


_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Capture:
    """One row of the ledger.

    Attributes:
        id: place in the ledger, from 1.
        url: address that was asked for; null for a file that was added from a folder.
        final_url: address the answer came from, if that is another.
        fetched_at: time of the capture, ISO 8601 in UTC; null if nobody knows.
        status: HTTP status.
        headers: HTTP headers as received, in order.
        sha256: digest of the bytes; null for a redirect, which brings no document.
        size: number of bytes.
        media_type: what the content is, told from the bytes.
        referrer: address of the page that links here.
        title: text of that link.
        source_row: the row of the source list that led here.
        name: name of the file, as it was given; never used as a path.
        revision: 1 for the first bytes seen at an address (or, without one, under a name), 2 for the
            next other bytes, and so on; null if ``is_document`` is false.
        seen_before: these bytes were in the archive already.
    """

    id: int
    url: str | None
    final_url: str | None
    fetched_at: str | None
    status: int | None
    headers: Headers
    sha256: str | None
    size: int
    media_type: str | None
    referrer: str | None
    title: str | None
    source_row: str | None
    name: str | None
    revision: int | None
    seen_before: bool

    @property
    def is_document(self) -> bool:
        """Whether the bytes are what the address holds, and not a redirect, an error page or a part."""
        return self.sha256 is not None and holds_document(self.status)


def holds_document(status: int | None) -> bool:
    """Whether an answer of this HTTP status is the document; files have none.

    Example:
        >>> [holds_document(status) for status in (None, 200, 206, 302, 404)]
        [True, True, False, False, False]
    """
    return status is None or (200 <= status < 300 and status not in (204, 205, 206))


def outcome(capture: Capture) -> Outcome:
    """What a capture brought: ``new`` or ``revised`` bytes, the ``same`` as before, or ``no_document``.

    Bytes that the archive already has from elsewhere are ``same``.
    """
    if not capture.is_document:
        return "no_document"
    if capture.seen_before:
        return "same"
    return "revised" if (capture.revision or 1) > 1 else "new"


def utc(time: str | None) -> str | None:
    """One spelling of a time: UTC with ``Z``.

    Args:
        time: ISO 8601 text with a zone, at least to the minute.

    Raises:
        GxError: it is not.

    Example:
        >>> utc("2024-01-31T08:30:00+08:00")
        '2024-01-31T00:30:00Z'
    """
    if time is None:
        return None
    try:
        parsed = datetime.fromisoformat(time) if _CLOCK.match(time) else None
        if parsed is not None and parsed.tzinfo is not None:
            return parsed.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    except (ValueError, OverflowError):
        pass
    raise GxError(f"{time!r} is no time with a zone", hint="such as 2024-01-31T08:30:00+08:00")


def headers_text(headers: Sequence[tuple[str, str]] | None) -> str:
    """Headers as the ledger keeps them: JSON, in order, repeated names included."""
    return json.dumps([[str(name), str(value)] for name, value in headers or ()])


def headers_of(text: str) -> Headers:
    """The inverse of :func:`headers_text`.

    Example:
        >>> headers_of('[["ETag", "1"]]')
        (('ETag', '1'),)
    """
    return tuple((name, value) for name, value in json.loads(text)) if text != "[]" else ()


def clean(text: Any) -> str | None:
    r"""Text that every store can hold: characters that no encoding has are replaced.

    Example:
        >>> clean("年报\ud800")
        '年报?'
    """
    return None if text is None else str(text).encode("utf-8", "replace").decode("utf-8")
