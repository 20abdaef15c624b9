"""Reports at hand against those that are expected: which is which, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from os import PathLike
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.crawl.sources import Source, inside
from gxstats.dataset.documents import NO_FIGURES, AtHand
from gxstats.dataset.expected import EVERYBODY, Expected, years_of
from gxstats.places import UnknownAgency, agency
from gxstats.schema.due import last_year_due

if TYPE_CHECKING:
    from gxstats.archive import Archive

_Body = tuple[str, str]


class Group(NamedTuple):
    """The documents of one report; the first is the one that counts."""

    documents: tuple[AtHand, ...]

    @property
    def best(self) -> AtHand:
        """The document that counts."""
        return self.documents[0]

    @property
    def year(self) -> int:
        """The year it is about."""
        return int(self.best.meta["year"])

    @property
    def scope(self) -> str | None:
        """What it covers."""
        return _text(self.best.meta["scope"])


def grouped(documents: Sequence[AtHand], only: frozenset[int] | None) -> tuple[list[Group], list[AtHand]]:
    """The reports, and the documents of which body or year is not known or that are no reports."""
    found: dict[tuple[Any, ...], list[AtHand]] = {}
    others = []
    for document in documents:
        body, year = document.body, document.meta["year"]
        if body is None or year is None or not document.is_report:
            others.append(document)
        elif only is None or year in only:
            found.setdefault((*body, int(year), document.meta["scope"]), []).append(document)
    return [Group(tuple(sorted(same, key=_rank))) for same in found.values()], others


def _rank(document: AtHand) -> tuple[Any, ...]:
    """Trusted before untrusted, with figures before without, the current revision before others."""
    status = document.status
    current = document.meta["is_current"]
    old = 2 if current is False else 1 if current is None else 0
    order = ("read", "late", "sums_fail", "no_table", "image_only", "unreadable", "untrusted").index(status)
    return (status == "untrusted", status in NO_FIGURES, old, order, document.meta["document_id"])


def known_bodies(groups: Iterable[Group]) -> dict[_Body, tuple[str | None, str | None]]:
    """How the newest report names a body, and what its reports cover if all cover the same."""
    found: dict[_Body, list[Group]] = {}
    for group in groups:
        if group.best.body is not None:
            found.setdefault(group.best.body, []).append(group)
    known = {}
    for body, mine in found.items():
        scopes = {group.scope for group in mine}
        name = max(mine, key=lambda group: group.year).best.meta["agency"]
        known[body] = (name, scopes.pop() if len(scopes) == 1 else None)
    return known


class Matching:
    """Which expectation each report meets, and which are left."""

    def __init__(
        self,
        named: Sequence[Expected],
        lists: Sequence[Source],
        listed_on: Mapping[str, str],
        day: date,
        only: frozenset[int] | None,
    ) -> None:
        self._named = named
        self._lists = {source.source_id: source for source in lists}
        self._listed_on = listed_on
        self._day = day
        self._only = only
        self._met: set[int] = set()
        self._by: dict[tuple[Any, ...], list[int]] = {}
        self._seen: dict[str, dict[tuple[_Body, str | None], list[Group]]] = {}
        for number, each in enumerate(named):
            for key in _keys(each.place, each.agency_id, each.agency, each.year):
                self._by.setdefault(key, []).append(number)

    def reason(self, group: Group) -> tuple[str | None, bool]:
        """The publisher a report comes from, and whether it is expected."""
        meta = group.best.meta
        place, kind = group.best.body or ("", "")
        numbers = [n for key in _keys(place, kind, meta["agency"], group.year) for n in self._by.get(key, ())]
        fitting = [n for n in dict.fromkeys(numbers) if self._fits(self._named[n], place, group)]
        if fitting:
            self._met.update(fitting)
            return self._named[fitting[0]].source_id or None, True
        source = self._list_of(group)
        if source is None:
            return None, False
        who = ((place, kind), group.scope)
        self._seen.setdefault(source.source_id, {}).setdefault(who, []).append(group)
        return source.source_id, True

    def _fits(self, each: Expected, place: str, group: Group) -> bool:
        same_place = not each.place or not place or each.place == place
        return same_place and (each.scope is None or group.scope in (None, each.scope))

    def _list_of(self, group: Group) -> Source | None:
        """The list it was found on; where that was not recorded, the one of the smallest division around."""
        for document in group.documents:
            source = self._lists.get(self._listed_on.get(str(document.meta["sha256"]), ""))
            if source is not None:
                return source
        code = group.best.meta["division_code"] or ""
        around = [s for s in self._lists.values() if s.division_code and inside(s.division_code, code)]
        return min(around, key=lambda s: (s.division_code != code, _width(s.division_code)), default=None)

    def missing(self) -> Iterable[Expected]:
        """What is expected and not there."""
        yield from (each for number, each in enumerate(self._named) if number not in self._met)
        for source in self._lists.values():
            bodies = self._seen.get(source.source_id, {})
            known = {group.year for groups in bodies.values() for group in groups}
            for (_, scope), groups in bodies.items():
                for each in self._gaps(source, scope, groups):
                    known.add(each.year)
                    yield each
            first = min([y for y in known if source.first_year is None] or [source.first_year or 9999])
            start = source if first == 9999 else _from(source, first)
            for year in years_of(start, sorted(self._only) if self._only else None, None, self._day):
                if year not in known:
                    yield Expected(year, EVERYBODY, "", source.division_code, None, source.source_id)

    def _gaps(self, source: Source, scope: str | None, groups: Sequence[Group]) -> Iterable[Expected]:
        """The years for which a body that the list has had before has no report."""
        trusted = [g for g in groups if g.best.status != "untrusted"]
        if not trusted:
            return
        meta = max(trusted, key=lambda g: g.year).best.meta
        had = sorted(g.year for g in trusted)
        last = had[-1] if _merged(meta["agency_id"]) else last_year_due(scope, self._day)
        wanted = range(had[0], last + 1)
        for year in sorted(set(wanted) - {g.year for g in groups}):
            if self._only is None or year in self._only:
                agency, agency_id, code = (meta[n] or "" for n in ("agency", "agency_id", "division_code"))
                note = f"inferred: the list has its report on {max(y for y in had if y < year)}"
                yield Expected(year, agency, agency_id, code, scope, source.source_id, note)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _from(source: Source, year: int) -> Source:
    return replace(source, first_year=year)


def _keys(place: str, kind: str, name: str | None, year: int) -> list[tuple[Any, ...]]:
    keys: list[tuple[Any, ...]] = [("kind", place, kind, year)] if place and kind else []
    return [*keys, ("name", "".join(name.split()), year)] if name else [*keys, ("kind", "", kind, year)]


def _width(code: str) -> int:
    """How many zeros a code ends with: the more, the larger its division."""
    return len(code) - len(code.rstrip("0"))


def _merged(agency_id: str | None) -> bool:
    """Whether bodies of this kind became part of another: no reports are due any more."""
    try:
        return bool(agency_id and agency(agency_id).successor)
    except UnknownAgency:
        return False


def listed_on(source: Any, archive: Archive | str | PathLike[str] | None) -> dict[str, str]:
    """sha256 -> the row of the registry whose list led to it."""
    from gxstats.archive import Archive

    known: dict[str, str] = {}
    if "captures" in getattr(source, "names", ()):
        rows = source.sql(
            "SELECT sha256, min(source_row) AS source_row FROM captures"
            " WHERE source_row IS NOT NULL AND sha256 IS NOT NULL GROUP BY 1"
        )
        known |= dict(rows.itertuples(index=False))
    if archive is not None:
        opened = archive if isinstance(archive, Archive) else Archive(archive, create=False)
        try:
            rows = (c for c in opened.captures() if c.sha256 and c.source_row)
            known |= {str(c.sha256): str(c.source_row) for c in rows}
        finally:
            if opened is not archive:
                opened.close()
    return known
