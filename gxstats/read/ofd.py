"""OFD reports (GB/T 33190, a zip of XML): characters and ruling lines, read as those of a PDF are.

``OFD.xml`` names documents, a document its pages and templates, a page its layers of texts, paths
and images. What signatures and seals say is not looked at; annotations and attachments are noted.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from gxstats.errors import LimitExceeded, ReadError
from gxstats.model import Block, Document, Issue, Locator, Reading
from gxstats.read.furniture import remove_furniture
from gxstats.read.geometry import PageView
from gxstats.read.lost_pages import find_lost, tell_cropped
from gxstats.read.ofd_package import Body, OfdPackage, children, descend, text_of
from gxstats.read.ofd_page import Drawing
from gxstats.read.ofd_resources import Resources
from gxstats.read.ofd_scanned import read_scans
from gxstats.read.ofd_values import Rectangle, rectangle
from gxstats.read.ofd_view import page_content
from gxstats.read.pdf import read_views
from gxstats.read.pdf_limits import MAX_BYTES, MAX_CHARACTERS, MAX_PAGES
from gxstats.read.pdf_scanned import read_by_ocr
from gxstats.read.pdf_source import PageContent
from gxstats.read.pdf_trust import refuse_pages
from gxstats.read.sniff import OFD

A4: Rectangle = (0.0, 0.0, 210.0, 297.0)
"""The sheet of a document that states none, in millimetres."""
MAX_TEMPLATES = 8
"""Templates on one page: templates have templates, too, but not in circles."""


class _Sheet(NamedTuple):
    """A page that has been drawn."""

    number: int
    box: Rectangle
    drawing: Drawing


def read_ofd(data: bytes) -> Document:
    """Read an OFD file: every document in it, each in its current version.

    Args:
        data: The file's bytes.

    Returns:
        A document with the readings ``bands`` and ``stream``; without readings, and with an issue
        saying why, if nothing in it can be read. Places are pages, counted through all documents
        of the file, and boxes. Its hash is left to :func:`gxstats.read.read_document`.

    Raises:
        ReadError: If the bytes are no OFD or damaged.
        LimitExceeded: If it is larger than any report.

    Example:
        >>> from gxstats.errors import ReadError
        >>> try:
        ...     read_ofd(b"not a zip")
        ... except ReadError as error:
        ...     print(error.message)
        the zip package is damaged: File is not a zip file
    """
    if len(data) > MAX_BYTES:
        raise LimitExceeded(f"the OFD has over {MAX_BYTES} bytes")
    package = OfdPackage(data)
    if package.is_encrypted:
        hint = "open it in an OFD viewer and save it without a password"
        return Document("", OFD, issues=(Issue("error", "encrypted", "the OFD is encrypted", hint=hint),))
    bodies, issues = package.bodies()
    readings: dict[str, list[Block]] = {}
    before = 0
    for body in bodies:
        sheets, found = _Body(package, body, before).sheets()
        pages, more = _contents(sheets)
        issues += found + more
        before += len(descend(body.root, "Pages", "Page"))
        for reading in _read(pages, sheets, before, issues):
            readings.setdefault(reading.name, []).extend(reading.blocks)
    return Document("", OFD, tuple(Reading(n, tuple(b)) for n, b in readings.items()), tuple(issues))


def _contents(sheets: list[_Sheet]) -> tuple[list[PageContent], list[Issue]]:
    """The pages of one document; which fonts lie is known only when all of them have been drawn."""
    doubted = sheets[0].drawing.resources.fonts.doubted() if sheets else set()
    pages: list[PageContent] = []
    issues: list[Issue] = []
    for number, box, drawing in sheets:
        try:
            page, found = page_content(number, box, drawing, doubted)
        except LimitExceeded:
            raise
        except ReadError as error:
            found = [Issue("error", "page_damaged", error.message, Locator(number), error.hint)]
        else:
            pages.append(page)
        issues += found
    return pages, issues


def _read(
    pages: list[PageContent], sheets: list[_Sheet], last: int, issues: list[Issue]
) -> tuple[Reading, ...]:
    """The readings of one document whose last page has this number; what is wrong joins the issues."""
    refused, found = refuse_pages(pages)
    images = {issue.at.page or 0 for issue in found if issue.code == "image_only"}
    drawn = {sheet.number: (sheet.box, sheet.drawing) for sheet in sheets}
    by_ocr, found = read_by_ocr(images, found, lambda numbers: read_scans(numbers, drawn))
    issues += found
    views: list[PageView] = [view for page in pages if page.number not in refused for view in page.views]
    issues += tell_cropped(views)
    views, notices = remove_furniture(views)
    issues += notices
    if not any(len(view.characters.codes) for view in views):
        return by_ocr
    return (*read_views(views, find_lost(views, last)), *by_ocr)


class _Body:
    """One document of the package while its pages are drawn."""

    def __init__(self, package: OfdPackage, body: Body, before: int) -> None:
        self.package, self.part, self.root = package, body.part, body.root
        self.before = before
        self.resources = Resources(package)
        self.issues = self.resources.issues
        self.templates: dict[str, str] = {}
        self._roots: dict[str, etree._Element] = {}
        self._characters = 0

    def sheets(self) -> tuple[list[_Sheet], list[Issue]]:
        """Draw all pages; those that cannot be drawn are issues."""
        common = descend(self.root, "CommonData")
        for data in common:
            for name in ("PublicRes", "DocumentRes"):
                for resource in children(data, name):
                    self.resources.load(resource.text or "", self.part)
            for template in children(data, "TemplatePage"):
                self.templates[template.get("ID") or ""] = template.get("BaseLoc") or ""
        pages = descend(self.root, "Pages", "Page")
        if self.before + len(pages) > MAX_PAGES:
            raise LimitExceeded(
                f"the OFD has {self.before + len(pages)} pages, over the limit of {MAX_PAGES}"
            )
        sheets: list[_Sheet] = []
        for number, page in enumerate(pages, self.before + 1):
            try:
                sheets.append(self._sheet(number, page.get("BaseLoc") or ""))
            except LimitExceeded:
                raise
            except ReadError as error:
                place = Locator(number, ref=error.where or None)
                self.issues.append(Issue("error", "page_damaged", error.message, place, error.hint))
        self._note_others()
        return sheets, self.issues

    def _sheet(self, number: int, location: str) -> _Sheet:
        part = self.package.find(location, self.part)
        root = self.package.xml(part)
        box = _area(root) or next(filter(None, map(_area, descend(self.root, "CommonData"))), None) or A4
        drawing = Drawing(self.resources)
        self._draw(root, part, drawing, [part])
        self._characters += drawing.characters
        if self._characters > MAX_CHARACTERS:
            raise LimitExceeded(f"the OFD has over {MAX_CHARACTERS} characters")
        return _Sheet(number, box, drawing)

    def _draw(self, root: etree._Element, part: str, drawing: Drawing, drawn: list[str]) -> None:
        """Draw a page between the templates that lie behind and before it."""
        for resource in children(root, "PageRes"):
            self.resources.load(resource.text or "", part)
        behind: list[etree._Element] = []
        before: list[etree._Element] = []
        for use in children(root, "Template"):
            (before if use.get("ZOrder") == "Foreground" else behind).append(use)
        for use in behind:
            self._template(use, drawing, drawn)
        drawing.content(root)
        for use in before:
            self._template(use, drawing, drawn)

    def _template(self, use: etree._Element, drawing: Drawing, drawn: list[str]) -> None:
        identifier = use.get("TemplateID") or ""
        if identifier not in self.templates:
            raise ReadError(f"the page refers to a template {identifier[:40]!r} that is missing")
        part = self.package.find(self.templates[identifier], self.part)
        if part in drawn or len(drawn) > MAX_TEMPLATES:
            raise ReadError("the templates of the page refer to each other in circles", where=part)
        drawn.append(part)
        if part not in self._roots:
            self._roots[part] = self.package.xml(part)
        self._draw(self._roots[part], part, drawing, drawn)

    def _note_others(self) -> None:
        """Say what the document holds besides its pages."""
        for location in (text_of(self.root, name) for name in ("Annotations", "Attachments")):
            if not location:
                continue
            try:
                part = self.package.find(location, self.part)
                root = self.package.xml(part)
            except LimitExceeded:
                raise
            except ReadError:
                continue
            for page in children(root, "Page"):
                place = Locator(ref=f"{part}#{page.get('PageID') or ''}")
                self.issues.append(
                    Issue("notice", "annotations", "annotations on a page were not read", place)
                )
            for attached in children(root, "Attachment"):
                name = (attached.get("Name") or text_of(attached, "FileLoc"))[:100]
                message = f"the file carries an attachment that was not read: {name}"
                self.issues.append(Issue("notice", "attachment", message, Locator(ref=part)))


def _area(element: etree._Element) -> Rectangle | None:
    """The sheet an element states: a page as its Area, a document as its PageArea."""
    for name in ("Area", "PageArea"):
        box = text_of(element, name, "PhysicalBox")
        if box:
            return rectangle(box)
    return None
