"""What Word shows in a cell of a DOC file is not always its text: no such figure may be confirmed wrong."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import gxstats as gx
from gxstats.model import Fact
from gxstats.testing.compare import compare
from gxstats.testing.doc import cell_lines, end_of_cell, report_lines, row_end
from gxstats.testing.doc_file import Line, NamedStyle, Run, modifier, write_doc
from tests.pages import a_spec, compared, distinct_values, truth_of

KEY = ("applications", "received", "enterprise")
LINES = report_lines(a_spec())
ENDS = [number for number, one in enumerate(LINES) if modifier(0x2417) in one.properties]
"""The ends of rows."""
HIDDEN, DELETED, STRUCK, STRUCK_TWICE = 0x083C, 0x0800, 0x0837, 0x2A53
RAISED, POSITION, COLOUR, COLOUR_INDEX, SIZE = 0x2A48, 0x4845, 0x6870, 0x2A42, 0x4A43
SYMBOL, SPECIAL_HIDDEN, LIST, STYLE = 0x6A09, 0x0818, 0x460B, 0x4A30
WHITE = 0x00FFFFFF
STYLES = [
    NamedStyle(of_paragraphs=True),
    NamedStyle(properties=modifier(RAISED)),
    NamedStyle(base=1),
    NamedStyle(properties=modifier(STRUCK)),
    NamedStyle(properties=modifier(HIDDEN)),
    NamedStyle(base=4, properties=modifier(HIDDEN, 0)),
    NamedStyle(base=6, properties=modifier(RAISED, 0)),
]
HIDING = [NamedStyle(of_paragraphs=True), NamedStyle(of_paragraphs=True, properties=modifier(HIDDEN))]


def line(*runs: str | Run) -> Line:
    """A paragraph in a cell."""
    shown = tuple(Run(run) if isinstance(run, str) else run for run in runs)
    return cell_lines([""])[0]._replace(runs=shown, end="\r")


def look(text: str, code: int, operand: bytes | int = 1) -> Run:
    return Run(text, modifier(code, operand))


def read(*cell: Line, pieces: bool = False, styles: Sequence[NamedStyle] = STYLES) -> Fact:
    """The fact of one cell that holds these paragraphs."""
    number = str(distinct_values()[KEY])
    at = next(n for n, one in enumerate(LINES) if "".join(run.text for run in one.runs) == number)
    inside = [*cell[:-1], end_of_cell(cell[-1])] if cell[-1].end == "\r" else [*cell]
    content = write_doc([*LINES[:at], *inside, *LINES[at + 1 :]], pieces=pieces, styles=styles)
    fact = gx.read_report(content).fact(*KEY)
    assert fact is not None
    return fact


def sure(fact: Fact) -> tuple[str, int | None] | None:
    return (fact.state, fact.value) if fact.verdict == "confirmed" else None


def nested(*texts: str) -> list[Line]:
    """A table in a cell, then the end of that cell."""
    cells = [one for text in texts for one in cell_lines([text], 2)]
    return [*cells, row_end([0, *(300 * n for n in range(1, len(texts) + 1))], [0] * len(texts), 2), line("")]


@pytest.mark.parametrize("pieces", [False, True])
@pytest.mark.parametrize(
    "cell",
    [
        [line("12")],
        [line("1", "2")],
        [line(look("1", 0x0835), "2")],
        [line(look("12", STRUCK, 0))],
        [line(look("12", HIDDEN, 0))],
        [line(look("7", DELETED), "12")],
        [line(look("12", 0x0801))],
        [line(look("7", HIDDEN), "12")],
        [line(look("7", HIDDEN, 0x81), "12")],
        [line("\x13=5+7\x1412\x15")],
        [line("\x13HYPERLINK \x13 PAGE \x143\x15\x1412\x15")],
        [line("12", look("\x02", 0x0855))],
        [line("12", "\x05")],
        [line(""), line("12"), line("")],
        [line(look("1", SIZE, 21), look("2", SIZE, 22))],
        [line(look("12", COLOUR, 0xFF000000))],
        [line(look("12", COLOUR_INDEX, 1))],
        [line(look("1", STYLE, 5), look("2", STYLE, 6))],
        [line(Run("12", modifier(STYLE, 3) + modifier(STRUCK, 0)))],
    ],
)
def test_plain_properties_are_read(cell: Sequence[Line], pieces: bool) -> None:
    assert sure(read(*cell, pieces=pieces)) == ("reported", 12)


@pytest.mark.parametrize(
    "run",
    [
        look("12", STRUCK),
        look("12", STRUCK_TWICE),
        look("12", SPECIAL_HIDDEN),
        look("12", COLOUR, WHITE),
        look("12", COLOUR_INDEX, 8),
        look("12", SIZE, 2),
        look("12", STYLE, 3),
        look("12", STYLE, 4),
        Run("12", modifier(STYLE, 5) + modifier(HIDDEN, 0x81)),
    ],
)
def test_struck_hidden_and_pale_figures(run: Run) -> None:
    assert sure(read(line(run, "13"))) in (None, ("reported", 13))


@pytest.mark.parametrize(
    "run",
    [
        look("1", RAISED),
        look("1", RAISED, 2),
        look("1", POSITION, 8),
        look("1", STYLE, 1),
        look("1", STYLE, 2),
    ],
)
def test_marks_of_footnotes(run: Run) -> None:
    assert sure(read(line("5", run))) in (None, ("reported", 5))


@pytest.mark.parametrize(
    "cell",
    [
        [line("1"), line("2")],
        [line("1\t2")],
        [line("10\x0b12")],
        [line("1 2")],
        [line("1\x0c2")],
        [line("1"), *nested("2")],
        [line("1", "\x01")],
        [line("1", "\x08")],
        [line("\x135\x147\x15")],
        [line("\x13EQ \\o(1,2)\x15", "7")],
        [line(look("1", SIZE, 44), look("3", SIZE, 18))],
        [line(Run("5"))._replace(properties=line().properties + modifier(LIST, 1))],
    ],
)
def test_two_figures_in_one_cell(cell: Sequence[Line]) -> None:
    assert sure(read(*cell)) in (None, ("reported", 7))


@pytest.mark.parametrize(
    "cell",
    [
        nested("5"),
        nested("5", "6"),
        [line("\x01")],
        [line("\x08")],
        [line(look("(", SYMBOL, b"\x01\x00\x35\xf0"))],
        [line("\x13=SUM(LEFT)\x15")],
        [line("\x13=SUM(LEFT)\x14\x15")],
        [line("\x13=SUM(LEFT)")],
    ],
)
def test_a_figure_that_is_no_text_is_not_a_blank_cell(cell: Sequence[Line]) -> None:
    assert sure(read(*cell)) in (None, ("reported", 5))


def test_a_code_that_begins_in_one_cell_and_ends_in_the_next() -> None:
    fact = read(line("\x13=5"), pieces=False)
    assert sure(fact) is None
    assert sure(read(line("6\x145\x15"))) is None
    assert sure(read(line("6\x15"))) is None


@pytest.mark.parametrize("hidden", ["the line before", "the only line"])
def test_a_paragraph_that_its_style_hides(hidden: str) -> None:
    seven = line("7")._replace(properties=b"")
    inside = line().properties
    seven = seven._replace(properties=inside + modifier(0x4600, 1))
    fact = read(*([seven, line("12")] if hidden == "the line before" else [seven]), styles=HIDING)
    assert sure(fact) in (None, ("reported", 12), ("blank", None))


def test_text_that_is_deleted_all_over_leaves_a_blank() -> None:
    fact = read(line(look("12", DELETED)))
    assert (fact.state, fact.value) == ("blank", None)


def test_a_row_that_is_deleted_by_a_tracked_change() -> None:
    """The old row stays in the file below the new one."""
    number = str(distinct_values()["applications", "granted", "natural_person"])
    cell = next(n for n, one in enumerate(LINES) if [run.text for run in one.runs] == [number])
    end = next(n for n in ENDS if n > cell)
    start = max(n for n in ENDS if n < cell) + 1
    old = [
        one._replace(runs=tuple(Run(run.text.replace(number, "999")) for run in one.runs))
        for one in LINES[start:end]
    ]
    gone = LINES[end]._replace(mark=modifier(DELETED))
    report = write_doc([*LINES[: end + 1], *old, gone, *LINES[end + 1 :]])
    found = compared(report, truth_of(a_spec()))
    assert (found.exact, found.wrong) == (found.total, 0)


@pytest.mark.parametrize("lost", ["mark of the row", "properties of the row", "a cell of the row", "a mark"])
def test_tables_that_do_not_fit_together_are_not_confirmed_wrong(
    lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gxstats.read.office.read_converted", _not_installed)
    for end in ENDS[-32:-2:5]:
        lines = list(LINES)
        if lost == "mark of the row":
            del lines[end]
        elif lost == "properties of the row":
            lines[end] = lines[end]._replace(properties=cell_lines([""])[0].properties)
        elif lost == "a cell of the row":
            del lines[end - 1]
        else:
            lines[end - 1] = lines[end - 1]._replace(end="\r")
        content = write_doc(lines)
        assert compared(content, truth_of(a_spec())).wrong_confirmed == 0
        document = gx.read_report(content)
        assert "table_structure" in {issue.code for issue in document.issue_rows}


def _not_installed(data: bytes, suffix: str) -> None:
    raise gx.errors.UnsupportedFormat("reading this file needs LibreOffice")


def test_two_reports_in_a_file() -> None:
    first, second = a_spec(year=2023), a_spec(year=2024, start=400)
    reports = gx.read_reports(write_doc([*report_lines(first), *report_lines(second)]))
    assert [report.meta["year"] for report in reports] == [2023, 2024]
    for report, spec in zip(reports, (first, second), strict=True):
        found = compare(report.fact_rows, truth_of(spec))
        assert (found.exact, found.wrong) == (found.total, 0)
