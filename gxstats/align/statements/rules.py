"""What clauses say, as patterns over the classes of their words: ``rules.yaml``, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gxstats.schema.source import Node, read_yaml

_FILE = Path(__file__).with_name("rules.yaml")
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
