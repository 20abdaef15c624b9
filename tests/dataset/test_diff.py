"""A comparison of two datasets names every report and cell that differs, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gxstats as gx
from gxstats.dataset import diff as module
from gxstats.dataset.store import BrokenRelease, ReleaseWriter, open_dataset

ENDS = ["old_document_id", "new_document_id"]
CELL = ["section", "item", "measure"]
Store = Callable[..., gx.Dataset]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    def stored(reports: Iterable[gx.Report], version: str = "1") -> gx.Dataset:
        folder = tmp_path / f"set{len([*tmp_path.iterdir()])}"
        with ReleaseWriter(folder) as release:
            for report in sorted(reports, key=lambda r: r.document_id):
                release.add(report)
            release.commit({"reader": version})
        return open_dataset(folder, threads=1)

    return stored


@pytest.fixture(scope="module")
def reports() -> list[gx.Report]:
    """Bundled reports with a report_id, each as a file of its own."""
    return [identified(report, f"{number:016x}") for number, report in enumerate(gx.load_published())]


def identified(report: gx.Report, digest: str, **meta: Any) -> gx.Report:
    known = report.meta
    report_id = f"{known['division_code']}-{known['agency']}-{known['year']}-{known['scope']}"
    file = {"document_id": f"{digest}.1", "sha256": digest * 4, "report_id": report_id}
    return replace(report, meta={**known, **file, **meta})


def with_cell(report: gx.Report, number: int, **changes: Any) -> gx.Report:
    facts = list(report.fact_rows)
    facts[number] = facts[number]._replace(**changes)
    return replace(report, fact_rows=tuple(facts))


def with_reader(report: gx.Report, reader: str) -> gx.Report:
    return replace(report, fact_rows=tuple(f._replace(reader=reader) for f in report.fact_rows))


def test_equal_sets_do_not_differ(reports: list[gx.Report], store: Store) -> None:
    found = gx.diff(store(reports), store(reports))
    assert len(found) == 0 and found.attrs["table"] == "diff"
    assert str(found.old_value.dtype) == "Int64" and "decimal" in str(found.new_amount.dtype)
    assert found.attrs["counts"] == dict.fromkeys(["added", "gone", "revised", "reread", "identity"], 0)


def test_reports_added_and_gone(reports: list[gx.Report], store: Store) -> None:
    found = gx.diff(store(reports[:3]), store(reports[1:4]))
    assert found[["kind", "year", *ENDS]].fillna("").values.tolist() == [
        ["added", 2022, "", reports[3].document_id],
        ["gone", 2019, reports[0].document_id, ""],
    ]
    assert found[CELL].isna().all(axis=None)


def test_a_file_the_publisher_replaced_is_compared_cell_by_cell(
    reports: list[gx.Report], store: Store
) -> None:
    old = identified(reports[8], "a" * 16, fetched_at="2025-02-01T00:00:00Z")
    new = identified(old, "b" * 16, fetched_at="2025-06-01T00:00:00Z")
    at = next(n for n, f in enumerate(new.fact_rows) if f.key == ("applications", "received", "total"))
    before = new.fact_rows[at].value
    new = with_cell(new, at, value=4321, raw="4,321", verdict="unconfirmed")
    for after in ([new], [old, new]):  # whether or not the old file is still at hand
        found = gx.diff(store([old]), store(after))
        [row] = found.to_dict("records")
        assert (row["kind"], *(row[n] for n in ENDS)) == ("revised", old.document_id, new.document_id)
        assert [row[name] for name in CELL] == ["applications", "received", "total"]
        assert (row["old_value"], row["new_value"]) == (before, 4321)
        assert (row["old_text"], row["new_text"]) == (str(before), "4,321")
        assert (row["old_verdict"], row["new_verdict"]) == ("confirmed", "unconfirmed")
    assert found.attrs["counts"]["revised"] == 1


def test_another_file_with_the_same_figures_is_one_row(reports: list[gx.Report], store: Store) -> None:
    new = identified(reports[8], "b" * 16)
    [row] = gx.diff(store([reports[8]]), store([new])).to_dict("records")
    assert (row["kind"], row["report_id"]) == ("revised", new.meta["report_id"])
    assert pd.isna(row["section"])


def test_an_untrusted_copy_revises_nothing(reports: list[gx.Report], store: Store) -> None:
    copy = identified(reports[8], "b" * 16, trust="untrusted", fetched_at="2026-01-01T00:00:00Z")
    assert gx.diff(store([reports[8]]), store([reports[8], copy])).kind.tolist() == ["added"]


def test_the_same_bytes_read_differently(reports: list[gx.Report], store: Store) -> None:
    old = reports[8]
    money = next(n for n, f in enumerate(old.fact_rows) if f.amount is not None)
    new = with_cell(old, money, amount=Decimal("12.345678"), raw="12.345678")
    new = with_cell(new, 0, state="unreadable", value=None, verdict="disputed")
    new = replace(new, fact_rows=new.fact_rows[:-1])
    found = gx.diff(store([old, reports[1]]), store([new, reports[1]], version="2"))
    assert found.kind.tolist() == ["reread"] * 3
    first, second, last = found.to_dict("records")
    assert (first["old_state"], first["new_state"], first["new_verdict"]) == (
        "reported",
        "unreadable",
        "disputed",
    )
    assert first["old_value"] == old.fact_rows[0].value and pd.isna(first["new_value"])
    assert (second["old_amount"], second["new_amount"]) == (old.fact_rows[money].amount, Decimal("12.345678"))
    # A cell that is no longer found has no state; the one before has.
    assert (last["old_state"], tuple(last[n] for n in CELL)) == ("reported", old.fact_rows[-1].key)
    assert pd.isna(last["new_state"])
    assert found.attrs["counts"]["reread"] == 1
    assert (found.attrs["old_versions"], found.attrs["new_versions"]) == ({"reader": "1"}, {"reader": "2"})


def test_another_version_that_reads_the_same_is_no_difference(reports: list[gx.Report], store: Store) -> None:
    old, new = reports[8], with_reader(reports[8], "gxstats 99")
    mixed = with_cell(new, 3, reader="gxstats 99 b")  # this cell is stored elsewhere than before
    assert len(gx.diff(store([old]), store([new]))) == 0
    assert len(gx.diff(store([old]), store([mixed]))) == 0


def test_the_same_bytes_under_another_name(reports: list[gx.Report], store: Store) -> None:
    old = reports[8]
    new = replace(
        old, meta={**old.meta, "year": 2023, "published_on": "2024-01-02", "url": "https://a.gov.cn/"}
    )
    found = gx.diff(store([old]), store([new]))
    assert found[["kind", "entry", "old_text", "new_text"]].fillna("").values.tolist() == [
        ["identity", "published_on", "", "2024-01-02"],
        ["identity", "year", "2024", "2023"],
    ]
    assert found.attrs["counts"]["identity"] == 1


def test_folders_do_as_well_and_parts_add_up(
    reports: list[gx.Report], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    reread = [with_cell(report, 2, value=5, raw="5") for report in reports[:4]]
    old, new = store(reports[:5]), store([*reread, identified(reports[4], "c" * 16)])
    whole = gx.diff(old, new)
    assert whole.kind.tolist() == ["revised"] + ["reread"] * 4
    monkeypatch.setattr(module, "_BATCH", 1)
    monkeypatch.setattr(module, "_PAIRS", 2)
    parts = [*module.differences(old, new)]
    assert len(parts) > 2
    pd.testing.assert_frame_equal(gx.diff(str(old.folder), new.folder), whole)


def test_an_empty_set_can_be_compared(reports: list[gx.Report], store: Store) -> None:
    assert gx.diff(store([]), store(reports[:2])).kind.tolist() == ["added", "added"]
    bare = replace(reports[0], fact_rows=(), check_rows=())
    assert set(gx.diff(store([bare]), store([reports[0]])).kind) == {"reread"}


def test_what_is_no_dataset_is_refused(reports: list[gx.Report], store: Store, tmp_path: Path) -> None:
    old = store(reports[:1])
    with pytest.raises(gx.InputMissing, match=r"no release\.json"):
        gx.diff(old, tmp_path / "nothing")
    shutil.rmtree(old.folder / "facts")
    with pytest.raises(BrokenRelease, match="is missing"):
        gx.diff(old.folder, old.folder)
