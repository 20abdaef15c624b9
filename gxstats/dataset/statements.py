"""Figures said in prose or elsewhere, outside the tables of a report: ``statements.csv``, read strictly."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from gxstats.dataset.frames import frame
from gxstats.dataset.tables import table
from gxstats.errors import SchemaError
from gxstats.paths import data_path

_MEASURES = Path(__file__).with_name("statement_measures.csv")
_COLUMNS = [
    "body",
    "division",
    "scope",
    "year",
    "measure",
    "relation",
    "value",
    "unit",
    "url",
    "place",
    "note",
]


class StatementMeasure(NamedTuple):
    """What a statement counts: ``kind`` is ``count`` or ``money``."""

    measure: str
    kind: str
    zh: str
    en: str


@cache
def statement_measures() -> dict[str, StatementMeasure]:
    """What statements count, by code.

    Example:
        >>> statement_measures()["received_and_handled"].zh
        '收到和处理（一个数兼指二者）'
    """
    with _MEASURES.open(encoding="utf-8", newline="") as file:
        return {row["measure"]: StatementMeasure(**row) for row in csv.DictReader(file)}


def load_statements(path: Path | None = None) -> pd.DataFrame:
    """Figures that publishers and others state outside tables, with the address or a note that there is none.

    Args:
        path: a CSV with the columns of ``data/published/statements.csv``, which is read by default.

    Returns:
        The table ``statements``. ``measure`` holds codes of ``statement_measures.csv``; one count that
        covers several is written with ``+`` and is never split.

    Raises:
        SchemaError: a column is missing or a cell is not what it must be; names file and line.

    Example:
        >>> statements = load_statements()
        >>> statements[statements.relation == ">="][["body", "year", "value"]].values.tolist()
        [['北京市', 2020, 38000]]
    """
    path = path or data_path("published", "statements.csv")
    columns: dict[str, list[Any]] = {name: [] for name in (*_COLUMNS, "amount")}
    seen: set[tuple[str, ...]] = set()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise SchemaError("the columns must be " + ", ".join(_COLUMNS), where=f"{path}:1")
        for row in reader:
            record = _record(row, f"{path}:{reader.line_num}")
            key = tuple(row[name] for name in ("body", "division", "year", "measure", "url"))
            if key in seen:
                raise SchemaError(
                    f"{row['body']} {row['year']} {row['measure']} occurs twice",
                    where=f"{path}:{reader.line_num}",
                )
            seen.add(key)
            for name, values in columns.items():
                values.append(record.get(name))
    return frame("statements", columns)


def _record(row: dict[str, str], where: str) -> dict[str, Any]:
    if None in row or None in row.values():
        raise SchemaError("there are more or fewer cells than columns", where=where)
    allowed = {column.column: column.values for column in table("statements").columns if column.values}
    for name in ("body", "year", "measure", "relation", "value", "place"):
        if not row[name]:
            raise SchemaError(f"{name} is empty", where=where)
    for name, values in allowed.items():
        if row.get(name) and row[name] not in values:
            raise SchemaError(f"{name}: {row[name]!r} is none of {', '.join(values)}", where=where)
    kinds = {statement_measures()[code].kind for code in _codes(row["measure"], where)}
    if not row["url"] and "address" not in row["note"]:
        raise SchemaError("a statement without an address must say so in its note", where=where)
    if row["url"] and not re.match(r"https?://", row["url"]):
        raise SchemaError(f"{row['url']!r} is no address", where=where)
    number = row["value"]
    fits = re.fullmatch(r"\d+(\.\d{1,6})?" if kinds == {"money"} else r"\d+", number) and re.fullmatch(
        r"\d{4}", row["year"]
    )
    if not fits or (kinds == {"money"}) != bool(row["unit"]):
        raise SchemaError("a year, a count, or an amount with its unit is needed", where=where)
    figure = {"amount": Decimal(number), "value": None} if row["unit"] else {"value": int(number)}
    return {name: text or None for name, text in row.items()} | {"year": int(row["year"])} | figure


def _codes(measure: str, where: str) -> list[str]:
    codes = measure.split("+")
    for code in codes:
        if code not in statement_measures():
            raise SchemaError(f"no statement counts {code!r}", hint=f"see {_MEASURES.name}", where=where)
    return codes
