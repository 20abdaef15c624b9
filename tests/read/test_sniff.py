"""Media types by content."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from gxstats.read import sniff
from gxstats.read.sniff import media_type
from gxstats.testing.ole import compound_file


def package(*names: str, first: tuple[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        if first:
            file.writestr(*first)
        for name in names:
            file.writestr(name, "<a/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4\n", sniff.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), sniff.OLE),
        (compound_file({"WordDocument": b"", "1Table": b""}), sniff.DOC),
        (compound_file({"WordDocument": b""})[:2000], sniff.DOC),
        (compound_file({"Workbook": b""}), sniff.XLS),
        (compound_file({"PowerPoint Document": b""}), sniff.PPT),
        (compound_file({"EncryptedPackage": b"", "EncryptionInfo": b""}), sniff.ENCRYPTED),
        (compound_file({"Contents": b""}), sniff.OLE),
        (b"{\\rtf1\\ansi", sniff.RTF),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related;\n boundary=x\n\n--x\n<html>", sniff.MHT),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "image/jpeg"),
        (b"GIF89a" + bytes(20), "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM\x10\0\0\0\0\0\0\0\x36" + bytes(20), "image/bmp"),
        (b"II*\0" + bytes(20), "image/tiff"),
        (b"Rar!\x1a\x07\0", "application/vnd.rar"),
        (package("word/document.xml"), sniff.DOCX),
        (package("word/document2.xml"), sniff.DOCX),
        (package("xl/workbook.xml"), sniff.XLSX),
        (package("ppt/presentation.xml"), sniff.PPTX),
        (package("OFD.xml"), sniff.OFD),
        (package("content.xml", first=("mimetype", sniff.ODT)), sniff.ODT),
        (package("report.html"), sniff.ZIP),
        (b"<?xml version='1.0'?><w:wordDocument xmlns:w='u'/>", sniff.XML),
        ("一、总体情况\n收到申请 5 件".encode(), sniff.TEXT),
        ("一、总体情况\n收到申请 5 件".encode("gbk"), sniff.TEXT),
        ("一、总体情况\n收到申请 5 件".encode("utf-16"), sniff.TEXT),
    ],
)
def test_known_formats(data: bytes, kind: str) -> None:
    assert media_type(data, "report.html") == kind


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", bytes(100)])
def test_empty_files(data: bytes) -> None:
    assert media_type(data) == sniff.EMPTY


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body>1</body></html>",
        "\ufeff<HTML><BODY>1",
        "<p style='text-align: center;font-weight: bold;'>2019年度报告</p>\t<p>一、</p>",
        "  <!-- 生成 --> <table><tr><td>1</td></tr></table>",
        "<?xml version='1.0' encoding='gb2312'?>\n<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
        "<?xml:namespace prefix = o /><p>1</p>",
        "<![if !mso]><p>1</p><![endif]>",
        "二、主动公开<br>三、申请<table><tr><td>1</td></tr></table>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_html_with_or_without_an_html_element(page: str, encoding: str) -> None:
    assert media_type(page.encode(encoding), "report.doc") == sniff.HTML


@pytest.mark.parametrize(
    "text", ["办理时限<5 天，>3 件", "a<b 且 c>d", "<规章> 1\n<许可> 2", "第二行用 <p> 标签说明"]
)
def test_a_stray_angle_bracket_does_not_make_text_html(text: str) -> None:
    assert media_type(text.encode()) == sniff.TEXT
    assert media_type(text.encode("gb18030"), "a.txt") == sniff.TEXT


def test_the_name_decides_only_what_the_content_leaves_open() -> None:
    data = "年度报告<br>无".encode()
    assert media_type(data, "a.txt") == sniff.TEXT
    assert media_type(data, "a.shtml") == sniff.HTML
    assert media_type(b"%PDF-1.7", "a.html") == sniff.PDF


def test_pdf_behind_junk() -> None:
    assert media_type(b"\0\x01\x02HTTP/1.1 200\r\n\r\n%PDF-1.4\n" + bytes(range(256))) == sniff.PDF


def test_binary_garbage() -> None:
    assert media_type(random.Random(0).randbytes(5000)) == sniff.BINARY
    assert media_type(random.Random(0).randbytes(5000), "a.html") == sniff.BINARY


def test_half_a_download_keeps_its_kind() -> None:
    whole = package("word/document.xml", "word/styles.xml")
    assert media_type(whole[: len(whole) // 2]) == sniff.DOCX


def test_many_comments_take_no_time() -> None:
    assert media_type(b"<!-- -->" * 20_000) == sniff.TEXT


@pytest.mark.parametrize("folder", ["html", "html_word", "docx", "odt", "ofd", "pdf", "doc"])
def test_corpus(folder: str, shared: Path) -> None:
    kinds = {"docx": sniff.DOCX, "odt": sniff.ODT, "ofd": sniff.OFD, "pdf": sniff.PDF, "doc": sniff.DOC}
    for path in sorted((shared / "corpus" / folder).iterdir())[:10]:
        assert media_type(path.read_bytes()) == kinds.get(folder, sniff.HTML), path
