"""What Word shows in a cell is not always its text: no such figure may be confirmed wrong."""

from __future__ import annotations

import io
import zipfile

import pytest

import gxstats as gx
from gxstats.model import Fact
from gxstats.testing.docx import render_docx
from tests.pages import a_spec, distinct_values

KEY = ("applications", "received", "enterprise")
FILE = render_docx(a_spec())
MAIN, STYLES = "word/document.xml", "word/styles.xml"
NESTED = (
    "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    "</w:tr></w:tbl><w:p/>"
)
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
NAMED_STYLES = (
    '<w:style w:type="character" w:styleId="Raised">'
    '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Struck"><w:rPr><w:strike/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Child"><w:basedOn w:val="Raised"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="GoneLine"><w:rPr><w:vanish/></w:rPr></w:style>'
)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def read(cell: str) -> Fact:
    """The fact of one cell whose paragraphs are this XML."""
    files = parts(FILE)
    text = files[MAIN].decode()
    at = text.index(f">{distinct_values()[KEY]}<")
    start, end = text.rindex("<w:p>", 0, at), text.index("</w:p>", at) + 6
    files[MAIN] = (text[:start] + cell + text[end:]).encode()
    files[STYLES] = files[STYLES].replace(b"</w:styles>", f"{NAMED_STYLES}</w:styles>".encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    fact = gx.read_report(buffer.getvalue()).fact(*KEY)
    assert fact is not None
    return fact


def line(*runs: str, style: str = "") -> str:
    return f"<w:p>{style}{''.join(runs)}</w:p>"


def run(text: str, look: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def sure(fact: Fact) -> tuple[str, int | None] | None:
    return (fact.state, fact.value) if fact.verdict == "confirmed" else None


@pytest.mark.parametrize(
    "cell",
    [
        line(run("12")),
        line(run("1"), run("2")),
        line(run("1", "<w:b/>"), run("2")),
        line(run("12", '<w:strike w:val="0"/>')),
        line(run("1", '<w:rFonts w:hint="eastAsia"/>'), run("2", '<w:sz w:val="21"/>')),
        line(f'<w:ins w:id="1" w:author="a">{run("12")}</w:ins>'),
        line('<w:del w:id="1" w:author="a"><w:r><w:delText>7</w:delText></w:r></w:del>', run("12")),
        line('<w:del w:id="1" w:author="a"><w:r><w:t>7</w:t></w:r></w:del>', run("12")),
        line(f'<w:moveFrom w:id="1" w:author="a">{run("7")}</w:moveFrom>', run("12")),
        line(run("7", "<w:vanish/>"), run("12")),
        line(f"<w:hyperlink>{run('12')}</w:hyperlink>"),
        line(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('12')}</w:sdtContent></w:sdt>"),
        line(f'<w:fldSimple w:instr="=SUM(LEFT)">{run("12")}</w:fldSimple>'),
        line(
            field("begin"),
            "<w:r><w:instrText>=5+7</w:instrText></w:r>",
            field("separate"),
            run("12"),
            field("end"),
        ),
        line(run("12"), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        line(run("12"), '<w:r><w:commentReference w:id="0"/></w:r>'),
        line() + line(run("12")) + line(),
    ],
)
def test_plain_markup_is_read(cell: str) -> None:
    assert sure(read(cell)) == ("reported", 12)


@pytest.mark.parametrize(
    "look",
    [
        "<w:strike/>",
        "<w:dstrike/>",
        '<w:rStyle w:val="Struck"/>',
        '<w:rStyle w:val="Gone"/>',
        "<w:specVanish/>",
    ],
)
def test_struck_and_hidden_figures(look: str) -> None:
    assert sure(read(line(run("12", look), run("13")))) in (None, ("reported", 13))


@pytest.mark.parametrize(
    "look",
    [
        '<w:vertAlign w:val="superscript"/>',
        '<w:vertAlign w:val="subscript"/>',
        '<w:rStyle w:val="Raised"/>',
        '<w:rStyle w:val="Child"/>',
        '<w:position w:val="8"/>',
    ],
)
def test_marks_of_footnotes(look: str) -> None:
    assert sure(read(line(run("5"), run("1", look)))) in (None, ("reported", 5))


@pytest.mark.parametrize(
    "look", ['<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>', '<w:color w:val="ffffff"/>']
)
def test_figures_too_pale_or_small_to_see(look: str) -> None:
    assert sure(read(line(run("12", look), run("13")))) in (None, ("reported", 13))


@pytest.mark.parametrize(
    "cell",
    [
        line(run("1")) + line(run("2")),
        line(run("1"), "<w:r><w:tab/></w:r>", run("2")),
        line(run("10"), "<w:r><w:br/></w:r>", run("12")),
        line(run("1 2")),
        line(run("1")) + NESTED.format(2),
        line(run("1"), "<w:r><w:drawing/></w:r>"),
        line(run("1"), "<w:r><w:object/></w:r>"),
        line(
            run("1"),
            '<w:r><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent>'
            f"{line(run('2'))}</w:txbxContent></v:textbox></w:pict></w:r>",
        ),
        line(
            f'<m:oMath xmlns:m="{MATH}"><m:sSup><m:e><m:r><m:t>5</m:t></m:r></m:e>'
            "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
        ),
        line(field("begin"), run("5"), field("separate"), run("7"), field("end")),
    ],
)
def test_two_figures_in_one_cell(cell: str) -> None:
    assert sure(read(cell)) in (None, ("reported", 7))


@pytest.mark.parametrize(
    "cell",
    [
        NESTED.format(5),
        line("<w:r><w:drawing/></w:r>"),
        line("<w:r><w:object/></w:r>"),
        line('<w:r><w:sym w:font="Symbol" w:char="F035"/></w:r>'),
        line(field("begin"), "<w:r><w:instrText>=SUM(LEFT)</w:instrText></w:r>", field("end")),
    ],
)
def test_a_figure_that_is_no_text_is_not_a_blank_cell(cell: str) -> None:
    fact = read(cell)
    assert sure(fact) in (None, ("reported", 5))


def test_a_paragraph_that_its_style_hides() -> None:
    hidden = line(run("7"), style='<w:pPr><w:pStyle w:val="GoneLine"/></w:pPr>')
    assert sure(read(hidden + line(run("12")))) in (None, ("reported", 12))


@pytest.mark.parametrize(("first", "second", "sure"), [(21, 21, True), (24, 21, True), (21, 15, False)])
def test_smaller_digits_behind_a_figure(first: int, second: int, sure: bool) -> None:
    """A mark that a hand made small is no digit; two sizes next to each other are one number."""
    one, two = run("1", f'<w:sz w:val="{first}"/>'), run("2", f'<w:sz w:val="{second}"/>')
    fact = read(line(one, two))
    assert (fact.verdict == "confirmed", fact.value == 12) == (sure, sure)
