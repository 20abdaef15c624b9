"""Hanweb columns: records in the page, behind ``dataproxy.jsp``, in groups, or out of sight."""

from __future__ import annotations

import pytest

from gxstats.crawl.page import Ask, Found, Lost, Page
from gxstats.crawl.platforms import platform, recognise
from gxstats.crawl.sources import Source
from tests.crawl.asking import ROOT, hear
from tests.crawl.sites import hanweb, made_reports

REPORTS = made_reports.some(11)
WANTED = {hanweb.address(i, year): title for i, (title, year, _) in enumerate(REPORTS)}


def findings(body: str, path: str = hanweb.LIST, **params: str) -> list[object]:
    source = Source("s", "hanweb", ROOT + hanweb.LIST, params=params)
    return list(platform("hanweb").list_reports(Page(ROOT + path, body.encode()), source))


@pytest.mark.parametrize("store", ["array", "datastore", "none"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_records_of_the_page_and_those_behind_it_are_all_found(store: str, charset: str) -> None:
    heard = hear(hanweb.site(REPORTS, store=store, charset=charset), "hanweb", hanweb.LIST)
    assert heard.chosen() == WANTED
    assert (heard.lost, heard.missing) == ([], [])
    assert heard.found[hanweb.address(0, 2019)].published_on == "2020-01-01"
    # 14 records, of which the page holds 2 or none, come 4 at a time.
    assert len(heard.asked) == (1 + 3 if store != "none" else 1 + 4)


def test_a_group_is_asked_for_as_the_page_does() -> None:
    heard = hear(hanweb.site(REPORTS), "hanweb", hanweb.LIST)
    assert heard.asked[1:] == [
        f"{hanweb.PROXY}?startrecord={a}&endrecord={b}&perpage=2" for a, b in ((3, 6), (7, 10), (11, 14))
    ]
    page = Page(ROOT + hanweb.LIST, hanweb.site(REPORTS)(_asked(hanweb.LIST)).body)  # type: ignore[union-attr]
    source = Source("s", "hanweb", ROOT + hanweb.LIST)
    asks = [f for f in platform("hanweb").list_reports(page, source) if isinstance(f, Ask)]
    assert {ask.method for ask in asks} == {"POST"}
    assert dict(asks[0].form) == hanweb.FORM


def _asked(path: str) -> object:
    from tests.crawl.server import Asked

    return Asked("GET", path, {}, {}, {}, 0.0, 1)


def test_no_total_but_a_link_to_the_next_group() -> None:
    heard = hear(hanweb.site(REPORTS, store="datastore", total=False), "hanweb", hanweb.LIST)
    assert heard.chosen() == WANTED
    assert (len(heard.asked), heard.lost) == (1 + 4, [])


def test_a_page_that_states_nothing_is_an_alarm_and_params_help() -> None:
    made = hanweb.site(REPORTS, drawn=False)
    heard = hear(made, "hanweb", hanweb.LIST)
    assert heard.chosen() == {}
    assert "does not state the unit" in heard.lost[0].what
    assert "unitid=" in heard.lost[0].hint
    heard = hear(made, "hanweb", hanweb.LIST, unitid=hanweb.UNIT, webid="33")
    assert (heard.chosen(), heard.lost) == (WANTED, [])


def test_a_wrong_unit_is_an_alarm() -> None:
    heard = hear(hanweb.site(REPORTS, drawn=False), "hanweb", hanweb.LIST, unitid="1", webid="33")
    assert [lost.what for lost in heard.lost] == ["the answer holds no record"]


def test_fewer_records_than_asked_for_are_an_alarm() -> None:
    heard = hear(hanweb.site(REPORTS, short=1), "hanweb", hanweb.LIST)
    assert {lost.what for lost in heard.lost} == {"4 records were asked for, 3 came"}


def test_an_empty_column_is_an_alarm() -> None:
    body = (
        "<script>$('#9').jpage({totalRecord:0,perPage:2,proxyUrl:'/dataproxy.jsp',ajaxParam:{a:1}})</script>"
    )
    assert findings(body) == [
        Lost("the column says that it holds no record", "look at the list in a browser")
    ]


def test_never_more_groups_than_most_pages() -> None:
    body = (
        f"<script>var p={{columnid:1,unitid:'9'}};$('#9').jpage({{totalRecord:1000000,perPage:20,"
        f"proxyUrl:'{hanweb.PROXY}',ajaxParam:p}})</script>"
    )
    found = findings(body, most_pages="3")
    assert [f.url.partition("?")[2] for f in found if isinstance(f, Ask)] == [
        "startrecord=1&endrecord=20&perpage=20",
        "startrecord=21&endrecord=40&perpage=20",
        "startrecord=41&endrecord=60&perpage=20",
    ]
    assert any(isinstance(f, Lost) and "3 groups" in f.what for f in found)


def test_records_of_a_mixed_column_count_by_their_words() -> None:
    held = "".join(
        f"<record><![CDATA[<li><a href='/art/2024/1/{n}/art_1_{n}.html'>{title}</a></li>]]></record>"
        for n, title in enumerate(("市应急局", "某县举行运动会", "某局2023年信息公开年报", "关于春节放假"), 1)
    )
    path = f"{hanweb.PROXY}?startrecord=1&endrecord=4&perpage=4"
    found = findings(f"<datastore><recordset>{held}</recordset></datastore>", path)
    assert [f.title for f in found if isinstance(f, Found)] == ["市应急局", "某局2023年信息公开年报"]


def test_a_column_without_any_report_says_so() -> None:
    held = "<record><![CDATA[<li><a href='/art/2024/1/1/art_1_1.html'>某县举行运动会</a></li>]]></record>"
    found = findings(f"<datastore><recordset>{held}</recordset></datastore>", f"{hanweb.PROXY}?page=1")
    assert [f.what for f in found if isinstance(f, Lost)] == ["none of 1 records is a report: 某县举行运动会"]


def test_a_static_column_gives_the_articles_of_its_number() -> None:
    body = (
        "<title>部门年报</title><ul><li><a href='/art/2024/1/10/art_1229040376_7.html'>市应急局</a></li>"
        "<li><a href='/art/2024/1/10/art_5_8.html'>市教育局</a></li></ul>"
    )
    found = findings(body)
    assert [(f.url, f.title) for f in found if isinstance(f, Found)] == [
        (f"{ROOT}/art/2024/1/10/art_1229040376_7.html", "市应急局")
    ]


def test_a_report_leads_to_the_column_in_its_name() -> None:
    heard = hear(hanweb.site(REPORTS), "hanweb", hanweb.address(0, 2019))
    assert heard.chosen() == WANTED
    assert heard.asked[:2] == [hanweb.address(0, 2019), hanweb.LIST]


def test_it_is_recognised() -> None:
    made = hanweb.site(REPORTS)(_asked(hanweb.LIST))  # type: ignore[arg-type]
    assert recognise(Page(ROOT + hanweb.LIST, made.body))[0] == ("hanweb", 95)  # type: ignore[union-attr]
    assert recognise(Page(ROOT + "/art/2024/1/10/art_29411_1207098.html", b"<p>x</p>"))[0][0] == "hanweb"


@pytest.mark.parametrize(
    "body", ["", "<datastore>" * 3000, "<record>" * 9000, "<script>$('#1').jpage({{{", "\x00" * 99, "[]", "{"]
)
def test_whatever_a_server_answers_is_no_crash_and_no_silence(body: str) -> None:
    for path in (hanweb.LIST, f"{hanweb.PROXY}?page=1"):
        found = findings(body, path)
        assert found
        assert all(isinstance(f, Lost) for f in found)
