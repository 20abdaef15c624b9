"""Kinds of body and their names over time: 环保局 and 生态环境局 are one, under one ``agency_id``."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from gxstats.errors import GxError
from gxstats.paths import data_path
from gxstats.places.typed_csv import read_lines

COLUMNS = (
    *("agency_id", "name", "suffixes", "form", "valid_from", "valid_to"),
    *("kind", "name_en", "successor"),
)
KINDS = frozenset({"government", "office", "department", "institution", "vertical", "zone_committee"})
FORMS = frozenset({"full", "short"})
_LOCAL = re.compile(r"^(?P<name>.{1,12}?(?:民族|[一-鿿]+族)?(?:镇|乡|街道|苏木))(?P<rest>.*)$")
_LOCAL_RESTS = frozenset(
    {
        "",
        "人民政府",
        "政府",
        "办事处",
        "街道办事处",
        "人民政府办公室",
        "政府办公室",
        "办公室",
        "街道办",
        "党政办公室",
    }
)
_DISTRICT = re.compile("..[区县]")  # a place of its own in front of the township
_COMMITTEE = re.compile(r"^(?P<name>(?!人民政府)[一-鿿]{2,14}?)(?:管理委员会|管委会)(?:办公室)?$")
_WHOLE = re.compile(r"系统|\(汇总\)|\(关区\)|\(全区\)|\(全市\)|\(全县\)|\(全省\)")
_ITSELF = re.compile(r"\(?(?:局?本级|机关本级|本级机关|本部|局机关)\)?")


class UnknownAgency(GxError, LookupError):
    """An ``agency_id`` that the table does not have."""


class Agency(NamedTuple):
    """A kind of body.

    Attributes:
        agency_id: stays the same over renames.
        kind: government, office, department, institution, vertical (reports to its own ministry, not to
            the local government) or zone_committee.
        name_en: English.
        successor: ``agency_id`` of the body it was merged into, empty if none.
        names: every name with the years it was in use, as (name, form, first, last).
    """

    agency_id: str
    kind: str
    name_en: str
    successor: str
    names: tuple[tuple[str, str, int | None, int | None], ...]


class Match(NamedTuple):
    """What a name stands for: ``scope`` is empty where the name says nothing of it."""

    agency_id: str
    kind: str
    scope: str = ""
    short: bool = False


def load_agencies(path: Path) -> tuple[Agency, ...]:
    """Read a table of agencies, strictly: one line per name, equal ids together.

    Raises:
        SchemaError: a value is missing, wrong or contradicts another line; names file and line.

    Example:
        >>> load_agencies(data_path("agencies.csv"))[0].agency_id
        'government'
    """
    found: dict[str, Agency] = {}
    owner: dict[str, str] = {}
    for line in read_lines(path, COLUMNS):
        agency_id = line.text("agency_id")
        said = (line.choice("kind", KINDS), line.text("name_en"), line.optional("successor"))
        agency = found.get(agency_id, Agency(agency_id, *said, ()))
        if agency[1:4] != said:
            raise line.fault("agency_id", f"{agency_id} is described differently above")
        form, first, last = line.choice("form", FORMS), line.year("valid_from"), line.year("valid_to")
        for suffix in line.optional("suffixes").split() or [""]:
            name = line.text("name") + suffix
            if owner.setdefault(name, agency_id) != agency_id:
                raise line.fault("name", f"{name} already stands for {owner[name]}")
            agency = agency._replace(names=(*agency.names, (name, form, first, last)))
        found[agency_id] = agency
    return tuple(found.values())


@cache
def _table() -> dict[str, Agency]:
    return {a.agency_id: a for a in load_agencies(data_path("agencies.csv"))}


@cache
def _names() -> dict[str, Match]:
    return {
        name: Match(a.agency_id, a.kind, "", form == "short")
        for a in _table().values()
        for name, form, _, _ in a.names
    }


def agency(agency_id: str) -> Agency:
    """The kind of body with this id.

    Raises:
        UnknownAgency: there is none.

    Example:
        >>> agency("ecology").name_en
        'Ecology and Environment'
    """
    if agency_id not in _table():
        raise UnknownAgency(f"there is no agency {agency_id!r}", hint="see data/agencies.csv")
    return _table()[agency_id]


def match_agency(body: str) -> Match | None:
    """What the name of a body, without its place, stands for; None if the table does not know it.

    Townships, subdistricts and committees of a named area are told by their own name, which becomes
    part of the id; so is a branch office by the part behind its bureau.

    Args:
        body: normalised and simplified, without the place in front.

    Example:
        >>> match_agency("环境保护局").agency_id, match_agency("生态环境局").agency_id
        ('ecology', 'ecology')
        >>> match_agency("金溪镇人民政府").agency_id, match_agency("海洋和天空局") is None
        ('township.金溪镇', True)
    """
    scope = "summary" if _WHOLE.search(body) else "body" if _ITSELF.search(body) else ""
    plain = _ITSELF.sub("", _WHOLE.sub("", body)) if scope else body
    plain = plain or "人民政府"
    known = _names().get(plain) or _names().get(re.sub(r"^人民政府(?=.)|\(.*\)$", "", plain))
    if known is None and "系统" in body:
        known = _names().get(f"{plain}局")
    if known:
        return known._replace(scope=scope)
    local = _LOCAL.match(plain)
    if local and local["rest"] in _LOCAL_RESTS and not _DISTRICT.search(local["name"]):
        kind = "subdistrict" if local["name"].endswith("街道") else "township"
        return Match(f"{kind}.{local['name']}", "government", scope or "body")
    if named := _COMMITTEE.match(plain):
        return Match(f"committee.{named['name']}", "zone_committee", scope)
    return None


def suggest_agencies(body: str, limit: int = 3) -> list[tuple[str, str, float]]:
    """Names of the table that look like this one: for a person to choose from, never to be taken.

    Returns:
        (agency_id, name, likeness from 0 to 100), the likest first; unlike ones are left out.

    Example:
        >>> suggest_agencies("生态环景局")[0][:2]
        ('ecology', '生态环境局')
    """
    return list(_likest(body, limit))


@lru_cache(maxsize=1024)
def _likest(body: str, limit: int) -> tuple[tuple[str, str, float], ...]:
    from rapidfuzz import fuzz, process

    found = process.extract(body, list(_names()), scorer=fuzz.ratio, limit=limit, score_cutoff=60)
    return tuple([(_names()[name].agency_id, name, round(score, 1)) for name, score, _ in found])
