"""Lay out a report from its figures: the blocks every renderer draws.

    from gxstats.testing.forms import FormSpec, Quirks, layout

:class:`FormSpec` says what to render, :class:`Quirks` how the copy deviates from the form, and
:func:`layout` turns both into headings, paragraphs and tables that know no file format.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from gxstats.schema import section_names
from gxstats.testing.blocks import Block, CellSpec, Heading, Picture, Table, Text
from gxstats.testing.labels import mark, written
from gxstats.testing.spec import FormSpec, LocalRow, Quirks
from gxstats.testing.tables import tables

__all__ = ["FormSpec", "LocalRow", "Quirks", "layout"]


@cache
def _parts() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("titles.yaml")
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def layout(spec: FormSpec) -> list[Block]:
    """The report as blocks in document order.

    Raises:
        ValueError: a quirk names a row that the forms chosen do not have.

    Example:
        >>> [type(block).__name__ for block in layout(FormSpec())][:4]
        ['Heading', 'Heading', 'Text', 'Heading']
    """
    _check(spec)
    blocks = [_in_script(block, spec.quirks) for block in _blocks(spec)]
    return blocks + layout(spec.second) if spec.second else blocks


def _check(spec: FormSpec) -> None:
    keys = spec.cell_keys()
    rows = {item for section, item, _ in keys if section != "disputes"}
    columns = {(section, measure) for section, _, measure in keys}
    quirks = spec.quirks
    named = {*quirks.missing_rows, quirks.duplicate_row, quirks.local_row and quirks.local_row.after} - {None}
    swapped = set(quirks.swap_rows or ())
    if unknown := (named - rows) | (swapped - rows - {key[1] for key in keys}):
        raise ValueError(f"the quirks name {sorted(map(str, unknown))}, which are no rows of this report")
    if quirks.swap_columns:
        section, *measures = quirks.swap_columns
        if unknown := {measure for measure in measures if (section, measure) not in columns}:
            raise ValueError(f"the quirks name {sorted(unknown)}, which are no columns of {section}")


def _blocks(spec: FormSpec) -> Iterator[Block]:
    if spec.quirks.metadata_table:
        yield _metadata(spec)
    yield Heading(spec.heading, 0)
    if spec.note:
        yield Text(spec.note)
    for name, part in _parts().items():
        if name in section_names() and not spec.has(name):
            continue
        yield Heading(mark(part["number"], spec.quirks) + part["zh"])
        text = spec.narrative.get(name, part["text"]).format(agency=spec.agency, year=spec.year)
        if text:
            yield Text(text)
        if name in section_names():
            yield from _section(spec, name)


def _section(spec: FormSpec, name: str) -> Iterator[Block]:
    drawn = tables(spec, name)
    if not drawn or spec.quirks.tables == "none":
        return
    if spec.quirks.tables == "images":
        yield Picture(f"{spec.year}-{name}.jpg")
        return
    if spec.quirks.captions:
        yield Text(f"单位：{spec.agency}  {spec.year}年度  单位：件")
    for number, table in enumerate(drawn):
        if number:
            # Word joins two tables that have no paragraph between them.
            yield Text("")
        yield table


def _metadata(spec: FormSpec) -> Table:
    fields = spec.metadata or {
        "索引号": f"00000000-0/{spec.year + 1}-00001",
        "发布机构": spec.agency,
        "发文日期": f"{spec.year + 1}-01-20",
        "名称": spec.heading,
        "文号": "",
        "主题分类": "政府信息公开年报",
    }
    cells = [CellSpec(text, role="empty") for pair in fields.items() for text in pair]
    rows = tuple(tuple(cells[n : n + 4]) for n in range(0, len(cells), 4))
    return Table(rows, (6, 14, 6, 14), "metadata")


def _in_script(block: Block, quirks: Quirks) -> Block:
    if quirks.script == "simplified" or isinstance(block, Picture):
        return block
    if isinstance(block, Heading):
        return Heading(written(block.text, quirks), block.level)
    if isinstance(block, Text):
        return Text(written(block.text, quirks))
    rows = tuple(tuple(cell._replace(text=written(cell.text, quirks)) for cell in row) for row in block.rows)
    return Table(rows, block.widths, block.section)
