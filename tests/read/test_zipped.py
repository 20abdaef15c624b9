"""Zip attachments: the one report inside is read; several, none, locked or too much are refused by name."""

from __future__ import annotations

import io
import zipfile

import pytest

import gxstats as gx
from benchmarks.mutations import Original, mutate
from gxstats.build.reader_key import external_readers
from gxstats.errors import LimitExceeded, ReadError, SeveralDocuments, UnsupportedFormat
from gxstats.read.zipped import MAX_DOCUMENTS, MAX_MEMBERS, read_zip
from gxstats.testing.doc import render_doc
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.html import render_html
from gxstats.testing.text import render_text
from gxstats.testing.values import print_values, random_values
from gxstats.testing.wrapped import as_mht, as_zip
from gxstats.testing.xlsx import render_xlsx

TEXTS, _ = print_values(random_values(6, size="mid"), rng=6)
SPEC = FormSpec(values=TEXTS)
FILES = {
    "docx": render_docx(SPEC),
    "doc": render_doc(SPEC),
    "html": render_html(SPEC),
    "pdf": render_form_pdf(SPEC),
    "xlsx": render_xlsx(SPEC),
    "mht": as_mht(render_html(SPEC)),
    "txt": render_text(SPEC, "pipes"),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_one_report_is_read_as_if_by_itself(kind: str) -> None:
    name = f"附件/某县2024年报告.{kind}"
    report = gx.read_report(as_zip({name: FILES[kind]}, gbk=True))
    alone = gx.read_report(FILES[kind])
    assert [f._replace(reader="") for f in report.fact_rows] == [
        f._replace(reader="") for f in alone.fact_rows
    ]
    assert len(report.fact_rows) == 200
    assert report.meta["media_type"] == "application/zip"
    assert report.issue_rows[0].code == "unpacked"
    assert name in report.issue_rows[0].message


def test_what_stands_beside_it_is_named() -> None:
    noise = {
        "__MACOSX/._a.docx": b"x",
        "图片.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "说明.txt": b"read me",
    }
    report = gx.read_report(as_zip({"a.docx": FILES["docx"], **noise}))
    assert len(report.fact_rows) == 200
    assert "left out: 图片.png, 说明.txt" in report.issue_rows[0].message


LETTER = "<p>现将2024年度报告报送如下。</p>".encode()
OTHER, _ = print_values(random_values(7, size="mid"), rng=7)


def test_several_documents_are_refused_with_their_names() -> None:
    with pytest.raises(SeveralDocuments, match=r"2 documents: a\.docx, b\.pdf"):
        read_zip(as_zip({"a.docx": FILES["docx"], "b.pdf": FILES["pdf"]}))
    report = gx.read_report(as_zip({"a.docx": FILES["docx"], "b.html": render_html(FormSpec(values=OTHER))}))
    assert not report.fact_rows
    (issue,) = [i for i in report.issue_rows if i.code == "several_documents"]
    assert "a.docx, b.html" in issue.message


def test_the_only_document_with_figures_is_the_report() -> None:
    report = gx.read_report(as_zip({"letter.html": LETTER, "b.docx": FILES["docx"]}))
    assert len(report.fact_rows) == 200
    assert "'b.docx'" in report.issue_rows[0].message
    assert "left out: letter.html" in report.issue_rows[0].message
    assert "several_documents" not in [i.code for i in report.issue_rows]


def test_copies_of_one_report_are_one_report() -> None:
    report = gx.read_report(as_zip({"a.docx": FILES["docx"], "b.doc": FILES["doc"]}))
    assert len(report.fact_rows) == 200
    assert [i.message for i in report.issue_rows if i.code == "copies"] == ["the same figures stand in b.doc"]


def test_too_many_documents_are_not_read() -> None:
    report = gx.read_report(as_zip({f"{n}.docx": FILES["docx"] for n in range(MAX_DOCUMENTS + 1)}))
    assert not report.fact_rows
    assert next(i.code for i in report.issue_rows) == "several_documents"


def test_an_archive_without_documents_is_refused() -> None:
    with pytest.raises(ReadError, match="no document"):
        read_zip(as_zip({"a.css": b"\x00\x01\x02" * 99}))


def test_an_archive_depends_on_what_may_read_the_file_inside() -> None:
    """A build reads a zip again when recognition or LibreOffice is installed."""
    names = [reader.partition("=")[0] for reader in external_readers("application/zip").split()]
    assert names == ["libreoffice", "ocr"]


def test_an_archive_in_an_archive_is_opened_once() -> None:
    once = as_zip({"a.zip": as_zip({"b.docx": FILES["docx"]})})
    report = gx.read_report(once)
    assert len(report.fact_rows) == 200
    assert "a.zip: b.docx" in report.issue_rows[0].message
    with pytest.raises(UnsupportedFormat, match="nested"):
        read_zip(as_zip({"c.zip": once}))


@pytest.mark.parametrize("head", [b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c"])
def test_other_archives_are_refused_by_name(head: bytes) -> None:
    data = head + bytes(range(200))
    (issue,) = [i for i in gx.read_report(data).issue_rows if i.code == "unsupported_format"]
    assert "rar" in issue.message or "7z" in issue.message
    assert "unpack" in issue.hint
    inside = [i for i in gx.read_report(as_zip({"a.rar": data})).issue_rows if i.code == "unsupported_format"]
    assert inside


def test_locked_and_oversized_archives_are_refused() -> None:
    locked = bytearray(as_zip({"a.docx": FILES["docx"]}))
    locked[6] |= 1  # the flag of encryption, in the file and in the directory
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ReadError, match="encrypted"):
        read_zip(bytes(locked))
    with pytest.raises(LimitExceeded, match="files"):
        read_zip(as_zip({f"{n}.html": b"<p>1</p>" for n in range(MAX_MEMBERS + 1)}))
    with pytest.raises(LimitExceeded, match="times its size"):
        read_zip(as_zip({"a.html": b"0" * 40_000_000}))


def test_names_are_shown_and_never_used_as_paths() -> None:
    report = gx.read_report(as_zip({"../../etc/passwd\x1b[31m.docx": FILES["docx"]}))
    assert len(report.fact_rows) == 200
    assert "\x1b" not in report.issue_rows[0].message.replace("\\x1b", "")


def test_a_member_that_is_there_twice_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file, pytest.warns(UserWarning):
        file.writestr("a.docx", FILES["docx"])
        file.writestr("a.docx", FILES["docx"])
    with pytest.raises(ReadError, match="twice"):
        read_zip(stream.getvalue())


def test_three_hundred_damaged_archives_raise_nothing_foreign() -> None:
    archives = [Original(f"{k}.zip", as_zip({f"a.{k}": FILES[k]})) for k in ("docx", "html", "xlsx")]
    for seed in range(300):
        mutant = mutate(seed, {"zip": archives})
        reports = gx.read_reports(mutant.data, progress=False, jobs=0)
        assert "internal_error" not in reports.issues.code.tolist(), (seed, mutant.steps)
