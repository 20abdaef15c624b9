"""What became of every document of a dataset: whether its tables could be read and its sums hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from gxstats.dataset.expected import named_body
from gxstats.dataset.store.layout import sections_of
from gxstats.dataset.store.sql import literal, quoted
from gxstats.places.divisions import lineage_of
from gxstats.schema.due import due_date

if TYPE_CHECKING:
    import pandas as pd

    from gxstats.dataset.store import Dataset

Status = Literal["untrusted", "unreadable", "image_only", "no_table", "sums_fail", "late", "read", "missing"]
NO_FIGURES = ("unreadable", "image_only", "no_table")
PROSE_RULE = "N-TEXT"
"""The rule that sets prose against tables; it is no sum of the form."""
_NO_REPORT = frozenset({"placeholder", "rules", "interpretation", "website_report"})
_META = (
    *("document_id", "source", "title", "agency", "agency_id", "division_code", "division", "lineage"),
    *("year", "scope", "published_on", "trust", "is_current", "kind", "url", "sha256"),
)
_NOT_READ = ("unreadable", "absent")
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class AtHand:
    """A document, and what became of it.

    Attributes:
        meta: its row of the table ``reports``; None for what is not known.
        tables: sections of which a cell was found and could be read.
        found: sections of which a cell was found.
        fails: sums that do not hold.
        blamed: of those, how many are the publisher's own.
        codes: issues of reading it, as (level, code).
    """

    meta: Mapping[str, Any]
    tables: int = 0
    found: int = 0
    fails: int = 0
    blamed: int = 0
    codes: frozenset[tuple[str, str]] = frozenset()

    @property
    def status(self) -> Status:
        """One word; the first that fits, in the order of :data:`Status`."""
        if self.meta["trust"] == "untrusted":
            return "untrusted"
        if not self.tables:
            if ("error", "image_only") in self.codes:
                return "image_only"
            broken = self.found or any(level == "error" for level, _ in self.codes)
            return "unreadable" if broken else "no_table"
        if self.fails:
            return "sums_fail"
        return "late" if self.late else "read"

    @property
    def is_report(self) -> bool:
        """Whether it can be a report: an interpretation of one, rules or an empty page cannot."""
        return self.meta["kind"] not in _NO_REPORT

    @property
    def due(self) -> date | None:
        """The day it was due."""
        year = self.meta["year"]
        return None if year is None else due_date(int(year), self.meta["scope"])

    @property
    def late(self) -> bool | None:
        """Whether it was published after that day; None if that cannot be told."""
        try:
            published = date.fromisoformat(str(self.meta["published_on"])[:10])
        except ValueError:
            return None
        # An address often carries the date of another page; a report on a year cannot precede its end.
        if self.due is None or published.year <= int(self.meta["year"]):
            return None
        return published > self.due

    @property
    def body(self) -> tuple[str, str] | None:
        """Division over all its names, and kind or name of the body; None if it is not known."""
        meta = self.meta
        if not meta["agency"] and not meta["agency_id"]:
            return None
        kind = meta["agency_id"] or named_body(meta["agency"])[1] or meta["agency"]
        code = meta["division_code"]
        place = meta["lineage"] or (lineage_of(code, meta["year"]) if code else "")
        return (place or meta["division"] or "", kind)


def documents_of(source: Any) -> list[AtHand]:
    """Every document, in the order of the table ``reports``.

    Args:
        source: :class:`gxstats.Reports` or :class:`gxstats.Dataset`.
    """
    stored = callable(source.facts)
    reports = source.reports.drop_duplicates("document_id")
    tables, sums, codes = _seen_stored(source) if stored else _seen(source)
    found = []
    for meta in _rows(reports, _META):
        document = meta["document_id"]
        counts = (*tables.get(document, (0, 0)), *sums.get(document, (0, 0)))
        found.append(AtHand(meta, *counts, frozenset(codes.get(document, ()))))
    return found


def without_document(source: Any) -> list[tuple[str, str]]:
    """(source, message) of the inputs that could not even be opened."""
    if callable(source.facts):
        issues = source.sql("SELECT source, message FROM issues WHERE document_id IS NULL ORDER BY ALL")
    else:
        known = set(source.reports["document_id"].dropna())
        every = source.issues
        errors = every[every["level"].eq("error")]
        issues = errors[~errors["document_id"].isin(known)][["source", "message"]]
    return [(str(row["source"]), str(row["message"])) for row in _rows(issues, ("source", "message"))]


_Pairs = dict[str, tuple[int, int]]
_Seen = tuple[_Pairs, _Pairs, dict[str, list[tuple[str, str]]]]


def _seen(source: Any) -> _Seen:
    cells = source.facts[["document_id", "section", "state"]]
    readable = cells["section"].where(~cells["state"].isin(_NOT_READ))
    sections = cells.assign(readable=readable).groupby("document_id", observed=True)
    tables = sections[["readable", "section"]].nunique()
    checks = source.checks
    failing = checks[checks["status"].eq("fail") & checks["rule"].ne(PROSE_RULE)]
    by = failing.assign(own=failing["cause"].eq("publisher")).groupby("document_id")["own"]
    counts = by.agg(["size", "sum"])
    said = source.issues[["document_id", "level", "code"]].drop_duplicates()
    return (
        {str(d): (int(n), int(every)) for d, n, every in tables.itertuples()},
        {str(d): (int(n), int(own)) for d, n, own in counts.itertuples()},
        _codes(said.itertuples(index=False)),
    )


def _seen_stored(dataset: Dataset) -> _Seen:
    """The same without a single cell: what documents have stands in the side files."""
    parts = [
        f"SELECT document_id, {literal(section)} AS section, true AS known FROM wide_{form}"
        f" WHERE {quoted(section + '.reader')} IS NOT NULL"
        for form in sorted({f.name for f in dataset.release.of_kind("wide")})
        for section, _ in sections_of(form)
    ]
    if dataset.release.of_kind("sparse"):
        states = ", ".join(literal(state) for state in _NOT_READ)
        parts.append(f"SELECT document_id, section, state NOT IN ({states}) FROM sparse")
    tables = {}
    if parts:
        counted = dataset.sql(
            "SELECT document_id, count(DISTINCT section) FILTER (known), count(DISTINCT section)"
            f" FROM (SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})) GROUP BY 1"
        )
        tables = {str(d): (int(n), int(every)) for d, n, every in counted.itertuples(index=False)}
    sums = dataset.sql(
        "SELECT document_id, count(*) AS n, count(*) FILTER (cause = 'publisher') AS own FROM checks"
        f" WHERE status = 'fail' AND rule <> '{PROSE_RULE}' GROUP BY 1"
    )
    said = dataset.sql("SELECT DISTINCT document_id, level, code FROM issues WHERE document_id IS NOT NULL")
    failing = {str(d): (int(n), int(own)) for d, n, own in sums.itertuples(index=False)}
    return tables, failing, _codes(said.itertuples(index=False))


def _codes(rows: Iterable[Any]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for document, level, code in rows:
        found.setdefault(str(document), []).append((str(level), str(code)))
    return found


def _rows(table: pd.DataFrame, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows as dicts of plain values; None for what is missing."""
    for start in range(0, len(table), _CHUNK):
        part = table.iloc[start : start + _CHUNK].reindex(columns=list(names)).astype(object)
        for row in part.where(part.notna(), None).itertuples(index=False):
            yield dict(zip(names, row, strict=True))
