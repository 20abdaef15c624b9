"""Texts whose labels and figures run together, as whole reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from itertools import pairwise

import pytest
from lxml.html import fragment_fromstring

import gxstats as gx
from gxstats.model import Key
from gxstats.testing.compare import Comparison, compare
from gxstats.testing.forms import FormSpec
from gxstats.testing.text import Style, render_text
from gxstats.testing.values import Number, break_identity, expected, print_values, random_values
from tests.pages import Element, dump, page, text_of

GLUED: tuple[Style, ...] = ("glued", "glued_rows")


def spec_of(values: Mapping[Key, Number], form: str = "f2021", zero: str = "0") -> FormSpec:
    return FormSpec(form, values=print_values(values, zero=zero)[0])  # type: ignore[arg-type]


def text_like(spec: FormSpec, style: Style = "glued") -> str:
    return render_text(spec, style).decode()


def read(text: str, spec: FormSpec) -> tuple[gx.Report, Comparison]:
    report = gx.read_report(text.encode())
    return report, compare(report.fact_rows, expected(spec))


def confirmed(report: gx.Report, section: str) -> int:
    return sum(f.verdict == "confirmed" for f in report.fact_rows if f.section == section)


@pytest.mark.parametrize("style", GLUED)
@pytest.mark.parametrize("form", ["f2021", "f2019"])
def test_one_joint_solution_confirms_the_table(style: Style, form: str) -> None:
    spec = spec_of(random_values(3, form), form)
    report, found = read(text_like(spec, style), spec)
    assert (found.wrong, found.extra) == (0, ())
    rows = 25 if form == "f2021" else 23
    assert confirmed(report, "applications") == 7 * rows
    assert confirmed(report, "disclosure") == 0


def test_figures_are_placed_in_the_text() -> None:
    spec = spec_of(random_values(3))
    text = text_like(spec)
    report, _ = read(text, spec)
    lines = text.split("\n")
    for fact in report.fact_rows:
        if fact.section == "applications":
            line, column = map(int, re.findall(r"\d+", fact.at.ref or ""))
            assert lines[line - 1][column - 1 :].startswith(fact.raw)


@pytest.mark.parametrize("style", GLUED)
def test_nothing_is_confirmed_wrong_in_glued_tables(style: Style) -> None:
    wrong = total = 0
    for seed in range(25):
        values = random_values(seed, size="mid" if seed % 3 else "small")
        values = break_identity(values, seed).values if seed % 2 else values
        spec = spec_of(values, zero="blank" if seed % 5 == 4 else "0")
        _, found = read(text_like(spec, style), spec)
        assert found.wrong_confirmed == 0, seed
        wrong, total = wrong + found.wrong, total + found.total
    assert wrong * 500 <= total


def test_a_table_that_its_publisher_broke_is_kept_row_by_row_and_not_confirmed() -> None:
    values = dict(random_values(3))
    leaf = next(k for k, v in values.items() if k[:2] == ("applications", "granted") and not v)
    values[leaf] += 3
    values["applications", "granted", "total"] += 3
    spec = spec_of(values)
    report, found = read(text_like(spec), spec)
    assert (found.wrong, confirmed(report, "applications")) == (0, 0)
    assert {c.rule for c in report.check_rows if c.status == "fail"} <= {"A-SUM"}
    rows = [f for f in report.fact_rows if f.section == "applications" and f.state == "reported"]
    assert len(rows) >= 7 * 15


def test_ambiguous_rows_say_in_how_many_ways_they_can_be_cut() -> None:
    values = {
        **random_values(3),
        ("disclosure", "rules", "issued"): 69,
        ("disclosure", "rules", "repealed"): 3,
        ("disclosure", "rules", "in_force"): 665,
    }
    spec = spec_of(values)
    report, _ = read(text_like(spec), spec)
    rows = [f for f in report.fact_rows if f.item == "rules"]
    assert {f.state for f in rows} == {"unreadable"}
    assert any("693665" in i.message and "10 ways" in i.message for i in report.issue_rows)


def test_lost_blanks_leave_only_rows_of_zeros() -> None:
    values = dict(random_values(3))
    spec = spec_of(values)
    text = re.sub(r"(?<=重复申请)\d+(?=3\.)", "0", text_like(spec))
    assert text != text_like(spec)
    report, found = read(text, spec)
    assert found.wrong == 0
    assert {f.value for f in report.fact_rows if f.section == "applications"} <= {0, None}
    assert not confirmed(report, "applications")


def test_one_run_of_digits_behind_a_label_of_its_own() -> None:
    spec = spec_of(random_values(3))
    lines = text_like(spec, "flow").split("\n")
    text = "\n".join(re.sub(r"(?<=\d) (?=\d)", "", line) for line in lines)
    _, found = read(text, spec)
    assert found.wrong == 0
    assert found.exact > 150


@pytest.mark.parametrize("style", GLUED)
def test_cut_texts_give_what_is_there(style: Style) -> None:
    spec = spec_of(random_values(3))
    text = text_like(spec, style)
    exact = []
    for cut in range(len(text) // 4, len(text), 90):
        _, found = read(text[:cut], spec)
        assert found.wrong == 0, cut
        exact.append(found.exact)
    assert max(exact) > 150
    assert exact[len(exact) // 2] > 40


def without_repeats(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))


def without_neighbours(lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    return listed[:1] + [b for a, b in pairwise(listed) if a != b]


@pytest.mark.parametrize("drop", [without_repeats, without_neighbours])
@pytest.mark.parametrize("style", ["one_per_line", "leading_pipes"])
def test_texts_without_their_repeated_lines_are_refused(style: Style, drop) -> None:  # type: ignore[no-untyped-def]
    for seed in range(4):
        spec = spec_of(random_values(seed, size="mid"), zero="blank" if seed == 3 else "0")
        lines = [line for line in text_like(spec, style).split("\n") if line.strip()]
        report, found = read("\n".join(drop(lines)), spec)
        assert found.wrong == 0, str(found)
        assert not confirmed(report, "applications") + confirmed(report, "disputes")
        assert {"lines_lost", "short_row"} & {i.code for i in report.issue_rows}


@pytest.mark.parametrize(("name", "exact", "sure"), [("pingtan-2020", 179, 15), ("pingtan-2021", 197, 190)])
def test_real_glued_reports(shared, name: str, exact: int, sure: int) -> None:  # type: ignore[no-untyped-def]
    from gxstats.testing.compare import load_truth

    report = gx.read_report(shared / "reports" / f"{name}-glued.txt")
    found = compare(report.fact_rows, load_truth(shared / "reports" / f"{name}-glued.truth.csv"))
    assert (found.exact, found.wrong, found.extra) == (exact, 0, ())
    assert sum(f.verdict == "confirmed" for f in report.fact_rows) == sure


def lines_of(table: Element) -> list[list[str]]:
    return [[escape(text_of(cell)) for cell in row.iter("td")] for row in table.iter("tr")]


OTHER_TAGS: dict[str, Callable[[list[list[str]]], str]] = {
    "pre": lambda rows: "<pre>" + "\n".join("  ".join(filter(None, row)) for row in rows) + "</pre>",
    "br": lambda rows: "<p>" + "<br>".join(" ".join(filter(None, row)) for row in rows) + "</p>",
    "dl": lambda rows: "<dl>" + "".join(f"<dd>{cell}</dd>" for row in rows for cell in row) + "</dl>",
    "div": lambda rows: "<div>" + "".join(f"<div>{cell}</div>" for row in rows for cell in row) + "</div>",
    "p": lambda rows: "<p>" + "".join("".join(row) for row in rows) + "</p>",
}


@pytest.mark.parametrize("tag", OTHER_TAGS)
def test_web_pages_that_print_their_tables_as_text(tag: str) -> None:
    spec = spec_of(random_values(3))
    root = page(spec)
    for table in list(root.iter("table")):
        table.addprevious(fragment_fromstring(OTHER_TAGS[tag](lines_of(table))))
        table.getparent().remove(table)  # type: ignore[union-attr]
    report = gx.read_report(dump(root))
    found = compare(report.fact_rows, expected(spec))
    assert (found.wrong, found.extra) == (0, ())
    assert confirmed(report, "applications") == 175
