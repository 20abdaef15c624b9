"""The title of a report, what its words say, and the pages that only look like a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Literal, NamedTuple

from gxstats.align.identity.bodies import read_body
from gxstats.align.labels import normalise, simplified
from gxstats.align.segments import is_title
from gxstats.model import Block, Document, Grid, Paragraph, Reading, Row

Kind = Literal[
    "report", "narrative", "interpretation", "placeholder", "rules", "website_report", "school_year"
]
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|度|政府|政务|工作|信息|学年)")
_YEAR_BEHIND = re.compile(r"\((20\d\d)(?:年度?)?\)$")
_CHINESE_YEAR = re.compile(r"[二2][〇○零0O][〇○零一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_CUT = re.compile(
    r"(?<!^)20\d\d(?:年度?|度)?(?:机关|部门|海关|本级|全[省市区县])(?:政府信息公开|政务公开|信息公开).*$|关于|印发|公布|(20\d\d)?(年度?|度)?(的)?(政府信息公开|政务公开|信息公开).*$|[(（【\[](?!关区|本级|汇总|系统)[^()（）]{0,8}[)）\]】]?$"
)
_AROUND = re.compile(r"^标题:|^20\d\d(年度?|度)?|20\d\d(年度?|度)?$")
# Text that only traditional writing has; converting everything would cost more than all the rest.
_TRADITIONAL = re.compile("[開報務會縣區鎮鄉廳國機關總據處]")
_TAIWAN = "資訊公開"
"""What converted vocabulary makes of 信息公开."""
_FRIENDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("interpretation", re.compile(r"解读|图解|一图(?:读|看)懂")),
    ("website_report", re.compile(r"网站.{0,6}年度(?:工作)?报[表告]$|网站工作年度报表")),
    ("school_year", re.compile(r"\d{4}[-—–~至]{1,2}\d{4}学?年|学年")),
    (
        "rules",
        re.compile(
            r"(?:报告|年报).{0,12}(?:制度|办法|规定|细则|规范|格式|模板|方案|通知|要求|要点)(?:的通知)?$"
        ),
    ),
    ("placeholder", re.compile(r"(?:报告|年报).{0,4}(?:说明|目录|栏目|链接)$")),
)
_REPORTS = re.compile("报告|年报|报表|報告|年報|報表")
_EMPTY = re.compile(
    r"暂无(?:内容|数据|信息)|栏目正在建设|正在(?:建设|维护|更新)中|(?:年度)?报告.{0,20}(?:不单独编制|不再单独编制)|"
    r"(?:已|由|并入|纳入).{0,30}(?:统一|一并)(?:公布|编制|发布)|详见附件|请(?:点击|查看)附件"
)
_TABLE = re.compile(
    "本年新收|上年[结結][转轉]|予以公[开開]|行政[许許]可|制发件数|新制作数量|[结結]果[维維]持|第二十[条條]|"
    "主动公开政府信息数|收到申请数|指标名称"
)
_HEADINGS = re.compile(r"主[动動]公[开開]政府信息情[况況]|收到和[处處]理政府信息公[开開]申[请請]")
# Most lines talk of something else: whatever is looked for holds one of these.
_TALKS = re.compile("[报報]|解读|图|学年")
_MENU = re.compile(r"[>＞»›|]|首页|当前位置|所在位置")
_STEP = re.compile(r"[>＞»›|]+")
LOOK_AT = 40
"""Rows of a table that a title may stand in."""
_SHORT_PAGE = 120


class Title(NamedTuple):
    """A title with what it says.

    Attributes:
        text: as printed, white space evened out.
        plain: normalised and simplified.
        years: the years it names, in order, without repeats.
        agency: the words that name the publisher, "" if none do.
    """

    text: str
    plain: str
    years: tuple[int, ...]
    agency: str


def plain_text(text: str) -> str:
    """Normalised, and in simplified characters if it is written in traditional ones.

    Example:
        >>> plain_text("開平市 農業農村局")
        '开平市农业农村局'
    """
    plain = normalise(text)
    if not _TRADITIONAL.search(plain):
        return plain
    return simplified(plain)[-1 if _TAIWAN in plain else 0]


def read_title(text: str) -> Title:
    """What a title says.

    Example:
        >>> read_title("2012年某市某区2013年度政府信息公开工作年度报告").years
        (2012, 2013)
        >>> read_title("某局二〇二四年政府信息公开工作年度报告").agency
        '某局'
    """
    text = re.sub(r"^标题[:：]\s*|\.(?:docx?|pdf|wps|ofd)$", "", text.strip(), flags=re.I)
    plain = plain_text(text)
    plain = _CHINESE_YEAR.sub(lambda m: m[0].translate(_CHINESE_DIGITS), plain)
    years = dict.fromkeys(int(m) for m in _YEAR.findall(plain))
    if not years and (behind := _YEAR_BEHIND.search(plain)):
        years = {int(behind[1]): None}
    return Title(" ".join(text.split()), plain, tuple(years), _agency(plain))


_BODY = re.compile(r"^\w{2,28}(政府|委员会|管委会|办公室|办公厅|办事处|[局厅院署处所站]|中心|支队|大队)$")
"""A line that is the name of a body and nothing else."""
_REST = re.compile(r"(?:(?!20\d\d)\d{1,3}年?|年|府|.(?=政府))(?=度|政府信息公开|政务公开|信息公开)")
"""What begins so is the rest of a title whose year or publisher stands on the line before."""
_ENDS_IN_YEAR = re.compile(r"(?<!\d)20\d\d年?度?$")


def _agency(plain: str) -> str:
    before = None
    name = _CUT.sub("", plain)
    while before != name:
        before, name = name, _AROUND.sub("", name).strip("、:|-—_")
        if name.count("(") != name.count(")") or (name.startswith("(") and name.endswith(")")):
            name = name.strip("()")
    return name


def find_title(readings: Sequence[Reading], document: Document) -> tuple[Title | None, Kind | None, str]:
    """The title of the report in a document.

    The first title in the text that names a year or a publisher counts; a bare one (the name of a
    column) only if there is no other, then the title the page gives itself.

    Returns:
        The title, what kind of page it heads if that is told by its words, and the line that told.
    """
    bare: str | None = None
    friend: tuple[Kind, str] | None = None
    own = document.title
    for text in chain(_lines(readings), _parts(own)):
        if friend is None:
            friend = _friend(text)
        if _MENU.search(text) and (text := _last_step(text)) == "":
            continue
        if not is_title(_YEAR_BEHIND.sub("", normalise(text)) if text.endswith((")", "）")) else text):
            continue
        title = read_title(text)
        if title.years or title.agency:
            return title, *(friend or (None, ""))
        bare = bare or text
    if bare is not None:
        return read_title(bare), *(friend or (None, ""))
    return None, *(friend or (None, ""))


def _last_step(path: str) -> str:
    """The last step of a path through the menus of a site, "" if its steps cannot be told apart.

    Example:
        >>> (
        ...     _last_step("首页 > 公开 > 某局2023年政府信息公开年度报告"),
        ...     _last_step("当前位置：首页 政府信息公开年报"),
        ... )
        ('某局2023年政府信息公开年度报告', '')
    """
    step = _STEP.split(path)[-1].strip()
    return "" if _MENU.search(step) else step


def _friend(text: str) -> tuple[Kind, str] | None:
    """The kind of a line that talks of such reports without being the title of one."""
    if len(text) > _SHORT_PAGE or not ("公" in text or "网站" in text):
        return None
    plain = normalise(text)
    if len(plain) > 60:
        return None
    if not _REPORTS.search(plain):
        return None
    return next(((kind, plain) for kind, pattern in _FRIENDS if pattern.search(plain)), None)


def _lines(readings: Sequence[Reading]) -> Iterator[str]:
    for reading in readings:
        line = ""
        for following in chain(first_lines(reading), [""]):
            if _TALKS.search(line):
                yield line
            elif not _TALKS.search(following):
                line = following
                continue
            if line and not _MENU.search(line) and not _is_whole(following, line):
                yield line + following
            line = following


def _is_whole(text: str, before: str) -> bool:
    """Whether a line is a title that needs nothing in front of it.

    A title without a publisher needs the line before if that is the name of a body or a place, and one
    without a year if that ends in the year; what stands before the name of a column is mostly a menu.
    """
    if not is_title(text):
        return False
    title = read_title(text)
    if _REST.match(title.plain):
        return False
    if title.agency:
        return True
    name = plain_text(before)
    if not title.years and _ENDS_IN_YEAR.search(name):
        return False
    body = read_body(name)
    return not (_BODY.search(name) or body.match or body.placed)


def _parts(own: str) -> Iterator[str]:
    """The title a page gives itself, whole and without the name of the site."""
    if own:
        yield own
        yield from (part for part in re.split(r"\s*(?:[_|]|\s[-—–]{1,2}\s|[-—–]{2})\s*", own) if part != own)
        yield re.sub(r"\.(?:docx?|pdf|wps|ofd)$", "", own, flags=re.I)


def first_lines(reading: Reading) -> Iterator[str]:
    """The short paragraphs, cells and rows of words that a reading begins with, without empty ones."""
    for block in first_blocks(reading):
        if isinstance(block, Paragraph):
            found = [block.text]
        elif block.kind == "cells":
            found = [c.text for row in block.rows for c in row.cells]
        else:
            found = ["".join(c.text for c in row.cells) for row in block.rows]
        yield from (stripped for line in found if (stripped := line.strip()))


def first_blocks(reading: Reading) -> Iterator[Block]:
    """The blocks that titles are looked for in: short paragraphs, and of tables the first rows."""
    seen = 0
    for block in reading.blocks:
        if isinstance(block, Paragraph):
            if len(block.text) < _SHORT_PAGE:
                yield block
                seen += 1
        else:
            rows = block.rows[:LOOK_AT]
            yield block._replace(rows=rows)
            seen += sum(len(row.cells) for row in rows) if block.kind == "cells" else len(rows)
        if seen > LOOK_AT * 4:
            return


def kind_of_page(readings: Sequence[Reading], title: Title | None, friend: Kind | None) -> Kind | None:
    """What a page is: a report has a table of some form, or at least the headings of one.

    Such a page is a report whatever its column is called; universities follow other rules, so their
    reports stay apart.

    Returns:
        The kind, None if nothing tells.
    """
    if has_table(readings):
        return "school_year" if friend == "school_year" else "report"
    if title is None:
        return friend
    texts = [b.text for r in readings[:1] for b in r.blocks if isinstance(b, Paragraph)]
    texts += ["".join(c.text for c in row.cells) for r in readings[:1] for row in _rows(r)]
    said = "".join(texts)
    if friend != "school_year" and len(set(_HEADINGS.findall(said))) >= 2:
        return "report"  # its tables are images or were lost
    if friend is not None:
        return friend
    if len(said) < _SHORT_PAGE * 4 and _EMPTY.search(said):
        return "placeholder"
    return "narrative" if len(said) > _SHORT_PAGE + len(title.text) else "report"


def has_table(readings: Sequence[Reading]) -> bool:
    """Whether any grid holds a row that only the forms have."""
    return any(
        _TABLE.search(cell.text) for reading in readings for row in _rows(reading) for cell in row.cells[:3]
    )


def _rows(reading: Reading) -> Iterator[Row]:
    for block in reading.blocks:
        if isinstance(block, Grid):
            yield from block.rows
