"""What may be compared between the forms: ``crosswalk.csv``, read strictly.

A line of the table names a field of either form (or a sum, or ``-`` for "has no such field"), the
relation (``same``, ``near``: join with a warning, ``none``) and the reason in Chinese and English. In
a field, ``*`` stands for every item or measure, several codes in a row for each of them; on both
sides the same codes belong together. What no line joins is ``none``: when in doubt, none.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from gxstats.errors import SchemaError, UnknownField
from gxstats.model import Key
from gxstats.schema.quantity import Cells, Quantity, form_cells, parse

Relation = Literal["same", "near", "none"]
Field = str | Sequence[str]
_FILE = Path(__file__).with_name("crosswalk.csv")
_COLUMNS = ("form_a", "field_a", "form_b", "field_b", "relation", "without", "zh", "en")
_NOTHING = "-"


class Comparison(NamedTuple):
    """What the crosswalk says of two quantities.

    ``relation`` is ``same``, ``near`` (they may be joined with a warning) or ``none``; ``zh`` and ``en``
    say why. ``without`` is an item whose figure should also be shown taken out, "" if there is none;
    ``line`` is the line of ``crosswalk.csv``, None if the answer follows from several or from none.
    """

    relation: Relation
    zh: str
    en: str
    a: Quantity
    b: Quantity | None
    without: str = ""
    line: int | None = None


class Line(NamedTuple):
    """One pair of a line of the crosswalk; a side that has no such field is None."""

    a: Quantity | None
    b: Quantity | None
    form_a: str
    form_b: str
    relation: Relation
    without: str
    zh: str
    en: str
    line: int


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """All pairs, to be looked up from either side."""

    cells: Cells
    pairs: dict[tuple[Quantity, Quantity], Line]
    joined: dict[tuple[Quantity, str], tuple[Quantity | None, Line]]
    """(quantity, other form) -> what it is there."""
    sums: dict[tuple[Quantity, str], tuple[Quantity, Quantity | None, Line]]
    """(part of a sum, other form) -> the sum, what the sum is there."""


@cache
def crosswalk() -> Crosswalk:
    """The crosswalk shipped with the package.

    Raises:
        SchemaError: the table is faulty; names file and line.

    Example:
        >>> sorted(crosswalk().cells)
        ['f2014', 'f2019', 'f2021']
    """
    return load_crosswalk(_FILE)


def comparable(a: Field, b: Field) -> Comparison:
    """Say whether two figures of the report's forms mean the same.

    Args:
        a: ``(form, section, item, measure)`` or short, such as ``f2019:received``,
            ``f2019:rules/made``, ``f2021:refused`` (a group) or ``f2021:other.other``.
        b: the same for the other figure.

    Returns:
        The relation with its reason in Chinese and English.

    Raises:
        UnknownField: the form has no such field.

    Example:
        >>> comparable("f2019:received", "f2021:received").relation
        'same'
        >>> comparable("f2019:rules/disclosed_total", "f2021:rules/in_force").relation
        'none'
    """
    table = crosswalk()
    one, other = read_quantity(a, table.cells), read_quantity(b, table.cells)
    if one.form == other.form:
        if (one.section, set(one.items), one.measure) == (other.section, set(other.items), other.measure):
            return Comparison("same", "同一表格的同一项", "one field of one form", one, other)
        return Comparison("none", "同一表格的不同项", "different fields of one form", one, other)
    line = table.pairs.get((one, other))
    if line is not None:
        return Comparison(line.relation, line.zh, line.en, one, other, line.without, line.line)
    found = _part_by_part(table, one, other.form)
    if (
        found is not None
        and found.b is not None
        and set(found.b.items) == set(other.items)
        and found.b.measure == other.measure
    ):
        return found._replace(b=other)
    return _not_joined(table, one, other)


def counterpart(quantity: Quantity, form_name: str) -> Comparison:
    """What a quantity of one form is in another form.

    Returns:
        ``b`` is the quantity there, None if the relation is ``none``.

    Example:
        >>> there = counterpart(read_quantity("f2019:other", crosswalk().cells), "f2021")
        >>> there.relation, str(there.b)
        ('near', 'f2021:applications/other.not_corrected+other.fee_unpaid+other.other/total')
    """
    if quantity.form == form_name:
        return Comparison("same", "同一表格", "one form", quantity, quantity)
    table = crosswalk()
    known = table.joined.get((quantity, form_name))
    if known is not None:
        there, line = known
        joins = there if line.relation != "none" else None
        return Comparison(line.relation, line.zh, line.en, quantity, joins, line.without, line.line)
    found = _part_by_part(table, quantity, form_name)
    return found if found is not None else _not_joined(table, quantity, None, form_name)


def read_quantity(field: Field, cells: Cells) -> Quantity:
    """A quantity as :func:`comparable` takes it.

    Raises:
        UnknownField: the text names no form, or the form has no such field.
    """
    if isinstance(field, str):
        form_name, mark, text = field.partition(":")
        if not mark:
            raise UnknownField(f"{field!r} names no form", hint="write it before a colon: f2021:received")
        return parse(form_name, text, cells)
    if len(field) != 4:
        raise UnknownField(f"{tuple(field)!r} names no field", hint="give form, section, item and measure")
    return parse(field[0], field[1:], cells)


def _part_by_part(table: Crosswalk, quantity: Quantity, form_name: str) -> Comparison | None:
    """A sum is the same as the sum of what its parts are, if each part is the same there."""
    parts = [table.joined.get((part, form_name)) for part in quantity.parts()]
    there = [
        found[0]
        for found in parts
        if found is not None and found[1].relation == "same" and found[0] is not None
    ]
    if len(quantity.items) < 2 or len(there) < len(parts) or len({(q.section, q.measure) for q in there}) > 1:
        return None
    total = there[0]._replace(items=tuple(item for q in there for item in q.items))
    return Comparison("same", "各组成部分均相同", "each of its parts is the same", quantity, total)


def _not_joined(table: Crosswalk, one: Quantity, other: Quantity | None, form_name: str = "") -> Comparison:
    """Why two quantities that no line joins are not comparable."""
    sides = [(one, other.form if other else form_name)] + ([(other, one.form)] if other else [])
    for this, that in sides:
        for part in (this, *this.parts()):
            known = table.joined.get((part, that))
            if known is not None and known[0] is None:
                return Comparison("none", known[1].zh, known[1].en, one, other, line=known[1].line)
    for this, that in sides:
        whole = table.sums.get((this, that))
        if whole is not None:
            zh = f"只是 {whole[0]} 的一部分：{whole[2].zh}"
            en = f"only a part of {whole[0]}: {whole[2].en}"
            return Comparison("none", zh, en, one, other, line=whole[2].line)
    zh = "对照表没有把这两项对应起来：统计内容不同，或未经核对"
    en = "the crosswalk does not join them: they count different things, or nobody has reviewed them"
    return Comparison("none", zh, en, one, other)


def load_crosswalk(path: Path) -> Crosswalk:
    """Read a crosswalk.

    Raises:
        SchemaError: a column or reason is missing, a relation is none of the three, a field does not
            exist, the sides do not fit, or a pair occurs twice; ``where`` is ``file:line``.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise SchemaError("the columns must be " + ", ".join(_COLUMNS), where=f"{path}:1")
        rows = [(f"{path}:{reader.line_num}", reader.line_num, row) for row in reader]
    cells: dict[str, tuple[Key, ...]] = {**form_cells(), **_cells_in_print(rows)}
    table = Crosswalk(cells, {}, {}, {})
    for where, number, row in rows:
        for line in _lines(row, number, cells, where):
            _add(table, line, where)
    return table


