"""Rules between reports: from one year to the next, and from components to their summary.

Source: what is carried to the next year must be what the next report says was carried in (the rows 结转下年度
and 上年结转 of section 三); rules and documents in force change by what is issued and repealed (section 二 of
f2021); items of the year before are stated again in f2019. A rule holds between the forms it names and is
not tried across a break between them. What is missing makes it inconclusive, never failing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gxstats.check.across_rules import Rule, rules
from gxstats.model import Cause, Key, Level, Status
from gxstats.schema import forms
from gxstats.schema.crosswalk import counterpart
from gxstats.schema.quantity import Quantity

Body = tuple[str, ...]
"""What tells one publisher from all others, the scope of its reports included."""


class Known(NamedTuple):
    """A figure of a report: the number (None if not known), how sure it is, where it stands."""

    number: int | None
    printed: bool
    confirmed: bool
    at: str


@dataclass(frozen=True, slots=True)
class Yearly:
    """One report as the rules see it. ``editions`` gives the form of every section that it has."""

    document_id: str
    body: Body
    year: int
    editions: Mapping[str, str | None]
    figures: Mapping[Key, Known] = field(repr=False)


class Across(NamedTuple):
    """One rule between reports, evaluated at one place; ``document_id`` is the later one or the summary."""

    document_id: str
    other_document_id: str | None
    rule: str
    severity: Level
    section: str
    where: str
    lhs: int | None
    rhs: int | None
    status: Status
    cause: Cause | None
    known: int
    operands: tuple[str, ...]
    at: str | None
    other_at: str | None
    year: int
    reason: str | None


class _Operand(NamedTuple):
    sign: int
    key: Key
    year: int
    here: bool
    """Whether it stands in the report itself, not in the other one."""
    figure: Known | None


def follow(reports: Iterable[Yearly]) -> Iterator[Across]:
    """Try the rules from year to year on the reports of each body.

    Args:
        reports: reports in any order; several of one body and year are not chosen from.

    Yields:
        The checks of each report against the one of the year before, in order of body and year.

    Example:
        >>> key = {
        ...     "out": ("applications", "carried_out", "total"),
        ...     "in": ("applications", "carried_in", "total"),
        ... }
        >>> form = {"applications": "f2021"}
        >>> one = Yearly("a.1", ("甲县",), 2022, form, {key["out"]: Known(3, True, True, "line 1")})
        >>> two = Yearly("b.1", ("甲县",), 2023, form, {key["in"]: Known(4, True, True, "line 1")})
        >>> [(c.rule, c.lhs, c.rhs, c.status) for c in follow([one, two]) if c.status == "fail"]
        [('X-CARRY', 3, 4, 'fail')]
    """
    chains: dict[Body, dict[int, list[Yearly]]] = {}
    for report in sorted(reports, key=lambda r: (r.body, r.year, r.document_id)):
        chains.setdefault(report.body, {}).setdefault(report.year, []).append(report)
    for years in chains.values():
        for year, same in years.items():
            for report in same:
                for rule in rules().follow:
                    yield from _followed(rule, report, years.get(year - 1, []), len(same) > 1)


def _followed(rule: Rule, after: Yearly, befores: Sequence[Yearly], doubled: bool) -> Iterator[Across]:
    """One rule at all its places, or nothing where it does not hold between the forms of the two years."""
    if _edition(rule, after) not in rule.forms:
        return
    before = befores[0] if len(befores) == 1 else None
    used = _edition(rule, before) if before is not None else _form_of(after.year - 1)
    due = _form_of(after.year - 1) in rule.forms
    if used not in rule.forms and not due:
        return
    reason = None
    if doubled or len(befores) > 1:
        reason = "several_reports"
    elif before is None:
        reason = "missing_report"
    elif used not in rule.forms:
        reason = "form_break"
    elif rule.section not in after.editions or rule.section not in before.editions:
        reason = "missing_section"
    for place in rule.places():
        sides = [
            [
                _Operand(
                    term.sign,
                    rule.key(term, place),
                    after.year if term.when == "after" else after.year - 1,
                    term.when == "after",
                    _figure(after if term.when == "after" else before, rule.key(term, place)),
                )
                for term in side
            ]
            for side in (rule.lhs, rule.rhs)
        ]
        severity: Level = "error" if place in rule.errors else rule.severity
        other = " ".join(r.document_id for r in befores) or None
        yield _judged(rule.id, severity, rule.section, place, sides, after, other, reason)


def add_up(summary: Yearly, components: Mapping[str, Yearly | None]) -> Iterator[Across]:
    """Try whether a summary report is the sum of its components (H-SUM), count by count.

    Args:
        summary: the report that covers the others.
        components: document_id -> report; None if it is not there.

    Yields:
        One check per count of the summary; one per section, inconclusive, if a component is missing or
        is of another year.
    """
    severity = rules().add_up_severity
    other = " ".join(components) or None
    present = [r for r in components.values() if r is not None and r.year == summary.year]
    whole = bool(components) and len(present) == len(components)
    for section, edition in summary.editions.items():
        if not whole:
            yield _judged(
                rules().add_up, severity, section, "*", [[], []], summary, other, "missing_component"
            )
            continue
        lacking = any(section not in r.editions for r in present)
        for key in _counts(section, edition):
            twins = [(r, _twin(key, edition, r.editions.get(section))) for r in present]
            reason = (
                "missing_section" if lacking else "form_break" if any(k is None for _, k in twins) else None
            )
            left = [_Operand(1, k or key, r.year, False, _figure(r, k or key)) for r, k in twins]
            right = [_Operand(1, key, summary.year, True, _figure(summary, key))]
            where = f"{key[1]}/{key[2]}"
            yield _judged(rules().add_up, severity, section, where, [left, right], summary, other, reason)


def _judged(
    rule: str,
    severity: Level,
    section: str,
    where: str,
    sides: Sequence[Sequence[_Operand]],
    report: Yearly,
    other: str | None,
    reason: str | None,
) -> Across:
    operands = [o for side in sides for o in side]
    figures = [o.figure for o in operands if o.figure is not None and o.figure.number is not None]
    if reason is None and len(figures) < len(operands):
        reason = "unknown_figure"
    lhs, rhs = (_total(side) for side in sides)
    status: Status = "inconclusive"
    cause: Cause | None = None
    if reason is None:
        status = "fail" if lhs != rhs else "pass" if all(f.printed for f in figures) else "weak_pass"
    if status == "fail":
        cause = "publisher" if all(f.confirmed for f in figures) else "unknown"
    return Across(
        report.document_id,
        other,
        rule,
        severity,
        section,
        where,
        lhs,
        rhs,
        status,
        cause,
        len(figures),
        tuple(f"{'-' if o.sign < 0 else ''}{o.key[1]}/{o.key[2]}@{o.year}" for o in operands),
        _places(o for o in operands if o.here),
        _places(o for o in operands if not o.here),
        report.year,
        reason,
    )


def _total(side: Sequence[_Operand]) -> int | None:
    numbers = [
        None if o.figure is None or o.figure.number is None else o.sign * o.figure.number for o in side
    ]
    known = [n for n in numbers if n is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _places(operands: Iterable[_Operand]) -> str | None:
    found = [
        f"{o.key[1]}/{o.key[2]}: {o.figure.at}" for o in operands if o.figure is not None and o.figure.at
    ]
    return "; ".join(found) or None


def _figure(report: Yearly | None, key: Key) -> Known | None:
    return None if report is None else report.figures.get(key)


def _edition(rule: Rule, report: Yearly) -> str | None:
    """The form of the rule's section: as read, else that of the year."""
    return report.editions.get(rule.section) or _form_of(report.year)


def _form_of(year: int) -> str | None:
    """The form that reports for a year are due in."""
    fitting = [
        f.form for f in forms() if f.first_year <= year and (f.last_year is None or year <= f.last_year)
    ]
    return fitting[0] if fitting else None


def _counts(section: str, edition: str | None) -> list[Key]:
    """The counts of a section; of an unknown form those that every form with this section has."""
    tables: list[list[Any]] = [
        [(section, i.item, m.measure) for i, m in f.section(section).cells() if m.kind == "count"]
        for f in forms()
        if edition in (None, f.form) and any(s.section == section for s in f.sections)
    ]
    return [key for key in tables[0] if all(key in other for other in tables)]


def _twin(key: Key, edition: str | None, other: str | None) -> Key | None:
    """The same count in another form; None if it has no such count."""
    if edition is None or other is None or edition == other:
        return key
    there = counterpart(Quantity(edition, key[0], (key[1],), key[2]), other)
    return there.b.keys[0] if there.relation == "same" and there.b is not None else None
