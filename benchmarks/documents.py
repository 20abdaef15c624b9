"""The files that are measured: the shared corpus when it is beside the checkout, else our own renderings."""

from __future__ import annotations

import atexit
import csv
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gxstats.model import Key
from gxstats.testing.compare import load_truth
from gxstats.testing.spec import FormSpec
from gxstats.testing.values import Expected, Zero, print_values, random_values

if TYPE_CHECKING:
    from gxstats.testing.pdf import Border

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
RENDERED = 24
"""Reports rendered in each format where there is no corpus."""
# These copies were printed from pages that leave the section out.
_WITHOUT_DISCLOSURE = {"chrome_pdf": {"d006", "d018", "d030", "d042", "d054"}}
_KINDS = {".htm": "html", ".txt": "text"}
_COLUMNS = ("section", "item", "measure", "value", "state")


@dataclass(frozen=True, slots=True)
class Sample:
    """One file, and where its checked figures are."""

    folder: str
    path: Path
    truth_path: Path | None = None
    without: tuple[str, ...] = ()
    title: str = ""

    @property
    def kind(self) -> str:
        """``pdf``, ``html``, ``docx``, ``odt``, ``text`` ... by the name of the file."""
        return _KINDS.get(self.path.suffix, self.path.suffix[1:])

    def data(self) -> bytes:
        """The bytes of the file."""
        return self.path.read_bytes()

    def truth(self) -> dict[Key, Expected]:
        """What a right reading says; nothing if nobody checked the file."""
        return load_truth(self.truth_path, without=self.without) if self.truth_path else {}


@cache
def samples() -> tuple[Sample, ...]:
    """Every file, in a stable order."""
    if (SHARED / "corpus" / "INDEX.csv").is_file():
        return (*_corpus(SHARED / "corpus"), *_reports(SHARED / "reports"))
    return tuple(_rendered())


def of_folder(*folders: str) -> list[Sample]:
    """The samples of these folders."""
    return [sample for sample in samples() if sample.folder in folders]


def described() -> str:
    """Which files these are, in a few words."""
    if (SHARED / "corpus" / "INDEX.csv").is_file():
        return "../shared/corpus and ../shared/reports"
    return f"no ../shared here: data/sample and {RENDERED} reports rendered by gxstats.testing in each format"


def spread(items: list[Sample], count: int) -> list[Sample]:
    """At most ``count`` samples, evenly spread; all if ``count`` is 0."""
    if not count or len(items) <= count:
        return items
    return [items[index * len(items) // count] for index in range(count)]


def _corpus(folder: Path) -> Iterator[Sample]:
    titles = {row["id"]: _title(row["name"], row["year"]) for row in _rows(folder / "INDEX.csv")}
    for place in sorted(p for p in folder.iterdir() if p.is_dir() and p.name != "truth"):
        for path in sorted(place.iterdir()):
            truth = folder / "truth" / f"{path.stem}.csv"
            bare = place.name == "html" or path.stem in _WITHOUT_DISCLOSURE.get(place.name, ())
            without = ("disclosure",) if bare else ()
            known = truth if truth.is_file() else None
            yield Sample(place.name, path, known, without, titles.get(path.stem, ""))


def _reports(folder: Path) -> Iterator[Sample]:
    for row in _rows(folder / "INDEX.csv"):
        path = folder / row["file"]
        truth = path.with_name(f"{path.stem}.truth.csv")
        known = truth if truth.is_file() else None
        yield Sample("reports", path, known, (), _title(row["agency"], row["year"]))


def _title(name: str, year: str) -> str:
    return f"{name}{year}年政府信息公开工作年度报告"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _rendered() -> Iterator[Sample]:
    """Our own renderings, in a folder that is removed at the end of the process."""
    folder = Path(tempfile.mkdtemp(prefix="gxstats-benchmarks-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    found = [sample for number in range(RENDERED) for sample in render(number, folder)]
    yield from sorted(found, key=lambda sample: (sample.folder, sample.path.name))
    yield from _shipped(folder)


def render(number: int, folder: Path) -> list[Sample]:
    """One report with random figures as PDF, HTML and DOCX, and its truth, written into ``folder``."""
    from gxstats.testing.docx import render_docx
    from gxstats.testing.html import render_html
    from gxstats.testing.values import expected

    spec = form_spec(number)
    truth = _write_truth(folder / f"r{number:05}.truth.csv", expected(spec))
    drawn = {"pdf": _pdf(spec, number), "html": render_html(spec), "docx": render_docx(spec)}
    made = []
    for kind, data in drawn.items():
        path = folder / f"r{number:05}.{kind}"
        path.write_bytes(data)
        made.append(Sample(kind, path, truth, (), spec.heading))
    return made


def render_pdfs(count: int, folder: str) -> None:
    """So many different PDFs, for readers that must not remember them all."""
    for number in range(count):
        (Path(folder) / f"r{number:05}.pdf").write_bytes(_pdf(form_spec(number), number))


def form_spec(number: int) -> FormSpec:
    """The report of this number: form, figures, zero style and year follow from it."""
    form = "f2019" if number % 6 == 5 else "f2021"
    values = random_values(number, form, size=("small", "mid", "huge", "zero")[number % 4])
    zero: Zero = ("0", "blank", "slash", "mixed")[number // 2 % 4]
    texts, _ = print_values(values, zero=zero, digits=("plain", "comma")[number % 2], rng=number)
    year = 2019 if form == "f2019" else 2021 + number % 4
    narrative = {"overview": f"本年度第{number}号报告，公开信息{number * 7}条。"}
    return FormSpec(form, values=texts, agency=f"某{number}县人民政府", year=year, narrative=narrative)


def _pdf(spec: FormSpec, number: int) -> bytes:
    from gxstats.testing.forms_pdf import render_form_pdf
    from gxstats.testing.pdf_layout import PdfLayout

    border: Border = ("thin", "hair", "gray", "dotted")[number % 4]
    return render_form_pdf(spec, PdfLayout(border=border, cut_rows=bool(number % 2)))


def _write_truth(path: Path, truth: Mapping[Key, Expected]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(_COLUMNS)
        for key, (state, number) in truth.items():
            writer.writerow((*key, "" if number is None else number, state or ""))
    return path


def _shipped(folder: Path) -> Iterator[Sample]:
    """The files of ``data/sample`` with the published figures they were drawn from."""
    data = ROOT / "data"
    truths: dict[str, list[dict[str, str]]] = {}
    for row in _rows(data / "published" / "facts.csv"):
        truths.setdefault(row["report_id"], []).append(row)
    for row in _rows(data / "sample" / "index.csv"):
        truth = folder / f"{row['report_id']}.truth.csv"
        with truth.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, _COLUMNS, extrasaction="ignore", restval="")
            writer.writeheader()
            writer.writerows(truths[row["report_id"]])
        yield Sample("sample", data / "sample" / row["file"], truth)
