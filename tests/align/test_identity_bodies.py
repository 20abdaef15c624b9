"""Who published a report and where: places, agencies, scope and the id made of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gxstats.align.identity import Identity, identify
from gxstats.model import Cell, Document, Grid, Paragraph, Reading, Row
from gxstats.places.address import credit_codes

PUTUO = "11310107002426100M"  # made up, with a right check character
TABLE = Grid((Row((Cell("一、本年新收政府信息公开申请数量"), Cell("0"))),))


def who(
    publisher: str,
    year: int | str = 2023,
    text: str = "",
    url: str | None = None,
    fields: Mapping[str, str] | None = None,
) -> Identity:
    title = f"{publisher}{year}年政府信息公开工作年度报告"
    reading = Reading("text", (Paragraph(title), Paragraph(text), TABLE))
    return identify([reading], Document("", "text/html", url=url, fields=fields or {}))


@pytest.mark.parametrize(
    ("publisher", "year", "report_id"),
    [
        ("淮安市洪泽区人民政府", 2024, "320813-government-2024-summary"),
        ("宿迁市", 2023, "321300-government-2023-summary"),
        ("上海市人民政府办公厅", 2019, "310000-government_office-2019-body"),
        ("广东省自然资源厅", 2019, "440000-natural_resources-2019-body"),
        ("东城区建国门街道办事处", 2013, "110101-subdistrict.建国门街道-2013-body"),
        ("永嘉县金溪镇人民政府", 2018, "330324-township.金溪镇-2018-body"),
        ("海城市西四镇", 2025, "210381-township.西四镇-2025-body"),
        ("大余县吉村镇人民政府办公室", 2023, "360723-township.吉村镇-2023-body"),
        ("国家税务总局芜湖市镜湖区税务局", 2022, "340202-tax-2022-body"),
        ("成都双流区气象局", 2023, "510116-meteorology-2023-body"),
        ("西藏自治区邮政管理系统", 2020, "540000-postal-2020-summary"),
        ("广州海关", 2021, "CU5100-customs-2021-body"),
        ("广州海关(关区)", 2021, "CU5100-customs-2021-summary"),
        ("中华人民共和国黄埔海关", 2021, "CU5200-customs-2021-body"),
        ("交通运输部", 2015, "000000-transport-2015-body"),
        ("海关总署", 2010, "000000-customs-2010-body"),
        ("池州市公安局贵池分局", 2020, "341702-police-2020-body"),
        ("西安市自然资源和规划局经开分局", 2021, "6101Z1-natural_resources-2021-body"),
        ("平潭综合实验区管委会", 2024, "350128-zone_committee-2024-summary"),
        ("平潭综合实验区", 2024, "350128-zone_committee-2024-summary"),
        ("淄博高新区工业信息化和商务局", 2024, "3703Z1-industry_commerce_combined-2024-body"),
        ("浑南区人民政府国有资产监督管理局", 2022, "210112-sasac-2022-body"),
        ("黔东南州教育局", 2020, "522600-education-2020-body"),
    ],
)
def test_publishers_as_they_are_printed(publisher: str, year: int, report_id: str) -> None:
    assert who(publisher, year).report_id == report_id


@pytest.mark.parametrize(
    ("publisher", "year", "code"),
    [
        ("洪泽县人民政府", 2015, "320829"),
        ("洪泽区人民政府", 2016, "320813"),
        ("洪泽区人民政府", 2014, "320829"),  # a page that was renamed afterwards
        ("洪泽县人民政府", 2018, "320813"),
        ("宁河区人民政府", 2014, "120221"),
        ("宁河县人民政府", 2014, "120221"),
        ("沙县农业局", 2015, "350427"),
        ("沙县区农业农村局", 2021, "350405"),
        ("长治县住建局", 2017, "140421"),
        ("宣武区大栅栏街道办事处", 2009, "110104"),
        ("襄樊市财政局", 2009, "420600"),
        ("莱芜市教育局", 2017, "371200"),
    ],
)
def test_the_code_is_that_of_the_year(publisher: str, year: int, code: str) -> None:
    assert who(publisher, year).division_code == code


def test_old_and_new_agency_names_are_one_series() -> None:
    old, new = who("滁州市环境保护局", 2016), who("滁州市生态环境局", 2020)
    assert (old.division_code, old.agency_id) == (new.division_code, new.agency_id) == ("341100", "ecology")


@pytest.mark.parametrize(
    ("publisher", "year", "candidates"),
    [
        ("普陀区教育局", 2023, {"310107", "330903"}),
        ("通州区教育局", 2019, {"110112", "320612"}),
        ("通州区教育局", 2008, {"110112", "320683"}),  # the second was 通州市 until 2009
        ("桥西区教育局", 2015, {"130104", "130503", "130703"}),
        ("桥西区教育局", 2023, {"130104", "130703"}),
        ("龙华区教育局", 2014, {"440309", "460106"}),
        ("市中区人民政府", 2022, {"370103", "370402", "511002", "511102"}),
    ],
)
def test_a_name_of_several_divisions_stays_open_with_candidates(
    publisher: str, year: int, candidates: set[str]
) -> None:
    found = who(publisher, year)
    assert (found.division_code, found.report_id) == (None, None)
    assert {c.value for c in found.candidates if c.field == "division_code"} == candidates
    assert (found.agency, found.year) == (publisher, year)


@pytest.mark.parametrize(
    ("publisher", "url", "code"),
    [
        ("普陀区万里街道办事处", "http://www.shpt.gov.cn/wljd/20230128/882505.html", "310107"),
        ("江北区住建局", "http://www.nbjb.gov.cn/col/col1229214366/index.html", "330205"),
        ("江北区住建局", "https://jsw.cq.gov.cn/a.html", "500105"),
        ("朝阳区朝外街道办事处", "http://www.bjchy.gov.cn/zfxxgk/gknb/x.html", "110105"),
        ("宝山区友谊路街道办事处", "https://xxgk.shbsq.gov.cn/article.html?infoid=1", "310113"),
        ("河西区人民政府", "http://gk.tj.gov.cn/a.shtml", "120103"),
    ],
)
def test_the_host_decides_between_namesakes(publisher: str, url: str, code: str) -> None:
    found = who(publisher, 2022, url=url)
    assert found.division_code == code
    if publisher != "河西区人民政府":  # there is but one
        assert "host" in {e.source for e in found.evidence if e.field == "division_code"}


def test_a_host_outside_gov_cn_decides_nothing() -> None:
    assert who("普陀区教育局", url="http://www.shpt.gov.cn.evil.com/a").division_code is None


def test_the_text_decides_between_namesakes() -> None:
    assert who("普陀区教育局", text="上海市普陀区教育局根据条例编制本报告").division_code == "310107"


def test_a_credit_code_decides_between_namesakes() -> None:
    wrong = f"{PUTUO[:-1]}0"
    assert credit_codes(PUTUO) == [PUTUO]
    assert who("普陀区教育局", fields={"统一社会信用代码": PUTUO}).division_code == "310107"
    assert who("普陀区教育局", fields={"统一社会信用代码": wrong}).division_code is None


def test_the_publisher_decides_between_namesakes() -> None:
    assert who("普陀区教育局", fields={"发布机构": "舟山市普陀区教育局"}).division_code == "330903"


def test_witnesses_that_disagree_decide_nothing() -> None:
    found = who(
        "普陀区教育局",
        text="上海市普陀区教育局根据条例编制本报告",
        fields={"发布机构": "舟山市普陀区教育局"},
    )
    assert found.division_code is None
    issue = next(i for i in found.issues if i.code == "division_conflict")
    assert "310107" in issue.message
    assert "330903" in issue.message


SHORT = "https://www.gswuwei.gov.cn/art/2024/1/10/art_29411_1207098.html"


@pytest.mark.parametrize(
    ("text", "url", "fields", "code"),
    [
        ("", None, {}, None),
        ("", SHORT, {}, None),  # an address alone is no proof
        ("武威市应急管理局根据条例编制", SHORT, {}, "620600"),
        ("", None, {"发布机构": "武威市应急管理局"}, "620600"),
        ("", None, {"发布机构": "武威市人民政府办公室"}, "620600"),
        ("", None, {"发布机构": "凉州区应急管理局"}, None),  # a district is no city
        ("", None, {"发布机构": "武威市教育局"}, None),
        ("", None, {"来源": "武威市应急管理局"}, None),  # where a text was copied from
    ],
)
def test_a_short_name_gets_its_place_from_two_witnesses_or_the_publisher(
    text: str, url: str | None, fields: dict[str, str], code: str | None
) -> None:
    found = who("市应急局", 2023, text, url, fields)
    assert (found.division_code, found.agency_id, found.year) == (code, "emergency", 2023)
    if url and code is None:
        assert ("division_code", "620600") in {(c.field, c.value) for c in found.candidates}


def test_a_township_gets_its_county_from_the_text() -> None:
    assert who("龙田镇", 2021).division_code is None
    found = who("龙田镇", 2021, "岑巩县龙田镇人民政府根据条例编制本报告")
    assert found.report_id == "522626-township.龙田镇-2021-body"


@pytest.mark.parametrize(
    "publisher",
    [
        "高新区管委会",
        "东区街道办事处",
        "郊区民政局",
        "长沙市高新区教育局",
        "长沙市公安局高新区分局",
        "某某县教育局",
        "福田区香蜜湖片区建设发展事务中心",
        "黄埔区人民政府、广州开发区管委会",
    ],
)
def test_what_cannot_be_proved_is_not_said(publisher: str) -> None:
    found = who(publisher)
    assert found.report_id is None
    assert found.division_code is None
    assert found.agency == publisher


def test_a_misspelt_agency_gets_candidates() -> None:
    found = who("洪泽区生态环景局")
    assert (found.agency_id, found.division_code) == (None, "320813")
    likely = next(c for c in found.candidates if c.field == "agency_id")
    assert (likely.value, likely.label, likely.source) == ("ecology", "生态环境局", "likeness")


def test_a_place_alone_is_its_government_unless_the_text_speaks_for_a_department() -> None:
    assert who("屯昌县").report_id == "469022-government-2023-summary"
    found = who("屯昌县", text="我局根据条例编制本报告")
    assert (found.agency_id, found.report_id) == (None, None)
    assert "agency_unnamed" in {i.code for i in found.issues}


def test_a_name_out_of_use_after_a_merger_is_not_given_to_the_successor() -> None:
    found = who("宣武区人民政府", 2012)
    assert found.report_id is None
    assert {c.value for c in found.candidates} == {"110102"}


def test_a_name_younger_than_the_year_without_a_single_origin_keeps_its_code_with_an_issue() -> None:
    found = who("姑苏区人民政府", 2010)
    assert found.division_code == "320508"
    assert "division_not_of_year" in {i.code for i in found.issues}
