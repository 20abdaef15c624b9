"""Bytes to text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxstats.read.encoding import declared_encoding, decode

REPORT = "<html><meta charset={}><p>某某区人民政府2023年政府信息公开工作年度报告，收到申请12件。</p></html>"


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "GBK", "iso-8859-1", "nonsense", ""])
@pytest.mark.parametrize("actual", ["utf-8", "gb18030"])
def test_a_wrong_or_missing_meta_charset(declared: str, actual: str) -> None:
    text = REPORT.format(declared)
    assert decode(text.encode(actual)) == (text, actual)


def test_gb2312_declared_but_characters_of_gb18030_used() -> None:
    text = REPORT.format("gb2312") + "镕堃䶮𠮷€"
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_beats_every_declaration(mark: bytes, encoding: str) -> None:
    text = REPORT.format("gb2312")
    assert decode(mark + text.encode(encoding), "gbk") == (text, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding: str) -> None:
    text = REPORT.format("utf-16")
    assert decode(text.encode(encoding)) == (text, encoding)


def test_nul_characters_are_dropped() -> None:
    text = REPORT.format("utf-8")
    assert decode(text.replace("12", "1\0002").encode())[0] == text


def test_slightly_damaged_utf8_stays_utf8() -> None:
    data = REPORT.format("gb2312").encode().replace("某".encode(), "某".encode()[:2], 1)
    text, encoding = decode(data)
    assert encoding == "utf-8"
    assert text.count("\ufffd") == 1
    assert "收到申请12件" in text


def test_a_file_cut_within_a_character() -> None:
    assert decode(REPORT.format("").encode()[:-12])[1] == "utf-8"
    assert decode(("报告" * 50).encode("gbk")[:-1])[1] == "gb18030"


def test_damaged_gbk_is_not_read_as_utf8() -> None:
    data = REPORT.format("").encode("gbk").replace("申".encode("gbk"), b"\xff", 1)
    text, encoding = decode(data)
    assert encoding == "gb18030"
    assert "年度报告" in text


def test_big5_only_where_declared() -> None:
    text = "政府資訊公開工作年度報告，收到申請12件"
    assert decode(text.encode("big5"), "big5") == (text, "big5hkscs")
    assert decode(f"<meta charset=big5>{text}".encode("big5"))[1] == "big5hkscs"


def test_the_header_charset_counts_before_the_document() -> None:
    text = REPORT.format("gb2312").replace("某某区", "臺北")
    assert decode(text.encode("big5hkscs", "replace"), "Big5")[1] == "big5hkscs"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta charset="UTF-8">', "utf-8"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=gb2312' />", "gb2312"),
        ("<meta charset = gbk >", "gbk"),
        ("<?xml version='1.0' encoding='GB18030'?>", "gb18030"),
        ("<p>charset</p>", None),
        ("", None),
    ],
)
def test_declared_encoding(head: str, name: str | None) -> None:
    assert declared_encoding(head.encode()) == name


@given(st.binary(max_size=300), st.sampled_from([None, "gb2312", "utf-8", "big5", "x"]))
def test_any_bytes_decode_the_same_way_twice(data: bytes, declared: str | None) -> None:
    text, encoding = decode(data, declared)
    assert (text, encoding) == decode(data, declared)
    assert "\0" not in text
    codecs.lookup(encoding)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=200))
def test_utf8_comes_back(text: str) -> None:
    data = text.encode()
    if data.count(0) == 0:
        assert decode(data) == (text, "utf-8")
