"""Sentences and clauses of a report's prose, with the place of each in the source."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from gxstats.align.labels import simplified
from gxstats.align.statements.numerals import CHINESE, CLASSIFIERS
from gxstats.model import Prose

_ENDED = re.compile(r"[。！？!?；;：:]\s*$")
_STARTS_ANEW = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、.．](?!\d))"
)
_LEFT_OUT = "\"'“”‘’„‟″＂「」『』《》〈〉•·_*#\u200b\ufeff\xad"
_LEAVES_OUT = re.compile(rf"[\s{_LEFT_OUT}]")
_KEPT_TOGETHER = re.compile(rf"[^\s{_LEFT_OUT}]+")
_OPENING, _CLOSING = "([{【〔", ")]}】〕"
_KEPT = "并且其"
"""After a figure these begin a clause, and belong to it."""
_FIGURE = re.compile(rf"(?:\d|{CHINESE}|[余多]){CLASSIFIERS}(?:以上)?$")
_BREAKS = ",，;；。"
_SIGN = re.compile(f"[{re.escape(_OPENING + _BREAKS + _KEPT)}、]")
_BRACKET = re.compile(f"[{re.escape(_OPENING + _CLOSING)}]")
_GROUPED = re.compile(r"\d,\d{3}(?!\d)")
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")
_WORTH = re.compile(
    r"[\d零〇一二两三四五六七八九十百千余餘多上](?:\s)*[件条條宗份例次起项項个個]|[未无無没沒不].{0,40}?(?:申请|申請|复议|復議|訴訟|诉讼|依申)"
    r"|[收受接办辦理].{0,16}?(?:申请|申請|依申)|[０-９]|^\W{0,8}(?:\d{4}年|去年|上年|本年|今年|全年)"
)
"""A sentence without any of these neither counts anything nor says of which year the next one is."""
_SIGNS = ".,/—-"
"""What stands in cells, besides digits."""
_OF_TABLE = re.compile(
    # Three and no more, from the beginning of blanks only: so each sign of a long line is tried three times.
    r"(?<![\s|])(?:[\s|]++[\d.,/—-]++){3}\s*+$|^[\s|]*+[\d.,/—-]++(?:[\s|]++[\d.,/—-]++)*+\s*+$"
)
_ENUMERATION = re.compile(r"[一二三四五六七八九十\d]{1,3}")
_WIDE_COMMA = re.compile("，(?<=[０-９]，)(?=[０-９]{3}(?![０-９]))")
_LONGEST = 4_000


class Place(NamedTuple):
    """Where a character stands: paragraph and offset in it."""

    paragraph: int
    offset: int


class _Compared(dict[int, str]):
    """Code point -> how a character is compared; white space is a line break."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isspace():
            compared = "\n"
        elif char in _LEFT_OUT:
            compared = ""
        else:
            compared = char if char in "，；。" else unicodedata.normalize("NFKC", char)
        self[code] = compared
        return compared


_COMPARED = _Compared()


_START = Place(0, 0)


@dataclass(frozen=True)
class Sentence:
    """A sentence.

    Attributes:
        text: the characters that are compared.
        printed: what it was made of, in simplified characters, a part for each paragraph it runs over.
        begin: where it begins.
    """

    text: str
    printed: tuple[str, ...] = ()
    begin: Place = _START

    def place(self, index: int) -> Place:
        """Where a character of the text stands."""
        paragraph, offset = self.begin
        offset += self._origins[index]
        behind = self.begin.offset
        for part in self.printed:
            behind += len(part)
            if offset < behind:
                break
            paragraph, offset, behind = paragraph + 1, offset - behind, 0
        return Place(paragraph, offset)

    @cached_property
    def _origins(self) -> Sequence[int]:
        """Of each character of the text, which of the printed ones it was."""
        printed = "".join(self.printed)
        if len(printed) == len(self.text) and not _LEAVES_OUT.search(printed):
            return range(len(printed))  # where nothing is left out, no sign is less than one character
        found: list[int] = []
        behind = 0
        for part in self.printed:
            for run in _KEPT_TOGETHER.finditer(part):
                compared = run[0].translate(_COMPARED)
                first = behind + run.start()
                if self.text[len(found)] != compared[0]:
                    found.append(first)  # the blank before a digit that is torn from another
                if len(compared) == len(run[0]):
                    found.extend(range(first, first + len(compared)))
                else:
                    found.extend([first + n for n, char in enumerate(run[0]) for _ in _COMPARED[ord(char)]])
            behind += len(part)
        return found


class Clause(NamedTuple):
    """What stands between two breaks; ``inside`` is true within brackets."""

    text: str
    """The characters that are compared."""
    sentence: Sentence
    first: int
    """Of its characters, counted in the text of the sentence."""
    last: int
    inside: bool = False

    @property
    def begin(self) -> Place:
        """Where its first character stands."""
        return self.sentence.place(self.first)

    @property
    def end(self) -> Place:
        """Where its last character stands."""
        return self.sentence.place(self.last)


def passages(prose: Sequence[Prose]) -> Iterator[tuple[int, int]]:
    """Paragraphs that belong together, as (first, behind the last): a sentence may run over lines and pages.

    Example:
        >>> list(
        ...     passages(
        ...         [
        ...             Prose("overview", "全年收到"),
        ...             Prose("overview", "申请三件。"),
        ...             Prose("overview", "无。"),
        ...         ]
        ...     )
        ... )
        [(0, 2), (2, 3)]
    """
    start, length = 0, 0
    of_table = [_is_of_table(paragraph.text) for paragraph in prose]
    for number, paragraph in enumerate(prose):
        length += len(paragraph.text)
        following = prose[number + 1] if number + 1 < len(prose) else None
        if (
            following is None
            or following.section != paragraph.section
            or length > _LONGEST
            or _ENDED.search(paragraph.text)
            or _STARTS_ANEW.match(following.text)
            or of_table[number]
            or of_table[number + 1]
        ):
            if not of_table[number]:
                yield start, number + 1
            start, length = number + 1, 0


