"""What a reading depends on besides the bytes: if any of it changes, the file must be read again."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from gxstats.version import __version__

# Identity is resolved anew by every build, so its tables (places/, data/) are not among them. Of
# align/identity the title counts: words about another year than the title's make figures doubtful.
_SOURCES = ("align", "check", "model.py", "read", "schema", "transcript.py", "wire.py")
_LIBRARIES = ("lxml", "olefile", "opencc-python-reimplemented", "pdfminer.six", "pdfplumber", "pypdfium2")
_TABLES = ("agencies.csv", "divisions.csv", "successions.csv", "trusted_hosts.csv")
_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def reader_key() -> str:
    """Name of the folder of readings that this reader would make again exactly.

    The version alone does not tell: between versions code changes. So it is followed by a digest of
    the reader's own source and data files and of the versions of the libraries it reads with.

    Example:
        >>> reader_key().startswith(__version__)
        True
    """
    digest = hashlib.sha256()
    for path in _files():
        name = path.relative_to(_PACKAGE).as_posix()
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    for name, number in library_versions().items():
        digest.update(f"{name} {number}\n".encode())
    return f"{__version__}-{digest.hexdigest()[:16]}"


def identity_key() -> str:
    """What tells who published a report from its words and address: if it changes, that is told anew.

    It names the code and tables of bodies, divisions and hosts, besides the reader itself.
    """
    return hashlib.sha256(f"{reader_key()} {_digest_of_tables()}".encode()).hexdigest()[:16]


@cache
def _digest_of_tables() -> str:
    from gxstats.paths import data_path

    digest = hashlib.sha256()
    for path in (*_files(("places",)), *(data_path(name) for name in _TABLES)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(names: Sequence[str] = _SOURCES) -> Iterator[Path]:
    for name in names:
        path = _PACKAGE / name
        found = [path] if path.is_file() else path.rglob("*")
        yield from sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts)


def library_versions() -> dict[str, str]:
    """The versions of the libraries that figures come through; of Python, those of its text tables."""
    found = {name: _version(name) for name in _LIBRARIES}
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"python": python, "unicode": unicodedata.unidata_version} | found


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


@cache
def _ocr() -> str:
    from gxstats.read.scan_ocr import ocr_version

    return ocr_version()


@cache
def _libreoffice() -> str:
    """Whether it is there: asking a version would start it."""
    from gxstats.errors import UnsupportedFormat
    from gxstats.read.office import program_path

    try:
        program_path()
    except UnsupportedFormat:
        return "none"
    return "installed"


_SCANNED = (
    "application/ofd",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    "multipart/related",
    "text/html",
)
"""Types that are page images, or hold some."""
_CONVERTED = ("application/rtf", "application/msword")
"""Types that LibreOffice reads, or bears out where tables are in doubt."""
EXTERNAL: dict[str, Mapping[str, Callable[[], str]]] = {
    **{kind: {"ocr": _ocr} for kind in _SCANNED},
    **{kind: {"libreoffice": _libreoffice} for kind in _CONVERTED},
    "application/zip": {"ocr": _ocr, "libreoffice": _libreoffice},  # what is inside may need either
}
"""Media type -> the external readers its files are read with, and how to ask each for its version.

A file is read again when the version of a reader of its own type changes, no other file is.
"""


def external_readers(media_type: str) -> str:
    """The external readers of a media type with their versions; "" if files of it need none.

    Example:
        >>> external_readers("text/plain")
        ''
    """
    readers = EXTERNAL.get(media_type, {})
    return " ".join(f"{name}={readers[name]()}" for name in sorted(readers))


def external_versions() -> dict[str, str]:
    """Version of every external reader that any media type is read with."""
    return {name: ask() for readers in EXTERNAL.values() for name, ask in sorted(readers.items())}
