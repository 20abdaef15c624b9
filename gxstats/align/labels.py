"""Match printed labels to the codes of the forms.

Labels are compared after NFKC, without white space, in simplified characters, without numbering
marks and without what stands in brackets behind them (local explanations there name other rows).
An exact match is one of the form's own wordings; everything else is marked inexact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_LEFT_OUT = re.compile(
    "[\t-\r\x1c-\x20\x85\xa0\xad\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
    "\"'“”‘’„‟″＂「」『』《》〈〉•·|]+"
)
"""White space (all that ``str.isspace`` knows, spelled out: a class of its own costs more) and quotes."""
_NUMBERING = re.compile(
    r"(?:其中[:,]?)?(?:[(\[]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)\]][.、,]?"
    r"|(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.,:;](?!\d)|\d{1,2}(?=[^\d.,年月日件条]{2})|[)、.,:;])"
)


_PAGE = 500
"""No label is nearly that long."""
_LABEL_LENGTH = 200
"""Longer text is prose, not a label."""
_CORE_LENGTH = 45
"""Longer text may name what a label names without being that label."""


_SIGNS = "，：；（）！？％／\u3000\xa0０１２３４５６７８９"
_WIDE = tuple((sign, unicodedata.normalize("NFKC", sign)) for sign in _SIGNS)
"""Signs that NFKC replaces whatever stands beside them."""


class Match(NamedTuple):
    """A code and whether the label is one of the form's own wordings."""

    code: str
    exact: bool


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """NFKC, no white space, no quotation marks.

    Example:
        >>> normalise("３.危及“三安全 一稳定”")
        '3.危及三安全一稳定'
    """
    if not unicodedata.is_normalized("NFKC", text):
        # One full-width comma makes the normaliser go the long way, ten times as long, through all of it.
        for wide, narrow in _WIDE:
            text = text.replace(wide, narrow)
        text = unicodedata.normalize("NFKC", text)
    return _LEFT_OUT.sub("", text)


