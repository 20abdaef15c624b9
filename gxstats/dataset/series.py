"""One figure over time, across the forms: joined where the crosswalk allows it, refused where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from gxstats.dataset.order import Lang
from gxstats.dataset.revisions import set_aside
from gxstats.dataset.tidy import Source, joined
from gxstats.dataset.usage import attach, nested, scope_hazards
from gxstats.errors import NotComparable, UnknownField
from gxstats.model import Key
from gxstats.schema import forms as all_forms
from gxstats.schema.breaks import series_breaks
from gxstats.schema.crosswalk import Comparison, Field, comparable, counterpart, crosswalk
from gxstats.schema.quantity import Quantity, parse

_REPORT = ["document_id", "report_id", "division_code", "agency_id", "agency", "year", "scope"]
_UNSURE = Comparison("near", "该部分所用表格版本不明", "the form of this section is not known", None, None)  # type: ignore[arg-type]
Number = int | Decimal


class _Point(NamedTuple):
    """The figure of one report."""

    value: Number | None
    implied: int
    form: str | None
    said: Comparison | None
    without: Number | None


def series(
    source: Source,
    field: Field,
    by: str | Sequence[str] = "year",
    *,
    reports: pd.DataFrame | None = None,
    forms: Iterable[str] | None = None,
    lang: Lang = "zh",
    warn: bool = True,
) -> pd.DataFrame:
    """Follow one figure over time and across forms.

    Args:
        source: :class:`gxstats.Reports`, a tidy frame, or facts with ``reports``.
        field: as for :func:`gxstats.comparable`; without a form, in the newest that has it.
        by: columns of the reports that make a row; figures of several reports are added.
        reports: the frame of reports, if ``source`` is one of facts.
        forms: use only these forms.
        lang: language of the warnings.
        warn: show them; ``attrs["warnings"]`` has them in any case.

    Returns:
        ``by``, ``value`` (null unless all ``reports`` have one), ``implied``, ``missing``, ``form``,
        ``relation``, ``warning``, ``without`` (the item of ``attrs``); ``attrs["breaks"]``: to be drawn.

    Raises:
        NotComparable: a form that is there has no counterpart, or a row would count something twice.
        UnknownField: no form has such a field, or there is no such column.

    Example:
        >>> from gxstats import load_published
        >>> series(load_published()[:7], "received").value.tolist()
        [23, 21, 70, 74, 81, 218, 154]
    """
    wanted = _named(field)
    names = [by] if isinstance(by, str) else [*by]
    table, who = _chosen(joined(source, reports), names, forms)
    result = _rows(who, names, *_points(table, wanted), lang)
    result.attrs |= {"field": str(wanted), "breaks": _breaks(wanted.section, who)}
    return attach(result, [*_hazards(result, wanted), *who.attrs["aside"]], lang, warn)


def _chosen(
    table: pd.DataFrame, names: list[str], forms: Iterable[str] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts to use, and one row per report; its ``attrs`` count reports that lack what makes a row."""
    if lacking := [name for name in names if name not in table.columns]:
        raise UnknownField(f"the table has no column {lacking[0]!r}", hint="by names columns of the reports")
    table, aside = set_aside(table)
    if forms is not None:
        table = table[table["form"].isin([*forms])]
    who = table[[c for c in dict.fromkeys([*_REPORT, *names]) if c in table]].drop_duplicates("document_id")
    complete = who.dropna(subset=names)
    used = table[table["document_id"].isin(complete["document_id"])]
    complete.attrs = {
        "left_out": len(who) - len(complete),
        "aside": [(name, str(n)) for name, n in aside.items()],
    }
    return used, complete


def _hazards(result: pd.DataFrame, wanted: Quantity) -> list[tuple[str, str]]:
    near = result.loc[result["relation"].eq("near").fillna(False), "form"].fillna("?").unique()
    named = [("near", f"{', '.join(sorted(near))} -> {wanted}")] if len(near) else []
    if result["reports"].nunique() > 1 and result["reports"].max() > 1:
        named.append(("uneven", f"{result['reports'].min()}-{result['reports'].max()}"))
    return named


