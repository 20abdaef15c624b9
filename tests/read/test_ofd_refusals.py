"""OFD files that must give no figure, fast: encrypted, damaged, endless, absurd."""

from __future__ import annotations

import contextlib
import io
import random
import time
import zipfile
from collections.abc import Iterator

import pytest

from gxstats.errors import GxError, LimitExceeded, ReadError
from gxstats.read import sniff
from gxstats.read.document import read_document
from gxstats.read.ofd import read_ofd
from gxstats.testing.ofd import OfdLayout, package, part, render_ofd, text_object
from gxstats.testing.pdf_cases import seven_columns


def text(code: str, attributes: str = "", box: str = "20 20 90 9", size: str = "5") -> str:
    return f'<~TextObject ID="1" Boundary="{box}" Font="1" Size="{size}" {attributes}>{code}</~TextObject>'


GOOD = text_object("总体", 'DeltaX="5"')
LINE = '<~PathObject ID="1" Boundary="0 0 9 9">{}<~AbbreviatedData>{}</~AbbreviatedData></~PathObject>'
DAMAGED = {
    "no number": text('<~TextCode X="NaN" Y="5">1</~TextCode>'),
    "infinite": text('<~TextCode X="0" Y="inf">1</~TextCode>'),
    "beyond all sheets": text('<~TextCode X="0" Y="1e300">1</~TextCode>'),
    "a box of three": text('<~TextCode X="0" Y="5">1</~TextCode>', box="1 2 3"),
    "an endless box": text('<~TextCode X="0" Y="5">1</~TextCode>', box="0 0 1e9 1e9"),
    "no size": text('<~TextCode X="0" Y="5">1</~TextCode>', size=""),
    "a negative size": text('<~TextCode X="0" Y="5">1</~TextCode>', size="-4"),
    "a run without a step": text('<~TextCode X="0" Y="5" DeltaX="g 3">1111</~TextCode>'),
    "a run of minus one": text('<~TextCode X="0" Y="5" DeltaX="g -1 3">1111</~TextCode>'),
    "a matrix of five": text('<~TextCode X="0" Y="5">1</~TextCode>', 'CTM="1 0 0 1 0"'),
    "a path of words": LINE.format("", "M a b L 1 1"),
    "a path cut off": LINE.format("", "M 0 0 L 1"),
    "no box": "<~PathObject/>",
    "a drawing that is missing": '<~CompositeObject ID="1" Boundary="0 0 9 9" ResourceID="44"/>',
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_page_is_left_out_and_the_others_are_read(name: str) -> None:
    document = read_ofd(package([[GOOD], [DAMAGED[name]], [GOOD]]))
    assert [(i.level, i.code, i.at.page) for i in document.issues] == [("error", "page_damaged", 2)]
    assert [block.at.page for block in document.readings[0].blocks] == [1, 3]


@pytest.mark.parametrize(
    "steps", ["g 999999999 1", "g 9999999999999999999999 1", "1 " * 100_000, "g 1 1 " * 30_000]
)
def test_runs_without_end_cost_nothing(steps: str) -> None:
    start = time.process_time()
    document = read_ofd(package([[text(f'<~TextCode X="0" Y="5" DeltaX="{steps}">一二三四</~TextCode>')]]))
    assert time.process_time() - start < 0.5
    assert document.readings[0].blocks[0].at.page == 1


def test_sheets_of_no_size_and_of_endless_size() -> None:
    for size in ((0.0, 297.0), (-210.0, 297.0), (7001.0, 297.0)):
        assert [issue.code for issue in read_ofd(package([[GOOD]], size)).issues][:1] == ["page_damaged"]


def test_templates_and_drawings_in_circles() -> None:
    known = '<~CommonData><~TemplatePage ID="5" BaseLoc="T.xml"/></~CommonData>'
    listed = part("Document", known, '<~Pages><~Page ID="1" BaseLoc="T.xml"/></~Pages>')
    circle = part("Page", '<~Template TemplateID="5"/>')
    document = read_ofd(package([], more=[("Doc_0/Document.xml", listed), ("Doc_0/T.xml", circle)]))
    assert [issue.code for issue in document.issues] == ["page_damaged"]
    use = '<~CompositeObject ID="2" Boundary="0 0 9 9" ResourceID="8"/>'
    drawing = ['<~CompositeGraphicUnit ID="8"><~Content>', use * 4, "</~Content></~CompositeGraphicUnit>"]
    res = part("Res", "<~CompositeGraphicUnits>", *drawing, "</~CompositeGraphicUnits>")
    with pytest.raises(LimitExceeded):
        read_ofd(package([[use]], more=[("Doc_0/PublicRes.xml", res)]))


def test_a_page_named_without_end() -> None:
    pages = '<~Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    for count, wanted in ((3, 0), (301, 1)):
        listed = f'<~Document xmlns:ofd="urn:o"><~Pages>{pages * count}</~Pages></~Document>'
        file = package([[GOOD]], more=[("Doc_0/Document.xml", listed)])
        issues = [issue.code for issue in read_document(file).issues if issue.level == "error"]
        assert issues == ["limit"] * wanted


def test_colours_that_refer_to_each_other_in_circles() -> None:
    circle = '<~DrawParam ID="1" Relative="2"/><~DrawParam ID="2" Relative="1"/>'
    res = part("Res", "<~DrawParams>", circle, "</~DrawParams>")
    page = [text_object("一", attributes='DrawParam="1"')]
    assert read_ofd(package([page], more=[("Doc_0/PublicRes.xml", res)])).readings


def _bombs() -> Iterator[tuple[str, bytes]]:
    entity = '<!DOCTYPE a [<!ENTITY b "11"><!ENTITY c "&b;&b;&b;&b;">]>'
    yield "entities", package([[GOOD]], more=[("OFD.xml", f"{entity}<OFD>&c;</OFD>")])
    yield (
        "outside",
        package(
            [[GOOD]],
            more=[("OFD.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><OFD>&x;</OFD>')],
        ),
    )
    yield "zip", package([[GOOD]], more=[("Doc_0/PublicRes.xml", " " * 20_000_000)])
    yield "deep", package([["<~PageBlock>" * 400 + "</~PageBlock>" * 400]])
    yield "blocks", package([["<~PageBlock>" * 100 + "</~PageBlock>" * 100]])
    yield "objects", package([["<~PathObject Visible='false' Boundary='0 0 0 0'/>" * 100_001]])
    yield (
        "characters",
        package([[text(f'<~TextCode X="0" Y="5" DeltaX="g 60000 1">{"1" * 60_000}</~TextCode>')]]),
    )
    yield "points", package([[LINE.format("", "M 0 0 " + "L 1 1 " * 200_001)]])
    yield "no entry", package([[GOOD]])[:-200]


@pytest.mark.parametrize("bomb", [pytest.param(data, id=name) for name, data in _bombs()])
def test_bombs_are_refused_fast(bomb: bytes) -> None:
    start = time.process_time()
    document = read_document(bomb, name="a.ofd")
    assert time.process_time() - start < 3
    assert not document.readings
    assert any(issue.level == "error" for issue in document.issues)


def test_an_encrypted_file_is_named_as_such() -> None:
    document = read_document(package([[GOOD]], more=[("Encryptions.xml", "<Encryptions/>")]))
    assert [issue.code for issue in document.issues] == ["encrypted"]
    assert document.readings == ()


def test_parts_that_are_missing_or_there_twice() -> None:
    pages = '<~Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/><~Page ID="2" BaseLoc="None.xml"/>'
    common = "<~CommonData><~PublicRes>No.xml</~PublicRes></~CommonData>"
    listed = part("Document", common, "<~Pages>", pages, "</~Pages>")
    document = read_ofd(package([[GOOD]], more=[("Doc_0/Document.xml", listed)]))
    issues = [(issue.level, issue.code) for issue in document.issues]
    assert issues == [("warning", "resource_missing"), ("error", "page_damaged")]
    assert document.readings
    twice = package([[GOOD]], more=[("doc_0/document.XML", listed)])
    assert [issue.code for issue in read_ofd(twice).issues] == ["damaged"]
    with pytest.raises(ReadError, match="several OFD"):
        read_ofd(package([], how=OfdLayout(entry="a/OFD.xml"), more=[("b/OFD.xml", "<a/>")]))


def test_an_attachment_is_noted() -> None:
    listed = part("Document", "<~Pages/><~Attachments>A/List.xml</~Attachments>")
    attached = part("Attachments", '<~Attachment ID="1" Name="附表.xlsx"/>')
    (issue,) = read_ofd(
        package([], more=[("Doc_0/Document.xml", listed), ("Doc_0/A/List.xml", attached)])
    ).issues
    assert (issue.code, issue.message) == (
        "attachment",
        "the file carries an attachment that was not read: 附表.xlsx",
    )


def test_fonts_whose_digits_may_be_others_are_not_believed() -> None:
    def page(glyphs: str) -> list[str]:
        pairs = f"<~Glyphs>{glyphs}</~Glyphs></~CGTransform>"
        inner = '<~CGTransform CodePosition="0" CodeCount="4" GlyphCount="4">' + pairs
        return [text_object("1234", 'DeltaX="g 3 2.5"', inner=inner), GOOD]

    document = read_ofd(package([page("5 6 7 5")]))
    assert [issue.code for issue in document.issues] == ["no_unicode"]
    assert document.readings == ()
    honest = read_ofd(package([page("5 6 7 8")]))
    assert honest.readings
    assert not honest.issues


def test_sniffing_by_entry() -> None:
    for name, kind in (("OFD.xml", sniff.OFD), ("a\\ofd.XML", sniff.OFD), ("./Ofd.xml", sniff.OFD),
                       ("a/b/OFD.xml", sniff.ZIP), ("a/report.ofd", sniff.ZIP)):  # fmt: skip
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            file.writestr(name, "<OFD/>")
        assert sniff.media_type(buffer.getvalue()) == kind


def test_mutations_end_in_a_document_or_an_error_of_ours() -> None:
    source = render_ofd([seven_columns(4)])
    with zipfile.ZipFile(io.BytesIO(source)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    chance = random.Random(5)
    words = [b"1e308", b"NaN", b"-1", b"g", b"", b"\0", b"9999999", b"</ofd:Layer>", b'"', b"999999 999999"]
    for _ in range(120):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            hit = chance.choice(list(parts))
            for name, data in parts.items():
                at = chance.randrange(len(data))
                changed = data[:at] + chance.choice(words) + data[at + chance.randrange(6) :]
                file.writestr(name, changed if name == hit else data)
        start = time.process_time()
        with contextlib.suppress(GxError):
            read_ofd(buffer.getvalue())
        assert time.process_time() - start < 1
