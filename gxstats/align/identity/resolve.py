"""Put the witnesses together: the title first, then the others; every contradiction becomes an issue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from gxstats.align.identity import witnesses
from gxstats.align.identity.bodies import Body, in_year, read_body, suggestions
from gxstats.align.identity.record import UNKNOWN, Candidate, Evidence, Identity, Scope
from gxstats.align.identity.titles import Kind, Title, find_title, kind_of_page
from gxstats.model import Document, Issue, Level, Reading
from gxstats.places.address import AddressFacts, read_address
from gxstats.places.agencies import Match
from gxstats.places.divisions import Division, above, counterparts
from gxstats.places.names import places_before
from gxstats.places.trust import Standing, assess, replay_signs

_WHOLE = ("汇总", "(关区)", "全市政府", "全区政府", "全县政府", "全省政府")
# A body that speaks of itself so is no government.
_OURSELVES = re.compile(r"[我本](?:局|委|厅|办|中心|院|行|队)(?![内属])")
_OWN_WORDS = witnesses.PUBLISHERS[:6]  # fields that name a publisher, not where a text was copied from
_MOST_CANDIDATES = 8


def identify(readings: Sequence[Reading], document: Document) -> Identity:
    """Who published a report, about whom and which year.

    Sources in this order: the title, the period sentence, metadata of the publishing system, index
    numbers and credit codes, the address. What none of them proves stays None, with candidates.

    Args:
        readings: the readings of one report.
        document: the document they come from: its own title, metadata fields and address.

    Returns:
        The identity; :data:`UNKNOWN` if nothing is said at all.

    Example:
        >>> from gxstats.model import Paragraph
        >>> text = Paragraph("淮安市洪泽区人民政府2024年政府信息公开工作年度报告")
        >>> who = identify([Reading("text", (text,))], Document("", "text/plain"))
        >>> who.division_code, who.agency_id, who.year, who.scope
        ('320813', 'government', 2024, 'summary')
    """
    title, friend, line = find_title(readings, document)
    kind = kind_of_page(readings, title, friend)
    case = _Case(readings, document, title)
    if kind is not None:
        case.witness("kind", kind, "title" if line else "text", line)
    trust = case.hear_address(kind)
    found: dict[str, Any] = {"kind": kind, "trust": trust}
    if kind not in (None, "report", "narrative"):
        case.issue("notice", "not_the_report", f"this page is no annual report of a government body: {kind}")
    elif title or kind:
        found |= case.resolve()
        found["report_id"] = _report_id(found)
    return UNKNOWN._replace(
        **found,
        candidates=tuple(case.candidates[:_MOST_CANDIDATES]),
        evidence=tuple(case.evidence),
        issues=tuple(case.issues),
    )


def _report_id(found: dict[str, Any]) -> str | None:
    parts = [found.get(name) for name in ("division_code", "agency_id", "year", "scope")]
    return "-".join(map(str, parts)) if all(parts) and found["kind"] == "report" else None


class _Case:
    """One report under examination: what was said, and what was concluded so far."""

    def __init__(self, readings: Sequence[Reading], document: Document, title: Title | None) -> None:
        self._readings = readings
        self._document = document
        self._title = title
        self._address = read_address(document.url) if document.url else AddressFacts()
        self.evidence: list[Evidence] = []
        self.candidates: list[Candidate] = []
        self.issues: list[Issue] = []

    @cached_property
    def text(self) -> str:
        return witnesses.whole_text(self._readings, self._document.title)

    @cached_property
    def _publishers(self) -> list[tuple[str, Body]]:
        return witnesses.publishers(self._document.fields) if self._document.fields else []

    def witness(self, field: str, value: object, source: str, text: str = "") -> None:
        """Note what a source says."""
        self.evidence.append(Evidence(field, str(value), source, text))

    def issue(self, level: Level, code: str, message: str, hint: str = "") -> None:
        """Note what a person should know."""
        self.issues.append(Issue(level, code, message, hint=hint))

    def hear_address(self, kind: Kind | None) -> Standing:
        """Whether the address is a government's; marks of copies matter where it is not."""
        url = self._document.url
        trust = assess(url, university=kind == "school_year")
        if trust.standing == "untrusted":
            self.issue("warning", "untrusted_source", trust.reason)
        if trust.standing != "trusted" and (self._title or url):
            for sign in replay_signs(witnesses.opening(self._readings), url):
                self.issue("warning", "replayed_page", f"the text bears a mark of copies: {sign}")
        return trust.standing

    def resolve(self) -> dict[str, Any]:
        """Year, agency, division, scope and date, each from the first source that proves it."""
        title = self._title
        published = self._published()
        year = self._year(published)
        body = read_body(title.agency) if title else Body("")
        match, name = self._agency(body)
        row = self._division(body, match, year)
        found: dict[str, Any] = {
            "title": title.text if title else None,
            "year": year,
            "agency": name or None,
            "agency_id": match.agency_id if match else None,
            "scope": self._scope(match) if match else None,
            "published_on": published.isoformat() if published else None,
        }
        if row is not None:
            found |= {"division_code": row.covers or row.code, "division": row.name}
        self._dates(published, year)
        return found

    def _year(self, published: date | None) -> int | None:
        said: list[tuple[int, str, str]] = []
        title = self._title
        if title and len(title.years) == 1:
            said.append((title.years[0], "title", title.plain))
        if period := witnesses.period_year(self._readings):
            said.append((period[0], "period", period[1]))
        if filed := witnesses.class_year(self._document.fields):
            said.append((filed[0], "metadata", filed[1]))
        if self._address.year:
            said.append((self._address.year, "address", self._document.url or ""))
        for year, source, words in said:
            self.witness("year", year, source, words)
        if title and len(title.years) > 1:
            return self._one_of(title, said)
        if not said:
            when = self._address.dated or published
            if when and when.month <= 4:
                self.candidates.append(Candidate("year", str(when.year - 1), "", f"dated {when}"))
            return None
        for year, source, _ in said[1:]:
            if year != said[0][0]:
                both = f"the {said[0][1]} says {said[0][0]}, the {source} says {year}"
                self.issue("warning", "year_conflict", both, f"{said[0][0]} is kept")
        return said[0][0]

    def _one_of(self, title: Title, said: Sequence[tuple[int, str, str]]) -> int | None:
        backed = {year for year, _, _ in said} & set(title.years)
        years = " and ".join(map(str, title.years))
        self.issue("warning", "year_conflict", f"the title names {years}", "see the evidence")
        if len(backed) == 1:
            return backed.pop()
        self.candidates += [Candidate("year", str(y), "", "title") for y in title.years]
        return None

    def _published(self) -> date | None:
        told = witnesses.published_on(self._document.fields)
        if told:
            self.witness("published_on", told[0], "metadata", told[1])
        dated = self._address.dated
        if dated:
            self.witness("published_on", dated, "address", self._document.url or "")
        if told and dated and abs((told[0] - dated).days) > 31:
            both = f"the metadata say {told[0]}, the address says {dated}"
            self.issue("notice", "date_conflict", both, "addresses often hold the day of a move")
        return told[0] if told else None

    def _dates(self, published: date | None, year: int | None) -> None:
        if published and year and published < date(year, 12, 31):
            message = f"published on {published}, before the end of {year}"
            self.issue("warning", "published_before_period_end", message)

    def _agency(self, body: Body) -> tuple[Match | None, str]:
        """The agency and the words for it: of the title, or of the publisher where the title names none."""
        if body.match and self._unnamed(body):
            return None, body.name
        if body.match:
            self.witness("agency_id", body.match.agency_id, "title", body.name)
            for field, other in self._publishers:
                self._compare_agencies(field, body.match, other)
            return body.match, body.name
        if not body.name:
            for field, other in self._publishers:
                if other.match:
                    self.witness("agency_id", other.match.agency_id, field, other.name)
                    return other.match, other.name
        for agency_id, name, likeness in suggestions(body):
            self.candidates.append(Candidate("agency_id", agency_id, name, "likeness", likeness))
        return None, body.name

    def _unnamed(self, body: Body) -> bool:
        """Whether a title names only a place while its text speaks for a department of it."""
        if body.rest or not body.placed or not (said := _OURSELVES.search(self.text)):
            return False
        message = f"the title names only {body.name}, the text speaks of itself as {said[0]}"
        self.issue("warning", "agency_unnamed", message, "see who published it")
        return True

    def _compare_agencies(self, field: str, match: Match, other: Body) -> None:
        if field not in _OWN_WORDS or other.match is None:
            return
        self.witness("agency_id", other.match.agency_id, field, other.name)
        general = {"government", "office", "zone_committee"}
        if other.match.agency_id == match.agency_id or {match.kind, other.match.kind} & general:
            return  # a government's office publishes for all
        both = f"the title says {match.agency_id}, {field} says {other.match.agency_id} ({other.name})"
        self.issue("warning", "agency_conflict", both, "the title is kept")

    def _scope(self, match: Match) -> Scope:
        title = self._title.plain if self._title else ""
        if match.scope:
            scope: Scope = "summary" if match.scope == "summary" else "body"
            self.witness("scope", scope, "title", title)
        elif any(word in title for word in _WHOLE):
            scope = "summary"
            self.witness("scope", scope, "title", title)
        else:
            whole = match.agency_id in ("government", "zone_committee")
            scope = "summary" if whole else "body"
            self.witness("scope", scope, "rule", "a government reports for all below it, an organ for itself")
        return scope

    def _division(self, body: Body, match: Match | None, year: int | None) -> Division | None:
        if body.placed:
            found = in_year(body.divisions, year)
            if len(found) == 1 and not self._merged(found[0], body, year):
                self.witness("division_code", found[0].code, "title", body.name)
                self._corroborate(found[0], year)
                return self._aged(found[0], year, body)
            return self._choose(found, "title", year)
        return self._without_place(body, match, year)

    def _aged(self, row: Division, year: int | None, body: Body) -> Division:
        """The row, with a word on names that are not those of the year."""
        if year is None or row.level == "zone":
            return row
        if not row.stands(year):
            message = f"{row.name} {row.code} did not stand in {year} and has no single counterpart then"
            self.issue("warning", "division_not_of_year", message, "its own code is kept")
        elif not any(d.stands(year) or d.stands(year + 1) for d in body.divisions):
            message = f"{body.name} names a division that was {row.name} {row.code} in {year}"
            self.issue("notice", "division_renamed", message, "the code of that year is given")
        return row

    def _merged(self, row: Division, body: Body, year: int | None) -> bool:
        """Whether the name had gone out of use before the year, in a merger: it tells of another body."""
        if year is None or any((d.valid_to or 9999) >= year for d in body.divisions):
            return False
        return all(counterparts(row, d.valid_to or 0) != (d,) for d in body.divisions)

    def _choose(self, candidates: Sequence[Division], source: str, year: int | None) -> Division | None:
        """The one of several that the other witnesses agree on."""
        votes: dict[str, list[Division]] = {}
        for field, other in self._publishers:
            rows = in_year(other.divisions, year)
            votes[field] = [c for c in candidates for r in rows if witnesses.same_place(c, r, year)]
        votes["text"] = witnesses.told_by_text(candidates, self.text)
        if coded := witnesses.coded_division(self._document.fields, self._address.credit_code):
            votes["code"] = [
                c for c in candidates if any(witnesses.same_place(r, coded[0], year) for r in (c, *above(c)))
            ]
        if self._document.url:
            votes["host"] = witnesses.told_by_host(candidates, self._document.url)
        chosen = {s: rows[0] for s, rows in votes.items() if len({r.code for r in rows}) == 1}
        codes = {row.code for row in chosen.values()}
        for said, row in chosen.items():
            self.witness("division_code", row.code, said, row.name)
        if len(codes) == 1:
            return next(iter(chosen.values()))
        if len(codes) > 1:
            sides = ", ".join(f"{s} says {r.code} {r.name}" for s, r in chosen.items())
            self.issue("warning", "division_conflict", sides, "none is kept")
        self._suggest(candidates, source)
        return None

    def _corroborate(self, row: Division, year: int | None) -> None:
        """Hear the codes and the publisher; what contradicts the title is an issue."""
        family = (row, *above(row))
        if coded := witnesses.coded_division(self._document.fields, self._address.credit_code):
            other, code, proved = coded
            self.witness("division_code", other.code, "code", code)
            if proved and not any(witnesses.same_place(r, other, year) for r in family):
                both = f"the title says {row.code} {row.name}, {code} says {other.code} {other.name}"
                self.issue("warning", "division_conflict", both, "the title is kept")
        for field, body in self._publishers:
            others = in_year(body.divisions, year)
            if field not in _OWN_WORDS or not others:
                continue
            self.witness("division_code", others[0].code, field, body.name)
            related = any(
                witnesses.same_place(a, b, year) for b in others for a in family if b.level != "nation"
            ) or any(witnesses.same_place(row, p, year) for b in others for p in above(b))
            if not related:
                both = f"the title says {row.code} {row.name}, {field} says {others[0].code} {body.name}"
                self.issue("warning", "division_conflict", both, "the title is kept")

    def _without_place(self, body: Body, match: Match | None, year: int | None) -> Division | None:
        """The place of a title that names none (市应急局, 龙田镇): from what else is said."""
        if body.around:
            self._suggest(in_year(body.around, year), "title")
            return None
        for field, other in self._publishers:
            rows = [r for r in in_year(other.divisions, year) if not body.level or r.kind in body.level]
            agrees = other.match is None or match is None or other.match.agency_id == match.agency_id
            general = other.match is not None and other.match.kind in ("government", "office")
            if len(rows) == 1 and field in _OWN_WORDS and (agrees or general):
                self.witness("division_code", rows[0].code, field, other.name)
                return self._aged(rows[0], year, other)
        if match is not None and "." in match.agency_id:  # townships and the like bear a name of their own
            own = match.agency_id.partition(".")[2]
            told = in_year(places_before(self.text, own), year)
            if len(told) == 1:
                self.witness("division_code", told[0].code, "text", f"{told[0].name}{own}")
                return told[0]
        if self._document.url is None:
            return None
        spelled = in_year(witnesses.places_of_host(self._document.url), year)
        fitting = [r for r in spelled if not body.level or r.kind in body.level]
        named = [r for r in fitting if r.name in self.text]
        if len(named) == 1:
            self.witness("division_code", named[0].code, "host and text", named[0].name)
            return named[0]
        self._suggest(fitting, "host")
        return None

    def _suggest(self, rows: Sequence[Division], source: str) -> None:
        for row in rows:
            inside = "".join(d.name for d in reversed(above(row)))
            self.candidates.append(Candidate("division_code", row.code, inside + row.name, source))
