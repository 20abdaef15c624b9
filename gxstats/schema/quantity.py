"""What a figure counts: one field of one form, or the sum of several fields of one of its tables.

Written short, a quantity is ``f2021:received`` (the total of a row), ``f2021:rules/in_force`` (one
column of it), ``f2021:applications/received/enterprise`` (in full), ``f2021:refused`` (a group, that
is the sum of its rows) or ``f2021:litigation_direct+litigation_after_review`` (any other sum).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from gxstats.errors import UnknownField
from gxstats.model import Key
from gxstats.schema.forms import form, forms, section_names

Cells = Mapping[str, Sequence[Key]]
"""Keys of the fields of each form that is known by name, in print order."""


class Quantity(NamedTuple):
    """A field of a form, or a sum of fields of one table and column.

    Example:
        >>> str(Quantity("f2021", "applications", ("received",), "total"))
        'f2021:applications/received/total'
    """

    form: str
    section: str
    items: tuple[str, ...]
    measure: str

    @property
    def keys(self) -> tuple[Key, ...]:
        """(section, item, measure) of every part."""
        return tuple((self.section, item, self.measure) for item in self.items)

    def parts(self) -> Iterator[Quantity]:
        """Every part by itself."""
        for item in self.items:
            yield self._replace(items=(item,))

    def __str__(self) -> str:
        return f"{self.form}:{self.section}/{'+'.join(self.items)}/{self.measure}"


@cache
def form_cells() -> dict[str, tuple[Key, ...]]:
    """Keys of all fields of every form that is shipped, in print order.

    Example:
        >>> len(form_cells()["f2021"])
        200
    """
    return {
        f.form: tuple((s.section, i.item, m.measure) for s in f.sections for i, m in s.cells())
        for f in forms()
    }


def members(form_name: str, section: str, code: str) -> tuple[str, ...]:
    """The items of a group in form order; the item itself if ``code`` is one; empty if it is neither.

    Example:
        >>> members("f2021", "applications", "other")
        ('other.not_corrected', 'other.fee_unpaid', 'other.other')
        >>> members("f2019", "applications", "other")
        ('other',)
    """
    part = form(form_name).section(section)
    items = [item.item for block in part.blocks for item in block.items]
    if code in items:
        return (code,)
    if all(group.group != code for group in part.groups):
        return ()
    return tuple(item for item in items if item.startswith(f"{code}."))


def parse(form_name: str, text: str | Sequence[str], cells: Cells) -> Quantity:
    """Read a quantity of one form.

    Args:
        form_name: the form.
        text: ``item``, ``item/measure`` or ``section/item/measure``, or these parts as a sequence;
            ``item`` may be a group, or several joined by ``+``.
        cells: the fields of the forms.

    Raises:
        UnknownField: the form has no such field, or the row has several columns and none is named.

    Example:
        >>> str(parse("f2021", "fees", form_cells()))
        'f2021:disclosure/fees/amount_10k_cny'
    """
    if form_name not in cells:
        raise UnknownField(f"no form is called {form_name!r}", hint=f"there are {', '.join(cells)}")
    parts = text.split("/") if isinstance(text, str) else list(text)
    named = parts[0] if len(parts) > 1 and parts[0] in section_names_of(cells) else None
    item, *rest = parts[1:] if named else parts
    if len(rest) > 1 or not item:
        raise UnknownField(
            f"{text!r} names no field", hint="write item, item/measure or section/item/measure"
        )
    for section in [named] if named else section_names_of(cells):
        items = _items(form_name, section, item, cells)
        if items:
            return Quantity(form_name, section, items, _measure(form_name, section, items, rest, cells))
    raise UnknownField(f"form {form_name} has no item {item!r}" + (f" in section {named}" if named else ""))


def section_names_of(cells: Cells) -> tuple[str, ...]:
    """Every section of the forms and of what else is known by name."""
    return tuple(dict.fromkeys([*section_names(), *(key[0] for keys in cells.values() for key in keys)]))


def _items(form_name: str, section: str, text: str, cells: Cells) -> tuple[str, ...]:
    """The items ``a+group+b`` stands for, in form order; empty if one of them is not in this section."""
    known = list(dict.fromkeys(key[1] for key in cells[form_name] if key[0] == section))
    found: list[str] = []
    for code in text.split("+"):
        grouped = members(form_name, section, code) if known and form_name in form_cells() else ()
        if code not in known and not grouped:
            return ()
        found.extend(grouped or (code,))
    if len(set(found)) < len(found):
        raise UnknownField(f"{text!r} counts a row twice", hint="a group holds its rows already")
    return tuple(sorted(found, key=known.index))


def _measure(form_name: str, section: str, items: Sequence[str], named: Sequence[str], cells: Cells) -> str:
    """The column: the one named, else the total, else the only one that all the rows have."""
    each = [[key[2] for key in cells[form_name] if key[:2] == (section, item)] for item in items]
    shared = [measure for measure in each[0] if all(measure in others for others in each)]
    if named:
        if named[0] in shared:
            return named[0]
        raise UnknownField(
            f"{'+'.join(items)} of form {form_name} has no {named[0]!r}", hint=f"it has {', '.join(shared)}"
        )
    if "total" in shared:
        return "total"
    if len(shared) == 1:
        return shared[0]
    choice = ", ".join(f"{items[0]}/{measure}" for measure in shared)
    raise UnknownField(
        f"{'+'.join(items)} of form {form_name} has several columns", hint=f"name one: {choice}"
    )
