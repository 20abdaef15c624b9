"""From stored readings to a release: who published what, revisions, rules between reports.

Nothing here opens a document, so better tables of bodies and hosts cost minutes, not days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gxstats.build.across import WaitingFigures, across_frame, check_bodies
from gxstats.build.gather import Tables, blocks
from gxstats.build.inputs import Found, Inputs, message_of
from gxstats.build.pieces import OF_IDENTITY, REPORTS, of_json
from gxstats.build.reader_key import identity_key
from gxstats.build.readings import Readings
from gxstats.dataset.store import ReleaseWriter, WriteRefused
from gxstats.dataset.store.layout import KINDS
from gxstats.transcript import collector_paused, failed, identity_columns, report_meta

if TYPE_CHECKING:
    import pandas as pd

_ROWS_AT_ONCE = 50_000
_PLAIN = ("checks", "prose", "unmatched_rows")


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
    each: Callable[[int], object],
    threads: int = 1,
) -> Resolved:
    """Resolve every reading and write the release.

    Args:
        inputs: the documents and where they were found.
        readings: those of the documents.
        missed: documents whose bytes could not be had, and why.
        out: folder of the dataset.
        versions: what the data depends on.
        each: called with a number of documents when they are done.
        threads: how many files are written at once.
    """
    metas: list[Mapping[str, Any]] = []
    fruitful: set[str] = set()
    places = inputs.places()
    with ReleaseWriter(out) as release, WaitingFigures(out) as figures, collector_paused():
        _add_unopened(release, inputs, missed)
        for block, tables in blocks(readings, inputs.documents):
            found = _Block(tables, places)
            found.add_to(release)
            for row in found.reports:
                figures.add(row["document_id"], row["figures"])
            fruitful.update(row["sha256"] for row in found.reports if row["has_facts"])
            metas += found.metas
            each(len(block))
        _refuse_doubles(metas)
        table = reports_frame(metas)
        release.table("reports", table)
        release.table("across", _across(table, figures, metas))
        release.table("captures", captures_frame(inputs.found))
        release.commit(versions, threads)
    return Resolved(len(metas), len(inputs.documents) + len(inputs.unopened) - len(fruitful))


def _refuse_doubles(metas: Sequence[Mapping[str, Any]]) -> None:
    """Names of documents are halves of digests: files can be made that share one."""
    names = [meta["document_id"] for meta in metas]
    for before, name in pairwise(names):
        if name <= before:
            raise WriteRefused(f"two files are called {name}", hint="leave one of them out")


def _add_unopened(release: ReleaseWriter, inputs: Inputs, missed: Mapping[str, Exception]) -> None:
    """The issues of files that could not be opened, or not any more; they come before all others."""
    places = inputs.places() if missed else {}
    unopened = [(u.source, message_of(u.error)) for u in inputs.unopened]
    for sha256, error in missed.items():
        unopened.append((places[sha256].source or places[sha256].address or sha256, message_of(error)))
    hint = "check the path and its permissions"
    rows = [
        {"source": source, "level": "error", "code": "not_opened", "message": why, "hint": hint}
        for source, why in sorted(unopened)
    ]
    if rows:
        release.add_table("issues", "", _table("issues", rows).drop_columns(["turn"]))


class _Block:
    """Some reports with their identity, and tables that say so."""

    def __init__(self, tables: Tables, places: Mapping[str, Found]) -> None:
        self._tables = tables
        self._key = identity_key()
        self._issues: list[dict[str, Any]] = []
        self._failed: set[str] = set()
        known = tables.get((REPORTS, ""))
        self.reports: list[dict[str, Any]] = [] if known is None else known.to_pylist()
        self.metas = [self._meta(row, places[row["sha256"]]) for row in self.reports]

    def _meta(self, row: Mapping[str, Any], place: Found) -> dict[str, Any]:
        """The row of the table ``reports``; issues of its identity are noted."""
        at = {"source": place.source, "url": place.address, "fetched_at": place.fetched_at}
        if row["said"] is None:
            return report_meta(row, at)
        try:
            told = self._identity(row, place.address)
            meta = report_meta(row, at, told, {"title": place.title})
            issues = told["issues"]
        except Exception as error:
            self._failed.add(row["document_id"])
            meta, issues = report_meta(row, at), [failed(error, place.source or "")]
        self._issues += [_issue(row["document_id"], issue) for issue in issues]
        return meta

    def _identity(self, row: Mapping[str, Any], url: str | None) -> dict[str, Any]:
        if row["told"] is not None and (row["key"], row["url"]) == (self._key, url):
            told: dict[str, Any] = of_json(row["told"])
            return told
        from gxstats.align.identity.own_words import of_rows

        return identity_columns(of_rows(of_json(row["said"])).identify(url))

    def add_to(self, release: ReleaseWriter) -> None:
        """Give the tables to a release."""
        for (kind, form), table in self._tables.items():
            if kind in (*KINDS, *_PLAIN):
                release.add_table(kind, form, table)
        if (issues := self._told_issues()) is not None:
            release.add_table("issues", "", issues)
        if (statements := self._tables.get(("statements", ""))) is not None:
            release.add_table("statements", "", self._with_bodies(statements))

    def _told_issues(self) -> Any | None:
        """The issues with those of identities in between, and the sources of all."""
        import pyarrow as pa
        import pyarrow.compute as pc

        parts = [self._tables[name] for name in self._tables if name == ("issues", "")]
        if self._failed:
            lost = pa.array(sorted(self._failed), pa.string())
            parts = [t.filter(pc.invert(pc.is_in(t["document_id"], value_set=lost))) for t in parts]
        if self._issues:
            parts.append(_table("issues", self._issues))
        if not parts:
            return None
        table = pa.concat_tables(parts)
        table = table.take(pc.sort_indices(table, [("document_id", "ascending"), ("turn", "ascending")]))
        return self._filled(table, {"source": "source"}).drop_columns(["turn"])

    def _with_bodies(self, statements: Any) -> Any:
        """Statements with what the reports say of themselves."""
        import pyarrow.compute as pc

        said_by = {"body": "agency", "division": "division", "year": "year", "url": "url"}
        own = statements["scope"]
        whole = self._filled(statements, said_by | {"scope": "scope"})
        at = whole.schema.get_field_index("scope")
        return whole.set_column(at, "scope", pc.coalesce(own, whole["scope"]))

    def _filled(self, table: Any, columns: Mapping[str, str]) -> Any:
        """A table with columns that its reports know: name -> that in the table ``reports``."""
        import pyarrow as pa
        import pyarrow.compute as pc

        at = pc.index_in(table["document_id"], pa.array([m["document_id"] for m in self.metas], pa.string()))
        for name, known in columns.items():
            number = table.schema.get_field_index(name)
            values = pa.array([m.get(known) for m in self.metas], table.schema.field(number).type)
            table = table.set_column(number, table.schema.field(number), values.take(at))
        return table


def _issue(document_id: str, issue: Sequence[Any]) -> dict[str, Any]:
    """A row of the table ``issues``; its columns are named in the order of an issue."""
    level, code, message, at, hint = issue
    row = {"level": level, "code": code, "message": message or None, "hint": hint or None}
    place = dict(zip(("page", "x0", "top", "x1", "bottom", "ref"), at, strict=True))
    return row | place | {"document_id": document_id, "turn": OF_IDENTITY}


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    import pyarrow as pa

    from gxstats.build.pieces import piece_schema

    return pa.Table.from_pylist(list(rows), schema=piece_schema(name))


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
