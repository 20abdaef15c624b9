"""The body of an HTTP answer as it was meant: chunks joined, compression undone, within limits."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Any, Final

from gxstats.errors import LimitExceeded, ReadError
from gxstats.read.limits import MAX_PART_BYTES
from gxstats.read.sniff import BINARY, EMPTY, TEXT, media_type

_GZIP: Final = "application/gzip"
_MAX_CHUNK_LINE: Final = 4_096
_CHUNK_DIGITS: Final = frozenset(b"0123456789abcdefABCDEF")


def decode_body(body: bytes, headers: Iterable[tuple[str, str]]) -> bytes:
    r"""Undo ``Transfer-Encoding`` and ``Content-Encoding``.

    Servers, and programs that save what they send, name encodings that the body is not in (or not any
    more). Where an encoding does not fit the first bytes, a body of a kind that is known is taken as it is.

    Args:
        body: what followed the HTTP headers.
        headers: the HTTP headers.

    Returns:
        The document.

    Raises:
        ReadError: the body is damaged, cut short, or in an encoding that cannot be undone here.
        LimitExceeded: it unpacks to more than ``MAX_PART_BYTES``.

    Example:
        >>> decode_body(b"4\r\n2023\r\n0\r\n\r\n", [("Transfer-Encoding", "chunked")])
        b'2023'
    """
    listed = [*headers]
    if "chunked" in _tokens(listed, "transfer-encoding"):
        body = join_chunks(body)
    else:
        _refuse_short(body, _tokens(listed, "content-length"))
    for name in reversed(_tokens(listed, "content-encoding")):
        body = _undo(name, body)
    return body


def _tokens(headers: Iterable[tuple[str, str]], wanted: str) -> list[str]:
    joined = ",".join(value for name, value in headers if name.lower() == wanted)
    return [token for part in joined.split(",") if (token := part.strip().lower())]


def _refuse_short(body: bytes, lengths: list[str]) -> None:
    # A longer body is one whose compression was undone by whoever saved it.
    if lengths and lengths[0].isdecimal() and len(body) < int(lengths[0][:18]):
        raise ReadError(f"the body has {len(body):,} of {int(lengths[0][:18]):,} bytes")


def join_chunks(body: bytes) -> bytes:
    """The chunks of a body (RFC 9112, 7.1) as one; a body that is not in chunks as it is.

    Raises:
        ReadError: it begins in chunks and breaks off, or goes on otherwise.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + _MAX_CHUNK_LINE)
        digits = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        if not digits or len(digits) > 16 or not _CHUNK_DIGITS.issuperset(digits):
            if at == 0:
                return body
            raise ReadError("the body breaks off between two chunks")
        size = int(digits, 16)
        if size == 0:
            return b"".join(parts)  # what may follow are trailers
        start = end + 2
        if body[start + size : start + size + 2] != b"\r\n":
            raise ReadError("the body breaks off inside a chunk")
        parts.append(body[start : start + size])
        at = start + size + 2


def _undo(name: str, body: bytes) -> bytes:
    if name == "identity" or not body:
        return body
    undo = _DECODERS.get(name)
    try:
        if undo is None:
            raise ReadError(f"the body is encoded as {name[:40]!r}, which cannot be undone here")
        return undo(body)
    except LimitExceeded:
        raise
    except (ReadError, zlib.error) as error:
        if _is_plain(body):
            return body
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"the {name} body is damaged: {error}") from error


def _is_plain(body: bytes) -> bool:
    """Whether a body is surely not compressed: of a kind that is known by its marks, or UTF-8 text."""
    kind = media_type(body)
    if kind == TEXT:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            return False
    return kind not in (BINARY, EMPTY, _GZIP)


def _gunzip(body: bytes) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body.startswith(b"\x1f\x8b") or not parts:
        part, body = _inflate(body, 16 + zlib.MAX_WBITS, size)
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _deflate(body: bytes) -> bytes:
    # The name means zlib (RFC 9110, 8.4.1.2); some servers send the bare stream.
    zlib_header = body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _inflate(body, zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)[0]


def _inflate(body: bytes, window: int, before: int = 0) -> tuple[bytes, bytes]:
    """What a stream unpacks to, and what follows it."""
    stream = zlib.decompressobj(window)
    room = MAX_PART_BYTES - before
    data = stream.decompress(body, room + 1)
    if len(data) > room:
        raise _too_large()
    if not stream.eof:
        raise ReadError("the compressed body is cut short")
    return data, stream.unused_data


def _unbrotli(body: bytes) -> bytes:
    try:
        import brotli  # type: ignore[import-untyped]  # comes with other packages, or not
    except ImportError:
        raise ReadError("the body is encoded as 'br': install brotli to undo it") from None
    stream: Any = brotli.Decompressor()
    try:
        data = stream.process(body, output_buffer_limit=MAX_PART_BYTES + 1)
        while not stream.is_finished() and len(data) <= MAX_PART_BYTES:
            more = stream.process(b"", output_buffer_limit=MAX_PART_BYTES + 1 - len(data))
            if not more:
                raise ReadError("the compressed body is cut short")
            data += more
    except TypeError:
        raise ReadError("the body is encoded as 'br': a newer brotli can undo it within limits") from None
    except brotli.error as error:
        raise ReadError(f"the br body is damaged: {error}") from error
    if len(data) > MAX_PART_BYTES:
        raise _too_large()
    return bytes(data)


def _too_large() -> LimitExceeded:
    return LimitExceeded(
        f"the body unpacks to more than {MAX_PART_BYTES:,} bytes", hint="a compression bomb?"
    )


_DECODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
}
