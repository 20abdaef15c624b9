"""Pictures in documents without a table, where nothing reads them: each is named, nothing is fetched."""

from __future__ import annotations

import base64
import importlib.util
import io
import struct
import zlib

import docx
import pytest
from docx.shared import Inches
from PIL import Image

import gxstats as gx
from gxstats.build.reader_key import external_readers
from gxstats.model import Issue
from gxstats.read import pictures, scan_ocr
from gxstats.read.docx import read_docx
from gxstats.read.html import read_html
from gxstats.testing.wrapped import as_mht

TITLE = "<h1>某县2023年政府信息公开工作年度报告</h1><p>二、主动公开政府信息情况</p>"
TABLE = "<table><tr><td>规章<td>1<td>2<tr><td>许可<td>3<td>4</table>"


def png(width: int = 600, height: int = 400, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, kind)
    return out.getvalue()


def inline(data: bytes, kind: str = "image/png") -> str:
    return f'<img src="data:{kind};base64,{base64.b64encode(data).decode()}">'


def said(page: str) -> list[Issue]:
    return [i for i in read_html(page.encode()).issues if i.code == "image"]


def word(*, picture: bytes | None = None, link: str = "", table: bool = False) -> bytes:
    document = docx.Document()
    document.add_paragraph("某县2023年政府信息公开工作年度报告")
    if picture:
        document.add_picture(io.BytesIO(picture), width=Inches(6))
    if link:
        run = document.add_paragraph().add_run()
        run.add_picture(io.BytesIO(png()), width=Inches(6))
        kept = document.part.relate_to(link, docx.opc.constants.RELATIONSHIP_TYPE.IMAGE, is_external=True)
        (blip,) = run._r.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip")
        space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
        del blip.attrib[f"{space}embed"]
        blip.set(f"{space}link", kept)
    if table:
        document.add_table(3, 4)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_picture_in_the_page_is_named_with_what_would_read_it() -> None:
    (issue,) = said(TITLE + "<p>" + inline(png()))
    assert (issue.level, issue.code, issue.at.ref) == ("warning", "image", "/html/body[1]/p[2]/img[1]")
    assert "data:image/png" in issue.message
    assert "switched off" in issue.hint


def test_the_extra_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GXSTATS_OCR")
    monkeypatch.setattr(scan_ocr, "find_spec", lambda name: None)
    scan_ocr.load.cache_clear()
    (issue,) = said(TITLE + inline(png()))
    assert issue.hint == "reading images needs OCR, which is not installed: pip install 'gxstats[ocr]'"


def test_a_document_with_a_table_is_read_as_before() -> None:
    assert said(TITLE + TABLE + inline(png())) == []
    with_picture, without = read_docx(word(picture=png(), table=True)), read_docx(word(table=True))
    assert with_picture.readings == without.readings
    assert [(issue.level, issue.code) for issue in with_picture.issues] == [("notice", "image")]


def test_a_table_of_names_and_values_is_no_table_of_the_report() -> None:
    names = (
        "<table><tr><td>索引号<td>1<td>发布机构<td>某局<tr><td>发布日期<td>2024-01-31<td>文号<td>3</table>"
    )
    assert [issue.level for issue in said(TITLE + names + inline(png()))] == ["warning"]


def test_a_picture_kept_elsewhere_is_named_and_not_fetched() -> None:
    long = "/" + "a" * 200 + ".png"
    (near, far) = said(TITLE + f'<p><img src="/W020240131.jpg"></p><p><img src="{long}"></p>')
    assert near.message.endswith("does not hold: /W020240131.jpg")
    assert far.message.endswith("a…") and len(far.message) < 160
    assert "save the picture" in near.hint and "gxstats[ocr]" in near.hint


def test_an_address_for_scripts_counts() -> None:
    page = TITLE + '<img width="600" src="/blank.gif" data-src="/tables.png">'
    assert "does not hold: /tables.png" in said(page)[0].message


def test_icons_are_not_worth_a_word() -> None:
    assert said(TITLE + inline(png(120, 60)) + inline(png(900, 60)) + '<img src="/logo.png">') == []
    assert (
        said(TITLE + '<img width="32" src="/w.png">' + inline(png()).replace("<img", '<img width="20"')) == []
    )


@pytest.mark.parametrize(
    "source",
    [
        "data:image/png;base64,AAAA",
        "data:image/png;base64,%%%",
        "data:image/png,x",
        "data:",
        "data:;base64,=",
    ],
)
def test_a_damaged_picture_is_named(source: str) -> None:
    (issue,) = said(TITLE + f'<img src="{source}">')
    assert issue.code == "image"
    assert "damaged" in issue.hint


def test_a_bomb_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    (issue,) = said(TITLE + inline(bomb))
    assert "pixels" in issue.hint or "damaged" in issue.hint
    monkeypatch.setattr(pictures, "MAX_PIXELS", 300_000)
    first, second = said(TITLE + inline(png()) + inline(png()))
    assert "switched off" in first.hint and second.at.ref != first.at.ref


def test_only_so_many_pictures_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PICTURES", 2)
    issues = said(TITLE + 3 * inline(png()))
    assert "there are over 2" in issues[0].message
    assert issues[0].at.ref == "/html/body[1]/img[3]"


def test_pictures_of_word_files() -> None:
    (issue,) = read_docx(word(picture=png())).issues
    assert issue.level == "warning"
    assert (issue.code, issue.at.ref) == ("image", "word/document.xml#/p[2]")
    assert issue.message.endswith("word/media/image1.png")
    (issue,) = read_docx(word(link="http://a.gov.cn/t.png")).issues
    assert issue.message.endswith("does not hold: http://a.gov.cn/t.png")


def test_a_saved_page_brings_its_pictures() -> None:
    picture = base64.encodebytes(png())
    for source in ("file:///C:/image001.png", "image001.png"):
        data = as_mht((TITLE + f'<img src="{source}">').encode()).replace(b"iVBORw0KGgo=\n", picture)
        issues = [i for i in gx.read_report(data).issue_rows if i.code == "image"]
        assert [issue.message.rpartition(": ")[2] for issue in issues] == [source]
        assert "switched off" in issues[0].hint
    data = data.replace(b"Content-Location: file:///C:/image001.png", b"Content-ID: <p1@x>")
    data = data.replace(b'src=3D"image001.png"', b'src=3D"cid:p1@x"')
    assert [i.code for i in gx.read_report(data).issue_rows].count("image") == 1


def test_files_that_hold_pictures_are_read_again_once_there_is_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_ocr, "find_spec", importlib.util.find_spec)
    for kind in ("text/html", "multipart/related"):
        assert external_readers(kind) == "ocr=none"
