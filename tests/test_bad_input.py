"""What cannot be read is an empty report and an issue that says why; nothing is raised for content."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

import gxstats as gx
from gxstats.read.office import program_path
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.html import render_html
from gxstats.testing.text import render_text
from tests.pages import a_spec, codes

WAF = (
    "<html><head><meta http-equiv='refresh' content='0'></head><body><script>var _0x='a'.split('');</script>"
    "</body></html>"
)
NOT_FOUND = (
    "<!DOCTYPE html><html><head><title>404</title></head><body><h1>404 Not Found</h1>"
    "<p>您访问的页面不存在或已被删除</p><hr>nginx/1.18.0</body></html>"
)
NEWS = (
    "<html><body><h1>我市召开政府信息公开工作会议</h1><p>会议指出，2023年全市共收到申请120件，办结118件。</p>"
    "<table><tr><td>单位</td><td>件数</td></tr><tr><td>某局</td><td>12</td></tr></table></body></html>"
)


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_txt", ".txt"), content)
    return buffer.getvalue()


NO_REPORT = {
    "empty": (b"", "empty_file"),
    "blanks": (b" \r\n\t \n", "empty_file"),
    "zeros": (bytes(1000), "empty_file"),
    "404 page": (NOT_FOUND.encode(), "no_tables"),
    "waf page": (WAF.encode(), "no_tables"),
    "empty page": (b"<html><body></body></html>", "no_tables"),
    "news": (NEWS.encode(), "no_tables"),
    "plain words": ("今天天气很好。".encode(), "no_tables"),
    "one long line": (b"<p>" + b"x" * 5000 + b"</p>", "no_tables"),
    "zip": (zipped(a_txt=b"hello"), "no_tables"),
    "zip cut in half": (zipped(a_txt=b"hello" * 999)[:60], "damaged"),
    "docx cut in half": (render_docx(FormSpec())[:9000], "damaged"),
    "docx without a document": (zipped(word__styles_xml=b"<a/>"), "no_tables"),
    "docx of broken XML": (zipped(word__document_xml=b"<w:document><w:p>"), "damaged"),
    "xlsx": (zipped(xl__workbook_xml=b"<a/>"), "damaged"),
    "ofd of nothing": (zipped(OFD_xml=b"<a/>"), "damaged"),
    "ole": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "unsupported_format"),
    "rtf": (b"{\\rtf1 hello}", "unsupported_format"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "unsupported_format"),
    "binary": (bytes(range(256)) * 40, "unsupported_format"),
    "pdf of nothing": (b"%PDF-1.7\n" + bytes(range(256)), "damaged"),
    "json": (b'{"code": 403, "msg": "forbidden"}', "no_tables"),
}


@pytest.fixture(autouse=True)
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused must not depend on whether LibreOffice happens to be installed."""
    program_path.cache_clear()  # another test may have found it
    monkeypatch.setattr("gxstats.read.office.shutil.which", lambda name: None)


@pytest.mark.parametrize("name", NO_REPORT)
def test_what_is_no_report_gives_no_fact_and_says_why(name: str) -> None:
    content, code = NO_REPORT[name]
    report = gx.read_report(content)
    assert report.facts.empty
    assert report.checks.empty
    assert code in codes(report)
    assert any(issue.level == "error" for issue in report.issue_rows)
    assert len(report.meta["sha256"]) == 64
    assert len(gx.read_reports([content], progress=False)) == 1


@pytest.mark.parametrize("name", NO_REPORT)
@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf", ".txt", ""])
def test_the_name_of_the_file_changes_nothing_for_the_worse(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"report{suffix}"
    path.write_bytes(NO_REPORT[name][0])
    report = gx.read_report(path)
    assert report.facts.empty
    assert any(issue.level == "error" for issue in report.issue_rows)


@pytest.mark.parametrize(
    "head", [b"", b"<html><body>", b"PK\x03\x04", b"%PDF-1.4\n", "政府信息公开".encode()]
)
def test_two_hundred_megabytes_are_refused_at_once(head: bytes) -> None:
    content = head + bytes(200_000_000)
    start = time.perf_counter()
    report = gx.read_report(content)
    assert time.perf_counter() - start < 5
    assert report.facts.empty
    assert any(issue.level == "error" for issue in report.issue_rows)


def test_a_package_that_unpacks_to_gigabytes_is_refused_at_once() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b" " * 300_000_000)
    start = time.perf_counter()
    report = gx.read_report(buffer.getvalue())
    assert time.perf_counter() - start < 5
    assert report.facts.empty
    assert codes(report) & {"limit", "damaged"}


