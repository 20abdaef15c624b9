"""The sound files that are damaged, in every format that is read: from the shared corpus, else rendered."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.documents import SHARED, Sample, form_spec, samples
from benchmarks.mutations import Original
from gxstats.model import Key
from gxstats.testing.values import Expected, expected

if TYPE_CHECKING:
    from gxstats.testing.spec import FormSpec

FORMATS = ("doc", "docx", "html", "image", "mht", "odt", "ofd", "pdf", "rtf", "text", "xlsx", "zip")
RENDERED = 8
"""Reports rendered in each format that the corpus lacks."""
_TEXTS = ("layout", "flow", "pipes", "leading_pipes", "markdown", "one_per_line", "glued_rows", "glued")


class Source(NamedTuple):
    """A sound file, and what a right reading of it says if that is known."""

    name: str
    data: bytes
    truth: Mapping[Key, Expected]


@cache
def sources(formats: tuple[str, ...] = FORMATS) -> dict[str, list[Source]]:
    """Format -> the files to damage: the shared ones, and our own where there are none (text: both)."""
    found: dict[str, list[Source]] = {kind: [] for kind in formats}
    for sample in samples():
        if sample.kind in found and sample.folder != "scan" and (SHARED.is_dir() or sample.kind == "html"):
            found[sample.kind].append(_of_sample(sample))
    for kind, files in found.items():
        if not files or kind == "text":
            files.extend(rendered(kind, RENDERED))
    return found


def pool(formats: tuple[str, ...] = FORMATS) -> dict[str, list[Original]]:
    """The files to damage, by format, as :func:`benchmarks.mutations.mutate` wants them."""
    return {kind: [Original(s.name, s.data) for s in files] for kind, files in sources(formats).items()}


def truth_of(kind: str, name: str) -> Mapping[Key, Expected]:
    """What a right reading of a sound file says; nothing if nobody checked it."""
    return next((s.truth for s in sources()[kind] if s.name == name), {}) if kind in FORMATS else {}


def _of_sample(sample: Sample) -> Source:
    return Source(f"{sample.folder}/{sample.path.name}", sample.data(), sample.truth())


def rendered(kind: str, count: int) -> Iterator[Source]:
    """Reports with random figures in one format; the same ones every time."""
    for number in range(count):
        spec = form_spec(number)
        yield Source(f"rendered/{kind}-{number}", _drawn(kind, spec, number), expected(spec))


def _drawn(kind: str, spec: FormSpec, number: int) -> bytes:
    from gxstats.testing import doc, docx, forms_pdf, html, ofd, text, wrapped, xlsx

    match kind:
        case "doc":
            return doc.render_doc(spec, pieces=bool(number % 2))
        case "docx":
            return docx.render_docx(spec)
        case "html":
            return html.render_html(spec)
        case "image":
            return _image(spec, number)
        case "mht":
            code = ("quoted-printable", "base64", "8bit")[number % 3]
            return wrapped.as_mht(html.render_html(spec), encoding=code)  # type: ignore[arg-type]
        case "odt":
            return as_odt(spec)
        case "ofd":
            return ofd.render_form_ofd(spec)
        case "pdf":
            return forms_pdf.render_form_pdf(spec)
        case "rtf":
            return as_rtf(spec)
        case "text":
            return text.render_text(spec, _TEXTS[number % len(_TEXTS)])  # type: ignore[arg-type]
        case "xlsx":
            return xlsx.render_xlsx(spec, sheet_per_table=bool(number % 2))
    inner = ("html", "docx", "pdf", "ofd", "xlsx", "text", "doc", "zip")[number % 8]
    if inner == "zip":
        return wrapped.as_zip({"附件.zip": wrapped.as_zip({"年报.html": html.render_html(spec)})})
    return wrapped.as_zip({f"年报.{inner}": _drawn(inner, spec, 0), "样式.css": b"p{}"}, gbk=bool(number % 2))


def _image(spec: FormSpec, number: int) -> bytes:
    """The first pages as a PNG, a JPEG or a TIFF; coarse, for most of it is about decoding."""
    from gxstats.testing.forms_pdf import render_form_pdf
    from gxstats.testing.scan import image_file, scan_pages

    pages = scan_pages(render_form_pdf(spec), dpi=60 if number % 2 else 100)[:3]
    return image_file(pages, ("PNG", "JPEG", "TIFF")[number % 3])  # type: ignore[arg-type]


def _blocks(spec: FormSpec) -> Iterator[str | Sequence[Sequence[str]]]:
    """Paragraphs as text, tables as the texts of their rows."""
    from gxstats.testing.blocks import Heading, Table, Text
    from gxstats.testing.forms import layout

    for block in layout(spec):
        match block:
            case Heading(text, _) | Text(text):
                yield text
            case Table():
                yield [[cell.text for cell in row] for row in block.rows]


def as_odt(spec: FormSpec) -> bytes:
    """The report as a bare ODT: rows of cells without spans."""
    from html import escape

    names = ("office", "text", "table")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    parts = []
    for block in _blocks(spec):
        if isinstance(block, str):
            parts.append(f"<text:p>{escape(block)}</text:p>")
            continue
        cells = [
            "".join(f"<table:table-cell><text:p>{escape(c)}</text:p></table:table-cell>" for c in row)
            for row in block
        ]
        rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
        parts.append(f"<table:table>{rows}</table:table>")
    body = f"<office:body><office:text>{''.join(parts)}</office:text></office:body>"
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>{body}'
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        for name, part in (
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", f"{content}</office:document-content>"),
        ):
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part)
    return package.getvalue()


def as_rtf(spec: FormSpec) -> bytes:
    """The report as a bare RTF: rows of equally wide cells."""
    parts = [r"{\rtf1\ansi\deff0{\fonttbl{\f0 SimSun;}}"]
    for block in _blocks(spec):
        if isinstance(block, str):
            parts.append(rf"\pard {_rtf(block)}\par")
            continue
        for row in block:
            edges = "".join(rf"\cellx{(n + 1) * 9000 // len(row)}" for n in range(len(row)))
            cells = "".join(rf"\pard\intbl {_rtf(text)}\cell" for text in row)
            parts.append(rf"\trowd{edges}{cells}\row")
    return "\n".join([*parts, "}"]).encode("ascii")


def _rtf(text: str) -> str:
    signs = (c if c.isalnum() and c.isascii() else rf"\u{ord(c) - (ord(c) > 32767) * 65536}?" for c in text)
    return "".join(signs)
