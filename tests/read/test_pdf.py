"""Tables of PDFs, one test per fault: both readings must see the same figures, or say why not."""

from __future__ import annotations

from typing import Any

import pytest

from gxstats.model import Document, Grid, Reading
from gxstats.read.pdf import read_pdf
from gxstats.testing.blocks import CellSpec, Heading, Table, Text
from gxstats.testing.pdf import render_pdf
from gxstats.testing.pdf_cases import damaged, expected, figures, prose, seven_columns
from gxstats.testing.pdf_layout import PdfLayout


def read(blocks: list[Any], **layout: Any) -> tuple[Reading, Reading, Document]:
    document = read_pdf(render_pdf(blocks, PdfLayout(**layout)))
    bands, stream = document.readings
    return bands, stream, document


def assert_both(blocks: list[Any], want: list[list[str]], **layout: Any) -> None:
    bands, stream, _ = read(blocks, **layout)
    assert figures(bands) == want
    assert figures(stream) == want
    assert not damaged(bands) and not damaged(stream)


@pytest.mark.parametrize(
    "border", ["thin", "thick", "hair", "gray", "dotted", "dashed", "double", "open", "rectangles", "fills"]
)
def test_borders_of_every_style(border: str) -> None:
    assert_both([seven_columns()], expected(), border=border)


@pytest.mark.parametrize("border", ["none", "across"])
def test_missing_borders(border: str) -> None:
    assert_both([seven_columns()], expected(), border=border)


def test_borderless_table_with_empty_cells() -> None:
    bands, stream, _ = read([seven_columns(blank="empty")], border="none")
    assert figures(bands) == figures(stream) == expected(blank="empty")


@pytest.mark.parametrize("blank", ["empty", "/", "-"])
def test_empty_cells_and_marks_keep_their_columns(blank: str) -> None:
    assert_both([seven_columns(blank=blank)], expected(blank=blank))


@pytest.mark.parametrize("border", ["thin", "dotted", "double", "hair"])
def test_digits_wrapped_in_narrow_cells(border: str) -> None:
    assert_both([seven_columns(factor=1234)], expected(factor=1234), narrow=True, border=border)


def test_rows_cut_in_the_middle_of_digits() -> None:
    blocks = [Text("一" * 1200), seven_columns(factor=98765)]
    for size in (9.0, 10.0, 10.5, 11.0, 12.0):
        bands, _, _ = read(blocks, narrow=True, cut_rows=True, middle=False, size=size)
        for row in figures(bands):
            assert row in expected(factor=98765) or damaged(bands)


@pytest.mark.parametrize("filler", range(1330, 1480, 12))
def test_a_cut_row_is_repaired_or_marked_never_misread(filler: int) -> None:
    bands, stream, _ = read(
        [Text("字" * filler), seven_columns(factor=98765)], narrow=True, cut_rows=True, middle=False
    )
    for reading in (bands, stream):
        wrong = [row for row in figures(reading) if row not in expected(factor=98765)]
        assert not wrong or damaged(reading)


def test_rows_cut_in_the_middle_of_a_label() -> None:
    for filler in range(1300, 1500, 20):
        bands, _, _ = read([Text("字" * filler), seven_columns()], cut_rows=True, middle=False)
        assert figures(bands) == expected()


@pytest.mark.parametrize("repeat_heads", [0, 1])
@pytest.mark.parametrize("border", ["thin", "none"])
def test_heads_on_the_next_page_repeated_or_missing(repeat_heads: int, border: str) -> None:
    bands, stream, _ = read([seven_columns(60)], repeat_heads=repeat_heads, border=border, leading=1.6)
    assert figures(bands) == expected(60)
    assert figures(stream) == expected(60)


def fifteen_columns() -> Table:
    top = (CellSpec("复议", 5, role="head"), CellSpec("诉讼", 10, role="head"))
    heads = tuple(CellSpec(text, role="head") for text in ["维持", "纠正", "其他", "未结", "总计"] * 3)
    return Table((top, heads, tuple(CellSpec(str(100 + at)) for at in range(15))), (3,) * 15)


@pytest.mark.parametrize("filler", range(1150, 1330, 15))
def test_the_single_value_row_of_fifteen_columns_on_the_next_page(filler: int) -> None:
    bands, _, _ = read([Text("字" * filler), fifteen_columns()], size=9)
    rows = [[c.text for c in r.cells] for b in bands.blocks if isinstance(b, Grid) for r in b.rows]
    assert [str(100 + at) for at in range(15)] in rows