def _is_of_table(text: str) -> bool:
    last = text.rstrip()[-1:]
    if not (last in _SIGNS or last.isdecimal()):
        return False
    # Pages of running text may end with a figure: cells stand behind the last word only.
    start = len(text)
    while start and ((char := text[start - 1]) in _SIGNS + "|" or char.isdecimal() or char.isspace()):
        start -= 1
    return _OF_TABLE.search(text, start) is not None


def sentences(prose: Sequence[Prose], start: int, end: int, wanted: re.Pattern[str]) -> Iterator[Sentence]:
    """The sentences of a passage that may count something, in the characters that are compared.

    Args:
        prose: the paragraphs.
        start: the first of the passage.
        end: behind the last.
        wanted: a passage in which this is not found has no sentence.
    """
    texts = [prose[n].text for n in range(start, end)]
    whole = "".join(texts)
    if not wanted.search(whole):
        return
    begins = list(accumulate(map(len, texts), initial=0))
    for match in _SENTENCE.finditer(whole):
        if _WORTH.search(match[0]):
            yield _comparable(match, begins, start)


def _comparable(sentence: re.Match[str], begins: Sequence[int], first: int) -> Sentence:
    plain = simplified(sentence[0])[0]
    if len(plain) != len(sentence[0]):  # places would be lost
        plain = sentence[0]
    plain = _WIDE_COMMA.sub(",", plain)
    number = bisect_right(begins, sentence.start()) - 1
    inner = [b - sentence.start() for b in begins[number + 1 :] if b < sentence.end()]
    printed = tuple([plain[a:b] for a, b in pairwise((0, *inner, len(plain)))])
    text, *pieces = "\n".join(printed).translate(_COMPARED).split("\n")
    for piece in pieces:
        # Two numbers, or one that is torn: neither is known.
        torn = text[-1:].isdigit() and piece[:1].isdigit()
        text += " " + piece if torn else piece
    return Sentence(text, printed, Place(first + number, sentence.start() - begins[number]))


def clauses(sentence: Sentence) -> list[Clause]:
    """The clauses of a sentence in order; what stands in brackets follows what it stands in or behind.

    Example:
        >>> [c.text for c in clauses(Sentence("答复3件(含上年结转1件)，其他处理(撤回)2件"))]
        ['答复3件', '含上年结转1件', '其他处理2件', '撤回']
    """
    done: list[Clause] = []
    held: list[Clause] = []
    current = _Words(sentence)
    position = 0
    while sign := _SIGN.search(sentence.text, position):
        place = sign.start()
        current.add(position, place)
        position = place + 1
        if sign[0] in _OPENING:
            end = _closing(sentence.text, place)
            if _ENUMERATION.fullmatch(sentence.text, place + 1, end):
                current.add(place, end + 1)
            else:
                held += _inside(sentence, place + 1, end)
                if _FIGURE.search(current.text[-12:]):
                    done += [*current.taken(), *held]
                    held = []
            position = end + 1
            continue
        broken = _is_break(sentence.text, place, current.text)
        if broken:
            done += [*current.taken(), *held]
            held = []
        if not broken or sign[0] in _KEPT:
            current.add(place, position)
    current.add(position, len(sentence.text))
    return [*done, *current.taken(), *held]


class _Words:
    """The words of a clause as they are gathered."""

    def __init__(self, sentence: Sentence) -> None:
        self.text = ""
        self._sentence = sentence
        self._first = self._behind = 0

    def add(self, start: int, end: int) -> None:
        """A piece of the sentence more."""
        piece = self._sentence.text[start:end]
        if piece:
            self._first = self._first if self.text else start
            self._behind = start + len(piece)
            self.text += piece

    def taken(self, inside: bool = False) -> list[Clause]:
        """The clause, if it has any words, and begin another."""
        text, self.text = self.text, ""
        return [Clause(text, self._sentence, self._first, self._behind - 1, inside)] if text else []


def _inside(sentence: Sentence, start: int, end: int) -> Iterator[Clause]:
    """The clauses of what stands in brackets; further brackets stay in the text, where no rule knows them."""
    text = sentence.text[:end]
    current = _Words(sentence)
    for sign in _SIGN.finditer(text, start):
        place = sign.start()
        current.add(start, place)
        start = place + 1
        broken = _is_break(text, place, current.text)
        if broken:
            yield from current.taken(inside=True)
        if not broken or sign[0] in _KEPT:
            current.add(place, start)
    current.add(start, end)
    yield from current.taken(inside=True)


def _closing(text: str, opening: int) -> int:
    depth = 0
    for bracket in _BRACKET.finditer(text, opening):
        depth += 1 if bracket[0] in _OPENING else -1
        if depth == 0:
            return bracket.start()
    return len(text)


def _is_break(text: str, position: int, current: str) -> bool:
    char = text[position]
    if char in _BREAKS:
        return not (char == "," and _GROUPED.match(text[max(position - 1, 0) : position + 5]))
    other = char == "其" and text[position : position + 2] != "其中"
    if char in "、" + _KEPT and current and not other:
        return _FIGURE.search(current[-12:]) is not None
    return False
