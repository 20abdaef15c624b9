"""Name-value pairs that publishing systems print around a report: 索引号, 发布机构, 发文日期."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gxstats.model import Block, Grid, Paragraph

# What the publishing systems of government sites call their own data; nothing of any form.
_NAMES: Final = """
索引号 索引 信息索引 信息索引号 发布机构 发文机关 发布单位 公开单位 公开责任部门 责任部门
信息来源 来源 稿源 作者 发布日期 发布时间 发文日期 成文日期 生成日期 公文生成日期 公开日期 公开时间 更新时间
文号 发文字号 文件编号 标题 名称 信息名称 文件名称 主题词 关键词 主题分类 组配分类 分类 体裁分类 信息分类
服务对象分类 公开方式 公开范围 公开时限 公开形式 有效性 效力状态 时效性 统一社会信用代码
语种 载体类型 点击数 浏览次数
"""
NAMES: Final = frozenset(_NAMES.split())
_MOST_CELLS: Final = 8
_LONGEST_LINE: Final = 200
_LONGEST_NAME: Final = 12


def name_value_pairs(blocks: Iterable[Block]) -> dict[str, str]:
    """Collect the pairs of metadata tables and of lines such as ``发布日期：2024-01-31 来源：办公室``.

    In a table, a pair is two neighbouring cells of a row whose first cell is a known name or ends
    in a colon; in a line, a known name followed by a colon. The first value of a name counts.

    Args:
        blocks: Grids and paragraphs in document order.

    Returns:
        Names without blanks and colon, and their values, stripped.

    Example:
        >>> name_value_pairs([Paragraph("发布日期：2024-01-31  10:20 来源：某某局")])
        {'发布日期': '2024-01-31 10:20', '来源': '某某局'}
    """
    pairs: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, Grid):
            found = _pairs_of_grid(block)
        elif len(block.text) <= _LONGEST_LINE and ("：" in block.text or ":" in block.text):
            found = _pairs_of_line(block)
        else:
            continue
        for name, value in found:
            if value:
                pairs.setdefault(name, value)
    return pairs


def _pairs_of_grid(grid: Grid) -> list[tuple[str, str]]:
    pairs = []
    for row in grid.rows:
        cells = row.cells
        if len(cells) % 2 or len(cells) > _MOST_CELLS:
            continue
        for name, value in zip(cells[::2], cells[1::2], strict=True):
            plain = _name_of(name.text)
            if not plain:
                break
            pairs.append((plain, value.text.strip()))
    return pairs


def _pairs_of_line(line: Paragraph) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for token in line.text.split():
        name, value = _split_at_colon(token)
        name = name.strip("【】[]")
        if name in NAMES:
            pairs.append((name, value.strip("【】[]")))
        elif pairs:
            known, before = pairs[-1]
            pairs[-1] = (known, f"{before} {token}".strip())
    return pairs


def _name_of(text: str) -> str:
    """The name a cell prints, or nothing if it is no name."""
    if len(text) > 2 * _LONGEST_NAME:
        return ""
    printed = "".join(text.split())
    plain = printed.strip("：:【】[]")
    return plain if plain in NAMES or (printed.endswith(("：", ":")) and len(plain) <= _LONGEST_NAME) else ""


def _split_at_colon(token: str) -> tuple[str, str]:
    places = [place for place in (token.find("："), token.find(":")) if place >= 0]
    return (token[: min(places)], token[min(places) + 1 :]) if places else ("", token)
