"""One row per report, one column per cell of a section."""

from __future__ import annotations

import pandas as pd

from gxstats.dataset.derived import groups
from gxstats.dataset.order import Lang, columns_of, label_of
from gxstats.dataset.tidy import Source, facts_and_reports
from gxstats.dataset.usage import attach, hazards
from gxstats.errors import UnknownField
from gxstats.schema import forms, section_names

_WHO = ["report_id", "division_code", "division", "agency", "year", "scope"]
_DERIVED = "derived."


def wide(
    source: Source,
    section: str,
    reports: pd.DataFrame | None = None,
    *,
    lang: Lang | None = None,
    fill: bool = False,
    warn: bool = True,
) -> pd.DataFrame:
    """Lay out one section of the form: one row per report, one column ``item.measure`` per cell.

    Args:
        source: :class:`gxstats.Reports`, or a frame of facts.
        section: ``disclosure``, ``applications`` or ``disputes``.
        reports: the frame of reports, if ``source`` is a frame; without it rows have no names.
        lang: name the columns of figures by their labels in this language.
        fill: put figures proved by the form's arithmetic where cells print nothing.
        warn: show the usage warnings, which are in ``attrs["warnings"]``.

    Returns:
        Who and when, ``form``, ``implied`` (figures proved, not printed), the cells in form order, then
        ``derived.GROUP.measure``: sums of a group's rows, null if a part is unknown; ``attrs["derived"]``
        lists these, ``attrs["implied"]`` says how many proved figures each holds.

    Raises:
        UnknownField: no form has such a section.

    Example:
        >>> import gxstats as gx
        >>> wide(gx.load_published()[7:9], "applications", warn=False)["derived.refused.total"].tolist()
        [142, 92]
    """
    _refuse_unknown(section)
    facts, known = facts_and_reports(source, reports)
    rows = facts[facts["section"] == section].drop_duplicates(["document_id", "item", "measure"])
    table = _laid_out(rows.astype({"item": "string", "measure": "string"}), section, known, fill)
    table.attrs = {**facts.attrs, "table": "wide", "section": section, **table.attrs}
    who = table[["document_id", *(name for name in _WHO if name in table)]]
    named = hazards(rows[["document_id", "section", "measure", "form"]].merge(who, on="document_id"))
    return attach(table if lang is None else _labelled(table, section, lang), named, lang, warn)


def _refuse_unknown(section: str) -> None:
    if section not in section_names():
        hint = f"there are {', '.join(section_names())}"
        raise UnknownField(f"no form has a section {section!r}", hint=hint)


def _labelled(table: pd.DataFrame, section: str, lang: Lang) -> pd.DataFrame:
    names = {name: _label(name, section, lang) for name in table.columns if "." in name}
    table = table.rename(columns=names)
    table.attrs["derived"] = [names[c] for c in table.attrs["derived"]]
    table.attrs["implied"] = {names[c]: n for c, n in table.attrs["implied"].items()}
    return table


def _laid_out(rows: pd.DataFrame, section: str, reports: pd.DataFrame | None, fill: bool) -> pd.DataFrame:
    cells, proved = _cells(rows, section, fill)
    sums, proved_sums = _sums(rows)
    head = _head(rows, reports, cells.index)
    # Groups share no cell, so their proved figures may be counted together; all cells hold theirs already.
    behind_row = proved if fill else proved_sums.sum(axis=1)
    implied = behind_row.reindex(cells.index, fill_value=0).astype("Int64")
    table = pd.concat([head.assign(implied=implied), cells, sums.reindex(cells.index)], axis=1).reset_index()
    behind = {str(name): int(count) for name, count in proved_sums.sum().items()}
    table.attrs = {"derived": [str(c) for c in sums.columns], "implied": behind}
    return table


def _cells(rows: pd.DataFrame, section: str, fill: bool) -> tuple[pd.DataFrame, pd.Series]:
    """The figures by document and cell, and how many of each document's are proved."""
    editions = tuple(rows["form"].dropna().unique()) or tuple(f.form for f in forms())
    wanted = columns_of(section, editions)
    names = rows["item"] + "." + rows["measure"]
    extra = sorted(set(names) - {f"{item}.{measure}" for item, measure in wanted})
    numbers = rows["value"].fillna(rows["implied"]) if fill else rows["value"]
    by_cell = pd.DataFrame({"document_id": rows["document_id"], "name": names, "number": numbers})
    counts = by_cell.pivot(index="document_id", columns="name", values="number")
    money = by_cell.assign(number=rows["amount"]).pivot(index="document_id", columns="name", values="number")
    kinds = {
        f"{i.item}.{m.measure}": m.kind
        for f in forms()
        for s in f.sections
        if s.section == section
        for i, m in s.cells()
    }
    documents = rows["document_id"].drop_duplicates()
    data = {}
    for name in [*(f"{item}.{measure}" for item, measure in wanted), *extra]:
        chosen = money if kinds.get(name) == "money" else counts
        kind = rows["amount"].dtype if chosen is money else "Int64"
        column = chosen[name] if name in chosen else pd.Series(index=documents, dtype=kind)
        data[name] = column.reindex(documents)
    used = (rows["value"].isna() & rows["implied"].notna()) & fill
    proved = used.groupby(rows["document_id"]).sum()
    return pd.DataFrame(data, index=pd.Index(documents, name="document_id")), proved


def _sums(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The derived groups by document, and how many proved figures each is made of."""
    table = groups(rows)
    if table.empty:
        nothing = pd.DataFrame(index=pd.Index([], dtype="string", name="document_id"))
        return nothing, nothing
    table["name"] = _DERIVED + table["item"] + "." + table["measure"]
    names = [name for name in _group_columns(rows["section"].iloc[0]) if name in set(table["name"])]
    sums, parts = (
        table.pivot(index="document_id", columns="name", values=v)[names] for v in ("value", "implied")
    )
    # A sum that is not known rests on nothing.
    return sums, parts.where(sums.notna(), 0).fillna(0)


def _group_columns(section: str) -> list[str]:
    """Names of all derived columns of a section, in form order."""
    parts = [part for edition in forms() for part in edition.sections if part.section == section]
    codes = dict.fromkeys(group.group for part in parts for group in part.groups)
    measures = dict.fromkeys(measure.measure for part in parts for _, measure in part.cells())
    return [f"{_DERIVED}{group}.{measure}" for group in codes for measure in measures]


def _head(rows: pd.DataFrame, reports: pd.DataFrame | None, documents: pd.Index) -> pd.DataFrame:
    """Who and when of each document, and the form of the section."""
    editions = rows.dropna(subset=["form"]).groupby("document_id")["form"].first()
    names = [name for name in _WHO if reports is not None and name in reports.columns]
    if reports is None:
        names = [name for name in _WHO if name in rows.columns]
    known = rows if reports is None else reports
    head = (
        known[["document_id", *names]]
        .drop_duplicates("document_id")
        .set_index("document_id")
        .reindex(documents)
    )
    return head.assign(form=editions.reindex(documents).astype("string"))


def _label(name: str, section: str, lang: Lang) -> str:
    code, _, measure = name.removeprefix(_DERIVED).rpartition(".")
    label = label_of(None, section, code, lang)
    if name.startswith(_DERIVED):
        label += "（推算合计）" if lang == "zh" else " (derived)"
    return f"{label} / {label_of(None, section, measure, lang)}"
