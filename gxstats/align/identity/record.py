"""What is known of the identity of a report, and how it is known."""

from __future__ import annotations

from typing import Literal, NamedTuple

from gxstats.align.identity.titles import Kind
from gxstats.model import Issue
from gxstats.places.trust import Standing

Scope = Literal["body", "summary"]


class Evidence(NamedTuple):
    """One witness: ``source`` says of ``field`` that it is ``value``, in the words ``text``."""

    field: str
    value: str
    source: str
    text: str = ""


class Candidate(NamedTuple):
    """A value that fits but is not proved; ``label`` is its name, ``source`` what suggests it."""

    field: str
    value: str
    label: str
    source: str
    likeness: float | None = None


class Identity(NamedTuple):
    """Who published a report, about whom and which year; None where nothing proves it.

    Attributes:
        title: as printed.
        year: the year the report is about.
        agency: the publisher in its own words, normalised.
        division_code: code of the division in the report's year; of the county for a zone that
            administers one as a whole.
        division: name of the division or zone.
        agency_id: kind of body, stable over renames.
        scope: ``body`` for one organ, ``summary`` for a government with its departments and lower
            governments, or an organ with its whole system.
        published_on: day of publication as ISO text.
        trust: whether the address is a government's own: trusted, untrusted or unknown.
        report_id: ``division_code-agency_id-year-scope``; None until all four are resolved, and for
            anything that is not a report.
        kind: what the page is.
        candidates: what fits where nothing is proved.
        evidence: what each value rests on, and what supports it.
        issues: contradictions with both sides, and what else a person should know.
    """

    title: str | None = None
    year: int | None = None
    agency: str | None = None
    division_code: str | None = None
    division: str | None = None
    agency_id: str | None = None
    scope: Scope | None = None
    published_on: str | None = None
    trust: Standing = "unknown"
    report_id: str | None = None
    kind: Kind | None = None
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    issues: tuple[Issue, ...] = ()


UNKNOWN = Identity()
