"""Put a rendered report into a saved web page or an archive."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
from collections.abc import Mapping
from typing import Literal

_BOUNDARY = "----=_NextPart_000"
Encoding = Literal["quoted-printable", "base64", "8bit"]


def as_mht(page: bytes, charset: str = "utf-8", encoding: Encoding = "quoted-printable") -> bytes:
    r"""A page as browsers and office programs save it, with a style sheet and a picture beside it.

    Args:
        page: The HTML.
        charset: What the part says of it.
        encoding: How the part is written.

    Example:
        >>> as_mht(b"<p>1</p>").splitlines()[0]
        b'MIME-Version: 1.0'
    """
    coded = {
        "quoted-printable": lambda: quopri.encodestring(page),
        "base64": lambda: base64.encodebytes(page),
        "8bit": lambda: page,
    }[encoding]()
    head = f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="{_BOUNDARY}"; type="text/html"\n\n'
    first = f"Content-Location: file:///C:/report.htm\nContent-Transfer-Encoding: {encoding}\n"
    first += f'Content-Type: text/html; charset="{charset}"\n\n'
    picture = "Content-Location: file:///C:/image001.png\nContent-Type: image/png\n"
    picture += "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
    between = f"\n--{_BOUNDARY}\n".encode()
    end = f"\n--{_BOUNDARY}--\n".encode()
    return b"".join([head.encode(), between, first.encode(), coded, between, picture.encode(), end])


def as_zip(members: Mapping[str, bytes], *, gbk: bool = False) -> bytes:
    """An archive of files; the same files give the same bytes.

    Args:
        members: Name -> bytes.
        gbk: Whether names are written in GBK where the format says CP437, as most programs in China do.

    Example:
        >>> as_zip({"a.txt": b"1"})[:2]
        b'PK'
    """
    stream = io.BytesIO()
    # zipfile writes such names as UTF-8 and says so: names of the same length are put in their place.
    raw = [name.encode("gbk") for name in members] if gbk else []
    written = [f"{n:06d}".ljust(len(name), "_") for n, name in enumerate(raw)] or list(members)
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in zip(written, members.values(), strict=True):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    result = stream.getvalue()
    for placeholder, name_in_gbk in zip(written, raw, strict=False):
        result = result.replace(placeholder.encode(), name_in_gbk)
    return result
