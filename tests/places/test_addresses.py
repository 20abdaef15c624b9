"""Which addresses are a government's, which are the same, and what they say."""

from __future__ import annotations

import pytest

from gxstats.places import assess, canonical_address, same_source
from gxstats.places.address import credit_codes, read_address
from gxstats.places.trust import replay_signs


@pytest.mark.parametrize(
    "url",
    [
        "https://www.panyu.gov.cn/a.html",
        "http://gov.cn/",
        "HTTP://WWW.PANYU.GOV.CN./a",
        "http://admin.yzcity.gov.cn:8888/lstczj/a.shtml",
        "http://61.150.65.235/a",
        "http://1.25.240.11:8082/a",
        "http://122.137.242.24:8080/a",
        "https://www.pjggcgjyzx.cn/a",
    ],
)
def test_government_hosts_and_the_reviewed_list_are_trusted(url: str) -> None:
    assert assess(url).standing == "trusted"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://www.gov.cn.evil.com/a", "imitates"),
        ("https://evil-gov.cn/a", "imitates"),
        ("https://panyugov.cn/a", "imitates"),
        ("https://gov.cn.example/a", "imitates"),
        ("https://www.panyu.gov.cn@evil.com/a", "user name"),
        ("https://user:gov.cn@evil.com/a", "user name"),
        ("https://evil.com\\.gov.cn/a", "hide"),
        ("https://evil.com%2f.gov.cn/a", "hide"),
        ("https://www.ｇov.cn/a", "letters"),
        ("https://www.gоv.cn/a", "letters"),  # a Cyrillic letter
        ("https://www.xn--gv-emc.cn/a", "letters"),
        ("https://evil.com/www.panyu.gov.cn/a", "neither"),
        ("https://evil.com/?u=.gov.cn", "neither"),
        ("https://evil.com#.gov.cn", "neither"),
        ("http://1.25.240.11/a", "neither"),
        ("http://1.25.240.11:80/a", "neither"),
        ("http://61.150.65.235:8080/a", "neither"),
        ("http://[::1]/a", "neither"),
        ("ftp://www.panyu.gov.cn/a", "no http"),
        ("javascript:alert(1)//.gov.cn", "no http"),
        ("http://www.panyu.gov.cn:port/a", "no http"),
        ("http:///a", "no http"),
    ],
)
def test_everything_else_is_untrusted_with_the_reason(url: str, words: str) -> None:
    found = assess(url)
    assert found.standing == "untrusted"
    assert words in found.reason


def test_no_address_is_unknown() -> None:
    assert assess(None).standing == assess("").standing == "unknown"


def test_universities_are_trusted_with_their_own_reports_only() -> None:
    url = "https://www.pku.edu.cn/a"
    assert assess(url).standing == "untrusted"
    assert assess(url, university=True).standing == "trusted"


