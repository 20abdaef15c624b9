"""The rows of a section before they are drawn: which label, which figures, in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gxstats.schema import Block, Measure, Section
from gxstats.testing.labels import label
from gxstats.testing.spec import FormSpec, Quirks

_PADS = {"none": "", "space": " ", "nbsp": "\u00a0", "ideographic": "\u3000"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row with figures: the group and the container its label stands in, if any."""

    item: str
    label: str
    figures: tuple[str, ...]
    group: str = ""
    inside: bool = False


def measures(section: Section | None, block: Block, spec: FormSpec) -> tuple[Measure, ...]:
    """The columns of a block in the order printed."""
    columns = list(block.measures)
    swap = spec.quirks.swap_columns
    if swap and section is not None and swap[0] == section.section:
        codes = [m.measure for m in columns]
        if swap[1] in codes and swap[2] in codes:
            one, two = codes.index(swap[1]), codes.index(swap[2])
            columns[one], columns[two] = columns[two], columns[one]
    return tuple(columns)


def lines(spec: FormSpec, section: Section, block: Block) -> list[Line]:
    """The rows of a block, after every quirk that adds, drops, repeats or moves rows.

    Example:
        >>> spec = FormSpec(quirks=Quirks(missing_rows=("received",)))
        >>> section = spec.section("applications")
        >>> [line.label for line in lines(spec, section, section.blocks[0])][:2]
        ['二、上年结转政府信息公开申请数量', '（一）予以公开']
    """
    groups = {group.group for group in section.groups}
    columns = measures(section, block, spec)
    drawn = []
    for item in block.items:
        figures = tuple(figure(spec, (section.section, item.item, m.measure)) for m in columns)
        group = item.item.split(".")[0] if "." in item.item else ""
        inside = bool(section.container) and "（" in item.number
        drawn.append(
            Line(item.item, label(item, spec.quirks), figures, group if group in groups else "", inside)
        )
    return _disturbed(drawn, spec.quirks)


def figure(spec: FormSpec, key: tuple[str, str, str]) -> str:
    """The text of one figure cell with the copy's padding."""
    pad = _PADS[spec.quirks.padding]
    text = spec.values.get(key, "")
    return f"{pad}{text}{pad}" if text else pad


def _disturbed(drawn: list[Line], quirks: Quirks) -> list[Line]:
    codes = [line.item for line in drawn]
    if quirks.swap_rows and set(quirks.swap_rows) <= set(codes):
        one, two = (codes.index(item) for item in quirks.swap_rows)
        drawn[one], drawn[two] = drawn[two], drawn[one]
    result = []
    for line in drawn:
        if line.item in quirks.missing_rows:
            continue
        result.append(line)
        if line.item == quirks.duplicate_row:
            figures = tuple(_other(f) for f in line.figures) if quirks.duplicate_differs else line.figures
            result.append(replace(line, figures=figures))
        local = quirks.local_row
        if local and line.item == local.after:
            width = len(line.figures)
            figures = (local.figures + ("",) * width)[:width]
            result.append(replace(line, item="", label=local.label, figures=figures))
    return result


def _other(text: str) -> str:
    """Another figure than this one."""
    return str(int(text) + 1) if text.strip().isdecimal() else "1"
