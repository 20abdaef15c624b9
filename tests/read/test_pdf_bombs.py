"""Small PDFs that would take gigabytes or for ever: refused before pdfium is given a page."""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib

import pytest

from gxstats.errors import LimitExceeded
from gxstats.read import pdf_inflate
from gxstats.read.document import read_document
from gxstats.read.pdf import read_pdf
from gxstats.read.pdf_filters import unpack
from gxstats.testing.pdf import render_pdf
from gxstats.testing.pdf_cases import expected, figures, seven_columns
from tests.read.test_pdf_refusals import handmade

HELVETICA = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
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


def lzw_of_blanks(codes: int) -> bytes:
    """LZW that makes ever longer runs of blanks: 256, then each code the one before and a blank more."""
    run = "".join(format(code, f"0{lzw_width(code)}b") for code in (32, *range(258, 4094)))
    bits = format(256, "09b") + run + (format(256, "012b") + run) * (codes // 3837)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def lzw_width(code: int) -> int:
    """Bits of a code, which is the newest entry: one is added before it is read but not in the table."""
    return 9 if code < 511 or code == 32 else next(w for w in (10, 11, 12) if code < (1 << w) - 1)


def encrypted(content: bytes, version: int) -> bytes:
    """A file of one page whose stream is enciphered (RC4, standard handler, no password)."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
    from cryptography.hazmat.primitives.ciphers import Cipher

    def rc4(key: bytes, data: bytes) -> bytes:
        return Cipher(ARC4(key), mode=None).encryptor().update(data)

    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    name, owner, size = b"0123456789abcdef", bytes(32), 5 if version == 1 else 16
    key = hashlib.md5(pad + owner + struct.pack("<i", -4) + name).digest()
    if version == 1:
        key = key[:5]
        user = rc4(key, pad)
    else:
        for _ in range(50):
            key = hashlib.md5(key[:size]).digest()
        user = rc4(key, hashlib.md5(pad + name).digest())
        for turn in range(1, 20):
            user = rc4(bytes(byte ^ turn for byte in key), user)
        user += bytes(16)
    own = hashlib.md5(key + b"\4\0\0\0\0").digest()[: min(16, size + 5)]
    table = f"<</Filter/Standard/V {version}/R {version + 1}/Length {8 * size}/P -4"
    table += f"/O<{owner.hex()}>/U<{user.hex()}>>>"
    data = one_page(packed(rc4(own, content), "/FlateDecode"), table.encode())
    names = b"[" + b"<" + name.hex().encode() + b">" + b"<" + name.hex().encode() + b">]"
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 5 0 R/ID" + names)


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


def packed(content: bytes, filters: str) -> bytes:
    return f"<</Filter{filters}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


ODD_PACKINGS = {
    "run lengths": packed(bytes((129, 32)) * 110_000, "/RunLengthDecode"),
    "run lengths deflated": packed(zlib.compress(bytes((129, 32)) * 110_000), "[/FlateDecode/RL]"),
    "deflated, as digits": packed(zlib.compress(LINES, 9).hex().encode() + b">", "[/AHx/FlateDecode]"),
    "names in codes": packed(zlib.compress(LINES, 9), "/#46late#44ecode"),
    "damaged at its end": packed(zlib.compress(LINES, 9)[:-6] + b"xxxxxx", "/FlateDecode"),
    "LZW": packed(lzw_of_blanks(6_000), "/LZWDecode"),
}


@pytest.mark.parametrize("name", ODD_PACKINGS)
def test_contents_packed_in_old_ways_are_refused(name: str) -> None:
    assert_refused(one_page(ODD_PACKINGS[name]))


def test_what_the_filters_unpack_is_what_was_packed() -> None:
    text = b"1 0 0 1 50 50 cm\n" * 400
    for raw, filters in (
        (base64.a85encode(text) + b"~>", b"/ASCII85Decode"),
        (text.hex().encode() + b">", b"/AHx"),
        (bytes((len(text[:99]) - 1,)) + text[:99] + b"\x80", b"/RL"),
    ):
        found = unpack(raw, b"<</Filter" + filters, 100_000)
        assert found == text[: len(found)]
        assert len(found) >= 99
    assert unpack(lzw_of_blanks(6_000), b"/Filter/LZWDecode", 1 << 26).strip(b" ") == b""


@pytest.mark.parametrize("version", [1, 2])
def test_encrypted_contents_are_deciphered_to_see_what_they_hold(version: int) -> None:
    """RC4 with 40 and 128 bits and no password, as files are that only forbid printing."""
    assert_refused(encrypted(zlib.compress(LINES, 9), version))
    assert read_pdf(encrypted(zlib.compress(b"0 0 m 1 1 l S"), version)).issues == ()


def test_a_page_or_its_contents_named_without_end() -> None:
    content = stream(b"0 0 m 1 1 l S " * 1_000)
    data = one_page(content)
    pages = b"/Kids[" + b"3 0 R " * 300
    assert_refused(data.replace(b"/Kids[3 0 R", pages).replace(b"/Count 1", b"/Count 300"))
    assert_refused(data.replace(b"/Contents 4 0 R", b"/Contents[" + b"4 0 R " * 1_000 + b"]"))
    assert read_pdf(data.replace(b"/Contents 4 0 R", b"/Contents[4 0 R 4 0 R]")).issues == ()


def test_a_page_of_text_in_too_many_pieces_is_refused_before_pdfium_compares_them() -> None:
    pieces = "".join(f"1 0 0 1 {50 + n % 50 * 10} {800 - n / 100:.1f} Tm (1) Tj " for n in range(21_000))
    document = read_document(handmade(f"BT /F 9 Tf {pieces} ET", HELVETICA))
    assert [issue.code for issue in document.issues] == ["limit"]
    assert "pieces of text" in document.issues[0].message


@pytest.mark.parametrize("content", [b"[" * 2_000_000, b"/a <<" * 300_000, b"BT ET " * 500_000])
def test_contents_of_depth_are_left(content: bytes) -> None:
    assert not read_pdf(one_page(stream(content))).readings


def test_tables_of_contents_and_page_trees_in_circles() -> None:
    data = one_page(stream(b"0 0 m 1 1 l S"))
    assert read_pdf(data.replace(b"/Root 1 0 R", b"/Prev 15/Root 1 0 R")).issues == ()
    circle = read_document(data.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[2 0 R]/Count 1"))
    assert [issue.code for issue in circle.issues] == ["page_damaged"]


def test_many_streams_count_together() -> None:
    part = stream(LINES[: len(LINES) // 16])
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
