"""What clauses say, as patterns over the classes of their words: ``rules.yaml``, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from gxstats.schema.source import Node, read_yaml

_FILE = Path(__file__).with_name("rules.yaml")
_NOUN = re.compile("[ARL]|[Ppa].*[vbwz]|[vbwz].*[Ppa]")
_OUTCOME = re.compile("[vbwghruso]|lc|cl|cx")
NEEDS = ("", "topic", "applications", "counted", "proactive", "disclosure", "review", "litigation")


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to say something.

    Attributes:
        rule: its name.
        pattern: over the classes of the words of a clause.
        measures: what the clause's count is of; empty where nothing is stated.
        needs: what must have been said before.
        zero: the rule holds only for 0.
    """

    rule: str
    pattern: re.Pattern[str]
    measures: tuple[str, ...] = ()
    needs: str = ""
    zero: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules: figures, "none of", clauses left out, and clauses whose number is lost."""

    figures: tuple[Rule, ...]
    nothing: tuple[Rule, ...]
    exclusions: tuple[Rule, ...]
    lost: tuple[Rule, ...]

    def names(self) -> list[str]:
        """The names of all rules, in order."""
        return [r.rule for rs in (self.figures, self.nothing, self.exclusions, self.lost) for r in rs]


class Fits(NamedTuple):
    """What the classes of a clause's words say by themselves: clauses of the same classes are frequent.

    ``figures`` and ``nothing`` are the rules that fit the whole clause, which has one count or a word for
    none; ``excluded`` says that it is left out without a word, ``lost`` that it would state something but
    for its number. ``noun`` and ``outcome`` say whether it names what is counted, and what became of it.
    """

    figures: tuple[Rule, ...]
    nothing: tuple[Rule, ...]
    excluded: bool
    lost: bool
    noun: bool
    outcome: bool


@lru_cache(maxsize=4096)
def fits(codes: str) -> Fits:
    """The rules that fit a clause whose words are of these classes.

    Example:
        >>> [r.rule for r in fits("TBdvAn").figures], fits("M").excluded
        (['received'], True)
    """
    known = rules()
    figures = known.figures if codes.count("n") == 1 else ()
    nothing = known.nothing if "z" in codes else ()
    return Fits(
        tuple([r for r in figures if r.pattern.fullmatch(codes)]),
        tuple([r for r in nothing if r.pattern.fullmatch(codes)]),
        any(r.pattern.search(codes) for r in known.exclusions),
        "n" not in codes and any(r.pattern.fullmatch(codes) for r in known.lost),
        _NOUN.search(codes) is not None,
        _OUTCOME.search(codes) is not None,
    )


@cache
def rules() -> Rules:
    """The rules shipped with the package.

    Raises:
        SchemaError: the data file is faulty; names file and line.

    Example:
        >>> [r.rule for r in rules().nothing]
        ['nothing_received', 'nothing_received_on_application', 'nothing_disputed']
    """
    return load_rules(_FILE)


def load_rules(path: Path) -> Rules:
    """Read a file of rules.

    Raises:
        SchemaError: a key is unknown, a pattern is no regular expression, or a name occurs twice.
    """
    node = read_yaml(path)
    node.only("lead figures nothing exclusions lost")
    lead = node.text("lead")
    found = Rules(
        *(tuple(_rule(n, lead) for n in node.each(k)) for k in ("figures", "nothing", "exclusions", "lost"))
    )
    node.unique(found.names(), "rule")
    return found


def _rule(node: Node, lead: str) -> Rule:
    node.only("rule measure pattern needs zero")
    try:
        pattern = re.compile(node.text("pattern").replace("{lead}", lead))
    except re.error as error:
        raise node.fault("pattern", str(error)) from error
    needs = node.text("needs", "")
    if needs not in NEEDS:
        raise node.fault("needs", f"{needs!r} is none of {', '.join(NEEDS)}")
    measures = tuple(node.text("measure", "").split())
    return Rule(node.text("rule"), pattern, measures, needs, bool(node.get("zero")))
