"""Read a document of any supported format; what cannot be read becomes an issue, never a figure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Final

from gxstats.errors import GxError, UnsupportedFormat
from gxstats.model import Block, Document, Grid, Issue, Locator
from gxstats.read import sniff
from gxstats.read.limits import MAX_ISSUES, MAX_TEXT, MAX_TEXT_LENGTH, too_long

_READERS: Final = {
    sniff.HTML: ("html", "read_html"),
    sniff.DOCX: ("docx", "read_docx"),
    sniff.ODT: ("odt", "read_odt"),
    sniff.DOC: ("doc", "read_doc"),
    sniff.RTF: ("office", "read_rtf"),
    sniff.PDF: ("pdf", "read_pdf"),
    sniff.OFD: ("ofd", "read_ofd"),
    sniff.XLSX: ("xlsx", "read_xlsx"),
    sniff.MHT: ("mht", "read_mht"),
    sniff.ZIP: ("zipped", "read_zip"),
    sniff.TEXT: ("text", "read_text"),
    **dict.fromkeys(sniff.IMAGES, ("scan", "read_image")),
}
"""Module and function of the reader of each format."""
_LEVELS: Final = ("error", "warning", "notice")
_FORMATS: Final = "pass HTML, MHT, DOCX, DOC, XLSX, ODT, PDF, OFD or text"
_ADVICE: Final = {
    sniff.OLE: "save it as DOCX with Word, WPS or LibreOffice",
    sniff.XLS: "save the workbook as XLSX with Excel, WPS or LibreOffice",
    sniff.ENCRYPTED: "open it with its password and save it without",
    "application/vnd.rar": "unpack it and pass the report inside",
    "application/x-7z-compressed": "unpack it and pass the report inside",
    "application/gzip": "unpack it and pass the report inside",
    sniff.EMPTY: "fetch it again",
}

SEVERAL: Final = "several_documents"
"""Code of the issue of an archive with more than one document."""
_CODES: Final = {
    "UnsupportedFormat": "unsupported_format",
    "LimitExceeded": "limit",
    "SeveralDocuments": SEVERAL,
}


def read_document(
    data: bytes,
    *,
    name: str = "",
    url: str | None = None,
    fetched_at: str | None = None,
    media_type: str | None = None,
) -> Document:
    """Read bytes into a document.

    Args:
        data: the file as fetched.
        name: its name, used only where the content leaves the format open.
        url: where it was fetched.
        fetched_at: when, as ISO 8601 text.
        media_type: overrides what the content says.

    Returns:
        The document. If the bytes cannot be read it has no readings and an ``error`` issue that
        says why; nothing is raised for bad content.

    Example:
        >>> read_document(b"").issues[0].code
        'empty_file'
    """
    kind = media_type or sniff.media_type(data, name)
    try:
        document = _bounded(_reader(kind)(data))
    except GxError as error:
        document = _refused(kind, _code(error, kind), error)
    except (RecursionError, MemoryError) as error:
        document = _refused(
            kind, "limit", GxError(f"reading needs more than is allowed ({type(error).__name__})")
        )
    return replace(
        document, sha256=hashlib.sha256(data).hexdigest(), media_type=kind, url=url, fetched_at=fetched_at
    )


def _bounded(document: Document) -> Document:
    """The document, if it is no longer than any report, with no more issues than somebody reads."""
    for reading in document.readings:
        whole = 0
        for block in reading.blocks:
            lengths = _lengths(block)
            whole += sum(lengths)
            longest = max(lengths, default=0)
            if longest > MAX_TEXT_LENGTH:
                where = "" if isinstance(block, Grid) else str(block.at)
                raise too_long("characters in one cell or paragraph", longest, MAX_TEXT_LENGTH, where)
        if whole > MAX_TEXT:
            raise too_long("characters", whole, MAX_TEXT)
    more = len(document.issues) - MAX_ISSUES
    if more <= 0:
        return document
    note = Issue("warning", "issues_left_out", f"{more:,} more issues of this document are not listed")
    kept = sorted(document.issues, key=lambda issue: _LEVELS.index(issue.level))[:MAX_ISSUES]
    return replace(document, issues=(*kept, note))


def _lengths(block: Block) -> list[int]:
    """Characters of each cell, or of the paragraph."""
    if isinstance(block, Grid):
        return [len(cell.text) for row in block.rows for cell in row.cells]
    return [len(block.text)]


def _code(error: GxError, kind: str) -> str:
    if kind == sniff.EMPTY:
        return "empty_file"
    return _CODES.get(type(error).__name__, "damaged")


def _refused(kind: str, code: str, error: GxError) -> Document:
    at = Locator(ref=error.where) if error.where else Locator()
    return Document("", kind, issues=(Issue("error", code, error.message, at, error.hint),))


def _reader(kind: str) -> Callable[[bytes], Document]:
    """The reader of a format; each loads its libraries when it is first needed."""
    if kind not in _READERS:
        raise UnsupportedFormat(
            _unsupported(kind),
            hint=_ADVICE.get(kind, _FORMATS),
        )
    module, function = _READERS[kind]
    reader: Callable[[bytes], Document] = getattr(import_module(f"gxstats.read.{module}"), function)
    return reader


def _unsupported(kind: str) -> str:
    return (
        "the file is empty" if kind == sniff.EMPTY else f"files of type {kind} are not read by this version"
    )
