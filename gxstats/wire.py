"""Reports as JSON and back, without loss: how they cross from a worker process to its caller.

Workers parse hostile files, so what comes back from them is data, never code: no pickle.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from gxstats.model import Check, Fact, Issue, Locator, Prose, Unmatched
from gxstats.report import Report


def dump(reports: list[Report]) -> bytes:
    """Encode reports.

    Example:
        >>> load(dump([Report({"document_id": "0.1"})]))[0].document_id
        '0.1'
    """
    rows = [
        {
            "meta": dict(r.meta),
            "facts": [_fact_row(f) for f in r.fact_rows],
            "checks": r.check_rows,
            "issues": r.issue_rows,
            "prose": r.prose_rows,
            "unmatched": r.unmatched,
        }
        for r in reports
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def load(data: bytes) -> list[Report]:
    """Decode what :func:`dump` encoded."""
    return [
        Report(
            row["meta"],
            tuple(_fact(f) for f in row["facts"]),
            tuple(_check(c) for c in row["checks"]),
            tuple(Issue(i[0], i[1], i[2], Locator(*i[3]), i[4]) for i in row["issues"]),
            tuple(Prose(p[0], p[1], Locator(*p[2])) for p in row["prose"]),
            tuple(Unmatched(u[0], tuple(u[1]), Locator(*u[2])) for u in row["unmatched"]),
        )
        for row in json.loads(data.decode("utf-8", "surrogatepass"))
    ]


def _fact_row(fact: Fact) -> tuple[Any, ...]:
    # A JSON number would pass through float on the way back: money travels as text.
    return fact if fact.amount is None else tuple(fact._replace(amount=str(fact.amount)))  # type: ignore[arg-type]


def _fact(row: list[Any]) -> Fact:
    fact = Fact(*row)
    amount = None if fact.amount is None else Decimal(fact.amount)
    return fact._replace(amount=amount, at=Locator(*fact.at))


def _check(row: list[Any]) -> Check:
    check = Check(*row)
    return check._replace(operands=tuple((s, i, m) for s, i, m in check.operands))
