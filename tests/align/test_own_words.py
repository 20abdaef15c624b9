"""What is stored of a document proves the same identity as the document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxstats.align import align, identity
from gxstats.align.identity.own_words import OwnWords, as_rows, of_rows
from gxstats.model import Cell, Document, Grid, Paragraph, Reading, Row
from gxstats.paths import sample_files
from gxstats.read import read_document

ADDRESSES = (
    None,
    "https://www.panyu.gov.cn/art/2023/1/31/art_1_2.html",
    "http://www.gov.cn.example.com/c/2024-01-22/1.html",
    "https://ghzrzyj.cq.gov.cn/zz/202401/t20240122_12345_wap.html",
)
WORDS = st.sampled_from(
    [
        "",
        " ",
        "某市2023年政府信息公开工作年度报告",
        "淮安市洪泽区人民政府",
        "2024年政府信息公开工作年度报告",
        "政府信息公开年报制度",
        "本年新收政府信息公开申请数量",
        "行政许可",
        "统计期限自2023年1月1日起至2023年12月31日",
        "我局主动公开政府信息情况",
        "收到和处理政府信息公开申请情况",
        "栏目正在建设",
        "首页 > 某局",
        "總體情況開報務會縣",
        "龙田镇",
        "平安县第十条" * 30,
        "12",
    ]
)
ROWS = st.lists(st.lists(WORDS, max_size=5), max_size=60)


@st.composite
def _grids(draw: st.DrawFn) -> Grid:
    rows = tuple(Row(tuple(Cell(text) for text in row)) for row in draw(ROWS))
    return Grid(rows, kind=draw(st.sampled_from(["cells", "lines"])))


READINGS = st.builds(
    lambda blocks: Reading("any", tuple(blocks)),
    st.lists(st.one_of(st.builds(Paragraph, WORDS), _grids()), max_size=8),
)


def _same(readings: tuple[Reading, ...], document: Document) -> None:
    said = OwnWords(document.title, document.fields, readings)
    stored = of_rows(as_rows(said.reduced()))
    for url in ADDRESSES:
        assert stored.identify(url) == said.identify(url), url


@given(
    st.lists(READINGS, max_size=3),
    WORDS,
    st.dictionaries(
        st.sampled_from(["发布机构", "发布日期", "索引号", "分类"]), WORDS | st.just("2024-01-31"), max_size=2
    ),
)
def test_what_is_left_of_any_document_says_the_same(
    readings: list[Reading], title: str, fields: dict[str, str]
) -> None:
    _same(tuple(readings), Document("", "", title=title, fields=fields))


@pytest.mark.parametrize("path", sample_files(), ids=lambda p: p.name)
def test_what_is_left_of_the_sample_says_the_same(path: Path) -> None:
    document = read_document(path.read_bytes())
    for report in align(document):
        _same(tuple(report.readings), document)


def _corpus(shared: Path) -> Iterator[Path]:
    for folder in ("html", "pdf", "docx", "odt", "html_word", "pdf_no_unicode"):
        yield from sorted((shared / "corpus" / folder).iterdir())[:3]
    yield from sorted(p for p in (shared / "reports").iterdir() if p.suffix != ".csv")


def test_what_is_left_of_real_reports_says_the_same(shared: Path) -> None:
    for path in _corpus(shared):
        document = read_document(path.read_bytes())
        for report in align(document):
            _same(tuple(report.readings), document)


def test_the_facts_of_a_file_do_not_depend_on_its_address() -> None:
    page = (
        "<h1>政府信息公开工作年度报告</h1><p>2021年</p><table><tr><td>规章</td><td>0</td><td>1</td><td>7</td></tr>"
        "<tr><td>行政许可</td><td>3</td></tr></table>"
    ).encode()
    from gxstats.api import read_bytes

    alone = read_bytes(page)[0]
    for url in ADDRESSES[1:]:
        found = read_bytes(page, url=url)[0]
        assert found.fact_rows == alone.fact_rows
        assert found.check_rows == alone.check_rows


def test_an_identity_needs_no_more_than_its_own_words() -> None:
    assert set(OwnWords._fields) == {"title", "fields", "readings"}
    assert identity.identify((), Document("", "")) == OwnWords("", {}, ()).identify()
