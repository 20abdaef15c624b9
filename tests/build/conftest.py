"""A folder of generated reports, and processes that documents can take down."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gxstats.batch import Limits
from gxstats.testing.forms import FormSpec
from gxstats.testing.html import render_html
from gxstats.testing.values import print_values, random_values

WATCHED_READER = """
import hashlib, os
from gxstats.build.worker import hand_over
from gxstats.testing import hostile_reader
from gxstats.worker import serve

def read(data, request):
    answer = hostile_reader.read(data, request)
    with open({log!r}, "a") as log:
        log.write(hashlib.sha256(data).hexdigest() + "\\n")
    return answer

serve(read, hand_over)
"""


class Watched:
    """Limits whose reading processes log what they read."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "read.log"
        self.script = folder / "reader.py"
        self.script.write_text(WATCHED_READER.format(log=str(self.log)))
        self.limits = Limits(timeout=6, memory=3072, command=(sys.executable, str(self.script)))

    def read(self) -> list[str]:
        """The sha256 of every document read so far, in order of reading."""
        return self.log.read_text().split() if self.log.exists() else []


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    folder = tmp_path / "watched"
    folder.mkdir()
    return Watched(folder)


def page(number: int, year: int = 2023) -> bytes:
    """A report of a known body, with figures of its own."""
    spec = FormSpec(
        agency="淮安市洪泽区农业农村局",
        year=year,
        values=print_values(random_values(number))[0],
        note=f"第{number}号",
    )
    return render_html(spec)


def write_pages(folder: Path, count: int) -> Path:
    """A folder with so many reports."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"报告 {number}.html").write_bytes(page(number, 2022 + number % 2))
    return folder


def content_of(out: Path) -> dict[str, str]:
    """Digest of every file of a release, by its path."""
    return dict(_digests(out))


def _digests(out: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_file() and not name.startswith("."):
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()
