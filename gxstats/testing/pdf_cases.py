"""Small tables and layouts that the PDF tests share, and what a reading of them says."""

from __future__ import annotations

from gxstats.model import Grid, Paragraph, Reading
from gxstats.testing.blocks import CellSpec, RowSpec, Table

LABELS = [
    "一、甲类事项的数量",
    "二、乙类事项的数量",
    "1.丙类事项",
    "2.丁类事项需要很长很长很长很长的名称才能说清楚的情形",
    "3.戊类事项",
    "4.己类事项",
    "5.庚类事项",
    "6.辛类事项",
]
HEADS = ["自然人", "商业企业", "科研机构", "公益组织", "法律机构", "其他", "总计"]


def figures_of(row: int, factor: int = 1) -> list[str]:
    """Seven figures that no two rows share."""
    return [str((row * 7 + column + 1) * factor) for column in range(7)]


def seven_columns(rows: int = 8, factor: int = 1, blank: str = "", heads: bool = True) -> Table:
    """A table of labels and seven figures; every third figure is ``blank`` if that is not empty."""
    lines: list[RowSpec] = []
    if heads:
        lines.append((CellSpec("项目", role="head"), *(CellSpec(head, role="head") for head in HEADS)))
    for row in range(rows):
        texts = figures_of(row, factor)
        if blank:
            texts = [("" if blank == "empty" else blank) if at % 3 == 1 else t for at, t in enumerate(texts)]
        label = LABELS[row % len(LABELS)]
        lines.append((CellSpec(label, role="label"), *map(CellSpec, texts)))
    return Table(tuple(lines), (16, 5, 5, 5, 5, 5, 5, 5))


def expected(rows: int = 8, factor: int = 1, blank: str = "") -> list[list[str]]:
    """What the last seven cells of each row say."""
    mark = "" if blank == "empty" else blank
    return [
        [mark if blank and at % 3 == 1 else text for at, text in enumerate(figures_of(row, factor))]
        for row in range(rows)
    ]


def figures(reading: Reading) -> list[list[str]]:
    """The last seven cells of each row that has figures there, wrapped digits joined."""
    found = []
    for block in reading.blocks:
        if isinstance(block, Grid):
            for row in block.rows:
                texts = [cell.text.replace("\n", "") for cell in row.cells[-7:]]
                if (
                    len(texts) == 7
                    and any(t.isdigit() for t in texts)
                    and not any(t.isalpha() for t in texts)
                ):
                    found.append(texts)
    return found


def damaged(reading: Reading) -> list[str]:
    """Why cells are distrusted."""
    grids = [block for block in reading.blocks if isinstance(block, Grid)]
    return [cell.damage for grid in grids for row in grid.rows for cell in row.cells if cell.damage]


def prose(reading: Reading) -> str:
    """The text of all paragraphs."""
    return "".join(block.text for block in reading.blocks if isinstance(block, Paragraph))
