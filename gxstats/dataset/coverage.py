"""Coverage: which reports are expected, which are there, and what became of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from os import PathLike
from typing import TYPE_CHECKING, Any

from gxstats.crawl.crawled import Missed, missed
from gxstats.crawl.sources import registry
from gxstats.dataset.documents import AtHand, documents_of, without_document
from gxstats.dataset.expected import Expected, expected_reports
from gxstats.dataset.matching import Group, Matching, grouped, known_bodies, listed_on
from gxstats.places import UnknownDivision, division
from gxstats.schema.due import due_date

if TYPE_CHECKING:
    import pandas as pd

    from gxstats.archive import Archive


@dataclass
class _Rows:
    """The rows of the table, column by column."""

    columns: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, **row: Any) -> None:
        for name in _COLUMNS:
            self.columns[name].append(row.get(name))

    def name_divisions(self) -> None:
        """One name for each code: that of the reports at hand, else that of the table of divisions."""
        codes, names = self.columns["division_code"], self.columns["division"]
        known = {code: name for code, name in zip(codes, names, strict=True) if code and name}
        for number, (code, year) in enumerate(zip(codes, self.columns["year"], strict=True)):
            if code and not names[number]:
                names[number] = known.get(code) or _name_of(code, year)


_IDENTITY = ("division_code", "division", "agency", "agency_id", "year", "scope")
_COLUMNS = (
    *("source_id", *_IDENTITY, "expected", "status", "late", "tables", "failing", "failing_publisher"),
    *("document_id", "url", "published_on", "due_on", "note"),
)


def coverage(
    source: Any,
    expected: pd.DataFrame | str | PathLike[str] | None = None,
    archive: Archive | str | PathLike[str] | None = None,
    years: Iterable[int] | None = None,
    *,
    on: date | None = None,
) -> pd.DataFrame:
    """Set the reports at hand against those that are expected.

    Each has one ``status``, the first that fits: ``untrusted``, ``unreadable``, ``image_only``,
    ``no_table``, ``sums_fail``, ``late`` (and read; the column ``late`` says it of every report), ``read``;
    or ``missing``. Of several files the current one counts, or another if only that has figures.

    Args:
        source: :class:`gxstats.Reports` or :class:`gxstats.Dataset`.
        expected: the reports that are due (file or frame, :func:`gxstats.dataset.expected.read_expected`),
            or publishers (:func:`gxstats.sources`), by default all, from the first year to the last due;
            on a list of many each body from when it is first seen, and ``*`` for a year with none.
        archive: what the crawler met there is noted beside what is missing.
        years: only these years.
        on: the day by which reports had to be there; today by default.

    Returns:
        The table ``coverage``, what is ``unexpected`` or of ``unknown identity`` included. ``attrs`` has
        ``counts`` by status, ``unexpected``, ``unknown``, ``late``; ``unlisted`` sources the registry lacks.

    Raises:
        SchemaError: the list of expected reports is faulty. InputMissing: there is none.

    Example:
        >>> import gxstats as gx
        >>> import pandas as pd
        >>> due = pd.DataFrame({"agency": ["宿迁市人民政府"] * 3, "year": [2022, 2023, 2024]})
        >>> coverage(gx.load_published()[7:9], due).status.tolist()
        ['missing', 'read', 'read']
    """
    day = on or date.today()
    only = None if years is None else frozenset(years)
    return _sorted(_table(source, expected, archive, only, day), on=day)


def _table(
    source: Any,
    expected: pd.DataFrame | str | PathLike[str] | None,
    archive: Archive | str | PathLike[str] | None,
    only: frozenset[int] | None,
    day: date,
) -> pd.DataFrame:
    from gxstats.dataset.frames import frame

    named, lists = expected_reports(expected, only, day)
    documents = documents_of(source)
    groups, others = grouped(documents, only)
    matched = Matching(named, lists, listed_on(source, archive), day, only)
    rows = _Rows()
    for group in groups:
        _add_report(rows, group, *matched.reason(group))
    notes, known = _Met(archive), known_bodies(groups)
    for lacking in matched.missing():
        name, scope = known.get((lacking.place, lacking.agency_id or lacking.agency), (None, None))
        named_so = replace(lacking, agency=name or lacking.agency, scope=lacking.usual_scope or scope)
        _add_missing(rows, named_so, notes.of(lacking), day)
    _add_others(rows, others, without_document(source))
    rows.name_divisions()
    table = frame("coverage", rows.columns)
    if expected is None:
        shipped = {each.source_id for each in registry()}
        table.attrs["unlisted"] = sorted(set(listed_on(source, archive).values()) - shipped)
    return table


def _sorted(table: pd.DataFrame, on: date) -> pd.DataFrame:
    order = ["division_code", "agency", "year", "scope", "document_id", "source_id", "note"]
    attrs = table.attrs
    table = table.sort_values(order, na_position="last", kind="stable", ignore_index=True)
    counts = {str(k): int(v) for k, v in table["status"].value_counts(sort=False).items()}
    notes = table["note"].fillna("")
    attrs["unexpected"] = int(notes.str.startswith(_UNEXPECTED).sum())
    attrs["unknown"] = int(notes.str.startswith(_UNKNOWN).sum())
    attrs["late"] = int(table["late"].fillna(False).sum())
    table.attrs = {**attrs, "counts": counts, "on": on.isoformat()}
    return table


_UNEXPECTED = "unexpected"
_UNKNOWN = "unknown identity"


class _Met:
    """What the crawler met where a report is missing."""

    def __init__(self, archive: Archive | str | PathLike[str] | None) -> None:
        folder: Any = getattr(archive, "folder", archive)
        self._by: dict[tuple[str, int | None], list[Missed]] = {}
        for each in missed(folder) if folder is not None else ():
            self._by.setdefault((each.source_id, each.year), []).append(each)

    def of(self, each: Expected) -> str | None:
        """A few words, None if nothing is known."""
        met = self._by.get((each.source_id, each.year)) or self._by.get((each.source_id, None)) or []
        said = [": ".join(filter(None, (m.state, m.reason))) + (f" ({m.url})" if m.url else "") for m in met]
        more = [f"{len(said) - 2} more"] if len(said) > 2 else []
        crawled = [f"crawler: {', '.join([*said[:2], *more])}"] if said else []
        return "; ".join(filter(None, [each.note, *crawled])) or None


def _add_report(rows: _Rows, group: Group, source_id: str | None, expected: bool) -> None:
    best = group.best
    rest = Counter(_why_not(document) for document in group.documents[1:])
    notes = [] if expected else [_UNEXPECTED]
    notes += [f"also {', '.join(f'{n} {why}' for why, n in sorted(rest.items()))}"] if rest else []
    if best.meta["is_current"] is False and best.status != "untrusted":
        notes.append("the current file gives no figures")
    _add_document(rows, best, notes, expected, source_id)


def _why_not(document: AtHand) -> str:
    if document.status == "untrusted":
        return "untrusted"
    return "superseded" if document.meta["is_current"] is False else "other file"


def _add_document(
    rows: _Rows, document: AtHand, notes: Sequence[str], expected: bool, source_id: str | None = None
) -> None:
    meta = document.meta
    rows.add(
        source_id=source_id,
        **{name: meta[name] for name in (*_IDENTITY, "document_id", "url", "published_on")},
        expected=expected,
        status=document.status,
        late=document.late,
        tables=document.tables,
        failing=document.fails,
        failing_publisher=document.blamed,
        due_on=document.due.isoformat() if document.due else None,
        note="; ".join(notes) or None,
    )


def _add_missing(rows: _Rows, each: Expected, note: str | None, day: date) -> None:
    due = due_date(each.year, each.usual_scope)
    early = [] if due is None or due < day else ["not yet due"]
    rows.add(
        source_id=each.source_id or None,
        division_code=each.division_code or None,
        agency=each.agency or None,
        agency_id=each.agency_id or None,
        year=each.year,
        scope=each.usual_scope,
        expected=True,
        status="missing",
        **dict.fromkeys(("tables", "failing", "failing_publisher"), 0),
        due_on=due.isoformat() if due else None,
        note="; ".join([*early, *filter(None, [note])]) or None,
    )


def _name_of(code: str, year: int | None) -> str | None:
    try:
        return division(code, year).name
    except UnknownDivision:
        return None


def _add_others(rows: _Rows, others: Iterable[AtHand], unopened: Iterable[tuple[str, str]]) -> None:
    for document in others:
        known = document.body is not None and document.meta["year"] is not None
        what = _UNEXPECTED if known else _UNKNOWN
        kind = document.meta["kind"]
        named = document.meta["title"] or document.meta["source"]
        notes = [what, *([] if document.is_report else [f"this is no report: {kind}"])]
        _add_document(rows, document, [*notes, *([str(named)] if named and not known else [])], False)
    for name, message in unopened:
        empty = dict.fromkeys(("tables", "failing", "failing_publisher"), 0)
        note = f"{_UNKNOWN}; {name}: {message}"
        rows.add(expected=False, status="unreadable", note=note, **empty)
