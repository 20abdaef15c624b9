"""Rules between reports, over frames of facts and reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from gxstats.check.across import Across, Body, Known, Yearly, add_up, follow
from gxstats.check.across_rules import rules
from gxstats.dataset.frames import frame
from gxstats.dataset.revisions import set_aside
from gxstats.dataset.tidy import Source, facts_and_reports
from gxstats.errors import UnknownField
from gxstats.model import Key, Locator

_PLACE = ["page", "x0", "top", "x1", "bottom", "ref"]
_CELL = ["document_id", "section", "item", "measure"]


def check_across(
    source: Source,
    reports: pd.DataFrame | None = None,
    *,
    components: Mapping[str, Iterable[str]] | None = None,
) -> pd.DataFrame:
    """Check reports against each other: year by year for each body, and summaries against their components.

    ``X-CARRY``: carried out of one year is carried in to the next (an error in the total, a warning in
    the columns of applicants); ``X-STOCK``: rules and documents in force follow from those issued and
    repealed (f2021 in both years); ``X-ITEMS``: items of f2019; ``H-SUM``: a summary is the sum of its
    components, tried only if all of them are there.

    Args:
        source: :class:`gxstats.Reports`, a tidy frame, or a frame of facts.
        reports: the frame of reports, if ``source`` is a frame of facts.
        components: document_id or report_id of a summary -> those of the reports it covers.

    Returns:
        The table ``across``: the columns of ``checks``, both documents and where the figures stand in
        either. Missing partners are ``inconclusive`` with a ``reason``; a year whose form has no such
        rule gives no row. ``attrs["unplaced"]`` lists documents without a known body or year.

    Raises:
        UnknownField: ``components`` names a summary that is not there.

    Example:
        >>> import gxstats as gx
        >>> failing = check_across(gx.load_published()).query("status == 'fail'")
        >>> print(gx.explain_across(next(failing.itertuples()), "zh"))
        X-STOCK（平潭综合实验区管委会，行政规范性文件，2022—2023 年）：...不成立：643 对 470，相差 173；...
    """
    facts, who = _facts_and_bodies(source, reports)
    rows = [(str(row["document_id"]), body_of(row), row["year"]) for _, row in who.iterrows()]
    placed = {document: (body, int(year)) for document, body, year in rows if body and not pd.isna(year)}
    known = _yearly(facts, placed, everything=bool(components))
    found = [*follow(known.values()), *_sums(known, _names(who), components or {})]
    result = _frame(found, who)
    result.attrs["unplaced"] = [document for document, _, _ in rows if document not in placed]
    return result


def _facts_and_bodies(source: Source, reports: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts, and one row per current report by document_id."""
    facts, who = facts_and_reports(source, reports)
    if who is None:
        if "year" not in facts.columns:
            raise UnknownField(
                "these are facts without their reports", hint="give the frame of reports as well"
            )
        who = facts
    who = who.drop_duplicates("document_id").set_index("document_id", drop=False)
    return facts, set_aside(who)[0]


def body_of(row: Mapping[str, Any] | pd.Series) -> tuple[str, ...]:
    """Division over all its names, agency and scope; empty if the agency is not known."""
    agency = _text(row.get("agency_id")) or _text(row.get("agency"))
    if agency is None:
        return ()
    place = _text(row.get("lineage")) or _text(row.get("division_code")) or ""
    return (place, agency, _text(row.get("scope")) or "")


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def _yearly(
    facts: pd.DataFrame, placed: Mapping[str, tuple[Body, int]], everything: bool
) -> dict[str, Yearly]:
    """The reports as the rules see them; of their figures only those of rules, or everything."""
    facts = facts[facts["document_id"].isin(list(placed))].drop_duplicates(_CELL)
    editions: dict[str, dict[str, str | None]] = {document: {} for document in placed}
    for document, section, form in (
        facts[["document_id", "section", "form"]].drop_duplicates().itertuples(index=False)
    ):
        if not pd.isna(form) or section not in editions[document]:
            editions[document][str(section)] = _text(form)
    if not everything:
        codes = {term.code for rule in rules().follow for term in (*rule.lhs, *rule.rhs)}
        facts = facts[facts["item"].isin(codes) | facts["measure"].isin(codes)]
    figures: dict[str, dict[Key, Known]] = {document: {} for document in placed}
    rows = facts.reindex(columns=[*_CELL, "value", "implied", "verdict", *_PLACE]).itertuples(index=False)
    for document, section, item, measure, value, implied, verdict, *place in rows:
        printed = not pd.isna(value)
        number = value if printed else implied
        at = str(Locator(*(None if pd.isna(p) else p for p in place)))
        figures[document][section, item, measure] = Known(
            None if pd.isna(number) else int(number), printed, printed and verdict == "confirmed", at
        )
    return {d: Yearly(d, body, year, editions[d], figures[d]) for d, (body, year) in placed.items()}


def _names(who: pd.DataFrame) -> dict[str, str]:
    """document_id of every document_id and report_id."""
    names = {str(d): str(d) for d in who["document_id"]}
    if "report_id" in who:
        for document, report in who["report_id"].dropna().items():
            names.setdefault(str(report), str(document))
    return names


def _sums(
    known: Mapping[str, Yearly], names: Mapping[str, str], components: Mapping[str, Iterable[str]]
) -> Iterator[Across]:
    for name, parts in components.items():
        summary = known.get(names.get(name, name))
        if summary is None:
            raise UnknownField(
                f"there is no report {name!r}", hint="give document_ids or report_ids of these reports"
            )
        yield from add_up(
            summary, {names.get(part, part): known.get(names.get(part, part)) for part in parts}
        )


def columns_of(found: Sequence[Across]) -> dict[str, list[Any]]:
    """The columns of the table ``across`` without those that name the body."""
    columns = {name: [getattr(check, name) for check in found] for name in Across._fields}
    columns["operands"] = [" ".join(check.operands) for check in found]
    columns["difference"] = [None if c.lhs is None or c.rhs is None else c.lhs - c.rhs for c in found]
    return columns


def _frame(found: list[Across], who: pd.DataFrame) -> pd.DataFrame:
    columns = columns_of(found)
    for name in ("division", "agency"):
        if name in who:
            columns[name] = [_text(who.loc[check.document_id, name]) for check in found]
    return frame("across", columns)
