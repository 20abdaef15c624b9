"""Figures in DOCX files that are not what Word shows, and plain ones that are."""

from __future__ import annotations

import io
import zipfile

import pytest

import gxstats
from gxstats.model import Cell, Grid
from gxstats.read.docx import read_docx
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

STYLES = """
<w:style w:type="character" w:styleId="Raised"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Mark"><w:basedOn w:val="Raised"/></w:style>
<w:style w:type="character" w:styleId="Level"><w:basedOn w:val="Raised"/>
  <w:rPr><w:vertAlign w:val="baseline"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Struck"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>
<w:style w:type="paragraph" w:styleId="Body"><w:rPr><w:sz w:val="21"/></w:rPr></w:style>
"""


def package(table: str, styles: str | None = STYLES) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        spaces = f"xmlns:w='{W}' xmlns:m='{MATH}' xmlns:mc='{MC}' xmlns:v='urn:v'"
        file.writestr("word/document.xml", f"<w:document {spaces}><w:body>{table}</w:body></w:document>")
        if styles is not None:
            file.writestr("word/styles.xml", f"<w:styles xmlns:w='{W}'>{styles}</w:styles>")
    return buffer.getvalue()


def run(text: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t>{text}</w:t></w:r>"


def cell(content: str, properties: str = "", styles: str | None = STYLES) -> Cell:
    if not content.startswith(("<w:p>", "<w:tbl>")):
        content = f"<w:p>{content}</w:p>"
    label = f"<w:tc><w:p>{run('a')}</w:p></w:tc>"
    row = f"<w:tr>{label}<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc></w:tr>"
    blocks = read_docx(package(f"<w:tbl>{row}</w:tbl>", styles)).readings[0].blocks
    assert isinstance(blocks[0], Grid)
    return blocks[0].rows[0].cells[1]


def field(code: str, result: str) -> str:
    parts = ("begin", "separate", "end") if result else ("begin", "end")
    signs = [f"<w:r><w:fldChar w:fldCharType='{part}'/></w:r>" for part in parts]
    return signs[0] + code + (signs[1] + result if result else "") + signs[-1]


INNER = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>5</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
FIGURES = {
    "struck twice": (run("12", "<w:dstrike/>") + run("13"), "struck"),
    "raised by position": (run("5") + run("1", "<w:position w:val='8'/>"), "superscript"),
    "specVanish": (run("12", "<w:specVanish/>") + run("13"), "unseen"),
    "white": (run("12", "<w:color w:val='FFFFFF'/>") + run("13"), "unseen"),
    "all white": (run("12", "<w:color w:val='FEFEFE'/>"), "unseen"),
    "white of the theme": (run("12", "<w:color w:val='auto' w:themeColor='background1'/>"), "unseen"),
    "tiny": (run("12", "<w:sz w:val='2'/>") + run("13"), "unseen"),
    "all tiny": (run("12", "<w:sz w:val='8'/>"), "unseen"),
    "two sizes": (run("1", "<w:sz w:val='44'/>") + run("3", "<w:sz w:val='18'/>"), "several_pieces"),
    "symbol font": (run("5", "<w:rFonts w:ascii='Wingdings'/>"), "symbol_font"),
    "symbol": ("<w:r><w:sym w:font='Symbol' w:char='F035'/></w:r>", "symbol_font"),
    "symbol beside text": (run("5") + "<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>", "symbol_font"),
    "raised by a style": (run("5") + run("1", "<w:rStyle w:val='Raised'/>"), "superscript"),
    "raised by the style of a style": (run("5") + run("1", "<w:rStyle w:val='Mark'/>"), "superscript"),
    "struck by a style": (run("12", "<w:rStyle w:val='Struck'/>") + run("13"), "struck"),
    "style that is missing": (run("12") + run("13", "<w:rStyle w:val='None'/>"), "several_pieces"),
    "hidden paragraph": ("<w:pPr><w:pStyle w:val='Gone'/></w:pPr>" + run("5"), "unseen"),
    "table": (f"{INNER}<w:p/>", "nested_table"),
    "table beside text": (f"<w:p>{run('1')}</w:p>{INNER}<w:p/>", "nested_table"),
    "picture beside text": (run("1") + "<w:r><w:drawing/></w:r>", "image"),
    "object beside text": (run("1") + "<w:r><w:object/></w:r>", "image"),
    "text box": (
        run("5")
        + f"<w:r><w:pict><v:t><w:txbxContent><w:p>{run('6')}</w:p></w:txbxContent></v:t></w:pict></w:r>",
        "text_box",
    ),
    "alternatives": (
        f"<mc:AlternateContent><mc:Choice>{run('5')}</mc:Choice>"
        f"<mc:Fallback>{run('6')}</mc:Fallback></mc:AlternateContent>",
        "text_box",
    ),
    "power": (
        "<m:oMath><m:sSup><m:e><m:r><m:t>5</m:t></m:r></m:e>"
        "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
        "math",
    ),
    "ruby": (
        f"<w:r><w:ruby><w:rt>{run('6')}</w:rt><w:rubyBase>{run('5')}</w:rubyBase></w:ruby></w:r>",
        "ruby",
    ),
    "other direction": (f"<w:bdo w:val='rtl'>{run('12')}</w:bdo>", "reordered"),
    "code as text": (field(run("5"), run("7")), "field"),
    "no result": (field("<w:r><w:instrText>=SUM(LEFT)</w:instrText></w:r>", ""), "field"),
    "page number": ("<w:r><w:pgNum/></w:r>", "field"),
    "numbered": ("<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>" + run("5"), "numbering"),
    "only a number": ("<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>", "numbering"),
    "only hidden": (run("5", "<w:vanish/>"), "hidden"),
}


@pytest.mark.parametrize(("content", "damage"), FIGURES.values(), ids=FIGURES)
def test_figures_that_are_not_what_is_shown(content: str, damage: str) -> None:
    assert cell(content).damage == damage


def test_white_on_a_dark_cell_is_seen() -> None:
    white = run("12", "<w:color w:val='FFFFFF'/>")
    assert cell(white, "<w:shd w:fill='C00000'/>").damage == ""
    assert cell(white, "<w:shd w:fill='auto'/>").damage == "unseen"
    assert cell(run("12", "<w:color w:val='FFFFFF'/><w:shd w:fill='000000'/>")).damage == ""


PLAIN = {
    "runs": run("12") + run("3"),
    "fonts": run("12", "<w:rFonts w:ascii='Arial'/><w:b/><w:sz w:val='21'/>")
    + run("3", "<w:sz w:val='18'/>"),
    "switched off": run("123", "<w:strike w:val='0'/><w:position w:val='0'/><w:vertAlign w:val='baseline'/>"),
    "black": run("123", "<w:color w:val='000000'/>"),
    "hidden part": run("9", "<w:vanish/>") + run("123"),
    "deleted part": "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>" + run("123"),
    "inserted": f"<w:ins>{run('12')}</w:ins>{run('3')}",
    "link": f"<w:hyperlink>{run('123')}</w:hyperlink>",
    "result": field("<w:r><w:instrText>=SUM(LEFT)</w:instrText></w:r>", run("123")),
    "plain styles": "<w:pPr><w:pStyle w:val='Body'/></w:pPr>" + run("123", "<w:rStyle w:val='Level'/>"),
    "style of itself": "<w:pPr><w:pStyle w:val='Loop'/></w:pPr>" + run("123"),
    "no number": "<w:pPr><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr>" + run("123"),
    "bookmark": "<w:bookmarkStart/>" + run("123") + "<w:bookmarkEnd/>",
    "footnote reference": run("123") + "<w:r><w:footnoteReference w:id='2'/></w:r>",
}


@pytest.mark.parametrize("content", PLAIN.values(), ids=PLAIN)
def test_plain_figures_are_trusted(content: str) -> None:
    assert cell(content)[0::4] == ("123", "")


def test_a_document_without_or_with_broken_styles() -> None:
    styled = "<w:pPr><w:pStyle w:val='Body'/></w:pPr>" + run("123")
    assert cell(styled, styles=None).damage == ""
    assert cell(styled, styles="<w:style>").damage == ""


KEY = ("applications", "received", "natural_person")


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (run("21") + run("56", "<w:b/>"), "reported"),
        (run("21") + run("56", "<w:position w:val='8'/>"), "unreadable"),
        (run("2156") + "<w:r><w:drawing/></w:r>", "unreadable"),
        (field(run("21"), run("56")), "unreadable"),
        (f"</w:p>{INNER}<w:p>", "unreadable"),
    ],
)
def test_reports(content: str, state: str) -> None:
    source = zipfile.ZipFile(io.BytesIO(render_docx(FormSpec("f2021", values={KEY: "2156"}))))
    xml = source.read("word/document.xml").decode()
    place = xml.index(">2156<")
    start, end = xml.rindex("<w:p>", 0, place), xml.index("</w:p>", place)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as changed:
        for name in source.namelist():
            new = xml[: start + len("<w:p>")] + content + xml[end:]
            changed.writestr(name, new if name == "word/document.xml" else source.read(name))
    fact = gxstats.read_report(buffer.getvalue()).fact(*KEY)
    assert fact is not None
    assert fact.state == state
    assert fact.value == (2156 if state == "reported" else None)
