"""Figures that satisfy the form's arithmetic, and the ways copies print them."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from gxstats.model import Key, State
from gxstats.schema import Identity, Measure, Section, form, forms
from gxstats.testing.spec import FormSpec

Size = Literal["zero", "small", "mid", "huge"]
Zero = Literal["0", "blank", "slash", "dash", "em", "wu", "mixed"]
Digits = Literal["plain", "comma", "full_width"]
Signs = Literal["plain", "plus", "words"]
Number = int | Decimal
Rng = random.Random | int

_ZEROS: Mapping[str, str] = {"0": "0", "blank": "", "slash": "/", "dash": "-", "em": "—", "wu": "无"}
_MARKS = frozenset("/-—无")
_FULL_WIDTH = str.maketrans("0123456789-.", "０１２３４５６７８９－．")
_SIGNS: Mapping[str, tuple[str, str]] = {"plain": ("", "-"), "plus": ("+", "-"), "words": ("增", "减")}
# Chance that a cell is not zero, and the largest figure.
_SIZES: Mapping[str, tuple[float, int]] = {
    "zero": (0, 0),
    "small": (0.2, 9),
    "mid": (0.4, 300),
    "huge": (0.6, 90000),
}


class Expected(NamedTuple):
    """What a right reading of one cell says: ``number`` is set when the state is ``reported``.

    The state ``any`` is a zero that may be printed as 0, blank or a mark. None is a cell of which only
    one thing is known: it prints no number.
    """

    state: State | Literal["any"] | None
    number: Number | None = None


class Failure(NamedTuple):
    """An identity that figures break: ``where`` is the item or the measure it breaks for."""

    rule: str
    section: str
    where: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Figures with a publisher's error: what was changed, and the identities that now fail."""

    values: Mapping[Key, Number]
    key: Key
    failures: tuple[Failure, ...]


def random_values(
    rng: Rng, name: str = "f2021", *, size: Size = "small", section: str | None = None
) -> dict[Key, Number]:
    """Figures for every cell of a form that satisfy all its identities.

    Args:
        rng: A generator, or a seed: the same one gives the same figures.
        name: The form.
        size: How large the figures are, and how many of them are not zero.
        section: Only this section.

    Example:
        >>> values = random_values(1, size="huge")
        >>> len(values), failing(values)
        (200, [])
    """
    rng = _generator(rng)
    values: dict[Key, Number] = {}
    chosen = form(name)
    for part in chosen.sections:
        if section in (None, part.section):
            for item, measure in part.cells():
                values[part.section, item.item, measure.measure] = _drawn(rng, measure, size)
            _settle(values, part, [i for i in chosen.identities if i.section == part.section])
    return values


def _generator(rng: Rng) -> random.Random:
    return random.Random(rng) if isinstance(rng, int) else rng


def _drawn(rng: random.Random, measure: Measure, size: Size) -> Number:
    chance, largest = _SIZES[size]
    if rng.random() >= chance:
        return 0
    figure = rng.randint(1, largest)
    if measure.kind == "money":
        return Decimal(figure * 10**6 + rng.randrange(10**6)).scaleb(-rng.choice((1, 2, 4, 6)))
    return -figure if measure.kind == "signed" and rng.random() < 0.4 else figure


def _settle(values: dict[Key, Number], part: Section, identities: list[Identity]) -> None:
    """Compute totals from their parts, again and again until nothing changes."""
    for _ in range(10):
        before = dict(values)
        for rule in identities:
            for _, left, right in _sides(rule, part):
                total = sum(values[key] for key in left)
                if len(right) == 1:
                    values[right[0]] = total
                    continue
                # A flow: what came in is what went out, and nothing is negative.
                missing = sum(values[k] for k in left[1:]) - sum(values[k] for k in right)
                values[right[-1]] += max(0, missing)
                values[left[0]] = max(0, -missing)
        if values == before:
            return
    raise AssertionError(f"the identities of {part.section} have no order in which totals can be computed")


def _sides(rule: Identity, part: Section) -> Iterator[tuple[str, list[Key], list[Key]]]:
    """Each instance of an identity: where it holds, and the keys on either side."""
    cells = list(part.cells())
    wheres = dict.fromkeys(i.item if rule.each == "item" else m.measure for i, m in cells)
    for where in wheres:
        left, right = (
            [
                (part.section, where, code) if rule.each == "item" else (part.section, code, where)
                for code in side
            ]
            for side in (rule.lhs, rule.rhs)
        )
        yield where, left, right


