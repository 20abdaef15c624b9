"""Every frame has the columns and types that tables.yaml promises; every place leads back to its cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pytest
from lxml import etree

import gxstats as gx
from gxstats.dataset import tables
from gxstats.model import Fact
from gxstats.read.encoding import decode
from gxstats.read.html_tree import html_tree
from gxstats.schema import forms
from gxstats.testing.docx import render_docx
from gxstats.testing.forms import FormSpec, LocalRow, Quirks
from gxstats.testing.html import render_html
from gxstats.testing.text import render_text
from tests.pages import a_spec, text_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ODD = Quirks(
    local_row=LocalRow("normative_documents", "其他主动公开文件", ("186", "86", "255")),
    missing_rows=("not_processed.repeat",),
    duplicate_row="refused.third_party",
    duplicate_differs=True,
    labels="typo",
    captions=True,
    metadata_table=True,
)
SPECS = {
    "plain": a_spec(),
    "old": a_spec("f2019"),
    "marks": a_spec(
        blank=lambda key: key[2] == "research",
        changed=dict.fromkeys(
            _marks := [
                ("applications", "granted", "enterprise"),
                ("applications", "granted", "natural_person"),
            ],
            "/",
        )
        | {("disclosure", "fees", "amount_10k_cny"): "18.8710", ("disputes", "review", "other"): "见附件"},
    ),
    "odd": a_spec("f2019", quirks=ODD),
    "blank": FormSpec(),
}
CONTENTS = {
    f"{name} {kind}": (spec, render(spec))
    for name, spec in SPECS.items()
    for kind, render in {
        "html": render_html,
        "docx": render_docx,
        "layout": render_text,
        "pipes": lambda s: render_text(s, "pipes"),
    }.items()
} | {"nothing": (FormSpec(), b""), "no report": (FormSpec(), "<p>你好</p>".encode())}
FRAMES = ("facts", "checks", "issues", "prose", "unmatched_rows")


@pytest.fixture(scope="module", params=CONTENTS)
def report(request: pytest.FixtureRequest) -> gx.Report:
    return gx.read_report(CONTENTS[request.param][1])


def frames_of(report: gx.Report) -> dict[str, pd.DataFrame]:
    return {name: getattr(report, name) for name in FRAMES} | {"reports": report.summary}


def dtype_of(kind: str) -> object:
    return (
        pd.ArrowDtype(pa.decimal128(18, 6)) if kind.startswith("decimal") else pd.api.types.pandas_dtype(kind)
    )


def schema_of(name: str) -> pandera.DataFrameSchema:
    """The pandera schema that tables.yaml describes."""
    spec = next(t for t in tables() if t.table == name)
    columns = {
        c.column: pandera.Column(
            dtype=None if c.type.startswith("decimal") else c.type,
            checks=pandera.Check.isin(c.values) if c.values else None,
            nullable=not c.required,
        )
        for c in spec.columns
    }
    return pandera.DataFrameSchema(columns, strict=True, ordered=True)


@pytest.mark.parametrize("name", [*FRAMES, "reports"])
def test_columns_and_types_are_exactly_those_promised(report: gx.Report, name: str) -> None:
    spec = next(t for t in tables() if t.table == name)
    built = frames_of(report)[name]
    assert list(built.columns) == [c.column for c in spec.columns]
    assert {c.column: built[c.column].dtype for c in spec.columns} == {
        c.column: dtype_of(c.type) for c in spec.columns
    }
    assert built.attrs == {"table": name, "schema_version": "1"}


@pytest.mark.parametrize("name", [*FRAMES, "reports"])
def test_every_frame_passes_the_schema_built_from_the_same_file(report: gx.Report, name: str) -> None:
    built = frames_of(report)[name]
    assert len(schema_of(name).validate(built, lazy=True)) == len(built)


@pytest.mark.parametrize("name", [*FRAMES, "reports"])
def test_frames_of_many_reports_have_the_same_columns(name: str) -> None:
    for given in ([], [b""], [CONTENTS["odd html"][1], b"", CONTENTS["plain docx"][1]]):
        reports = gx.read_reports(given, progress=False, jobs=0)
        schema_of(name).validate(getattr(reports, name), lazy=True)
        assert getattr(reports, name).attrs["table"] == name


def test_a_figure_is_a_value_or_an_amount_exactly_if_it_is_reported(report: gx.Report) -> None:
    for fact in report.fact_rows:
        assert ((fact.value is None) != (fact.amount is None)) == (fact.state == "reported"), fact.key
        assert fact.value is None or fact.amount is None
        assert fact.value is None or type(fact.value) is int
        assert fact.amount is None or type(fact.amount) is Decimal
        assert fact.implied is None or (type(fact.implied) is int and fact.state in ("blank", "dash"))
        assert fact.unit is None or fact.amount is not None
        assert fact.verdict != "confirmed" or fact.state not in ("unreadable", "absent")


def test_only_money_has_amounts(report: gx.Report) -> None:
    money = {
        (s.section, i.item, m.measure)
        for f in forms()
        for s in f.sections
        for i, m in s.cells()
        if m.kind == "money"
    }
    assert {f.key for f in report.fact_rows if f.amount is not None} <= money
    assert not {f.key for f in report.fact_rows if f.value is not None} & money


def test_amounts_are_exact_decimals() -> None:
    key = ("disclosure", "fees", "amount_10k_cny")
    for text in ("18.8710", "0.1", "999999999999.999999", "621007.6"):
        report = gx.read_report(render_html(FormSpec(values={key: text})))
        fact = report.fact(*key)
        assert fact is not None
        assert fact.amount == Decimal(text)
        row = report.facts[report.facts.item == "fees"].iloc[0]
        assert row.amount == Decimal(text)
        assert isinstance(row.amount, Decimal)


def test_no_column_is_a_float(report: gx.Report) -> None:
    for built in frames_of(report).values():
        assert not [c for c in built.columns if "float" in str(built[c].dtype).lower()]


def test_large_counts_are_exact() -> None:
    key = ("disputes", "review", "total")
    report = gx.read_report(render_html(FormSpec(values={key: "999,999,999,999"})))
    assert report.facts[report.facts.state == "reported"].value.tolist() == [999_999_999_999]


def test_document_ids(report: gx.Report) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}\.[1-9]\d*", report.document_id)
    assert report.meta["sha256"].startswith(report.document_id[:16])
    for built in frames_of(report).values():
        assert set(built.document_id) <= {report.document_id}


def test_facts_stand_in_the_order_of_the_form(report: gx.Report) -> None:
    order: dict[tuple[str, ...], int] = {}
    for edition in forms():
        for section in edition.sections:
            for item, measure in section.cells():
                order.setdefault((edition.form, section.section, item.item, measure.measure), len(order))
    keys = [fact.key for fact in report.fact_rows]
    assert len(set(keys)) == len(keys)
    names = {f.form for f in report.fact_rows} - {None}
    if len(names) == 1:
        (name,) = names
        places = [order[(str(name), *key)] for key in keys]
        assert places == sorted(places)
    sections = list(dict.fromkeys(key[0] for key in keys))
    assert sections == [s for s in ("disclosure", "applications", "disputes") if s in sections]


def test_codes_that_look_like_numbers_are_texts(report: gx.Report) -> None:
    assert set(report.facts.form.dropna()) <= {"f2021", "f2019"}
    assert all(isinstance(name, str) for name in report.facts.form.dropna())


def test_every_unreadable_or_dubious_cell_is_explained_by_an_issue(report: gx.Report) -> None:
    if any(f.state in ("unreadable", "absent") or f.verdict == "disputed" for f in report.fact_rows):
        assert report.issue_rows
    if not report.fact_rows:
        assert any(issue.level == "error" for issue in report.issue_rows)


def text_at(content: bytes, fact: Fact) -> str:
    """What stands at the place a fact names, without white space."""
    ref = fact.at.ref or ""
    if ref.startswith("/html"):
        found = html_tree(content).root.xpath(ref)
        assert isinstance(found, list)
        assert len(found) == 1, ref
        return text_of(found[0])
    if ref.startswith("word/"):
        part, _, steps = ref.partition("#")
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            node = etree.fromstring(package.read(part)).find(f"{W}body")
        assert node is not None
        for name, number in re.findall(r"/(\w+)\[(\d+)\]", steps):
            node = node.findall(f"{W}{name}")[int(number) - 1]
        return "".join("".join(t.text or "" for t in node.iter(f"{W}t")).split())
    line, column = re.fullmatch(r"line (\d+) column (\d+)", ref).groups()  # type: ignore[union-attr]
    return decode(content)[0].split("\n")[int(line) - 1][int(column) - 1 :].lstrip("| ")


@pytest.mark.parametrize("name", [n for n in CONTENTS if n.startswith(("plain", "old", "marks"))])
def test_every_place_leads_back_to_its_cell(name: str) -> None:
    spec, content = CONTENTS[name]
    report = gx.read_report(content)
    known: Mapping = spec.values
    read = [fact for fact in report.fact_rows if fact.state in ("reported", "dash", "text")]
    assert len(read) > (5 if name == "marks layout" else 100)
    for fact in read:
        assert fact.raw.strip() == known[fact.key], fact.key
        found = text_at(content, fact)
        assert found == known[fact.key] or (
            name.endswith(("layout", "pipes")) and found.startswith(known[fact.key])
        )


def test_raw_is_kept_as_printed() -> None:
    key = ("disputes", "review", "total")
    for text in ("１，２３４", " 0", "--", "1,23", "12件"):
        report = gx.read_report(render_html(FormSpec(values={key: text})))
        fact = report.fact(*key)
        assert fact is not None
        assert fact.raw.strip() == text.strip()


def test_words_in_one_cell_of_the_disputes_are_the_text_of_that_cell() -> None:
    key = ("disputes", "review", "other")
    report = gx.read_report(render_html(a_spec(changed={key: "见附件"})))
    fact = report.fact(*key)
    assert fact is not None
    assert (fact.state, fact.raw) == ("text", "见附件")
    assert sum(f.state == "reported" for f in report.fact_rows if f.section == "disputes") == 14
