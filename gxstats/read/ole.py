"""OLE compound files, opened with limits: the container of DOC, WPS, XLS, PPT and encrypted packages."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Final

from gxstats.errors import ReadError
from gxstats.read.limits import check_input

if TYPE_CHECKING:
    import olefile

_HEADER: Final = 512
_SHIFTS: Final = ((9, 6), (12, 6))
"""Sector sizes of the two versions of the format, as powers of two: 512 or 4096 bytes, and 64."""
_DAMAGED_HINT: Final = "fetch the file again, or open it in an office program and save it anew"
_LARGEST_SUMMARY: Final = 65_536
_TITLE: Final = {2: "title", 4: "creator"}
_CODE_PAGE: Final = 1
_ENCODINGS: Final = {936: "gb18030", 950: "big5", 1200: "utf-16-le", 65001: "utf-8", 1252: "cp1252"}


class Container:
    """An open compound file whose header has been checked.

    Args:
        data: The bytes of the file.

    Raises:
        ReadError: The file is no compound file, or its tables are damaged.
        LimitExceeded: It is larger than any report.

    Example:
        >>> from gxstats.testing.ole import compound_file
        >>> Container(compound_file({"WordDocument": b"text"})).read("WordDocument")[:4]
        b'text'
    """

    def __init__(self, data: bytes) -> None:
        check_input(data)
        _check_header(data)
        import olefile

        try:
            self._file: olefile.OleFileIO = olefile.OleFileIO(io.BytesIO(data))
        except Exception as error:  # olefile raises what it meets on a damaged file
            raise _damaged(error) from error

    def names(self) -> frozenset[str]:
        """The names of the streams and storages that stand in no storage."""
        return frozenset(entry.name for entry in self._file.root.kids) if self._file.root else frozenset()

    def read(self, name: str) -> bytes:
        """The bytes of one stream of the outermost storage.

        Raises:
            ReadError: The stream is missing or damaged.
        """
        if name not in self.names():
            raise ReadError("the stream is missing from the file", hint=_DAMAGED_HINT, where=name)
        try:
            return bytes(self._file.openstream([name]).read())
        except Exception as error:  # as above
            raise _damaged(error, name) from error

    def summary(self) -> dict[str, str]:
        """Title and creator; a document without them is as good."""
        name = "\x05SummaryInformation"
        try:
            if self._file.get_size([name]) > _LARGEST_SUMMARY:
                return {}
            found = self._file.getproperties([name])
        except Exception:  # no reason to lose the document
            return {}
        page = found.get(_CODE_PAGE)
        encoding = _ENCODINGS.get(page & 0xFFFF if isinstance(page, int) else 0, "gb18030")
        texts = {label: _text(found.get(key), encoding) for key, label in _TITLE.items()}
        return {label: text for label, text in texts.items() if text}


def _text(value: object, encoding: str) -> str:
    if isinstance(value, bytes):
        value = value.decode(encoding, "replace")
    return value.strip("\0 \t\r\n") if isinstance(value, str) and "\ufffd" not in value else ""


def _check_header(data: bytes) -> None:
    """Refuse headers that promise more sectors than there are bytes: olefile would fetch them all."""
    if len(data) < _HEADER:
        raise ReadError("the compound file ends inside its header", hint=_DAMAGED_HINT)
    shifts = struct.unpack_from("<HH", data, 0x1E)
    tables, extra = struct.unpack_from("<I", data, 0x2C)[0], struct.unpack_from("<I", data, 0x48)[0]
    if shifts not in _SHIFTS or (max(tables, extra) << shifts[0]) > len(data) + _HEADER:
        raise ReadError("the compound file states impossible sizes", hint=_DAMAGED_HINT)


def _damaged(error: Exception, name: str = "") -> ReadError:
    return ReadError(f"the compound file is damaged: {error}", hint=_DAMAGED_HINT, where=name)
