"""Scans and images read by OCR: what is printed, or refused; never confirmed wrong. Needs the extra."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gxstats as gx
from gxstats.testing.compare import Comparison, compare, load_truth
from gxstats.testing.forms import FormSpec
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.pdf_layout import PdfLayout
from gxstats.testing.scan import image_file, render_scan, scan_pages
from gxstats.testing.values import expected, print_values, random_values

pytestmark = pytest.mark.heavy
SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@pytest.fixture(scope="module", autouse=True)
def ocr() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GXSTATS_OCR", "on")
        yield


def a_spec(number: int, **how: object) -> FormSpec:
    values = random_values(number, "f2021", size=how.pop("size", "mid"))  # type: ignore[arg-type]
    texts, _ = print_values(values, rng=number, **how)  # type: ignore[arg-type]
    return FormSpec("f2021", values=texts, agency=f"某{number}县人民政府")


def read(data: bytes, spec: FormSpec) -> tuple[gx.Report, Comparison]:
    report = gx.read_report(data)
    return report, compare(report.fact_rows, expected(spec))


FAULTS = {
    "clean": {},
    "askew": {"skew": 1.3, "noise": 5.0},
    "coarse": {"dpi": 150, "blur": 0.6, "noise": 8.0},
    "fine": {"dpi": 300, "skew": 0.4},
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("zero", ["0", "slash", "mixed"])
def test_at_least_half_is_read_and_nothing_confirmed_wrong(fault: str, zero: str) -> None:
    number = list(FAULTS).index(fault)
    spec = a_spec(number, zero=zero)
    page = PdfLayout(border=["thin", "gray", "thick", "hair"][number], shading=number % 2 == 1)
    report, found = read(render_scan(render_form_pdf(spec, page), **FAULTS[fault]), spec)  # type: ignore[arg-type]
    assert found.wrong_confirmed == 0, str(found)
    assert found.wrong == 0, str(found)
    assert found.exact >= found.total / 2, str(found)
    assert all("ocr:rapidocr" in fact.reader for fact in report.fact_rows if fact.state == "reported")
    places = [f.at for f in report.fact_rows if f.state == "reported"]
    assert all(at.page and at.x0 is not None for at in places)
    if zero == "0":
        # A sum printed in full is what confirms a figure; where zeros are blanks there is none.
        assert sum(f.verdict == "confirmed" for f in report.fact_rows) > found.total / 4


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_image_files(kind: str) -> None:
    spec = a_spec(7, zero="0", size="small")
    layout = PdfLayout(height=1600.0)
    pages = scan_pages(render_form_pdf(spec, layout), dpi=150)
    report, found = read(image_file(pages, kind), spec)  # type: ignore[arg-type]
    assert found.wrong == 0
    assert found.exact >= found.total / 2, str(found)
    assert report.meta["media_type"] == f"image/{kind.lower()}"


def test_an_oblique_stroke_is_no_one_and_a_blank_cell_is_blank() -> None:
    spec = a_spec(3, zero="slash", size="small")
    report, _ = read(render_scan(render_form_pdf(spec)), spec)
    truth = expected(spec)
    marks = [f for f in report.fact_rows if truth[f.key].state == "dash"]
    assert len(marks) > 20
    assert {f.state for f in marks} <= {"dash", "unreadable"}


@pytest.mark.parametrize("folder", ["scan", "pdf_no_unicode"])
def test_the_corpus(folder: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("no shared/ beside the checkout")
    # Two of each: the whole folders take minutes.
    for path in sorted((SHARED / folder).iterdir())[1:5:2]:
        found = compare(gx.read_report(path).fact_rows, load_truth(SHARED / "truth" / f"{path.stem}.csv"))
        assert found.wrong_confirmed == 0, str(found)
        assert found.exact >= found.total / 2, str(found)


def test_nothing_is_fetched_and_a_worker_has_room() -> None:
    code = (
        "import sys, resource, socket; resource.setrlimit(resource.RLIMIT_AS, (3072 << 20,) * 2)\n"
        "def refuse(*a, **k): raise SystemExit(7)\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import gxstats; sys.exit(not gxstats.read_report(sys.stdin.buffer.read()).fact_rows)"
    )
    data = render_scan(render_form_pdf(a_spec(1, zero="0")))
    environment = {**os.environ, "GXSTATS_OCR": "on"}
    done = subprocess.run([sys.executable, "-c", code], input=data, env=environment, timeout=200, check=False)
    assert done.returncode == 0
