"""Let the form's arithmetic decide between readings that disagree.

Two readings can make the same mistake (digits cut by a page break are cut for both), so a majority
is not enough where the sums speak against it. Row by row, each reading's figures are tried in
place of the others; a row is settled by the reading that breaks the fewest sums, if that is better
than what stood there and every disputed figure then stands in a fully printed sum that holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gxstats.check.identities import Result, Sum, evaluate
from gxstats.model import Field, Figure, Key

Row = tuple[str, str]
"""(section, item)."""


def settle(fields: Mapping[Key, Field], sums: Iterable[Sum]) -> dict[Key, Field]:
    """Fields with every disagreement settled that the sums can settle.

    Args:
        fields: (section, item, measure) -> field.
        sums: the identities of the form that the fields follow.

    Returns:
        The same fields in the same order; those that changed bear the reading that won. A field whose
        readings still disagree and whose sums fail has lost its figure: it is disputed.
    """
    settled = dict(fields)
    contested = {key[:2] for key, field in settled.items() if field.others}
    if not contested:
        return settled
    tested = tuple(sums)
    # Two contested rows break each other's column sums: go round until nothing changes.
    for _ in range(len(contested) + 1):
        changed = [row for row in sorted(contested) if _settle_row(row, settled, tested)]
        if not changed:
            break
    _withdraw(settled, tested)
    return settled


def _settle_row(row: Row, fields: dict[Key, Field], sums: tuple[Sum, ...]) -> bool:
    keys = [k for k in fields if k[:2] == row and fields[k].others]
    touching = tuple(s for s in sums if any(k in s.lhs or k in s.rhs for k in keys))
    if not touching:
        return False
    figures = {k: f.figure for k, f in fields.items()}
    standing = _score(touching, figures, keys)
    trials = [
        {k: f for k in keys for name, f in fields[k].others if name == reader}
        for reader in sorted({name for k in keys for name, _ in fields[k].others})
    ]
    scored = [(_score(touching, {**figures, **trial}, keys), trial) for trial in trials]
    best = min(score for score, _ in scored)
    winners = [trial for score, trial in scored if score == best]
    # Sums are blind to figures that changed places: two readings that add up settle nothing.
    unique = all(_alike(trial, winners[0]) for trial in winners)
    chosen = winners[0] if unique and best < standing and best[1] == 0 else {}
    for key, figure in chosen.items():
        fields[key] = _replaced(fields[key], figure)
    return bool(chosen)


def _score(sums: tuple[Sum, ...], figures: Mapping[Key, Figure], keys: list[Key]) -> tuple[int, int]:
    """(sums that fail, contested figures that no fully printed sum proves)."""
    results, _ = evaluate(sums, figures)
    proved = {k for r in results if r.status == "pass" for k in (*r.sum.lhs, *r.sum.rhs)}
    return (sum(r.status == "fail" for r in results), sum(k not in proved for k in keys))


def _replaced(field: Field, figure: Figure) -> Field:
    winners = tuple(name for name, f in field.others if _same(f, figure))
    losers = tuple((name, f) for name, f in field.others if not _same(f, figure))
    if not field.disputed:
        losers += tuple((name, field.figure) for name in field.readers)
    exact = figure.exact or any(f.exact for _, f in losers)
    return field._replace(
        figure=figure._replace(exact=exact), agreed=len(winners), others=losers, readers=winners
    )


def _alike(one: Mapping[Key, Figure], other: Mapping[Key, Figure]) -> bool:
    return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)


def _same(one: Figure, other: Figure) -> bool:
    return (one.state, one.value, one.amount) == (other.state, other.value, other.amount)


def _withdraw(fields: dict[Key, Field], sums: tuple[Sum, ...]) -> None:
    """A majority that breaks a sum while another reading says otherwise is no majority."""
    results, _ = evaluate(sums, {k: f.figure for k, f in fields.items()})
    for key in _operands(r for r in results if r.status == "fail"):
        field = fields.get(key)
        if field and field.others and not field.disputed:
            raw = " / ".join([field.figure.raw.strip(), *(f.raw.strip() for _, f in field.others)])
            others = (*((name, field.figure) for name in field.readers), *field.others)
            fields[key] = field._replace(
                figure=Figure("unreadable", raw=raw, at=field.figure.at), agreed=0, others=others, readers=()
            )


def _operands(results: Iterable[Result]) -> list[Key]:
    return list(dict.fromkeys(k for r in results for k in (*r.sum.lhs, *r.sum.rhs)))
