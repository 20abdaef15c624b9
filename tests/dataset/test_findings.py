"""Findings list what does not agree, name the publisher only where the reading is certain, and say where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gxstats as gx
from gxstats.dataset.store import ReleaseWriter, open_dataset
from gxstats.model import Check, Locator


@pytest.fixture(scope="module")
def published() -> gx.Reports:
    return gx.load_published()


def stored(reports: gx.Reports, folder: Path) -> gx.Dataset:
    with ReleaseWriter(folder) as release:
        for report in sorted(reports, key=lambda r: r.document_id):
            release.add(report)
        release.table("across", gx.check_across(reports))
        release.commit({})
    return open_dataset(folder, threads=1)


def with_check(report: gx.Report, **changes: Any) -> gx.Report:
    """A report in which only this sum fails."""
    cells = (("disputes", "review", "upheld"), ("disputes", "review", "total"))
    check = Check("D-SUM", "error", "disputes", "review", 11, 9, "fail", "publisher", cells, 2)
    return replace(report, check_rows=(check._replace(**changes),))


def test_sums_and_breaks_between_years_are_listed(published: gx.Reports) -> None:
    found = gx.findings(published, "en")
    columns = ["kind", "cause", "year", "rule", "severity", "where", "lhs", "rhs", "difference"]
    assert found[columns].values.tolist() == [
        ["sum", "publisher", 2020, "A-SUM", "error", "natural_person", 26, 20, 6],
        ["sum", "publisher", 2020, "A-SUM", "error", "total", 27, 21, 6],
        ["across", "publisher", 2023, "X-STOCK", "warning", "normative_documents", 643, 470, 173],
        ["across", "publisher", 2024, "X-STOCK", "warning", "normative_documents", 499, 440, 59],
    ]
    assert found.agency.eq("平潭综合实验区管委会").all() and found.scope.eq("summary").all()
    assert found.attrs["counts"] == {"publisher": 4, "reading": 0, "unknown": 0}
    assert found.attrs["set_aside"] == {}


def test_the_words_name_body_year_rule_and_both_sides(published: gx.Reports) -> None:
    zh, en = (gx.findings(published, lang).words for lang in ("zh", "en"))
    assert zh[1].startswith("平潭综合实验区管委会，2020 年：A-SUM（总计）：")
    assert "27 对 21，相差 6" in zh[1]
    assert en[1].startswith("平潭综合实验区管委会, 2020: A-SUM (total): ")
    assert "fails: 27 against 21, difference 6" in en[1]
    assert en[2].startswith("X-STOCK (平潭综合实验区管委会, normative documents, 2022 to 2023): ")


def test_every_operand_is_found_in_its_source(published: gx.Reports) -> None:
    found = gx.findings(published)
    row = found.iloc[1]
    places = dict(part.split(": ") for part in row["at"].split("; "))
    assert len(places) == len(row["operands"].split()) == 20
    facts = published[1].facts.set_index(["item", "measure"]).ref
    assert places["granted/total"] == facts["granted", "total"]
    assert places["outcome_total/total"] == facts["outcome_total", "total"]
    assert found.other_at[2].startswith("normative_documents/in_force: line ")
    assert found.other_document_id[2] == published[3].document_id
    assert found.sha256.eq(published[0].meta["sha256"]).all()


def test_a_page_is_named_where_there_is_one(published: gx.Reports) -> None:
    facts = tuple(f._replace(at=Locator(3, 10, 20, 30, 40)) for f in published[8].fact_rows)
    [row] = gx.findings(gx.Reports((with_check(replace(published[8], fact_rows=facts)),))).to_dict("records")
    assert row["page"] == 3
    assert row["at"] == "review/upheld: p. 3 [10,20,30,40]; review/total: p. 3 [10,20,30,40]"


def test_only_a_certain_reading_blames_the_publisher(published: gx.Reports) -> None:
    reports = gx.Reports(
        (
            with_check(published[7], cause="unknown"),
            with_check(published[8], cause="reading"),
            with_check(published[9]),
        )
    )
    found = gx.findings(reports, "en")
    assert found.cause.tolist() == ["publisher", "reading", "unknown"]
    assert found.attrs["counts"] == {"publisher": 1, "reading": 1, "unknown": 1}
    assert [w.rpartition("; ")[2] for w in found.words] == [
        "the publisher's own figures do not add up",
        "a reading may be wrong",
        "the cause is not known",
    ]


def test_untrusted_and_superseded_files_accuse_nobody(published: gx.Reports) -> None:
    report_id = {"report_id": "321300-government-2024-summary", "fetched_at": "2025-01-01T00:00:00Z"}
    old = with_check(replace(published[8], meta={**published[8].meta, **report_id}))
    meta = {
        **old.meta,
        "document_id": "f" * 16 + ".1",
        "sha256": "f" * 64,
        "fetched_at": "2025-02-01T00:00:00Z",
    }
    new = replace(old, meta=meta, check_rows=())
    copy = with_check(replace(published[9], meta={**published[9].meta, "trust": "untrusted"}))
    found = gx.findings(gx.Reports((old, new, copy)))
    assert len(found) == 0
    assert found.attrs["set_aside"] == {"untrusted": 1, "superseded": 1}


def test_prose_against_table_is_a_kind_of_its_own(published: gx.Reports) -> None:
    report = with_check(published[8], rule="N-TEXT", section="applications", where="received/total")
    found = gx.findings(gx.Reports((report,)), "en")
    assert found[["kind", "lhs", "rhs"]].values.tolist() == [["prose", 11, 9]]
    assert found.words[0].startswith("宿迁市人民政府, 2024: N-TEXT (")
    # Prose is no sum of the form.
    assert gx.coverage(gx.Reports((report,)), years=[2024]).query("status == 'read'").shape[0] == 1


def test_a_dataset_gives_the_same_as_its_reports(published: gx.Reports, tmp_path: Path) -> None:
    read = gx.read_reports(gx.sample_files(), progress=False)
    wanted = gx.findings(read)
    assert wanted.kind.tolist() == ["sum", "sum", "across", "across"]
    dataset = stored(read, tmp_path)
    pd.testing.assert_frame_equal(gx.findings(dataset), wanted)
    assert gx.findings(dataset, "en").attrs == gx.findings(read, "en").attrs


def test_nothing_found_is_an_empty_table(published: gx.Reports) -> None:
    found = gx.findings(published[8:9])
    assert len(found) == 0 and str(found.difference.dtype) == "Int64"
    assert found.attrs["counts"] == {"publisher": 0, "reading": 0, "unknown": 0}
