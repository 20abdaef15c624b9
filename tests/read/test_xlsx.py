"""XLSX: what a sheet shows is read, with its cell; what it hides, computes or formats away is not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill

import gxstats as gx
from benchmarks.mutations import Original, mutate
from gxstats.errors import LimitExceeded, ReadError
from gxstats.model import Cell, Grid
from gxstats.read.xlsx import read_xlsx
from gxstats.read.xlsx_format import show
from gxstats.testing.compare import compare
from gxstats.testing.forms import FormSpec
from gxstats.testing.strategies import form_specs
from gxstats.testing.values import expected, print_values, random_values
from gxstats.testing.xlsx import render_xlsx

KEY = ("disputes", "review", "total")


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cells_of(change: Callable[[Any], object]) -> dict[str, Cell]:
    """Reference -> cell of a sheet of labels and figures that was changed."""
    book = Workbook()
    sheet: Any = book.active
    for row in (["项目", "甲", "乙"], ["规章", 1, 2], ["许可", 3, 4]):
        sheet.append(row)
    change(sheet)
    blocks = read_xlsx(saved(book)).readings[0].blocks
    rows = [row for block in blocks if isinstance(block, Grid) for row in block.rows]
    return {str(cell.at.ref).partition("!")[2]: cell for row in rows for cell in row.cells}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(form_specs(duplicate_differs=False))
def test_random_reports_are_read_back(drawn: Any) -> None:
    spec, truth = drawn
    read = compare(gx.read_report(render_xlsx(spec)).fact_rows, truth)
    assert not read.wrong, str(read)
    if any(spec.values.values()):  # of a sheet that prints no figure at all nothing shows the columns
        assert read.exact > 0.8 * read.total, str(read)


@pytest.mark.parametrize("form", ["f2021", "f2019", "f2014"])
@pytest.mark.parametrize("apart", [False, True])
def test_a_report_is_confirmed_and_knows_its_cells(form: str, apart: bool) -> None:
    texts, _ = print_values(random_values(3, form, size="mid"), zero="blank", digits="comma", rng=3)
    spec = FormSpec(form, values=texts, year=2016)
    report = gx.read_report(render_xlsx(spec, sheet_per_table=apart))
    assert compare(report.fact_rows, expected(spec)).exact == len(spec.cell_keys())
    assert {f.verdict for f in report.fact_rows} == {"confirmed"}
    assert all("!" in str(f.at.ref) for f in report.fact_rows)
    assert report.meta["year"] == 2016


@pytest.mark.parametrize(
    ("stored", "pattern", "text", "sound"),
    [
        ("12", "General", "12", True),
        ("0.30000000000000004", "General", "0.3", True),
        ("1E+3", "General", "1000", True),
        ("123456789012", "General", "123456789012", False),
        ("1234567", "#,##0", "1,234,567", True),
        ("1234.5", "#,##0.00", "1,234.50", True),
        ("18.871", "0.0000_ ", "18.8710", True),
        ("2.6", "0", "3", False),
        ("0", "#", "", True),
        ("0", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "-", True),
        ("7", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "7", True),
        ("12", '0"件"', "12件", True),
        ("12000", "0,", "12000", False),
        ("0.5", "0%", "50%", True),
        ("45000", "yyyy/m/d", "45000", False),
        ("45000", 'yyyy"年"m"月"', "45000", False),
        ("12", "[DBNum1]0", "12", False),
        ("12", "[>5]0;0.0", "12", False),
        ("0.5", "# ?/?", "0.5", False),
        ("12", ";;;", "", False),
        ("nan", "0", "nan", False),
    ],
)
def test_a_number_format_shows_the_text_or_is_damage(
    stored: str, pattern: str, text: str, sound: bool
) -> None:
    shown = show(stored, pattern)
    assert (shown.text, not shown.damage) == (text, sound)


def test_a_percentage_or_a_date_is_no_count() -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].number_format = "0%"
        sheet["C2"].number_format = "yyyy-mm-dd"

    cells = cells_of(change)
    assert cells["B2"].text == "100%"
    assert cells["C2"].damage


def test_merged_cells_are_one_cell_with_spans() -> None:
    cells = cells_of(lambda sheet: sheet.merge_cells("A2:A3"))
    assert cells["A2"].rowspan == 2
    assert "A3" not in cells
    cells = cells_of(lambda sheet: sheet.merge_cells("B1:C1"))
    assert (cells["B1"].colspan, "C1" in cells, cells["C2"].text) == (2, False, "2")


def hide_row(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


def hide_column(sheet: Any) -> None:
    sheet.column_dimensions["C"].hidden = True


def hide_sheet(sheet: Any) -> None:
    other = sheet.parent.create_sheet("上年")
    other.append(["规章", 9])
    other.sheet_state = "veryHidden"


@pytest.mark.parametrize(("change", "gone"), [(hide_row, "4"), (hide_column, "2"), (hide_sheet, "9")])
def test_what_is_hidden_is_not_read_and_said(change: Callable[[Any], object], gone: str) -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (["项目", "甲", "乙"], ["规章", 1, 2], ["许可", 3, 4]):
        sheet.append(row)
    change(sheet)
    document = read_xlsx(saved(book))
    texts = [
        c.text for b in document.readings[0].blocks if isinstance(b, Grid) for r in b.rows for c in r.cells
    ]
    assert gone not in texts
    assert "1" in texts
    assert "hidden" in {issue.code for issue in document.issues}


def white(sheet: Any) -> None:
    sheet["B2"].font = Font(color="FFFFFFFF")


def on_its_own_colour(sheet: Any) -> None:
    sheet["B2"].font = Font(color="FF00B050")
    sheet["B2"].fill = PatternFill("solid", fgColor="FF00B050")


def struck(sheet: Any) -> None:
    sheet["B2"].font = Font(strike=True)


def raised(sheet: Any) -> None:
    sheet["B2"].font = Font(vertAlign="superscript")


def formula(sheet: Any) -> None:
    sheet["B2"] = "=SUM(C2:C3)"


def conditional(sheet: Any) -> None:
    rule = CellIsRule(operator="equal", formula=["1"], font=Font(color="FFFFFFFF"))
    sheet.conditional_formatting.add("B2:B9", rule)


def shown_as_formula(sheet: Any) -> None:
    sheet["B2"] = "=1"
    sheet.sheet_view.showFormulas = True


@pytest.mark.parametrize(
    "change", [white, on_its_own_colour, struck, raised, formula, conditional, shown_as_formula]
)
def test_a_figure_that_is_not_seen_as_it_is_stored_is_damaged(change: Callable[[Any], object]) -> None:
    cells = cells_of(change)
    assert cells["B2"].damage
    assert not cells["C3"].damage


def test_white_on_a_dark_ground_is_seen() -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].font = Font(color="FFFFFFFF")
        sheet["B2"].fill = PatternFill("solid", fgColor="FF000000")

    assert cells_of(change)["B2"][0] == "1"
    assert not cells_of(change)["B2"].damage


def test_a_sheet_that_shows_no_zeros_prints_blanks() -> None:
    def change(sheet: Any) -> None:
        sheet["B2"] = 0
        sheet.sheet_view.showZeros = False

    assert cells_of(change)["B2"].text == ""


def test_the_stored_result_of_a_formula_is_read() -> None:
    sound = render_xlsx(FormSpec(values={KEY: "7"}))
    place = str(gx.read_report(sound).fact(*KEY).at.ref).partition("!")[2]  # type: ignore[union-attr]
    changed = rewritten(sound, f'r="{place}"', lambda cell: cell.replace("<v>", "<f>1+6</f><v>"))
    fact = gx.read_report(changed).fact(*KEY)
    assert fact is not None
    assert (fact.value, fact.verdict) == (7, "confirmed")
    emptied = rewritten(sound, f'r="{place}"', lambda cell: cell.replace("<v>7</v>", "<f>1+6</f><v></v>"))
    fact = gx.read_report(emptied).fact(*KEY)
    assert fact is not None
    assert fact.state == "unreadable"


def rewritten(data: bytes, mark: str, change: Callable[[str], str]) -> bytes:
    """A workbook one cell of whose first sheet was changed in its XML."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                start = text.decode().index(f"<c {mark}")
                end = text.decode().index("</c>", start) + 4
                plain = text.decode()
                text = (plain[:start] + change(plain[start:end]) + plain[end:]).encode()
            new.writestr(name, text)
    return buffer.getvalue()


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name.endswith(part) else old.read(name))
    return buffer.getvalue()


