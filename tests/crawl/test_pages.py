"""What is taken from a page: the files it carries, what it really is, which links are worth fetching."""

from __future__ import annotations

import pytest

from gxstats.crawl.answers import judge, marks
from gxstats.crawl.attachments import MOST, attachments
from gxstats.crawl.page import Found, Page
from gxstats.crawl.sources import inside
from gxstats.crawl.titles import choose

HERE = "http://www.a.gov.cn/zwgk/nb/1.html"


def files(body: str) -> list[str]:
    return [file.url for file in attachments(Page(HERE, body.encode()))]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<a href="./P01.pdf">附件</a>', ["http://www.a.gov.cn/zwgk/nb/P01.pdf"]),
        ('<a href="/up/年报.DOC">下载</a>', ["http://www.a.gov.cn/up/年报.DOC"]),
        ('<iframe src="/pdf/viewer.html?file=/up/1.pdf"></iframe>', ["http://www.a.gov.cn/up/1.pdf"]),
        ('<a href="/x/look?src=%2Fup%2F1.ofd&t=2">看</a>', ["http://www.a.gov.cn/up/1.ofd"]),
        ('<embed src="1.wps"><object data="2.xlsx"></object>', [HERE[:-6] + "1.wps", HERE[:-6] + "2.xlsx"]),
        ('<script>var f = "\\/up\\/3.pdf"; show(f)</script>', ["http://www.a.gov.cn/up/3.pdf"]),
        ('<a href="1.pdf">a</a><a href="1.pdf#page=2">b</a>', [HERE[:-6] + "1.pdf"]),
        ('<a href="javascript:down(1).pdf">x</a><a href="ftp://a.gov.cn/1.pdf">x</a>', []),
        ('<a href="http://[bad/1.pdf">x</a><img src="http://[bad.png">', []),
        ('<p>某局</p><img src="/up/t1.png"><img src="/img/logo.png">', ["http://www.a.gov.cn/up/t1.png"]),
        ('<table><tr><td>本年新收政府信息公开申请数量</td></tr></table><img src="/up/t1.png">', []),
        (
            '<a href="/module/download/downfile.jsp?showname=年报.docx&filename=ab12.docx">年报</a>',
            ["http://www.a.gov.cn/module/download/downfile.jsp?showname=年报.docx&filename=ab12.docx"],
        ),
        ("<?", []),
        ("", []),
    ],
)
def test_files_of_a_page(body: str, found: list[str]) -> None:
    assert files(body) == found


def test_a_page_full_of_files_is_bounded() -> None:
    assert len(files("".join(f'<a href="{i}.pdf">x</a>' for i in range(500)))) == MOST


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (
            "<html><body>"
            + "某局2023年政府信息公开工作年度报告。页面不存在的情况除外。" * 60
            + "</body></html>",
            "page",
        ),
        ("<html><body><h1>404 Not Found</h1></body></html>", "gone"),
        ("<html><body>请完成安全验证后继续访问</body></html>", "blocked"),
        ("%PDF-1.4 安全验证", "page"),
        ('<?xml version="1.0"?><a/>', "page"),
        ("<html><frameset><frame src='a.html'></frameset></html>", "page"),
        ("<html><iframe src='a.html'></iframe><script>x()</script></html>", "page"),
    ],
)
def test_what_an_answer_is(body: str, kind: str) -> None:
    assert judge(Page(HERE, body.encode())).kind == kind


def test_every_mark_is_written_as_it_is_compared() -> None:
    assert [m.mark for m in marks() if m.mark != "".join(m.mark.split()).lower()] == []


@pytest.mark.parametrize(
    ("title", "years", "fetched"),
    [
        ("某市规划局2023年政府信息公开工作年度报告", {2023}, True),
        ("某局2023年度政府信息公开年报", {2023}, True),
        ("市应急局", {2023}, True),
        ("", {2023}, True),
        ("某局2022年政府信息公开工作年度报告", {2023}, False),
        ("【图解】某局2023年政府信息公开工作年度报告", {2023}, False),
        ("某局政府信息公开年度报告制度", (), False),
        ("某高校2022-2023学年信息公开年度报告", (), True),
        ("某区政府网站2023年度工作报表", (), False),
        ("关于报送2023年政府信息公开年度报告的通知", (), False),
        ("某局2023年部门预算", {2023}, False),
        ("某区2023年法治政府建设年度报告", {2023}, False),
    ],
)
def test_which_titles_are_fetched(title: str, years: set[int], fetched: bool) -> None:
    assert choose(Found(HERE, title), years).fetch is fetched


def test_a_division_and_what_lies_in_it() -> None:
    assert [inside("320000", c) for c in ("320000", "320800", "320813", "330000", "")] == [
        True,
        True,
        True,
        False,
        False,
    ]
