"""Files that would take minutes or gigabytes: refused with a reason, long before the deadline."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from gxstats.batch import TIMEOUT
from gxstats.read import sniff
from gxstats.read.document import read_document
from gxstats.read.html_limits import refuse_bombs
from gxstats.read.limits import MAX_ISSUES, MAX_TEXT, MAX_TEXT_LENGTH
from gxstats.read.scan_image import decode_image
from gxstats.testing.ole import compound_file

ENTITIES = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODT = {"mimetype": sniff.ODT.encode()}
MESSAGE = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x%s\n\n--x\n%s\n<p>1\n--x--"


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def workbook(sheet: str, times: int = 1) -> bytes:
    """Sheets that are all the same part."""
    named = '<sheet name="a" r:id="r1"/>' * times
    relation = f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    return packed(
        {
            "xl/workbook.xml": (
                f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>{named}</sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": f"<Relationships>{relation}</Relationships>".encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}">{sheet}</worksheet>'.encode(),
        }
    )


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (head, body)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def bent_ole(at: int, *words: int) -> bytes:
    """A compound file with other words in its header."""
    file = bytearray(compound_file({"WordDocument": b"\xec\xa5" + bytes(60_000), "1Table": bytes(9000)}))
    struct.pack_into(f"<{len(words)}I", file, at, *words)
    return bytes(file)


def pages() -> Iterator[tuple[str, bytes, str]]:
    yield "tables in tables", b"<table><tr><td>" * 100_000, "nested more than"
    yield "divs in divs", b"<div>" * 100_000, "nested more than"
    yield "an attribute without end", b"<p><p title='" + b"x" * 12_000_000 + b"'>1", "over 10 MB"
    yield "attributes", b"<p><p " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">1", "attributes"
    hidden = b" ".join(b"a%d='><b>'" % n for n in range(60_000))
    yield "attributes with tags in them", b"<p><p " + hidden + b">1", "attributes"
    yield "valueless attributes", b"<p><p x " + b"a " * 400_000 + b"><p>1", "attributes"
    yield "tags", b"<br>" * 600_000, "tags"
    yield "one line", b"<p>" + b"9" * 29_000_000, "over 10 MB"
    yield "50 MB", b"<p>" + b"9 " * 25_000_000, "30,000,000 are read at most"
    yield "paragraphs", b"<p>1" * 50_001, "paragraphs"
    yield "text", b"<p>" + b"1 2 " * 300_000, "characters"
    rules = b"".join(b".a%d .x{opacity:0}" % n for n in range(4_000))
    cells = b"<table>" + b"<tr><td class=x>1<td class=x>2" * 1_000
    yield "rules for every cell", b"<style>" + rules + b"</style>" + cells, "styles"


def texts() -> Iterator[tuple[str, bytes, str]]:
    yield "a long text", "本年收到申请12件。".encode() * 150_000, "characters"
    yield "one line of words", b"1 2 3 " * 40_000, "words"
    yield "bytes that look like UTF-16", b"\xff\xfe" + bytes(range(1, 255)) * 10_000, "characters"


def packages() -> Iterator[tuple[str, bytes, str]]:
    spaces = b"<a>" + b" " * 40_000_000
    for name, kind, more in (
        ("docx", "word/document.xml", {}),
        ("xlsx", "xl/workbook.xml", {}),
        ("ofd", "OFD.xml", {}),
        ("odt", "content.xml", ODT),
    ):
        yield f"{name} of zeros", packed({**more, kind: spaces}, zipfile.ZIP_DEFLATED), "200 times"
        yield f"{name} of entities", packed({**more, kind: ENTITIES + b"]><r>&j;</r>"}), "DOCTYPE"
        yield f"{name} of depth", packed({**more, kind: b"<a>" * 50_000}), "nested more than"
        yield f"{name} of tags", packed({**more, kind: b"<a>" + b"<b/>" * 1_000_001 + b"</a>"}), "tags"
    cells = "<t:table-cell t:number-columns-repeated='1000'/>" * 200
    row = f"<t:table-row t:number-rows-repeated='1000'>{cells}</t:table-row>"
    table = f"<a xmlns:t='urn:oasis:names:tc:opendocument:xmlns:table:1.0'><t:table>{row}</t:table></a>"
    yield "odt that repeats", packed({**ODT, "content.xml": table.encode()}), "cells"
    sheet = "<sheetData>" + "<c/>" * 200_000 + "</sheetData>"
    yield "a sheet named without end", workbook(sheet, 60), "tags"
    sparse = "<row><c r='A1'><v>1</v></c><c r='XFD1'><v>1</v></c></row>"
    cells = "<sheetData><row><c><v>1</v></c></row></sheetData>"
    columns = "<cols>" + "<col min='9' max='9' hidden='1'/>" * 9_000 + "</cols>"
    yield "hidden columns", workbook(columns + cells), "hidden ranges"
    long = "<c t='inlineStr'><is><t>" + "年" * 300_000 + "</t></is></c>"
    yield "long cells", workbook(f"<sheetData><row>{long * 4}</row></sheetData>"), "characters"
    yield "far columns", workbook(f"<sheetData>{sparse}</sheetData>"), "columns"
    inner = packed({"a.html": b"<p>" + b" " * 30_000_000}, zipfile.ZIP_DEFLATED)
    yield "a bomb in an archive", packed({"a.zip": inner}), "200 times"
    for _ in range(4):
        inner = packed({"a.zip": inner})
    yield "archives in archives", inner, "nested too deeply"
    yield "an archive of files", packed({f"{n}.html": b"<p>1" for n in range(101)}), "files"


def others() -> Iterator[tuple[str, bytes, str]]:
    yield "a message of lines", MESSAGE % (b"", b"\n" * 700_000), "lines"
    yield "a header of parameters", MESSAGE % (b"; a=b" * 100_000, b""), "header"
    yield "a folded header", MESSAGE % (b"", b"Content-Type: text/html" + b";\n a=b" * 50_000), "header"
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(300))
    yield "messages in messages", MESSAGE % (b"", nested), "nested more than"
    yield "tables of a compound file", bent_ole(0x2C, 1 << 30), "impossible sizes"
    yield "a list of tables in a circle", bent_ole(0x44, 0, 1), "damaged"
    yield "tables in a circle", bent_ole(0x200, *range(128)), "missing"


ALL = [pytest.param(data, reason, id=name) for kind in (pages, texts, packages, others)
       for name, data, reason in kind()]  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), ALL)
def test_a_bomb_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    began = time.process_time()
    document = read_document(data)
    assert time.process_time() - began < TIMEOUT / 6
    assert not document.readings
    assert [issue.level for issue in document.issues] == ["error"]
    assert reason in document.issues[0].message


HARMLESS: dict[str, Callable[[], bytes]] = {
    "spans": lambda: b"<table>" + b"<tr><td colspan=99999999 rowspan=99999999>1<td>2" * 3_000,
    "spans in a workbook": lambda: workbook(
        "<sheetData><row><c><v>1</v></c></row></sheetData><mergeCells>"
        + "<mergeCell ref='A1:XFD1048576'/>" * 5_000
        + "</mergeCells>"
    ),
    "a comment of styles": lambda: b"<style>" + b"/* " * 300_000 + b"</style><p>1",
    "brackets of styles": lambda: b"<style>a" + b"[" * 300_000 + b"{opacity:0}</style><p>1",
    "media within media": lambda: (
        b"<style>" + b"@media x{" * 20_000 + b"a{opacity:0}" * 20_000 + b"</style><p>1"
    ),
    "bars and blanks": lambda: "规章 1 2 3\n".encode() + b"| " * 40_000 + b"x\n",
    "a figure of thousands of digits": lambda: "本年新收申请".encode() + b"640020470" * 20_000,
    "a layout of endless lines": lambda: "规章  1  2\n".encode() * 9 + b"1 2 3   7 8 9  " * 2_000,
    "entities of a page": lambda: ENTITIES + b"]><p>&j;",
    "a directory in a circle": partial(bent_ole, 0x30, 0),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_only_meant_to_cost_time_costs_little(name: str) -> None:
    from gxstats.api import read_bytes

    data = HARMLESS[name]()
    began = time.process_time()
    reports = read_bytes(data)
    assert time.process_time() - began < TIMEOUT / 6
    assert not any(fact.verdict == "confirmed" for report in reports for fact in report.fact_rows)


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (2**31 - 1, 1), (50, 60_000)])
def test_an_image_is_judged_by_the_size_it_states(width: int, height: int) -> None:
    from gxstats.errors import GxError

    with pytest.raises(GxError, match=r"larger|shows no page|damaged"):
        decode_image(png(width, height))


def test_a_page_with_quotes_scripts_and_comments_is_no_bomb() -> None:
    script = b"<script>for(i=0;i<n;i++){" + b"a b c = d " * 3_000 + b"}</script>"
    comment = b"<!-- " + b"<p a b c d " * 1_000 + b"-->"
    cells = b"<td class='a>b' title=\"it's\" width=9 nowrap>1</td>" * 8_000
    for page in (script, comment, cells, script + comment + cells):
        refuse_bombs(page)


def page_of(text: str) -> bytes:
    return f"<table><tr><td>1<td>{text}</table>".encode()


def word_file(text: str) -> bytes:
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return packed({"word/document.xml": f'<w:document xmlns:w="{space}">{body}</w:document>'.encode()})


@pytest.mark.parametrize("make", [page_of, word_file, str.encode], ids=["html", "docx", "text"])
def test_one_cell_or_paragraph_is_bounded(make: Callable[[str], bytes]) -> None:
    document = read_document(make("1" * (MAX_TEXT_LENGTH + 1)))
    assert "characters in one" in document.issues[0].message
    assert f"{MAX_TEXT_LENGTH:,} are read at most" in document.issues[0].message
    assert not read_document(make("1" * MAX_TEXT_LENGTH)).issues


@pytest.mark.parametrize("tag", ["p", "td"])
def test_a_whole_document_is_bounded(tag: str) -> None:
    """Many pieces, each as long as one may be."""
    piece = f"<{tag}>{'1' * MAX_TEXT_LENGTH}</{tag}>"
    page = "<table><tr>{}</tr></table>" if tag == "td" else "{}"
    count = MAX_TEXT // MAX_TEXT_LENGTH
    assert not read_document(page.format(piece * count).encode()).issues
    refused = read_document(page.format(piece * count + f"<{tag}>2</{tag}>").encode())
    assert f"{MAX_TEXT:,} are read at most" in refused.issues[0].message


def test_issues_are_counted_where_there_are_too_many() -> None:
    document = read_document(b"<img width=900>" * (MAX_ISSUES + 9) + b"<p>1")
    assert len(document.issues) == MAX_ISSUES + 1
    assert document.issues[-1].code == "issues_left_out"
    assert document.issues[-1].message.startswith("9 more")
