"""Notebooks in a real browser: JupyterLab on a copy of them, run by its menu, light and dark.

Set ``GXSTATS_SCREENSHOTS`` to a folder to keep pictures of what was seen.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.heavy

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 90
"""The longest that a page may take to load, or a notebook to run."""
ROOT_USER = hasattr(os, "geteuid") and os.geteuid() == 0
"""Root, who runs containers, must say so to JupyterLab and has no use of Chromium's sandbox."""
SETTINGS = {
    # All cells are on the page, not only those on the screen.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
FAINTEST = 4.5
"""Contrast that text needs: WCAG 2.1, 1.4.3."""


class Least(NamedTuple):
    """How much a notebook shows at least once it has run."""

    tables: int
    figures: int
    reports: int = 0
    explanations: int = 0


NOTEBOOKS = {
    "00_quickstart": Least(tables=3, figures=2, reports=2),
    "03_reviews_and_litigation": Least(tables=5, figures=3),
    "05_sums_that_do_not_add_up": Least(tables=5, figures=1, explanations=1),
}


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chosen = os.environ.get("GXSTATS_SCREENSHOTS")
    folder = Path(chosen) if chosen else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of JupyterLab, started as a user starts it; ``{}`` stands for what to open."""
    folder, token = tmp_path_factory.mktemp("lab"), secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    options += [f"--IdentityProvider.token={token}", *["--allow-root"] * ROOT_USER]
    command = [sys.executable, "-m", "gxstats.cli", "notebook", "--folder", folder / "notebooks"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [*command, "--no-browser", "--", *options],
            env=environment(folder),
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/api?token={token}", running, folder / "log")
            yield f"{address}/lab/workspaces/{{0}}/tree/{{0}}.ipynb?token={token}"
        finally:
            running.terminate()
            running.wait(30)


def environment(folder: Path) -> dict[str, str]:
    """Nothing of the user's own JupyterLab, and the backend that a notebook chooses by itself."""
    for name, content in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    own = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    own |= {f"JUPYTER_{kind}_DIR": kind.lower() for kind in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"IPYTHONDIR": "ipython"}
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    root = str(Path(__file__).resolve().parents[2])
    return kept | {name: str(folder / below) for name, below in own.items()} | {"PYTHONPATH": root}


def wait_for(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(SECONDS * 5):
        assert running.poll() is None, log.read_text(encoding="utf-8")
        try:
            urlopen(address, timeout=5).close()
            return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not answer: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, f"none of {', '.join(PROGRAMS)} is installed"
    with api.sync_playwright() as playwright:
        options = ["--no-sandbox"] if ROOT_USER else []
        started = playwright.chromium.launch(executable_path=program, args=options)
        yield started
        started.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
    context.set_default_timeout(SECONDS * 1000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_and_can_be_read_in_light_and_dark(
    name: str, lab: str, page: Any, screenshots: Path
) -> None:
    page.goto(lab.format(name))
    run_all_cells(page)
    least = NOTEBOOKS[name]
    for theme in ("Light", "Dark"):
        choose(page, theme)
        seen = page.evaluate(LOOK)
        picture(page, screenshots / f"{name}-{theme.lower()}.png")
        assert seen["errors"] == []
        assert seen["notRun"] == 0
        assert all(seen[kind] >= number for kind, number in least._asdict().items()), seen
        faint = [each for each in seen["texts"] if each["contrast"] < FAINTEST]
        assert faint == [], f"hard to read in the {theme.lower()} theme"


def run_all_cells(page: Any) -> None:
    """By the menu, as a user does; until the last cell has its number and the kernel rests."""
    # The sign beside the kernel's name is idle before there is a kernel, too.
    idle = page.get_by_text("Python 3 (ipykernel) | Idle")
    idle.wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(
        r"""() => {
          const counts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
          return counts.length && /\[\d+\]/.test(counts.at(-1).textContent);
        }"""
    )
    idle.wait_for()


def choose(page: Any, theme: str) -> None:
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for entry in ("Theme", f"JupyterLab {theme}"):  # an entry with a menu of its own has no role
        page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()
    light = str(theme == "Light").lower()
    page.locator(f'body[data-jp-theme-light="{light}"]').wait_for(state="attached")
    page.keyboard.press("Escape")


def picture(page: Any, path: Path) -> None:
    """The whole notebook: the window grows to its length, for it scrolls inside the page."""
    cells = page.locator(".jp-WindowedPanel-outer")
    tall = cells.evaluate("each => each.scrollHeight")
    page.set_viewport_size({"width": 1400, "height": min(int(tall) + 150, 16000)})
    cells.evaluate("each => { each.scrollTop = 0; return new Promise(requestAnimationFrame); }")
    page.screenshot(path=path)
    page.set_viewport_size({"width": 1400, "height": 1000})
