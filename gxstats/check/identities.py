"""Evaluate the identities (勾稽关系) of a form with bounds, and derive what they prove.

Source of the rules: the form prints A-FLOW in the head cell of section 三; the others follow from
its total rows and columns. Counts are never negative, so a blank part is at least 0: an identity
fails if the printed parts already exceed the printed total, passes weakly if they equal it (each
blank part is then proved 0), and is inconclusive otherwise. A missing total whose parts are all
known is proved too. Nothing is proved by an identity that fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from gxstats.model import Cause, Figure, Key, Level, Status
from gxstats.schema import Identity, form

_new = tuple.__new__
_SILENT = ("blank", "dash")
"""States of a cell that prints nothing and may be proved; an unreadable or absent one may not."""


class Sum(NamedTuple):
    """One identity at one place: the fields on either side."""

    rule: str
    severity: Level
    section: str
    where: str
    lhs: tuple[Key, ...]
    rhs: tuple[Key, ...]
    along_row: bool = False
    """All fields are of one item."""


class Result(NamedTuple):
    """An evaluated sum. ``printed`` is true if every operand is in print."""

    sum: Sum
    status: Status
    lhs: int | None
    rhs: int | None
    known: int
    printed: bool
    cause: Cause | None = None


@cache
def sums_of(form_name: str, section: str) -> tuple[Sum, ...]:
    """Every identity of a form's section, spelled out field by field.

    Example:
        >>> len(sums_of("f2021", "applications")), len(sums_of("f2021", "disputes"))
        (39, 3)
    """
    edition = form(form_name)
    if all(s.section != section for s in edition.sections):
        return ()
    return tuple(s for i in edition.identities if i.section == section for s in _spell_out(i, form_name))


def _spell_out(identity: Identity, form_name: str) -> Iterator[Sum]:
    cells = list(form(form_name).section(identity.section).cells())
    if identity.each == "measure":
        places = dict.fromkeys(m.measure for _, m in cells)
    else:
        places = dict.fromkeys(i.item for i, _ in cells)
    for place in places:
        sides = (identity.lhs, identity.rhs)
        lhs, rhs = (
            tuple(
                (identity.section, place, c) if identity.each == "item" else (identity.section, c, place)
                for c in s
            )
            for s in sides
        )
        along_row = len({item for _, item, _ in (*lhs, *rhs)}) == 1
        yield Sum(identity.id, identity.severity, identity.section, place, lhs, rhs, along_row)


def evaluate(sums: Iterable[Sum], figures: Mapping[Key, Figure]) -> tuple[list[Result], dict[Key, int]]:
    """Evaluate sums over figures until nothing more is proved.

    Args:
        sums: the identities to test.
        figures: what is read of each field; a field that is missing is unknown.

    Returns:
        The results in the order of ``sums``, and what is implied for cells that print nothing.

    Example:
        >>> parts, total = (("d", "review", "upheld"), ("d", "review", "other")), ("d", "review", "total")
        >>> printed = {
        ...     parts[0]: Figure("reported", 3),
        ...     parts[1]: Figure("blank"),
        ...     total: Figure("reported", 3),
        ... }
        >>> results, implied = evaluate([Sum("D-SUM", "error", "d", "review", parts, (total,))], printed)
        >>> results[0].status, implied
        ('weak_pass', {('d', 'review', 'other'): 0})
    """
    printed = {k: f.value for k, f in figures.items() if f.value is not None}
    known = dict(printed)
    proved: dict[Key, int] = {}
    results = [_evaluate(s, known, printed, figures, proved) for s in sums]
    while proved:
        known.update(proved)
        proved = {}
        # What is fully known cannot change any more.
        results = [
            r
            if r.known == len(r.sum.lhs) + len(r.sum.rhs)
            else _evaluate(r.sum, known, printed, figures, proved)
            for r in results
        ]
    if len(known) == len(printed):
        return results, {}
    # A figure that stands in a sum that fails proves nothing, whatever other sums say of it.
    broken = {k for r in results if r.status == "fail" for k in (*r.sum.lhs, *r.sum.rhs)}
    return results, {k: v for k, v in known.items() if k not in printed and k not in broken}


def _evaluate(
    s: Sum,
    known: Mapping[Key, int],
    printed: Mapping[Key, int],
    figures: Mapping[Key, Figure],
    proved: dict[Key, int],
) -> Result:
    try:  # mostly all are known
        a, b = sum([known[k] for k in s.lhs]), sum([known[k] for k in s.rhs])
    except KeyError:
        pass
    else:
        in_print = len(known) == len(printed) or all(k in printed for k in (*s.lhs, *s.rhs))
        held: Status = "fail" if a != b else "pass" if in_print else "weak_pass"
        # Some sixty sums per report: the constructor would double the price.
        return _new(Result, (s, held, a, b, len(s.lhs) + len(s.rhs), in_print, None))
    left, right = _side(s.lhs, known), _side(s.rhs, known)
    count = len(s.lhs) + len(s.rhs) - len(left.unknown) - len(right.unknown)
    status = _status(left, right, count)
    if status == "weak_pass":
        for unknown in (*left.unknown, *right.unknown):
            _prove(unknown, 0, figures, proved)
    elif status == "inconclusive" and len(s.rhs) == 1 and right.unknown and not left.unknown:
        _prove(s.rhs[0], left.total, figures, proved)
    some = count > 0
    return Result(s, status, left.total if some else None, right.total if some else None, count, False)


class _Side(NamedTuple):
    total: int
    unknown: tuple[Key, ...]


def _side(keys: tuple[Key, ...], known: Mapping[Key, int]) -> _Side:
    total = 0
    unknown: list[Key] = []
    for key in keys:
        value = known.get(key)
        if value is None:
            unknown.append(key)
        else:
            total += value
    return _Side(total, tuple(unknown))


def _status(left: _Side, right: _Side, known: int) -> Status:
    """What a sum with unknown parts says, of which so many others are known."""
    if not known:
        return "inconclusive"
    # One side is complete: what is missing on the other can only add to it.
    for part, whole in ((left, right), (right, left)):
        if not whole.unknown:
            if part.total > whole.total:
                return "fail"
            return "weak_pass" if part.total == whole.total else "inconclusive"
    return "inconclusive"


def _prove(key: Key, value: int, figures: Mapping[Key, Figure], proved: dict[Key, int]) -> None:
    figure = figures.get(key)
    if figure is not None and figure.state in _SILENT:
        proved.setdefault(key, value)
