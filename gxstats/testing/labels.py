"""Labels as a copy prints them: numbering marks, variants, heads, scripts."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

from gxstats.schema import Group, Item, Measure
from gxstats.testing.spec import Quirks

_LEAF = {"dot": "{}.", "dun": "{}、", "paren": "（{}）"}
# Where copies break the long heads of the form: always before these words.
_BREAKS = re.compile(r"(?=企业|机构$|公益组织|服务机构|制作数量|公开数量|维持|纠正|结果$|审结)")
_NAMES = {"traditional": "s2t", "taiwan": "s2twp"}


@cache
def _variants() -> dict[tuple[str, str], str]:
    path = Path(__file__).with_name("label_variants.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return {(row["labels"], row["item"]): row["text"] for row in csv.DictReader(lines)}


def mark(number: str, quirks: Quirks) -> str:
    """The numbering mark of a number as the schema writes it.

    Example:
        >>> mark("三（三）2", Quirks()), mark("三（三）", Quirks()), mark("一", Quirks())
        ('2.', '（三）', '一、')
    """
    if quirks.numbering == "lost" or not number:
        return ""
    if number[-1].isdigit():
        leaf = re.sub(r".*）", "", number)
        return "" if quirks.numbering == "none" else _LEAF[quirks.numbering].format(leaf)
    if number.endswith("）"):
        return number[number.index("（") :]
    return f"{number}、"


def label(item: Item | Group, quirks: Quirks) -> str:
    """The label of a row, or of a group of rows, with its mark.

    Example:
        >>> label(Group("refused", "不予公开", "refused", "三（三）"), Quirks())
        '（三）不予公开'
    """
    code = item.item if isinstance(item, Item) else f"group:{item.group}"
    text = quirks.relabel.get(code) or _variants().get((quirks.labels, code)) or item.zh
    return mark(item.number, quirks) + text


def head(measure: Measure, quirks: Quirks) -> str:
    """The head of a column.

    Example:
        >>> head(Measure("enterprise", "商业企业", "enterprises"), Quirks(broken_heads=True)).split()
        ['商业', '企业']
    """
    text = measure.zh
    if quirks.identical_heads and text.startswith("本年新"):
        return "本年新"
    if quirks.labels == "short":
        text = text.replace("现行有效件数", "现行有效件")
    if quirks.labels == "annotated" and "项目数量" in text:
        text = f"{text}（指上一年度末的事项数）"
    return "\n".join(_BREAKS.split(text)).strip() if quirks.broken_heads else text


def written(text: str, quirks: Quirks) -> str:
    """The text in the script of the copy.

    Example:
        >>> written("行政复议", Quirks(script="traditional"))
        '行政複議'
    """
    if quirks.script == "simplified":
        return text
    return str(_converter(_NAMES[quirks.script]).convert(text))


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC  # only the script quirk needs it

    return OpenCC(name)
