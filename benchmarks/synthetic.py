"""A large made-up dataset, written straight into the files of a release: for measuring, never for reading.

Bodies are called 合成机构 (made-up body), titles say so too, and no file of a report stands behind any row.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

import gxstats as gx
from gxstats.dataset.frames import frame
from gxstats.dataset.store import ReleaseWriter
from gxstats.dataset.store.layout import facts_schema, places, table_schema
from gxstats.version import __version__

FORM = "f2021"
YEARS = range(2021, 2026)
PROVINCES = [
    11,
    12,
    13,
    14,
    15,
    21,
    22,
    23,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    41,
    42,
    43,
    44,
    45,
    46,
    50,
    51,
    52,
    53,
]
READER = f"gxstats {__version__} structure"
_CHUNK = 5_000
_BLANK, _FAIL = 0.05, 0.02
_BUSY = ("received", "granted", "unable.not_held", "outcome_total")
Rng = np.random.Generator


def write(folder: Path, reports: int, seed: int = 0) -> None:
    """Write a dataset of so many reports with 200 cells each.

    One report in twenty prints a third of its cells blank, one in fifty has sums that fail; half of the
    reports are web pages, three tenths word-processor files, a fifth PDF with a box for each cell.
    """
    rng = np.random.default_rng(seed)
    who = _reports(reports)
    with ReleaseWriter(folder) as release:
        for start in range(0, reports, _CHUNK):
            _add(release, who.iloc[start : start + _CHUNK], rng)
        release.table("reports", who)
        release.table("coverage", _coverage(who, rng))
        release.commit({"gxstats": __version__, "data": "made up for a benchmark"})


def _reports(count: int) -> pd.DataFrame:
    """One row per report: about 3,000 districts with as many bodies as are needed, five years each."""
    sha = sorted(hashlib.sha256(f"made up {number}".encode()).hexdigest() for number in range(count))
    body = np.arange(count) // len(YEARS)
    district = body % 3000
    code = [f"{PROVINCES[d % len(PROVINCES)]}{d // len(PROVINCES) + 100:04}" for d in district]
    year = np.arange(count) % len(YEARS) + YEARS[0]
    shuffled = np.random.default_rng(1).permutation(count)
    named = {
        "document_id": [f"{digest[:16]}.1" for digest in sha],
        "title": [f"合成机构{body[i]}{year[i]}年度报告（合成数据）" for i in shuffled],
        "agency": [f"合成机构{body[i]}" for i in shuffled],
        "agency_id": [f"made_up_{body[i] // 3000}" for i in shuffled],
        "division_code": [code[i] for i in shuffled],
        "lineage": [code[i] for i in shuffled],
        "division": [f"合成区{district[i]}" for i in shuffled],
        "year": [int(year[i]) for i in shuffled],
        "scope": ["body"] * count,
        "is_current": [True] * count,
        "revision": [1] * count,
        "trust": ["trusted"] * count,
        "forms": [f"disclosure={FORM} applications={FORM} disputes={FORM}"] * count,
        "url": [f"https://www.example.gov.cn/{code[i]}/{body[i]}/{year[i]}.html" for i in shuffled],
        "sha256": sha,
        "media_type": ["text/html"] * count,
        "kind": ["report"] * count,
    }
    return frame("reports", named)


def _coverage(who: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """What is expected: the reports there are, and one in ten that is missing."""
    there = who[["division_code", "agency_id", "year", "document_id"]].assign(status="read")
    missing = there.sample(frac=0.1, random_state=0).assign(
        document_id=None, status="missing", agency_id="none"
    )
    there.loc[rng.random(len(there)) < _FAIL, "status"] = "sums_fail"
    return pd.concat([there, missing], ignore_index=True).astype(
        {"document_id": "string", "status": "string"}
    )


def _add(release: ReleaseWriter, who: pd.DataFrame, rng: Rng) -> None:
    count = len(who)
    cells = list(places(FORM).values())
    counts, money = _figures(count, len(cells), rng)
    fail = rng.random(count) < _FAIL
    blank = np.zeros((count, len(cells)), dtype=bool)
    odd = rng.random(count) < _BLANK
    blank[odd] = rng.random((int(odd.sum()), len(cells))) < 0.35
    columns: dict[str, Any] = {"document_id": who["document_id"].tolist()}
    for name in facts_schema("wide", FORM).names:
        if name.endswith(".reader"):
            columns[name] = [READER] * count
        elif name.endswith(".sums"):
            columns[name] = ["fail" if f else "pass" for f in fail]
        elif name.endswith(".unit"):
            columns[name] = [None] * count
    for number, cell in enumerate(cells):
        figures = pa.array(counts[:, number], mask=blank[:, number])
        columns[cell.column] = pa.array(money).cast(pa.decimal128(18, 6)) if cell.money else figures
        if cell.money:
            blank[:, number] = False
    schema = facts_schema("wide", FORM)
    arrays = [_typed(columns[f.name], f.type) for f in schema]
    release.spool.add_table("wide", FORM, pa.Table.from_arrays(arrays, schema=schema))
    _sparse(release, who["document_id"].to_numpy(), blank, fail)
    _locators(release, who["document_id"].tolist(), counts, rng)
    _checks(release, who["document_id"].tolist(), counts, fail)


def _typed(values: Any, kind: Any) -> Any:
    return values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, kind)


def _figures(count: int, width: int, rng: Rng) -> tuple[Any, list[str]]:
    """Most figures are zero, some bodies are large, and totals are so in no more than looks."""
    size = rng.lognormal(0, 1.2, (count, 1))
    busy = np.where([c.item in _BUSY for c in places(FORM).values()], 0.9, rng.beta(0.4, 2.5, width))
    counts = rng.poisson(size * 12 * busy * (rng.random((count, width)) < busy * 1.5))
    return counts.astype(np.int64), [f"{n / 100:.2f}" for n in rng.integers(0, 10**6, count)]


def _sparse(release: ReleaseWriter, documents: Any, blank: Any, fail: Any) -> None:
    """Blank cells as rows of their own."""
    rows, numbers = np.nonzero(blank)
    cells = list(places(FORM).values())
    named: dict[str, Any] = {
        "rank": [cells[n].rank for n in numbers],
        "place": [cells[n].place for n in numbers],
        "document_id": documents[rows].tolist(),
        "section": [cells[n].section for n in numbers],
        "item": [cells[n].item for n in numbers],
        "measure": [cells[n].measure for n in numbers],
        "form": [FORM] * len(rows),
        "state": ["blank"] * len(rows),
        "verdict": ["confirmed"] * len(rows),
        "sums": ["fail" if fail[r] else "pass" for r in rows],
        "raw": [""] * len(rows),
        "reader": [READER] * len(rows),
    }
    schema = facts_schema("sparse", FORM)
    arrays = [pa.array(named.get(f.name, [None] * len(rows)), f.type) for f in schema]
    release.spool.add_table("sparse", FORM, pa.Table.from_arrays(arrays, schema=schema))


def _locators(release: ReleaseWriter, documents: list[str], counts: Any, rng: Rng) -> None:
    """Where the cells stand, section by section: references for four in five reports, boxes for one."""
    cells = list(places(FORM).values())
    kinds = rng.choice(["html", "docx", "pdf"], len(documents), p=[0.5, 0.3, 0.2])
    rows = []
    tops = np.zeros(len(documents), dtype=int)
    for section in dict.fromkeys(cell.section for cell in cells):
        own = [n for n, cell in enumerate(cells) if cell.section == section]
        across = {"disclosure": 3, "applications": 7, "disputes": 15}[section]
        down, right = np.divmod(np.arange(len(own)), across)
        for i, kind in enumerate(kinds):
            head: list[Any] = [documents[i], FORM, section]
            if kind == "pdf":
                boxes, tops[i] = _boxes(down, right, counts[i, own], int(tops[i]), rng)
                rows.append((*head, None, *boxes, None, None, None, None, None))
                continue
            table, first = rng.integers(1, 6), int(rng.integers(2, 6))
            path = (
                "/html/body[1]/div[{}]/table[{}]/tbody[1]"
                if kind == "html"
                else "word/document.xml#/tbl[{1}]"
            )
            path = path.format(rng.integers(1, 9), table)
            leaf = "/tr[{1}]/td[{2}]" if kind == "html" else "/tr[{1}]/tc[{2}]"
            shift = 2 + (down % 9 > 1) * int(rng.integers(0, 2))
            rows.append((*head, [path + leaf], *[None] * 6, down + first, right + shift, None, None))
    schema = facts_schema("locators", FORM)
    arrays = [pa.array(column, f.type) for column, f in zip(zip(*rows, strict=True), schema, strict=True)]
    release.spool.add_table("locators", FORM, pa.Table.from_arrays(arrays, schema=schema))


def _boxes(down: Any, right: Any, figures: Any, page: int, rng: Rng) -> tuple[list[Any], int]:
    """Figures in the middle of cells: rows of one to three lines, a page break where the page ends."""
    size = int(rng.integers(90, 121))
    heights = 60 + size * rng.integers(1, 4, down.max() + 1)
    tops = np.cumsum(heights) + int(rng.integers(700, 4000))
    page += 1
    at = tops[down]
    pages = page + (at > 7700)
    at = np.where(at > 7700, at - 7000, at)
    cell, left = int(rng.integers(300, 420)), int(rng.integers(1500, 3200))
    width = np.char.str_len(figures.astype(str)) * (size // 2)
    x0 = left + right * cell + (cell - width) // 2
    return [pages, x0, at, width, np.full(len(down), size)], int(pages.max())


def _checks(release: ReleaseWriter, documents: list[str], counts: Any, fail: Any) -> None:
    """The checks of a shipped report, once for each report, with other figures."""
    model = gx.read_report(gx.sample_files()[1]).checks
    many, each = len(documents), len(model)
    sums = counts[:, :each].astype(np.int64)
    failing = np.zeros((many, each), dtype=bool)
    failing[:, 0] = fail
    fixed = {
        name: np.tile(np.arange(each), many) for name in ("rule", "severity", "section", "where", "operands")
    }
    named: dict[str, Any] = {
        name: pa.DictionaryArray.from_arrays(
            pa.array(index, pa.int32()), pa.array(model[name].tolist())
        ).cast("string")
        for name, index in fixed.items()
    }
    named["document_id"] = pa.array(np.repeat(np.array(documents, dtype=object), each), pa.string())
    named["lhs"], named["rhs"] = pa.array(sums.ravel()), pa.array((sums - failing).ravel())
    named["difference"] = pa.array(failing.ravel().astype(np.int64))
    named["status"] = pa.array(np.where(failing.ravel(), "fail", "pass").tolist(), pa.string())
    named["cause"] = pa.array(np.where(failing.ravel(), "publisher", None).tolist(), pa.string())
    named["known"] = pa.array(np.tile(model["known"].astype("int64"), many))
    schema = table_schema("checks")
    release.spool.add_table(
        "checks", "", pa.Table.from_arrays([named[f.name] for f in schema], schema=schema)
    )
