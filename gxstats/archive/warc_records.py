"""The records of a WARC file, one after another, past damaged ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from warcio.bufferedreaders import BufferedReader
from warcio.recordloader import ArcWarcRecordLoader

from gxstats.archive.capture import Headers
from gxstats.archive.verify import Problem
from gxstats.errors import GxError, LimitExceeded, ReadError
from gxstats.read.limits import MAX_PART_BYTES

MAX_HEADER_BYTES: Final = 1_000_000
"""Bytes of all headers of one record, those of the HTTP answer included."""
_GZIP: Final = b"\x1f\x8b\x08"
_MARKS: Final = {True: (_GZIP, 0), False: (b"\nWARC/1.", 1)}
_BLOCK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Record:
    """One record; ``body`` is what follows the HTTP headers, or the whole block."""

    where: str
    type: str
    warc: Any
    status: int | None
    headers: Headers | None
    body: bytes

    def field(self, name: str) -> str | None:
        """A named field of the record, None if it is not there."""
        value: str | None = self.warc.get_header(name)
        return value


class _Reader(BufferedReader):  # type: ignore[misc]  # warcio has no types
    """Reads a file and undoes its compression; damage is an error, and headers have a limit."""

    spent = 0

    def _decompress(self, data: bytes) -> bytes:
        if self.decompressor is None or not data:
            return data
        plain: bytes = self.decompressor.decompress(data)
        return plain

    def readline(self, length: int | None = None) -> bytes:
        room = MAX_HEADER_BYTES - self.spent
        line: bytes = super().readline(room if length is None else min(room, length))
        self.spent += len(line)
        if self.spent >= MAX_HEADER_BYTES:
            raise LimitExceeded(f"the headers of the record have more than {MAX_HEADER_BYTES:,} bytes")
        return line

    @property
    def unfinished(self) -> bool:
        """Whether the compressed data ended before its end."""
        return self.decompressor is not None and not self.decompressor.eof


def read_records(path: Path) -> Iterator[Record | Problem]:
    """Read a WARC file, compressed or not.

    Args:
        path: the file; ``.gz`` may hold a member per record, as it should, or one for all.

    Yields:
        Records, and a problem for each stretch of the file that holds none: a record that is damaged,
        too large or cut short costs itself and not those after it.
    """
    with path.open("rb") as file:
        compressed = file.read(2) == _GZIP[:2]
        start: int | None = 0
        told = False
        while start is not None:
            at = start
            try:
                for item, following in _from(file, start, compressed, path.name):
                    at, told = following, False
                    yield item
                return
            except Exception as error:  # warcio raises many things for bytes that are no record
                if not told:
                    yield Problem("record", f"{path.name}, byte {at}", _words(error))
                told = True
            start = _next_start(file, max(at, start) + 1, compressed)


def _words(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return error.message if isinstance(error, GxError) else f"the record cannot be read: {text[:200]}"


def _from(file: BinaryIO, start: int, compressed: bool, name: str) -> Iterator[tuple[Record | Problem, int]]:
    """The records from a byte on, each with the byte at which the next begins."""
    file.seek(start)
    reader = _Reader(file, decomp_type="gzip" if compressed else None)
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
    at, line = start, None
    while True:
        reader.spent = 0
        try:
            raw = loader.parse_record_stream(reader, line, "warc", check_digests=True)
        except EOFError:
            if reader.unfinished or reader.spent or line or not reader.num_read:
                raise ReadError("the file ends in the middle of this record") from None
            return
        except Exception:
            if reader.unfinished and not reader.stream.read(1):
                raise ReadError("the file ends in the middle of this record") from None
            raise
        item = _record(raw, f"{name}, byte {at}")
        line = _next_line(reader)
        if reader.unfinished and line is None:
            raise ReadError("the file ends in the middle of this record")
        at = file.tell() - reader.rem_length() - len(line or b"")
        if line is None and not reader.read_next_member():
            yield item, at
            return
        yield item, at


def _next_line(reader: _Reader) -> bytes | None:
    """The first line of the next record, None at the end of the file or member."""
    reader.spent = 0
    while line := reader.readline():
        if line.strip():
            return line
    return None


def _record(raw: Any, where: str) -> Record | Problem:
    """The whole of a record; raises if it is not all there."""
    if not str(raw.rec_headers.get_header("Content-Length")).isdecimal():
        raise ReadError("the record does not say how long it is")
    body = raw.raw_stream.read(MAX_PART_BYTES + 1)
    too_large = len(body) > MAX_PART_BYTES
    while too_large and raw.raw_stream.read(_BLOCK):
        pass
    if raw.raw_stream.limit > 0:
        raise ReadError("the file ends in the middle of this record")
    if too_large:
        return Problem("record", where, f"the record has more than {MAX_PART_BYTES:,} bytes")
    if any(problem.startswith("block digest failed") for problem in raw.digest_checker.problems):
        return Problem("record", where, "the record no longer has the digest that it names")
    http = raw.http_headers
    if http is None:
        return Record(where, str(raw.rec_type), raw.rec_headers, None, None, body)
    code = http.get_statuscode()
    status = int(code) if code.isdecimal() and len(code) == 3 else None
    return Record(where, str(raw.rec_type), raw.rec_headers, status, tuple(http.headers), body)


def _next_start(file: BinaryIO, start: int, compressed: bool) -> int | None:
    """Where, from a byte on, the next record may begin."""
    mark, offset = _MARKS[compressed]
    file.seek(start)
    base, kept = start, b""
    while block := file.read(_BLOCK):
        found = (kept + block).find(mark)
        if found >= 0:
            return base - len(kept) + found + offset
        base += len(block)
        kept = (kept + block)[-(len(mark) - 1) :]
    return None
