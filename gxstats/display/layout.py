"""How a section of the form stands on paper: its blocks, the labels of its rows and their groups."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from gxstats.display.words import Lang, word
from gxstats.errors import UnknownField
from gxstats.schema import Block, Item, Measure, Section, due_sections, forms, section_names

if TYPE_CHECKING:
    from gxstats.report import Report

_NUMBER = re.compile(r"(?P<top>[一二三四五六七八九])?(?P<middle>（.+?）)?(?P<leaf>\d+)?")


class Line(NamedTuple):
    """One row of the form: the label it stands under ("" if none), its own label, its code."""

    group: str
    label: str
    item: str


class Part(NamedTuple):
    """Rows under one head of columns; ``title`` is "" where a section has a single head."""

    title: str
    measures: tuple[Measure, ...]
    lines: tuple[Line, ...]


def section_of(report: Report, name: str) -> Section:
    """The section as the form has it that this report follows.

    That is the form most of the section's facts bear; for a section without any, that of the rest of
    the report; for a report without any, the newest.

    Raises:
        UnknownField: no form has such a section.
    """
    if name not in section_names():
        raise UnknownField(f"no section is called {name!r}", hint=f"there are {', '.join(section_names())}")
    editions = {f.form: s for f in forms() for s in f.sections if s.section == name}
    own = [f.form for f in report.fact_rows if f.section == name and f.form in editions]
    votes = Counter(own or [f.form for f in report.fact_rows if f.form in editions])
    return editions[votes.most_common(1)[0][0]] if votes else next(iter(editions.values()))


def sections_of(report: Report) -> tuple[str, ...]:
    """The sections of the forms that a report follows, found or not, in print order."""
    facts = report.fact_rows
    return due_sections({f.form for f in facts}, {f.section for f in facts})


def parts_of(report: Report, name: str, lang: Lang = "zh") -> list[Part]:
    """The blocks of a section in print order.

    A hybrid form may bear the heads of another edition over one of its blocks: that block is shown
    with the heads it bears, so that no fact is left out.
    """
    section = section_of(report, name)
    known = {f.key[1:] for f in report.fact_rows if f.section == name}
    blocks = [b for b in section.blocks if not known or known & _cells(b)]
    shown = {cell for block in blocks for cell in _cells(block)}
    for form in forms():
        for block in (b for s in form.sections if s.section == name for b in s.blocks):
            if (known - shown) & _cells(block):
                blocks.append(block)
                shown |= _cells(block)
    return [
        Part(
            _title(block, lang) if section.layout in ("blocks", "list") else "",
            block.measures,
            tuple(Line(*_labels(section, item, lang), item.item) for item in block.items),
        )
        for block in blocks
    ]


def _cells(block: Block) -> set[tuple[str, str]]:
    return {(i.item, m.measure) for i in block.items for m in block.measures}


def _title(block: Block, lang: Lang) -> str:
    article = re.fullmatch(r"article_(\d+)_(\d+)", block.block)
    return f"Article {article[1]} ({article[2]})" if article and lang == "en" else block.zh


def _labels(section: Section, item: Item, lang: Lang) -> tuple[str, str]:
    """Group and label as printed, numbering marks included (Chinese), or in words (English)."""
    if section.layout == "list":  # numbers that begin anew in each part, or none
        return "", getattr(item, lang)
    number = _NUMBER.fullmatch(item.number)
    if not item.number or number is None:
        return "", getattr(item, lang)
    inside = next((g for g in section.groups if item.item.startswith(f"{g.group}.")), None)
    if lang == "en":
        if inside:
            # The English label of a leaf repeats its group: "refused: state secret".
            return inside.en, item.en.partition(": ")[2] or item.en
        return word("outcomes", "en") if number["middle"] else "", item.en
    if inside:
        return f"{number['middle']}{inside.zh}", f"{number['leaf']}.{item.zh}"
    if number["middle"]:
        return word("outcomes"), f"{number['middle']}{item.zh}"
    return "", f"{number['top']}、{item.zh}"
