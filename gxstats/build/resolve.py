"""From stored readings to a release: who published what, revisions, rules between reports.

Nothing here opens a document, so better tables of bodies and hosts cost minutes, not days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.build.across import WaitingFigures, across_frame, check_bodies
from gxstats.build.inputs import Found, Inputs, message_of
from gxstats.build.readings import Readings
from gxstats.model import Issue
from gxstats.report import Report
from gxstats.transcript import collector_paused

if TYPE_CHECKING:
    import pandas as pd

_ROWS_AT_ONCE = 50_000


class Resolved(NamedTuple):
    """What a release holds: reports, and documents without facts."""

    reports: int
    without_facts: int


def write_release(
    inputs: Inputs,
    readings: Readings,
    missed: Mapping[str, Exception],
    out: Path,
    versions: Mapping[str, str],
    each: Callable[[], object],
) -> Resolved:
    """Resolve every reading and write the release.

    Args:
        inputs: the documents and where they were found.
        readings: those of the documents.
        missed: documents whose bytes could not be had, and why.
        out: folder of the dataset.
        versions: what the data depends on.
        each: called after every document.
    """
    from gxstats.dataset.store import ReleaseWriter

    with ReleaseWriter(out) as release, WaitingFigures(out) as figures, collector_paused():
        metas: list[Mapping[str, Any]] = []
        barren = 0
        unopened = sorted((u.source, message_of(u.error)) for u in inputs.unopened)
        whole = chain(([_unopened(*u)] for u in unopened), resolved_reports(inputs, readings, missed))
        for reports in whole:
            for report in reports:
                release.add(report)
                if report.meta.get("sha256"):
                    figures.add(report)
                    metas.append(report.meta)
            barren += not any(report.fact_rows for report in reports)
            each()
        table = reports_frame(metas)
        release.table("reports", table)
        release.table("across", _across(table, figures, metas))
        release.table("captures", captures_frame(inputs.found))
        release.commit(versions)
    return Resolved(len(metas), barren)


def resolved_reports(
    inputs: Inputs, readings: Readings, missed: Mapping[str, Exception]
) -> Iterator[list[Report]]:
    """The reports of each document, in order of document_id."""
    places = inputs.places()
    for sha256 in inputs.documents:
        place = places[sha256]
        if sha256 not in readings:
            name = place.source or place.address or sha256
            yield [_unopened(name, message_of(missed[sha256]))]
            continue
        yield [
            t.resolved(
                source=place.source,
                url=place.address,
                fetched_at=place.fetched_at,
                hints={"title": place.title},
            )
            for t in readings.load(sha256)
        ]


def _unopened(source: str, why: str) -> Report:
    issue = Issue("error", "not_opened", why, hint="check the path and its permissions")
    return Report({"document_id": None, "source": source}, issue_rows=(issue,))


def reports_frame(metas: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The table ``reports`` with revisions."""
    from gxstats.dataset.frames import frame
    from gxstats.dataset.revisions import with_revisions
    from gxstats.dataset.tables import table

    names = [c.column for c in table("reports").columns]
    return with_revisions(frame("reports", {n: [m.get(n) for m in metas] for n in names}))


def _across(
    reports: pd.DataFrame, figures: WaitingFigures, metas: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    from gxstats.dataset.frames import stack

    names = {str(m["document_id"]): m for m in metas}
    checks = check_bodies(reports, figures)
    parts = []
    while part := list(islice(checks, _ROWS_AT_ONCE)):
        parts.append(across_frame(part, names))
    return stack("across", parts)


def captures_frame(found: Sequence[Found]) -> pd.DataFrame:
    """Every place a document was found at, in an order that depends on nothing else.

    Returns:
        The columns of :class:`gxstats.build.inputs.Found`; ``status`` as ``Int64``, the rest text.
    """
    import pandas as pd

    rows = sorted(set(found), key=lambda place: [(v is not None, str(v)) for v in place])
    columns = zip(*rows, strict=True) if rows else ([] for _ in Found._fields)
    types: dict[str, Any] = {"status": "Int64"}
    data = {
        name: pd.array(list(values), dtype=types.get(name, "string"))
        for name, values in zip(Found._fields, columns, strict=True)
    }
    return pd.DataFrame(data)
