"""The words of clauses, told apart by the classes of ``lexicon.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from gxstats.align.statements.numerals import COUNT, NUMBER
from gxstats.schema.source import read_yaml

UNKNOWN = "X"
_FILE = Path(__file__).with_name("lexicon.yaml")
_YEAR = re.compile(r"\d{4}")
_OF_GOVERNMENT = re.compile(r"政府|管委会|管理委员会|[省市县区旗州盟镇乡]$")
_LEVEL = re.compile(r"([省市县区旗州盟])(?:人民政府|政府|$)")
_PLACE = re.compile(r"[^省市县区旗州盟]*[省市县区旗州盟]")


class Token(NamedTuple):
    """A word of a clause: its class, and where it starts and ends there."""

    code: str
    start: int
    end: int
    text: str


class Words(NamedTuple):
    """The words of a clause, and their classes as one text."""

    tokens: tuple[Token, ...]
    codes: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The classes in order, compiled into one pattern."""

    codes: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The lexicon shipped with the package.

    Raises:
        SchemaError: the data file is faulty; names file and line.

    Example:
        >>> words("今年我局共收到政府信息公开申请3件").codes
        'TBdvAn'
    """
    return load_lexicon(_FILE)


def load_lexicon(path: Path) -> Lexicon:
    """Read a lexicon.

    Raises:
        SchemaError: a class is no single sign, or a pattern is no regular expression or fits empty text.
    """
    node = read_yaml(path)
    node.only("words")
    codes, parts = [], []
    for number, entry in enumerate(node.each("words")):
        entry.only("class en patterns")
        code = entry.text("class")
        entry.text("en")
        if len(code) != 1:
            raise entry.fault("class", f"{code!r} is not one sign")
        for text in entry.texts("patterns"):
            filled = text.replace("{count}", COUNT).replace("{number}", NUMBER)
            try:
                if re.compile(filled).match(""):
                    raise entry.fault("patterns", f"{text!r} fits where there is nothing")
            except re.error as error:
                raise entry.fault("patterns", f"{text!r}: {error}") from error
        joined = "|".join(entry.texts("patterns")).replace("{count}", COUNT).replace("{number}", NUMBER)
        codes.append(code)
        parts.append(f"(?P<c{number}>{joined})")
    return Lexicon(tuple(codes), re.compile("|".join(parts)))


def words(text: str, year: int | None = None, agency: str | None = None) -> Words:
    """The words of a clause, without gaps; what no class knows is a word of class X.

    Args:
        text: the clause as :mod:`gxstats.align.statements.passages` gives it.
        year: the year of the report: other years are the one before (l), after (x) or another (Y).
        agency: whose report it is: its own name is a word of class B.
    """
    names = _own_names(agency)
    own = any(name in text for name in names)
    found = _together(_cut(text, _any_of(names))) if own else _words(text)
    if not ("T" in found.codes or "N" in found.codes or "G" in found.codes):
        return found
    return _together(t._replace(code=_code(t, year, agency)) if t.code in "TNG" else t for t in found.tokens)


@lru_cache(maxsize=8192)
def _words(text: str) -> Words:
    """The words of a clause whoever says it: most clauses stand in many reports."""
    return _together(_cut(text, None))


def _together(tokens: Iterable[Token]) -> Words:
    found = tuple(tokens)
    return Words(found, "".join([token.code for token in found]))


def _cut(text: str, own: re.Pattern[str] | None) -> Iterator[Token]:
    known = lexicon()
    position = 0
    while position < len(text):
        match = known.pattern.search(text, position)
        named = own.search(text, position) if own else None
        if named and (match is None or (named.start(), -named.end()) <= (match.start(), -match.end())):
            match = named
        start = match.start() if match else len(text)
        if start > position:
            yield Token(UNKNOWN, position, start, text[position:start])
        if match:
            code = "B" if match is named else known.codes[int((match.lastgroup or "c0")[1:])]
            yield Token(code, start, match.end(), match[0])
        position = match.end() if match else start


def _code(word: Token, year: int | None, agency: str | None) -> str:
    """The class of a word that depends on the year of the report or on whose it is."""
    if word.code == "T" and year is not None:
        said = {int(y) for y in _YEAR.findall(word.text)}
        if said and said != {year}:
            return {year - 1: "l", year + 1: "x"}.get(said.pop(), "Y") if len(said) == 1 else "Y"
    if word.code == "N" and agency and not _OF_GOVERNMENT.search(agency):
        return UNKNOWN
    if word.code == "G":
        # The office of this government, not of the one above it.
        level = _LEVEL.search(agency or "")
        return "G" if level and word.text.startswith(level[1]) else UNKNOWN
    return word.code


@lru_cache(maxsize=256)
def _own_names(agency: str | None) -> tuple[str, ...]:
    """The body's name, with and without the places and words in front of and behind it; the longest first."""
    if not agency:
        return ()
    names = {agency}
    while (place := _PLACE.match(agency)) and len(agency) - place.end() >= 2:
        # 某省某市教育局: 某市教育局 and 市教育局 too.
        names.add(place[0][-1] + agency[place.end() :])
        agency = agency[place.end() :]
        names.add(agency)
    short = {"街道办事处": "街道", "人民政府": "政府", "管理委员会": "管委会", "委员会": "委"}
    names |= {
        n.removesuffix(long) + brief for n in names for long, brief in short.items() if n.endswith(long)
    }
    names |= {n.removesuffix("人民政府") for n in names if n.endswith(("镇人民政府", "乡人民政府"))}
    return tuple(sorted((n for n in names if len(n) >= 3), key=len, reverse=True))


@lru_cache(maxsize=256)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, names)))
