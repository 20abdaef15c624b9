"""Which links of a list are worth fetching: by their words and years, never by position."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from gxstats.align.identity.titles import read_title
from gxstats.crawl.page import Found
from gxstats.places.address import read_address

_REPORT = re.compile("公开.{0,12}(?:报告|年报)|年报")
_NOT = re.compile(
    "制度|办法|规定|规范|格式|模板|方案|通知|要求|要点|指南|目录|网站.{0,8}(?:报表|报告)|学年|"
    "预算|决算|法治政府|依法行政|统计公报|工作计划|会议|自查"
)

_ABOUT = re.compile("解读|图解|一图(?:读|看)懂")


class Choice(NamedTuple):
    """Whether a link is fetched, the report year as far as the link tells, and why not."""

    fetch: bool
    year: int | None
    reason: str = ""


def choose(found: Found, years: Collection[int]) -> Choice:
    """Whether a link of a list may be a report of the years asked for.

    A link whose words say nothing (a bare name of an agency, "查看") is fetched: its page will tell.

    Args:
        found: the link.
        years: report years asked for; empty for all.

    Example:
        >>> choose(Found("http://a.gov.cn/1", "某局2023年政府信息公开工作年度报告"), {2023})
        Choice(fetch=True, year=2023, reason='')
        >>> choose(Found("http://a.gov.cn/2", "某局2023年政府信息公开工作年度报告解读"), ()).reason
        'the title is not that of a report'
        >>> choose(Found("http://a.gov.cn/3", "某局2019年政府信息公开工作年度报告"), {2023}).reason
        'the report is about 2019'
    """
    year = report_year(found)
    title = "".join(found.title.split())
    if _ABOUT.search(title) or _NOT.search(_behind(title)):
        return Choice(False, year, "the title is not that of a report")
    if years and year is not None and year not in years:
        return Choice(False, year, f"the report is about {year}")
    return Choice(True, year)


def report_year(found: Found) -> int | None:
    """The year a report is about, from its title, what the platform says, or its address."""
    named = read_title(found.title).years if found.title else ()
    if len(named) == 1:
        return named[0]
    return found.year or read_address(found.url).year


def _behind(title: str) -> str:
    """What follows the words for the report: 制度 and the like count only there, 规划局 is a publisher."""
    match = _REPORT.search(title)
    return title[match.start() :] if match else title
