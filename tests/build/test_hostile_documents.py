"""Documents that hang, crash or eat their reader cost themselves and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import gxstats as gx
from gxstats.build.pipeline import run
from tests.build.conftest import Watched, content_of, write_pages

SPOILED = """
spoiled = []

def watch(data, request):
    spoiled.append(b"spoils" in data)
    return read(data, request)

def fail():
    if any(spoiled):
        os.abort()
    return hand_over()

serve(watch, fail)
"""
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]><html><body><p>&m;</p><table><tr><td>&m;</td></tr></table></body></html>"
)


def zip_bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w") as part:
            for _ in range(400):
                part.write(b" " * (1 << 20))
    return made.getvalue()


def with_hostile(folder: Path) -> dict[str, bytes]:
    bad = {
        "hang": b"hang",
        "crash": b"crash",
        "memory": b"memory",
        "cut": b"cut",
        "entities.html": ENTITIES,
        "zip.docx": zip_bomb(),
    }
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    return bad


def test_exactly_the_hostile_documents_are_reported(tmp_path: Path, watched: Watched) -> None:
    folder = write_pages(tmp_path / "in", 24)
    bad = with_hostile(folder)
    out = tmp_path / "out"
    done = run(folder, out, jobs=2, limits=watched.limits, progress=False)
    assert (done.documents, done.read, done.without_facts) == (24 + len(bad), 24 + len(bad), len(bad))
    dataset = gx.open(out)
    errors = dataset.issues[dataset.issues.level == "error"]
    told: dict[str, set[str]] = {}
    for source, code in zip(errors.source, errors.code, strict=True):
        told.setdefault(Path(source).name, set()).add(code)
    assert told.pop("entities.html")
    assert told.pop("memory") <= {"crashed", "internal_error", "limit", "no_tables", "timeout"}
    assert told == {
        "hang": {"timeout"},
        "crash": {"crashed"},
        "cut": {"crashed"},
        "zip.docx": {"limit", "no_tables"},
    }
    before = content_of(out)
    again = run(folder, out, jobs=1, limits=watched.limits, progress=False)
    assert again.read == 0
    assert content_of(out) == before


def test_a_document_that_spoils_what_was_read_with_it_costs_no_other(
    tmp_path: Path, watched: Watched
) -> None:
    watched.script.write_text(watched.script.read_text().replace("serve(read, hand_over)", SPOILED))
    folder = write_pages(tmp_path / "in", 7)
    (folder / "spoils.html").write_bytes(b"<p>spoils</p>")
    done = run(folder, tmp_path / "out", jobs=1, limits=watched.limits, progress=False)
    assert (done.read, done.without_facts) == (8, 1)
    issues = gx.open(tmp_path / "out").issues
    (lost,) = issues[issues.code == "crashed"].source
    assert Path(lost).name == "spoils.html"
    assert max(Counter(watched.read()).values()) == 3


def test_more_time_is_given_to_those_that_had_too_little(tmp_path: Path, watched: Watched) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "hang").write_bytes(b"hang")
    short, longer = replace(watched.limits, timeout=0.5), replace(watched.limits, timeout=1.5)
    assert run(folder, tmp_path / "out", jobs=1, limits=short, progress=False).read == 1
    assert run(folder, tmp_path / "out", jobs=1, limits=short, progress=False).read == 0
    assert run(folder, tmp_path / "out", jobs=1, limits=longer, progress=False).read == 1
    message = gx.open(tmp_path / "out").issues.query("code == 'timeout'").message.tolist()
    assert message == ["reading took longer than 1.5 seconds"]
