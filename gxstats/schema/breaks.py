"""Years in which figures change their meaning: ``breaks.csv``, to be drawn on every time axis."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gxstats.errors import SchemaError
from gxstats.schema.forms import section_names

_FILE = Path(__file__).with_name("breaks.csv")
_COLUMNS = ["year", "sections", "zh", "en"]


class Break(NamedTuple):
    """From the reports for ``year`` on, figures of ``sections`` (of all, if empty) mean something else."""

    year: int
    sections: tuple[str, ...]
    zh: str
    en: str


@cache
def series_breaks(section: str | None = None) -> tuple[Break, ...]:
    """The breaks of a section's series, or all of them.

    Args:
        section: a section of the form; by default every break is given.

    Raises:
        SchemaError: the table is faulty; names file and line.

    Example:
        >>> [b.year for b in series_breaks("applications")], [b.year for b in series_breaks("disputes")]
        ([2014, 2019, 2021], [2014, 2019, 2021, 2024])
    """
    return tuple(b for b in load_breaks(_FILE) if section is None or not b.sections or section in b.sections)


def load_breaks(path: Path) -> tuple[Break, ...]:
    """Read a table of breaks.

    Raises:
        SchemaError: a column or reason is missing, a year is no year or out of order, or a section does
            not exist; ``where`` is ``file:line``.
    """
    found: list[Break] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise SchemaError("the columns must be " + ", ".join(_COLUMNS), where=f"{path}:1")
        for row in reader:
            where = f"{path}:{reader.line_num}"
            sections = tuple((row["sections"] or "").split())
            if not row["zh"] or not row["en"]:
                raise SchemaError("a reason in zh and en is needed", where=where)
            if not (row["year"] or "").isdecimal() or (found and int(row["year"]) <= found[-1].year):
                raise SchemaError("years must be numbers in rising order", where=where)
            if unknown := set(sections) - set(section_names()):
                raise SchemaError(f"no section is called {min(unknown)!r}", where=where)
            found.append(Break(int(row["year"]), sections, row["zh"], row["en"]))
    return tuple(found)
