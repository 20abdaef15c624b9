"""Damage that knows PDF: objects, references, page trees, streams, the text and lines drawn on pages."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

_OBJECT = re.compile(rb"(?<!\d)(\d+)[ \r\n]+(\d+)[ \r\n]+obj\b(.*?)\bendobj", re.S)
_REFERENCE = re.compile(rb"(?<!\d)(\d+) (\d+) R\b")
_NAME = re.compile(rb"/[A-Za-z][\w.+-]*")
_NUMBER = re.compile(rb"(?<![\w/#.<-])-?\d+(?:\.\d+)?(?![\w.>]| \d+ R)")
_ROOT = re.compile(rb"/Root\s+(\d+ \d+ R)")
_HEX = re.compile(rb"<([0-9A-Fa-f]{2,8})>")
_EXTREMES = (
    b"0 -1 1 2147483647 -2147483648 4294967296 99999999999999999999 1e38 0.0000001 -0.5 65536 1000000 45 90"
).split()
_PAGE_ENTRIES = (
    b"/MediaBox[0 0 0 0]|/MediaBox[0 0 1e9 1e9]|/MediaBox[600 800 0 0]|/MediaBox[-9e5 -9e5 9e5 9e5]|"
    b"/CropBox[100 100 101 101]|/CropBox[1 2]|/Rotate 90|/Rotate 45|/Rotate -270|/Rotate 99999999999|"
    b"/UserUnit 1000|/UserUnit 0|/Contents null|/Resources null|/Parent null"
).split(b"|")
_LIES = (
    b"/Length 0|/Length -5|/Length 999999999|/Length 7|/Filter/LZWDecode|/Filter/DCTDecode|/Filter/None|"
    b"/Filter[/FlateDecode/FlateDecode]|/Filter/ASCIIHexDecode|/Filter/RunLengthDecode|"
    b"/DecodeParms<</Predictor 15/Columns 99999999/Colors 32>>|/DecodeParms<</Predictor 2/Columns 0>>"
).split(b"|")
_CODES = b"<D800> <DC00D800> <0000> <FFFF> <0031> <FFFFFFFF> <>".split()
_LARGEST_STREAM = 4_000_000


@dataclass(slots=True)
class Item:
    """An indirect object: its dictionary (or other value) and its stream, if it has one."""

    number: int
    head: bytes
    stream: bytes | None = None


def change_dictionary(data: bytes, rng: random.Random) -> bytes:
    """Numbers in some objects replaced by extreme ones."""

    def change(items: list[Item]) -> None:
        for item in _some(items, rng):
            item.head = _replace_one(_NUMBER, item.head, rng.choice(_EXTREMES), rng)

    return _edited(data, change)


def change_references(data: bytes, rng: random.Random) -> bytes:
    """References to other objects, to themselves, to none: loops in page trees, fonts that are pages."""

    def change(items: list[Item]) -> None:
        for item in _some([i for i in items if _REFERENCE.search(i.head)], rng):
            target = rng.choice((item.number, rng.choice(items).number, 999_999))
            item.head = _replace_one(_REFERENCE, item.head, b"%d 0 R" % target, rng)

    return _edited(data, change)


def change_names(data: bytes, rng: random.Random) -> bytes:
    """Keys and names exchanged for others of the file."""

    def change(items: list[Item]) -> None:
        names = sorted({name for item in items for name in _NAME.findall(item.head)})
        for item in _some(items, rng):
            item.head = _replace_one(_NAME, item.head, rng.choice(names), rng) if names else item.head

    return _edited(data, change)


def exchange_objects(data: bytes, rng: random.Random) -> bytes:
    """Objects dropped, or with each other's contents."""

    def change(items: list[Item]) -> None:
        if len(items) > 2 and rng.random() < 0.5:
            items.pop(rng.randrange(len(items)))
        elif len(items) > 2:
            one, two = rng.sample(items, 2)
            one.head, two.head, one.stream, two.stream = two.head, one.head, two.stream, one.stream

    return _edited(data, change)


def change_pages(data: bytes, rng: random.Random) -> bytes:
    """Pages that are huge, empty, upside down, cropped away, scaled, or listed a thousand times."""

    def change(items: list[Item]) -> None:
        pages = [i for i in items if re.search(rb"/Type\s*/Page\b", i.head)]
        trees = [i for i in items if b"/Kids" in i.head]
        if trees and rng.random() < 0.3:
            many = b" ".join(
                b"%d 0 R" % rng.choice([*pages, *trees]).number for _ in range(rng.choice((3, 1000)))
            )
            trees[0].head = re.sub(rb"/Kids\s*\[[^\]]*\]", b"/Kids[" + many + b"]", trees[0].head)
            return
        for page in _some(pages, rng):
            addition = rng.choice(_PAGE_ENTRIES)
            key = re.match(rb"/\w+", addition)
            old = key[0] if key else b"/Nothing"
            head = re.sub(re.escape(old) + rb"\s*(\[[^\]]*\]|[^/<>\[]+)", b"", page.head)
            page.head = head.replace(b"<<", b"<<" + addition, 1)

    return _edited(data, change)


