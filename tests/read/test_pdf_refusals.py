"""PDFs that must give no figure: no Unicode, images, encryption, damage; and never another error."""

from __future__ import annotations

import io
import random
import resource

import pytest

from gxstats.errors import GxError, LimitExceeded, ReadError
from gxstats.model import Grid
from gxstats.read import pdf_limits
from gxstats.read.pdf import read_pdf
from gxstats.testing.blocks import Picture, Text
from gxstats.testing.pdf import render_pdf
from gxstats.testing.pdf_cases import expected, figures, seven_columns
from gxstats.testing.pdf_layout import PdfLayout


def handmade(content: str, font: str, more: str = "") -> bytes:
    """A one-page PDF with one font, written by hand."""
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        font,
        *([more] if more else []),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    size = len(parts) + 1
    trailer = f"trailer<</Size {size}/Root 1 0 R>>"
    return (
        out + (f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}\nstartxref\n{start}\n%%EOF").encode()
    )


def type3(map_digits: bool) -> str:
    """A Type 3 font whose glyphs are boxes; with or without a map to Unicode."""
    glyphs = "".join(f"/g{code} 7 0 R" for code in range(48, 58))
    names = " ".join(f"/g{code}" for code in range(48, 58))
    unicode_map = "/ToUnicode 6 0 R" if map_digits else ""
    return (
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 500 700]/FontMatrix[0.001 0 0 0.001 0 0]"
        f"/CharProcs<<{glyphs}>>/Encoding<</Type/Encoding/Differences[48 {names}]>>"
        f"/FirstChar 48/LastChar 57/Widths[{'500 ' * 10}]{unicode_map}>>"
    )


def type3_file(map_digits: bool) -> bytes:
    lines = [
        f"1 0 0 1 {60 + 60 * column} {700 - 20 * row} Tm ({row}{column}) Tj"
        for row in range(5)
        for column in range(7)
    ]
    ranges = "1 beginbfrange <30> <39> <0030> endbfrange"
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        f"1 begincodespacerange <00> <ff> endcodespacerange {ranges} endcmap end end"
    )
    glyph = "500 0 50 0 450 700 d1 50 0 400 700 re f"
    more = (
        f"<</Length {len(cmap)}>>\nstream\n{cmap}\nendstream\nendobj\n7 0 obj\n"
        f"<</Length {len(glyph)}>>\nstream\n{glyph}\nendstream"
    )
    return handmade("BT /F 12 Tf " + " ".join(lines) + " ET", type3(map_digits), more)


def test_type_3_fonts_with_unicode_are_read() -> None:
    bands, stream = read_pdf(type3_file(map_digits=True)).readings
    want = [[str(int(f"{row}{column}")).zfill(2) for column in range(7)] for row in range(5)]
    assert figures(bands) == want
    assert figures(stream) == want


def test_fonts_without_unicode_give_no_reading() -> None:
    document = read_pdf(type3_file(map_digits=False))
    assert not document.readings
    assert {issue.code for issue in document.issues} == {"no_unicode"}


def test_pages_that_are_images_are_named() -> None:
    document = read_pdf(render_pdf([Picture("表一")]))
    assert not document.readings
    assert [(issue.code, issue.at.page) for issue in document.issues] == [("image_only", 1)]


def test_an_image_beside_text_is_a_notice() -> None:
    document = read_pdf(render_pdf([Text("三、收到和处理政府信息公开申请情况，见下表。"), Picture("表一")]))
    assert [issue.code for issue in document.issues] == ["page_image"]
    assert len(document.readings) == 2


def encrypted(user: str) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(user, ownerPassword="owner"))
    canvas.drawString(100, 700, "12 34 56")
    canvas.save()
    return buffer.getvalue()


def test_encrypted_files_open_without_or_with_their_password() -> None:
    assert read_pdf(encrypted("")).readings
    refused = read_pdf(encrypted("secret"))
    assert not refused.readings and [issue.code for issue in refused.issues] == ["encrypted"]
    assert read_pdf(encrypted("secret"), password="secret").readings


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"not a pdf", b"%PDF-1.7\n" + bytes(1000)])
def test_what_is_no_pdf_is_a_read_error(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_pdf(data)


def test_damaged_bytes_never_raise_anything_but_our_own_errors() -> None:
    whole = render_pdf([Text("说明"), seven_columns()])
    chance = random.Random(1)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            read_pdf(bytes(damaged[: chance.randint(len(damaged) // 2, len(damaged))]))
        except GxError:
            continue


def test_text_beside_the_page_is_not_read() -> None:
    data = type3_file(map_digits=True).replace(b"1 0 0 1 60 700 Tm (00) Tj", b"1 0 0 1 99 999 Tm (00) Tj")
    for reading in read_pdf(data).readings:
        texts = [c.text for b in reading.blocks if isinstance(b, Grid) for r in b.rows for c in r.cells]
        assert "01" in texts and "00" not in texts


def test_limits_on_pages_and_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    data = render_pdf([seven_columns(60)])
    monkeypatch.setattr("gxstats.read.pdf_source.MAX_PAGES", 1)
    with pytest.raises(LimitExceeded):
        read_pdf(data)
    monkeypatch.undo()
    monkeypatch.setattr("gxstats.read.pdf.MAX_CHARACTERS", 100)
    with pytest.raises(LimitExceeded):
        read_pdf(data)
    assert pdf_limits.MAX_PAGES == 300


def test_a_thousand_files_grow_memory_by_less_than_200_megabytes() -> None:
    data = render_pdf([Text("说明"), seven_columns()], PdfLayout(border="dotted"))
    assert figures(read_pdf(data).readings[0]) == expected()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(1000):
        read_pdf(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