def test_vertical_labels_one_character_per_line() -> None:
    group = CellSpec("三、本年度办理结果", rowspan=4, role="group")
    rows = [(CellSpec("一、甲", 2, role="label"), *map(CellSpec, "1234567"))]
    for number, label in enumerate(["1.乙", "2.丙", "3.丁", "4.戊"]):
        head = (group,) if not number else ()
        rows.append(
            (*head, CellSpec(label, role="label"), *[CellSpec(str(number * 7 + at + 8)) for at in range(7)])
        )
    table = Table(tuple(rows), (1, 12, *([4] * 7)))
    want = [[str(row * 7 + at + 1) for at in range(7)] for row in range(5)]
    assert_both([table], want, size=8, padding=2)


def test_heads_drawn_over_the_wrong_columns() -> None:
    assert_both([seven_columns()], expected(), shifted_heads=7)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turned", [False, True])
def test_rotated_pages_and_turned_tables(rotate: int, turned: bool) -> None:
    assert_both([Text("说明文字。"), seven_columns()], expected(), rotate=rotate, turned=turned)


def test_landscape_pages() -> None:
    assert_both([seven_columns(factor=123)], expected(factor=123), width=841.9, height=595.3)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_places_are_those_of_the_page_as_displayed(rotate: int) -> None:
    bands, stream, document = read([seven_columns()], rotate=rotate, turned=rotate == 180)
    arbiter = document.arbiter
    assert arbiter is not None
    for reading in (bands, stream):
        cells = [
            c
            for b in reading.blocks
            if isinstance(b, Grid)
            for r in b.rows
            for c in r.cells
            if c.text == "33"
        ]
        assert len(cells) == 1
        x0, top, x1, bottom = cells[0].at[1:5]
        assert x0 is not None and top is not None and x1 is not None and bottom is not None
        assert "33" in _words_at(rotate, (x0 / 10, top / 10, x1 / 10, bottom / 10), rotate == 180)


def _words_at(rotate: int, box: tuple[float, float, float, float], turned: bool) -> str:
    import io

    import pdfplumber

    data = render_pdf([seven_columns()], PdfLayout(rotate=rotate, turned=turned))
    with pdfplumber.open(io.BytesIO(data)) as opened:
        page = opened.pages[0]
        inside = page.within_bbox((box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3))
        return "".join(char["text"] for char in inside.chars)


def test_prose_that_looks_like_tables() -> None:
    text = "本机关收到申请33件，其中予以公开12件、部分公开3件。" * 6
    bands, stream, _ = read([Text(text), seven_columns()], underlined=True, boxed=True)
    assert figures(bands) == figures(stream) == expected()
    assert prose(bands).replace(" ", "").strip("　").startswith("本机关收到申请33件")


def test_shading_is_no_border() -> None:
    title = (CellSpec("第一项", 8, role="head"),)
    table = Table((title, *seven_columns().rows), seven_columns().widths)
    for border in ("thin", "none"):
        assert_both([table], expected(), shading=True, border=border)


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.6])
def test_duplicated_text_layers(shift: float) -> None:
    assert_both([seven_columns(factor=11)], expected(factor=11), doubled=shift)


@pytest.mark.parametrize("numbers", ["{}", "- {} -", "第{}页"])
@pytest.mark.parametrize("border", ["thin", "none"])
def test_page_numbers_and_running_heads_are_left_out(numbers: str, border: str) -> None:
    bands, stream, document = read(
        [seven_columns(60)], page_numbers=numbers, running_head="某市某局年度报告", border=border
    )
    assert figures(bands) == figures(stream) == expected(60)
    notice = next(issue for issue in document.issues if issue.code == "page_furniture")
    assert "某市某局年度报告" in notice.message and numbers.format(1).replace(" ", "") in notice.message
    assert "某市某局年度报告" not in prose(bands) + prose(stream)


def test_columns_drawn_one_after_another() -> None:
    bands, stream, _ = read([seven_columns()], by_column=True)
    assert figures(bands) == expected()
    assert not [row for row in figures(stream) if row not in expected()]


def test_kangxi_radicals_become_common_characters() -> None:
    bands, stream, _ = read([Heading("\u2f00\u3001\u2f92\u2ed3")])
    assert "一、見长" in prose(bands)
    assert prose(bands) == prose(stream)


def test_the_arbiter_reads_the_same_table() -> None:
    _, _, document = read([seven_columns()])
    assert document.arbiter is not None
    third = document.arbiter()
    assert third is not None and third.name == "pdfplumber"
    assert figures(third) == expected()
