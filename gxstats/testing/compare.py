"""Compare a reading with what was printed, counting silent errors apart from honest refusals."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from gxstats.model import Fact, Key
from gxstats.testing.values import Expected

Outcome = Literal["exact", "wrong_confirmed", "wrong_unconfirmed", "refused", "missing"]
_STATES = frozenset({"reported", "blank", "dash", "text", "absent", "unreadable", "any"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a reading compares with the truth, cell by cell.

    Attributes:
        outcomes: cell -> what became of it. ``exact``: state and figure are right. ``wrong_confirmed``:
            something else than was printed, said with confidence: must never happen. ``wrong_unconfirmed``:
            the same, marked as unsure. ``refused``: called unreadable though it can be read. ``missing``:
            no fact, or a printed row called absent without confidence.
        differences: one line for each cell that is not exact.
        extra: figures reported for cells the truth does not speak of.
    """

    outcomes: Mapping[Key, Outcome] = field(default_factory=dict)
    differences: tuple[str, ...] = ()
    extra: tuple[Key, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many cells had this outcome."""
        return sum(1 for found in self.outcomes.values() if found == outcome)

    @property
    def exact(self) -> int:
        """Cells read as printed."""
        return self.count("exact")

    @property
    def wrong_confirmed(self) -> int:
        """Cells read wrong and called confirmed."""
        return self.count("wrong_confirmed")

    @property
    def wrong_unconfirmed(self) -> int:
        """Cells read wrong and marked as unsure."""
        return self.count("wrong_unconfirmed")

    @property
    def wrong(self) -> int:
        """Cells read wrong, however sure the reader was."""
        return self.wrong_confirmed + self.wrong_unconfirmed

    @property
    def refused(self) -> int:
        """Cells called unreadable."""
        return self.count("refused")

    @property
    def missing(self) -> int:
        """Cells not found."""
        return self.count("missing")

    @property
    def total(self) -> int:
        """Cells of which the truth is known."""
        return len(self.outcomes)

    def __str__(self) -> str:
        counts = f"{self.exact} of {self.total} exact, {self.wrong_confirmed} wrong and confirmed"
        counts += f", {self.wrong_unconfirmed} wrong and unconfirmed, {self.refused} refused"
        counts += f", {self.missing} missing, {len(self.extra)} extra"
        return "\n".join([counts, *self.differences])


def compare(facts: Iterable[Fact], expected: Mapping[Key, Expected]) -> Comparison:
    """Compare the facts of one report with what was printed.

    Args:
        facts: Facts of one report (of a file that holds two, those of one of them).
        expected: From :func:`gxstats.testing.values.expected`, ``print_values`` or :func:`load_truth`.

    Raises:
        ValueError: two facts speak of the same cell.

    Example:
        >>> key = ("disputes", "review", "total")
        >>> print(compare([], {key: Expected("reported", 3)}))
        0 of 1 exact, 0 wrong and confirmed, 0 wrong and unconfirmed, 0 refused, 1 missing, 0 extra
        disputes/review/total: missing: expected reported 3, found nothing
    """
    found: dict[Key, Fact] = {}
    for fact in facts:
        if fact.key in found:
            raise ValueError(f"two facts speak of {'/'.join(fact.key)}: compare one report at a time")
        found[fact.key] = fact
    outcomes = {key: _outcome(found.get(key), truth) for key, truth in expected.items()}
    differences = [
        f"{'/'.join(key)}: {outcome}: expected {_shown(expected[key])}, found {_found(found.get(key))}"
        for key, outcome in outcomes.items()
        if outcome != "exact"
    ]
    extra = tuple(key for key, fact in found.items() if key not in expected and fact.state == "reported")
    return Comparison(outcomes, tuple(differences), extra)


def _outcome(fact: Fact | None, truth: Expected) -> Outcome:
    if fact is None:
        return "exact" if truth.state in ("absent", None) else "missing"
    if _right(fact, truth):
        return "exact"
    if fact.state == "unreadable":
        return "refused"
    if fact.state == "absent" and fact.verdict != "confirmed":
        return "missing"
    return "wrong_confirmed" if fact.verdict == "confirmed" else "wrong_unconfirmed"


def _right(fact: Fact, truth: Expected) -> bool:
    if truth.state is None:
        return fact.state != "reported"
    if truth.state == "any":
        return fact.state in ("blank", "dash") or (fact.state == "reported" and _number(fact) == 0)
    if fact.state != truth.state:
        return False
    return truth.state != "reported" or _number(fact) == truth.number


def _number(fact: Fact) -> int | Decimal | None:
    return fact.value if fact.value is not None else fact.amount


def _shown(truth: Expected) -> str:
    return f"{truth.state or 'no number'}{'' if truth.number is None else f' {truth.number}'}"


def _found(fact: Fact | None) -> str:
    if fact is None:
        return "nothing"
    number = _number(fact)
    return f"{fact.verdict} {fact.state}{'' if number is None else f' {number}'} (raw {fact.raw!r})"


def load_truth(path: Path | str, *, without: Iterable[str] = ()) -> dict[Key, Expected]:
    """The hand-checked cells of a ``*.truth.csv``: section, item, measure, value and perhaps state.

    An empty value without a state is a cell that prints no number, be it blank, a mark or cut off.
    The state ``any`` is a zero that may be printed as 0, blank or a mark.

    Args:
        path: The file.
        without: Sections to leave out, for a copy that does not have them.

    Raises:
        ValueError: a state or a value is none; names the line.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        ...     print(
        ...         "section,item,measure,value",
        ...         "disputes,review,total,3",
        ...         sep=chr(10),
        ...         file=file,
        ...         flush=True,
        ...     )
        ...     load_truth(file.name)
        {('disputes', 'review', 'total'): Expected(state='reported', number=3)}
    """
    skipped = frozenset(without)
    with Path(path).open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        return {
            (row["section"], row["item"], row["measure"]): _truth(row, f"{path}:{reader.line_num}")
            for row in reader
            if row["section"] not in skipped
        }


def _truth(row: Mapping[str, Any], where: str) -> Expected:
    state, value = row.get("state") or None, row["value"]
    if state is not None and state not in _STATES:
        raise ValueError(f"{where}: no state is called {state!r}")
    if state == "any":
        return Expected("any")
    if value == "":
        return Expected(state)
    try:
        number = Decimal(value)
    except ArithmeticError as error:
        raise ValueError(f"{where}: {value!r} is no number") from error
    return Expected("reported", int(number) if number == int(number) else number)
