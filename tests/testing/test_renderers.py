"""Files drawn are read back with plain libraries: every figure is in its cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

import pytest
from docx import Document
from lxml import html

from gxstats.testing.blocks import Table, squared
from gxstats.testing.canvas import wide
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec, Quirks, layout
from gxstats.testing.html import render_html
from gxstats.testing.text import render_text

VALUES = {key: str(n * 37 % 1013) for n, key in enumerate(FormSpec().cell_keys())}
SPEC = FormSpec(values=VALUES)
QUIRKS = [
    Quirks(),
    Quirks(wrappers="span", padding="nbsp"),
    Quirks(wrappers="office", broken_heads=True),
    Quirks(spans="rounded", split="tables"),
    Quirks(spans="wrong", layout_table=True),
    Quirks(metadata_table=True, captions=True, trailing_columns=4),
]


def printed(spec: FormSpec) -> list[list[str]]:
    """The cells of every table row, blanks dropped."""
    tables = [block for block in layout(spec) if isinstance(block, Table)]
    return [["".join(cell.text.split()) for cell in row] for table in tables for row in table.rows]


@pytest.mark.parametrize("quirks", QUIRKS)
def test_html(quirks: Quirks) -> None:
    spec = FormSpec(values=VALUES, quirks=quirks)
    page = html.fromstring(render_html(spec))
    rows = [row for row in page.iter("tr") if not row.xpath(".//table") and "首页" not in row.text_content()]
    found = [["".join(cell.text_content().split()) for cell in row.iter("td")] for row in rows]
    assert found == printed(spec)


@pytest.mark.parametrize("quirks", QUIRKS)
def test_docx(quirks: Quirks) -> None:
    spec = FormSpec(values=VALUES, quirks=quirks)
    content = render_docx(spec)
    assert content == render_docx(spec)
    document = Document(io.BytesIO(content))
    holder = document.tables[0].cell(0, 0) if quirks.layout_table else document
    rows = [
        [
            "".join("".join(t.text or "" for t in cell.iter(f"{{{cell.nsmap['w']}}}t")).split())
            for cell in row.tc_lst
            if cell.vMerge != "continue"
        ]
        for table in holder.tables
        for row in table._tbl.tr_lst
    ]
    assert rows == printed(spec)


def test_docx_spans_are_real() -> None:
    document = Document(io.BytesIO(render_docx(SPEC)))
    applications = document.tables[1]
    widths = {sum(cell.grid_span for cell in row._tr.tc_lst) for row in applications.rows}
    assert widths == {10}
    assert applications.cell(5, 0).text == applications.cell(26, 0).text == "三、本年度办理结果"
    assert applications.cell(7, 1).text == applications.cell(14, 1).text == "（三）不予公开"


def test_docx_dates_are_fixed() -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(SPEC))) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}


@pytest.mark.parametrize(
    ("quirks", "charset", "claims"),
    [
        (Quirks(), "utf-8", b'<meta charset="utf-8">'),
        (Quirks(bom=True), "utf-8-sig", b'<meta charset="utf-8">'),
        (Quirks(charset="gb18030", declared="gb2312"), "gb18030", b'<meta charset="gb2312">'),
        (Quirks(charset="gb18030", declared="utf-8"), "gb18030", b'<meta charset="utf-8">'),
    ],
)
def test_charsets(quirks: Quirks, charset: str, claims: bytes) -> None:
    content = render_html(FormSpec(quirks=quirks))
    assert claims in content
    assert content.decode(charset).startswith("<!DOCTYPE html>")


def test_no_charset_claimed() -> None:
    assert b"charset" not in render_html(FormSpec(quirks=Quirks(charset="gb18030", declared="")))


def applications(text: str) -> list[str]:
    return text[text.index("三、收到") : text.index("四、政府信息公开行政复议")].splitlines()


def figures(line: str) -> list[str]:
    return re.findall(r"(?<=\s)\d+(?=\s|$)", line)


def expected_rows(items: Sequence[str] | None = None) -> list[list[str]]:
    rows: dict[str, list[str]] = {}
    for (section, item, _), text in VALUES.items():
        if section == "applications" and (items is None or item in items):
            rows.setdefault(item, []).append(text)
    return list(rows.values())


def test_layout_text_aligns_its_columns() -> None:
    lines = applications(render_text(SPEC, "layout").decode())
    rows = [line for line in lines if len(figures(line)) == 7]
    assert [figures(line) for line in rows] == expected_rows()
    last = {wide(line[: line.rindex(figures(line)[-1])]) for line in rows}
    assert max(last) - min(last) <= 4
    # 三、本年度办理结果 runs down the left edge, two characters a line.
    edge = "".join(line[:2].strip() for line in lines)
    assert "三、本年度办理结果" in edge.replace("一、", "").replace("二、", "")


def test_layout_text_wraps_labels_around_their_figures() -> None:
    lines = [line for line in applications(render_text(SPEC, "layout").decode()) if line.strip()]
    at = next(n for n, line in enumerate(lines) if "5.要求行政机关" in line)
    assert figures(lines[at]) == figures(lines[at + 2]) == []
    assert len(figures(lines[at + 1])) == 7


def test_flow_text() -> None:
    lines = [line for line in applications(render_text(SPEC, "flow").decode()) if line.strip()]
    short = next(line for line in lines if line.startswith("1.属于国家秘密"))
    assert figures(short) == expected_rows(["refused.state_secret"])[0]
    at = next(n for n, line in enumerate(lines) if line.startswith("2.申请人逾期"))
    assert [len(line.split()) for line in lines[at : at + 5]] == [1, 1, 1, 6, 1]
    assert " ".join(lines[at + 3 : at + 5]).split() == expected_rows(["other.fee_unpaid"])[0]


def test_pipes() -> None:
    lines = applications(render_text(SPEC, "pipes").decode())
    rows = [[cell.strip() for cell in line.split("|")][:-1] for line in lines if line.count("|") > 6]
    assert [row[-7:] for row in rows] == expected_rows()
    assert rows[2][:2] == ["三、本年度办理结果", "(一)予以公开"]
    padded = applications(render_text(SPEC, "pipes_padded").decode())
    assert any(line.startswith(" |  | 2.其他法律行政法规禁止公开 | ") for line in padded)


def test_leading_pipes() -> None:
    lines = applications(render_text(SPEC, "leading_pipes").decode())
    at = lines.index("一、本年新收政府信息公开申请数量 |")
    assert lines[at + 1 : at + 8] == [f"{figure} |" for figure in expected_rows()[0]]
    assert lines[at + 8] == "||"
    blank = applications(render_text(FormSpec(), "leading_pipes").decode())
    assert blank[blank.index("一、本年新收政府信息公开申请数量 |") + 1] == "|"


def test_markdown() -> None:
    lines = [line for line in render_text(SPEC, "markdown").decode().splitlines() if line.startswith("|")]
    rules = [n for n, line in enumerate(lines) if set(line) <= set("|-")]
    assert len(rules) == 3
    assert {line.count("|") for line in lines[:15]} == {5}
    assert {line.count("|") for line in lines[15:44]} == {11}


def test_one_per_line_loses_blank_cells() -> None:
    text = render_text(FormSpec(values={("disputes", "review", "total"): "3"}), "one_per_line").decode()
    tail = text[text.index("复议后起诉") :]
    assert [line for line in tail.splitlines() if line.isdigit()] == ["3"]


def test_glued() -> None:
    text = render_text(SPEC, "glued").decode()
    glued = "".join(expected_rows(["received"])[0])
    assert f"一、本年新收政府信息公开申请数量{glued}二、上年结转" in text
    assert f"一、本年新收政府信息公开申请数量{glued}\n二、上年" in render_text(SPEC, "glued_rows").decode()


def test_unknown_styles_are_refused() -> None:
    with pytest.raises(ValueError, match="pipes_padded"):
        render_text(SPEC, "wavy")  # type: ignore[arg-type]


def test_grids_square() -> None:
    for block in layout(SPEC):
        if isinstance(block, Table):
            assert {len(row) for row in squared(block.rows)} == {len(block.widths)}
