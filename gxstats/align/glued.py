"""Text whose labels and figures run together: find both again, then cut the figures by the sums.

Pages flattened without any separator print ``本年新收政府信息公开申请数量640020470二、上年结转``. The
wordings of the forms are known, so labels are found inside the text and set apart from the digits
between them; the result reads like a page that prints one thing per line, but for the figures of a
row, which still are one run of digits (see :mod:`gxstats.align.glued_rows`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from gxstats.align import glued_rows, lost_lines, stream
from gxstats.align.labels import normalise, plain_text, simplified
from gxstats.align.tables import Table
from gxstats.align.vocabulary import sections
from gxstats.model import Cell, Locator, Reading, Row

_NUMBER = r"(?:\([一二三四五六七八九十\d]{1,2}\)|[一二三四五六七八九十][、.]|\d[、.)])"
_BRACKET = r"(?:\([^()]*\))?"
_FIGURE = re.compile(r"[+-]?\d[\d.,+-]*(?:亿元|万元|千元|元)?")
_PROSE = "年月日号条件宗份例次人个项章%"
"""What follows the digits of a sentence, not those of a cell."""
_NEXT_NUMBER = re.compile(r"([1-9])(?:[.]|(?=[、)]))$")
_COUNTED = re.compile(r"(?:附[件表录图]?|[图表第])$")
"""What stands before the number of a thing, which is no figure: 附件1, 表2."""
_DIGIT = re.compile(r"\d")
_SHORT = 20
"""Characters of words that may say of whom a heading behind them on its line speaks."""
_MAX_TEXT = 300_000
"""Characters of the longest text looked at: a report has some thousands."""
_END = r"[五六七八][、.](?:存在的?主要问题|其他需要报告)"


def collect(reading: Reading) -> dict[str, Table]:
    """Section name -> table, from lines and paragraphs, their figures glued or not.

    A section whose labels run into its figures is read from the text set apart, if more of its rows
    are found there; rows whose figures are one run of digits are cut where the sums leave one way.
    """
    rows = list(stream.lines(reading))
    tables = stream.collect(rows)
    apart: list[str] = []
    if _is_glued(rows) or any(glued_rows.has_runs(table) for table in tables.values()):
        parted, ending = _set_apart(rows)
        for name, table in stream.collect(parted, glued=True).items():
            if name not in tables or _filled(table) > _filled(tables[name]):
                last = table.entries[-1].cells[-1:]
                table.doubted = table.doubted or bool(last and last[0].at == ending)
                # A line of such a text is none of the page's: it tells not which heads stand side by side.
                table.heads = [(cell,) for head in table.heads for cell in head]
                tables[name] = table
                apart.append(name)
            else:  # words above a table are found where labels are set apart, whatever is read
                tables[name].captions.extend(table.captions)
    lost_lines.refuse(rows, tables)
    glued_rows.cut(tables.values(), apart)
    return tables


def _filled(table: Table) -> int:
    return sum(bool(entry.cells) for entry in table.entries)


def _is_glued(rows: Iterable[Row]) -> bool:
    """Whether digits follow a label of the form at once, and are not those of a sentence."""
    texts = [c.text for row in rows for c in row.cells if not c.text.isascii() and _DIGIT.search(c.text)]
    # Few digits follow a character that ends a label, and only there is it worth looking at them all.
    return any(_may_follow().search(plain := plain_text(t)) and _evidence().search(plain) for t in texts)


@cache
def _may_follow() -> re.Pattern[str]:
    ends = {w[-1] for s in sections().values() for ws in s.items.wordings.values() for w in ws}
    return re.compile(rf"[{re.escape(''.join(sorted(ends)))})]\d")


@cache
def _evidence() -> re.Pattern[str]:
    labels = {w for s in sections().values() for ws in s.items.wordings.values() for w in ws}
    return re.compile(rf"(?:{_any(labels)}){_BRACKET}\d+(?![\d.、){_PROSE}])")


@cache
def _known() -> re.Pattern[str]:
    """Any wording of the forms with the number before it and the bracket behind it."""
    words = chain.from_iterable(
        (*chain.from_iterable(s.items.wordings.values()), *chain.from_iterable(s.columns.wordings.values()))
        for s in sections().values()
    )
    others = chain.from_iterable((*s.spanning, *s.groups, *s.container) for s in sections().values())
    return re.compile(rf"{_NUMBER}*(?:{_any({*words, *others})}){_BRACKET}")


@cache
def _heading() -> re.Pattern[str]:
    headings = {h for s in sections().values() for h in s.headings}
    return re.compile(rf"(?:[一二三四五六七八][、.])?(?:政府信息公开)?(?:{_any(headings)})(?:情况)?|{_END}")


def _any(words: set[str]) -> str:
    """The longest first: 其他 begins other labels."""
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)) if w)


class _Text(NamedTuple):
    """All characters but white space and quotes, and where each stands: (cell, offset in its text)."""

    plain: str
    places: list[tuple[Cell, int]]

    def at(self, index: int) -> Locator:
        cell, offset = self.places[index]
        return glued_rows.place(cell, offset)

    def begins(self, index: int) -> bool:
        """Whether white space stands before a character."""
        return index == 0 or self.places[index][0] is not self.places[index - 1][0]


def _text(rows: Iterable[Row]) -> _Text:
    places: list[tuple[Cell, int]] = []
    chars: list[str] = []
    for cell in (cell for row in rows for cell in row.cells):
        for offset, char in enumerate(cell.text):
            usual = "\u4e00" <= char <= "\u9fff" or (char.isalnum() and char.isascii())
            plain = char if usual else normalise(char)
            chars.append(plain)
            places += [(cell, offset)] * len(plain)
        if len(places) > _MAX_TEXT:
            return _Text("", [])
    plain = "".join(chars)
    converted = simplified.__wrapped__(plain)[0]
    return _Text(converted if len(converted) == len(plain) else plain, places)


def _set_apart(printed: Iterable[Row]) -> tuple[list[Row], Locator]:
    """The text, a cell for each label and run of digits, and the place of a run that ends the text."""
    text = _text(printed)
    rows: list[Row] = []
    cells: list[Cell] = []
    ending = Locator(ref="-")
    for start, end in _pieces(text.plain):
        heading = bool(_heading().fullmatch(text.plain, start, end))
        figures = not heading and _FIGURE.fullmatch(text.plain, start, end)
        titled = heading and _may_entitle(cells)
        if cells and not titled and (heading or _starts_line(text, start)):
            rows.append(Row(tuple(cells)))
            cells = []
        whole = heading or _known().fullmatch(text.plain, start, end)
        bounds = [start] if whole else [start, *_borders(text, start, end)]
        for first, last in zip(bounds, [*bounds[1:], end], strict=True):
            cells.append(Cell(text.plain[first:last], text.at(first)))
        if heading:
            rows.append(Row(tuple(cells)))
            cells = []
        ending = cells[-1].at if figures and end == len(text.plain) else ending
    rows += [Row(tuple(cells))] if cells else []
    return rows, ending


def _may_entitle(cells: Sequence[Cell]) -> bool:
    """Whether what stands before a heading on its line belongs to it: 附件2：下属单位行政复议情况."""
    before = "".join([c.text for c in cells])
    return len(before) <= _SHORT and not any(_FIGURE.fullmatch(c.text) for c in cells)


def _borders(text: _Text, start: int, end: int) -> Iterator[int]:
    """Where figures, or words that are no label, are set apart: by white space or a bracket."""
    return (i for i in range(start + 1, end) if text.begins(i) or text.plain[i] == "(")


def _starts_line(text: _Text, index: int) -> bool:
    if index == 0 or not text.begins(index):
        return False
    refs = [(text.places[i][0].at.ref or "").split(" column")[0] for i in (index - 1, index)]
    return refs[0] != refs[1]


def _pieces(plain: str) -> Iterator[tuple[int, int]]:
    """(start, end) of headings, labels, runs of digits and what stands between them, in order."""
    start = 0
    for match in _heading().finditer(plain):
        yield from _labels_and_figures(plain, start, match.start())
        yield match.span()
        start = match.end()
    yield from _labels_and_figures(plain, start, len(plain))


def _labels_and_figures(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = start
    for match in _FIGURE.finditer(plain, start, end):
        first, last = _figure(plain, *match.span())
        if first < last and first >= words:
            yield from _labels(plain, words, first)
            yield first, last
            words = last
    yield from _labels(plain, words, end)


def _figure(plain: str, start: int, end: int) -> tuple[int, int]:
    """Where the digits of a run end that are figures: the number of the next label may follow them."""
    behind = plain[end : end + 1]
    if (behind and behind in _PROSE) or (behind == ")" and plain[start - 1 : start] == "("):
        return start, start
    if _COUNTED.search(plain, max(0, start - 2), start):
        return start, start
    if behind == "" or behind in ".、)" or plain[end - 1] == ".":
        number = _NEXT_NUMBER.search(plain, start, end)
        if number and (end < len(plain)):
            return start, number.start()
    while end > start and plain[end - 1] in ".,+-":
        end -= 1
    return start, end


def _labels(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _known().finditer(plain, start, end):
        if start < match.start():
            yield start, match.start()
        yield match.span()
        start = match.end()
    if start < end:
        yield start, end