def _cells_in_print(rows: Sequence[tuple[str, int, dict[str, str]]]) -> dict[str, tuple[Key, ...]]:
    """The fields the crosswalk names of forms that are not shipped as data."""
    found: dict[str, dict[Key, None]] = {}
    for _, _, row in rows:
        name, field = row["form_a"] or "", row["field_a"] or ""
        if name and name not in form_cells() and field.count("/") == 2:
            section, items, measure = field.split("/")
            for item in items.replace("+", " ").split():
                found.setdefault(name, {})[(section, item, measure)] = None
    return {name: tuple(keys) for name, keys in found.items()}


def _lines(row: dict[str, str], number: int, cells: Cells, where: str) -> Iterator[Line]:
    if any(value is None or (not value.strip() and name != "without") for name, value in row.items()):
        raise SchemaError("every column but `without` must be filled", where=where)
    if row["relation"] not in get_args(Relation):
        raise SchemaError(f"{row['relation']!r} is none of {', '.join(get_args(Relation))}", where=where)
    for form_b in row["form_b"].split():
        rest = (row["form_a"], form_b, row["relation"], row["without"].strip(), row["zh"], row["en"], number)
        try:
            left = list(_expand(row["form_a"], row["field_a"], cells))
            right = list(_expand(form_b, row["field_b"], cells))
        except UnknownField as error:
            raise SchemaError(error.message, hint=error.hint, where=where) from error
        for a, b in _together(left, right, where):
            yield Line(a, b, *rest)  # type: ignore[arg-type]


Tagged = tuple[tuple[str, str], Quantity | None]
"""((item, measure) where these are one of several, "" otherwise; the quantity)."""


def _expand(form_name: str, field: str, cells: Cells) -> Iterator[Tagged]:
    """The quantities that a field of the table stands for."""
    if field == _NOTHING:
        if form_name not in cells:
            raise UnknownField(f"no form is called {form_name!r}")
        yield ("", ""), None
        return
    if field.count("/") != 2:
        raise UnknownField(f"{field!r} is not section/item/measure")
    section, items, measures = field.split("/")
    known = [key for key in cells.get(form_name, ()) if key[0] == section]
    several = items.split() if items != "*" else list(dict.fromkeys(key[1] for key in known))
    for item in several:
        columns = [key[2] for key in known if key[1] == item] if measures == "*" else measures.split()
        if measures == "*" and not columns:  # a sum: the columns its first part has
            columns = [key[2] for key in known if key[1] == item.split("+")[0]]
        for measure in columns:
            tag = (
                item if " " in items or items == "*" else "",
                measure if " " in measures or measures == "*" else "",
            )
            yield tag, parse(form_name, (section, item, measure), cells)


def _together(
    left: list[Tagged], right: list[Tagged], where: str
) -> list[tuple[Quantity | None, Quantity | None]]:
    """Both sides by their tags; a side that is ``-`` goes with each of the other's."""
    if left[0][1] is None or right[0][1] is None:
        return [(a[1], b[1]) for a, b in product(left, right)]
    there = dict(right)
    if {tag for tag, _ in left} != there.keys():
        raise SchemaError("the two sides stand for different codes", where=where)
    return [(a, there[tag]) for tag, a in left]


def _add(table: Crosswalk, line: Line, where: str) -> None:
    if line.a is None and line.b is None:
        raise SchemaError("neither side names a field", where=where)
    for this, that, other_form in ((line.a, line.b, line.form_b), (line.b, line.a, line.form_a)):
        if this is None:
            continue
        if (this, other_form) in table.joined:
            raise SchemaError(f"{this} occurs twice against {other_form}", where=where)
        table.joined[this, other_form] = (that, line)
        if that is not None:
            table.pairs[this, that] = line
        if len(this.items) > 1:
            for part in this.parts():
                table.sums.setdefault((part, other_form), (this, that, line))
