"""The sentences of a report, by section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gxstats.align.labels import normalise, simplified
from gxstats.align.vocabulary import look_up
from gxstats.model import Paragraph, Prose, Reading

_HEADINGS = (
    ("overview", re.compile(r"^[一1][、.]?.{0,4}(总体情况|概述|基本情况|工作概述)")),
    ("disclosure", re.compile(r"^[二2]?[、.]?主动公开政府信息")),
    ("applications", re.compile(r"^[三3]?[、.]?收到和处理政府信息公开申请")),
    ("disputes", re.compile(r"^[四4]?[、.]?.{0,8}行政复议、?(和)?(被)?(提起)?行政诉讼")),
    ("problems", re.compile(r"^[五5]?[、.]?.{0,6}存在的?主要问题")),
    ("other", re.compile(r"^[六6]?[、.]?其他需要报告")),
)
_HEADING_LENGTH = 40
_IN_EVERY_HEADING = frozenset("况述开题告況開題")


def extract(readings: Sequence[Reading]) -> tuple[Prose, ...]:
    """Paragraphs outside tables of the first reading, each with the section it stands in.

    Text before the first heading has the section ``front``.
    """
    if not readings:
        return ()
    section = "front"
    found: list[Prose] = []
    for paragraph in _paragraphs(readings[0]):
        text = paragraph.text.strip()
        if len(text) < _HEADING_LENGTH and not _IN_EVERY_HEADING.isdisjoint(text):
            section = _announced(text) or section
        if text:
            found.append(Prose(section, text, paragraph.at))
    return tuple(found)


@lru_cache(maxsize=4096)
def _announced(text: str) -> str | None:
    plain = simplified(normalise(text))[0]
    return next((name for name, pattern in _HEADINGS if pattern.match(plain)), None)


def _paragraphs(reading: Reading) -> Iterator[Paragraph]:
    for block in reading.blocks:
        if isinstance(block, Paragraph):
            yield block
        elif block.kind == "lines":
            for row in block.rows:
                if row.cells and not all(look_up(c.text).figure for c in row.cells):
                    yield Paragraph(" ".join(c.text for c in row.cells), row.cells[0].at)
