"""Findings: what does not agree in published reports, and who is to blame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from gxstats.check.across_words import explain_across
from gxstats.check.words import explain
from gxstats.dataset.documents import PROSE_RULE
from gxstats.dataset.order import Lang
from gxstats.model import Check, Locator

if TYPE_CHECKING:
    import pandas as pd

    from gxstats.dataset.store import Dataset

_CELL = ("section", "item", "measure")
_PLACE = ("page", "x0", "top", "x1", "bottom", "ref")
_WHO = ("division", "agency", "year", "scope", "url", "sha256", "trust", "is_current")
_CAUSES = ("publisher", "reading", "unknown")
_Fields = dict[str, Any]


def findings(source: Any, lang: Lang = "zh") -> pd.DataFrame:
    """List every sum, rule between reports and figure in prose that does not agree.

    Only rows whose ``cause`` is ``publisher`` are findings about the publisher: every figure in them is
    confirmed as read. Where the cause is ``reading`` or ``unknown``, we may be wrong; they come after.
    Files from untrusted addresses and files that a later one replaces are left out and counted.

    Args:
        source: :class:`gxstats.Reports` or :class:`gxstats.Dataset`. A dataset's rules between reports are
            those it was built with.
        lang: language of ``words``.

    Returns:
        The table ``findings``; ``attrs["counts"]`` has the rows by cause, ``attrs["set_aside"]`` the
        failing rows that were left out, by reason.

    Example:
        >>> import gxstats as gx
        >>> found = findings(gx.load_published(), "en")
        >>> print(found.words[1])
        平潭综合实验区管委会, 2020: A-SUM (total): ...fails: 27 against 21, difference 6; ...
    """
    from gxstats.dataset.frames import frame
    from gxstats.dataset.tables import table

    within, between, who = _failing(source)
    kept, aside = _set_aside([*within, *between], who)
    places = _places(source, [row for row in kept if "other_document_id" not in row])
    rows = [_finding(row, who.get(row["document_id"], {}), places, lang) for row in kept]
    rows.sort(key=_order)
    columns = {c.column: [row.get(c.column) for row in rows] for c in table("findings").columns}
    result = frame("findings", columns)
    counts = {cause: sum(row["cause"] == cause for row in rows) for cause in _CAUSES}
    result.attrs |= {"counts": counts, "set_aside": aside}
    return result


def _failing(source: Any) -> tuple[list[_Fields], list[_Fields], dict[str, _Fields]]:
    """Failing checks within and between reports, and the reports they are about."""
    if callable(source.facts):
        within = source.sql("SELECT * FROM checks WHERE status = 'fail' ORDER BY document_id")
        between = source.sql("SELECT * FROM across WHERE status = 'fail' ORDER BY document_id")
        reports = source.sql(
            "SELECT * FROM reports WHERE document_id IN (SELECT document_id FROM checks WHERE status = 'fail'"
            " UNION SELECT document_id FROM across WHERE status = 'fail') ORDER BY document_id"
        )
    else:
        from gxstats.dataset.across import check_across

        checks, across = source.checks, check_across(source)
        within, between = checks[checks["status"].eq("fail")], across[across["status"].eq("fail")]
        reports = source.reports
    who = {str(row["document_id"]): row for row in _rows(reports)}
    return [*_rows(within)], [*_rows(between)], who


def _rows(table: pd.DataFrame) -> Iterator[_Fields]:
    plain = table.astype(object).where(table.notna(), None)
    for row in plain.to_dict("records"):
        yield {str(name): value for name, value in row.items()}


def _set_aside(rows: list[_Fields], who: Mapping[str, _Fields]) -> tuple[list[_Fields], dict[str, int]]:
    """The rows about reports that may be used, and how many others there are and why."""
    kept, aside = [], {"untrusted": 0, "superseded": 0}
    for row in rows:
        report = who.get(row["document_id"], {})
        if report.get("trust") == "untrusted":
            aside["untrusted"] += 1
        elif report.get("is_current") is False:
            aside["superseded"] += 1
        else:
            kept.append(row)
    return kept, {name: number for name, number in aside.items() if number}


def _places(source: Any, rows: list[_Fields]) -> dict[tuple[str, ...], Locator]:
    """Where the operands of checks within a report stand."""
    wanted = sorted({str(row["document_id"]) for row in rows})
    names = ("document_id", *_CELL, *_PLACE)
    if not wanted:
        return {}
    if callable(source.facts):
        sections = sorted({str(row["section"]) for row in rows})
        query = f"SELECT {', '.join(names)} FROM ({_cells_of(source, sections)})"
        found = source.sql(query, {"wanted": wanted})
    else:
        facts = source.facts
        found = facts.loc[facts["document_id"].isin(wanted), [*names]]
    plain = found.astype(object).where(found.notna(), None)
    return {tuple(row[:4]): Locator(*row[4:]) for row in plain.itertuples(index=False, name=None)}


def _cells_of(dataset: Dataset, sections: list[str]) -> str:
    """The cells of some sections of the documents that ``$wanted`` lists; the view of all is slower."""
    from gxstats.dataset.store.connect import sources_of
    from gxstats.dataset.store.layout import places
    from gxstats.dataset.store.sql import one_of
    from gxstats.dataset.store.views import Asked, by_section, facts_sql

    sources = sources_of(dataset.folder, dataset.release)
    cells = (c for form in sources.wide for c in places(form).values() if c.section in sections)
    documents = "document_id IN (SELECT unnest($wanted))"
    asked = Asked(by_section(cells), documents, one_of("section", sections))
    return facts_sql(asked, sources) or "SELECT * FROM facts WHERE document_id IN (SELECT unnest($wanted))"


def _finding(
    row: _Fields, report: Mapping[str, Any], places: Mapping[tuple[str, ...], Locator], lang: Lang
) -> _Fields:
    across = "other_document_id" in row
    kind = "prose" if row["rule"] == PROSE_RULE else "across" if across else "sum"
    cause = row["cause"] or "unknown"
    known = {name: report.get(name) if row.get(name) is None else row[name] for name in _WHO}
    found = row | known | {"kind": kind, "cause": cause}
    if across:
        found["page"] = _page(row["at"])
    else:
        found |= _located(row, places)
    return found | {"words": _words(found, across, lang)}


def _located(row: _Fields, places: Mapping[tuple[str, ...], Locator]) -> _Fields:
    """Where the operands stand, written as in the table ``across``."""
    if row.get("at"):
        return {"page": row.get("page") or _page(row["at"])}
    found = []
    for name in row["operands"].split():
        item, _, measure = name.rpartition("/")
        place = places.get((row["document_id"], row["section"], item.lstrip("-"), measure))
        if place is not None and place != Locator():
            found.append((name, place))
    pages = [place.page for _, place in found if place.page is not None]
    at = "; ".join(f"{name}: {place}" for name, place in found)
    return {"at": at or None, "page": min(pages, default=None)}


def _page(at: str | None) -> int | None:
    """The first page named in a text such as ``a/total: p. 2 [1,2,3,4]``."""
    import re

    pages = [int(page) for page in re.findall(r": p\. (\d+)(?= |;|$)", at or "")]
    return min(pages, default=None)


def _words(row: _Fields, across: bool, lang: Lang) -> str:
    try:
        if across:
            return explain_across(SimpleNamespace(**row), lang)
        check = Check(**{name: row[name] for name in Check._fields if name != "operands"}, operands=())
        return _who(row, lang) + explain(check, lang)
    except (KeyError, StopIteration):
        # A dataset may have been built by a version that knows rules which this one does not.
        sides = f"{row['lhs']} / {row['rhs']}"
        return f"{_who(row, lang)}{row['rule']} ({row['where']}): {sides}"


def _who(row: _Fields, lang: Lang) -> str:
    """The body and the year, which a sentence about a single report leaves out."""
    year = f"{row['year']} 年" if row["year"] and lang == "zh" else row["year"]
    known = [str(part) for part in (row["agency"], year) if part]
    return ("，".join(known) + "：" if lang == "zh" else ", ".join(known) + ": ") if known else ""


def _order(row: _Fields) -> tuple[Any, ...]:
    who = (row["division"] or "", row["agency"] or "", row["year"] or 0, row["document_id"])
    kinds = ("sum", "across", "prose")
    severities = ("error", "warning", "notice")
    return (
        _CAUSES.index(row["cause"]),
        *who,
        kinds.index(row["kind"]),
        severities.index(row["severity"]),
        row["rule"],
        row["section"],
        row["where"],
    )
