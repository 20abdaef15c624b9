"""Saved web pages: the page inside is read as a page; what stands beside it is named."""

from __future__ import annotations

import time

import pytest

import gxstats as gx
from benchmarks.mutations import Original, mutate
from gxstats.errors import LimitExceeded, ReadError
from gxstats.read import sniff
from gxstats.read.mht import read_mht
from gxstats.testing.compare import compare
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.html import render_html
from gxstats.testing.values import expected, print_values, random_values
from gxstats.testing.wrapped import Encoding, as_mht

TEXTS, _ = print_values(random_values(4, size="mid"), zero="blank", rng=4)


def spec(charset: str = "utf-8") -> FormSpec:
    return FormSpec(values=TEXTS, quirks=Quirks(charset=charset))


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize(
    ("charset", "said"), [("utf-8", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "no-such-charset")]
)
def test_a_saved_page_is_read_as_the_page(charset: str, said: str, encoding: Encoding) -> None:
    report = gx.read_report(as_mht(render_html(spec(charset)), said, encoding))
    read = compare(report.fact_rows, expected(spec(charset)))
    assert read.exact == read.total == 200
    assert {f.verdict for f in report.fact_rows} == {"confirmed"}
    assert report.meta["media_type"] == "multipart/related"


@pytest.mark.parametrize(
    "head",
    [
        b"From: <Saved by Blink>\nSnapshot-Content-Location: http://a.gov.cn/\nSubject: x\n",
        b"Subject: =?gb2312?B?xOqxqA==?=\nDate: Mon, 1 Jan 2024 00:00:00 +0800\n",
        b"Received: from a\n\tby b\nX-Mailer: Foxmail\n",
        b"",
    ],
)
def test_any_message_with_a_page_is_recognised(head: bytes) -> None:
    data = head + as_mht(render_html(spec()))
    assert sniff.media_type(data) == sniff.MHT
    assert len(gx.read_report(data).fact_rows) == 200


def test_other_pages_and_files_are_named_and_not_read() -> None:
    frame = b"\n--A\nContent-Type: text/html\nContent-Location: file:///sheet002.htm\n\n<p>x</p>"
    attached = (
        b"\n--A\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=b.pdf\n\n%PDF"
    )
    data = b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=A\n"
    data += (
        b"\n--A\nContent-Type: text/html; charset=utf-8\n\n"
        + render_html(spec())
        + frame
        + attached
        + b"\n--A--\n"
    )
    document = read_mht(data)
    (issue,) = document.issues
    assert issue.code == "frame"
    assert "sheet002.htm" in issue.message
    assert "b.pdf" in issue.message


def test_a_message_without_a_page_is_refused() -> None:
    with pytest.raises(ReadError, match="no web page"):
        read_mht(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=A\n\n--A\n\nwords\n--A--\n")


def test_ten_thousand_parts_and_endless_nesting_are_refused_at_once() -> None:
    start = time.perf_counter()
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=A\n"
    with pytest.raises(LimitExceeded, match="parts"):
        read_mht(head + b"\n--A\nContent-Type: text/html\n\n<p>1</p>" * 10_000)
    nested = b"".join(b"Content-Type: multipart/related; boundary=%d\n\n--%d\n" % (n, n) for n in range(1500))
    with pytest.raises(LimitExceeded, match="nested"):
        read_mht(b"MIME-Version: 1.0\n" + nested)
    assert time.perf_counter() - start < 2


def test_three_hundred_damaged_pages_raise_nothing_foreign() -> None:
    page = render_html(FormSpec(forms={"applications": "", "disclosure": ""}, values=TEXTS))
    pages = [Original("a.mht", as_mht(page, encoding="base64")), Original("b.mht", as_mht(page))]
    for seed in range(300):
        mutant = mutate(seed, {"mht": pages})
        reports = gx.read_reports(mutant.data, progress=False, jobs=0)
        assert "internal_error" not in reports.issues.code.tolist(), (seed, mutant.steps)