def strip_numbering(text: str) -> str:
    """Drop numbering marks from the front of a normalised label.

    Example:
        >>> strip_numbering("(三)1.属于国家秘密"), strip_numbering("、其他")
        ('属于国家秘密', '其他')
    """
    while (match := _NUMBERING.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    return text


def before_bracket(text: str) -> str:
    """The text before the first bracket, or all of it if it starts with one.

    Example:
        >>> before_bracket("部分公开(区分处理的,只计这一情形)")
        '部分公开'
    """
    cut = text.find("(")
    return text[:cut] if cut > 0 else text


@lru_cache(maxsize=65536)
def _unnumbered(text: str) -> tuple[str, str]:
    """What of a label is compared, and the same with what stands in brackets behind it."""
    stripped = strip_numbering(normalise(text))
    return before_bracket(stripped), stripped


def label_key(text: str) -> str:
    """What of a label is compared: normalised, simplified, unnumbered, before any bracket.

    Example:
        >>> label_key("單 位"), label_key("1.現行有效件數（歷史累計）")
        ('单位', '现行有效件数')
    """
    key = _unnumbered(text)[0]
    return key if key.isascii() else simplified(key)[0]


@cache
def _converters() -> tuple[Any, ...]:
    import opencc  # heavy, and needed only for traditional text

    return (opencc.OpenCC("t2s"), opencc.OpenCC("tw2sp"))


_LONG = 20_000
"""Characters from which on text is converted one by one: words take a second for each 200,000."""


class _Simple:
    """The characters that are known to stay as they are: there are some 100,000 in all."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._enough = 64
        self._others = re.compile(r"[^\x00-\x7f]")
        """Finds characters that are not known, but for the latest."""

    def holds(self, text: str) -> bool:
        """Whether no character of the text has another, simplified form; remembers those that have none."""
        for char in set(self._others.findall(text)) - self._known:
            if _converters()[0].convert(char) != char:
                return False
            self._known.add(char)
        if len(self._known) > self._enough:
            self._enough = 2 * len(self._known)
            self._others = re.compile(f"[^\\x00-\\x7f{re.escape(''.join(sorted(self._known)))}]")
        return True


_SIMPLE = _Simple()


@lru_cache(maxsize=65536)
def simplified(text: str) -> tuple[str, ...]:
    """The text in simplified characters: plainly converted, and with Taiwan vocabulary converted.

    Example:
        >>> simplified("規範性檔案"), simplified("规章")
        (('规范性档案', '规范性文件'), ('规章',))
    """
    # Most text has nothing to convert, and converting it costs far more than looking at its characters.
    if text.isascii() or _SIMPLE.holds(text):
        return (text,)
    if len(text) > _LONG:
        return (text.translate({ord(char): _converters()[0].convert(char) for char in set(text)}),)
    return tuple(dict.fromkeys(c.convert(text) for c in _converters()))


def plain_text(text: str) -> str:
    """The text normalised and in simplified characters.

    Example:
        >>> plain_text("上年結轉 數量")
        '上年结转数量'
    """
    if len(text) > _PAGE:  # whole pages are not kept in the caches of labels
        normalised: str = normalise.__wrapped__(text)
        return str(simplified.__wrapped__(normalised)[0])
    normalised = normalise(text)
    return normalised if normalised.isascii() else simplified(normalised)[0]


def tolerance(label: str) -> int:
    """How many edits a label may differ by: none under 6 characters, one under 10, else two."""
    return 0 if len(label) < 6 else 1 if len(label) < 10 else 2


class Labels:
    """The labels of one set of codes: exact wordings first, then cores, then a few edits.

    Args:
        wordings: code -> every wording that counts as exact.
        cores: code -> the part of the label that no other label has.
        prefixes: labels of groups and containers that may stand glued before a label.
    """

    def __init__(
        self,
        wordings: Mapping[str, Iterable[str]],
        cores: Mapping[str, str] | None = None,
        prefixes: Iterable[str] = (),
    ) -> None:
        self.wordings = {
            code: tuple(dict.fromkeys(label_key(w) for w in ws)) for code, ws in wordings.items()
        }
        self._exact = {w: code for code, ws in self.wordings.items() for w in ws}
        self._cores = {normalise(core): code for code, core in (cores or {}).items() if core}
        self._prefixes = tuple(label_key(p) for p in prefixes)
        self._long = [w for w in self._exact if tolerance(w)]
        self._longest = max(map(len, self._long), default=0)
        self._cache: dict[str, Match | None] = {}

    def match(self, text: str) -> Match | None:
        """The code a label stands for, None if no label of the form is near enough."""
        if text not in self._cache:
            if len(self._cache) > 20000:
                self._cache.clear()
            self._cache[text] = self._match(text)
        return self._cache[text]

    def exact(self, text: str) -> str | None:
        """The code of an exact wording, None otherwise; looks at glued group labels too."""
        key, stripped = _unnumbered(text)
        if not stripped.startswith(self._prefixes):
            return self._exact.get(key)
        # The label behind a glued group label comes first: （六）其他处理（1）申请人… is not 其他处理.
        for key in reversed(self._keys(text)):
            if key in self._exact:
                return self._exact[key]
        return None

    def wording(self, text: str) -> str | None:
        """The code of an exact wording, printed in simplified or traditional characters."""
        code = self.exact(text)
        if code is not None or len(text) > _LABEL_LENGTH:
            return code
        return next((c for p in simplified(text) if p != text and (c := self.exact(p)) is not None), None)

    def _keys(self, text: str) -> list[str]:
        key, stripped = _unnumbered(text)
        keys = [key]
        changed = stripped.startswith(self._prefixes)
        while changed:
            changed = False
            for prefix in self._prefixes:
                if stripped.startswith(prefix) and len(stripped) > len(prefix):
                    stripped = strip_numbering(stripped[len(prefix) :])
                    keys.append(before_bracket(stripped))
                    changed = True
        return keys

    def _match(self, text: str) -> Match | None:
        if not text or not normalise(text):
            return None
        code = self.wording(text)
        if code is not None:
            return Match(code, True)
        if len(text) > _LABEL_LENGTH:
            return None
        return self._inexact(self._keys(simplified(text)[0]))

    def _inexact(self, keys: list[str]) -> Match | None:
        for key in reversed(keys):
            if len(key) <= _CORE_LENGTH:
                cores = {code for core, code in self._cores.items() if core in key}
                if len(cores) == 1:
                    return Match(cores.pop(), False)
            near = self._nearest(key)
            if near:
                return Match(near, False)
        return None

    def _nearest(self, key: str) -> str | None:
        """The one code within tolerance, if every other code is at least two edits further."""
        if len(key) > self._longest + 2:
            return None
        if process.extractOne(key, self._long, scorer=Levenshtein.distance, score_cutoff=2) is None:
            return None  # as for nearly all text that is no label
        nearest: dict[str, int] = {}
        within: dict[str, int] = {}
        for wording, code in self._exact.items():
            distance = Levenshtein.distance(wording, key, score_cutoff=4)
            nearest[code] = min(distance, nearest.get(code, 99))
            if distance <= tolerance(wording):
                within[code] = min(distance, within.get(code, 99))
        if len(within) != 1:
            return None
        ((code, distance),) = within.items()
        if any(other - distance < 2 for c, other in nearest.items() if c != code):
            return None
        return code


class AnyLabel:
    """Whether a text may be a label of any of several sets: told at once for nearly all text that is none.

    Args:
        sets: the labels of every set; a text that is not known here matches none of them.
    """

    def __init__(self, sets: Iterable[Labels]) -> None:
        together = list(sets)
        self._exact = frozenset(wording for labels in together for wording in labels._exact)
        self._cores = frozenset(core for labels in together for core in labels._cores)
        self._prefixes = tuple({prefix for labels in together for prefix in labels._prefixes})
        self._long = list({wording for labels in together for wording in labels._long})
        self._longest = max(map(len, self._long), default=0)

    def may_match(self, text: str) -> bool:
        """Whether one of the sets may know this text."""
        short = simplified(text) if len(text) <= _LABEL_LENGTH else ()
        for printed in {text, *short, simplified(normalise(text))[0]}:
            key, stripped = _unnumbered(printed)
            if key in self._exact or stripped.startswith(self._prefixes):
                return True
        return bool(short) and self._may_be_near(label_key(short[0]))

    def _may_be_near(self, key: str) -> bool:
        if len(key) <= _CORE_LENGTH and any(core in key for core in self._cores):
            return True
        if len(key) > self._longest + 2:
            return False
        return process.extractOne(key, self._long, scorer=Levenshtein.distance, score_cutoff=2) is not None
