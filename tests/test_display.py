"""How a report shows: the frame of the form, the HTML of a notebook, the line of a log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

import gxstats as gx
from gxstats.display import mark
from gxstats.display.terminal import console, form_text
from gxstats.model import Check, Fact, Issue, Locator, State, Unmatched, Verdict

NOT_CLOSED = {"br", "hr", "img", "meta"}


def fact(item: str, measure: str, **changes: Any) -> Fact:
    section = changes.pop("section", "disputes")
    values: dict[str, Any] = {
        "form": "f2021",
        "value": None,
        "amount": None,
        "unit": None,
        "implied": None,
        "state": "reported",
        "verdict": "confirmed",
        "sums": "untested",
        "raw": "",
        "at": Locator(ref="/html/body/table[1]"),
        "reader": "test",
    }
    return Fact(section, item, measure, **(values | changes))


def report(*facts: Fact, **changes: Any) -> gx.Report:
    meta = {"document_id": "0123456789abcdef.1", "agency": "甲市人民政府", "year": 2023, "source": "a.html"}
    return gx.Report(meta | changes.pop("meta", {}), facts, **changes)


class Outline(HTMLParser):
    """Whether the tags of a page close in order, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in NOT_CLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


@pytest.fixture(scope="module")
def pingtan() -> gx.Report:
    return gx.read_report(gx.data_path("sample", "pingtan-2020.html"))


@pytest.fixture(scope="module")
def shanghai() -> gx.Report:
    return gx.read_report(gx.data_path("sample", "shanghai-office-2019.html"))


def test_applications_print_like_the_form(pingtan: gx.Report) -> None:
    table = pingtan.table("applications")
    assert table.shape == (23, 7)
    assert list(table.columns) == [
        "自然人",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
        "总计",
    ]
    assert table.loc[("三、本年度办理结果", "（七）总计"), "总计"] == 21
    assert ("（四）无法提供", "1.本机关不掌握相关政府信息") in table.index
    assert table.index[0] == ("", "一、本年新收政府信息公开申请数量")


def test_english_labels_leave_the_group_to_the_group(pingtan: gx.Report) -> None:
    table = pingtan.table("applications", lang="en")
    assert table.loc[("refused", "state secret"), "total"] == 0
    assert table.loc[("outcomes", "all outcomes"), "natural persons"] == 20


def test_disputes_have_a_row_for_each_procedure(shanghai: gx.Report) -> None:
    table = shanghai.table("disputes")
    assert list(table.index) == ["行政复议", "未经复议直接起诉", "复议后起诉"]
    assert table.loc["行政复议", "总计"] == 7
    assert table.loc["复议后起诉", "总计"] == "", "a blank cell prints nothing, which is not 0"


def test_disclosure_stacks_its_blocks(shanghai: gx.Report) -> None:
    table = shanghai.table("disclosure")
    assert table.shape == (22, 2)
    money = table[table["信息内容"] == "采购总金额"]["数字"].item()
    assert money == Decimal(251000)
    assert isinstance(money, Decimal)
    assert {type(value) for value in table["数字"]} == {int, Decimal}


def test_a_section_that_was_not_found_has_labels_and_no_figures(pingtan: gx.Report) -> None:
    table = pingtan.table("disclosure")
    assert table.shape == (22, 2), "the form of the rest of the report"
    assert table["数字"].isna().all()


def test_an_unknown_section_is_named_with_those_there_are(pingtan: gx.Report) -> None:
    with pytest.raises(gx.UnknownField, match=r"prose.*disclosure, applications, disputes"):
        pingtan.table("prose")


@pytest.mark.parametrize(
    ("state", "raw", "printed"),
    [
        ("blank", "", ""),
        ("dash", " — ", "—"),
        ("text", "见附件", "见附件"),
        ("absent", "", None),
        ("unreadable", "", None),
    ],
)
def test_what_is_no_figure_prints_as_it_stands(state: State, raw: str, printed: str | None) -> None:
    table = report(fact("review", "total", state=state, raw=raw)).table("disputes")
    assert table.loc["行政复议", "总计"] == printed


