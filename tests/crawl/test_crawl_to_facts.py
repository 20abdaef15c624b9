"""From the lists of imitated sites to a dataset: every figure that was published, and no other."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import gxstats as gx
from gxstats.crawl.sources import Source
from gxstats.testing.html import render_html
from tests.crawl.conftest import Crawl
from tests.crawl.server import serve
from tests.crawl.sites import guangdong, plain, trs, ucap
from tests.pages import a_spec, distinct_values

KEY = ["section", "item", "measure"]


def published(first: int, agencies: tuple[str, ...]) -> dict[tuple[str, int], int]:
    """Agency and year of the reports of one site, with the figure that each report counts from."""
    return {(agency, 2021 + n): first + 1000 * n for n, agency in enumerate(agencies)}


def test_the_figures_of_every_report_are_those_that_were_published(crawled: Crawl, tmp_path: Path) -> None:
    sites = {
        "trs": (published(1, ("甲县教育局", "甲县水利局", "甲县财政局", "甲县民政局")), trs.LIST, trs.site),
        "ucap": (published(10_001, ("乙县教育局", "乙县水利局")), ucap.LIST, ucap.site),
        "guangdong": (
            published(20_001, ("丙县教育局", "丙县司法局")),
            guangdong.CATALOGUE,
            guangdong.catalogue,
        ),
        "generic": (published(30_001, ("丁县教育局", "丁县司法局")), plain.LIST, plain.site),
    }
    truth = {}
    with ExitStack() as stack:
        sources = []
        for name, (reports, start, site) in sites.items():
            made = []
            for (agency, year), figure in reports.items():
                body = render_html(a_spec(start=figure, agency=agency, year=year))
                made.append((f"{agency}{year}年政府信息公开工作年度报告", year, body))
                truth[agency, year] = distinct_values(start=figure)
            sources.append(Source(name, name, stack.enter_context(serve(site(made))).root + start))
        summary = crawled(*sources)
    assert summary.alarms == []
    dataset = gx.build(tmp_path / "archive", tmp_path / "out", jobs=1, progress=False)
    reports = dataset.reports.set_index("document_id")
    found: dict[tuple[str, int], dict[tuple[str, ...], object]] = {}
    printed = dataset.facts().query("state == 'reported'")
    for document, facts in printed.groupby("document_id"):
        report = reports.loc[document]
        keys = facts[KEY].itertuples(index=False, name=None)
        values = facts["value"].astype(object).where(facts["value"].notna(), facts["amount"])
        figures = zip(keys, values, strict=True)
        found[str(report["title"]).split("202")[0], int(report["year"])] = dict(figures)
    assert found == truth
