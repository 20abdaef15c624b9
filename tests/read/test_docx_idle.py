"""Properties left out before parsing: the same is read as from the part as it stands."""

from __future__ import annotations

import io
import zipfile

import pytest

from gxstats.errors import GxError
from gxstats.model import Document
from gxstats.read.docx import read_docx
from gxstats.read.docx_idle import without_idle_properties

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
IDLE = '<w:keepNext/><w:spacing w:before="0"/>'
FONTS = '<w:rFonts w:ascii="宋体" w:hAnsi="宋体"/>'


def part(body: str) -> str:
    return f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'


def read(xml: str) -> Document:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("word/document.xml", xml)
    return read_docx(buffer.getvalue())


def cells(*cells: str) -> str:
    return f"<w:tbl><w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr></w:tbl>"


def run(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{IDLE}</w:pPr><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    "body",
    [
        cells(
            run("规章"), f"<w:tcPr><w:tcW w:w='9'/><w:vAlign w:val=\"center\"/></w:tcPr>{run('12', FONTS)}"
        ),
        cells(run("规章"), run("12", FONTS + '<w:vertAlign w:val="superscript"/><w:b/>')),
        cells(run("规章"), run("12", '<w:rFonts w:ascii="Wingdings"/><w:b/>')),
        cells(run("规章"), run("12", '<w:sz w:val="2"/><w:szCs w:val="2"/>')),
        cells(run("规章"), run("12", '<w:shd w:fill="FFFFFF"/><w:b/><w:color w:val="FFFFFF"/>')),
        cells(run("规章"), run("1", FONTS) + run("2", '<w:b/><w:sz w:val="52"/>')),
        cells(
            "<w:tcPr><w:tcW w:w='1'/><w:gridSpan w:val=\"2\"/><w:tcBorders><w:left/></w:tcBorders></w:tcPr>"
            + run("1"),
            '<w:tcPr><w:noWrap/><w:vMerge w:val="restart"/></w:tcPr>' + run("2"),
        ),
        "<w:p><w:r><w:t>1<w:b/>2</w:t><w:tab/><w:i/></w:r></w:p>",
        f"<w:p><w:pPr>{IDLE}</w:pPr ><w:r><w:t>1<w:b/>2</w:t></w:r></w:p><w:p><w:pPr></w:pPr></w:p>",
        "<w:p><w:pPr><w:keepNext/><w:jc w:val='center'/></w:pPr><w:r><w:t>2023年度报告</w:t></w:r></w:p>",
    ],
)
def test_the_same_is_read_without_them(body: str) -> None:
    plain, commented = read(part(body)), read(part(body + "<!-- keeps every property -->"))
    assert plain == commented


def test_what_stays() -> None:
    slim = without_idle_properties(
        part(run("1", f'{FONTS}<w:b/><w:sz w:val="24"/><w:szCs w:val="24"/>')).encode()
    )
    assert b'<w:pPr></w:pPr><w:r><w:rPr><w:sz w:val="24"/></w:rPr><w:t>1</w:t>' in slim


@pytest.mark.parametrize(
    "xml",
    [
        part(run("1") + "<!-- <w:pPr> -->"),
        part(run("<![CDATA[<w:pPr><w:keepNext/></w:pPr>]]>")),
        '<?xml version="1.0" encoding="GBK"?>' + part(run("1")),
        part("<w:p><w:pPr><w:keepNext/><x:keepNext/></w:pPr></w:p>"),
        part("<w:p><w:pPr><w:keepNext/><w:jc></w:pPr></w:p>"),
        part('<w:p><w:pPr w:a="1"><w:keepNext/></w:pPr></w:p>'),
        part('<w:p><w:pPr><w:keepNext/><w:jc w:val="<w:b/>"/></w:pPr></w:p>'),
        part('<w:p><w:pPr><w:ind w:left="1" w:left="2"/></w:pPr></w:p>'),
        part("<w:p><w:pPr><w:keepNext/>"),
    ],
)
def test_what_is_not_sure_at_a_glance_is_left_alone(xml: str) -> None:
    assert without_idle_properties(xml.encode()) == xml.encode()


def test_an_error_names_its_place_in_the_file_as_it_is() -> None:
    xml = part(run("1") + "<w:p></w:r>")
    with pytest.raises(GxError, match=f"column {xml.index('</w:r></w:body>') + len('</w:r>') + 1}"):
        read(xml)
