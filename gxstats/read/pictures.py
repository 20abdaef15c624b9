"""Pictures in a document that has no table: its tables may be among them, and OCR reads those.

Some offices paste their tables into a page or a Word file as pictures. Where a document has a table of
its own no picture is looked at, so that no figure is taken twice.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from gxstats.errors import GxError, LimitExceeded, ReadError
from gxstats.model import Block, Document, Grid, Issue, Locator, Paragraph, Reading, Row
from gxstats.read.metadata import name_value_pairs

if TYPE_CHECKING:
    from gxstats.read.scan import Scanned
    from gxstats.read.scan_image import PageImage

MAX_PICTURES: Final = 60
"""Pictures of a document that are looked at; a report of 20 pages has fewer, each page a picture."""
MAX_PIXELS: Final = 200_000_000
"""Pixels of all pictures of a document together: 25 pages of A4 at 300 dots per inch."""
MIN_WIDTH: Final = 200
MIN_HEIGHT: Final = 100
"""Pixels below which a picture is an icon, not a table."""
_SHOWN: Final = 5
_NAME: Final = 80
_COLUMNS: Final = 3
_PROOF: Final = "figures that no printed sum confirms are to be looked at"


class Picture(NamedTuple):
    """A picture of a document.

    ``data`` gives its bytes, or None if the file only names it; it may raise ``GxError``.
    """

    ref: str
    """Where it stands, as in :class:`gxstats.model.Locator`."""
    name: str
    """What the document calls it: an address, or a part of the package."""
    data: Callable[[], bytes | None]
    likely: bool = True
    """Whether its place or stated size lets one expect more than an icon."""


class _Candidates(NamedTuple):
    """The pictures that may be tables, in order; of those that cannot be looked at, why."""

    pages: list[tuple[Picture, bytes | GxError]]
    absent: list[Picture]
    issues: list[Issue]


def with_pictures(document: Document, pictures: Iterable[Picture]) -> Document:
    """Read the pictures of a document without tables; say so where that is not possible.

    Args:
        document: What was read so far, with one reading.
        pictures: Its pictures, in document order.

    Returns:
        The document as it was if it has a table or no picture that may be one. Else it has a further reading
        by OCR of the pictures with tables, or of all pictures where they are all there is. In its places
        ``page`` counts these pictures, the box is on a sheet as wide as A4, and ``ref`` is the place of the
        picture. Without OCR, or where the file does not hold the picture, an issue names it.

    Example:
        >>> page = Document("", "text/html", (Reading("structure", ()),))
        >>> far = Picture("/html/body[1]/img[1]", "tables.png", lambda: None)
        >>> with_pictures(page, [far]).issues[0].code
        'image'
    """
    if has_table(document):
        return document
    from gxstats.read.scan_ocr import load

    found = _candidates(list(islice(pictures, MAX_PICTURES + 1)))
    issues = [*found.issues, *(_absent(picture) for picture in found.absent[:_SHOWN])]
    if not any(isinstance(data, bytes) for _, data in found.pages):
        issues += [_unread(picture, str(error)) for picture, error in found.pages[:_SHOWN]]
        return _with(document, None, issues)
    try:
        load()
    except GxError as error:
        issues += [_unread(picture, f"{error.message}: {error.hint}") for picture, _ in found.pages[:_SHOWN]]
        return _with(document, None, issues)
    scanned = _scanned(found.pages, tables_only=any(reading.blocks for reading in document.readings))
    return _with(document, scanned.reading, [*issues, *scanned.issues])


def has_table(document: Document) -> bool:
    """Whether a document has a table of its own: not one of names and values, nor a single row.

    Example:
        >>> has_table(Document("", "text/html"))
        False
    """
    return any(
        isinstance(block, Grid)
        and sum(len(row.cells) >= _COLUMNS for row in block.rows) > 1
        and not name_value_pairs([block])
        for reading in document.readings
        for block in reading.blocks
    )


def _with(document: Document, reading: Reading | None, issues: list[Issue]) -> Document:
    """A document with a further reading; what is now said of a picture replaces what was said before."""
    said = {issue.at.ref for issue in issues if issue.at.ref}
    kept = [issue for issue in document.issues if issue.code != "image" or issue.at.ref not in said]
    readings = document.readings
    if reading is not None:
        kept = [issue for issue in kept if issue.code != "empty"]
        readings = (*(one for one in readings if one.blocks), reading)
    return replace(document, readings=readings, issues=(*kept, *issues))


def _candidates(pictures: Sequence[Picture]) -> _Candidates:
    pages: list[tuple[Picture, bytes | GxError]] = []
    absent: list[Picture] = []
    pixels = 0
    for picture in pictures[:MAX_PICTURES]:
        data: bytes | GxError | None
        try:
            data = picture.data()
            size = _size(data) if data is not None else (0, 0)
        except GxError as why:
            data, size = why, (MIN_WIDTH, MIN_HEIGHT)
        pixels += size[0] * size[1]
        if data is None:
            absent += [picture] if picture.likely else []
        elif (
            size[0] < MIN_WIDTH or size[1] < MIN_HEIGHT or (isinstance(data, GxError) and not picture.likely)
        ):
            continue
        elif pixels > MAX_PIXELS:
            limit = LimitExceeded(
                f"the pictures have over {MAX_PIXELS:,} pixels together", hint="split the file"
            )
            pages.append((picture, limit))
        else:
            pages.append((picture, data))
    issues = [_too_many(picture) for picture in pictures[MAX_PICTURES:]]
    return _Candidates(pages, absent, issues)


def _size(data: bytes) -> tuple[int, int]:
    """Width and height as the first bytes of an image say."""
    from PIL import Image

    from gxstats.read.scan_image import FORMATS

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return image.size
    except Exception as error:  # decoders of damaged files fail in many ways
        raise ReadError("it is damaged, or of a kind that is not read", hint="save it as PNG") from error


def _scanned(candidates: list[tuple[Picture, bytes | GxError]], *, tables_only: bool) -> Scanned:
    """What OCR makes of the pictures; no reading if none has a table."""
    from gxstats.read.scan import Scanned, read_pages
    from gxstats.read.scan_image import PageImage

    given: dict[int, Picture] = {}
    pages = _pages(candidates, given, tables_only)
    first: list[PageImage | tuple[int, GxError]] = []
    for page in pages:
        first.append(page)
        if isinstance(page, PageImage):
            break
    else:
        errors = [page[1] for page in first if not isinstance(page, PageImage)]
        told = zip(given.values(), errors, strict=True)
        return Scanned(None, [_unread(picture, str(error)) for picture, error in told])
    reading, found = read_pages(chain(first, pages))
    if reading is not None:
        reading = reading._replace(blocks=tuple(_placed(block, given) for block in reading.blocks))
    issues = [issue._replace(at=_at(issue.at, given)) for issue in found]
    unread = {issue.at.page for issue in found if issue.level == "error"}
    read = dict.fromkeys(picture for number, picture in given.items() if number not in unread)
    return Scanned(reading, [*(_told(picture) for picture in read), *issues])


def _pages(
    candidates: list[tuple[Picture, bytes | GxError]], given: dict[int, Picture], tables_only: bool
) -> Iterator[PageImage | tuple[int, GxError]]:
    """The pictures as pages numbered one after another; those known to have no table are left out."""
    from gxstats.read.scan_image import decode_image
    from gxstats.read.scan_text import prepare

    for picture, data in candidates:
        try:
            if not isinstance(data, bytes):
                raise data
            images = decode_image(data)
        except GxError as error:
            given[len(given) + 1] = picture
            yield len(given), error
            continue
        for image in images:
            if not tables_only or prepare(image).has_table:
                given[len(given) + 1] = picture
                yield image._replace(number=len(given))


def _placed(block: Block, given: dict[int, Picture]) -> Block:
    if isinstance(block, Paragraph):
        return block._replace(at=_at(block.at, given))
    rows = tuple(
        Row(tuple(cell._replace(at=_at(cell.at, given)) for cell in row.cells)) for row in block.rows
    )
    return block._replace(rows=rows, place=_at(block.place, given))


def _at(at: Locator, given: dict[int, Picture]) -> Locator:
    return at._replace(ref=given[at.page].ref) if at.page in given else at


def _named(picture: Picture) -> str:
    name = "".join(sign for sign in picture.name if sign.isprintable())
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"


def _too_many(picture: Picture) -> Issue:
    message = f"this picture and those behind it were not looked at: there are over {MAX_PICTURES}"
    return Issue("warning", "image", message, Locator(ref=picture.ref), "split the file")


def _absent(picture: Picture) -> Issue:
    from gxstats.read.scan_ocr import INSTALL

    message = f"there is no table, and one may be in a picture that the file does not hold: {_named(picture)}"
    hint = f"save the picture and read it like a report, with {INSTALL}"
    return Issue("warning", "image", message, Locator(ref=picture.ref), hint)


def _unread(picture: Picture, why: str) -> Issue:
    message = f"there is no table, and one may be in a picture that was not read: {_named(picture)}"
    return Issue("warning", "image", message, Locator(ref=picture.ref), why)


def _told(picture: Picture) -> Issue:
    message = f"a picture stands here, and was read by OCR: {_named(picture)}"
    return Issue("notice", "image", message, Locator(ref=picture.ref), _PROOF)