def change_content(data: bytes, rng: random.Random) -> bytes:
    """What is drawn: operators dropped, repeated, shuffled, with extreme numbers, or very many more."""

    def change(items: list[Item]) -> None:
        drawn = [i for i in items if i.stream is not None and b"ToUnicode" not in i.head]
        pages = [
            (i, text) for i in drawn if (text := _unpacked(i)) and re.search(rb"\b(Tj|TJ|BT|re)\b", text)
        ]
        for item, text in pages if rng.random() < 0.2 else rng.sample(pages, min(len(pages), 1)):
            _pack(item, _content_changed(text, rng)[:_LARGEST_STREAM], rng)

    return _edited(data, change)


def _content_changed(text: bytes, rng: random.Random) -> bytes:
    lines = text.split(b"\n")
    at = rng.randrange(len(lines))
    end = min(len(lines), at + rng.choice((1, 10, 100)))
    match rng.choice(("numbers", "drop", "repeat", "shuffle", "nest", "rules", "matrix", "text", "junk")):
        case "numbers":
            for _ in range(rng.choice((1, 20, 200))):
                text = _replace_one(_NUMBER, text, rng.choice(_EXTREMES), rng)
            return text
        case "drop":
            del lines[at:end]
        case "repeat":
            lines[at:at] = lines[at:end] * rng.choice((1, 50, 5000))
        case "shuffle":
            piece = lines[at:end]
            rng.shuffle(piece)
            lines[at:end] = piece
        case "nest":
            lines[at:at] = [rng.choice((b"q", b"Q", b"BT", b"ET", b"/Fm0 Do", b"BX"))] * rng.choice((1, 5000))
        case "rules":
            lines += _rules(rng)
        case "matrix":
            numbers = b" ".join(rng.choice((*_EXTREMES, b"1", b"0", b"0.7")) for _ in range(6))
            lines.insert(at, numbers + b" cm")
        case "text":
            lines.insert(
                at,
                rng.choice(
                    (
                        b"3 Tr",
                        b"0 Tz",
                        b"-100 Tz",
                        b"500 TL",
                        b"1e9 Tc",
                        b"99 Ts",
                        b"(" + b"1" * 40_000 + b") Tj",
                    )
                ),
            )
        case _:
            lines.insert(at, rng.randbytes(rng.choice((3, 300))))
    return b"\n".join(lines)[:_LARGEST_STREAM]


def _rules(rng: random.Random) -> list[bytes]:
    """Lines and boxes all over the page."""
    drawn = []
    for _ in range(rng.choice((20, 1000, 30_000))):
        x, y, w, h = (rng.randrange(800) for _ in range(4))
        shape = rng.choice((b"%d %d %d %d re S", b"%d %d m %d %d l S", b"%d %d %d %d re f"))
        drawn.append(shape % ((x, y, w, y) if b" m " in shape else (x, y, w, h)))
    return drawn


def change_code_map(data: bytes, rng: random.Random) -> bytes:
    """Fonts whose codes mean other characters, half pairs, or nothing."""

    def change(items: list[Item]) -> None:
        maps = [(i, text) for i in items if i.stream is not None and b"begincmap" in (text := _unpacked(i))]
        for item, text in _few(maps, rng):
            changed = text
            for _ in range(rng.choice((1, 10, 60))):
                changed = _replace_one(_HEX, changed, rng.choice(_CODES), rng)
            _pack(item, changed, rng)

    return _edited(data, change)


def lie_about_streams(data: bytes, rng: random.Random) -> bytes:
    """Streams with another length, filter or predictor than they have."""

    def change(items: list[Item]) -> None:
        for item in _some([i for i in items if i.stream is not None], rng):
            lie = rng.choice(_LIES)
            key = re.escape(lie[: re.match(rb"/\w+", lie).end()])  # type: ignore[union-attr]
            item.head = re.sub(key + rb"\s*(\[[^\]]*\]|\d+ \d+ R|/?[\w-]+)", b"", item.head)
            item.head = item.head.replace(b"<<", b"<<" + lie, 1)

    return _edited(data, change)


