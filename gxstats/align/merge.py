"""Put several readings of one section together: agreement, silence, disagreement.

A reading that refuses a cell has no opinion on it. Readings that disagree are settled by a third
one if there is one and two of the three agree; otherwise the cell is disputed and has no value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gxstats.align.rows import SectionFigures
from gxstats.align.vocabulary import SectionWords
from gxstats.model import Field, Figure

_new = tuple.__new__


class Source(NamedTuple):
    """One reading of a section with the standing of its cells."""

    figures: SectionFigures
    name: str
    structured: bool
    physical: bool = True
    independent: bool = True


def opinion(figure: Figure) -> tuple[object, ...] | None:
    """What a figure says, comparable between readings; None if it says nothing."""
    if figure.state == "unreadable":
        return None
    return (figure.state, figure.value, figure.amount)


def disagree(sources: Sequence[Source]) -> bool:
    """Whether any cell is read differently by two sources."""
    seen: dict[tuple[str, str], Figure] = {}
    for source in sources:
        for key, figure in source.figures.figures.items():
            if figure.state != "unreadable" and seen.setdefault(key, figure)[:3] != figure[:3]:
                return True
    return False


class Combiner:
    """Puts the sources of one section together, field by field."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._figures = [source.figures.figures for source in sources]
        standing = _standing(sources)
        self._agreed = (*standing[:3], (), standing.readers)
        self._unheard = (0, False, standing.physical, (), standing.readers)

    def field(self, key: tuple[str, str], form: str | None) -> Field | None:
        """One field from all sources, None if none of them has the row."""
        first = self._figures[0].get(key)
        if len(self._sources) == 1:  # HTML and Word: nothing to compare
            said = self._unheard if first is None or first[0] == "unreadable" else self._agreed
            return first and _new(Field, (form, first, *said))
        if len(self._sources) == 2 and first is not None and first[0] != "unreadable":
            second = self._figures[1].get(key)
            # Nearly always both say the same, and the first has nothing to learn from the second.
            if second is not None and first[:3] == second[:3] and first.exact and not first.odd:
                return _new(Field, (form, first, *self._agreed))
        return combine(key, self._sources, form)


class _Standing(NamedTuple):
    """What readings that agree count for."""

    agreed: int
    structured: bool
    physical: bool
    readers: tuple[str, ...]


def _standing(agreeing: Sequence[Source]) -> _Standing:
    return _Standing(
        len(agreeing) if any(s.independent for s in agreeing) else 1,
        any(s.structured for s in agreeing),
        any(s.physical and s.independent for s in agreeing),
        tuple([s.name for s in agreeing]),
    )


def combine(key: tuple[str, str], sources: Sequence[Source], form: str | None) -> Field | None:
    """One field from several sources that may differ, None if none of them has the row."""
    found = [(s, f) for s in sources if (f := s.figures.figures.get(key)) is not None]
    if not found:
        return None
    voices = [(s, f, said) for s, f in found if (said := opinion(f)) is not None]
    if not voices:
        source, figure = found[0]
        return Field(form, figure, 0, False, source.physical, (), (source.name,))
    first = voices[0][2]
    if all(said == first for _, _, said in voices):
        return _agreement(form, [(s, f) for s, f, _ in voices], ())
    votes = Counter(said for _, _, said in voices)
    (winner, count), *_ = votes.most_common()
    if count < 2:
        return _disputed(form, [(s, f) for s, f, _ in voices])
    others = tuple((s.name, f) for s, f, said in voices if said != winner)
    return _agreement(form, [(s, f) for s, f, said in voices if said == winner], others)


def _agreement(
    form: str | None, agreeing: list[tuple[Source, Figure]], others: tuple[tuple[str, Figure], ...]
) -> Field:
    """The reading that knows the place of the cell best comes first.

    A label that matched exactly in one of two agreeing readings is matched.
    """
    _, figure = agreeing[0]
    for _, said in agreeing:
        if (said.exact and not figure.exact) or (figure.odd and not said.odd):
            figure = figure._replace(exact=figure.exact or said.exact, odd=figure.odd and said.odd)
    standing = _standing([source for source, _ in agreeing])
    return _new(Field, (form, figure, *standing[:3], others, standing.readers))


def _disputed(form: str | None, voices: list[tuple[Source, Figure]]) -> Field:
    first = voices[0][1]
    raw = " / ".join(f.raw.strip() for _, f in voices)
    figure = Figure("unreadable", raw=raw, at=first.at)
    physical = any(s.physical and s.independent for s, _ in voices)
    return Field(form, figure, 0, False, physical, tuple((s.name, f) for s, f in voices))


def evidence(sources: Sequence[Source]) -> str | None:
    """The form the sources speak for, None if they do not or contradict each other."""
    said = {s.figures.evidence for s in sources if s.figures.evidence}
    return said.pop() if len(said) == 1 else None


def form_of_item(
    item: str, sources: Sequence[Source], section_form: str | None, words: SectionWords
) -> str | None:
    """The form whose columns an item was read by, else that of the section."""
    said = {s.figures.item_forms[item] for s in sources if item in s.figures.item_forms}
    if len(said) == 1:
        return said.pop()
    having = {form for form, _ in words.blocks_of(item)}
    return section_form if section_form in having else None
