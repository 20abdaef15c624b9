"""Exports in the programs they are made for: LibreOffice opens the workbook, Datasette serves the database.

Set ``GXSTATS_SCREENSHOTS`` to a folder to keep pictures of what was seen.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import gxstats as gx
from gxstats.dataset.store import ReleaseWriter, open_dataset
from gxstats.errors import GxError

pytestmark = pytest.mark.heavy
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chosen = os.environ.get("GXSTATS_SCREENSHOTS")
    folder = Path(chosen) if chosen else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[gx.Dataset]:
    folder = tmp_path_factory.mktemp("out") / "set"
    reports = gx.read_reports(gx.sample_files(), progress=False)
    with ReleaseWriter(folder) as release:
        for report in sorted(reports, key=lambda r: r.document_id):
            release.add(report)
        release.commit({"gxstats": gx.__version__})
    with open_dataset(folder) as opened:
        yield opened


def converted(path: Path, kind: str, folder: Path) -> Path:
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, timeout=SECONDS * 3)
    return folder / f"{path.stem}.{kind.partition(':')[0]}"


@pytest.mark.parametrize(
    ("lang", "seen"),
    [("zh", ["机关", "不成立的勾稽关系", "自然人", "图例"]), ("en", ["Agency", "natural persons", "Legend"])],
)
def test_libreoffice_opens_the_workbook(
    dataset: gx.Dataset, tmp_path: Path, pictures: Path, lang: Any, seen: list[str]
) -> None:
    import pypdfium2

    path = gx.export(dataset, tmp_path / f"book-{lang}.xlsx", lang=lang)
    document = pypdfium2.PdfDocument(converted(path, "pdf", tmp_path))
    pages = [page.get_textpage().get_text_range() for page in document]
    text = "".join("".join(page.split()) for page in pages)
    for words in seen:
        assert "".join(words.split()) in text
    assert "✗" in text and "###" not in text
    for number in [0, 1, *(n for n, page in enumerate(pages) if "✗" in page)][:6]:
        document[number].render(scale=1.4).to_pil().save(pictures / f"book-{lang}-{number}.png")


def test_libreoffice_reads_the_same_heads_and_cells(dataset: gx.Dataset, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = gx.export(dataset, tmp_path / "book.xlsx", lang="en")
    (tmp_path / "again").mkdir()
    # What is frozen cannot be compared: without a window LibreOffice writes no view.
    before, after = load_workbook(path), load_workbook(converted(path, "xlsx", tmp_path / "again"))
    assert before.sheetnames == after.sheetnames
    for one, two in zip(before, after, strict=True):
        assert {str(a) for a in one.merged_cells.ranges} == {str(a) for a in two.merged_cells.ranges}
        values = [[cell.value for cell in row] for row in one.iter_rows()]
        assert [[cell.value for cell in row[: len(values[0])]] for row in two.iter_rows()] == values


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def served(dataset: gx.Dataset) -> Iterator[str]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gxstats.cli",
        "browse",
        str(dataset.folder),
        "--no-open",
        "--lang",
        "en",
    ]
    # A group of its own: Datasette is a child of the command.
    server = subprocess.Popen([*command, "--port", str(port)], start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(SECONDS * 4):
            assert server.poll() is None, "the server has stopped"
            try:
                urlopen(f"{address}/-/versions.json", timeout=1).close()
                break
            except (URLError, OSError):
                time.sleep(0.25)
        yield address
    finally:
        os.killpg(server.pid, 15)
        server.wait(timeout=10)


def fetched(address: str) -> Any:
    with urlopen(address, timeout=SECONDS) as answer:
        return json.load(answer)


def test_datasette_serves_tables_and_views(served: str, dataset: gx.Dataset) -> None:
    facts = fetched(f"{served}/gxstats/facts.json?_size=1&_facet=state")
    assert facts["filtered_table_rows_count"] == dataset.release.rows["facts"]
    assert {f["value"] for f in facts["facet_results"]["state"]["results"]} == set(dataset.facts().state)
    for view in ("figures", "applications", "failing_sums", "not_figures"):
        assert fetched(f"{served}/gxstats/{view}.json?_size=2&_shape=array")
    described = fetched(f"{served}/-/metadata.json")["databases"]["gxstats"]["tables"]
    assert "Count as printed" in described["facts"]["columns"]["value"]
    amount = fetched(f"{served}/gxstats/facts.json?amount__notblank=1&_size=1&_shape=array")
    assert isinstance(amount[0]["amount"], str)


@pytest.mark.parametrize(
    "page", ["", "gxstats", "gxstats/reports", "gxstats/failing_sums", "gxstats/applications"]
)
def test_datasette_shows_in_a_browser(served: str, pictures: Path, page: str) -> None:
    from playwright.sync_api import sync_playwright

    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        pytest.fail("no Chromium is installed")
    with sync_playwright() as play:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = play.chromium.launch(executable_path=program, args=arguments)
        window = browser.new_page(viewport={"width": 1400, "height": 1000})
        answer = window.goto(f"{served}/{page}")
        assert answer is not None and answer.ok
        window.screenshot(path=pictures / f"datasette-{page.replace('/', '-') or 'home'}.png")
        text = window.inner_text("body")
        browser.close()
    assert "Government information disclosure" in text or "gxstats" in text


def test_browse_keeps_its_database_beside_the_dataset(served: str, dataset: gx.Dataset) -> None:
    assert served
    assert len(list((dataset.folder / ".browse").glob("*/gxstats.sqlite"))) == 1
    assert not isinstance(open_dataset(dataset.folder), GxError)
