"""Zip attachments: the one report inside is read as if it had been fetched by itself.

Names of members are shown and never used as paths. Several documents are refused with their names: which
of them is the report only their figures can tell, and a reader knows nothing of those. Whoever does can
read them one by one with :func:`read_members`.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final, NamedTuple

from gxstats.errors import LimitExceeded, ReadError, SeveralDocuments, UnsupportedFormat
from gxstats.model import Document, Issue
from gxstats.read import sniff
from gxstats.read.package import Package

MAX_MEMBERS: Final = 100
"""Files of one archive that are looked at."""
MAX_DOCUMENTS: Final = 10
"""Documents of one archive that are read."""
_DEPTH: Final = 1
"""Archives within an archive that are opened."""
_UTF8: Final = 0x800
_NOISE: Final = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_REPORTS: Final = frozenset(
    {sniff.HTML, sniff.DOCX, sniff.DOC, sniff.ODT, sniff.RTF, sniff.PDF, sniff.OFD, sniff.XLSX, sniff.MHT}
    | {sniff.XLS, sniff.OLE, sniff.ENCRYPTED, sniff.TEXT, sniff.ZIP, "application/vnd.rar"}
    | {"application/x-7z-compressed"}
)
"""What may be the report; a style sheet or a picture beside a page is not."""
_NAME: Final = 120


class _Member(NamedTuple):
    name: str
    data: bytes
    kind: str
    beside: tuple[str, ...] = ()
    """Names of what else stands in the archive."""


def read_zip(data: bytes) -> Document:
    """Read the one report in a zip archive.

    Args:
        data: The bytes of the archive.

    Returns:
        The document inside, with an issue that names it; places are those inside that document.

    Raises:
        ReadError: The archive is damaged or encrypted, or holds no document.
        SeveralDocuments: It holds more than one.
        LimitExceeded: It has too many files, or they are too large or too compressible.
        UnsupportedFormat: The document inside cannot be read, or archives are nested too deeply.
    """
    return _read(data, _only(data, 0))


def read_members(data: bytes) -> list[tuple[str, Document]]:
    """Read each document of a zip archive that holds several.

    Args:
        data: The bytes of the archive.

    Returns:
        Name and document of each, in the order of the archive.

    Raises:
        LimitExceeded: There are too many to read.
        ReadError: The archive is damaged or encrypted.

    Example:
        >>> import io, zipfile
        >>> with zipfile.ZipFile(stream := io.BytesIO(), "w") as archive:
        ...     archive.writestr("a.html", "<p>1</p>")
        ...     archive.writestr("b.html", "<p>2</p>")
        >>> [name for name, _ in read_members(stream.getvalue())]
        ['a.html', 'b.html']
    """
    everything = list(_members(data))
    members = _documents(everything)
    if len(members) > MAX_DOCUMENTS:
        raise LimitExceeded(
            f"the archive holds {len(members)} documents; {MAX_DOCUMENTS} are read at most",
            hint="unpack it and pass the report inside",
        )
    beside = {m.name: tuple(e.name for e in everything if e is not m) for m in members}
    return [(m.name, _read(data, m._replace(beside=beside[m.name]))) for m in members]


def _read(data: bytes, member: _Member) -> Document:
    # Only read_document knows all readers, and it opens archives with this module.
    from gxstats.read.document import read_document

    found = read_document(member.data, name=member.name, media_type=member.kind)
    message = f"read from {member.name!r} in the archive; places are those in that file"
    if member.beside:
        message += f"; left out: {', '.join(member.beside[:5])}" + (" ..." if len(member.beside) > 5 else "")
    note = Issue("notice", "unpacked", message)
    return replace(
        found, sha256=hashlib.sha256(data).hexdigest(), media_type=sniff.ZIP, issues=(note, *found.issues)
    )


def _documents(everything: list[_Member]) -> list[_Member]:
    members = [m for m in everything if m.kind in _REPORTS]
    # A text beside a document is a note about it.
    return [m for m in members if m.kind != sniff.TEXT] or members


def _only(data: bytes, depth: int) -> _Member:
    """The one document of an archive."""
    everything = list(_members(data))
    members = _documents(everything)
    if not members:
        raise ReadError("the archive holds no document", hint="unpack it and look inside")
    if len(members) > 1:
        names = ", ".join(m.name for m in members[:5]) + (" ..." if len(members) > 5 else "")
        raise SeveralDocuments(
            f"the archive holds {len(members)} documents: {names}",
            hint="unpack it and pass the report inside",
        )
    member = members[0]._replace(beside=tuple(m.name for m in everything if m is not members[0]))
    if member.kind != sniff.ZIP:
        return member
    if depth >= _DEPTH:
        raise UnsupportedFormat("archives are nested too deeply", hint="unpack it and pass the report inside")
    inner = _only(member.data, depth + 1)
    return inner._replace(name=f"{member.name}: {inner.name}", beside=member.beside + inner.beside)


def _members(data: bytes) -> Iterator[_Member]:
    package = Package(data)
    wanted = [name for name in package.names if not name.endswith(("/", "\\")) and not _is_noise(name)]
    if len(wanted) > MAX_MEMBERS:
        raise LimitExceeded(
            f"the archive has {len(wanted):,} files; {MAX_MEMBERS} are looked at at most",
            hint="unpack it and pass the report inside",
        )
    for name in wanted:
        content = package.read(name)
        shown = _shown(name, package.info(name))
        yield _Member(shown, content, sniff.media_type(content, shown))


def _is_noise(name: str) -> bool:
    lower = name.lower()
    return lower.startswith(_NOISE[0]) or lower.rpartition("/")[2] in _NOISE or "~$" in lower


def _shown(name: str, info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: most archives of the trade write GBK where the format says CP437."""
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return "".join(sign for sign in name if sign.isprintable())[-_NAME:]
