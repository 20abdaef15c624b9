"""Write many synthetic reports fast, to measure builds with.

    python -m gxstats.testing.corpus FOLDER N

Every report says in its title line, its metadata and a note that it is synthetic. Each form is drawn once
in each format with numbers that occur nowhere else; the files are copies with these numbers replaced.
"""

from __future__ import annotations

import csv
import io
import random
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from gxstats.model import Key
from gxstats.schema import form, section_names
from gxstats.testing.hostile import HOSTILE
from gxstats.testing.spec import FormSpec
from gxstats.testing.values import random_values

Format = Literal["html", "docx", "pdf"]
NOTE = (
    "合成样例：本文件由 gxstats 生成，数字为随机数，不是任何机关的报告。"
    "(Synthetic: made by gxstats with random figures; nobody's report.)"
)
_YEARS = {"f2021": (2021, 2022, 2023, 2024), "f2019": (2019, 2020)}
_FIRST, _AGENCY, _YEAR = 30_001, "917355", "8642"
"""Numbers that stand for figures, the number of the agency and the year."""
_POOL = 200
_PER_FOLDER = 1_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Made(NamedTuple):
    """One file of a corpus: its path in the folder, and what a right reading of it says."""

    file: str
    kind: str
    form: str
    agency: str
    year: int | None
    values: Mapping[Key, str]


def write_corpus(
    folder: Path | str,
    n: int,
    seed: int = 0,
    formats: Sequence[Format] = ("html", "docx", "pdf"),
    hostile: float = 0.0,
) -> list[Made]:
    """Write ``n`` files, and ``truth.csv`` that says what each holds.

    Args:
        folder: where to; made if it is not there. Files stand in folders of 1000.
        n: how many files.
        seed: the same seed gives the same bytes.
        formats: formats of the reports, in turn.
        hostile: share of files that are no reports but made to harm a reader, from 0 to 1; ``kind`` in
            ``truth.csv`` names which of :data:`~gxstats.testing.hostile.HOSTILE` they are.

    Returns:
        One record per file.

    Raises:
        ValueError: ``hostile`` is no share, or there is no format.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [made.file for made in write_corpus(folder, 2, formats=["html"])]
        ['0000/000000.html', '0000/000001.html']
    """
    if not 0 <= hostile <= 1 or not formats:
        raise ValueError("hostile is a share from 0 to 1, and at least one format is needed")
    made = []
    for record, content in _drawn(n, seed, formats, hostile):
        path = Path(folder) / record.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        made.append(record)
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "truth.csv").write_bytes(truth(made))
    return made


def _drawn(n: int, seed: int, formats: Sequence[Format], hostile: float) -> Iterator[tuple[Made, bytes]]:
    """The files one by one, each with its bytes."""
    rng = random.Random(seed)
    turns = {number: turn for turn, number in enumerate(sorted(rng.sample(range(n), round(n * hostile))))}
    for number in range(n):
        if number in turns:
            yield _hostile(number, seed, turns[number])
        else:
            yield _report(number, rng, formats[number % len(formats)])


def truth(made: Sequence[Made]) -> bytes:
    """The table of a corpus as CSV: file, kind, form, agency, year, then every cell of every form used."""
    keys = [key for name in _YEARS for key in _blank(name).cell_keys()]
    keys = [*dict.fromkeys(keys)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*Made._fields[:-1], *(".".join(key) for key in keys)])
    for record in made:
        writer.writerow([*record[:-1], *(record.values.get(key, "") for key in keys)])
    return text.getvalue().encode()


def _report(number: int, rng: random.Random, written_as: Format) -> tuple[Made, bytes]:
    name = rng.choice(("f2021", "f2021", "f2019"))
    year = rng.choice(_YEARS[name])
    values = _figures(name)[rng.randrange(_POOL)]
    skeleton = _skeleton(name, written_as)
    content = skeleton.filled([f"{number:06d}", str(year), *values.values()])
    agency = f"虚构{number:06d}县人民政府"
    return Made(_file(number, written_as), "report", name, agency, year, values), content


def _hostile(number: int, seed: int, turn: int) -> tuple[Made, bytes]:
    kind = [*HOSTILE][turn % len(HOSTILE)]
    suffix, make = HOSTILE[kind]
    return Made(_file(number, suffix), kind, "", "", None, {}), make(f"{seed}{number:06d}")


def _file(number: int, suffix: str) -> str:
    return f"{number // _PER_FOLDER:04d}/{number:06d}.{suffix}"


@cache
def _figures(name: str) -> list[dict[Key, str]]:
    """Sets of figures that satisfy the form's arithmetic: drawing one takes longer than writing a file."""
    keys = _blank(name).cell_keys()
    pool = []
    for seed in range(_POOL):
        drawn = random_values(seed, name)
        # Money keeps to two decimals, so that it is never longer than what stands for it.
        pool.append({key: str(round(drawn[key], 2)) for key in keys})
    return pool


