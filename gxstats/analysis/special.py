"""Metrics that are no quotient of sums of figures: growth, units counted, sums that hold, reports found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pandas as pd

from gxstats.analysis.counted import Request, by_rule, finished, row_of, share_of
from gxstats.analysis.groups import Groups, finish, reasons
from gxstats.analysis.lagged import compute_lagged
from gxstats.analysis.operands import ReportFigures, evaluate
from gxstats.analysis.prose import agreement
from gxstats.analysis.publication import FOUND_BY, on_time
from gxstats.check.identities import Result, sums_of
from gxstats.check.identities import evaluate as evaluate_sums
from gxstats.dataset.across import check_across
from gxstats.errors import GxError, NotComparable, UnknownField
from gxstats.model import Figure


class NeedsExpected(GxError, ValueError):
    """Coverage was asked for without saying which reports are due."""


def compute_special(facts: pd.DataFrame, groups: Groups, request: Request) -> pd.DataFrame:
    """Compute a metric of kind ``special``; columns as in :func:`gxstats.metric`."""
    if request.definition.name == "growth":
        return compute_lagged(groups, request.definition, request.level)
    return _SPECIAL[request.definition.name](facts, groups, request)


def _zero_reports(facts: pd.DataFrame, groups: Groups, request: Request) -> pd.DataFrame:
    definition = request.definition
    rows = []
    for group in groups.members:
        found = [evaluate(definition.parts[""], r) for r in groups.reports(group)]
        known = [v for v in found if v.value is not None]
        unknown = Counter(v.why for v in found if v.value is None)
        values = share_of(sum(v.value == 0 for v in known), len(known), request)
        values |= {"n_reports": len(known), "n_implied": sum(v.implied for v in known)}
        values |= {"n_excluded": sum(unknown.values()), "excluded": reasons(unknown)}
        rows.append(row_of(groups.named(group), definition.name, **values))
    return finished(rows, groups, request)


def _concentration(facts: pd.DataFrame, groups: Groups, request: Request) -> pd.DataFrame:
    """Top-1 and top-5 shares and the Gini coefficient of received over single bodies.

    A description of all bodies at hand, not an estimate: it has no interval.
    """
    definition = request.definition
    scopes = _scopes(groups)
    rows = []
    for group, members in groups.members.items():
        bodies = [d for d in members if scopes[d] != "summary"]
        found = [evaluate(definition.parts[""], groups.figures[d]) for d in bodies]
        counts = sorted((v.value for v in found if v.value is not None), reverse=True)
        excluded = Counter(v.why for v in found if v.value is None)
        excluded["not a report of a single body"] += len(members) - len(bodies)
        seen = {"n_reports": len(counts), "n_implied": sum(v.implied for v in found)}
        seen |= {"n_excluded": sum(excluded.values())}
        for part, value in (("top1", _top(counts, 1)), ("top5", _top(counts, 5)), ("gini", _gini(counts))):
            top = sum(counts[: int(part[3:])]) if part.startswith("top") and counts else None
            values = {"numerator": top, "denominator": sum(counts) if counts else None, "value": value}
            rows.append(
                row_of(groups.named(group), part, **values, **seen, excluded=reasons(+Counter(excluded)))
            )
    frame = finish(rows, groups.documents, groups.keys, definition, interval="none", kind="description")
    unknown = sum(scope == "" for scope in scopes.values())
    if unknown:
        zh = f"{unknown} 份报告的范围不明，按单个机关计"
        en = f"{unknown} reports are of unknown scope and counted as those of single bodies"
        frame.attrs["warnings"].append({"name": "unknown_scope", "zh": zh, "en": en})
    return frame


def _scopes(groups: Groups) -> dict[str, str]:
    if "scope" not in groups.documents.columns:
        raise UnknownField("the frame has no column scope", hint="pass gx.tidy(reports)")
    scopes = groups.documents["scope"].astype("string").fillna("")
    return dict(zip(groups.documents["document_id"], scopes, strict=True))


def _top(counts: list[int], k: int) -> float:
    return sum(counts[:k]) / sum(counts) if sum(counts) else float("nan")


def _gini(counts: list[int]) -> float:
    """Gini coefficient of counts in falling order: 0 all equal, towards 1 all at one body."""
    n, total = len(counts), sum(counts)
    if not total:
        return float("nan")
    return (n + 1 - 2 * sum((i + 1) * c for i, c in enumerate(counts)) / total) / n


def _arithmetic(facts: pd.DataFrame, groups: Groups, request: Request) -> pd.DataFrame:
    """Share of identities that hold among those that can be told: overall, then rule by rule."""
    rows = []
    for group in groups.members:
        results = [r for report in groups.reports(group) for r in _results(report)]
        seen = {"n_reports": len(groups.members[group])}
        verdicts = [(r.sum.rule, r.status) for r in results]
        rows += by_rule(groups.named(group), verdicts, request, seen)
    return finished(rows, groups, request)


def _results(report: ReportFigures) -> list[Result]:
    figures = {k: Figure("reported", n) for k, (n, implied) in report.cells.items() if not implied}
    figures |= {k: Figure("blank") for k, s in report.states.items() if s in ("blank", "dash")}
    sums = [s for section, form in report.forms.items() for s in sums_of(form, section)]
    return evaluate_sums(sums, figures)[0]


def _cross_year(facts: pd.DataFrame, groups: Groups, request: Request) -> pd.DataFrame:
    """Share of rules between years that hold among those that can be told: overall, then rule by rule."""
    checks = check_across(facts)
    found: dict[str, list[tuple[str, str]]] = {}
    for document, rule, status in zip(checks["document_id"], checks["rule"], checks["status"], strict=True):
        found.setdefault(document, []).append((rule, status))
    rows = []
    for group, members in groups.members.items():
        tried = [d for d in members if d in found]
        untried = len(members) - len(tried)
        seen = {"n_reports": len(tried), "n_excluded": untried}
        for row in by_rule(groups.named(group), [v for d in tried for v in found[d]], request, seen):
            none = f"no rule reaches back from them ({untried})" if untried else None
            row["excluded"] = "; ".join(filter(None, (row["excluded"], none))) or None
            rows.append(row)
    return finished(rows, groups, request)


def _on_time(facts: pd.DataFrame, groups: Groups, request: Request) -> pd.DataFrame:
    """Share of reports published by the day they were due, of those whose dates are known."""
    missing = [c for c in ("published_on", "scope", "year") if c not in groups.documents.columns]
    if missing:
        raise UnknownField(f"the frame has no column {', '.join(missing)}", hint="pass gx.tidy(reports)")
    verdicts = {row["document_id"]: on_time(row) for row in groups.documents.to_dict("records")}
    rows = []
    for group, members in groups.members.items():
        known = [verdicts[d] for d in members if isinstance(verdicts[d], bool)]
        unknown = Counter(str(verdicts[d]) for d in members if not isinstance(verdicts[d], bool))
        seen = {"n_reports": len(known), "n_excluded": sum(unknown.values()), "excluded": reasons(unknown)}
        values = share_of(known.count(True), len(known), request) | seen
        rows.append(row_of(groups.named(group), request.definition.name, **values))
    return finished(rows, groups, request)


def _coverage(facts: pd.DataFrame, groups: Groups, request: Request) -> pd.DataFrame:
    """Reports found of reports due: all of them are counted, so there is no interval."""
    expected = request.expected
    if expected is None:
        raise NeedsExpected("coverage needs to know which reports are due", hint="pass expected=frame")
    who = [c for c in FOUND_BY if c in expected.columns and c in groups.documents.columns]
    missing = [c for c in request.by if c not in expected.columns]
    if missing or not {"agency", "agency_id", "division_code", "division"} & set(who):
        lacking = ", ".join(missing) or "that names the body as the reports do (agency, division_code, ...)"
        raise UnknownField(f"expected has no column {lacking}", hint=f"it has {', '.join(expected.columns)}")
    if "scope" not in who and "scope" in groups.documents and groups.documents["scope"].nunique() > 1:
        raise NotComparable("the reports are of different scope", hint="add the column scope to expected")
    due = expected.drop_duplicates([*who, *(c for c in request.by if c not in who)])
    have = set(groups.documents[who].astype("string").itertuples(index=False, name=None))
    found = [key in have for key in due[who].astype("string").itertuples(index=False, name=None)]
    rows = []
    counted = due.assign(_found=found).groupby(list(request.by), dropna=False, sort=True, observed=True)
    for key, hits in counted["_found"]:
        named = dict(zip(request.by, key if isinstance(key, tuple) else (key,), strict=True))
        above, below = int(hits.sum()), len(hits)
        values = {"numerator": above, "denominator": below, "value": above / below, "n_reports": above}
        why = f"no report found ({below - above})" if above < below else None
        rows.append(row_of(named, request.definition.name, **values, n_excluded=below - above, excluded=why))
    frame = finish(rows, due, request.by, request.definition, interval="none", kind="share")
    frame.attrs["matched_by"] = tuple(who)
    return frame


def _prose(facts: pd.DataFrame, groups: Groups, request: Request) -> pd.DataFrame:
    return agreement(groups, request)


_SPECIAL: dict[str, Callable[[pd.DataFrame, Groups, Request], pd.DataFrame]] = {
    "zero_report_share": _zero_reports,
    "concentration": _concentration,
    "arithmetic_pass_rate": _arithmetic,
    "cross_year_pass_rate": _cross_year,
    "prose_agreement": _prose,
    "on_time_rate": _on_time,
    "coverage": _coverage,
}
