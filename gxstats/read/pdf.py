"""PDF reports: two independent readings of the same pages, and what could not be read.

``bands`` cuts pages into cells along the ruling lines (or, where a table has none, along aligned
figures); ``stream`` knows nothing of lines and takes figures in the order and at the places where
they are drawn. A third, slower reading by pdfplumber is made only when somebody asks for it.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import NamedTuple

from gxstats.errors import LimitExceeded
from gxstats.model import Block, Document, Issue, Locator, Paragraph, Reading
from gxstats.read.bands import Table, read_bands
from gxstats.read.borderless import may_hold_table, read_borderless
from gxstats.read.furniture import remove_furniture
from gxstats.read.geometry import Box, PageView
from gxstats.read.lines import PageLines, page_lines
from gxstats.read.lost_pages import doubt_table, find_lost, tell_cropped
from gxstats.read.page_breaks import count_repeated, join_pages
from gxstats.read.paragraphs import Prose, join_paragraphs
from gxstats.read.pdf_arbiter import read_with_pdfplumber
from gxstats.read.pdf_limits import MAX_CHARACTERS, MAX_COMPARED_TEXTS, MAX_OBJECTS
from gxstats.read.pdf_scanned import read_refused
from gxstats.read.pdf_source import EncryptedPdf, PageContent, open_pdf, read_page
from gxstats.read.pdf_trust import refuse_pages
from gxstats.read.stream import read_stream

MEDIA_TYPE = "application/pdf"
UNSEEN = "something stands here that has no glyph: a blank, or a character that is lost"
CROPPED = "part of it stands beside the page, which is cropped or damaged"
HEAD_ROWS = 6
"""No table repeats more rows than this at the top of the next page."""


class PageText(NamedTuple):
    """A page as the reading by bands has it; ``only_prose`` if nothing on it looks like a table."""

    view: PageView
    tables: list[Table]
    prose: list[Prose]
    only_prose: bool


def read_pdf(data: bytes, *, password: str | None = None) -> Document:
    """Read a PDF.

    Args:
        data: The file's bytes.
        password: Opens encrypted files that need one.

    Returns:
        A document with the readings ``bands`` and ``stream``; without readings, and with an issue
        saying why, if nothing in it can be read. :func:`gxstats.read.read_document` adds its hash.

    Raises:
        ReadError: If the bytes are no PDF or damaged.
        LimitExceeded: If it is larger than any report.

    Example:
        >>> from gxstats.errors import ReadError
        >>> try:
        ...     read_pdf(b"not a pdf")
        ... except ReadError as error:
        ...     print(error.message)
        not a PDF, or damaged beyond opening
    """
    try:
        pages, count, issues = _load(data, password)
    except EncryptedPdf as error:
        issue = Issue("error", "encrypted", error.message, hint=error.hint)
        return Document("", MEDIA_TYPE, issues=(issue,))
    refused, found = refuse_pages(pages)
    by_ocr, found = read_refused(data, password, refused, found)
    views = [view for page in pages if page.number not in refused for view in page.views]
    issues += [*found, *tell_cropped(views)]
    views, notices = remove_furniture(views)
    issues += notices
    if not any(len(view.characters.codes) for view in views):
        return Document("", MEDIA_TYPE, by_ocr, tuple(issues))
    readings = (*read_views(views, find_lost(views, count)), *by_ocr)
    arbiter = partial(read_with_pdfplumber, data, password, frozenset(refused))
    return Document("", MEDIA_TYPE, readings, tuple(issues), arbiter)


def read_views(views: list[PageView], lost: frozenset[int] = frozenset()) -> tuple[Reading, Reading]:
    """Both readings of pages given as characters and ruling lines, of whatever format.

    ``lost`` are the numbers of pages that show nothing, or not all they hold.
    """
    texts = _read_bands(views)
    for text in texts:
        if text.tables and _is_last(text.tables[-1], text.prose):
            doubt_table(text.tables[-1], lost)
    # Where nothing is set apart like a figure, there is only prose, which both readings read alike.
    prose = {id(text.view): text.prose for text in texts if text.only_prose}
    stream = read_stream(views, prose, lost)
    return Reading("bands", tuple(_bands(texts))), Reading("stream", tuple(stream))


def _load(data: bytes, password: str | None) -> tuple[list[PageContent], int, list[Issue]]:
    """The pages that can be loaded, how many there are, and what is wrong with the others."""
    pages: list[PageContent] = []
    issues: list[Issue] = []
    total = compared = objects = 0
    with open_pdf(data, password) as (document, count):
        for index in range(count):
            page = read_page(document, index)
            if page is None:
                issues.append(Issue("error", "page_damaged", "the page cannot be loaded", Locator(index + 1)))
                continue
            pages.append(page)
            total += page.glyphs
            compared += page.texts**2
            objects += page.objects
            if total > MAX_CHARACTERS:
                raise LimitExceeded(f"the PDF has over {MAX_CHARACTERS} characters")
            if compared > MAX_COMPARED_TEXTS or objects > MAX_OBJECTS:
                raise LimitExceeded("the PDF is drawn in more pieces than any report")
    return pages, count, issues


def _bands(pages: list[PageText]) -> list[Block]:
    heads: list[list[str]] = []
    for page, following in pairwise(pages):
        tables, prose, next_tables, next_prose = page.tables, page.prose, following.tables, following.prose
        if not tables or not next_tables or not _is_last(tables[-1], prose):
            continue
        if not _is_first(next_tables[0], next_prose):
            continue
        if len(tables) > 1 or not count_repeated(tables[0], heads):
            heads = [[cell.text for cell in row] for row in tables[-1].rows[:HEAD_ROWS]]
        join_pages(tables[-1], next_tables[0], heads)
    blocks: list[Block] = []
    for page in pages:
        placed: list[tuple[float, Block]] = [
            (table.box[1], table.to_grid()) for table in page.tables if table.rows
        ]
        placed += [(part.box[1], Paragraph(part.text, page.view.locate(part.box))) for part in page.prose]
        blocks.extend(block for _, block in sorted(placed, key=lambda item: item[0]))
    return blocks


def _read_bands(views: list[PageView]) -> list[PageText]:
    bands = read_bands(views)
    outside = [view.characters.take(page.outside) for view, page in zip(views, bands, strict=True)]
    return [
        _read_view(view, page.tables, free)
        for view, page, free in zip(views, bands, page_lines(outside), strict=True)
    ]


def _read_view(view: PageView, tables: list[Table], outside: PageLines) -> PageText:
    """A page from its ruled tables and the lines outside of them."""
    ordered, line, lines = outside
    if may_hold_table(ordered, line):
        free = read_borderless(view, ordered, [table.box[1] for table in tables])
        if free:
            lines = [line for line in lines if not any(_inside(line.box, table.box) for table in free)]
            tables = sorted([*tables, *free], key=lambda table: table.box[1])
    elif not tables:
        return PageText(view, [], join_paragraphs(lines, []), True)
    for points, why in ((view.unseen, UNSEEN), (view.beside, CROPPED)):
        if points:
            _doubt(tables, points, why)
    return PageText(view, tables, join_paragraphs(lines, [table.box[1] for table in tables]), False)


def _doubt(tables: list[Table], points: tuple[tuple[float, float], ...], why: str) -> None:
    """A cell that looks blank, or holds digits, may lack a character that stands at one of some points."""
    for cell in (cell for table in tables for row in table.rows for cell in row if not cell.damage):
        left, top, right, bottom = cell.box
        if cell.is_figure and any(left < x < right and top < y < bottom for x, y in points):
            cell.damage = why


def _inside(inner: Box, outer: Box) -> bool:
    middle = (inner[1] + inner[3]) / 2
    return outer[1] < middle < outer[3] and inner[0] < outer[2] and outer[0] < inner[2]


def _is_last(table: Table, prose: list[Prose]) -> bool:
    return not any(part.box[1] > table.box[3] - 2 for part in prose)


def _is_first(table: Table, prose: list[Prose]) -> bool:
    return not any(part.box[3] < table.box[1] + 2 for part in prose)