def add_bomb(data: bytes, rng: random.Random) -> bytes:
    """A page whose content unpacks to very much."""
    text = rng.choice(
        (b" ", b"0 0 m 9 9 l S\n", b"q\n", b"BT/F1 9 Tf(1)Tj ET\n", b"(1)Tj\n", b"9 9 9 9 re f\n")
    )
    size = rng.choice((1, 8, 30)) * 1_000_000

    def change(items: list[Item]) -> None:
        drawn = [i for i in items if i.stream is not None and b"BT" in _unpacked(i)]
        if drawn:
            item = rng.choice(drawn)
            _pack(item, _unpacked(item) + b"\n" + text * (size // len(text)), rng)

    return _edited(data, change)


def break_tables(data: bytes, rng: random.Random) -> bytes:
    """A cross-reference table or trailer that is wrong, missing or leads in a circle."""
    start = data.rfind(b"startxref")
    match rng.choice(("offset", "gone", "entries", "trailer", "circle")):
        case "offset":
            number = rng.choice((b"0", b"-1", b"%d" % rng.randrange(len(data) + 1), b"99999999999"))
            return data[:start] + b"startxref\n" + number + b"\n%%EOF"
        case "gone":
            return data[:start]
        case "entries":
            pattern = re.compile(rb"\d{10} \d{5} n")
            other = b"%010d 00000 n" % rng.randrange(len(data) + 1)
            return pattern.sub(lambda m: other if rng.random() < 0.3 else m[0], data)
        case "trailer":
            at = data.rfind(b"trailer")
            return data[:at] + _replace_one(_NUMBER, data[at:], rng.choice(_EXTREMES), rng)
        case _:
            at = data.rfind(b"xref", 0, max(start, 0))
            return data.replace(b"/Root", b"/Prev %d/Root" % max(at, 0))


def _edited(data: bytes, change: Callable[[list[Item]], None]) -> bytes:
    """The file with its objects changed and a table of contents that is right."""
    found = {int(m[1]): _item(int(m[1]), m[3]) for m in _OBJECT.finditer(data)}
    root = _ROOT.findall(data)
    if not found or not root:
        return data
    items = list(found.values())
    change(items)
    parts, places, length = [data[:8] + b"\n"], {}, 9
    for item in items:
        places[item.number] = length
        stream = b"" if item.stream is None else b"stream\n" + item.stream + b"\nendstream"
        parts.append(b"%d 0 obj" % item.number + item.head + stream + b"\nendobj\n")
        length += len(parts[-1])
    size = max(places, default=0) + 1
    lines = b"".join(
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size)
    )
    tail = b"trailer\n<</Size %d/Root %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, root[-1], length)
    return b"".join([*parts, b"xref\n0 %d\n" % size, lines, tail])


def _item(number: int, body: bytes) -> Item:
    at = re.search(rb"stream\r?\n", body)
    end = body.rfind(b"endstream")
    if at is None or end < at.end():
        return Item(number, body)
    return Item(number, body[: at.start()], body[at.end() : end].removesuffix(b"\n"))


def _unpacked(item: Item) -> bytes:
    """The stream without its compression; nothing if it has another one."""
    if item.stream is None:
        return b""
    if b"/Filter" not in item.head:
        return item.stream
    if b"/FlateDecode" not in item.head or b"Predictor" in item.head:
        return b""
    return _inflated(item.stream)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, _LARGEST_STREAM)
    except zlib.error:
        return b""


def _pack(item: Item, text: bytes, rng: random.Random) -> None:
    """Put a stream in, compressed or not, with its true length."""
    head = re.sub(rb"/(Filter|DecodeParms|Length)\s*(\[[^\]]*\]|\d+ \d+ R|/?[\w-]+)", b"", item.head)
    packed = len(text) > 100_000 or rng.random() < 0.5
    item.stream = zlib.compress(text, 6) if packed else text
    entries = b"<</Length %d" % len(item.stream) + (b"/Filter/FlateDecode" if packed else b"")
    item.head = head.replace(b"<<", entries, 1)


def _replace_one(pattern: re.Pattern[bytes], text: bytes, new: bytes, rng: random.Random) -> bytes:
    """One match, found near a random place so that long texts are not searched as a whole."""
    window = 4000
    at = rng.randrange(max(1, len(text) - window // 2))
    found = list(pattern.finditer(text, at, at + window)) or list(pattern.finditer(text, 0, window))
    if not found:
        return text
    match = rng.choice(found)
    return text[: match.start()] + new + text[match.end() :]


def _some(items: list[Item], rng: random.Random) -> list[Item]:
    return rng.sample(items, min(len(items), rng.choice((1, 2, 5, 30))))


def _few(found: list[tuple[Item, bytes]], rng: random.Random) -> list[tuple[Item, bytes]]:
    return rng.sample(found, min(len(found), rng.choice((1, 3))))


PDF: dict[str, Callable[[bytes, random.Random], bytes]] = {
    function.__name__: function
    for function in (
        change_dictionary,
        change_references,
        change_names,
        exchange_objects,
        change_pages,
        change_content,
        change_code_map,
        lie_about_streams,
        add_bomb,
        break_tables,
    )
}
PDF["change_content_again"] = change_content  # most readers' bugs are there
