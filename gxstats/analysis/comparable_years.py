"""What may not be added up or compared: overlapping reports, and years and forms that break a series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gxstats.analysis.groups import Groups
from gxstats.analysis.operands import cells_of
from gxstats.analysis.registry import Metric, Term
from gxstats.dataset.usage import nested, usage_warnings
from gxstats.errors import NotComparable
from gxstats.schema.breaks import series_breaks
from gxstats.schema.crosswalk import counterpart
from gxstats.schema.quantity import Quantity

_BODY = ("division_code", "agency_id", "agency", "year", "scope")


def refuse_overlap(groups: Groups, definition: Metric) -> None:
    """Refuse groups whose sum would count something twice, or would pool years across a break.

    Raises:
        NotComparable: names the group and says why.
    """
    who = groups.documents.set_index("document_id", drop=False)
    body = [c for c in _BODY if c in who.columns]
    for key, members in groups.members.items():
        if len(members) < 2:
            continue
        group = who.loc[members]
        place = ", ".join(f"{k} = {v}" for k, v in zip(groups.keys, key, strict=True)) or "the only group"
        inside = nested(group)
        if inside:
            raise NotComparable(
                f"{place} would add up summaries that cover one another ({' > '.join(inside)})",
                hint="choose reports first, or add division or agency to by",
            )
        if "agency" in body and group.dropna(subset=["agency"]).duplicated(body).any():
            listed = ", ".join(group["document_id"].astype(str))
            raise NotComparable(
                f"{place} would count one report twice",
                hint=f"keep one document of each report, or group by document_id: {listed[:200]}",
            )
        _refuse_pooling(group, definition, place)


def _refuse_pooling(group: pd.DataFrame, definition: Metric, place: str) -> None:
    years = group["year"].dropna() if "year" in group else pd.Series(dtype="Int64")
    for year in definition.breaks:
        if len(years) and years.min() < year <= years.max():
            raise NotComparable(
                f"{place} would pool {definition.name} over its break of {year}: {definition.caveat_en}",
                hint="add year to by, or choose the years on one side",
            )


def warnings_of(groups: Groups, definition: Metric, left: Mapping[str, int]) -> list[dict[str, str]]:
    """What a user of the result must know: breaks between its years, forms that only come near.

    Returns:
        Rows of name, zh and en, as in the ``attrs["warnings"]`` of other tables.

    Raises:
        NotComparable: the crosswalk says that an operand means different things in forms that are there.
    """
    terms = {term for part in definition.parts.values() for term in part} | set(definition.denominator)
    found = [*_breaks(groups.documents, definition, terms), *_forms(groups, definition, terms)]
    for name, count in left.items():
        texts = usage_warnings()[name]
        found.append({"name": name} | {lang: text.format(detail=count) for lang, text in texts.items()})
    return found


def _breaks(who: pd.DataFrame, definition: Metric, terms: set[Term]) -> Iterable[dict[str, str]]:
    years = who["year"].dropna() if "year" in who.columns else pd.Series(dtype="Int64")
    if years.empty:
        return
    first, last = int(years.min()), int(years.max())
    seen = {b.year: b for section in sorted({t.section for t in terms}) for b in series_breaks(section)}
    for year in sorted({*seen, *definition.breaks}):
        if first < year <= last:
            known = seen.get(year)
            zh = known.zh if known else definition.caveat_zh
            en = known.en if known else definition.caveat_en
            yield {
                "name": f"break_{year}",
                "zh": f"{year} 年为口径变化点：{zh}",
                "en": f"break in {year}: {en}",
            }


def _forms(groups: Groups, definition: Metric, terms: set[Term]) -> Iterable[dict[str, str]]:
    """Operands whose counterpart between two forms that are there is only near; none is refused."""
    there: dict[str, set[str]] = {}
    for report in groups.figures.values():
        for section, edition in report.forms.items():
            if edition in definition.forms:
                there.setdefault(section, set()).add(edition)
    for term in sorted(terms):
        # Newest first: a group such as `other` is spelled out there and undivided before.
        editions = sorted(there.get(term.section, ()), reverse=True)
        for older in editions[1:]:
            yield from _joined(term, editions[0], older, definition)


def _joined(term: Term, newer: str, older: str, definition: Metric) -> Iterable[dict[str, str]]:
    items = tuple(key[1] for key in cells_of(term, newer))
    said = counterpart(Quantity(newer, term.section, items, term.measure), older)
    what = f"{term.item}/{term.measure}: {older}, {newer}"
    if said.relation == "none":
        raise NotComparable(
            f"{definition.name}: {term.item}/{term.measure} differs in {older} and {newer}: {said.en}",
            hint="choose the reports of one form",
        )
    if said.relation == "near":
        texts: dict[str, Any] = usage_warnings()["near"]
        detail = {"zh": f"{what}，{said.zh}", "en": f"{what}, {said.en}"}
        yield {"name": "near"} | {lang: texts[lang].format(detail=detail[lang]) for lang in ("zh", "en")}
