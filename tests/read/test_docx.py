"""DOCX files to grids and paragraphs, and the limits of packages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from gxstats.errors import GxError, LimitExceeded, ReadError
from gxstats.model import Document, Grid, Paragraph
from gxstats.read import limits
from gxstats.read.docx import read_docx
from gxstats.read.package import Package

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def package(body: str, *, name: str = "word/document.xml", space: str = W, **parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            name,
            f"<w:document xmlns:w='{space}' xmlns:mc='{MC}' xmlns:wp='urn:wp' xmlns:v='urn:v'>"
            f"<w:body>{body}<w:sectPr/></w:body></w:document>",
        )
        for part, text in parts.items():
            file.writestr(part.replace("__", "/") + ".xml", text)
    return buffer.getvalue()


def only(xml: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("word/document.xml", xml)
    return buffer.getvalue()


def read(body: str, **options: str) -> Document:
    return read_docx(package(body, **options))


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def grids(document: Document) -> list[list[list[str]]]:
    blocks = document.readings[0].blocks
    return [
        [[cell.text for cell in row.cells] for row in block.rows]
        for block in blocks
        if isinstance(block, Grid)
    ]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.readings[0].blocks if isinstance(block, Paragraph)]


def first_grid(document: Document) -> Grid:
    return next(block for block in document.readings[0].blocks if isinstance(block, Grid))


def cell_of(content: str) -> tuple[str, str]:
    cell = first_grid(read(tbl(tc("a") + tc(content)))).rows[0].cells[1]
    return cell.text, cell.damage


def test_blocks_and_places_in_order() -> None:
    document = read(p("一") + tbl(tc("a") + tc("1"), tc("b") + tc("2")) + p("二") + tbl(tc("c") + tc("3")))
    blocks = document.readings[0].blocks
    assert [str(block.at if isinstance(block, Paragraph) else block.place) for block in blocks] == [
        "word/document.xml#/p[1]",
        "word/document.xml#/tbl[1]",
        "word/document.xml#/p[2]",
        "word/document.xml#/tbl[2]",
    ]
    assert first_grid(document).rows[1].cells[1].at.ref == "word/document.xml#/tbl[1]/tr[2]/tc[2]"
    assert document.readings[0].structured


@pytest.mark.parametrize("space", [W, STRICT])
def test_the_transitional_and_the_strict_namespace(space: str) -> None:
    merged = tc("a", "<w:vMerge w:val='restart'/>") + tc("1", "<w:gridSpan w:val='2'/>")
    document = read(tbl(merged, tc("", "<w:vMerge/>") + tc("2")), space=space)
    first, second = first_grid(document).rows
    assert [(cell.text, cell.colspan, cell.rowspan) for cell in first.cells] == [("a", 1, 2), ("1", 2, 1)]
    assert [(cell.text, cell.rowspan) for cell in second.cells] == [("", 0), ("2", 1)]


def test_cells_that_continue_a_merge_keep_their_text_and_have_no_rows() -> None:
    document = read(
        tbl(
            tc("不予公开", "<w:vMerge w:val='restart'/>") + tc("x"),
            tc("旧", "<w:vMerge w:val='continue'/>") + tc("y"),
            tc("无法提供", "<w:vMerge w:val='restart'/>") + tc("z"),
            tc("", "<w:vMerge/>") + tc("w"),
            tc("", "<w:vMerge/>") + tc("v"),
        )
    )
    spans = [row.cells[0].rowspan for row in first_grid(document).rows]
    assert spans == [2, 0, 3, 0, 0]
    assert first_grid(document).rows[1].cells[0].text == "旧"


def test_a_merge_below_skipped_grid_columns() -> None:
    """A row that begins with gridBefore has its first cell further right than its number says."""
    before = "<w:trPr><w:gridBefore w:val='2'/></w:trPr>"
    document = read(
        tbl(
            tc("a", "<w:gridSpan w:val='2'/>") + tc("b", "<w:vMerge w:val='restart'/>"),
            before + tc("", "<w:vMerge/>") + tc("c"),
        )
    )
    assert [cell.rowspan for cell in first_grid(document).rows[0].cells] == [1, 2]


def test_an_orphaned_continuation_and_the_old_horizontal_merge() -> None:
    document = read(tbl(tc("", "<w:vMerge/>") + tc("1") + tc("", "<w:hMerge w:val='continue'/>") + tc("2")))
    assert [cell.rowspan for cell in first_grid(document).rows[0].cells] == [0, 1, 0, 1]


def test_a_table_inside_a_cell_follows_the_outer_one() -> None:
    inner = tbl(tc("x") + tc("9"))
    document = read(tbl(tc("a") + tc(p("1") + inner + p("2"))))
    assert grids(document) == [[["a", "1\n2"]], [["x", "9"]]]
    assert document.readings[0].blocks[1].place.ref == "word/document.xml#/tbl[1]/tr[1]/tc[2]/tbl[1]"  # type: ignore[union-attr]


def test_a_whole_report_inside_a_frame() -> None:
    document = read(tbl(tc(p("一、") + tbl(tc("a") + tc("1")) + p("二、"))))
    assert [type(block).__name__ for block in document.readings[0].blocks] == [
        "Paragraph",
        "Grid",
        "Paragraph",
    ]
    assert document.readings[0].blocks[2].at.ref == "word/document.xml#/tbl[1]/tr[1]/tc[1]/p[2]"  # type: ignore[union-attr]


def test_wrappers_are_walked_and_not_counted() -> None:
    wrapped = "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = wrapped.format(f"<w:tr>{wrapped.format(tc('a'))}<w:ins>{tc('1')}</w:ins></w:tr>")
    run = "<w:r><w:t>{}</w:t></w:r>"
    link = f"<w:p><w:hyperlink>{run.format('一')}</w:hyperlink><w:ins>{run.format('二')}</w:ins><w:smartTag>"
    link += f"{run.format('三')}</w:smartTag><w:fldSimple>{run.format('四')}</w:fldSimple></w:p>"
    document = read(wrapped.format(link) + f"<w:tbl>{row}</w:tbl>" + p("五"))
    assert paragraphs(document) == ["一二三四", "五"]
    assert grids(document) == [[["a", "1"]]]
    assert document.readings[0].blocks[2].at.ref == "word/document.xml#/p[2]"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ("<w:r><w:t>1</w:t><w:br/><w:t>2</w:t></w:r>", "1\n2"),
        ("<w:r><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>", "1\t2"),
        ("<w:r><w:t xml:space='preserve'>\xa0 0　</w:t></w:r>", "\xa0 0　"),
        ("<w:r><w:t>1</w:t></w:r><w:r><w:t>2</w:t></w:r>", "12"),
        ("<w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:t>1</w:t></w:r>", "1"),
        ("<w:del><w:r><w:t>9</w:t></w:r></w:del><w:moveFrom><w:r><w:t>8</w:t></w:r></w:moveFrom>", ""),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>3</w:t></w:r>", "3"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r><w:r><w:t>1</w:t></w:r>", "1"),
        ("<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>1</w:t></w:r>", "1"),
        ("<w:r><w:noBreakHyphen/></w:r>", "-"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>", "\uf0fc"),
        (
            "<w:ruby><w:rt><w:r><w:t>x</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>1</w:t></w:r></w:rubyBase></w:ruby>",
            "1",
        ),
    ],
)
def test_what_is_text(runs: str, text: str) -> None:
    assert cell_of(f"<w:p><w:pPr><w:jc/></w:pPr>{runs}</w:p>")[0] == text


@pytest.mark.parametrize(
    ("runs", "damage"),
    [
        ("<w:r><w:drawing/></w:r>", "image"),
        ("<w:r><w:object/></w:r>", "image"),
        ("<w:r><w:t>1</w:t><w:drawing/></w:r>", "image"),
        (
            "<w:r><w:t>5</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>2</w:t></w:r>",
            "superscript",
        ),
        ("<w:r><w:rPr><w:strike/></w:rPr><w:t>12</w:t></w:r><w:r><w:t>13</w:t></w:r>", "struck"),
        ("<w:r><w:rPr><w:strike w:val='false'/></w:rPr><w:t>12</w:t></w:r>", ""),
    ],
)
def test_damage(runs: str, damage: str) -> None:
    assert cell_of(f"<w:p>{runs}</w:p>")[1] == damage


def test_deleted_and_hidden_rows_and_cells() -> None:
    document = read(
        tbl(
            tc("a") + tc("1") + tc("9", "<w:cellDel/>"),
            "<w:trPr><w:del/></w:trPr>" + tc("b") + tc("2"),
            "<w:trPr><w:hidden/></w:trPr>" + tc("c") + tc("3"),
        )
    )
    assert grids(document) == [[["a", "1"]]]


def test_text_boxes_are_read_once_after_their_paragraph() -> None:
    box = "<w:txbxContent>{}</w:txbxContent>"
    drawing = f"<w:drawing>{box.format(p('框') + tbl(tc('a') + tc('1')))}</w:drawing>"
    choice = f"<mc:Choice Requires='wps'>{drawing}</mc:Choice>"
    fallback = f"<mc:Fallback><w:pict><v:textbox>{box.format(p('框'))}</v:textbox></w:pict></mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent><w:t>文</w:t></w:r>"
    document = read(f"<w:p>{both}</w:p>" + p("后"))
    assert paragraphs(document) == ["文", "框", "后"]
    assert grids(document) == [[["a", "1"]]]
    assert document.readings[0].blocks[1].at.ref == "word/document.xml#/p[1]/txbxContent[1]/p[1]"  # type: ignore[union-attr]
    assert cell_of(f"<w:p><w:r>{fallback[13:-14]}</w:r></w:p>")[0] == "框"


def test_pictures_outside_tables() -> None:
    wide, narrow = "<wp:extent cx='5000000'/>", "<wp:extent cx='90000'/>"
    drawings = [f"<w:p><w:r><w:drawing>{extent}</w:drawing></w:r></w:p>" for extent in (wide, narrow)]
    document = read(p("三、") + "".join(drawings))
    assert [(issue.code, str(issue.at)) for issue in document.issues] == [
        ("image", "word/document.xml#/p[2]")
    ]


def test_an_embedded_document_is_reported() -> None:
    assert [issue.code for issue in read(p("一") + "<w:altChunk/>").issues] == ["embedded"]


def test_a_table_split_in_two_stays_two_grids() -> None:
    assert len(grids(read(tbl(tc("a") + tc("1")) + "<w:p/>" + tbl(tc("b") + tc("2"))))) == 2


def test_title_and_fields() -> None:
    centred = "<w:pPr><w:jc w:val='center'/></w:pPr>"
    core = "<c xmlns:dc='urn:dc'><dc:title>模板</dc:title><dc:creator>张</dc:creator><dc:subject/></c>"
    document = read(
        p("附件1") + p("某某局", centred) + p("2023年度报告", centred) + p("一"), docProps__core=core
    )
    assert document.title == "某某局2023年度报告"
    assert dict(document.fields) == {"title": "模板", "creator": "张"}
    assert read(p("年报")).title == "年报"


def test_a_document_part_with_a_number() -> None:
    assert paragraphs(read(p("一"), name="word/document2.xml")) == ["一"]


def test_an_empty_document() -> None:
    document = read("<w:p/>")
    assert (document.readings[0].blocks, [issue.code for issue in document.issues]) == ((), ["empty"])


def test_damaged_packages() -> None:
    whole = package(p("一" * 500))
    for data in (b"", b"PK\x03\x04", whole[:100], whole[:-30], package("", name="other.xml")):
        with pytest.raises(ReadError):
            read_docx(data)
    for place in range(0, len(whole), 3):
        try:
            read_docx(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        except GxError:
            continue


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p>",
        "x",
        "",
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
        "<!DOCTYPE a><a/>",
    ],
)
def test_xml_that_is_refused(xml: str) -> None:
    with pytest.raises(ReadError) as error:
        read_docx(only(xml))
    assert error.value.where == "word/document.xml"


def test_entities_do_not_explode() -> None:
    entities = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
    xml = f"<!DOCTYPE a [<!ENTITY e0 'x'>{entities}]><a>&e11;</a>"
    with pytest.raises(ReadError):
        read_docx(only(xml))


def test_zip_bombs_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="times its size"):
        read_docx(package("", word__filler="0" * 5_000_000))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number in range(limits.MAX_PARTS + 1):
            file.writestr(str(number), "")
    with pytest.raises(LimitExceeded, match="parts"):
        read_docx(buffer.getvalue())


def test_a_part_that_is_there_twice_or_encrypted() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file, pytest.warns(UserWarning):
        file.writestr("a", "1")
        file.writestr("a", "2")
    with pytest.raises(ReadError, match="twice"):
        Package(buffer.getvalue()).read("a")
    data = bytearray(package(""))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    with pytest.raises(ReadError, match="encrypted"):
        read_docx(bytes(data))


def test_too_deep_or_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    for opening, closing in (("<w:ins>", "</w:ins>"), ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>")):
        with pytest.raises(LimitExceeded, match="nested"):
            read(opening * 3000 + closing * 3000)
    monkeypatch.setattr("gxstats.read.docx.MAX_CELLS", 3)
    with pytest.raises(LimitExceeded, match="cells"):
        read(tbl(tc("1") + tc("2")) * 2)
    monkeypatch.setattr("gxstats.read.docx.MAX_PARAGRAPHS", 3)
    with pytest.raises(LimitExceeded, match="paragraphs"):
        read(p("1") * 4)


def test_corpus(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "docx").iterdir())[:15]:
        last = [
            block for block in read_docx(path.read_bytes()).readings[0].blocks if isinstance(block, Grid)
        ][-1]
        assert sum(cell.rowspan > 0 for cell in last.rows[-1].cells) == 15, path
