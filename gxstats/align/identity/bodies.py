"""From the words that name a publisher to its division and its agency, or to candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gxstats.places.agencies import Match, match_agency, suggest_agencies
from gxstats.places.divisions import NATION, Division, counterparts, division
from gxstats.places.names import Place, full_names, lies_in, places_at_start

_FRONT = re.compile(r"^(?:国家税务总局|中华人民共和国|国家统计局|中国共产党|中共|中国气象局)(?=.)")
_NATIONAL = re.compile(r"^(?:国家.+|国务院.*|.+(?:部|总署|总局))$")
_LEVEL_WORD = re.compile(r"^(?:本)?(?P<level>[省市区县州旗盟])(?=..)")
_BRANCH = re.compile(r"^(?P<bureau>.+?(?:局|大队|支队))(?P<area>.{2,8})分局$")
# The rest of a name that may be a smaller place which the table does not know.
_DEEPER = re.compile(r"[区县镇乡旗]|街道|园$")
_TAIL = re.compile(r"(?:机关|门户网站|人民政府网|政府网)$")
_KINDS_OF_LEVEL = {
    "省": ("province",),
    "市": ("city", "county_city", "municipality"),
    "区": ("district", "autonomous_region"),
    "县": ("county", "autonomous_county"),
    "州": ("autonomous_prefecture",),
    "盟": ("league",),
    "旗": ("banner", "autonomous_banner"),
}


class Body(NamedTuple):
    """How a name was read.

    Attributes:
        name: the words.
        divisions: those the name can mean: one if it is plain, several if it is borne by several.
        match: the agency, None if the table does not know the rest of the name.
        level: the kinds of division a name without a place belongs to (市应急局), () if it does not say.
        rest: what is left of the name behind the place.
        placed: a place is named.
        around: the place named, where the rest may be a smaller one that the table does not know.
    """

    name: str
    divisions: tuple[Division, ...] = ()
    match: Match | None = None
    level: tuple[str, ...] = ()
    rest: str = ""
    placed: bool = False
    around: tuple[Division, ...] = ()


@lru_cache(maxsize=4096)
def read_body(name: str) -> Body:
    """Split the name of a publisher into its place and its agency.

    Args:
        name: normalised and simplified.

    Example:
        >>> body = read_body("国家税务总局芜湖市镜湖区税务局")
        >>> body.divisions[0].code, body.match.agency_id
        ('340202', 'tax')
        >>> body = read_body("池州市公安局贵池分局")
        >>> body.divisions[0].name, body.match.agency_id
        ('贵池区', 'police')
    """
    if not name:
        return Body(name)
    if (whole := match_agency(name)) and _NATIONAL.match(name):
        return Body(name, (division(NATION),), whole, placed=True)
    plain = _FRONT.sub("", name)
    places = places_at_start(plain)
    for loose in (False, True):
        if found := _fitting([p for p in places if p.loose is loose]):
            return found._replace(name=name)
    if (whole or (whole := match_agency(plain))) and whole.agency_id != "government":
        return Body(name, (), whole, rest=plain)
    if (word := _LEVEL_WORD.match(plain)) and (match := match_agency(plain[word.end() :])):
        return Body(name, (), match, _KINDS_OF_LEVEL[word["level"]], plain[word.end() :])
    strict = [p for p in places if not p.loose and not _nameless(p)]
    if not strict:
        return Body(name, rest=plain)
    rest = strict[0].rest
    first = _divisions([p for p in strict if p.rest == rest])
    if _DEEPER.search(rest):
        return Body(name, rest=rest, around=first)
    return Body(name, first, None, (), rest, placed=True)


def _fitting(places: Sequence[Place]) -> Body | None:
    """The readings of the place whose rest is the name of a body, those with the shortest rest."""
    for place in places:
        if _nameless(place):
            continue
        same = [p for p in places if p.rest == place.rest]
        if branch := _branch(place, same):
            return branch
        for rest in dict.fromkeys((place.rest, _TAIL.sub("", place.rest))):
            if (match := _match(place, rest)) is not None:
                return Body("", _divisions(same), match, (), place.rest, placed=True)
    return None


def _match(place: Place, rest: str) -> Match | None:
    level = place.division.level
    if level == "service":
        found = match_agency("海关" + rest)
        return found or (match_agency("海关") if not rest else None)
    match = match_agency(rest)
    if match and match.agency_id == "government" and level == "zone":
        return match_agency("管理委员会")
    return match


def _branch(place: Place, same: Sequence[Place]) -> Body | None:
    """A bureau's branch belongs to the district it is named after."""
    found = _BRANCH.match(place.rest)
    match = match_agency(found["bureau"]) if found else None
    if found is None or match is None:
        return None
    area = found["area"]
    short = place.division.short
    named = {area, f"{area}区", f"{area}县", f"{area}市", f"{short}{area}区", f"{short}{area}"}
    inner = [p.division for n in named for p in places_at_start(n) if not p.rest]
    inside = {d for d in inner if lies_in(d, place.division) and len(same) == 1}
    inside = {d for d in inside if named & {d.short, *full_names(d)}}
    if not inside:
        return Body("", (), None, (), place.rest, around=(place.division,))
    return Body("", tuple(sorted(inside)), match, (), place.rest, placed=True)


def _nameless(place: Place) -> bool:
    """A district whose name is a mere kind (郊区, 新区), with nothing to say of which city."""
    return len(place.named) == 1 and len(place.division.name) == 2 and place.division.name.endswith("区")


def _divisions(places: Sequence[Place]) -> tuple[Division, ...]:
    return tuple(dict.fromkeys(p.division for p in places))


def in_year(found: Sequence[Division], year: int | None) -> tuple[Division, ...]:
    """The divisions as they stood in a year, past and later names turned into those of that year.

    Pages are moved and renamed years later, so a name that came into use after the year counts too;
    one that had gone out of use before counts only if no other bears it. Without a year the newest
    form of each counts.

    Example:
        >>> [d.code for d in in_year([division("320813")], 2014)]
        ['320829']
    """
    when = year if year is not None else 9998
    near = [d for d in found if d.valid_to is None or d.valid_to >= when]
    kept: dict[str, Division] = {}
    for row in near or found:
        then = (row,) if row.level == "zone" else counterparts(row, when)
        # Several: it was merged from or split into these, and the name says which of them no more.
        for one in then if len(then) == 1 else (row,):
            kept.setdefault(one.code, one)
    return tuple(kept.values())


def suggestions(body: Body) -> list[tuple[str, str, float]]:
    """Agencies whose names look like the one that is not known."""
    return suggest_agencies(body.rest) if body.match is None and body.rest else []
