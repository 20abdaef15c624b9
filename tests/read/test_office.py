"""LibreOffice as a converter: what it makes of RTF and of DOC, what it may not do. Needs LibreOffice."""

from __future__ import annotations

import http.server
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import gxstats as gx
from gxstats.errors import LimitExceeded, ReadError
from gxstats.model import Grid
from gxstats.read import office
from gxstats.read.doc import read_doc
from gxstats.read.docx import read_docx
from gxstats.testing.compare import compare
from gxstats.testing.doc import render_doc
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.values import Size, Zero, expected, print_values, random_values

pytestmark = pytest.mark.heavy
FILTERS = {"doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format"}


def a_spec(number: int) -> FormSpec:
    form = "f2019" if number % 4 == 3 else "f2021"
    sizes: tuple[Size, ...] = ("small", "mid", "huge", "zero")
    zeros: tuple[Zero, ...] = ("0", "blank", "slash", "mixed")
    values = random_values(number, form, size=sizes[number % 4])
    texts, _ = print_values(values, zero=zeros[number // 2 % 4], rng=number)
    rng = random.Random(number)
    quirks = Quirks(
        labels=rng.choice(("standard", "annotated")),
        wrappers=rng.choice(("none", "span")),
        spans=rng.choice(("true", "rounded")),
        block_tables=rng.random() < 0.5,
        layout_table=number == 7,
    )
    return FormSpec(form, values=texts, agency=f"某{number}县人民政府", quirks=quirks)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """Ten of our renderings, saved by LibreOffice as DOC and as RTF."""
    folder = tmp_path_factory.mktemp("saved")
    paths = [folder / f"{number}.docx" for number in range(10)]
    for number, path in enumerate(paths):
        path.write_bytes(render_docx(a_spec(number)))
    for filter_name in FILTERS.values():
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office.program_path(), profile, "--headless", "--convert-to", filter_name]
        subprocess.run([*command, "--outdir", folder, *paths], check=True, timeout=180, capture_output=True)
    return {kind: [path.with_suffix(f".{kind}").read_bytes() for path in paths] for kind in FILTERS}


def test_doc_files_saved_by_libreoffice_are_exact(saved: dict[str, list[bytes]]) -> None:
    for number, content in enumerate(saved["doc"]):
        report = gx.read_report(content)
        found = compare(report.fact_rows, expected(a_spec(number)))
        assert (found.exact, found.wrong) == (found.total, 0), (number, str(found))
        assert {fact.verdict for fact in report.fact_rows} == {"confirmed"}
        assert {fact.reader.split()[-1] for fact in report.fact_rows} == {"doc"}


def test_rtf_files_are_exact(saved: dict[str, list[bytes]]) -> None:
    for number, content in enumerate(saved["rtf"][:3]):
        report = gx.read_report(content)
        found = compare(report.fact_rows, expected(a_spec(number)))
        assert (found.exact, found.wrong) == (found.total, 0), (number, str(found))
        assert {fact.reader.split()[-1] for fact in report.fact_rows} == {"libreoffice"}
        assert "converted" in {issue.code for issue in report.issue_rows}


def test_many_files_in_one_run(saved: dict[str, list[bytes]]) -> None:
    files = {f"{kind}-{n}.{kind}": data for kind, some in saved.items() for n, data in enumerate(some)}
    began = time.monotonic()
    converted = office.convert(files | {"../../odd name.rtf": b"{\\rtf1 text}"})
    assert set(converted) == {*files, "../../odd name.rtf"}
    assert time.monotonic() - began < 60


def test_our_own_renderings_say_the_same_to_both() -> None:
    """LibreOffice understands the DOC files the tests are made of."""
    content = render_doc(a_spec(0))
    theirs, ours = office.read_converted(content, "doc").readings[0], read_doc(content).readings[0]
    texts = [
        [
            [c.text for c in row.cells if c.text]
            for g in reading.blocks
            if isinstance(g, Grid)
            for row in g.rows
        ]
        for reading in (theirs, ours)
    ]
    assert texts[0] == texts[1]


def test_in_a_worker_with_limited_memory(saved: dict[str, list[bytes]]) -> None:
    code = (
        "import sys, resource; resource.setrlimit(resource.RLIMIT_AS, (3072 << 20,) * 2);"
        "import gxstats; sys.exit(not gxstats.read_report(sys.stdin.buffer.read()).fact_rows)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=saved["rtf"][0], timeout=120, check=False)
    assert done.returncode == 0


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(ReadError, match="could not"):
        office.read_converted(bytes(range(256)) * 20, "doc")


def test_time_is_limited_and_nothing_is_left_behind(saved: dict[str, list[bytes]]) -> None:
    with pytest.raises(LimitExceeded, match="too long"):
        office.convert({"a.rtf": saved["rtf"][0]}, seconds=0.3)
    time.sleep(0.5)
    running = [
        p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.is_file() and os.access(p, os.R_OK)
    ]
    assert not [command for command in running if b"gxstats-office-" in command]


def test_nothing_is_fetched() -> None:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    fields = "".join(
        f'{{\\field{{\\*\\fldinst {name} "{address}/{name}" \\\\d}}{{\\fldrslt x}}}}'
        for name in ("INCLUDEPICTURE", "INCLUDETEXT", "LINK")
    )
    try:
        office.convert({"a.rtf": f"{{\\rtf1{{\\*\\template {address}/t}} text {fields}}}".encode()})
    finally:
        server.shutdown()
    assert asked == []


def test_files_of_the_machine_are_not_read_into_a_document(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-17", encoding="utf-8")
    for name in ("INCLUDETEXT", "INCLUDEPICTURE", "LINK"):
        field = f'{{\\field{{\\*\\fldinst {name} "{secret.as_uri()}"}}{{\\fldrslt x}}}}'
        converted = office.convert({"a.rtf": f"{{\\rtf1 text {field}}}".encode()})
        # A picture that is none makes LibreOffice give up.
        assert all("SECRET-17" not in str(read_docx(content)) for content in converted.values())
