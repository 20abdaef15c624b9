"""Small PDFs that would take gigabytes or for ever: refused before pdfium is given a page."""

from __future__ import annotations

import base64
import zlib

import pytest

from gxstats.errors import LimitExceeded
from gxstats.read import pdf_inflate
from gxstats.read.document import read_document
from gxstats.read.pdf import read_pdf
from gxstats.testing.pdf import render_pdf
from gxstats.testing.pdf_cases import expected, figures, seven_columns

LINES = b"0 0 m 1 1 l S\n" * 1_900_000
FORM = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]"


def stream(content: bytes, keys: str = "", *, times: int = 1) -> bytes:
    """A stream deflated so many times."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = "".join(["/FlateDecode"] * times)
    return f"<<{keys}/Filter[{filters}]/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def one_page(content: bytes, *more: bytes, box: str = "0 0 595 842", resources: str = "") -> bytes:
    """A PDF of one page with these contents; further objects are numbered from 5."""
    page = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<</XObject<<{resources}>>>>>>"
    ).encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        content,
        *more,
    ]
    out, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, size = len(out), len(parts) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, start)
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def forms(count: int, draws: str) -> bytes:
    """Forms that each draw the next one; the last draws a line."""
    chain = [
        stream(draws.encode(), f"{FORM}/Resources<</XObject<</F {6 + at} 0 R>>>>") for at in range(count)
    ]
    last = stream(b"0 0 m 1 1 l S", FORM)
    return one_page(stream(b"/F Do"), *chain, last, resources="/F 5 0 R")


def assert_refused(data: bytes) -> None:
    document = read_document(data)
    assert [issue.code for issue in document.issues] == ["limit"]
    assert not document.readings


@pytest.mark.parametrize("times", [1, 2, 3])
def test_contents_that_inflate_to_much_are_refused(times: int) -> None:
    data = one_page(stream(LINES, times=times))
    assert len(data) < 120_000
    assert_refused(data)


def test_contents_labelled_as_a_font_are_refused() -> None:
    assert_refused(one_page(stream(LINES, "/Length1 9")))


def test_contents_in_letters_are_refused() -> None:
    packed = base64.a85encode(zlib.compress(LINES, 9)) + b"~>"
    head = b"<</Filter[/ASCII85Decode/FlateDecode]/Length %d>>stream\n" % len(packed)
    assert_refused(one_page(head + packed + b"\nendstream"))


def test_many_streams_count_together() -> None:
    part = stream(LINES[: len(LINES) // 8])
    pdf_inflate.refuse_bombs(one_page(part))
    with pytest.raises(LimitExceeded, match="drawing instructions"):
        pdf_inflate.refuse_bombs(one_page(part, *[part] * 7))


def test_objects_packed_in_a_stream_are_refused() -> None:
    assert_refused(one_page(stream(b""), stream(b"6 0 [0]" + b" " * 26_000_000, "/Type/ObjStm/N 1/First 4")))


@pytest.mark.parametrize("count", [17, 30])
def test_forms_that_multiply_are_refused(count: int) -> None:
    assert_refused(forms(count, "/F Do /F Do"))


def test_a_form_that_draws_itself_twice_is_refused() -> None:
    itself = stream(b"/F Do /F Do", f"{FORM}/Resources<</XObject<</F 5 0 R>>>>")
    assert_refused(one_page(stream(b"/F Do"), itself, resources="/F 5 0 R"))


def test_forms_named_in_a_dictionary_of_their_own_are_followed() -> None:
    itself = stream(b"/F Do /F Do", f"{FORM}/Resources 6 0 R")
    named = b"<</XObject 7 0 R>>", b"<</F 5 0 R>>"
    assert_refused(one_page(stream(b"/F Do"), itself, *named, resources="/F 5 0 R"))


def test_forms_that_are_not_deflated_are_looked_at_too() -> None:
    content = b"/F Do /F Do"
    head = f"<<{FORM}/Resources<</XObject<</F 5 0 R>>>>/Length {len(content)}>>stream\n"
    itself = head.encode() + content + b"\nendstream"
    assert_refused(one_page(stream(b"/F Do"), itself, resources="/F 5 0 R"))


def test_forms_in_forms_are_no_offence() -> None:
    for data in (forms(6, "/F Do /F Do"), forms(30, "/F Do")):
        assert read_pdf(data).issues == ()


def test_pages_and_images_of_any_size_cost_nothing() -> None:
    assert read_pdf(one_page(stream(b"0 0 m 1 1 l S"), box="0 0 9e9 9e9")).issues == ()
    keys = "/Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceGray/BitsPerComponent 8"
    picture = stream(b"\0" * 26_000_000, keys)
    drawn = one_page(stream(b"q 500 0 0 500 0 0 cm /I Do Q"), picture, resources="/I 5 0 R")
    assert [issue.code for issue in read_pdf(drawn).issues] == ["image_only"]


def test_a_report_passes_and_what_is_no_pdf_too() -> None:
    data = render_pdf([seven_columns()])
    pdf_inflate.refuse_bombs(data)
    assert figures(read_pdf(data).readings[0]) == expected()
    for odd in (b"", b"stream\n", b"stream\nendstream", b"/Form stream\n/Fl/Fl", b"1 0 obj/Form stream\nx"):
        pdf_inflate.refuse_bombs(odd)
