"""Draw the tables of a report: rows, spans, heads, and the ways copies cut them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from gxstats.schema import Item, Section
from gxstats.testing.blocks import CellSpec, RowSpec, Table
from gxstats.testing.labels import head, label, mark
from gxstats.testing.lines import Line, figure, lines, measures
from gxstats.testing.spec import FormSpec

_HEADED = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_SPANS = {1: (3,), 2: (1, 2), 3: (1, 1, 1)}


def tables(spec: FormSpec, name: str) -> list[Table]:
    """The tables of a section: none if it is left out, several if the copy cuts it.

    Example:
        >>> [len(t.rows) for t in tables(FormSpec(), "applications")]
        [28]
    """
    section = spec.section(name)
    if section is None:
        return []
    draw = {
        "blocks": _disclosure,
        "rows": _applications,
        "single_row": _disputes,
        "list": _statistics,
    }[section.layout]
    return [_edged(table, spec) for table in draw(spec, section) if table.rows]


def _edged(table: Table, spec: FormSpec) -> Table:
    """The table with the caption row and the empty columns the copy adds."""
    rows = table.rows
    if spec.quirks.captions:
        caption = f"单位：{spec.agency} {spec.year}年度"
        rows = ((CellSpec(caption, len(table.widths), 1, "empty"),), *rows)
    extra = spec.quirks.trailing_columns
    rows = tuple((*row, *[CellSpec("", role="empty")] * extra) for row in rows)
    return Table(rows, table.widths + (2,) * extra, table.section)


def _disclosure(spec: FormSpec, section: Section) -> Iterator[Table]:
    widths = (14, 10, 10, 10)
    parts = []
    for block in spec.blocks(section.section):
        columns = measures(section, block, spec)
        spans = _SPANS[len(columns)]
        heads = [CellSpec(head(m, spec.quirks), s, 1, "head") for m, s in zip(columns, spans, strict=True)]
        rows: list[RowSpec] = [
            (CellSpec(block.zh, 4, 1, "head"),),
            (CellSpec("信息内容", 1, 1, "head"), *heads),
        ]
        for line in lines(spec, section, block):
            figures = [CellSpec(f, s) for f, s in zip(line.figures, spans, strict=True)]
            rows.append((CellSpec(line.label, 1, 1, "label"), *figures))
        parts.append(tuple(rows))
    if not spec.quirks.block_tables:
        parts = [tuple(row for part in parts for row in part)]
    for part in parts:
        yield Table(part, widths, section.section)


def _applications(spec: FormSpec, section: Section) -> Iterator[Table]:
    widths = (2, 4, 15, 4, 4, 4, 4, 4, 4, 4)
    drawn = lines(spec, section, section.blocks[0])
    codes = [line.item for line in drawn]
    quirks = spec.quirks
    cut = codes.index(quirks.split_after) + 1 if quirks.split_after in codes else 0
    heads = _applicant_heads(spec, section)
    body = _body(spec, section, drawn, 0 if quirks.split == "none" else cut)
    if quirks.split == "none" or not 0 < cut < len(drawn):
        yield Table((*heads, *body), widths, section.section)
    elif quirks.split == "head":
        yield Table((*heads, *body[:cut], *heads, *body[cut:]), widths, section.section)
    else:
        again = heads if quirks.split == "tables_with_head" else ()
        yield Table((*heads, *body[:cut]), widths, section.section)
        yield Table((*again, *body[cut:]), widths, section.section)


def _applicant_heads(spec: FormSpec, section: Section) -> tuple[RowSpec, ...]:
    names = [head(m, spec.quirks) for m in measures(section, section.blocks[0], spec)]
    return (
        (CellSpec(_HEADED, 3, 3, "head"), CellSpec("申请人情况", 7, 1, "head")),
        (
            CellSpec(names[0], 1, 2, "head"),
            CellSpec("法人或其他组织", 5, 1, "head"),
            CellSpec(names[6], 1, 2, "head"),
        ),
        tuple(CellSpec(name, 1, 1, "head") for name in names[1:6]),
    )


def _body(spec: FormSpec, section: Section, drawn: Sequence[Line], cut: int) -> list[RowSpec]:
    """Rows with the cells that span several of them; no cell spans the cut before row ``cut``."""
    quirks = spec.quirks
    container = mark("三", quirks) + section.container
    names = {group.group: label(group, quirks) for group in section.groups}
    outer = [container if line.inside else "" for line in drawn]
    inner = [names.get(line.group, "") for line in drawn]
    levels = (
        (outer, _runs(outer, cut, quirks.continued), quirks.glued_container),
        (inner, _runs(inner, cut, quirks.continued), quirks.glued_groups),
    )
    rows: list[RowSpec] = []
    for number, line in enumerate(drawn):
        stubs: list[CellSpec] = []
        prefix, width = "", 3
        for texts, runs, glued in levels:
            width -= bool(texts[number]) and not glued
            text, length = runs.get(number, ("", 0))
            if length and glued:
                prefix += text
            elif length:
                stubs.append(CellSpec(prefix + text, 1, length, "group"))
                prefix = ""
        rows.append(_row(spec, line, stubs, prefix, width))
    return rows


def _runs(names: Sequence[str], cut: int, continued: str) -> dict[int, tuple[str, int]]:
    """Start of each run of one name -> what its cell says and how many rows it spans."""
    runs: dict[int, tuple[str, int]] = {}
    start = 0
    for name, members in groupby(names):
        end = start + len(list(members))
        if name and start < cut < end:
            first, second = _in_two(name, continued)
            runs[start] = (first, cut - start)
            runs[cut] = (second, end - cut)
        elif name:
            runs[start] = (name, end - start)
        start = end
    return runs


def _in_two(text: str, continued: str) -> tuple[str, str]:
    """What the parts of a spanning cell say on either side of a cut."""
    if continued == "repeat":
        return text, text
    if continued == "empty":
        return text, ""
    # （四）无 | 法提供: the cut falls one character behind the mark.
    at = text.find("）") + 2 if "）" in text else len(text) // 2
    return text[:at], text[at:]


def _row(spec: FormSpec, line: Line, stubs: Sequence[CellSpec], prefix: str, width: int) -> RowSpec:
    figures = [CellSpec(f) for f in line.figures]
    text = prefix + line.label
    if spec.quirks.extra_other_cell and line.item == "other" and width > 1:
        return (*stubs, CellSpec(text, width - 1, 1, "label"), CellSpec("", 1, 1, "label"), *figures)
    return (*stubs, CellSpec(text, width, 1, "label"), *figures)


def _disputes(spec: FormSpec, section: Section) -> Iterator[Table]:
    block = section.blocks[0]
    columns = measures(section, block, spec)
    items = list(block.items)
    swap = spec.quirks.swap_rows
    codes = [item.item for item in items]
    if swap and set(swap) <= set(codes):
        one, two = (codes.index(code) for code in swap)
        items[one], items[two] = items[two], items[one]
    figures = tuple(
        CellSpec(figure(spec, (section.section, item.item, m.measure))) for item in items for m in columns
    )
    heads = _dispute_heads(spec, items, [head(m, spec.quirks) for m in columns])
    widths = (2,) * len(figures)
    if spec.quirks.lone_dispute_row:
        yield Table(heads, widths, section.section)
        yield Table((figures,), widths, section.section)
    else:
        yield Table((*heads, figures), widths, section.section)


def _dispute_heads(spec: FormSpec, items: Sequence[Item], columns: Sequence[str]) -> tuple[RowSpec, ...]:
    """Three rows: 行政复议 has its columns in the second, the two kinds of lawsuit in the third."""
    first: list[CellSpec] = []
    second: list[CellSpec] = []
    third: list[CellSpec] = []
    width = len(columns)
    for suits, members in groupby(items, key=lambda item: item.item != "review"):
        count = len(list(members))
        if not suits:
            text = "行政法复议" if spec.quirks.dispute_typo else "行政复议"
            first.append(CellSpec(text, width, 1, "head"))
            second += [CellSpec(column, 1, 2, "head") for column in columns]
        else:
            first.append(CellSpec("行政诉讼", width * count, 1, "head"))
            third += [CellSpec(column, 1, 1, "head") for column in columns] * count
    second = _with_suits(second, items, width)
    if spec.quirks.wrong_dispute_heads and len(first) == 2:
        first = [CellSpec(first[0].text, 8, 1, "head"), CellSpec(first[1].text, 7, 1, "head")]
    return tuple(first), tuple(second), tuple(third)


def _with_suits(columns: Sequence[CellSpec], items: Sequence[Item], width: int) -> list[CellSpec]:
    """The second row: the columns of the review where it stands among the lawsuits."""
    row: list[CellSpec] = []
    for item in items:
        row += columns if item.item == "review" else [CellSpec(item.zh, width, 1, "head")]
    return row


def _statistics(spec: FormSpec, section: Section) -> Iterator[Table]:
    """A list: each block under its title, whose cells print no figure."""
    widths = (22, 4, 6)
    heads: RowSpec = tuple(CellSpec(text, 1, 1, "head") for text in ("统计指标", "单位", "统计数"))
    parts: list[tuple[RowSpec, ...]] = []
    for block in spec.blocks(section.section):
        units = {item.item: item.unit for item in block.items}
        rows: list[RowSpec] = [tuple(CellSpec(text, 1, 1, "head") for text in (block.zh, "——", ""))]
        for line in lines(spec, section, block):
            unit = CellSpec(units.get(line.item, "件"), 1, 1, "label")
            rows.append((CellSpec(line.label, 1, 1, "label"), unit, *map(CellSpec, line.figures)))
        parts.append(tuple(rows))
    if not spec.quirks.block_tables:
        parts = [tuple(row for part in parts for row in part)]
    for part in parts:
        yield Table((heads, *part), widths, section.section)
