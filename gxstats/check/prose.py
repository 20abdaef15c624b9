"""Compare what a report says in words with its own tables (rule N-TEXT); changes no fact and no verdict.

What prose calls received or handled may be any of four figures of the form, and what it calls reviews or
lawsuits the total with or without those still pending: the sums in ``prose.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gxstats.model import Cause, Check, Fact, Key, Level, Statement, Status
from gxstats.schema import forms
from gxstats.schema.source import Node, read_yaml

_FILE = Path(__file__).with_name("prose.yaml")
_LEVELS = ("error", "warning", "notice")


class Term(NamedTuple):
    """A field of the form, added (1) or taken off (-1)."""

    sign: int
    key: Key


@dataclass(frozen=True, slots=True)
class TextRule:
    """The rule: its name and words, and for each measure of a statement its kind and the sums it may be."""

    rule: str
    severity: Level
    zh: str
    en: str
    labels: Mapping[str, Mapping[str, str]]
    sections: Mapping[str, str]
    kinds: Mapping[str, str]
    sums: Mapping[str, tuple[tuple[Term, ...], ...]]


@cache
def text_rule() -> TextRule:
    """The rule shipped with the package.

    Raises:
        SchemaError: the data file is faulty; names file and line.

    Example:
        >>> [len(sums) for sums in text_rule().sums.values()]
        [4, 4, 4, 4, 4, 2, 2]
    """
    return load_text_rule(_FILE)


def load_text_rule(path: Path) -> TextRule:
    """Read a file of the rule.

    Raises:
        SchemaError: a key is unknown, or a sum names a field that no form has.
    """
    node = read_yaml(path)
    node.only("rule severity zh en kinds")
    labels: dict[str, dict[str, str]] = {}
    sections: dict[str, str] = {}
    kinds: dict[str, str] = {}
    sums: dict[str, tuple[tuple[Term, ...], ...]] = {}
    for kind in node.each("kinds"):
        kind.only("kind section measures sums")
        for said in kind.each("measures"):
            said.only("measure zh en")
            measure = said.text("measure")
            labels[measure] = {"zh": said.text("zh"), "en": said.text("en")}
            sections[measure] = kind.text("section")
            kinds[measure] = kind.text("kind")
            sums[measure] = tuple(_sum(kind, text) for text in kind.texts("sums"))
    severity: Level = node.choice("severity", _LEVELS)  # type: ignore[assignment]
    zh, en = node.text("zh"), node.text("en")
    return TextRule(node.text("rule"), severity, zh, en, labels, sections, kinds, sums)


def _sum(node: Node, text: str) -> tuple[Term, ...]:
    section = node.text("section")
    known = {
        (i.item, m.measure) for f in forms() for s in f.sections if s.section == section for i, m in s.cells()
    }
    terms = []
    for word in text.split():
        item, _, measure = word.removeprefix("-").partition("/")
        if (item, measure) not in known:
            raise node.fault("sums", f"{word!r} is no field of {section}")
        terms.append(Term(-1 if word.startswith("-") else 1, (section, item, measure)))
    return tuple(terms)


def compare_prose(statements: Iterable[Statement], facts: Iterable[Fact]) -> tuple[Check, ...]:
    """One check for each statement that the rule tests.

    Args:
        statements: what the prose says; what is ``derived`` from others is not tested again.
        facts: the facts of the same report.

    Returns:
        Checks whose ``where`` is the measure of the statement, ``lhs`` what is said, and ``rhs`` the figure
        of the tables it equals, or the nearest. ``fail`` needs all figures it might be. The cause is the
        publisher only if the figure was said outright of the report's own body, every figure it might
        be is confirmed, and no other figure of the same table is equal to it.

    Example:
        >>> said = Statement("received", "=", 3, None, "stated", "收到申请3件", "overview", 0, 0, 6)
        >>> compare_prose([said], [])[0].status
        'inconclusive'
    """
    rule = text_rule()
    tested = [said for said in statements if said.certainty != "derived" and said.measure in rule.sums]
    known: dict[Key, Fact] = {fact[:3]: fact for fact in facts} if tested else {}
    return tuple([_check(said, known, rule) for said in tested])


def _check(said: Statement, known: Mapping[Key, Fact], rule: TextRule) -> Check:
    sums = rule.sums[said.measure]
    totals = [_total(terms, known) for terms in sums]
    figures = [total for total in totals if total is not None]
    fits = [f for f in figures if f == said.value or (said.relation == ">=" and f > said.value)]
    status: Status = "pass" if fits else "fail" if len(figures) == len(totals) else "inconclusive"
    rhs = min(fits or figures, key=lambda f: abs(f - said.value)) if figures else None
    operands = tuple(dict.fromkeys(term.key for terms in sums for term in terms))
    cause = _cause(said, operands, known) if status == "fail" else None
    printed = sum(1 for key in operands if key in known and _figure(known[key]) is not None)
    section = rule.sections[said.measure]
    return Check(
        rule.rule, rule.severity, section, said.measure, said.value, rhs, status, cause, operands, printed
    )


def _total(terms: tuple[Term, ...], known: Mapping[Key, Fact]) -> int | None:
    total = 0
    for sign, key in terms:
        figure = _figure(known[key]) if key in known else None
        if figure is None:
            return None
        total += sign * figure
    return total


def _figure(fact: Fact) -> int | None:
    return fact.implied if fact.value is None else fact.value


def _cause(said: Statement, operands: tuple[Key, ...], known: Mapping[Key, Fact]) -> Cause:
    """Publisher only where nothing else can be meant: the words, the figures and whose they are."""
    outright = said.certainty == "stated" and said.relation == "=" and said.scope is None
    confirmed = all(known[key].verdict == "confirmed" and known[key].value is not None for key in operands)
    elsewhere = any(f.section == operands[0][0] and _figure(f) == said.value for f in known.values())
    return "publisher" if outright and confirmed and not elsewhere else "unknown"