def test_a_block_with_the_heads_of_another_edition_keeps_its_facts() -> None:
    mixed = report(
        fact("licensing", "decisions", section="disclosure", value=5),
        fact("fees", "amount_10k_cny", section="disclosure", amount=Decimal("1.5")),
        fact("rules", "made", section="disclosure", value=3, form="f2019"),
    )
    table = mixed.table("disclosure")
    assert set(table["数字"].dropna()) == {5, Decimal("1.5"), 3}
    assert "本年新制作数量" in mixed._repr_html_()


STATES: list[tuple[State, Verdict, str, str]] = [
    ("blank", "confirmed", "", "空"),
    ("dash", "confirmed", "/", "/"),
    ("text", "confirmed", "见附件", "见附件"),
    ("unreadable", "unconfirmed", "1O", "不清"),
    ("absent", "unconfirmed", "", "缺"),
    ("unreadable", "disputed", "", "读数不一"),
]


@pytest.mark.parametrize(("state", "verdict", "raw", "shown"), STATES)
def test_every_state_looks_different(state: State, verdict: Verdict, raw: str, shown: str) -> None:
    assert str(mark(fact("review", "total", state=state, verdict=verdict, raw=raw))) == shown


def test_no_state_looks_like_a_figure() -> None:
    shown = [str(mark(fact("review", "total", state=s, verdict=v, raw=raw))) for s, v, raw, _ in STATES]
    assert len(set(shown)) == len(shown)
    assert not any(re.search(r"\d", text) for text in shown)


def test_an_implied_figure_stands_beside_its_state() -> None:
    proved = fact("review", "total", state="blank", implied=0)
    assert str(mark(proved)) == "空=0"
    page = Outline(report(proved)._repr_html_())
    assert ("i", {}) in page.tags
    assert "由勾稽关系推定" in "".join(page.text)


def test_money_keeps_its_printed_decimals_and_a_unit_of_its_own() -> None:
    fees = fact(
        "fees", "amount_10k_cny", section="disclosure", amount=Decimal("12.50"), unit="万元", raw="12.50"
    )
    assert str(mark(fees)) == "12.50"
    assert str(mark(fees._replace(raw="12.50万元"))) == "12.50万元"


def test_the_html_marks_the_failing_sum_and_says_it_in_both_languages(pingtan: gx.Report) -> None:
    page = Outline(pingtan._repr_html_())
    text = "".join(page.text)
    assert page.open == []
    assert "27 对 21，相差 6" in text
    assert "27 against 21, difference 6" in text
    assert text.count("21✗") == 1
    assert "176 个单元格" in text
    assert "2 fail" in text
    assert "1502c7cd326e3eff.1" in text or pingtan.document_id in text


def test_unconfirmed_cells_are_marked_and_explained() -> None:
    page = "".join(
        Outline(report(fact("review", "total", value=7, verdict="unconfirmed"))._repr_html_()).text
    )
    assert "7?" in page
    assert "读数未经确认" in page


def test_the_page_is_quiet_about_marks_it_does_not_use() -> None:
    page = "".join(Outline(report(fact("review", "total", value=7))._repr_html_()).text)
    assert "?" not in page
    assert "推定" not in page


HOSTILE = '<script>alert(1)</script><img src=x onerror="a">&'


def hostile() -> Iterator[gx.Report]:
    meta = {"title": HOSTILE, "agency": HOSTILE, "source": HOSTILE, "url": f"javascript:{HOSTILE}"}
    issue = Issue("error", HOSTILE, HOSTILE, Locator(ref=HOSTILE), HOSTILE)
    cell = fact("review", "total", state="text", raw=HOSTILE, at=Locator(ref=HOSTILE))
    row = Unmatched("disputes", (HOSTILE,), Locator())
    yield report(cell, meta=meta, issue_rows=(issue,), unmatched=(row,))
    yield report(meta=meta, issue_rows=(issue,))


