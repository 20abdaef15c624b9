"""LibreOffice as a converter to DOCX: for RTF, old DOC, and where our own reading is in doubt.

It runs without a window and without macros, with a profile of its own in a temporary folder, and is
killed with everything it started when its time is up. Where the system lets a user have a network of his
own (``unshare``; most Linux systems) it has no network at all; elsewhere its proxy is a closed port, links
are not followed and pictures of other places are not fetched, as far as its own settings go.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from gxstats.errors import LimitExceeded, ReadError, UnsupportedFormat
from gxstats.model import Document, Issue, Reading
from gxstats.read.docx import read_docx
from gxstats.read.limits import MAX_INPUT_BYTES, check_input

SECONDS: Final = 40.0
"""How long one call may take: less than a document may take in :mod:`gxstats.batch`."""
_SECONDS_PER_FILE: Final = 5.0
_PROGRAMS: Final = ("soffice", "libreoffice")
_FILTER: Final = "docx:MS Word 2007 XML"
_INSTALL: Final = (
    "install LibreOffice (Debian and Ubuntu: apt-get install libreoffice-writer), or save the file as DOCX"
)
_DEAD_PROXY: Final = "http://127.0.0.1:9"
_COMMON: Final = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS: Final = (
    (_COMMON, "MacroSecurityLevel", "3"),
    (_COMMON, "DisableMacrosExecution", "true"),
    (_COMMON, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def read_rtf(data: bytes) -> Document:
    """Read an RTF file by way of DOCX; raises as :func:`read_converted` does."""
    return read_converted(data, "rtf")


def read_converted(data: bytes, suffix: str) -> Document:
    """Read a file through LibreOffice.

    Args:
        data: The bytes of the file.
        suffix: What its name would end in: ``rtf``, ``doc``.

    Returns:
        The document, its reading named ``libreoffice``; places are those of the converted file. The
        reading is structured: RTF and DOC delimit cells as DOCX does.

    Raises:
        UnsupportedFormat: LibreOffice is not installed.
        ReadError: It could not read the file.
        LimitExceeded: The file is too large, or LibreOffice took too long.
    """
    check_input(data)
    name = f"file.{suffix}"
    converted = convert({name: data}).get(name)
    if converted is None:
        raise ReadError("LibreOffice could not read the file", hint="save it as DOCX with another program")
    document = read_docx(converted)
    note = "LibreOffice converted the file to DOCX; places are those of the converted file"
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="",
        readings=tuple(Reading("libreoffice", r.blocks, r.structured) for r in document.readings),
        issues=(*document.issues, Issue("notice", "converted", note)),
        title=document.title,
        fields=document.fields,
    )


def convert(files: Mapping[str, bytes], *, seconds: float = SECONDS) -> dict[str, bytes]:
    """Convert files to DOCX in one run of LibreOffice, which takes longer to start than to convert.

    Args:
        files: Name -> bytes. Only the ending of a name is used.
        seconds: How long it may take to start and convert the first file; each further one adds five.

    Returns:
        Name -> bytes of the DOCX, for the files that could be converted.

    Raises:
        UnsupportedFormat: LibreOffice is not installed.
        LimitExceeded: Time was up before any file was converted.

    Example:
        >>> convert({})
        {}
    """
    if not files:
        return {}
    program = program_path()
    with tempfile.TemporaryDirectory(prefix="gxstats-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        sources = {name: _stored(home / "in", n, name, data) for n, (name, data) in enumerate(files.items())}
        _write_profile(home)
        arguments = [
            program,
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
            *("--convert-to", _FILTER, "--outdir", str(home / "out")),
            *(str(path) for path in sources.values()),
        ]
        in_time = _run(arguments, home, seconds + _SECONDS_PER_FILE * (len(files) - 1))
        found = {name: _made(home / "out" / f"{path.stem}.docx") for name, path in sources.items()}
    converted = {name: data for name, data in found.items() if data}
    if not in_time and not converted:
        raise LimitExceeded("LibreOffice took too long to read the file", hint="save it as DOCX")
    return converted


@cache
def program_path() -> str:
    """The command that starts LibreOffice.

    Raises:
        UnsupportedFormat: It is not installed.
    """
    found = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise UnsupportedFormat(
            "reading this file needs LibreOffice, which is not installed (package libreoffice-writer)",
            hint=_INSTALL,
        )
    return found


@cache
def has_no_network() -> bool:
    """Whether LibreOffice is started without any network here."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    tried = subprocess.run([unshare, "-rn", "true"], capture_output=True, timeout=10, check=False)
    return tried.returncode == 0


def _stored(folder: Path, number: int, name: str, data: bytes) -> Path:
    """Write a file under a name of our own: names of documents are not to be trusted."""
    suffix = "".join(sign for sign in Path(name).suffix[1:6].lower() if sign.isascii() and sign.isalnum())
    folder.mkdir(exist_ok=True)
    path = folder / f"{number}.{suffix or 'doc'}"
    path.write_bytes(data)
    return path


def _write_profile(home: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = home / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _run(arguments: list[str], home: Path, seconds: float) -> bool:
    """Start the program, wait, and leave nothing of it behind; false if its time was up."""
    if has_no_network():
        arguments = ["unshare", "-rn", *arguments]
    if timeout := shutil.which("timeout"):
        # It ends LibreOffice even if this process is killed while waiting.
        arguments = [timeout, "--signal=KILL", str(seconds + 5), *arguments]
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _DEAD_PROXY)
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LC_ALL": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        **proxies,
    }
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=home,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _kill(process)
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)  # also what a process that has ended left behind
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()


def _made(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_INPUT_BYTES:
        return b""
    return path.read_bytes()
