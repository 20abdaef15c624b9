"""What the name of a division says: its level and kind, its short form, its English."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|"
    "门巴|珞巴|基诺"
)
_PEOPLES = re.compile(rf"(?:各族|(?:{PEOPLES})族|哈萨克|蒙古|维吾尔)+$")
_KIND = re.compile(r"(自治[区州县旗])$|(?:特别行政区|[地特矿新]区|[省市县区盟旗州])$")
# (pattern of the code, end of the name, kind, English), the first that fits counts.
KINDS = (
    ("..0000", "特别行政区", "special_region", ""),
    ("..0000", "自治区", "autonomous_region", ""),
    ("..0000", "省", "province", ""),
    ("..0000", "市", "municipality", ""),
    ("....00", "自治州", "autonomous_prefecture", "Autonomous Prefecture"),
    ("....00", "地区", "prefecture", "Prefecture"),
    ("....00", "盟", "league", "League"),
    ("....00", "市", "city", "City"),
    ("......", "自治县", "autonomous_county", "Autonomous County"),
    ("......", "自治旗", "autonomous_banner", "Autonomous Banner"),
    ("......", "旗", "banner", "Banner"),
    ("......", "特区", "special_district", "Special District"),
    ("......", "神农架林区", "forestry_district", "Forestry District"),
    ("......", "矿区", "district", "Mining District"),
    ("......", "新区", "district", "New Area"),
    ("......", "区", "district", "District"),
    ("......", "县", "county", "County"),
    ("......", "市", "county_city", "City"),
)
ZONE_KINDS = (
    ("高新|高技术", "high_tech_zone"),
    ("新区|新城", "new_area"),
    ("管委会|管理|行政委员会|示范|综合实验", "management_area"),
)
ZONE_WORDS = (
    ("高新技术产业开发区|高新技术开发区|高技术产业开发区|高新技术产业园区", "High-tech Zone"),
    ("经济技术开发区", "Economic and Technological Development Zone"),
    ("经济开发区", "Economic Development Zone"),
    ("管理区管委会|管委会|管理区", "Management Area"),
    ("示范区", "Demonstration Zone"),
    ("工业园区?|产业园区?", "Industrial Park"),
    ("风景名胜区", "Scenic Area"),
    ("综合保税区", "Comprehensive Bonded Zone"),
    ("新区|新城", "New Area"),
    ("区", "District"),
)
# In names of places these are read so throughout; the exceptions stand in place_readings.csv.
_ALWAYS = {"都": "du", "长": "chang", "什": "shi"}


def is_zone(code: str, name: str) -> bool:
    """Whether the statistical code of a row is that of a functional zone."""
    return code[4] in "67" or name.endswith(("委员会", "管委会"))


def kind_of(code: str, name: str) -> tuple[str, str]:
    """(level, kind) of a division."""
    if is_zone(code, name):
        kinds = (kind for pattern, kind in ZONE_KINDS if re.search(pattern, name))
        return "zone", next(kinds, "development_zone")
    kind = _kind(code, name)[2]
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county", kind


def _kind(code: str, name: str) -> tuple[str, str, str, str]:
    return next(k for k in KINDS if re.fullmatch(k[0], code) and name.endswith(k[1]))


def short_name(name: str) -> str:
    """The name without what kind of division it is; whole if one character would be left."""
    if name.startswith("神农架"):
        return "神农架"
    kind = _KIND.search(name)
    short = name[: kind.start()] if kind else name
    if kind and kind[1] and len(bare := _PEOPLES.sub("", short)) > 1:
        short = bare
    if len(short) > 2:
        short = short.removesuffix("族")
    return short if len(short) > 1 else name


def english(code: str, name: str, above: Iterable[str] = ()) -> str:
    """Pinyin with the kind in English; the places `above` a zone are words of their own."""
    if not is_zone(code, name):
        short = short_name(name)
        what = _kind(code, name)[3]
        what = "District" if short == name and name.endswith("区") else what
        return f"{_said(short)} {what}".strip()
    rest, what = name, ""
    for pattern, words in ZONE_WORDS:
        if match := re.search(f"(?:{pattern})$", name):
            rest, what = name[: match.start()], words
            break
    places = "|".join(map(re.escape, filter(None, above)))
    spaced = re.sub(places or "$^", r" \g<0> ", rest).replace(" 市", " ")
    return " ".join([*map(_said, spaced.split()), what]).strip()


@cache
def _readings() -> dict[str, tuple[list[str], str]]:
    """Name -> its syllables and an English form that is not made of them, the longest names first."""
    path = Path(__file__).with_name("place_readings.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        read = {r["name"]: (r["reading"].split(), r["english"]) for r in csv.DictReader(lines)}
    return dict(sorted(read.items(), key=lambda pair: -len(pair[0])))


def _said(word: str) -> str:
    """One word in English letters."""
    for name, (_, english_form) in _readings().items():
        if english_form and name in word:
            before, after = word.split(name, 1)
            return (
                _joined(before) + (english_form.lower() if before else english_form) + _joined(after).lower()
            )
    return _joined(word)


def syllables(text: str) -> list[str]:
    """How the characters are read in names of places: what addresses are made of."""
    from pypinyin import lazy_pinyin

    for name, (reading, _) in _readings().items():
        if name in text:
            before, after = text.split(name, 1)
            return [*syllables(before), *reading, *syllables(after)]
    return [_ALWAYS.get(c, s) for c, s in zip(text, lazy_pinyin(text), strict=True)] if text else []


def _joined(text: str) -> str:
    joined = "".join(f"'{s}" if i and s[0] in "aoe" else s for i, s in enumerate(syllables(text)))
    return joined.replace("lv", "lü").replace("nv", "nü").capitalize()
