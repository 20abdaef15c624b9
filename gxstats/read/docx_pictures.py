"""The pictures of a DOCX file: what a drawing refers to, by the relationships of its part."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import partial
from typing import Final

from lxml import etree

from gxstats.errors import ReadError
from gxstats.read.package import Package, local_name
from gxstats.read.pictures import Picture

_REFERRING: Final = ("{*}blip", "{*}imagedata")
_WIDE: Final = 300 * 9525
"""300 pixels in English Metric Units."""
_NAMES: Final = ("embed", "link", "id", "pict")
_RELATIONS: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


def is_likely(drawing: etree._Element) -> bool:
    """Whether a picture is wide enough to be a table, or does not say how wide it is.

    Example:
        >>> is_likely(etree.fromstring("<d><extent cx='9525'/></d>"))
        False
    """
    widths = [extent.get("cx", "") for extent in drawing.iter("{*}extent")]
    return all(width.isdigit() and int(width[:12]) >= _WIDE for width in widths)


def pictures_of(found: list[tuple[str, etree._Element]], relations: Relations) -> Iterator[Picture]:
    """The pictures that drawings show.

    Args:
        found: The place of each drawing, and the drawing.
        relations: What its identifiers stand for.

    Example:
        >>> list(pictures_of([], None))
        []
    """
    for path, drawing in found:
        for identifier in references(drawing):
            data = partial(relations.data, identifier)
            yield Picture(path, relations.name(identifier), data, is_likely(drawing))


def references(drawing: etree._Element) -> list[str]:
    """The identifiers of the pictures that a drawing or an old-style picture shows.

    Example:
        >>> space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        >>> references(etree.fromstring(f"<d xmlns:r='{space}'><blip r:embed='rId4'/></d>"))
        ['rId4']
    """
    return list(dict.fromkeys(_identifiers(drawing)))


def _identifiers(drawing: etree._Element) -> Iterator[str]:
    for element in drawing.iter(*_REFERRING):
        for space in _RELATIONS:
            for name in _NAMES:
                found = element.get(f"{{{space}}}{name}")
                if found:
                    yield found


class Relations:
    """What the identifiers in a part stand for, read when first asked.

    Example:
        >>> import io, zipfile
        >>> buffer = io.BytesIO()
        >>> zipfile.ZipFile(buffer, "w").close()
        >>> Relations(Package(buffer.getvalue()), "word/document.xml").name("rId4")
        'rId4'
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self._targets: dict[str, tuple[str, bool]] | None = None

    def name(self, identifier: str) -> str:
        """The part or address it stands for; itself if it stands for nothing."""
        return self._target(identifier)[0]

    def data(self, identifier: str) -> bytes | None:
        """The bytes of the part it stands for; None if they are not in the package.

        Raises:
            ReadError: The part is damaged.
        """
        name, is_inside = self._target(identifier)
        return self._package.read(name) if is_inside and name in self._package.names else None

    def _target(self, identifier: str) -> tuple[str, bool]:
        if self._targets is None:
            self._targets = dict(self._read())
        return self._targets.get(identifier, (identifier, False))

    def _read(self) -> Iterator[tuple[str, tuple[str, bool]]]:
        folder, name = posixpath.split(self._part)
        try:
            root = self._package.xml(f"{folder}/_rels/{name}.rels")
        except ReadError:  # a document without relationships shows no pictures, and is as good
            return
        for item in root:
            if local_name(item) != "Relationship":
                continue
            target, is_inside = item.get("Target") or "", item.get("TargetMode") != "External"
            if is_inside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield item.get("Id") or "", (target, is_inside)
