"""Heads that lost their cells: whether their words, wrapped as they may be, name the columns in order."""

from __future__ import annotations

import re

from gxstats.align.labels import label_key, normalise, simplified
from gxstats.align.vocabulary import SectionWords
from gxstats.model import Cell
from gxstats.schema import Block


def spelt_out(heads: list[tuple[Cell, ...]], block: Block, words: SectionWords) -> bool:
    """Whether the words of the heads, wrapped as they may be, name every column in the form's order."""
    text = "".join(normalise(c.text) for head in heads for c in head)
    text = text if text.isascii() else simplified(text)[0]
    for spanning in words.spanning:
        text = text.replace(spanning, "")
    *middle, last = block.measures
    places = [0]
    for measure in middle:
        found = [(text.find(w, places[-1]), len(w)) for w in words.columns.wordings[measure.measure]]
        found = [(at, size) for at, size in found if at >= 0]
        if not found:
            return False
        at, size = min(found)
        places.append(at + size)
    if _names_others(heads, words):
        return False
    if any(sum(_is_piece(c, words) for c in head) > 1 for head in heads):
        return any(w in text for w in words.columns.wordings[last.measure])
    # Each head has a line of its own: the last stands behind the others, or before those a line lower.
    behind_first = text[places[1] : places[2]] if len(places) > 2 else ""
    around = (behind_first, text[places[-1] :])
    return any(w in part for w in words.columns.wordings[last.measure] for part in around)


def _names_others(heads: list[tuple[Cell, ...]], words: SectionWords) -> bool:
    """Whether among the heads words stand that are none, nor a piece of one or of the first label.

    Where blank cells vanish, the figures of a column that the publisher added take the place of a blank
    one, and a row has as many as ever.
    """
    heads_of_columns = [w for ws in words.columns.wordings.values() for w in ws]
    labels = [w for ws in words.items.wordings.values() for w in ws]
    pieces = [*heads_of_columns, *words.spanning, *words.landmarks]
    if words.layout == "single_row":
        pieces += labels
    cells = [cell for head in heads for cell in head]
    first = next((n for n, c in enumerate(cells) if _is_piece(c, words)), len(cells))
    plain = [label_key(simplified(normalise(c.text))[0]) for c in cells[first:]]
    return any(
        text and not any(text in w for w in pieces) and not any(w in text for w in (*pieces, *labels))
        for text in plain
    )


def _is_piece(cell: Cell, words: SectionWords) -> bool:
    """Whether a text is the head of a column or, as wrapped heads are, a piece of one."""
    plain = label_key(cell.text)
    return bool(plain) and any(plain in w for ws in words.columns.wordings.values() for w in ws)


def results_spelt_out(heads: list[tuple[Cell, ...]], words: SectionWords) -> bool:
    """Whether the words of the heads name the results, and the procedures if at all, in form order."""
    text, found, cycle = _results(heads, words)
    block = words.editions[0][1].blocks[0]
    places = [
        min(at for w in words.items.wordings[i.item] if (at := text.rfind(w)) >= -1) for i in block.items[1:]
    ]
    named = [at for at in places if at >= 0]
    return bool(found) and found == cycle * (len(found) // len(cycle)) and named == sorted(named)


def results_spelt_otherwise(heads: list[tuple[Cell, ...]], words: SectionWords) -> bool:
    """Whether the words of the heads name a whole set of results in another order, or others among them.

    Sums do not notice results in each other's place.
    """
    _, found, cycle = _results(heads, words)
    if found == cycle * len(words.items.wordings) and _names_others(heads, words):
        return True
    sets = [found[at : at + len(cycle)] for at in range(0, len(found), len(cycle))]
    return any(named != cycle and sorted(named) == sorted(cycle) for named in sets)


def _results(heads: list[tuple[Cell, ...]], words: SectionWords) -> tuple[str, list[str], list[str]]:
    """The words of the heads as one text, the results found in it, and those that the form has."""
    text = "".join(normalise(c.text) for head in heads for c in head)
    text = text if text.isascii() else simplified(text)[0]
    block = words.editions[0][1].blocks[0]
    codes = {w: m.measure for m in block.measures for w in words.columns.wordings[m.measure]}
    found = [codes[w] for w in re.findall("|".join(sorted(codes, key=len, reverse=True)), text)]
    return text, found, [m.measure for m in block.measures]
