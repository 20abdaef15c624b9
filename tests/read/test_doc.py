"""DOC files to grids and paragraphs: rows, merges, fields, boxes, damage, and what is refused."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

import gxstats as gx
from gxstats.errors import GxError, LimitExceeded, ReadError, UnsupportedFormat
from gxstats.model import Document, Grid, Paragraph
from gxstats.read import office
from gxstats.read.doc import read_doc
from gxstats.read.document import read_document
from gxstats.read.ole import Container
from gxstats.testing.compare import compare
from gxstats.testing.doc import cell_lines, paragraph, render_doc, row_end
from gxstats.testing.doc_file import Line, Run, modifier, write_doc
from gxstats.testing.forms import FormSpec
from gxstats.testing.ole import compound_file
from gxstats.testing.values import expected
from tests.pages import a_spec

HIDDEN, DELETED, CENTRED = 0x083C, 0x0800, 0x2461
CONTINUED, RESTART = 1 << 5, 3 << 5


def row(*texts: str, depth: int = 1, borders: Sequence[int] = (), merges: Sequence[int] = ()) -> list[Line]:
    cells = [line for text in texts for line in cell_lines(text.split("\n"), depth)]
    places = borders or [1000 * n for n in range(len(texts) + 1)]
    return [*cells, row_end(places, merges or [0] * len(texts), depth)]


def read(*lines: Line | list[Line], **how: object) -> Document:
    flat = [one for some in lines for one in (some if isinstance(some, list) else [some])]
    return read_doc(write_doc([*flat, paragraph("")], **how))  # type: ignore[arg-type]


def grids(document: Document) -> list[list[list[str]]]:
    blocks = document.readings[0].blocks
    found = [block for block in blocks if isinstance(block, Grid)]
    return [[[cell.text for cell in row.cells] for row in grid.rows] for grid in found]


def spans(document: Document) -> list[list[tuple[int, int]]]:
    grid = next(block for block in document.readings[0].blocks if isinstance(block, Grid))
    return [[(cell.colspan, cell.rowspan) for cell in row.cells] for row in grid.rows]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.readings[0].blocks if isinstance(block, Paragraph)]


def codes(document: Document) -> list[str]:
    return [issue.code for issue in document.issues]


@pytest.mark.parametrize("pieces", [False, True])
def test_blocks_and_places_in_order(pieces: bool) -> None:
    document = read(
        paragraph("一"), row("a", "1"), row("b", "2"), paragraph("二"), row("c", "3"), pieces=pieces
    )
    blocks = document.readings[0].blocks
    assert [str(block.at if isinstance(block, Paragraph) else block.place) for block in blocks] == [
        "WordDocument#/p[1]",
        "WordDocument#/tbl[1]",
        "WordDocument#/p[2]",
        "WordDocument#/tbl[2]",
    ]
    assert grids(document) == [[["a", "1"], ["b", "2"]], [["c", "3"]]]
    assert blocks[1].rows[1].cells[1].at.ref == "WordDocument#/tbl[1]/tr[2]/tc[2]"  # type: ignore[union-attr]
    assert document.readings[0].structured
    assert document.readings[0].name == "doc"


def test_empty_cells_at_the_end_of_a_row() -> None:
    """Two marks in a row are an empty cell and the end of a row, or two empty cells: only properties tell."""
    document = read(row("a", "", ""), row("", "", "1"))
    assert grids(document) == [[["a", "", ""], ["", "", "1"]]]


def test_columns_begin_where_any_cell_does() -> None:
    document = read(
        row("a", "b", borders=[0, 2000, 3000]),
        row("c", "d", "e", borders=[3, 1000, 2001, 2996]),
    )
    assert spans(document) == [[(2, 1), (1, 1)], [(1, 1), (1, 1), (1, 1)]]


def test_cells_that_continue_a_merge_have_no_rows() -> None:
    document = read(
        row("不予公开", "x", merges=[RESTART, 0]),
        row("旧", "y", merges=[CONTINUED, 0]),
        row("无法提供", "z", merges=[RESTART, 0]),
        row("", "w", merges=[CONTINUED, 0]),
    )
    assert [row[0][1] for row in spans(document)] == [2, 0, 2, 0]


@pytest.mark.parametrize("merges", [(2, 1, 0), (1, 2, 0), (3, 1, 0), (3, 2, 0)])
def test_both_ways_to_write_a_horizontal_merge(merges: Sequence[int]) -> None:
    assert [rows for _, rows in spans(read(row("a", "", "1", merges=merges)))[0]] == [1, 0, 1]


def test_merges_changed_after_the_definition() -> None:
    end = row_end([0, 500, 900], [0, 0])
    vertical = modifier(0xD62B, b"\x02\x00\x01")
    horizontal = modifier(0x5624, b"\x00\x02")
    for change, shown in ((vertical, [0, 1]), (horizontal, [1, 0])):
        last = end._replace(properties=end.properties + change)
        document = read(row("a", "b", borders=[0, 500, 900]), cell_lines(["c"]), cell_lines(["1"]), last)
        assert [rows for _, rows in spans(document)[1]] == shown


def test_a_table_inside_a_cell_follows_the_outer_one() -> None:
    inner = [paragraph("1", 1), *row("x", "9", depth=2), *cell_lines(["2"])]
    document = read(cell_lines(["a"]), inner, row_end([0, 500, 900], [0, 0]))
    assert grids(document) == [[["a", "1\n2"]], [["x", "9"]]]
    first, second = document.readings[0].blocks
    assert first.rows[0].cells[1].damage == "nested_table"  # type: ignore[union-attr]
    assert second.place.ref == "WordDocument#/tbl[1]/tr[1]/tc[2]/tbl[1]"  # type: ignore[union-attr]


def test_a_whole_report_inside_a_frame() -> None:
    inside = [paragraph("一、", 1), *row("a", "1", depth=2), paragraph("二、", 1), *cell_lines([""])]
    document = read(inside, row_end([0, 900], [0]))
    assert [type(block).__name__ for block in document.readings[0].blocks] == [
        "Paragraph",
        "Grid",
        "Paragraph",
    ]
    assert document.readings[0].blocks[2].at.ref == "WordDocument#/tbl[1]/tr[1]/tc[1]/p[2]"  # type: ignore[union-attr]


def test_hidden_rows_are_left_out() -> None:
    hidden = modifier(HIDDEN)
    cells = [*cell_lines(["b"], looks=[hidden]), *cell_lines(["2"], looks=[hidden])]
    document = read(row("a", "1"), cells, row_end([0, 1000, 2000], [0, 0], mark=hidden))
    assert grids(document) == [[["a", "1"]]]


def test_what_is_text() -> None:
    shown = "a\tb\x0bc\x1ed\x1fe\x02\x05\x13PAGE\x142\x15f"
    document = read(paragraph(shown), paragraph("第一节\x0c第二节"), paragraph("\U00020021吉"))
    assert paragraphs(document) == ["a\tb\nc-de2f", "第一节", "第二节", "\U00020021吉"]
    assert "\ufffd" in paragraphs(read(paragraph("a\ud840b")))[0]


def test_a_section_ends_before_a_table() -> None:
    document = read(Line((Run("二、"),), end="\x0c"), row("a", "1"))
    assert (paragraphs(document), grids(document)) == (["二、"], [[["a", "1"]]])


def test_text_boxes_come_last() -> None:
    document = read(paragraph("文"), boxes=[paragraph("框"), *row("a", "1")])
    assert paragraphs(document) == ["文", "框"]
    assert grids(document) == [[["a", "1"]]]
    assert document.readings[0].blocks[1].at.ref == "WordDocument#/txbx/p[1]"
    assert document.readings[0].structured


@pytest.mark.parametrize(("width", "places"), [(900, [2]), (9000, [1, 2])])
def test_pictures_outside_tables(width: int, places: list[int]) -> None:
    """A small one is a seal or a line; of one that is not where it should be nothing is known."""
    pictures = [Line((Run("\x01", modifier(0x6A03, place)),)) for place in (0, 10**6)]
    content = Container(write_doc([*pictures, paragraph("三、")]))
    streams = {name: content.read(name) for name in ("WordDocument", "1Table")}
    streams["Data"] = struct.pack("<I24xHHHH", 36, width, 900, 1000, 1000)
    issues = read_doc(compound_file(streams)).issues
    assert [str(issue.at) for issue in issues] == [f"WordDocument#/p[{place}]" for place in places]


def test_the_title_is_centred() -> None:
    centred = modifier(CENTRED)
    heads = [Line((Run(text),), centred) for text in ("某某局", "2023年度报告")]
    assert read(paragraph("附件1"), *heads, paragraph("一")).title == "某某局2023年度报告"
    assert read(paragraph("年报")).title == "年报"


def test_an_empty_document() -> None:
    document = read(paragraph(""))
    assert (document.readings[0].blocks, codes(document)) == ((), ["empty"])


@pytest.mark.parametrize("flags", [0x0300, 0x8200])
def test_encrypted_files_are_refused(flags: int) -> None:
    content = write_doc([paragraph("一")], flags=flags)
    with pytest.raises(ReadError, match="encrypted"):
        read_doc(content)
    report = gx.read_report(content)
    assert (report.issue_rows[0].level, report.issue_rows[0].code) == ("error", "damaged")
    assert "password" in report.issue_rows[0].hint


def test_files_of_older_programs_need_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    office.program_path.cache_clear()
    old = compound_file({"WordDocument": struct.pack("<HH", 0xA5DC, 0x68) + bytes(2000)})
    with pytest.raises(UnsupportedFormat, match="libreoffice-writer"):
        read_doc(old)
    issue = read_document(old).issues[0]
    assert (issue.code, "apt-get install libreoffice-writer" in issue.hint) == ("unsupported_format", True)
    assert read_document(b"{\\rtf1 text}").issues[0].code == "unsupported_format"
    office.program_path.cache_clear()


def test_tables_in_doubt_are_read_a_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*row("a", "1"), *cell_lines(["b"]), row_end([0, 1000, 2000], [0, 0]), paragraph("")]
    monkeypatch.setattr(office, "convert", lambda files: dict.fromkeys(files, _docx()))
    document = read_doc(write_doc(lines))
    assert [(reading.name, reading.structured) for reading in document.readings] == [
        ("doc", False),
        ("libreoffice", False),
    ]
    assert codes(document) == ["table_structure"]


def test_tables_in_doubt_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(files: object) -> None:
        raise UnsupportedFormat("reading this file needs LibreOffice", hint="install it")

    monkeypatch.setattr(office, "convert", missing)
    for lines in ([*row("a", "1")[:-1], paragraph("")], [paragraph("a")._replace(end="\x07"), paragraph("")]):
        document = read_doc(write_doc(lines))
        assert [(reading.name, reading.structured) for reading in document.readings] == [("doc", False)]
        assert codes(document) == ["table_structure", "no_second_reading"]


def _docx() -> bytes:
    from gxstats.testing.docx import render_docx

    return render_docx(FormSpec())


def test_damaged_files() -> None:
    whole = write_doc([paragraph("一" * 50), *row("a", "1")])
    for content in (b"", whole[:100], whole[:1000], whole[:6000], compound_file({"1Table": b""})):
        with pytest.raises(ReadError):
            read_doc(content)
    for place in [*range(0, 512, 5), *range(512, len(whole), 61)]:
        try:
            read_doc(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        except GxError:
            continue


def test_sizes_that_cannot_be_are_refused() -> None:
    whole = write_doc([paragraph("一")])
    for at, value in ((0x1E, 60), (0x2C, 10**6), (0x48, 10**6)):
        changed = bytearray(whole)
        struct.pack_into("<I" if at > 0x1E else "<H", changed, at, value)
        with pytest.raises(ReadError, match="impossible sizes"):
            read_doc(bytes(changed))


def test_too_deep_or_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = modifier(0x2416) + modifier(0x6649, 2**31)
    with pytest.raises(LimitExceeded, match="nested"):
        read(Line((Run("a"),), deep))
    monkeypatch.setattr("gxstats.read.doc_body.MAX_CELLS", 3)
    with pytest.raises(LimitExceeded, match="cells"):
        read(row("1", "2"), row("1", "2"))
    monkeypatch.setattr("gxstats.read.doc.MAX_PARAGRAPHS", 3)
    with pytest.raises(LimitExceeded, match="paragraphs"):
        read(*[paragraph("1")] * 4)
    monkeypatch.setattr("gxstats.read.doc_text.MAX_TEXT_LENGTH", 3)
    with pytest.raises(LimitExceeded, match="characters"):
        read(paragraph("1234"))


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.docx", "a"])
def test_a_report_is_read_whatever_its_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(render_doc(a_spec()))
    report = gx.read_report(tmp_path / name)
    found = compare(report.fact_rows, expected(a_spec()))
    assert (found.exact, found.wrong) == (found.total, 0)
    assert {fact.verdict for fact in report.fact_rows} == {"confirmed"}


def test_corpus(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "doc").iterdir()):
        document = read_doc(path.read_bytes())
        last = [block for block in document.readings[0].blocks if isinstance(block, Grid)][-1]
        assert sum(cell.rowspan > 0 for cell in last.rows[-1].cells) == 15, path
        assert document.readings[0].structured
        assert document.issues == ()


def test_a_figure_is_traced_to_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "report.doc"
    path.write_bytes(render_doc(a_spec()))
    report = gx.read_report(path)
    fact = report.fact("applications", "received", "total")
    assert fact is not None
    assert fact.at.ref == "WordDocument#/tbl[2]/tr[4]/tc[8]"
    assert str(fact.value) in str(gx.explain(fact, report=report, source=path))
