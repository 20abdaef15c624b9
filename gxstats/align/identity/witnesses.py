"""What speaks of a report besides its title: period sentence, metadata, index numbers, address, text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from gxstats.align.identity.bodies import Body, read_body
from gxstats.align.identity.titles import plain_text
from gxstats.model import Grid, Paragraph, Reading
from gxstats.places.address import credit_codes, split_address
from gxstats.places.divisions import Division, UnknownDivision, above, all_divisions, counterparts, division

PUBLISHERS = (
    "发布机构",
    "发文机关",
    "发布单位",
    "公开单位",
    "公开责任部门",
    "责任部门",
    "信息来源",
    "来源",
    "稿源",
    "作者",
)
_PUBLISHER_META = ("ContentSource", "contentSource", "Author", "author")
_DATES = (
    "发布日期",
    "发布时间",
    "公开日期",
    "公开时间",
    "PubDate",
    "发文日期",
    "成文日期",
    "公文生成日期",
    "生成日期",
)
_OPENING = 3000
_INDEXES = ("统一社会信用代码", "索引号", "信息索引号", "信息索引", "索引")
_CLASSES = ("组配分类", "分类", "主题分类", "信息分类")
_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_PERIOD = re.compile(
    r"(?:自|从|为|:)?(20\d\d)年1月1日起?[,，]?(?:至|到|[-—–~])(?:(20\d\d)年|同年|当年)?12月31日"
)
_CLASS_YEAR = re.compile(r"(?<!\d)(20\d\d)年度?")
_INDEX_DIVISION = re.compile(r"^(?:[A-Z]{0,2}[-/]?)?(\d{6})(?!\d{4,}$)")


def period_year(readings: Sequence[Reading]) -> tuple[int, str] | None:
    """The year of the first whole-year period in the text, and the words.

    Periods with lost digits do not match: a sentence that cannot be read says nothing.

    Example:
        >>> sentence = Paragraph("统计期限自2023年1月1日起至2023年12月31日止")
        >>> period_year([Reading("text", (sentence,))])
        (2023, '自2023年1月1日起至2023年12月31日')
    """
    for text in _texts(readings):
        if "1月" in text and (match := _PERIOD.search("".join(text.split()))):
            first, last = match[1], match[2] or match[1]
            return (int(first), match[0]) if first == last else None
    return None


def _texts(readings: Sequence[Reading]) -> Iterable[str]:
    for reading in readings[:1]:
        for block in reading.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Grid) and block.kind == "lines":
                yield "\n".join("".join(c.text for c in row.cells) for row in block.rows)


def opening(readings: Sequence[Reading]) -> str:
    """The first 3,000 characters of the text or a little more, as printed."""
    said: list[str] = []
    length = _OPENING
    for text in _texts(readings):
        said.append(text)
        length -= len(text)
        if length < 0:
            break
    return "".join(said)


def whole_text(readings: Sequence[Reading], title: str) -> str:
    """Everything that is said outside tables, without white space; the metadata speak for themselves."""
    return plain_text("".join((title, *_texts(readings))))


def publishers(fields: Mapping[str, str]) -> list[tuple[str, Body]]:
    """The publishers that the metadata name and that can be read, as (field, body)."""
    found = []
    for name in (*PUBLISHERS, *_PUBLISHER_META):
        if value := fields.get(name):
            body = read_body(plain_text(value).strip("()、:|-—_"))
            if body.placed or body.match:
                found.append((name, body))
    return found


def published_on(fields: Mapping[str, str]) -> tuple[date, str] | None:
    """The first readable date of publication in the metadata, and its field."""
    for name in _DATES:
        if match := _DATE.search(fields.get(name, "")):
            try:
                return date(int(match[1]), int(match[2]), int(match[3])), name
            except ValueError:
                continue
    return None


def class_year(fields: Mapping[str, str]) -> tuple[int, str] | None:
    """The year the publishing system files the report under, and its field."""
    for name in _CLASSES:
        if match := _CLASS_YEAR.search(fields.get(name, "")):
            return int(match[1]), name
    return None


def coded_division(fields: Mapping[str, str], credit_code: str) -> tuple[Division, str, bool] | None:
    """The division in a credit code or at the front of an index number.

    Returns:
        The division as the code was given out, the code, and whether a check character proves it.
    """
    codes = [c for name in _INDEXES for c in credit_codes(fields.get(name, ""))]
    for code in (*codes, *([credit_code] if credit_code else ())):
        if row := _known(code[2:8]):
            return row, code, True
    for name in _INDEXES:
        if (match := _INDEX_DIVISION.match(fields.get(name, "").strip())) and (row := _known(match[1])):
            return row, match[1], False
    return None


def _known(code: str) -> Division | None:
    try:
        return division(code)
    except UnknownDivision:
        return None


def same_place(one: Division, other: Division, year: int | None) -> bool:
    """Whether two rows are one division in a year, whatever it was called and coded.

    A zone and the division it administers as a whole count as one.
    """
    when = year if year is not None else 9998
    codes = [{d.code for d in counterparts(x, when)} | {x.code, x.covers} - {""} for x in (one, other)]
    return bool(codes[0] & codes[1])


def told_by_text(candidates: Sequence[Division], text: str) -> list[Division]:
    """The candidates that the text names together with a division they lie in."""
    found = []
    for row in candidates:
        fronts = [f for p in above(row) for f in (p.name, p.short)]
        if any(front + row.name in text for front in fronts):
            found.append(row)
    return found


def told_by_host(candidates: Sequence[Division], url: str) -> list[Division]:
    """The candidates whose own name and whose city or province the host spells."""
    labels = host_labels(url)
    return [row for row in candidates if labels and _spells(row, labels)]


def places_of_host(url: str) -> list[Division]:
    """Every standing division whose name the host spells: to be believed only if another witness agrees."""
    labels = host_labels(url)
    spelled = _spellings()
    return [row for label in labels for row in spelled.get(label, ())]


def host_labels(url: str) -> tuple[str, ...]:
    """The labels of a government host in front of ``gov.cn``, without ``www``.

    Example:
        >>> host_labels("https://ghzrzyj.cq.gov.cn/zz/")
        ('ghzrzyj', 'cq')
    """
    parts = split_address(url)
    host = (parts.hostname or "") if parts else ""
    if not host.endswith(".gov.cn"):
        return ()
    return tuple(label for label in host.removesuffix(".gov.cn").split(".") if label != "www")


def _spells(row: Division, labels: tuple[str, ...]) -> bool:
    parents = {form for p in above(row) for form in _forms(p)}
    own = _forms(row)
    ends = ("", *("q", "qu", "x", "xian", "s", "shi", "zf"))
    joined = {parent + mine + end for parent in parents for mine in own for end in ends}
    return bool(joined & set(labels) or parents & set(labels[-1:]))


@lru_cache(maxsize=1024)
def _forms(row: Division) -> frozenset[str]:
    """How hosts spell a name: in full, by first letters, by initials."""
    syllables = row.pinyin.split()
    if not syllables:
        return frozenset()
    initials = "".join(s[:2] if s[:2] in ("zh", "ch", "sh") else s[:1] for s in syllables)
    return frozenset({"".join(syllables), "".join(s[0] for s in syllables), initials})


@lru_cache(maxsize=1)
def _spellings() -> dict[str, tuple[Division, ...]]:
    found: dict[str, tuple[Division, ...]] = {}
    for row in all_divisions():
        if not row.pinyin or row.valid_to is not None:
            continue
        full = "".join(row.pinyin.split())
        fronts = {form for p in above(row) for form in _forms(p) if len(form) == 2}
        for spelling in (full, *(f + full for f in fronts)):
            found[spelling] = (*found.get(spelling, ()), row)
    return found
