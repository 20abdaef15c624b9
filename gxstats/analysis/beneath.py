"""The facts beneath one row of a metric frame: which cells were added up, which reports were left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from gxstats.analysis.groups import Groups, Tally, add_one, grouped
from gxstats.analysis.lagged import partners
from gxstats.analysis.operands import ReportFigures, cells_of
from gxstats.analysis.registry import Metric, Term, find
from gxstats.dataset.revisions import set_aside
from gxstats.dataset.tidy import Source, joined
from gxstats.errors import UnknownField
from gxstats.model import Key

_CELL = ("value", "implied", "state", "verdict", "raw", "page", "x0", "top", "x1", "bottom", "ref")
_COLUMNS = ("document_id", "agency", "year", "side", "sign", "section", "item", "measure", *_CELL, "left_out")


def facts_beneath(facts: Source, row: pd.Series, metric: str | None = None) -> pd.DataFrame:
    """List the facts that a row of a metric frame adds up.

    Args:
        facts: the tidy facts (or reports) the metric was computed from.
        row: one row of the frame, such as ``frame.iloc[0]``.
        metric: name of the metric, if the row no longer says so itself.

    Returns:
        A row per cell: ``document_id``, ``agency``, ``year``, ``side`` (numerator, denominator), ``sign``,
        the cell with its place, and in ``left_out`` why the report does not count (null if it does).
        Metrics that count reports or sums, not cells, list their documents alone.

    Raises:
        UnknownField: the row does not say what it was computed from, or no report fits it.

    Example:
        >>> import gxstats as gx
        >>> from gxstats.analysis import metric
        >>> published = gx.load_published()
        >>> row = metric(published, "carry_over_ratio").iloc[-1]
        >>> facts_beneath(published, row)[["side", "item", "value"]].values.tolist()
        [['numerator', 'carried_out', 0], ['denominator', 'received', 95], ['denominator', 'carried_in', 0]]
    """
    name = metric or row.attrs.get("metric")
    if not name:
        raise UnknownField("the row does not say of which metric it is", hint="pass metric=")
    definition = find(str(name))
    table, _ = set_aside(facts if isinstance(facts, pd.DataFrame) else joined(facts))
    by = row.attrs.get("by") or list(row.index[: list(row.index).index("part")])
    groups = grouped(table, [c for c in by if c in table.columns])
    members = groups.members.get(tuple(None if pd.isna(row.get(k)) else row[k] for k in groups.keys))
    if members is None:
        raise UnknownField(
            "no report of these facts fits the row", hint="pass the facts it was computed from"
        )
    return _listed(table, groups, definition, str(row["part"]), members)


def _listed(
    table: pd.DataFrame, groups: Groups, definition: Metric, part: str, members: list[str]
) -> pd.DataFrame:
    before = dict(partners(groups.documents)) if definition.lag else {}
    found = [line for d in members for line in _lines(groups, definition, part, d, before.get(d, (d, "")))]
    cells = pd.DataFrame(found, columns=[c for c in _COLUMNS if c not in (*_CELL, "agency", "year")])
    return _joined(cells, table)


def _lines(
    groups: Groups, definition: Metric, part: str, document: str, partner: tuple[str | None, str]
) -> Iterator[dict[str, Any]]:
    """The cells of one report, each with its side, or the report alone.

    ``partner`` is the document of the denominator, or None and why there is none.
    """
    other, why = partner
    above = definition.parts.get("" if part == definition.name else part, definition.parts.get("", ()))
    sides: list[tuple[str, str, tuple[Term, ...]]] = [("numerator", document, above)]
    if other is not None:
        sides.append(("denominator", other, definition.denominator))
        why = why or _left_out(definition, above, groups.figures[document], groups.figures[other])
    listed = [
        {"document_id": where, "side": side, "sign": term.sign, "section": key[0]}
        | {"item": key[1], "measure": key[2], "left_out": why or None}
        for side, where, terms in sides
        for term in terms
        for key in _keys(term, groups.figures[where])
    ]
    yield from listed or [{"document_id": document, "left_out": why or None}]


def _keys(term: Term, report: ReportFigures) -> list[Key]:
    return cells_of(term, report.forms.get(term.section))


def _left_out(definition: Metric, terms: tuple[Term, ...], above: ReportFigures, below: ReportFigures) -> str:
    tally = Tally()
    if terms:
        add_one(tally, definition, terms, above, below)
    return next(iter(tally.excluded), "")


def _joined(cells: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The cells with what the facts say of them and the names of their reports."""
    key = ["document_id", "section", "item", "measure"]
    said = table[[c for c in (*key, *_CELL) if c in table.columns]].drop_duplicates(key)
    said = said.astype(dict.fromkeys(key, "string"))
    who = table.drop_duplicates("document_id")
    names: Mapping[str, str] = {"document_id": "string"}
    who = who[[c for c in ("document_id", "agency", "year") if c in who.columns]].astype(dict(names))
    whole = cells.astype(dict.fromkeys([*key, "side", "left_out"], "string") | {"sign": "Int64"})
    whole = whole.merge(said, on=key, how="left", sort=False).merge(who, on="document_id", how="left")
    return whole[[c for c in _COLUMNS if c in whole.columns]]
