"""The registry that gxstats ships: known divisions, hosts that are trusted, platforms that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxstats.crawl.platforms import platform, platforms
from gxstats.crawl.sources import COLUMNS, read_sources, registry, sources
from gxstats.errors import SchemaError, UnknownField
from gxstats.places.address import canonical_address
from gxstats.places.divisions import division
from gxstats.places.trust import assess

GOOD = "a,110101,*,trs,http://www.a.gov.cn/nb/,most_pages=3&x=,2019,unverified,,seen,"


def table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "sources.csv"
    path.write_text("\n".join((",".join(COLUMNS), *lines, "")), encoding="utf-8")
    return path


def test_every_division_stands_today() -> None:
    assert all(division(s.division_code, 2026) for s in registry() if s.division_code)


def test_every_list_is_on_a_trusted_host() -> None:
    assert [s.list_url for s in registry() if assess(s.list_url).standing != "trusted"] == []


def test_no_list_is_there_twice() -> None:
    places = [canonical_address(s.list_url) for s in registry()]
    assert len(set(places)) == len(places)


def test_every_platform_exists() -> None:
    assert {s.platform for s in registry()} - set(platforms()) == set()


def test_an_unknown_platform_is_an_error_when_it_is_used() -> None:
    with pytest.raises(UnknownField, match="no platform is called 'nobody'"):
        platform("nobody")


def test_a_row_says_what_it_holds(tmp_path: Path) -> None:
    (row,) = read_sources(table(tmp_path, GOOD))
    assert (row.params, row.first_year, row.host) == ({"most_pages": "3", "x": ""}, 2019, "www.a.gov.cn")


@pytest.mark.parametrize(
    ("old", "new"),
    [("110101", "1101"), ("2019", "19"), ("unverified", "perhaps"), ("http:", "ftp:"), ("a,", ",")],
)
def test_a_wrong_row_names_its_line(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(SchemaError, match=r"sources\.csv:3"):
        read_sources(table(tmp_path, GOOD.replace("a,", "b,", 1), GOOD.replace(old, new, 1)))


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="a occurs twice"):
        read_sources(table(tmp_path, GOOD, GOOD))


def test_as_a_table_by_division() -> None:
    found = sources("350400")
    assert set(found.division_code) == {"350400", "350405", "350428"}
    assert str(found.first_year.dtype) == "Int64"
    assert len(sources()) == len(registry()) == 200