def test_markup_of_a_thousand_levels_is_refused() -> None:
    report = gx.read_report(("<div>" * 5000 + "年报").encode())
    assert report.facts.empty
    assert "limit" in codes(report)


@pytest.mark.parametrize("render", [render_html, render_docx, render_text])
@pytest.mark.parametrize("tables", ["images", "none"])
def test_tables_as_images_or_headings_alone_give_no_fact(render, tables: str) -> None:
    report = gx.read_report(render(a_spec(quirks=Quirks(tables=tables))))
    assert report.facts.empty
    assert any(i.code == "no_tables" and i.level == "error" for i in report.issue_rows)
    assert report.meta["year"] == 2024
    assert not report.prose.empty


@pytest.mark.parametrize(
    "render",
    [render_html, render_docx, lambda s: render_text(s, "pipes"), lambda s: render_text(s, "markdown")],
)
def test_a_blank_form_has_no_figure(render) -> None:
    report = gx.read_report(render(FormSpec()))
    assert set(report.facts.state) <= {"blank", "unreadable"}
    assert report.facts.value.isna().all()
    assert report.facts.amount.isna().all()
    assert report.facts.implied.isna().all()
    assert set(report.checks.status) == {"inconclusive"}


@pytest.mark.parametrize("style", ["layout", "flow", "one_per_line", "leading_pipes", "glued", "glued_rows"])
def test_a_blank_form_of_text_has_no_zero(style) -> None:
    report = gx.read_report(render_text(FormSpec(), style))
    assert not set(report.facts.state) & {"reported"}
    assert report.facts.value.isna().all()
    assert report.facts.implied.isna().all()


def test_the_blank_form_of_the_state_council_has_no_zero(shared: Path) -> None:
    report = gx.read_report(shared / "reports" / "blank-form-2021.docx")
    assert report.facts.value.isna().all()
    assert report.facts.implied.isna().all()
    assert set(report.facts.state) == {"blank"}
    assert len(report.facts) == 200


def test_one_missing_table_is_an_issue_and_no_fact() -> None:
    report = gx.read_report(render_html(a_spec(forms={"disputes": ""})))
    assert set(report.facts.section) == {"disclosure", "applications"}
    assert any(i.code == "table_missing" and "行政复议" in i.message for i in report.issue_rows)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(gx.InputMissing, match="no such file") as error:
        gx.read_report(tmp_path / "年报.html")
    assert isinstance(error.value, FileNotFoundError)
    assert error.value.where == str(tmp_path / "年报.html")
    assert error.value.hint


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(gx.InputIsDirectory) as error:
        gx.read_report(tmp_path)
    assert isinstance(error.value, IsADirectoryError)
    assert "read_reports" in error.value.hint


@pytest.mark.parametrize(
    "name", ["某区 2024 年报.html", "年 报（最终版）#1.html", "a%20b?.html", "报告'\"&.html"]
)
def test_any_name_of_a_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / "政府 信息" / name
    path.parent.mkdir()
    path.write_bytes(render_html(a_spec()))
    for source in (path, str(path)):
        report = gx.read_report(source)
        assert len(report.facts) == 200
        assert report.meta["source"] == str(path)
    assert len(gx.read_reports(path.parent, progress=False).facts) == 200


def test_read_reports_never_raises(tmp_path: Path) -> None:
    locked = tmp_path / "locked.html"
    locked.write_bytes(b"x")
    sources = [tmp_path / "nothing.html", *[content for content, _ in NO_REPORT.values()], "\0", locked]
    reports = gx.read_reports([*sources, render_html(a_spec())], progress=False)
    assert len(reports) == len(sources) + 1
    assert len(reports.facts) == 200
    assert "not_opened" in set(reports.issues.code)
    assert reports[0].meta["source"] == str(sources[0])
    assert "no such file" in reports[0].issue_rows[0].message
    assert len(reports.reports) == len(NO_REPORT) + 2  # what was never opened has no line


def test_a_directory_with_all_sorts_of_files(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "b.html").write_bytes(render_html(a_spec(agency="某乙局")))
    (tmp_path / "2024" / "a.docx").write_bytes(render_docx(a_spec(agency="某甲局")))
    (tmp_path / ".hidden.html").write_bytes(render_html(a_spec()))
    (tmp_path / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    reports = gx.read_reports(tmp_path, progress=False)
    assert [r.meta["agency"] for r in reports] == ["某甲局", "某乙局", None]
    assert len(reports.facts) == 400
    assert reports.issues.code.tolist() == ["unsupported_format", "no_tables"]


def test_an_empty_directory(tmp_path: Path) -> None:
    reports = gx.read_reports(tmp_path, progress=False)
    assert len(reports) == 0
    assert reports.facts.empty
    assert reports.issues.empty
