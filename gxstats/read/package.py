"""Zip packages (DOCX, ODT, OFD), opened with limits: a report is small, a zip bomb is not."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from typing import Final

from lxml import etree

from gxstats.errors import LimitExceeded, ReadError
from gxstats.read.limits import (
    MAX_ELEMENTS,
    MAX_PACKAGE_BYTES,
    MAX_PART_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    too_deep,
    too_long,
)

# What zipfile raises for damaged archives, seen by flipping and cutting bytes of real ones.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    RuntimeError,  # also NotImplementedError: a compression method of another zip program
)
_RATIO_FLOOR: Final = 1_000_000
_ENCRYPTED: Final = 0x1
_DAMAGED_HINT: Final = "fetch the file again, or open it in an office program and save it anew"


class Package:
    """An open zip package whose sizes have been checked.

    Attributes:
        names: The part names, in the order of the package.

    Example:
        >>> from gxstats.read.package import Package
        >>> buffer = io.BytesIO()
        >>> with zipfile.ZipFile(buffer, "w") as file:
        ...     file.writestr("content.xml", "<a>1</a>")
        >>> Package(buffer.getvalue()).xml("content.xml").text
        '1'
    """

    def __init__(self, data: bytes) -> None:
        """Open a package.

        Args:
            data: The bytes of the package.

        Raises:
            ReadError: The zip is damaged or encrypted.
            LimitExceeded: It has too many parts, or parts that are too large or too compressible.
        """
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _DAMAGE as error:
            raise ReadError(f"the zip package is damaged: {error}", hint=_DAMAGED_HINT) from error
        self.names = tuple(member.filename for member in members)
        self._tags = 0
        _check_sizes(members)

    def read(self, name: str) -> bytes:
        """The bytes of one part.

        Raises:
            ReadError: The part is missing, there twice, encrypted or damaged.
        """
        if self.names.count(name) != 1:
            problem = "twice in" if name in self.names else "missing from"
            raise ReadError(f"the part is {problem} the package", hint=_DAMAGED_HINT, where=name)
        if self._zip.getinfo(name).flag_bits & _ENCRYPTED:
            raise ReadError("the package is encrypted", hint="save it without a password", where=name)
        try:
            return self._zip.read(name)
        except _DAMAGE as error:
            raise ReadError(f"the part is damaged: {error}", hint=_DAMAGED_HINT, where=name) from error

    def info(self, name: str) -> zipfile.ZipInfo:
        """What the directory of the package says of one part."""
        return self._zip.getinfo(name)

    def xml(self, name: str) -> etree._Element:
        """The root element of one XML part; raises as :meth:`read` and :func:`parse_xml` do.

        Raises:
            LimitExceeded: All XML read so far is more than any report has: a part may be named many times.
        """
        data = self.read(name)
        self._tags += data.count(b"<")
        if self._tags > MAX_ELEMENTS:
            raise too_long("tags", self._tags, MAX_ELEMENTS, name)
        return parse_xml(data, name)


def parse_xml(data: bytes, name: str = "") -> etree._Element:
    """Parse one XML part: no DTD, no entities, no network.

    Args:
        data: The bytes of the part.
        name: Its name, for error messages.

    Returns:
        The root element, without comments and processing instructions.

    Raises:
        ReadError: The part is not well-formed XML or has a DOCTYPE.
        LimitExceeded: It is nested too deeply, has too many elements, or a text of over 10 MB.

    Example:
        >>> parse_xml(b"<a><!-- no --><b/></a>")[0].tag
        'b'
    """
    elements = data.count(b"<")
    if elements > MAX_ELEMENTS:
        raise too_long("tags in one part", elements, MAX_ELEMENTS, name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in data:
            raise _has_doctype(name) from error
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise too_deep(name) from error
        raise ReadError(f"the part is not XML: {error}", hint=_DAMAGED_HINT, where=name) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _has_doctype(name)
    return root


def _has_doctype(name: str) -> ReadError:
    # Office programs never write one; entities are how XML is made to explode or to fetch.
    return ReadError("the part declares a DOCTYPE, which is refused", where=name)


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace.

    Example:
        >>> local_name(etree.fromstring("<w:p xmlns:w='urn:w'/>"))
        'p'
    """
    return str(element.tag).rpartition("}")[2]


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_PARTS:
        raise LimitExceeded(f"the package has {len(members):,} parts; {MAX_PARTS:,} are read at most")
    total = sum(member.file_size for member in members)
    if total > MAX_PACKAGE_BYTES:
        raise LimitExceeded(f"the package unpacks to {total:,} bytes; {MAX_PACKAGE_BYTES:,} are read at most")
    for member in members:
        size = member.file_size
        if size > MAX_PART_BYTES:
            raise LimitExceeded(
                f"the part unpacks to {size:,} bytes; {MAX_PART_BYTES:,} are read at most",
                where=member.filename,
            )
        if size > _RATIO_FLOOR and size > MAX_RATIO * member.compress_size:
            raise LimitExceeded(
                f"the part unpacks to more than {MAX_RATIO} times its size",
                hint="a zip bomb?",
                where=member.filename,
            )
