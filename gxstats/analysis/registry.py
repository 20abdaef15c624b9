"""The metrics as data: what each is called, how it is computed, what to beware of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from gxstats.errors import SchemaError, UnknownField
from gxstats.schema import forms
from gxstats.schema.source import Node, read_yaml

Kind = Literal["count", "share", "rate", "ratio", "difference", "special"]
POPULATION = "population"
_FILE = Path(__file__).with_name("metrics.yaml")
_KEYS = "id name kind numerator denominator parts scale lag forms breaks formula"
_TEXTS = " zh en of_zh of_en caveat_zh caveat_en"


class Term(NamedTuple):
    """One operand: ``sign`` times the sum of an item (or of every item of a group) in one measure."""

    sign: int
    section: str
    item: str
    measure: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of the registry.

    ``parts`` maps the name of a part to its numerator; a plain metric has one part called "".
    ``forms`` are the editions of the form that have all operands.
    """

    id: str
    name: str
    kind: Kind
    zh: str
    en: str
    formula: str
    parts: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    denominator: tuple[Term, ...] = ()
    per_population: bool = False
    scale: int = 1
    lag: int = 0
    """By how many years the denominator's report precedes the numerator's."""
    forms: tuple[str, ...] = ()
    breaks: tuple[int, ...] = ()
    caveat_zh: str = ""
    caveat_en: str = ""
    of_zh: str = ""
    """What the denominator counts, with its unit."""
    of_en: str = ""

    @property
    def additive(self) -> bool:
        """Whether figures of several reports are added, so that none may cover another."""
        return self.kind != "special" or self.name in ("growth", "concentration")


@cache
def registry() -> tuple[Metric, ...]:
    """All metrics in the order of the registry.

    Raises:
        SchemaError: the data file is faulty; names file and line.

    Example:
        >>> [m.name for m in registry()][:3]
        ['received', 'received_per_100k', 'growth']
    """
    node = read_yaml(_FILE)
    node.only("metrics")
    found = tuple(_metric(n) for n in node.each("metrics"))
    node.unique([m.name for m in found], "name")
    node.unique([m.id for m in found], "id")
    return found


def find(name: str) -> Metric:
    """The metric called ``name`` (or with that id).

    Raises:
        UnknownField: no such metric.

    Example:
        >>> find("O3").name
        'disclosure_rate'
    """
    for candidate in registry():
        if name in (candidate.name, candidate.id):
            return candidate
    names = [candidate.name for candidate in registry()]
    hint = f"there are {', '.join(get_close_matches(name, names, 3, 0.4) or names)}; gx.metrics() says more"
    raise UnknownField(f"no metric is called {name!r}", hint=hint)


def _metric(node: Node) -> Metric:
    node.only(_KEYS + _TEXTS)
    denominator = node.texts("denominator", optional=True)
    known = tuple(f.form for f in forms())
    parts = _parts(node)
    below = tuple(_term(node, t) for t in denominator if t != POPULATION)
    needed = {term.section for terms in (below, *parts.values()) for term in terms}
    having = tuple(f.form for f in forms() if needed <= {s.section for s in f.sections})
    wanted = node.texts("forms", optional=True) or having
    if not set(wanted) <= set(known):
        raise node.fault("forms", f"unknown among {', '.join(wanted)}")
    kind = node.choice("kind", ("count", "share", "rate", "ratio", "difference", "special"))
    if kind in ("share", "rate") and not (node.get("of_zh") and node.get("of_en")):
        raise node.fault("of_zh", "a share or a rate must say what it is of, in zh and en")
    return Metric(
        id=node.text("id"),
        name=node.text("name"),
        kind=kind,  # type: ignore[arg-type]
        zh=node.text("zh"),
        en=node.text("en"),
        formula=node.text("formula"),
        parts=parts,
        denominator=below,
        per_population=POPULATION in denominator,
        scale=node.number("scale") if node.get("scale") else 1,
        lag=node.number("lag") if node.get("lag") else 0,
        forms=tuple(wanted),
        breaks=tuple(node.get("breaks") or ()),
        caveat_zh=node.text("caveat_zh", ""),
        caveat_en=node.text("caveat_en", ""),
        of_zh=node.text("of_zh", ""),
        of_en=node.text("of_en", ""),
    )


def _parts(node: Node) -> dict[str, tuple[Term, ...]]:
    if node.get("parts") is None:
        return {"": tuple(_term(node, t) for t in node.texts("numerator", optional=True))}
    parts = node.get("parts")
    if not isinstance(parts, dict):
        raise node.fault("parts", "a mapping of part to terms is needed")
    return {str(part): tuple(_term(node, str(t)) for t in terms) for part, terms in parts.items()}


def _term(node: Node, text: str) -> Term:
    """A term as written in the data: ``[-]item`` or ``[-]item/measure``."""
    sign, plain = (-1, text[1:]) if text.startswith("-") else (1, text)
    item, _, measure = plain.partition("/")
    measure = measure or "total"
    for form in forms():
        for section in form.sections:
            for i, m in section.cells():
                if m.measure == measure and (i.item == item or i.item.startswith(f"{item}.")):
                    return Term(sign, section.section, item, measure)
    fault = node.fault("numerator", f"no form has {text!r}")
    raise SchemaError(fault.message, where=fault.where)