SOUND = render_xlsx(FormSpec(values={KEY: "7"}))
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["workbook.xml", "sheet1.xml", "styles.xml"])
def test_entities_are_refused(part: str) -> None:
    with pytest.raises(ReadError, match="DOCTYPE"):
        read_xlsx(
            with_part(SOUND, part, lambda xml: BOMB + xml.partition(b"?>")[2] if b"?>" in xml else BOMB + xml)
        )


def test_bombs_are_refused_at_once() -> None:
    zeros = with_part(SOUND, "sheet1.xml", lambda _: b"<a>" + b"0" * 40_000_000 + b"</a>")
    with pytest.raises(LimitExceeded):
        read_xlsx(zeros)
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"], sheet["XFD1048576"] = "项目", 1
    with pytest.raises(LimitExceeded, match="columns"):
        read_xlsx(saved(book))
    merged = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with pytest.raises(LimitExceeded):
        read_xlsx(with_part(SOUND, "sheet1.xml", lambda xml: xml.replace(b"</sheetData>", merged)))


MAIN = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
STRINGS = (
    "<si><t>规章</t></si>"
    "<si><r><t>规</t></r><rPh sb='0' eb='1'><t>gui</t></rPh><r><t>章</t></r></si>"
    "<si><r><t>1</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>2</t></r></si>"
    "<si><r><t>1</t></r><r><rPr><color rgb='FFFFFFFF'/></rPr><t>2</t></r></si>"
)


