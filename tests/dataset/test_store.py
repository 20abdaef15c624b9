"""A stored dataset gives back, cell by cell and type by type, what the reports held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gxstats as gx
from gxstats.dataset.order import columns_of
from gxstats.dataset.store import BadQuery, ReleaseWriter, open_dataset
from gxstats.model import Fact, Locator
from gxstats.schema import forms, section_names
from gxstats.testing.forms_pdf import render_form_pdf
from gxstats.testing.pdf_layout import PdfLayout
from gxstats.testing.spec import FormSpec
from gxstats.testing.values import print_values, random_values

EDITIONS = tuple(f.form for f in forms())
KEYS = {(f.form, s.section, i.item, m.measure) for f in forms() for s in f.sections for i, m in s.cells()}
ORDER = {
    (section, item, measure): place
    for section in section_names()
    for place, (item, measure) in enumerate(columns_of(section, EDITIONS))
}


def stored(reports: Iterable[gx.Report], folder: Path) -> gx.Dataset:
    with ReleaseWriter(folder) as release:
        for report in sorted(reports, key=lambda r: r.document_id):
            release.add(report)
        release.commit({"gxstats": gx.__version__})
    return open_dataset(folder, threads=1, verify=True)


def drawn_pdfs() -> list[gx.Report]:
    reports = []
    for number in range(3):
        texts, _ = print_values(random_values(number), zero="mixed", rng=number)
        spec = FormSpec(values=texts, agency="某某县人民政府", year=2021 + number)
        reports.append(gx.read_report(render_form_pdf(spec, PdfLayout(rotate=90 * number))))  # type: ignore[arg-type]
    return reports


@pytest.fixture(scope="module")
def reports() -> gx.Reports:
    """Samples of every format, ordered as a dataset orders them."""
    read = [*gx.read_reports(gx.sample_files(), progress=False), *drawn_pdfs()]
    once = {r.document_id: r for r in read}
    return gx.Reports(tuple(once[d] for d in sorted(once)))


@pytest.fixture(scope="module")
def dataset(reports: gx.Reports, tmp_path_factory: pytest.TempPathFactory) -> gx.Dataset:
    return stored(reports, tmp_path_factory.mktemp("dataset"))


def test_facts_of_real_reports_come_back_exactly(reports: gx.Reports, dataset: gx.Dataset) -> None:
    assert {"application/pdf", "text/html", "text/plain"} <= set(reports.reports.media_type)
    found = dataset.facts()
    pd.testing.assert_frame_equal(found, reports.facts)
    assert found.attrs == reports.facts.attrs
    assert found.page.notna().any() and found.ref.notna().any()
    # Both kinds of rows have been through the test.
    assert dataset.sql("SELECT count(*) AS n FROM sparse").n[0] > 100
    assert len(found) > 2 * dataset.sql("SELECT count(*) AS n FROM sparse").n[0]


@pytest.mark.parametrize("name", ["reports", "checks", "issues", "prose", "unmatched_rows"])
def test_tables_come_back_exactly(reports: gx.Reports, dataset: gx.Dataset, name: str) -> None:
    wanted = getattr(reports, name)
    pd.testing.assert_frame_equal(getattr(dataset, name), wanted)
    assert dataset.release.rows[name] == len(wanted)


def test_tables_without_rows_have_their_columns(dataset: gx.Dataset) -> None:
    assert len(dataset.across) == 0
    assert str(dataset.across.lhs.dtype) == "Int64"
    with pytest.raises(gx.UnknownField, match="coverage"):
        _ = dataset.coverage


FILTERS: list[dict[str, Any]] = [
    {"year": 2024},
    {"year": [2023, 2024], "item": "received"},
    {"item": "received", "measure": "total", "state": "reported"},
    {"state": ["blank", "absent", "unreadable", "text", "dash"]},
    {"section": "disclosure", "form": "f2019"},
    {"form": "f2021", "measure": ["total", "amount_10k_cny"]},
    {"item": "nothing of the sort"},
]


@pytest.mark.parametrize("only", FILTERS, ids=str)
def test_filters_give_what_the_whole_frame_would(
    reports: gx.Reports, dataset: gx.Dataset, only: dict[str, Any]
) -> None:
    table = reports.facts.merge(reports.reports[["document_id", "year"]], on="document_id")
    fits = pd.Series(True, index=table.index)
    for name, value in only.items():
        fits &= table[name].isin(value if isinstance(value, list) else [value]).fillna(False).astype(bool)
    wanted = reports.facts[fits].reset_index(drop=True)
    found = dataset.facts(**only)
    pd.testing.assert_frame_equal(found, wanted)
    places = ["page", "x0", "top", "x1", "bottom", "ref"]
    lean = dataset.facts(**only, locators=False)
    pd.testing.assert_frame_equal(lean.drop(columns=places), wanted.drop(columns=places))
    assert lean[places].isna().all(axis=None)


def test_reports_are_chosen_by_division_and_agency(reports: gx.Reports, dataset: gx.Dataset) -> None:
    who = reports.reports
    suqian = who.loc[who.division == "宿迁市", "document_id"]
    assert len(suqian) > 1
    for chosen in (
        {"division": "宿迁市"},
        {"division": "321300"},
        {"division": ["321300"], "agency": "government"},
        {"agency": "宿迁市人民政府"},
    ):
        assert set(dataset.facts(**chosen).document_id) == set(suqian)  # type: ignore[arg-type]
    assert dataset.facts(division="'; DROP VIEW facts; --").empty


def test_what_takes_reports_takes_a_dataset(reports: gx.Reports, dataset: gx.Dataset) -> None:
    pd.testing.assert_frame_equal(gx.tidy(dataset, warn=False), gx.tidy(reports, warn=False))
    pd.testing.assert_frame_equal(
        gx.metric(dataset, "disclosure_rate"), gx.metric(reports, "disclosure_rate")
    )
    by = ["agency", "scope", "year"]
    pd.testing.assert_frame_equal(
        gx.series(dataset, "received", by=by, warn=False), gx.series(reports, "received", by=by, warn=False)
    )
    pd.testing.assert_frame_equal(gx.check_across(dataset), gx.check_across(reports))
    chosen = dataset.tidy(year=2024, section="disputes", warn=False)
    assert set(chosen.year) == {2024} and set(chosen.section) == {"disputes"}


def test_sql_keeps_types(reports: gx.Reports, dataset: gx.Dataset) -> None:
    pd.testing.assert_frame_equal(
        dataset.sql("SELECT * FROM facts").sort_values(list(reports.facts)[:5], ignore_index=True),
        reports.facts.sort_values(list(reports.facts)[:5], ignore_index=True),
    )
    found = dataset.sql(
        "SELECT division_code, year, sum(value) AS n, max(amount) AS money FROM cells JOIN"
        " (SELECT document_id, agency FROM reports) USING (document_id)"
        " WHERE agency = $agency GROUP BY ALL ORDER BY year",
        {"agency": "宿迁市人民政府"},
    )
    assert found.division_code.dtype == "string" and found.division_code[0] == "321300"
    assert found.n.dtype == "Int64" and found.year.dtype == "Int64"
    assert isinstance(found.money[0], Decimal)
    wide = dataset.sql('SELECT "applications.received.total" AS n FROM wide_f2021 WHERE year = 2024')
    assert wide.n.dtype == "Int64" and 3525 in wide.n.dropna().tolist()


@pytest.mark.parametrize(
    "query",
    [
        "DROP VIEW facts",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_text('release.json')",
        "COPY (SELECT 1) TO 'out.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "ATTACH 'other.db'",
        "SET enable_external_access = true",
        "SELECT nothing FROM facts",
        "SELEC 1",
    ],
)
def test_sql_reads_this_dataset_and_nothing_else(dataset: gx.Dataset, query: str) -> None:
    with pytest.raises(BadQuery):
        dataset.sql(query)


TEXTS = st.sampled_from(["", "0", "7", "07", "+7", "－", "7.50", "0.5", "无", "{1}", "a\nb", "\U00020000'\""])
NUMBERS = st.sampled_from([0, 7, -3, 2**40, 2**63 - 1])
AMOUNTS = st.sampled_from(
    [Decimal(t) for t in ("0", "-0", "7.50", "0.5", "-3", "999999999999.999999", "1E+3")]
)
REFS = st.one_of(
    st.none(),
    st.builds("/html/body[{}]/table[{}]/tr[{}]/td[{}]/p[{}]".format, *[st.integers(0, 3)] * 5),
    st.sampled_from(["", "line 07", "line 12345678901", "{1}", "a{", "١", "0", "00", "x" * 50]),
)
EDGES = st.sampled_from([None, 0, 5, -5, 10_000, 2**31, 2**40])
PLACES = st.one_of(
    st.builds(lambda ref: Locator(ref=ref), REFS),
    st.builds(Locator, st.integers(1, 3), *[st.integers(0, 9999)] * 4),
    st.builds(Locator, EDGES, EDGES, EDGES, EDGES, EDGES, REFS),
)
KEY = st.one_of(
    st.sampled_from(sorted(KEYS)),
    st.tuples(
        st.sampled_from([*EDITIONS, "f2014", None]),
        st.sampled_from([*section_names(), "elsewhere"]),
        st.sampled_from(["received", "fees", "odd"]),
        st.sampled_from(["total", "amount_10k_cny"]),
    ),
)


@st.composite
def facts(draw: Any) -> Fact:
    form, section, item, measure = draw(KEY)
    if draw(st.booleans()):
        number = draw(NUMBERS)
        figure: tuple[Any, ...] = (number, None, None, None, "reported", "confirmed", "pass", str(number))
    else:
        figure = (
            draw(st.none() | NUMBERS),
            draw(st.none() | AMOUNTS),
            draw(st.sampled_from([None, "万元", "元"])),
            draw(st.none() | NUMBERS),
            draw(st.sampled_from(["reported", "blank", "dash", "text", "absent", "unreadable"])),
            draw(st.sampled_from(["confirmed", "disputed", "unconfirmed"])),
            draw(st.sampled_from(["pass", "fail", "untested"])),
            draw(TEXTS),
        )
    return Fact(section, item, measure, form, *figure, draw(PLACES), draw(st.sampled_from(["a 1", "b 2"])))


@st.composite
def odd_reports(draw: Any) -> list[gx.Report]:
    made = []
    for number in range(draw(st.integers(1, 3))):
        rows = tuple(draw(st.lists(facts(), max_size=12)))
        corrected = {f.key: draw(TEXTS) for f in rows if draw(st.integers(0, 5)) == 5}
        meta = {
            "document_id": f"{number:016x}.1",
            "sha256": f"{number:064x}",
            "media_type": "text/html",
            "year": draw(st.sampled_from([None, 2019, 2024])),
            "division_code": draw(st.sampled_from([None, "010203", "321300"])),
        }
        made.append(gx.Report(meta, rows, corrected=corrected))
    return made


def in_form_order(reports: Sequence[gx.Report]) -> pd.DataFrame:
    """The stacked facts: cells of a form in its order, then, by section, what no form has or has once."""
    frames = []
    for report in reports:
        seen: set[Any] = set()
        ranks = []
        for number, fact in enumerate(report.fact_rows):
            known = (fact.form, *fact.key) in KEYS and (fact.form, fact.key) not in seen
            seen.add((fact.form, fact.key))
            names = section_names()
            section = names.index(fact.section) if fact.section in names else len(names)
            form = fact.form if fact.form is not None else "~"
            ranks.append((section, 0, ORDER[fact.key], form) if known else (section, 1, number, ""))
        order = sorted(range(len(ranks)), key=ranks.__getitem__)
        frames.append(report.facts.iloc[order].reset_index(drop=True))
    whole = pd.concat(frames, ignore_index=True)
    whole.attrs = reports[0].facts.attrs
    return whole


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=odd_reports())
def test_whatever_a_report_holds_comes_back_exactly(made: list[gx.Report]) -> None:
    with TemporaryDirectory() as folder, stored(made, Path(folder)) as dataset:
        wanted = in_form_order(made)
        pd.testing.assert_frame_equal(dataset.facts(), wanted)
        assert dataset.release.rows["facts"] == len(wanted)
        by_sql = dataset.sql("SELECT * FROM facts")
        assert sorted(map(str, by_sql.itertuples(index=False))) == sorted(
            map(str, wanted.itertuples(index=False))
        )