def failing(values: Mapping[Key, Number], name: str = "f2021") -> list[Failure]:
    """The identities of a form that figures break; identities of which a figure is not there are left out.

    Example:
        >>> failing(
        ...     {("disputes", "review", m): 1 for m in ("upheld", "corrected", "other", "pending", "total")}
        ... )
        [Failure(rule='D-SUM', section='disputes', where='review')]
    """
    chosen = form(name)
    return [
        Failure(rule.id, rule.section, where)
        for rule in chosen.identities
        for where, left, right in _sides(rule, chosen.section(rule.section))
        if all(key in values for key in left + right)
        and sum(values[k] for k in left) != sum(values[k] for k in right)
    ]


def break_identity(values: Mapping[Key, Number], rng: Rng, name: str = "f2021") -> Broken:
    """The figures with one of them changed, as a publisher does who cannot add up.

    Example:
        >>> broken = break_identity(random_values(1), 1)
        >>> broken.values[broken.key] != random_values(1)[broken.key], len(broken.failures) > 0
        (True, True)
    """
    rng = _generator(rng)
    ruled = {rule.section for rule in form(name).identities}
    key = rng.choice([key for key in values if key[0] in ruled])
    changed = {**values, key: values[key] + rng.randint(1, 9)}
    known = set(failing(values, name))
    return Broken(changed, key, tuple(f for f in failing(changed, name) if f not in known))


def print_values(
    values: Mapping[Key, Number],
    *,
    zero: Zero = "0",
    digits: Digits = "plain",
    signs: Signs = "plain",
    unit: str = "",
    rng: Rng = 0,
) -> tuple[dict[Key, str], dict[Key, Expected]]:
    """The figures as a copy prints them, and what a right reading says of each.

    Args:
        values: Figures by cell.
        zero: How zeros are printed; ``mixed`` chooses among four ways cell by cell.
        digits: ``1234``, ``1,234`` or ``１２３４``.
        signs: ``72``, ``+72`` or ``增72`` where the form asks for a change.
        unit: Printed after amounts whose unit the form leaves open.
        rng: Generator or seed of ``mixed``.

    Example:
        >>> key = ("disputes", "review", "total")
        >>> print_values({key: 1234}, digits="comma")[0][key], print_values({key: 0}, zero="slash")[1][key]
        ('1,234', Expected(state='dash', number=None))
    """
    rng = _generator(rng)
    texts: dict[Key, str] = {}
    expected: dict[Key, Expected] = {}
    for key, value in values.items():
        if value == 0:
            text = _ZEROS[rng.choice(("0", "blank", "slash", "dash")) if zero == "mixed" else zero]
            state: State = "reported" if text == "0" else "dash" if text in _MARKS else "blank"
            expected[key] = Expected(state, 0 if text == "0" else None)
        else:
            text = _printed(value, _measure(key), digits, signs, unit)
            expected[key] = Expected("reported", value)
        texts[key] = text.translate(_FULL_WIDTH) if digits == "full_width" and value else text
    return texts, expected


def _printed(value: Number, measure: Measure, digits: Digits, signs: Signs, unit: str) -> str:
    text = f"{abs(value):,}" if digits == "comma" else str(abs(value))
    if measure.kind == "signed":
        return _SIGNS[signs][value < 0] + text
    if measure.kind == "money" and measure.unit is None:
        return text + unit
    return text


def _measure(key: Key) -> Measure:
    """The column of a key, of the newest form that has it."""
    for candidate in forms():
        for part in candidate.sections:
            for item, measure in part.cells():
                if (part.section, item.item, measure.measure) == key:
                    return measure
    raise ValueError(f"no form has a cell {key!r}")


def expected(spec: FormSpec) -> dict[Key, Expected]:
    """What a right reading of a rendered report says of each cell its forms have.

    Rows that are not printed are ``absent``; a row printed twice with different figures is
    ``unreadable``; of a report without tables nothing is expected.

    Example:
        >>> key = ("applications", "received", "total")
        >>> expected(FormSpec(values={key: "1,204"}))[key]
        Expected(state='reported', number=1204)
    """
    quirks = spec.quirks
    if quirks.tables != "tables":
        return {}
    result = {}
    for key in spec.cell_keys():
        if key[1] in quirks.missing_rows:
            result[key] = Expected("absent")
        elif key[1] == quirks.duplicate_row and quirks.duplicate_differs:
            result[key] = Expected("unreadable")
        else:
            result[key] = _said(spec.values.get(key, ""), _measure(key))
    return result


def _said(text: str, measure: Measure) -> Expected:
    """What a printed text says, by rules of its own and not the reader's, which it serves to test."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return Expected("blank")
    if plain in _MARKS:
        return Expected("dash")
    digits = plain.removesuffix("元").removesuffix("万").replace(",", "")
    if measure.kind == "signed":
        digits = digits.replace("增", "").replace("减", "-").removeprefix("+")
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return Expected("text")
    return Expected("reported", number if measure.kind == "money" else int(number))