def _named(field: Field) -> Quantity:
    """The quantity a caller names, in the newest form that has it unless they name the form."""
    cells = crosswalk().cells
    if not isinstance(field, str) and len(field) == 4:
        return parse(field[0], field[1:], cells)
    text = field if isinstance(field, str) else "/".join(field)
    named, mark, rest = text.partition(":")
    if mark:
        return parse(named, rest, cells)
    # The most telling complaint is that of the newest form that knows the item.
    shipped = [f.form for f in all_forms()]
    errors = []
    for name in dict.fromkeys([*shipped, *cells]):
        try:
            return parse(name, text, cells)
        except UnknownField as error:
            errors.append(error)
    telling = [error for error in errors if error.hint]
    raise (
        telling[0]
        if telling
        else UnknownField(f"no form has {text!r}", hint="gx.forms() lists sections and items")
    )


def _points(table: pd.DataFrame, wanted: Quantity) -> tuple[dict[str, _Point], str]:
    """The figure of each document, and the item without which it should also be seen."""
    points: dict[str, _Point] = {}
    apart = ""
    editions = table[["document_id", "section", "form"]].astype("string").drop_duplicates()
    cells = table.astype({"section": "string", "item": "string", "measure": "string"})
    for name in editions["form"].dropna().unique():
        own = editions[editions["form"] == name]
        there = counterpart(wanted, name)
        section = there.b.section if there.b is not None else wanted.section
        printed = set(own["section"])
        if there.b is None and (wanted.section in printed or not _has_section(name, wanted.section)):
            raise NotComparable(
                f"{wanted} has no counterpart in {name}: {there.en}（{there.zh}）",
                hint=f"look at one form at a time: forms=[{wanted.form!r}]",
            )
        if there.b is not None and section in printed:
            here = (cells["form"] == name) & (cells["section"] == section)
            points |= _figures(cells[here], there.b, there)
            apart = apart or there.without
    unsure = cells[cells["form"].isna() & (cells["section"] == wanted.section)]
    if len(unsure):
        points |= _figures(unsure, wanted, _said_of_any_form(wanted))
    if apart:
        points = _taken_out(points, cells, apart)
    return points, apart


def _has_section(form_name: str, section: str) -> bool:
    return any(key[0] == section for key in crosswalk().cells.get(form_name, ()))


def _said_of_any_form(wanted: Quantity) -> Comparison:
    """Where the form is not known: the same if it is the same in every form that has it."""
    here = [f.form for f in all_forms() if set(wanted.keys) <= set(crosswalk().cells[f.form])]
    said = [comparable(str(wanted), str(wanted._replace(form=name))) for name in here]
    return said[0] if said and all(s.relation == "same" for s in said) else _UNSURE


def _figures(cells: pd.DataFrame, quantity: Quantity, said: Comparison) -> dict[str, _Point]:
    """The quantity of each document: the sum of its parts, unknown if one of them is."""
    wanted: set[Key] = set(quantity.keys)
    found: dict[str, list[tuple[Number | None, bool, str | None]]] = {
        d: [] for d in cells["document_id"].unique()
    }
    rows = cells[cells["item"].isin(quantity.items) & (cells["measure"] == quantity.measure)]
    columns = ["document_id", "section", "item", "measure", "form", "value", "amount", "implied"]
    for document, section, item, measure, form_name, value, amount, implied in rows[columns].itertuples(
        index=False
    ):
        if (section, item, measure) in wanted:
            printed = amount if not pd.isna(amount) else value
            number = printed if not pd.isna(printed) else implied
            known = None if pd.isna(number) else number if isinstance(number, Decimal) else int(number)
            form_or_none = None if pd.isna(form_name) else str(form_name)
            found[document].append((known, known is not None and bool(pd.isna(printed)), form_or_none))
    points = {}
    for document, parts in found.items():
        complete = len(parts) == len(wanted) and all(number is not None for number, _, _ in parts)
        total = sum(number for number, _, _ in parts if number is not None) if complete else None
        edition = parts[0][2] if parts else None
        points[document] = _Point(total, sum(p for _, p, _ in parts) if complete else 0, edition, said, None)
    return points


