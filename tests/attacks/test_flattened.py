"""The attacks on tables, flattened to text: what survives of the cells must not be confirmed wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import html as lxml_html

import gxstats as gx
from gxstats.testing.compare import Comparison, compare
from gxstats.testing.forms import FormSpec, Quirks
from gxstats.testing.html import render_html
from tests.pages import (
    Element,
    a_spec,
    before,
    dump,
    page,
    row_of,
    rows_of_figures,
    table,
    td,
    text_of,
    tr,
    truth_of,
)

STYLES: dict[str, Callable[[list[str]], str]] = {
    "pipes": lambda cells: " | ".join(cells) + " |",
    "markdown": lambda cells: f"| {' | '.join(cells)} |",
    "tabs": "\t".join,
    "tabs, none behind": lambda cells: "\t".join(cells).rstrip("\t"),
    "spaces": lambda cells: "  ".join(filter(None, cells)),
    "lines": lambda cells: "\n".join(filter(None, cells)),
}
HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
DISPUTES = "<p><strong>四、"
PROBLEMS = "<p><strong>五、"


def flat(content: bytes, style: str) -> bytes:
    """The text of a page with its table rows joined in this style."""
    lines = []
    for element in lxml_html.fromstring(content).iter("h1", "p", "tr"):
        if element.tag == "tr":
            lines.append(
                STYLES[style]([" ".join(cell.text_content().split()) for cell in element.iter("td")])
            )
        else:
            lines += ["", " ".join(element.text_content().split())]
    return "\n".join(lines).encode()


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def found(content: bytes | Element, style: str, spec: FormSpec) -> Comparison:
    text = flat(content if isinstance(content, bytes) else dump(content), style)
    return compare(gx.read_report(text).fact_rows, truth_of(spec))


def test_the_plain_report(style: str) -> None:
    for form in ("f2021", "f2019"):
        for start in (1, 40, 700):
            spec = a_spec(form, start=start)
            result = found(render_html(spec), style, spec)
            assert result.wrong_confirmed == 0, str(result)
            assert result.exact + result.refused == result.total


@pytest.mark.parametrize("measure", ["natural_person", "total", "enterprise", "in_force", "upheld"])
def test_a_blank_column(style: str, measure: str) -> None:
    spec = a_spec(blank=lambda key: key[2] == measure)
    assert found(render_html(spec), style, spec).wrong_confirmed == 0


@pytest.mark.parametrize("blank", [(), ("natural_person",), ("total",)], ids=str)
@pytest.mark.parametrize("at", [1, 6, 7])
def test_an_eighth_column(style: str, blank: tuple[str, ...], at: int) -> None:
    spec = a_spec(blank=lambda key: key[0] == "applications" and key[2] in blank)
    root = page(spec)
    for _, cells in rows_of_figures(root):
        new = td(str(sum(int(text_of(cell) or 0) for cell in cells[1:6])))
        cells[at].addprevious(new) if at < 7 else cells[-1].addnext(new)
    row_of(root, "商业企业").append(td("小计"))
    assert found(root, style, spec).wrong_confirmed == 0


@pytest.mark.parametrize(
    "columns", [("natural_person", "total"), ("enterprise", "research"), ("research", "other_org")]
)
def test_swapped_columns(style: str, columns: tuple[str, str]) -> None:
    spec = a_spec(quirks=Quirks(swap_columns=("applications", *columns)))
    assert found(render_html(spec), style, spec).wrong_confirmed == 0


def test_legal_persons_before_natural_persons(style: str) -> None:
    root = page(a_spec())
    for _, cells in rows_of_figures(root):
        cells[5].addnext(cells[0])
    top = list(row_of(root, "法人或其他组织").iter("td"))
    names = [text_of(cell) for cell in top]
    top[names.index("自然人")].addprevious(top[names.index("法人或其他组织")])
    assert found(root, style, a_spec()).wrong_confirmed == 0


@pytest.mark.parametrize("pair", [("review", "litigation_direct"), ("review", "litigation_after_review")])
def test_lawsuits_before_the_review(style: str, pair: tuple[str, str]) -> None:
    spec = a_spec(quirks=Quirks(swap_rows=pair))
    assert found(render_html(spec), style, spec).wrong_confirmed == 0


@pytest.mark.parametrize("measures", [("upheld", "corrected"), ("upheld", "total")])
def test_results_in_another_order(style: str, measures: tuple[str, str]) -> None:
    spec = a_spec(quirks=Quirks(swap_columns=("disputes", *measures)))
    assert found(render_html(spec), style, spec).wrong_confirmed == 0


@pytest.mark.parametrize("blank", [(), ("litigation_after_review",), ("review",)], ids=str)
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_fourth_procedure(style: str, blank: tuple[str, ...], named: bool, place: str) -> None:
    spec = a_spec(blank=lambda key: key[0] == "disputes" and key[1] in blank)
    root = page(spec)
    heads = row_of(root, "未经复议直接起诉")
    row = heads.getnext().getnext()  # type: ignore[union-attr]
    assert row is not None
    extra = {row: ["70", "71", "72", "73", "74"]}
    if named:
        extra[heads] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    for target, texts in extra.items():
        for number, text in enumerate(texts):
            target.insert(number, td(text)) if place == "before" else target.append(td(text))
    assert found(root, style, spec).wrong_confirmed == 0


@pytest.mark.parametrize("heads", [True, False])
def test_figures_that_stand_result_by_result(style: str, heads: bool) -> None:
    root = page(a_spec())
    names = row_of(root, "未经复议直接起诉")
    row = names.getnext().getnext()  # type: ignore[union-attr]
    assert row is not None
    cells = list(row.iter("td"))
    texts = [text_of(cell) for cell in cells]
    for number, cell in enumerate(cells):
        cell.text = texts[(number % 3) * 5 + number // 3]
    for old in (names.getprevious(), names.getnext(), names):
        old.getparent().remove(old)  # type: ignore[union-attr]
    if heads:
        row.addprevious(tr("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"))
        row.addprevious(tr(*["行政复议", "未经复议直接起诉", "复议后起诉"] * 5))
    assert found(root, style, a_spec()).wrong_confirmed == 0


def test_fifteen_figures_of_another_table(style: str) -> None:
    spec = a_spec(forms={"disputes": ""})
    content = before(render_html(spec), PROBLEMS, table([str(n) for n in range(21, 36)]))
    report = gx.read_report(flat(content, style))
    assert not [f for f in report.fact_rows if f.section == "disputes" and f.verdict == "confirmed"]


def test_labels_behind_their_figures(style: str) -> None:
    root = page(a_spec())
    for row, cells in rows_of_figures(root):
        row.extend([c for c in row.iter("td") if c not in cells])
    assert found(root, style, a_spec()).wrong_confirmed == 0


def test_rows_of_figures_above_rows_of_labels(style: str) -> None:
    root = page(a_spec())
    for row, cells in rows_of_figures(root):
        row.addprevious(tr(*[text_of(cell) for cell in cells]))
        for cell in cells:
            row.remove(cell)
    assert found(root, style, a_spec()).wrong_confirmed == 0


def test_labels_in_one_table_and_figures_in_the_next(style: str) -> None:
    rows = rows_of_figures(page(a_spec()))
    labels = table(*[[text_of(cells[0].getprevious()), ""] for _, cells in rows])  # type: ignore[arg-type]
    figures = table(HEADS, *[[text_of(cell) for cell in cells] for _, cells in rows])
    spec = a_spec(forms={"applications": ""})
    for markup in (labels + figures, figures + labels):
        content = before(render_html(spec), DISPUTES, f"<p>三、收到和处理政府信息公开申请情况</p>{markup}")
        assert found(content, style, a_spec()).wrong_confirmed == 0


@pytest.mark.parametrize(
    "caption", ["附：2023年度数据对比表", "2023年情况", "上年度情况", "附件：所属事业单位情况"]
)
@pytest.mark.parametrize("section", ["disclosure", "applications", "disputes"])
def test_the_table_of_last_year_or_of_another_body(style: str, section: str, caption: str) -> None:
    following = {"disclosure": "三、", "applications": "四、", "disputes": "五、"}[section]
    other = render_html(a_spec(start=501)).decode()
    start = {"disclosure": "二、", "applications": "三、", "disputes": "四、"}[section]
    part = other[other.index(f"<p><strong>{start}") : other.index(f"<p><strong>{following}")]
    markup = f"<p>{caption}</p>" + part[part.index("</p>") + 4 :]
    for spec in (a_spec(), a_spec(forms={section: ""})):
        content = before(render_html(spec), f"<p><strong>{following}", markup)
        report = gx.read_report(flat(content, style))
        result = compare(report.fact_rows, truth_of(spec))
        sure = [k for k in result.extra if (f := report.fact(*k)) and f.verdict == "confirmed"]
        assert (result.wrong_confirmed, sure) == (0, [])


@pytest.mark.parametrize("caption", ["", "附：所属单位收到和处理政府信息公开申请情况"])
def test_a_short_table_of_ones_own_and_the_full_one_of_another_body(style: str, caption: str) -> None:
    kept = ("received", "carried_in", "outcome_total", "carried_out")
    rows = {key[1] for key in truth_of(a_spec()) if key[0] == "applications"} - set(kept)
    spec = a_spec(quirks=Quirks(missing_rows=tuple(sorted(rows))))
    other = render_html(a_spec(start=501)).decode()
    part = other[other.index("<table", other.index("三、收到")) : other.index(DISPUTES)]
    content = before(render_html(spec), DISPUTES, f"<p>{caption}</p>{part}")
    assert found(content, style, spec).wrong_confirmed == 0
