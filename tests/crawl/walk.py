"""Reading a site with a platform, without a network: pages in, findings out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gxstats.crawl.page import Ask, Found, Lost, Page
from gxstats.crawl.platforms import platform
from gxstats.crawl.sources import Source
from tests.crawl.server import Answer

ROOT = "http://www.a.gov.cn"


class Walk(NamedTuple):
    """What reading a site came to: list pages asked for in order, reports by path, and what was lost."""

    asked: list[str]
    found: dict[str, Found]
    lost: list[Lost]
    missing: list[str]


def walk(name: str, made: Mapping[str, Answer | bytes | str], start: str, **params: str) -> Walk:
    """Read a site of fixed pages from a list on, as the spider does."""
    source = Source("s", name, ROOT + start, params=params)
    to_ask = [first.url for first in platform(name).start(source)]
    walked = Walk([], {}, [], [])
    while to_ask:
        path = to_ask.pop(0).split("#")[0].removeprefix(ROOT)
        if path in walked.asked:
            continue
        walked.asked.append(path)
        if path not in made:
            walked.missing.append(path)
            continue
        for finding in platform(name).list_reports(Page(ROOT + path, body_of(made[path])), source):
            if isinstance(finding, Ask):
                to_ask.append(finding.url)
            elif isinstance(finding, Found):
                walked.found.setdefault(finding.url.removeprefix(ROOT), finding)
            else:
                walked.lost.append(finding)
    return walked


def body_of(answer: Answer | bytes | str) -> bytes:
    """The bytes of an answer."""
    if isinstance(answer, Answer):
        return answer.body
    return answer if isinstance(answer, bytes) else answer.encode()
