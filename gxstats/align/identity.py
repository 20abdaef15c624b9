"""Who published a report and for which year, as far as its title says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gxstats.align.labels import normalise, simplified
from gxstats.align.segments import is_title
from gxstats.model import Document, Grid, Paragraph, Reading

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=年|年度|度|政府|工作|信息)")
_CUT = re.compile(
    r"(关于|印发)|(20\d{2})?(年度?|度)?(的)?(政府信息公开|政务公开|信息公开).*$|[(（【\[].{0,8}$"
)
_LOOK_AT = 40


class Identity(NamedTuple):
    """Title, year and agency as printed; None where the title does not say."""

    title: str | None = None
    year: int | None = None
    agency: str | None = None


UNKNOWN = Identity()


def identify(readings: Sequence[Reading], document: Document) -> Identity:
    """Title, report year and agency from the first title in the text, else the page's own title."""
    title = next((t for t in _titles(readings)), None)
    if title is None and is_title(document.title):
        title = document.title
    if title is None:
        return UNKNOWN
    plain = simplified(normalise(title))[0]
    match = _YEAR.search(plain)
    return Identity(" ".join(title.split()), int(match[1]) if match else None, _agency(plain))


def _agency(plain: str) -> str | None:
    name = _CUT.sub("", plain)
    name = re.sub(r"^20\d{2}(年度?|度)?|20\d{2}(年度?|度)?$|^标题:", "", name).strip("()、:|-—_")
    return name or None


def _titles(readings: Sequence[Reading]) -> Iterator[str]:
    for reading in readings:
        lines = _first_lines(reading)
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            for text in (line, line + following):
                if is_title(text):
                    yield text


def _first_lines(reading: Reading) -> list[str]:
    lines: list[str] = []
    for block in reading.blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text) if len(block.text) < 120 else None
        elif isinstance(block, Grid):
            lines.extend("".join(c.text for c in row.cells) for row in block.rows[:_LOOK_AT])
        if len(lines) > _LOOK_AT * 4:
            break
    return [line.strip() for line in lines if line.strip()]
