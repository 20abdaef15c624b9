"""Make the bundled sample: our own renderings of published reports, in mixed formats.

    python -m gxstats.testing.sample [FOLDER]

The figures are those of ``data/published/facts.csv``; layout and wording around them are ours.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from gxstats.model import Key
from gxstats.testing.docx import render_docx
from gxstats.testing.html import render_html
from gxstats.testing.spec import FormSpec, Quirks
from gxstats.testing.text import Style, render_text

_COLUMNS = ("file", "report_id", "format", "source")
_LEFT_OUT = "本表未收入样例：来源文本中的数字无法可靠地分开。"
_NOTE = (
    "说明：本文件是 gxstats 项目依据“{source}”中的数字重新绘制的样例，不是原件；"
    "表格以外的文字为本项目自拟。(A rendering by the gxstats project, not the original.)"
)


class Sample(NamedTuple):
    """One file of the sample: its name, the report it renders, how, and its bytes."""

    file: str
    report_id: str
    format: str
    source: str
    content: bytes


def data_folder() -> Path:
    """The folder of shipped data: ``data/`` in a checkout, ``gxstats/_data`` in an installed package.

    Example:
        >>> (data_folder() / "published" / "facts.csv").is_file()
        True
    """
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent / "data"


def samples(published: Path | None = None) -> Iterator[Sample]:
    """Every file of the sample; the same figures give the same bytes.

    Args:
        published: Folder with ``facts.csv`` and ``reports.csv``, by default the shipped one.

    Example:
        >>> next(samples()).file
        'pingtan-2019.html'
    """
    folder = published or data_folder() / "published"
    facts: dict[str, dict[Key, str]] = {}
    for row in _rows(folder / "facts.csv"):
        facts.setdefault(row["report_id"], {})[row["section"], row["item"], row["measure"]] = row["value"]
    reports = {row["report_id"]: row for row in _rows(folder / "reports.csv")}
    for drawn in _plan():
        name = drawn["report_id"]
        spec = _spec(drawn, reports[name], facts[name])
        yield Sample(
            drawn["file"], name, drawn["format"], _source(reports[name]), _bytes(spec, drawn["format"])
        )


def write(folder: Path) -> list[Path]:
    """Write the sample and its ``index.csv`` into a folder; returns the files written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     len(write(Path(folder)))
        15
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = list(samples())
    for sample in made:
        (folder / sample.file).write_bytes(sample.content)
    (folder / "index.csv").write_bytes(index(made))
    return [folder / name for name in (*(sample.file for sample in made), "index.csv")]


def index(made: Sequence[Sample]) -> bytes:
    """The table of the sample's files as CSV.

    Example:
        >>> index([]).decode().strip()
        'file,report_id,format,source'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(sample[: len(_COLUMNS)] for sample in made)
    return text.getvalue().encode()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _plan() -> list[dict[str, Any]]:
    path = Path(__file__).with_name("sample.yaml")
    return cast(list[dict[str, Any]], yaml.safe_load(path.read_text(encoding="utf-8")))


def _source(report: Mapping[str, str]) -> str:
    return report["source"].removesuffix(" (address not recorded)")


def _spec(drawn: Mapping[str, Any], report: Mapping[str, str], facts: Mapping[Key, str]) -> FormSpec:
    forms = dict(drawn.get("forms", {}))
    narrative = {}
    if not any(key[0] == "disclosure" for key in facts):
        forms["disclosure"] = ""
        narrative["disclosure"] = _LEFT_OUT
    amount = ("disclosure", "procurement", "amount")
    values = {key: text + drawn.get("unit", "") * (key == amount) for key, text in facts.items()}
    return FormSpec(
        form=drawn["form"],
        forms=forms,
        values=values,
        agency=report["agency"],
        year=int(report["year"]),
        note=_NOTE.format(source=_source(report)),
        narrative=narrative,
        quirks=Quirks(**drawn.get("quirks", {})),
    )


def _bytes(spec: FormSpec, drawn_as: str) -> bytes:
    match drawn_as:
        case "html":
            return render_html(spec)
        case "docx":
            return render_docx(spec)
        case _:
            return render_text(spec, cast(Style, drawn_as))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else data_folder() / "sample"
    for path in write(target):
        print(path)