def by_hand(strings: str, cells: str) -> bytes:
    """A workbook of one row as Excel writes it: texts in a part of their own."""
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet = f"<sheet name='表' sheetId='1' r:id='a' xmlns:r='{namespace}'/>"
    relations = f"<Relationship Id='a' Type='{namespace}/worksheet' Target='worksheets/s.xml'/>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("xl/workbook.xml", f"<workbook {MAIN}><sheets>{sheet}</sheets></workbook>")
        file.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        file.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
        rows = f"<row r='7'>{cells}</row>"
        file.writestr("xl/worksheets/s.xml", f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>")
    return buffer.getvalue()


def test_shared_texts_without_their_readings_and_with_their_looks() -> None:
    cells = "".join(f"<c r='{c}7' t='s'><v>{n}</v></c>" for n, c in enumerate("ABCD"))
    (grid,) = read_xlsx(by_hand(STRINGS, cells)).readings[0].blocks
    assert isinstance(grid, Grid)
    found = [(c.text, c.damage, c.at.ref) for c in grid.rows[0].cells]
    assert found[:3] == [("规章", "", "表!A7"), ("规章", "", "表!B7"), ("12", "superscript", "表!C7")]
    assert found[3][0] == "1"
    assert found[3][1]
    with pytest.raises(ReadError, match="text that the workbook does not have"):
        read_xlsx(by_hand(STRINGS, "<c r='A7' t='s'><v>9</v></c>"))


def test_three_hundred_damaged_workbooks_raise_nothing_foreign() -> None:
    pool = {"xlsx": [Original("a.xlsx", SOUND), Original("b.xlsx", render_xlsx(FormSpec("f2014")))]}
    for seed in range(300):
        mutant = mutate(seed, pool)
        reports = gx.read_reports(mutant.data, progress=False, jobs=0)
        assert "internal_error" not in reports.issues.code.tolist(), (seed, mutant.steps)


def test_what_openpyxl_makes_of_a_workbook_is_the_same() -> None:
    """An independent reader of the same bytes agrees on every number."""
    texts, _ = print_values(random_values(5, size="mid"), rng=5)
    data = render_xlsx(FormSpec(values=texts))
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    for fact in gx.read_report(data).fact_rows:
        value = sheet[str(fact.at.ref).partition("!")[2]].value
        assert (fact.value if fact.amount is None else float(fact.amount)) == value
