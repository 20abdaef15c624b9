"""What is said above a table can change what its figures mean: another year, unit or body."""

from __future__ import annotations

import re

from gxstats.align.identity.bodies import read_body
from gxstats.align.labels import plain_text, strip_numbering
from gxstats.align.tables import Table
from gxstats.model import Issue

_UNIT = re.compile(r"单位[:,]?\(?([十百千万亿]+[件条宗项份个次人元]?)|\(([十百千万]+[件条宗项份个次])\)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})年(\d{1,2}月\d{1,2}日)?")
_OTHER_TABLE = re.compile(
    r"上年度?情况|上一年|去年|同期|对比|附表|所属.{0,6}(单位|部门|机构)情况"
    r"|^[(\[【]?附[件录图]?(?:[\d一二三四五六七八九十]{1,2}|[:)\]】]|$)"
    r"|^[^,。;!]{0,6}(?:所属|下属|直属|二级|派出)[^,。;!]{0,6}(?:单位|部门|机构)(?:[^,。;!]{0,6}(?:情况|数据|汇总|统计))?[表)]?$"
    r"|本级以外|初稿|草稿|送审稿|征求意见稿|修[改订]前|样表|示例"
)
_BODY = re.compile(
    r"(?:(?:填报|编制|报送|发布)?(?:单位|机关|部门)(?:\(盖?公?章\))?:)?(?P<name>.{2,24}?"
    r"(?:街道(?:办事处|办)|政府|委员会|管委会|办公室|[局厅委办镇乡院]|支队|大队|中心|公司))"
    r"(?:20\d{2}年?度?)?(?:政府信息公开)?(?:情况|数据|统计表?|部分)?"
)
_OWN = re.compile(r"^[本我全各]|机关|单位")
_CAPTION_LENGTH = 40
"""Longer words are sentences of the report, which name other years freely."""


def doubts(table: Table, year: int | None, agency: str | None = None) -> list[Issue]:
    """Reasons not to confirm any figure of a table.

    Args:
        table: the rows of a section with the words and heads above them.
        year: the year of the report, None if not known.
        agency: the words for its publisher, None if not known.

    Example:
        >>> from gxstats.model import Cell
        >>> table = Table("disputes", True, True, captions=[Cell("2022年")])
        >>> [i.code for i in doubts(table, 2023)], [i.code for i in doubts(table, 2022)]
        (['other_year'], [])
    """
    found: list[Issue] = []
    for cell in table.captions:
        plain = plain_text(cell.text)
        # What is dated after the year was written in the days when the report was.
        years = {int(m[1]) for m in _YEAR.finditer(plain) if not (m[2] and year and int(m[1]) > year)}
        if year and years and year not in years and len(plain) <= _CAPTION_LENGTH:
            message = f"the table stands under words about another year: {plain}"
            found.append(Issue("warning", "other_year", message, cell.at, "look at the source"))
        if len(plain) <= _CAPTION_LENGTH and (_OTHER_TABLE.search(plain) or _names_another(plain, agency)):
            message = f"the table stands under words about another table than the report's own: {plain}"
            found.append(Issue("warning", "other_table", message, cell.at, "look at the source"))
    for cell in (*table.captions, *(c for head in table.heads for c in head)):
        # Money has units of its own, which are kept with each figure.
        match = _UNIT.search(plain_text(cell.text)) if table.section != "disclosure" else None
        if match:
            message = f"the figures are counted in {match[1] or match[2]}"
            found.append(Issue("warning", "other_unit", message, cell.at, "look at the source"))
    return found


def _names_another(plain: str, agency: str | None) -> bool:
    """Whether words are the name of a body, and not of the publisher."""
    found = _BODY.fullmatch(strip_numbering(plain)) if agency else None
    if found is None or not agency or _OWN.search(name := found["name"]):
        return False
    if name in agency or agency in name:
        return False
    own, other = read_body(agency).match, read_body(name).match
    same = own and other and own.agency_id == other.agency_id
    # A government and its office publish for each other.
    return not (same or (own and other and {own.kind, other.kind} <= {"government", "office"}))
