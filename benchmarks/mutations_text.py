"""Damage to plain text (and RTF): figures, labels, lines, separators, encodings."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_DIGITS = re.compile(rb"\d+")
_LABELS = (
    "总计",
    "合计",
    "（七）总计",
    "四、政府信息公开行政复议、行政诉讼情况",
    "三、收到和处理政府信息公开申请情况",
    "2.重复申请",
    "规章",
    "行政许可",
    "本年新收政府信息公开申请数量",
    "2024年",
    "件",
    "第20条第（一）项",
)
_SPACES = ("　", "\u00a0", "\u2003", "\u200b", "\ufeff", "\t", "\v", "\f", "\x1c", "\u2028", "\0", "\r", "\b")
_FIGURES = ("0", "/", "-", "—", "无", "1,2", "1,234", "１２", "一百二十", "3.5", "-4", "12件", "0x1f", "1e9")
_CODES = ("gb18030", "utf-16", "utf-16-be", "utf-32", "big5", "utf-8-sig", "utf-7")
_RTF_WORDS = (
    r"\bin999999999 ",
    r"\u-99999?",
    r"{\*\objdata 00}",
    r"\'ff",
    r"\cell",
    r"\row",
    r"\nestcell",
    r"{",
    r"}",
    r"\trowd\cellx-5\cellx99999999",
    r"{\field{\*\fldinst INCLUDETEXT c:\\\\a.txt}}",
)


def insert_controls(data: bytes, rng: random.Random) -> bytes:
    """NULs, form feeds and odd blanks between the signs."""
    return _inserted(data, rng, tuple(_SPACES), (1, 1, 3))


def endless_line(data: bytes, rng: random.Random) -> bytes:
    """Many lines, or all of them, made one."""
    if rng.random() < 0.4:
        return data.replace(b"\n", rng.choice((b"", b" ", b" | ", b"\t"))) * rng.choice((1, 20))
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    lines[at : at + 40] = [
        rng.choice((b"", b" ", b"|")).join(lines[at : at + 40]) * rng.choice((1, 10, 1000))
    ]
    return b"\n".join(lines)[:4_000_000]


def endless_digits(data: bytes, rng: random.Random) -> bytes:
    """A figure of thousands of digits, or very many figures behind each other."""
    run = rng.choice((b"9" * 30, b"0" * 5000, b"1 " * 20_000, b"12|" * 5000, b"7" * 300_000, b"1\n" * 20_000))
    places = [m.start() for m in _DIGITS.finditer(data)] or [0]
    at = rng.choice(places)
    return data[:at] + run + data[at:]


def change_figures(data: bytes, rng: random.Random) -> bytes:
    """Other figures, marks or nothing where figures stand."""
    found = list(_DIGITS.finditer(data))
    chosen = sorted(rng.sample(found, min(len(found), rng.choice((1, 5, 60)))), key=lambda m: m.start())
    parts, last = [], 0
    for match in chosen:
        parts += [data[last : match.start()], rng.choice((*_FIGURES, "")).encode()]
        last = match.end()
    return b"".join([*parts, data[last:]])


def repeat_labels(data: bytes, rng: random.Random) -> bytes:
    """Labels of the form where none belong, often very many."""
    return _inserted(data, rng, (rng.choice(_LABELS) + rng.choice(("", " ", "\n")),), (1, 3, 500))


def repeat_lines(data: bytes, rng: random.Random) -> bytes:
    """A stretch of lines once more, or hundreds of times."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    piece = lines[at : at + rng.choice((1, 5, 50))]
    lines[at:at] = (piece * rng.choice((1, 1, 2, 300)))[:20_000]
    return b"\n".join(lines)[:4_000_000]


def shuffle_lines(data: bytes, rng: random.Random) -> bytes:
    """Some lines in another order, or missing."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    piece = lines[at : at + rng.choice((2, 10, 200))]
    rng.shuffle(piece)
    lines[at : at + len(piece)] = piece[: rng.choice((len(piece), len(piece) // 2))]
    return b"\n".join(lines)


def mix_encodings(data: bytes, rng: random.Random) -> bytes:
    """The whole text in another encoding, or the second half of it."""
    text = data.decode("utf-8", "replace")
    code = rng.choice(_CODES)
    if rng.random() < 0.4:
        return text.encode(code, "replace")
    at = rng.randrange(len(text) + 1)
    return text[:at].encode() + text[at:].encode(code, "replace")


def wide_spans(data: bytes, rng: random.Random) -> bytes:
    """Columns thousands of signs apart, and rows of thousands of cells."""
    return _inserted(data, rng, (rng.choice((" ", "|", "\t", "| ", "\n", "---|")),), (3000,))


def glue(data: bytes, rng: random.Random) -> bytes:
    """Blanks, bars or line ends taken away: cells run together."""
    sign = rng.choice((b" ", b"|", b"\n", b"\t", b" | "))
    at = rng.randrange(len(data) + 1)
    end = at + rng.choice((200, 3000, len(data)))
    return data[:at] + data[at:end].replace(sign, b"") + data[end:]


def cut_lines(data: bytes, rng: random.Random) -> bytes:
    """The end of the file missing, cut at the end of a line."""
    lines = data.split(b"\n")
    return b"\n".join(lines[: rng.randrange(len(lines)) + 1])


def insert_words(data: bytes, rng: random.Random) -> bytes:
    """Words and groups of RTF where they do not belong."""
    return _inserted(data, rng, _RTF_WORDS, (1, 1, 2000))


def _inserted(data: bytes, rng: random.Random, signs: tuple[str, ...], times: tuple[int, ...]) -> bytes:
    """Something put at a few places, once or often, never inside a character."""
    for _ in range(rng.choice((1, 1, 3, 20))):
        at = rng.randrange(len(data) + 1)
        while at < len(data) and data[at] & 0xC0 == 0x80:
            at += 1
        text = rng.choice(signs) * rng.choice(times)
        data = (data[:at] + text.encode() + data[at:])[:6_000_000]
    return data


TEXT: dict[str, Callable[[bytes, random.Random], bytes]] = {
    function.__name__: function
    for function in (
        insert_controls,
        endless_line,
        endless_digits,
        change_figures,
        repeat_labels,
        repeat_lines,
        shuffle_lines,
        mix_encodings,
        wide_spans,
        glue,
        cut_lines,
    )
}
RTF = {**TEXT, "insert_words": insert_words, "insert_words_2": insert_words}