def _taken_out(points: dict[str, _Point], cells: pd.DataFrame, apart: str) -> dict[str, _Point]:
    """Each figure also without one item, where the form has that item."""
    result = dict(points)
    for document, value in _alone(cells, apart).items():
        point = result.get(document)
        if point is not None and point.value is not None and value is not None:
            result[document] = point._replace(without=point.value - value)
    return result


def _alone(cells: pd.DataFrame, item: str) -> dict[str, int | None]:
    rows = cells[(cells["item"] == item) & (cells["measure"] == "total")]
    numbers = rows["value"].fillna(rows["implied"])
    return {str(d): None if pd.isna(n) else int(n) for d, n in zip(rows["document_id"], numbers, strict=True)}


def _rows(
    who: pd.DataFrame, names: list[str], points: dict[str, _Point], apart: str, lang: Lang
) -> pd.DataFrame:
    _refuse_overlap(who, names)
    records = []
    for key, group in who.sort_values(names).groupby(names, sort=True, observed=True):
        mine = [points.get(d, _Point(None, 0, None, None, None)) for d in group["document_id"]]
        said = [p.said for p in mine if p.said is not None]
        near = list(dict.fromkeys(str(getattr(s, lang)) for s in said if s.relation == "near"))
        record = dict(zip(names, key, strict=True)) | {
            "value": _total([p.value for p in mine]),
            "implied": sum(p.implied for p in mine),
            "reports": len(mine),
            "missing": sum(p.value is None for p in mine),
            "form": " ".join(sorted({p.form for p in mine if p.form})) or None,
            "relation": ("near" if near else "same") if said else None,
            "warning": "; ".join(near) or None,
        }
        records.append(record | ({"without": _total([p.without for p in mine])} if apart else {}))
    counts = ["value", "implied", "reports", "missing"] + ["without"] * bool(apart)
    table = pd.DataFrame(records, columns=[*names, *counts[:4], "form", "relation", "warning", *counts[4:]])
    money = any(isinstance(value, Decimal) for value in table["value"])
    kinds = {name: "Int64" for name in counts if not (money and name == "value")}
    kinds |= dict.fromkeys(["form", "relation", "warning"], "string")
    table = table.astype(kinds)
    if money:
        from gxstats.dataset.frames import frame

        table["value"] = frame("facts", {"amount": table["value"].tolist()})["amount"]
    for name in names:
        table[name] = table[name].astype(who[name].dtype)
    table.attrs = {"table": "series", "without": apart, **who.attrs}
    return table


def _total(values: Sequence[Number | None]) -> Number | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _refuse_overlap(who: pd.DataFrame, names: list[str]) -> None:
    """A row may not add up what covers one another, nor one report twice."""
    hint = "choose reports first, or add scope, division or agency to by"
    body = [c for c in ("division_code", "agency_id", "agency", "year", "scope") if c in who]
    for key, group in who.groupby(names, observed=True):
        if len(group) < 2:
            continue
        place = f"{', '.join(names)} = {', '.join(str(part) for part in key)}"
        for name, detail in scope_hazards(group) if "scope" in group else ():
            what = (
                "a summary and reports of single bodies"
                if name == "scope_mix"
                else f"summaries that cover one another ({detail})"
            )
            raise NotComparable(f"{place} would add up {what}", hint=hint)
        if (
            nested(group) is None
            and "agency" in group
            and group.dropna(subset=["agency"]).duplicated(body).any()
        ):
            raise NotComparable(
                f"{place} would count one report twice", hint="keep one document of each report"
            )


def _breaks(section: str, who: pd.DataFrame) -> list[dict[str, object]]:
    """The breaks between the first and the last year of the reports."""
    years = who["year"].dropna() if "year" in who else pd.Series(dtype="Int64")
    if years.empty:
        return []
    return [
        {"year": b.year, "zh": b.zh, "en": b.en}
        for b in series_breaks(section)
        if years.min() < b.year <= years.max()
    ]
