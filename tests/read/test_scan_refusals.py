"""Images without OCR, and images no OCR should see: refused with a reason. Needs no OCR."""

from __future__ import annotations

import importlib.util
import io
import struct
import zlib

import pytest
from PIL import Image

import gxstats as gx
from gxstats.build.reader_key import external_readers
from gxstats.errors import LimitExceeded, ReadError
from gxstats.read import scan_ocr
from gxstats.read.scan_image import MAX_FRAMES, decode_image
from gxstats.testing.blocks import Text
from gxstats.testing.pdf import render_pdf
from gxstats.testing.scan import image_file, render_scan, scan_pages


def a_page() -> bytes:
    return render_pdf([Text("一、总体情况")])


def test_without_the_extra_a_scan_is_refused_and_the_extra_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GXSTATS_OCR")
    monkeypatch.setattr(scan_ocr, "find_spec", lambda name: None)
    scan_ocr.load.cache_clear()
    assert not scan_ocr.is_available()
    for data in (render_scan(a_page(), dpi=72), image_file(scan_pages(a_page(), dpi=72), "PNG")):
        report = gx.read_report(data)
        assert report.facts.empty
        said = [issue for issue in report.issue_rows if issue.level == "error"]
        assert "gxstats[ocr]" in said[0].hint
        assert said[0].code in ("image_only", "unsupported_format")


def test_ocr_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_ocr, "find_spec", importlib.util.find_spec)
    monkeypatch.setenv("GXSTATS_OCR", "off")
    assert not scan_ocr.is_available()
    report = gx.read_report(image_file(scan_pages(a_page(), dpi=72), "JPEG"))
    assert "switched off" in report.issue_rows[0].message
    assert external_readers("application/pdf") == external_readers("image/png") == "ocr=none"


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(LimitExceeded, match="larger than any page"):
        decode_image(png_that_claims(50_000, 50_000))


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 100)])
def test_what_has_not_the_shape_of_a_page_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ReadError, match="shows no page"):
        decode_image(image_file([Image.new("L", size, 255)], "PNG"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_damaged_images_are_refused(kind: str) -> None:
    whole = image_file([Image.effect_noise((200, 300), 50)], kind)  # type: ignore[arg-type]
    with pytest.raises(ReadError):
        decode_image(whole[: len(whole) // 3])
    with pytest.raises(ReadError):
        decode_image(whole[:12] + bytes(500))


def test_a_tiff_of_many_pages_is_refused() -> None:
    pages = [Image.new("L", (60, 60), 255)] * (MAX_FRAMES + 1)
    with pytest.raises(LimitExceeded, match="pages"):
        decode_image(image_file(pages, "TIFF"))


def test_transparent_ink_stands_on_white_paper() -> None:
    pytest.importorskip("cv2")
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    (page,) = decode_image(out.getvalue())
    assert page.grey.min() == 255
