"""What a file is, from its content: names and HTTP headers of the wild are wrong too often."""

from __future__ import annotations

import io
import re
import zipfile
from codecs import utf_8_decode
from typing import Final

from gxstats.errors import ReadError
from gxstats.read.encoding import decode
from gxstats.read.ole import Container

HTML: Final = "text/html"
TEXT: Final = "text/plain"
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT: Final = "application/vnd.oasis.opendocument.text"
OFD: Final = "application/ofd"
ZIP: Final = "application/zip"
OLE: Final = "application/x-ole-storage"
DOC: Final = "application/msword"
XLS: Final = "application/vnd.ms-excel"
PPT: Final = "application/vnd.ms-powerpoint"
ENCRYPTED: Final = "application/x-ole-encrypted"
RTF: Final = "application/rtf"
MHT: Final = "multipart/related"
XML: Final = "application/xml"
BINARY: Final = "application/octet-stream"
EMPTY: Final = "application/x-empty"

IMAGES: Final = ("image/png", "image/jpeg", "image/gif", "image/tiff", "image/webp", "image/bmp")

_MAGIC: Final = (
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
)
_PARTS: Final = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("ppt/presentation.xml", PPTX),
    ("OFD.xml", OFD),
)
_STREAMS: Final = (
    ("EncryptedPackage", ENCRYPTED),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
)
_OFD_ENTRY: Final = re.compile(r"(?:\./|[^/\\]+[/\\])?ofd\.xml", re.IGNORECASE)
"""The entry of an OFD, whose writers differ in case and sometimes zip the folder around it."""
_KNOWN_TAG: Final = (
    rb"(?:html|head|body|meta|title|link|script|style|table|tbody|thead|tr|td|th|p|div|span|font|br|hr|b|strong|a|img"
    rb"|h[1-6]|ul|ol|li|dl|center|section|article|pre|form|input|iframe|frameset|base|o:p|ucapcontent)"
)
_TAG: Final = re.compile(rb"</?" + _KNOWN_TAG + rb"(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
# A search for each is faster than one for any of them.
_EACH_CONTROL: Final = tuple(bytes((code,)) for code in _CONTROL)
_SKIPPED: Final = ((b"<!--", b"-->"), (b"<?", b">"), (b"<![", b"]>"))
_SAMPLE: Final = 65_536
_MESSAGE: Final = re.compile(
    rb"(?:mime-version|from|to|subject|date|content-[a-z-]+|x-[a-z-]+|received|return-path|message-id"
    rb"|snapshot-content-location):[^\n]{0,2000}\n"
)
"""The first header of a saved page or a message."""
_MULTIPART: Final = re.compile(rb"^content-type:\s*multipart/(?:related|mixed|alternative)\b", re.MULTILINE)
_HEADERS: Final = 8192
_MARKED: Final = (b"\xef", b"\x84")  # the first bytes of the marks of UTF-8 and GB18030
_FEW_TAGS: Final = 3


def media_type(data: bytes, name: str = "") -> str:
    """Tell the media type of a file from its content.

    Args:
        data: The bytes of the file.
        name: Its name or address; only used where the content leaves two answers open.

    Returns:
        A media type: one of the constants of this module, or ``image/...``. Binary content nothing
        here knows is ``application/octet-stream``; no content at all is ``application/x-empty``.

    Example:
        >>> media_type(b"<p style='color:red'>2019</p>", "report.doc")
        'text/html'
        >>> media_type("办理 <5 件".encode())
        'text/plain'
    """
    if not data.strip(b"\0\t\n\r\f "):
        return EMPTY
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return _ole_kind(data) if kind == OLE else kind
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    return _text_kind(data, name.lower())


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except Exception:  # a damaged archive fails in many ways; its reader will say which
        # Part names stand uncompressed beside each part, so even half a download tells its kind.
        names = {part for part, _ in _PARTS if part.encode() in data}
        names |= {"content.xml"} if b"mimetype" + ODT.encode() in data[:200] else set()
    for part, kind in _PARTS:
        if part in names:
            return kind
    if "content.xml" in names and ODT.encode() in data[:200]:
        return ODT
    if any(name.startswith("word/document") for name in names):
        return DOCX
    if any(map(_OFD_ENTRY.fullmatch, names)):
        return OFD
    return ZIP


def _ole_kind(data: bytes) -> str:
    try:
        names = Container(data).names()
    except ReadError:  # names stand in the directory, at no fixed place; the reader will say what is wrong
        names = frozenset(name for name, _ in _STREAMS if name.encode("utf-16-le") in data)
    return next((kind for name, kind in _STREAMS if name in names), OLE)


def _text_kind(data: bytes, name: str) -> str:
    sample = data[:_SAMPLE]
    wide = False
    controlled = any(sign in sample for sign in _EACH_CONTROL)
    if controlled or not _is_utf8(sample):
        text, encoding = decode(sample)
        # No encoding makes a control character of other bytes.
        if _is_binary(text, _control_count(text) if controlled else 0):
            # Some servers put junk before the header; readers of PDF accept it within the first KB.
            return PDF if b"%PDF-" in data[:1024] else BINARY
        wide = encoding.startswith(("utf-16", "utf-32"))
    if wide or data[:1] in _MARKED:
        data = decode(data)[0].encode("utf-8", "replace")
    start = _after_preamble(data[:_SAMPLE])
    if start[:32].lower().startswith(b"<!doctype html") or _TAG.match(start):
        return HTML
    if b"%PDF-" in data[:1024]:
        return PDF
    head = data[:2048].lstrip().lower()
    if _MESSAGE.match(head) and _MULTIPART.search(data[:_HEADERS].lower()):
        return MHT
    if head.startswith((b"<?xml", b"<!doctype")):
        return XML
    return (
        HTML if _tag_count(data) >= (1 if name.endswith((".html", ".htm", ".shtml")) else _FEW_TAGS) else TEXT
    )


def _after_preamble(data: bytes) -> bytes:
    """What follows leading blanks, comments and declarations: a fragment has no other mark."""
    start = 0
    while True:
        while data[start : start + 1].isspace():
            start += 1
        for opening, closing in _SKIPPED:
            if data.startswith(opening, start):
                end = data.find(closing, start)
                if end < 0:
                    return b""
                start = end + len(closing)
                break
        else:
            return data[start:]


def _is_utf8(sample: bytes) -> bool:
    """Whether this is UTF-8 without a sign of an earlier wrong decoding, as most pages are."""
    try:
        # A sample cut off a longer text may end inside a character.
        return "\ufffd" not in utf_8_decode(sample, "strict", len(sample) < _SAMPLE)[0]
    except UnicodeDecodeError:
        return False


def _is_binary(text: str, control: int) -> bool:
    return (control + text.count("\ufffd")) * 20 > len(text)


def _control_count(text: str) -> int:
    encoded = text.encode("utf-8", "replace")
    return len(encoded) - len(encoded.translate(None, _CONTROL))


def _tag_count(data: bytes) -> int:
    count = 0
    for _ in _TAG.finditer(data):
        count += 1
        if count >= _FEW_TAGS:
            break
    return count