@pytest.mark.parametrize(
    ("text", "url", "signs"),
    [
        ("某县人民政府政府信息公开年度报告", None, ()),
        ("服務(wù)年度報(bào)告", None, ("readings_in_brackets",)),
        ("某某娱乐城 政府信息公开", None, ("advertising_words",)),
        ("總體情況 主動公開 政府機關 報告 處理", None, ("traditional_conversion",)),
        ("第二十条第?。ㄒ唬╉?", None, ("broken_characters",)),
        ("本报告见 www.panyu.gov.cn 网站", "https://evil.com/a", ("names_another_host",)),
        ("本报告见 www.panyu.gov.cn 网站", "https://www.panyu.gov.cn/a", ()),
    ],
)
def test_marks_of_copies_are_named(text: str, url: str | None, signs: tuple[str, ...]) -> None:
    assert replay_signs(text, url) == signs


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.gov.cn/t20250122_1_wap.html", "https://www.a.gov.cn/t20250122_1.html"),
        ("http://a.gov.cn/x.html?isMobile=false", "http://a.gov.cn/x.html"),
        ("http://a.gov.cn/x.shtml?ddtab=true", "http://a.gov.cn/x.shtml"),
        ("https://wap.taizhou.gov.cn/x.html", "http://taizhou.gov.cn/x.html"),
        ("http://61.150.65.235/zfxxgk/x.html", "https://www.ylq.gov.cn/zfxxgk/x.html"),
        ("http://a.gov.cn:80/x", "https://a.gov.cn:443/x"),
        ("http://a.gov.cn//c27662/index.html", "http://a.gov.cn/c27662/"),
        ("http://a.gov.cn/m.jsp?area=1&fbtime=2020", "http://a.gov.cn/m.jsp?fbtime=2020&area=1"),
        ("http://a.gov.cn/XxgkAnnualReport/download/4.html", "http://a.gov.cn/XxgkAnnualReport/show/4.html"),
        ("http://a.gov.cn/x.html#top", "http://A.gov.cn/x.html"),
    ],
)
def test_the_same_page_under_other_addresses(one: str, other: str) -> None:
    assert same_source(one, other)
    assert canonical_address(canonical_address(one)) == canonical_address(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.gov.cn/x.html", "http://b.gov.cn/x.html"),
        ("http://a.gov.cn/x.html", "http://a.gov.cn.evil.com/x.html"),
        ("http://a.gov.cn/m.jsp?fbtime=2020", "http://a.gov.cn/m.jsp?fbtime=2021"),
        ("http://a.gov.cn/X.html", "http://a.gov.cn/x.html"),
        ("http://a.gov.cn:8080/x.html", "http://a.gov.cn/x.html"),
        ("http://1.25.240.11:8082/x", "http://1.25.240.11/x"),
    ],
)
def test_other_pages_are_other_sources(one: str, other: str) -> None:
    assert not same_source(one, other)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        (
            "https://www.mashsq.gov.cn/xxgk/openness/detail/annual_report/63c10647886688405b8b456e.html",
            "2023-01-13",
        ),
        ("https://www.hlx.gov.cn/zfxxgk/zfxxgknb/bm/2023n/1750322265599270913.html", "2024-01-25"),
        ("http://mzj.anshan.gov.cn/html/ASMZJ/202601/0176775009929264.html", "2026-01-07"),
        ("http://www.syyh.gov.cn/zwgk/202401/t20240126_4597464.html", "2024-01-26"),
        ("http://www.qz.gov.cn/art/2025/1/15/art_1229040376_5444855.html", "2025-01-15"),
        ("http://www.kmjn.gov.cn/c/2021-01-28/4903208.shtml", "2021-01-28"),
        ("https://a.gov.cn/t20241399_1.html", None),
        ("http://a.gov.cn/content/post_740540.html", None),
    ],
)
def test_days_written_into_addresses(url: str, day: str | None) -> None:
    dated = read_address(url).dated
    assert (dated.isoformat() if dated else None) == day


def test_the_report_year_a_system_is_asked_for() -> None:
    base = "http://www.yj.gov.cn/module/xxgk/xxgkAnnualReport.jsp"
    assert read_address(f"{base}?area=001008003014003&fbtime=2018").year == 2018
    assert read_address("https://a.gov.cn/public/column/24601?action=detail&title=2020&type=3").year == 2020
    assert read_address("https://a.gov.cn/x?title=2020").year is None
    assert read_address(f"{base}?area=113304837338351799&fbtime=x").credit_code == "113304837338351799"


@pytest.mark.parametrize("code", ["113304837338351799", "11330922002643296E", "113325000026455663"])
def test_credit_codes_are_believed_by_their_check_character(code: str) -> None:
    assert credit_codes(f"索引号 {code}/2023-00012") == [code]
    assert credit_codes(code[:-1] + ("0" if code[-1] != "0" else "1")) == []
    assert credit_codes(f"9{code}") == []
