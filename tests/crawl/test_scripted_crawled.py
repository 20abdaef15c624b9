"""Whole crawls of sites whose lists scripts fetch: every report, every file, nothing else; and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pandas as pd

from gxstats.archive import Archive
from gxstats.crawl.sources import Source
from tests.crawl.conftest import Crawl
from tests.crawl.server import Answer, Asked, Server, Site, serve
from tests.crawl.sites import anhui, hanweb, hanweb_annual, jpaas, made_reports

PDF = Answer(b"%PDF-1.4 the report as a file", media_type="application/pdf")
DOCX = Answer(b"PK\x03\x04 the report as a file", media_type="application/octet-stream")
FILES = {"/attach/0/nb.pdf": PDF, "/attach/1/nb.docx": DOCX}
WRAPPED = (
    '<iframe src="/module/pdf/web/viewer.html?file=%2Fattach%2F0%2Fnb.pdf"></iframe>'
    '<iframe src="/pageoffice/view?file=/attach/1/nb.docx"></iframe>'
)
# For each platform: where its list begins, and its site; that of Hanweb is in GBK.
MADE = {
    "hanweb": (hanweb.LIST, partial(hanweb.site, charset="gb18030")),
    "hanweb_annual": (hanweb_annual.PATH, hanweb_annual.site),
    "jpaas": (jpaas.LIST, jpaas.site),
    "anhui": (anhui.LIST, anhui.site),
}


def reports_of(name: str) -> list[made_reports.Report]:
    """Nine reports with bytes of their own, the first with a PDF and a DOCX behind viewers."""
    made = made_reports.some(9, "gb18030" if name == "hanweb" else "utf-8")
    (title, year, body), *others = [(t, y, b + f"<!-- {name} -->".encode()) for t, y, b in made]
    return [(title, year, body + WRAPPED.encode()), *others]


@contextmanager
def served() -> Iterator[tuple[list[Source], dict[str, Server], dict[str, Site]]]:
    """The sites on this machine; what they answer can be exchanged between two visits."""
    now: dict[str, Site] = {}

    def answering(name: str) -> Site:
        def answer(asked: Asked) -> Answer | None:
            return now[name](asked)

        return answer

    with ExitStack() as stack:
        servers = {name: stack.enter_context(serve(answering(name))) for name in MADE}
        for name, (_, site) in MADE.items():
            now[name] = site(reports_of(name), attachments=FILES)  # type: ignore[operator]
        sources = [Source(name, name, servers[name].root + start) for name, (start, _) in MADE.items()]
        yield sources, servers, now


def test_all_reports_and_their_files_and_nothing_else(crawled: Crawl, tmp_path: Path) -> None:
    with served() as (sources, servers, _):
        summary = crawled(*sources)
    assert summary.alarms == []
    assert summary.lost == []
    rows = summary.sources.set_index("source_id")
    assert rows.new.to_dict() == dict.fromkeys(MADE, 9)
    assert rows.attachments.to_dict() == dict.fromkeys(MADE, 2)
    assert rows.years["hanweb_annual"] == {"2019": 2, "2020": 2, "2021": 2, "2022": 1, "2023": 1, "2024": 1}
    with Archive(tmp_path / "archive") as archive:
        captures = archive.frame()
        for name in MADE:
            own = captures[captures.source_row == name]
            held = {archive.read(sha) for sha in own.sha256}
            assert held == {body for *_, body in reports_of(name)} | {PDF.body, DOCX.body}, name
    for name, server in servers.items():
        asked = [(a.method, a.path, tuple(a.query.items()), tuple(a.form.items())) for a in server.log]
        assert len(asked) == len(set(asked)), name
        assert not any("运动会" in path or "/9003" in path or "download" in path for path in server.paths())


def test_a_second_visit_tells_what_changed_and_what_is_missing(crawled: Crawl, tmp_path: Path) -> None:
    with served() as (sources, _, now):
        crawled(*sources)
        for name, (_, site) in MADE.items():
            first, (title, year, body), *others, _ = reports_of(name)
            changed = [first, (title, year, body.replace(b"</h1>", b"</h1><b>!</b>")), *others]
            now[name] = site(changed, attachments=FILES)  # type: ignore[operator]
        now["jpaas"] = jpaas.site(reports_of("jpaas"), leave_out=("pageId",))
        summary = crawled(*sources)
    rows = summary.sources.set_index("source_id")
    for name in ("hanweb", "hanweb_annual", "anhui"):
        assert (rows.new[name], rows.same[name], rows.revised[name]) == (0, 7, 1), name
    assert rows.silent.to_dict() == {name: name == "jpaas" for name in MADE}
    alarms = pd.DataFrame(summary.alarms, columns=["source", "code", "message"])
    fewer = alarms[(alarms.code == "fewer") & (alarms.source != "jpaas")]
    assert fewer.message.tolist() == ["1 reports about 2021, 2 last time"] * 3
    assert set(alarms[alarms.source == "jpaas"].code) == {"none_found", "not_understood", "fewer"}
    assert "does not state pageId" in alarms[alarms.code == "not_understood"].message.iloc[0]


def test_only_the_years_asked_for(crawled: Crawl) -> None:
    with served() as (sources, servers, _):
        summary = crawled(*sources, years=[2021])
    rows = summary.sources.set_index("source_id")
    assert rows.fetched.to_dict() == dict.fromkeys(MADE, 2)
    assert rows.years.tolist() == [{"2021": 2}] * 4
    assert sum("fbtime" in asked.query for asked in servers["hanweb_annual"].log) == 2
