"""The label that a run of figures in a stream of tokens belongs to.

It ends where the figures begin, or is wrapped around them; beside it, words of labels down the margin
may stand, which are left out if no label is found with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from gxstats.align.labels import (
    Match,
    before_bracket,
    label_key,
    plain_text,
    strip_numbering,
    tolerance,
)
from gxstats.align.vocabulary import SectionWords, sections
from gxstats.model import Cell

_TRAILING_BRACKET = re.compile(r"\([^()]*\)$")
_SHORTEST_PIECE = 3
"""Characters of the first piece of a label that is wrapped around its figures."""


@dataclass(slots=True)
class Run:
    """Words, then the figures behind them."""

    words: list[Cell] = field(default_factory=list)
    figures: list[Cell] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words as they are compared with labels."""
        return plain_text("".join([c.text for c in self.words]))

    def without(self, margin: tuple[str, ...]) -> str:
        """The words but those that may be pieces of these labels."""
        texts = [plain_text(c.text) for c in self.words]
        return "".join(
            t for t in texts if not any(strip_numbering(t).strip("、()") in label for label in margin)
        )


def label_of(
    run: Run, following: Run, rest: tuple[str, str], words: SectionWords
) -> tuple[Match | None, int]:
    """The label of a run of figures, and how much of the words behind it belong to the label.

    Where no label is found exactly, words that may be pieces of a label down the margin (本年 / 度办 /
    理结 / 果, or 其 / 他处理 beside its rows) are left out and the label is looked for once more.
    """
    found = _exactly(run, *rest, words)
    if found:
        return found
    for margin in (words.container, words.groups, words.container + words.groups):
        before, after = run.without(margin), following.without(margin)
        found = _exactly(run, before, after, words)
        if found:
            return found[0], 0
    near = _near_end(_unbracketed(rest[0]), words)
    return (Match(near, False), 0) if near else (None, 0)


def _unbracketed(text: str) -> str:
    while (cut := _TRAILING_BRACKET.sub("", text)) != text and cut:
        text = cut
    return text


class _Wordings(NamedTuple):
    """The wordings of the labels of a section, as their ends are looked for.

    ``codes`` has the place of each wording among them and what it stands for; ``seams`` every pair of
    characters between which a label may be broken.
    """

    codes: dict[str, tuple[int, str]]
    lengths: tuple[int, ...]
    """The longest first."""
    seams: frozenset[str]


@cache
def _wordings(section: str) -> _Wordings:
    codes: dict[str, tuple[int, str]] = {}
    for code, wordings in sections()[section].items.wordings.items():
        for wording in wordings:
            codes.setdefault(wording, (len(codes), code))
    seams = frozenset(w[cut - 1 : cut + 1] for w in codes for cut in range(_SHORTEST_PIECE, len(w)))
    return _Wordings(codes, tuple(sorted({len(w) for w in codes}, reverse=True)), seams)


def _exactly(run: Run, before: str, after: str, words: SectionWords) -> tuple[Match, int] | None:
    """The longest label that ends where the figures begin, else one that is wrapped around them."""
    last = label_key(plain_text(run.words[-1].text)) if run.words else ""
    text = _unbracketed(before)
    known = _wordings(words.name)
    for length in known.lengths:
        end = text[-length:]
        fits = [known.codes[last]] if len(last) == length and last in known.codes else []
        if end in known.codes and len(end) == length and _stands_alone(text, end):
            fits.append(known.codes[end])
        if fits:
            return Match(min(fits)[1], True), 0
    return _wrapped(before, after, words)


def _stands_alone(text: str, wording: str) -> bool:
    """Short labels (其他, 总计) must stand alone behind a numbering mark, not end another word."""
    front = text[: -len(wording)]
    if len(wording) > 3 or not front:
        return True
    return strip_numbering(front[-2:] + wording) == wording or front.endswith(")") or front[-1:].isdigit()


def _wrapped(before: str, after: str, words: SectionWords) -> tuple[Match, int] | None:
    """A label that begins before its figures and ends behind them."""
    if before[-1:] + after[:1] not in _wordings(words.name).seams:
        return None
    found: list[tuple[int, str, int]] = []
    for code, wordings in words.items.wordings.items():
        for wording in wordings:
            for cut in range(len(wording) - 1, _SHORTEST_PIECE - 1, -1):
                if before.endswith(wording[:cut]) and after.startswith(wording[cut:]):
                    found.append((len(wording), code, len(wording) - cut))
                    break
    if not found:
        return None
    _, code, used = max(found)
    return Match(code, True), used


def _near_end(text: str, words: SectionWords) -> str | None:
    """The one label that the end of the text is a few edits away from."""
    scores: dict[str, int] = {}
    for code, wordings in words.items.wordings.items():
        for wording in wordings:
            allowed = tolerance(wording)
            for length in range(len(wording) - 2, len(wording) + 3):
                tail = before_bracket(label_key(text[-length:])) if 0 < length <= len(text) else ""
                distance = Levenshtein.distance(wording, tail)
                if allowed and distance <= allowed + 1:
                    scores[code] = min(distance, scores.get(code, 99))
    best = sorted(scores.items(), key=lambda kv: kv[1])
    if not best or (len(best) > 1 and best[1][1] - best[0][1] < 2):
        return None
    code, distance = best[0]
    return code if distance <= max(tolerance(w) for w in words.items.wordings[code]) else None
