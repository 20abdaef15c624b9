"""Collect the rows of each section from a stream of tokens, anchored on the labels.

Text has no cells: labels are wrapped around their figures, group labels run down the margin. What
can be relied on is the order of reading, so the stream is cut into runs of words and runs of
figures, and each run of figures belongs to the label that ends where it begins (or, where a label
is wrapped around its figures, ends behind it). Neither row borders nor lost cells can be seen: a
run of the wrong length is refused later, never padded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import chain, pairwise

from gxstats.align.labels import label_key, normalise, plain_text
from gxstats.align.numbers import parse
from gxstats.align.runs import Run, label_of
from gxstats.align.tables import Entry, Table, row_place
from gxstats.align.twins import tell_twins
from gxstats.align.vocabulary import SectionWords, heading_of, look_up, sections
from gxstats.model import NOWHERE, Cell, Grid, Issue, Paragraph, Reading, Row, Unmatched

_DIGITS = re.compile(r"\d+[/%~～:→-]\d*[\d%]*")
_GLUED = re.compile(r"[)）](?:[^()（）]*\d|[,，/-])")
"""Figures or marks behind the bracket of a label, in the same word."""
_CLOSES = re.compile(r"[\u4e00-\u9fff]{0,2}[)）]")
_END = re.compile(r"^[五六][、.]|存在的主要问题|其他需要报告的事项")


def collect(printed: Iterable[Row], *, glued: bool = False) -> dict[str, Table]:
    """Section name -> table.

    Args:
        printed: the :func:`lines` of a reading.
        glued: whether a row may be one run of digits.
    """
    tables: dict[str, Table] = {}
    for name, rows in _windows(printed).items():
        words = sections()[name]
        table = Table(name, physical=False, structured=False)
        runs = _runs(rows)
        if words.layout == "single_row":
            _single_row(runs, table, words, glued)
        else:
            if words.layout == "list":
                marked = any(_marks_units(run) for run in runs)
                bare = map(partial(_bare_list_row, words, marked), runs)
                runs = [run for run in bare if run.words or run.figures]
            _labelled_rows(runs, table, words)
        if table.entries:
            tables[name] = table
    return tables


def may_hold(reading: Reading, missing: list[SectionWords]) -> bool:
    """Whether the words outside tables may hold one of these sections: they name its first row.

    Pages have hundreds of paragraphs that are menus; looking at each for labels would cost more
    than reading the tables.
    """
    if any(isinstance(b, Grid) and b.kind == "lines" for b in reading.blocks):
        return True
    text = "".join([b.text for b in reading.blocks if isinstance(b, Paragraph)])
    landmarks = [w for words in missing for w in words.landmarks]
    # Bringing the words of a whole page into one form takes long: mostly they are printed as they are.
    return any(w in text for w in landmarks) or any(map(plain_text(text).__contains__, landmarks))


def lines(reading: Reading) -> Iterator[Row]:
    """The lines of a reading and of its paragraphs outside tables, as tokens."""
    for block in reading.blocks:
        if isinstance(block, Grid):
            if block.kind == "lines":
                yield from block.rows
        else:
            yield from _paragraph_rows(block)


def _paragraph_rows(paragraph: Paragraph) -> Iterator[Row]:
    for line in paragraph.text.splitlines():
        cells = tuple(Cell(token, paragraph.at) for token in line.replace("|", " ").split())
        if cells:
            yield Row(cells)


def _windows(lines: Iterable[Row]) -> dict[str, list[Row]]:
    """The lines of each section: from its heading, or its first label, to the next section.

    Headings are named in tables of contents and in prose too: the last heading before a label of
    the section is the one that counts.
    """
    windows: dict[str, list[Row]] = {}
    current: str | None = None
    for row in lines:
        text = "".join([c.text for c in row.cells])
        if not text.isascii():  # figures alone announce nothing
            current = _section_at(row, text, current, windows)
        if current:
            windows[current].append(row)
    return windows


def _section_at(row: Row, text: str, current: str | None, windows: dict[str, list[Row]]) -> str | None:
    """The section that a line with words stands in; begins its window."""
    section = heading_of(text) if len(text) < 60 else None
    if section:
        if not _has_label(windows.get(section, []), section):
            windows[section] = []
        return section
    if len(text) < 30 and _END.search(normalise(text)[:30]):
        return current if current and _continues_list(row, current) else None
    return _labels_say(row, current, windows)


def _continues_list(row: Row, section: str) -> bool:
    """Whether a line numbered like the next heading (五、行政诉讼数量) is a row of a list."""
    words = sections()[section]
    return words.layout == "list" and any(words.items.exact(c.text) for c in row.cells)


def _has_label(rows: list[Row], section: str) -> bool:
    words = sections()[section]
    if words.layout == "single_row":
        return any(_figure_count(row) for row in rows)
    return any(words.items.match(c.text) for row in rows for c in row.cells)


def _figure_count(row: Row) -> int:
    return sum(1 for c in row.cells if look_up(c.text).figure and normalise(c.text))


def _labels_say(row: Row, current: str | None, windows: dict[str, list[Row]]) -> str | None:
    """A table without a heading begins at a label that only its section has, or behind another at a head."""
    for cell in row.cells:
        hit = look_up(cell.text)
        begun = _single_row_of(hit.columns) if current and hit.columns else None
        if current and begun and begun not in windows and _has_label(windows[current], current):
            windows[begun] = []
            return begun
        if (
            hit.item
            and hit.item[1].exact
            and not hit.columns
            and hit.item[0] != current
            and hit.item[0] not in windows
        ):
            windows[hit.item[0]] = []
            return hit.item[0]
    return current


def _single_row_of(columns: tuple[tuple[str, str], ...]) -> str | None:
    """The section of a single row that alone has this head: it has no labels to tell it by."""
    found = {section for section, _ in columns}
    return found.pop() if len(found) == 1 and sections()[columns[0][0]].layout == "single_row" else None


def _runs(rows: list[Row]) -> list[Run]:
    runs = [Run()]
    printed = [cell for row in rows for cell in row.cells]
    for cell, following in zip(printed, [*printed[1:], None], strict=True):
        if not (look_up(cell.text).figure or _like_figure(cell.text)):
            if runs[-1].figures:
                runs.append(Run())
            runs[-1].words.extend(_apart(cell, following))
        elif following and not runs[-1].figures and _in_brackets(runs[-1], following.text):
            runs[-1].words.append(cell)
        else:
            runs[-1].figures.append(cell)
    return runs


def _apart(cell: Cell, following: Cell | None) -> list[Cell]:
    """A cell, or the labels that it holds: without figures beside them their lines look like one text."""
    lines = cell.text.split("\n")
    if len(lines) == 1 or not all(map(_is_item, lines)) or _is_item(cell.text):
        return [cell]
    if following and look_up(following.text).figure:
        return [cell]  # which of the labels it stands beside is not known
    return [cell._replace(text=line) for line in lines]


def _is_item(text: str) -> bool:
    hit = look_up(text)
    return hit.item is not None and hit.item[1].exact


def _in_brackets(run: Run, following: str) -> bool:
    """Whether a figure stands among the words of a label: (同一舆情计 1 次)."""
    if not run.words or not _CLOSES.match(following):
        return False
    text = normalise(run.text)
    return text.count("(") > text.count(")")


def _like_figure(text: str) -> bool:
    """Digits and signs that are no figure of the form (5/59) still stand where a figure would."""
    return bool(_DIGITS.fullmatch(normalise(text)))


def _single_row(runs: list[Run], table: Table, words: SectionWords, glued: bool) -> None:
    wanted = sum(1 for _ in words.editions[0][1].cells())
    headed = False
    for run in runs:
        if not table.entries:
            table.heads.extend(_by_line(tuple(run.words)))
            table.captions += (*run.words, *_captions(run.words, words))
        printed = tuple(run.figures)
        whole = len(printed) == wanted or (glued and sum(len(c.text) for c in printed) >= wanted)
        if whole or (len(printed) > 1 and not table.entries):
            entry = Entry("", True, printed, "", row_place(printed))
            if whole and table.entries and len(table.entries[0].cells) != wanted:
                if not headed:  # right behind the heads stands a row, of which blanks may be lost
                    table.doubted |= 3 * len(table.entries.pop().cells) >= wanted
                table.captions.extend(run.words)
            headed = headed or _ends_in_heads(run, words)
            table.entries.append(entry)
        elif 3 * len(printed) >= wanted:  # another row, of which blanks are lost, may be this year's
            table.doubted = True
            table.entries += [Entry("", True, printed, "", row_place(printed))] if len(run.words) < 2 else []


def _ends_in_heads(run: Run, words: SectionWords) -> bool:
    """Whether the last words before a row, but for a label of its own, name columns of the section."""
    last = [look_up(cell.text).columns for cell in run.words[-3:]]
    return sum(any(section == words.name for section, _ in columns) for columns in last) > 1


def _labelled_rows(runs: list[Run], table: Table, words: SectionWords) -> None:
    rest = [run.text for run in runs] + [""]
    head: tuple[Cell, ...] = ()
    early = False
    said: list[Cell] = []
    for index, run in enumerate(runs):
        found_head = _column_heads(run, words) if words.layout == "blocks" else ()
        if found_head and not _only_items(found_head):
            head = found_head
        elif not table.entries:
            table.heads.extend(_by_line(tuple(run.words)))
            table.captions.extend(run.words)
        said += _captions(run.words, words)
        bare = _bare_labels(run, table, words)
        cells = tuple(run.figures)
        if not cells:
            continue
        following = runs[index + 1] if index + 1 < len(runs) else Run()
        match, used = label_of(run, following, (rest[index], rest[index + 1]), words)
        if match and not table.entries and _is_head(run.words[-1].text):
            match = None  # the last head of the columns (其他, 总计), with or without cells behind it
        at = row_place(cells)
        if match is None:
            printed = sum(bool(normalise(c.text)) for c in cells)
            early = early or (printed > 1 and not table.entries)
            if table.entries and printed:
                raw = (rest[index][-30:], *(c.text for c in cells))
                table.leave_out(Unmatched(words.name, raw, at))
            continue
        rest[index + 1] = rest[index + 1][used:]
        # Figures on a line of their own behind several labels may belong to any of these.
        sure = match.exact and not (bare and _line(run.words[-1]) != _line(cells[0]))
        table.entries.append(Entry(match.code, sure, cells, _wordings(words.name)[match.code], at, head))
        table.captions += said
        said = []
    tell_twins(table)
    _doubt_slipped(table, words, early)


def _bare_list_row(words: SectionWords, marked: bool, run: Run) -> Run:
    """A row of a list without the unit behind its label; without all if it is only the title of a part.

    Where titles print marks in the column of the units (``marked``), the readers of pages see a blank
    figure there in all other rows.
    """
    if _is_title(run) and all(parse(c.text).state in ("dash", "blank") for c in run.figures):
        return Run(run.words)
    count = len(run.words)
    while run.words and plain_text(run.words[-1].text) in words.units:
        run.words.pop()
    if marked and len(run.words) < count and len(run.figures) == 2 and not normalise(run.figures[0].text):
        del run.figures[0]
    return run


def _is_title(run: Run) -> bool:
    return bool(run.words) and look_up(run.words[-1].text).group


def _marks_units(run: Run) -> bool:
    """Whether the title of a part prints a mark for its unit and nothing for its figure."""
    return _is_title(run) and [parse(c.text).state for c in run.figures] == ["dash", "blank"]


def _doubt_slipped(table: Table, words: SectionWords, early: bool) -> None:
    """Where a label was lost its figures join the row before; where figures come first, all slip."""
    if early and words.layout == "rows":
        why = "figures stand before the first label, so that they may stand before every label"
        at = table.entries[0].at if table.entries else NOWHERE
        table.issues.append(Issue("error", "figures_first", why, at, "look at the source"))
        table.entries[:] = [
            e._replace(cells=tuple(c._replace(damage=why) for c in e.cells)) for e in table.entries
        ]
    doubtful: set[int] = set()
    for index, (one, other) in enumerate(pairwise(table.entries)):
        # How many items a form has between the two, if it has both and in this order.
        gaps = [
            places.get(other.code, -1) - places.get(one.code, len(places)) for places in _places(words.name)
        ]
        if min([gap - 1 for gap in gaps if gap >= 0], default=0) > 0:
            doubtful |= {index, index + 1}
    for index in doubtful:
        table.entries[index] = table.entries[index]._replace(exact=False)


@cache
def _places(section: str) -> tuple[dict[str, int], ...]:
    """For each form that has a section, the place of every item in it."""
    return tuple(
        {item.item: place for place, item in enumerate(i for b in s.blocks for i in b.items)}
        for _, s in sections()[section].editions
    )


def _line(cell: Cell) -> object:
    """What cells on one line of the text have in common; of words in a paragraph that is not known."""
    line, column, _ = (cell.at.ref or "").partition(" column")
    return (cell.at.page, cell.at.top // 40) if cell.at.top is not None else line if column else id(cell)


def _by_line(cells: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """Heads that stand on one line; only within a line does the order of reading say where they are."""
    lines: dict[object, list[Cell]] = {}
    for cell in cells:
        lines.setdefault(_line(cell), []).append(cell)
    return [tuple(line) for line in lines.values()]


def _captions(cells: Sequence[Cell], words: SectionWords) -> list[Cell]:
    """Words that are no label, no head and no piece of one: what stands beside each other as one text."""
    found: list[list[Cell]] = []
    for line in _by_line(tuple(cells)):
        found.append([])
        for cell in line:
            label = _is_label(cell.text, words.name)
            if label or normalise(cell.text).startswith("("):
                found.append([])
            if not label:
                found[-1].append(cell)
    return [Cell("".join([c.text for c in said]), said[0].at) for said in found if said]


@lru_cache(maxsize=4096)
def _is_label(text: str, section: str) -> bool:
    words, hit, plain = sections()[section], look_up(text), label_key(text)
    if hit.group or hit.spanning == section or (hit.item and hit.item[0] == section):
        return True
    labels = (*words.items.wordings.values(), *words.columns.wordings.values())
    known = chain(*labels, words.groups, words.container)
    return any(plain in wording or wording in plain for wording in known)


def _is_head(text: str) -> bool:
    """A bare 其他 or 总计 is the head of a column unless a number stands before it."""
    return bool(look_up(text).columns) and label_key(text) == plain_text(text)


def _column_heads(run: Run, words: SectionWords) -> tuple[Cell, ...]:
    return tuple([c for c in run.words if any(s == words.name for s, _ in look_up(c.text).columns)])


def _only_items(cells: tuple[Cell, ...]) -> bool:
    return all(look_up(c.text).item for c in cells)


@cache
def _wordings(section: str) -> dict[str, str]:
    """What the first form that has an item prints as its label."""
    found: dict[str, str] = {}
    for _, edition in sections()[section].editions:
        for item in (i for b in edition.blocks for i in b.items):
            found.setdefault(item.item, item.zh)
    return found


def _bare_labels(run: Run, table: Table, words: SectionWords) -> int:
    """Add labels that nothing is printed for, all of a run but the one before its figures; how many."""
    named = [
        c
        for c in run.words
        if (hit := look_up(c.text)).item and hit.item[0] == words.name and hit.item[1].exact
        if not _GLUED.search(c.text)
    ]
    added = 0
    for cell in named if not run.figures else named[:-1]:
        hit = look_up(cell.text)
        if hit.item and not _is_head(cell.text) and not hit.group:
            table.entries.append(Entry(hit.item[1].code, True, (), cell.text, cell.at))
            added += 1
    return added
