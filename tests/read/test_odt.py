"""ODT files to grids and paragraphs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from gxstats.errors import GxError, LimitExceeded, ReadError
from gxstats.model import Document, Grid, Paragraph
from gxstats.read.odt import read_odt

SPACES = "".join(
    f" xmlns:{prefix}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'"
    for prefix, name in [
        ("text", "text"),
        ("table", "table"),
        ("office", "office"),
        ("draw", "drawing"),
        ("style", "style"),
    ]
)


def package(body: str, styles: str = "", **parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr(
            "content.xml",
            f"<office:document-content{SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        for part, text in parts.items():
            file.writestr(f"{part}.xml", text)
    return buffer.getvalue()


def read(body: str, styles: str = "", **parts: str) -> Document:
    return read_odt(package(body, styles, **parts))


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def cell(content: str, attributes: str = "") -> str:
    inner = content if content.startswith("<") else p(content)
    return f"<table:table-cell {attributes}>{inner}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def table(*rows: str) -> str:
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table><table:table-column/>{inside}</table:table>"


def first_grid(document: Document) -> Grid:
    return next(block for block in document.readings[0].blocks if isinstance(block, Grid))


def rows_of(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in first_grid(document).rows]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.readings[0].blocks if isinstance(block, Paragraph)]


def test_blocks_and_places_in_order() -> None:
    document = read(
        f"<text:h>一</text:h><text:section>{p('二')}</text:section>{table(cell('a') + cell('1'))}{p('三')}"
    )
    blocks = document.readings[0].blocks
    assert [str(block.at if isinstance(block, Paragraph) else block.place) for block in blocks] == [
        "content.xml#/h[1]",
        "content.xml#/p[1]",
        "content.xml#/table[1]",
        "content.xml#/p[2]",
    ]
    assert first_grid(document).rows[0].cells[1].at.ref == "content.xml#/table[1]/table-row[1]/table-cell[2]"
    assert document.title == "一"


def test_covered_cells_have_no_rows() -> None:
    spanning = cell("a", "table:number-columns-spanned='2' table:number-rows-spanned='2'")
    document = read(table(spanning + COVERED + cell("1"), COVERED + COVERED + cell("2")))
    assert [[(c.text, c.colspan, c.rowspan) for c in row.cells] for row in first_grid(document).rows] == [
        [("a", 2, 2), ("", 1, 0), ("1", 1, 1)],
        [("", 1, 0), ("", 1, 0), ("2", 1, 1)],
    ]


def test_repeated_cells_and_rows() -> None:
    row = "<table:table-row table:number-rows-repeated='2'>{}</table:table-row>"
    repeated = row.format(cell("a") + cell("0", "table:number-columns-repeated='3'"))
    document = read(
        f"<table:table><table:table-header-rows>{repeated}</table:table-header-rows></table:table>"
    )
    assert rows_of(document) == [["a", "0", "0", "0"]] * 2


def test_repeats_are_bounded() -> None:
    huge = cell("a") + cell("0", "table:number-columns-repeated='999999'")
    assert len(first_grid(read(table(huge))).rows[0].cells) == 1001
    row = f"<table:table-row table:number-rows-repeated='999999'>{huge}</table:table-row>"
    with pytest.raises(LimitExceeded, match="cells"):
        read(f"<table:table>{row}</table:table>")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("1<text:span>2</text:span>3", "123"),
        ("1<text:line-break/>2", "1\n2"),
        ("1<text:tab/>2<text:s text:c='2'/>3", "1\t2  3"),
        ("1\n  <text:span>2</text:span>", "1 2"),
        ("\xa0", "\xa0"),
        ("1<text:note><text:note-citation>2</text:note-citation></text:note>", "1"),
        ("1<office:annotation><text:p>x</text:p></office:annotation>", "1"),
        ("<text:span text:style-name='gone'>9</text:span>1", "1"),
        ("<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame>1", "框\n1"),
    ],
)
def test_what_is_text(markup: str, text: str) -> None:
    hidden = "<style:style style:name='gone'><style:text-properties text:display='none'/></style:style>"
    assert rows_of(read(table(cell("a") + cell(p(markup))), hidden)) == [["a", text]]


@pytest.mark.parametrize(
    ("properties", "damage"),
    [("style:text-position='super 58%'", "superscript"), ("style:text-line-through-style='solid'", "struck")],
)
def test_damage(properties: str, damage: str) -> None:
    style = f"<style:style style:name='S'><style:text-properties {properties}/></style:style>"
    odd = cell(p("5<text:span text:style-name='S'>2</text:span>"))
    picture = cell(p("<draw:frame><draw:image/></draw:frame>"))
    cells = first_grid(read(table(cell("a") + odd + picture), style)).rows[0].cells
    assert [c.damage for c in cells] == ["", damage, "image"]


def test_deleted_text_and_hidden_sections() -> None:
    tracked = (
        f"<text:tracked-changes><text:changed-region>{p('旧')}</text:changed-region></text:tracked-changes>"
    )
    hidden = f"<text:section text:display='none'>{p('藏')}</text:section>"
    assert paragraphs(read(tracked + hidden + p("新"))) == ["新"]


def test_nested_tables_and_frames() -> None:
    inner = table(cell("x") + cell("9"))
    document = read(table(cell("a") + cell(p("1") + inner)))
    assert [len(block.rows) for block in document.readings[0].blocks if isinstance(block, Grid)] == [1, 1]
    framed = read(table(cell(p("一") + inner + p("二"))))
    assert [type(block).__name__ for block in framed.readings[0].blocks] == ["Paragraph", "Grid", "Paragraph"]


def test_text_boxes_and_pictures() -> None:
    box = f"<draw:frame><draw:text-box>{p('框')}{table(cell('a') + cell('1'))}</draw:text-box></draw:frame>"
    document = read(p(f"文{box}") + p("<draw:frame><draw:image/></draw:frame>"))
    assert paragraphs(document) == ["文", "框"]
    assert rows_of(document) == [["a", "1"]]
    assert [issue.code for issue in document.issues] == ["image"]


def test_fields() -> None:
    document = read(
        p("来源：某某局"), meta="<m xmlns:dc='urn:dc'><dc:title>2023年报</dc:title><dc:empty/></m>"
    )
    assert dict(document.fields) == {"title": "2023年报", "来源": "某某局"}


def test_bad_files() -> None:
    for data in (b"", b"PK\x03\x04", package("<text:p>")):
        with pytest.raises(ReadError):
            read_odt(data)
    with pytest.raises(LimitExceeded, match="nested"):
        read("<text:span>" * 3000 + "</text:span>" * 3000)
    whole = package(p("一" * 200))
    for place in range(0, len(whole), 3):
        try:
            read_odt(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        except GxError:
            continue


def test_corpus(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "odt").iterdir()):
        last = [block for block in read_odt(path.read_bytes()).readings[0].blocks if isinstance(block, Grid)][
            -1
        ]
        assert sum(cell.rowspan > 0 for cell in last.rows[-1].cells) == 15, path
