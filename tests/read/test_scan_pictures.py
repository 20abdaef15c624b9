"""Tables that are pictures in pages and Word files, read by OCR: never confirmed wrong. Needs the extra."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator

import docx
import numpy as np
import pytest
from docx.shared import Inches
from PIL import Image

import gxstats as gx
from gxstats.model import Fact
from gxstats.testing.compare import compare
from gxstats.testing.forms import FormSpec
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.html import render_html
from gxstats.testing.ofd import package
from gxstats.testing.pdf import PdfLayout
from gxstats.testing.scan import scan_pages
from gxstats.testing.values import expected, print_values, random_values
from gxstats.testing.wrapped import as_mht

pytestmark = pytest.mark.heavy
TITLE = "某7县人民政府2023年政府信息公开工作年度报告"


@pytest.fixture(scope="module", autouse=True)
def ocr() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GXSTATS_OCR", "on")
        yield


@pytest.fixture(scope="module")
def spec() -> FormSpec:
    texts, _ = print_values(random_values(7, "f2021", size="mid"), rng=7, zero="0")
    return FormSpec("f2021", values=texts, agency="某7县人民政府")


@pytest.fixture(scope="module")
def sheets(spec: FormSpec) -> list[bytes]:
    """Its pages as pictures."""
    return [png(page) for page in scan_pages(render_form_pdf(spec), dpi=150)]


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def html(pictures: list[bytes], more: str = "") -> bytes:
    shown = "".join(
        f'<p><img src="data:image/png;base64,{base64.b64encode(data).decode()}"></p>' for data in pictures
    )
    return f"<meta charset=utf-8><h1>{TITLE}</h1><p>一、总体情况</p>{more}{shown}".encode()


def word(pictures: list[bytes], *, title: bool = True) -> bytes:
    document = docx.Document()
    if title:
        document.add_paragraph(TITLE)
    for picture in pictures:
        document.add_picture(io.BytesIO(picture), width=Inches(6))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def ofd(pictures: list[bytes], placed: str = 'Boundary="0 0 210 297" CTM="210 0 0 297 0 0"') -> bytes:
    media = "".join(
        f'<~MultiMedia ID="{n + 20}" Type="Image"><~MediaFile>i{n}.png</~MediaFile></~MultiMedia>'
        for n in range(len(pictures))
    )
    fonts = '<~Fonts><~Font ID="1" FontName="宋体"/></~Fonts>'
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    resources = f'<~Res {space} BaseLoc="Res">{fonts}<~MultiMedias>{media}</~MultiMedias></~Res>'
    pages = [[f'<~ImageObject ID="{n + 50}" {placed} ResourceID="{n + 20}"/>'] for n in range(len(pictures))]
    out = io.BytesIO(package(pages, more=[("Doc_0/PublicRes.xml", resources)]))
    with zipfile.ZipFile(out, "a") as file:
        for n, data in enumerate(pictures):
            file.writestr(f"Doc_0/Res/i{n}.png", data)
    return out.getvalue()


def check(report: gx.Report, spec: FormSpec) -> list[Fact]:
    found = compare(report.fact_rows, expected(spec))
    assert found.wrong_confirmed == found.wrong == 0, str(found)
    assert found.exact >= 0.9 * found.total, str(found)
    reported = [fact for fact in report.fact_rows if fact.state == "reported"]
    assert all("ocr:rapidocr" in fact.reader for fact in reported)
    assert any(fact.verdict == "confirmed" for fact in reported)
    return reported


def test_a_page_whose_tables_are_pictures(spec: FormSpec, sheets: list[bytes]) -> None:
    photo = np.linspace(0, 255, 150_000).reshape(300, 500).astype(np.uint8)
    data = html([png(Image.fromarray(photo)), *sheets])
    report = gx.read_report(data)
    facts = check(report, spec)
    assert report.meta["year"] == 2023
    # The first picture shows no table: the second is the first that counts.
    assert {(f.at.page, f.at.ref) for f in facts} <= {
        (n, f"/html/body[1]/p[{n + 2}]/img[1]") for n in range(1, len(sheets) + 1)
    }
    notices = [i for i in report.issue_rows if i.code == "image" and "read by OCR" in i.message]
    assert {i.at.ref for i in notices} >= {f.at.ref for f in facts}
    shown = gx.explain((report, facts[0].section, facts[0].item, facts[0].measure), source=data)
    assert facts[0].raw in str(shown)


def test_a_word_file_whose_tables_are_pictures(spec: FormSpec, sheets: list[bytes]) -> None:
    check(gx.read_report(word(sheets)), spec)


def test_a_word_file_of_nothing_but_pictures_is_read_like_a_scan(spec: FormSpec, sheets: list[bytes]) -> None:
    report = gx.read_report(word(sheets, title=False))
    check(report, spec)
    assert report.prose_rows
    assert report.meta["year"] == spec.year


def test_a_saved_page(spec: FormSpec) -> None:
    tall = png(scan_pages(render_form_pdf(spec, PdfLayout(height=1600.0)), dpi=150)[0])
    page = f"<h1>{TITLE}</h1><p><img src='image001.png'></p>".encode()
    check(gx.read_report(as_mht(page).replace(b"iVBORw0KGgo=\n", base64.encodebytes(tall))), spec)


def test_pictures_beside_a_table_are_not_read(spec: FormSpec, sheets: list[bytes]) -> None:
    page = render_html(spec)
    picture = html(sheets).partition(b"<p><img")[2]
    report = gx.read_report(page.replace(b"</body>", b"<p><img" + picture + b"</body>"))
    assert compare(report.fact_rows, expected(spec)).exact == 200
    assert not any("ocr" in fact.reader for fact in report.fact_rows)


def test_a_picture_that_is_missing_between_two_leaves_the_foot_of_the_first_in_doubt(
    spec: FormSpec, sheets: list[bytes]
) -> None:
    sheets = [*sheets[:1], b"", *sheets[1:]]
    report = gx.read_report(html(sheets))
    assert compare(report.fact_rows, expected(spec)).wrong_confirmed == 0
    assert any(issue.code == "page_damaged" for issue in report.issue_rows)


def test_an_ofd_whose_pages_are_images(spec: FormSpec, sheets: list[bytes]) -> None:
    report = gx.read_report(ofd(sheets))
    facts = check(report, spec)
    assert {f.at.page for f in facts} <= set(range(1, len(sheets) + 1))
    assert all(f.at.x1 and f.at.x1 <= 5960 and f.at.bottom and f.at.bottom <= 8430 for f in facts)


@pytest.mark.parametrize(
    ("placed", "why"),
    [
        ('Boundary="0 0 210 297" CTM="0 297 -210 0 210 0"', "turned"),
        ('Boundary="0 0 210 200" CTM="210 0 0 297 0 0"', "cut"),
    ],
)
def test_an_ofd_image_that_does_not_stand_as_it_is_stays_refused(placed: str, why: str) -> None:
    report = gx.read_report(ofd([png(Image.new("L", (800, 1100), 255))], placed))
    assert any(why in issue.message for issue in report.issue_rows if issue.level == "error")
    assert not report.fact_rows
