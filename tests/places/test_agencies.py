"""Kinds of body and their names over time."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxstats.errors import GxError, SchemaError
from gxstats.places import UnknownAgency, agency
from gxstats.places.agencies import load_agencies, match_agency, suggest_agencies
from gxstats.places.names import places_at_start


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("环境保护局", "生态环境局"),
        ("环保局", "生态环境厅"),
        ("国土资源局", "自然资源局"),
        ("国土局", "自然资源和规划局"),
        ("卫生和计划生育委员会", "卫生健康委员会"),
        ("卫计委", "卫健委"),
        ("卫生局", "卫生健康局"),
        ("文化广电新闻出版局", "文化和旅游局"),
        ("文广新局", "文旅局"),
        ("安全生产监督管理局", "应急管理局"),
        ("农业局", "农业农村局"),
        ("经济和信息化委员会", "工业和信息化局"),
        ("扶贫开发办公室", "乡村振兴局"),
        ("建设局", "住房和城乡建设局"),
        ("人民政府办公室", "人民政府办公厅"),
    ],
)
def test_one_id_over_renames(old: str, new: str) -> None:
    assert match_agency(old).agency_id == match_agency(new).agency_id


@pytest.mark.parametrize("merged", ["工商行政管理局", "质量技术监督局", "食品药品监督管理局"])
def test_bodies_merged_into_one_keep_their_ids_and_name_their_successor(merged: str) -> None:
    found = match_agency(merged)
    assert found.agency_id != "market_regulation"
    assert agency(found.agency_id).successor == "market_regulation"
    assert match_agency("市场监管局").agency_id == "market_regulation"


@pytest.mark.parametrize("body", ["税务局", "气象局", "邮政管理局", "海关", "烟草专卖局"])
def test_vertical_agencies_are_a_kind_of_their_own(body: str) -> None:
    assert match_agency(body).kind == "vertical"


@pytest.mark.parametrize(
    ("body", "agency_id", "scope"),
    [
        ("", "government", ""),
        ("人民政府", "government", ""),
        ("人民政府(汇总)", "government", "summary"),
        ("人民政府本级", "government", "body"),
        ("邮政管理系统", "postal", "summary"),
        ("海关(关区)", "customs", "summary"),
        ("人民政府国有资产监督管理局", "sasac", ""),
        ("金溪镇人民政府", "township.金溪镇", "body"),
        ("朝外街道办事处", "subdistrict.朝外街道", "body"),
        ("西四镇", "township.西四镇", "body"),
        ("黄帝故里景区管理委员会", "committee.黄帝故里景区", ""),
        ("生态环境局(原环境保护局)", "ecology", ""),
    ],
)
def test_names_of_bodies(body: str, agency_id: str, scope: str) -> None:
    found = match_agency(body)
    assert (found.agency_id, found.scope) == (agency_id, scope)


@pytest.mark.parametrize(
    "body",
    ["某某发展事务中心", "教育局、体育局", "高新区梧桐街道办事处", "人民政府、开发区管委会", "镇人民政府"],
)
def test_what_the_table_does_not_know_is_not_guessed(body: str) -> None:
    assert match_agency(body) is None


def test_likeness_suggests_and_never_decides() -> None:
    assert match_agency("生态环景局") is None
    first = suggest_agencies("生态环景局")[0]
    assert first[:2] == ("ecology", "生态环境局")
    assert 60 <= first[2] < 100
    assert suggest_agencies("xyz") == []


def test_an_unknown_id_is_a_clear_error() -> None:
    with pytest.raises(UnknownAgency) as caught:
        agency("astrology")
    assert isinstance(caught.value, GxError)
    assert agency("ecology").names[0][0] == "生态环境局"


HEADER = "agency_id,name,suffixes,form,valid_from,valid_to,kind,name_en,successor"


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (["a,甲,局,full,,,department,A,", "a,乙,局,full,,,office,A,"], 3, "differently"),
        (["a,甲,局,full,,,department,A,", "b,甲,局,full,,,department,B,"], 3, "already stands for a"),
        (["a,甲,局,long,,,department,A,"], 2, "none of"),
    ],
)
def test_a_fault_in_the_table_names_file_and_line(
    tmp_path: Path, lines: list[str], line: int, words: str
) -> None:
    path = tmp_path / "agencies.csv"
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    with pytest.raises(SchemaError, match=words) as caught:
        load_agencies(path)
    assert caught.value.where == f"{path}:{line}"


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("广东省广州市番禺区统计局", "440113", "统计局"),
        ("延边州珲春市民政局", "222404", "民政局"),
        ("鄂温克旗审计局", "150724", "审计局"),
        ("淄博市高新区财政局", "3703Z1", "财政局"),
        ("淄博高新技术产业开发区财政局", "3703Z1", "财政局"),
        ("吉林省农业农村厅", "220000", "农业农村厅"),
        ("吉林市农业农村局", "220200", "农业农村局"),
        ("沙县区水利局", "350405", "水利局"),
        ("天门市公安局", "429006", "公安局"),
    ],
)
def test_places_at_the_front_of_a_name(text: str, code: str, rest: str) -> None:
    first = places_at_start(text)[0]
    assert (first.division.code, first.rest) == (code, rest)


def test_a_name_without_its_kind_is_marked() -> None:
    first = places_at_start("成都双流区气象局")[0]
    assert (first.division.name, first.loose) == ("双流区", True)
    assert places_at_start("某某局") == []
