"""Judge every field: is the reading confirmed, does the arithmetic hold, who is to blame if not?

``verdict`` is about the reading only, ``sums`` about the arithmetic. A figure is confirmed if its
label matched exactly in form order and it stands in an undamaged structured cell, or two
independent readings agree, or a fully printed identity passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from gxstats.check.arbitrate import settle
from gxstats.check.identities import Result, Sum, evaluate, sums_of
from gxstats.model import Cause, Check, Fact, Field, Figure, Issue, Key, Sums, Verdict
from gxstats.schema import forms


@dataclass(frozen=True, slots=True)
class Checked:
    """The facts of a report in print order, and every identity that could be tried on them."""

    facts: tuple[Fact, ...]
    checks: tuple[Check, ...]
    issues: tuple[Issue, ...] = ()


def judge(fields: Mapping[Key, Field], reader: str) -> Checked:
    """Evaluate the identities of each section's form and turn fields into facts.

    Args:
        fields: (section, item, measure) -> field, in print order.
        reader: name and version of the reader, kept with every fact.
    """
    sums = tuple(_sums(fields))
    fields = settle(fields, sums)
    figures = {key: field.figure for key, field in fields.items()}
    results, implied = evaluate(sums, figures)
    passed: set[Key] = set()
    proved_by_print: set[Key] = set()
    failed: set[Key] = set()
    for result in results:
        operands = (*result.sum.lhs, *result.sum.rhs)
        if result.status == "fail":
            failed.update(operands)
        elif result.status in ("pass", "weak_pass"):
            passed.update(operands)
            if result.status == "pass":
                proved_by_print.update(operands)
    verdicts = {k: _verdict(f, k in proved_by_print, k in failed) for k, f in fields.items()}
    blamed = [replace(r, cause=_cause(r, fields, verdicts)) if r.status == "fail" else r for r in results]
    facts = tuple(
        _fact(k, f, verdicts[k], implied.get(k), _sums_of(k, passed, failed), reader)
        for k, f in fields.items()
    )
    return Checked(facts, tuple(_check(r) for r in blamed), tuple(_disputes(fields)))


def _disputes(fields: Mapping[Key, Field]) -> Iterable[Issue]:
    """One issue per cell whose readings disagree, with what each of them says."""
    for (_, item, measure), field in fields.items():
        if field.disputed:
            said = ", ".join(f"{name}: {f.raw.strip()!r}" for name, f in field.others)
            message = f"{item} {measure} is read differently ({said})"
            yield Issue("error", "disputed", message, field.figure.at, "look at the source")


def _sums(fields: Mapping[Key, Field]) -> Iterable[Sum]:
    """The identities of the form that each section follows (the one most of its fields have)."""
    sections: dict[str, dict[str, int]] = {}
    for (section, _, _), field in fields.items():
        if field.form:
            votes = sections.setdefault(section, {})
            votes[field.form] = votes.get(field.form, 0) + 1
    unknown = {k[0] for k in fields} - sections.keys()
    for section, votes in sections.items():
        yield from sums_of(max(votes, key=lambda f: votes[f]), section)
    for section in unknown:
        yield from _common_sums(section)


def _common_sums(section: str) -> Iterable[Sum]:
    """A section of unknown form: the identities that hold in every form that has it."""
    each = [sums_of(f.form, section) for f in forms() if any(s.section == section for s in f.sections)]
    return [s for s in each[0] if all(s in other for other in each[1:])]


def _verdict(field: Field, proved: bool, failed: bool) -> Verdict:
    if field.disputed:
        return "disputed"
    figure = field.figure
    if not figure.exact or figure.state in ("unreadable", "absent"):
        return "unconfirmed"
    proof = proved and not failed and figure.state == "reported"
    if field.others:  # a reading said otherwise: only arithmetic can confirm then
        return "confirmed" if proof else "unconfirmed"
    alone = field.structured and not figure.odd
    return "confirmed" if alone or field.agreed > 1 or proof else "unconfirmed"


def _cause(result: Result, fields: Mapping[Key, Field], verdicts: Mapping[Key, Verdict]) -> Cause:
    """Publisher if every operand is confirmed, reading if another reading adds up, else unknown."""
    operands = (*result.sum.lhs, *result.sum.rhs)
    if all(verdicts.get(k) == "confirmed" for k in operands):
        return "publisher"
    figures = {k: fields[k].figure for k in operands if k in fields}
    for key in figures:
        for _, other in fields[key].others:
            again, _ = evaluate([result.sum], {**figures, key: other})
            if again[0].status in ("pass", "weak_pass"):
                return "reading"
    return "unknown"


def _sums_of(key: Key, passed: set[Key], failed: set[Key]) -> Sums:
    return "fail" if key in failed else "pass" if key in passed else "untested"


def _fact(key: Key, field: Field, verdict: Verdict, implied: int | None, sums: Sums, reader: str) -> Fact:
    figure: Figure = field.figure
    return Fact(
        *key,
        field.form,
        figure.value,
        figure.amount,
        figure.unit,
        implied,
        figure.state,
        verdict,
        sums,
        figure.raw,
        figure.at,
        f"{reader} {'+'.join(dict.fromkeys(field.readers))}",
    )


def _check(result: Result) -> Check:
    s = result.sum
    operands = (*s.lhs, *s.rhs)
    return Check(
        s.rule,
        s.severity,
        s.section,
        s.where,
        result.lhs,
        result.rhs,
        result.status,
        result.cause,
        operands,
        result.known,
    )
