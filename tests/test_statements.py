"""Statements and rule N-TEXT on their way from a page to frames, files and the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pandera.pandas as pandera
import pytest
from typer.testing import CliRunner

import gxstats as gx
from gxstats import wire
from gxstats.cli import app
from gxstats.dataset import table
from gxstats.dataset.corrections import Correction, correct
from gxstats.dataset.store import open_dataset
from gxstats.dataset.store.writer import ReleaseWriter
from gxstats.testing.html import render_html
from tests.pages import a_spec

SAID = "2024年，我县共收到政府信息公开申请{}件，因政府信息公开被申请行政复议7件（含上年结转1件）。"


def page(sentence: str) -> bytes:
    return render_html(replace(a_spec(), narrative={"overview": sentence}))


@pytest.fixture(scope="module")
def received() -> int:
    fact = gx.read_report(page("无。")).fact("applications", "received", "total")
    assert fact is not None and fact.value is not None
    return fact.value


@pytest.fixture(scope="module")
def report(received: int) -> gx.Report:
    return gx.read_report(page(SAID.format(received)), url="https://www.example.gov.cn/a.html")


def test_the_frame_names_report_words_and_place(report: gx.Report, received: int) -> None:
    frame = report.statements
    columns = table("statements").columns
    assert list(frame.columns) == [c.column for c in columns]
    allowed = {
        c.column: pandera.Column(checks=pandera.Check.isin(c.values), nullable=True)
        for c in columns
        if c.values
    }
    pandera.DataFrameSchema(allowed).validate(frame)
    row = frame.iloc[0]
    assert (row.measure, row.relation, row.value, row.place, row.certainty) == (
        "received",
        "=",
        received,
        "prose",
        "stated",
    )
    assert (row.body, row.year, row.document_id) == (report.meta["agency"], 2024, report.document_id)
    assert row.url == "https://www.example.gov.cn/a.html"
    assert report.prose.text[int(row.paragraph)][int(row.start) : int(row.end)] == row.raw
    assert row.ref == report.prose.ref[int(row.paragraph)]
    assert frame.measure.tolist() == ["received", "review.total"]


def test_bundled_statements_share_the_table(report: gx.Report) -> None:
    together = pd.concat([gx.load_statements(), report.statements], ignore_index=True)
    assert list(together.columns) == list(report.statements.columns)
    assert together.dtypes.astype(str).tolist() == report.statements.dtypes.astype(str).tolist()


def test_nothing_said_is_an_empty_table() -> None:
    assert len(gx.read_report(page("工作平稳有序。")).statements) == 0
    assert gx.Reports(()).statements.columns.tolist() == [c.column for c in table("statements").columns]


def test_statements_cross_between_processes(report: gx.Report) -> None:
    assert wire.load(wire.dump([report]))[0] == report
    read = gx.read_reports([page(SAID.format(1)), page(SAID.format(2))], progress=False, jobs=2)
    assert read.statements.query("measure == 'received'").value.tolist() == [1, 2]


def test_the_table_bears_the_words_out_or_not(report: gx.Report, received: int) -> None:
    tested = report.checks[report.checks.rule == "N-TEXT"].set_index("where")
    assert tested.loc["received", ["lhs", "rhs", "status"]].tolist() == [received, received, "pass"]
    assert tested.loc["review.total", "status"] in ("pass", "fail")
    wrong = gx.read_report(page(SAID.format(99999)))
    tested = wrong.checks[wrong.checks.rule == "N-TEXT"].set_index("where")
    assert tested.loc["received", ["status", "cause"]].tolist() == ["fail", "publisher"]
    as_before = [f._replace(reader="") for f in report.fact_rows]
    assert [f._replace(reader="") for f in wrong.fact_rows] == as_before


def test_a_correction_of_the_figure_compares_anew(report: gx.Report, received: int) -> None:
    sha256, key = report.meta["sha256"], ("applications", "received", "total")
    line = Correction(sha256, key, str(received), "999999", "misprint", "a reviewer", "2026-01-31", "here")
    corrected = correct(report, [line])
    assert corrected.statement_rows == report.statement_rows
    tested = corrected.checks[corrected.checks.rule == "N-TEXT"].set_index("where")
    assert tested.loc["received", "operands"].startswith("received/total")
    assert len(tested) == 2


def test_a_dataset_keeps_them(report: gx.Report, tmp_path: Path) -> None:
    with ReleaseWriter(tmp_path) as release:
        release.add(report)
        release.commit({"gxstats": gx.__version__})
    stored = open_dataset(tmp_path).statements
    pd.testing.assert_frame_equal(stored, report.statements)


def test_agreement_with_the_words_can_be_computed(report: gx.Report) -> None:
    reports = gx.Reports((report,))
    found = gx.metric(reports, "prose_agreement", by=("year",), statements=reports.statements)
    assert found.n_reports.max() == 1


def test_the_command_line_tells_words_that_do_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(page(SAID.format(99999)))
    told = CliRunner().invoke(app, ["check", str(path), "--lang", "en"]).output
    assert "N-TEXT (applications said to be received)" in told.replace("\n", "")
    told = CliRunner().invoke(app, ["check", str(path)]).output
    assert "N-TEXT（文字所述收到申请数）" in told.replace("\n", "")
