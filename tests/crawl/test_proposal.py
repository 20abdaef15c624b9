"""Looking at a new publisher: its system, what its list holds, the row to add."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gxstats.cli import app
from gxstats.crawl import proposal as proposal_module
from gxstats.crawl.page import Page
from gxstats.crawl.proposal import look, propose
from gxstats.crawl.settings import NoContact
from gxstats.crawl.sources import COLUMNS, read_sources, registry
from tests.crawl.conftest import CONTACT, QUICK
from tests.crawl.server import serve
from tests.crawl.sites import guangdong, made_reports, trs
from tests.crawl.walk import ROOT, body_of

REPORTS = made_reports.some(8)


def of_made(path: str) -> Page:
    return Page(ROOT + path, body_of(trs.paths(REPORTS)[path]))


def test_a_list_is_recognised_and_its_reports_are_named() -> None:
    proposal = look(of_made(trs.LIST), lambda url: pytest.fail(f"{url} is not needed"))
    assert [name for name, _ in proposal.platforms] == ["trs", "generic"]
    assert [(year, title) for year, title, _, _ in proposal.reports] == [(y, t) for t, y, _ in REPORTS[:3]]
    assert len(proposal.further) == 3


def test_from_a_report_the_row_names_its_list(tmp_path: Path) -> None:
    start = trs.LIST + trs.address(0, 2019)
    proposal = look(of_made(start), lambda url: of_made(url.removeprefix(ROOT)))
    assert proposal.source.list_url == ROOT + trs.LIST
    assert proposal.source.first_year == 2019
    table = tmp_path / "sources.csv"
    table.write_text(",".join(COLUMNS) + "\n" + proposal.row(), encoding="utf-8")
    assert read_sources(table) == (proposal.source,)


def test_the_id_is_not_one_that_is_taken() -> None:
    taken = registry()[0]
    page = Page(f"http://{taken.source_id}/zfxxgk/nb/index.html", b"<p>x</p>")
    proposal = look(page, lambda _: page)
    assert proposal.source.source_id == f"{taken.source_id}-zfxxgk"
    assert (proposal.source.platform, proposal.platforms) == ("page", [])


def test_a_catalogue_is_looked_into_over_the_network(tmp_path: Path) -> None:
    with serve(guangdong.catalogue(REPORTS)) as server:
        url = server.root + guangdong.CATALOGUE
        proposal = propose(url, archive=tmp_path, contact=CONTACT, manners=QUICK)
    assert proposal.source.platform == "guangdong"
    assert proposal.source.list_url == url
    assert [title for _, title, _, _ in proposal.reports] == [title for title, _, _ in REPORTS[:4]]
    assert [asked.path for asked in server.log if asked.path != "/robots.txt"] == [
        guangdong.CATALOGUE,
        guangdong.API,
    ]


def test_nobody_to_write_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GXSTATS_CONTACT", raising=False)
    with pytest.raises(NoContact):
        propose("http://www.a.gov.cn/", archive=tmp_path)
    result = CliRunner().invoke(app, ["new-source", "http://www.a.gov.cn/", "-a", str(tmp_path)])
    assert result.exit_code == 1
    assert "a mail or web address is needed" in result.output


def test_the_command_prints_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def proposed(url: str, **_: object) -> object:
        return look(of_made(trs.LIST), lambda address: of_made(address.removeprefix(ROOT)))

    monkeypatch.setattr(proposal_module, "propose", proposed)
    result = CliRunner().invoke(app, ["new-source", ROOT + trs.LIST, "--contact", CONTACT])
    assert result.exit_code == 0
    (row,) = csv.reader(result.stdout.splitlines())
    assert dict(zip(COLUMNS, row, strict=True))["platform"] == "trs"
    assert "2019  某区教育局2019年政府信息公开工作年度报告" in result.stderr


def test_sources_of_a_division() -> None:
    result = CliRunner().invoke(app, ["sources", "--division", "440100"])
    header, *rows = csv.reader(result.stdout.splitlines())
    assert tuple(header) == COLUMNS
    assert {row[1][:4] for row in rows} == {"4401"}
