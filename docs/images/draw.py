"""Draw the pictures of the READMEs from the published figures that come with gxstats.

    python docs/images/draw.py

The picture of a report needs a Chromium on the PATH; without it only the charts are drawn.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from base64 import b64encode
from importlib.util import find_spec
from pathlib import Path

import gxstats as gx

FOLDER = Path(__file__).resolve().parent
PAGE = """<!doctype html><meta charset="utf-8"><style>
@font-face {{ font-family: Drawn; src: url(data:font/ttf;base64,{font}) }}
body {{ margin: 8px; background: #fff; font-family: Drawn }}</style>
<body data-jp-theme-light="true">{report}"""


def draw_charts() -> None:
    """The chart of applications in both languages."""
    facts = gx.load_published().tidy(warn=False)
    for lang, name in (("en", "quickstart.png"), ("zh", "quickstart.zh-CN.png")):
        figure, _ = gx.plot.volumes(facts, lang)
        figure.savefig(FOLDER / name, dpi=100)


def draw_report() -> None:
    """The report with a sum that fails, as a notebook shows it."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    spec = find_spec("zhplot")
    if browser is None or spec is None or spec.origin is None:
        print("no browser, or no font: report.png is left as it is")
        return
    font = next((Path(spec.origin).parent / "fonts").glob("*.ttf"))
    report = next(r for r in gx.load_published() if r.meta["source"] == "pingtan-2020")
    html = PAGE.format(font=b64encode(font.read_bytes()).decode(), report=report._repr_html_())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "report.html")
        page.write_text(html, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=980,1260"]
        target = f"--screenshot={FOLDER / 'report.png'}"
        subprocess.run([browser, *options, target, page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    draw_charts()
    draw_report()
