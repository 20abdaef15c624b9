"""TRS lists: folders, index_1.html, months, twins, lists that scripts write."""

from __future__ import annotations

import pytest

from gxstats.crawl.page import Page
from gxstats.crawl.platforms import recognise
from gxstats.crawl.titles import choose
from tests.crawl.sites import made_reports, trs
from tests.crawl.walk import ROOT, body_of, walk

REPORTS = made_reports.some(8)
WANTED = {trs.LIST + trs.address(i, year): title for i, (title, year, _) in enumerate(REPORTS)}


def chosen(found: dict[str, object]) -> dict[str, str]:
    return {path: f.title for path, f in found.items() if choose(f, ()).fetch}  # type: ignore[attr-defined,arg-type]


@pytest.mark.parametrize("call", trs.CALLS)
def test_every_order_of_arguments_leads_to_every_page(call: str) -> None:
    walked = walk("trs", trs.paths(REPORTS, call=call), trs.LIST)
    assert walked.asked == [trs.LIST, *(f"{trs.LIST}index_{n}.html" for n in (1, 2, 3))]
    assert chosen(walked.found) == WANTED
    assert (walked.lost, walked.missing) == ([], [])


def test_words_cut_short_are_given_whole_with_the_day_beside_them() -> None:
    walked = walk("trs", trs.paths(REPORTS, charset="gb18030"), trs.LIST)
    first = walked.found[trs.LIST + trs.address(0, 2019)]
    assert (first.title, first.published_on) == (REPORTS[0][0], "2020-01-20")


def test_a_mobile_twin_is_no_second_report() -> None:
    walked = walk("trs", trs.paths(REPORTS, twins=True, per_page=4), trs.LIST)
    assert chosen(walked.found) == WANTED


def test_a_list_written_by_a_script_is_read() -> None:
    walked = walk("trs", trs.paths(REPORTS, script=True), trs.LIST)
    assert {path: f.title for path, f in walked.found.items()} == WANTED
    assert walked.found[trs.LIST + trs.address(0, 2019)].published_on == "2020-01-20"


def test_links_in_a_string_of_a_script_are_read() -> None:
    body = r"""<title>政府信息公开年报</title><p>x</p><script>
        document.write("<li><a href=\"./202401\/t20240102_3.html\">某局<\/a><\/li>");</script>"""
    walked = walk("trs", {"/nb/": body}, "/nb/")
    assert [(f, x.title) for f, x in walked.found.items()] == [("/nb/202401/t20240102_3.html", "某局")]


def test_columns_of_years_inside_the_column_are_followed_and_tell_the_year() -> None:
    bare_title = [*REPORTS, ("市财政局", 2024, b"<p>report</p>")]
    walked = walk("trs", trs.paths(bare_title, year_folders=True), trs.LIST)
    got = {p: f for p, f in walked.found.items() if choose(f, ()).fetch}
    assert len(got) == len(bare_title)
    bare = next(f for f in got.values() if f.title == "市财政局")
    assert bare.year == 2024


def test_the_year_of_a_folder_counts_only_if_the_day_agrees() -> None:
    listed = '<title>政府信息公开年报</title><a href="202401/t20240105_1.html">某局</a>'
    walked = walk("trs", {"/xxgknb/2019/": listed, "/xxgknb/2024/": listed}, "/xxgknb/2019/")
    assert [f.year for f in walked.found.values()] == [None]


def test_from_a_report_to_its_column_by_where_it_says_it_stands() -> None:
    made = trs.paths(REPORTS)
    crumbs = (
        f'<p>当前位置：<a href="/">首页</a><a href="{trs.LIST}">政府信息公开年报</a><a href="./">部门</a></p>'
    )
    start = trs.LIST + trs.address(0, 2019)
    made[start] = crumbs.encode() + REPORTS[0][2]
    walked = walk("trs", made, start)
    assert walked.asked[:2] == [start, trs.LIST]
    assert chosen(walked.found) == WANTED


def test_from_a_report_to_the_folder_above_its_month() -> None:
    start = trs.LIST + trs.address(3, 2022)
    walked = walk("trs", trs.paths(REPORTS), start)
    assert walked.asked[:2] == [start, trs.LIST]
    assert chosen(walked.found) == WANTED


def test_a_list_without_reports_is_an_alarm() -> None:
    walked = walk("trs", {trs.LIST: "<html><body><a href='/'>首页</a></body></html>"}, trs.LIST)
    assert [lost.what for lost in walked.lost] == ["the list holds no report"]


def test_a_list_of_anything_gives_only_what_says_it_is_a_report() -> None:
    body = """<title>通知公告</title><h3>政府信息公开年报</h3><ul>
        <li><a href="./202401/t20240101_1.html">关于放假的通知</a></li>
        <li><a href="./202401/t20240102_2.html">某局2023年政府信息公开工作年度报告</a></li>
        <li><a href="./202401/t20240103_3.html">2023年统计年报</a></li></ul>"""
    walked = walk("trs", {"/tzgg/": body}, "/tzgg/")
    assert list(walked.found) == ["/tzgg/202401/t20240102_2.html"]


def test_the_menu_leads_to_the_column_where_the_start_is_not_one() -> None:
    home = '<a href="/zwgk/zfxxgknb/">政府信息公开年报</a><a href="/zwgk/zfgzbg/">政府工作报告</a>'
    walked = walk("trs", {**trs.paths(REPORTS), "/zwgk/zfxxgk/": home}, "/zwgk/zfxxgk/")
    assert walked.asked[:2] == ["/zwgk/zfxxgk/", trs.LIST]
    assert chosen(walked.found) == WANTED


def test_more_pages_than_are_read_is_an_alarm() -> None:
    drawn = '<script>createPageHTML(900,0,"index","html")</script>'
    body = f'<a href="202401/t20240102_2.html">A</a>{drawn}'
    walked = walk("trs", {"/gknb/": body}, "/gknb/", most_pages="3")
    assert walked.asked == ["/gknb/", "/gknb/index_1.html", "/gknb/index_2.html"]
    assert walked.lost[0].what == "the list says it has 900 pages, 3 are read"


def test_recognised_by_its_articles() -> None:
    made = trs.paths(REPORTS)
    assert recognise(Page(ROOT + trs.LIST, body_of(made[trs.LIST])))[0][0] == "trs"
    assert recognise(Page(f"{ROOT}/nb/202401/t20240101_12_wap.html", b"<p>x</p>"))[0] == ("trs", 95)
