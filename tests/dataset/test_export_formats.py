"""Exports say the same as the tables they are made from, read back by the programs they are made for."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import gxstats as gx
from gxstats.cli import app
from gxstats.dataset.export import ExportRefused
from gxstats.dataset.export.book import Book, Head, Layout, Shown
from gxstats.dataset.export.content import content_of
from gxstats.dataset.export.formulas import guarded, unguarded
from gxstats.dataset.export.section_sheets import shown
from gxstats.dataset.export.workbook import write as write_workbook
from gxstats.dataset.store import ReleaseWriter, open_dataset
from gxstats.model import Fact, Locator

FORMULA = '=HYPERLINK("http://example.com/","x")'
BIG = 2**53 + 1


def odd(report: gx.Report, number: int, **meta: object) -> gx.Report:
    """A copy whose first cells are everything a cell can be, under a title that looks like a formula."""
    first, *_ = [n for n, fact in enumerate(report.fact_rows) if fact.section == "applications"]
    changes: list[dict[str, Any]] = [
        {"value": BIG, "raw": str(BIG)},
        {"value": 0, "raw": "0"},
        {"value": None, "state": "blank", "raw": "", "implied": None},
        {"value": None, "state": "blank", "raw": "", "implied": 4},
        {"value": None, "state": "dash", "raw": "—"},
        {"value": None, "state": "text", "raw": FORMULA},
        {"value": None, "state": "absent", "raw": "", "verdict": "unconfirmed"},
        {"value": None, "state": "unreadable", "raw": "1?", "verdict": "unconfirmed"},
        {"value": None, "state": "unreadable", "raw": "7", "verdict": "disputed"},
        {"value": 5, "raw": "5", "verdict": "unconfirmed"},
        {"value": 6, "raw": "6", "sums": "fail"},
    ]
    facts = list(report.fact_rows)
    for place, change in enumerate(changes, first):
        facts[place] = facts[place]._replace(**change)
    known = {"document_id": f"{number:016x}.1", "title": FORMULA, "sha256": f"{number:064x}"}
    return replace(report, meta={**report.meta, **known, **meta}, fact_rows=tuple(facts), _cells={})


@pytest.fixture(scope="module")
def reports() -> gx.Reports:
    read = gx.read_reports(gx.sample_files(), progress=False)
    plain = next(r for r in read if r.meta["year"] == 2024 and len(r.facts) > 150)
    trusted = odd(plain, 1, url="https://www.example.gov.cn/a.html", trust="trusted", division_code="013")
    untrusted = odd(plain, 2, url="https://example.com/b", trust="untrusted")
    failing = [r for r in read if any(c.status == "fail" for c in r.check_rows)]
    money = [r for r in read if r.facts.amount.notna().any()]
    undated = odd(plain, 3, url="javascript:alert(1)", year=None)
    return gx.Reports((trusted, untrusted, undated, failing[0], money[0]))


@pytest.fixture(scope="module")
def dataset(reports: gx.Reports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[gx.Dataset]:
    folder = tmp_path_factory.mktemp("out") / "set"
    with ReleaseWriter(folder) as release:
        for report in sorted(reports, key=lambda r: r.document_id):
            release.add(report)
        release.commit({"gxstats": gx.__version__})
    with open_dataset(folder, threads=1) as opened:
        yield opened


def facts_of(source: Any) -> pd.DataFrame:
    return pd.concat(list(content_of(source).facts()), ignore_index=True)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_reports_and_their_dataset_hold_the_same(reports: gx.Reports, dataset: gx.Dataset) -> None:
    pd.testing.assert_frame_equal(facts_of(reports), facts_of(dataset))


# CSV


def test_csv_holds_every_cell(dataset: gx.Dataset, tmp_path: Path) -> None:
    folder = gx.export(dataset, tmp_path / "csv", "csv", lang="en")
    assert (folder / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    facts, rows = facts_of(dataset), rows_of(folder / "facts.csv")
    assert [*rows[0]] == list(facts.columns)
    assert [unguarded(row["raw"]) for row in rows] == ["" if pd.isna(t) else t for t in facts.raw]
    assert [row["value"] for row in rows] == ["" if pd.isna(v) else str(v) for v in facts.value]
    amounts = [None if pd.isna(a) else a for a in facts.amount]
    assert [Decimal(row["amount"]) if row["amount"] else None for row in rows] == amounts
    assert {row["division_code"] for row in rows_of(folder / "reports.csv")} >= {"013"}
    assert "FORMULA" not in (folder / "README.txt").read_text("utf-8-sig")


def test_no_cell_of_a_csv_is_a_formula(dataset: gx.Dataset, tmp_path: Path) -> None:
    folder = gx.export(dataset, tmp_path / "csv", "csv")
    for path in folder.glob("*.csv"):
        for row in rows_of(path):
            for text in (*row, *row.values()):
                assert not re.match(r"[=+\-@\t\r]", text) or re.fullmatch(r"[+-]?[\d.,%]*", text), path
    assert any(row["title"] == f"'{FORMULA}" for row in rows_of(folder / "reports.csv"))


def test_csv_says_what_its_files_are(dataset: gx.Dataset, tmp_path: Path) -> None:
    folder = gx.export(dataset, tmp_path / "csv", "csv", lang="en")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert {r["path"] for r in package["resources"]} == {p.name for p in folder.glob("*.csv")}
    for resource in package["resources"]:
        rows = rows_of(folder / resource["path"])
        assert len(rows) == resource["rows"]
        assert not rows or [f["name"] for f in resource["schema"]["fields"]] == [*rows[0]]
    assert "blank" in (folder / "README.txt").read_text("utf-8-sig")


@pytest.mark.parametrize(("lang", "head"), [("zh", "予以公开 / 总计"), ("en", "granted in full / total")])
def test_wide_csv_has_labels_and_the_same_figures(
    dataset: gx.Dataset, tmp_path: Path, lang: Any, head: str
) -> None:
    rows = rows_of(gx.export(dataset, tmp_path / "csv", "csv", lang=lang) / "wide_applications.csv")
    wanted = gx.wide(dataset, "applications", warn=False).set_index("document_id")["granted.total"]
    found = {row["document_id"]: row[head] for row in rows}
    assert found == {key: "" if pd.isna(v) else str(v) for key, v in wanted.items()}


@given(st.text(alphabet="'=+-@\t\r\n＝1.a ", max_size=6))
def test_a_guarded_text_is_safe_and_comes_back(text: str) -> None:
    safe = guarded(text)
    assert unguarded(safe) == text
    assert safe[:1] not in tuple("=@\t\r\n＝") and safe in (text, f"'{text}")


# Excel


@cache
def loaded(path: Path) -> Any:
    from openpyxl import load_workbook

    return load_workbook(path)


def sheet_rows(path: Path, name: str) -> tuple[Any, list[list[Any]]]:
    sheet = loaded(path)[name]
    return sheet, [list(row) for row in sheet.iter_rows(min_row=3)]


@pytest.fixture(scope="module")
def workbook(reports: gx.Reports, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gx.export(reports, tmp_path_factory.mktemp("xlsx") / "a.xlsx", lang="en")


def cells_of(path: Path, document: int) -> list[Any]:
    """The figures of one of the odd reports."""
    _, rows = sheet_rows(path, "Applications f2021")
    place = [row for row in rows if row[0].value and row[7].value == "open source"]
    assert document == 1 and len(place) == 1
    return place[0][9:]


def test_states_of_cells_are_told_apart_from_zero(workbook: Path) -> None:
    cells = cells_of(workbook, 1)
    assert [cell.value for cell in cells[:9]] == [
        str(BIG), 0, None, "[4]", "—", FORMULA, "‹absent›", "‹unreadable›", "‹disputed›",
    ]  # fmt: skip
    assert [cell.data_type for cell in cells[:9]] == ["s", "n", "n", "s", "s", "s", "s", "s", "s"]


def test_doubtful_and_failing_cells_have_a_sign_and_stay_numbers(workbook: Path) -> None:
    unconfirmed, failing = cells_of(workbook, 1)[9:11]
    assert (unconfirmed.value, unconfirmed.number_format, unconfirmed.font.i) == (5, '0"?"', True)
    assert (failing.value, failing.fill.start_color.rgb) == (6, "00FFE0B2")


def test_a_contradicted_total_and_its_rule_are_named(workbook: Path, reports: gx.Reports) -> None:
    _, rows = sheet_rows(workbook, "Applications f2019")
    failed = reports.checks[reports.checks.status == "fail"]
    assert len(failed)
    assert any("A-SUM (total)" in (row[8].value or "") for row in rows)
    assert any("✗" in cell.number_format for row in rows for cell in row)
    _, checks = sheet_rows(workbook, "Failing sums")
    assert len(checks) == len(failed) and "against" in checks[0][2].value


def test_only_trusted_web_addresses_are_links(workbook: Path) -> None:
    sheet, rows = sheet_rows(workbook, "Reports")
    links = [cell.hyperlink.target for row in rows for cell in row if cell.hyperlink]
    assert links == ["https://www.example.gov.cn/a.html"]
    urls = {cell.value for row in rows for cell in row}
    assert {"javascript:alert(1)", "https://example.com/b"} <= urls
    assert sheet.freeze_panes == "B3" and sheet.auto_filter.ref.startswith("A2:")


def test_heads_stand_over_their_columns(workbook: Path) -> None:
    sheet, _ = sheet_rows(workbook, "Applications f2021")
    assert sheet.freeze_panes == "C3"
    assert sheet["J1"].value == "applications received in the year" and sheet["P2"].value == "total"
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"J1:P1", "A1:A2"} <= merged


def test_every_figure_is_in_the_workbook_once(workbook: Path, reports: gx.Reports) -> None:
    found = 0
    for sheet in loaded(workbook):
        if sheet.title.startswith(("Disclosure", "Applications", "Disputes")):
            for row in sheet.iter_rows(min_row=3, min_col=10):
                found += sum(isinstance(cell.value, int | float) for cell in row)
    facts = facts_of(reports)
    assert found == int((facts.value.notna() | facts.amount.notna()).sum()) - 3  # three are too long


def test_a_full_sheet_goes_on_in_another(reports: gx.Reports, tmp_path: Path) -> None:
    path = tmp_path / "small.xlsx"
    write_workbook(content_of(reports), path, "en", Book(most_rows=4))
    names = loaded(path).sheetnames
    assert {"Reports", "Reports (2)", "Reports (3)"} <= set(names)
    rows = [row for name in names if name.startswith("Reports") for row in sheet_rows(path, name)[1]]
    assert len(rows) == len(reports.reports)


def test_control_characters_do_not_stop_a_workbook(tmp_path: Path) -> None:
    book = Book()
    book.sheet(Layout("a", (Head("a"),))).append([Shown("a\x00b\x1b" + "c" * 40_000)])
    book.save(tmp_path / "a.xlsx")
    value = sheet_rows(tmp_path / "a.xlsx", "a")[1][0][0].value
    assert value.startswith("a b c") and len(value) == 32_767


@pytest.mark.parametrize("text", ["1194.73", "0.000001", "-5.5"])
def test_money_shows_the_decimals_it_was_printed_with(text: str) -> None:
    fact = Fact("disclosure", "fees", "amount_10k_cny", "f2021", None, Decimal(text), "万元", None,
                "reported", "confirmed", "untested", text, Locator(), "r")  # fmt: skip
    cell = shown(fact, False, "en")
    assert isinstance(cell, Shown) and cell.value == float(text)
    assert cell.look == f"figure .{'0' * len(text.partition('.')[2])}"


# SQLite, DuckDB, Stata


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_databases_hold_every_cell_and_views(dataset: gx.Dataset, tmp_path: Path, kind: Any) -> None:
    import duckdb

    path = gx.export(dataset, tmp_path / f"a.{kind}")
    facts = facts_of(dataset)
    connect: Any = sqlite3.connect if kind == "sqlite" else duckdb.connect
    with closing(connect(str(path))) as base:
        query = "SELECT document_id, item, value, amount, state FROM facts"
        rows = base.execute(query).fetchall()
        count = base.execute("SELECT count(*) FROM figures").fetchone()[0]
        failing = base.execute("SELECT count(*) FROM failing_sums").fetchone()[0]
        received = base.execute("SELECT received FROM applications WHERE agency IS NOT NULL").fetchall()
        blank = base.execute("SELECT count(*) FROM not_figures WHERE state = 'blank'").fetchone()[0]
    assert [row[2] for row in rows] == [None if pd.isna(v) else int(v) for v in facts.value]
    amounts = [None if pd.isna(a) else a for a in facts.amount]
    assert [None if row[3] is None else Decimal(row[3]) for row in rows] == amounts
    assert [row[4] for row in rows] == list(facts.state)
    assert count == len(facts) and blank == int(facts.state.eq("blank").sum())
    assert failing == int(dataset.checks.status.eq("fail").sum())
    assert all(isinstance(row[0], int) for row in received if row[0] is not None)


def test_sqlite_types_are_strict_and_codes_are_text(dataset: gx.Dataset, tmp_path: Path) -> None:
    with closing(sqlite3.connect(gx.export(dataset, tmp_path / "a.sqlite"))) as base:
        assert base.execute("SELECT typeof(amount) FROM facts WHERE amount IS NOT NULL").fetchone() == (
            "text",
        )
        assert base.execute("SELECT DISTINCT typeof(value) FROM facts ORDER BY 1").fetchall() == [
            ("integer",),
            ("null",),
        ]
        assert ("013",) in base.execute("SELECT division_code FROM reports").fetchall()
        assert base.execute(f"SELECT count(*) FROM facts WHERE value = {BIG}").fetchone() == (3,)


def test_the_description_for_datasette_knows_every_table(dataset: gx.Dataset, tmp_path: Path) -> None:
    path = gx.export(dataset, tmp_path / "a.sqlite", lang="en")
    told = json.loads(path.with_name("a.metadata.json").read_text("utf-8"))["databases"]["a"]["tables"]
    with closing(sqlite3.connect(path)) as base:
        for name, table in told.items():
            columns = {row[1] for row in base.execute(f"PRAGMA table_info({name})")}
            named = {
                *table["facets"],
                *table.get("columns", ()),
                *[table[k] for k in ("sort",) if k in table],
            }
            assert columns and named <= columns, name


def test_stata_holds_every_cell(dataset: gx.Dataset, tmp_path: Path) -> None:
    folder = gx.export(dataset, tmp_path / "stata", "stata", lang="en")
    facts, found = facts_of(dataset), pd.read_stata(folder / "facts.dta")
    # Counts beyond 2^53 make the variable a string: nothing else is exact.
    assert list(found.value) == ["" if pd.isna(v) else str(v) for v in facts.value]
    assert [Decimal(a) if a else None for a in found.amount] == [
        None if pd.isna(a) else a for a in facts.amount
    ]
    assert list(found.page.isna()) == list(facts.page.isna())
    reports = pd.read_stata(folder / "reports.dta")
    assert "013" in set(reports.division_code) and FORMULA in set(reports.title)
    with pd.read_stata(folder / "reports.dta", iterator=True) as reader:
        assert reader.variable_labels()["agency"] == "Agency as the title names it"


def test_stata_keeps_zero_and_missing_apart(tmp_path: Path) -> None:
    report = gx.read_report(gx.sample_files()[0])
    wide = pd.read_stata(gx.export(report, tmp_path / "s", "stata") / "wide_disputes.dta")
    wanted = gx.wide(gx.Reports((report,)), "disputes", warn=False)
    assert wide.review_total.tolist() == wanted["review.total"].tolist()


# All


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sqlite", "stata"])
def test_the_same_input_gives_the_same_bytes(dataset: gx.Dataset, tmp_path: Path, kind: Any) -> None:
    made = [gx.export(dataset, tmp_path / f"{n}" / "set", kind) for n in (1, 2)]
    one, two = (sorted(p.rglob("*")) if p.is_dir() else [p] for p in made)
    assert [p.name for p in one] == [p.name for p in two]
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_a_workbook_bears_no_clock(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert b"1980-01-01T00:00:00Z" in package.read("docProps/core.xml")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sqlite", "duckdb", "stata"])
def test_nothing_at_all_can_be_exported(tmp_path: Path, kind: Any) -> None:
    assert gx.export(gx.Reports(), tmp_path / "none", kind).exists()


def test_what_is_not_an_export_is_not_replaced(dataset: gx.Dataset, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ExportRefused, match="other files"):
        gx.export(dataset, tmp_path, "csv")
    with pytest.raises(ExportRefused, match="a dataset"):
        gx.export(dataset, dataset.folder, "csv")
    with pytest.raises(ExportRefused, match="a folder"):
        gx.export(dataset, tmp_path, "xlsx")
    with pytest.raises(ExportRefused, match="tell a format"):
        gx.export(dataset, tmp_path / "new")
    with pytest.raises(ExportRefused, match="no format"):
        gx.export(dataset, tmp_path / "new", "pdf")  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_export_is_replaced_as_a_whole(dataset: gx.Dataset, tmp_path: Path) -> None:
    folder = gx.export(dataset, tmp_path / "csv", "csv")
    (folder / "old.csv").write_text("old")
    gx.export(dataset, folder, "csv")
    assert not (folder / "old.csv").exists() and [p.name for p in tmp_path.iterdir()] == ["csv"]


def test_command_writes_beside_the_dataset(dataset: gx.Dataset) -> None:
    result = CliRunner().invoke(app, ["export", str(dataset.folder), "--format", "sqlite", "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert dataset.folder.with_name("set.sqlite").is_file()
    assert CliRunner().invoke(app, ["export", str(dataset.folder)]).exit_code == 2
    assert CliRunner().invoke(app, ["export", str(dataset.folder.parent), "-f", "csv"]).exit_code == 1


def test_browse_names_the_extra(dataset: gx.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gxstats.dataset.export.browse.find_spec", lambda _: None)
    result = CliRunner().invoke(app, ["browse", str(dataset.folder), "--no-open"])
    assert result.exit_code == 1 and "gxstats[browse]" in result.output
