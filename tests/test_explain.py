"""From a number back to its cell: in every format, with hostile content, and with the source gone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import html as lxml_html

import gxstats as gx
from gxstats.analysis import metric
from gxstats.explain import Explanation, explain, find_fact
from gxstats.explain_picture import COLOURS
from gxstats.explain_place import lines_at, open_document_element, text_at, word_element
from gxstats.testing.docx import render_docx
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.html import render_html
from gxstats.testing.pdf_layout import PdfLayout
from gxstats.testing.text import render_text
from tests.pages import a_spec, distinct_values

KEYS = [
    ("applications", "unable.needs_creation", "legal_service"),
    ("applications", "granted", "total"),
    ("disputes", "litigation_after_review", "other"),
    ("disclosure", "normative_documents", "in_force"),
]
HEADS = ["法律服务机构", "总计", "其他结果", "现行有效件数"]
LABELS = ["没有现成信息", "予以公开", "", "规范性文件"]
ODT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>
 <text:p>一</text:p><text:section><table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>
 <table:covered-table-cell/><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table>
 </text:section></office:text></office:body></office:document-content>"""


@pytest.fixture(params=["html", "docx", "text", "pdf", "turned"])
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One report in each format."""
    spec = a_spec()
    made = {
        "html": lambda: render_html(spec),
        "docx": lambda: render_docx(spec),
        "text": lambda: render_text(spec, "layout"),
        "pdf": lambda: render_form_pdf(spec),
        "turned": lambda: render_form_pdf(spec, PdfLayout(turned=True)),
    }
    path = tmp_path / f"report.{request.param.replace('turned', 'pdf').replace('text', 'txt')}"
    path.write_bytes(made[request.param]())
    return path


def figure(key: tuple[str, str, str]) -> int:
    return distinct_values()[key]


@pytest.mark.parametrize(("key", "head", "label"), list(zip(KEYS, HEADS, LABELS, strict=True)))
def test_every_format_shows_the_cell(
    document: Path, key: tuple[str, str, str], head: str, label: str
) -> None:
    report = gx.read_report(document)
    found = explain((report, *key), lang="en")
    fact = report.fact(*key)
    assert fact is not None and fact.value == figure(key)
    assert f"figure: {figure(key)}" in found.text
    assert str(report.meta["sha256"]) in found.text and str(fact.at) in found.text
    assert "reading: " in found.text and "state: reported" in found.text
    if document.suffix == ".pdf":
        assert found.image is not None and found.image.startswith(b"\x89PNG")
        assert f"[{figure(key)}]" in found.text
    else:
        assert marked(found) == str(figure(key))
    if document.suffix != ".txt":
        around = found.text.replace("\n", " ")
        assert head in around and label in around


def marked(found: Explanation) -> str:
    (mark,) = lxml_html.fromstring(found.html).iter("mark")
    return str(mark.text_content())


def test_the_crop_outlines_the_cell_and_its_head(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "a.pdf"
    path.write_bytes(render_form_pdf(a_spec()))
    report = gx.read_report(path)
    image = Image.open(io.BytesIO(explain((report, "granted", "total")).image or b"")).convert("RGB")
    blue = COLOURS["confirmed"]
    spots = [
        (x, y) for x in range(image.width) for y in range(image.height) if image.getpixel((x, y)) == blue
    ]
    assert spots, "nothing is outlined in the colour of the verdict"
    # The total is the last column: the outline stands in the right sixth, and is a small box.
    assert min(x for x, _ in spots) > image.width * 5 / 6
    assert max(y for _, y in spots) - min(y for _, y in spots) < 60


def test_sums_are_written_out_on_both_sides() -> None:
    spec = a_spec(changed={("disputes", "review", "total"): "9999"})
    data = render_html(spec)
    report = gx.read_report(data)
    found = explain((report, "review", "upheld"), source=data, lang="en")
    parts = [figure(("disputes", "review", m)) for m in ("upheld", "corrected", "other", "pending")]
    names = ("upheld", "corrected", "other results", "pending")
    left = " + ".join(f"{name} {n}" for name, n in zip(names, parts, strict=True))
    line = next(line for line in found.text.splitlines() if line.startswith("- D-SUM"))
    assert re.search(r"D-SUM \(.*review\)", line) and "≠ total 9999" in line
    assert sum(int(n) for n in re.findall(r"\d+", line.partition("≠")[0])[-4:]) == sum(parts), left
    assert "gx-fail" in found.html
    assert "不成立" in explain((report, "review", "upheld"), source=data).text


def test_a_figure_said_in_prose_is_no_sum_and_stands_once() -> None:
    """It was written as a sum of all it had been compared with, once for every sentence that says it."""
    said = "<p>2024年，共收到政府信息公开申请999件。</p>" * 3
    page = render_html(a_spec()).decode().replace("<p><strong>二、", f"{said}<p><strong>二、", 1)
    report = gx.read_report(page.encode())
    assert [c.lhs for c in report.check_rows if c.rule == "N-TEXT"] == [999] * 3
    text = explain((report, "applications", "received", "total"), source=page.encode(), lang="en").text
    (line,) = [line for line in text.splitlines() if "N-TEXT" in line]
    received = figure(("applications", "received", "total"))
    assert f"In the tables: applications received in the year {received}, carried in" in line
    assert "≠" not in line


@pytest.mark.parametrize("kind", ["html", "docx", "text"])
def test_hostile_text_stays_text(kind: str) -> None:
    attack = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    spec = a_spec(agency="甲县", changed={("disputes", "review", "other"): attack})
    render: Any = {"html": render_html, "docx": render_docx, "text": lambda s: render_text(s, "pipes")}[kind]
    data = render(spec)
    url = "javascript:alert(3)"
    hints = {"agency": "<b>x</b>", "title": "</title><script>"}
    # Left to itself, text full of markup would be taken for a page.
    hints |= {"media_type": "text/plain"} if kind == "text" else {}
    report = gx.read_report(data, url=url, hints=hints)
    for measure in ("other", "total"):
        found = explain((report, "review", measure), source=data)
        shown = found._repr_html_()
        tree = lxml_html.fromstring(shown)
        assert not list(tree.iter("script", "img", "iframe", "object", "link", "b"))
        assert not tree.xpath("//@onerror|//@onclick|//@href|//@src")
        assert "alert(3)" in found.text
        assert "\x1b" not in found.text


def test_control_characters_do_not_reach_a_terminal() -> None:
    data = render_text(a_spec(changed={("disputes", "review", "other"): "\x1b[31m5"}), "pipes")
    report = gx.read_report(data)
    assert "\x1b" not in explain((report, "review", "other"), source=data).text


def test_nothing_is_loaded_and_nothing_runs(document: Path, tmp_path: Path) -> None:
    report = gx.read_report(document)
    target = explain((report, "granted", "total")).save(tmp_path / "out.html")
    page = target.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and "prefers-color-scheme: dark" in page
    tree = lxml_html.fromstring(page)
    assert not list(tree.iter("script", "link", "iframe"))
    assert all(src.startswith("data:image/png;base64,") for src in tree.xpath("//@src"))
    assert "@import" not in page and "url(" not in page


def test_web_addresses_become_links() -> None:
    data = render_html(a_spec())
    report = gx.read_report(
        data, url="https://www.example.gov.cn/a?b=1&c=2", fetched_at="2025-02-01T08:00:00Z"
    )
    found = explain((report, "granted", "total"), source=data)
    assert 'href="https://www.example.gov.cn/a?b=1&amp;c=2"' in found.html
    assert "2025-02-01T08:00:00Z" in found.text


def test_rows_of_facts_are_taken_as_well(document: Path) -> None:
    report = gx.read_report(document)
    wanted = explain((report, "applications", "granted", "total")).text
    row = report.facts[(report.facts.item == "granted") & (report.facts.measure == "total")].iloc[0]
    tidy = gx.tidy(report, warn=False)
    wide = tidy[(tidy.item == "granted") & (tidy.measure == "total")].iloc[0]
    fact = find_fact(report, "granted", "total")
    assert explain(row, report=report).text == wanted
    assert explain(wide).text == wanted  # read again from its path
    assert explain(fact, report=report).text == wanted
    assert explain(("granted", "total"), report=gx.Reports((report,))).text == wanted
    assert explain(row, source=document.read_bytes()).text.splitlines()[0] == wanted.splitlines()[0]


def test_the_source_is_gone_or_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(render_html(a_spec()))
    report = gx.read_report(path)
    data = path.read_bytes()
    path.write_bytes(data + b" ")
    with pytest.raises(gx.InputMissing, match="has changed"):
        explain((report, "granted", "total"))
    path.unlink()
    with pytest.raises(gx.InputMissing, match="not there"):
        explain((report, "granted", "total"))
    assert explain((report, "granted", "total"), source=data).text
    with pytest.raises(gx.InputMissing, match="not the bytes"):
        explain((report, "granted", "total"), source=data + b" ")
    with pytest.raises(gx.InputMissing, match="not known"):
        explain(report.facts.iloc[0])
    with pytest.raises(gx.InputMissing, match="no such file"):
        explain((report, "granted", "total"), source=tmp_path / "b.html")


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (7, "is no fact"),
        (pd.Series({"a": 1}), "is no fact"),
        (("granted", "total"), "names no fact"),
        (("granted",), "names no fact"),
    ],
)
def test_what_is_no_fact_is_refused(what: Any, message: str) -> None:
    with pytest.raises(gx.UnknownField, match=message):
        explain(what)


def test_facts_are_found_by_their_codes() -> None:
    report = gx.read_report(render_html(a_spec()))
    assert find_fact(report, "received", "enterprise").section == "applications"
    with pytest.raises(gx.UnknownField, match=r"received/natural_person"):
        find_fact(report, "received", "weight")
    with pytest.raises(gx.UnknownField, match="these are several reports"):
        explain(("granted", "total"), report=gx.Reports((report, report)))


def test_a_blank_cell_and_its_implied_figure() -> None:
    key = ("disputes", "review", "other")
    changed = {key: "", **{("disputes", "review", m): "1" for m in ("upheld", "corrected", "pending")}}
    data = render_html(a_spec(changed={**changed, ("disputes", "review", "total"): "3"}))
    report = gx.read_report(data)
    found = explain((report, *key), source=data, lang="en")
    assert "figure: 0 (not printed" in found.text and "state: blank" in found.text
    assert "(implied 0)" in found.text and marked(found).strip() == ""


def test_published_figures_lead_to_their_line() -> None:
    published = gx.load_published()
    report = next(r for r in published if r.meta["source"] == "suqian-2024")
    found = explain((report, "granted", "total"))
    assert marked(found) == "1431"
    assert "suqian-2024,applications,granted,total,1431" in found.text


def test_an_aggregate_lists_its_facts() -> None:
    published = gx.load_published()
    facts = gx.tidy(published, warn=False)
    frame = metric(facts, "disclosure_rate")
    row = frame[(frame.agency == "宿迁市人民政府") & (frame.year == 2024)].iloc[0]
    found = explain(row, facts=facts, metric="disclosure_rate")
    assert found.facts is not None
    sides = found.facts.groupby("side")["value"].sum()
    assert sides["numerator"] == row.numerator and sides["denominator"] == row.denominator
    assert "(T3.3.1 + T3.3.2) / N" in found.text and "1431" in found.html
    with pytest.raises(gx.UnknownField, match="facts="):
        explain(row)
    with pytest.raises(gx.UnknownField, match="no report"):
        explain(row, facts=facts[facts.year == 2019], metric="disclosure_rate")


def test_an_aggregate_says_what_was_left_out() -> None:
    facts = gx.tidy(gx.load_published(), warn=False)
    frame = metric(facts, "growth")
    first = frame[frame.n_excluded > 0].iloc[0]
    found = explain(first, facts=facts, metric="growth")
    assert found.facts is not None and found.facts.left_out.notna().all()
    assert "no report of the year before" in found.text


def test_saving(tmp_path: Path) -> None:
    data = render_html(a_spec())
    found = explain((gx.read_report(data), "granted", "total"), source=data)
    assert found.save(tmp_path / "a.txt").read_text(encoding="utf-8").rstrip() == found.text
    assert str(found) == found.text
    for name, message in (("a.png", "no picture"), ("a.docx", "no known format")):
        with pytest.raises(gx.UnsupportedFormat, match=message):
            found.save(tmp_path / name)


def test_places_in_word_documents() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr>{cell.format('甲')}<w:sdt><w:sdtContent>{cell.format('1')}</w:sdtContent></w:sdt></w:tr>"
    deleted = "<w:p><w:r><w:t>1</w:t></w:r><w:del><w:r><w:t>9</w:t></w:r></w:del></w:p>"
    body = (
        f"<w:p/><w:sdt><w:sdtContent><w:tbl>{row}</w:tbl></w:sdtContent></w:sdt><w:tbl>{row}</w:tbl>{deleted}"
    )
    xml = f"<w:document xmlns:w='{w}'><w:body>{body}</w:body></w:document>"
    data = zipped("word/document.xml", xml)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert text_at(data, kind, "word/document.xml#/tbl[2]/tr[1]/tc[2]") == "1"
    assert text_at(data, kind, "word/document.xml#/p[2]") == "1"
    for wrong in ("/tbl[3]", "/tbl[1]/tr[1]/tc[3]", "/tbl[0]", "/tbl", "", "/../secret[1]"):
        with pytest.raises(gx.UnknownField):
            word_element(data, f"word/document.xml#{wrong}")


def zipped(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(name, text)
    return buffer.getvalue()


def test_places_in_open_documents() -> None:
    data = zipped("content.xml", ODT)
    kind = "application/vnd.oasis.opendocument.text"
    assert text_at(data, kind, "content.xml#/table[1]/table-row[1]/table-cell[2]") == "12"
    with pytest.raises(gx.UnknownField):
        open_document_element(data, "content.xml#/table[1]/table-row[2]")


@pytest.mark.parametrize(
    "ref", ["/html/body[1]/p[9]", "//p", "count(//p)", "///", "/html/body[1]/p[1]/text()"]
)
def test_places_that_are_no_cell_of_a_page(ref: str) -> None:
    with pytest.raises(gx.UnknownField):
        text_at(b"<p>1<p>2", "text/html", ref)


def test_lines_of_a_text() -> None:
    data = "第一行\r\n规章 12\f许可 34\n末行".encode()
    second = lines_at(data, "line 2 column 4", "34")
    assert [line.text[line.start : line.end] for line in second] == ["34"]
    assert [line.number for line in lines_at(data, "line 2", "", before=5, after=5)] == [1, 2, 3]
    for wrong in ("line 9", "row 1", "line 0"):
        with pytest.raises(gx.UnknownField):
            lines_at(data, wrong, "")


def test_a_place_that_says_something_else_now_is_named() -> None:
    data = render_html(a_spec())
    report = gx.read_report(data)
    fact = find_fact(report, "granted", "total")
    other = find_fact(report, "granted", "enterprise")
    found = explain(fact._replace(at=other.at), report=report, source=data, lang="en")
    assert "not what was read" in found.text
