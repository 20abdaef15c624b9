"""Find the place a text begins with: 广东省广州市番禺区统计局 is 番禺区 in 广州市 and leaves 统计局."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from gxstats.places.divisions import Division, above, all_divisions

# What people write for a zone beside its full name.
_ZONE_FORMS = (
    (
        re.compile("高新技术产业开发区|高新技术开发区|高技术产业开发区|高新技术产业园区|高新技术产业园"),
        "高新区",
    ),
    (re.compile("高新技术产业开发区|高技术产业开发区|高新技术产业园区"), "高新技术开发区"),
    (re.compile("高新技术开发区|高技术产业开发区|高新技术产业园区"), "高新技术产业开发区"),
    (re.compile("经济技术开发区"), "经开区"),
    (re.compile("经济技术开发区"), "经济开发区"),
    (re.compile("经济开发区"), "经开区"),
    (re.compile("经济开发区"), "经济技术开发区"),
    (re.compile("管理区管委会|管委会"), "管理区"),
)
_AUTONOMOUS = {"autonomous_prefecture": "州", "autonomous_county": "县", "autonomous_banner": "旗"}


class Place(NamedTuple):
    """One way to read the front of a text as a place.

    Attributes:
        division: the innermost division named.
        named: all that are named, from the outermost.
        rest: the text behind them.
        loose: a name stands without its kind (成都双流区): only to be believed if the rest fits.
    """

    division: Division
    named: tuple[Division, ...]
    rest: str
    loose: bool


def places_at_start(text: str) -> list[Place]:
    """Every way to read the front of a text as a chain of divisions, the longest first.

    Args:
        text: normalised, simplified, without white space.

    Returns:
        Readings; several if the name is borne by several divisions (朝阳区). Empty if no place is named.

    Example:
        >>> [(p.division.code, p.rest) for p in places_at_start("广东省广州市番禺区统计局")]
        [('440113', '统计局'), ('440100', '番禺区统计局'), ('440000', '广州市番禺区统计局')]
        >>> sorted(p.division.code for p in places_at_start("普陀区万里街道办事处"))
        ['310107', '330903']
    """
    return sorted(_walk(text, 0, (), False), key=lambda p: (len(p.rest), p.loose))


def _walk(text: str, start: int, named: tuple[Division, ...], loose: bool) -> Iterator[Place]:
    full, short, longest = _index()
    for names, is_loose in ((full, loose), (short, True)):
        matched = False
        for end in range(min(start + longest, len(text)), start + 1, -1):
            for division in names.get(text[start:end], ()):
                if named and not lies_in(division, named[-1]):
                    continue
                matched = True
                yield Place(division, (*named, division), text[end:], is_loose)
                yield from _walk(text, end, (*named, division), is_loose)
            if matched:
                break
        if matched:
            return


def lies_in(inner: Division, outer: Division) -> bool:
    """Whether a division lies in another, not necessarily directly."""
    if inner.code == outer.code:
        return False
    return any(d.code == outer.code for d in above(inner))


def places_before(text: str, words: str) -> list[Division]:
    """The divisions whose full name stands right before some words, wherever they occur in a text.

    Example:
        >>> [d.name for d in places_before("本报告由岑巩县龙田镇人民政府编制", "龙田镇")]
        ['岑巩县']
    """
    full, _, longest = _index()
    found: dict[Division, None] = {}
    at = text.find(words)
    while at >= 0:
        for start in range(max(0, at - longest), at - 1):
            if rows := full.get(text[start:at]):
                found |= dict.fromkeys(rows)
                break
        at = text.find(words, at + 1)
    return list(found)


@cache
def full_names(division: Division) -> tuple[str, ...]:
    """The names of a division that say what kind it is.

    Example:
        >>> from gxstats.places.divisions import division
        >>> full_names(division("150724"))
        ('鄂温克族自治旗', '鄂温克旗', '鄂温克自治旗')
    """
    names = [division.name]
    if suffix := _AUTONOMOUS.get(division.kind):
        names += [division.short + suffix, f"{division.short}自治{suffix}"]
    if division.level == "zone":
        names += list(_zone_names(division))
    return tuple(dict.fromkeys(names))


def _zone_names(zone: Division) -> Iterator[str]:
    parents = above(zone)
    bare = zone.name
    if len(parents) > 1:  # the province in front of the city is left out as often as not
        bare = bare.removeprefix(parents[-1].name).removeprefix(parents[-1].short)
    forms = {zone.name, bare}
    forms |= {re.sub(pattern, said, f) for pattern, said in _ZONE_FORMS for f in tuple(forms)}
    for parent in parents:
        for form in tuple(forms):
            if form.startswith(parent.name):
                forms.add(parent.short + form.removeprefix(parent.name))
            elif form.startswith(parent.short):
                forms.add(parent.name + form.removeprefix(parent.short))
            if parent.level == "province" and len(bare) > 4:
                forms.add(form.removeprefix(parent.name).removeprefix(parent.short))
    kept = {f for f in forms if len(f) > 3}
    # 长春新区 and 长春经开区 are not told by their kind alone.
    yield from sorted(f for f in kept if not any(f == said for _, said in _ZONE_FORMS))


@cache
def _index() -> tuple[dict[str, tuple[Division, ...]], dict[str, tuple[Division, ...]], int]:
    """Names -> divisions: full names, names without their kind, and the length of the longest."""
    full: dict[str, tuple[Division, ...]] = {}
    short: dict[str, tuple[Division, ...]] = {}
    for row in all_divisions():
        for name in full_names(row):
            full[name] = (*full.get(name, ()), row)
        if row.short != row.name and row.level in ("province", "prefecture", "county"):
            short[row.short] = (*short.get(row.short, ()), row)
    return full, short, max(map(len, full))
