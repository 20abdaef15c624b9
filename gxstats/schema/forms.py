"""Load and validate the forms, naming file and line of any fault."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from gxstats.errors import SchemaError, UnknownField
from gxstats.model import Key, Level
from gxstats.schema.source import Node, read_yaml

Kind = Literal["count", "signed", "money"]
Layout = Literal["rows", "blocks", "single_row", "list"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A column. ``kind`` is ``count`` (never negative), ``signed`` or ``money`` (Decimal)."""

    measure: str
    zh: str
    en: str
    kind: Kind = "count"
    unit: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A row: its printed label, other wordings seen, and the core that tells it from all others.

    ``under`` is the item whose parts it is one of, where the label alone does not say so; ``unit`` is what
    a unit column prints beside it.
    """

    item: str
    zh: str
    en: str
    number: str = ""
    core: str = ""
    aliases: tuple[str, ...] = ()
    under: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A label that spans several rows and has no figures of its own, such as （三）不予公开."""

    group: str
    zh: str
    en: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a section with columns of its own, such as 第二十条第（一）项."""

    block: str
    zh: str
    measures: tuple[Measure, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the form.

    ``layout`` says how labels and figures stand: ``rows`` (a label, then one figure per measure),
    ``blocks`` (the same, each block under a head of its own), ``single_row`` (no row label: items
    times measures in one row), ``list`` (a label, a unit and one figure; labels may occur twice under
    different items). A section that is not made of blocks or a list has exactly one block.
    """

    section: str
    number: str
    zh: str
    en: str
    layout: Layout
    heading: tuple[str, ...]
    blocks: tuple[Block, ...]
    groups: tuple[Group, ...] = ()
    container: str = ""
    spanning: tuple[str, ...] = ()
    """Heads that name no measure: those over several columns, such as 法人或其他组织, or over labels."""
    unit_heads: tuple[str, ...] = ()
    """Heads of a column that prints the unit of each row."""
    units: tuple[str, ...] = ()
    """What such a column prints."""
    landmarks: tuple[str, ...] = ()
    """Labels that no other text has, if the first label is not one."""

    def cells(self) -> Iterator[tuple[Item, Measure]]:
        """Every cell of the table in print order."""
        for block in self.blocks:
            for item in block.items:
                for measure in block.measures:
                    yield item, measure


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum the form promises: for each item or measure, the left codes add up to the right ones."""

    id: str
    section: str
    each: Literal["item", "measure"]
    lhs: tuple[str, ...]
    rhs: tuple[str, ...]
    severity: Level
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Form:
    """One edition of the form with its instrument (the document that prescribes it)."""

    form: str
    years: str
    first_year: int
    last_year: int | None
    instrument: str
    verified: bool
    sections: tuple[Section, ...]
    identities: tuple[Identity, ...]

    def section(self, name: str) -> Section:
        """The section called ``name``.

        Raises:
            UnknownField: the form has no such section.
        """
        for section in self.sections:
            if section.section == name:
                return section
        raise UnknownField(
            f"form {self.form} has no section {name!r}",
            hint=f"its sections are {', '.join(s.section for s in self.sections)}",
        )


@cache
def forms() -> tuple[Form, ...]:
    """All forms shipped with the package, newest first.

    Raises:
        SchemaError: a form file is faulty; names file and line.

    Example:
        >>> [f.form for f in forms()]
        ['f2021', 'f2019', 'f2014']
    """
    loaded = [load_form(path) for path in Path(__file__).parent.glob("f*.yaml")]
    return tuple(sorted(loaded, key=lambda f: f.first_year, reverse=True))


def form(name: str) -> Form:
    """The form called ``name``.

    Raises:
        UnknownField: no such form.

    Example:
        >>> sum(1 for _ in form("f2021").section("applications").cells())
        175
    """
    for candidate in forms():
        if candidate.form == name:
            return candidate
    raise UnknownField(f"no form is called {name!r}", hint=f"there are {', '.join(f.form for f in forms())}")


@cache
def section_names() -> tuple[str, ...]:
    """Names of all sections of all forms, in print order.

    Example:
        >>> section_names()
        ('disclosure', 'applications', 'disputes', 'statistics')
    """
    return tuple(dict.fromkeys(s.section for f in forms() for s in f.sections))


def form_of_year(year: int) -> Form:
    """The form prescribed for the reports of a year; the oldest for years before it.

    Example:
        >>> [form_of_year(year).form for year in (2008, 2018, 2020, 2030)]
        ['f2014', 'f2014', 'f2019', 'f2021']
    """
    return next((f for f in forms() if f.first_year <= year), forms()[-1])


def due_sections(editions: Collection[str | None], found: Collection[str] = ()) -> tuple[str, ...]:
    """The sections a report should have, and those it has, in print order.

    Args:
        editions: the forms its tables follow, as far as known.
        found: the sections of which it has a table. Where no form is known, every form that has one of
            them counts; without any, the newest.

    Example:
        >>> due_sections(["f2014"]), due_sections([], ["disputes"])
        (('statistics',), ('disclosure', 'applications', 'disputes'))
    """
    sections = {f.form: [s.section for s in f.sections] for f in forms()}
    known = [f for f in sections if f in editions] or [f for f in sections if set(found) & set(sections[f])]
    due = {name for f in known or [forms()[0].form] for name in sections[f]} | set(found)
    return tuple(name for name in section_names() if name in due)


@cache
def field_keys(name: str, section: str) -> tuple[Key, ...]:
    """(section, item, measure) of every cell of a form's section, in print order.

    Example:
        >>> field_keys("f2021", "disputes")[0]
        ('disputes', 'review', 'upheld')
    """
    return tuple((section, i.item, m.measure) for i, m in form(name).section(section).cells())


def load_form(path: Path) -> Form:
    """Read one form file.

    Raises:
        SchemaError: a key is missing, unknown or of the wrong type, a code or label occurs twice, or
            an identity names a code the form does not have; ``where`` is ``file:line``.
    """
    node = read_yaml(path)
    node.only("form years first_year last_year instrument verified sections identities")
    sections = tuple(_section(n) for n in node.each("sections"))
    result = Form(
        form=node.text("form"),
        years=node.text("years"),
        first_year=node.number("first_year"),
        last_year=node.number("last_year") if node.get("last_year") is not None else None,
        instrument=node.text("instrument"),
        verified=bool(node.get("verified")),
        sections=sections,
        identities=tuple(_identity(n, sections) for n in node.each("identities")),
    )
    if path.stem != result.form:
        raise SchemaError(f"form {result.form!r} stands in a file called {path.name}", where=str(path))
    return result


def _section(node: Node) -> Section:
    node.only(
        "section number zh en layout heading container spanning measures groups items blocks unit_heads"
        " units landmarks"
    )
    layout = node.choice("layout", ("rows", "blocks", "single_row", "list"))
    if layout in ("blocks", "list"):
        blocks = tuple(_block(n) for n in node.each("blocks"))
    else:
        blocks = (_block(node, name=node.text("section")),)
    items = [item.item for block in blocks for item in block.items]
    node.unique(items, "item")
    labels = [
        f"{item.under} {w}".strip()
        for block in blocks
        for item in block.items
        for w in dict.fromkeys((item.zh, *item.aliases))
    ]
    for item in (item for block in blocks for item in block.items):
        if item.under and item.under not in items:
            raise node.fault("under", f"section {node.text('section')} has no {item.under!r}")
    node.unique(labels, "label")
    return Section(
        section=node.text("section"),
        number=node.text("number"),
        zh=node.text("zh"),
        en=node.text("en"),
        layout=layout,  # type: ignore[arg-type]
        heading=node.texts("heading"),
        blocks=blocks,
        groups=tuple(
            Group(n.text("group"), n.text("zh"), n.text("en"), n.text("number", ""))
            for n in node.each("groups", optional=True)
        ),
        container=node.text("container", ""),
        spanning=node.texts("spanning", optional=True),
        unit_heads=node.texts("unit_heads", optional=True),
        units=node.texts("units", optional=True),
        landmarks=node.texts("landmarks", optional=True),
    )


def _block(node: Node, name: str = "") -> Block:
    measures = tuple(_measure(n) for n in node.each("measures"))
    node.unique([m.measure for m in measures], "measure")
    return Block(
        name or node.text("block"), node.text("zh"), measures, tuple(_item(n) for n in node.each("items"))
    )


def _measure(node: Node) -> Measure:
    node.only("measure zh en kind unit aliases")
    kind: Any = node.choice("kind", ("count", "signed", "money")) if node.get("kind") else "count"
    return Measure(
        node.text("measure"),
        node.text("zh"),
        node.text("en"),
        kind,
        node.text("unit", "") or None,
        node.texts("aliases", optional=True),
    )


def _item(node: Node) -> Item:
    node.only("item number zh en core aliases under unit")
    return Item(
        node.text("item"),
        node.text("zh"),
        node.text("en"),
        node.text("number", ""),
        node.text("core", ""),
        node.texts("aliases", optional=True),
        node.text("under", ""),
        node.text("unit", ""),
    )


def _identity(node: Node, sections: tuple[Section, ...]) -> Identity:
    node.only("id section each lhs rhs severity zh en")
    section = next((s for s in sections if s.section == node.text("section")), None)
    if section is None:
        raise node.fault("section", f"no section is called {node.text('section')!r}")
    each = node.choice("each", ("item", "measure"))
    # An identity that holds for each item adds up measures, and the other way round.
    codes = {m.measure if each == "item" else i.item for i, m in section.cells()}
    for side in ("lhs", "rhs"):
        for code in node.texts(side):
            if code not in codes:
                raise node.fault(side, f"section {section.section} has no {code!r}")
    return Identity(
        node.text("id"),
        section.section,
        each,  # type: ignore[arg-type]
        node.texts("lhs"),
        node.texts("rhs"),
        node.choice("severity", ("error", "warning", "notice")),  # type: ignore[arg-type]
        node.text("zh"),
        node.text("en"),
    )