@cache
def _blank(name: str, filled: bool = False) -> FormSpec:
    """The form to draw: with the numbers that stand for figures, or without any."""
    sections = {part.section for part in form(name).sections}
    # A section that only another form has is not drawn.
    left_out = {section: "" for section in section_names() if section not in sections}
    spec = FormSpec(form=name, forms=left_out)
    if not filled:
        return spec
    values = {key: str(_FIRST + place) for place, key in enumerate(spec.cell_keys())}
    title = f"虚构{_AGENCY}县人民政府{_YEAR}年政府信息公开工作年度报告"
    return FormSpec(
        form=name,
        forms=left_out,
        values=values,
        agency=f"虚构{_AGENCY}县人民政府",
        year=int(_YEAR),
        title=title,
        note=NOTE,
    )


@dataclass(frozen=True)
class Skeleton:
    """A drawn form: its bytes cut at the numbers to replace, and how to put them together.

    Attributes:
        pieces: what stands between the numbers.
        order: which number stands after each piece but the last.
        finish: makes a file of the text.
        padded: numbers take the room of what stands for them, so that no byte moves.
    """

    pieces: tuple[bytes, ...]
    order: tuple[int, ...]
    finish: Callable[[bytes], bytes]
    padded: bool = False

    def filled(self, texts: Sequence[str]) -> bytes:
        """The file with these texts: number of the agency, year, figures."""
        parts = [self.pieces[0]]
        for place, after in zip(self.order, self.pieces[1:], strict=True):
            parts += [self._text(texts[place], place), after]
        return self.finish(b"".join(parts))

    def _text(self, text: str, place: int) -> bytes:
        if not self.padded or place < 2:
            return text.encode()
        # In a PDF file the string closes, and blanks before its operator make up for shorter figures.
        return f"({text})".encode().ljust(len(str(_FIRST)) + 2)


@cache
def _skeleton(name: str, written_as: Format) -> Skeleton:
    from gxstats.testing.docx import render_docx
    from gxstats.testing.html import render_html

    spec = _blank(name, filled=True)
    cells = len(spec.cell_keys())
    if written_as == "html":
        head = f'<meta name="description" content="{NOTE}">\n<title>合成样例 '
        return _cut(render_html(spec).replace(b"<title>", head.encode(), 1), cells, bytes)
    if written_as == "docx":
        return _docx(render_docx(spec), cells)
    return _cut(_uncompressed_pdf(spec), cells, bytes, padded=True)


def _cut(text: bytes, cells: int, finish: Callable[[bytes], bytes], padded: bool = False) -> Skeleton:
    """Cut a drawn form at the numbers that stand for something."""
    figures = "|".join(str(_FIRST + place) for place in range(cells))
    wanted = rf"\((?:{figures})\)" if padded else rf"(?<!\d)(?:{figures})(?!\d)"
    found = [*re.finditer(rf"{_AGENCY}|{_YEAR}|{wanted}".encode(), text)]
    names = {_AGENCY: 0, _YEAR: 1} | {str(_FIRST + place): place + 2 for place in range(cells)}
    order = [names[match[0].decode().strip("()")] for match in found]
    if sorted(set(order)) != [*range(cells + 2)]:
        raise ValueError("the drawn form does not show every figure")
    ends = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(text)]
    pieces = tuple(text[end:start] for end, start in zip(ends, starts, strict=True))
    return Skeleton(pieces, tuple(order), finish, padded)


def _docx(package: bytes, cells: int) -> Skeleton:
    """A skeleton of the part that holds the document; the others are copied."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts = {entry.filename: old.read(entry) for entry in old.infolist()}
    document = parts.pop("word/document.xml")
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = re.sub(rb"(<dc:title>)[^<]*", rb"\1" + NOTE.encode(), core)

    def finish(text: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as new:
            for name, content in {**parts, "word/document.xml": text}.items():
                new.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED, compresslevel=1)
        return stream.getvalue()

    return _cut(document, cells, finish)


def _uncompressed_pdf(spec: FormSpec) -> bytes:
    from gxstats.testing.forms_pdf import render_form_pdf
    from gxstats.testing.pdf_layout import PdfLayout

    with _plain_pages():
        # Small enough that no figure of five digits wraps in a column of the disputes.
        drawn = render_form_pdf(spec, PdfLayout(size=8.0))
    # The renderer leaves the title of the file open; the same length keeps every offset right.
    return drawn.replace(b"/Title (untitled)", b"/Title(SYNTHETIC)", 1)


@contextmanager
def _plain_pages() -> Iterator[None]:
    """Make reportlab write its pages without compression, so that their texts can be replaced."""
    from reportlab import rl_config

    before = rl_config.pageCompression
    rl_config.pageCompression = 0
    try:
        yield
    finally:
        rl_config.pageCompression = before


if __name__ == "__main__":
    made = write_corpus(Path(sys.argv[1]), int(sys.argv[2]))
    print(f"{len(made)} synthetic reports in {sys.argv[1]}")
