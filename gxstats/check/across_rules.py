"""The rules between reports as data: ``across.yaml``, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from gxstats.model import Key, Level
from gxstats.schema import form
from gxstats.schema.source import Node, read_yaml

_FILE = Path(__file__).with_name("across.yaml")
_TERM = re.compile(r"(?P<sign>-?)(?P<code>[a-z0-9_.]+)@(?P<when>before|after)")
_LEVELS = ("error", "warning", "notice")


class Term(NamedTuple):
    """One operand: a code in the report of the year ``before`` or of the year itself (``after``)."""

    sign: int
    code: str
    when: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule between the reports of one body for two years, tried on each item or measure.

    ``forms`` are the forms it holds between; ``errors`` the places where a failure is an error.
    """

    id: str
    section: str
    forms: tuple[str, ...]
    each: Literal["item", "measure"]
    lhs: tuple[Term, ...]
    rhs: tuple[Term, ...]
    severity: Level
    errors: tuple[str, ...]
    zh: str
    en: str

    def key(self, term: Term, place: str) -> Key:
        """The field a term stands for at a place."""
        if self.each == "item":
            return (self.section, place, term.code)
        return (self.section, term.code, place)

    def places(self) -> tuple[str, ...]:
        """The items or measures that have every term in all forms of the rule, in form order."""
        return _places(self)


@cache
def _places(rule: Rule) -> tuple[str, ...]:
    """Asked for every report, so it is told once."""
    cells = [
        {(i.item, m.measure): None for i, m in form(f).section(rule.section).cells()} for f in rule.forms
    ]
    found = dict.fromkeys(cell[0] if rule.each == "item" else cell[1] for cell in cells[-1])
    terms = (*rule.lhs, *rule.rhs)
    return tuple(p for p in found if all(rule.key(term, p)[1:] in known for term in terms for known in cells))


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules between reports, the one about summaries, and the words findings are said in."""

    follow: tuple[Rule, ...]
    add_up: str
    add_up_severity: Level
    texts: dict[str, dict[str, str]]
    """Rule or word -> language -> text."""


@cache
def rules() -> Rules:
    """The rules shipped with the package.

    Raises:
        SchemaError: the data file is faulty; names file and line.

    Example:
        >>> [(rule.id, rule.places()) for rule in rules().follow][1]
        ('X-STOCK', ('rules', 'normative_documents'))
    """
    return load_rules(_FILE)


def load_rules(path: Path) -> Rules:
    """Read a file of rules.

    Raises:
        SchemaError: a key is missing, unknown or of the wrong type, or a rule names a field that its
            forms do not have; ``where`` is ``file:line``.
    """
    node = read_yaml(path)
    node.only("follow add_up words")
    follow = tuple(_rule(n) for n in node.each("follow"))
    node.unique([rule.id for rule in follow], "id")
    if len(node.each("add_up")) != 1:
        raise node.fault("add_up", "exactly one rule is needed")
    add_up = node.each("add_up")[0]
    add_up.only("id severity zh en")
    texts = {rule.id: {"zh": rule.zh, "en": rule.en} for rule in follow}
    texts[add_up.text("id")] = {"zh": add_up.text("zh"), "en": add_up.text("en")}
    for word in node.each("words"):
        word.only("word zh en")
        texts[word.text("word")] = {"zh": word.text("zh"), "en": word.text("en")}
    return Rules(follow, add_up.text("id"), add_up.choice("severity", _LEVELS), texts)  # type: ignore[arg-type]


def _rule(node: Node) -> Rule:
    node.only("id section forms each lhs rhs severity errors zh en")
    rule = Rule(
        node.text("id"),
        node.text("section"),
        node.texts("forms"),
        node.choice("each", ("item", "measure")),  # type: ignore[arg-type]
        tuple(_term(node, "lhs", text) for text in node.texts("lhs")),
        tuple(_term(node, "rhs", text) for text in node.texts("rhs")),
        node.choice("severity", _LEVELS),  # type: ignore[arg-type]
        node.texts("errors", optional=True),
        node.text("zh"),
        node.text("en"),
    )
    try:
        places = rule.places()
    except LookupError as error:
        raise node.fault("forms", str(error)) from error
    if not places:
        raise node.fault(
            "lhs", f"{rule.section} of {', '.join(rule.forms)} has no place with all these codes"
        )
    if unknown := set(rule.errors) - set(places):
        raise node.fault("errors", f"{min(unknown)!r} is no place of this rule")
    return rule


def _term(node: Node, key: str, text: str) -> Term:
    match = _TERM.fullmatch(text)
    if match is None:
        raise node.fault(key, f"{text!r} is not CODE@before or CODE@after")
    return Term(-1 if match["sign"] else 1, match["code"], match["when"])  # type: ignore[arg-type]
