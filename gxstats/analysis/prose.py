"""Whether the figures a report says in words are those of its tables.

The rule is N-TEXT, as in :mod:`gxstats.check.prose`: a figure said in words may be any of a few sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from gxstats.analysis.counted import Request, by_rule, finished
from gxstats.analysis.groups import Groups
from gxstats.analysis.operands import ReportFigures, evaluate
from gxstats.analysis.registry import Term
from gxstats.check.prose import text_rule
from gxstats.errors import GxError, UnknownField

_NEEDED = ("year", "measure", "relation", "value")
_NO_FIGURE = "no figure in words that the rule tests"


class NeedsStatements(GxError, ValueError):
    """Agreement with the words of reports was asked for without those words."""


class Said(NamedTuple):
    """A figure said in words: what it counts, ``=`` or ``>=``, and the number."""

    measure: str
    relation: str
    value: int


class Verdict(NamedTuple):
    """Whether a figure said in words is one of the tables', and how many implied cells that rests on."""

    status: str
    implied: int


@cache
def _may_be() -> dict[str, tuple[tuple[Term, ...], ...]]:
    """Measure of a statement -> the sums of the form it may stand for; what is not here is not tested."""
    return {
        measure: tuple(tuple(Term(term.sign, *term.key) for term in terms) for terms in sums)
        for measure, sums in text_rule().sums.items()
    }


def agreement(groups: Groups, request: Request) -> pd.DataFrame:
    """Share of figures said in words that the tables bear out: overall, then by kind.

    Raises:
        NeedsStatements: no statements were given.
        UnknownField: they lack a column.
    """
    if request.statements is None:
        raise NeedsStatements(
            "agreement with the words of reports needs what they say in words",
            hint="pass statements=frame, with the columns of gx.load_statements()",
        )
    spoken, astray = _spoken(request.statements, groups.documents)
    rows = []
    for group, members in groups.members.items():
        heard = [d for d in members if spoken.get(d)]
        judged = [(s, judge(s, groups.figures[d])) for d in heard for s in spoken[d]]
        verdicts = [(text_rule().kinds[said.measure], verdict.status) for said, verdict in judged]
        silent = len(members) - len(heard)
        implied = sum(verdict.implied for _, verdict in judged)
        seen = {"n_reports": len(heard), "n_implied": implied, "n_excluded": silent}
        for row in by_rule(groups.named(group), verdicts, request, seen, "figures that cannot be told"):
            none = f"{_NO_FIGURE} ({silent})" if silent else None
            row["excluded"] = "; ".join(filter(None, (row["excluded"], none))) or None
            rows.append(row)
    frame = finished(rows, groups, request)
    frame.attrs["warnings"] += [_warning(why, n) for why, n in sorted(astray.items())]
    return frame


def judge(said: Said, report: ReportFigures) -> Verdict:
    """``pass`` if the tables have such a figure, ``fail`` if not, ``inconclusive`` if one is unknown.

    Example:
        >>> figures = ReportFigures({("applications", "received", "total"): (5, False)}, {}, {})
        >>> judge(Said("received", "=", 5), figures).status, judge(Said("received", "=", 6), figures).status
        ('pass', 'inconclusive')
    """
    found = [evaluate(terms, report) for terms in _may_be()[said.measure]]
    known = [(each.value, each.implied) for each in found if each.value is not None]
    for number, implied in sorted(known, key=lambda pair: pair[1]):
        if number == said.value or (said.relation == ">=" and number > said.value):
            return Verdict("pass", implied)
    told = len(known) == len(found)
    return Verdict("fail" if told else "inconclusive", sum(i for _, i in known) if told else 0)


def _spoken(statements: pd.DataFrame, documents: pd.DataFrame) -> tuple[dict[str, list[Said]], Counter[str]]:
    """Document -> what it says, and how many statements belong to none."""
    by_document = "document_id" in statements.columns and bool(statements["document_id"].notna().all())
    names = ("document_id", *_NEEDED[1:]) if by_document else ("body", *_NEEDED)
    if missing := [c for c in names if c not in statements.columns]:
        raise UnknownField(f"statements have no column {missing[0]}", hint="see gx.load_statements()")
    spoken: dict[str, list[Said]] = {}
    astray: Counter[str] = Counter()
    whose = documents.to_dict("records")
    for row in statements.to_dict("records"):
        if row["measure"] not in _may_be() or pd.isna(row["value"]) or row.get("place", "prose") != "prose":
            continue
        of_document = by_document or bool(_plain(row.get("document_id")))
        found = [who["document_id"] for who in whose if _same(row, who, of_document)]
        if len(found) == 1:
            said = Said(row["measure"], row["relation"], int(row["value"]))
            spoken.setdefault(found[0], []).append(said)
        else:
            astray["several" if found else "none"] += 1
    return spoken, astray


def _same(said: Mapping[Any, Any], report: Mapping[Any, Any], by_document: bool) -> bool:
    """Whether a statement is one of a report; what either leaves open does not tell them apart."""
    if by_document:
        return bool(said["document_id"] == report["document_id"])
    of_body = _plain(said["body"]), _plain(said["year"])
    if of_body != (_plain(report.get("agency")), _plain(report.get("year"))) or not all(of_body):
        return False
    pairs = [(_plain(said.get(name)), _plain(report.get(name))) for name in ("division", "scope")]
    # A division may be named with or without the province it lies in.
    return all(one.endswith(other) or other.endswith(one) for one, other in pairs)


def _plain(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _warning(why: str, number: int) -> dict[str, str]:
    zh = {"none": "没有对应的报告", "several": "对应不止一份报告"}[why]
    en = {"none": "belong to no report", "several": "fit several reports"}[why]
    return {
        "name": f"statements_{why}",
        "zh": f"{number} 条文字所述{zh}，未计入",
        "en": f"{number} figures said in words {en} and were left out",
    }
