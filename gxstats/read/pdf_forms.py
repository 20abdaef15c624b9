"""Forms of a PDF (pieces of drawing that are drawn by name) that draw forms that draw forms.

pdfium parses a form anew each time it is drawn. Thirty forms that each draw the next one twice make
a thousand million drawings of a few kilobytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from gxstats.errors import LimitExceeded
from gxstats.read.pdf_limits import MAX_DRAWN_FORMS

_DRAWS = re.compile(rb"/[^\s/<>\[\](){}%]+\s+Do(?![^\s/<\[(%])")
_NUMBER = re.compile(rb"(\d{1,10})\s{1,9}\d{1,5}\s{1,9}obj\b")
_REFERENCE = re.compile(rb"(\d{1,10})\s{1,9}\d{1,5}\s{1,9}R\b")
_LONGEST = 4000
"""A dictionary is looked through so far."""
_MOST = 2000
"""Dictionaries looked through for one form."""
_DEEPEST = 40
"""pdfium follows forms no deeper."""
_FOLLOWED = 3
"""Forms name what they draw in dictionaries of their own, at most so many behind each other."""


class Form(NamedTuple):
    """A form: its dictionary, from the number of the object on, and its drawing instructions."""

    head: bytes
    content: bytes


def refuse_multiplied(data: bytes, forms: Sequence[Form]) -> None:
    """Refuse a PDF with a form that makes for more drawings than a report has.

    Args:
        data: the file.
        forms: its forms.

    Raises:
        LimitExceeded: A form and those that it draws make over ``MAX_DRAWN_FORMS`` drawings.

    Example:
        >>> refuse_multiplied(b"", [Form(b"1 0 obj <</Subtype/Form>>stream", b"/A Do /B Do")])
    """
    draws: dict[int, int] = {}
    heads: dict[int, bytes] = {}
    for form in forms:
        number = _NUMBER.search(form.head)
        if number:
            heads[int(number[1])] = form.head[number.end() :]
            draws[int(number[1])] = len(_DRAWS.findall(form.content))
    if not any(count > 1 for count in draws.values()):
        return
    places = {int(match[1]): match.end() for match in _NUMBER.finditer(data)}
    inside = {number: _reached(data, head, places, heads.keys()) for number, head in heads.items()}
    # As often as the most drawn of the forms inside, one level deeper each time; circles end at the deepest.
    made = dict.fromkeys(draws, 1)
    for _ in range(_DEEPEST):
        made = {
            number: 1 + draws[number] * max((made[i] for i in inside[number]), default=1) for number in made
        }
        if max(made.values()) > MAX_DRAWN_FORMS:
            raise LimitExceeded(
                f"forms that draw forms make over {MAX_DRAWN_FORMS} drawings",
                hint="no report is drawn like that: look at the file by itself",
            )


def _reached(data: bytes, head: bytes, places: dict[int, int], forms: Set[int]) -> set[int]:
    """Forms that a dictionary names, itself or through others that stand in the file as they are."""
    found: set[int] = set()
    texts = [head]
    for _ in range(_FOLLOWED):
        named = {int(number) for text in texts for number in _REFERENCE.findall(text)} - found
        found |= named
        if len(found) > _MOST:
            break
        between = [data[at : at + _LONGEST] for n in named - forms if (at := places.get(n)) is not None]
        texts = [text.partition(b"endobj")[0].partition(b"stream")[0] for text in between]
    return found & forms
