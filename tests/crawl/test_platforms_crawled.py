"""Whole crawls of the imitated sites: all reports in the archive, byte for byte, and nothing else."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from gxstats.archive import Archive
from gxstats.crawl.sources import Source
from tests.crawl.conftest import Crawl
from tests.crawl.server import Site, serve
from tests.crawl.sites import guangdong, made_reports, plain, trs, ucap

GBK = made_reports.some(8, "gb18030")
PLAIN = made_reports.some(9)
PDF = b"%PDF-1.4 an annex "
SITES: dict[str, tuple[str, str, Site, int]] = {
    "trs": ("trs", trs.LIST, trs.site(GBK, charset="gb18030", twins=True, attachment=PDF), 2),
    "trs-years": ("trs", trs.LIST, trs.site(PLAIN, year_folders=True), 0),
    "trs-report": ("trs", trs.LIST + trs.address(2, 2021), trs.site(PLAIN), 0),
    "ucap": ("ucap", ucap.LIST, ucap.site(GBK, charset="gb18030"), 0),
    "guangdong": ("guangdong", guangdong.LIST, guangdong.site(PLAIN), 0),
    "catalogue": ("guangdong", guangdong.CATALOGUE, guangdong.catalogue(PLAIN), 0),
    "generic": ("generic", plain.LIST, plain.site(PLAIN), 0),
}


def test_all_reports_and_nothing_else(crawled: Crawl, tmp_path: Path) -> None:
    with ExitStack() as stack:
        servers = {name: stack.enter_context(serve(site)) for name, (_, _, site, _) in SITES.items()}
        summary = crawled(
            *(Source(n, platform, servers[n].root + start) for n, (platform, start, _, _) in SITES.items())
        )
    assert summary.alarms == []
    rows = summary.sources.set_index("source_id")
    assert rows.failed.sum() == rows.blocked.sum() == rows.gone.sum() == rows.outside.sum() == 0
    with Archive(tmp_path / "archive") as archive:
        captures = archive.frame()
        for name in SITES:
            reports = GBK if name in ("trs", "ucap") else PLAIN
            own = captures[captures.source_row == name]
            titled = own[own.title.notna() & ~own.url.str.endswith(".pdf")]
            held = {archive.read(sha): title for sha, title in zip(titled.sha256, titled.title, strict=True)}
            bodies = {body if name != "trs" else body[:120]: title for title, _, body in reports}
            assert {b if name != "trs" else b[:120]: t for b, t in held.items()} == bodies, name
            assert rows.found[name] == len(reports), name
    # The report that is known of a publisher is not asked for again when its list names it.
    assert all(asked.times == 1 for server in servers.values() for asked in server.log)
    assert rows.attachments["trs"] == len(GBK)
    assert rows.years["ucap"] == {"2019": 2, "2020": 2, "2021": 1, "2022": 1, "2023": 1, "2024": 1}


def test_only_the_years_asked_for_are_fetched(crawled: Crawl) -> None:
    with serve(ucap.site(PLAIN)) as server:
        summary = crawled(Source("u", "ucap", server.root + ucap.LIST), years=[2020])
    row = summary.sources.iloc[0]
    assert (row.found, row.fetched, row.passed_over) == (2, 2, 7)
    assert sum(asked.path.endswith(".shtml") and "list" not in asked.path for asked in server.log) == 2
