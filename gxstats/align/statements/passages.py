"""Sentences and clauses of a report's prose, each character with its place in the source."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from gxstats.align.labels import simplified
from gxstats.align.statements.numerals import CHINESE, CLASSIFIERS
from gxstats.model import Prose

_ENDED = re.compile(r"[。！？!?；;：:]\s*$")
_STARTS_ANEW = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、.．](?!\d))"
)
_LEFT_OUT = frozenset("\"'“”‘’„‟″＂「」『』《》〈〉•·_*#\u200b\ufeff\xad")
_OPENING, _CLOSING = "([{【〔", ")]}】〕"
_KEPT = "并且其"
"""After a figure these begin a clause, and belong to it."""
_FIGURE = re.compile(rf"(?:\d|{CHINESE}|[余多]){CLASSIFIERS}(?:以上)?$")
_BREAK = re.compile(r"[,，;；。]")
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")
_WORTH = re.compile(
    r"[\d零〇一二两三四五六七八九十百千余餘多上](?:\s)*[件条條宗份例次起项項个個]|[未无無没沒不].{0,40}?(?:申请|申請|复议|復議|訴訟|诉讼|依申)"
    r"|[收受接办辦理].{0,16}?(?:申请|申請|依申)|[０-９]|^\W{0,8}(?:\d{4}年|去年|上年|本年|今年|全年)"
)
"""A sentence without any of these neither counts anything nor says of which year the next one is."""
_OF_TABLE = re.compile(
    # Three and no more, from the beginning of blanks only: so each sign of a long line is tried three times.
    r"(?<![\s|])(?:[\s|]++[\d.,/—-]++){3}\s*+$|^[\s|]*+[\d.,/—-]++(?:[\s|]++[\d.,/—-]++)*+\s*+$"
)
_ENUMERATION = re.compile(r"[一二三四五六七八九十\d]{1,3}")
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_LONGEST = 4_000


class Character(NamedTuple):
    """A character as it is compared, and where it stands: paragraph and offset in it."""

    char: str
    paragraph: int
    offset: int


class Clause(NamedTuple):
    """What stands between two breaks; ``inside`` is true within brackets."""

    characters: tuple[Character, ...]
    inside: bool = False

    @property
    def text(self) -> str:
        """The characters that are compared."""
        return _text(self.characters)


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
    for number, paragraph in enumerate(prose):
        length += len(paragraph.text)
        following = prose[number + 1] if number + 1 < len(prose) else None
        if (
            following is None
            or following.section != paragraph.section
            or length > _LONGEST
            or _ENDED.search(paragraph.text)
            or _STARTS_ANEW.match(following.text)
            or _OF_TABLE.search(paragraph.text)
            or _OF_TABLE.search(following.text)
        ):
            if not _OF_TABLE.search(paragraph.text):
                yield start, number + 1
            start, length = number + 1, 0


def sentences(
    prose: Sequence[Prose], start: int, end: int, wanted: re.Pattern[str]
) -> Iterator[list[Character]]:
    """The sentences of a passage that may count something, as characters that can be compared.

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
            yield list(_comparable(match, begins, start))


def _comparable(sentence: re.Match[str], begins: Sequence[int], first: int) -> Iterator[Character]:
    plain = simplified(sentence[0])[0]
    if len(plain) != len(sentence[0]):  # places would be lost
        plain = sentence[0]
    plain = _WIDE_COMMA.sub(",", plain)
    number = bisect_right(begins, sentence.start()) - 1
    after_digit = torn = False
    for position, char in enumerate(plain, sentence.start()):
        while number + 2 < len(begins) and position >= begins[number + 1]:
            number += 1
            torn = torn or after_digit
        if char.isspace():
            torn = torn or after_digit
        elif char not in _LEFT_OUT:
            for one in char if char.isascii() or char in "，；。" else unicodedata.normalize("NFKC", char):
                digit = one.isdigit()
                if torn and digit:
                    # Two numbers, or one that is torn: neither is known.
                    yield Character(" ", first + number, position - begins[number])
                torn, after_digit = False, digit
                yield Character(one, first + number, position - begins[number])


def clauses(sentence: Sequence[Character]) -> list[Clause]:
    """The clauses of a sentence in order; what stands in brackets follows what it stands in or behind.

    Example:
        >>> text = "答复3件(含上年结转1件)，其他处理(撤回)2件"
        >>> [c.text for c in clauses([Character(t, 0, i) for i, t in enumerate(text)])]
        ['答复3件', '含上年结转1件', '其他处理2件', '撤回']
    """
    done: list[Clause] = []
    current: list[Character] = []
    held: list[Clause] = []
    position = 0
    while position < len(sentence):
        sign = sentence[position].char
        if sign in _OPENING:
            end = _closing(sentence, position)
            within = sentence[position + 1 : end]
            if _ENUMERATION.fullmatch(_text(within)):
                current.extend(sentence[position : end + 1])
            else:
                held.extend(_inside(within))
                if _FIGURE.search(_text(current[-12:])):
                    current, held = _flush(done, current, held)
            position = end + 1
            continue
        broken = _is_break(sentence, position, current)
        if broken:
            current, held = _flush(done, current, held)
        if not broken or sign in _KEPT:
            current.append(sentence[position])
        position += 1
    _flush(done, current, held)
    return done


def _flush(
    done: list[Clause], current: list[Character], held: list[Clause]
) -> tuple[list[Character], list[Clause]]:
    if current:
        done.append(Clause(tuple(current)))
    done.extend(held)
    return [], []


def _inside(within: Sequence[Character]) -> Iterator[Clause]:
    """The clauses of what stands in brackets; further brackets stay in the text, where no rule knows them."""
    current: list[Character] = []
    for position, char in enumerate(within):
        broken = _is_break(within, position, current)
        if broken and current:
            yield Clause(tuple(current), inside=True)
            current = []
        if not broken or char.char in _KEPT:
            current.append(char)
    if current:
        yield Clause(tuple(current), inside=True)


def _text(characters: Iterable[Character]) -> str:
    return "".join(c.char for c in characters)


def _closing(sentence: Sequence[Character], opening: int) -> int:
    depth = 0
    for position in range(opening, len(sentence)):
        depth += sentence[position].char in _OPENING
        depth -= sentence[position].char in _CLOSING
        if depth == 0:
            return position
    return len(sentence)


def _is_break(sentence: Sequence[Character], position: int, current: Sequence[Character]) -> bool:
    char = sentence[position].char
    if _BREAK.match(char):
        return not (char == "," and _groups_digits(sentence, position))
    other = char == "其" and _text(sentence[position : position + 2]) != "其中"
    if char in "、" + _KEPT and current and not other:
        return _FIGURE.search(_text(current[-12:])) is not None
    return False


def _groups_digits(sentence: Sequence[Character], position: int) -> bool:
    around = _text(sentence[max(position - 1, 0) : position + 5])
    return re.match(r"\d,\d{3}(?!\d)", around) is not None
