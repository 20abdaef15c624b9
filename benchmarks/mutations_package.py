"""Damage inside zip packages (DOCX, ODT, OFD, XLSX): the parts change, their checksums stay right."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable

from benchmarks.mutations_markup import MARKUP
from benchmarks.mutations_tree import change_tree

_BODY = re.compile(
    r"word/document\.xml|content\.xml|xl/worksheets/sheet\d+\.xml|xl/sharedStrings\.xml|.*/Content\.xml"
)
"""Parts of DOCX, ODT, XLSX and OFD that hold text."""
Parts = list[tuple[str, bytes]]
_ODD_NAMES = (
    "../../outside.xml",
    "word/",
    "",
    "a" * 3000,
    "word\\document.xml",
    "\u0000.xml",
    "[Content_Types].xml",
)


def change_part(data: bytes, rng: random.Random) -> bytes:
    """The markup of one part damaged, most often of the document itself."""
    parts = _unpacked(data)
    chosen = [n for n, (name, _) in enumerate(parts) if name.endswith((".xml", ".rels"))]
    if not chosen:
        return data
    body = [n for n in chosen if _BODY.fullmatch(parts[n][0])]
    at = rng.choice(body if body and rng.random() < 0.75 else chosen)
    tool = rng.choice((change_tree, change_tree, change_tree, *MARKUP.values()))
    parts[at] = (parts[at][0], tool(parts[at][1], rng))
    return _packed(parts, rng)


def change_elements(data: bytes, rng: random.Random) -> bytes:
    """The elements of the document changed; it stays well-formed XML."""
    parts = _unpacked(data)
    bodies = [n for n, (name, _) in enumerate(parts) if _BODY.fullmatch(name)]
    for at in rng.sample(bodies, min(len(bodies), 2)):
        parts[at] = (parts[at][0], change_tree(parts[at][1], rng))
    return _packed(parts, rng) if bodies else data


def change_part_bytes(data: bytes, rng: random.Random) -> bytes:
    """Some bytes of a part changed, or the part cut off."""
    parts = _unpacked(data)
    if not parts:
        return data
    at = rng.randrange(len(parts))
    name, content = parts[at]
    changed = bytearray(content)
    for _ in range(rng.choice((1, 5, 50)) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    kept = len(changed) if rng.random() < 0.7 else rng.randrange(len(changed) + 1)
    parts[at] = (name, bytes(changed[:kept]))
    return _packed(parts, rng)


def drop_part(data: bytes, rng: random.Random) -> bytes:
    """A part less."""
    parts = _unpacked(data)
    if parts:
        parts.pop(rng.randrange(len(parts)))
    return _packed(parts, rng)


def rename_part(data: bytes, rng: random.Random) -> bytes:
    """A part under another name: a wrong case, an odd one, or that of another part."""
    parts = _unpacked(data)
    if not parts:
        return data
    at = rng.randrange(len(parts))
    name, content = parts[at]
    other = rng.choice((name.upper(), rng.choice(parts)[0], rng.choice(_ODD_NAMES)))
    parts[at] = (other, content)
    return _packed(parts, rng)


def exchange_parts(data: bytes, rng: random.Random) -> bytes:
    """Two parts with each other's contents."""
    parts = _unpacked(data)
    if len(parts) < 2:
        return data
    one, two = rng.sample(range(len(parts)), 2)
    (first, a), (second, b) = parts[one], parts[two]
    parts[one], parts[two] = (first, b), (second, a)
    return _packed(parts, rng)


def add_bomb(data: bytes, rng: random.Random) -> bytes:
    """A part that unpacks to very much, or very many parts."""
    parts = _unpacked(data)
    if rng.random() < 0.4:
        parts += [(f"word/x{n}.xml", b"<x/>") for n in range(rng.choice((100, 3000)))]
        return _packed(parts, rng)
    size = rng.choice((2, 20, 60)) * 1_000_000
    bodies = [n for n, (name, _) in enumerate(parts) if _BODY.fullmatch(name)]
    text = rng.choice((b" ", b"\0", b"<w:p/>", b"<w:tbl><w:tr><w:tc/></w:tr></w:tbl>"))
    if bodies and rng.random() < 0.6:
        name, content = parts[bodies[0]]
        at = content.rfind(b"</w:body>") if b"</w:body>" in content else len(content) // 2
        parts[bodies[0]] = (name, content[:at] + (text * (size // len(text))) + content[at:])
    else:
        parts.append(("word/big.xml", text * (size // len(text))))
    return _packed(parts, rng)


def lie_about_sizes(data: bytes, rng: random.Random) -> bytes:
    """Sizes or flags in the directory that are not true."""
    changed = bytearray(data)
    places = [n for n in range(max(0, len(data) - 50_000), len(data) - 46) if data[n : n + 4] == b"PK\1\2"]
    for at in rng.sample(places, min(len(places), 2)):
        field = rng.choice((8, 10, 16, 20, 24, 28, 42))
        width = "<H" if field in (8, 10, 28) else "<L"
        value = rng.choice((0, 1, 99, 65535, rng.randrange(65536)))
        struct.pack_into(width, changed, at + field, value)
    return bytes(changed)


def _unpacked(data: bytes) -> Parts:
    """The parts, as far as they can be read."""
    parts: Parts = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for info in package.infolist()[:500]:
                if info.file_size < 30_000_000:
                    parts.append((info.filename, package.read(info)))
    except Exception:  # an earlier step has damaged the package: what came before the damage is kept
        return parts
    return parts


def _packed(parts: Parts, rng: random.Random) -> bytes:
    file = io.BytesIO()
    method = rng.choice((zipfile.ZIP_DEFLATED,) * 6 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    if sum(len(content) for _, content in parts) > 1_000_000:
        method = zipfile.ZIP_DEFLATED
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as package:
        warnings.simplefilter("ignore")  # two parts of one name are meant
        for name, content in parts:
            # A fixed date: the same seed gives the same bytes.
            info = zipfile.ZipInfo("." if not name else name[:60_000], (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            package.writestr(info, content)
    return file.getvalue()


PACKAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    function.__name__: function
    for function in (
        change_part,
        change_elements,
        change_part_bytes,
        drop_part,
        rename_part,
        exchange_parts,
        add_bomb,
        lie_about_sizes,
    )
}
# Most damage should be done where tables are read.
PACKAGE |= {f"change_elements_{n}": change_elements for n in range(2, 7)}
