"""The package of an OFD file: which parts make up its documents, whatever their names look like."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import Final, NamedTuple

from lxml import etree

from gxstats.errors import LimitExceeded, ReadError
from gxstats.model import Issue, Locator
from gxstats.read.package import Package, parse_xml

MAX_XML_BYTES: Final = 60_000_000
"""Bytes of XML read from one file; a report has under 5 MB. A page may be named many times."""
_ENTRY: Final = "ofd.xml"
_ENCRYPTED: Final = "encryptions.xml"


class Body(NamedTuple):
    """One document of the package: the part that is its root, and how it was named."""

    part: str
    root: etree._Element


class OfdPackage:
    """An open OFD package.

    Names are compared without regard to case and to the kind of slash; everything may stand in one
    folder, as when the unpacked file was zipped again.
    """

    def __init__(self, data: bytes) -> None:
        """Open a package.

        Raises:
            ReadError: It is damaged or no OFD.
            LimitExceeded: It is larger than any report.
        """
        self._package = Package(data)
        self._parts: dict[str, list[str]] = {}
        for name in self._package.names:
            self._parts.setdefault(_plain(name), []).append(name)
        entries = sorted((key for key in self._parts if posixpath.basename(key) == _ENTRY), key=_depth)
        if not entries or _depth(entries[0]) > 1:
            raise ReadError("the package has no OFD.xml", hint="fetch the file again")
        if len(entries) > 1 and _depth(entries[0]) == _depth(entries[1]):
            raise ReadError("the package holds several OFD files", hint="unpack it and pass them one by one")
        self.entry = entries[0]
        self._top = posixpath.dirname(self.entry)
        self._spent = 0

    @property
    def is_encrypted(self) -> bool:
        """Whether parts of it are (GM/T 0099): what is left in the clear may be a decoy."""
        return posixpath.join(self._top, _ENCRYPTED) in self._parts

    def data(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            ReadError: It is missing or there twice.
        """
        names = self._parts.get(part, [])
        if len(names) > 1:
            raise ReadError("the part is twice in the package", hint="fetch the file again", where=part)
        return self._package.read(names[0] if names else part)

    def xml(self, part: str) -> etree._Element:
        """The root element of a part.

        Raises:
            ReadError: It is missing, there twice, or no XML.
            LimitExceeded: All XML read so far is more than any report has.
        """
        data = self.data(part)
        self._spent += len(data)
        if self._spent > MAX_XML_BYTES:
            raise LimitExceeded(f"the file has over {MAX_XML_BYTES:,} bytes of XML", where=part)
        return parse_xml(data, part)

    def find(self, location: str, beside: str) -> str:
        """The part a location names.

        Args:
            location: As written: from the top if it begins with ``/``, else from the folder of
                the part it stands in.
            beside: That part.

        Raises:
            ReadError: There is no such part.
        """
        plain = _plain(location.strip())
        places = [
            *([] if plain.startswith("/") else [posixpath.join(posixpath.dirname(beside), plain)]),
            posixpath.join(self._top, plain.lstrip("/")),
        ]
        for place in places:
            part = posixpath.normpath(place)
            if part in self._parts:
                return part
        raise ReadError(
            "the part is missing from the package", hint="fetch the file again", where=location[:200]
        )

    def bodies(self) -> tuple[list[Body], list[Issue]]:
        """The documents of the package in their current versions, and what could not be opened."""
        bodies: list[Body] = []
        issues: list[Issue] = []
        root = self.xml(self.entry)
        for element in children(root, "DocBody"):
            try:
                part = self._current(element)
                bodies.append(Body(part, self.xml(part)))
            except LimitExceeded:
                raise
            except ReadError as error:
                issues.append(
                    Issue("error", "damaged", error.message, Locator(ref=error.where or None), error.hint)
                )
        if not bodies and not issues:
            raise ReadError("OFD.xml names no document", where=self.entry)
        return bodies, issues

    def _current(self, body: etree._Element) -> str:
        """The root part of a document: that of the version marked as current, if there are versions."""
        for version in descend(body, "Versions", "Version"):
            if (version.get("Current") or "").strip().lower() in ("true", "1"):
                part = self.find(version.get("BaseLoc") or "", self.entry)
                return self.find(text_of(self.xml(part), "DocRoot"), part)
        return self.find(text_of(body, "DocRoot"), self.entry)


def name_of(element: etree._Element) -> str:
    """The name of an element without its namespace.

    Example:
        >>> name_of(etree.fromstring("<o:Page xmlns:o='urn:o'/>"))
        'Page'
    """
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    # A page has thousands of elements of a dozen names.
    return tag.rpartition("}")[2]


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The child elements of a name, whatever their namespace.

    Example:
        >>> len(children(etree.fromstring("<a xmlns:o='urn:o'><o:b/><b/><c/></a>"), "b"))
        2
    """
    return [child for child in element if name_of(child) == name]


def descend(element: etree._Element, *path: str) -> list[etree._Element]:
    """The elements at the end of a path of names.

    Example:
        >>> len(descend(etree.fromstring("<a><b><c/><c/></b><b><c/></b></a>"), "b", "c"))
        3
    """
    found = [element]
    for name in path:
        found = [child for parent in found for child in children(parent, name)]
    return found


def text_of(element: etree._Element, *path: str) -> str:
    """The text of the first element at the end of a path, empty if there is none.

    Example:
        >>> text_of(etree.fromstring("<a><b> x </b></a>"), "b")
        'x'
    """
    found = descend(element, *path)
    return (found[0].text or "").strip() if found else ""


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").lower()


def _depth(key: str) -> int:
    return key.strip("/").count("/")
