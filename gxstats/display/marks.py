"""How one cell shows: its figure or the state it is in, and what is to be said about it.

The marks are text, not only colour: they survive a notebook that strips styles, a plain terminal
and a reader who does not see red.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gxstats.display.words import Lang, visible, word
from gxstats.model import Check, Fact, Key
from gxstats.schema import forms

if TYPE_CHECKING:
    from gxstats.report import Report

UNCONFIRMED = "?"
FAIL = "✗"


class Mark(NamedTuple):
    """What a cell shows.

    Attributes:
        text: the figure, the printed text, or the word for a state without text.
        implied: the figure the sums prove for a cell that prints none, "" if there is none.
        signs: ``?`` for an unconfirmed reading, ``✗`` for a total that its parts contradict.
        keys: the keys of the legend that explain this cell.
    """

    text: str
    implied: str = ""
    signs: str = ""
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}{f'={self.implied}' if self.implied else ''}{self.signs}"


def mark(fact: Fact | None, contradicted: frozenset[Key] = frozenset(), lang: Lang = "zh") -> Mark:
    """The mark of one fact.

    Args:
        fact: the fact, None for a cell that was not found at all.
        contradicted: the totals of failing sums, see :func:`contradicted`.
        lang: language of the words for states.

    Example:
        >>> str(mark(None)), str(mark(None, lang="en"))
        ('缺', 'absent')
    """
    if fact is None:
        return Mark(word("absent", lang), keys=("absent",))
    text, keys = _text(fact, lang)
    signs = ""
    implied = "" if fact.implied is None else str(fact.implied)
    if implied:
        keys.append("implied")
    # An unreadable or absent cell says by itself that nothing is confirmed.
    if fact.verdict == "unconfirmed" and fact.state not in ("unreadable", "absent"):
        signs += UNCONFIRMED
        keys.append("unconfirmed")
    if fact.sums == "fail":
        keys.append("failing")
        if fact.key in contradicted:
            signs += FAIL
            keys.append("fail")
    return Mark(text, implied, signs, tuple(keys))


def _text(fact: Fact, lang: Lang) -> tuple[str, list[str]]:
    if fact.state == "reported":
        figure = f"{fact.value}" if fact.amount is None else f"{fact.amount:f}"
        # The unit of a column stands in its head; only a unit printed in the cell itself is repeated.
        own_unit = fact.unit if fact.amount is not None and fact.unit and fact.unit in fact.raw else ""
        return figure + own_unit, []
    if fact.verdict == "disputed":
        return word("disputed", lang), ["disputed"]
    if fact.state in ("dash", "text"):
        return visible(fact.raw).strip(), [fact.state]
    return word(fact.state, lang), [fact.state]


def contradicted(report: Report) -> frozenset[Key]:
    """The fields on the right side of the report's failing sums: the totals that parts contradict.

    Example:
        >>> from gxstats.report import Report
        >>> contradicted(Report({}))
        frozenset()
    """
    return frozenset(key for check in report.check_rows if check.status == "fail" for key in _right(check))


def _right(check: Check) -> list[Key]:
    identities = [i for f in forms() for i in f.identities if i.id == check.rule]
    codes = {code for identity in identities for code in identity.rhs}
    each_item = any(identity.each == "item" for identity in identities)
    return [key for key in check.operands if (key[2] if each_item else key[1]) in codes]


def legend(keys: set[str], lang: Lang) -> list[tuple[str, str]]:
    """(sign, meaning) for each of the keys, in a fixed order.

    Example:
        >>> legend({"blank"}, "en")
        [('blank', 'blank cell')]
    """
    signs = {
        "blank": word("blank", lang),
        "dash": "—",
        "text": "…",
        "unreadable": word("unreadable", lang),
        "absent": word("absent", lang),
        "disputed": word("disputed", lang),
        "implied": "=0",
        "unconfirmed": UNCONFIRMED,
        "fail": FAIL,
        "failing": "",
    }
    return [(sign, word(f"legend.{key}", lang)) for key, sign in signs.items() if key in keys]
