"""The things that flow through gxstats, from bytes to facts.

Everything here is immutable. The types that exist hundreds of times per document (cells, facts)
are named tuples because a frozen dataclass costs three times as much to build, and building them
is a visible share of reading a web page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

State = Literal["reported", "blank", "dash", "text", "absent", "unreadable"]
Verdict = Literal["confirmed", "disputed", "unconfirmed"]
Sums = Literal["pass", "fail", "untested"]
Status = Literal["pass", "weak_pass", "fail", "inconclusive"]
Cause = Literal["publisher", "reading", "unknown"]
Level = Literal["error", "warning", "notice"]
Key = tuple[str, str, str]
"""(section, item, measure)."""


class Locator(NamedTuple):
    """Where something stands in its source.

    Boxes are integers in tenths of a point, origin at the top left of the page as displayed.
    ``ref`` is an XPath (HTML), a path inside the package (DOCX) or ``line N`` (text).

    Example:
        >>> print(Locator(page=2, x0=100, top=50, x1=140, bottom=62))
        p. 2 [100,50,140,62]
    """

    page: int | None = None
    x0: int | None = None
    top: int | None = None
    x1: int | None = None
    bottom: int | None = None
    ref: str | None = None

    def __str__(self) -> str:
        parts = []
        if self.page is not None:
            parts.append(f"p. {self.page}")
        if self.x0 is not None:
            parts.append(f"[{self.x0},{self.top},{self.x1},{self.bottom}]")
        if self.ref:
            parts.append(self.ref)
        return " ".join(parts)


NOWHERE = Locator()


class Cell(NamedTuple):
    """One physical cell, or one token of a stream of lines.

    Spans are attributes of the cell and are never expanded to find values: word processors write
    spans from rounded widths. ``damage`` says why the reader distrusts the text ("" if it does not).
    """

    text: str
    at: Locator = NOWHERE
    colspan: int = 1
    rowspan: int = 1
    damage: str = ""


class Row(NamedTuple):
    """The physical cells of one table row, or the tokens of one line, left to right."""

    cells: tuple[Cell, ...]


class Grid(NamedTuple):
    """A table as it stands in the source.

    ``kind`` is ``cells`` when row and cell borders are known, ``lines`` when the rows are lines of
    text whose cells are tokens: there, neither a missing cell nor a row border can be seen.
    """

    rows: tuple[Row, ...]
    place: Locator = NOWHERE
    kind: Literal["cells", "lines"] = "cells"


class Paragraph(NamedTuple):
    """A piece of text outside tables, in document order."""

    text: str
    at: Locator = NOWHERE


Block = Grid | Paragraph


class Reading(NamedTuple):
    """One way to read a document: its tables and paragraphs in document order.

    ``structured`` is true when the format itself delimits cells (HTML, DOCX, ODT), so that one
    reading is enough to trust a figure. ``independent`` is false where all readings look at the same
    characters of a text: they may disagree, but their agreement proves nothing.
    """

    name: str
    blocks: tuple[Block, ...]
    structured: bool = False
    independent: bool = True


class Issue(NamedTuple):
    """Something a person should know: never an exception, always a row."""

    level: Level
    code: str
    message: str
    at: Locator = NOWHERE
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader makes of one file: readings of the same bytes, and what it could not do.

    ``arbiter`` is a slower, third reading, made only when the others disagree.
    ``fields`` are name-value pairs the publishing system states (metadata tables, meta tags).
    """

    sha256: str
    media_type: str
    readings: tuple[Reading, ...] = ()
    issues: tuple[Issue, ...] = ()
    arbiter: Callable[[], Reading | None] | None = None
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    fetched_at: str | None = None


class Figure(NamedTuple):
    """What one reading says of one field of the form."""

    state: State
    value: int | None = None
    amount: Decimal | None = None
    unit: str | None = None
    raw: str = ""
    at: Locator = NOWHERE
    exact: bool = False
    """The label matched exactly and in form order."""
    odd: bool = False
    """The print needed mending (digits on two lines, a doubled sign): one reading is not enough."""


class Field(NamedTuple):
    """One field of the form after all readings were heard: what align hands to check.

    ``agreed`` counts the readings that say the same; ``others`` are (reading, figure) of those that
    say otherwise.
    """

    form: str | None
    figure: Figure
    agreed: int = 1
    structured: bool = False
    physical: bool = True
    """A reading that sees the borders of cells is among those that agree."""
    others: tuple[tuple[str, Figure], ...] = ()
    readers: tuple[str, ...] = ()

    @property
    def disputed(self) -> bool:
        """Readings disagree and nothing settled it."""
        return bool(self.others) and self.figure.state == "unreadable"


class Fact(NamedTuple):
    """One cell of a published form: the reading only, a pure function of bytes and reader version.

    ``value`` (int, counts) or ``amount`` (Decimal, money) is set exactly when ``state`` is
    ``reported``. ``implied`` is proved by the form's arithmetic for a cell that prints nothing.
    """

    section: str
    item: str
    measure: str
    form: str | None
    value: int | None
    amount: Decimal | None
    unit: str | None
    implied: int | None
    state: State
    verdict: Verdict
    sums: Sums
    raw: str
    at: Locator
    reader: str

    @property
    def key(self) -> Key:
        """(section, item, measure)."""
        return (self.section, self.item, self.measure)


class Check(NamedTuple):
    """One identity of the form, evaluated: ``lhs`` and ``rhs`` are sums of the known operands."""

    rule: str
    severity: Level
    section: str
    where: str
    lhs: int | None
    rhs: int | None
    status: Status
    cause: Cause | None
    operands: tuple[Key, ...]
    known: int


class Unmatched(NamedTuple):
    """A table row no label of the form matches, kept with its raw cells and place."""

    section: str
    cells: tuple[str, ...]
    at: Locator


class Prose(NamedTuple):
    """The text of one section of the report, in document order."""

    section: str
    text: str
    at: Locator = NOWHERE


class Statement(NamedTuple):
    """A figure that a sentence of a report states.

    ``measure`` is a code of ``statement_measures.csv``, several joined by ``+`` where one count covers them.
    ``certainty`` is ``stated``, ``in_context`` if what is counted was said in a sentence or clause before,
    ``derived`` if it is the difference of two counts, or ``contradicted`` if the report says otherwise too.
    ``paragraph`` is the row of the prose in which ``raw`` begins, from 0; ``start`` and ``end`` count its
    characters from the beginning of that row, on into the following rows where the words go on there.
    """

    measure: str
    relation: Literal["=", ">="]
    value: int
    scope: str | None
    certainty: Literal["stated", "in_context", "derived", "contradicted"]
    raw: str
    section: str
    paragraph: int
    start: int
    end: int
    note: str | None = None
    at: Locator = NOWHERE
