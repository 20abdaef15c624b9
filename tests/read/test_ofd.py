"""OFD tables in the ways writers differ: both readings must see the same figures, or say why not."""

from __future__ import annotations

from typing import Any

import pytest

from gxstats.model import Document, Grid
from gxstats.read import sniff
from gxstats.read.document import read_document
from gxstats.read.ofd import read_ofd
from gxstats.testing.blocks import Picture, Text
from gxstats.testing.ofd import OfdLayout, package, part, render_ofd, text_object
from gxstats.testing.pdf_cases import damaged, expected, figures, prose, seven_columns
from gxstats.testing.pdf_layout import PdfLayout


def read(blocks: list[Any], page: dict[str, Any] | None = None, **how: Any) -> Document:
    return read_document(render_ofd(blocks, OfdLayout(PdfLayout(**(page or {})), **how)))


def assert_both(document: Document, want: list[list[str]]) -> None:
    assert document.media_type == sniff.OFD
    assert [reading.name for reading in document.readings] == ["bands", "stream"]
    for reading in document.readings:
        assert figures(reading) == want
        assert not damaged(reading)


WRITERS: dict[str, dict[str, Any]] = {
    "usual": {},
    "no prefix": {"prefix": ""},
    "other namespace": {"prefix": "x", "namespace": "http://www.ofdspec.org", "steps": "runs"},
    "an object for each character": {"steps": "object"},
    "scaled": {"scaled": True},
    "boxes as large as the page": {"whole_boundary": True},
    "zipped again with its folder": {"folder": "report/", "backslashes": True, "entry": "ofd.XML"},
    "absolute": {"absolute": True},
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("turned", [False, True])
def test_writers_of_every_kind(name: str, turned: bool) -> None:
    blocks = [Text("说明文字。"), seven_columns(factor=11)]
    assert_both(read(blocks, {"turned": turned}, **WRITERS[name]), expected(factor=11))


@pytest.mark.parametrize(
    "border", ["thin", "hair", "dotted", "double", "none", "open", "across", "rectangles", "fills"]
)
def test_borders_of_every_style(border: str) -> None:
    assert_both(read([seven_columns()], {"border": border}), expected())


@pytest.mark.parametrize("page", [{"narrow": True}, {"shading": True}, {"doubled": 0.3}, {"size": 8.0}])
def test_faults_of_pages(page: dict[str, Any]) -> None:
    assert_both(read([seven_columns(factor=1234)], page), expected(factor=1234))


@pytest.mark.parametrize("blank", ["empty", "/", "-"])
def test_empty_cells_and_marks_keep_their_columns(blank: str) -> None:
    assert_both(read([seven_columns(blank=blank)]), expected(blank=blank))


def test_tables_over_several_pages_between_templates() -> None:
    page = {"running_head": "某市某局年度报告", "page_numbers": "- {} -", "repeat_heads": 1}
    document = read([seven_columns(60)], page, template=True)
    assert_both(document, expected(60))
    notice = next(issue for issue in document.issues if issue.code == "page_furniture")
    assert "某市某局年度报告" in notice.message


def test_places_are_tenths_of_a_point_from_the_top_left() -> None:
    drawn = text_object("总体情", 'DeltaX="5 5"', box="25.4 50.8 20 10")
    (paragraph,) = read_ofd(package([[], [drawn]])).readings[0].blocks
    assert (paragraph.text, paragraph.at) == ("总体情", (2, 720, 1457, 1145, 1599, None))


def test_every_document_of_a_package_is_read_with_pages_counted_on() -> None:
    one, other = (text_object(text, 'DeltaX="g 3 5"') for text in ("第一文件", "第二文件"))
    body = "<~DocBody><~DocRoot>{}/Document.xml</~DocRoot></~DocBody>"
    more = [
        ("OFD.xml", part("OFD", body.format("Doc_0"), body.format("/Doc_1"))),
        ("Doc_1/Document.xml", part("Document", '<~Pages><~Page ID="1" BaseLoc="P.xml"/></~Pages>')),
        ("Doc_1/P.xml", part("Page", "<~Content><~Layer>", other, "</~Layer></~Content>")),
    ]
    blocks = read_ofd(package([[one]], more=more)).readings[0].blocks
    assert [(b.text, b.at.page) for b in blocks if not isinstance(b, Grid)] == [
        ("第一文件", 1),
        ("第二文件", 2),
    ]


def test_the_current_version_is_read() -> None:
    old, new = (text_object(text, 'DeltaX="5"') for text in ("旧版", "新版"))
    versions = [
        '<~Version ID="1" Index="1" BaseLoc="Doc_0/V1.xml"/>',
        '<~Version ID="2" Index="2" Current="true" BaseLoc="Doc_0/V2.xml"/>',
    ]
    body = [
        "<~DocBody><~DocRoot>Doc_0/Document.xml</~DocRoot><~Versions>",
        *versions,
        "</~Versions></~DocBody>",
    ]
    page = '<~Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/>'
    more = [
        ("OFD.xml", part("OFD", *body)),
        ("Doc_0/V2.xml", part("DocVersion", "<~DocRoot>New.xml</~DocRoot>")),
        ("Doc_0/New.xml", part("Document", "<~Pages>", page, "</~Pages>")),
    ]
    assert prose(read_ofd(package([[old], [new]], more=more)).readings[0]) == "新版"


def test_drawings_that_pages_share_and_blocks_within_blocks() -> None:
    inner = text_object("盖章", 'DeltaX="5"', box="0 0 40 9")
    use = '<~CompositeObject ID="2" Boundary="50 60 80 18" CTM="2 0 0 2 0 0" ResourceID="8"/>'
    drawing = ['<~CompositeGraphicUnit ID="8"><~Content>', inner, "</~Content></~CompositeGraphicUnit>"]
    res = part("Res", "<~CompositeGraphicUnits>", *drawing, "</~CompositeGraphicUnits>")
    page = ["<~PageBlock>", use, "</~PageBlock>"]
    (paragraph,) = read_ofd(package([page], more=[("Doc_0/PublicRes.xml", res)])).readings[0].blocks
    # Twice as large: 10 mm high at (50, 60 + 2 * 5).
    assert paragraph.text == "盖章"
    assert paragraph.at[1:5] == (1417, 1735, 1984, 2018)


def test_characters_whose_order_is_drawn_backwards() -> None:
    bands, _ = read_ofd(package([[text_object("告报度", 'DeltaX="-5 -5"', x=30)]])).readings
    assert prose(bands) == "度报告"


def test_vertical_text_by_steps_downwards() -> None:
    drawn = text_object("三本年", 'DeltaY="g 2 6"', box="20 20 9 90")
    bands, stream = read_ofd(package([[drawn]])).readings
    assert prose(bands).replace("\n", "") == prose(stream).replace("\n", "") == "三本年"


def test_a_page_that_is_an_image_is_refused() -> None:
    document = read([Picture("scan")])
    assert document.readings == ()
    assert [issue.code for issue in document.issues] == ["image_only"]


def test_a_scan_with_the_text_of_a_machine_below_it_is_refused() -> None:
    text = text_object("收到政府信息公开申请一百二十三件答复一百件", 'DeltaX="g 20 4"')
    scan = '<~ImageObject ID="2" Boundary="0 0 210 297" ResourceID="3"/>'
    document = read_ofd(package([[text, scan]]))
    assert document.readings == ()
    assert {issue.code for issue in document.issues} == {"hidden_text", "image_only"}
