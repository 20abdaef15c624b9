"""Hear a passage clause by clause: what it states, what it leaves unclear.

A clause states something only if every word of it is known and a rule holds for the whole of it. What a
clause leaves out (whose, of which year, of what) must have been said before it in the same passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gxstats.align.statements.lexicon import Token, Words, words
from gxstats.align.statements.numerals import Count, count_of
from gxstats.align.statements.passages import Clause
from gxstats.align.statements.rules import Rule, fits

Reason = Literal["not_understood", "number_lost", "whose", "of_when", "of_what"]
_ACTOR = re.compile(
    r"(?![在根据按照对向为与使让从把指督加强经积认])[\u4e00-\u9fff]{0,14}?"
    r"(?:局|厅|委|办公室|政府|镇|乡|街道|部门|单位|中心|支队|大队|公司|学校|医院|园区|县区|[县区市](?!域)|乡镇|镇街)"
)
_JUSTICE = re.compile("司法[局厅所]|行政复议")
_WITHIN = re.compile("其中|含|包含|包括")
COUNTED = re.compile(
    r"(?:申请|复议|诉讼)[^\d]{0,6}\d++[件条宗份例次起项个]|(?<!\d)\d++[件条宗份例次起项个][^\d]{0,6}(?:申请|复议|诉讼)"
)
"""A rough look for a count of applications, reviews or lawsuits in text that is not read word by word."""
_HEAD = re.compile(r"[Hdm]*([TlYx])(?!d*c|d*M)")
_COUNTED_BY = re.compile("[件条宗份例次起项个]")
_AFRESH = re.compile("其中.*(?:新收|本年|当年|今年|年度?收到)|.*结转")
_ONE = re.compile(r"一[\u4e00-\u9fff]$")
_NOUNS = {"A": "received", "P": "received", "p": "received", "R": "review.total", "L": "litigation.total"}
_DISPUTES = ("review.", "litigation.")
_HARMLESS = frozenset("SKM")
"""Counts of a part or a difference: what follows them is still about the same thing."""
_LONGEST = 120
_COUNTED = frozenset({"received", "handled", "received_and_handled", "received+carried_in"})


class Said(NamedTuple):
    """One thing that a clause states; ``rule`` names the rule that understood it."""

    measure: str
    figure: Count
    clause: Clause
    rule: str
    scope: str | None = None
    in_context: bool = False
    derived: str = ""


class Unclear(NamedTuple):
    """A clause that seems to count applications, reviews or lawsuits, and why nothing is taken from it."""

    reason: Reason
    clause: Clause


@dataclass(slots=True)
class _State:
    """What has been said so far."""

    applications: bool = False
    counted: bool = False
    strayed: bool = False
    """Since applications were named, a clause had words that are not known: something else may be meant."""
    disclosure: bool = False
    """The passage is about disclosure on application."""
    disputes: bool = False
    """It stands in the section on disputes over disclosure."""
    other_time: bool = False
    # Of the sentence only:
    about: bool = False
    """The dispute spoken of is about disclosure."""
    procedure: str = ""
    results: bool = False
    """What became of the disputes spoken of has been said."""
    proactive: bool = False
    stranger: bool = False
    scope: str | None = None

    def next_sentence(self) -> None:
        self.about, self.procedure, self.results, self.proactive = False, "", False, False
        self.stranger, self.scope = False, None


class Hearing:
    """Hears the passages of one report.

    Args:
        year: the report's own, if it is known.
        agency: whose report it is, if that is known.
    """

    def __init__(self, year: int | None = None, agency: str | None = None) -> None:
        self._year, self._agency = year, agency
        self._justice = bool(_JUSTICE.search(agency or ""))
        self._state = _State()

    def passage(self, disputes: bool = False) -> None:
        """A new passage begins; ``disputes``: in the section on disputes over disclosure."""
        self._state = _State(disclosure=disputes, disputes=disputes)

    def sentence(self, clauses: Sequence[Clause]) -> list[Said | Unclear]:
        """What the next sentence of the passage says."""
        self._state.next_sentence()
        heard: list[Said | Unclear] = []
        before: list[Said] = []
        for clause in clauses:
            if len(clause.text) <= _LONGEST:
                found = self._clause(clause, words(clause.text, self._year, self._agency))
            else:
                found = [Unclear("not_understood", clause)] if COUNTED.search(clause.text) else []
            said = [f for f in found if isinstance(f, Said)]
            heard.extend(found)
            if before and said:
                _with_carried_in(heard, before[-1], said)
            elif before and before[-1].measure == "received" and _AFRESH.match(clause.text):
                # 收到12件，其中新收10件: the first count is of more than came in the year.
                heard[:] = [Unclear("of_what", h.clause) if h is before[-1] else h for h in heard]
            if said or not clause.inside:
                before = said
        return heard

    def _clause(self, clause: Clause, said: Words) -> list[Said | Unclear]:
        tokens, codes = said
        if not clause.inside:
            self._time_and_body(codes, tokens)
        stated = self._stated(codes, tokens, clause)
        if stated is None:
            stated = self._nothing(codes, tokens, clause)
        found: list[Said | Unclear] = (
            list(self._not_understood(codes, tokens, clause))
            if stated is None
            else [self._doubted(s) for s in stated]
        )
        self._remember(codes, [f for f in found if isinstance(f, Said)], clause)
        return found

    def _time_and_body(self, codes: str, tokens: tuple[Token, ...]) -> None:
        state = self._state
        if "H" in codes and any(t.code == "H" and "申请" in t.text for t in tokens):
            state.applications, state.strayed = True, False
        head = _HEAD.match(codes)
        if head or codes.endswith("Y"):
            state.other_time = head is None or head[1] != "T"
        start = len(codes) - len(codes.lstrip("HTdmj"))
        if start == len(tokens):
            return
        first = tokens[start]
        if first.code in "BGN":
            state.stranger = False
            state.scope = {"B": None, "G": "body", "N": "summary"}[first.code]
        elif first.code == "X" and _ACTOR.match(first.text):
            state.stranger = True

    def _stated(self, codes: str, tokens: tuple[Token, ...], clause: Clause) -> list[Said] | None:
        if codes.count("n") != 1:
            return None
        raw = tokens[codes.index("n")].text
        count = count_of(raw)
        if count is None:
            return None
        for rule in fits(codes).figures:
            if rule.zero and count.value:
                continue
            if self._needed(rule, codes, raw, count):
                in_context = rule.needs not in ("", "disclosure") or (
                    rule.needs == "disclosure" and "i" not in codes
                )
                scope = self._state.scope
                return [Said(m, count, clause, rule.rule, scope, in_context) for m in rule.measures]
        return None

    def _needed(self, rule: Rule, codes: str, raw: str, count: Count) -> bool:
        state = self._state
        if rule.needs == "topic":
            return state.applications
        if rule.needs == "applications" and state.strayed:
            return False
        if rule.needs == "applications":
            # 受理一件、办结一件 says how, not how many.
            return state.applications and (state.counted or not _ONE.fullmatch(raw))
        if rule.needs == "counted":
            return state.applications and state.counted
        if rule.needs == "proactive":
            return state.proactive
        if rule.needs in ("review", "litigation"):
            return state.procedure == rule.needs
        if rule.needs == "disclosure":
            return self._about_disclosure(codes, not count.value)
        return True

    def _about_disclosure(self, codes: str, none: bool) -> bool:
        """Whether reviews or lawsuits named in a clause are about disclosure, not a body's own business."""
        state = self._state
        if "i" in codes or state.about:
            return True
        # None at all is none about disclosure too: there it is enough that the passage is about it.
        spoken_of = state.applications or state.disputes or (none and state.disclosure)
        business = re.search("[vw]", codes) is not None and "z" not in codes
        return not self._justice and not business and spoken_of

    def _nothing(self, codes: str, tokens: tuple[Token, ...], clause: Clause) -> list[Said] | None:
        if not fits(codes).nothing:
            return None
        counts = [t.text for t in tokens if t.code == "n"]
        if any(not _ONE.fullmatch(text) for text in counts):
            return None
        for rule in fits(codes).nothing:
            nouns = [c for c in codes if c in _NOUNS]
            if set(nouns) & {"R", "L"} and not self._about_disclosure(codes, True) and "A" not in nouns:
                continue
            zero = Count(0, "=")
            measures = dict.fromkeys(_NOUNS[c] for c in nouns)
            return [
                Said(m, zero, clause, rule.rule, self._state.scope, m != "received" and "i" not in codes)
                for m in measures
            ]
        return None

    def _not_understood(self, codes: str, tokens: tuple[Token, ...], clause: Clause) -> Iterator[Unclear]:
        said = fits(codes)
        if said.excluded:
            return
        if said.lost:
            yield Unclear("number_lost", clause)
            return
        figure = "n" in codes or any(t.code == "#" and _COUNTED_BY.search(t.text) for t in tokens)
        outcome = self._state.applications and said.outcome
        if (figure and (said.noun or outcome)) or ("z" in codes and said.noun and len(clause.text) < 40):
            yield Unclear("not_understood", clause)

    def _doubted(self, found: Said) -> Said | Unclear:
        if self._state.stranger:
            return Unclear("whose", found.clause)
        if self._state.other_time and found.measure not in ("carried_in", "carried_out"):
            return Unclear("of_when", found.clause)
        return found

    def _remember(self, codes: str, said: list[Said], clause: Clause) -> None:
        state = self._state
        about = set(codes)
        measures = {s.measure for s in said}
        if clause.inside and not said:
            return
        state.proactive = "D" not in about and ("O" in about or (state.proactive and "n" not in about))
        if "D" in about or ("n" in about and not said and not about & _HARMLESS):
            state.applications = state.counted = False
        elif about & {"A", "P", "p"} or any(not m.startswith(_DISPUTES) for m in measures):
            state.applications = True
        if about & {"A", "p", "H"} or said:
            state.strayed = False
        elif "X" in about:
            state.strayed = True
        state.disclosure = state.disclosure or bool(about & set("APpi")) or "依申请公开" in clause.text
        state.counted = state.counted or bool(measures & _COUNTED)
        if about & {"R", "L"}:
            of_disclosure = "i" in about or any(m.endswith(".total") for m in measures)
            state.about = state.about or of_disclosure
            state.applications = False
        totals = [m.partition(".")[0] for m in measures if m.endswith(".total")]
        if totals:
            # 复议2件、诉讼1件，其中维持1件 does not say of which.
            alone = len(totals) == 1 and (state.results or state.procedure in ("", totals[0]))
            state.procedure, state.results = totals[0] if alone else "either", False
        elif any(m.startswith(_DISPUTES) for m in measures):
            state.results = True


def _with_carried_in(heard: list[Said | Unclear], whole: Said, said: Sequence[Said]) -> None:
    """收到124件，含上年结转5件: the first count is of both, and what came in the year is the rest."""
    part = next((s for s in said if s.measure == "carried_in"), None)
    if part is None or whole.measure != "received" or not _WITHIN.match(part.clause.text):
        return
    place = next(n for n, h in enumerate(heard) if h is whole)
    if "新" in whole.clause.text or part.figure.value > whole.figure.value:
        heard[place : place + 1] = [Unclear("of_what", whole.clause)]
        return
    heard[place] = whole._replace(measure="received+carried_in", rule="with_carried_in")
    if whole.figure.relation == part.figure.relation == "=":
        rest = Count(whole.figure.value - part.figure.value, "=")
        note = f"{whole.figure.value} - {part.figure.value}"
        derived = whole._replace(figure=rest, rule="without_carried_in", derived=note)
        heard.insert(place + 1, derived)
