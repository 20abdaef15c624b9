"""The bundled sample is what its maker makes, and reads back as published."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal

import pytest

import gxstats
from gxstats.model import Key
from gxstats.testing.compare import compare
from gxstats.testing.sample import Sample, data_folder, index, samples
from gxstats.testing.values import Expected

MADE = list(samples())
FOLDER = data_folder() / "sample"


def truth(report_id: str) -> dict[Key, Expected]:
    with (data_folder() / "published" / "facts.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["report_id"] == report_id]
    return {
        (row["section"], row["item"], row["measure"]): (
            Expected("reported", Decimal(row["value"])) if row["value"] else Expected("blank")
        )
        for row in rows
    }


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_making_it_again_gives_the_same_bytes() -> None:
    assert list(samples()) == MADE


@pytest.mark.parametrize("sample", MADE, ids=lambda sample: sample.report_id)
def test_the_files_are_up_to_date(sample: Sample) -> None:
    stored = (FOLDER / sample.file).read_bytes()
    if sample.format == "docx":
        # Builds of zlib compress differently, so what is inside is compared.
        assert parts(stored)["word/document.xml"] == parts(sample.content)["word/document.xml"]
    else:
        assert stored == sample.content


def test_the_folder_holds_nothing_else() -> None:
    names = {path.name for path in FOLDER.iterdir()}
    assert names == {sample.file for sample in MADE} | {"index.csv", "README.md"}
    assert (FOLDER / "index.csv").read_bytes() == index(MADE)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_500_000


def test_every_file_says_that_it_is_a_rendering() -> None:
    for sample in MADE:
        content = parts(sample.content)["word/document.xml"] if sample.format == "docx" else sample.content
        text = content.decode("gb18030" if b"gb2312" in content[:200] else "utf-8")
        assert "重新绘制的样例" in text
        assert sample.source.split()[0] in text


def test_the_sample_covers_formats_and_names() -> None:
    assert len(MADE) >= 12
    assert {sample.format for sample in MADE} >= {"html", "docx", "layout", "flow", "pipes"}
    assert any(" " in sample.file and not sample.file.isascii() for sample in MADE)


@pytest.mark.parametrize("sample", MADE, ids=lambda sample: sample.report_id)
def test_reads_back_as_published(sample: Sample) -> None:
    report = gxstats.read_report(FOLDER / sample.file)
    result = compare(report.fact_rows, truth(sample.report_id))
    assert result.exact == result.total, str(result)
    assert result.extra == ()


@pytest.mark.parametrize("sample", MADE, ids=lambda sample: sample.report_id)
def test_agency_and_year_read_back(sample: Sample) -> None:
    meta = gxstats.read_report(FOLDER / sample.file).meta
    with (data_folder() / "published" / "reports.csv").open(encoding="utf-8", newline="") as lines:
        row = next(row for row in csv.DictReader(lines) if row["report_id"] == sample.report_id)
    assert (meta["agency"], meta["year"]) == (row["agency"], int(row["year"]))
