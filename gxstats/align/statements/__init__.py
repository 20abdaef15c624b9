"""Figures that the prose of a report states: how many applications came, were handled, were disputed.

Only what a sentence says without doubt becomes a statement; everything else that seems to count
applications, reviews or lawsuits becomes a notice. The words are data (``lexicon.yaml``), and so is what they
say together (``rules.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from gxstats.align.statements.hearing import COUNTED, Hearing, Said, Unclear
from gxstats.align.statements.passages import Clause, Sentence, clauses, passages, sentences
from gxstats.model import Issue, Prose, Statement

_WANTED = re.compile("[申復复訴诉应應].{0,20}[請请議议訟讼]|依申|结转|結轉")
_WHY = {
    "not_understood": "a sentence with a count is not understood",
    "number_lost": "the number of this sentence is lost",
    "whose": "it is not clear whose figure this is",
    "of_when": "this figure is of another time",
    "of_what": "it is not clear what this figure counts",
}
_RAW = 300
_SHOWN = 60
_LONGEST = 800
Certainty = Literal["stated", "in_context", "derived", "contradicted"]
_MOST = 200
"""More statements than this no report makes: such text is no prose."""


class Extracted(NamedTuple):
    """What the prose of a report states, and what it leaves unclear."""

    statements: tuple[Statement, ...]
    issues: tuple[Issue, ...]


def extract(prose: Sequence[Prose], year: int | None = None, agency: str | None = None) -> Extracted:
    """The figures that the sentences of a report state.

    Args:
        prose: its paragraphs in order.
        year: the year it is for: figures of other years are left out.
        agency: whose report it is, by name: figures of other bodies are left out.

    Returns:
        Statements in the order of the text, and a notice for each sentence that seems to count applications,
        reviews or lawsuits and is not understood. Two statements of one thing that differ are both kept,
        marked ``contradicted``, with a warning.

    Example:
        >>> found = extract(
        ...     [Prose("overview", "我局收到政府信息公开申请5件（含上年结转2件），未发生行政复议。")]
        ... )
        >>> [(s.measure, s.value, s.certainty) for s in found.statements][:2]
        [('received+carried_in', 5, 'stated'), ('received', 3, 'derived')]
        >>> [(s.measure, s.value, s.certainty) for s in found.statements][2:]
        [('carried_in', 2, 'in_context'), ('review.total', 0, 'in_context')]
    """
    hearing = Hearing(year, agency)
    heard: list[Said | Unclear] = []
    for start, end in passages(prose):
        hearing.passage(prose[start].section == "disputes")
        for sentence in sentences(prose, start, end, _WANTED):
            long = len(sentence.text) > _LONGEST
            heard.extend(_too_long(sentence) if long else hearing.sentence(clauses(sentence)))
    said = [_statement(h, prose) for h in heard if isinstance(h, Said)][:_MOST]
    statements, contradictions = _compared(said)
    return Extracted(statements, (*contradictions, *_notices(heard, prose)))


def _too_long(sentence: Sentence) -> list[Unclear]:
    """Text that runs on without an end is no sentence; it may hold a count all the same."""
    head = Clause(sentence.text[:_SHOWN], sentence, 0, _SHOWN - 1)
    return [Unclear("not_understood", head)] if COUNTED.search(sentence.text) else []


def _notices(heard: Sequence[Said | Unclear], prose: Sequence[Prose]) -> list[Issue]:
    """One notice for each wording that is not clear, where it stands first."""
    found: dict[tuple[str, str], Issue] = {}
    for h in heard:
        if isinstance(h, Unclear):
            raw = _raw(h.clause, prose)
            at = prose[h.clause.begin.paragraph].at
            message = f"{_WHY[h.reason]}: {raw!r}"
            found.setdefault((h.reason, raw), Issue("notice", "prose_unclear", message, at))
    return list(found.values())[:_MOST]


def _statement(said: Said, prose: Sequence[Prose]) -> Statement:
    paragraph, start, end = _reach(said.clause, prose)
    certainty: Certainty = "derived" if said.derived else "in_context" if said.in_context else "stated"
    return Statement(
        said.measure,
        said.figure.relation,
        said.figure.value,
        said.scope,
        certainty,
        _raw(said.clause, prose),
        prose[paragraph].section,
        paragraph,
        start,
        end,
        f"derived: {said.derived}" if said.derived else None,
        prose[paragraph].at,
    )


def _reach(clause: Clause, prose: Sequence[Prose]) -> tuple[int, int, int]:
    """Its paragraph, the offset of its first character there, and behind the last, counted on from there."""
    begin, end = clause.begin, clause.end
    between = sum(len(prose[n].text) for n in range(begin.paragraph, end.paragraph))
    return begin.paragraph, begin.offset, between + end.offset + 1


def _raw(clause: Clause, prose: Sequence[Prose]) -> str:
    number, start, end = _reach(clause, prose)
    text = prose[number].text
    while end > len(text):
        number += 1
        text += prose[number].text
    return text[start:end][:_RAW]


def _compared(statements: Sequence[Statement]) -> tuple[tuple[Statement, ...], list[Issue]]:
    """Statements, those that contradict each other marked, and a warning for each such measure."""
    told: dict[tuple[str, str | None], list[Statement]] = {}
    for statement in statements:
        told.setdefault((statement.measure, statement.scope), []).append(statement)
    torn = {key: said for key, said in told.items() if _differ(said)}
    issues = [
        Issue(
            "warning",
            "prose_contradicts",
            f"the prose says {_values(said)} of {measure}",
            said[-1].at,
        )
        for (measure, _), said in torn.items()
    ]
    marked = (s._replace(certainty="contradicted") if (s.measure, s.scope) in torn else s for s in statements)
    return tuple(marked), issues


def _values(said: Iterable[Statement]) -> str:
    return " and ".join(dict.fromkeys(f"{s.relation.strip('=')}{s.value}" for s in said))


def _differ(said: Iterable[Statement]) -> bool:
    exact = {s.value for s in said if s.relation == "="}
    least = max((s.value for s in said if s.relation == ">="), default=0)
    return len(exact) > 1 or any(value < least for value in exact)