@pytest.mark.parametrize("strange", [*hostile()])
def test_texts_of_a_document_cannot_become_markup(strange: gx.Report) -> None:
    for page in (strange._repr_html_(), gx.Reports((strange,))._repr_html_()):
        outline = Outline(page)
        assert not {"script", "img"} & {tag for tag, _ in outline.tags}
        assert not any(name.startswith("on") for _, attributes in outline.tags for name in attributes)
        assert "javascript:" not in "".join(a.get("href") or "" for _, a in outline.tags)
        assert outline.open == []


def test_only_web_addresses_become_links() -> None:
    page = report(
        fact("review", "total", value=1), meta={"url": "https://www.example.gov.cn/a.html"}
    )._repr_html_()
    assert 'href="https://www.example.gov.cn/a.html"' in page


def test_nothing_is_loaded_from_elsewhere(shanghai: gx.Report) -> None:
    assert not re.search(r"(?:src|href)=|url\(|@import", shanghai._repr_html_())


def test_the_colours_follow_the_host(pingtan: gx.Report) -> None:
    style = pingtan._repr_html_()
    for word in ("prefers-color-scheme: dark", "--jp-content-font-color1", 'data-jp-theme-light="false"'):
        assert word in style


def test_issues_and_unmatched_rows_are_folded_away() -> None:
    known = report(
        fact("review", "total", value=1),
        issue_rows=(Issue("warning", "row_odd", "a row is odd"),),
        unmatched=(Unmatched("disputes", ("其他主动公开文件", "3"), Locator()),),
    )
    page = known._repr_html_()
    assert page.count("<details>") == 2
    assert "row_odd: a row is odd" in page
    assert "其他主动公开文件 | 3" in page


def test_a_report_without_facts_says_why() -> None:
    page = gx.read_report(b"")._repr_html_()
    assert "no facts were read" in page
    assert "the file is empty" in page
    assert "<details open>" in page


def test_a_long_list_counts_the_rest() -> None:
    many = gx.Reports(tuple(report(fact("review", "total", value=1)) for _ in range(75)))
    page = many._repr_html_()
    assert page.count("甲市人民政府") == 60
    assert "and 15 more" in page
    assert "75 个单元格" in page


def test_a_report_is_one_line() -> None:
    check = Check("D-SUM", "error", "disputes", "review", 2, 1, "fail", "publisher", (), 5)
    line = str(report(fact("review", "total", value=1), check_rows=(check,)))
    assert line == "甲市人民政府 2023 (0123456789abcdef.1): 1 cells, 1 confirmed; 1 sums, 1 fail"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 60, 80, 120, 400])
def test_no_terminal_is_too_narrow_for_a_figure(shanghai: gx.Report, width: int, lang: Any) -> None:
    out = console()
    out.width = width
    with out.capture() as captured:
        for part in form_text(shanghai, ["applications"], lang, width):
            out.print(part, crop=False)
    shown = captured.get()
    rows = [line.split() for line in shown.splitlines()]
    blank = "空" if lang == "zh" else "blank"
    assert any(row[-7:] == ["821", "35", f"{blank}=0", f"{blank}=0", "2", "1", "859"] for row in rows)


def test_columns_align_though_characters_are_wide(shanghai: gx.Report) -> None:
    from rich.cells import cell_len

    out = console()
    with out.capture() as captured:
        for part in form_text(shanghai, ["disputes"]):
            out.print(part)
    lines = [line for line in captured.get().splitlines() if line.startswith(("行政复议", "未经复议"))]
    assert len(lines) == 2
    assert len({cell_len(line) for line in lines}) == 1


def test_an_escape_sequence_in_a_document_does_not_reach_the_terminal() -> None:
    out = console()
    bad = report(fact("review", "total", state="text", raw="\x1b[2J7"), meta={"agency": "\x1b]0;x\x07甲"})
    with out.capture() as captured:
        for part in form_text(bad):
            out.print(part)
    assert "\x1b" not in captured.get()
