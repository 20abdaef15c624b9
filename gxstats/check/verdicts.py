"""Judge every field: is the reading confirmed, does the arithmetic hold, who is to blame if not?

``verdict`` is about the reading only, ``sums`` about the arithmetic. A figure is confirmed if its
label matched exactly in form order and it stands in an undamaged structured cell, or two
independent readings agree, or a fully printed identity passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from gxstats.check.arbitrate import settle
from gxstats.check.identities import Result, Sum, evaluate, sums_of
from gxstats.model import Cause, Check, Fact, Field, Issue, Key, Sums, Verdict
from gxstats.schema import forms

_new = tuple.__new__
_UNREAD = ("unreadable", "absent")


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
    results, implied = evaluate(sums, {key: field.figure for key, field in fields.items()})
    # In a stream a column or row that slipped breaks some sums of its table and passes others.
    slipped = {r.sum.section for r in results if r.status == "fail"}
    # Where readings disagree about one of its figures, what the others stand for is not known either.
    disputed = {k: f for k, f in fields.items() if f.others and f.disputed}
    slipped |= {k[0] for k in disputed}
    verdicts = _verdicts(fields, slipped, results)
    if slipped:
        results = [
            r._replace(cause=_cause(r, fields, verdicts)) if r.status == "fail" else r for r in results
        ]
    names = {
        readers: f"{reader} {'+'.join(dict.fromkeys(readers))}"
        for readers in {f.readers for f in fields.values()}
    }
    said = _sums_say(results)
    facts = tuple(
        [
            _fact(k, f, verdicts[k], implied.get(k), said.get(k, "untested"), names[f.readers])
            for k, f in fields.items()
        ]
    )
    return Checked(facts, tuple([_check(r) for r in results]), tuple(_disputes(disputed)))


def _disputes(disputed: Mapping[Key, Field]) -> Iterable[Issue]:
    """One issue per cell whose readings disagree, with what each of them says."""
    for (_, item, measure), field in disputed.items():
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
    unknown = [section for section in dict.fromkeys(k[0] for k in fields) if section not in sections]
    for section, votes in sections.items():
        yield from sums_of(max(votes, key=lambda f: votes[f]), section)
    for section in unknown:
        yield from _common_sums(section)


def _common_sums(section: str) -> Iterable[Sum]:
    """A section of unknown form: the identities that hold in every form that has it."""
    each = [sums_of(f.form, section) for f in forms() if any(s.section == section for s in f.sections)]
    return [s for s in each[0] if all(s in other for other in each[1:])]


class _Standing(NamedTuple):
    """What the sums say of one field: of so many it takes part in, these hold in print, these fail."""

    total: int = 0
    printed: int = 0
    failed: int = 0
    across: int = 0
    """Of those that hold in print, sums along its own row: only these notice a row that shifted."""


_UNTESTED = _Standing()


def _sums_say(results: Iterable[Result]) -> dict[Key, Sums]:
    """Of each field that some sum holds or fails with: whether one fails."""
    held: list[Key] = []
    failed: list[Key] = []
    for tested, status, *_ in results:
        if status != "inconclusive":
            keys = failed if status == "fail" else held
            keys += tested.lhs
            keys += tested.rhs
    said: dict[Key, Sums] = dict.fromkeys(held, "pass")
    said.update(dict.fromkeys(failed, "fail"))
    return said


def _standing(results: Iterable[Result]) -> dict[Key, _Standing]:
    found: dict[Key, list[int]] = {}
    for result in results:
        printed, failed = result.status == "pass", result.status == "fail"
        along_row = printed and result.sum.along_row
        for key in (*result.sum.lhs, *result.sum.rhs):
            counts = found.get(key)
            if counts is None:
                found[key] = counts = [0, 0, 0, 0]
            counts[0] += 1
            counts[1] += printed
            counts[2] += failed
            counts[3] += along_row
    return {key: _Standing(*counts) for key, counts in found.items()}


def _verdicts(
    fields: Mapping[Key, Field], slipped: Set[str], results: Sequence[Result]
) -> dict[Key, Verdict]:
    """The verdict on every field; ``slipped`` are sections of which a sum fails."""
    verdicts: dict[Key, Verdict] = {}
    left: list[Key] = []
    for key, field in fields.items():
        _, figure, agreed, structured, physical, others, _ = field
        if others and field.disputed:
            verdicts[key] = "disputed"
        elif (not physical and key[0] in slipped) or not figure.exact or figure.state in _UNREAD:
            verdicts[key] = "unconfirmed"
        elif not others and (agreed > 1 or (structured and not figure.odd)):
            verdicts[key] = "confirmed"
        else:  # no second reading, or one that said otherwise: only arithmetic can confirm then
            verdicts[key] = "unconfirmed"
            left.append(key)
    standing = _standing(results) if left else {}
    for key in left:
        if _is_proved(fields[key], standing.get(key, _UNTESTED)):
            verdicts[key] = "confirmed"
    return verdicts


def _is_proved(field: Field, standing: _Standing) -> bool:
    # One sum proves the digits. That they stand beside the right label is seen where cells have
    # borders; in a stream every sum the figure takes part in must hold: rows that slipped break one.
    enough = 1 if field.physical else max(standing.total, 1)
    figure = field.figure
    proof = standing.printed >= enough and not standing.failed and figure.state == "reported"
    # Where a whole table shifted by a column, the sums down its columns hold all the same.
    return proof and (not figure.odd or standing.across > 0)


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


def _fact(key: Key, field: Field, verdict: Verdict, implied: int | None, sums: Sums, reader: str) -> Fact:
    state, value, amount, unit, raw, at, _, _ = field.figure
    # Some 200 facts per report: the constructor would double the price.
    return _new(
        Fact,
        (*key, field.form, value, amount, unit, implied, state, verdict, sums, raw, at, reader),
    )


def _check(result: Result) -> Check:
    rule, severity, section, where, lhs, rhs, _ = result.sum
    _, status, left, right, known, _, cause = result
    return _new(Check, (rule, severity, section, where, left, right, status, cause, (*lhs, *rhs), known))
