"""What to render: the form, its printed figures and the oddities of the copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from gxstats.model import Key
from gxstats.schema import Block, Section, form, section_names

Numbering = Literal["dot", "dun", "paren", "none", "lost"]
Labels = Literal["standard", "short", "typo", "annotated", "spaced"]
Split = Literal["none", "head", "tables", "tables_with_head"]
Continued = Literal["repeat", "empty", "cut"]
Spans = Literal["true", "rounded", "wrong"]
Wrappers = Literal["none", "span", "office"]
Padding = Literal["none", "space", "nbsp", "ideographic"]
Script = Literal["simplified", "traditional", "taiwan"]
Tables = Literal["tables", "images", "none"]

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LocalRow:
    """A row of the publisher's own, such as Hubei's 其他主动公开文件, printed after ``after``."""

    after: str
    label: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quirks:
    """Oddities seen in real copies, all off by default. Every one keeps what the figures mean.

    Attributes:
        numbering: ``1.``, ``1、``, ``（1）``; ``none`` drops the numbers of the leaf rows, ``lost`` drops
            every mark, 一、 and （一） too, as a lost automatic list does.
        labels: wordings of labels, from ``label_variants.csv``; ``spaced`` puts blanks into short ones.
        relabel: item -> label printed instead (without its number).
        glued_groups: group and leaf label share a cell: ``（三）不予公开1.属于国家秘密``.
        glued_container: the container shares a cell with what follows: ``三、本年度办理结果（一）予以公开``.
        swap_rows: two items trade places, labels and figures together.
        swap_columns: (section, measure, measure): two columns trade places, heads and figures together.
        duplicate_row: this item's row is printed twice, the second time with other figures if
            ``duplicate_differs``.
        local_row: a row no form has.
        missing_rows: items that are not printed.
        split_after: the table of applications is interrupted after this item, in the way ``split``
            says: heads repeated inside one table, or a second table without or with heads.
        continued: how a group label that the interruption cuts goes on: repeated, as an empty cell, or
            cut in two (``（四）无`` | ``法提供``).
        block_tables: each block of the disclosure section is a table of its own.
        lone_dispute_row: the figures of the disputes stand in a table of their own.
        trailing_columns: empty columns at the end of every row, as in an Excel export.
        extra_other_cell: the undivided （六） row of f2019 has an empty label cell after its label.
        layout_table: the whole report stands in a cell of an outer table (HTML, DOCX).
        metadata_table: the publishing system's table of 索引号, 发布机构 and so on comes first.
        identical_heads: 本年新 | 本年新, as when ``<br>`` kills the tail of a head.
        broken_heads: line breaks inside heads (商业⏎企业).
        script: traditional characters, plain or with Taiwan's vocabulary.
        tables: pictures instead of tables, or headings with nothing below them.
        captions: lines such as 单位：… between heading and table, and a caption row in the table.
        wrong_dispute_heads: 行政复议 is drawn over 8 of the 15 columns.
        dispute_typo: 行政法复议 for 行政复议.
        wrappers: cell contents wrapped in spans or in Office markup (HTML), or cut into runs (DOCX).
        spans: ``rounded`` adds phantom columns so that spans differ from row to row while every row
            keeps the same sum; ``wrong`` makes the label spans of some rows too wide as well.
        padding: blanks around every figure, and in empty cells.
        charset, declared, bom: bytes of HTML and text files; ``declared`` is the charset the file
            claims, None for the true one and "" for no claim.
    """

    numbering: Numbering = "dot"
    labels: Labels = "standard"
    relabel: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    glued_groups: bool = False
    glued_container: bool = False
    swap_rows: tuple[str, str] | None = None
    swap_columns: tuple[str, str, str] | None = None
    duplicate_row: str | None = None
    duplicate_differs: bool = False
    local_row: LocalRow | None = None
    missing_rows: tuple[str, ...] = ()
    split: Split = "none"
    split_after: str = "refused.administrative_inquiry"
    continued: Continued = "repeat"
    block_tables: bool = False
    lone_dispute_row: bool = False
    trailing_columns: int = 0
    extra_other_cell: bool = False
    layout_table: bool = False
    metadata_table: bool = False
    identical_heads: bool = False
    broken_heads: bool = False
    script: Script = "simplified"
    tables: Tables = "tables"
    captions: bool = False
    wrong_dispute_heads: bool = False
    dispute_typo: bool = False
    wrappers: Wrappers = "none"
    spans: Spans = "true"
    padding: Padding = "none"
    charset: str = "utf-8"
    declared: str | None = None
    bom: bool = False


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A report to render.

    Attributes:
        form: name of the form every table follows.
        forms: exceptions, by section (``disclosure``) or block (``disclosure/article_20_1``); "" leaves
            that table or block out.
        values: (section, item, measure) -> text as printed; a key that is not there prints as blank.
        agency, year, title: the title is made of the other two if empty.
        note: a paragraph right below the title.
        narrative: part (``overview``, a section's name, ``problems``, ``matters``) -> its paragraph.
        metadata: the rows of the ``metadata_table`` quirk.
        quirks: oddities of the copy.
        second: another report that follows in the same file.

    Example:
        >>> spec = FormSpec(agency="某县人民政府", year=2024)
        >>> spec.heading, len(spec.cell_keys())
        ('某县人民政府2024年政府信息公开工作年度报告', 200)
    """

    form: str = "f2021"
    forms: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    values: Mapping[Key, str] = field(default_factory=dict)
    agency: str = "某县人民政府"
    year: int = 2024
    title: str = ""
    note: str = ""
    narrative: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    metadata: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    quirks: Quirks = Quirks()
    second: FormSpec | None = None

    @property
    def heading(self) -> str:
        """The title as printed."""
        return self.title or f"{self.agency}{self.year}年政府信息公开工作年度报告"

    def section(self, name: str) -> Section | None:
        """The section of the form its table follows, None if the table is left out or the form has none."""
        chosen = self.forms.get(name, self.form)
        return form(chosen).section(name) if chosen and self.has(name) else None

    def has(self, name: str) -> bool:
        """Whether the form has this section, drawn or not."""
        return any(s.section == name for s in form(self.forms.get(name) or self.form).sections)

    def blocks(self, name: str) -> Iterator[Block]:
        """The blocks of a section, each of the form chosen for it."""
        section = self.section(name)
        for block in section.blocks if section else ():
            chosen = self.forms.get(f"{name}/{block.block}")
            if chosen is None:
                yield block
            elif chosen:
                yield next(b for b in form(chosen).section(name).blocks if b.block == block.block)

    def cell_keys(self) -> tuple[Key, ...]:
        """Every cell of the forms chosen, in print order, printed or not."""
        return tuple(
            (name, item.item, measure.measure)
            for name in section_names()
            for block in self.blocks(name)
            for item in block.items
            for measure in block.measures
        )
