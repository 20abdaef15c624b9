"""Reports as JSON and back, without loss: how they cross from a worker process to its caller.

Workers parse hostile files, so what comes back from them is data, never code: no pickle.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gxstats.model import Check, Fact, Issue, Locator, Prose, Statement, Unmatched
from gxstats.report import Report
from gxstats.transcript import collector_paused


def dump(reports: Sequence[Report]) -> bytes:
    """Encode reports.

    Example:
        >>> load(dump([Report({"document_id": "0.1"})]))[0].document_id
        '0.1'
    """
    return _encode([_row(r) for r in reports])


def load(data: bytes) -> list[Report]:
    """Decode what :func:`dump` encoded."""
    with collector_paused():
        return [_report(row) for row in _decode(data)]


def _encode(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _decode(data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data.decode("utf-8", "surrogatepass"))
    return found


def _row(report: Report) -> dict[str, Any]:
    return {
        "meta": dict(report.meta),
        "facts": [_fact_row(f) for f in report.fact_rows],
        "checks": report.check_rows,
        "issues": report.issue_rows,
        "prose": report.prose_rows,
        "unmatched": report.unmatched,
        "statements": report.statement_rows,
    }


def _report(row: Mapping[str, Any]) -> Report:
    return Report(
        row["meta"],
        tuple(_fact(f) for f in row["facts"]),
        tuple(_check(c) for c in row["checks"]),
        tuple(Issue(i[0], i[1], i[2], Locator(*i[3]), i[4]) for i in row["issues"]),
        tuple(Prose(p[0], p[1], Locator(*p[2])) for p in row["prose"]),
        tuple(Unmatched(u[0], tuple(u[1]), Locator(*u[2])) for u in row["unmatched"]),
        statement_rows=tuple(Statement(*s)._replace(at=Locator(*s[-1])) for s in row.get("statements", ())),
    )


def _fact_row(fact: Fact) -> tuple[Any, ...]:
    # A JSON number would pass through float on the way back: money travels as text.
    return fact if fact.amount is None else tuple(fact._replace(amount=str(fact.amount)))  # type: ignore[arg-type]


_AMOUNT = Fact._fields.index("amount")
_AT = Fact._fields.index("at")


def _fact(row: list[Any]) -> Fact:
    row[_AT] = Locator(*row[_AT])
    if row[_AMOUNT] is not None:
        row[_AMOUNT] = Decimal(row[_AMOUNT])
    return Fact(*row)


_OPERANDS = Check._fields.index("operands")


def _check(row: list[Any]) -> Check:
    row[_OPERANDS] = tuple([(s, i, m) for s, i, m in row[_OPERANDS]])
    return Check(*row)
