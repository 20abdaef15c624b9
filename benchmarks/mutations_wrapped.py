"""Damage to what a report is wrapped in: saved pages (MHT) and archives with a report inside."""

from __future__ import annotations

import base64
import email
import io
import quopri
import random
import re
import zipfile
from collections.abc import Callable, Mapping

from benchmarks.mutations_markup import MARKUP
from benchmarks.mutations_ole import OLE
from benchmarks.mutations_package import PACKAGE
from benchmarks.mutations_pdf import PDF
from benchmarks.mutations_text import TEXT

Mutate = Callable[[bytes, random.Random], bytes]
_HEADERS = (
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: x-uuencode",
    b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Type: text/html; charset=hz",
    b"Content-Type: text/html; charset*0*=utf-8'x'%ff",
    b"Content-Type: message/rfc822",
    b"Content-Type: multipart/mixed; boundary=y",
    b"Content-Type: ",
    b"Content-ID: <a@b>",
    b" folded",
    b"=?utf-8?B?////?=",
    b"X: " + b"a" * 100_000,
)
_MAGIC: tuple[tuple[bytes, Mapping[str, Mutate]], ...] = (
    (b"PK", PACKAGE),
    (b"%PDF", PDF),
    (b"\xd0\xcf", OLE),
    (b"<", MARKUP),
)


def change_page(data: bytes, rng: random.Random) -> bytes:
    """The markup of the page damaged, encoded again as it was."""
    try:
        parts = [p for p in email.message_from_bytes(data).walk() if p.get_content_type() == "text/html"]
        page = parts[0].get_payload(decode=True) if parts else None
    except Exception:  # an earlier step has damaged the message
        return data
    if not isinstance(page, bytes):
        return data
    changed = MARKUP[rng.choice(sorted(MARKUP))](page, rng)[:3_000_000]
    code = rng.choice(("quoted-printable", "base64", "8bit"))
    body = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(code, bytes)(changed)
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
    kind = f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: {code}\n\n".encode()
    return head + kind + body + b"\n--b--\n"


def change_headers(data: bytes, rng: random.Random) -> bytes:
    """Headers of parts exchanged, added, dropped or without end."""
    lines = data.split(b"\n")
    heads = [n for n, line in enumerate(lines[:5000]) if re.match(rb"[\w-]+:", line)]
    for _ in range(rng.choice((1, 2, 5)) if heads else 0):
        at = min(rng.choice(heads), len(lines) - 1)
        new = rng.choice((*_HEADERS, b"", lines[rng.choice(heads) % len(lines)]))
        lines[at : at + rng.randrange(2)] = [new] * rng.choice((1, 1, 300))
    return b"\n".join(lines)


def change_boundaries(data: bytes, rng: random.Random) -> bytes:
    """Boundaries that are missing, doubled, nested, or those of another part."""
    found = list(re.finditer(rb"^--[^\n]*\n", data, re.MULTILINE))
    if not found:
        return data
    match = rng.choice(found)
    inner = b"Content-Type: multipart/mixed; boundary=z%d\n\n--z%d\n"
    nested = b"".join(inner % (n, n) for n in range(rng.choice((3, 15, 2000))))
    new = rng.choice((b"", match[0] * rng.choice((2, 5000)), match[0] + nested, b"--\n", match[0].strip()))
    return data[: match.start()] + new + data[match.end() :]


def change_member(data: bytes, rng: random.Random) -> bytes:
    """The report in the archive damaged as one of its format, or as bytes."""
    members = _unpacked(data)
    if not members:
        return data
    at = max(range(len(members)), key=lambda n: len(members[n][1]))
    name, content = members[at]
    tools = next((tools for magic, tools in _MAGIC if content.lstrip().startswith(magic)), TEXT)
    members[at] = (name, tools[rng.choice(sorted(tools))](content, rng)[:20_000_000])
    return _packed(members)


def nest_archives(data: bytes, rng: random.Random) -> bytes:
    """The archive in an archive in an archive, perhaps with a bomb beside the report."""
    for depth in range(rng.choice((1, 2, 3, 30))):
        members = [(f"{depth}.zip", data)]
        if rng.random() < 0.3:
            members.append(("x.html", b"<p>" + b" " * rng.choice((1000, 20_000_000))))
        data = _packed(members)
    return data


def add_members(data: bytes, rng: random.Random) -> bytes:
    """More members: other reports, nothing, noise, or hundreds of them."""
    members = _unpacked(data)
    for n in range(rng.choice((1, 1, 3, 99, 101, 3000))):
        content = rng.choice((b"", b"x", b"<p>1", rng.choice(members)[1] if members else b""))
        if sum(len(body) for _, body in members) < 10_000_000:
            members.append((rng.choice((f"{n}.html", "../../a.docx", "__MACOSX/._a", "说明.txt")), content))
    return _packed(members)


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [
                (info.filename, archive.read(info))
                for info in archive.infolist()[:200]
                if info.file_size < 30_000_000
            ]
    except Exception:  # an earlier step has damaged the archive
        return []


def _packed(members: list[tuple[str, bytes]]) -> bytes:
    import warnings

    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # two members of one name are meant
        for name, content in members:
            info = zipfile.ZipInfo(name or ".", (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return file.getvalue()


MHT: dict[str, Mutate] = {
    "change_page": change_page,
    "change_page_2": change_page,
    "change_page_3": change_page,
    "change_headers": change_headers,
    "change_boundaries": change_boundaries,
}
ARCHIVE: dict[str, Mutate] = {
    **{f"change_member_{n}": change_member for n in range(1, 6)},
    "nest_archives": nest_archives,
    "add_members": add_members,
    **{name: PACKAGE[name] for name in ("rename_part", "exchange_parts", "add_bomb", "lie_about_sizes")},
    "change_part_bytes": PACKAGE["change_part_bytes"],
}
